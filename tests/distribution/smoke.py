"""A book, begun and built with an installed Hakawati; run by the Python that it is installed for.

Arguments: an empty folder to work in.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from importlib.metadata import requires, version
from pathlib import Path
from xml.etree import ElementTree

PROGRAM = (sys.executable, "-I", "-m", "hakawati")  # -I: nothing from where it runs, nor from the environment


def said(*arguments: str) -> str:
    done = subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"hakawati {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    folder = Path(sys.argv[1])
    assert said("--version").split() == ["hakawati", version("hakawati")]
    assert requires("hakawati")
    voices = json.loads(said("voices", "--json"))
    assert voices["espeak"]["ready"]
    assert "ar" in voices["espeak"]["voices"]
    project = folder / "book"
    said("new", str(project))
    first = json.loads(said("build", "--json", str(project)))
    assert sum(chapter["clips_made"] for chapter in first["chapters"]) > 5
    again = json.loads(said("build", "--json", str(project)))
    assert sum(chapter["clips_made"] for chapter in again["chapters"]) == 0
    with zipfile.ZipFile(project / first["epub"]) as book:
        assert book.testzip() is None
        names = book.namelist()
        assert book.read("mimetype") == b"application/epub+zip"
        for name in names:
            if name.endswith((".xhtml", ".smil", ".opf", ".ncx", ".xml")):
                ElementTree.fromstring(book.read(name))
        assert len([name for name in names if name.endswith(".smil")]) >= 1
        assert "EPUB/drawn_cover.jpg" in names
    sounds = list((project / "audio").glob("*.mp3"))
    assert sounds
    assert all(sound.stat().st_size > 20_000 for sound in sounds)
    json.loads(said("words", "--json", str(project)))
    said("say", "كلمة", "--out", str(folder / "say.mp3"))
    for command in ("check", "preview"):
        assert command in said("--help")
        said(command, "--help")


if __name__ == "__main__":
    main()
