"""Every regular expression of the program, given what makes a bad one look for hours (ReDoS).

What sees texts of any length must go through them once; what sees a sentence, a term or a line of book.yaml,
of which each has an end, may take as long as its square. Nothing may take longer.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import hakawati

ROOT = Path(hakawati.__file__).parent
SOURCES = {
    path.relative_to(ROOT).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(ROOT.rglob("*.py"))
}
CALLS = ("compile", "sub", "subn", "split", "findall", "finditer", "match", "fullmatch", "search")
OF_ANY_LENGTH = {
    "check/clock_values",
    "check/declared_languages",
    "check/source_map",
    "epub/xhtml",
    "source/characters",
    "source/config",
    "source/divs",
    "source/inline",
    "source/pairing",
    "source/parser",
    "source/sentences",
    "source/starter",
    "source/tables",
    "source/yaml_lines",
    "web/html",
}
"""The modules whose patterns are given texts that have no other end than that of a file."""
BOUNDED = {
    "source/sentences": ["_ABBREVIATION"],  # looks at 20 characters
    "source/starter": ["_ENDING"],  # and at MAX_HEADING
}
MADE_LATER = {
    "arabic/irregular": 1,
    "check/sources/digits": 1,
    "check/sources/quotation_marks": 1,
    "narration/doubtful_words": 1,
    "source/divs": 1,
    "voices/edge": 2,
}
"""How many patterns are made of what only a function knows; tests of their modules give them long texts."""
LONG, SHORT = 50_000, 5_000
SECONDS = 3.0
"""Of CPU: to go through a text once takes a hundredth of that, and its square many times as much."""
COMMON = ("a", " ", "1", ".", "\n", "ب", "َ", "[", "(", "a ", "a.", "1.", " .", "ب َ", "<!--", "((")


@dataclass(frozen=True)
class Found:
    """A pattern, and where it stands."""

    module: str
    line: int
    name: str
    pattern: re.Pattern[str]
    uses: tuple[str, ...]
    """The methods that it is asked by: `match` looks at one place, `search` at every one."""

    def __str__(self) -> str:
        return f"{self.module}:{self.line}"

    @property
    def length(self) -> int:
        whole = self.module in OF_ANY_LENGTH and self.name not in BOUNDED.get(self.module, ())
        return LONG if whole else SHORT


def patterns() -> Iterator[Found | str]:
    """Every pattern; or the module of one that cannot be told without running a function."""
    for module, source in SOURCES.items():
        tree = ast.parse(source)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_of_re(node.func)]
        known = {}
        if calls:
            known = dict(vars(importlib.import_module(f"hakawati.{module.replace('/', '.')}")))
        names = {
            node.value: ast.unparse(node.targets[0])
            for node in tree.body
            if isinstance(node, ast.Assign) and len(node.targets) == 1
        }
        for call in calls:
            flags = [k.value for k in call.keywords if k.arg == "flags"] + call.args[1:2] * (
                ast.unparse(call.func) == "re.compile"
            )
            try:
                written = eval(ast.unparse(call.args[0]), known)
                flag = eval(ast.unparse(flags[0]), known) if flags else 0
                name = names.get(call, "")
                uses = uses_of(name, module) if name else (ast.unparse(call.func).removeprefix("re."),)
                yield Found(module, call.lineno, name, re.compile(written, flag), uses)
            except NameError:
                tables = (value for value in known.values() if isinstance(value, tuple))
                inside = [pattern for table in tables for pattern in in_table(table)]
                yield from (Found(module, call.lineno, "", pattern, ("sub",)) for pattern in inside)
                if not inside:
                    yield module


def in_table(value: object) -> Iterator[re.Pattern[str]]:
    """The patterns in a tuple, and in those inside it."""
    if isinstance(value, re.Pattern):
        yield value
    for inner in value if isinstance(value, tuple) else ():
        yield from in_table(inner)


def uses_of(name: str, module: str) -> tuple[str, ...]:
    """The methods of a pattern, in its own module where its name is private, else in any."""
    where = SOURCES[module] if name.startswith("_") else "\n".join(SOURCES.values())
    return tuple(sorted(set(re.findall(rf"\b{name}\.(\w+)\(", where)) & set(CALLS)))


def _is_of_re(called: ast.expr) -> bool:
    return ast.unparse(called) in {f"re.{name}" for name in CALLS}


EVERY = list(patterns())
FOUND = [found for found in EVERY if isinstance(found, Found)]


def test_every_pattern_is_looked_at() -> None:
    later = [found for found in EVERY if isinstance(found, str)]
    assert {module: later.count(module) for module in later} == MADE_LATER
    assert len(FOUND) > 90


@pytest.mark.parametrize("found", FOUND, ids=str)
def test_no_text_keeps_a_pattern_busy(found: Found) -> None:
    letters = sorted({c for c in found.pattern.pattern if not c.isspace()} | {"a"})
    units = dict.fromkeys([*COMMON, *letters])
    for unit in units:
        for end in ("", f"{unit[0]}\0"):
            text = unit * (found.length // len(unit)) + end
            begin = time.thread_time()
            for use in found.uses or ("search",):
                result = getattr(found.pattern, use)(*([""] if use.startswith("sub") else []), text)
                list(result or ()) if use == "finditer" else None
            assert time.thread_time() - begin < SECONDS, (unit, end)
