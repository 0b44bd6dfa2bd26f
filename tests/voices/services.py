"""Stand-ins for the services that are asked online: they speak their protocols, and eSpeak for their voices.

Each answers as its script tells, request by request, and goes on with the last of it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import socket
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, Self
from urllib.parse import parse_qs
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import lameenc
import numpy as np
import pytest
from aiohttp import web

from hakawati.model import Speech
from hakawati.voices.espeak import Espeak, voice_for
from hakawati.voices.service import RetryPolicy
from tests.support import PATIENCE

RATE = 24_000
DELAY = 1105
"""Samples from the beginning of a decoded MP3 to that of what was encoded."""


@dataclass(frozen=True)
class Answer:
    """What a service does with a request."""

    kind: Literal[
        "speech",
        "half",
        "cut",
        "silence",
        "nothing",
        "wordless",
        "timeless",
        "garbled",
        "page",
        "dropped",
        "gone",
        "slow",
        "long",
    ] = "speech"
    """half: of an MP3; cut: half, at the end of a frame; long: 12 MB; timeless: every word at once; dropped:
    the connection, in mid-transfer; gone: before it."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


SPEECH = Answer()
PAGE = b"<!DOCTYPE html><html><head><title>Before you continue</title></head><body>jam</body></html>"


@cache
def said(lang: str, text: str) -> Speech:
    """What the stand-ins' voice for a language says; not the one that the engines align with."""
    return Espeak(f"{voice_for(lang)}+f2", 145, 60).speak(text)


@cache
def mp3(lang: str, text: str, bitrate: int, lead: float = 0, tail: float = 0) -> bytes:
    """The same with `lead` and `tail` seconds of silence, encoded at `bitrate` kbit/s."""
    speech = said(lang, text)
    silent = [bytes(2 * round(seconds * speech.rate)) for seconds in (lead, tail)]
    return encoded(silent[0] + speech.pcm + silent[1], speech.rate, bitrate)


def encoded(pcm: bytes, rate: int, bitrate: int) -> bytes:
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(rate)
    encoder.set_out_sample_rate(RATE)
    encoder.set_bit_rate(bitrate)
    encoder.set_quality(7)
    return bytes(encoder.encode(pcm) + encoder.flush())


def answered(answer: Answer, lang: str, text: str, bitrate: int, lead: float = 0, tail: float = 0) -> bytes:
    """The MP3 that an answer holds."""
    whole = mp3(lang, text, bitrate, lead, tail)
    frame = bitrate * 1000 * 576 // (8 * RATE)
    if answer.kind == "silence":
        return encoded(bytes(2 * RATE), RATE, bitrate)
    if answer.kind == "long":
        return whole * (12_000_000 // len(whole))
    if answer.kind == "half":
        return whole[: len(whole) // 2 // frame * frame + frame // 2]
    return whole[: len(whole) // 2 // frame * frame] if answer.kind == "cut" else whole


def truth(lang: str, text: str) -> list[tuple[int, int]]:
    """(offset in the text, sample of the decoded MP3) of each word that is said."""
    speech = said(lang, text)
    return [(offset, round(sample * RATE / speech.rate) + DELAY) for offset, sample in speech.onsets]


def by_word(text: str, onsets: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The first onset in each word of the text, by the word's number."""
    words = [m.end() for m in re.finditer(r"\S+", text)]
    found: dict[int, int] = {}
    for offset, sample in onsets:
        found.setdefault(sum(end <= offset for end in words), sample)
    return found


def errors(text: str, speech: Speech, expected: Iterable[tuple[int, int]]) -> list[float]:
    """How far each word's onset is from the truth, in milliseconds, in order; every word has one."""
    known, found = by_word(text, expected), by_word(text, speech.onsets)
    assert known.keys() <= found.keys()
    return [(found[word] - known[word]) * 1000 / speech.rate for word in sorted(known)]


def in_time(differences: Sequence[float]) -> bool:
    """The first word within 15 ms, 95 % of all within 60."""
    return abs(differences[0]) <= 15 and float(np.percentile(np.abs(differences), 95)) <= 60


class Waits(list[float]):
    """Instead of sleeping: the seconds that would have been slept."""

    def policy(self, time_limit: float = PATIENCE, attempts: int = 3) -> RetryPolicy:
        return RetryPolicy(attempts=attempts, time_limit=time_limit, sleep=self.append)


def closed_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def without_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is found, as where there is no internet."""

    def fail(host: object, *_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, f"Name or service not known: {host!r}")

    monkeypatch.setattr(socket, "getaddrinfo", fail)


def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "ws_proxy", "wss_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class _Script:
    def __init__(self, answers: Sequence[Answer]) -> None:
        self._answers = answers or (SPEECH,)
        self._asked = 0

    def next(self) -> Answer:
        self._asked += 1
        return self._answers[min(self._asked, len(self._answers)) - 1]


@dataclass(frozen=True)
class Asked:
    """A request as a stand-in understood it."""

    text: str
    lang: str
    """Google's code, or Microsoft's voice."""
    settings: tuple[object, ...] = ()
    """Google's speed; Microsoft's rate, pitch and volume."""


class GoogleStandIn(ThreadingHTTPServer):
    """Google Translate's `batchexecute`, as gTTS 2.5.4 asks and reads it."""

    daemon_threads = False  # closing waits for them

    def __init__(self, *answers: Answer, lead: float = 0, tail: float = 0) -> None:
        super().__init__(("127.0.0.1", 0), _GoogleHandler)
        self.script = _Script(answers)
        self.lead, self.tail = lead, tail
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self._thread.join()
        self.server_close()


class _GoogleHandler(BaseHTTPRequestHandler):
    server: GoogleStandIn

    def do_POST(self) -> None:
        assert self.path == "/_/TranslateWebserverUi/data/batchexecute"
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        ((name, parameters, _, _),) = json.loads(form["f.req"][0])[0]
        text, lang, speed, _ = json.loads(parameters)
        assert name == "jQ1olc"
        self.server.asked.append(Asked(text, lang, (speed,)))
        answer = self.server.script.next()
        if answer.kind == "slow":
            self.server.closing.wait(PATIENCE)
            return
        if answer.kind == "gone":
            return
        body = self._body(answer, lang, text)
        self.send_response_only(answer.status)
        now = self.date_time_string()
        for header, value in {"Date": now, "Content-Length": str(len(body)), **answer.headers}.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if answer.kind == "dropped" else body)

    def _body(self, answer: Answer, lang: str, text: str) -> bytes:
        if answer.status != 200 or answer.kind == "page":
            return PAGE
        if answer.kind == "nothing":
            held: object = None
        else:
            sound = answered(answer, lang, text, 64, self.server.lead, self.server.tail)
            held = json.dumps([base64.b64encode(sound).decode()[: -1 if answer.kind == "garbled" else None]])
        envelope = [["wrb.fr", "jQ1olc", held, None, None, None, "generic"], ["di", 93], ["af.httprm", 93]]
        line = json.dumps(envelope, separators=(",", ":"))
        return f')]}}\'\n\n{len(line)}\n{line}\n25\n[["e",4,null,null,{len(line)}]]\n'.encode()

    def log_message(self, *_: object) -> None:
        pass


class EdgeStandIn:
    """The websocket of Microsoft Edge's “Read aloud”, as edge-tts 7.3.1 asks and reads it."""

    def __init__(self, *answers: Answer, lead: float = 0) -> None:
        """`lead`: seconds of silence before the speech that the words' times do not know of."""
        self.script = _Script(answers)
        self.lead = lead
        self.asked: list[Asked] = []
        self.connections = 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,))
        self._thread.start()
        assert started.wait(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    def _serve(self, started: threading.Event) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._until_closed(started))

    async def _until_closed(self, started: threading.Event) -> None:
        self._closing = asyncio.Event()
        app = web.Application()
        app.router.add_get("/edge/v1", self._handle)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"ws://127.0.0.1:{runner.addresses[0][1]}/edge/v1?TrustedClientToken=none"
        started.set()
        await self._closing.wait()
        await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.connections += 1
        assert {"Sec-MS-GEC", "Sec-MS-GEC-Version", "ConnectionId"} <= set(request.query)
        answer = self.script.next()
        if answer.status != 200 or answer.kind == "page":
            return web.Response(
                body=PAGE, status=answer.status, headers=answer.headers, content_type="text/html"
            )
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        config = await socket.receive_str()
        assert '"wordBoundaryEnabled":"true"' in config
        assert "audio-24khz-48kbitrate-mono-mp3" in config
        asked = _spoken(await socket.receive_str())
        self.asked.append(asked)
        if answer.kind == "slow":
            await self._closing.wait()
        elif answer.kind != "gone":
            await self._answer(socket, answer, asked)
        if answer.kind in ("gone", "dropped"):
            assert request.transport is not None
            request.transport.abort()
        else:
            await socket.close()
        return socket

    async def _answer(self, socket: web.WebSocketResponse, answer: Answer, asked: Asked) -> None:
        lang = asked.lang.split("-")[0]
        await socket.send_str(_message("turn.start", {"context": {"serviceTag": "none"}}))
        await socket.send_str(_message("response", {"context": {}, "audio": {"type": "inline"}}))
        if answer.kind == "garbled":
            await socket.send_str("Path:audio.metadata\r\n\r\n{")
        if answer.kind != "nothing":
            if answer.kind not in ("wordless", "silence"):
                for boundary in boundaries(lang, asked.text, answer.kind == "timeless"):
                    await socket.send_str(_message("audio.metadata", {"Metadata": [boundary]}))
            sound = answered(answer, lang, asked.text, 48, self.lead)
            if answer.kind == "dropped":
                sound = sound[: len(sound) // 288 * 144]
            for at in range(0, len(sound), 1440):
                await socket.send_bytes(_audio(sound[at : at + 1440]))
            if answer.kind == "dropped":
                return
            await socket.send_bytes(_audio(b""))
        await socket.send_str(_message("turn.end", {}))


def boundaries(lang: str, text: str, timeless: bool = False) -> list[dict[str, object]]:
    """The metadata of every word that is said, as Microsoft tells it: without the delay of the MP3."""
    speech = said(lang, text)
    told: list[dict[str, object]] = []
    for offset, sample in speech.onsets:
        word = re.split(r"\s", text[offset:], maxsplit=1)[0].strip("،,.؟?!«»“”:;؛")
        data = {
            "Offset": 0 if timeless else sample * 10_000_000 // speech.rate,
            "Duration": 1_000_000,
            "text": {"Text": escape(word), "Length": len(word), "BoundaryType": "WordBoundary"},
        }
        told.append({"Type": "WordBoundary", "Data": data})
    return told


def _spoken(message: str) -> Asked:
    head, _, ssml = message.partition("\r\n\r\n")
    assert "Path:ssml" in head
    prosody = ElementTree.fromstring(ssml)[0][0]
    voice = re.search(r"\((.+), (.+)\)", ssml)
    assert voice
    settings = tuple(prosody.attrib[name] for name in ("rate", "pitch", "volume"))
    return Asked(prosody.text or "", f"{voice[1]}-{voice[2]}", settings)


def _message(path: str, content: object) -> str:
    head = f"X-RequestId:none\r\nContent-Type:application/json; charset=utf-8\r\nPath:{path}"
    return f"{head}\r\n\r\n{json.dumps(content)}"


def _audio(data: bytes) -> bytes:
    kind = "Content-Type:audio/mpeg\r\n" if data else ""
    head = f"X-RequestId:none\r\n{kind}X-StreamId:none\r\nPath:audio\r\n".encode()
    return len(head).to_bytes(2, "big") + head + data
