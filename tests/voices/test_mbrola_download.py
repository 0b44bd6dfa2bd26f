"""`voices add` against a stand-in for where MBROLA's voices are published."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from hakawati.errors import BookError
from hakawati.model import VoiceUnavailableError
from hakawati.publishing import trial
from hakawati.voices.mbrola_download import add_voice
from tests.voices import mbrola_packages

LICENCE = b"may not be sold"


class Published:
    """What is there, by its path, and what was asked for."""

    def __init__(self) -> None:
        self.files = {"/ar2/ar2": mbrola_packages.database("ar2").read_bytes(), "/ar2/license.txt": LICENCE}
        self.status = 200
        self.asked: list[str] = []


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Iterator[Published]:
    known = Published()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(self.path)
            content = known.files.get(self.path)
            self.send_response(known.status if content is not None else 404)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/{{voice}}/{{file}}"
    monkeypatch.setattr("hakawati.voices.mbrola_download._ADDRESS", address)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield known
    server.shutdown()
    server.server_close()
    thread.join()


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder, hidden or not."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def refused(folder: Path) -> VoiceUnavailableError:
    before = contents(folder)
    with pytest.raises(VoiceUnavailableError) as raised:
        add_voice("ar2", folder)
    assert contents(folder) == before
    return raised.value


def test_a_voice_is_fetched_with_its_licence(tmp_path: Path, published: Published) -> None:
    folder = tmp_path / "new" / "mbrola"
    assert add_voice("ar2", folder) == folder / "ar2" / "ar2"
    assert contents(folder) == {
        "ar2/ar2": mbrola_packages.database("ar2").read_bytes(),
        "ar2/license.txt": LICENCE,
    }


def test_a_voice_that_is_there_is_not_fetched_again(tmp_path: Path, published: Published) -> None:
    first = add_voice("ar2", tmp_path)
    published.asked.clear()
    assert add_voice("ar2", tmp_path) == first
    assert published.asked == []


def test_a_voice_that_is_damaged_is_fetched_again(tmp_path: Path, published: Published) -> None:
    file = add_voice("ar2", tmp_path)
    file.write_bytes(b"<html>")
    assert add_voice("ar2", tmp_path).stat().st_size > 6_000_000


@pytest.mark.parametrize("content", [b"", b"<html>", mbrola_packages.SHARE.name.encode() * 9])
def test_what_is_not_what_was_published_is_refused(
    tmp_path: Path, published: Published, content: bytes
) -> None:
    published.files["/ar2/ar2"] = content
    error = refused(tmp_path)
    assert str(error) == "“ar2” arrived damaged: its SHA-256 is not that of what was published"


def test_a_voice_that_is_not_there_any_more_is_named(tmp_path: Path, published: Published) -> None:
    del published.files["/ar2/ar2"]
    assert str(refused(tmp_path)) == "“ar2” is not where it was"


def test_a_fault_of_the_server_is_named(tmp_path: Path, published: Published) -> None:
    published.status = 503
    assert str(refused(tmp_path)) == "“ar2” cannot be fetched: the answer is 503 Service Unavailable"


def test_without_a_network_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hakawati.voices.mbrola_download._ADDRESS", "http://127.0.0.1:9/{voice}/{file}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    error = refused(tmp_path)
    assert str(error).startswith("“ar2” cannot be fetched: ")
    assert error.hint == "a voice is fetched once, and needs the network for it"


def test_where_it_cannot_be_kept_it_says_so(tmp_path: Path, published: Published) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(VoiceUnavailableError, match=r"“ar2” cannot be kept in .*file/mbrola: "):
        add_voice("ar2", tmp_path / "file" / "mbrola")


def test_its_name_is_enough_for_the_command(
    tmp_path: Path, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hakawati.voices.mbrola.voices_folder", lambda: tmp_path)
    assert trial.add_voice("ar2") == tmp_path / "ar2" / "ar2"
    published.status = 500
    with pytest.raises(BookError, match="“ar1” is not where it was"):
        trial.add_voice("ar1")
