"""The script that a competent user writes by hand for a long book.

    python benchmarks/by_hand.py /tmp/by-hand --characters 360000

eSpeak's command for each sentence, pydub to join them, ffmpeg to encode, EbookLib to pack; one after another,
no vowels, no store. Needs `espeak-ng` and `ffmpeg` on the system.
"""

from __future__ import annotations

import argparse
import subprocess
import time
import warnings
from pathlib import Path

from ebooklib import epub

from long_book import sentences

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub import AudioSegment


def speak(text: str, wav: Path) -> AudioSegment:
    subprocess.run(["espeak-ng", "-v", "ar", "-s", "160", "-w", str(wav), text], check=True)
    return AudioSegment.from_wav(str(wav))


def clock(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}s"


def make_chapter(book: epub.EpubBook, folder: Path, n: int, texts: list[str]) -> epub.EpubHtml:
    audio = AudioSegment.empty()
    spans, pars = [], []
    for i, text in enumerate(texts):
        begin = len(audio)
        audio += speak(text, folder / "sentence.wav")
        spans.append(f'<p id="s{i}">{text}</p>')
        pars.append(
            f'<par><text src="{n}.xhtml#s{i}"/><audio src="{n}.mp3" '
            f'clipBegin="{clock(begin)}" clipEnd="{clock(len(audio))}"/></par>'
        )
        audio += AudioSegment.silent(350, frame_rate=22050)
    audio.export(str(folder / f"{n}.mp3"), format="mp3", bitrate="64k")
    page = epub.EpubHtml(
        uid=f"c{n}", title=f"الفصل {n}", file_name=f"{n}.xhtml", lang="ar", media_overlay=f"o{n}"
    )
    page.content = "".join(spans)
    smil = f'<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body>{"".join(pars)}</body></smil>'
    mp3 = (folder / f"{n}.mp3").read_bytes()
    book.add_item(page)
    book.add_item(epub.EpubItem(f"o{n}", f"{n}.smil", "application/smil+xml", smil.encode()))
    book.add_item(epub.EpubItem(f"a{n}", f"{n}.mp3", "audio/mpeg", mp3))
    return page


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--characters", type=int, default=360_000)
    parser.add_argument("--chapters", type=int, default=40)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    texts = sentences(given.characters)
    begin = time.perf_counter()
    book = epub.EpubBook()
    book.set_identifier("by-hand")
    book.set_title("كتاب طويل")
    book.set_language("ar")
    count = given.chapters
    parts = [texts[n * len(texts) // count : (n + 1) * len(texts) // count] for n in range(count)]
    book.spine = [make_chapter(book, given.folder, n, part) for n, part in enumerate(parts)]
    book.toc = book.spine
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    epub.write_epub(str(given.folder / "book.epub"), book)
    print(f"{len(texts)} sentences, {time.perf_counter() - begin:.1f} s")


if __name__ == "__main__":
    main()
