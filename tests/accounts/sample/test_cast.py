from tests.cast import COLLEAGUES, NOT_REGISTERED, PEOPLE


def test_numbers_follow_the_order_of_the_list() -> None:
    assert [person.phone for person in PEOPLE] == [
        f"+86199{number:08}" for number in range(1, len(PEOPLE) + 1)
    ]


def test_names_numbers_and_keys_are_of_one_person_each() -> None:
    everybody = (*PEOPLE, *COLLEAGUES)
    for field in ("key", "name", "phone", "id"):
        assert len({getattr(person, field) for person in everybody}) == len(everybody)


def test_the_unregistered_number_is_no_ones() -> None:
    assert NOT_REGISTERED not in {person.phone for person in (*PEOPLE, *COLLEAGUES)}
