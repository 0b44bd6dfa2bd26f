"""When Python looks for garbage, in processes that live for seconds."""

from __future__ import annotations

import atexit
import gc

_ALLOCATIONS = 50_000
"""So many more objects than before lead to a look at the youngest; usually it is 700, which is a tenth of
the time that modules take to load."""


def collect_rarely() -> None:
    """Have this process look for garbage seldom, and not at its end, when all of its memory is given back."""
    gc.set_threshold(_ALLOCATIONS, 20, 20)
    atexit.register(gc.freeze)
