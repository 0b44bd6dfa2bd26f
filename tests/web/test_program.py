"""The files of the reader's program."""

from __future__ import annotations

import re

import pytest

from hakawati.web import interface_labels
from hakawati.web.edition_folder import program_files
from tests.web.window import Window

FILES = {name: data.decode() for name, data in program_files().items() if name.endswith((".js", ".css"))}


@pytest.mark.parametrize("name", FILES)
def test_no_file_is_longer_than_300_lines(name: str) -> None:
    assert len(FILES[name].splitlines()) <= 300


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_no_file_is_a_module_since_a_folder_without_a_server_has_none(name: str) -> None:
    assert re.findall(r"^\s*(?:import|export)\b", FILES[name], re.MULTILINE) == []
    assert "window.Hakawati ??= {}" in FILES[name]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_program_says_what_its_pages_say(window: Window, lang: str) -> None:
    window.page.evaluate("(lang) => Hakawati.memory.set('language', lang)", lang)
    expected = {key: interface_labels.label(key, lang) for key in interface_labels._LABELS[lang]}
    said = "(keys) => Object.fromEntries(keys.map((key) => [key, Hakawati.words.say(key)]))"
    assert window.page.evaluate(said, list(expected)) == expected
