import pytest

from portal.notice.checking.decoding import decode


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("gb18030", "GB18030"),
        ("gbk", "GB18030"),
        ("utf-16", "UTF-16"),
    ],
)
def test_a_notice_is_read_and_its_encoding_named(encoding, name):
    assert decode("账号注销须知".encode(encoding)) == ("账号注销须知", name)


def test_what_makes_no_sense_as_gb18030_is_not_called_so():
    text, name = decode("账号".encode() + b"\xff")
    assert (text, name) == ("账号\N{REPLACEMENT CHARACTER}", "")


def test_half_a_character_of_utf_16_is_no_fault():
    assert decode(b"\xff\xfe\x00") == ("\N{REPLACEMENT CHARACTER}", "UTF-16")
