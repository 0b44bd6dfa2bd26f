"""What is fuzzed: bytes → a book folder with these in one of its files, which is held to the contract."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tests.fuzz.contract import hold
from tests.goldens import PAIRS
from tests.support import draw, write_book
from tests.tiny_font import tiny_font

HERE = Path(__file__).parent
_OVERLOOKED = tuple(" \t\n\x00\x85\xa0\xad\u0640\u064b\u0651\u0670\u200d\u200f\u2028\u202e\u2067\ufeff😀")
DIVIDER = b"\n%%\n"
"""Between an original and its translation."""

ARABIC = """# المقاومة

قال الرجل: «زجاجات المولوتوف، وقنابل المولوتوف»، ثم مشى إلى باريس سنة 1944.[^ile]

- كتبَ للمدينةِ.

> والمدينة بعيدة؟

[^ile]: الجزيرة *هنا*.
"""
ENGLISH = """# The Resistance

The man said: “Molotov cocktails!” Then he walked to Paris in 1944.[^ile]

- He wrote to the city.

> Is the city far?

[^ile]: The island is *here*.
"""
GLOSSARY = """- term: قنابل المولوتوف
  forms: [زجاجات المولوتوف]
  translation: {en: Molotov cocktails}
  definition: {ar: سلاح, en: A weapon}
  say: قَنَابِلُ المُولُوتُوف
  root: ق ن ب ل
- {term: مدينة, translation: {en: city}}
"""
PRONUNCIATION = "باريس: بَارِيس\nMolotov: Mollotoff\n"
YAML: Mapping[str, object] = {
    "title": {"ar": "كتاب", "en": "A Book"},
    "languages": ["ar", "en"],
    "cover": "none",
    "voices": {"teacher": {"engine": "espeak"}},
}


@dataclass(frozen=True)
class Target:
    """A file of a book that is fuzzed."""

    name: str
    files: Callable[[bytes], Mapping[str, bytes]]
    """What the input makes of the book's files."""

    def __call__(self, data: bytes, project: Path) -> bool:
        """Hold a book to the contract; whether it is one. `project`: a folder made by `base`."""
        changed = {"book.yaml": configuration(data), **self.files(_washed(data))}
        for name, content in changed.items():
            (project / "book" / name).write_bytes(content)
        # What is in order in `book.yaml` may be contradicted elsewhere: languages without a chapter.
        return not hold(project, () if self.name == "book" else changed)

    @property
    def tokens(self) -> list[str]:
        """What the file's format knows, and what is easily overlooked, to be put into inputs."""
        return [*(HERE / "tokens" / f"{self.name}.txt").read_text(encoding="utf-8").split(), *_OVERLOOKED]

    @property
    def corpus(self) -> list[Path]:
        """The inputs that are kept."""
        return sorted((HERE / "corpus" / self.name).iterdir())


def base(project: Path) -> Path:
    """A whole small book, in which one file is going to be another."""
    draw(project / "book" / "images" / "map.png")
    return write_book(
        project,
        {
            "book.yaml": configuration(b""),
            "ar/01-one.md": ARABIC,
            "en/01-one.md": ENGLISH,
            "ar/02-two.md": "# ثان\n\nباريس والمدينة.\n",
            "en/02-two.md": "# Two\n\nParis and the city.\n",
            "glossary.yaml": GLOSSARY,
            "pronunciation.yaml": PRONUNCIATION,
            "fonts/Tiny.ttf": _font(),
        },
    )


_font = cache(tiny_font)


def configuration(data: bytes) -> bytes:
    """A `book.yaml` that an input chooses: the same input, the same choices."""
    made = _configurations()
    return made[zlib.crc32(data) % len(made)]


@cache
def _configurations() -> list[bytes]:
    """One for each variant of the golden workbook, so that every two choices stand together in one."""
    made = []
    for variant in PAIRS:
        keys = {key: dict(value) if isinstance(value, dict) else value for key, value in YAML.items()}
        variant.apply(keys)
        made.append(yaml.safe_dump(keys, allow_unicode=True, sort_keys=False).encode())
    return made


def _washed(data: bytes) -> bytes:
    """Of four inputs, three have only what text has, so that most get further than to what reads bytes."""
    if zlib.crc32(data) % 4 == 0:
        return data
    return "".join(c for c in data.decode("utf-8", "ignore") if c == "\n" or c >= " ").encode()


def _markdown(data: bytes) -> Mapping[str, bytes]:
    original, _, translation = data.partition(DIVIDER)
    return {"ar/01-one.md": original, "en/01-one.md": translation or original}


TARGETS: Mapping[str, Target] = {
    "book": Target("book", lambda data: {"book.yaml": data}),
    "glossary": Target("glossary", lambda data: {"glossary.yaml": data}),
    "pronunciation": Target("pronunciation", lambda data: {"pronunciation.yaml": data}),
    "markdown": Target("markdown", _markdown),
}
