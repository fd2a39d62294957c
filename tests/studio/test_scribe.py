"""The scribe against a server on this machine that answers like a chat endpoint, or does not."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from limner.core.errors import InputError, ServiceError
from limner.core.settings import Settings
from limner.language.writing import Label
from limner.studio.scribe import Scribe

WRITTEN = Label(title="The Heron", year=2026, medium="Imagined portrait", text="Asked.", biography="Fiction: None.")
GOOD = {
    "title": "The Late Ferry",
    "text": "A brief of four words, answered once.",
    "biography": "Ida Varnholt kept a ferry. She counted herons. She was never paid.",
}


class Server(HTTPServer):
    """Remembers what it was sent and answers as it is told."""

    answer: object = None
    status = 200
    seen: dict[str, object]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.seen = {"path": self.path, "body": json.loads(body), "key": self.headers.get("Authorization")}
        content = server.answer if isinstance(server.answer, str) else json.dumps(server.answer)
        reply = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
        if server.answer is None:
            reply = b"<html>not here</html>"
        self.send_response(server.status)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), _Handler)
    made.seen = {}
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def _scribe(server: Server, **more) -> Scribe:
    return Scribe(f"http://127.0.0.1:{server.server_port}/v1", "small", timeout=10, **more)


def test_a_label_is_written(server):
    server.answer = GOOD
    label = _scribe(server, key="secret").write("a ferry keeper in the fog", WRITTEN)
    assert (label.title, label.text, label.writer) == (GOOD["title"], GOOD["text"], "scribe")
    assert label.biography == f"Fiction: {GOOD['biography']}"
    assert (label.year, label.medium) == (WRITTEN.year, WRITTEN.medium)
    assert server.seen["path"] == "/v1/chat/completions"
    assert server.seen["key"] == "Bearer secret"


def test_only_the_words_are_sent(server):
    server.answer = GOOD
    _scribe(server).write("a ferry keeper in the fog", WRITTEN)
    body = server.seen["body"]
    assert isinstance(body, dict)
    assert [m["content"] for m in body["messages"] if m["role"] == "user"] == ["a ferry keeper in the fog"]
    assert set(body) == {"model", "messages", "temperature", "max_tokens"}
    assert server.seen["key"] is None


def test_answers_are_trimmed_cut_and_marked(server):
    long = "She was born in Oude. " * 100
    odd = json.dumps({**GOOD, "title": "  *A  Long\nWay*  ", "biography": "FICTION: " + long})
    server.answer = f"```json\n{odd}\n```"
    label = _scribe(server).write("a poet", WRITTEN)
    assert label.title == "A Long Way"
    assert label.biography.startswith("Fiction: She was born")
    assert label.biography.count("She was born") == 5
    assert len(label.biography) <= 920


def test_a_life_is_left_out_where_none_is_wanted(server):
    server.answer = GOOD
    assert _scribe(server).write("a poet", Label(title="x", year=1, medium="m", text="t")).biography == ""


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        (GOOD, 500, "answered 500"),
        (GOOD, 401, "answered 401"),
        (None, 200, "no chat completion"),
        ("I would rather not.", 200, "JSON object"),
        ("[1, 2]", 200, "JSON object"),
        ({**GOOD, "text": ""}, 200, "text is empty"),
        ({"title": "x"}, 200, "no text"),
        ({**GOOD, "biography": "Barack Obama was born in a ferry. He sang. He left."}, 200, "not used"),
    ],
)
def test_what_cannot_be_used_is_an_error(server, answer, status, message):
    server.answer, server.status = answer, status
    with pytest.raises(ServiceError, match=message) as error:
        _scribe(server).write("a poet", WRITTEN)
    assert error.value.status == (status if status != 200 else None)


def test_nobody_there():
    with pytest.raises(ServiceError, match="cannot be reached"):
        Scribe("http://127.0.0.1:9/v1", "small", timeout=2).write("a poet", WRITTEN)


def test_no_words_are_not_sent(server):
    with pytest.raises(ServiceError, match="no words"):
        _scribe(server).write("  ", WRITTEN)
    assert server.seen == {}


def test_the_scribe_is_off_until_it_is_set():
    with pytest.raises(InputError, match="scribe_url and scribe_model"):
        Scribe.of_settings(Settings())
    with pytest.raises(InputError, match="scribe_model is empty"):
        Scribe.of_settings(Settings({"scribe_url": "http://localhost:1/v1"}))


@pytest.mark.parametrize("url", ["localhost:11434", "file:///etc/passwd", "ftp://x/v1"])
def test_addresses_are_checked(url):
    with pytest.raises(InputError, match="scribe_url"):
        Settings({"scribe_url": url})
    assert Settings({"scribe_url": "https://models.example/v1/"})["scribe_url"] == "https://models.example/v1"
