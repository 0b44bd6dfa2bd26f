"""In which layouts a reader can have an edition: its own, and those that let what is heard keep its order."""

from __future__ import annotations

from dataclasses import replace

from hakawati.model import Edition, Layout, Order


def layouts(edition: Edition) -> dict[Layout, Edition]:
    """Each layout with the edition in it, its own first.

    What is heard follows the page (`Narration.order`), so a page may only differ from the edition's own in
    what is not heard: where two languages are read aloud, their turns stay as they are.
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
