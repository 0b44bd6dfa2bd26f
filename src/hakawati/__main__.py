"""`python -m hakawati`."""

from __future__ import annotations


def run() -> None:
    """The command `hakawati`."""
    from hakawati.common.garbage import collect_rarely
    from hakawati.common.signals import leave_to_the_system

    leave_to_the_system()  # while the command line is being loaded
    collect_rarely()

    from hakawati.cli import app
    from hakawati.cli.output import plug_ins_apart_at_last

    with plug_ins_apart_at_last():
        app()


if __name__ == "__main__":
    run()
