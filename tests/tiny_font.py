"""A font small enough to be made in a test: boxes of different widths for letters, and forms that join."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

ARABIC = "ابمنهةتيكلرسو"
"""The letters it has; of beh and meem, those that join differ in width."""
JOINING = "بم"
OFL = "This Font Software is licensed under the SIL Open Font License, Version 1.1."


def tiny_font(
    characters: Iterable[str] = ARABIC,
    *,
    family: str = "Tiny",
    copyright: str = "Copyright 2024 Nobody",
    licence: str = OFL,
    weight: int = 400,
    italic: bool = False,
    allowed: int = 0,
    cubic: bool = False,
    weights: tuple[int, int] | None = None,
) -> bytes:
    """A font file. `allowed`: OS/2.fsType; `cubic`: whether its outlines are CFF; `weights`: of its axis."""
    known = {ord(c): f"u{ord(c):04X}" for c in [" ", *characters]}
    forms = [
        f"{known[ord(c)]}.{form}" for c in JOINING if ord(c) in known for form in ("init", "medi", "fina")
    ]
    names = [".notdef", *known.values(), *forms]
    builder = FontBuilder(1000, isTTF=not cubic)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(known)
    widths = {name: 200 + 37 * i % 500 for i, name in enumerate(names)}
    if cubic:
        builder.setupCFF(family, {}, {name: _cubic(widths[name]) for name in names}, {})
    else:
        builder.setupGlyf({name: _square(widths[name]) for name in names})
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in widths.items()})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    words = {"familyName": family, "styleName": "Regular", "copyright": copyright}
    builder.setupNameTable({**words, "licenseDescription": licence} if licence else words)
    builder.setupOS2(usWeightClass=weight, fsType=allowed, fsSelection=1 if italic else 0x40)
    builder.setupPost()
    if weights:
        builder.setupFvar([("wght", weights[0], weights[0], weights[1], "Weight")], [])
    if forms:
        rules = ["languagesystem arab dflt;"]
        for form in ("init", "medi", "fina"):
            each = [f"sub {name[:5]} by {name};" for name in forms if name.endswith(form)]
            rules.append(f"feature {form} {{ {' '.join(each)} }} {form};")
        addOpenTypeFeaturesFromString(builder.font, "\n".join(rules))
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    buffer = BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


def _square(width: int) -> object:
    pen = TTGlyphPen(None)
    _draw(pen, width)
    return pen.glyph()


def _cubic(width: int) -> object:
    pen = T2CharStringPen(width, None)
    _draw(pen, width)
    return pen.getCharString()


def _draw(pen: TTGlyphPen | T2CharStringPen, width: int) -> None:
    pen.moveTo((20, 0))
    for corner in ((20, 600), (width - 20, 600), (width - 20, 0)):
        pen.lineTo(corner)
    pen.closePath()
