"""A chapter's timeline in JSON for its page: when each sentence and each word is heard."""

from __future__ import annotations

import json

from hakawati.model import Timeline, milliseconds


def cues(timeline: Timeline) -> str:
    """As JSON: `{"duration", "sentences": [[id, lang, begin, end, [word, …], pair], …]}`.

    Milliseconds on the decoded MP3's clock, as in the timings and the overlay. `pair`: the id of the element
    that lights up as a whole, or empty. No id has a character that would have to be escaped in HTML.
    """
    sentences = [
        [
            timed.sentence.id,
            timed.lang,
            milliseconds(timed.begin),
            milliseconds(timed.end),
            [milliseconds(word) for word in timed.words],
            timed.pair,
        ]
        for timed in timeline.sentences
    ]
    told = {"duration": milliseconds(timeline.duration), "sentences": sentences}
    return json.dumps(told, separators=(",", ":"))
