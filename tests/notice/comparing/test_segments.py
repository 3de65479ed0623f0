from portal.notice.comparing.paragraphs import paragraphs_of
from portal.notice.comparing.segments import Mark, Segment, segments
from tests.notice.comparing.versions import marked
from tests.notice.notices import notice_with


def paragraph(text):
    return paragraphs_of(notice_with(text))[-1]


def between(old, new):
    return marked(segments(paragraph(old), paragraph(new)))


def test_words_that_became_bold_and_that_no_longer_are():
    assert between("甲**乙**丙丁", "甲乙丙**丁**") == "甲[/乙/]丙[*丁*]"


def test_bold_changes_stand_beside_changes_of_words():
    assert between("账号注销的后果", "账号注销的**严重后果**") == "账号注销的{+严重+}[*后果*]"


def test_a_number_is_replaced_as_a_whole():
    assert between("（二）甲方", "（十二）甲方") == "[-（二）-]{+（十二）+}甲方"


def test_a_new_number_is_no_change_of_words():
    assert between("1.甲方一起", "2.甲方一起") == "[-1.-]{+2.+}甲方一起"


def test_a_paragraph_in_one_version_came_or_went_as_a_whole():
    assert segments(None, paragraph("1.甲")) == (Segment(Mark.INSERT, "1.甲", False),)
    assert segments(paragraph("1.甲"), None) == (Segment(Mark.DELETE, "1.甲", False),)


def test_every_segment_knows_whether_it_is_bold():
    found = segments(paragraph("**账号**注销、恢复"), paragraph("**账号**注销、**冻结**、恢复"))
    assert [(segment.text, segment.bold) for segment in found] == [
        ("账号", True),
        ("注销、", False),
        ("冻结", True),
        ("、", False),
        ("恢复", False),
    ]
