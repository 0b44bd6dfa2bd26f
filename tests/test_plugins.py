"""Plug-ins that break in every way, seen from the command line: each is a problem of its own sentences."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.building import HAKAWATI
from tests.support import write_book

BAD = '''
import ctypes, math, os, sys, time
from array import array
from dataclasses import dataclass
from hakawati.model import Speech
from hakawati.voices import Engine
from hakawati.voices.options import Options

N = float("nan")
PCM = array("h", [int(9000 * math.sin(i * .05)) for i in range(24000)]).tobytes()
GOOD = Speech(PCM, 24000, ((0, 0),))

def noise():
    """As a plug-in and its libraries print, and the programs that they run."""
    print("NOISE of Python")
    print("NOISE of its own stream", file=sys.__stdout__)
    os.write(1, b"NOISE of the system\\n")
    ctypes.CDLL(None).puts(b"NOISE of C")
    os.system("echo NOISE of a program")
    return GOOD

def raised(error):
    raise error

def deep():
    return deep()

ANSWERS = {
    "good": lambda: GOOD,
    "noise": noise,
    "none": lambda: None,
    "nan-times": lambda: Speech(PCM, 24000, ((0, N), (4, N), (8, N))),
    "float-times": lambda: Speech(PCM, 24000, ((0, .5), (4, 900.7))),
    "unordered": lambda: Speech(PCM, 24000, ((0, 20000), (4, 100))),
    "nan-rate": lambda: Speech(PCM, N, ((0, 0),)),
    "zero-rate": lambda: Speech(PCM, 0, ((0, 0),)),
    "float-rate": lambda: Speech(PCM, 22050.5, ((0, 0),)),
    "odd": lambda: Speech(PCM[:-1], 24000, ((0, 0),)),
    "str-pcm": lambda: Speech("abc", 24000, ()),
    "nan-sure": lambda: Speech(PCM, 24000, ((0, 0),), N),
    "huge": lambda: Speech(PCM * 7200, 24000, ((0, 0),)),
    "unpicklable": lambda: Speech(PCM, 24000, ((0, lambda: 0),)),
    "exit": lambda: sys.exit(0),
    "interrupt": lambda: raised(KeyboardInterrupt()),
    "memory": lambda: raised(MemoryError()),
    "recursion": deep,
    "os-exit": lambda: os._exit(3),
}

@dataclass(frozen=True)
class Bad:
    what: str
    key = property(lambda self: f"bad {self.what}")
    credit, where = "Bad", "anywhere"
    def speak(self, text):
        return ANSWERS[self.what]()

def make(lang, options, project):
    what = Options("bad", options, {"what": str}).text("what", "good")
    if what == "noise":
        noise()
    return raised(LookupError("no voice")) if what == "make" else Bad(what)

ENGINE = Engine("bad", "breaks", make, lambda: {"en-bad": "bad"})
'''
LOUD = f"""{BAD}
import atexit
atexit.register(noise)
noise()
ENGINE = Engine("bad", "is loud", make, lambda: noise() and {{"en-loud": "loud"}}, lambda: noise() and "")
"""
WRONG = {
    "none": "it is None, not a Speech",
    "nan-times": "its onset (0, nan) is not a pair of whole numbers",
    "float-times": "its onset (0, 0.5) is not a pair of whole numbers",
    "unordered": "its onset (4, 100) is before the one that precedes it",
    "nan-rate": "its rate is nan, not a whole number from 8000 to 192000",
    "zero-rate": "its rate is 0, not a whole number from 8000 to 192000",
    "float-rate": "its rate is 22050.5, not a whole number from 8000 to 192000",
    "odd": "its pcm has 47999 bytes, and each sample takes two",
    "str-pcm": "its pcm is a str, not bytes",
    "nan-sure": "its sure is nan, not a number from 0 to 1",
    "huge": "its sound lasts 7200 s; 82 s are the most for this text",
}
RAISED = {
    "exit": "SystemExit: 0",
    "interrupt": "KeyboardInterrupt",
    "memory": "MemoryError",
    "recursion": "RecursionError: maximum recursion depth exceeded",
}
PROBLEMS = {
    **{what: f"its answer cannot be used ({why}) at “One two red”" for what, why in WRONG.items()},
    **{what: f"it broke off ({why}) at “One two red”" for what, why in RAISED.items()},
    "os-exit": "the voice's process died, twice",
}


def installed(folder: Path, code: str) -> Mapping[str, str]:
    """The environment in which the plug-in is installed."""
    told = folder / "bad-1.0.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: bad\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[hakawati.voices]\nbad = bad:ENGINE\n")
    (folder / "bad.py").write_text(code)
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return installed(tmp_path_factory.mktemp("bad"), BAD)


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return installed(tmp_path_factory.mktemp("loud"), LOUD)


def hakawati(
    environment: Mapping[str, str], folder: Path, *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HAKAWATI, *map(str, arguments)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def book(project: Path, what: str, text: str = "One two red") -> Path:
    config = f"title: P\nlanguages: [en]\ncover: none\nvoices: {{en: {{engine: bad, what: {what}}}}}\n"
    write_book(project, {"book.yaml": config, "en/01-one.md": f"# {text}\n"})
    shutil.rmtree(project / "book" / "ar", ignore_errors=True)
    return project


def test_every_wrong_answer_is_a_problem_of_its_sentence_and_the_other_books_are_built(
    bad: Mapping[str, str], tmp_path: Path
) -> None:
    wrong = [*PROBLEMS, "unpicklable"]
    shelf = [book(tmp_path / what, what) for what in [*wrong, "make", "good"]]
    done = hakawati(bad, tmp_path, "build", "--json", *shelf)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    found = {Path(each["project"]).name: each for each in json.loads(done.stdout)}
    for what, told in PROBLEMS.items():
        (problem,) = found[what]["problems"]
        assert (problem["path"], problem["line"]) == ("book/en/01-one.md", 1)
        assert problem["message"] == f"Bad cannot speak this sentence: {told}"
        assert problem["hint"] == "choose another voice, or report it to the author of this one"
    (problem,) = found["unpicklable"]["problems"]
    assert "is not a pair of whole numbers" in problem["message"]
    (problem,) = found["make"]["problems"]
    assert (problem["path"], problem["line"]) == ("book/book.yaml", 4)
    assert problem["message"].endswith("is broken: its make broke off (LookupError: no voice)")
    assert (tmp_path / "good" / found["good"]["epub"]).exists()
    for what in [*wrong, "make"]:
        assert not (tmp_path / what / "audio").exists()


@pytest.mark.parametrize("what", ["none", "exit", "zero-rate", "make", "memory"])
def test_a_voice_that_is_tried_and_breaks_is_a_problem(
    bad: Mapping[str, str], tmp_path: Path, what: str
) -> None:
    project = book(tmp_path / "project", what)
    done = hakawati(bad, project, "say", "One two red", "--language", "en")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert ("its make broke off" if what == "make" else PROBLEMS[what]) in done.stderr
    assert not (project / "say.mp3").exists()


def test_nothing_that_a_plug_in_prints_gets_into_an_answer(loud: Mapping[str, str], tmp_path: Path) -> None:
    project = book(tmp_path / "project", "noise")

    def told(*arguments: str) -> Any:
        done = hakawati(loud, project, *arguments)
        assert "NOISE of C" in done.stderr
        assert "NOISE of a program" in done.stderr
        assert "NOISE" not in done.stdout
        return done

    assert "passed" in json.loads(told("check", "--quick", "--json").stdout)
    assert json.loads(told("build", "--json").stdout)["chapters"][0]["clips_made"] == 1
    assert json.loads(told("build", "--dry-run", "--json", "--voice", "en=bad").stdout)["chapters"]
    assert "bad" in json.loads(told("voices", "--json").stdout)
    assert told("say", "One").stdout.splitlines()[1:] == ["  One"]
    assert "bad: is loud" in told("voices").stdout


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import sys; sys.exit(3)", "cannot be loaded: SystemExit: 3"),
        ("ENGINE = None", "is broken: it is no hakawati.voices.Engine"),
        (BAD.replace('"breaks"', "None"), "is broken: its description is not text, but None"),
        (
            BAD.replace('lambda: {"en-bad": "bad"}', "lambda: None"),
            "is broken: its voices is not a mapping, but None",
        ),
        (
            BAD.replace('lambda: {"en-bad": "bad"}', "dict, lambda: raised(LookupError('lost'))"),
            "is broken: its ready broke off (LookupError: lost)",
        ),
    ],
)
def test_the_voices_of_others_are_listed_whatever_is_wrong_with_one(
    tmp_path: Path, code: str, why: str
) -> None:
    done = hakawati(installed(tmp_path / "plug", code), tmp_path, "voices", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["espeak"]["ready"]
    assert (found["bad"]["ready"], found["bad"]["voices"]) == (False, {})
    assert found["bad"]["description"] == f"the engine “bad” (bad:ENGINE) {why}"


def test_a_voice_that_stays_on_this_machine_in_name_only_is_named(
    bad: Mapping[str, str], tmp_path: Path
) -> None:
    """It can be made here, but not in the worker: its module is another there."""
    code = f"""
from multiprocessing import parent_process
if parent_process():
    raise ImportError("not here")
{BAD}"""
    project = book(tmp_path / "project", "good")
    done = hakawati(installed(tmp_path / "plug", code), project, "build")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Bad cannot speak this sentence: it broke off (ImportError: not here)" in done.stderr


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its C library is another")
