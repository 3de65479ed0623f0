from tests.notice.checking.drafts import codes, places


def test_every_unseen_character_is_said():
    assert places("甲\u200b\ufeff乙\u2028丙") == [("T03", 9, 2), ("T03", 9, 3), ("T03", 9, 5)]


def test_a_line_says_its_tabs_once():
    assert places("甲\t乙\t\n丙\t丁") == [("T04", 9, 2), ("T04", 10, 2)]


def test_spaces_of_every_width_are_found_at_the_end_and_on_empty_lines():
    assert places("甲　 \n \n乙") == [("T05", 9, 2), ("T05", 10, 1)]


def test_wide_spaces_at_the_beginning_and_rare_characters_are_sound():
    assert codes("　　甲乙\U00020000🙂é") == []
