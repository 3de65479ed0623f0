"""What the steps show of facts and holdings, put in the order of the pages."""

from collections.abc import Iterator

from portal.accounts.system import Asset, Holdings, Identity, IdentityHoldings, Job, Role
from portal.closure.consequences import going_offline
from portal.closure.journey import Facts
from portal.closure.scope import identities_in
from portal.services import Services
from portal.web import words


def recruiters(
    services: Services, holdings: Holdings
) -> Iterator[tuple[IdentityHoldings, tuple[Job, ...], tuple[Job, ...]]]:
    """Each recruiter identity with the jobs that go offline and those that stay."""
    for one in holdings.identities:
        if one.identity.role is Role.RECRUITER:
            offline = going_offline(services.settings, one.jobs)
            yield one, offline, tuple(job for job in one.jobs if job not in offline)


def side(facts: Facts) -> str:
    closing = identities_in(facts.account, facts.scope)
    return words.side_label(closing, whole=facts.scope.whole)


def assets_by_identity(facts: Facts) -> list[tuple[Identity, list[Asset]]]:
    groups = [
        (one, [asset for asset in facts.assets if asset.identity_id == one.id])
        for one in identities_in(facts.account, facts.scope)
    ]
    return [(identity, assets) for identity, assets in groups if assets]
