"""The cover as podcast directories want it: a square."""

from __future__ import annotations

import warnings
from io import BytesIO

SIDE = 1400
"""Pixels: the least that Apple's directory takes."""


def square(image: bytes) -> bytes:
    """The whole cover on a square of its mean colour, `SIDE` pixels wide, as a JPEG.

    `image`: the content of an image file. Raises `OSError` if it is no image.
    """
    from PIL import Image, ImageOps

    buffer = BytesIO()
    with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(image)) as full:
        cover = ImageOps.exif_transpose(full).convert("RGB")  # as a camera says that it was held
    mean = cover.resize((1, 1), Image.Resampling.BOX)
    made = mean.resize((SIDE, SIDE))
    scale = SIDE / max(cover.size)
    width, height = (max(1, round(side * scale)) for side in cover.size)
    fitted = cover.resize((width, height), Image.Resampling.LANCZOS)
    made.paste(fitted, ((SIDE - width) // 2, (SIDE - height) // 2))
    made.save(buffer, "JPEG", quality=85, optimize=True)
    return buffer.getvalue()
