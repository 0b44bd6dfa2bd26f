"""Vowelled Arabic → Latin letters, by the ALA-LC romanization table (2012) or by DIN 31635 (2011).

A glossary's term is by itself, so its words are in their pausal form: case endings are not written. Hamza is
written neither at a word's beginning nor behind the article. What vowel marks do not tell, for example that
وَ begins a word as a conjunction and not as its first root letter, is told by what Arabic spelling allows
inside a word and what it does not; where that tells nothing, the word stays in one piece.

While it is worked on, a word is letters followed by `~` (shadda) and `a i u` (vowels, with `N` for tanwin),
`A` (the small alif) or `o` (sukun).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hakawati.arabic.marks import SUN

Standard = Literal["ala-lc", "din-31635"]

_MARKS = str.maketrans(
    {
        "\u064b": "aN",
        "\u064c": "uN",
        "\u064d": "iN",
        "\u064e": "a",
        "\u064f": "u",
        "\u0650": "i",
        "\u0651": "~",
        "\u0652": "o",
        "\u0670": "A",
    }
)
_ARABIC = "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f\u0870-\u08ff"
_PRESENTED = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_WORD = re.compile(f"[{_ARABIC}]+")
_UNREAD = re.compile("[\u0610-\u061a\u0640\u0653\u0656-\u065f\u06d6-\u06dc\u06df-\u06ed]")
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SIGNS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹،؛؟٪٫٬۔", "01234567890123456789,;?%.,.")
_PERSIAN = str.maketrans("کیھہەۀ", "كيهههه")

_PLAIN = dict(zip("بترزسفقكلمنهويپڤڥڢڧ", "btrzsfqklmnhwypvvfq", strict=True))
_DOTTED = dict(zip("حصضطظ", "ḥṣḍṭẓ", strict=True))
_ALA_LC = {"ث": "th", "ج": "j", "خ": "kh", "د": "d", "ذ": "dh", "ش": "sh", "ع": "ʻ", "غ": "gh", "ء": "ʼ"}
_ALA_LC |= {"گ": "g", "ڭ": "g", "چ": "ch", "ژ": "zh"}
_DIN = {"ث": "ṯ", "ج": "ǧ", "خ": "ḫ", "د": "d", "ذ": "ḏ", "ش": "š", "ع": "ʿ", "غ": "ġ", "ء": "ʾ"}
_DIN |= {"گ": "g", "ڭ": "g", "چ": "č", "ژ": "ž"}

_L = "[^aiuoNA~āīūá]"
"""A letter, as against what stands for marks."""
_SUN = "".join(sorted(SUN))
_FULL = f"{_L}.*{_L}"
_LATE_SHADDA = re.compile("([aiuoNA]+)~+")
_SEVERAL_VOWELS = re.compile("([aiuo]N?A?)[aiuoNA]*")
_TANWIN_ON_ALIF = re.compile("a?([اى])aN$")
_ARTICLE = re.compile(
    rf"(?P<before>(?:[وف]a)?(?:بi|كa)?)(?:[اٱ]a?ل(?!o?ت(?!~))(?:o?(?={_L})|i(?=[اٱ]))|[اٱ]a?ل(?=ت))(?P<rest>{_FULL}.*)"
)
_TO_THE = re.compile(rf"(?P<before>(?:[وف]a)?)لiلo?(?P<rest>(?:{_L}|~).*{_L}.*)")
# A preposition or conjunction, where what follows cannot stand inside a word: after i no alif, and a hamza
# only on ya; before i a hamza on ya, before u one on waw.
_PROCLITIC = re.compile(
    r"(?P<before>(?:[وفك]a)(?=ٱ|إ|أu)|[وف]a(?=أa|آ)|كa(?=أa)|(?:[وف]a)?[بل]i(?=[اٱأإآ]))(?P<rest>.+)"
)
_GOD = re.compile(
    r"(?P<before>(?:[وف]a)?(?:[بت]i|كa)?)[اٱ]a?ل(?:o?ل)~?[aA]*ه[aiuo]?|(?P<to>(?:[وف]a)?لi)ل~?[aA]*ه[aiuo]?"
)

# Words in which a long vowel is not written, or a letter is written that is not read.
_IRREGULAR: Mapping[str, str] = {
    "هذا": "هaاذaا",
    "هذه": "هaاذiهi",
    "هذان": "هaاذaان",
    "هؤلاء": "هaاءuلaاءi",
    "ذلك": "ذaالiكa",
    "كذلك": "كaذaالiكa",
    "أولئك": "أuلaاءiكa",
    "لكن": "لaاكiنo",
    "لكن~": "لaاكiن~a",
    "إله": "إiلaاه",
    "رحمن": "رaحoمaان",
    "عمرو": "عaمoر",
    "طه": "طaاهaا",
    "بن": "إiبoن",
}
# The last vowel of these is no case ending: it falls only before a pause.
_PARTICLE = re.compile(
    "مع|بعد|قبل|بين|تحت|فوق|عند|منذ|حيث|حول|دون|خلال|ضد|نحو|أمام|وراء|ثم|إن|أن|لكن|سوف|ليس|هذه|هؤلاء|ذلك|كذلك"
    "|تلك|أولئك|نحن|أنت|أين|كيف|متى"
)
_PREPOSITION = re.compile(f"{_PARTICLE.pattern}|في|على|إلى|من|عن|حتى|ما|لا|أو|أم")
_ALWAYS = ("هو", "هي")


@dataclass(frozen=True)
class _TransliterationStyle:
    letters: Mapping[str, str]
    maqsura: str
    """ى at a word's end."""
    assimilated: bool
    """The article's l becomes the sun letter that follows, and its vowel falls behind another."""
    feminine: str
    """ة at a word's end."""


_STYLES: Mapping[Standard, _TransliterationStyle] = {
    "ala-lc": _TransliterationStyle(_PLAIN | _DOTTED | _ALA_LC, "á", assimilated=False, feminine="h"),
    "din-31635": _TransliterationStyle(_PLAIN | _DOTTED | _DIN, "ā", assimilated=True, feminine=""),
}

# In this order. `^` is the beginning of a word without its article and proclitics.
_SPELLING = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        # initial alif and hamza: not written, but the vowel that they carry
        (r"^[اٱ](?=ل~)", "a"),  # الَّذِي
        (r"^[أإاٱ](?=[iu])|^[أاٱ](?=a)|^ء", ""),
        (r"^أ", "a"),
        (r"^[إاٱ](?=ي(?![aiuāا~]))", "i"),
        (r"^[اٱ](?=و(?![aiuāا~]))", "u"),
        (r"^إ", "i"),
        (rf"^[اٱ](?={_L}~?[aiuA])(?!{_L}~)", "a"),
        (r"^[اٱ]", "i"),
        (r"^آA?", "ā"),
        # hamza and its seats
        (r"aآA?(?=ء)", "ā"),
        (r"آA?", "ءā"),
        (r"[أإؤئ]", "ء"),
        (r"ء[\u0654\u0655]", "ء"),
        (r"[\u0654\u0655]", "ء"),
        # alif and its like
        (r"ى(?=[~aiu])", "ي"),
        (r"iى", "iي"),
        (r"a?Aو(?=ة)", "ā"),
        (r"a?ىA?$", "ى"),
        (r"a?(?:وA|A[اى]?|ىA?(?!$))", "ā"),
        (r"uوا$", "uو"),
        (r"(?<=[iu])[اٱ]", ""),
        (r"a?[اٱ]o?", "ā"),
        # waw and ya: doubled after their own vowel, long, or consonants
        (r"iي~$", "ī"),
        (r"iي~", "īي"),
        (r"uو~", "ūو"),
        (r"iيo?(?![aiuāة])", "ī"),
        (r"uوo?(?![aiuāة])", "ū"),
        (rf"(?<={_L})ي(?![aiuoāة~])", "ī"),
        (rf"(?<={_L})و(?![aiuoāة~])", "ū"),
        (r"(?<![aā])ة", "aة"),
        (r"o", ""),
        (r"(.)~", r"\1\1"),
        (r"~", ""),
        (r"N", "n"),
    )
)


def transliterate(vowelled: str, standard: Standard) -> str:
    """The text in Latin letters, small ones; what is not Arabic stays as it is, but digits and punctuation.

    Where vowel marks are missing, alif, waw and ya after a letter that has none are its long vowel, and other
    vowels are left out. Empty, where a letter is in neither standard's tables.
    """
    text = _PRESENTED.sub(lambda m: unicodedata.normalize("NFKC", m[0]), vowelled)
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).translate(_PERSIAN)
    style = _STYLES[standard]
    pieces: list[str] = []
    at = 0
    spelt = [(m, _spelt(m[0])) for m in _WORD.finditer(text)]
    for i, (match, word) in enumerate(spelt):
        gap = text[at : match.start()]
        after = spelt[i + 1] if i + 1 < len(spelt) else None
        joined = after is not None and text[match.end() : after[0].start()].isspace()
        last = pieces[-1] if pieces and gap.isspace() else ""
        before = spelt[i - 1][1] if last else ""
        pieces += [
            gap.translate(_SIGNS),
            _word(word, style, last, before, after[1] if after and joined else ""),
        ]
        at = match.end()
    pieces.append(text[at:].translate(_SIGNS))
    made = unicodedata.normalize("NFC", "".join(pieces))
    return "" if _WORD.search(made) else made


def has_article(text: str) -> bool:
    """Whether an Arabic text begins with the article, rather than a word like الْتِزَام."""
    first = _WORD.match(unicodedata.normalize("NFC", text))
    return first is not None and (found := _divided(_spelt(first[0])))[1] and not found[0]


def _spelt(word: str) -> str:
    """A word with its marks as ASCII, shadda first, so that rules can be read."""
    marked = _UNREAD.sub("", word).translate(_MARKS)
    marked = _LATE_SHADDA.sub(r"~\1", marked)
    # A letter has one vowel: of several, which is a slip, the first. Tanwin may stand on its alif or before.
    marked = _SEVERAL_VOWELS.sub(r"\1", marked)
    return _TANWIN_ON_ALIF.sub(r"aN\1", marked)


def _letters(word: str) -> str:
    return re.sub("[aiuoNA]", "", word)


def _word(word: str, style: _TransliterationStyle, last: str, before: str, after: str) -> str:
    """A word between the words `before` and `after`; `last` is what was made of the one before."""
    if god := _GOD.fullmatch(word):
        return _god(god, style)
    prefix, article, rest = _divided(word)
    stem = _stem(rest, style, first=not last and not prefix, article=article, before=before, after=after)
    if style.assimilated and prefix and not article:
        stem = re.sub("^i", "", stem) if re.match(f"[اٱ]i?{_L}o", rest) else stem
    lead = "-".join(f"{style.letters[p]}{vowel}" for p, vowel in re.findall(r"(.)([ai])", prefix))
    if not article:
        return f"{lead}-{stem}" if lead else stem
    if not style.assimilated:
        return (
            f"lil-{stem}"
            if lead == "li"
            else f"{lead}-al-{stem}".removeprefix("-").replace("-li-al-", "-lil-")
        )
    letter = style.letters[rest[0]] if rest[0] in _SUN else "l"
    silent = (
        last.endswith(tuple("aiuāīū")) and "ة" not in before
    )  # which ends in a consonant that is not written
    return f"{lead}-{letter}-{stem}" if lead else f"{'' if silent else 'a'}{letter}-{stem}"


def _god(found: re.Match[str], style: _TransliterationStyle) -> str:
    """The one name that is always written with a capital."""
    lead = "-".join(
        f"{style.letters[p]}{vowel}"
        for p, vowel in re.findall(r"(.)([ai])", found["before"] or found["to"] or "")
    )
    if found["to"]:
        return f"{lead.removesuffix('li')}{'li-' if style.assimilated else 'li'}llāh"
    if not lead:
        return "Allāh"
    return f"{lead}-llāh" if style.assimilated else f"{lead}-Allāh"


def _divided(word: str) -> tuple[str, bool, str]:
    """(proclitics, whether the article follows, the rest)."""
    if found := _TO_THE.fullmatch(word):
        rest = found["rest"]
        rest = f"ل{rest[1:]}" if rest[0] == "~" else rest
        return found["before"] + "لi", True, _unassimilated(rest)
    found = _ARTICLE.fullmatch(word)
    # كَالْسِيُوم: a sukun before a sun letter that is not doubled is no article's, behind a proclitic at least
    if found and not (found["before"] and re.search(f"لo[{_SUN}](?!~)", word[: found.start("rest") + 2])):
        return found["before"], True, _unassimilated(found["rest"])
    if found := _PROCLITIC.fullmatch(word):
        return found["before"], False, found["rest"]
    return "", False, word


def _unassimilated(rest: str) -> str:
    return re.sub(f"^([{_SUN}])~", r"\1", rest)


def _stem(
    rest: str, style: _TransliterationStyle, *, first: bool, article: bool, before: str, after: str
) -> str:
    letters = _letters(rest)
    rest = _IRREGULAR.get(letters, rest)
    construct = bool(after) and not article and _in_construct(rest, after)
    kept = letters in _ALWAYS or (bool(after) and _PARTICLE.fullmatch(letters))
    if not kept:
        # قَاضٍ: the tanwin of a noun whose last root letter is lost; another's is that of a case
        lost = rest.endswith("iN") and (first or before.endswith("uN"))
        rest = _paused(rest, lost)
    for pattern, to in _SPELLING:
        rest = pattern.sub(to, rest)
    rest = rest.replace("ى", style.maqsura if rest.endswith("ى") else "ā")
    feminine = "h" if rest.endswith("āة") else style.feminine
    rest = re.sub("ة$", "t" if construct else feminine, rest).replace("ة", "t")
    if style.letters["ذ"] == "dh":  # t and h, where they are not th
        rest = re.sub("([تدسكگ])(?=ه)", r"\1ʹ", rest)
    return "".join(style.letters.get(c, c) for c in rest)


def _paused(word: str, lost: bool) -> str:
    """Without its case ending. Fathatan is kept: in a term it makes an adverb, طَبْعًا."""
    word = re.sub("aN[اى]?$", "aN", word)
    if lost or word.endswith("aN"):
        return word
    bare = re.sub("[iu]N$|[aiu]$", "", word)
    return bare if re.search("[aiuAأإاآٱويى]", bare[1:]) or bare[:1] in "أإاآٱ" else word


def _in_construct(word: str, after: str) -> bool:
    """Whether ة is followed by a genitive, as far as its ending and the next word tell."""
    prefix, article, rest = _divided(after)
    if "N" in word or prefix or _PREPOSITION.fullmatch(_letters(rest)):
        return False
    return article or word[-1:] in tuple("aiu") or rest.startswith("ٱ")
