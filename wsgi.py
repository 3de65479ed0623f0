"""The entry point: ``gunicorn wsgi:app``, ``flask --app wsgi …``."""

import os

from portal import create_app
from portal.settings import Settings

app = create_app(Settings.from_env(os.environ))
