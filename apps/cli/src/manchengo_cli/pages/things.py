"""Lots, orders and deliveries: found by their codes, changed, listed and shown alike."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from attrs import frozen

from manchengo.application.choices import Choices
from manchengo.ports.rows import Row
from manchengo.ports.store import Snapshot
from manchengo_cli import listing
from manchengo_cli.database import opened
from manchengo_cli.executing import carry_out
from manchengo_cli.output import Part, Table, answer
from manchengo_cli.session import Session
from manchengo_presenters.open_orders import Shape, open_rows

R = TypeVar("R", bound=Row)


@frozen(kw_only=True)
class Thing(Generic[R]):
    """``id``: the field by which commands name one. ``find``: by its code. ``now``: how the one of
    that id is on a day.
    """

    id: str
    find: Callable[[Snapshot, str], R]
    now: Callable[[Snapshot, Any, date], Iterable[Part]]

    def confirmation(self, snapshot: Snapshot, command: Any) -> Iterable[Part]:
        """How it is after that command."""
        return self.now(snapshot, getattr(command, self.id), command.on)

    def carry_out(
        self,
        session: Session,
        code: str,
        build: Callable[[R, Choices], Any],
        *,
        label: Path | None = None,
    ) -> None:
        """Ask something of the one of that code, and say how it is now."""
        carry_out(
            session,
            lambda choices: build(self.find(choices.snapshot, code), choices),
            self.confirmation,
            label=label,
        )


@frozen(kw_only=True)
class ListedThing(Thing[R]):
    """``shape``: one as JSON, to which ``details`` adds what is shown of one alone; ``page``: that
    one as it is read.
    """

    rows: type[R]
    shape: Callable[[Snapshot, R], Shape]
    table: Callable[[Snapshot, list[R]], Table]
    details: Callable[[Snapshot, R, date], Shape]
    page: Callable[[Snapshot, R, date], Iterable[Part]]

    def show_list(self, session: Session, *, everything: bool, given: Mapping[str, Any]) -> None:
        """Answer those that are not over; with ``everything``, all. ``given``: by
        ``listing.OPTIONS``.
        """
        asked = listing.asked_for(self.rows, given)
        with opened(session) as workplace, workplace.dairy.reading() as snapshot:
            rows = open_rows(snapshot, self.rows, everything=everything, asked=asked)
            answer(
                session,
                shape=lambda: [self.shape(snapshot, row) for row in rows],
                page=lambda: [listing.listed(self.table(snapshot, rows), asked)],
            )

    def show_one(self, session: Session, code: str) -> None:
        """Answer the one of that code, whole."""
        with opened(session) as workplace, workplace.dairy.reading() as snapshot:
            row, today = self.find(snapshot, code), workplace.clock.today()
            answer(
                session,
                shape=lambda: self.shape(snapshot, row) | self.details(snapshot, row, today),
                page=lambda: self.page(snapshot, row, today),
            )
