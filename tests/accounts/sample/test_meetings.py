from tests.accounts.world import World


def test_nobody_meets_oneself(world: World) -> None:
    tables = world.dump()
    owner = {row["id"]: row["account_id"] for row in tables["identity"].values()}
    pairs = [(row["seeker_id"], row["recruiter_id"]) for row in tables["application"].values()]
    assert pairs
    assert all(owner[seeker] != owner[recruiter] for seeker, recruiter in pairs)
