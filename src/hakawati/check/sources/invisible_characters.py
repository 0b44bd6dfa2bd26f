"""Characters that cannot be seen in the source, and part words, turn lines or hide from a search.

Who needs one can write it as an entity, `&rlm;` or `&shy;`, which everybody sees: the files are looked at as
they are written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from hakawati.check.language_tags import primary_subtag
from hakawati.check.sources.book_texts import list_lines, make_notice
from hakawati.model import Book, Finding

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_JOINED = re.compile(  # 👩‍🚀, and the flags that are spelt
    "(?<=[\u200d\ufe0f\u20e3\u2190-\u2bff\U0001f000-\U0001faff])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])"
    "|\U0001f3f4[\U000e0020-\U000e007f]+"
)
_JOINING = frozenset(
    [
        *("fa", "ur", "ckb", "ku", "ps", "sd", "ug", "ks", "pnb"),
        *("hi", "mr", "ne", "bn", "as", "gu", "pa", "or", "ta", "te", "kn", "ml", "si", "my", "km", "bo"),
    ]
)
"""Languages that are written with ZERO WIDTH NON-JOINER and JOINER."""
_ADVICE = {
    "\u00ad": "delete it, or write &shy;: it parts the word for searches",
    "\u200b": "delete it, or write a space",
    "\u200c": "delete it: it parts the word for searches",
    "\u200e": "delete it, or write &lrm;, which can be seen: right-to-left and Latin text mix without",
    "\u200f": "delete it, or write &rlm;, which can be seen: right-to-left and Latin text mix without",
}


def check(book: Book, files: Mapping[str, str]) -> Iterator[Finding]:
    """Notices of every such character, one for each file that has it. `files`: text by path."""
    chapters = {chapter.name for chapter in book.chapters}
    for path, text in files.items():
        _, _, within = path.partition("/")
        folder, _, name = within.partition("/")
        joining = primary_subtag(folder) in _JOINING or (not name and _any_joining(book))
        places: dict[str, list[int]] = {}
        for number, line in enumerate(text.split("\n"), start=1):
            for character in _INVISIBLE.findall(_JOINED.sub("", line)):
                if not (joining and character in "\u200c\u200d"):
                    places.setdefault(character, []).append(number)
        chapter = name.removesuffix(".md")
        for character, lines in places.items():
            yield _describe(path, character, lines, chapter if chapter in chapters else "")


def _any_joining(book: Book) -> bool:
    """The text of `book.yaml` and its like is in any of the languages."""
    return any(primary_subtag(lang) in _JOINING for lang in book.edition.metadata.languages)


def _describe(path: str, character: str, lines: Sequence[int], chapter: str) -> Finding:
    name = f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
    message = f"an invisible character, {name}{list_lines(lines)}"
    return make_notice(path, lines[0], message, _ADVICE.get(character, "delete it"), chapter)
