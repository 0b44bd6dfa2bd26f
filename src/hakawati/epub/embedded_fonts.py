"""The author's fonts in the EPUB: subsets with the book's characters, chosen by language in the style."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hakawati.epub import resource_paths
from hakawati.errors import Problem
from hakawati.model import Font

MARK = "/* The book's own fonts follow here. */"
"""In each style sheet, between the rules for languages and those for single elements."""
_ALWAYS = frozenset(map(chr, [*range(0x20, 0x7F), *range(0x660, 0x66A), *b"\xa0", 0x25CC]))
"""ASCII and Arabic digits, which reading systems add to the text, and the circle under a lone mark."""
_SHOWN = 5
"""How many missing characters a notice names."""
_HINT = "a reader shows them in another font; name one that has them under “fonts”, or leave it so"
_XHTML = {"h": "http://www.w3.org/1999/xhtml"}


def media_type(data: bytes) -> str:
    """Of a font file (EPUB 3.3 §3.2, core media types)."""
    return "font/otf" if data[:4] == b"OTTO" else "font/ttf"


def subset(data: bytes, characters: Iterable[str]) -> bytes:
    """The font with only the glyphs of these characters, in all forms that its layout features give them.

    `data`: a TrueType or OpenType file. Its names stay, and with them its licence, and so does its time: the
    same arguments give the same bytes. A font that HarfBuzz cannot subset is returned whole.
    """
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    for c in _ALWAYS.union(characters):
        wanted.unicode_set.add(ord(c))
    for everything in (wanted.layout_feature_tag_set, wanted.name_id_set, wanted.name_lang_id_set):
        everything.clear()
        everything.invert()
    try:
        return bytes(wanted.subset(uharfbuzz.Face(data)).blob.data) or data
    except (RuntimeError, ValueError):
        return data


def faces(fonts: Sequence[Font]) -> str:
    """The CSS that names the fonts' files."""
    return "".join(
        f"@font-face {{\n  font-family: {_quoted(font.family)};\n  font-weight: {font.weight};\n"
        f"  font-style: {font.style};\n  src: url({resource_paths.font_path(font.file)});\n}}\n\n"
        for font in fonts
    )


def rules(fonts: Sequence[Font], selector: str) -> str:
    """The CSS that sets each language's text in its fonts. `selector`: with `{}` for the language."""
    families: dict[str, dict[str, None]] = {}
    for font in fonts:
        for lang in font.languages:
            families.setdefault(lang, {})[_quoted(font.family)] = None
    return "\n".join(
        f"{selector.format(lang)} {{\n  font-family: {', '.join([*names, 'serif'])};\n}}\n"
        for lang, names in families.items()
    )


def _quoted(name: str) -> str:
    """A CSS string."""
    return '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))


def missing_characters(
    fonts: Sequence[Font], data: Mapping[str, bytes], documents: Iterable[tuple[str, bytes]]
) -> Iterator[Problem]:
    """Notices of characters that the fonts for their language do not have.

    `data`: the whole fonts, by file; `documents`: content documents with their paths in the EPUB. The title
    page and the navigation document do not count, since they mix the author's words with labels.
    """
    import uharfbuzz
    from lxml import etree

    languages = dict.fromkeys(lang for font in fonts for lang in font.languages)
    written: dict[str, set[str]] = {lang: set() for lang in languages}
    for path, document in documents:
        root = etree.fromstring(document)
        for lang in languages if path not in (resource_paths.TITLE_PAGE, resource_paths.NAVIGATION) else ():
            found = root.xpath("//h:body//text()[lang($lang)]", namespaces=_XHTML, lang=lang)
            if isinstance(found, list):
                written[lang].update(*(text for text in found if isinstance(text, str)))
    known = {font.file: {chr(code) for code in uharfbuzz.Face(data[font.file]).unicodes} for font in fonts}
    for lang, characters in written.items():
        meant = [font for font in fonts if lang in font.languages]
        visible = {c for c in characters if unicodedata.category(c)[0] not in "CZ"}
        missing = sorted(visible.difference(*(known[font.file] for font in meant)))
        if missing:
            named = ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
            message = f"characters of the {lang} text that its font does not have: {named}"
            yield Problem(meant[0].place.path, meant[0].place.line, message, _HINT)
