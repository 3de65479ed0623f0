from portal.notice.comparing.changes import changed_clause_ids
from portal.notice.comparing.comparison import compare
from tests.notice.comparing.versions import edited, of_samples
from tests.notice.notices import sample


def test_the_changed_clauses_of_the_samples():
    assert changed_clause_ids(of_samples()) == {"c-2-3-1", "c-2-4", "c-3-3", "c-3-7", "c-4"}


def test_they_are_clauses_of_the_new_version():
    new = {clause.id for clause in sample("2026V1").clauses}
    assert changed_clause_ids(of_samples()) <= new


def test_a_deleted_clause_and_a_new_number_are_nothing_to_read_again():
    comparison = edited(("1.本须知自公布之日起施行。\n\n2.争议", "1.争议"))
    assert changed_clause_ids(comparison) == set()


def test_a_moved_clause_is():
    moved = "1.甲方应当保护个人信息。\n\n"
    comparison = edited((moved, ""), ("二、附则\n\n", f"二、附则\n\n{moved}"))
    assert changed_clause_ids(comparison) == {"c-2-1"}


def test_nothing_changed_from_a_version_to_itself():
    assert changed_clause_ids(compare(sample("2025V1"), sample("2025V1"))) == set()
