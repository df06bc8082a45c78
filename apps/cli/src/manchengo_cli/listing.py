"""The options of a list: what to look for, in which order, how much of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manchengo_cli.typed_values import CODE, COUNT, WORDS, TypedValue, flag
from manchengo_presenters.language import N_, _

if TYPE_CHECKING:
    from manchengo.ports.rows import Row
    from manchengo_cli.output import Table
    from manchengo_presenters.listing import Asked

Search = Annotated[
    str,
    WORDS.option(
        "--search", N_("Only those whose code or names contain these words; accents do not count.")
    ),
]
Sort = Annotated[
    str | None,
    TypedValue(N_("ORDER")).option(
        "--sort", N_("In this order: recorded, code, name, date, wanted, entered, expires.")
    ),
]
Reverse = Annotated[bool, flag("--reverse", N_("The last first."))]
Limit = Annotated[int | None, COUNT.option("--limit", N_("At most so many."))]
After = Annotated[
    str | None, CODE.option("--after", N_("Those behind that one in the list: the next page."))
]

OPTIONS = {"search": Search, "sort": Sort, "reverse": Reverse, "limit": Limit, "after": After}
"""The options of every list; a command takes them as ``**asked``."""


def found(table: "Table", *, after: object = None, looked_for: object = None) -> "Table":
    """The table of a list, which says why it is empty: where something was ``looked_for``, or the
    list begins ``after`` a row, that is not what the whole list says when it is empty.
    """
    if after:
        return replace(table, empty=_("The list ends there."))
    if looked_for:
        return replace(table, empty=_("Nothing in this list is like that."))
    return table


def listed(table: "Table", asked: "Asked | None") -> "Table":
    """As ``found``, of a list that was ``asked`` for with these options."""
    return table if asked is None else found(table, after=asked.after, looked_for=asked.search)


def asked_for(kind: "type[Row]", given: Mapping[str, Any]) -> "Asked | None":
    """The list that was asked for with ``OPTIONS``; None where nothing was said of it."""
    from manchengo_presenters.listing import Asked, sorts_of

    if not any(given.values()):
        return None
    known, sort = sorts_of(kind), given["sort"]
    if sort is not None and sort not in known:
        raise typer.BadParameter(
            _("“{sort}” is no order of this list. Give one of: {known}.").format(
                sort=sort, known=", ".join(known)
            )
        )
    return Asked(**{**given, "sort": sort or "recorded"})
