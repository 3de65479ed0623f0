"""The baseline of the notice page: a Flask application with one view that returns its bytes."""

import os
from pathlib import Path

from flask import Flask

app = Flask(__name__)
body = Path(os.environ["BENCH_BODY"]).read_bytes()


@app.get("/notice")
def notice() -> bytes:
    return body
