from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator

import pytest

from hakawati.narration.workers import interrupts_held

pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="no signals for single threads")


@pytest.fixture
def bystander() -> Iterator[int]:
    """A thread that Ctrl-C may come to, as to that of a progress bar."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background is deaf to it
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    yield thread.ident or 0
    over.set()
    thread.join()
    signal.signal(signal.SIGINT, before)


def press(thread: int, number: signal.Signals = signal.SIGINT) -> None:
    """Have the thread take Ctrl-C, and wait until Python has noticed."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    before = signal.set_wakeup_fd(theirs.fileno())
    try:
        signal.pthread_kill(thread, number)
        assert ours.recv(1) == bytes([number])
    finally:
        signal.set_wakeup_fd(before)
        ours.close()
        theirs.close()


def test_an_interrupt_that_another_thread_takes_waits_until_the_block_ends(bystander: int) -> None:
    done = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - where in the block it comes is the question
        with interrupts_held():
            press(bystander)
            done.append("inside")
        done.append("outside")
    assert done == ["inside"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_two_that_come_meanwhile_are_one(bystander: int) -> None:
    taken = []
    signal.signal(signal.SIGINT, lambda *_: taken.append("it"))
    with interrupts_held():
        press(bystander)
        os.kill(os.getpid(), signal.SIGINT)
    assert taken == ["it"]


def test_without_one_nothing_is_changed(bystander: int) -> None:
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with interrupts_held():
        assert signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == mask
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_it_can_be_held_where_it_cannot_strike(bystander: int) -> None:
    taken: list[str] = []
    signal.signal(signal.SIGINT, lambda *_: taken.append("it"))

    def hold() -> None:
        with interrupts_held():
            taken.append("held")

    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
    assert taken == ["held"]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_the_other_signals_that_ask_to_end_are_held_too(bystander: int, name: str) -> None:
    number = signal.Signals[name]
    done: list[str] = []
    before = signal.signal(number, lambda *_: done.append(name))
    try:
        with interrupts_held():
            press(bystander, number)
            os.kill(os.getpid(), number)
            done.append("inside")
        assert done == ["inside", name]
    finally:
        signal.signal(number, before)


def test_of_several_kinds_the_first_is_taken(bystander: int) -> None:
    taken: list[int] = []
    before = {n: signal.signal(n, lambda n, _: taken.append(n)) for n in (signal.SIGTERM, signal.SIGHUP)}
    try:
        with interrupts_held():
            press(bystander, signal.SIGHUP)
            press(bystander, signal.SIGTERM)
        assert taken == [signal.SIGHUP]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
