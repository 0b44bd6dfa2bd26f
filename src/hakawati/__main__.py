"""`python -m hakawati`."""

from __future__ import annotations


def run() -> None:
    """The command `hakawati`."""
    from hakawati.cli import app
    from hakawati.cli.output import plug_ins_apart_at_last

    with plug_ins_apart_at_last():
        app()


if __name__ == "__main__":
    run()
