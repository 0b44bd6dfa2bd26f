"""A chapter as a strip: its wave, its sentences, how fast they are read and what sounds wrong, at a glance.

The strip is an SVG element for a page. It has no script and no style sheet, so that no content
security policy is in its way: colours are `currentColor` and custom properties with fallbacks that can be
told from white and from black. It is as wide as there is room: places are percentages, signs keep their size.

Time runs from left to right in every language, as in a player's time line and on a sheet of music: it is the
direction of the sound, not of the text, and platforms' guides for right-to-left interfaces leave the controls
of players as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import log2, sqrt
from typing import Literal

from hakawati.common.wording import format_time
from hakawati.model import SAMPLE_RATE, STEP, STRETCH, Levels, Narration
from hakawati.waveform.speech_rate import (
    AudioFlaw,
    FlawKind,
    SentenceInterval,
    SpeechRate,
    find_flaws,
    measure_rates,
)


@dataclass(frozen=True, slots=True)
class WaveformLabels:
    """What a strip says in a language of the interface; `{}` is a number."""

    speed: str
    ratio: str
    gap: str
    rushed: str
    clipped: str
    findings: str

    def of(self, one: AudioFlaw) -> str:
        """What is said of a finding."""
        texts: Mapping[FlawKind, str] = {"gap": self.gap, "rushed": self.rushed, "clipped": self.clipped}
        return texts[one.kind].format(f"{one.amount:g}")


ENGLISH = WaveformLabels(
    speed="{} letters a second",
    ratio="{} times the usual speed",
    gap="silent for {} s",
    rushed="rushed: {} times as fast as the others",
    clipped="its end is cut off, {} dB below the loudest",
    findings="to listen to: {}",
)
ARABIC = WaveformLabels(
    speed="عدد الحروف في الثانية: {}",
    ratio="السرعة قياسا إلى المعتاد: {}",
    gap="صمت، بالثواني: {}",
    rushed="قراءة متعجلة، قياسا إلى غيرها: {}",
    clipped="نهاية مقطوعة، أقل من الأعلى بالديسيبل: {}",
    findings="مواضع تستحق الاستماع: {}",
)

_COLOURS: Mapping[FlawKind | Literal["slow"], str] = {
    "gap": "var(--strip-gap, #2b7fd4)",
    "rushed": "var(--strip-rushed, #d9480f)",
    "clipped": "var(--strip-clipped, #9c5fd0)",
    "slow": "var(--strip-slow, #0b8a6b)",
}
"""At least 3 : 1 on white and on #1e1e1e, as WCAG 2.2 asks of what is no text (1.4.11)."""
_SIGNS: Mapping[FlawKind, str] = {
    "gap": "M1 2v10M13 2v10M3 7h8M5.5 4.5 3 7l2.5 2.5M8.5 4.5 11 7 8.5 9.5",
    "rushed": "M2 2.5 6.5 7 2 11.5M7.5 2.5 12 7 7.5 11.5",
    "clipped": "M2.5 2.5l9 9M11.5 2.5l-9 9",
}
"""Lines in a square of 14: an arrow between two walls, two arrow heads, a cross."""
_SIGN = 14

_KINDS: Sequence[FlawKind] = ("gap", "rushed", "clipped")
"""From the top: the rows of signs, for the kinds that are there, so that no sign hides another kind's."""
# And then, in pixels, each below the one before: the wave, the speeds, the clock.
_ROW = 16
_WAVE = 56
_SPEED = 36
_CLOCK = 18
_AIR = 4
_COLUMNS = 600
"""Of the wave, at most."""
_BEND = 0.7
"""To the power of this its height grows with the amplitude: what is quiet is seen, and that it is quieter."""
_FAST, _SLOW = 1.25, 0.75
"""From which on a speed is told apart from the usual one."""
_TICKS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
_TIMES = 4
"""Times on the clock, at most: as many as fit into 320 pixels."""
_BANDS = 0.03, 0.09
"""The shades of every other sentence."""
_EXCERPT = 60


def draw_chapter(
    levels: Levels,
    sentences: Sequence[SentenceInterval],
    asked: Narration,
    *,
    title: str,
    labels: WaveformLabels = ENGLISH,
) -> str:
    """The strip of a chapter whose `sentences` are read in this order. `asked`: how it was to be read."""
    flaws = find_flaws(levels, sentences, asked.pauses, asked.repeat)
    return draw_waveform(levels, measure_rates(levels, sentences), flaws, title=title, labels=labels)


def draw_waveform(
    levels: Levels,
    rates: Sequence[SpeechRate],
    flaws: Sequence[AudioFlaw],
    *,
    title: str,
    labels: WaveformLabels = ENGLISH,
) -> str:
    """The SVG of a chapter; the same arguments give the same text.

    Each sentence is a group with `data-sentence`, `data-begin` and `data-end` (milliseconds) that can have
    the focus. The tab key stops at the first one alone, since a strip may have hundreds, many of them a few
    pixels wide: a page's script goes on from there by the arrow keys. `title`: of the chapter; `rates`,
    `flaws`: as `speech_rate` has them.
    """
    duration = max(1, len(levels.envelope) * STRETCH * 1000 // SAMPLE_RATE)
    rows = [kind for kind in _KINDS if any(one.kind == kind for one in flaws)]
    label = f"{title}. {labels.findings.format(len(flaws))}" if flaws else title
    return "\n".join(_WaveformDrawing(duration, rows, labels).lines(levels, rates, flaws, label)) + "\n"


class _WaveformDrawing:
    def __init__(self, duration: int, rows: Sequence[FlawKind], labels: WaveformLabels) -> None:
        """`duration`: in milliseconds; `rows`: the kinds of findings there are."""
        self.duration = duration
        self.rows = rows
        self.labels = labels
        self.wave = _ROW * len(rows) + _AIR
        self.speed = self.wave + _WAVE + _AIR
        self.clock = self.speed + _SPEED
        self.height = self.clock + _CLOCK

    def lines(
        self, levels: Levels, rates: Sequence[SpeechRate], flaws: Sequence[AudioFlaw], label: str
    ) -> Iterator[str]:
        findings: dict[str, list[AudioFlaw]] = {}
        for one in flaws:
            findings.setdefault(one.sentence_id, []).append(one)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="strip" role="group" '
            f'aria-label="{_escape(label)}" width="100%" height="{self.height}" direction="ltr" '
            f'font-family="sans-serif" font-size="11">'
        )
        for n, rate in enumerate(rates):
            yield self._sentence(n, rate, findings.get(rate.sentence.id, ()))
        yield '<g pointer-events="none" aria-hidden="true">'
        yield self._wave(levels.envelope)
        yield from self._clock()
        yield from map(self._mark, flaws)
        yield "</g>"
        yield "</svg>"

    def _sentence(self, n: int, rate: SpeechRate, flaws: Sequence[AudioFlaw]) -> str:
        sentence, labels = rate.sentence, self.labels
        phrases = [labels.speed.format(f"{rate.speed:.1f}"), labels.ratio.format(f"{rate.ratio:.2f}")]
        phrases += [labels.of(one) for one in flaws]
        excerpt = (
            sentence.text
            if len(sentence.text) <= _EXCERPT
            else f"{sentence.text[: _EXCERPT + 1].rsplit(None, 1)[0]}…"
        )
        # Isolated, since its direction may be another than that of what is said of it.
        parts = [_escape(part) for part in (f"\u2068{excerpt}\u2069", *phrases)]
        band = self._bar(sentence.begin, sentence.end, self.wave, self.clock - self.wave)
        return (
            f'<g data-sentence="{_escape(sentence.id)}" data-begin="{sentence.begin}" '
            f'data-end="{sentence.end}" tabindex="{-1 if n else 0}" role="button" '
            f'aria-label="{"; ".join(parts)}">'
            f"<title>{'&#10;'.join(parts)}</title>"
            f'<rect {band} fill="currentColor" fill-opacity="{_BANDS[n % 2]}"/>{self._speed(rate)}</g>'
        )

    def _speed(self, rate: SpeechRate) -> str:
        """A bar that rises from the line of the usual speed, or hangs from it, to twice and half of that."""
        if not rate.speed:
            return ""
        middle = self.speed + _SPEED / 2
        height = max(-1.0, min(1.0, log2(rate.ratio))) * (_SPEED / 2 - 1)
        colour = 'fill="currentColor" fill-opacity="0.55"'
        if not _SLOW < rate.ratio < _FAST:
            chosen = _COLOURS["rushed" if rate.ratio > 1 else "slow"]
            # Its border keeps it in sight where it is less than a pixel wide.
            colour = f'fill="{chosen}" stroke="{chosen}" stroke-width="1.5"'
        place = self._bar(rate.begin, rate.end, middle - max(height, 0) - 1, abs(height) + 2)
        return f"<rect {place} {colour}/>"

    def _wave(self, envelope: bytes) -> str:
        size = -(-len(envelope) // _COLUMNS) or 1
        columns = [envelope[at : at + size] for at in range(0, len(envelope), size)]
        powers = [sum(10 ** (-STEP * byte / 10) for byte in column) / len(column) for column in columns]
        half, loudest = _WAVE / 2, max(powers, default=1)
        heights = [round(half * max(0.02, sqrt(power / loudest) ** _BEND), 1) for power in powers]
        heights += heights[-1:]
        upper = [f"{x} {half - height:g}" for x, height in enumerate(heights)]
        lower = [f"{x} {half + height:g}" for x, height in enumerate(heights)]
        path = f"M{'L'.join([*upper, *reversed(lower)])}Z" if heights else ""
        return (
            f'<svg x="0" y="{self.wave}" width="100%" height="{_WAVE}" preserveAspectRatio="none" '
            f'viewBox="0 0 {max(1, len(columns))} {_WAVE}">'
            f'<path d="{path}" fill="currentColor" fill-opacity="0.7"/></svg>'
        )

    def _mark(self, one: AudioFlaw) -> str:
        """A finding in the wave, and its sign above; a rushed sentence is seen among the speeds."""
        colour, drawn = _COLOURS[one.kind], ""
        at = one.end if one.kind == "clipped" else (one.begin + one.end) / 2
        if one.kind == "gap":
            place = self._bar(one.begin, one.end, self.wave, _WAVE)
            drawn = (
                f'<rect {place} fill="{colour}" fill-opacity="0.3" stroke="{colour}" stroke-width="2" '
                f'stroke-dasharray="4 3"/>'
            )
        elif one.kind == "clipped":
            drawn = self._at(
                at, 3, f'<rect width="3" height="{_WAVE + 4}" y="{self.wave - 2}" fill="{colour}"/>'
            )
        return drawn + self._at(at, _SIGN, _draw_sign(one.kind), self.rows.index(one.kind) * _ROW + 1)

    def _at(self, time: float, width: int, drawn: str, y: int = 0) -> str:
        """Something of a width in pixels; at the ends of the strip beside its place, so never cut off."""
        shift = -width * min(1.0, time / self.duration)
        return (
            f'<svg x="{self._percent(time)}" y="{y}" overflow="visible">'
            f'<g transform="translate({shift:.1f})">{drawn}</g></svg>'
        )

    def _clock(self) -> Iterator[str]:
        middle = self.speed + _SPEED / 2
        yield (
            f'<line x1="0" x2="100%" y1="{middle:g}" y2="{middle:g}" stroke="currentColor" '
            f'stroke-opacity="0.5" stroke-dasharray="2 3"/>'
        )
        step = next((s for s in _TICKS if self.duration / 1000 / s <= _TIMES), _TICKS[-1]) * 1000
        for at in range(0, self.duration, step):
            if self.duration - at >= step / 2:  # or it would run out of the strip
                x = self._percent(at)
                yield f'<rect x="{x}" y="{self.clock}" width="1" height="5" fill="currentColor"/>'
                time = format_time(at // 1000)
                yield f'<text x="{x}" y="{self.clock + 15}" fill="currentColor">{time}</text>'

    def _bar(self, begin: int, end: int, top: float, height: float) -> str:
        """The attributes of a rectangle."""
        x, width = self._percent(begin), self._percent(max(0, end - begin))
        return f'x="{x}" width="{width}" y="{round(top, 1):g}" height="{round(height, 1):g}"'

    def _percent(self, time: float) -> str:
        return f"{round(100 * time / self.duration, 3):g}%"


def _draw_sign(kind: FlawKind) -> str:
    return (
        f'<path d="{_SIGNS[kind]}" fill="none" stroke="{_COLOURS[kind]}" stroke-width="2.2" '
        f'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _escape(text: str) -> str:
    return escape(text, quote=True)
