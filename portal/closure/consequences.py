"""What closing takes along and what it leaves, where the notice's words need a rule (二.3)."""

from portal.accounts.system import Account, Identity, Job, Role, Scope
from portal.closure.scope import identities_in
from portal.settings import Settings


def linked_recruiters(account: Account, scope: Scope) -> tuple[Identity, ...]:
    """The recruiter identities that close because the seeker side does (二.3.1)."""
    closing = identities_in(account, scope)
    if not any(one.role is Role.SEEKER for one in closing):
        return ()
    return tuple(one for one in closing if one.role is Role.RECRUITER)


def going_offline(settings: Settings, jobs: tuple[Job, ...]) -> tuple[Job, ...]:
    """「未协作或其它账号协作的职位将自动下线」 (二.3.2), read as the setting says."""
    if settings.shared_jobs_too:
        return jobs
    return tuple(job for job in jobs if not job.collaborators)
