"""The options of a voice, as an author may write them in `book.yaml`: checked one by one."""

from __future__ import annotations

from collections.abc import Mapping

from hakawati.errors import nearest
from hakawati.model import VoiceError

_KINDS: Mapping[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
}


class Options:
    """What was chosen for an engine. Every method raises `VoiceError` for what cannot be."""

    def __init__(self, engine: str, given: Mapping[str, object], known: Mapping[str, type]) -> None:
        """`known`: each option the engine has, and what it must be: str, int, float, bool or list."""
        self.engine = engine
        self.given = given
        for name, value in given.items():
            if name not in known:
                hint = nearest(name, {*known, "speed"})  # which every voice has: `paced` takes it before
                raise VoiceError(f"{engine} has no option “{name}”; {hint}")
            kinds = (int, float) if known[name] is float else (known[name],)
            if type(value) not in kinds:  # YAML's `true` is an int to Python
                raise VoiceError(f"{engine}'s “{name}” should be {_KINDS[known[name]]}, not “{value}”")

    def text(self, name: str, default: str) -> str:
        """An option that is text; not empty where it is given."""
        value = str(self.given.get(name, default))
        if name in self.given and not value.strip():
            raise VoiceError(f"{self.engine}'s “{name}” is empty")
        return value

    def whole(self, name: str, default: int, least: int, most: int, unit: str = "") -> int:
        """An option that is a whole number, from `least` to `most`."""
        value = int(str(self.given.get(name, default)))
        self._bounds(name, value, least, most, unit)
        return value

    def number(self, name: str, default: float, least: float, most: float, unit: str = "") -> float:
        """An option that is a number, from `least` to `most`."""
        value = float(str(self.given.get(name, default)))
        self._bounds(name, value, least, most, unit)
        return value

    def yes(self, name: str, default: bool = False) -> bool:
        """An option that is true or false."""
        return bool(self.given.get(name, default))

    def texts(self, name: str) -> tuple[str, ...]:
        """An option that is a list of texts; numbers among them are text too."""
        value = self.given.get(name, [])
        items = value if isinstance(value, list) else []
        for item in items:
            if isinstance(item, bool) or not isinstance(item, str | int | float):
                raise VoiceError(f"{self.engine}'s “{name}” should be a list of texts, and “{item}” is none")
        return tuple(str(item) for item in items)

    def _bounds(self, name: str, value: float, least: float, most: float, unit: str) -> None:
        if not least <= value <= most:
            unit = f" {unit}" if unit else ""
            raise VoiceError(
                f"{self.engine}'s “{name}” goes from {least} to {most}{unit}, and {value} does not"
            )
