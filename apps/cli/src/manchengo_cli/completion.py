"""What a shell offers while a command is typed: words that are known, codes that are recorded.

A shell asks at every press of a key, so nothing here asks a question, prints, writes or fails: a
database that cannot simply be read offers nothing.
"""

from collections.abc import Callable
from typing import Any

import typer

from manchengo_cli.session import Session

Offer = tuple[str, str]
"""What may be typed, and what it is, in the operator's language."""

Offers = Callable[[typer.Context, str], list[Offer]]
"""What begins with what is typed so far."""

# A shell would take these for marks of its own: the words that it shows have others instead.
_MARKS = str.maketrans({"'": "’", '"': None, "`": None, "$": None, "\\": None, "[": "(", "]": ")"})


def offering(what: str, *, then: str = "") -> Offers:
    """The Typer callback that completes a value of that kind (``found.COMPLETED_ROWS``).

    ``then``: added behind each code.
    """

    def offered(ctx: typer.Context, incomplete: str) -> list[Offer]:
        """Offers the values of that kind that begin with what is typed; none where that fails."""
        try:
            from manchengo_cli.found import found  # late: it reads a database

            return [
                (code + then, shell_text(meaning))
                for code, meaning in found(partial_session(ctx), what or register(ctx), incomplete)
            ]
        except Exception:
            return []

    return offered


def partial_session(ctx: Any) -> Session:
    """The session of a command line that is not complete yet."""
    names = ("db", "passphrase_file")
    given: dict[str, Any] = {}
    while ctx is not None:
        given = {name: ctx.params[name] for name in names if ctx.params.get(name)} | given
        ctx = ctx.parent
    return Session(**given)


def register(ctx: Any) -> str:
    """``manchengo client show …`` completes clients."""
    return str(ctx.parent.command.name).replace("-", "_")


def shell_text(text: str) -> str:
    """On one line, without the marks that a shell would read."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    return printable.translate(_MARKS)


of_that_register = offering("")
