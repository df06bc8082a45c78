"""Correct what was written of a lot; what that changes is said before it is recorded."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo.application.by_id import lot_of
from manchengo.application.choices import Choices
from manchengo.application.genealogy import AnyLot
from manchengo.application.holds import holds_if_expiring
from manchengo.application.reading import withheld
from manchengo.application.rehearsing import refusal_of
from manchengo.application.stream_queries import lot_movements
from manchengo.commands import CorrectLot
from manchengo.domain.ids import LotId, SupplierId
from manchengo.domain.lot.commands import Expiry
from manchengo.domain.unit_price import UnitPrice
from manchengo.ports.rows import FinishedLotRow, RawLotRow, SupplierRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import (
    corrections,
    field_types,
    parsing,
    refusal_text,
    words,
)
from manchengo_presenters.corrections import NONE
from manchengo_presenters.field_values import VALUES, unit_price
from manchengo_presenters.formatting import day, number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.screen_context import ScreenContext

PRICE = VALUES[field_types.PRICE]
LABELS = {
    "expiry": N_("Use by"),
    "supplier": N_("Supplier"),
    "supplier_reference": N_("Supplier's reference"),
    "unit_price": N_("Price of one unit"),
}
"""The fields that may be corrected, in their order, with what people call them."""

BESIDE = {
    "BeforeItCame": "expiry",
    "ExpiresBeforeReception": "expiry",
    "NothingToDo": "expiry",
    "ReasonMissing": "reason",
}


@frozen(kw_only=True)
class LotWritten:
    """What is written of the lot, by field, as it would be typed; a field that the lot has not, or
    that the person may not read, is not in it. ``suppliers``: whom it may have come from.
    """

    values: dict[str, str]
    suppliers: tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Effect:
    """``changes``: each field, what is written, and what would be. ``consequences``: sentences."""

    changes: tuple[tuple[str, str, str], ...]
    consequences: tuple[str, ...]


class LotCorrection(Form):
    """``written``: None until it is read. ``effect``: what was typed would change; None until the
    person asked, and again once they type.
    """

    def __init__(
        self, context: ScreenContext, lot_id: LotId, on_end: Callable[[], Awaitable[None]]
    ) -> None:
        blank = dict.fromkeys((*LABELS, "reason"), "")
        super().__init__(context.background, blank, beside=BESIDE)
        self._office = context.office
        self._context = context
        self._on_end = on_end
        self.lot_id = lot_id
        self.written: LotWritten | None = None
        self.effect: Effect | None = None
        self._asked: dict[str, Any] = {}

    async def load(self) -> None:
        """Read what is written of the lot."""
        found = await self.attempt(self._read)
        if found is not None:
            self.written = found
            self.fill_recorded(found.values)

    def put(self, name: str, text: str) -> None:
        """What the person typed: what it would change is asked anew."""
        if self.effect is not None:
            self.effect = None
            self.changed()
        super().put(name, text)

    def choose(self, name: str, key: str) -> None:
        """One of the options of that field."""
        self.put(name, key)
        self.changed()

    async def look(self) -> None:
        """Say what it would change."""
        if self.written is None or self.is_busy:
            return
        self.require(("reason",))
        self._asked = self._typed(self.written)
        if not self._asked and not self.errors:
            self.errors["expiry"] = _("Nothing is corrected yet: change a value.")
        if self.is_right:
            self.effect = await self.attempt(self._preview)
            self.changed()

    @property
    def button(self) -> str:
        """The words of its primary action."""
        return _("See what changes") if self.effect is None else _("Correct")

    async def submit(self) -> None:
        """Say what it would change; once that was seen, record it."""
        if self.effect is None:
            await self.look()
            return
        done = await self.attempt(
            lambda: self._office.record(
                self._command,
                lambda snapshot, command: " ".join(corrections.confirmation(snapshot, command)),
            )
        )
        if done is None:
            self.effect = None
            self.changed()
            return
        self._context.window.tell(done)
        await self._on_end()

    def _typed(self, written: LotWritten) -> dict[str, Any]:
        """The fields that hold another value than is written, as the command has them."""
        asked: dict[str, Any] = {}
        for name, before in written.values.items():
            text = self.values[name].strip()
            if text == before:
                continue
            if name == "expiry":
                found = self.read(name, parsing.day)
                if isinstance(found, date) or not text:
                    asked["expiry"] = Expiry(found if isinstance(found, date) else None)
            elif name == "unit_price":
                asked |= self._typed_price(text)
            elif name == "supplier":
                asked["supplier_id"] = SupplierId(UUID(text))
            else:
                asked[name] = text
        return asked

    def _typed_price(self, text: str) -> dict[str, Any]:
        if not text:
            self.errors["unit_price"] = _("It cannot be left blank: write another value.")
            return {}
        found = self.read("unit_price", unit_price)
        return {} if found is None else {"unit_price": found}

    def _command(self, choices: Choices) -> CorrectLot:
        reason = self.values["reason"].strip()
        return CorrectLot(lot_id=self.lot_id, on=choices.day, reason=reason, **self._asked)

    def _read(self) -> LotWritten:
        with self._office.reading() as snapshot:
            return _written(snapshot, lot_of(snapshot, self.lot_id))

    def _preview(self) -> Effect:
        today = self._office.today()
        command = CorrectLot(
            lot_id=self.lot_id, on=today, reason=self.values["reason"].strip(), **self._asked
        )
        with self._office.reading() as snapshot:
            refusal = refusal_of(snapshot, command)
            if refusal is not None:
                raise Problem(type(refusal).__name__, refusal_text.sentence(refusal))
            return correction_effect(snapshot, command)


def is_correctable(snapshot: Snapshot, lot: AnyLot, on: date) -> bool:
    """Whether the rules would let anybody correct it."""
    unchanged = CorrectLot(lot_id=lot.id, on=on, reason="-", expiry=Expiry(lot.expires_on))
    return refusal_of(snapshot, unchanged) is None


def correction_effect(snapshot: Snapshot, command: CorrectLot) -> Effect:
    """What recording it would change."""
    lot = lot_of(snapshot, command.lot_id)
    return Effect(
        changes=tuple(_changes(snapshot, lot, command)),
        consequences=tuple(_consequences(snapshot, lot, command)),
    )


def _changes(snapshot: Snapshot, lot: AnyLot, command: CorrectLot) -> list[tuple[str, str, str]]:
    found = []
    if command.expiry is not None:
        found.append(("expiry", _day(lot.expires_on), _day(command.expiry.on)))
    if isinstance(lot, RawLotRow) and command.supplier_id is not None:
        before, after = lot.supplier_id, command.supplier_id
        found.append(("supplier", _supplier(snapshot, before), _supplier(snapshot, after)))
    if isinstance(lot, RawLotRow) and command.supplier_reference is not None:
        reference = command.supplier_reference
        found.append(("supplier_reference", lot.supplier_reference or NONE, reference or NONE))
    if command.unit_price is not None:
        price = command.unit_price
        found.append(
            (
                "unit_price",
                words.price(lot.unit_price, lot.price_per, lot.unit),
                words.price(price.centimes, price.per, lot.unit),
            )
        )
    return [(_(LABELS[name]), before, after) for name, before, after in found]


def _consequences(snapshot: Snapshot, lot: AnyLot, command: CorrectLot) -> list[str]:
    said = []
    moved = len(lot_movements(snapshot, lot.id)) - 1
    if moved > 0:
        said.append(
            ngettext(
                "{count} movement since it came stays as it is, and its page says that it was "
                "recorded on the old value.",
                "{count} movements since it came stay as they are, and their page says that they "
                "were recorded on the old value.",
                moved,
            ).format(count=number(moved))
        )
    if command.expiry is not None:
        holds = holds_if_expiring(snapshot, lot, command.expiry.on, command.on)
        said.extend(corrections.warning(hold) for hold in holds if hold.why is not None)
    return said


def _written(snapshot: Snapshot, lot: AnyLot) -> LotWritten:
    values = {"expiry": day(lot.expires_on) if lot.expires_on else ""}
    suppliers: tuple[tuple[str, str], ...] = ()
    if isinstance(lot, RawLotRow) and lot.supplier_id is not None:
        values["supplier"] = str(lot.supplier_id)
        values["supplier_reference"] = lot.supplier_reference
        rows = sorted(snapshot.rows(SupplierRow), key=lambda row: row.name)
        suppliers = tuple((str(row.id), f"{row.name} ({row.code})") for row in rows)
    was_made = isinstance(lot, FinishedLotRow) and lot.order_id is not None
    if not was_made and "unit_price" not in withheld(lot):
        values["unit_price"] = PRICE.write(UnitPrice(lot.unit_price, lot.price_per))
    return LotWritten(values=values, suppliers=suppliers)


def _day(when: date | None) -> str:
    return day(when) if when else NONE


def _supplier(snapshot: Snapshot, supplier_id: Any) -> str:
    row = snapshot.get(SupplierRow, supplier_id)
    return row.name if row else NONE
