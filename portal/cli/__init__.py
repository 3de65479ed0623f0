"""``flask …``: the commands of operators, legal and developers."""

from flask import Flask

from portal.cli import closure, dev, migrate, process


def register(app: Flask) -> None:
    app.cli.add_command(closure.commands)
    app.cli.add_command(dev.dev)
    app.cli.add_command(process.worker)
    app.cli.add_command(process.dispatcher)
    app.cli.add_command(migrate.migrate)
