"""What a browser keeps of the web edition: of each book its own, over updates, by whatever address."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.web.served import Host, Reply
from tests.web.until import until
from tests.web.visitor import NEW, OLD, ONE, PAGE, PICTURE, TWO, Visitor, publish, published, source, word

FIRST_CACHE = "hakawati-text-0123456789ab"


def test_books_in_folders_of_each_other_leave_each_other_alone(visitor: Visitor, top: Path) -> None:
    for other in ("a/b", "c"):
        shutil.copytree(top / "a", top / "copy", ignore=lambda *_: {"b"})
        (top / "copy").rename(top / other)
        publish(top / other, version="0123456789ab" if other == "c" else "")
    for folder in ("a", "a/b", "c"):
        visitor.read(f"{folder}/{TWO}")
    with visitor.alone():
        for folder in ("a/b", "a", "c"):
            assert word(visitor, f"{folder}/{TWO}") == OLD
            assert visitor.runs()
            visitor.open(f"{folder}/index.html")
            assert visitor.runs()
    for folder in ("a/", "a/b/", "c/"):
        names = visitor.cached(folder).keys()
        assert names >= {f"{folder}index.html", folder + TWO}
        assert all(name.startswith(folder) for name in names)
    assert not [name for name in visitor.cached("a/") if name.startswith("a/b/")]


def test_nothing_is_kept_or_answered_that_is_not_the_books(visitor: Visitor, top: Path) -> None:
    foreign = ("notes.html", "a/notes.html", "a/bookshop/index.html", "a/files/large.mp3")
    for name in foreign:
        (top / name).parent.mkdir(exist_ok=True)
        (top / name).write_text("<p>Somebody's</p>")
    visitor.read("a/index.html")
    visitor.read(f"a/{TWO}")
    visitor.waits_for("a/book/images/cover.png")
    before = set(visitor.cached())
    others = ("a/sw.js", "a/strips/02-short.svg", "a/audio/02-short.mp3", "a/%ff")
    missing = (TWO, f"a/{TWO.replace('02', '99')}", "a/app/none.js", "a/app/0/none.js")
    ask = "(urls) => Promise.all(urls.map(async (url) => (await (await fetch(url)).text()).length))"
    visitor.page.evaluate(ask, [f"/{name}" for name in (*foreign, *others, *missing)])
    visitor.page.evaluate("(url) => fetch(url, { method: 'HEAD' }).then(() => 0)", f"/a/{ONE}")
    visitor.read("a/index.html")
    assert set(visitor.cached()) == before
    assert visitor.open(f"a/{ONE}").from_service_worker
    assert not any(visitor.open(name).from_service_worker for name in foreign[:3])


def test_what_the_first_versions_kept_for_all_books_together_goes_to_each(
    visitor: Visitor, top: Path
) -> None:
    """Their caches were `hakawati-text-…` and `hakawati-sound`, and pages had their queries."""
    shutil.copytree(top / "a", top / "a/b")
    (top / "before.html").write_text("<p>There is no worker here</p>")
    visitor.open("before.html")
    sound = source(top / "a" / TWO).removeprefix("../../")
    for folder in ("a/", "a/b/"):
        visitor.fill(FIRST_CACHE, *(folder + name for name in (f"{TWO}?old", TWO, f"{ONE}?x=1")))
        visitor.fill("hakawati-sound", folder + sound)
    visitor.fill(FIRST_CACHE, "before.html")
    visitor.fill("hakawati-text", f"a/{TWO}")

    visitor.read("a/index.html")
    assert visitor.cached("a/").keys() >= {f"a/{ONE}", f"a/{TWO}", f"a/{sound}"}
    others = {f"a/b/{name}" for name in (TWO, f"{TWO}?old", f"{ONE}?x=1")}
    assert visitor.cached(FIRST_CACHE).keys() == {"before.html", *others}
    assert visitor.cached("hakawati-sound").keys() == {f"a/b/{sound}"}
    assert visitor.cached("hakawati-text").keys() == {f"a/{TWO}"}

    visitor.read("a/b/index.html")
    assert visitor.cached("a/b/").keys() >= {f"a/b/{ONE}", f"a/b/{TWO}", f"a/b/{sound}"}
    assert visitor.cached(FIRST_CACHE).keys() == {"before.html"}
    with visitor.alone():
        for folder in ("a", "a/b"):
            visitor.open(f"{folder}/{ONE}")
            assert visitor.runs()
            visitor.open(f"{folder}/{TWO}")
            visitor.play()


# Once is enough, and by any address


def test_a_page_that_was_opened_once_is_there_with_its_images(visitor: Visitor) -> None:
    visitor.read(f"a/{PICTURE}")
    visitor.waits_for("a/book/images/cover.png")
    with visitor.alone():
        visitor.open(f"a/{PICTURE}")
        assert visitor.runs()
        image = visitor.page.locator("main img")
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 90


def test_a_page_is_the_same_by_whatever_address_it_is_asked_for(visitor: Visitor, top: Path) -> None:
    addresses = [f"a/{TWO}", f"a/{TWO}?utm_source=mail", f"a/{TWO}?fbclid=1&v=2#b1s1", f"a/{TWO}#b1s1"]
    visitor.read("a/index.html")
    for address in addresses:
        visitor.read(address)
    publish(top / "a", texts={OLD: NEW})
    assert word(visitor, f"a/{TWO}?another") == NEW
    visitor.read(f"a/{TWO}")
    with visitor.alone():
        assert [word(visitor, address) for address in addresses] == [NEW] * len(addresses)
        assert visitor.text("a/") == visitor.text("a/?x") == visitor.text("a/index.html#top") != ""
    assert not [name for name in visitor.cached() if "?" in name and ".mp3?v=" not in name]


def test_a_host_that_leaves_the_ending_out_is_read_like_others(
    visitor: Visitor, host: Host, top: Path
) -> None:
    """Several send `x.html` on to `x`, and `index.html` to its folder."""

    def rule(path: str) -> Reply | None:
        if path.endswith(".html"):
            return Reply(308, {"Location": path.removesuffix(".html").removesuffix("index")})
        file = top / f"{path[1:]}.html"
        return Reply(200, PAGE, file.read_bytes()) if file.is_file() else None

    host.rule = rule
    short = TWO.removesuffix(".html")
    visitor.read(f"a/{TWO}")
    assert visitor.page.url == f"{visitor.origin}/a/{short}"
    publish(top / "a", texts={OLD: NEW})
    assert word(visitor, f"a/{TWO}") == NEW
    visitor.read(f"a/{TWO}")
    with visitor.alone():
        assert word(visitor, f"a/{TWO}") == word(visitor, f"a/{short}") == NEW
        assert visitor.text("a/") == visitor.text("a/index.html") != ""


# Over updates


def test_a_chapter_stays_over_an_update_with_the_program_that_it_was_made_with(
    visitor: Visitor, host: Host, top: Path
) -> None:
    host.headers = {"Cache-Control": "no-cache"}
    first = published(top / "a")
    visitor.hear(f"a/{TWO}")
    publish(top / "a", version="0123456789ab", texts={OLD: NEW})
    visitor.read("a/index.html")
    assert visitor.updates()
    with visitor.alone():
        assert word(visitor, f"a/{TWO}") == OLD
        assert visitor.version == first
        visitor.play()
        visitor.open("a/index.html")
        assert visitor.runs()
        assert visitor.version == "0123456789ab"
    # The host has its old program no more, and says so.
    host.rule = lambda path: Reply(503) if path == f"/a/{TWO}" else None
    assert word(visitor, f"a/{TWO}") == OLD
    assert visitor.runs()
    host.rule = lambda _: None
    assert word(visitor, f"a/{TWO}") == NEW
    visitor.play()
    visitor.read(f"a/{TWO}")
    with visitor.alone():
        assert word(visitor, f"a/{TWO}") == NEW
        visitor.play()
    publish(top / "a", version="ba9876543210")
    visitor.read("a/index.html")
    assert visitor.updates()
    programs = {name.split("/")[2] for name in visitor.cached() if name.endswith(".js")}
    assert programs == {"0123456789ab", "ba9876543210"}  # each is one that a page needs


def test_a_page_of_another_version_is_not_shown_by_this_one(visitor: Visitor, top: Path) -> None:
    visitor.hear(f"a/{TWO}")
    publish(top / "a", version="0123456789ab")
    visitor.read("a/index.html")
    with visitor.alone():
        for link, chapter in (("#book .parts a >> nth=1", "02-short"), ("#title a", "")):
            visitor.page.evaluate("document.documentElement.dataset.same = ''")
            visitor.page.locator(link).click()
            loaded(visitor, chapter)
        visitor.page.locator("#book .parts a >> nth=1").click()
        loaded(visitor, "02-short")
        visitor.play()
    # A page that was open before the update goes on with the next chapter, as it would have without.
    visitor.page.evaluate("Hakawati.seek(Hakawati.cues.duration - 300, { play: true })")
    loaded(visitor, "03-picture")
    assert visitor.version == "0123456789ab"
    until(visitor.page, "() => Hakawati.player.playing()", True)


def loaded(visitor: Visitor, chapter: str) -> None:
    """Wait for another document, with its program."""
    visitor.page.locator(f"html[data-chapter='{chapter}']:not([data-same]) #hk-controls").wait_for()


def test_a_sound_stays_until_its_chapter_sounds_otherwise(visitor: Visitor, top: Path) -> None:
    visitor.hear(f"a/{ONE}")
    visitor.hear(f"a/{TWO}")
    old, other = source(top / "a" / TWO), source(top / "a" / ONE)
    new = old.partition("?")[0] + "?v=0000000000"
    at = {name: name.replace("../../", "a/") for name in (old, new, other)}
    publish(top / "a", version="0123456789ab", texts={old: new})
    visitor.read("a/index.html")
    assert visitor.updates()
    assert visitor.cached().keys() >= {at[old], at[other]}
    visitor.hear(f"a/{TWO}")
    visitor.waits_for(at[old], there=False)
    assert visitor.cached().keys() >= {at[new], at[other]}
    with visitor.alone():
        for chapter in (ONE, TWO):
            visitor.open(f"a/{chapter}")
            visitor.play()


def test_of_a_chapter_that_the_book_has_no_more_nothing_is_left(visitor: Visitor, top: Path) -> None:
    for chapter in (ONE, TWO, PICTURE):
        visitor.hear(f"a/{chapter}")
    before = set(visitor.cached())
    for file in (top / "a").rglob("03-picture.*"):
        file.unlink()
    worker = top / "a/sw.js"
    worker.write_text(worker.read_text().replace('"text/03-picture.html", ', ""))
    publish(top / "a", texts={'href="03-picture.html"': 'href="04-end.html"'})
    visitor.read("a/index.html")
    assert visitor.updates()
    gone = {name.partition("?")[0] for name in before - set(visitor.cached())}
    assert gone == {f"a/{PICTURE}", "a/audio/03-picture.mp3"}
    with visitor.alone():
        assert visitor.text(f"a/{PICTURE}") == ""
        assert word(visitor, f"a/{TWO}") == OLD
