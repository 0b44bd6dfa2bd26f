"""Every page of every golden book's web edition."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from lxml import etree

from hakawati.web.html_pages import POLICY
from tests.goldens import ON_THE_WEB, SYNCS, TIME, Built, Shelf, Variant, build_here, locked, text_of
from tests.web import nu

WEB = Path("build", "web")


@pytest.fixture(params=ON_THE_WEB, ids=str)
def built(request: pytest.FixtureRequest, shelf: Shelf) -> Built:
    variant: Variant = request.param
    return shelf[variant]


@pytest.fixture(scope="session")
def errors(shelf: Shelf, shared: Path) -> Mapping[str, list[str]]:
    """What the Nu HTML Checker finds, page by page."""
    kept = shared / "nu.json"
    with locked(shared / "nu.lock"):
        if not kept.exists():
            pages = [page for variant in ON_THE_WEB for page in nu.pages(shelf[variant].project / WEB)]
            kept.write_text(json.dumps({str(page): found for page, found in nu.errors(pages).items()}))
    found: Mapping[str, list[str]] = json.loads(kept.read_bytes())
    return found


@cache
def read(page: Path) -> etree._Element:
    return etree.parse(page, etree.HTMLParser(encoding="utf-8")).getroot()


def pages(built: Built) -> Iterator[tuple[str, etree._Element]]:
    """Each page, by its path in the folder."""
    folder = built.project / WEB
    for page in nu.pages(folder):
        yield page.relative_to(folder).as_posix(), read(page)


def ids(page: etree._Element) -> list[str]:
    return [str(id_) for id_ in page.xpath("//@id")]  # type: ignore[union-attr]


def cues(page: etree._Element) -> dict[str, Any] | None:
    found = page.find(".//script[@id='cues']")
    return json.loads(text_of(found)) if found is not None else None


def test_the_nu_html_checker_finds_no_error(built: Built, errors: Mapping[str, list[str]]) -> None:
    assert {name: errors[str(built.project / WEB / name)] for name, _ in pages(built)} == {
        name: [] for name, _ in pages(built)
    }


def test_ids_are_unique_and_links_lead_somewhere(built: Built) -> None:
    folder = built.project / WEB
    known = {(folder / name).resolve(): set(ids(page)) for name, page in pages(built)}
    for name, page in pages(built):
        here = folder / name
        assert len(ids(page)) == len(set(ids(page)))
        for attribute in ("href", "src"):
            for element in page.iterfind(f".//*[@{attribute}]"):
                target, fragment = urldefrag(str(element.get(attribute)))
                if ":" in target:
                    assert element.tag == "a", "nothing is loaded from elsewhere"
                    continue
                file = (
                    (here.parent / unquote(target.partition("?")[0])).resolve() if target else here.resolve()
                )
                assert file.is_file(), f"{name} → {target}"
                assert not fragment or fragment in known[file], f"{name} → {target}#{fragment}"


def test_a_page_runs_and_loads_nothing_but_the_readers_program(built: Built) -> None:
    for _, page in pages(built):
        policy = page.find(".//meta[@http-equiv='Content-Security-Policy']")
        assert policy is not None
        assert policy.get("content") == POLICY
        for script in page.iterfind(".//script"):
            assert script.get("type") == "application/json" or "app/" in str(script.get("src"))
        written = {str(name) for element in page.iter(etree.Element) for name in element.attrib}
        assert not {name for name in written if name.startswith("on") or name == "style"}


def test_the_service_worker_knows_every_page_and_the_program(built: Built) -> None:
    folder = built.project / WEB
    worker = (folder / "sw.js").read_text()
    trees, parts, shell = (
        json.loads(re.search(rf"^const {name} = (.*);$", worker, re.MULTILINE)[1])  # type: ignore[index]
        for name in ("TREES", "PARTS", "SHELL")
    )
    known = {f"{root}index.html" for root, _ in trees}
    known |= {f"{root}{layout}/{part}" for root, layouts in trees for layout in layouts for part in parts}
    assert known == {name for name, _ in pages(built)}
    assert shell[-1] == "index.html"
    program = {file.relative_to(folder).as_posix() for file in (folder / "app").rglob("*.*")}
    assert program == {name for name in shell if name.startswith("app/")}
    assert all((folder / name).is_file() for name in shell)


def test_the_pages_of_a_layout_lead_to_the_next_and_back_in_the_order_of_the_contents(built: Built) -> None:
    found = dict(pages(built))
    for name, page in found.items():
        if name.endswith("index.html"):
            continue
        listed = led_to(page, name, "@id='contents'", "")
        order = [other for other in listed if other in found and not other.endswith("index.html")]
        at = order.index(name)
        assert led_to(page, name, "@id='player'", "[@rel='prev']") == order[max(0, at - 1) : at], name
        assert led_to(page, name, "@id='player'", "[@rel='next']") == order[at + 1 : at + 2], name


def led_to(page: etree._Element, name: str, within: str, which: str) -> list[str]:
    """The paths in the folder that links of a page lead to."""
    hrefs = [unquote(str(link.get("href"))) for link in page.iterfind(f".//*[{within}]//a{which}")]
    return [posixpath.normpath(posixpath.join(posixpath.dirname(name), href)) for href in hrefs]


def test_the_cues_are_the_timings(built: Built) -> None:
    timings = {found["chapter"]: found for found in built.timings()}
    seen = set()
    for _, page in pages(built):
        found, name = cues(page), page.get("data-chapter")
        if found is None:
            assert name not in timings
            continue
        seen.add(name)
        told = timings[str(name)]
        assert found["duration"] == round(told["duration"] * 1000)
        assert [(id_, lang, begin, end) for id_, lang, begin, end, _, _ in found["sentences"]] == [
            (s["id"], s["lang"], round(s["begin"] * 1000), round(s["end"] * 1000)) for s in told["sentences"]
        ]
        assert [words for *_, words, _ in found["sentences"]] == [
            [round(word["begin"] * 1000) for word in s["words"]] for s in told["sentences"]
        ]
    assert seen == set(timings)


def test_every_word_that_is_heard_has_an_element_with_it(built: Built) -> None:
    timings = {found["chapter"]: found for found in built.timings()}
    own = built.book.edition.layout
    for _, page in pages(built):
        if cues(page) is None:
            continue
        elements = {str(element.get("id")): element for element in page.iterfind(".//main//*[@id]")}
        for sentence in timings[str(page.get("data-chapter"))]["sentences"]:
            if sentence["id"] not in elements and page.get("data-layout") != own:
                continue
            for n, word in enumerate(sentence["words"], start=1):
                assert text_of(elements[f"{sentence['id']}-w{n}"]) == word["text"]


def test_what_is_heard_goes_down_the_page_in_every_layout(built: Built) -> None:
    for name, page in pages(built):
        found = cues(page)
        if found is None:
            continue
        places = {id_: n for n, id_ in enumerate(ids(page))}
        heard = [places[id_] for id_, *_ in found["sentences"] if id_ in places]
        assert heard == sorted(heard), name


def test_a_page_says_what_the_epub_says(built: Built) -> None:
    epub = {name.removesuffix(".xhtml"): page for name, page in built.pages()}
    own = built.book.edition.layout
    compared = 0
    for name, page in pages(built):
        layout, _, path = name.removesuffix(".html").partition("/")
        if layout == own:
            body = epub[path].find("{http://www.w3.org/1999/xhtml}body")
            main = page.find(".//main")
            assert body is not None
            assert main is not None
            assert text_of(main).split() == text_of(body).split()
            compared += 1
    assert compared >= len(built.book.chapters)


@pytest.mark.parametrize("sync", SYNCS)
def test_a_books_sync_changes_nothing_on_the_web(sync: str, shelf: Shelf, tmp_path: Path) -> None:
    """There every word lights up; so the golden books are read in one sync only."""
    built = shelf["workbook"]
    shutil.copytree(built.project / "book", tmp_path / "book")
    with (tmp_path / "book" / "book.yaml").open("a") as file:
        file.write(f"sync: {sync}\n")
    build_here(tmp_path, store=shelf.store, modified=TIME, web=True)
    assert files(tmp_path / WEB) == files(built.project / WEB)


def files(folder: Path) -> Mapping[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
