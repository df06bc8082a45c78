"""What somebody signed while their key or rights had ended, accepted together: what came of it."""

from collections.abc import Iterable, Sequence
from typing import Any

import typer

from manchengo.ports.rows import ResolutionItemRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.exit_codes import REFUSED
from manchengo_cli.output import Lines, Part, answer
from manchengo_cli.pages.conflicts import find, short, shown_length
from manchengo_cli.session import Session
from manchengo_presenters.conflict_words import brief
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.refusal_text import sentence
from manchengo_workplace import accepting, lookups
from manchengo_workplace.accepting import Accepted
from manchengo_workplace.failures import Failure, Origin


def accept_signed(session: Session, name: str, *, reason: str, up_to: str | None) -> None:
    """Accept what a person signed with a key that was withdrawn, and answer which records were and
    which stay refused. ``up_to``: the last of them.
    """
    with opened(session, acts=True) as workplace:
        with workplace.dairy.reading() as snapshot:
            rows = chosen(snapshot, name, up_to)
        done = accepting.accept(
            workplace, rows, reason=reason, on=session.on or workplace.clock.today()
        )
        with workplace.dairy.reading() as snapshot:
            room = shown_length(snapshot)
            answer(
                session,
                shape=lambda: accepted_shape(done),
                page=lambda: accepted_page(snapshot, name, done, room),
            )
    if any(each.refusal for each in done):
        raise typer.Exit(REFUSED)


def chosen(snapshot: Snapshot, name: str, up_to: str | None) -> list[ResolutionItemRow]:
    """The items to accept. Raises ``Failure`` where the one named by ``up_to`` is not among those
    of that person.
    """
    rows = accepting.signed_by(snapshot, lookups.user(snapshot, name).id)
    if up_to is None:
        return rows
    last = find(snapshot, up_to)
    if last.id not in {row.id for row in rows}:
        raise Failure(
            "NotTheirs",
            N_(
                "The conflict {item} is none of those that {user} signed and that can be "
                "accepted. “manchengo conflicts show {item}” says what it is."
            ),
            {"item": str(last.id), "user": name},
            values={"item": short(last, shown_length(snapshot)), "user": name},
            origin=Origin.REQUEST,
        )
    return list(accepting.up_to(snapshot, rows, last.id))


def accepted_shape(done: Sequence[Accepted]) -> dict[str, Any]:
    """The ids of what was accepted, and why the rest was not."""
    return {
        "accepted": [str(each.item.id) for each in done if each.refusal is None],
        "left": [
            {
                "item": str(each.item.id),
                "refusal": type(each.refusal).__name__,
                "message": sentence(each.refusal),
            }
            for each in done
            if each.refusal is not None
        ],
    }


def accepted_page(
    snapshot: Snapshot, name: str, done: Sequence[Accepted], room: int
) -> Iterable[Part]:
    """How many records were accepted, and why the rest was not. ``room``: how many characters of an
    id are shown.
    """
    if not done:
        yield _("Nothing that {user} signed waits to be accepted.").format(user=name)
        return
    taken = [each.item for each in done if each.refusal is None]
    yield ngettext(
        "{count} record of {user} is accepted.",
        "{count} records of {user} are accepted.",
        len(taken),
    ).format(count=len(taken), user=name)
    yield Lines([f"  {brief(snapshot, row)}" for row in taken])
    left = [each for each in done if each.refusal is not None]
    if left:
        yield ngettext(
            "{count} still waits, as a rule refuses it:",
            "{count} still wait, as a rule refuses each:",
            len(left),
        ).format(count=len(left))
    for each in left:
        assert each.refusal is not None
        yield f"{short(each.item, room)} {brief(snapshot, each.item)}"
        yield sentence(each.refusal)
