"""``flask migrate``."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import inspect

from portal import create_app
from portal.services import Services
from portal.store.base import Base
from portal.store.engine import Store, make_engine


def test_an_empty_database_gets_every_table(services: Services, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/empty.db")
    app = create_app(services.settings, replace(services, store=Store(engine)))
    for _ in range(2):
        assert app.test_cli_runner().invoke(args=["migrate"]).exit_code == 0
    assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()
