"""What makes the web edition an app: it can be installed, and works offline.

Sources: W3C Web Application Manifest; Service Workers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files

from hakawati.model import direction
from hakawati.web.pages import Frame


def manifest(frame: Frame) -> bytes:
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


def worker(program: Mapping[str, bytes]) -> bytes:
    """The service worker, with what it keeps from the beginning. `program`: the reader's, by name."""
    total = hashlib.sha256()
    for name, data in sorted(program.items()):
        total.update(f"\\0{name}\\0".encode() + data)
    shell = ["index.html", "book/style.css", "manifest.webmanifest", *(f"app/{name}" for name in program)]
    source = files("hakawati.web").joinpath("sw.js").read_text(encoding="utf-8")
    head = f"const VERSION = {json.dumps(total.hexdigest()[:12])};\nconst SHELL = {json.dumps(shell)};\n"
    return (head + source).encode()
