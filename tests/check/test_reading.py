"""Reading an EPUB that anyone may have made: it is told what is wrong with it, and nothing else happens."""

from __future__ import annotations

import io
import random
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hakawati.check.archive import MOST_FILES, open_archive
from hakawati.check.document_text import DocumentText, read_document_text
from hakawati.check.overlays import read_overlay
from hakawati.check.publication import Publication, read_publication, resolve
from hakawati.errors import BookError, Problem
from tests.check.hostile import CONTAINER, FILES, PACKAGE, TEXT, epub


def everything(path: Path) -> tuple[Publication, list[Problem]]:
    """Read all that is read without listening."""
    with open_archive(path, path.name) as archive:
        publication, problems = read_publication(archive)
        for document in publication.documents:
            read_document_text(archive, document.entry, "")
            if item := publication.items.get(document.overlay):
                problems += read_overlay(archive, item.id, item.entry, document.entry)[1]
        return publication, problems


def outcome(path: Path) -> str:
    try:
        everything(path)
    except BookError:
        return "refused"
    return "read"


def refused(path: Path) -> tuple[str, ...]:
    with pytest.raises(BookError) as error:
        everything(path)
    return tuple(str(problem) for problem in error.value.problems)


@contextmanager
def within(seconds: float, megabytes: float) -> Iterator[None]:
    tracemalloc.start()
    begun = time.process_time()
    try:
        yield
    finally:
        used, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert used < seconds
    assert peak < megabytes * 2**20


def test_a_plain_book_is_read(tmp_path: Path) -> None:
    publication, problems = everything(epub(tmp_path / "a.epub"))
    assert problems == []
    assert publication.title == "A Book"
    assert publication.languages == ("en",)
    assert publication.declared("o") == publication.declared() == 2
    assert publication.active_class == "lit"


def test_what_is_no_epub_is_told_in_plain_words(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.epub") == ("gone.epub: there is no such file",)
    assert refused(tmp_path)[0].endswith("this is no file")
    for content in (b"", b"PK", b"\0" * 100, b"%PDF-1.7", random.Random(1).randbytes(100_000)):
        (tmp_path / "a.epub").write_bytes(content)
        (told,) = refused(tmp_path / "a.epub")
        assert told.startswith("a.epub: this is no EPUB: it is no zip file")


def test_a_zip_that_is_cut_off_or_damaged_is_told_of(tmp_path: Path) -> None:
    whole = epub(tmp_path / "whole.epub", deflated=True).read_bytes()
    file = tmp_path / "a.epub"
    chance = random.Random(2)
    outcomes = set()
    for _ in range(300):
        data = bytearray(whole[: chance.randrange(len(whole))] if chance.random() < 0.3 else whole)
        for _ in range(chance.randrange(1, 8)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        file.write_bytes(data)
        outcomes.add(outcome(file))
    assert outcomes == {"read", "refused"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"META-INF/container.xml": None}, "META-INF/container.xml is missing"),
        ({"META-INF/container.xml": "<container/>"}, "names no package document"),
        ({"META-INF/container.xml": "<a>"}, "no well-formed XML"),
        ({"META-INF/container.xml": ""}, "no well-formed XML"),
        ({"EPUB/content.opf": None}, "not in the EPUB"),
        ({"META-INF/container.xml": CONTAINER.replace("EPUB/content.opf", "../../etc/passwd")}, "not in the"),
        ({"META-INF/container.xml": CONTAINER.replace("EPUB/content.opf", "/etc/passwd")}, "not in the EPUB"),
        ({"EPUB/content.opf": PACKAGE.replace('<itemref idref="t"/>', "")}, "no text in its spine"),
        ({"EPUB/content.opf": PACKAGE[:-20]}, "no well-formed XML"),
        ({"EPUB/text.xhtml": '<?xml version="1.0" encoding="klingon"?><p/>'}, "EPUB/text.xhtml"),
        ({"EPUB/text.xhtml": b"\xff\xfe\x00"}, "EPUB/text.xhtml"),
        ({"EPUB/text.xhtml": "<p>" * 1000 + "</p>" * 1000}, "no well-formed XML"),
    ],
)
def test_a_part_that_cannot_be_read_is_named(
    tmp_path: Path, changed: Mapping[str, str | bytes | None], told: str
) -> None:
    assert any(told in problem for problem in refused(epub(tmp_path / "a.epub", changed)))


def test_names_that_lead_out_of_the_book_are_told_of_and_never_written(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    names = ("../out.txt", "/tmp/hakawati-out.txt", "a/../../../out.txt", "C:\\out.txt", "..\\out.txt")
    _, problems = everything(epub(inside / "a.epub", dict.fromkeys(names, "x")))
    assert sum("leads out of the EPUB" in problem.message for problem in problems) == len(names)
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["a.epub"]


def test_references_that_lead_out_of_the_book_are_told_of(tmp_path: Path) -> None:
    for href in (
        "../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "..%2f..%2fetc/passwd",
        "\\\\host\\x",
    ):
        package = PACKAGE.replace('href="text.wav"', f'href="{href}"')
        _, problems = everything(epub(tmp_path / "a.epub", {"EPUB/content.opf": package}))
        assert [problem.line for problem in problems] == [8]
        smil = str(FILES["EPUB/text.smil"]).replace('src="text.wav"', f'src="{href}"')
        _, problems = everything(epub(tmp_path / "a.epub", {"EPUB/text.smil": smil}))
        assert [problem.path for problem in problems] == ["a.epub/EPUB/text.smil"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_referred_to_stays_inside(href: str, base: str) -> None:
    found = resolve(href, base.replace("..", ""))
    assert found is None or not (found[0].startswith("/") or ".." in found[0].split("/")) or not href.strip()


def bomb(levels: int) -> str:
    inner = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "ha">' for n in range(levels)
    )
    return f'<!DOCTYPE html [{inner}]><html id="&a{levels - 1};"><body>&a{levels - 1};</body></html>'


@pytest.mark.parametrize(
    "entry", ["META-INF/container.xml", "EPUB/content.opf", "EPUB/text.xhtml", "EPUB/text.smil"]
)
def test_entities_are_refused_before_they_grow(tmp_path: Path, entry: str) -> None:
    with within(seconds=5, megabytes=20):
        (told,) = refused(epub(tmp_path / "a.epub", {entry: bomb(12)}))
    assert told.startswith(f"a.epub/{entry}")


def test_nothing_outside_is_read_by_way_of_xml(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    secret = (tmp_path / "secret.txt").as_uri()
    (told,) = refused(
        epub(
            tmp_path / "a.epub",
            {"EPUB/text.xhtml": f'<!DOCTYPE p [<!ENTITY x SYSTEM "{secret}">]><html><p>&x;</p></html>'},
        )
    )
    assert "declares entities" in told
    # An external document type is not looked up; what old XHTML names is known by itself.
    xhtml = f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "{secret}">' + TEXT.replace(" ", "&nbsp;", 1)
    xhtml = xhtml.replace("<html&nbsp;", "<html ").replace("One two", "One&nbsp;two")
    assert page(tmp_path, xhtml).text == "One two three."


def test_a_bomb_is_given_up_long_before_it_bursts(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            if name != "EPUB/text.xhtml":
                archive.writestr(name, content)
        with archive.open("EPUB/text.xhtml", "w") as entry:
            for _ in range(100):
                entry.write(b" " * (1 << 20))
    (tmp_path / "a.epub").write_bytes(data.getvalue())
    with within(seconds=5, megabytes=50):
        (told,) = refused(tmp_path / "a.epub")
    assert "as large as what it is packed in" in told


def test_a_size_that_the_directory_lies_about_is_not_believed(tmp_path: Path) -> None:
    data = bytearray(
        epub(tmp_path / "a.epub", {"EPUB/text.xhtml": "x" * (6 << 20)}, deflated=True).read_bytes()
    )
    at = data.rfind(b"EPUB/text.xhtml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<L", data, at + 24, 100)
    (tmp_path / "a.epub").write_bytes(data)
    with within(seconds=5, megabytes=30):
        refused(tmp_path / "a.epub")


def test_a_hundred_thousand_files_are_counted_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.epub"
    directory = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0)
        + b"%06d" % n
        for n in range(100_000)
    )
    size = len(directory)
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 100_000, 100_000, size, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, size, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(directory + wide + locator + end)
    begun = time.process_time()
    (told,) = refused(path)
    assert time.process_time() - begun < 10
    assert told == (
        f"a.epub: there are 100,000 files in it; more than {MOST_FILES:,} are not looked at\n"
        "    hint: leave out what the book does not need"
    )


def test_a_directory_that_would_fill_the_memory_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.epub"
    size = 400 << 20
    with path.open("wb") as file:  # sparse
        file.seek(size)
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFE, 0xFFFE, size, 0, 0))
    with within(seconds=2, megabytes=5):
        (told,) = refused(path)
    assert "the list of its files alone has 400 MB" in told


def test_what_is_encrypted_is_told_of(tmp_path: Path) -> None:
    data = bytearray(epub(tmp_path / "a.epub").read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            data[place + at] |= 1
    (tmp_path / "b.epub").write_bytes(data)
    assert "it is encrypted" in refused(tmp_path / "b.epub")[0]
    method = '<EncryptionMethod Algorithm="{}"/>'
    protected = f"<encryption>{method}</encryption>"
    fonts = protected.format("http://www.idpf.org/2008/embedding")
    assert everything(epub(tmp_path / "a.epub", {"META-INF/encryption.xml": fonts}))[1] == []
    aes = protected.format("http://www.w3.org/2001/04/xmlenc#aes256-cbc")
    assert "encrypted" in refused(epub(tmp_path / "a.epub", {"META-INF/encryption.xml": aes}))[0]


def test_a_wrong_mimetype_and_names_that_are_there_twice_do_not_keep_a_book_from_being_read(
    tmp_path: Path,
) -> None:
    _, (told,) = everything(epub(tmp_path / "a.epub", {"mimetype": None}))
    assert "no file “mimetype”" in told.message
    _, (told,) = everything(epub(tmp_path / "a.epub", {"mimetype": "text/plain"}))
    assert told.path == "a.epub/mimetype"
    path = epub(tmp_path / "a.epub")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("EPUB/text.xhtml", TEXT)
    _, (told,) = everything(path)
    assert told == Problem(
        "a.epub/EPUB/text.xhtml", 0, "there are two files of this name", "keep one of them"
    )


def test_what_would_command_a_terminal_is_not_printed(tmp_path: Path) -> None:
    package = PACKAGE.replace('idref="t"', 'idref="\x9b31m\u202egnp.exe"')
    (told,) = refused(epub(tmp_path / "a.epub", {"EPUB/content.opf": package}))[:1]
    assert not set(told) & {"\x9b", "\u202e", "\x1b"}


def page(folder: Path, content: str) -> DocumentText:
    with open_archive(epub(folder / "a.epub", {"EPUB/text.xhtml": content}), "a.epub") as archive:
        return read_document_text(archive, "EPUB/text.xhtml", "en")


def html(body: str) -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="ar">'
        f"<head><title>No</title></head><body>{body}</body></html>"
    )


def test_the_text_of_every_id_is_known(tmp_path: Path) -> None:
    made = page(
        tmp_path, html('<p id="a">One <i id="b">two</i>,\n <b><span id="c">three</span></b>.</p><p>Four</p>')
    )
    assert made.text == "One two, three.Four"
    assert {id_: made.text[slice(*place)] for id_, place in made.ranges.items()} == {
        "a": "One two, three.",
        "b": "two",
        "c": "three",
    }
    assert made.blocks == (0, 15, 19)


def test_what_nobody_reads_aloud_is_no_text(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        html(
            '<p>One<a epub:type="noteref" id="r">1</a> two<span role="doc-pagebreak">7</span>'
            "<ruby>三<rp>(</rp><rt>san</rt></ruby><script>no()</script><span hidden=''>no</span></p>"
        ),
    )
    assert made.text == "One two三"
    assert made.ranges["r"] == (3, 3)


def test_languages_are_inherited_and_end_with_their_element(tmp_path: Path) -> None:
    made = page(tmp_path, html('<p>a <i xml:lang="fr">b <u lang="de">c</u> d</i> e</p>'))
    assert made.text == "a b c d e"
    assert [made.language(made.text.index(c)) for c in "abcde"] == ["ar", "fr", "de", "fr", "ar"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<i id='{}'>", "</i>", "word", " ", "&#32;", "<br/>", "\n"])))
def test_every_range_is_in_the_text(tmp_path: Path, pieces: list[str]) -> None:
    body = "".join(piece.format(n) for n, piece in enumerate(pieces))
    try:
        made = page(tmp_path, html(body))
    except BookError:
        return
    assert all(0 <= begin <= end <= len(made.text) for begin, end in made.ranges.values())
    assert "  " not in made.text
