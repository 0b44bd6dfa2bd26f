"""The arguments that several commands have, and the environment variables that they read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hakawati.publishing.shelf import BuildOptions

_LAST_SECOND = 253_402_300_799
"""Of the year 9999, where dates end."""
StorePath = Annotated[
    Path | None,
    typer.Option(
        envvar="HAKAWATI_STORE",
        help="Keep the clips of speech here, not in the project's build/store; may be shared.",
    ),
]
ProjectPath = Annotated[
    Path, typer.Argument(help="The project folder: the one with book/ in it.", metavar="PATH")
]
Voices = Annotated[
    list[str] | None,
    typer.Option(
        help="NAME=ENGINE or NAME=ENGINE:VOICE, instead of the book's voice of that name, which is a "
        "language's, mostly; may be given again."
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, max=256, help="How many sentences to speak at a time (one a core)."),
]


def build_options(voice: list[str] | None, workers: int | None, store: Path | None) -> BuildOptions:
    """The options of a build from these arguments and the environment. Raises `typer.BadParameter`."""
    from hakawati.cli.voice_commands import voice_for_name
    from hakawati.publishing.options import BuildOptions, core_count

    return BuildOptions(
        voices=dict(voice_for_name(given) for given in voice or []),
        workers=workers or core_count(),
        store=store,
        modified=_source_date_epoch(),
    )


def _source_date_epoch() -> int | None:
    """The time that a reproducible build should claim (reproducible-builds.org)."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return None
    if not given.isdecimal() or int(given) > _LAST_SECOND:
        raise typer.BadParameter(f"SOURCE_DATE_EPOCH should be seconds since 1970, not “{given}”")
    return int(given)
