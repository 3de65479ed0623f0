"""The sample people: fixed names and numbers, for the demo and for every test."""

from dataclasses import dataclass

from portal.accounts.sample.sheet import opaque


@dataclass(frozen=True)
class Person:
    """``shows`` says in one line what one can see with this person."""

    key: str
    name: str
    phone: str
    shows: str

    @property
    def id(self) -> str:
        """The account's id."""
        return opaque("account", self.key)

    @property
    def mail(self) -> str:
        return f"{self.key}@example.com"

    @property
    def seeker_id(self) -> str:
        """The seeker identity's id, whether or not there is one."""
        return opaque("seeker", self.key)

    def recruiter_id(self, company: int) -> str:
        """The id of the recruiter identity in this company."""
        return opaque("recruiter", self.key, company)


_PEOPLE = (
    ("clean_seeker", "林晓禾", "求职者，没有任何阻碍"),
    ("coins", "周子墨", "求职者，还有智联币和 VIP 天数"),
    ("debt", "许一凡", "求职者，有一笔欠款"),
    ("unpaid_order", "沈嘉言", "求职者，有已提供服务但未支付的订单"),
    ("abandoned_order", "陆思远", "求职者，有一张未支付即放弃的订单（可以注销）"),
    ("complainant", "江若宁", "求职者，投诉他人尚未处理完毕"),
    ("respondent", "韩亦辰", "求职者，被他人投诉尚未处理完毕"),
    ("dispute_frozen", "苏明朗", "求职者，因争议被冻结"),
    ("penalty_frozen", "程以安", "求职者，因违规处罚被冻结"),
    ("recent_sign_in", "顾知夏", "求职者，20 天前有异常登录"),
    ("old_sign_in", "白景行", "求职者，100 天前有异常登录（可以注销）"),
    ("unofficial", "叶初晴", "求职者，账号并非经官方渠道注册"),
    ("many_identities", "方启明", "求职者，另有两家企业的招聘者身份"),
    ("recruiter", "唐予安", "招聘者，不是管理员，有独自的职位和共享的职位"),
    ("only_super_admin", "秦望舒", "招聘者，企业唯一的超级管理员"),
    ("company_admin", "罗清扬", "招聘者，企业管理员，可以接手"),
    ("bound_apps", "孟乐之", "求职者，绑定了第三方应用"),
    ("busy", "魏长风", "求职者，有 1,000 条记录"),
)
PEOPLE = tuple(
    Person(key, name, f"+861990000{number:04}", shows)
    for number, (key, name, shows) in enumerate(_PEOPLE, 1)
)
NOT_REGISTERED = "+8619900000019"
"""A number that nobody has registered."""

COLLEAGUES = (
    Person("colleague_1", "贺兰溪", "+8619900009001", "招聘者，其他人的同事"),
    Person("colleague_2", "石竹青", "+8619900009002", "招聘者，其他人的同事"),
)
"""Not for trying things out: the other side of chats, teams and complaints."""

SEEKERS = tuple(
    one for one in PEOPLE if one.key not in {"recruiter", "only_super_admin", "company_admin"}
)
