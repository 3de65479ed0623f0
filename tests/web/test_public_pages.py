"""Pages that are answered from memory, before the application."""

from datetime import timedelta

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from portal.web.public_pages import PublicPages
from tests.fakes import FakeClock


class Counted:
    """An application that keeps each page it renders and counts how often it has to."""

    def __init__(self, clock: FakeClock, life: timedelta | None = None) -> None:
        self.rendered = 0
        self.app = Flask("counted")
        pages = PublicPages(self.app.wsgi_app, clock)
        self.app.wsgi_app = pages  # type: ignore[method-assign]

        @self.app.route("/page", methods=["GET", "POST"])
        def page() -> Response:
            self.rendered += 1
            response = Response(f"text {self.rendered}", headers={"X-Kept": "yes"})
            response.set_etag(f"tag {self.rendered}")
            pages.keep("/page", response, clock() + life if life else None)
            return response

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()


@pytest.fixture
def counted(clock: FakeClock) -> Counted:
    return Counted(clock)


def test_a_page_is_rendered_once(counted: Counted) -> None:
    answers = [counted.client.get("/page") for _ in range(3)]
    assert {(one.text, one.headers["X-Kept"]) for one in answers} == {("text 1", "yes")}
    assert counted.rendered == 1


def test_what_stands_behind_the_question_mark_is_the_same_page(counted: Counted) -> None:
    counted.client.get("/page")
    assert counted.client.get("/page?utm=1").text == "text 1"


def test_its_head_comes_without_its_body(counted: Counted) -> None:
    counted.client.get("/page")
    head = counted.client.head("/page")
    assert (head.data, head.headers["Content-Length"]) == (b"", "6")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ('"tag 1"', 304),
        ('W/"tag 1"', 304),
        ('"old", "tag 1"', 304),
        ("*", 304),
        ('"old"', 200),
        ("tag 1", 200),
        ("", 200),
    ],
)
def test_it_is_not_sent_to_whoever_has_it(counted: Counted, asked: str, status: int) -> None:
    counted.client.get("/page")
    answer = counted.client.get("/page", headers={"If-None-Match": asked})
    assert answer.status_code == status
    assert ("Content-Length" in answer.headers) is (status == 200)


def test_another_method_reaches_the_application(counted: Counted) -> None:
    counted.client.get("/page")
    assert counted.client.post("/page").text == "text 2"


def test_another_path_reaches_the_application(counted: Counted) -> None:
    counted.client.get("/page")
    assert counted.client.get("/page/").status_code == 404


def test_it_is_kept_no_longer_than_it_is_true(clock: FakeClock) -> None:
    counted = Counted(clock, timedelta(minutes=1))
    counted.client.get("/page")
    clock.advance(seconds=59)
    assert counted.client.get("/page").text == "text 1"
    clock.advance(seconds=1)
    assert counted.client.get("/page").text == "text 2"
