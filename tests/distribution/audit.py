"""`make audit`: whether a pinned dependency has a known vulnerability, by pip-audit in its own environment.

The exit status is 1 where one has, and 2 where the database cannot be reached, so that nothing is known.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

UNKNOWN = "Nothing was audited: the database of known vulnerabilities cannot be reached."


def verdict(answer: str, errors: str) -> tuple[int, str]:
    """The exit status and what is said, of what pip-audit wrote to stdout and to stderr."""
    try:
        dependencies = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = errors.strip().splitlines()[-1:] or ["it gives no reason"]
        return 2, f"{UNKNOWN}\n  pip-audit: {last[0]}"
    skipped = [f"  {one['name']}: {one['skip_reason']}" for one in dependencies if "skip_reason" in one]
    found = [
        f"  {one['name']} {one['version']}: {bug['id']}"
        + (f", mended in {', '.join(bug['fix_versions'])}" if bug["fix_versions"] else "")
        for one in dependencies
        for bug in one.get("vulns", ())
    ]
    if found:
        return 1, "\n".join([f"{len(found)} known vulnerabilities:", *found, *skipped])
    if skipped:
        return 2, "\n".join([f"{len(skipped)} dependencies could not be looked up:", *skipped])
    return 0, f"No known vulnerability in {len(dependencies)} pinned dependencies."


def main() -> int:
    """Arguments: the pip-audit to run, and the file with the pins."""
    program, pins = map(Path, sys.argv[1:])
    command: list[str | Path] = [program, "--requirement", pins, "--no-deps", "--disable-pip"]
    done = subprocess.run(
        [*command, "--format", "json", "--progress-spinner", "off"],
        capture_output=True,
        text=True,
        check=False,
    )
    status, said = verdict(done.stdout, done.stderr)
    print(said)
    return status


if __name__ == "__main__":
    sys.exit(main())
