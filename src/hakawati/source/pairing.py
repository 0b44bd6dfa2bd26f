"""The same chapter in several languages → one `Chapter`, its ids born here.

Ids come from position: block 3 is `b3`, its second sentence `b3s2`, that one's English `b3s2-en`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from hakawati.errors import Problem
from hakawati.model import Block, Chapter, Mark, MarkKind, Note, Place, Sentence, Term, Text, Word
from hakawati.source import sentences
from hakawati.source.matching import Finder, with_prefix
from hakawati.source.pairs import paired
from hakawati.source.raw import Inline, RawBlock, RawChapter

ROLES = frozenset(
    [
        "acknowledgments",
        "afterword",
        "appendix",
        "conclusion",
        "dedication",
        "epilogue",
        "foreword",
        "introduction",
        "preface",
        "prologue",
    ]
)
"""Chapter names that are also structural semantics (EPUB SSV 1.1) with a DPUB-ARIA role."""

SPOKEN = "-w"
"""What the id of a term's block ends with: the term's own is that of its whole entry."""
_NONE: Mapping[str, str] = {}
_NAMES = {
    "heading": "heading",
    "paragraph": "paragraph",
    "quote": "block quote",
    "list": "list",
    "item": "list item",
    "figure": "image",
    "rule": "rule",
    "code": "code block",
    "term": "term",
}


def pair(
    name: str,
    versions: Mapping[str, RawChapter],
    terms: Finder[Term],
    say: Finder[str],
    *,
    by_sentence: bool = False,
) -> tuple[Chapter, list[Problem], list[Problem]]:
    """The chapter, what is wrong with it, and what is worth a look.

    `versions`: by language, the original's first; a translation's may be missing. `by_sentence`: whether the
    page goes sentence by sentence, so that one without its translation is worth a look.
    """
    page = _Page(versions, terms, say)
    groups = page.aligned({lang: v.blocks for lang, v in versions.items()})
    whole = [page.block(f"b{i}", group) for i, group in enumerate(groups, start=1)]
    blocks, unpaired = paired(whole)
    notes = tuple(page.note(label) for label in page.labels)
    kind = re.sub(r"^\d+[-_. ]*", "", name)
    chapter = Chapter(name, kind if kind in ROLES else "chapter", blocks, notes)
    return chapter, page.problems, page.notices + (unpaired if by_sentence else [])


def spoken_glossary(
    terms: Sequence[Term],
    shown: Callable[[Term], str],
    title: tuple[str, str],
    original: str,
    say: Finder[str],
) -> Chapter:
    """The glossary as it is read aloud: its title (language and text), and a block for each term.

    `shown`: how a term is printed; its own `say` is how it is spoken, else what `say` finds in it.
    """
    path = terms[0].place.path
    page = _Page({original: RawChapter(path)}, Finder((), str), say)
    lang, text = title
    heading = page.block("glossary", {original: RawBlock("heading", 1, Inline(text), level=1)})
    blocks = [replace(heading, texts=tuple(replace(t, lang=lang) for t in heading.texts))]
    for term in terms:
        printed = shown(term)
        said = (Mark("say", 0, len(printed), term.say),) if term.say else ()
        page.versions = {lang: RawChapter(path) for lang in (original, *term.translation)}
        group = {original: RawBlock("term", term.place.line, Inline(printed, said))}
        for lang, meaning in term.translation.items():
            group[lang] = RawBlock("term", term.place.line, Inline(meaning))
        blocks.append(page.block(term.id + SPOKEN, group))
    return Chapter("glossary", "glossary", tuple(blocks))


class _Page:
    """One chapter while its languages are laid side by side."""

    def __init__(self, versions: Mapping[str, RawChapter], terms: Finder[Term], say: Finder[str]) -> None:
        self.versions = versions
        self.terms = terms
        self.say = say
        self.original = next(iter(versions))
        self.labels = {
            label: (number, f"b{top + 1}")
            for number, (label, top) in enumerate(versions[self.original].references().items(), start=1)
        }
        """Of each note: its number, and the id of the top-level block that refers to it first."""
        self.linked: set[str] = set()
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []

    def block(self, id_: str, group: Mapping[str, RawBlock], voices: Mapping[str, str] = _NONE) -> Block:
        """`voices`: what was chosen, by language, for the block that this one stands in."""
        ours = group[self.original]
        voices = {lang: block.voice or voices.get(lang, "") for lang, block in group.items()}
        children = self.aligned({lang: b.children for lang, b in group.items()})
        return Block(
            id=id_,
            kind=ours.kind,
            place=Place(self.versions[self.original].path, ours.line),
            texts=tuple(self._texts(id_, group, voices)),
            children=tuple(self.block(f"{id_}-{i}", c, voices) for i, c in enumerate(children, start=1)),
            level=ours.level,
            start=ours.start,
            image=ours.image,
            alt=ours.alt,
        )

    def note(self, label: str) -> Note:
        number, anchor = self.labels[label]
        defined = {lang: v.notes[label] for lang, v in self.versions.items() if label in v.notes}
        path = self.versions[self.original].path
        for lang in self.versions.keys() - defined.keys():
            message = f"the note [^{label}] without its {lang} translation"
            hint = f"add it to {self.versions[lang].path}"
            self.notices.append(Problem(path, defined[self.original].line, message, hint))
        groups = self.aligned({lang: n.blocks for lang, n in defined.items()})
        blocks = tuple(self.block(f"n{number}-{i}", g) for i, g in enumerate(groups, start=1))
        return Note(f"n{number}", number, anchor, blocks)

    def aligned(self, blocks: Mapping[str, Sequence[RawBlock]]) -> list[dict[str, RawBlock]]:
        """The n-th blocks of every language together; what does not pair is reported and left out."""
        groups: list[dict[str, RawBlock]] = [{self.original: block} for block in blocks[self.original]]
        for lang, theirs in blocks.items():
            if lang == self.original:
                continue
            for group, block in zip(groups, theirs, strict=False):
                ours = group[self.original]
                if (ours.kind, ours.level) != (block.kind, block.level):
                    self._mismatch(ours, block, lang)
                    break
                group[lang] = block
            else:
                self._uneven(groups, theirs, lang)
        return groups

    def _mismatch(self, ours: RawBlock, theirs: RawBlock, lang: str) -> None:
        place = f"{self.versions[self.original].path}:{ours.line}"
        message = f"{_described(theirs)}, where the original has {_described(ours)} ({place})"
        hint = "give the translation the original's blocks, in the same order; an empty line divides blocks"
        self.problems.append(Problem(self.versions[lang].path, theirs.line, message, hint))

    def _uneven(
        self, groups: Sequence[Mapping[str, RawBlock]], theirs: Sequence[RawBlock], lang: str
    ) -> None:
        our_path, path = self.versions[self.original].path, self.versions[lang].path
        for block in theirs[len(groups) :][:1]:
            message = f"{_described(block)} that the original does not have"
            hint = f"remove it, or add what it translates to {our_path}"
            self.problems.append(Problem(path, block.line, message, hint))
        for group in groups[len(theirs) :]:
            block = group[self.original]
            if block.kind not in ("rule", "code"):
                message = f"{_described(block)} without its {lang} translation"
                self.notices.append(Problem(our_path, block.line, message, f"add it to {path}"))

    def _texts(self, id_: str, group: Mapping[str, RawBlock], voices: Mapping[str, str]) -> Iterator[Text]:
        for lang, block in group.items():
            if block.inline.text.strip() or block.inline.marks:
                suffix = "" if lang == self.original else f"-{lang}"
                path = self.versions[lang].path
                sentences_ = tuple(self._sentences(id_, suffix, lang, block))
                yield Text(id_ + suffix, lang, path, sentences_, voices[lang])

    def _sentences(self, id_: str, suffix: str, lang: str, block: RawBlock) -> Iterator[Sentence]:
        text = block.inline.text
        if block.kind == "code":  # shown as it is, never read aloud
            yield Sentence(f"{id_}s1{suffix}", text, block.line, (), (), after="")
            return
        # A heading stays plain, and so does a note, which is a pop-up already.
        linking = lang == self.original and block.kind != "heading" and not id_.startswith("n")
        ranges = sentences.split(text, lang) or [(0, 0)]
        reaches = [*(begin for begin, _ in ranges[1:]), len(text) + 1]
        for n, ((begin, end), reach) in enumerate(zip(ranges, reaches, strict=True), start=1):
            printed = text[begin:end]
            found = sentences.words(printed)
            line = block.inline.line(begin, block.line)
            marks = list(_clipped(block.inline.marks, begin, end, reach))
            marks += self._marks(printed, found, marks, linking=linking)
            yield Sentence(
                id=f"{id_}s{n}{suffix}",
                text=printed,
                line=line,
                words=found,
                phrases=sentences.phrases(printed, found),
                marks=tuple(self._numbered(mark, lang, line) for mark in marks),
                after=text[end:reach] if n < len(ranges) else "",
            )

    def _marks(
        self, printed: str, found: Sequence[Word], given: Sequence[Mark], *, linking: bool
    ) -> Iterator[Mark]:
        """Links to the terms that this chapter has not linked yet, and how words are spoken.

        None where the author's own marks, `given`, say it.
        """
        for match in self.terms.find(printed, found) if linking else ():
            begin, end = found[match.begin].begin, found[match.end - 1].end
            if match.value.id not in self.linked and not _covered(begin, end, "link", given):
                self.linked.add(match.value.id)
                yield Mark("term", begin, end, match.value.id)
        for said in self.say.find(printed, found):
            begin, end = found[said.begin].begin, found[said.end - 1].end
            if not _covered(begin, end, "say", given):
                yield Mark("say", begin, end, with_prefix(said.prefix, said.value))

    def _numbered(self, mark: Mark, lang: str, line: int) -> Mark:
        """A note reference's label becomes the note's id."""
        if mark.kind != "noteref":
            return mark
        if mark.target not in self.labels:
            message = f"the note [^{mark.target}] is not in the original"
            hint = f"add it to {self.versions[self.original].path}, or remove it here"
            self.problems.append(Problem(self.versions[lang].path, line, message, hint))
            return mark
        return replace(mark, target=f"n{self.labels[mark.target][0]}")


def _covered(begin: int, end: int, kind: MarkKind, marks: Sequence[Mark]) -> bool:
    return any(mark.kind == kind and mark.begin < end and begin < mark.end for mark in marks)


def _clipped(marks: Sequence[Mark], begin: int, end: int, reach: int) -> Iterator[Mark]:
    """The parts of a block's marks that fall into the sentence; one at a point may stand up to `reach`."""
    for mark in marks:
        if mark.kind == "noteref":
            if begin <= mark.begin < reach:
                at = min(mark.begin, end) - begin
                yield replace(mark, begin=at, end=at)
        elif mark.begin < end and mark.end > begin:
            yield replace(mark, begin=max(mark.begin, begin) - begin, end=min(mark.end, end) - begin)


def _described(block: RawBlock) -> str:
    name = _NAMES[block.kind]
    name = f"{name} of level {block.level}" if block.level else name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
