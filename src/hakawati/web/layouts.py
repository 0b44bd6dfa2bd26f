"""The layouts a reader can choose for an edition: its own, and those with the same order of narration."""

from __future__ import annotations

from dataclasses import replace

from hakawati.model import Edition, Layout, Order


def layouts(edition: Edition) -> dict[Layout, Edition]:
    """Each layout with the edition in it, its own first.

    The narration follows the page (`Narration.order`), so a page may differ from the edition's own only in
    what is not read aloud: where two languages are, their order stays the same.
    """
    return {
        layout: _laid_out(edition, layout) for layout in dict.fromkeys([edition.layout, *_others(edition)])
    }


def _others(edition: Edition) -> tuple[Layout, ...]:
    narration = edition.narration
    if len(edition.metadata.languages) == 1:
        return ()
    if narration.languages == edition.metadata.languages[:1] and not narration.pair:
        return "interleaved", "sentences", "facing", "popup", "original"
    if edition.layout in ("popup", "original"):
        return ()
    return ("sentences" if narration.order == "sentence" else "interleaved"), "facing"


def _laid_out(edition: Edition, layout: Layout) -> Edition:
    order: Order = edition.narration.order
    if layout != edition.layout and len(edition.narration.languages) == 1:
        order = "sentence" if layout == "sentences" else "block"
    return replace(edition, layout=layout, narration=replace(edition.narration, order=order))
