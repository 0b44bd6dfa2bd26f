from __future__ import annotations

import pytest

from hakawati.errors import BookError
from hakawati.source.yaml_lines import MAX_DEPTH, Lines, read


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(BookError) as raised:
        read(text, "a.yaml")
    (problem,) = raised.value.problems
    assert (problem.path, bool(problem.hint)) == ("a.yaml", True)
    return problem.line, problem.message


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ("''", ""),
        ("12", 12),
        ("-3", -3),
        ("+3", 3),
        ("0", 0),
        ("007", "007"),
        ("'12'", "12"),
        ("9780000000000", 9780000000000),
        ("1234567890123456789", "1234567890123456789"),
        ("1.5", 1.5),
        ("-.5", -0.5),
        ("2e3", 2000.0),
        ("2.e3", 2000.0),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        ("2024-08-25", "2024-08-25"),
        (".inf", ".inf"),
        ("! word", "word"),
        ("نصّ", "نصّ"),
        ('"a\\tb"', "a\tb"),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">\n  a\n  b\n", "a b\n"),
    ],
)
def test_reads_a_value_as_its_author_meant_it(written: str, value: object) -> None:
    data, _ = read(f"key: {written}", "a.yaml")
    assert data == {"key": value}
    assert isinstance(data, dict)
    assert type(data["key"]) is type(value)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n"])
def test_an_empty_document_is_none(text: str) -> None:
    assert read(text, "a.yaml")[0] is None


def test_a_key_is_always_text() -> None:
    assert read("{1: a, no: b, ~: c, 1.5: d}", "a.yaml")[0] == {"1": "a", "no": "b", "~": "c", "1.5": "d"}


def test_knows_the_line_of_every_value() -> None:
    text = "# head\na: 1\nb:\n  - x\n  - {c: y,\n     d: z}\ne: >\n  folded\n  text\nf: 2\n"
    expected: Lines = {
        (): 2,
        ("a",): 2,
        ("b",): 3,
        ("b", 0): 4,
        ("b", 1): 5,
        ("b", 1, "c"): 5,
        ("b", 1, "d"): 6,
        ("e",): 7,
        ("f",): 10,
    }
    lines: Lines = read(text, "a.yaml")[1]
    assert lines == expected


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: &x 2", 2, "anchors (&) and aliases (*) are not used here"),
        ("a: 1\nb: *x", 2, "anchors (&) and aliases (*) are not used here"),
        ("a: &x {b: 1}\nc: {<<: *x}", 1, "anchors (&) and aliases (*) are not used here"),
        ("a: 1\nb: !foo 2", 2, "the tag !foo is not used here"),
        ("a: !!str 2", 1, "the tag tag:yaml.org,2002:str is not used here"),
        (
            "a: !!python/name:os.system x",
            1,
            "the tag tag:yaml.org,2002:python/name:os.system is not used here",
        ),
        ("a: 1\n--- \nb: 2", 2, "a second document begins"),
        ("a: 1\nb: 2\na: 3", 3, "“a” is given twice (first in line 1)"),
        ("[a]: 1", 1, "a key must be a word"),
        ("a: 1\n{b: 2}: 3", 2, "a key must be a word"),
        ('a: "x\\0"', 1, "the control character U+0000"),
        ('a: 1\n"\\x1b": 1', 2, "the control character U+001B"),
        ('a: "\\u202e"', 1, "a directional control that is not closed in its line"),
        ("a: \x07", 0, "this is not YAML: unacceptable character #x0007: control characters are not allowed"),
        ("a: b: c", 1, "this is not YAML: mapping values are not allowed in this context"),
        (
            "a: %x",
            1,
            "this is not YAML: while scanning for the next token found character that cannot start any token",
        ),
    ],
)
def test_refuses_what_is_not_plain_data(text: str, line: int, message: str) -> None:
    assert refusal(text) == (line, message)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [c\nd: e\n", 3),  # a key cannot stand in the list
        ("a: 1\nb: [c,\nd\n\n\n", 2),
        ("a: 1\nb: 'c\nd: e\n", 2),
        ("a: 1\nb: {c: d\n", 2),
        ("a: \u2028 1\nb: \x85 2\n}: 3", 3),
    ],
)
def test_tells_the_line_in_which_what_is_broken_off_began(text: str, line: int) -> None:
    assert refusal(text)[0] == line


def test_counts_lines_as_editors_do() -> None:
    text = "a: 'b\u2028\u2028 c'\nd: 'e\x85 f'\ng: h\n"
    assert read(text, "a.yaml")[1] == {(): 1, ("a",): 1, ("d",): 2, ("g",): 3}


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "- " * 5000 + "x", "[" * 30 + "]" * 30])
def test_refuses_what_is_nested_too_deep(text: str) -> None:
    assert refusal(text) == (1, f"nested more than {MAX_DEPTH} levels deep")


def test_refuses_a_document_that_would_multiply_itself() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    assert refusal(bomb) == (1, "anchors (&) and aliases (*) are not used here")
