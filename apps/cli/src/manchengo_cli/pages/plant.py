"""The particulars of the plant: one page, shown, and shown again after a change."""

from collections.abc import Mapping
from typing import Any

from attrs import asdict

from manchengo.application.plant_details import plant_details_of
from manchengo.commands import ChangePlantDetails
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.executing import carry_out
from manchengo_cli.output import Lines, answer
from manchengo_cli.session import Session
from manchengo_presenters.language import _
from manchengo_presenters.registers import PLANT


def show(session: Session) -> None:
    """Answer what is known of the plant."""
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        answer(
            session,
            shape=lambda: asdict(plant_details_of(snapshot)),
            page=lambda: [page(snapshot)],
        )


def change(session: Session, given: Mapping[str, Any]) -> None:
    """Change what is given, that is not None, and show the plant as it is now."""
    written = {name: value for name, value in given.items() if value is not None}
    carry_out(
        session,
        lambda _choices: ChangePlantDetails(**written),
        lambda snapshot, _command: [page(snapshot)],
    )


def page(snapshot: Snapshot) -> Lines:
    """A line for each thing that is known; what labels and papers lack is said below."""
    known = plant_details_of(snapshot)
    shown = [(_(field.label), getattr(known, field.name)) for field in PLANT.fields]
    longest = max(len(label) for label, _value in shown)
    lines = [f"{label.ljust(longest)}  {value}" for label, value in shown if value]
    if missing := [label for label, value in shown if not value]:
        lines.append(_("Not recorded yet: {missing}.").format(missing=", ".join(missing)))
    return Lines(lines)
