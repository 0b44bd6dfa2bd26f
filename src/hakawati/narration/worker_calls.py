"""What a parent and its workers ask of each other, and what comes back."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from traceback import format_exception
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TaskCall:
    """What a process is asked to do."""

    function: Callable[..., Any]
    positional: tuple[Any, ...]
    named: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What came of it."""

    value: Any = None
    error: BaseException | None = None


def result_of(call: TaskCall) -> TaskResult:
    """Do what is asked."""
    try:
        return TaskResult(call.function(*call.positional, **call.named))
    except Exception as error:  # noqa: BLE001 - it is raised again where the result is wanted
        error.add_note("".join(format_exception(error)))
        return TaskResult(error=error)


def packed(answer: TaskResult) -> bytes:
    """What comes back, as bytes; that it cannot be sent, where it cannot."""
    try:
        return pickle.dumps(answer)
    except Exception as error:  # noqa: BLE001 - what cannot be sent is an error of who made it
        return pickle.dumps(TaskResult(error=TypeError(f"a result that cannot be sent: {error}")))


@dataclass(slots=True)
class Parent:
    """The process that started this one as a worker; none, if it is no worker."""

    pipe: Connection | None = None


@cache
def parent() -> Parent:
    """This process's."""
    return Parent()


def has_parent() -> bool:
    """Whether this process is a worker of a pool."""
    return parent().pipe is not None


def in_parent(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Have the parent call a function, which must know nothing of this process; raises what it raises.

    The parent does one thing at a time, so that what it loads for it is loaded once. Only for workers.
    """
    pipe = parent().pipe
    if pipe is None:
        raise RuntimeError("this is no worker")
    pipe.send(TaskCall(function, args, kwargs))
    answer: TaskResult = pipe.recv()
    if answer.error:
        raise answer.error
    value: T = answer.value
    return value
