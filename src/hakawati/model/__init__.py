"""Every noun of the program, frozen. Verbs live in the rooms; this one knows only the standard library.

Families: what the author wrote (`written`: `Book` down to `Word`) and chose (`settings`), made by the room
`source`; what is heard (`heard`: `Utterance`, `Clip`, `Timeline`), made by `narration`; how a build is told.

Offsets into text count characters (Python `str` indices) and ranges are half-open. Audio positions count
samples of the chapter's decoded MP3, at `SAMPLE_RATE`.
"""

from hakawati.model.bound import Page, Section
from hakawati.model.heard import (
    SAMPLE_RATE,
    Clip,
    Speech,
    TimedSentence,
    Timeline,
    Utterance,
    Voice,
    VoiceError,
    seconds,
)
from hakawati.model.settings import (
    RTL_LANGUAGES,
    Audio,
    Layout,
    Localized,
    Metadata,
    Narration,
    NotesReading,
    Pauses,
    Place,
    Sync,
    VoiceChoice,
    direction,
)
from hakawati.model.told import (
    ChapterReport,
    Progress,
    Report,
    Silent,
)
from hakawati.model.written import (
    Block,
    BlockKind,
    Book,
    Chapter,
    Edition,
    Mark,
    MarkKind,
    Note,
    Phrase,
    Sentence,
    Term,
    Text,
    Word,
    plain,
)

__all__ = [
    "RTL_LANGUAGES",
    "SAMPLE_RATE",
    "Audio",
    "Block",
    "BlockKind",
    "Book",
    "Chapter",
    "ChapterReport",
    "Clip",
    "Edition",
    "Layout",
    "Localized",
    "Mark",
    "MarkKind",
    "Metadata",
    "Narration",
    "Note",
    "NotesReading",
    "Page",
    "Pauses",
    "Phrase",
    "Place",
    "Progress",
    "Report",
    "Section",
    "Sentence",
    "Silent",
    "Speech",
    "Sync",
    "Term",
    "Text",
    "TimedSentence",
    "Timeline",
    "Utterance",
    "Voice",
    "VoiceChoice",
    "VoiceError",
    "Word",
    "direction",
    "plain",
    "seconds",
]
