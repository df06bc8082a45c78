"""What was counted of one lot, beside what is expected of it."""

from collections.abc import Callable
from datetime import date

from attrs import frozen

from manchengo.application.genealogy import AnyLot
from manchengo.commands import CountLot
from manchengo.domain.ids import LotId
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import ProductRow
from manchengo_presenters import parsing, words
from manchengo_presenters.formatting import quantity as written_quantity
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.late_entry import DAY, DatedForm, LateEntry
from manchengo_presenters.screens.office import Office
from manchengo_presenters.screens.tones import Tone
from manchengo_presenters.screens.view_model import Background

REASONS = (
    N_("Spilled or broken"),
    N_("Lost weight"),
    N_("Entered wrongly"),
    N_("Not found"),
)
"""Why a count differs from what is expected, ready to be chosen."""


@frozen(kw_only=True)
class LotToCount:
    """``expected``: what the lot holds when the day ends, as far as it is recorded, in thousandths
    of ``unit``.
    """

    lot_id: LotId
    code: str
    product: str
    arabic: str
    expected: int
    unit: str

    @property
    def expected_words(self) -> str:
        """That quantity, with its unit."""
        return words.measured(self.expected, self.unit)


def lot_to_count(row: AnyLot, on_hand: int, product: ProductRow) -> LotToCount:
    """That lot, as it is expected: it holds ``on_hand``, in thousandths."""
    return LotToCount(
        lot_id=row.id,
        code=row.code,
        product=product.name,
        arabic=product.name_ar,
        expected=on_hand,
        unit=row.unit,
    )


class CountDay(DatedForm):
    """The day of the whole count."""

    def __init__(
        self, background: Background, office: Office, on_change: Callable[[], None]
    ) -> None:
        """``on_change``: called after each change, of what was typed and of what is shown."""
        super().__init__(background, {DAY: ""})
        self._on_change = on_change
        self.late = LateEntry(self, office)

    def changed(self) -> None:
        """Tell the whole screen, too."""
        super().changed()
        self._on_change()

    def check(self) -> bool:
        """Whether it is a day; else what is wrong with it is shown."""
        self.require(())
        self.late.check()
        return self.is_right


class CountForm(Form):
    """``lot``: as it is expected now. ``quantity_field`` and ``reason_field``: the names of its two
    fields, which no other lot has.
    """

    def __init__(
        self, background: Background, lot: LotToCount, on_typing: Callable[[], None]
    ) -> None:
        """``on_typing``: called after each change of what was typed."""
        self.quantity_field = f"counted-{lot.code}"
        self.reason_field = f"reason-{lot.code}"
        super().__init__(background, {self.quantity_field: "", self.reason_field: ""})
        self.lot = lot
        self._on_typing = on_typing

    def renew(self, lot: LotToCount) -> None:
        """Something else is expected now; what was typed stays."""
        if lot != self.lot:
            self.lot = lot
            self.changed()

    def put(self, name: str, text: str) -> None:
        """What the person typed; the difference follows at once."""
        super().put(name, text)
        self.changed()
        self._on_typing()

    def count_as_expected(self) -> None:
        """The person says that all of it is there."""
        self.fill(**{self.quantity_field: written_quantity(self.lot.expected)})
        self._on_typing()

    def choose_reason(self, reason: str) -> None:
        """One of those that are ready."""
        self.fill(**(self.values | {self.reason_field: reason}))
        self._on_typing()

    def refuse(self, sentence: str) -> None:
        """A rule refuses the count."""
        self.errors[self.quantity_field] = sentence
        self.changed()

    @property
    def is_filled(self) -> bool:
        """Whether a quantity was typed, readable or not."""
        return bool(self.values[self.quantity_field].strip())

    @property
    def counted(self) -> int | None:
        """The quantity, in thousandths; None where there is none that can be read."""
        try:
            return parsing.quantity(self.values[self.quantity_field])
        except parsing.Unreadable:
            return None

    @property
    def difference(self) -> int:
        """What was counted more than expected; below zero: less."""
        return 0 if self.counted is None else self.counted - self.lot.expected

    @property
    def difference_words(self) -> str:
        """As it stands beside the quantity; "" while there is none."""
        if self.counted is None:
            return ""
        if not self.difference:
            return _("as expected")
        sign = "+" if self.difference > 0 else ""
        return sign + words.measured(self.difference, self.lot.unit)

    @property
    def tone(self) -> Tone:
        """Of the difference."""
        return Tone.WARN if self.difference else Tone.GOOD

    @property
    def question(self) -> str:
        """What is asked of who counted something else than expected; "" where they did not."""
        if self.counted is None or not self.difference:
            return ""
        return _("{counted} counted, {expected} expected: why?").format(
            counted=words.measured(self.counted, self.lot.unit),
            expected=self.lot.expected_words,
        )

    def check(self) -> bool:
        """Whether it may be recorded; else what stands in the way is shown."""
        self.require((self.reason_field,) if self.difference else ())
        self.read(self.quantity_field, parsing.quantity)
        return self.is_right

    def command(self, on: date) -> CountLot:
        """What was counted, as it is recorded on that day."""
        assert self.counted is not None, "it was checked"
        return CountLot(
            lot_id=self.lot.lot_id,
            counted=Quantity(self.counted, Unit(self.lot.unit)),
            on=on,
            reason=self.values[self.reason_field].strip() if self.difference else "",
        )
