"""The same chapter in several languages → one `Chapter`. Ids are given here.

Ids come from position: block 3 is `b3`, its second sentence `b3s2`, that one's English `b3s2-en`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from posixpath import normpath

from hakawati.arabic.marks import is_arabic
from hakawati.errors import Problem, short
from hakawati.model import Block, Chapter, Mark, Note, Place, Sentence, Term, Text, Word
from hakawati.source import sentences
from hakawati.source.matching import Finder, with_prefix
from hakawati.source.raw import RawBlock, RawChapter, clipped
from hakawati.source.sentence_pairs import paired
from hakawati.source.spoken_terms import spoken_term

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

_NONE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class PairedChapter:
    """A chapter whose languages are side by side."""

    chapter: Chapter
    problems: list[Problem]
    notices: list[Problem]
    unpaired: list[Problem]
    """Sentences without their translation, worth a look where the page goes sentence by sentence."""


def pair(
    name: str,
    versions: Mapping[str, RawChapter],
    terms: Finder[Term],
    say: Finder[str],
) -> PairedChapter:
    """Lay the languages of a chapter side by side.

    `versions`: by language, the original's first; a translation's may be missing.
    """
    page = Pairing(versions, terms, say)
    groups = page.aligned({lang: v.blocks for lang, v in versions.items()})
    whole = [page.block(f"b{i}", group) for i, group in enumerate(groups, start=1)]
    blocks, unpaired = paired(whole)
    notes = tuple(page.note(label) for label in page.labels)
    kind = re.sub(r"^\d+[-_. ]*", "", name)
    chapter = Chapter(name, kind if kind in ROLES else "chapter", blocks, notes)
    return PairedChapter(chapter, page.problems, page.notices, unpaired)


class Pairing:
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

    def block(
        self,
        id_: str,
        group: Mapping[str, RawBlock],
        voices: Mapping[str, str] = _NONE,
        *,
        linking: bool = True,
    ) -> Block:
        """One block; `voices`: by language, what was chosen for that it stands in; `linking`: to terms."""
        ours = group[self.original]
        # A heading stays plain, and so does an answer, which is no part of the chapter's page.
        linking = linking and ours.kind not in ("heading", "answer")
        voices = {lang: block.voice or voices.get(lang, "") for lang, block in group.items()}
        children = self.aligned({lang: b.children for lang, b in group.items()})
        if ours.kind == "figure":
            self._check_images(group)
        if ours.kind == "cell":
            self._check_cells(group)
        return Block(
            id=id_,
            kind=ours.kind,
            place=Place(self.versions[self.original].path, ours.line),
            texts=tuple(self._texts(id_, group, voices, linking=linking)),
            children=tuple(
                self.block(f"{id_}-{i}", c, voices, linking=linking) for i, c in enumerate(children, start=1)
            ),
            level=ours.level,
            start=ours.start,
            image=ours.image,
            alt=ours.alt,
            header=ours.header,
            align=ours.align,
        )

    def note(self, label: str) -> Note:
        number, anchor = self.labels[label]
        defined = {lang: v.notes[label] for lang, v in self.versions.items() if label in v.notes}
        path = self.versions[self.original].path
        for lang in self.versions.keys() - defined.keys():
            message = f"the note [^{short(label)}] without its {lang} translation"
            hint = f"add it to {self.versions[lang].path}"
            self.notices.append(Problem(path, defined[self.original].line, message, hint))
        groups = self.aligned({lang: n.blocks for lang, n in defined.items()})
        # It stays plain, too: it is a pop-up already.
        blocks = tuple(self.block(f"n{number}-{i}", g, linking=False) for i, g in enumerate(groups, start=1))
        return Note(f"n{number}", number, anchor, blocks)

    def aligned(self, blocks: Mapping[str, Sequence[RawBlock]]) -> list[dict[str, RawBlock]]:
        """The n-th blocks of every language together; what does not pair is reported and left out."""
        groups: list[dict[str, RawBlock]] = [{self.original: block} for block in blocks[self.original]]
        for lang, theirs in blocks.items():
            if lang == self.original:
                continue
            for group, block in zip(groups, theirs, strict=False):
                ours = group[self.original]
                if ours.described() != block.described():
                    self._mismatch(ours, block, lang)
                    break
                group[lang] = block
            else:
                self._uneven(groups, theirs, lang)
        return groups

    def _mismatch(self, ours: RawBlock, theirs: RawBlock, lang: str) -> None:
        hint = "give the translation the original's blocks, in the same order; an empty line divides blocks"
        self._differs(ours, theirs, lang, theirs.described(), ours.described(), hint)

    def _differs(self, ours: RawBlock, theirs: RawBlock, lang: str, what: str, where: str, hint: str) -> None:
        place = f"{self.versions[self.original].path}:{ours.line}"
        message = f"{what}, where the original has {where} ({place})"
        self.problems.append(Problem(self.versions[lang].path, theirs.line, message, hint))

    def _check_images(self, group: Mapping[str, RawBlock]) -> None:
        """One image for all languages, described in each."""
        ours = group[self.original]
        for lang, theirs in group.items():
            if lang == self.original:  # `folder` looks at it
                continue
            if normpath(theirs.image) != normpath(ours.image):
                hint = "name the same file; what it shows and its caption are translated"
                what, where = f"the image {short(theirs.image)}", f"the image {short(ours.image)}"
                self._differs(ours, theirs, lang, what, where, hint)
            elif not theirs.alt.strip():
                message = f"the image {short(theirs.image)} has no alternative text in {lang}"
                hint = "say in the brackets what it shows, for who cannot see it: ![…](…)"
                self.notices.append(Problem(self.versions[lang].path, theirs.line, message, hint))

    def _check_cells(self, group: Mapping[str, RawBlock]) -> None:
        """A cell's place is not all that makes it a translation: the one or the other may be empty."""
        ours = group[self.original]
        for lang, theirs in group.items():
            if theirs.is_blank() and not ours.is_blank():
                self._untranslated(ours, lang)
            elif ours.is_blank() and not theirs.is_blank():
                self._surplus(theirs, lang)

    def _untranslated(self, ours: RawBlock, lang: str) -> None:
        message = f"{ours.described()} without its {lang} translation"
        our_path, path = self.versions[self.original].path, self.versions[lang].path
        self.notices.append(Problem(our_path, ours.line, message, f"add it to {path}"))

    def _surplus(self, theirs: RawBlock, lang: str) -> None:
        message = f"{theirs.described()} that the original does not have"
        hint = f"remove it, or add what it translates to {self.versions[self.original].path}"
        self.problems.append(Problem(self.versions[lang].path, theirs.line, message, hint))

    def _uneven(
        self, groups: Sequence[Mapping[str, RawBlock]], theirs: Sequence[RawBlock], lang: str
    ) -> None:
        for block in theirs[len(groups) :][:1]:
            self._surplus(block, lang)
        for group in groups[len(theirs) :]:
            if group[self.original].kind not in ("rule", "code"):
                self._untranslated(group[self.original], lang)

    def _texts(
        self, id_: str, group: Mapping[str, RawBlock], voices: Mapping[str, str], *, linking: bool
    ) -> Iterator[Text]:
        for lang, block in group.items():
            if block.inline.text.strip() or block.inline.marks:
                suffix = "" if lang == self.original else f"-{lang}"
                path = self.versions[lang].path
                links = linking and lang == self.original
                sentences_ = tuple(self._sentences(id_, suffix, lang, block, linking=links))
                yield Text(id_ + suffix, lang, path, sentences_, voices[lang])

    def _sentences(
        self, id_: str, suffix: str, lang: str, block: RawBlock, *, linking: bool
    ) -> Iterator[Sentence]:
        text = block.inline.text
        if block.kind == "code":  # shown as it is, never read aloud
            yield Sentence(f"{id_}s1{suffix}", text, block.line, (), (), after="")
            return
        ranges = _ranges(block, lang) or [(0, 0)]
        reaches = [*(begin for begin, _ in ranges[1:]), len(text) + 1]
        for n, ((begin, end), reach) in enumerate(zip(ranges, reaches, strict=True), start=1):
            printed = text[begin:end]
            found = sentences.words(printed)
            line = block.inline.line(begin, block.line)
            marks = list(clipped(block.inline.marks, begin, end, reach))
            marks += self._marks(printed, found, marks, arabic=is_arabic(lang), linking=linking)
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
        self, printed: str, found: Sequence[Word], given: Sequence[Mark], *, arabic: bool, linking: bool
    ) -> Iterator[Mark]:
        """Links to the terms that this chapter has not linked yet, and how words are spoken.

        None where the author's own marks, `given`, say it. A term is spoken as the glossary says it, but for
        where a longer entry of `pronunciation.yaml` holds it.
        """
        terms: list[Mark] = []
        for match in self.terms.find(printed, found, arabic=arabic) if linking else ():
            begin, end = found[match.begin].begin, found[match.end - 1].end
            taken = _covered(begin, end, ("link", "speaker"), given)
            said = spoken_term(match.value, match.prefix, printed[begin:end])
            if said and not _covered(begin, end, ("say",), given):
                terms.append(Mark("say", begin, end, said))
            if match.value.id not in self.linked and not taken:
                self.linked.add(match.value.id)
                yield Mark("term", begin, end, match.value.id)
        entries: list[Mark] = []
        for entry in self.say.find(printed, found, arabic=arabic):
            begin, end = found[entry.begin].begin, found[entry.end - 1].end
            others = [term for term in terms if not _is_longer((begin, end), term)]
            if not _covered(begin, end, ("say",), (*given, *others)):
                entries.append(Mark("say", begin, end, with_prefix(entry.prefix, entry.value)))
                terms = others
        yield from sorted([*terms, *entries], key=lambda mark: mark.begin)

    def _numbered(self, mark: Mark, lang: str, line: int) -> Mark:
        """A note reference's label becomes the note's id."""
        if mark.kind != "noteref":
            return mark
        if mark.target not in self.labels:
            message = f"the note [^{short(mark.target)}] is not in the original"
            hint = f"add it to {self.versions[self.original].path}, or remove it here"
            self.problems.append(Problem(self.versions[lang].path, line, message, hint))
            return mark
        return replace(mark, target=f"n{self.labels[mark.target][0]}")


def _is_longer(entry: tuple[int, int], term: Mark) -> bool:
    """Whether an entry's range holds a term, and more."""
    return entry[0] <= term.begin and term.end <= entry[1] and entry != (term.begin, term.end)


def _covered(begin: int, end: int, kinds: Collection[str], marks: Sequence[Mark]) -> bool:
    return any(mark.kind in kinds and mark.begin < end and begin < mark.end for mark in marks)


def _ranges(block: RawBlock, lang: str) -> list[tuple[int, int]]:
    """The sentences of a block's text: each within one half of a verse; none ends in a speaker's name."""
    text = block.inline.text
    if block.kind == "verse":
        halves = [(m.start(), m[0]) for m in re.finditer(r"[^\n]+", text)]
        return [(at + begin, at + end) for at, half in halves for begin, end in sentences.split(half, lang)]
    found = sentences.split(text, lang)
    name = max((mark.end for mark in block.inline.marks if mark.kind == "speaker"), default=0)
    within = sum(1 for begin, _ in found if begin < name)
    return [(found[0][0], found[within - 1][1]), *found[within:]] if within > 1 else found
