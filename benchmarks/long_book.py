"""Make a long book: Arabic, as many chapters and characters as asked for, every sentence different.

python benchmarks/long_book.py /tmp/long --characters 360000 --chapters 40
"""

from __future__ import annotations

import argparse
import random
import re
from pathlib import Path

SEED_TEXT = Path(__file__).parent.parent / "tests" / "data" / "liberation-of-paris.ar.txt"


def sentences(characters: int, seed: int = 1) -> list[str]:
    """Different sentences of four phrases from the first book, with numbers, `characters` long together."""
    text = SEED_TEXT.read_text(encoding="utf-8")
    phrases = [p.strip(' "') for p in re.split(r"[،.\n]", text) if len(p.split()) > 2]
    chooser = random.Random(seed)
    made: list[str] = []
    length = 0
    while length < characters:
        first, *rest = chooser.sample(phrases, 4)
        number = 1000 + len(made)
        made.append(f"{first} رقم {number}، " + "، ".join(rest) + ".")
        length += len(made[-1]) + 1
    return made


def write_book(project: Path, characters: int, chapters: int) -> list[str]:
    """Write the project; returns its sentences, headings included, in order."""
    made = sentences(characters)
    folder = project / "book" / "ar"
    folder.mkdir(parents=True, exist_ok=True)
    (project / "book" / "book.yaml").write_text("title: كتاب طويل\nlanguages: [ar]\nslug: long\n", "utf-8")
    every: list[str] = []
    for n in range(chapters):
        part = made[n * len(made) // chapters : (n + 1) * len(made) // chapters]
        heading = f"الفصل {n + 1}"
        paragraphs = [" ".join(part[i : i + 5]) for i in range(0, len(part), 5)]
        (folder / f"{n + 1:03}-chapter.md").write_text(
            "\n\n".join([f"# {heading}", *paragraphs, ""]), "utf-8"
        )
        every += [heading, *part]
    return every


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path)
    parser.add_argument("--characters", type=int, default=360_000)
    parser.add_argument("--chapters", type=int, default=40)
    given = parser.parse_args()
    made = write_book(given.project, given.characters, given.chapters)
    print(f"{len(made)} sentences, {sum(map(len, made))} characters, in {given.project}")


if __name__ == "__main__":
    main()
