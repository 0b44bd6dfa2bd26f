"""`hakawati preview`, as an author meets it: the command, a real book, and what a page of it is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.building import Command, ends, run, soon
from tests.preview.serving import until
from tests.support import write_book

GOOD = "# One\n\nThis is a sentence.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    yaml = "title: {en: A Book}\nlanguages: [en]\neditions: {slow: {narration: {speed: 0.8}}}\n"
    return write_book(tmp_path / "project", {"book.yaml": yaml, "en/01-one.md": GOOD, "ar/01-one.md": GOOD})


@pytest.fixture
def preview(project: Path, tmp_path: Path) -> Iterator[Command]:
    """A preview whose first build is done."""
    with Command(tmp_path, "preview", project, "--no-open", "--port", "0", "--workers", "1") as command:
        assert soon(lambda: "Built in" in command.told), command.told
        yield command


def url(command: Command) -> str:
    found = re.search(r"http://127\.0\.0\.1:[0-9]+", command.told)
    assert found, command.told
    return found[0]


def test_it_serves_the_book_and_ends_with_ctrl_c(preview: Command, project: Path) -> None:
    with httpx.Client(base_url=url(preview), trust_env=False) as client:
        page = client.get("/interleaved/text/01-one.html")
        assert "This is a" in re.sub(r"<[^>]+>", "", page.text)
        (source,) = re.findall(r'<audio[^>]* src="([^"]+)"', page.text)
        sound = client.get(str(page.url.join(source)), headers={"range": "bytes=0-99"})
        assert (sound.status_code, len(sound.content)) == (206, 100)
    assert list((project / "build").glob("*.epub"))
    ends(preview)


def test_an_edit_a_mistake_and_what_is_mended_are_told_here_and_to_the_pages(
    preview: Command, project: Path
) -> None:
    chapter = project / "book" / "en" / "01-one.md"
    address = url(preview)
    socket = f"{address.replace('http', 'ws')}/live/socket"
    with connect(socket, origin=Origin(address), proxy=None) as page:
        first = until(page, "ready")
        assert [(c["edition"], c["name"]) for c in first["chapters"]] == [("", "01-one"), ("slow", "01-one")]

        chapter.write_text(GOOD + "\nThis is another.\n")
        told = until(page, "pages")
        assert {"interleaved/text/01-one.html", "audio/01-one.mp3"} <= set(told["changed"])
        assert "editions/slow/interleaved/text/01-one.html" in told["changed"]
        assert "index.html" in told["changed"]  # has the chapter's length
        assert not [name for name in told["changed"] if name.startswith("app/")]
        assert until(page, "ready")["changed"] == []
        assert soon(lambda: "2 sentences spoken" in preview.told), preview.told

        chapter.write_text(GOOD + "\n![](images/none.png)\n")
        told = until(page, "problems")
        assert told["changed"] == []
        problem = told["problems"][-1]
        assert (problem["path"], problem["line"]) == ("book/en/01-one.md", 5)
        assert [5, "![](images/none.png)"] in problem["excerpt"]
        assert soon(lambda: "the page shows the last good book" in preview.told)
        assert "book/en/01-one.md:5: the image images/none.png" in preview.told

        chapter.write_text(GOOD)
        until(page, "ready")
        assert json.loads((project / "build" / "report.json").read_text())["chapters"]
    ends(preview)


def test_a_book_that_begins_with_a_mistake_is_shown_when_it_has_none(project: Path, tmp_path: Path) -> None:
    config = project / "book" / "book.yaml"
    good = config.read_text()
    config.write_text("title: x\nlanguages: en\ncolour: red\n")
    with Command(tmp_path, "preview", project, "--no-open", "--port", "0") as command:
        assert soon(lambda: "the page shows the last good book" in command.told), command.told
        answer = httpx.get(url(command), trust_env=False)
        assert (answer.status_code, 'data-live="waiting"' in answer.text) == (503, True)
        config.write_text(good)
        assert soon(lambda: "Built in" in command.told), command.told
        assert httpx.get(url(command), trust_env=False).status_code == 200
        ends(command)


def test_without_a_book_there_is_nothing_to_show(tmp_path: Path) -> None:
    command = run(tmp_path, "preview", tmp_path / "none", "--no-open")
    assert command.ended() == 1
    assert "no book/ in" in command.told
    assert "Traceback" not in command.told


def test_a_port_that_is_taken_is_told(preview: Command, project: Path, tmp_path: Path) -> None:
    port = url(preview).rpartition(":")[2]
    command = run(tmp_path, "preview", project, "--no-open", "--port", port)
    assert command.ended() == 1
    assert f"port {port} is taken" in command.told
