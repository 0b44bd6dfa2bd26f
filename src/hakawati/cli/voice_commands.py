"""The commands about voices: `voices`, `say` and `words`."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hakawati.cli import output

if TYPE_CHECKING:
    from hakawati.model import VoiceChoice

voices_app = typer.Typer(name="voices", rich_markup_mode=None)
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON and nothing else.")]


@voices_app.callback(invoke_without_command=True)
def voices(
    context: typer.Context,
    language: Annotated[str | None, typer.Option(help="Only voices for this language, as a code.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the engines, the voices that are ready here, and how to get the others.

    With --language, each voice is described. Choose one in book.yaml, under “voices”: {ar: {engine: espeak,
    voice: ar}}. Try one: hakawati say.
    """
    if context.invoked_subcommand:
        return
    with output.problems_reported(), output.plug_ins_apart():
        found = list(_engines(language))
    if as_json:
        typer.echo(json.dumps({engine.name: asdict(engine) for engine in found}, ensure_ascii=False))
        return
    for engine in found:
        typer.echo(_filled(f"{engine.name}: {engine.description}", "", "  "))
        typer.echo(_filled("ready" if engine.ready else f"not ready; get it: {engine.command}", "  ", "  "))
        if language is None and engine.voices:
            typer.echo(_filled("  ".join(engine.voices), "    ", "    "))
        for voice, what in engine.voices.items() if language else ():
            typer.echo(f"    {voice:<28} {what}")
        if engine.more:
            typer.echo(f"  more voices: {engine.more}")


def _filled(text: str, first: str, others: str) -> str:
    """Lines of up to 100 characters; `first` and `others` are before them."""
    return textwrap.fill(
        text,
        100,
        initial_indent=first,
        subsequent_indent=others,
        break_on_hyphens=False,
        break_long_words=False,
    )


@dataclass(frozen=True)
class _EngineListing:
    name: str
    description: str
    ready: bool
    command: str
    """What makes it ready."""
    voices: dict[str, str]
    more: str


def _engines(language: str | None) -> Iterator[_EngineListing]:
    from hakawati.model import VoiceError
    from hakawati.voices import engine, engine_names

    for name in engine_names():
        try:
            found = engine(name)
            command = found.ready()
            known = {} if command else found.voices()
        except VoiceError as error:  # a plug-in that is broken
            yield _EngineListing(name, str(error), ready=False, command=error.hint, voices={}, more="")
            continue
        speaking = {voice: what for voice, what in known.items() if _speaks(voice, language)}
        yield _EngineListing(name, found.description, not command, command, speaking, found.more)


def _speaks(voice: str, language: str | None) -> bool:
    """Every engine begins the names of its voices with the language: en-us, ar-EG-SalmaNeural, ar2."""
    spoken = voice.replace("_", "-").split("-")[0].rstrip("0123456789")
    return language is None or spoken == language.split("-")[0]


@voices_app.command()
def add(
    names: Annotated[
        list[str], typer.Argument(help="Names of voices: ar_JO-kareem-medium, ar2", metavar="NAME…")
    ],
) -> None:
    """Fetch neural voices for Piper, and MBROLA's ar1 and ar2, into a place that all projects share."""
    from hakawati.publishing.trial import add_voice

    with output.problems_reported():
        for name in names:
            typer.echo(f"{name}: {add_voice(name)}")


def say(
    text: Annotated[str, typer.Argument(help="What is to be said.", metavar="TEXT")],
    voice: Annotated[
        str,
        typer.Option(help="ENGINE or ENGINE:VOICE; or, in a project, the name of one of its voices."),
    ] = "",
    language: Annotated[
        str | None, typer.Option(help="The text's language, as a code (guessed from its letters).")
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(help="Times as fast, from 0.5 to 2; the pitch stays.", show_default=False),
    ] = None,
    out: Annotated[
        Path, typer.Option(help="The file to write: .mp3, .wav, .flac or .ogg.", metavar="FILE")
    ] = Path("say.mp3"),
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file even if something else made it.")
    ] = False,
) -> None:
    """Try a voice: say a text into a sound file.

    In a project, its voices, its speed and its pronunciation.yaml are used.
    """
    from hakawati.publishing.trial import say as spoken

    with output.problems_reported(), output.plug_ins_apart():
        chosen = _named(voice) if voice else None
        said = spoken(text, out, lang=language, voice=chosen, speed=speed, force=force)
    typer.echo(f"{out}: {said.seconds:.1f} s by {said.credit}")
    typer.echo(f"  {said.spoken}")


def words(
    path: Annotated[Path, typer.Argument(help="The project folder.", metavar="PATH")] = Path(),
    as_json: AsJson = False,
) -> None:
    """List the words whose pronunciation deserves a look, ready for pronunciation.yaml.

    Foreign names, words that got no vowels or different ones in different places, Latin letters: with the
    form that would be spoken, and where each is printed. Listen (hakawati say), mend, and paste.
    """
    from hakawati.narration.pronunciation_lines import pasteable
    from hakawati.publishing.trial import doubtful

    with output.problems_reported():
        found = doubtful(path)
    if as_json:
        typer.echo(json.dumps([asdict(doubt) for doubt in found], ensure_ascii=False))
    elif found:
        typer.echo(pasteable(found), nl=False)
    else:
        typer.echo("No word deserves a look.", err=True)


def voice_for_name(given: str) -> tuple[str, VoiceChoice]:
    """`ar=espeak:ar` → a name of the book's voices, and the choice for it. Raises `typer.BadParameter`."""
    name, equals, rest = given.partition("=")
    if not (name and equals and rest):
        raise typer.BadParameter(f"“{given}” should look like ar=espeak:ar", param_hint="--voice")
    return name, _named(rest)


def _named(given: str) -> VoiceChoice:
    from hakawati.model import Place, VoiceChoice

    engine, _, voice = given.partition(":")
    if not engine:
        raise typer.BadParameter(f"“{given}” should look like espeak:ar", param_hint="--voice")
    return VoiceChoice(engine, {"voice": voice} if voice else {}, Place("--voice", 0))
