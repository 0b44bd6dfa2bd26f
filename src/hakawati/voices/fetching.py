"""What can go wrong when a voice is fetched, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from urllib.error import HTTPError, URLError

from hakawati.model import VoiceUnavailableError

PATIENCE = 60.0
"""Seconds without a byte after which nobody answers any more."""


@contextmanager
def fetching(name: str, unknown: VoiceUnavailableError) -> Iterator[None]:
    """Raise what goes wrong as `VoiceUnavailableError`; `unknown` where no such file is published."""
    try:
        yield
    except HTTPError as error:
        error.close()
        if error.code == 404:
            raise unknown from None
        raise VoiceUnavailableError(
            f"“{name}” cannot be fetched: the answer is {error.code} {error.reason}", "try again later"
        ) from None
    except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", "") or error
        raise VoiceUnavailableError(
            f"“{name}” cannot be fetched: {reason}", "a voice is fetched once, and needs the network for it"
        ) from None
