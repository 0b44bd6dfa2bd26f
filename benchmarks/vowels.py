"""How many Arabic words get wrong vowels, how fast they come, and how well doubt is told.

    python benchmarks/vowels.py SET.jsonl …

A set has a text in each line: {"text": …, "words": [[begin, end, [form, …]], …]}, `text` without marks, each
word with the vowelled forms that are right. SadeedDiac-25, CAMeL's Wild2Max and Fadel's test set can be
written so; none of them is part of this repository. A sentence is vowelled by itself, as in a book.
Printed for each set:

  said   words said wrong, in percent: spellings that sound alike are alike, what a reference leaves open is
         right, and before a pause the ending does not count
  stem   the same, with every word as before a pause
  doubt  of the words that are least sure, as many as have a wrong stem: how many have one, which is then
         both precision and recall
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hakawati.arabic.diacritics import diacritic, letters
from hakawati.arabic.marks import DAGGER, DAMMA, FATHA, FATHATAN, KASRA, MARKS, SUKUN
from hakawati.arabic.vowels import WordVowels, method, word_vowels
from hakawati.source.sentences import split

_STOP = re.compile(r"[،؛:.!?؟,;—–…\n]")
_LONG = {"ا": FATHA, "ى": FATHA, "و": DAMMA, "ي": KASRA}
_ARTICLE = re.compile("[وف]?[بك]?ال(?=..)")


@dataclass(frozen=True)
class Vowelling:
    """A word of a set, its vowels, and whether they are right."""

    sure: float
    said: bool
    stem: bool


def sounds(form: str, *, pause: bool) -> list[str | None]:
    """What is heard of each letter: its vowel, with shadda; None where a bare consonant leaves that open."""
    form = form.replace("ٱ", "ا").replace(DAGGER, "" if FATHA + DAGGER in form else FATHA)
    form = re.sub(f"{FATHATAN}?([اى]){FATHATAN}", rf"{FATHATAN}\1", form)
    if pause:
        form = re.sub(f"{FATHATAN}([اى])$", rf"{FATHA}\1", form)
    found = letters(form)
    article = _ARTICLE.match("".join(letter.character for letter in found))
    heard: list[str | None] = []
    for i, letter in enumerate(found):
        marks = diacritic(letter.marks)
        after = found[i + 1] if i + 1 < len(found) else None
        long = _LONG.get(after.character) if after and set(after.marks) <= {SUKUN} else None
        is_open = not marks and letter.character not in "اآىوي" and not long
        vowel = marks.replace(SUKUN, "")
        if letter.character in "اآ" or (letter.character == "ى" and i) or (pause and i == len(found) - 1):
            vowel, is_open = "", False
        elif letter.character == "إ" or (article and i == article.end() - 1):
            vowel, is_open = vowel.replace(KASRA, ""), False
        elif long:
            vowel = vowel.replace(long, "")
        heard.append(None if is_open else vowel)
    return heard


def is_said(right: str, form: str, *, pause: bool, joined: bool = False) -> bool:
    """Whether a form is said like the right one. `joined`: before an alif of wasl, where a vowel helps."""
    wanted, heard = sounds(right, pause=pause), sounds(form, pause=pause)
    if len(wanted) != len(heard):
        return False
    helped = joined and not pause and "" in (wanted[-1], heard[-1] or "")
    pairs = list(zip(wanted, heard, strict=True))[: -1 if helped else None]
    return all(a is None or a == (b or "") for a, b in pairs)


def vowelled(text: str) -> dict[int, WordVowels]:
    """The words of a text by the offsets at which they begin, vowelled sentence by sentence."""
    found: dict[int, WordVowels] = {}
    for begin, end in split(text, "ar"):
        found |= {begin + word.begin: word for word in word_vowels(text[begin:end])}
    return found


def compared(text: str, words: list[tuple[int, int, list[str]]]) -> Iterator[Vowelling]:
    """The words of a text that there is a reference for."""
    found = vowelled(text)
    for begin, end, right in words:
        after = re.compile("[ء-ي]").search(text, end)
        gap = text[end : after.start() if after else len(text)]
        pause = after is None or _STOP.search(gap) is not None
        joined = after is not None and not gap.strip() and after[0] == "ا"
        word = found.get(begin)
        if right and word:
            form = "".join(c for c in word.form if c in MARKS or c.isalpha())
            said = any(is_said(one, form, pause=pause, joined=joined) for one in right)
            stem = any(is_said(one, form, pause=True) for one in right)
            yield Vowelling(word.sure, said, stem)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="+", type=Path)
    print(method())
    word_vowels("كتب الولد درسه.")  # loads the models
    for path in parser.parse_args().sets:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        begin = time.process_time()
        found = [one for line in lines for one in compared(line["text"], line["words"])]
        took = time.process_time() - begin
        characters = sum(len(line["text"]) for line in lines)
        wrong = sum(not one.stem for one in found)
        doubtful = sorted(found, key=lambda one: one.sure)[:wrong]
        hits = sum(not one.stem for one in doubtful)
        said = sum(not one.said for one in found)
        print(
            f"{path.stem}: {len(found)} words, said {100 * said / len(found):.2f} % wrong, "
            f"stem {100 * wrong / len(found):.2f} %; doubt: {len(doubtful)} words, "
            f"{100 * hits / max(1, wrong):.0f} % of them wrong; "
            f"{characters / took:,.0f} characters a second, "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
        )


if __name__ == "__main__":
    main()
