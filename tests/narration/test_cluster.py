"""Sentences spoken by a Dask cluster: real schedulers and workers, on this machine's loopback."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from hakawati.errors import ToolError
from hakawati.narration.cluster import TIMEOUT, _ClusterExecutor, cluster_dispatcher, versions
from hakawati.narration.pool import OverdueError
from tests.building import Command, left, run, soon
from tests.goldens import ROOT
from tests.support import write_book

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")

DASK = str(Path(sys.executable).with_name("dask"))
SCALING = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
_ADDRESS = re.compile(r"Scheduler at: +(\S+)\n")
OTHER_LAMEENC = """
import importlib.metadata as metadata
real = metadata.version
metadata.version = lambda name: "0.0.1" if name == "lameenc" else real(name)
"""


class Cluster:
    """A scheduler and its workers, each a process group of its own."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", settings: Path | None = None) -> None:
        """`settings`: the folder of Dask's own."""
        self.folder = folder
        self.settings = {"DASK_CONFIG": str(settings)} if settings else {}
        self.logs = 0
        self.groups: list[subprocess.Popen[bytes]] = []
        _, log = self._start("scheduler", "--host", host, "--port", "0", "--no-dashboard")
        assert soon(lambda: _ADDRESS.search(log.read_text()))
        self.address = _ADDRESS.findall(log.read_text())[0]

    def worker(self, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a worker."""
        process, log = self._start(
            "worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard",
            "--local-directory", str(self.folder), environment=environment,
        )  # fmt: skip
        assert soon(lambda: "Registered to" in log.read_text()), log.read_text()
        return process

    def _start(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> tuple[subprocess.Popen[bytes], Path]:
        self.logs += 1
        path = self.folder / f"{self.logs}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                [DASK, *arguments],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, **self.settings, **(environment or {})},
            )
        self.groups.append(process)
        return process, path

    def stop(self) -> None:
        for process in reversed(self.groups):
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """At once, and with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One with two workers."""
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.worker()
        cluster.worker()
        yield cluster
    finally:
        cluster.stop()


def write(project: Path, sentences: int) -> Path:
    told = "\n\n".join(f"Sentence number {n} goes over the wire. جملة رقم {n}." for n in range(sentences))
    files: dict[str, str | bytes] = {
        "book.yaml": "title: {en: A Book}\nlanguages: [en]\n",
        "en/01-one.md": f"# One\n\n{told}",
    }
    write_book(project, files)
    shutil.rmtree(project / "book" / "ar", ignore_errors=True)
    return project


def test_what_a_cluster_speaks_is_what_this_machine_would_to_the_byte(
    cluster: Cluster, tmp_path: Path
) -> None:
    found = []
    for name, where in (("here", ()), ("there", ("--cluster", cluster.address)), ("local", local(2))):
        project = write(tmp_path / name / "project", 10)
        with Command(tmp_path, "build", project, *where) as command:
            assert command.ended() == 0, command.told
            assert soon(partial(gone, command)), command.pids()
        assert command.told.splitlines()[:4] == [
            "Speaking: 21",
            "Joining: 1",
            "Binding: 1",
            f"  {'01-one':<24} {command.told.splitlines()[3].split()[1]:>4} min   "
            "21 sentences: never spoken before",
        ]
        found.append(left(project))
    assert found[1] == found[0]
    assert found[2] == found[0]


def gone(command: Command) -> bool:
    return not command.pids()


def local(workers: int) -> tuple[str, str]:
    return "--cluster", f"local:{workers}"


def test_a_worker_that_is_killed_costs_its_batch_only(cluster: Cluster, tmp_path: Path) -> None:
    doomed = cluster.worker()
    project = write(tmp_path / "project", 150)
    store = project / "build" / "store"
    with Command(tmp_path, "build", project, "--cluster", cluster.address) as command:
        assert soon(lambda: len(list(store.glob("??/*"))) > 20)
        kill(doomed)
        assert command.process.poll() is None
        assert command.ended() == 0, command.told
    assert "Traceback" not in command.told
    here = write(tmp_path / "here" / "project", 150)
    assert run(tmp_path, "build", here).ended() == 0
    assert left(project) == left(here)


def test_a_sentence_that_no_worker_can_speak_is_named_with_its_line(cluster: Cluster, tmp_path: Path) -> None:
    project = write(tmp_path / "project", 3)
    page = project / "book" / "en" / "01-one.md"
    page.write_text(page.read_text() + "\n\nGhost.\n")
    (project / "book" / "pronunciation.yaml").write_text("Ghost: '...'\n")
    command = run(tmp_path, "build", project, "--cluster", cluster.address)
    assert command.ended() == 1
    assert command.told.splitlines()[1].startswith(
        "book/en/01-one.md:9: eSpeak NG (en) cannot speak this sentence: the voice is silent"
    )
    assert command.told.splitlines()[-1] == "1 problem; nothing was built."
    assert left(project) == {}


def test_workers_with_other_versions_are_told_of(cluster: Cluster, tmp_path: Path) -> None:
    shim = tmp_path / "shim"
    shim.mkdir()
    (shim / "sitecustomize.py").write_text(OTHER_LAMEENC)
    path = os.pathsep.join([str(shim), os.environ.get("PYTHONPATH", "")])
    worker = cluster.worker({"PYTHONPATH": path})
    try:
        project = write(tmp_path / "project", 3)
        command = run(tmp_path, "build", project, "--cluster", cluster.address)
        assert command.ended() == 1
        told = command.told.splitlines()
        assert told[0] == "Speaking: 7"
        assert re.fullmatch(
            r"other versions would make other clips: lameenc 0\.0\.1 at tcp://127\.0\.0\.1:\d+, "
            + re.escape(f"{versions()['lameenc']} here"),
            told[1],
        )
        assert len(told) == 2
        assert left(project) == {}
    finally:
        kill(worker)


def test_ctrl_c_ends_a_build_on_a_cluster_and_leaves_the_cluster(cluster: Cluster, tmp_path: Path) -> None:
    project = write(tmp_path / "project", 300)
    store = project / "build" / "store"
    with Command(tmp_path, "build", project, "--cluster", cluster.address) as command:
        assert soon(lambda: len(list(store.glob("??/*"))) > 20)
        command.interrupt()
        assert command.ended() == 130, command.told
        assert soon(lambda: not command.pids())
    assert "Traceback" not in command.told
    assert len(list(store.glob("??/*"))) < 601
    short = write(tmp_path / "short" / "project", 3)
    assert run(tmp_path, "build", short, "--cluster", cluster.address).ended() == 0


def test_no_cluster_is_waited_for_longer_than_is_documented() -> None:
    """What waits is held to `TIMEOUT`: the tests below would never end without it."""
    assert "are errors within ten seconds" in SCALING
    assert TIMEOUT + 1 < 10


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_ends_a_build_on_a_cluster(tmp_path: Path, cluster: Cluster, name: str, status: int) -> None:
    project = write(tmp_path / "project", 300)
    store = project / "build" / "store"
    with Command(tmp_path, "build", project, "--cluster", cluster.address) as command:
        assert soon(lambda: len(list(store.glob("??/*"))) > 20)
        command.process.send_signal(signal.Signals[name])
        assert command.ended() == status, command.told
        assert soon(lambda: not command.pids()), command.pids()
    assert "Traceback" not in command.told


def test_a_scheduler_that_is_lost_is_told_and_what_was_spoken_is_kept(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    try:
        cluster.worker()
        project = write(tmp_path / "project", 300)
        store = project / "build" / "store"
        with Command(tmp_path, "build", project, "--cluster", cluster.address) as command:
            assert soon(lambda: len(list(store.glob("??/*"))) > 20)
            kill(cluster.groups[0])
            assert command.ended() == 1
            assert soon(lambda: not command.pids()), command.pids()
    finally:
        cluster.stop()
    assert command.told.splitlines()[-1] == (
        "the connection to the cluster is lost; what was spoken is kept: start the cluster, and build again"
    )
    assert "Traceback" not in command.told


class Silent:
    """A client of a cluster that never answers."""

    def get_executor(self, **_: object) -> Silent:
        return self

    def submit(self, *_: object) -> Future[object]:
        return Future()


def test_what_a_cluster_never_answers_is_given_up() -> None:
    class Task:
        seconds = 0.1

    future = _ClusterExecutor(Silent()).submit(repr, Task())
    with pytest.raises(OverdueError, match="there was no answer within 0 seconds"):
        future.result(60)


def test_a_scheduler_that_cannot_be_reached_is_an_error(tmp_path: Path) -> None:
    project = write(tmp_path / "project", 3)
    command = run(tmp_path, "build", project, "--cluster", "tcp://127.0.0.1:1")
    assert command.ended() == 1
    told = command.told.splitlines()
    assert told[0] == "Speaking: 7"
    assert told[1].startswith("no scheduler answers at tcp://127.0.0.1:1 (")
    assert len(told) == 2


def test_something_else_that_listens_and_never_answers_is_an_error(tmp_path: Path) -> None:
    project = write(tmp_path / "project", 3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        command = run(tmp_path, "build", project, "--cluster", address)
    assert command.ended() == 1
    assert command.told.splitlines()[1].startswith(f"no scheduler answers at {address} (")
    assert len(command.told.splitlines()) == 2


def test_a_scheduler_without_workers_is_an_error(tmp_path: Path) -> None:
    empty = Cluster(tmp_path)
    try:
        project = write(tmp_path / "project", 3)
        command = run(tmp_path, "build", project, "--cluster", empty.address)
        assert command.ended() == 1
        assert command.told.splitlines() == [
            "Speaking: 7",
            f"the scheduler at {empty.address} has no workers; start some: dask worker {empty.address}",
        ]
    finally:
        empty.stop()


# With TLS


def certified(folder: Path) -> Path:
    """A folder of Dask's settings, with a certificate, all as the documentation has them."""
    folder.mkdir()
    (command,) = re.findall(r"^openssl .*$", SCALING, re.M)
    subprocess.run(shlex.split(command), cwd=folder, check=True, capture_output=True)
    (settings,) = re.findall(r"```yaml\n(.*?)```", SCALING, re.S)
    (folder / "tls.yaml").write_text(settings.replace("/etc/dask/", f"{folder}/"))
    return folder


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster with one worker that speaks TLS alone."""
    folder = tmp_path_factory.mktemp("private")
    cluster = Cluster(folder, "tls://127.0.0.1", certified(folder / "settings"))
    try:
        cluster.worker()
        yield cluster
    finally:
        cluster.stop()


def told_with(private: Cluster, folder: Path, settings: Path, address: str = "") -> list[str]:
    """What a build says that has these settings of Dask's."""
    project = write(folder / "project", 3)
    where = ("--cluster", address or private.address)
    command = run(folder, "build", project, *where, environment={"DASK_CONFIG": str(settings)})
    assert command.ended() == (0 if left(project) else 1)
    return command.told.splitlines()[1:]


def test_a_cluster_with_tls_speaks_for_who_has_its_key(private: Cluster, tmp_path: Path) -> None:
    assert private.address.startswith("tls://")
    with Command(tmp_path, "build", write(tmp_path / "here" / "project", 3)) as here:
        assert here.ended() == 0
    told = told_with(private, tmp_path, Path(private.settings["DASK_CONFIG"]))
    assert left(tmp_path / "project") == left(tmp_path / "here" / "project")
    assert told[0] == "Joining: 1"


def test_who_has_no_key_or_another_is_told_so(private: Cluster, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert told_with(private, tmp_path, tmp_path / "none") == [
        f"{private.address} needs certificates; name them in Dask's settings, distributed.comm.tls"
    ]
    (told,) = told_with(private, tmp_path, certified(tmp_path / "other"))
    assert told.startswith(f"no scheduler answers at {private.address} (TLS certificate does not match")
    address = private.address.replace("tls:", "tcp:")
    (told,) = told_with(private, tmp_path, tmp_path / "none", address)
    assert told.startswith(f"no scheduler answers at {address} (")


def test_settings_of_dask_that_do_not_fit_are_told(private: Cluster, tmp_path: Path) -> None:
    good = Path(private.settings["DASK_CONFIG"])
    address = private.address.replace("tls:", "tcp:")
    assert told_with(private, tmp_path, good, address) == [
        f"Dask's settings require encryption, which tls:// has, and {address} has not"
    ]
    (settings := tmp_path / "settings").mkdir()
    (settings / "tls.yaml").write_text((good / "tls.yaml").read_text().replace(f"{good}/", "/none/"))
    files = "/none/dask.pem and /none/dask.key"
    assert told_with(private, tmp_path, settings) == [
        f"Dask's settings name {files}, which cannot be used: No such file or directory"
    ]
    (settings / "tls.yaml").write_text("distributed: {comm: {tls: {min-version: 1}}}")
    (told,) = told_with(private, tmp_path, settings)
    assert told.startswith("Dask's settings cannot be used: distributed.comm.tls.min-version=1 is not")
    (settings / "tls.yaml").write_text("distributed: [")
    (told,) = told_with(private, tmp_path, settings)
    assert told == f"Dask's settings cannot be read: A dask config file at '{settings}/tls.yaml' is malformed"


@pytest.mark.parametrize("address", ["local:x", "local:0", "local:", "local:-1", "local:257", "local"])
def test_a_local_cluster_needs_a_number_of_workers(address: str) -> None:
    with pytest.raises(ToolError) as caught, cluster_dispatcher(address, 1):
        pass
    assert str(caught.value) == f"“{address}” should be local:N, with N workers from 1 to 256"


@pytest.mark.parametrize("address", ["nowhere", "http://127.0.0.1:1", "tcp://", "tcp://127.0.0.1:x"])
def test_what_is_no_address_is_an_error(address: str) -> None:
    told = f"^no scheduler answers at {re.escape(address)} \\("
    with pytest.raises(ToolError, match=told), cluster_dispatcher(address, 1):
        pass
