"""The rules of the house (design.md §6), held by reading the source and by watching what is loaded."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import hakawati
from tests.support import write_book

ROOT = Path(hakawati.__file__).parent
MODULES = {path.relative_to(ROOT).with_suffix("").as_posix(): path for path in sorted(ROOT.rglob("*.py"))}
TREES = {name: ast.parse(path.read_bytes()) for name, path in MODULES.items()}
ROOMS = {"source", "narration", "voices", "epub", "listening", "check", "preview"}
JOINTS = {"pipeline", "cli", "__init__", "__main__"}
"""Where the rooms meet."""
SHARED = {"model", "errors", "store"}

WORLD = {
    "ctypes",
    "multiprocessing",
    "os",
    "select",
    "shutil",
    "signal",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
}
WORLD |= {
    "http",
    "urllib.request",
    "asyncio",
    "threading",
    "concurrent",
    "distributed",
    "starlette",
    "uvicorn",
}
"""What reaches outside of the program: disk, processes, network."""
ON_DISK = {
    "open",
    "read_bytes",
    "read_text",
    "write_bytes",
    "write_text",
    "unlink",
    "rename",
    "mkdir",
    "rmdir",
}
ON_DISK |= {"touch", "iterdir", "glob", "rglob", "exists", "is_file", "is_dir", "stat", "chmod", "symlink_to"}
MAY_REACH_OUT = {
    "cli",
    "pipeline",
    "store",
    "source/files",
    "source/folder",
    "narration/studio",
    "narration/cluster",
    "epub/container",
    "epub/package",  # its own style.css
    "listening/id3",
    "voices/espeak",
}
HEAVY = {
    "PIL",
    "distributed",
    "ebooklib",
    "espeakng_loader",
    "gtts",
    "jinja2",
    "langcodes",
    "lxml",
    "mutagen",
    "numpy",
    "onnxruntime",
    "piper",
    "pydantic",
    "pydub",
    "rich",
    "sentencex",
    "soundfile",
    "typer",
    "yaml",
}
MUTATING = {"append", "add", "update", "pop", "popitem", "setdefault", "clear", "extend", "insert", "remove"}
MUTATING |= {"discard", "sort", "reverse", "appendleft", "popleft", "__setitem__"}


def room(name: str) -> str:
    return name.split("/", maxsplit=1)[0]


def imports(tree: ast.AST) -> Iterator[str]:
    """The dotted names of all that is imported, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(tree: ast.AST) -> set[str]:
    """The rooms and modules of the package that are imported."""
    return {parts[1] for name in imports(tree) if (parts := name.split("."))[0] == "hakawati" and parts[1:]}


def foreign(tree: ast.AST) -> set[str]:
    """The packages that are imported, and neither ours nor the standard library's."""
    tops = {name.split(".", maxsplit=1)[0] for name in imports(tree)}
    return tops - {"hakawati", "__future__"} - sys.stdlib_module_names


@pytest.mark.parametrize("name", [name for name in TREES if room(name) in ("model", "errors")])
def test_the_model_knows_the_standard_library_alone(name: str) -> None:
    assert foreign(TREES[name]) == set()
    assert ours(TREES[name]) <= {"model", "errors"}


@pytest.mark.parametrize("name", TREES)
def test_the_rooms_do_not_know_each_other(name: str) -> None:
    if name not in JOINTS:
        assert ours(TREES[name]) <= SHARED | {room(name)} | (
            {"__version__"} if room(name) == "epub" else set()
        )


def test_every_module_stands_in_a_room() -> None:
    assert {room(name) for name in TREES} <= ROOMS | JOINTS | SHARED


@pytest.mark.parametrize("name", TREES)
def test_only_the_command_line_prints_exits_or_reads_the_environment(name: str) -> None:
    if name == "cli":
        return
    tree = TREES[name]
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    read = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    raised = {ast.unparse(node.exc) for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc}
    assert called & {"print", "input", "exit", "quit", "sys.exit", "os.getenv", "typer.echo"} == set()
    assert read & {"sys.stdout", "sys.stderr", "sys.argv", "os.environ"} == set()
    assert {r.split("(")[0] for r in raised} & {"SystemExit", "typer.Exit", "KeyboardInterrupt"} == set()


@pytest.mark.parametrize("name", TREES)
def test_disk_processes_and_network_are_behind_a_few_doors(name: str) -> None:
    if name in MAY_REACH_OUT or room(name) in ("check", "preview"):
        return
    tree = TREES[name]
    reached = {n for n in imports(tree) if n in WORLD or n.split(".", maxsplit=1)[0] in WORLD}
    assert reached == set()
    touched = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ON_DISK
    }
    assert touched == set()
    assert "open" not in {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}


@pytest.mark.parametrize("name", TREES)
def test_nothing_remembers_between_calls(name: str) -> None:
    """No module keeps state: what it names at its top is never changed again."""
    tree = TREES[name]
    assert [n.names for n in ast.walk(tree) if isinstance(n, ast.Global)] == []
    kept = {name for node in tree.body for name in assigned(node)}
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)):
        arguments = {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)}
        local = arguments | {name for node in ast.walk(function) for name in assigned(node)}
        for node in ast.walk(function):
            assert changed(node) not in kept - local, f"{name}:{node_line(node)}"


def assigned(node: ast.AST) -> Iterator[str]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign | ast.For):
        targets = [node.target]
    for target in targets:
        yield from (
            n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        )


def changed(node: ast.AST) -> str | None:
    """The name of what a statement changes in place."""
    inner: ast.expr | None = None
    if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        inner = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATING:
        inner = node.func.value
    return inner.id if isinstance(inner, ast.Name) else None


def node_line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


@pytest.mark.parametrize("name", MODULES)
def test_no_module_is_longer_than_300_lines(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= 300


def loaded(code: str) -> set[str]:
    """The packages that a fresh interpreter has loaded after running the code."""
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys, json; print(json.dumps(list(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {name.split(".", maxsplit=1)[0] for name in json.loads(told.splitlines()[-1])}


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded("import hakawati, hakawati.model, hakawati.errors, hakawati.store") & HEAVY == set()


def test_asking_for_help_loads_the_command_line_and_no_more() -> None:
    code = "from typer.testing import CliRunner; from hakawati.cli import app; CliRunner().invoke(app, {})"
    # Typer loads pydantic by itself, where it is installed.
    assert loaded(code.format(["build", "--help"])) & HEAVY <= {"typer", "rich", "pydantic"}


def test_a_build_that_speaks_nothing_loads_no_engine_and_no_arrays(tmp_path: Path) -> None:
    project = write_book(tmp_path, {"glossary.yaml": "- term: نص"})
    code = f"""
import hakawati
if __name__ == "__main__":
    hakawati.build({str(project)!r})
"""
    script = tmp_path / "first.py"
    script.write_text(code)
    subprocess.run([sys.executable, str(script)], check=True)
    again = loaded(f"import hakawati; assert not hakawati.build({str(project)!r}).chapters[0].clips_made")
    assert (
        again & {"onnxruntime", "numpy", "piper", "pydub", "gtts", "soundfile", "distributed", "typer"}
        == set()
    )
