"""foliate-js in headless Chromium: its own `reader.html` opens books, and does what a person does there."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ElementHandle, Frame, Page

from tests.chromium import chromium
from tests.readers import programs

PHONE = (420, 640)
"""A window that shows one page, in CSS pixels."""
TYPES = {".html": "text/html", ".js": "text/javascript", ".epub": "application/epub+zip"}
IN_PAGE = Path(__file__).with_suffix(".js")


@dataclass(frozen=True)
class Part:
    """A `par` of an overlay: its text and its audio by their paths in the EPUB, its times in seconds."""

    text: str
    begin: float
    end: float
    audio: str


@dataclass(frozen=True)
class Lit:
    """What was seen when a part was lit up."""

    text: str
    at: float
    """Seconds, in the audio."""
    alone: bool
    """Whether nothing else was lit."""
    shown: str
    box: tuple[float, float, float, float] | None
    """Of its first line, in the window: left, top, width, height; None where it is not drawn."""
    background: str


@dataclass(frozen=True)
class PoppedUp:
    """What a reference brings up, over the page."""

    text: str
    directions: list[str]
    """As of `Opened.directions`."""
    box: tuple[float, float, float, float] | None


class Opened:
    """A book in the reader, at its first page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def play(self, parts: Sequence[Part]) -> list[Lit]:
        """Read the book aloud, from its beginning to its end; `parts` is what should light up."""
        done = self.page.evaluate("test.play", [asdict(part) for part in parts])
        assert done["left"] == 0, "something stays lit after the end"
        for lit in done["lit"]:
            assert "error" not in lit, lit
        return [Lit(**lit) for lit in done["lit"]]

    @property
    def sections(self) -> list[str]:
        """The paths of the documents of the spine."""
        found: list[str] = self.page.evaluate("reader.view.book.sections.map(({ id }) => id)")
        return found

    @property
    def place(self) -> tuple[int, float]:
        """The section's number, and how much of the book is behind, 0 to 1."""
        section, fraction = self.page.evaluate("test.place()")
        return section, fraction

    @property
    def at_end(self) -> bool:
        return bool(self.page.evaluate("reader.view.renderer.atEnd"))

    def press(self, key: str) -> None:
        """Press a key that turns the page."""
        self.page.keyboard.press(key)
        self.page.evaluate("test.settled()")

    def go(self, path: str) -> None:
        """To the beginning of a document of the EPUB."""
        self.page.evaluate("test.go", self.sections.index(path))

    def frame(self) -> Frame:
        """The document that is shown."""
        handle = self.page.evaluate_handle("test.page().doc.defaultView.frameElement")
        assert isinstance(handle, ElementHandle)
        frame = handle.content_frame()
        assert frame is not None
        return frame

    def search(self, query: str) -> list[tuple[str, str]]:
        """The document and the text of every place that is found."""
        sections = self.sections
        return [(sections[section], text) for section, text in self.page.evaluate("test.search", query)]

    def copied(self, ids: Sequence[str]) -> list[str]:
        """What is copied of each element of the document that is shown."""
        found: list[str] = self.page.evaluate("test.copied", ids)
        return found

    def directions(self) -> list[str]:
        """Each language in the document that is shown, with the direction of its text: `en ltr`."""
        found: list[str] = self.page.evaluate("test.directions()")
        return found

    def pop_up(self, id_: str) -> PoppedUp:
        """Click a reference in the document that is shown; again, where it was still turning the page."""
        for _ in range(5):
            self.frame().locator(f"[id='{id_}']").click()
            if self.page.evaluate("test.opens()"):
                break
        return PoppedUp(**self.page.evaluate("test.popped()"))

    def spoken(self) -> dict[str, str]:
        """What a screen reader is told of each element with an id in the document that is shown."""
        return _spoken(self.page, self.frame())


class Foliate:
    """A browser, and a server that has the reader and the books that are open."""

    def __init__(self, browser: Browser, origin: str, books: dict[str, Path]) -> None:
        self._browser = browser
        self._origin = origin
        self._books = books

    @contextmanager
    def open(self, epub: Path, size: tuple[int, int] = PHONE) -> Iterator[Opened]:
        """The book in a window of its own; what the browser reports as an error is one."""
        path = f"/{len(self._books)}.epub"
        self._books[path] = epub
        window = {"width": size[0], "height": size[1]}
        context = self._browser.new_context(viewport=window)  # type: ignore[arg-type]
        context.add_init_script(path=IN_PAGE)
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        try:
            page.goto(f"{self._origin}/reader.html?url={path}")
            page.evaluate("test.settled()")
            page.evaluate("test.popUp()")
            yield Opened(page)
            assert errors == [], errors
        finally:
            context.close()


class _Handler(SimpleHTTPRequestHandler):
    """foliate-js's files, and books."""

    def __init__(self, *given: Any, books: dict[str, Path], directory: Path) -> None:
        self._books = books
        super().__init__(*given, directory=str(directory))

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # every browser asks for it
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def translate_path(self, path: str) -> str:
        book = self._books.get(path)
        return str(book) if book else super().translate_path(path)

    def guess_type(self, path: Any) -> str:
        return TYPES[Path(path).suffix]

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def foliate(home: Path) -> Iterator[Foliate]:
    """The reader, as long as it is needed; `home` keeps what the browser keeps."""
    books: dict[str, Path] = {}
    handler = partial(_Handler, books=books, directory=programs.node_modules() / "foliate-js")
    environment = programs.environment(home)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, chromium(environment) as browser:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Foliate(browser, f"http://127.0.0.1:{server.server_port}", books)
        finally:
            server.shutdown()


def _spoken(page: Page, frame: Frame) -> dict[str, str]:
    tools = page.context.new_cdp_session(page)
    (shown,) = [
        child["frame"]["id"]
        for child in tools.send("Page.getFrameTree")["frameTree"]["childFrames"]
        if child["frame"]["url"] == frame.url
    ]
    nodes = tools.send("Accessibility.getFullAXTree", {"frameId": shown})["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}

    def text(node: dict[str, Any]) -> str:
        if node["role"]["value"] in ("StaticText", "LineBreak"):
            return str(node["name"]["value"])
        return "".join(text(by_id[child]) for child in node["childIds"] if child in by_id)

    by_element = {node["backendDOMNodeId"]: node for node in nodes if "backendDOMNodeId" in node}
    tree = tools.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
    found = {}
    for element in _elements(tree):
        attributes = dict(
            zip(element.get("attributes", [])[::2], element.get("attributes", [])[1::2], strict=True)
        )
        if element["backendNodeId"] in by_element and "id" in attributes:
            found[attributes["id"]] = text(by_element[element["backendNodeId"]])
    return found


def _elements(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    inner = [*node.get("children", []), *node.get("shadowRoots", [])]
    for child in [*inner, *([node["contentDocument"]] if "contentDocument" in node else [])]:
        yield from _elements(child)
