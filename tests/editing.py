"""A small book that is edited at random: as an author would, and as one who makes mistakes."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import yaml
from PIL import Image

from tests.goldens import CHOICES, TIME
from tests.tiny_font import ARABIC, tiny_font

UNSPEAKABLE = "xyzzy"
"""A word at which every voice gives up."""
PASSAGES = (
    ("ذهب الولد إلى السوق. ثم عاد.", "The boy went to the market. Then he came back."),
    ("هذه مدينة كبيرة، وفيها نهر.", "This is a big city, and there is a *river* in it."),
    ("في باريس ثلاثة قطارات!", "There are three trains in Paris!"),
    (
        "قرأت **كتابا** قديما[^@]؛ لم أفهمه.\n\n[^@]: من المكتبة.",
        "I read an old book.[^@]\n\n[^@]: From the library.",
    ),
    ("> قال المعلم: اقرأ واكتب.", "> The teacher said: read and write."),
    ("- خبز\n- تمر وماء", "- bread\n- dates and water"),
    ("## في البيت", "## At Home"),
    ("![خريطة](images/map.png)", "![A map](images/map.png)"),
    ("***", "***"),
    (
        "| اليوم | الدرس |\n|:---|---:|\n| الأحد | قراءة |",
        "| Day | Lesson |\n|:---|---:|\n| Sunday | reading |",
    ),
    ("::: verse\nالعلم نور / والجهل ظلام\n:::", "::: verse\nLight / and darkness\n:::"),
    ("::: dialogue\nسعاد: أين هو؟\nكريم: هناك.\n:::", "::: dialogue\nSuad: Where?\nKarim: Over there.\n:::"),
    (
        "::: questions\n1. أين السوق؟\n   > في المدينة.\n:::",
        "::: questions\n1. Where?\n   > In the city.\n:::",
    ),
    ("{voice=teacher}\nاسمعوا!", "Listen!"),
)
"""Blocks and their translations; `@` becomes a label of the block's own."""
WORDS = (("وقف", "stood"), ("نهر", "river"), ("المطر", "rain"), ("ليل", "night"), ("السوق", "the market"))
TITLES = (("الأول", "The First"), ("الطريق", "The Road"), ("نهاية", "An End"), ("في المدينة", "In the City"))
NAMES = ("road", "river", "night", "rain", "back-home", "Two Words", "نهر")
SETTINGS: Mapping[str, tuple[Any, ...]] = {
    **{key: tuple(map(yaml.safe_load, values)) for key, values in CHOICES.items()},
    "cover": (None, "images/cover.png", "none"),
    "languages": (["ar", "en"], ["ar", "en"], ["en", "ar"]),
    "slug": (None, "a-book", "another"),
    "authors": (None, ["مؤلفة"], ["مؤلفة", "A Second"]),
    "description": (None, "It is small."),
    "site": (None, "https://example.org/book"),
    "audio.bitrate": (None, 48, 32),
    "audio.loudness": (None, -24.0),
    "narration.pauses.phrase": (None, 200),
    "narration.pauses.sentence": (None, 0, 600),
    "narration.pauses.paragraph": (None, 100),
    "voices.en.rate": (None, 150, 200),
    "voices.teacher.pitch": (None, 70),
    "listening": (None, ["lrc"], ["vtt", "playlist"], ["srt", "audiobook"], ["feed", "vtt"], ["lrc", "srt"]),
    "editions": (
        None,
        {"both": {"narration": {"languages": ["ar", "en"]}, "layout": "sentences"}},
        {"slow": {"narration": {"speed": 0.8}}, "plain": {"layout": "original", "cover": "none"}},
        {"slow": {"listening": ["lrc", "playlist"], "vowels": "print", "title": {"ar": "على مهل"}}},
        {"plain": {"cards": False, "narration": {"glossary": False}, "sync": "word"}},
    ),
}  # fmt: skip
"""Keys of `book.yaml` and what they may be; None is left out."""
MISTAKES: tuple[Callable[[dict[str, bytes], Random], object], ...] = (
    lambda files, _: files.update({"book.yaml": files["book.yaml"] + b"colour: red\n"}),
    lambda files, _: files.update({"book.yaml": b"title: [\n"}),
    lambda files, _: files.pop("book.yaml"),
    lambda files, _: files.update({"glossary.yaml": b"- translation: {en: x}\n"}),
    lambda files, _: files.update({"pronunciation.yaml": b"Paris: Paree\nParis: Pariss\n"}),
    lambda files, _: files.pop("images/cover.png"),
    lambda files, _: files.update({"images/map.png": b"no image"}),
    lambda files, _: files.update({"en/99-no-original.md": b"# Alone\n\nOnly here.\n"}),
    lambda files, chance: _damage(files, chance, b"\n\nA block too many.\n\nAnd one more.\n"),
    lambda files, chance: _damage(files, chance, b"\n\n\xff\xfe\n"),
    lambda files, chance: _damage(files, chance, b"\n\n![none](images/none.png)\n"),
    lambda files, chance: _damage(files, chance, b"\n\n[there](77-nowhere.md)\n"),
    lambda files, chance: _damage(files, chance, b"\n\n::: nothing\nx\n:::\n"),
    lambda files, chance: files.update({chance.choice(_texts(files)): b""}),
)
"""Most are mistakes; some, in some books, are not."""


def _texts(files: Mapping[str, bytes]) -> list[str]:
    return sorted(name for name in files if name.endswith(".md"))


def _damage(files: dict[str, bytes], chance: Random, more: bytes) -> None:
    files[chance.choice(_texts(files))] += more


@dataclass(frozen=True)
class Part:
    """A chapter."""

    title: tuple[str, str]
    blocks: tuple[tuple[str, str], ...]
    is_translated: bool = True


@dataclass(frozen=True)
class Draft:
    """The whole book as it is at some time."""

    parts: Mapping[str, Part]
    settings: Mapping[str, Any] = field(default_factory=dict)
    terms: tuple[Mapping[str, Any], ...] = ()
    say: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, int] = field(default_factory=lambda: {"map": 4, "cover": 9})
    """Their widths."""

    def files(self) -> dict[str, bytes]:
        """By path in `book/`."""
        keys: dict[str, Any] = {"title": {"ar": "كتاب", "en": "A Book"}}
        voices: dict[str, Any] = {name: {"engine": "espeak"} for name in ("ar", "en", "teacher")}
        keys["voices"] = voices
        for key, value in self.settings.items():
            *parents, last = key.split(".")
            inner = keys
            for parent in parents:
                inner = inner.setdefault(parent, {})
            if value is not None:
                inner[last] = value
        keys.setdefault("languages", ["ar", "en"])
        files = {"book.yaml": _yaml(keys), "fonts/Tiny.ttf": FONT}
        for name, part in self.parts.items():
            for n, lang in enumerate(("ar", "en")):
                if part.is_translated or lang == keys["languages"][0]:
                    texts = [block[n].replace("@", f"n{i}") for i, block in enumerate(part.blocks)]
                    files[f"{lang}/{name}.md"] = "\n\n".join([f"# {part.title[n]}", *texts, ""]).encode()
        if self.terms:
            files["glossary.yaml"] = _yaml([dict(term) for term in self.terms])
        if self.say:
            files["pronunciation.yaml"] = _yaml(dict(self.say))
        return files | {f"images/{name}.png": _image(width) for name, width in self.images.items()}


FONT = tiny_font(ARABIC)
START = Draft(
    parts={
        "01-one": Part(TITLES[0], (PASSAGES[0], PASSAGES[1], PASSAGES[3])),
        "02-two": Part(TITLES[1], (PASSAGES[2],)),
    },
    terms=({"term": "مدينة", "translation": {"en": "city"}, "definition": {"en": "Large."}},),
)


def _yaml(data: object) -> bytes:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()


def _image(width: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, 5), (width * 20 % 256, 80, 90)).save(made, "PNG")
    return made.getvalue()


class Author:
    """Edits one book after another way; the same seed gives the same edits."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.draft = START
        self.before: list[Draft] = [START]
        """All that were books without mistakes."""
        self.did: list[str] = []
        """What was done, in words."""

    def edit(self) -> dict[str, bytes]:
        """Edit the book and return its files; `accept` or `refuse` must follow."""
        chance = self.chance
        acts = {
            self._insert: 6, self._delete: 4, self._move: 3, self._reword: 8, self._set: 14, self._undo: 5,
            self._add_chapter: 3, self._remove_chapter: 2, self._rename: 4, self._swap: 1, self._retitle: 3,
            self._translate: 1, self._term: 4, self._say: 3, self._redraw: 2, self._mistake: 6,
        }  # fmt: skip
        self.wanted = self.draft
        files = None
        while files is None or files == self.draft.files():
            (act,) = chance.choices(list(acts), list(acts.values()))
            told = act()
            files = self.wanted.files()
            if act == self._mistake:
                number = chance.randrange(len(MISTAKES) + 1)
                told = f"make mistake {number}"
                if number < len(MISTAKES):
                    MISTAKES[number](files, chance)
                else:
                    _damage(files, chance, f" And {UNSPEAKABLE}.\n".encode())
        self.did.append(told)
        return files

    def accept(self) -> None:
        """What was edited is a book."""
        self.draft = self.wanted
        self.before.append(self.draft)

    def refuse(self) -> None:
        """What was edited is none: it is taken back with the next edit."""
        self.did[-1] += " (refused)"

    def _pick(self) -> str:
        return self.chance.choice(list(self.draft.parts))

    def _part(self, name: str, **changes: Any) -> None:
        parts = dict(self.draft.parts)
        parts[name] = replace(parts[name], **changes)
        self.wanted = replace(self.draft, parts=parts)

    def _insert(self) -> str:
        name, block = self._pick(), self.chance.choice(PASSAGES)
        if self.chance.random() < 0.1:
            target = self._pick()
            block = (f"[انظر]({target}.md).", f"[See]({target}.md).")
        blocks = list(self.draft.parts[name].blocks)
        at = self.chance.randint(0, len(blocks))
        blocks.insert(at, block)
        self._part(name, blocks=tuple(blocks[:6]))
        return f"insert {block[1]!r} as block {at} of {name}"

    def _delete(self) -> str:
        name = self._pick()
        blocks = list(self.draft.parts[name].blocks)
        if len(blocks) > 1:
            gone = blocks.pop(self.chance.randrange(len(blocks)))
            self._part(name, blocks=tuple(blocks))
            return f"delete {gone[1]!r} of {name}"
        return ""

    def _move(self) -> str:
        name, other = self._pick(), self._pick()
        parts = dict(self.draft.parts)
        blocks = list(parts[name].blocks)
        block = blocks.pop(self.chance.randrange(len(blocks)))
        if other != name and not blocks:
            return ""
        parts[name] = replace(parts[name], blocks=tuple(blocks))
        there = list(parts[other].blocks)
        there.insert(self.chance.randint(0, len(there)), block)
        parts[other] = replace(parts[other], blocks=tuple(there))
        self.wanted = replace(self.draft, parts=parts)
        return f"move {block[1]!r} of {name} within {other}"

    def _reword(self) -> str:
        """Another word in the original, in the translation or in both."""
        name = self._pick()
        blocks = list(self.draft.parts[name].blocks)
        at = self.chance.randrange(len(blocks))
        word = self.chance.choice(WORDS)
        which = self.chance.choice([(0,), (1,), (0, 1)])
        if any(not text[-1].isalpha() and text[-1] not in ".!" for text in blocks[at]):
            return ""
        texts = [f"{t} {word[n]}." if n in which else t for n, t in enumerate(blocks[at])]
        blocks[at] = (texts[0], texts[1])
        self._part(name, blocks=tuple(blocks))
        return f"add {[word[n] for n in which]} to block {at} of {name}"

    def _set(self) -> str:
        key = self.chance.choice(list(SETTINGS))
        value = self.chance.choice(SETTINGS[key])
        self.wanted = replace(self.draft, settings={**self.draft.settings, key: value})
        return f"set {key} to {value}"

    def _undo(self) -> str:
        at = self.chance.randrange(len(self.before))
        self.wanted = self.before[at]
        return f"go back to the book after {at} edits that were none of them mistakes"

    def _name(self) -> str:
        return f"{self.chance.randint(1, 12):02}-{self.chance.choice(NAMES)}"

    def _add_chapter(self) -> str:
        name = self._name()
        if len(self.draft.parts) < 4 and name not in self.draft.parts:
            blocks = tuple(self.chance.choices(PASSAGES, k=self.chance.randint(1, 3)))
            part = Part(self.chance.choice(TITLES), blocks)
            self.wanted = replace(self.draft, parts={**self.draft.parts, name: part})
        return f"add the chapter {name}"

    def _remove_chapter(self) -> str:
        name = self._pick()
        parts = {key: part for key, part in self.draft.parts.items() if key != name}
        if parts:
            self.wanted = replace(self.draft, parts=parts)
        return f"remove the chapter {name}"

    def _rename(self) -> str:
        name, new = self._pick(), self._name()
        if new not in self.draft.parts:
            parts = {new if key == name else key: part for key, part in self.draft.parts.items()}
            self.wanted = replace(self.draft, parts=parts)
        return f"rename {name} to {new}"

    def _swap(self) -> str:
        one, other = self._pick(), self._pick()
        swapped = {**self.draft.parts, one: self.draft.parts[other], other: self.draft.parts[one]}
        self.wanted = replace(self.draft, parts=swapped)
        return f"swap {one} and {other}"

    def _retitle(self) -> str:
        name, title = self._pick(), self.chance.choice(TITLES)
        self._part(name, title=title)
        return f"call {name} {title[1]!r}"

    def _translate(self) -> str:
        name = self._pick()
        self._part(name, is_translated=not self.draft.parts[name].is_translated)
        return f"take away the translation of {name}, or bring it back"

    def _term(self) -> str:
        word = self.chance.choice(WORDS)
        terms = [term for term in self.draft.terms if term["term"] != word[0]]
        if len(terms) == len(self.draft.terms) or self.chance.random() < 0.5:
            term = {"term": word[0], "translation": {"en": word[1]}}
            more = {"definition": {"en": "It is so.", "ar": "هكذا هو."}, "root": "ك ت ب", "say": word[0] + "ُ"}
            keys = self.chance.sample(sorted(more), self.chance.randint(0, 3))
            terms.insert(self.chance.randint(0, len(terms)), term | {key: more[key] for key in keys})
        self.wanted = replace(self.draft, terms=tuple(terms))
        return f"the glossary is {[dict(term) for term in terms]}"

    def _say(self) -> str:
        said = {"Paris": "Paree", "city": "citty", "باريس": "بَارِيس", "المطر": "المَطَرُ"}
        words = self.chance.sample(sorted(said), self.chance.randint(0, 3))
        self.wanted = replace(self.draft, say={word: said[word] for word in words})
        return f"say {words}"

    def _redraw(self) -> str:
        name, width = self.chance.choice(sorted(self.draft.images)), self.chance.randint(3, 12)
        self.wanted = replace(self.draft, images={**self.draft.images, name: width})
        return f"draw {name} anew, {width} wide"

    def _mistake(self) -> str:
        return "make a mistake"


def save(book: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder hold these files: what is the same stays, and the same content has the same time."""
    for path in sorted(book.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(book).as_posix() not in files:
            path.unlink()
    for name, data in files.items():
        path = book / name
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            os.utime(path, (time := TIME - zlib.crc32(data) % 10_000_000, time))
