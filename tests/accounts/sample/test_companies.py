from portal.accounts.sample.companies import OPENINGS, POSTS
from portal.accounts.system import TeamRole


def test_every_company_has_one_super_admin() -> None:
    admins = [post.company for post in POSTS if post.role is TeamRole.SUPER_ADMIN]
    assert sorted(admins) == sorted({post.company for post in POSTS})


def test_shared_jobs_are_shared_within_the_company() -> None:
    places = {(post.key, post.company) for post in POSTS}
    shared = [opening.post for opening in OPENINGS if opening.shared]
    assert shared
    assert all((post.partner, post.company) in places for post in shared)
