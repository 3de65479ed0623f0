import pytest

from portal.notice.comparing.likeness import alike, likeness, shingles


@pytest.mark.parametrize(
    ("old", "new", "share"),
    [
        ("账号注销", "账号注销", 1),
        ("甲", "甲", 1),
        ("甲", "乙", 0),
        ("账号注销", "开票信息", 0),
        ("账号注销", "账号恢复", 1 / 3),
    ],
)
def test_likeness_is_the_share_of_common_pairs_of_characters(old, new, share):
    assert likeness(shingles(old), shingles(new)) == pytest.approx(share)


def test_alike_finds_every_pair_that_is_like_enough():
    old = {1: shingles("账号注销"), 2: shingles("开票信息")}
    new = {7: shingles("账号恢复"), 8: shingles("开票信息"), 9: shingles("甲")}
    assert sorted(alike(old, new, 0.3)) == [(pytest.approx(1 / 3), 1, 7), (1, 2, 8)]
    assert list(alike(old, new, 0.5)) == [(1, 2, 8)]
