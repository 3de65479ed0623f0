"""Notices to test with: the two of the sample register, and any body under a sound header."""

from pathlib import Path

from portal.notice.reading import Notice, read

DIRECTORY = Path(__file__).parent / "samples"
"""A whole register: 2025V1 as published, and 2026V1, in force from 2026-06-01."""

HEADER = "智联账号注销须知\n\n更新日期：20251222\n\n生效日期：20251229\n\n版本：2025V1\n\n"


def sample(version: str) -> Notice:
    return read((DIRECTORY / f"{version}.md").read_bytes())


def notice_with(body: str) -> Notice:
    return read((HEADER + body).encode())
