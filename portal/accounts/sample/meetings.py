"""Rows of two people: what a seeker and the recruiters of open jobs have with each other."""

from datetime import datetime, timedelta

from portal.accounts.sample.companies import OPENINGS, Opening
from portal.accounts.sample.lives import Life, resume_text
from portal.accounts.sample.schema import contact, desk, seeking
from portal.accounts.sample.sheet import opaque


def meet(life: Life) -> None:
    """A seeker's applications, chats, views, favourites, interviews and one settled complaint."""
    jobs = [one for one in OPENINGS if one.post.person != life.person]
    for n, at in life.often(24):
        opening = jobs[n % len(jobs)]
        _apply(life, opening, at)
        _chat(life, opening, at, n)
        if n % 2:
            _look(life, opening, at)
        if n % 4 == 0:
            _mark(life, opening, at)
        if n % 6 == 0:
            _interview(life, opening, at)
    _complain(life, jobs[-1])


def _apply(life: Life, opening: Opening, at: datetime) -> None:
    life.sheet.add(
        seeking.application,
        seeker_id=life.person.seeker_id,
        recruiter_id=opening.post.id,
        job_id=opening.id,
        company_id=opening.post.company,
        resume_copy=resume_text(life.person),
        cover_letter=f"我是{life.person.name}，希望应聘{opening.title}。",
        recruiter_note=f"{opening.post.person.name}：可以约谈。",
        status="viewed",
        applied_at=at,
    )


def _chat(life: Life, opening: Opening, at: datetime, n: int) -> None:
    seeker, recruiter = life.person, opening.post.person
    said = (
        (seeker.seeker_id, opening.post.id, f"您好，我是{seeker.name}，请问还招人吗？（{n + 1}）"),
        (opening.post.id, seeker.seeker_id, f"我是{recruiter.name}，还在招，请投简历。（{n + 1}）"),
    )
    for turn, (sender, receiver, text) in enumerate(said):
        sent_at = at + timedelta(minutes=turn)
        life.sheet.add(
            contact.chat_message,
            sender_id=sender,
            receiver_id=receiver,
            job_id=opening.id,
            text=text,
            sent_at=sent_at,
            read_at=sent_at,
        )


def _look(life: Life, opening: Opening, at: datetime) -> None:
    both = (life.person.seeker_id, opening.post.id)
    for viewer, viewed in (both, both[::-1]):
        life.sheet.add(contact.profile_view, viewer_id=viewer, viewed_id=viewed, viewed_at=at)


def _mark(life: Life, opening: Opening, at: datetime) -> None:
    life.sheet.add(
        seeking.favourite, identity_id=life.person.seeker_id, job_id=opening.id, marked_at=at
    )
    life.sheet.add(
        seeking.favourite,
        identity_id=opening.post.id,
        candidate_id=life.person.seeker_id,
        remark="经验合适",
        marked_at=at,
    )


def _interview(life: Life, opening: Opening, at: datetime) -> None:
    seeker, recruiter = life.person, opening.post.person
    life.sheet.add(
        contact.interview,
        seeker_id=seeker.seeker_id,
        recruiter_id=opening.post.id,
        job_id=opening.id,
        invitation=f"{recruiter.name}邀请您面试{opening.title}。",
        reply=f"{seeker.name}准时到。",
        candidate_name=seeker.name,
        candidate_phone=seeker.phone,
        contact_name=recruiter.name,
        contact_phone=recruiter.phone,
        place="公司前台",
        status="done",
        starts_at=at,
    )


def _complain(life: Life, opening: Opening) -> None:
    life.sheet.add(
        desk.complaint,
        number=f"TS{opaque('settled', life.person.key)[:12]}",
        complainant_id=life.person.seeker_id,
        respondent_id=opening.post.id,
        subject="职位信息不实",
        statement=f"{life.person.name}：工作地点与描述不符。",
        answer=f"{opening.post.person.name}：已更正。",
        opened_at=life.ago(200),
        settled_at=life.ago(190),
    )
