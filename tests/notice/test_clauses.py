from tests.notice.notices import notice_with


def ids(body):
    return [clause.id for clause in notice_with(body).clauses]


def texts(body):
    return {clause.id: clause.text for clause in notice_with(body).clauses}


def test_clauses_nest_as_their_numbers_say():
    body = "一、甲\n\n（一）乙\n\n1.丙\n\n1) 丁\n\n（二）戊\n\n二、己"
    assert ids(body) == ["c-1", "c-1-1", "c-1-1-1", "c-1-1-1-1", "c-1-2", "c-2"]


def test_the_same_number_under_different_parents_does_not_collide():
    assert ids("一、甲\n\n1.乙\n\n二、丙\n\n1.丁") == ["c-1", "c-1-1", "c-2", "c-2-1"]


def test_a_number_printed_twice_in_one_place_keeps_ids_apart():
    assert ids("一、甲\n\n1.乙\n\n1.丙\n\n1) 丁") == ["c-1", "c-1-1", "c-1-1_2", "c-1-1_2-1"]


def test_a_number_before_the_first_section_does_not_collide_with_it():
    assert ids("甲\n\n1.乙\n\n一、丙") == ["p-1", "c-1", "c-1_2"]


def test_text_after_conditions_belongs_to_the_provision_that_lists_them():
    assert texts("一、甲\n\n2.乙\n\n- 1) 丙\n- 2) 丁\n\n戊")["c-1-2"] == "乙\n戊"


def test_text_indented_under_a_condition_belongs_to_the_condition():
    body = "一、甲\n\n- 1) 乙\n\n  丙\n\n  - 丁\n\n- 2) 戊"
    assert texts(body) == {"c-1": "甲", "c-1-1": "乙\n丙\n丁", "c-1-2": "戊"}


def test_numbered_lists_nest():
    assert ids("一、甲\n\n- 1. 乙\n  - 1) 丙\n  - 2) 丁\n- 2. 戊") == [
        "c-1", "c-1-1", "c-1-1-1", "c-1-1-2", "c-1-2",
    ]  # fmt: skip


def test_a_list_without_numbers_is_text_of_its_clause():
    assert texts("一、甲\n\n- 乙\n- 丙") == {"c-1": "甲\n乙\n丙"}


def test_an_item_without_number_among_numbered_ones_belongs_above_them():
    assert texts("- 甲\n- 1) 乙\n- 丙\n-") == {"p-1": "甲", "c-1": "乙", "p-2": "丙"}


def test_headings_with_and_without_number_are_sections():
    notice = notice_with("## 一、甲\n\n乙\n\n## 附则\n\n1.丙")
    assert [(s.number, s.text, s.id) for s in notice.sections] == [
        ("一", "甲", "c-1"),
        ("", "附则", "c-x"),
    ]
    assert notice.clauses[-1].path == ("", "1")


def test_a_clause_walks_through_its_blocks_in_order():
    clause = notice_with("一、甲\n\n1.乙\n\n1) 丙\n\n丁").clauses[1]
    assert [home.id for home, _ in clause.walk()] == ["c-1-1", "c-1-1-1", "c-1-1"]
