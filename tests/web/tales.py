"""A small book to be read in the browser: a long chapter and short ones, notes, terms, three editions."""

from __future__ import annotations

from pathlib import Path

from tests.goldens import TIME, build_here, locked
from tests.support import draw, write_book

YAML = """\
title: {ar: حكايات, en: Tales}
languages: [ar, en]
voices:
  ar: {engine: espeak}
  en: {engine: espeak, voice: en-us}
narration: {languages: [ar], pauses: {sentence: 200, paragraph: 300, heading: 300}}
cover: images/cover.png
cards: false
editions:
  both:
    layout: sentences
    narration: {languages: [ar, en], pair: true}
  english: # in which the chapter that is not translated is silent
    narration: {languages: [en]}
"""
GLOSSARY = """\
- term: الملك
  translation: {en: the king}
  definition: {ar: من يحكم البلاد., en: Who rules the country.}
- term: المدينة
  translation: {en: the city}
"""
ONE = """\
# الملك والصياد

كان في قديم الزمان ملك يحب الحكايات. وكان يجلس كل ليلة[^night] في قصره. عاش الملك في المدينة سعيدا.

جاء إليه صياد فقير يوما. قال الصياد: عندي حكاية عجيبة. ضحك الناس من حوله.

خرجت إلى البحر قبل الفجر. رميت شبكتي في الماء مرة. ثم رميتها مرة أخرى.

رأيت سمكة من ذهب. قالت لي السمكة: أعدني إلى البحر. فأعدتها إلى الماء.

أعطتني لؤلؤة كبيرة. حملتها إلى بيتي مسرعا. نام أولادي شباعا تلك الليلة.

سمع الملك هذه الحكاية. وأمر له بألف دينار. وعاد الصياد إلى البحر.

[^night]: من ليالي الشتاء.
"""
ONE_EN = """\
# The King and the Fisherman

Once upon a time there was a king who loved tales. He sat every night[^night] in his palace. The king lived
happily in the city.

One day a poor fisherman came to him. The fisherman said: I have a strange tale. The people around laughed.

I went out to sea before dawn. I threw my net into the water once. Then I threw it again.

I saw a fish of gold. The fish said to me: Return me to the sea. So I returned it to the water.

It gave me a big pearl. I carried it home in haste. My children slept well fed that night.

The king heard this tale. He gave him a thousand dinars. And the fisherman went back to the sea.

[^night]: Of the nights of winter.
"""
FILES: dict[str, str | bytes] = {
    "book.yaml": YAML,
    "glossary.yaml": GLOSSARY,
    "ar/01-fisherman.md": ONE,
    "en/01-fisherman.md": ONE_EN,
    "ar/02-short.md": "# قصة\n\nانتهت.\n",
    "en/02-short.md": "# A Story\n\nIt ended.\n",
    "ar/03-picture.md": "# صورة\n\n![صورة](images/cover.png)\n",
    "ar/04-end.md": "# الخاتمة\n\nوهذه آخر الحكايات. والسلام.\n",
    "en/04-end.md": "# The End\n\nThis is the last of the tales. Peace.\n",
}


def written(project: Path) -> Path:
    """The book, not built yet."""
    write_book(project, FILES)
    draw(project / "book" / "images" / "cover.png", size=(90, 120))
    return project


def built(project: Path) -> Path:
    """Its web edition, built anew where anything has changed."""
    with locked(project.with_suffix(".lock")):
        if not project.exists():
            written(project)
        build_here(project, modified=TIME, web=True)
    return project / "build" / "web"
