"""How long an author waits: a chapter of the preview opens, and an edit of one word is on the page.

python benchmarks/preview.py PROJECT [--edits 5] [--pages 1]

PROJECT is a book that was built with `--web`, such as that of `long_book.py`; its last chapter is edited, and
afterwards as it was. `--pages`: how many pages are open meanwhile.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright


@contextmanager
def preview(project: Path) -> Iterator[str]:
    """A running preview; its address, when its first build is done."""
    command = [sys.executable, "-u", "-m", "hakawati", "preview", str(project), "--no-open", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        address = ""
        for line in process.stdout:
            found = re.search(r"http://[0-9.:]+", line)
            address = found[0] if found else address
            if line.startswith("Built"):
                break
        try:
            yield address
        finally:
            process.terminate()


def opened(page: Page, address: str) -> float:
    """Seconds until a chapter can be played."""
    begin = time.perf_counter()
    page.goto(address)
    page.locator("#hk-play").wait_for()
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project", type=Path)
    parser.add_argument("--edits", type=int, default=5)
    parser.add_argument("--pages", type=int, default=1)
    given = parser.parse_args()
    source = sorted((given.project / "book" / "ar").glob("*.md"))[-1]
    before = source.read_text("utf-8")
    with preview(given.project) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context()
        chapter = f"{address}/interleaved/text/{source.stem}.html"
        pages = [context.new_page() for _ in range(given.pages)]
        opening = [opened(page, chapter) for page in pages]
        edits = []
        try:
            for n in range(given.edits):
                begin = time.perf_counter()
                source.write_text(before.rstrip() + f" كلمة{'ا' * (n + 1)}.\n", "utf-8")
                for page in pages:
                    page.locator(f"#book >> text=كلمة{'ا' * (n + 1)}").first.wait_for(state="attached")
                edits.append(time.perf_counter() - begin)
                time.sleep(4)  # until the EPUB is packed
        finally:
            source.write_text(before, "utf-8")
        browser.close()
    print(f"opens in {median(opening):.2f} s (most {max(opening):.2f}), of {len(pages)} pages")
    print(f"an edit is on every page in {median(edits):.2f} s (most {max(edits):.2f})")


if __name__ == "__main__":
    main()
