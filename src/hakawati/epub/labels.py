"""The labels that the EPUB adds to the author's text, in the languages that its readers may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_ENGLISH: Mapping[str, str] = {
    "answer": "Answer",
    "answers": "Answers",
    "back": "back to the text",
    "chapters": "In the chapters",
    "contents": "Contents",
    "cover": "Cover",
    "glossary": "Glossary",
    "landmarks": "Landmarks",
    "note": "Note",
    "notes": "Notes",
    "narrated by": "Narrated by",
    "questions": "Questions",
    "translation": "Translation",
    "words": "New words",
    "root": "Root",
    "source": "Source",
    "start": "Beginning",
    "title page": "Title page",
    "translated by": "Translated by",
    "typeface": "Typeface",
    "written by": "Written by",
}

_LABELS: Mapping[str, Mapping[str, str]] = {
    "en": _ENGLISH,
    "ar": {
        "answer": "الجواب",
        "answers": "الأجوبة",
        "back": "عودة إلى النص",
        "chapters": "في الفصول",
        "contents": "المحتويات",
        "cover": "الغلاف",
        "glossary": "مسرد المصطلحات",
        "landmarks": "معالم الكتاب",
        "note": "حاشية",
        "notes": "الحواشي",
        "narrated by": "قراءة",
        "questions": "أسئلة",
        "translation": "الترجمة",
        "words": "كلمات جديدة",
        "root": "الجذر",
        "source": "المصدر",
        "start": "بداية النص",
        "title page": "صفحة العنوان",
        "translated by": "ترجمة",
        "typeface": "الخط",
        "written by": "تأليف",
    },
    "fr": {
        "answer": "Réponse",
        "answers": "Réponses",
        "back": "retour au texte",
        "chapters": "Dans les chapitres",
        "contents": "Table des matières",
        "cover": "Couverture",
        "glossary": "Glossaire",
        "landmarks": "Repères",
        "note": "Note",
        "notes": "Notes",
        "narrated by": "Lu par",
        "questions": "Questions",
        "translation": "Traduction",
        "words": "Mots nouveaux",
        "root": "Racine",
        "source": "Source",
        "start": "Début",
        "title page": "Page de titre",
        "translated by": "Traduit par",
        "typeface": "Police de caractères",
        "written by": "Écrit par",
    },
}


def label(key: str, lang: str) -> str:
    """The label for `key` in `lang`, or in English. Raises `KeyError` for an unknown key."""
    return _LABELS.get(lang.split("-", maxsplit=1)[0], _ENGLISH)[key]


def label_language(lang: str) -> str:
    """The language that `label` returns its label in."""
    return lang if lang.split("-", maxsplit=1)[0] in _LABELS else "en"


def translations(key: str, languages: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The label in the languages after the first that it is known in, each with its language."""
    first = label_language(languages[0]).split("-", maxsplit=1)[0]
    return tuple(
        (lang, label(key, lang))
        for lang in languages[1:]
        if lang.split("-", maxsplit=1)[0] in _LABELS.keys() - {first}
    )


def latin(lang: str) -> str:
    """The language tag for text of `lang` in Latin letters: `ar-EG` → `ar-Latn-EG`."""
    language, *others = lang.split("-")
    return "-".join([language, "Latn", *(part for part in others if len(part) != 4 or part[0].isdigit())])
