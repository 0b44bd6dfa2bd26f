"""The rules of the house (docs/design.md §6), held by reading the source and by watching what is loaded."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import hakawati
from tests.support import draw, write_book

ROOT = Path(hakawati.__file__).parent
MODULES = {path.relative_to(ROOT).with_suffix("").as_posix(): path for path in sorted(ROOT.rglob("*.py"))}
TREES = {name: ast.parse(path.read_bytes()) for name, path in MODULES.items()}
ROOMS = {"source", "narration", "voices", "epub", "cards", "listening", "check", "preview", "cover", "web"}
JOINTS = {"publishing", "cli", "__init__", "__main__"}
"""Where the rooms meet."""
SHARED = {"model", "errors", "common", "programs", "waveform", "alignment", "arabic", "figures"}
"""What every room may use."""
LOOSE = {"__init__", "__main__", "errors"}
"""The modules that are in no room."""

WORLD = {
    "_ctypes",
    "ctypes",
    "fcntl",
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
    "watchfiles",
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
    "cli/arguments",  # the environment
    "cli/output",  # the terminal
    "cli/preview_command",  # the browser
    "cli/interruption",
    "cli/check_command",  # the environment
    "common/destination",
    "common/decoding",  # the terminal, which libmpg123 writes to
    "publishing/project_check",  # whether an EPUB is there
    "publishing/publication_check",  # the last report
    "common/atomic",
    "publishing/project",  # whether there is a book; the states there are
    "common/checked_json",
    "publishing/lock",
    "publishing/options",  # how many cores there are
    "publishing/outputs",
    "publishing/shelf",  # where a project really is
    "common/stamps",
    "programs/__init__",
    "programs/supervisor",
    "common/signals",
    "publishing/live_preview",  # whether there is a book; a socket
    "publishing/chapter_audio",  # a chapter's MP3
    "publishing/formats/flash_cards",  # the same
    "common/keys",  # the program itself
    "publishing/state",
    "common/store",
    "common/watching",
    "source/files",
    "source/folder",
    "source/new_project",
    "source/spoken_text",
    "source/recordings",
    "arabic/rawi",  # its models
    "narration/dispatcher",
    "narration/pool",
    "narration/worker_calls",  # a pipe
    "narration/workers",
    "narration/cluster",
    "cards/apkg",
    "cover/design",  # its own fonts
    "publishing/composition",  # the MP3s' sizes
    "publishing/covers",  # the cover and the fonts of the book
    "epub/container",
    "epub/package",  # its own style.css; fonts
    "listening/artwork",
    "listening/audiobook",
    "listening/id3",
    "listening/m4b",
    "web/edition_folder",
    "web/offline",  # its own service worker
    "voices/command",  # a program
    "voices/edge",  # a service
    "voices/espeak",  # the variants there are
    "voices/espeak_library",  # in C
    "voices/espeak_speaker",  # a process
    "voices/fetching",  # how HTTP fails
    "voices/mbrola",  # the program, its databases
    "voices/mbrola_download",
    "voices/piper_download",
    "voices/piper_model",
    "voices/piper_neural",  # the voices there are
}
HEAVY = {
    "PIL",
    "aiohttp",
    "anyio",
    "av",
    "bidi",
    "distributed",
    "ebooklib",
    "edge_tts",
    "espeakng_loader",
    "farahidi",
    "genanki",
    "gtts",
    "jinja2",
    "lameenc",
    "langcodes",
    "lxml",
    "markdown_it",
    "mutagen",
    "numpy",
    "onnxruntime",
    "piper",
    "platformdirs",
    "pydantic",
    "pydub",
    "requests",
    "rich",
    "sentencex",
    "soundfile",
    "soxr",
    "starlette",
    "tenacity",
    "typer",
    "uharfbuzz",
    "uvicorn",
    "watchfiles",
    "websockets",
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


def test_the_model_knows_the_standard_library_alone() -> None:
    for name in (name for name in TREES if room(name) in ("model", "errors")):
        assert foreign(TREES[name]) == set(), name
        assert ours(TREES[name]) <= {"model", "errors"}, name


def test_the_aligner_knows_numpy_and_the_model_alone() -> None:
    trees = [tree for name, tree in TREES.items() if room(name) == "alignment"]
    assert set().union(*map(foreign, trees)) == {"numpy"}
    assert set().union(*map(ours, trees)) <= {"alignment", "model", "errors"}


def test_arabic_knows_the_model_and_what_is_common_alone() -> None:
    trees = [tree for name, tree in TREES.items() if room(name) == "arabic"]
    assert set().union(*map(ours, trees)) <= {"arabic", "model", "errors", "common"}


def test_figures_know_the_model_alone() -> None:
    trees = [tree for name, tree in TREES.items() if room(name) == "figures"]
    assert set().union(*map(foreign, trees)) == set()
    assert set().union(*map(ours, trees)) <= {"figures", "model"}


def test_the_rooms_do_not_know_each_other() -> None:
    for name, tree in TREES.items():
        if room(name) not in JOINTS:
            own = {room(name)} | ({"__version__"} if room(name) == "epub" else set())
            assert ours(tree) - SHARED - own == set(), name


def test_every_module_is_in_a_room() -> None:
    assert {room(name) for name in TREES} == ROOMS | JOINTS | SHARED
    assert {name for name in TREES if "/" not in name} == LOOSE
    assert len(LOOSE) <= 10


def test_no_two_classes_have_one_name() -> None:
    """Neither the public ones nor those that a module has for itself."""
    found: dict[str, list[str]] = {}
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name.lstrip("_"), []).append(f"{name}: {node.name}")
    assert [places for places in found.values() if len(places) > 1] == []


VERBS = {
    "Asked",
    "Built",
    "Closed",
    "Found",
    "Given",
    "Heard",
    "Kept",
    "Laid",
    "Left",
    "Listened",
    "Lost",
    "Made",
}
VERBS |= {
    "Known",
    "Marked",
    "Measured",
    "Placed",
    "Read",
    "Said",
    "Seen",
    "Sent",
    "Shown",
    "Taken",
    "Told",
    "Written",
}


def test_a_class_is_called_by_a_noun() -> None:
    names = {
        node.name.lstrip("_")
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    assert names & VERBS == set()
    assert {path.rpartition("/")[2].capitalize() for path in TREES} & VERBS == set()


def test_no_module_leads_back_to_itself() -> None:
    """Neither by what it imports when it is loaded nor by what its functions do, or its types."""
    graph = {name: needed(name) for name in TREES}
    done: set[str] = set()

    def follow(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join([*path[path.index(name) :], name])
        if name not in done:
            for other in sorted(graph[name]):
                follow(other, (*path, name))
            done.add(name)

    for name in sorted(graph):
        follow(name, ())


def needed(name: str) -> set[str]:
    """The modules of the package that one imports, anywhere in it."""
    dotted = {f"hakawati.{path.replace('/', '.')}".removesuffix(".__init__"): path for path in TREES}
    found = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.ImportFrom):
            inside = {dotted.get(f"{node.module}.{alias.name}", "") for alias in node.names}
            found |= inside if inside - {""} else {dotted.get(str(node.module), "")}
    return found - {"", name}


def test_only_the_command_line_prints_exits_or_reads_the_environment() -> None:
    for name, tree in TREES.items():
        if room(name) == "cli":
            continue
        called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        read = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        raised = {ast.unparse(n.exc) for n in ast.walk(tree) if isinstance(n, ast.Raise) and n.exc}
        calls = {"print", "input", "exit", "quit", "sys.exit", "os.getenv", "typer.echo"}
        assert called & calls == set(), name
        assert read & {"sys.stdout", "sys.stderr", "sys.argv", "os.environ"} == set(), name
        ends = {"SystemExit", "typer.Exit", "KeyboardInterrupt"}
        assert {r.split("(")[0] for r in raised} & ends == set(), name


def test_disk_processes_and_network_are_behind_a_few_doors() -> None:
    for name, tree in TREES.items():
        if name not in MAY_REACH_OUT and room(name) not in ("check", "preview"):
            assert reached(tree) == set(), name


def test_every_door_is_one() -> None:
    assert {name for name in MAY_REACH_OUT if not reached(TREES[name])} == set()


def reached(tree: ast.AST) -> set[str]:
    """What a module imports or calls that is outside of the program."""
    modules = {n for n in imports(tree) if n in WORLD or n.split(".", maxsplit=1)[0] in WORLD}
    touched = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ON_DISK
    }
    named = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    return modules | touched | (named & {"open"})


def test_nothing_remembers_between_calls() -> None:
    """No module keeps state: what it names at its top is never changed again."""
    for name, tree in TREES.items():
        assert [n.names for n in ast.walk(tree) if isinstance(n, ast.Global)] == [], name
        kept = {name for node in tree.body for name in assigned(node)}
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)):
            arguments = {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)}
            outer = kept - arguments - {name for node in ast.walk(function) for name in assigned(node)}
            for node in ast.walk(function):
                assert changed(node) not in outer, f"{name}:{node_line(node)}"


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


def test_no_module_is_longer_than_300_lines() -> None:
    for name, path in MODULES.items():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, name


def loaded(code: str) -> set[str]:
    """The packages that a fresh interpreter has loaded after running the code, and would not have without."""
    told = subprocess.run(
        [sys.executable, "-c", f"{_LOADED}\n{code}\nprint(json.dumps(list(set(sys.modules) - before)))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {name.split(".", maxsplit=1)[0] for name in json.loads(told.splitlines()[-1])}


_LOADED = "import json, sys; before = set(sys.modules)"
COMMAND = """
from hakawati.cli import app
try:
    app({})
except SystemExit as ended:
    assert not ended.code
"""


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded("import hakawati, hakawati.model, hakawati.errors, hakawati.common.store") & HEAVY == set()


TYPERS = {"typer", "click", "annotated_doc", "shellingham"}
"""What Typer loads whenever it is loaded."""
PYDANTICS = {"pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection"}
"""What Typer loads besides, to read the arguments of a command."""


CLI = ("arguments", "check_command", "output", "preview_command", "voice_commands")


def test_asking_for_help_loads_the_command_line_and_no_more() -> None:
    found = loaded(COMMAND.format(["--help"]))
    assert found - sys.stdlib_module_names - TYPERS - {"hakawati"} == set()
    assert "typer" in found
    ours = {f"hakawati.{name}" for name in json.loads(_modules(COMMAND.format(["--help"])))}
    assert ours == {f"hakawati.{name}" for name in ("cli", *(f"cli.{part}" for part in CLI))}


def _modules(code: str) -> str:
    """The modules of the package that the code loads, as JSON."""
    listing = "[n.removeprefix('hakawati.') for n in sys.modules if n.startswith('hakawati.')]"
    run = [sys.executable, "-c", f"import json, sys\n{code}\nprint(json.dumps({listing}))"]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()[-1]


def test_asking_for_help_with_a_command_loads_what_typer_does_and_no_more() -> None:
    for command in ("new", "build", "check", "store", "preview", "voices", "say", "words"):
        found = loaded(COMMAND.format([command, "--help"]))
        assert found & HEAVY <= {"typer", "pydantic"}
        assert {n for n in found if not n.startswith("_")} - sys.stdlib_module_names <= (
            TYPERS | PYDANTICS | {"hakawati"}
        )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built by another process."""
    folder = tmp_path_factory.mktemp("finished")
    project = write_book(
        folder / "project",
        {
            "glossary.yaml": "- term: نص",
            "book.yaml": "title: {ar: كتاب, en: A Book}\nlanguages: [ar, en]\ncover: cover.png\n",
            "en/01-one.md": "# A Title\n\nA short text.",
        },
    )
    draw(project / "book" / "cover.png", size=(16, 24))
    script = folder / "first.py"
    script.write_text(f"import hakawati\nif __name__ == '__main__':\n    hakawati.build({str(project)!r})\n")
    subprocess.run([sys.executable, str(script)], check=True)
    return project


def test_a_build_with_nothing_to_do_loads_next_to_nothing(finished: Path) -> None:
    code = f"""
import hakawati
report = hakawati.build({str(finished)!r})
assert {{chapter.why for chapter in report.chapters}} == {{"unchanged"}}
"""
    found = loaded(code)
    assert found & HEAVY == set()
    assert found - sys.stdlib_module_names == {"hakawati"}


def test_the_command_with_nothing_to_do_loads_typer_besides(finished: Path) -> None:
    """Typer itself loads pydantic, to read any command's arguments; nothing of ours does."""
    found = loaded(COMMAND.format(["build", str(finished)]))
    assert {name for name in found if not name.startswith("_")} - sys.stdlib_module_names <= (
        TYPERS | PYDANTICS | {"hakawati"}
    )
    assert found & HEAVY <= {"typer", "pydantic"}


def test_what_is_spoken_at_its_own_speed_loads_nothing_that_changes_it() -> None:
    code = """
from hakawati.model import Audio, Place, Utterance, Word
from hakawati.narration.synthesis import synthesise
from hakawati.voices.espeak import Espeak
said = Utterance("en", "one two", (Word(0, 3), Word(4, 7)), (), (), (), "v", Place("x", 1))
synthesise(said, Espeak("en"), Audio(), 0, {})
"""
    tempo = "narration.tempo"
    assert tempo not in json.loads(_modules(code.format(1.0)))
    assert tempo in json.loads(_modules(code.format(0.8)))


def test_a_build_that_speaks_nothing_loads_no_engine_and_no_arrays(finished: Path) -> None:
    chapter = finished / "book" / "ar" / "01-one.md"
    text = chapter.read_text()
    chapter.write_text(f"{text}\n\n---\n")
    config = finished / "book" / "book.yaml"
    config.write_text(config.read_text() + "narration: {pauses: {heading: 1234}}\n")
    code = f"""
import hakawati
for chapter in hakawati.build({str(finished)!r}).chapters:
    assert not chapter.clips_made and chapter.why == "read again, nothing to speak", chapter
"""
    again = loaded(code)
    engines = {"onnxruntime", "numpy", "piper", "pydub", "gtts", "soundfile", "soxr"}
    assert again & (engines | {"distributed", "typer", "rich", "watchfiles"}) == set()
