from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hakawati.model import VoiceError, VoiceUnavailableError
from hakawati.voices import engine
from hakawati.voices.google import ENGINE, Google, make
from hakawati.voices.service import PATIENCE, RetryPolicy, Service
from tests.voices.services import (
    SPEECH,
    Answer,
    Asked,
    GoogleStandIn,
    Waits,
    by_word,
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
ENGLISH = "The old man walked slowly to the station, and nobody saw him leave."
LONG = (
    "When the first soldiers came over the bridge that morning the whole quarter was still asleep, "
    "and only the baker at the corner of the market had lit his oven, because his customers liked their "
    "bread warm. He saw them pass, one after another: tired men, silent and covered with dust. "
    "Later he told everybody that they had not asked him for anything, but that he had given each of them "
    "a loaf and a cup of water."
)


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    without_proxies(monkeypatch)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@contextmanager
def standing_in(
    monkeypatch: pytest.MonkeyPatch, *answers: Answer, lead: float = 0, tail: float = 0
) -> Iterator[GoogleStandIn]:
    """Google, but here."""
    with GoogleStandIn(*answers, lead=lead, tail=tail) as service:
        ask_at(monkeypatch, service.url)
        yield service


def ask_at(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr("gtts.tts._translate_url", lambda path, **_: url + path)


def told(
    monkeypatch: pytest.MonkeyPatch, waits: Waits, *answers: Answer, limit: float = 5
) -> tuple[VoiceError, int]:
    """What the author is told, and how often the service was asked."""
    with standing_in(monkeypatch, *answers) as service, pytest.raises(VoiceError) as raised:
        Google("ar", "ar", policy=waits.policy(limit)).speak(ARABIC)
    assert not str(raised.value).endswith(".")
    return raised.value, len(service.asked)


# speaking


@pytest.mark.parametrize(("lang", "text"), [("ar", ARABIC), ("en", ENGLISH)])
def test_a_sentence_is_asked_for_as_it_is_and_its_words_are_found(
    monkeypatch: pytest.MonkeyPatch, lang: str, text: str
) -> None:
    with standing_in(monkeypatch) as service:
        speech = Google(lang, lang).speak(text)
    assert service.asked == [Asked(text, lang, (None,))]
    assert speech.rate == 24_000
    assert in_time(errors(text, speech, truth(lang, text)))


def test_a_slow_voice_is_asked_to_be_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    with standing_in(monkeypatch) as service:
        Google("en", "en", slow=True).speak("Hello there.")
    assert service.asked == [Asked("Hello there.", "en", (True,))]


def test_silence_at_the_ends_is_cut_to_a_tenth_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    with standing_in(monkeypatch, lead=0.5, tail=1.2):
        padded = Google("en", "en").speak(ENGLISH)
    heard = Service("Google", "", "", "en").decode(mp3("en", ENGLISH, 64, 0.5, 1.2), ENGLISH)
    assert heard.begin > 0.5 * 24_000
    assert len(padded.pcm) // 2 == heard.end - heard.begin + 2 * 2_400
    assert padded.pcm == heard.pcm[2 * (heard.begin - 2_400) : 2 * (heard.end + 2_400)]
    shift = 12_000 - (heard.begin - 2_400)
    expected = [(offset, sample + shift) for offset, sample in truth("en", ENGLISH)]
    assert in_time(errors(ENGLISH, padded, expected))


def test_a_long_sentence_is_asked_for_in_parts_and_joined_with_all_its_words_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(LONG) >= 400
    with standing_in(monkeypatch) as service:
        speech = Google("en", "en").speak(LONG)
    parts = [asked.text for asked in service.asked]
    assert 4 < len(parts) < 12
    assert max(map(len, parts)) <= 100
    assert re.findall(r"\w+", " ".join(parts)) == re.findall(r"\w+", LONG)

    starts = [word.start() for word in re.finditer(r"\S+", LONG)]
    expected: list[tuple[int, int]] = []
    begin = passed = 0
    for part in parts:
        heard = Service("Google", "", "", "en").decode(mp3("en", part, 64), part)
        cut = max(0, heard.begin - 2_400)
        words = by_word(part, truth("en", part))
        expected += [(starts[passed + word], begin + sample - cut) for word, sample in words.items()]
        passed += len(part.split())
        begin += min(len(heard.pcm) // 2, heard.end + 2_400) - cut
    assert len(speech.pcm) // 2 == begin
    assert in_time(errors(LONG, speech, expected))
    onsets = [sample for _, sample in sorted(speech.onsets)]
    assert onsets == sorted(onsets)


def test_only_the_part_that_failed_is_asked_for_again(monkeypatch: pytest.MonkeyPatch, waits: Waits) -> None:
    busy = Answer(status=429, headers={"Retry-After": "7"})
    with standing_in(monkeypatch, SPEECH, SPEECH, busy, SPEECH) as service:
        Google("en", "en", policy=waits.policy()).speak(LONG)
    texts = [asked.text for asked in service.asked]
    assert texts[2] == texts[3]
    assert len(texts) == len(set(texts)) + 1
    assert len(waits) == 1


@pytest.mark.parametrize("text", ["", "  ", "… !?"])
def test_what_has_nothing_to_say_is_not_asked_for(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    with standing_in(monkeypatch) as service, pytest.raises(VoiceError, match="nothing in “"):
        Google("en", "en").speak(text)
    assert service.asked == []


def test_question_marks_do_not_make_a_part_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Who? When? " * 9 + "Why?"
    with standing_in(monkeypatch) as service:
        speech = Google("en", "en").speak(text)
    assert all(len(asked.text) <= 100 for asked in service.asked)
    assert len(speech.onsets) >= 19


def test_another_gtts_than_the_known_one_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    for other in (lambda *_: [ENGLISH * 3], lambda *_: [("part", 0)], lambda *_: [""], lambda *_: None):
        monkeypatch.setattr("gtts.gTTS._tokenize", other)
        with pytest.raises(VoiceError, match=r"gTTS 2\.5\.4 is another than Hakawati knows"):
            Google("en", "en").speak(ENGLISH)
    monkeypatch.delattr("gtts.gTTS._tokenize")
    with pytest.raises(VoiceError, match="another than Hakawati knows"):
        Google("en", "en").speak(ENGLISH)


# faults


@pytest.mark.parametrize(
    "fault",
    [
        Answer(status=429),
        Answer(status=500),
        Answer(status=503),
        Answer("half"),
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
        limit = 0.2 if fault.kind == "slow" else 5
        speech = Google("ar", "ar", policy=waits.policy(limit)).speak(ARABIC)
    assert len(service.asked) == 2
    assert len(waits) == 1
    assert 1 <= waits[0] <= 2
    assert in_time(errors(ARABIC, speech, truth("ar", ARABIC)))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Answer(status=429), "Google refuses more requests for now (429 Too Many Requests)"),
        (Answer(status=503), "Google refuses more requests for now (503 Service Unavailable)"),
        (Answer(status=500), "Google has a fault for now (500 Internal Server Error)"),
        (Answer("page"), "Google answers with a web page, not with sound, for now"),
        (Answer("dropped"), "Google breaks off the connection for now"),
        (Answer("gone"), "Google breaks off the connection for now"),
        (Answer("slow"), "Google does not answer for now (not within 0.1 seconds)"),
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
        (Answer("silence"), "silence"),
        (Answer("nothing"), "there is none in what it sent"),
        (Answer("garbled"), "it is garbled"),
    ],
)
def test_a_sentence_that_has_no_sound_however_often_is_told_by_itself(
    monkeypatch: pytest.MonkeyPatch, waits: Waits, fault: Answer, why: str
) -> None:
    error, requests = told(monkeypatch, waits, fault)
    assert type(error) is VoiceError
    assert str(error) == f"Google keeps answering no sound for “{ARABIC[:80]}”: {why}"
    assert requests == 3


def test_google_is_left_alone_for_as_long_as_it_asks(monkeypatch: pytest.MonkeyPatch, waits: Waits) -> None:
    seconds = Answer(status=429, headers={"Retry-After": "40"})
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
    error, requests = told(monkeypatch, waits, Answer(status=429, headers={"Retry-After": "3600"}))
    assert isinstance(error, VoiceUnavailableError)
    assert str(error) == "Google asks to be left alone for 60 minutes (429 Too Many Requests)"
    assert "build again later" in error.hint
    assert requests == 1
    assert waits == []
    assert PATIENCE == 120


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (403, "Google refuses to speak for this program (403 Forbidden)", VoiceUnavailableError),
        (404, "Google is not found where it was (404 Not Found)", VoiceUnavailableError),
        (400, f"Google does not understand the request (400 Bad Request) for “{ARABIC[:80]}”", VoiceError),
    ],
)
def test_a_refusal_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, waits: Waits, status: int, message: str, kind: type[VoiceError]
) -> None:
    error, requests = told(monkeypatch, waits, Answer(status=status))
    assert type(error) is kind
    assert str(error) == message
    assert requests == 1
    assert waits == []


def test_a_country_that_google_is_not_in_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        standing_in(monkeypatch, Answer(status=404)) as service,
        pytest.raises(
            VoiceError, match=r"no voice at translate\.google\.zz \(404 Not Found\); leave “tld” out"
        ),
    ):
        Google("ar", "ar", tld="zz").speak(ARABIC)
    assert len(service.asked) == 1


def test_offline_is_told_at_once(monkeypatch: pytest.MonkeyPatch, waits: Waits) -> None:
    tries: list[str] = []

    def address(tld: str, path: str) -> str:
        tries.append(path)
        return url + path

    monkeypatch.setattr("gtts.tts._translate_url", address)
    voice = Google("ar-EG", "ar", policy=waits.policy())
    hint = "connect to the internet, or choose a voice that works without: --voice ar-EG=espeak"

    url = f"http://127.0.0.1:{closed_port()}/"
    with pytest.raises(VoiceUnavailableError) as raised:
        voice.speak(ARABIC)
    message = "Google (translate.google.com) cannot be reached: the connection is refused"
    assert (str(raised.value), raised.value.hint) == (message, hint)

    url = "http://nowhere.invalid/"
    without_names(monkeypatch)
    with pytest.raises(VoiceUnavailableError) as raised:
        voice.speak(ARABIC)
    message = "Google (translate.google.com) cannot be reached: its name is not found"
    assert (str(raised.value), raised.value.hint) == (message, hint)
    assert len(tries) == 2
    assert waits == []


def test_a_proxy_that_is_not_there_is_told_at_once(monkeypatch: pytest.MonkeyPatch, waits: Waits) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    ask_at(monkeypatch, "http://nowhere.invalid/")
    with pytest.raises(VoiceUnavailableError, match="cannot be reached: the proxy does not let it through"):
        Google("ar", "ar", policy=waits.policy()).speak(ARABIC)
    assert waits == []


# making


@pytest.mark.parametrize(
    ("lang", "options", "code"),
    [
        ("ar", {}, "ar"),
        ("ar-EG", {}, "ar"),
        ("pt-PT", {}, "pt-PT"),
        ("pt-BR", {}, "pt"),
        ("fr-ca", {}, "fr-CA"),
        ("zh-Hant-TW", {}, "zh-TW"),
        ("he", {}, "iw"),
        ("nb-NO", {}, "no"),
        ("ar", {"lang": "en"}, "en"),
    ],
)
def test_the_language_is_the_books_as_google_calls_it(
    lang: str, options: dict[str, object], code: str
) -> None:
    voice = make(lang, options, HERE)
    assert isinstance(voice, Google)
    assert (voice.lang, voice.code, voice.credit, voice.where) == (lang, code, f"Google ({code})", "online")
    assert code in ENGINE.voices()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lang": "arr"}, r"Google does not speak “arr”; did you mean “ar”\?"),
        ({"lang": "tlh"}, r"Google does not speak “tlh”; did you mean “t[a-z]”\?"),
        ({"lang": ""}, "gtts's “lang” is empty"),
        ({"tld": "co.uk/x"}, "gtts's “tld” is like “com” or “co.uk”, and “co.uk/x” is not"),
        ({"tld": ".com"}, "gtts's “tld” is like"),
        ({"slow": "yes"}, "gtts's “slow” should be true or false, not “yes”"),
        ({"tdl": "com"}, r"gtts has no option “tdl”; did you mean “tld”\?"),
    ],
)
def test_an_option_that_cannot_be_is_told(options: dict[str, object], message: str) -> None:
    with pytest.raises(VoiceError, match=message):
        make("ar", options, HERE)


def test_the_key_is_another_for_other_settings_and_only_then() -> None:
    choices: list[tuple[str, dict[str, object]]] = [
        ("ar", {}),
        ("en", {}),
        ("ar", {"tld": "co.uk"}),
        ("ar", {"slow": True}),
        ("ar", {"tld": "co.uk", "slow": True}),
    ]
    keys = [make(lang, options, HERE).key for lang, options in choices]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith("gtts 2.5.4 ") for key in keys)
    default = make("ar-EG", {"lang": "AR", "tld": "com", "slow": False}, Path("elsewhere"))
    assert default.key == keys[0]
    assert Google("ar", "ar", policy=RetryPolicy(attempts=1)).key == keys[0]


def test_a_voice_can_be_sent_to_another_process() -> None:
    voice = make("ar", {"tld": "com.eg", "slow": True}, HERE)
    assert pickle.loads(pickle.dumps(voice)) == voice


def test_the_engines_that_ask_a_service_load() -> None:
    assert engine("gtts").description == ENGINE.description
    assert not ENGINE.ready()
    assert {"ar", "en", "zh-TW"} <= set(ENGINE.voices())
    assert engine("edge").name == "edge"
