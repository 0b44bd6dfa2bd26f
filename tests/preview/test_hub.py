from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hakawati.errors import Problem
from hakawati.preview.hub import Hub, PageState
from hakawati.preview.messages import (
    MOST_PROBLEMS,
    BuilderExit,
    BuildProgress,
    ChapterSummary,
    FinishedBuild,
    PageUpdate,
    ProblemExcerpt,
)

WRONG = ProblemExcerpt(Problem("book/en/01.md", 2, "wrong", "mend it"), ((1, "a"), (2, "b")))


def news(hub: Hub, heard: PageState) -> list[dict[str, Any]]:
    return [json.loads(text) for text in hub.news(heard)]


def test_whoever_comes_hears_the_last_result_and_what_is_under_way() -> None:
    hub = Hub("r")
    assert [m["state"] for m in news(hub, PageState(0))] == ["building"]
    hub.take(
        FinishedBuild(changed=("a.html",), chapters=(ChapterSummary("", "01", 1.5, 2, 3, "text changed"),))
    )
    hub.take(BuildProgress("Speaking", 1, 4))
    result, working = news(hub, PageState(0))
    assert result["state"] == "ready"
    assert (result["version"], result["run"], result["changed"]) == (1, "r", ["a.html"])
    assert result["chapters"][0]["duration"] == 1.5
    assert working == {"state": "building", "stage": "Speaking", "done": 1, "total": 4}


def test_everything_is_heard_once_and_of_progress_only_the_last() -> None:
    hub, heard = Hub("r"), PageState(0)
    hub.take(FinishedBuild(changed=("a.html",)))
    assert len(news(hub, heard)) == 1
    assert news(hub, heard) == []
    for done in range(5):
        hub.take(BuildProgress("Speaking", done, 5))
    assert [m["done"] for m in news(hub, heard)] == [4]
    hub.take(BuildProgress("Speaking", 5, 5))
    hub.take(FinishedBuild(changed=("b.html",)))
    assert [m["state"] for m in news(hub, heard)] == ["ready"]


def test_pages_are_told_of_before_the_whole_build_is_done() -> None:
    hub, heard = Hub("r"), PageState(0)
    hub.take(FinishedBuild(changed=("a.html",)))
    news(hub, heard)
    hub.take(PageUpdate(("b.html",)))
    hub.take(BuildProgress("Binding", 0, 1))
    pages, working = news(hub, heard)
    assert pages == {"state": "pages", "version": 2, "run": "r", "changed": ["b.html"]}
    assert working["stage"] == "Binding"
    (late, _) = news(hub, PageState(0))
    assert (late["state"], late["changed"]) == ("ready", ["a.html", "b.html"])
    hub.take(FinishedBuild())
    (told,) = news(hub, heard)
    assert (told["state"], told["version"], told["changed"]) == ("ready", 2, [])


def test_a_problem_is_told_with_its_lines_and_takes_no_page_away() -> None:
    hub, heard = Hub("r"), PageState(0)
    hub.take(
        FinishedBuild(changed=("a.html",), chapters=(ChapterSummary("", "01", 1.5, 2, 3, "text changed"),))
    )
    news(hub, heard)
    hub.take(FinishedBuild(problems=(WRONG,)))
    (told,) = news(hub, heard)
    assert [chapter["name"] for chapter in told["chapters"]] == ["01"]
    assert (told["state"], told["version"], told["changed"]) == ("problems", 1, [])
    assert told["problems"] == [
        {
            "path": "book/en/01.md",
            "line": 2,
            "message": "wrong",
            "hint": "mend it",
            "excerpt": [[1, "a"], [2, "b"]],
        }
    ]
    assert not hub.ready


def test_of_very_many_problems_the_first_are_told_and_how_many_there_are() -> None:
    hub = Hub("r")
    hub.take(FinishedBuild(problems=(WRONG,) * (MOST_PROBLEMS + 7), notices=(WRONG,)))
    (told,) = news(hub, PageState(0))
    assert len(told["problems"]) == MOST_PROBLEMS
    assert told["total"] == {"problems": MOST_PROBLEMS + 7, "notices": 1}


def test_a_builder_that_died_is_a_problem_and_the_notices_of_the_last_build_stay() -> None:
    hub, heard = Hub("r"), PageState(0)
    hub.take(FinishedBuild(notices=(WRONG,), changed=("a",)))
    hub.take(BuilderExit("signal 9", wait_first=False))
    told = news(hub, heard)[-1]
    assert told["state"] == "problems"
    assert "signal 9" in told["problems"][0]["message"]
    assert len(told["notices"]) == 1
    hub.take(FinishedBuild(changed=None))
    (told,) = news(hub, heard)
    assert (told["state"], told["changed"]) == ("ready", None)


def test_names_that_are_no_text_can_be_sent() -> None:
    hub = Hub("r")
    hub.take(FinishedBuild(changed=("\udcff.html",)))
    (text,) = hub.news(PageState(0))
    assert text.encode("ascii")
    assert json.loads(text)["changed"] == ["\udcff.html"]


def test_a_first_build_has_pages_before_it_has_ended() -> None:
    hub = Hub("r")
    hub.take(PageUpdate(("a.html",)))
    (pages, working) = news(hub, PageState(0))
    assert (pages["state"], pages["version"], pages["changed"]) == ("pages", 1, ["a.html"])
    assert working["state"] == "building"
    assert [m["state"] for m in news(hub, PageState(1))] == ["building"]


PATHS = st.sampled_from(["a", "b", "c", "d"])
BUILDS = st.lists(st.one_of(st.none(), st.frozensets(PATHS)), min_size=1)


@given(BUILDS, st.data())
def test_a_page_that_was_away_hears_of_all_that_changed_meanwhile(
    builds: list[frozenset[str] | None], data: st.DataObject
) -> None:
    """Whatever it missed, and from whichever version on."""
    hub = Hub("r")
    versions = [hub.version]
    for changed in builds:
        hub.take(FinishedBuild(changed=None if changed is None else tuple(changed)))
        versions.append(hub.version)
    away = data.draw(st.integers(0, len(builds)))
    (told,) = news(hub, PageState(versions[away]))
    missed = builds[away:]
    if None in missed:
        assert told["changed"] is None
    else:
        assert set(told["changed"]) == {path for changed in missed for path in changed or ()}


@given(st.one_of(st.none(), st.integers(5)))
def test_a_page_of_another_server_or_of_none_is_told_that_all_may_have_changed(version: int | None) -> None:
    hub = Hub("r")
    hub.take(FinishedBuild(changed=("a",)))
    (told,) = news(hub, PageState(version))
    assert told["changed"] is None
