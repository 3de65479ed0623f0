"""The one place that knows concrete classes."""

from portal.accounts.sample import DATAMAP
from portal.accounts.sample.people import settle
from portal.accounts.sql.adapter import SqlAccountSystem
from portal.accounts.sql.datamap import DataMap
from portal.clock import Clock, system_clock
from portal.evidence.witness import Witness
from portal.jobs.queue import RedisBell, connect
from portal.messages.gateways.development import DevelopmentGateway
from portal.messages.texts import Texts
from portal.notice.register import Register
from portal.services import Services
from portal.settings import ROOT, Settings, SettingsError
from portal.store.engine import Store, make_engine
from portal.store.vault import Vault


def build(settings: Settings, clock: Clock = system_clock) -> Services:
    """Everything the flows need, made from settings alone.

    Raises SettingsError in production, which needs adapters of the real account system and SMS
    gateway: the sample people and a file of codes have no place there (ASVS 13.4.2).
    """
    if settings.production:
        raise SettingsError("in production a real SMS gateway and account system must be wired")
    vault = Vault(settings.master_key)
    accounts = make_engine(settings.accounts_url)
    settle(accounts, settings.accounts_files, clock())
    return Services(
        settings=settings,
        clock=clock,
        store=Store(make_engine(settings.database_url)),
        vault=vault,
        witness=Witness(settings.witness),
        notices=Register.load(settings.notices, settings.notice_links),
        accounts=SqlAccountSystem(
            accounts, DataMap.load(DATAMAP), settings.accounts_files, clock, vault, settings.bite
        ),
        gateway=DevelopmentGateway(settings.sms_outbox, clock),
        texts=Texts(ROOT / "templates" / "sms", settings.host, settings.hotline),
        bell=RedisBell(connect(settings.redis_url)),
    )
