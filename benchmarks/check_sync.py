"""What `hakawati check` finds of errors planted in sound books, what it finds besides, its time and memory.

PYTHONPATH=src:. python benchmarks/check_sync.py                    # all: an hour
PYTHONPATH=src:. python benchmarks/check_sync.py plants --times 5 --kinds moved missing
PYTHONPATH=src:. python benchmarks/check_sync.py sound              # every golden book, as it is
PYTHONPATH=src:. python benchmarks/check_sync.py speed --minutes 60

A plant is found where something severe is told of its chapter that overlaps it in time. What is told of
other chapters, or of other moments of its own, is a false alarm, unless all that comes after the plant is
wrong. The books are those of `tests/books/` and the repository's own, spoken by eSpeak.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from lxml import etree
from tests.check.measuring import lateness, measure, sentence_count
from tests.check.planting import PLANTS, Planted, chapters, packed
from tests.goldens import SEED, SYNCS, VARIANTS, Shelf, Variant, xpath

from hakawati.check.sync.measurement import SyncReport, check_sync
from hakawati.model import Finding
from hakawati.publishing.espeak_aligner import EspeakAligner

WHOLE = ("exchanged", "missing", "truncated", "relabelled")
"""Plants after which much else is wrong, so that nothing in their chapters is a false alarm."""
BOOKS = (
    *(Variant(SEED).but(f"sync={sync}") for sync in SYNCS),
    Variant(SEED).but("narration.languages=[ar, en]", "layout=sentences", "narration.pair=true"),
    Variant(SEED).but("narration.languages=[ar, en]", "sync=sentence"),
    Variant(SEED).but("narration.speed=0.8", "narration.repeat=1.5", "narration.notes=end"),
    *(Variant("workbook").but(f"sync={sync}", "narration.languages=[ar, en]") for sync in SYNCS),
    *(Variant("three-languages").but(f"sync={sync}", "narration.languages=[ar, en, fr]") for sync in SYNCS),
)
VOICES = ("en-us", "fr", "de", "tr", "fa", "es", "ar", "sw")


def fewer(files: Mapping[str, bytes], most: int) -> dict[str, bytes]:
    """A book of which only so many chapters are read aloud, to be quicker."""
    package = etree.fromstring(files["EPUB/content.opf"])
    found = [chapter for chapter in chapters(files) if len(chapter.sentences) > 1]
    kept = {chapter.overlay for chapter in found[:most]}
    total = 0.0
    for item in xpath(package, "//opf:item[@media-type='application/smil+xml']"):
        metas = xpath(package, f"//opf:meta[@refines='#{item.get('id')}']")
        if f"EPUB/{item.get('href')}" in kept:
            total += sum(float(str(meta.text).removesuffix("s")) for meta in metas)
            continue
        for element in [*metas, item]:
            element.getparent().remove(element)
        for document in xpath(package, f"//opf:item[@media-overlay='{item.get('id')}']"):
            del document.attrib["media-overlay"]
    for meta in xpath(package, "//opf:meta[@property='media:duration' and not(@refines)]"):
        meta.text = f"{total:.3f}s"
    made = {name: data for name, data in files.items() if not name.endswith(".smil") or name in kept}
    return made | {"EPUB/content.opf": etree.tostring(package, xml_declaration=True, encoding="utf-8")}


def listened(files: Mapping[str, bytes], folder: Path) -> SyncReport:
    file = folder / "book.epub"
    file.write_bytes(packed(files))
    return check_sync(file, "book.epub", EspeakAligner())


def is_of(finding: Finding, chapter: str, begin: float, end: float) -> bool:
    return finding.severe and finding.chapter == chapter and finding.begin <= end and begin <= finding.end


def plants(shelf: Shelf, folder: Path, kinds: Sequence[str], times: int, seed: int) -> None:
    """Plant each kind of error in every book so many times."""
    planted, found, alarms = Counter[str](), Counter[str](), Counter[str]()
    for variant in BOOKS:
        files = fewer(shelf[variant].files, 3)
        for kind in kinds:
            for n in range(times):
                chance = random.Random(f"{variant} {kind} {n} {seed}")
                made = PLANTS[kind](files, chance)
                if made is None:
                    continue
                planted[kind] += 1
                missed, others = _judged(kind, made, listened(made.files, folder))
                found[kind] += not missed
                alarms[kind] += len(others)
                if missed or others:
                    print(f"{variant} {kind} {n}: missed {missed}")
                    for finding in others[:4]:
                        print(f"    {finding.chapter} {finding.begin:.2f}: {finding.problem.message}")
        print(f"{variant} done", flush=True)
    print(f"\n{'':14}{'planted':>8}{'found':>8}{'false alarms':>14}")
    for kind in kinds:
        print(f"{kind:14}{planted[kind]:8}{found[kind]:8}{alarms[kind]:14}")


def _judged(kind: str, made: Planted, told: SyncReport) -> tuple[list[str], list[Finding]]:
    missed = [where[0] for where in made.where if not any(is_of(f, *where) for f in told.findings)]
    named = {where[0] for where in made.where}
    others = [
        finding
        for finding in told.findings
        if not any(is_of(finding, *where) for where in made.where)
        and finding.chapter  # the package's sum is wrong with the part
        and not (finding.chapter in named and kind in WHOLE)
        and finding.severe
    ]
    return missed, others


def voices(shelf: Shelf, folder: Path) -> None:
    """Read a language with the voice of another, and see in how many chapters it is noticed."""
    for variant in (Variant(SEED), Variant("three-languages").but("narration.languages=[ar, en, fr]")):
        for lang in ("ar", "en"):
            for voice in VOICES:
                if voice.startswith(lang):
                    continue
                built = shelf[variant.but(f"voices.{lang}={{engine: espeak, voice: {voice}}}")]
                told = listened(fewer(built.files, 3), folder)
                wrong = {f.chapter for f in told.findings if f.severe}
                every = {chapter.chapter for chapter in told.chapters}
                print(
                    f"{variant.case}: {lang} by {voice}: {len(wrong)} of {len(every)} chapters named",
                    flush=True,
                )


def sound(shelf: Shelf) -> None:
    """Check every golden book as it is: nothing should be told of but that one cannot be read at all."""
    books = alarms = sentences = compared = 0
    worst = 0.0
    for variant in VARIANTS:
        built = shelf[variant]
        told, analysis = measure(built.epub, EspeakAligner())
        books, sentences = books + 1, sentences + sentence_count(analysis)
        compared += len(analysis.located)
        worst = max([worst, *map(abs, lateness(analysis))])
        for finding in told.findings:
            if told.chapters:
                alarms += 1
                print(f"{variant}: {finding.problem}", flush=True)
    print(
        f"{books} books, {compared} of {sentences} sentences compared, {alarms} alarms, worst {worst:.3f} s"
    )


def speed(shelf: Shelf, folder: Path, minutes: int) -> None:
    """One chapter as long as that, of the repository's own book again and again."""
    files = dict(shelf[Variant(SEED).but("sync=phrase")].files)
    made = longer(files, minutes)
    file = folder / "long.epub"
    file.write_bytes(packed(made))
    begun, used = time.perf_counter(), time.process_time()
    told, analysis = measure(file, EspeakAligner())
    seconds = sum(chapter.duration for chapter in told.chapters)
    status = Path("/proc/self/status").read_text("utf-8")
    memory = re.search(r"VmHWM:\s+(\d+)", status)
    assert memory
    print(
        f"{seconds / 60:.0f} minutes in {time.process_time() - used:.1f} s of processor time "
        f"({time.perf_counter() - begun:.1f} s by the clock), {int(memory[1]) >> 10} MB, "
        f"{len(told.findings)} findings, {len(analysis.located)} sentences"
    )


def block_copy(block: bytes, n: int) -> etree._Element:
    """A block of the page, with ids of its own."""
    copy = etree.fromstring(block)
    for element in copy.iter():
        for name in ("id", "href"):
            if element.get(name):
                element.set(name, f"{element.get(name)}-copy{n}")
    return copy


def seq_copy(seq: bytes, n: int, later: float) -> etree._Element:
    """A part of the overlay for the copied blocks, so many seconds later."""
    copy = etree.fromstring(seq)
    for element in copy.iter():
        for name in ("src", "{http://www.idpf.org/2007/ops}textref"):
            if "#" in (element.get(name) or ""):
                element.set(name, f"{element.get(name)}-copy{n}")
        for name in ("clipBegin", "clipEnd"):
            if time_ := element.get(name):
                element.set(name, f"{float(time_.removesuffix('s')) + later:.3f}s")
    return copy


def longer(files: Mapping[str, bytes], minutes: int) -> dict[str, bytes]:
    """A book whose first chapter is so long: its text and sound repeated, with ids of their own."""
    chapter = chapters(files)[0]
    times = max(1, round(minutes * 60 / chapter.duration))
    page = etree.fromstring(files[chapter.text])
    body, smil = xpath(page, "h:body")[0], xpath(chapter.root, "smil:body")[0]
    blocks, seqs = [etree.tostring(e) for e in body], [etree.tostring(e) for e in smil]
    duration = chapter.duration
    for n in range(1, times):
        body.extend(block_copy(block, n) for block in blocks)
        smil.extend(seq_copy(seq, n, n * duration) for seq in seqs)
    chapter.frames *= times
    kept = fewer({**files, **chapter.written()}, 1)
    package = etree.fromstring(kept["EPUB/content.opf"])
    for meta in xpath(package, "//opf:meta[@property='media:duration']"):
        meta.text = f"{chapter.duration:.3f}s"
    text = etree.tostring(page, xml_declaration=True, encoding="utf-8")
    return kept | {
        chapter.text: text,
        "EPUB/content.opf": etree.tostring(package, xml_declaration=True, encoding="utf-8"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "what", nargs="?", choices=("all", "plants", "voices", "sound", "speed"), default="all"
    )
    parser.add_argument("--kinds", nargs="+", choices=tuple(PLANTS), default=tuple(PLANTS))
    parser.add_argument("--times", type=int, default=2, help="for each kind and book")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--shelf", type=Path, help="where built books are kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shelf = Shelf(given.shelf or folder / "shelf")
        if given.what in ("all", "speed"):  # first, before memory is used for anything else
            speed(shelf, folder, given.minutes)
        if given.what in ("all", "plants"):
            plants(shelf, folder, given.kinds, given.times, given.seed)
        if given.what in ("all", "voices"):
            voices(shelf, folder)
        if given.what in ("all", "sound"):
            sound(shelf)


if __name__ == "__main__":
    main()
