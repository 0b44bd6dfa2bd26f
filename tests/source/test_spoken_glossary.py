from __future__ import annotations

from hakawati.arabic.marks import MARKS
from hakawati.epub.labels import label
from hakawati.source.spoken_glossary import SPOKEN_HEADINGS


def test_the_arabic_heading_of_the_glossary_is_said_with_its_own_letters() -> None:
    said = SPOKEN_HEADINGS[label("glossary", "ar")]
    assert "".join(c for c in said if c not in MARKS) == label("glossary", "ar")
    assert set(said) & set(MARKS)
