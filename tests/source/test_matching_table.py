"""Which words of a text are a glossary's term: a table of what has to be found, and of what must not be."""

from __future__ import annotations

import json
import re

import pytest

from hakawati.source.glossary import read_glossary, term_finder
from hakawati.source.sentences import words
from tests.goldens import ROOT

TABLE = ROOT / "tests" / "data" / "matching.tsv"


def row(line: str) -> tuple[str, ...]:
    """A line's cells; what cannot be seen is written as an escape in the table."""
    return tuple(re.sub(r"\\(?:u[0-9a-f]{4}|n)", lambda m: str(json.loads(f'"{m[0]}"')), line).split("\t"))


ROWS = [row(line) for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


@pytest.mark.parametrize(("terms", "text", "expected", "why"), ROWS, ids=[f"{r[0]}-{r[1]}" for r in ROWS])
def test_a_term_is_found_in_what_is_one_and_nowhere_else(
    terms: str, text: str, expected: str, why: str
) -> None:
    term, *forms = terms.split(" | ")
    glossary = json.dumps([{"term": term, "forms": forms}], ensure_ascii=False)
    there = words(text)
    found = term_finder(read_glossary(glossary, "glossary.yaml", ["ar"])).find(text, there)
    told = [text[there[match.begin].begin : there[match.end - 1].end] for match in found]
    assert told == ([] if expected == "-" else expected.split(" | ")), why
    assert {match.value.term for match in found} <= {term}


def test_the_table_is_large_and_has_no_row_twice() -> None:
    assert len(ROWS) >= 200
    assert len([r for r in ROWS if r[2] == "-"]) >= 80
    assert len({r[:2] for r in ROWS}) == len(ROWS)
    assert all(why for *_, why in ROWS)
