"""Publishing a version: from then on its bytes are bound, and people may agree to it."""

import os
from datetime import datetime
from pathlib import Path

from portal.clock import SHANGHAI
from portal.notice.reading import NoticeError, read
from portal.notice.register import Register


def publish(directory: Path, version: str, now: datetime) -> Register:
    """Write the version, the SHA-256 of its file's bytes and the instant into the register.

    Answers the register as it then is. The register is replaced in one move, so that a reader
    finds it without the version or with it. Raises NoticeError where the file is missing, can't
    be read, bears another version, or is published already.
    """
    register = Register.load(directory)
    if any(one.version == version for one in register.all):
        raise NoticeError(f"{version} 已经公布，公布后不能再改动；如需修改，请另起一个版本")
    file = directory / f"{version}.md"
    if not file.is_file():
        raise NoticeError(f"缺少文件 {file.name}")
    notice = read(file.read_bytes())
    if notice.version != version:
        raise NoticeError(f"{file.name} 中写的版本是 {notice.version}")
    _add(directory / "published.toml", _entry(version, notice.source_sha256, now))
    return Register.load(directory)


def _entry(version: str, sha256: str, now: datetime) -> str:
    instant = now.astimezone(SHANGHAI).replace(microsecond=0).isoformat()
    return f'\n["{version}"]\nsha256 = "{sha256}"\npublished = {instant}\n'


def _add(register: Path, entry: str) -> None:
    new = register.with_suffix(".new")
    new.write_text(register.read_text("utf-8").rstrip("\n") + "\n" + entry, "utf-8")
    os.replace(new, register)
