"""The sample companies, who recruits for them, and their jobs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from portal.accounts.sample.cast import COLLEAGUES, PEOPLE, Person
from portal.accounts.sample.schema.account import ACTIVE, identity
from portal.accounts.sample.schema.company import (
    ONLINE,
    company,
    job,
    job_collaborator,
    membership,
)
from portal.accounts.sample.sheet import Sheet
from portal.accounts.system import Role, TeamRole

QINGCHUAN, YUNFAN, YUANSHAN = 1001, 1002, 1003
_COMPANIES = (
    (QINGCHUAN, "北京晴川科技有限公司", "91110105MA00QC0001", "北京"),
    (YUNFAN, "上海云帆教育咨询有限公司", "91310115MA00YF0002", "上海"),
    (YUANSHAN, "深圳远山物流有限公司", "91440300MA00YS0003", "深圳"),
)


@dataclass(frozen=True)
class Post:
    """One person's place in one company."""

    key: str
    company: int
    role: TeamRole
    title: str
    alone: tuple[str, ...]
    """Titles of the jobs that nobody else works on."""
    shared: tuple[str, ...] = ()
    """Titles of the jobs shared with ``partner``."""
    partner: str = ""

    @property
    def person(self) -> Person:
        return _BY_KEY[self.key]

    @property
    def id(self) -> str:
        """The recruiter identity's id."""
        return self.person.recruiter_id(self.company)


_BY_KEY = {one.key: one for one in (*PEOPLE, *COLLEAGUES)}

POSTS = (
    Post(
        "only_super_admin",
        QINGCHUAN,
        TeamRole.SUPER_ADMIN,
        "人力资源总监",
        ("算法工程师", "数据分析师"),
        ("产品经理",),
        "company_admin",
    ),
    Post("company_admin", QINGCHUAN, TeamRole.ADMIN, "招聘经理", ("前端工程师",)),
    Post(
        "recruiter",
        QINGCHUAN,
        TeamRole.MEMBER,
        "招聘专员",
        ("测试工程师", "客户经理"),
        ("后端工程师", "运维工程师"),
        "company_admin",
    ),
    Post(
        "many_identities",
        YUNFAN,
        TeamRole.MEMBER,
        "招聘顾问",
        ("课程顾问",),
        ("教研老师",),
        "colleague_1",
    ),
    Post("many_identities", YUANSHAN, TeamRole.ADMIN, "招聘主管", ("仓储主管",)),
    Post("colleague_1", YUNFAN, TeamRole.SUPER_ADMIN, "校长", ("班主任", "助教")),
    Post("colleague_2", YUANSHAN, TeamRole.SUPER_ADMIN, "总经理", ("调度员", "司机")),
)


@dataclass(frozen=True)
class Opening:
    """A job that is online, and who put it there."""

    id: int
    title: str
    post: Post
    shared: bool


# Above 1000: PostgreSQL counts the rows that are added later from 1.
_numbers = count(1001)
OPENINGS = tuple(
    Opening(next(_numbers), title, post, title in post.shared)
    for post in POSTS
    for title in (*post.alone, *post.shared)
)


def found(sheet: Sheet, now: datetime) -> None:
    """The companies, their teams and their jobs."""
    for number, name, licence, city in _COMPANIES:
        since = now - timedelta(days=2000)
        sheet.add(
            company, id=number, name=name, licence_number=licence, city=city, created_at=since
        )
    for post in POSTS:
        _join(sheet, post, now - timedelta(days=400))
    for opening in OPENINGS:
        _advertise(sheet, opening, now - timedelta(days=opening.id % 50 + 1))


def _join(sheet: Sheet, post: Post, at: datetime) -> None:
    sheet.add(
        identity,
        id=post.id,
        account_id=post.person.id,
        role=Role.RECRUITER,
        company_id=post.company,
        display_name=post.person.name,
        title=post.title,
        status=ACTIVE,
        findable=True,
        created_at=at,
    )
    sheet.add(
        membership, identity_id=post.id, company_id=post.company, role=post.role, joined_at=at
    )


def _advertise(sheet: Sheet, opening: Opening, at: datetime) -> None:
    post = opening.post
    sheet.add(
        job,
        id=opening.id,
        company_id=post.company,
        recruiter_id=post.id,
        title=opening.title,
        description=f"诚聘{opening.title}，五险一金，双休，欢迎投递。",
        contact_phone=post.person.phone,
        status=ONLINE,
        published_at=at,
    )
    if opening.shared:
        partner = _BY_KEY[post.partner].recruiter_id(post.company)
        sheet.add(job_collaborator, job_id=opening.id, identity_id=partner, since=at)
