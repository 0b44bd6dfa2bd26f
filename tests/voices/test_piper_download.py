from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import pytest

from hakawati.model import VoiceError, VoiceUnavailableError
from hakawati.voices.piper_download import add_voice
from hakawati.voices.piper_neural import make
from tests.voices.tiny_piper import write_voice

NAME = "ar_JO-tiny-medium"
ADDRESS = "http://127.0.0.1:{port}/{lang_family}/{lang_code}/{voice_name}/{voice_quality}/{lang_code}-{voice_name}-{voice_quality}{extension}?download=true"
FOLDER = "ar/ar_JO/tiny/medium"


@dataclass
class Published:
    """What a server has: path → content. It may break off in the middle, or answer otherwise."""

    files: dict[str, bytes] = field(default_factory=dict)
    status: int = 200
    cut: Callable[[str, bytes], bytes] = lambda _, content: content
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def voice(tmp_path: Path) -> tuple[bytes, bytes]:
    """A model and its configuration."""
    file = write_voice(tmp_path / "made")
    return file.read_bytes(), file.with_name(f"{file.name}.json").read_bytes()


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch, voice: tuple[bytes, bytes]) -> Iterator[Published]:
    """A server that has the voice, where Piper looks for it."""
    known = Published({f"{FOLDER}/{NAME}.onnx": voice[0], f"{FOLDER}/{NAME}.onnx.json": voice[1]})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(self.path.partition("?")[0]).removeprefix("/")
            known.asked.append(path)
            if known.status != 200 or path not in known.files:
                self.send_error(known.status if known.status != 200 else 404)
                return
            content = known.files[path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(known.cut(path, content))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    look_at(monkeypatch, server.server_port)
    yield known
    server.shutdown()
    server.server_close()
    thread.join()


def look_at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setattr("piper.download_voices.URL_FORMAT", ADDRESS.replace("{port}", str(port)))
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def contents(folder: Path) -> dict[str, bytes]:
    """All that is in a folder, hidden or not."""
    return {file.name: file.read_bytes() for file in folder.iterdir()} if folder.exists() else {}


def refused(folder: Path, name: str = NAME) -> VoiceUnavailableError:
    before = contents(folder)
    with pytest.raises(VoiceUnavailableError) as raised:
        add_voice(name, folder)
    assert contents(folder) == before
    return raised.value


def test_a_voice_is_fetched_and_speaks(
    tmp_path: Path, published: Published, voice: tuple[bytes, bytes]
) -> None:
    folder = tmp_path / "new" / "piper"
    model = add_voice(NAME, folder)
    assert model == folder / f"{NAME}.onnx"
    assert contents(folder) == {f"{NAME}.onnx": voice[0], f"{NAME}.onnx.json": voice[1]}
    assert make("ar", {"voice": str(model)}, tmp_path).speak("نَصّ").onsets


def test_a_name_that_is_not_in_latin_letters_alone_is_fetched(tmp_path: Path, published: Published) -> None:
    published.files = {
        path.replace("ar_JO", "pt_PT").replace("ar/", "pt/").replace("tiny", "tugão"): content
        for path, content in published.files.items()
    }
    assert add_voice("pt_PT-tugão-medium", tmp_path / "piper").name == "pt_PT-tugão-medium.onnx"
    assert set(contents(tmp_path / "piper")) == {"pt_PT-tugão-medium.onnx", "pt_PT-tugão-medium.onnx.json"}


def test_a_voice_that_is_there_is_not_fetched_again(tmp_path: Path, published: Published) -> None:
    first = add_voice(NAME, tmp_path)
    published.asked.clear()
    published.status = 500
    assert add_voice(NAME, tmp_path) == first
    assert published.asked == []


@pytest.mark.parametrize("missing", [".onnx", ".onnx.json"])
def test_a_voice_of_which_a_half_is_there_is_fetched_again(
    tmp_path: Path, published: Published, voice: tuple[bytes, bytes], missing: str
) -> None:
    folder = tmp_path / "piper"
    add_voice(NAME, folder)
    (folder / f"{NAME}{missing}").write_bytes(b"<html>")
    add_voice(NAME, folder)
    assert contents(folder) == {f"{NAME}.onnx": voice[0], f"{NAME}.onnx.json": voice[1]}


def test_a_voice_that_is_not_published_is_named(tmp_path: Path, published: Published) -> None:
    error = refused(tmp_path / "piper", "ar_JO-other-low")
    assert str(error) == "Piper has no voice “ar_JO-other-low”"
    assert error.hint == "all voices can be heard and are named at https://rhasspy.github.io/piper-samples"


def test_a_voice_whose_configuration_is_not_published_is_not_kept(
    tmp_path: Path, published: Published
) -> None:
    del published.files[f"{FOLDER}/{NAME}.onnx.json"]
    assert str(refused(tmp_path / "piper")) == f"Piper has no voice “{NAME}”"


def test_a_server_that_refuses_is_quoted(tmp_path: Path, published: Published) -> None:
    published.status = 503
    error = refused(tmp_path / "piper")
    assert str(error) == f"“{NAME}” cannot be fetched: the answer is 503 Service Unavailable"
    assert error.hint == "try again later"


@pytest.mark.parametrize("end", [".onnx", ".onnx.json"])
@pytest.mark.parametrize("part", [0, 0.5, 0.99])
def test_half_a_file_is_not_kept(tmp_path: Path, published: Published, end: str, part: float) -> None:
    published.cut = lambda path, content: (
        content[: int(len(content) * part)] if path.endswith(end) else content
    )
    error = refused(tmp_path / "piper")
    assert str(error).startswith(f"“{NAME}” arrived damaged: {NAME}{end} is damaged")
    assert error.hint == "try again"


@pytest.mark.parametrize("end", [".onnx", ".onnx.json"])
def test_a_page_instead_of_a_file_is_not_kept(tmp_path: Path, published: Published, end: str) -> None:
    published.files[f"{FOLDER}/{NAME}{end}"] = b"<!doctype html><title>Sign in to this network</title>"
    assert str(refused(tmp_path / "piper")).startswith(f"“{NAME}” arrived damaged: {NAME}{end} is damaged")


def test_a_voice_that_was_there_is_kept_where_another_cannot_be_had(
    tmp_path: Path, published: Published
) -> None:
    folder = tmp_path / "piper"
    add_voice(NAME, folder)
    refused(folder, "en_US-other-low")
    published.status = 500
    refused(folder, "en_US-other-low")
    assert len(contents(folder)) == 2


def test_without_a_network_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    look_at(monkeypatch, port)
    error = refused(tmp_path / "piper")
    assert str(error).startswith(f"“{NAME}” cannot be fetched: ")
    assert "refused" in str(error)
    assert error.hint == "a voice is fetched once, and needs the network for it"


def test_a_server_that_says_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hakawati.voices.piper_download.PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        look_at(monkeypatch, silent.getsockname()[1])
        assert "timed out" in str(refused(tmp_path / "piper"))
    assert socket.getdefaulttimeout() is None


def test_a_server_that_speaks_otherwise_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        look_at(monkeypatch, other.getsockname()[1])

        def answer() -> None:
            connection, _ = other.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(b"220 mail.example ESMTP\r\n\r\n")

        thread = Thread(target=answer)
        thread.start()
        assert str(refused(tmp_path / "piper")).startswith(f"“{NAME}” cannot be fetched: ")
        thread.join()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, published: Published) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(VoiceUnavailableError, match=f"“{NAME}” cannot be kept in {tmp_path}/file/piper"):
        add_voice(NAME, tmp_path / "file" / "piper")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ar_jo-kareem-medium", "ar_JO-kareem-medium"),
        ("ar-JO-kareem-medium", "ar_JO-kareem-medium"),
        ("AR_JO_kareem_medium", "ar_JO-kareem-medium"),
        ("ar_JO-kareem", "ar_JO-kareem-medium"),
        ("en_US-lessac-HIGH", "en_US-lessac-high"),
        ("nl_BE-nathalie-x-low", "nl_BE-nathalie-x_low"),
        ("en_GB-southern_english_female-xlow", "en_GB-southern_english_female-x_low"),
    ],
)
def test_a_name_that_is_nearly_one_is_mended(tmp_path: Path, name: str, meant: str) -> None:
    error = refused(tmp_path, name)
    assert str(error) == f"“{name}” is no name of a Piper voice"
    assert error.hint == f"did you mean “{meant}”?"


@pytest.mark.parametrize(
    "name",
    ["", "kareem", "../ar_JO-kareem-medium", "ar_JO-a/b-medium", "ar_JO-..-medium", "ar_JO-a-best", "a\0b"],
)
def test_what_is_no_name_is_refused_without_asking(tmp_path: Path, published: Published, name: str) -> None:
    assert refused(tmp_path / "piper", name).hint.startswith("ar_JO-kareem-medium is one; ")
    assert published.asked == []


def test_whoever_catches_what_a_voice_raises_catches_this(tmp_path: Path) -> None:
    with pytest.raises(VoiceError):
        add_voice("?", tmp_path)
