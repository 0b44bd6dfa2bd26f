from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.model import VoiceError, VoiceUnavailableError
from hakawati.voices.service import RetryPolicy, Service, TransientError, duration, retry_after
from tests.voices.services import DELAY, PAGE, RATE, Waits, encoded, mp3

TEXT = "Good morning."
SERVICE = Service("Google", "translate.google.com", "gTTS", "ar")
BUSY = TransientError(SERVICE.later("is busy"))


@pytest.fixture
def waits() -> Waits:
    return Waits()


def failing(times: int, error: Exception = BUSY) -> tuple[Callable[[], str], list[None]]:
    """A request that fails so often, and one entry for each time it was made."""
    made: list[None] = []

    def request() -> str:
        made.append(None)
        if len(made) <= times:
            raise error
        return "sound"

    return request, made


# asking again


def test_what_answers_is_asked_once(waits: Waits) -> None:
    request, made = failing(0)
    assert waits.policy().ask(request) == "sound"
    assert (len(made), waits) == (1, [])


def test_a_fault_that_passes_is_waited_for_each_time_twice_as_long(waits: Waits) -> None:
    request, made = failing(5)
    policy = RetryPolicy(attempts=6, first_wait=2, longest_wait=20, sleep=waits.append)
    assert policy.ask(request) == "sound"
    assert len(made) == 6
    for waited, least in zip(waits, (2, 4, 8, 16, 20), strict=True):
        assert least <= waited <= least + 1


def test_those_who_were_refused_together_do_not_come_back_together() -> None:
    first, second = Waits(), Waits()
    for waits in (first, second):
        waits.policy(attempts=5).ask(failing(4)[0])
    assert all(one != other for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_fault_that_stays_is_told_after_as_many_requests_as_are_allowed(
    waits: Waits, attempts: int
) -> None:
    request, made = failing(99)
    with pytest.raises(VoiceUnavailableError) as raised:
        waits.policy(attempts=attempts).ask(request)
    assert raised.value is BUSY.lasting
    assert len(made) == attempts
    assert len(waits) == attempts - 1


def test_who_asks_to_be_left_alone_is_left_alone_for_so_long(waits: Waits) -> None:
    request, _ = failing(2, TransientError(SERVICE.later("is busy"), 90))
    waits.policy().ask(request)
    assert [90 <= waited <= 91 for waited in waits] == [True, True]


@pytest.mark.parametrize("error", [VoiceError("no"), SERVICE.offline("no"), ValueError("no")])
def test_what_cannot_pass_is_told_at_once(waits: Waits, error: Exception) -> None:
    request, made = failing(99, error)
    with pytest.raises(type(error)) as raised:
        waits.policy().ask(request)
    assert raised.value is error
    assert (len(made), waits) == (1, [])


def test_manners_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(RetryPolicy())) == RetryPolicy()


# how long


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("Wed, 21 Oct 2015 07:29:30 GMT", 90),
        ("Wednesday, 21-Oct-15 07:28:01 GMT", 1),
        ("Wed Oct 21 07:28:05 2015", 5),
        ("Wed, 21 Oct 2015 07:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("nan", None),
        ("٣", None),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_by_the_services_own_clock(
    asked: str, seconds: float | None
) -> None:
    assert retry_after({"Retry-After": asked, "Date": "Wed, 21 Oct 2015 07:28:00 GMT"}) == seconds


@pytest.mark.parametrize("date", [{}, {"Date": "today"}])
def test_a_date_is_by_the_clock_here_where_the_service_tells_no_time(date: Mapping[str, str]) -> None:
    until = datetime.now(UTC) + timedelta(seconds=100)
    seconds = retry_after({"Retry-After": format_datetime(until, usegmt=True), **date})
    assert seconds is not None
    assert 95 <= seconds <= 100


@given(st.text(), st.text())
def test_whatever_retry_after_says_it_is_no_length_of_time_or_one(asked: str, date: str) -> None:
    seconds = retry_after({"Retry-After": asked, "Date": date})
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, "a second"),
        (0.2, "0.2 seconds"),
        (30, "30 seconds"),
        (90, "90 seconds"),
        (600, "10 minutes"),
        (5400, "90 minutes"),
        (86_400, "24 hours"),
    ],
)
def test_a_length_of_time_is_told_as_one_would_say_it(seconds: float, told: str) -> None:
    assert duration(seconds) == told


# statuses


@pytest.mark.parametrize("status", [200, 302, 408, 425, 429, 500, 502, 503, 504, 529])
def test_a_status_that_may_pass_makes_the_service_unavailable_if_it_stays(status: int) -> None:
    error = SERVICE.refused(status, "", {"Retry-After": "120"}, TEXT)
    assert isinstance(error, TransientError)
    assert error.after == (120 if status >= 400 else None)
    assert isinstance(error.lasting, VoiceUnavailableError)
    assert str(error.lasting).startswith("Google ")
    assert "for now" in str(error.lasting)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 407, 410, 451])
def test_a_refusal_that_stays_makes_the_service_unavailable_at_once(status: int) -> None:
    error = SERVICE.refused(status, "Reason", {}, TEXT)
    assert isinstance(error, VoiceUnavailableError)
    assert str(error).endswith(f"({status} Reason)")
    assert error.hint.endswith("choose another voice: --voice ar=espeak")
    assert error.hint.startswith("give the proxy's" if status == 407 else "pip install --upgrade gTTS")


@pytest.mark.parametrize("status", [400, 413, 414, 422])
def test_a_request_that_is_not_understood_is_the_sentences_fault(status: int) -> None:
    error = SERVICE.refused(status, "", {}, TEXT)
    assert type(error) is VoiceError
    assert str(error) == f"Google does not understand the request ({status}) for “{TEXT}”"


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_of_more_than_two_minutes_is_told_at_once(status: int) -> None:
    error = SERVICE.refused(status, "", {"Retry-After": "121"}, TEXT)
    assert isinstance(error, VoiceUnavailableError)
    assert str(error) == f"Google asks to be left alone for 2 minutes ({status})"
    assert error.hint.startswith("what is finished is kept: build again later")


# sound


@pytest.mark.parametrize("bitrate", [32, 48, 64])
def test_a_whole_mp3_is_heard_from_where_it_is_audible_to_where_it_is_not(bitrate: int) -> None:
    data = mp3("en", TEXT, bitrate, 0.5, 0.25)
    heard = SERVICE.decode(data, TEXT)
    assert heard.rate == RATE
    assert len(heard.pcm) == 2 * 576 * (len(data) // (bitrate * 3))
    assert 0.5 * RATE + DELAY - 240 <= heard.begin <= 0.6 * RATE + DELAY
    assert len(heard.pcm) // 2 - 0.5 * RATE <= heard.end <= len(heard.pcm) // 2 - 0.2 * RATE


@pytest.mark.parametrize("bitrate", [48, 64])
def test_an_mp3_that_is_cut_off_within_a_frame_is_no_answer(bitrate: int) -> None:
    data = mp3("en", TEXT, bitrate)
    for end in range(len(data) // 2, len(data) // 2 + 3 * bitrate):
        if end % (3 * bitrate) in (0, 1, 2, 3):  # whole frames; what follows them is not known to be one
            continue
        with pytest.raises(
            TransientError, match=r"keeps answering no sound for “Good morning\.”: the MP3 is cut off"
        ):
            SERVICE.decode(data[:end], TEXT)


def test_a_tag_at_the_end_of_an_mp3_does_not_cut_it_off() -> None:
    data = mp3("en", TEXT, 48)
    assert SERVICE.decode(data + b"TAG" + bytes(125), TEXT).rate == RATE


def test_mp3s_of_other_kinds_are_whole_too() -> None:
    import io

    import numpy as np
    import soundfile

    for rate in (8_000, 16_000, 22_050, 24_000, 44_100, 48_000):
        file = io.BytesIO()
        tone = np.sin(np.arange(rate) * 2000 / rate) / 4
        soundfile.write(file, tone, rate, format="MP3")
        heard = SERVICE.decode(file.getvalue(), TEXT)
        assert heard.rate == rate
        assert heard.end - heard.begin >= rate - rate // 20


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (encoded(bytes(RATE), RATE, 48), "Google keeps answering no sound for “Good morning.”: silence"),
        (
            b"\x00\x01" * 100,
            "Google keeps answering no sound for “Good morning.”: what it answered is no sound",
        ),
        (b"", "Google keeps answering no sound for “Good morning.”: what it answered is no sound"),
        (PAGE, "Google answers with a web page, not with sound, for now"),
        (
            encoded(bytes(2 * RATE * 90), RATE, 48),
            "Google keeps answering no sound for “Good morning.”: its sound lasts 90 s; 86 s are the most",
        ),
    ],
    ids=["silence", "garbage", "nothing", "page", "long"],
)
def test_what_is_no_speech_is_no_answer(data: bytes, message: str) -> None:
    with pytest.raises(TransientError) as raised:
        SERVICE.decode(data, TEXT)
    assert str(raised.value.lasting).startswith(message)
    assert isinstance(raised.value.lasting, VoiceUnavailableError) == (data == PAGE)
