"""What goes wrong with a host or a disk, and what it does to the pages and sounds that a browser keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.served import Host, Reply
from tests.web.until import until
from tests.web.visitor import NEW, OLD, ONE, PAGE, PICTURE, TWO, Visitor, publish, published, source, word

REPLIES = {
    "gone": Reply(404, PAGE, b"<p>not this</p>"),
    "refused": Reply(403, PAGE, b"<p>not this</p>"),
    "broken": Reply(500, PAGE, b"<p>not this</p>"),
    "sent elsewhere": Reply(302, {"Location": "/login.html"}),
    "sent to another page of the book": Reply(302, {"Location": f"/a/{ONE}"}),
}
FETCHED = "(url) => fetch(url).then((answer) => answer.text()).catch(({ name }) => name)"


@pytest.mark.parametrize("how", REPLIES)
def test_no_other_answer_takes_the_place_of_a_page(visitor: Visitor, host: Host, top: Path, how: str) -> None:
    (top / "login.html").write_text("<p>not this</p>")
    visitor.read(f"a/{TWO}")
    host.rule = lambda path: REPLIES[how] if path == f"/a/{TWO}" else None
    assert ("not this" in visitor.text(f"a/{TWO}")) == (how in ("gone", "refused", "sent elsewhere"))
    visitor.open("a/index.html")
    visitor.page.evaluate(FETCHED, f"/a/{TWO}")
    visitor.read("a/index.html")
    with visitor.alone():
        assert word(visitor, f"a/{TWO}") == OLD


def test_a_page_that_breaks_off_is_not_kept(visitor: Visitor, host: Host, top: Path) -> None:
    visitor.read(f"a/{TWO}")
    half = (top / "a" / TWO).read_bytes().replace(OLD.encode(), NEW.encode())[:-500]
    host.rule = lambda path: Reply(200, PAGE, half, lacking=500) if path == f"/a/{TWO}" else None
    assert visitor.page.evaluate(FETCHED, f"/a/{TWO}") == "TypeError"
    visitor.read("a/index.html")
    with visitor.alone():
        assert word(visitor, f"a/{TWO}") == OLD


def test_what_a_host_shows_for_all_that_it_lacks_is_no_sound_and_no_program(
    visitor: Visitor, host: Host, top: Path
) -> None:
    """Hosts of single-page apps answer everything with their first page, and say that all is well."""
    host.headers = {"Cache-Control": "no-store"}
    visitor.hear(f"a/{ONE}")
    front = Reply(200, PAGE, b"<p>Welcome</p>")
    host.rule = lambda path: front if path.endswith((".mp3", ".png", "/none.js")) else None
    visitor.read(f"a/{PICTURE}")
    assert "Welcome" in visitor.page.evaluate(FETCHED, f"/a/app/{published(top / 'a')}/none.js")
    visitor.page.evaluate("void Hakawati.player.play()")
    until(visitor.page, "() => document.querySelector('#player audio').error?.code > 0", True)
    names = visitor.cached()
    assert f"a/{PICTURE}" in names
    assert not [name for name in names if name.endswith(("none.js", "cover.png")) or "03-picture.mp3" in name]
    host.rule = lambda _: None
    visitor.hear(f"a/{PICTURE}")


@pytest.mark.parametrize(
    "headers", [{"Vary": "*"}, {"Vary": "User-Agent"}, {"Cache-Control": "no-store"}, {}]
)
def test_whatever_a_host_says_of_its_files_they_are_there(
    visitor: Visitor, host: Host, headers: dict[str, str]
) -> None:
    host.headers = headers
    visitor.hear(f"a/{TWO}")
    with visitor.alone():
        visitor.open(f"a/{TWO}")
        visitor.play()


@pytest.mark.parametrize("how", ["gone", "broken", "sent elsewhere"])
def test_an_update_that_fails_half_way_leaves_what_there_was(
    visitor: Visitor, host: Host, top: Path, how: str
) -> None:
    """As while a book is uploaded: the worker is new, and a part of the program is not there."""
    first = published(top / "a")
    (top / "login.html").write_text("<p>not this</p>")
    visitor.hear(f"a/{TWO}")
    publish(top / "a", version="0123456789ab", texts={OLD: NEW})
    host.rule = lambda path: REPLIES[how] if path == "/a/app/0123456789ab/pages.js" else None
    assert not visitor.updates()
    with visitor.alone():
        for path in (f"a/{TWO}", "a/index.html"):
            visitor.open(path)
            assert visitor.runs()
            assert visitor.version == first
    host.rule = lambda _: None
    assert visitor.updates()
    visitor.read("a/index.html")
    with visitor.alone():
        visitor.open("a/index.html")
        assert visitor.version == "0123456789ab"


def test_a_full_disk_keeps_no_page_from_being_read(visitor: Visitor, top: Path) -> None:
    visitor.hear(f"a/{TWO}")
    devtools = visitor.page.context.new_cdp_session(visitor.page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": visitor.origin, "quotaSize": 1})
    publish(top / "a", version="0123456789ab", texts={OLD: NEW})
    visitor.open(f"a/{ONE}")
    assert visitor.runs()
    visitor.play()
    assert word(visitor, f"a/{TWO}") == NEW
    assert not visitor.updates()
    assert f"a/{ONE}" not in visitor.cached()
    with visitor.alone():
        assert word(visitor, f"a/{TWO}") == OLD
        visitor.play()
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": visitor.origin})
    assert visitor.updates()
    visitor.read(f"a/{TWO}")
    with visitor.alone():
        assert word(visitor, f"a/{TWO}") == NEW


# Parts of a sound


def test_a_sound_that_is_kept_is_given_in_parts(visitor: Visitor, top: Path) -> None:
    visitor.hear(f"a/{TWO}")
    data = (top / "a/audio/02-short.mp3").read_bytes()
    size = len(data)
    ask = """async ([url, range]) => {
        const answer = await fetch(url, range ? { headers: { Range: range } } : {});
        const bytes = new Uint8Array(await answer.arrayBuffer());
        return [answer.status, answer.headers.get("Content-Range") ?? "", Array.from(bytes)];
    }"""
    sound = source(top / "a" / TWO).replace("../../", "/a/")
    parts = {
        "bytes=0-": (206, f"bytes 0-{size - 1}/{size}", data),
        "bytes=0-0": (206, f"bytes 0-0/{size}", data[:1]),
        "bytes=100-299": (206, f"bytes 100-299/{size}", data[100:300]),
        f"bytes=100-{size + 9}": (206, f"bytes 100-{size - 1}/{size}", data[100:]),
        "bytes=-10": (206, f"bytes {size - 10}-{size - 1}/{size}", data[-10:]),
        f"bytes=-{size + 9}": (206, f"bytes 0-{size - 1}/{size}", data),
        f"bytes={size}-": (416, f"bytes */{size}", b""),
        "bytes=-0": (416, f"bytes */{size}", b""),
    }
    whole = ["", "bytes=9-3", "bytes=-", "bytes=0-1,3-4", "lines=0-1"]
    parts |= dict.fromkeys(whole, (200, "", data))
    with visitor.alone():
        for asked, expected in parts.items():
            status, where, answer = visitor.page.evaluate(ask, [sound, asked])
            assert (status, where, bytes(answer)) == expected, asked


def test_a_sound_is_fetched_once_however_often_it_is_asked_for(
    visitor: Visitor, host: Host, top: Path
) -> None:
    host.headers = {"Cache-Control": "no-store"}
    visitor.read(f"a/{ONE}")
    sound = source(top / "a" / ONE).replace("../../", "/a/")
    jumps = """(url) => Promise.all([1, 2, 3, 4, 5].map((n) => {
        return fetch(url, { headers: { Range: `bytes=${n}-${n}` } }).then((answer) => answer.status);
    }))"""
    assert set(visitor.page.evaluate(jumps, sound)) == {206}
    visitor.waits_for(sound[1:])
    assert host.asked.count((sound, "")) == 1
