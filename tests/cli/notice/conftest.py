"""A folder of notices of one's own, and the commands on it."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from portal.cli import notice
from portal.settings import Settings
from tests.fakes import FakeClock
from tests.notice.notices import DIRECTORY


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DIRECTORY, tmp_path / "notices"))


@pytest.fixture
def runner(directory: Path) -> FlaskCliRunner:
    app = Flask("portal")
    links = {"智联招聘用户服务协议": "/terms"}
    notice.register(app, Settings(notices=directory, notice_links=links), FakeClock())
    return app.test_cli_runner()
