"""Pairs the sentences of a chapter's blocks with their translations, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hakawati.errors import Problem, listed
from hakawati.model import Block, Text
from hakawati.source.gale_church import expansion, length, together

_KINDS = ("paragraph", "turn")
"""What goes sentence by sentence; the rest is short, or has a form of its own."""


def paired(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], list[Problem]]:
    """The blocks with their pairs, and a notice of each that has none though it has a translation."""
    factors = _factors([leaf for block in blocks for leaf in block.leaves() if leaf.kind in _KINDS])
    notices: list[Problem] = []

    def pair(block: Block) -> Block:
        block = replace(block, children=tuple(map(pair, block.children)))
        if block.kind not in _KINDS or len(block.texts) < 2:
            return block
        found = together([_lengths(text) for text in block.texts], [factors[t.lang] for t in block.texts[1:]])
        if found is None:
            notices.append(_unpaired(block))
        return replace(block, pairs=found or ())

    return tuple(map(pair, blocks)), notices


def _factors(leaves: Iterable[Block]) -> Mapping[str, float | None]:
    """By language: how much longer the translation is."""
    sizes: dict[str, list[tuple[int, int]]] = {}
    for leaf in leaves:
        for text in leaf.texts[1:]:
            sizes.setdefault(text.lang, []).append((sum(_lengths(leaf.texts[0])), sum(_lengths(text))))
    return {lang: expansion(*zip(*found, strict=True)) for lang, found in sizes.items()}


def _lengths(text: Text) -> list[int]:
    return [length(sentence.text) for sentence in text.sentences]


def _unpaired(block: Block) -> Problem:
    counts = listed([f"{len(text.sentences)} in {text.lang}" for text in block.texts])
    message = f"its sentences and their translations cannot be told to be pairs ({counts})"
    hint = "translate sentence by sentence; until then the block is shown as a whole"
    return Problem(block.place.path, block.place.line, message, hint)
