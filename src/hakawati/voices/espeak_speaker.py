"""A process that speaks for others: small, so that a fork of it costs little.

eSpeak's library carries state from one call to the next, so that the same text said twice differs. Only what
is said first after loading is always the same. So this process loads the library and says nothing itself:
each text is spoken by a fork, which ends when it has answered. A fork that breaks off ends the speaker with
it, and whoever asked sees the end of the stream.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from typing import BinaryIO

from hakawati.model import VoiceError
from hakawati.voices.espeak_library import Sound, loaded, synthesise

Request = tuple[str, int, int, str, bool]
"""A voice's file, words a minute, pitch, text, whether there are phonemes in it."""

_REQUEST = struct.Struct("<I")
_ANSWER = struct.Struct("<II")
_PIPE_BYTES = 1 << 20
_F_SETPIPE_SZ = 1031
_NO_FORK = os.EX_TEMPFAIL if hasattr(os, "EX_TEMPFAIL") else 75
"""The status of one that the system does not let fork."""
_START = f"""
import sys
sys.path[:] = sys.argv[1:]
from {__name__} import main
sys.exit(main(sys.stdin.buffer, sys.stdout.fileno()))
"""
"""What the process runs: this module, found where this process found it, whatever folder it is in."""


class Speaker:
    """The process, as those see it who ask. One text at a time; threads wait for each other."""

    def __init__(self) -> None:
        # A session of its own: Ctrl-C in the terminal is the business of who asked.
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._lock = threading.Lock()
        with suppress(OSError):
            fcntl.fcntl(self._out, _F_SETPIPE_SZ, _PIPE_BYTES)
        atexit.register(self.close)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def closed(self) -> bool:
        """Whether it is of no more use."""
        return self._out.closed

    @property
    def _out(self) -> BinaryIO:
        assert self._process.stdout is not None
        return self._process.stdout  # type: ignore[return-value]

    def say(self, request: Request) -> Sound | None:
        """Have a text spoken; None where the process had ended before it was asked.

        Raises `VoiceError` where it broke off at the text. In either case it is closed then.
        """
        with self._lock:
            if self.closed or self._process.poll() is not None:
                self.close()
                return None
            try:
                _send(self._process.stdin, request)  # type: ignore[arg-type]
                marks, pcm = _ANSWER.unpack(self._read(_ANSWER.size))
                rate, found = pickle.loads(self._read(marks))
                return self._read(pcm), rate, found
            except (EOFError, OSError) as error:
                self.close()
                raise VoiceError(f"eSpeak NG broke off ({self._cause()}) at “{request[3][:80]}”") from error
            except BaseException:  # interrupted: what is still to come would be taken for the next answer
                with suppress(OSError):
                    os.killpg(self.pid, signal.SIGKILL)
                self.close()
                raise

    def _read(self, count: int) -> bytes:
        data = self._out.read(count)
        if len(data) < count:
            raise EOFError
        return data

    def _cause(self) -> str:
        status = self._process.wait()
        if status < 0:
            return f"signal {-status}"
        if status == _NO_FORK:
            return "the system lets it start no process"
        return f"signal {status - 128}" if status > 128 else f"status {status}"

    def close(self) -> None:
        """End the process, once it has answered."""
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        self._process.wait()
        atexit.unregister(self.close)


def _send(stream: BinaryIO, request: Request) -> None:
    data = pickle.dumps(request)
    stream.write(_REQUEST.pack(len(data)) + data)
    stream.flush()


def main(asked: BinaryIO, answers: int) -> int:
    """Answer requests until there are no more; returns the exit status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asker = os.getppid()
    # The end of the stream tells that who asked is gone, but not while a long text is being spoken.
    signal.signal(signal.SIGALRM, lambda *_: None if os.getppid() == asker else os.killpg(0, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, 1, 1)
    library, rate = loaded()
    gc.freeze()  # what is there stays there, and a fork need not touch it
    while head := asked.read(_REQUEST.size):
        request: Request = pickle.loads(asked.read(*_REQUEST.unpack(head)))
        try:
            child = os.fork()
        except OSError:
            return _NO_FORK
        if child == 0:  # never returns: whatever happens here must not run the parent's code twice
            with suppress(BaseException):
                pcm, rate, marks = synthesise(library, rate, *request)
                known = pickle.dumps((rate, marks))
                _write(answers, _ANSWER.pack(len(known), len(pcm)) + known)
                _write(answers, pcm)
                os._exit(0)
            os._exit(1)
        _, status = os.waitpid(child, 0)
        if status:
            return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return 0


def _write(file: int, data: bytes | bytearray) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
