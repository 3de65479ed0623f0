from portal.notice.comparing.aligning import align, moved
from portal.notice.comparing.paragraphs import paragraphs_of
from tests.notice.notices import notice_with, sample


def aligned(old, new):
    """What became of what, by text; and the texts that moved."""
    before, after = paragraphs_of(notice_with(old)), paragraphs_of(notice_with(new))
    pairs = align(before, after)
    found = {before[here].text: after[there].text for here, there in pairs.items()}
    places = {after[place].text for place in moved(before, after, pairs)}
    head = {paragraph.text for paragraph in before[:4]}
    return {here: there for here, there in found.items() if here not in head}, places


def test_paragraphs_of_one_version_are_paired_with_themselves():
    paragraphs = paragraphs_of(sample("2025V1"))
    pairs = align(paragraphs, paragraphs)
    assert pairs == {paragraph.position: paragraph.position for paragraph in paragraphs}
    assert not moved(paragraphs, paragraphs, pairs)


def test_clauses_are_recognised_under_new_numbers():
    old, new = (
        "一、总则\n\n1.保护信息\n\n2.如实填写",
        "一、总则\n\n1.随时撤回\n\n2.保护信息\n\n3.如实填写",
    )
    pairs, places = aligned(old, new)
    assert pairs == {"一、总则": "一、总则", "1.保护信息": "2.保护信息", "2.如实填写": "3.如实填写"}
    assert not places


def test_alike_siblings_are_paired_best_first():
    pairs, _ = aligned(
        "1.保护您的个人信息\n\n2.保护您的账号", "1.严格保护您的账号\n\n2.保护好您的个人信息"
    )
    assert pairs == {
        "1.保护您的个人信息": "2.保护好您的个人信息",
        "2.保护您的账号": "1.严格保护您的账号",
    }


def test_equally_alike_siblings_are_paired_by_number():
    pairs, _ = aligned("1.应当如实填写\n\n2.应当如实填写", "2.应当如实填报\n\n1.应当如实填报")
    assert pairs == {"1.应当如实填写": "1.应当如实填报", "2.应当如实填写": "2.应当如实填报"}


def test_a_clause_that_left_its_section_has_moved_with_all_that_stands_under_it():
    clause = "1.请确认下列事项\n\n- 1) 没有欠款\n- 2) 没有争议"
    pairs, places = aligned(
        f"一、甲甲\n\n{clause}\n\n二、乙乙", f"一、甲甲\n\n二、乙乙\n\n{clause}"
    )
    assert pairs["1) 没有欠款"] == "1) 没有欠款"
    assert places == {"1.请确认下列事项"}


def test_of_an_order_changed_as_little_as_possible_has_moved():
    _, places = aligned("1.甲方\n\n2.乙方\n\n3.丙方", "1.丙方\n\n2.甲方\n\n3.乙方")
    assert places == {"1.丙方"}


def test_a_section_renamed_keeps_its_clauses():
    old, new = "一、其他事项\n\n1.由法院管辖", "一、附则\n\n1.由法院管辖"
    assert aligned(old, new) == (
        {"一、其他事项": "一、附则", "1.由法院管辖": "1.由法院管辖"},
        set(),
    )


def test_a_clause_written_anew_under_its_number_is_the_same_clause():
    pairs, places = aligned("一、甲甲\n\n1.由法院管辖", "一、甲甲\n\n1.可以申请仲裁")
    assert pairs["1.由法院管辖"] == "1.可以申请仲裁"
    assert not places


def test_a_paragraph_without_number_written_anew_is_another_one():
    pairs, _ = aligned("甲乙丙丁", "戊己庚辛")
    assert pairs == {}


def test_header_lines_are_paired_by_name_in_any_order():
    old = paragraphs_of(notice_with("甲"))
    new = paragraphs_of(sample("2026V1"))
    pairs = align(old, new)
    names = [(old[here].number, new[there].number) for here, there in pairs.items() if here < 4]
    assert sorted(names) == [(name, name) for name in ("", "更新日期", "版本", "生效日期")]
