"""The labels of the reader's interface before its program runs; `app/words.js` has these and more."""

from __future__ import annotations

from collections.abc import Mapping

from hakawati.arabic.marks import is_arabic

_LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "skip": "Skip to the text",
        "contents": "Contents",
        "view": "View",
        "layouts": "Layout",
        "editions": "Edition",
        "edition-main": "The book",
        "layout-interleaved": "Translation below",
        "layout-sentences": "Sentence by sentence",
        "layout-facing": "Side by side",
        "layout-popup": "Translation on demand",
        "layout-original": "Without translation",
        "glossary": "Glossary",
        "answers": "Answers",
        "previous": "Previous chapter",
        "next": "Next chapter",
        "narration": "Narration",
        "start": "Begin to read",
        "words": "Words of this chapter",
    },
    "ar": {
        "skip": "إلى النص",
        "contents": "المحتويات",
        "view": "العرض",
        "layouts": "التنسيق",
        "editions": "الطبعة",
        "edition-main": "الكتاب",
        "layout-interleaved": "الترجمة تحت النص",
        "layout-sentences": "جملة جملة",
        "layout-facing": "الترجمة بجانب النص",
        "layout-popup": "الترجمة عند الطلب",
        "layout-original": "بلا ترجمة",
        "glossary": "مسرد المصطلحات",
        "answers": "الأجوبة",
        "previous": "الفصل السابق",
        "next": "الفصل التالي",
        "narration": "القراءة",
        "start": "ابدأ القراءة",
        "words": "كلمات هذا الفصل",
    },
}


def language(original: str) -> str:
    """The language of the interface before the reader chooses one: `ar` or `en`."""
    return "ar" if is_arabic(original) else "en"


def label(key: str, lang: str) -> str:
    """The label for `key` in `ar` or `en`. Raises `KeyError` for another language or an unknown key."""
    return _LABELS[lang][key]
