from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.model import VoiceError, VoiceUnavailableError
from hakawati.voices.edge import ENGINE, Edge, located, make
from hakawati.voices.service import RetryPolicy
from tests.voices.services import (
    DELAY,
    RATE,
    SPEECH,
    Answer,
    Asked,
    EdgeStandIn,
    Waits,
    boundaries,
    closed_port,
    errors,
    in_time,
    mp3,
    truth,
    without_names,
    without_proxies,
)

HERE = Path()
ARABIC = "كَانَ الحَيُّ هَادِئًا، وَفِي الصَّبَاحِ سَمِعَ النَّاسُ أَصْوَاتَ الجُنُودِ."
ENGLISH = "The old man & his dog walked <slowly> to the “station”, and nobody saw them leave."
SALMA, EMMA = "ar-EG-SalmaNeural", "en-US-EmmaMultilingualNeural"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    without_proxies(monkeypatch)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@contextmanager
def standing_in(monkeypatch: pytest.MonkeyPatch, *answers: Answer, lead: float = 0) -> Iterator[EdgeStandIn]:
    """Microsoft, but here."""
    with EdgeStandIn(*answers, lead=lead) as service:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", service.url)
        yield service


def told(
    monkeypatch: pytest.MonkeyPatch, waits: Waits, *answers: Answer, limit: float = 5
) -> tuple[VoiceError, int]:
    """What the author is told, and how often the service was asked."""
    with standing_in(monkeypatch, *answers) as service, pytest.raises(VoiceError) as raised:
        Edge("ar", SALMA, policy=waits.policy(limit)).speak(ARABIC)
    assert not str(raised.value).endswith(".")
    return raised.value, service.connections


# speaking


@pytest.mark.parametrize(("lang", "voice", "text"), [("ar", SALMA, ARABIC), ("en", EMMA, ENGLISH)])
def test_a_sentence_is_spoken_with_the_services_own_word_times(
    monkeypatch: pytest.MonkeyPatch, lang: str, voice: str, text: str
) -> None:
    with standing_in(monkeypatch) as service:
        speech = Edge(lang, voice).speak(text)
    assert service.asked == [Asked(text, voice, ("+0%", "+0Hz", "+0%"))]
    assert speech.rate == RATE
    assert len(speech.pcm) == 2 * 576 * (len(mp3(lang, text, 48)) // 144)
    expected = {o: s for o, s in truth(lang, text) if text[o].isalnum()}
    found = dict(speech.onsets)
    assert expected.keys() <= found.keys()
    assert max(abs(found[o] - s) for o, s in expected.items()) <= 2  # both are rounded
    assert [text[o : o + 4] for o in sorted(found)] == [text[o : o + 4] for o, _ in speech.onsets]


def test_settings_reach_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    with standing_in(monkeypatch) as service:
        make("ar", {"rate": "-10%", "pitch": 5, "volume": "20"}, HERE).speak("مَرْحَبًا.")
    assert service.asked == [Asked("مَرْحَبًا.", SALMA, ("-10%", "+5Hz", "+20%"))]


def test_words_that_are_all_heard_later_than_told_are_set_right(monkeypatch: pytest.MonkeyPatch) -> None:
    with standing_in(monkeypatch, lead=0.1):
        speech = Edge("en", EMMA).speak(ENGLISH)
    expected = [(o, s + RATE // 10) for o, s in truth("en", ENGLISH) if ENGLISH[o].isalnum()]
    differences = errors(ENGLISH, speech, expected)
    assert max(differences) - min(differences) < 1
    assert 0 <= differences[0] <= 40  # it is the first audible moment; the truth has what is before it, too


@pytest.mark.parametrize("answer", [Answer("wordless"), Answer("timeless")], ids=["none", "all at once"])
def test_words_are_found_by_alignment_where_the_service_tells_no_times(
    monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    with standing_in(monkeypatch, answer):
        speech = Edge("ar", SALMA).speak(ARABIC)
    assert in_time(errors(ARABIC, speech, truth("ar", ARABIC)))


def test_a_text_too_long_for_one_request_keeps_its_words_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join([ARABIC] * 30)
    assert len(text.encode()) > 4096
    with standing_in(monkeypatch) as service:
        speech = Edge("ar", SALMA).speak(text)
    assert service.connections == len(service.asked) == 2
    first, second = (asked.text for asked in service.asked)
    assert f"{first} {second}" == text
    begin = 576 * (len(mp3("ar", first, 48)) // 144)
    expected = truth("ar", first)
    expected += [(len(first) + 1 + o, begin + s) for o, s in truth("ar", second)]
    assert in_time(errors(text, speech, expected))


def test_nothing_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with standing_in(monkeypatch) as service, pytest.raises(VoiceError, match="nothing to speak"):
        Edge("ar", SALMA).speak(" \n")
    assert service.connections == 0


def test_another_edge_tts_than_the_known_one_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    import edge_tts

    class Older(edge_tts.Communicate):
        def __init__(self, text: str, voice: str, *, rate: str, pitch: str, volume: str) -> None:
            super().__init__(text, voice, rate=rate, pitch=pitch, volume=volume)

    class Newer(edge_tts.Communicate):
        def __init__(self, text: str, voice: str, **_: str) -> None:
            super().__init__(text, voice)
            self.state = {}  # type: ignore[typeddict-item]

    waits = Waits()
    for other in (Older, Newer):
        monkeypatch.setattr("edge_tts.Communicate", other)
        with (
            standing_in(monkeypatch) as service,
            pytest.raises(VoiceError, match=r"edge-tts 7\.3\.1 is another than Hakawati knows"),
        ):
            Edge("en", EMMA, policy=waits.policy()).speak(ENGLISH)
        assert service.connections == 0
    assert waits == []


# finding the words


def words_found(text: str, *told: str) -> list[str]:
    """What stands in the text where each boundary was found, up to the next space."""
    marks = located(text, [(float(i), word) for i, word in enumerate(told)])
    return [re.split(r"\s", text[offset:], maxsplit=1)[0] for offset, _ in marks]


@pytest.mark.parametrize(
    ("text", "told", "found"),
    [
        ("كَتَبَ الوَلَدُ", ["كتب", "الولد"], ["كَتَبَ", "الوَلَدُ"]),
        ("كتب الولد", ["كَتَبَ", "الوَلَدُ"], ["كتب", "الولد"]),
        ("قال آخر أن الأب", ["قال", "اخر", "ان", "الاب"], ["قال", "آخر", "أن", "الأب"]),
        ("the cat, the cat", ["the", "cat", "the", "cat"], ["the", "cat,", "the", "cat"]),
        ("rock & roll", ["rock", "&amp;", "roll"], ["rock", "roll"]),
        ("It’s 5 o'clock", ["It&#39;s", "5", "o’clock"], ["It’s", "5", "o'clock"]),
        ("a bad idea", ["b", "idea"], ["bad", "idea"]),
        ("he was then there", ["there"], ["there"]),
        ("in 1944 he left", ["in", "nineteen", "forty", "four", "he", "left"], ["in", "he", "left"]),
        ("well-known man", ["well-known", "man"], ["well-known", "man"]),
        ("well-known man", ["well", "known", "man"], ["well-known", "known", "man"]),
        ("一只小毛驴", ["一", "只", "小", "毛驴"], ["一只小毛驴", "只小毛驴", "小毛驴", "毛驴"]),
        ("«نعم»، قال.", ["نعم", "قال"], ["نعم»،", "قال."]),
        ("straße AND Ⅳ", ["STRASSE", "and", "iv"], ["straße", "AND", "Ⅳ"]),
        ("one two", ["one", "", "…", "two"], ["one", "two"]),
        ("one two", ["three"], []),
        ("", ["one"], []),
    ],
)
def test_a_word_is_found_in_order_however_it_is_told(text: str, told: list[str], found: list[str]) -> None:
    assert words_found(text, *told) == found


def test_a_word_that_is_not_there_does_not_carry_the_others_away() -> None:
    text = "we went up the hill " + "and on and on " * 20 + "until percent"
    assert words_found(text, "we", "percent", "went", "up") == ["we", "went", "up"]


def test_words_are_found_again_after_many_that_are_not() -> None:
    text = "one " + "x1944 " * 40 + "two three"
    told = ["one", *["nineteen"] * 5, "two", "three"]
    assert words_found(text, *told) == ["one", "two", "three"]


@given(st.lists(st.text("abأةَُ ,&'-٣١", max_size=5)), st.lists(st.text("abأةَُ ,&'-٣١", max_size=5)))
def test_places_are_in_the_text_and_in_order(words: list[str], told: list[str]) -> None:
    text = " ".join(words)
    marks = located(text, [(float(i), word) for i, word in enumerate(told)])
    offsets = [offset for offset, _ in marks]
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)
    assert [ticks for _, ticks in marks] == sorted(ticks for _, ticks in marks)


# faults


@pytest.mark.parametrize(
    "fault",
    [
        Answer(status=429),
        Answer(status=500),
        Answer(status=503),
        Answer("half"),
        Answer("cut"),
        Answer("silence"),
        Answer("nothing"),
        Answer("garbled"),
        Answer("page"),
        Answer("dropped"),
        Answer("gone"),
        Answer("slow"),
    ],
    ids=lambda answer: f"{answer.kind}-{answer.status}",
)
def test_a_fault_that_passes_costs_a_wait_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, waits: Waits, fault: Answer
) -> None:
    with standing_in(monkeypatch, fault, SPEECH) as service:
        limit = 0.3 if fault.kind == "slow" else 5
        speech = Edge("ar", SALMA, policy=waits.policy(limit)).speak(ARABIC)
    assert service.connections == 2
    assert len(waits) == 1
    assert 1 <= waits[0] <= 2
    assert in_time(errors(ARABIC, speech, truth("ar", ARABIC)))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Answer(status=429), "Microsoft refuses more requests for now (429)"),
        (Answer(status=503), "Microsoft refuses more requests for now (503)"),
        (Answer(status=500), "Microsoft has a fault for now (500)"),
        (Answer("page"), "Microsoft answers with a web page, not with sound, for now"),
        (Answer("dropped"), "Microsoft breaks off the connection for now"),
        (Answer("slow"), "Microsoft does not answer for now (not within 0.1 seconds)"),
    ],
)
def test_a_fault_of_the_service_that_stays_makes_it_unavailable(
    monkeypatch: pytest.MonkeyPatch, waits: Waits, fault: Answer, message: str
) -> None:
    error, requests = told(monkeypatch, waits, fault, limit=0.1 if fault.kind == "slow" else 5)
    assert isinstance(error, VoiceUnavailableError)
    assert str(error) == message
    assert error.hint == (
        "what is finished is kept: build again later and it goes on from there, "
        "or choose another voice: --voice ar=espeak"
    )
    assert requests == 3
    assert len(waits) == 2


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Answer("half"), "the MP3 is cut off"),
        (Answer("cut"), "the last words are missing"),
        (Answer("silence"), "silence"),
        (Answer("nothing"), "is there a voice “ar-EG-SalmaNeural”?"),
        (Answer("garbled"), "it is garbled"),
        (Answer("long"), "it does not end"),
    ],
)
def test_a_sentence_that_has_no_sound_however_often_is_told_by_itself(
    monkeypatch: pytest.MonkeyPatch, waits: Waits, fault: Answer, why: str
) -> None:
    error, requests = told(monkeypatch, waits, fault)
    assert type(error) is VoiceError
    assert str(error) == f"Microsoft keeps answering no sound for “{ARABIC[:80]}”: {why}"
    assert requests == 3


def test_microsoft_is_left_alone_for_as_long_as_it_asks(
    monkeypatch: pytest.MonkeyPatch, waits: Waits
) -> None:
    seconds = Answer(status=429, headers={"retry-after": "40"})
    date = Answer(
        status=503,
        headers={"Date": "Wed, 21 Oct 2015 07:28:00 GMT", "Retry-After": "Wed, 21 Oct 2015 07:28:50 GMT"},
    )
    _, requests = told(monkeypatch, waits, seconds, date)
    assert requests == 3
    assert 40 <= waits[0] <= 41
    assert 50 <= waits[1] <= 51


def test_a_wait_longer_than_two_minutes_is_told_instead(
    monkeypatch: pytest.MonkeyPatch, waits: Waits
) -> None:
    error, requests = told(monkeypatch, waits, Answer(status=429, headers={"Retry-After": "7200"}))
    assert isinstance(error, VoiceUnavailableError)
    assert str(error) == "Microsoft asks to be left alone for 2 hours (429)"
    assert requests == 1
    assert waits == []


@pytest.mark.parametrize(
    ("status", "headers", "message", "kind", "connections"),
    [
        # edge-tts puts its clock right by the answer's, and asks a second time
        (403, {}, "Microsoft refuses to speak for this program (403)", VoiceUnavailableError, 2),
        (
            403,
            {"Date": "today"},
            "Microsoft refuses to speak for this program (403)",
            VoiceUnavailableError,
            1,
        ),
        (404, {}, "Microsoft is not found where it was (404)", VoiceUnavailableError, 1),
        (400, {}, f"Microsoft does not understand the request (400) for “{ARABIC[:80]}”", VoiceError, 1),
    ],
)
def test_a_refusal_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
    waits: Waits,
    status: int,
    headers: dict[str, str],
    message: str,
    kind: type[VoiceError],
    connections: int,
) -> None:
    monkeypatch.setattr("edge_tts.drm.DRM.clock_skew_seconds", 0.0)
    error, requests = told(monkeypatch, waits, Answer(status=status, headers=headers))
    assert type(error) is kind
    assert str(error) == message
    assert requests == connections
    assert waits == []


def test_offline_is_told_at_once(monkeypatch: pytest.MonkeyPatch, waits: Waits) -> None:
    voice = Edge("ar-EG", SALMA, policy=waits.policy())
    hint = "connect to the internet, or choose a voice that works without: --voice ar-EG=espeak"
    tries: list[str] = []

    def connection() -> str:
        tries.append("")
        return "none"

    monkeypatch.setattr("edge_tts.communicate.connect_id", connection)

    monkeypatch.setattr("edge_tts.communicate.WSS_URL", f"ws://127.0.0.1:{closed_port()}/edge/v1?a=b")
    with pytest.raises(VoiceUnavailableError) as raised:
        voice.speak(ARABIC)
    message = "Microsoft (speech.platform.bing.com) cannot be reached: the connection is refused"
    assert (str(raised.value), raised.value.hint) == (message, hint)

    monkeypatch.setattr("edge_tts.communicate.WSS_URL", "ws://nowhere.invalid/edge/v1?a=b")
    without_names(monkeypatch)
    with pytest.raises(VoiceUnavailableError) as raised:
        voice.speak(ARABIC)
    message = "Microsoft (speech.platform.bing.com) cannot be reached: its name is not found"
    assert (str(raised.value), raised.value.hint) == (message, hint)
    assert len(tries) == 2
    assert waits == []


def test_a_proxy_that_is_not_there_is_told_at_once(monkeypatch: pytest.MonkeyPatch, waits: Waits) -> None:
    monkeypatch.setenv("wss_proxy", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", "wss://nowhere.invalid/edge/v1?a=b")
    with pytest.raises(VoiceUnavailableError, match="cannot be reached: the proxy cannot be reached"):
        Edge("ar", SALMA, policy=waits.policy()).speak(ARABIC)
    assert waits == []


# making


@pytest.mark.parametrize(
    ("lang", "voice"),
    [
        ("ar", SALMA),
        ("ar-SA", "ar-SA-ZariyahNeural"),
        ("ar-Arab-SY", "ar-SY-AmanyNeural"),
        ("ar-XX", SALMA),
        ("en", EMMA),
        ("en-gb", "en-GB-SoniaNeural"),
        ("fr", "fr-FR-DeniseNeural"),
        ("de", "de-DE-KatjaNeural"),
        ("es", "es-ES-ElviraNeural"),
        ("tr", "tr-TR-EmelNeural"),
        ("no", "nb-NO-PernilleNeural"),
    ],
)
def test_a_language_has_a_voice_of_its_own(lang: str, voice: str) -> None:
    made = make(lang, {}, HERE)
    assert isinstance(made, Edge)
    assert (made.lang, made.voice, made.credit, made.where) == (lang, voice, f"Microsoft ({voice})", "online")
    assert voice in ENGINE.voices()


def test_a_language_without_one_needs_one() -> None:
    with pytest.raises(VoiceError, match="edge needs a “voice” for “eo”; `edge-tts --list-voices` tells"):
        make("eo", {}, HERE)
    assert make("eo", {"voice": SALMA}, HERE).credit == f"Microsoft ({SALMA})"


@pytest.mark.parametrize("name", ["zh-CN-liaoning-XiaobeiNeural", "fil-PH-AngeloNeural", *ENGINE.voices()])
def test_every_voices_name_is_one_to_edge_tts_too(name: str) -> None:
    from edge_tts import Communicate

    assert make("ar", {"voice": name}, HERE).credit == f"Microsoft ({name})"
    Communicate("text", name)


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("rate", "-10%", "-10%"),
        ("rate", "10%", "+10%"),
        ("rate", "+10%", "+10%"),
        ("rate", 10, "+10%"),
        ("rate", -10, "-10%"),
        ("rate", "−10 %", "-10%"),
        ("rate", "-0%", "+0%"),
        ("rate", "007", "+7%"),
        ("volume", 100, "+100%"),
        ("pitch", "-20hz", "-20Hz"),
        ("pitch", "5", "+5Hz"),
    ],
)
def test_a_change_is_understood_in_every_way_it_may_be_written(
    name: str, written: object, meant: str
) -> None:
    assert getattr(make("ar", {name: written}, HERE), name) == meant


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rate": "-60%"}, "edge's “rate” goes from -50% to +100%, and “-60%” does not"),
        ({"rate": "fast"}, "edge's “rate” goes from -50% to +100%, and “fast” does not"),
        ({"rate": "10Hz"}, "edge's “rate” goes from"),
        ({"rate": "٣%"}, "edge's “rate” goes from"),
        ({"rate": ""}, "edge's “rate” is empty"),
        ({"rate": True}, "edge's “rate” should be text, not “True”"),
        ({"rate": 1.5}, "edge's “rate” goes from -50% to +100%, and “1.5” does not"),
        ({"pitch": "101Hz"}, "edge's “pitch” goes from -100Hz to +100Hz, and “101Hz” does not"),
        ({"volume": -100}, "edge's “volume” goes from -90% to +100%, and “-100” does not"),
        ({"voice": "Salma"}, "edge has no voice “Salma”; known here: ar-EG"),
        ({"voice": "ar-EG-Salma"}, "edge has no voice “ar-EG-Salma”; did you mean “ar-EG-SalmaNeural”?"),
        ({"style": 10}, "edge has no option “style”; known here: "),
    ],
)
def test_an_option_that_cannot_be_is_told(options: dict[str, object], message: str) -> None:
    with pytest.raises(VoiceError, match=re.escape(message)):
        make("ar", options, HERE)


def test_the_key_is_another_for_other_settings_and_only_then() -> None:
    choices: list[tuple[str, dict[str, object]]] = [
        ("ar", {}),
        ("en", {}),
        ("ar", {"voice": "ar-SA-HamedNeural"}),
        ("ar", {"rate": 10}),
        ("ar", {"volume": 10}),
        ("ar", {"pitch": 10}),
        ("ar", {"rate": 10, "volume": 10}),
    ]
    keys = [make(lang, options, HERE).key for lang, options in choices]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith(f"edge {version('edge-tts')} ") for key in keys)
    same = make("ar-EG", {"voice": SALMA, "rate": "-0%", "pitch": "0Hz", "volume": 0}, Path("elsewhere"))
    assert same.key == keys[0]
    assert Edge("ar", SALMA, policy=RetryPolicy(attempts=1)).key == keys[0]


def test_a_voice_can_be_sent_to_another_process() -> None:
    voice = make("ar", {"rate": "-10%"}, HERE)
    assert pickle.loads(pickle.dumps(voice)) == voice


def test_the_engine_says_how_it_is_installed_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not ENGINE.ready()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert ENGINE.ready() == "pip install 'hakawati[edge]'"
    assert {SALMA, EMMA} <= set(ENGINE.voices())


def test_the_stand_in_tells_times_without_the_delay_of_the_mp3() -> None:
    (first, *_), (_, sample) = boundaries("en", ENGLISH), truth("en", ENGLISH)[0]
    assert first["Data"]["Offset"] == 0  # type: ignore[index]
    assert sample == DELAY
