"""The pages of the web edition: the book's content in the reader's interface, and the paths of everything.

Each edition has a tree of its own: `index.html`, `LAYOUT/…` as in the EPUB, `audio/`, and in `book/` what its
pages show. The main edition's is the folder itself; those of the others are in `editions/NAME/`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from hakawati.common.templates import environment
from hakawati.common.wording import format_time
from hakawati.model import SAMPLE_RATE, direction
from hakawati.web.interface_labels import label

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""Only what is in the folder is ever loaded or run."""


@dataclass(frozen=True, slots=True)
class EditionPage:
    """A page of an edition: a chapter, its glossary or its answers."""

    name: str
    """The chapter's, or empty where nothing is read aloud."""
    title: str
    path: str
    """In a layout's tree."""
    duration: int = 0
    """Of its narration, in samples."""
    key: str = ""
    """Of its title, where that is a label of the interface: `glossary`, `answers`."""
    audio: str = ""
    """The path of its MP3 in the edition's tree; empty where nothing is read aloud."""


@dataclass(frozen=True, slots=True)
class EditionTree:
    """An edition, as the pages of the others link to it."""

    edition: str
    """Its name, empty for the main one."""
    layouts: tuple[str, ...]
    """Its own first."""
    identifier: str
    """Of its publication."""

    @property
    def root(self) -> str:
        """Where it is in the folder: empty, or with a slash at its end."""
        return f"editions/{self.edition}/" if self.edition else ""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What all pages of an edition have in common."""

    tree: EditionTree
    trees: tuple[EditionTree, ...]
    """Of all editions, the main one first."""
    parts: tuple[EditionPage, ...]
    title: str
    lang: str
    speaks: str
    """The language of the interface, `ar` or `en`."""
    description: str = ""
    program: str = ""
    """The version of the reader's program; the folder that it is in has its name."""
    scripts: tuple[str, ...] = ()
    """The program's; the one that has the reader's choices runs before anything is shown."""
    styles: tuple[str, ...] = ()

    @property
    def edition(self) -> str:
        return self.tree.edition

    @property
    def identifier(self) -> str:
        """The main edition's, for all: what a reader chose for one is chosen for the book."""
        return self.trees[0].identifier


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to another page."""

    href: str
    title: str
    key: str = ""
    """Of its title, where that is a label of the interface."""
    here: bool = False
    time: str = ""


def page(
    frame: PageFrame,
    layout: str,
    number: int,
    body: str,
    *,
    cues: str = "",
    sound: str = "",
    terms: Sequence[tuple[str, str]] = (),
) -> bytes:
    """The page of `frame.parts[number]`, in UTF-8.

    `body`: the chapter as HTML; `cues`: as JSON, empty where nothing is read aloud; `sound`: a digest of the
    narration, so that a browser does not play an old file from its cache; `terms`: entries of the glossary by
    id, to be shown over the page.
    """
    part, tree = frame.parts[number], frame.tree
    here = f"{tree.root}{layout}/{part.path}"

    def to(part: EditionPage) -> str:
        return way(here, f"{tree.root}{layout}/{part.path}")

    return _rendered(
        frame,
        here,
        layout=layout,
        chapter=part.name or part.key,
        title=part.title,
        body=body,
        contents=[PageLink(to(p), p.title, p.key, p is part) for p in frame.parts],
        layouts=[
            PageLink(way(here, f"{tree.root}{name}/{part.path}"), name, f"layout-{name}", name == layout)
            for name in tree.layouts
        ],
        editions=[_edition(other, here, f"{other.layouts[0]}/{part.path}", tree) for other in frame.trees],
        terms=terms,
        audio=f"{way(here, tree.root + part.audio)}?v={sound}" if cues else "",
        before=to(frame.parts[number - 1]) if number else "",
        after=to(frame.parts[number + 1]) if number + 1 < len(frame.parts) else "",
        cues=cues,
    )


def index(frame: PageFrame, body: str, cover: str) -> bytes:
    """The first page of an edition, in UTF-8.

    `body`: the book's title page as HTML; `cover`: the path of its image in the tree, or empty.
    """
    tree = frame.tree
    here = f"{tree.root}index.html"
    contents = [
        PageLink(f"{tree.layouts[0]}/{part.path}", part.title, part.key, time=clock(part.duration))
        for part in frame.parts
    ]
    template = _environment().get_template("index.html.j2")
    inner = template.render(frame=frame, body=Markup(body), cover=cover, parts=contents)
    return _rendered(
        frame,
        here,
        layout=tree.layouts[0],
        chapter="",
        title=frame.title,
        body=inner,
        contents=contents,
        layouts=(),
        editions=[_edition(other, here, "index.html", tree) for other in frame.trees],
        terms=(),
        audio="",
        before="",
        after=contents[0].href if contents else "",
        cues="",
    )


def _edition(other: EditionTree, here: str, path: str, own: EditionTree) -> PageLink:
    key = "" if other.edition else "edition-main"
    return PageLink(way(here, f"{other.root}{path}"), other.edition, key, other == own)


def way(page: str, target: str) -> str:
    """The relative URL from a page to another file or to a folder.

    A folder's `target` is empty or ends with a slash, and so does its URL.
    """
    found = posixpath.relpath(target or ".", posixpath.dirname(page) or ".")
    if target and not target.endswith("/"):
        return found
    return "" if found == "." else f"{found}/"


def clock(samples: int) -> str:
    """A duration for people, `1:05` or `1:02:03`; empty for none. `samples`: at `SAMPLE_RATE`."""
    whole = (samples + SAMPLE_RATE // 2) // SAMPLE_RATE
    return format_time(whole) if whole else ""


def _rendered(frame: PageFrame, here: str, **view: object) -> bytes:
    root, tree = way(here, ""), way(here, frame.tree.root)
    values = {"root": root, "up": tree, "home": f"{tree}index.html", **view}
    template = _environment().get_template("page.html.j2")
    return template.render(frame=frame, view=values, policy=POLICY).encode()


@cache
def _environment() -> Environment:
    return environment("hakawati.web", label=label, direction=direction)
