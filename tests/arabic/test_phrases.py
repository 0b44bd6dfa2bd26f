from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.arabic.phones import CONSONANTS, VOWELS
from hakawati.arabic.phrases import phrases

SOUNDS = {"Paris": "pˈaɹɪs", "19": "tˈisʕʕˌata ʕʕˌaʃar", "ب": "bˈaːʔ", "?!": ""}


def read(word: str) -> str:
    return SOUNDS.get(word, "")


def shown(text: str) -> list[tuple[list[str], str]]:
    """The words of each phrase, as they are written, and its end."""
    return [([text[w.begin : w.end] for w in one.words], one.end) for one in phrases(text, read)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("…!", []),
        ("كَانَ يَا", [(["كَانَ", "يَا"], ".")]),
        ("كَانَ، يَا؟", [(["كَانَ"], ","), (["يَا"], "?")]),
        ("كَانَ؛ يَا: مَا", [(["كَانَ"], ";"), (["يَا"], ":"), (["مَا"], ".")]),
        ("كَانَ - يَا – مَا", [(["كَانَ"], ";"), (["يَا"], ";"), (["مَا"], ".")]),
        ("«كَانَ» (يَا)", [(["كَانَ", "يَا"], ".")]),
        ("كَانَ!؟ يَا", [(["كَانَ"], "?"), (["يَا"], ".")]),
        ("كَانَ... يَا", [(["كَانَ"], "."), (["يَا"], ".")]),
        ("فِي Paris كَانَ", [(["فِي", "Paris", "كَانَ"], ".")]),
        ("فِي 19، ب", [(["فِي", "19"], ","), (["ب"], ".")]),
        ("فِي Москва", [(["فِي"], ".")]),  # nobody can say it
    ],
)
def test_a_phrase_goes_to_the_next_pause(text: str, expected: list[tuple[list[str], str]]) -> None:
    assert shown(text) == expected


def test_a_foreign_word_is_said_in_arabic_sounds() -> None:
    (phrase,) = phrases("Paris", read)
    assert "".join(map(str, phrase.words[0].phones)) == "bˈaris"


TEXTS = st.text(
    st.sampled_from(
        [*"ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإؤئآٱپچڤگ" + "\u064e\u064f\u0650\u0651\u0652\u064b .،؟!«»-ab19\n"]
    )
)


@given(TEXTS)
def test_every_word_has_sounds_and_is_in_its_place(text: str) -> None:
    at = 0
    for phrase in phrases(text, lambda _: "ˈab"):
        assert phrase.words
        for word in phrase.words:
            assert at <= word.begin < word.end <= len(text)
            assert word.phones
            assert {phone.symbol for phone in word.phones} <= {*VOWELS, *CONSONANTS}
            at = word.end
