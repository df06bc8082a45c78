"""The lots to count, what was counted of them, and the differences, recorded together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from uuid import UUID

from attrs import frozen

from manchengo.application.choices import Choices
from manchengo.application.genealogy import AnyLot
from manchengo.application.rehearsing import refusal_of
from manchengo.application.shelf import as_of_today, held_at
from manchengo.commands import Command
from manchengo.domain.access import Permission
from manchengo.domain.ids import LotId
from manchengo.ports.lists import AboveZero, Between, Condition, Cursor, ListQuery, OneOf
from manchengo.ports.rows import FinishedLotRow, RawLotRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import refusal_text
from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.screens.count_form import (
    CountDay,
    CountForm,
    LotToCount,
    lot_to_count,
)
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.late_entry import DAY
from manchengo_presenters.screens.lot_line import Products
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


class CountFilter(Enum):
    """Which lots are listed; the value is its words."""

    TO_COUNT = N_("To count")
    COUNTED = N_("Counted lots")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


@frozen(kw_only=True)
class ProductChoice:
    """A product of which something is there. ``key``: its id, "" for all of them."""

    key: str
    words: str


class StockCount(PagedList[CountForm]):
    """``filter``: which lots are listed. ``products``: those of which something is there;
    ``product``: the key of the one that is counted, "" for all of them. What was typed of a lot
    stays on whatever page it is, until it is recorded. ``day``: when it was counted; what is
    expected is of the evening of that day.
    """

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self._forms: dict[LotId, CountForm] = {}
        self.context = context
        self.may_count = context.who.may(Permission.COUNT_STOCK)
        self.filter = CountFilter.TO_COUNT
        self.products: tuple[ProductChoice, ...] = ()
        self.product = ""
        self.day = CountDay(context.background, context.office, self.changed)
        self._expected_on = context.office.today()

    # -------------------------------------------------------------------------------- the list

    async def set_filter(self, chosen: CountFilter) -> None:
        """List those."""
        self.filter = chosen
        await self.from_the_top()

    async def set_product(self, key: str) -> None:
        """List the lots of that product."""
        self.product = key
        await self.from_the_top()

    async def put_day(self, text: str) -> None:
        """What was typed as the day of the count; what is expected follows."""
        self.day.put(DAY, text)
        if self.day.late.on != self._expected_on:
            await self.load()

    async def opened(self, line: CountForm) -> None:
        """To that lot."""
        await self.context.window.go(Screen.LOT, line.lot.lot_id)

    def counted(self, count: int) -> str:
        """As in "3 lots"."""
        return ngettext("{count} lot", "{count} lots", count).format(count=number(count))

    @property
    def is_filtered(self) -> bool:
        """Whether only some lots are listed."""
        return self.filter is not CountFilter.TO_COUNT or bool(self.product)

    def unfilter(self) -> None:
        """List all of them."""
        self.filter, self.product = CountFilter.TO_COUNT, ""

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[CountForm]:
        """The page there, beside the loop; what is expected of counted lots is read anew."""
        query = ListQuery(where=self._conditions(), search=self.search, sort="code_key")
        kinds: tuple[type[RawLotRow | FinishedLotRow], ...] = (RawLotRow, FinishedLotRow)
        lists, on = self._office.lists(), self.day.late.on
        stock = [each for each in self._office.stock() if each.open_lots]
        found = lists.page(*kinds, query=query, size=SIZE, after=after, before=before)
        listed = {row.id: row for row in found.rows}
        with self._office.reading() as snapshot:
            products = Products(snapshot)
            for form in self.filled:
                lot_id = form.lot.lot_id
                row = snapshot.get(RawLotRow, lot_id) or snapshot.get(FinishedLotRow, lot_id)
                if row is not None:
                    listed.setdefault(lot_id, row)
            for row, expected in self._expected(snapshot, listed.values(), on):
                self._form(lot_to_count(row, expected, products.of(row.product_id)))
        self._expected_on = on
        self.products = (
            ProductChoice(key="", words=_("All products")),
            *(ProductChoice(key=str(each.product.id), words=each.product.name) for each in stock),
        )
        return ListPage(
            lines=tuple(self._forms[row.id] for row in found.rows),
            before=found.before,
            after=found.after,
            count=lists.count(*kinds, query=query),
        )

    def _expected(
        self, snapshot: Snapshot, rows: Iterable[AnyLot], on: date
    ) -> Iterator[tuple[AnyLot, int]]:
        """What each of these lots held when that day ended, in thousandths."""
        today = self._office.today()
        if on >= today:
            yield from ((held.row, held.on_hand) for held in as_of_today(snapshot, rows, today))
            return
        yield from ((row, held_at(snapshot, row.id, on)) for row in rows)

    def _conditions(self) -> tuple[Condition, ...]:
        on = self.day.late.on
        conditions: list[Condition] = [
            AboveZero("quantity_remaining"),
            *([Between("entered_on", last=on)] if on < self._office.today() else []),
        ]
        if self.filter is CountFilter.COUNTED:
            conditions = [OneOf("id", tuple(form.lot.lot_id for form in self.filled))]
        if self.product:
            conditions.append(OneOf("product_id", (UUID(self.product),)))
        return tuple(conditions)

    # ------------------------------------------------------------------------------ the counts

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """The day, and by its lot what was counted."""
        return {DAY: self.day, **{str(form.lot.lot_id): form for form in self.filled}}

    async def reopen(self, name: str) -> Form | None:
        """The form of that lot, on whatever page it is."""
        if name == DAY:
            return self.day
        return await self.attempt_quietly(lambda: self._form_of(LotId(UUID(name))))

    def _form_of(self, lot_id: LotId) -> CountForm | None:
        with self._office.reading() as snapshot:
            row = snapshot.get(RawLotRow, lot_id) or snapshot.get(FinishedLotRow, lot_id)
            if row is None:
                return None
            product = Products(snapshot).of(row.product_id)
            ((_, on_hand),) = self._expected(snapshot, (row,), self.day.late.on)
        return self._form(lot_to_count(row, on_hand, product))

    def _form(self, lot: LotToCount) -> CountForm:
        new = CountForm(self.context.background, lot, self.changed)
        form = self._forms.setdefault(lot.lot_id, new)
        form.renew(lot)
        return form

    @property
    def filled(self) -> list[CountForm]:
        """What was typed, lot by lot, on whatever page."""
        return [form for form in tuple(self._forms.values()) if form.is_filled]

    @property
    def differences(self) -> int:
        """How many lots were counted that hold something else than expected."""
        return sum(bool(form.difference) for form in self.filled)

    @property
    def summary(self) -> str:
        """How far the count is; "" before anything is counted."""
        counts = len(self.filled)
        if not counts:
            return ""
        lots = ngettext("{count} lot counted.", "{count} lots counted.", counts)
        return " ".join((lots.format(count=number(counts)), self._differences_words))

    @property
    def _differences_words(self) -> str:
        if not self.differences:
            return _("No difference.")
        words = ngettext("{count} difference.", "{count} differences.", self.differences)
        return words.format(count=number(self.differences))

    @property
    def wrong(self) -> str:
        """Which lots must be looked at before anything is recorded; "" where none must."""
        codes = [form.lot.code for form in self.filled if form.errors]
        if not codes:
            return ""
        sentence = ngettext(
            "Nothing is recorded yet. Look at {lots}.",
            "Nothing is recorded yet. Look at these lots: {lots}.",
            len(codes),
        )
        return sentence.format(lots=", ".join(codes))

    @property
    def confirm_words(self) -> str:
        """The words of the primary action."""
        return _("Record the differences") if self.differences else _("Record the count")

    async def confirm(self) -> None:
        """Record everything that was counted, or nothing where something stands in the way; what
        it changes of the past is shown first.
        """
        if self.day.late.shown is not None:
            await self.day.late.confirm()
            return
        forms = self.filled
        if self.is_busy or not forms or not self.may_count or not self.day.check():
            return
        unready = [form for form in forms if not form.check()]
        if unready or not await self._is_allowed(forms):
            await self._show_wrong()
            return
        on = self.day.late.on
        builds = [_counting(form) for form in forms]
        await self.day.late.record_all(builds, lambda: self._record(forms, on))

    async def _record(self, forms: list[CountForm], on: date) -> None:
        summary = self.summary
        done = await self.attempt(
            lambda: self._office.record_all(
                lambda choices: [form.command(choices.day) for form in forms], on=on
            )
        )
        if done is None:
            return
        sent, day = [dict(form.values) for form in forms], dict(self.day.values)
        for form in forms:
            form.fill()
        self.day.fill()
        said = " ".join((_("Recorded."), summary))
        self.context.window.tell_all(done, said, lambda: self._again(forms, sent, day))
        await self.clear()

    def _again(
        self, forms: list[CountForm], sent: list[dict[str, str]], day: dict[str, str]
    ) -> None:
        """The counts were taken back; what was typed is there to be corrected."""
        for form, values in zip(forms, sent, strict=True):
            form.put_back(values)
        self.day.put_back(day)
        self.changed()

    async def _is_allowed(self, forms: list[CountForm]) -> bool:
        """Whether no rule refuses one of them; what one says of a lot stands beside it."""
        refused = await self.attempt(lambda: self._refusals(forms))
        for form, sentence in refused or ():
            form.refuse(sentence)
        return refused == []

    def _refusals(self, forms: list[CountForm]) -> list[tuple[CountForm, str]]:
        on = self.day.late.on
        with self._office.reading() as snapshot:
            asked = [(form, refusal_of(snapshot, form.command(on))) for form in forms]
        return [
            (form, refusal_text.sentence(refusal)) for form, refusal in asked if refusal is not None
        ]

    async def _show_wrong(self) -> None:
        """List the counted lots, among them those that stand in the way."""
        problem = self.problem
        self.empty_search()
        self.product = ""
        await self.set_filter(CountFilter.COUNTED)
        self.problem = problem
        self.changed()


def _counting(form: CountForm) -> Callable[[Choices], Command]:
    return lambda choices: form.command(choices.day)
