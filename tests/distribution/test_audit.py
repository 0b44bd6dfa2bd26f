from __future__ import annotations

import json

from tests.distribution.audit import UNKNOWN, verdict

SOUND = {"name": "lxml", "version": "6.1.3", "vulns": []}
BAD = {
    "name": "pillow",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1", "2.0"]}, {"id": "PYSEC-2", "fix_versions": []}],
}
SKIPPED = {"name": "mine", "skip_reason": "not on the index"}


def answer(*dependencies: object) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def test_a_sound_dependency_is_counted() -> None:
    assert verdict(answer(SOUND), "") == (0, "No known vulnerability in 1 pinned dependencies.")


def test_a_vulnerability_is_told_with_what_mends_it() -> None:
    assert verdict(answer(SOUND, BAD), "") == (
        1,
        "2 known vulnerabilities:\n  pillow 1.0: PYSEC-1, mended in 1.1, 2.0\n  pillow 1.0: PYSEC-2",
    )


def test_what_is_not_known_is_not_taken_for_sound() -> None:
    told = "WARNING: a\nERROR: connection refused\n"
    assert verdict("", told) == (2, f"{UNKNOWN}\n  pip-audit: ERROR: connection refused")
    assert verdict("{}", "")[0] == 2
    assert verdict(answer(SOUND, SKIPPED), "") == (
        2,
        "1 dependencies could not be looked up:\n  mine: not on the index",
    )
