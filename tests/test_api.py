"""The examples of the API's page run, and print what it says; what it calls stable is there."""

from __future__ import annotations

import doctest
import importlib
import os
import re
import shlex
import subprocess
import sys
import wave
from dataclasses import MISSING, fields
from pathlib import Path
from unittest import mock

import pytest

from hakawati.publishing import shelf
from hakawati.publishing.options import BuildOptions
from hakawati.voices.espeak import Espeak
from tests.goldens import ROOT, TIME, Inline
from tests.support import write_book

API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
DESIGN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
BLOCK = r"^```\w+ (\S+)\n((?:(?!```).*\n)*)```"
BLOCKS: dict[str, str] = dict(re.findall(BLOCK, API, re.M))
PRINTED: dict[str, str] = {
    name: printed for name, _, printed in re.findall(rf"{BLOCK}\n\n```text\n((?:(?!```).*\n)*)```", API, re.M)
}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with what the examples use."""
    sources = {name: text for name, text in re.findall(BLOCK, DESIGN, re.M) if "EPUB" not in name}
    write_book(tmp_path / "my-book", sources)
    broken = "broken-book/book/"
    mistakes = {name.removeprefix(broken): BLOCKS[name] for name in BLOCKS if name.startswith(broken)}
    write_book(tmp_path / "broken-book", dict(mistakes))
    narrator = Espeak("en+f3")
    spoken = [narrator.speak(text) for text in ("Nobody came home.", "The cat waited by the door.")]
    with wave.open(str(tmp_path / "recording.wav"), "wb") as file:
        file.setparams((1, 2, spoken[0].rate, 0, "NONE", ""))
        file.writeframes(b"".join(one.pcm for one in spoken))
    return tmp_path


def run(folder: Path, *command: str) -> str:
    """What Python prints that is given these arguments."""
    path = os.pathsep.join([str(folder), str(ROOT / "src")])
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "SOURCE_DATE_EPOCH": str(TIME)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["build.py", "walk.py", "problems.py", "align.py"])
def test_an_example_prints_what_the_page_says(name: str, here: Path) -> None:
    (here / name).write_text(BLOCKS[name], encoding="utf-8")
    assert run(here, name) == PRINTED[name]


def test_the_engine_of_the_page_is_installed_and_speaks(here: Path) -> None:
    (here / "hakawati_dictation.py").write_text(BLOCKS["hakawati_dictation.py"], encoding="utf-8")
    package = here / "hakawati_dictation-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: hakawati-dictation\nVersion: 1\n")
    point = BLOCKS["pyproject.toml"].partition("\n")[2].replace('"', "")
    (package / "entry_points.txt").write_text(f"[hakawati.voices]\n{point}")
    (command,) = re.findall(r"^hakawati (say .*)$", API, re.M)
    run(here, "-m", "hakawati", *shlex.split(command))
    with wave.open(str(here / "dictation.wav")) as file:
        slow = file.getnframes() / file.getframerate()
    plain = Espeak("en").speak("One two three.")
    assert slow > len(plain.pcm) / 2 / plain.rate + 2 * 0.3
    config = here / "my-book" / "book" / "book.yaml"
    config.write_text(config.read_text() + "voices: {ar: {engine: dictation, pause: 500}}\n")
    run(here, "-m", "hakawati", "build", "my-book")
    assert (here / "my-book" / "build" / "the-door.epub").is_file()


def test_every_name_that_is_called_stable_is_there() -> None:
    table = API.partition("## What is stable")[2].partition("\n\n**What may change")[0]
    rows = re.findall(r"^\| (`hakawati[^|]*) \|", table, re.M)
    assert len(rows) > 8
    for row in rows:
        module, *names = re.findall(r"`([\w.]+)`", row)
        if not names and ":" not in row:
            module, _, name = module.rpartition(".")
            names = [name]
        for name in names:
            assert hasattr(importlib.import_module(module), name), f"{module}.{name}"


def test_every_option_of_a_build_is_described() -> None:
    table = API.partition("### Options of a build")[2].partition("## Examples")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", table, re.M))
    assert list(rows) == [field.name for field in fields(BuildOptions)]
    for field in fields(BuildOptions):
        if field.default is not MISSING:
            default = '`""`' if field.default == "" else f"`{field.default}`"
            assert rows[field.name].startswith(default), field.name


def test_the_examples_of_build_and_load_run(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    with mock.patch("hakawati.narration.dispatcher.local_executor", return_value=Inline()):
        failed, attempted = doctest.testmod(shelf)
    assert (failed, attempted) == (0, 6)
