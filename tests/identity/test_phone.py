import pytest

from portal.identity.phone import PhoneError, PhoneProblem, mask, parse


@pytest.mark.parametrize(
    "text",
    [
        "19900000001",
        "199-0000-0001",
        "199 0000 0001",
        "１９９０００００００１",
        "+8619900000001",
        "+86 199 0000 0001",
        "＋８６　１９９－００００－０００１",
        "008619900000001",
        "8619900000001",
        "(+86)19900000001",
    ],
)
def test_a_mobile_number_is_read_however_it_is_written(text: str) -> None:
    assert parse(text) == "+8619900000001"


@pytest.mark.parametrize("prefix", ["130", "139", "150", "166", "170", "180", "192", "199"])
def test_every_kind_of_mobile_number_is_accepted(prefix: str) -> None:
    assert parse(f"{prefix}12345678") == f"+86{prefix}12345678"


@pytest.mark.parametrize("text", ["", "  ", "\u3000", "-"])
def test_nothing_typed_is_told_apart(text: str) -> None:
    with pytest.raises(PhoneError) as error:
        parse(text)
    assert error.value.problem is PhoneProblem.EMPTY


@pytest.mark.parametrize(
    "text",
    [
        "1990000000",
        "199000000011",
        "12900000000",
        "010-12345678",
        "400-885-9898",
        "10086",
        "95188",
        "16886812345",
        "1990000TAXI",
        "19900000001 ext 5",
        "19900000001;ext=5",
        "tel:+8619900000001",
        "+85291234567",
        "+886912345678",
        "+12025550123",
        "+1 1990000001",
        "17911008619900000001",
        "019900000001",
        "٠١٩٩٠٠٠٠٠٠٠١",
        "19900000001,19900000002",
        "1990000000１\x001",
        "手机",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PhoneError) as error:
        parse(text)
    assert error.value.problem is PhoneProblem.NOT_MOBILE


def test_the_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(PhoneError) as error:
        parse("129 1234 5678")
    assert str(error.value) == "not_mobile"


def test_the_mask_shows_the_first_three_and_the_last_four() -> None:
    assert mask("+8619900000001") == "199****0001"
