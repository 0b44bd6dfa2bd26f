"""Any command-line program as an engine.

It is run in the project's folder, as a list of arguments, never through a shell. What it can do to whoever
waits for it is bounded: how long it takes, how much it writes, and what it leaves behind.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hakawati.errors import nearest
from hakawati.model import Speech, Voice, VoiceError, VoiceUnavailableError, Where, longest
from hakawati.programs import Program
from hakawati.voices import Engine
from hakawati.voices.options import Options
from hakawati.voices.sound import decoded
from hakawati.voices.timing import timed

_PLACEHOLDER = re.compile(r"\{\w+\}")
_TEXT, _WAV, _LANG = "{text}", "{wav}", "{lang}"
_MOST = 100_000_000
"""Bytes that a program may write for one text; a minute of 48 kHz stereo has 12 million."""
_LOOK = 0.005
"""Seconds between two looks at whether it has ended."""
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-_])")
"""What colours a terminal."""


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments."""

    run: tuple[str, ...]
    """As the author wrote them, the program first."""
    lang: str
    project: Path
    """Where it runs, and where it is found if it is named with a slash."""
    seconds: int = 60
    """How long it may take for one text."""
    version: str = ""
    """The author's own: a new one makes every clip again."""

    @property
    def key(self) -> str:
        """What the program consists of is not in it: `version` is there for that."""
        return f"command {json.dumps(self.run, ensure_ascii=False)} version={self.version} lang={self.lang}"

    @property
    def credit(self) -> str:
        return Path(self.run[0]).name

    @property
    def where(self) -> Where:
        return "here"

    def speak(self, text: str) -> Speech:
        """What the program says; the onsets are found by listening to it."""
        return timed(*self.sound(text), text, self.lang)

    def sound(self, text: str) -> tuple[bytes, int]:
        """What the program says: PCM and its rate in Hz. Raises `VoiceError`."""
        with TemporaryDirectory(prefix="hakawati-", ignore_cleanup_errors=True) as folder:
            return self._said(text, Path(folder))

    def _said(self, text: str, folder: Path) -> tuple[bytes, int]:
        """PCM and its rate in Hz. `folder` is empty, and for this text alone.

        The program reads from a file and writes to files: a pipe would block it, or us, or be held open by
        a child that it leaves behind.
        """
        given, told = folder / "text", folder / "told"
        sound = folder / ("speech.wav" if self._has(_WAV) else "output")
        values = {_TEXT: text, _WAV: str(sound), _LANG: self.lang}
        arguments = [_PLACEHOLDER.sub(lambda m: values[m[0]], argument) for argument in self.run[1:]]
        # The line is ended, since a shell's `read` takes no other.
        given.write_bytes(b"" if self._has(_TEXT) else f"{text}\n".encode())
        output = told if self._has(_WAV) else sound
        with self._started(arguments, folder, given, output, told) as program:
            status = self._wait(program, (sound, told))
        if status:
            raise VoiceError(f"“{self.credit}” {_status(status)}{_last_words(told)}")
        data = sound.read_bytes() if _size(sound) else b""
        if not data:
            raise VoiceError(f"“{self.credit}” wrote no sound{_last_words(told)}")
        try:
            return decoded(data, longest(text))
        except VoiceError as error:
            raise VoiceError(f"“{self.credit}” did not speak: {error}{_last_words(told)}") from None

    def _has(self, placeholder: str) -> bool:
        return any(placeholder in argument for argument in self.run[1:])

    def _started(
        self, arguments: list[str], folder: Path, stdin: Path, stdout: Path, stderr: Path
    ) -> Program:
        command = [_found(self.run[0], self.project), *arguments]
        try:
            return Program(command, folder, stdin=stdin, stdout=stdout, stderr=stderr, cwd=self.project)
        except OSError as error:
            if error.errno == errno.E2BIG:
                raise VoiceError(
                    f"the text is too long for the command line of “{self.credit}”; without “{_TEXT}” it"
                    " would be given on standard input"
                ) from None
            raise VoiceUnavailableError(
                f"“{self.run[0]}” cannot be started: {error.strerror}",
                "its first line should name its interpreter (#!/bin/sh)"
                if error.errno == errno.ENOEXEC
                else "",
            ) from None

    def _wait(self, program: Program, written: tuple[Path, ...]) -> int:
        """Return its status when it has ended; raise `VoiceError` as soon as it goes too far."""
        last = time.monotonic() + self.seconds
        while True:
            status = program.ended()
            if any(_size(file) > _MOST for file in written):
                raise VoiceError(f"“{self.credit}” wrote more than {_MOST:,} bytes")
            if status is not None:
                return status
            if time.monotonic() > last:
                raise VoiceError(f"“{self.credit}” took longer than {self.seconds} s")
            time.sleep(_LOOK)


def make(lang: str, options: Mapping[str, object], project: Path) -> Voice:
    """A program from `{run, seconds, version}`."""
    version = options.get("version")
    if type(version) in (int, float):
        options = {**options, "version": str(version)}
    chosen = Options("command", options, {"run": list, "seconds": int, "version": str})
    run = chosen.texts("run")
    if not run or not run[0].strip():
        raise VoiceError("command needs a “run”: a list of the program and its arguments")
    for argument in run:
        if "\0" in argument:
            raise VoiceError("command's “run” has a null character in it")
        for placeholder in _PLACEHOLDER.findall(argument):
            if placeholder not in (_TEXT, _WAV, _LANG):
                known = nearest(placeholder, (_TEXT, _WAV, _LANG))
                raise VoiceError(f"command has no placeholder “{placeholder}”; {known}")
    if _PLACEHOLDER.search(run[0]):
        raise VoiceError(f"command's “run” begins with the program, and “{run[0]}” is none")
    seconds = chosen.whole("seconds", 60, 1, 3600)
    voice = Command(run, lang, project.absolute(), seconds, chosen.text("version", ""))
    _found(run[0], voice.project)
    return voice


def _found(program: str, project: Path) -> str:
    """The path of a program. Raises `VoiceUnavailableError` where it is not there, or is none."""
    if Path(program).name == program:
        path = shutil.which(program)
        if path is None:
            raise VoiceUnavailableError(
                f"there is no program “{program}” here",
                "install it, or name it with its folder: “./program” is one in the project's folder",
            )
        return path
    file = project / program
    if not file.is_file():
        raise VoiceUnavailableError(
            f"there is no program “{program}”", f"it was looked for from the project's folder, {project}"
        )
    if not os.access(file, os.X_OK):
        raise VoiceUnavailableError(
            f"“{program}” is not a program that can be run",
            f"chmod +x {program}, or name its interpreter first",
        )
    return str(file)


def _status(code: int) -> str:
    if code > 0:
        return f"ended with status {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:  # a real-time signal has no name
        return f"was ended by signal {-code}"


def _size(file: Path) -> int:
    """0 where there is none, or what is there is no file that can be read to its end."""
    return file.stat().st_size if file.is_file() else 0


def _last_words(told: Path) -> str:
    """`: ` and what it said last, on one line; nothing where it said nothing."""
    with told.open("rb") as file:
        file.seek(max(0, _size(told) - 2000))
        text = _ESCAPE.sub("", file.read(2000).decode("utf-8", "replace"))
    lines = ["".join(c for c in line if c.isprintable()).strip() for line in text.splitlines()]
    words = " / ".join([line for line in lines if line][-3:])
    return f": {words[-300:]}" if words else ""


ENGINE = Engine("command", "any program that speaks", make, dict)
