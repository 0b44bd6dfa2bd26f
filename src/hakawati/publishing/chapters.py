"""The parts that a book is made of, a scene for each chapter and one for the glossary, as a build finds them.

A chapter whose files, and all that they depend on, are as they were is not even read: its page comes out of
the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hakawati.common.keys import digest
from hakawati.common.store import Store
from hakawati.errors import Problem
from hakawati.model import Chapter, Edition, Narration, Page, Timeline
from hakawati.publishing.cast import Cast, Role
from hakawati.publishing.chapter_audio import Shot
from hakawati.publishing.finished import Kept, unpack
from hakawati.publishing.outputs import Outputs
from hakawati.publishing.paths import Places
from hakawati.publishing.state import State
from hakawati.source.folder import BookFolder
from hakawati.source.spoken_glossary import GLOSSARY


@dataclass
class Scene:
    """A chapter, or the glossary, in this build: either kept as it is, or read and to be made."""

    name: str
    key: str
    """Of its page in the store."""
    kept: Kept | None = None
    chapter: Chapter | None = None
    roles: Sequence[Role] = ()
    shots: Sequence[Shot] = ()
    notices: tuple[Problem, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)
    """Why sentences must be spoken → how many."""

    def terms(self) -> tuple[str, ...]:
        """The ids of the terms that it links to."""
        from hakawati.epub.page import linked_terms

        if self.chapter:
            return linked_terms(self.chapter)
        return self.kept.page.terms if self.kept else ()


def page(edition: Edition, chapter: Chapter, timeline: Timeline | None) -> Page:
    """The page of a chapter or of the glossary; `timeline` is None where nothing of it is read aloud."""
    from hakawati.epub.xhtml import chapter_page, glossary_page

    return (glossary_page if chapter.role == GLOSSARY else chapter_page)(edition, chapter, timeline)


def made_of(name: str, beside: Iterable[str], places: Places) -> list[str]:
    """The files of a chapter that is heard. `beside`: the endings of those beside its MP3."""
    return [
        places.audio(name),
        places.timings(name),
        *(places.beside(name, ending) for ending in beside),
    ]


class Stage:
    """Finds the scenes of one edition."""

    def __init__(
        self, outputs: Outputs, places: Places, state: State, store: Store, shared: str, *, web: bool
    ) -> None:
        """`shared`: a digest of what every scene depends on; `web`: whether pages for that are wanted."""
        self.outputs = outputs
        self.places = places
        self.state = state
        self.store = store
        self.shared = shared
        self.web = web

    def chapter(self, folder: BookFolder, name: str) -> Scene:
        """A chapter's scene; what is wrong with it gathers in the folder."""
        key = digest("page", self.shared, folder.chapter_key(name))
        kept = self._kept(name, key)
        if kept and all(map(folder.files.contains, kept.page.images)):
            return Scene(name, key, kept=kept, notices=kept.notices)
        before = len(folder.notices)
        chapter = folder.read(name)
        return Scene(name, key, chapter=chapter, notices=tuple(folder.notices[before:]))

    def glossary(self, folder: BookFolder, edition: Edition, cast: Cast) -> Scene | None:
        """The glossary's scene, if there is one: its terms with their translations, in the page's order."""
        from hakawati.epub.alphabet import grouped
        from hakawati.epub.labels import label, label_language
        from hakawati.epub.xhtml import shown

        if not edition.glossary:
            return None
        key = digest("page", self.shared, GLOSSARY)
        if kept := self._kept(GLOSSARY, key):
            return Scene(GLOSSARY, key, kept=kept)
        original = edition.metadata.original
        terms = [term for group in grouped(edition.glossary, original) for term in group.terms]
        title = label_language(original), label("glossary", original)
        chapter = folder.spoken_glossary(terms, lambda term: shown(edition, term), title)
        roles = cast.roles(chapter, _glossary(edition, chapter, cast)) if edition.narration.glossary else ()
        return Scene(GLOSSARY, key, chapter=chapter, roles=roles)

    def said(self, scene: Scene) -> Mapping[str, Mapping[str, str]]:
        """What the last build said of it."""
        last = scene.kept or unpack(self.store.get(self.state.pages.get(scene.name, "")))
        return last.said if last else {}

    def _kept(self, name: str, key: str) -> Kept | None:
        kept = unpack(self.store.get(key)) if self.state.pages.get(name) == key else None
        if kept is None or not _fits(kept, name):
            return None
        made = made_of(name, kept.beside, self.places) if kept.page.smil else []
        # By their content, since they are going to be packed.
        if not all(self.outputs.intact(file, compare=True) for file in made):
            return None
        if self.web and not (kept.sheets and all(self.store.get(sheet) is not None for sheet in kept.sheets)):
            return None
        return kept


def _fits(kept: Kept, name: str) -> bool:
    """Whether what the store holds can be of this chapter: a project from somebody else may hold anything."""
    from hakawati.epub.paths import GLOSSARY as GLOSSARY_PAGE
    from hakawati.epub.paths import chapter_path

    path = GLOSSARY_PAGE if name == GLOSSARY else chapter_path(name)
    return kept.page.name == name and kept.page.path == path


def _glossary(edition: Edition, chapter: Chapter, cast: Cast) -> Narration:
    """How the glossary is read aloud: every language of it that there is a voice for, term by term."""
    chosen = edition.narration
    found = {text.lang for text in chapter.texts()}
    languages = tuple(
        lang
        for lang in edition.metadata.languages
        if lang in found and (lang in chosen.languages or cast.speaks(lang))
    )
    return replace(chosen, languages=languages, order="sentence", pair=False)
