"""What the server answers, and to whom: asked by a well-behaved client, and byte by byte."""

from __future__ import annotations

import os
import socket
import string
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakawati.preview.messages import FinishedBuild
from tests.building import soon
from tests.preview.serving import Served, asked, served, status
from tests.support import PATIENCE

SECRET = b"the secret"
SOUND = bytes(range(256)) * 1000
HTML = "<!DOCTYPE html><html><head><title>x</title></head><body>text</body></html>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("requests")
    web = folder / "build" / "web"
    (web / "text").mkdir(parents=True)
    (web / "index.html").write_text(HTML)
    (web / "text" / "فصل 1.html").write_text(HTML)
    (web / "text" / "index.html").write_text(HTML)
    (web / "sound.mp3").write_bytes(SOUND)
    (web / "empty.txt").write_bytes(b"")
    (web / "sw.js").write_text("")
    (web / "strange.exe").write_text("x")
    for secret in (
        folder / "secret.txt",
        folder / "build" / "secret.txt",
        web / ".hidden",
        folder / "webby.txt",
    ):
        secret.write_bytes(SECRET)
    (web / ".git").mkdir()
    (web / ".git" / "config").write_bytes(SECRET)
    (web / "link.txt").symlink_to(folder / "secret.txt")
    (web / "out").symlink_to(folder)
    (web / "loop").symlink_to(web / "loop")
    os.mkfifo(web / "pipe.txt")
    (web / "inside.mp3").symlink_to(web / "sound.mp3")
    with served(web) as here:
        here.tell(FinishedBuild(changed=("index.html",)))
        yield here


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


def get(server: Served, target: str, host: str = "", method: str = "GET", more: str = "") -> bytes:
    """The answer to a request with exactly this target."""
    named = host or f"127.0.0.1:{server.port}"
    head = f"{method} {target} HTTP/1.1\r\nHost: {named}\r\n{more}Connection: close\r\n\r\n"
    return asked(server.port, head.encode("utf-8", "surrogateescape"))


def test_a_page_is_the_books_with_what_the_preview_adds(client: httpx.Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    before, after = HTML.split("</head>")
    assert answer.text.startswith(before)
    assert answer.text.endswith(f"</head>{after}")
    assert '<meta id="live" content="1" data-run="run">' in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/text/", "/text/فصل 1.html", "/text/%D9%81%D8%B5%D9%84%201.html"]
)
def test_pages_are_found_by_their_names_and_folders_by_their_index(client: httpx.Client, path: str) -> None:
    assert "text</body>" in client.get(path).text


def test_a_folder_without_its_slash_leads_to_the_one_with_it(client: httpx.Client) -> None:
    answer = client.get("/text")
    assert (answer.status_code, answer.headers["location"]) == (307, "/text/")


def test_every_answer_has_the_headers_that_keep_the_book_in_its_place(
    client: httpx.Client, server: Served
) -> None:
    for path in (
        "/",
        "/sound.mp3",
        "/none.html",
        "/none.mp3",
        "/text",
        "/live/live.js",
        "/live/none",
        "/%00",
    ):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["worker-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["connect-src"] == f"'self' ws://127.0.0.1:{server.port}"
        assert "server" not in headers


@pytest.mark.parametrize(
    ("path", "kind"), [("/sound.mp3", "audio/mpeg"), ("/strange.exe", "application/octet-stream")]
)
def test_a_file_is_called_what_it_is(client: httpx.Client, path: str, kind: str) -> None:
    assert client.get(path).headers["content-type"] == kind


def test_the_previews_own_programs_are_there(client: httpx.Client) -> None:
    for name in ("live.js", "socket.js", "panel.js", "live.css"):
        answer = client.get(f"/live/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(("text/javascript", "text/css"))
    assert client.get("/live/..%2fserver.py").status_code == 404
    assert client.get("/live/%2e%2e/server.py").status_code == 404


def test_what_keeps_a_book_for_offline_is_not_given(client: httpx.Client) -> None:
    assert client.get("/sw.js").status_code == 404


def test_a_missing_page_is_told_of_and_waits_to_be_there(client: httpx.Client) -> None:
    answer = client.get("/text/<script>.html")
    assert answer.status_code == 404
    assert 'data-live="missing"' in answer.text
    assert "/text/&lt;script&gt;.html" in answer.text
    assert "<script>" not in answer.text.replace("<script defer", "")
    assert client.get("/none.mp3").headers["content-type"].startswith("text/plain")


def test_before_the_first_book_a_page_says_so(tmp_path: Path) -> None:
    with served(tmp_path / "web") as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        answer = client.get("/")
        assert (answer.status_code, 'data-live="waiting"' in answer.text) == (503, True)
        (tmp_path / "web").mkdir()
        (tmp_path / "web" / "index.html").write_text(HTML)
        assert client.get("/").status_code == 200


# What is known already


def test_what_the_browser_knows_is_not_sent_again(client: httpx.Client, server: Served) -> None:
    for path in ("/", "/sound.mp3", "/live/live.js"):
        tag = client.get(path).headers["etag"]
        for known in (tag, f'"x", {tag}', "*"):
            answer = client.get(path, headers={"if-none-match": known})
            assert (answer.status_code, answer.content) == (304, b"")
        assert client.get(path, headers={"if-none-match": '"x"'}).status_code == 200


def test_an_edit_that_is_taken_back_is_seen(client: httpx.Client, server: Served) -> None:
    page = server.folder / "edited.html"
    page.write_text(HTML)
    first = client.get("/edited.html")
    page.write_text(HTML.replace("text", "other"))
    second = client.get("/edited.html", headers={"if-none-match": first.headers["etag"]})
    assert second.status_code == 200
    page.write_text(HTML)
    assert client.get("/edited.html", headers={"if-none-match": second.headers["etag"]}).text == first.text
    page.unlink()


# Ranges


@pytest.mark.parametrize(
    ("asked_for", "begin", "end"),
    [("0-0", 0, 1), ("1000-1999", 1000, 2000), ("255990-", 255990, 256000), ("-10", 255990, 256000)],
)
def test_a_part_of_a_sound_is_sent(client: httpx.Client, asked_for: str, begin: int, end: int) -> None:
    answer = client.get("/sound.mp3", headers={"range": f"bytes={asked_for}"})
    assert answer.status_code == 206
    assert answer.content == SOUND[begin:end]
    assert answer.headers["content-range"] == f"bytes {begin}-{end - 1}/{len(SOUND)}"
    assert answer.headers["content-length"] == str(end - begin)


def test_a_part_past_the_end_is_refused_with_the_size(client: httpx.Client) -> None:
    answer = client.get("/sound.mp3", headers={"range": "bytes=256000-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */256000")
    assert client.get("/empty.txt", headers={"range": "bytes=0-"}).status_code == 416
    assert client.get("/empty.txt").content == b""


@pytest.mark.parametrize(
    "asked_for", ["bytes=0-1,5-6", "bytes=5-1", "lines=0-1", "bytes=a-b", "bytes=" + "0-1," * 200]
)
def test_a_range_that_is_unsound_or_manifold_gets_the_whole(client: httpx.Client, asked_for: str) -> None:
    answer = client.get("/sound.mp3", headers={"range": asked_for})
    assert (answer.status_code, answer.content) == (200, SOUND)


def test_a_part_is_sent_only_of_the_file_that_was_asked_for(client: httpx.Client) -> None:
    known = client.get("/sound.mp3").headers
    for validator in (known["etag"], known["last-modified"]):
        headers = {"range": "bytes=0-9", "if-range": validator}
        assert client.get("/sound.mp3", headers=headers).status_code == 206
    for validator in ('"x"', f"W/{known['etag']}", "Tue, 24 Nov 2020 15:00:00 GMT", ""):
        headers = {"range": "bytes=0-9", "if-range": validator}
        assert client.get("/sound.mp3", headers=headers).status_code == 200


def test_of_a_file_only_the_head_can_be_asked_for(client: httpx.Client) -> None:
    for path in ("/", "/sound.mp3", "/text/", "/live/live.js"):
        whole, head = client.get(path), client.head(path, headers={"range": "bytes=0-9"})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(whole.content))
        assert head.headers["etag"] == whole.headers["etag"]


def test_a_sound_that_is_replaced_while_it_is_sent_goes_on_as_it_began(server: Served) -> None:
    sound = server.folder / "replaced.mp3"
    sound.write_bytes(SOUND * 40)
    with (
        httpx.Client(base_url=server.url, trust_env=False) as client,
        client.stream("GET", "/replaced.mp3") as answer,
    ):
        parts = answer.iter_raw(1000)
        found = next(parts)
        new = server.folder / "new"
        new.write_bytes(b"other")
        new.replace(sound)
        assert found + b"".join(parts) == SOUND * 40
    sound.unlink()


# Who is refused


OUTSIDE = (
    *(
        "/../secret.txt",
        "/../../secret.txt",
        "/text/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
    ),
    *(
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/%252e%252e/secret.txt",
        "/....//secret.txt",
    ),
    *(
        "/%c0%ae%c0%ae/secret.txt",
        "/..%00/secret.txt",
        "/secret.txt%00.html",
        "/./../secret.txt",
        "//secret.txt",
    ),
    *(
        "/out/secret.txt",
        "/out/build/secret.txt",
        "/link.txt",
        "/loop",
        "/loop/x",
        "/.hidden",
        "/.git/config",
        "/.git/",
    ),
    *(
        "/text/.",
        "/text/..",
        "/..",
        "/.",
        "/%2e",
        "/pipe.txt",
        "/index.html/",
        "/index.html/x",
        "/../webby.txt",
    ),
    *(
        "//etc/passwd",
        "/etc/passwd",
        "/%2fetc%2fpasswd",
        "///etc/passwd",
        "/C:/secret.txt",
        "/file:///etc/passwd",
    ),
    *(
        "/live/../secret.txt",
        "/live/../../../../secret.txt",
        "/live/__init__.py",
        "/live/.hidden",
        "/live//etc/passwd",
    ),
    *("/" + "a" * 300, "/" + "a/" * 2000, "/%0a", "/%7f", "/%ff%fe", "/~root", "/\u202e.html"),
)


@pytest.mark.parametrize("target", OUTSIDE)
def test_nothing_outside_of_the_folder_is_given(server: Served, target: str) -> None:
    absolute = f"/{server.folder.parent}/secret.txt"
    for path in (target, absolute):
        answer = get(server, path)
        assert status(answer) in (400, 404)
        assert SECRET not in answer
        assert b"root:" not in answer


def test_a_link_that_stays_inside_is_followed(server: Served) -> None:
    assert status(get(server, "/inside.mp3")) == 200


PIECES = st.sampled_from(
    [
        "..",
        ".",
        "/",
        "\\",
        "%2e",
        "%2f",
        "%5c",
        "%25",
        "%00",
        "secret.txt",
        "out",
        "build",
        "text",
        "live",
        "link.txt",
    ]
)


@settings(max_examples=300)
@given(st.lists(st.one_of(PIECES, st.text(string.printable.strip(), max_size=3)), max_size=12).map("".join))
def test_no_path_leads_to_a_secret_or_an_error(server: Served, path: str) -> None:
    answer = get(server, f"/{path}")
    assert status(answer) in (200, 307, 400, 404)
    assert SECRET not in answer
    if status(answer) == 307:
        (location,) = [line for line in answer.split(b"\r\n") if line.lower().startswith(b"location:")]
        assert location[10:].startswith(b"/")
        assert not location[10:].startswith(b"//")


HOSTS = (
    "evil.example",
    "127.0.0.1",
    "evil.example:{port}",
    "127.0.0.1:1",
    "127.0.0.1:{port}.evil.example",
    "{port}",
)


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_host_is_refused(server: Served, host: str) -> None:
    for target in ("/", "/sound.mp3", "/live/live.js", "/live/socket"):
        answer = get(server, target, host.format(port=server.port))
        assert status(answer) == 421
        assert b"text</body>" not in answer


def test_a_request_without_a_host_or_with_two_is_refused(server: Served) -> None:
    own = f"Host: 127.0.0.1:{server.port}\r\n".encode()
    for head in (b"", own + own, own + b"Host: evil.example\r\n"):
        assert status(asked(server.port, b"GET / HTTP/1.1\r\n" + head + b"\r\n")) == 400
    assert status(asked(server.port, b"GET / HTTP/1.0\r\n\r\n")) == 421
    absolute = b"GET http://evil.example/ HTTP/1.1\r\n" + own + b"Connection: close\r\n\r\n"
    assert status(asked(server.port, absolute)) == 400


@settings(max_examples=100)
@given(st.text(string.printable, max_size=30))
def test_whatever_host_is_named_only_its_own_is_answered(server: Served, host: str) -> None:
    own = {f"127.0.0.1:{server.port}", f"localhost:{server.port}", f"[::1]:{server.port}"}
    answer = get(server, "/", f"x{host}")
    assert f"x{host}" not in own
    assert b"text</body>" not in answer
    assert status(answer) in (400, 421, 0)


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"]
)
def test_nothing_can_be_written(server: Served, method: str) -> None:
    for target in ("/", "/new.txt", "/live/live.js", "/live/socket"):
        answer = get(server, target, method=method, more="Content-Length: 3\r\n")
        assert status(answer) == 405
        assert b"\r\nallow: GET, HEAD\r\n" in answer
    assert not (server.folder / "new.txt").exists()


@settings(max_examples=60)
@given(st.text(string.ascii_letters + "-!#$", min_size=1, max_size=20), st.binary(max_size=50))
def test_whatever_else_is_sent_the_server_stays(server: Served, method: str, body: bytes) -> None:
    own = (
        f"Host: 127.0.0.1:{server.port}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    )
    answer = asked(server.port, f"{method} / HTTP/1.1\r\n".encode() + own + body)
    assert status(answer) == (200 if method in ("GET", "HEAD") else 405)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_noise_does_no_harm(server: Served, noise: bytes) -> None:
    assert status(asked(server.port, noise + b"\r\n\r\n")) in (400, 405, 421, 0)
    assert status(get(server, "/empty.txt")) == 200


@pytest.mark.parametrize(
    ("line", "head"),
    [
        ("/" + "a" * 70_000, ""),
        ("/?" + "a" * 40_000, ""),
        ("/", "X: " + "a" * 40_000 + "\r\n"),
        ("/", "".join(f"X{n}: {'a' * 100}\r\n" for n in range(400))),
    ],
)
def test_a_huge_head_is_refused(server: Served, line: str, head: str) -> None:
    assert status(get(server, line, more=head)) in (400, 431)


def test_a_head_that_never_ends_is_cut_off(server: Served) -> None:
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        sent = 0
        try:
            while sent < 10_000_000:
                connection.sendall(b"X: " + b"a" * 1000 + b"\r\n")
                sent += 1005
        except ConnectionError:
            pass
        assert sent < 10_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_clients_that_go_away_leave_nothing_open(server: Served) -> None:
    def files() -> int:
        found = 0
        for link in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                found += link.readlink() == big
        return found

    big = server.folder / "big.mp3"
    with big.open("wb") as made:
        made.truncate(50_000_000)
    head = f"GET /big.mp3 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()
    pages = [socket.create_connection(("127.0.0.1", server.port), PATIENCE) for _ in range(20)]
    for page in pages:
        page.sendall(head)
        assert page.recv(100)
    assert files() == 20
    for page in pages:
        page.close()
    assert soon(lambda: files() == 0)
    big.unlink()


def test_those_who_are_slow_keep_nobody_waiting(server: Served) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port), PATIENCE) for _ in range(50)]
    for page in slow:
        page.sendall(b"GET / HT")
    assert status(get(server, "/")) == 200
    for page in slow:
        page.close()
