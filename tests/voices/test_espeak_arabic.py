from __future__ import annotations

import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.narration.spoken_form import shadda_first
from hakawati.voices.espeak_arabic import respell
from tests.voices.phonemes import phonemes

WORDS = [
    ("الشَّمْس", "ʔaʃʃˈams", "ʔaʃʃˈams"),
    ("الرَّجُلُ", "ʔarrrˈadʒulˌu", "ʔarrˈadʒulˌu"),
    ("النَّاس", "ʔannnˈaːs", "ʔannˈaːs"),
    ("وَالشَّمْسُ", "waʃʃˈamsu", "wˈaʃʃamsˌu"),
    ("بِالشَّمْسِ", "biaːʃʃˈamsi", "biʃʃˌamsi"),
    ("فَالرَّجُل", "farrˈadʒul", "farrˈadʒul"),
    ("لِلشُّرْطَة", "liʃʃˈurt̪a.t", "liʃʃˈurt̪a.t"),
    ("وَبِالنَّار", "wabˈiaːlnnˌaːr", "wˈabinnˌaːr"),
    ("الْقَمَر", "alqˈamar", "alqˈamar"),
    ("وَالْقَمَر", "walqˈamar", "walqˈamar"),
    ("بِالْبَيْتِ", "biˌaːlbaˌiti", "bilbˌaitˌi"),
    ("كَالْقَلْعَة", "kalqˈalʕat", "kalqˈalʕat"),
    ("وَكَالْقَلْعَة", "wˌakaːlqˈalʕat", "wˌakalqˈalʕat"),
    ("الْآخَر", "alʔˈaːχar", "alʔˈaːχar"),
    ("ٱلْكِتَاب", "lkˈitaːb", "alkˈitaːb"),
    ("انْتَفَضَ", "antˈafadˤˌa.", "ʔintˈafadˤˌa."),
    ("اِنْتَفَضَ", "ʔintˈafadˤˌa.", "ʔintˈafadˤˌa."),
    ("وَانْتَفَضَ", "waːntˈafadˤˌa.", "wantˈafadˤˌa."),
    ("ابْن", "ˈabn", "ʔˈibn"),
    ("بِاسْمِ", "biˌaːsmi", "bismˌi"),
    ("اتَّخَذَ", "atːˈaχaðˌa", "ʔitːˈaχaðˌa"),
    ("قُوَّات", "qˈuːaːt", "qˈuːwaːt"),
    ("أَيَّام", "ʔˈaiːˌaːm", "ʔˈaijˌaːm"),
    ("سَيِّد", "saˈiːid", "saˌijiːd"),
    ("دُوَّل", "dˈuːal", "dˈuːwal"),
    ("الْجُمْهُورِيَّةْ", "aldʒumhˈuːriːˌat", "aldʒumhˈuːriːjˌah"),
    ("فَرَنْسِيُّون", "farˌansiːˌuːn", "farˌansiːjˌuːn"),
    ("النَّازِيِّينَ", "ʔannnaːzˈiːiːnˌa", "ʔannaːzˈiːjiːnˌa"),
    ("فَرَنْسِيِّين", "farˌansiːˌiːn", "farˌansiːjˌiːn"),
    ("كَتَبُوا", "katˌabuːˌaː", "katˌabuː"),
    ("كَانُوا", "kaːnˌuːaː", "kaːnˌuː"),
    ("هَذَا", "hˈaðaː", "hˈaːðaː"),
    ("هَذِهِ", "hˈaðihˌi", "hˈaːðihˌi"),
    ("هَؤُلَاءِ", "haʔˈulaːʔˌi", "haːʔˈulaːʔˌi"),
    ("ذَلِكَ", "ðˈalikˌa", "ðˈaːlikˌa"),
    ("لَكِنْ", "lakˌin", "laːkˌin"),
    ("لَكِنَّ", "lakˌinna", "laːkˌinna"),
    ("أُولَئِكَ", "ʔuːlˈaʔikˌa", "ʔulˈaːʔikˌa"),
    ("اللَّهُ", "ʔalllˈahu", "ʔallaːhˌu"),
    ("وَاللَّهِ", "wallˈahi", "wˈallaːhˌi"),
    ("بِاللَّهِ", "biaːllˈahi", "billˌaːhi"),
    ("لِلَّهِ", "lillˌahi", "lillˌaːhi"),
    ("اللَّهُمَّ", "ʔalllˈahummˌa", "ʔallaːhˌumma"),
    ("اللَّهَبُ", "ʔalllˈahabˌu", "ʔallahˌabu"),
    ("وَالَّتِي", "wˈaːllatˌiː", "wˈallatˌiː"),
    ("بِالَّذِي", "biˌaːllaðˌiː", "billˌaðiː"),
    ("وَاتَّخَذَ", "waːtːˈaχaðˌa", "watːˈaχaðˌa"),
    ("وَاللَّيْل", "wallˈail", "wˈallaˌil"),
    ("الِانْتِفَاضَةُ", "alˌiaːntifˈaːdˤa.tˌu", "alˌintifˈaːdˤa.tˌu"),
    ("وَالِاحْتِلَالِ", "wˌaːliaːħtˈilaːlˌi", "wˌaliħtˈilaːlˌi"),
    ("بِالِاحْتِلَالِ", "biˌaːliˌaːħtilˌaːli", "bilˌiħtilˌaːli"),
    ("لِلِانْتِقَامِ", "lilˌiaːntˌiqaːmˌi", "lilˌintiqˌaːmi"),
    ("لِاتِّخَاذ", "liˌaːtːiχˌaːð", "litːˌiχaːð"),
    ("مَدْرَسَةْ", "mˈadrasˌat", "mˈadrasˌah"),
    ("مَدْرَسَةٌ", "madrˈasatˌun", "madrˈasatˌun"),
    ("الشُّرْطَةْ", "ʔaʃʃˈurt̪a.t", "ʔaʃʃˈurt̪a.h"),
    ("حَقْلَا", "ħˈaqlaː", "ħˈaqlaː"),
    ("سَمَاءَا", "samˌaːʔaː", "samˌaːʔaː"),
    ("مُحَمَّد", "muħˈammad", "muħˈammad"),
    ("أَيّ", "ʔˈaiː", "ʔˈaiː"),
    ("بَارِيس", "baːrˌiːs", "baːrˌiːs"),
]
"""A word; what eSpeak NG 1.52 says for it; what it says for the word respelt."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the phonemes are asked for in a fork")
@pytest.mark.parametrize(("word", "as_written", "respelt"), WORDS)
def test_espeak_says_a_respelt_word_as_it_is_written(word: str, as_written: str, respelt: str) -> None:
    word = shadda_first(word)
    assert phonemes(word) == as_written
    assert phonemes(respell(word)[0]) == respelt


@pytest.mark.parametrize("text", ["", "Paris, 1944!", "١٩٤٤", "كتاب", "فِي بَيْتٍ", "«نَعَمْ»، قَالَ.", "مُحَمَّد", "😀"])
def test_what_espeak_reads_rightly_is_left_alone(text: str) -> None:
    respelt, origin = respell(shadda_first(text))
    assert respelt == shadda_first(text)
    assert [origin(i) for i in range(len(text)) if not _in_arabic(text, i)] == [
        i for i in range(len(text)) if not _in_arabic(text, i)
    ]


ARABIC = re.compile("[\u0621-\u065f\u0670\u0671]+")


def _in_arabic(text: str, offset: int) -> bool:
    return any(m.start() <= offset < m.end() for m in ARABIC.finditer(text))


def test_respelling_a_text_is_respelling_its_words() -> None:
    words = [shadda_first(word) for word, _, _ in WORDS]
    assert respell(" ".join(words))[0] == " ".join(respell(word)[0] for word in words)


ARABIC_WORD = st.sampled_from([shadda_first(word) for word, _, _ in WORDS])
OTHER = st.sampled_from(["1944", "Paris", "😀", "é"])
GAP = st.sampled_from([" ", "، ", " «", "» ", ". ", " (", " - "])


@given(st.lists(st.tuples(st.one_of(ARABIC_WORD, OTHER), GAP), min_size=1, max_size=10))
def test_an_offset_in_the_respelt_text_leads_to_the_same_word(pairs: list[tuple[str, str]]) -> None:
    text = "".join(word + gap for word, gap in pairs)
    respelt, origin = respell(text)
    at = there = 0
    for word, gap in pairs:
        length = len(respell(word)[0])
        assert respelt[there : there + length] == respell(word)[0]
        for offset in range(there, there + length):
            assert at <= origin(offset) < at + len(word)
        for i in range(len(gap)):
            assert origin(there + length + i) == at + len(word) + i
        at += len(word) + len(gap)
        there += length + len(gap)


@given(st.text(st.characters(categories=["Lo", "Mn", "Nd", "Zs", "Po"]), max_size=40))
def test_offsets_never_lead_backwards_or_out_of_the_text(text: str) -> None:
    respelt, origin = respell(text)
    offsets = [origin(i) for i in range(len(respelt))]
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)
