from collections import Counter

import pytest

from portal.identity.codes import CodeFormError, CodeProblem, draw, mac, read
from portal.store.vault import Vault

DRAWS = 100_000


def test_codes_are_six_digits_each_as_likely_as_the_others() -> None:
    """ASVS 6.5.3, 6.5.4: chi-square for every place; a fair draw passes 60 once in 10^9."""
    codes = [draw() for _ in range(DRAWS)]
    assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in codes)
    expected = DRAWS / 10
    for place in range(6):
        seen = Counter(code[place] for code in codes)
        assert sum((seen[digit] - expected) ** 2 / expected for digit in "0123456789") < 60


@pytest.mark.parametrize("text", ["012345", "０１２３４５", " 012 345", "012-345", "【012345】"])
def test_a_code_is_read_however_it_is_pasted(text: str) -> None:
    assert read(text) == "012345"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", CodeProblem.EMPTY),
        (" - ", CodeProblem.EMPTY),
        ("12345", CodeProblem.LENGTH),
        ("1234567", CodeProblem.LENGTH),
        ("12345a", CodeProblem.NOT_DIGITS),
        ("１２３４５六", CodeProblem.NOT_DIGITS),
        ("١٢٣٤٥٦", CodeProblem.NOT_DIGITS),
    ],
)
def test_what_can_not_be_a_code_says_why(text: str, problem: CodeProblem) -> None:
    with pytest.raises(CodeFormError) as error:
        read(text)
    assert error.value.problem is problem


def test_what_is_kept_of_a_code_fits_one_challenge_and_one_key(vault: Vault) -> None:
    kept = mac(vault, "a", "123456")
    others = {
        mac(vault, "b", "123456"),
        mac(vault, "a", "123457"),
        mac(Vault(bytes(32)), "a", "123456"),
    }
    assert len(others | {kept}) == 4
    assert "123456" not in kept
