"""A plain subset of YAML, read together with the line of every value.

The plain part of YAML that people write by hand: mappings, lists, scalars with the types of YAML 1.2's
core schema (so that `no` is Norwegian, not false). Tags, anchors, aliases and merge keys are
refused: nothing can be constructed and nothing can be multiplied.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, MutableMapping
from typing import NoReturn, Protocol

import yaml

from hakawati.errors import BookError, Problem
from hakawati.source.characters import faults

Path = tuple[str | int, ...]
"""Where a value stands: keys and indices from the top."""
Lines = MutableMapping[Path, int]
"""The 1-based line of every value."""

MAX_DEPTH = 20
MAX_KEY = 300
"""Characters."""

# A number that its digits do not survive (007, one of 19 digits) is text.
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*|(?=[eE])))([eE][-+]?[0-9]{1,3})?")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


def read(text: str, path: str) -> tuple[object, Lines]:
    """The document's data (None for an empty one) and the line of every value in it.

    Raises `BookError` at the first thing that is not plain YAML.
    """
    loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    composer = _YamlComposer(path, text, yaml.parse(text, Loader=loader))
    try:
        return composer.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark and error.context_mark and not text[mark.index :].strip():
            mark = error.context_mark  # what the file's end breaks off is better mended where it begins
        message = " ".join(filter(None, (error.context, error.problem)))
        raise _fault(path, composer.line(mark), f"this is not YAML: {message}") from None
    except yaml.YAMLError as error:
        raise _fault(path, 0, f"this is not YAML: {str(error).splitlines()[0]}") from None


def _fault(path: str, line: int, message: str, hint: str = "") -> BookError:
    hint = hint or "look for an unclosed quote, a tab, or text with “: ” that needs quotes around it"
    return BookError([Problem(path, line, message, hint)])


class _YamlMark(Protocol):
    """A place, in characters; PyYAML's two parsers have a class each for it."""

    index: int


class _YamlComposer:
    """Builds data from parse events, so that depth is bounded and no node is met twice."""

    def __init__(self, path: str, text: str, events: Iterator[yaml.Event]) -> None:
        self.path = path
        self.events = events
        self.ends = [match.start() for match in re.finditer("\n", text)]
        self.lines: dict[Path, int] = {}

    def document(self) -> tuple[object, Lines]:
        data: object = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(event, "a second document begins", "remove the line “---”")
                data = self._value(next(self.events), ())
        return data, self.lines

    def _value(self, event: yaml.Event, at: Path) -> object:
        self.lines[at] = self.line(event.start_mark)
        if len(at) > MAX_DEPTH:
            self._refuse(event, f"nested more than {MAX_DEPTH} levels deep", "write it flatter")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._refuse(event, "anchors (&) and aliases (*) are not used here", "write it out, or quote it")
        if (tag := getattr(event, "tag", None)) not in (None, "!"):
            self._refuse(event, f"the tag {tag} is not used here", "quote text that begins with “!”")
        if isinstance(event, yaml.ScalarEvent):
            self._check_characters(event)
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[object] = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self._value(event, (*at, len(items))))
            return items
        return self._mapping(at)

    def _mapping(self, at: Path) -> dict[str, object]:
        mapping: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(event, "a key must be a word", "a key is what stands before the colon")
            self._check_characters(event)
            key: str = event.value
            if len(key) > MAX_KEY:
                hint = "a key is what stands before the colon"
                self._refuse(event, f"a key of more than {MAX_KEY} characters", hint)
            if key in mapping:
                first = self.lines[*at, key]
                self._refuse(event, f"“{key}” is given twice (first in line {first})", "keep one of them")
            line = self.line(event.start_mark)
            mapping[key] = self._value(next(self.events), (*at, key))
            self.lines[*at, key] = line
        return mapping

    def _check_characters(self, event: yaml.ScalarEvent) -> None:
        """Text may be written with escapes, and hold what the file does not."""
        for _, message, hint in faults(event.value):
            self._refuse(event, message, hint)

    def line(self, mark: _YamlMark | None) -> int:
        """As editors count: to YAML, U+0085, U+2028 and U+2029 begin a line, too."""
        return bisect_left(self.ends, mark.index) + 1 if mark else 0

    def _refuse(self, event: yaml.Event, message: str, hint: str) -> NoReturn:
        raise _fault(self.path, self.line(event.start_mark), message, hint)


def _scalar(event: yaml.ScalarEvent) -> object:
    text: str = event.value
    if not event.implicit[0]:  # quoted, or a block
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
