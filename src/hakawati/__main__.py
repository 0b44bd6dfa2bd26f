"""`python -m hakawati`."""

from __future__ import annotations


def run() -> None:
    """The command `hakawati`."""
    from hakawati.cli import app

    app()


if __name__ == "__main__":
    run()
