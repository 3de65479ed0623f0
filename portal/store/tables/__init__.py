"""The portal's own tables.

What a closed closure keeps is its reference, times, version, counts and digests; everything that
names a person is sealed, and goes when the closure closes or the row's own term ends.
"""

from portal.store.base import Base
from portal.store.tables.closure import Brake, Closure, ErasureStep, Farewell, PrivateLink
from portal.store.tables.download import Download, DownloadChunk
from portal.store.tables.handover import HandoverOffer, HandoverTold
from portal.store.tables.help import HelpCase, HelpMessage, HelpPass
from portal.store.tables.identity import Challenge, LimitBucket, LimitHit, SignIn, StopLink
from portal.store.tables.journey import Journey
from portal.store.tables.ledger import Anchor, DataKey, Event, Receipt
from portal.store.tables.staff import Proposal, RecoveryCode, Staff, StaffSignIn, Waiver
from portal.store.tables.work import Alert, Message, Task

__all__ = [
    "Alert",
    "Anchor",
    "Base",
    "Brake",
    "Challenge",
    "Closure",
    "DataKey",
    "Download",
    "DownloadChunk",
    "ErasureStep",
    "Event",
    "Farewell",
    "HandoverOffer",
    "HandoverTold",
    "HelpCase",
    "HelpMessage",
    "HelpPass",
    "Journey",
    "LimitBucket",
    "LimitHit",
    "Message",
    "PrivateLink",
    "Proposal",
    "Receipt",
    "RecoveryCode",
    "SignIn",
    "Staff",
    "StaffSignIn",
    "StopLink",
    "Task",
    "Waiver",
]
