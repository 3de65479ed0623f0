"""Pages from memory: the right copy for each who asks."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

PATH = "/notices/2025V1"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client for which the page is kept already."""
    client = app.test_client()
    client.get(PATH)
    return client


def test_whoever_reads_gzip_gets_the_same_page_packed(client: FlaskClient) -> None:
    plain = client.get(PATH)
    packed = client.get(PATH, headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)


@pytest.mark.parametrize("readable", ["identity", "gzip;q=0", "br"])
def test_nobody_gets_what_they_can_not_read(client: FlaskClient, readable: str) -> None:
    answer = client.get(PATH, headers={"Accept-Encoding": readable})
    assert "Content-Encoding" not in answer.headers


def test_the_copies_have_etags_of_their_own(client: FlaskClient) -> None:
    reads_gzip = {"Accept-Encoding": "gzip"}
    etag = client.get(PATH, headers=reads_gzip).headers["ETag"]
    assert etag != client.get(PATH).headers["ETag"]
    assert client.get(PATH, headers={**reads_gzip, "If-None-Match": etag}).status_code == 304
    assert client.get(PATH, headers={"If-None-Match": etag}).status_code == 200
