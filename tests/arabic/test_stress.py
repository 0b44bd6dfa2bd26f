from __future__ import annotations

import pytest

from hakawati.arabic.phones import Phone
from hakawati.arabic.stress import stressed


def phones(word: str) -> list[Phone]:
    """A word of one-letter phones; a capital is long."""
    return [Phone(c.lower(), c.isupper()) for c in word]


@pytest.mark.parametrize(
    ("word", "clitics", "expected"),
    [
        ("kitAb", 0, "kitˈAb"),  # superheavy: CVːC
        ("katabt", 0, "katˈabt"),  # CVCC
        ("muhibB", 0, "muhˈibB"),  # a doubled consonant closes it
        ("kitAbun", 0, "kitˈAbun"),  # heavy before the last
        ("yaktubna", 0, "yaktˈubna"),
        ("darasU", 0, "dˈarasU"),  # a long vowel alone does not make the last one superheavy
        ("madrasatun", 0, "madrˈasatun"),  # else the third from the end
        ("katabahu", 0, "katˈabahu"),
        ("qalam", 0, "qˈalam"),
        ("alqalam", 1, "alqˈalam"),  # the article has none
        ("walqalam", 1, "walqˈalam"),
        ("albab", 1, "albˈab"),
        ("fI", 0, "fˈI"),
        ("min", 0, "mˈin"),
        ("wa", 0, "wa"),  # leans on the next word
        ("b", 0, "b"),
        ("", 0, ""),
    ],
)
def test_the_textbook_rule(word: str, clitics: int, expected: str) -> None:
    found = stressed(phones(word), clitics)
    shown = (p.symbol.upper() if p.long else p.symbol for p in found)
    assert "".join("ˈ" * p.stressed + c for p, c in zip(found, shown, strict=True)) == expected
