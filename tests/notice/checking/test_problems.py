from portal.notice.checking.problems import CODES, WARNINGS, Problem, Severity


def test_a_problem_prints_as_place_code_what_and_how():
    problem = Problem("notices/2026V1.md", 3, 6, "H06", Severity.ERROR, "没有这一天", "核对")
    assert str(problem) == "notices/2026V1.md:3:6  H06  错误：没有这一天  核对"


def test_every_warning_is_a_code():
    assert set(CODES) > WARNINGS


def test_every_code_is_explained_in_one_line():
    assert all(text and "\n" not in text for text in CODES.values())
