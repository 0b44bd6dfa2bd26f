"""Templates of documents, the same way in every room that has some. Text is data: Jinja2 escapes it."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment(package: str, **known: object) -> Environment:
    """The templates in the folder `templates` of a package, and the names that they all know.

    A name that nobody knows is an error when a document is made.
    """
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # they are the package's, which does not change while it runs
    )
    made.globals.update(known)
    return made
