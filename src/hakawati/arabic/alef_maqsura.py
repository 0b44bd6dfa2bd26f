"""Which words end in ى and not in ي, for texts that write one sign for both.

Frequent words, and patterns of derived verbs; no rule tells a noun or a name. What is not known here is taken
to end in ي, as twice as many words do.
"""

from __future__ import annotations

import re

_PARTICLES = "على إلى الى حتى متى لدى بلى سوى عسى"
"""Only و and ف are written onto these."""
_NOUNS = (
    # feminines of the elative, and nouns like them
    "أخرى اخرى أولى اولى إحدى احدى كبرى صغرى عظمى وسطى قصوى يمنى يسرى حسنى فصحى سفلى فضلى ذكرى شورى "
    "فتوى دعوى شكوى تقوى بلوى عدوى نجوى سلوى جدوى حلوى نشوى قربى عقبى طوبى زلفى رجعى أنثى انثى أفعى فوضى "
    "حبلى موسيقى "
    # nouns of place and participles
    "معنى مبنى مرمى مجرى مرسى ملهى مقهى منفى مأوى منأى مسعى مشفى مرعى منحى مولى مغزى مثوى مستوى محتوى مستشفى "
    "منتدى ملتقى منتهى مقتضى مبتغى مرتضى مجتبى مصطفى منحنى مستثنى مثنى مسمى معفى ملغى منادى مدعى مصلى معافى "
    # short nouns
    "مدى صدى ندى هدى أذى اذى حمى رحى هوى جوى نوى خطى قرى ذرى رؤى ربى عرى دمى أسى فتى ضحى ثرى حصى سدى "
    # elatives
    "أعلى اعلى أدنى ادنى أقصى اقصى أقوى اقوى أغنى أغلى أحلى أبهى أذكى أزكى أسمى أرقى أوفى أشهى أدهى أنقى "
    "أتقى أشقى أبقى أقسى أجدى أعتى أغبى أعمى "
    # plurals
    "قتلى جرحى مرضى أسرى موتى صرعى هلكى غرقى حمقى سكرى عطشى يتامى نصارى أسارى سكارى حيارى عذارى صحارى ندامى "
    "قدامى فرادى شكاوى فتاوى دعاوى كسالى ثكالى شتى "
    # names
    "موسى عيسى يحيى ليلى سلمى لبنى كسرى سهى تعالى"
)
"""What the article and one-letter prepositions are written onto."""
_VERBS = (
    # in the past
    "رأى راى رمى مشى بكى جرى سعى مضى قضى حكى روى أتى اتى طغى بغى نهى رعى نفى عصى شفى كفى جنى كسى سقى طوى "
    "شوى غلى نأى وعى وشى صلى سمى أدى لبى غطى ضحى سوى نقى زكى لاقى عانى وافى ساوى راعى حاكى داوى "
    "تلافى تعافى تعاطى تغاضى تمادى تداعى تهاوى توالى تلقى تمنى تولى تبنى تخطى تعدى تحدى تخلى تجلى تحلى ترقى "
    "توفى تأنى تصدى تبقى تغنى تعشى تغدى تسلى تردى ادعى اتقى "
    "أعطى اعطى ألقى القى أبدى أنهى أدلى أوصى أفتى أخفى أضفى أمضى أفنى أثنى أرسى أسدى أهدى أغضى أرخى "
    "أحصى أخلى أرضى أضحى أمسى أودى أوحى أغرى "
    # in the present
    "يرى ترى نرى أرى يبقى تبقى نبقى ينسى تنسى أنسى ننسى يرضى ترضى نرضى يخشى تخشى أخشى نخشى يسعى تسعى نسعى "
    "يلقى يحظى تحظى يرعى ترعى يأبى تأبى ينهى يقوى يفنى يشقى يطغى تطغى يهوى يدعى تدعى يسمى تسمى يعزى يعفى "
    "يرتأى يؤتى"
)
_DERIVED = re.compile(
    "[وف]?(?:"
    "ا[^س]ت[^ا]ى"  # form VIII: اشترى, انتهى
    "|ان[^نت][^تا]ى"  # VII: انحنى
    "|است[^اي][^ا]ى"  # X: استولى
    "|[سل]?[أيتن]ت[^اي][^اي]ى"  # V: يتلقى
    "|[سل]?[أيتن]ت[^ي]ا[^ئي]ى"  # VI: يتعافى
    ")"
)
_KNOWN = frozenset(
    [
        *_PARTICLES.split(" "),
        *(
            head + noun
            for head in ("", "ال", "بال", "كال", "لل", "ب", "ك", "ل")
            for noun in _NOUNS.split(" ")
        ),
        *(head + verb for head in ("", "س", "ل") for verb in _VERBS.split(" ")),
    ]
)


def is_maqsura(word: str) -> bool:
    """Whether a word without vowel marks, whose last letter may be ى or ي, ends in ى."""
    word = word[:-1] + "ى"
    known = not _KNOWN.isdisjoint((word, word.removeprefix("و"), word.removeprefix("ف")))
    return known or _DERIVED.fullmatch(word) is not None
