from portal.accounts.sample.sheet import opaque


def test_an_opaque_id_comes_out_the_same_and_says_nothing() -> None:
    assert opaque("account", "busy") == opaque("account", "busy") != opaque("account", "debt")
    assert "busy" not in opaque("account", "busy")
