"""What makes the web edition an app: it can be installed, and works offline.

Sources: W3C Web Application Manifest; Service Workers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files

from hakawati.model import direction
from hakawati.web.html_pages import PageFrame


def manifest(frame: PageFrame) -> bytes:
    """The web app manifest of the folder."""
    icons = [
        {"src": "app/icon.svg", "type": "image/svg+xml", "sizes": "any", "purpose": "any"},
        {"src": "app/icon-192.png", "type": "image/png", "sizes": "192x192", "purpose": "any maskable"},
        {"src": "app/icon-512.png", "type": "image/png", "sizes": "512x512", "purpose": "any maskable"},
    ]
    told = {
        "name": frame.title,
        "short_name": frame.title,
        "description": frame.description,
        "lang": frame.lang,
        "dir": direction(frame.lang),
        "start_url": "index.html",
        "scope": "./",
        "display": "standalone",
        "background_color": "#fbf8f1",
        "theme_color": "#fbf8f1",
        "categories": ["books", "education"],
        "icons": icons,
    }
    return json.dumps(
        {name: value for name, value in told.items() if value}, ensure_ascii=False, indent=1
    ).encode()


def worker(frame: PageFrame, program: Iterable[str]) -> bytes:
    """The service worker, with the list of the book's pages and of the files that it stores at once.

    `frame`: the main edition's; `program`: paths of the reader's program in the folder.
    """
    known = {
        "TREES": [[tree.root, list(tree.layouts)] for tree in frame.trees],
        "PARTS": [part.path for part in frame.parts],
        "SHELL": [*program, "book/style.css", "book/refinements.css", "manifest.webmanifest", "index.html"],
    }
    head = f"/* VERSION = {json.dumps(frame.program)} of the reader's program. */\n"
    head += "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    source = files("hakawati.web").joinpath("sw.js").read_text(encoding="utf-8")
    return (head + source).encode()
