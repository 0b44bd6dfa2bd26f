"""Workers on other machines: a Dask distributed cluster behind the same `Executor` as the local ones."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from hakawati.errors import ToolError, listed
from hakawati.narration.clip import FORMAT
from hakawati.narration.dispatcher import Dispatcher
from hakawati.narration.pool import OverdueError, time_limit

TIMEOUT = 6
"""Seconds until a scheduler that does not answer, or has no workers, is given up."""
_GONE = "the connection to the cluster is lost; what was spoken is kept: start the cluster, and build again"
_TOOLS = (
    *("espeakng-loader", "farahidi", "hakawati", "lameenc", "numpy", "onnxruntime", "piper-tts", "pydub"),
    *("soxr", "text2tashkeel"),
)


def versions() -> dict[str, str]:
    """The versions of all that a clip depends on, where this runs."""
    found = {"python": ".".join(map(str, sys.version_info[:2])), "clip format": str(FORMAT)}
    for name in _TOOLS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


@contextmanager
def cluster_dispatcher(address: str, here: int) -> Iterator[Dispatcher]:
    """A dispatcher to a cluster at `address`: `tcp://HOST:PORT`, `tls://HOST:PORT`, or `local:N` to start it.

    The certificates for `tls://` are those that Dask's own settings name. What only this machine can do is
    done by `here` workers on it.

    Raises `ToolError` within ten seconds where there is no such cluster, or its clips would differ.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise ToolError("Dask is not installed; get it with: pip install 'hakawati[cluster]'") from None
    except ValueError as error:  # a file of settings that is no YAML
        raise ToolError(f"Dask's settings cannot be read: {str(error).partition(',')[0]}") from None

    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    local = None
    kind, _, count = address.partition(":")
    if kind == "local":
        if not count.isdecimal() or not 1 <= int(count) <= 256:
            raise ToolError(f"“{address}” should be local:N, with N workers from 1 to 256")
        local = LocalCluster(
            n_workers=int(count),
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        )
    else:
        _knock(address)
    try:
        client = _within(TIMEOUT + 1, lambda: Client(local or address, timeout=TIMEOUT))
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ToolError(f"no scheduler answers at {address} ({str(error) or 'it is silent'})") from None
    try:
        yield Dispatcher(_ready_workers(client, address), lambda _: _ClusterExecutor(client), here)
    finally:
        client.close()
        if local:
            local.close()


def _knock(address: str) -> None:
    """Raise `ToolError` where nobody listens: Dask would try on and on, and leave its threads behind."""
    import socket
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(address)
        if parts.scheme not in ("tcp", "tls") or not parts.hostname or not parts.port:
            raise ValueError("it should look like tcp://HOST:8786")
        _check_security(address)
        socket.create_connection((parts.hostname, parts.port), TIMEOUT).close()
    except (OSError, ValueError) as error:
        raise ToolError(f"no scheduler answers at {address} ({error})") from None


def _check_security(address: str) -> None:
    """Raise `ToolError` where Dask's settings do not go with the address, or name no certificates for it."""
    from distributed import Security

    try:
        security = Security()
    except ValueError as error:
        raise ToolError(f"Dask's settings cannot be used: {error}") from None
    if not address.startswith("tls:"):
        if security.require_encryption:
            raise ToolError(f"Dask's settings require encryption, which tls:// has, and {address} has not")
        return
    tls = security.get_tls_config_for_role("client")
    if not (tls["ca_file"] and tls["cert"]):
        raise ToolError(f"{address} needs certificates; name them in Dask's settings, distributed.comm.tls")
    try:
        security.get_connection_args("client")
    except OSError as error:  # as those of OpenSSL are
        files = listed(dict.fromkeys(tls[what] for what in ("ca_file", "cert", "key") if tls[what]))
        why = error.strerror or error
        raise ToolError(f"Dask's settings name {files}, which cannot be used: {why}") from None


def _within(seconds: float, make: Callable[[], Any]) -> Any:
    """What is made, or `TimeoutError`: Dask itself waits for ever where what listens never answers."""
    made: Future[Any] = Future()

    def run() -> None:
        try:
            made.set_result(make())
        except BaseException as error:  # noqa: BLE001
            made.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return made.result(seconds)


def _ready_workers(client: Any, address: str) -> int:
    """How many utterances the cluster speaks at a time, its versions compared with ours."""
    try:
        client.wait_for_workers(1, timeout=TIMEOUT)
        theirs: Mapping[str, Mapping[str, str]] = client.run(versions)
    except TimeoutError:
        raise ToolError(
            f"the scheduler at {address} has no workers; start some: dask worker {address}"
        ) from None
    except ModuleNotFoundError as error:
        raise ToolError(f"the workers at {address} lack the module {error.name}") from None
    ours = versions()
    differing = {
        f"{name} {there[name]} at {worker}, {ours[name]} here"
        for worker, there in theirs.items()
        for name in ours
        if there.get(name) != ours[name]
    }
    if differing:
        raise ToolError(f"other versions would make other clips: {listed(sorted(differing))}")
    return sum(client.nthreads().values())


class _ClusterExecutor(Executor):
    """Dask's executor, with its word for a dead worker put into the standard library's.

    A task that is not done in time is given up; what its worker does about it is the cluster's business.
    """

    def __init__(self, client: Any) -> None:
        self._executor = client.get_executor(pure=False, retries=0)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        outer: Future[Any] = Future()
        outer.set_running_or_notify_cancel()

        limit = time_limit(*args)
        timer = threading.Timer(min(limit, threading.TIMEOUT_MAX), self._give_up, (outer, limit))
        timer.daemon = True
        timer.start()

        def pass_on(inner: Future[Any]) -> None:
            from distributed import KilledWorker

            timer.cancel()
            with suppress(InvalidStateError):  # it was given up
                try:
                    outer.set_result(inner.result())
                except KilledWorker as error:
                    outer.set_exception(BrokenExecutor(str(error)))
                except CancelledError:
                    outer.set_exception(ToolError(_GONE))
                except BaseException as error:  # noqa: BLE001
                    outer.set_exception(error)

        self._executor.submit(fn, *args, **kwargs).add_done_callback(pass_on)
        return outer

    @staticmethod
    def _give_up(outer: Future[Any], limit: float) -> None:
        with suppress(InvalidStateError):  # it has just been done
            outer.set_exception(OverdueError(limit))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._executor.shutdown(wait=wait and not cancel_futures)
