import pytest

from portal.identity.typed import tidy


@pytest.mark.parametrize(
    "text",
    [
        "123456",
        "１２３４５６",
        " 123 456 ",
        "123-456",
        "123－456",
        "123—456",
        "【123456】",
        "\u200b123\u00a0456\r\n",
    ],
)
def test_grouping_and_width_do_not_matter(text: str) -> None:
    assert tidy(text) == "123456"


def test_what_is_not_grouping_stays() -> None:
    assert tidy("12e4.5") == "12e4.5"
