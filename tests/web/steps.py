"""Where a person with several identities can be on the way, and how they come there."""

from portal.closure.journey import Stage
from tests.people import Walk

PAGES = {
    Stage.NOTICE: "/close/notice",
    Stage.VERIFY: "/close/phone",
    Stage.SIDE: "/close/side",
    Stage.CONDITIONS: "/close/conditions",
    Stage.CONSEQUENCES: "/close/consequences",
    Stage.CONFIRM: "/close/confirm",
}


def come_to(walk: Walk, stage: Stage, side: str | None = None) -> None:
    """Walk from the notice up to this step; closes the seeker side unless told otherwise."""
    steps = (
        walk.reads_and_agrees,
        lambda: prove(walk),
        lambda: walk.chooses(side or walk.person.seeker_id),
        walk.confirms_conditions,
        walk.accepts_consequences,
    )
    walk.browser.open(f"{walk.language}/close/notice")
    for step in steps[: stage - 1]:
        step()
    assert walk.browser.path == walk.language + PAGES[stage]


def prove(walk: Walk) -> None:
    """On a page that asks for the phone: give it, then the code."""
    walk.types_phone()
    walk.types_code()
