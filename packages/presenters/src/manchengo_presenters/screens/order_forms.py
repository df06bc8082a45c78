"""The forms of the steps of a production order: pour, take back, complete, end or reopen."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date

from manchengo.application.choices import Choices
from manchengo.commands import (
    CancelProduction,
    Command,
    ConsumeMaterial,
    ReopenProduction,
    TakeBackMaterial,
)
from manchengo.domain.ids import LotId
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.store import Snapshot
from manchengo_presenters import confirmations, entering_production, parsing, words
from manchengo_presenters.entering_production import Obtained
from manchengo_presenters.formatting import quantity as written_quantity
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.late_entry import DAY, DatedForm, LateEntry
from manchengo_presenters.screens.office import Recorded
from manchengo_presenters.screens.order_detail import LotChoice, MaterialLine, OrderDetail
from manchengo_presenters.screens.screen_context import ScreenContext

REASONS = (
    N_("The proposed lot was not found"),
    N_("This lot was open already"),
    N_("The proposed lot looks bad"),
)
"""Why people take another lot than the one proposed, ready to be chosen."""

OF_QUANTITY = dict.fromkeys(
    ("NothingToDo", "PartOfAPiece", "TooFine", "NotEnoughInLot", "NotPouredThatMuch"), "quantity"
)

OnEnd = Callable[["StepForm"], Awaitable[None]]
Sentence = Callable[[Snapshot, Command], str]


class StepForm(DatedForm):
    """The form of one step. ``done``: what was recorded of it, None before that. ``on_end``: called
    once it is.
    """

    def __init__(
        self,
        context: ScreenContext,
        detail: OrderDetail,
        on_end: OnEnd,
        fields: Mapping[str, str],
        beside: Mapping[str, str],
    ) -> None:
        super().__init__(context.background, fields, beside=beside)
        self._office = context.office
        self._on_end = on_end
        self.detail = detail
        self.done: Recorded | None = None
        self.late = LateEntry(self, context.office)

    @property
    def has_day(self) -> bool:
        """Whether it may have happened on another day."""
        return DAY in self.values

    @property
    def title(self) -> str:
        """What it does."""
        raise NotImplementedError

    @property
    def button(self) -> str:
        """The words of its primary action."""
        raise NotImplementedError

    def renew(self, detail: OrderDetail) -> None:
        """The order changed meanwhile; what was typed stays."""
        self.detail = detail

    async def record(self, build: Callable[[Choices], Command], sentence: Sentence) -> None:
        """Record it; the form is over then. What it changes of the past is shown first."""
        on = self.late.on
        await self.late.record(build, lambda: self._record(build, sentence, on))

    async def _record(
        self, build: Callable[[Choices], Command], sentence: Sentence, on: date
    ) -> None:
        done = await self.attempt(lambda: self._office.record(build, sentence, on=on))
        if done is not None:
            self.done = done
            await self._on_end(self)

    def quantity(self, name: str, unit: str, *, least: int) -> Quantity | None:
        """What that field holds, in that unit; None where it is blank or cannot be read."""
        amount = self.read(name, lambda text: parsing.quantity(text, least=least))
        if amount is None:
            return None
        assert isinstance(amount, int)
        return Quantity(amount, Unit(unit))

    def said(self, snapshot: Snapshot, _command: Command) -> str:
        """How the order is now."""
        lines = confirmations.production(snapshot, self.detail.row.id, self._office.today())
        return next(iter(lines))


class PourForm(StepForm):
    """What is poured, of which lot; a lot that was not proposed takes a reason."""

    def __init__(
        self,
        context: ScreenContext,
        detail: OrderDetail,
        on_end: OnEnd,
        *,
        lot: LotChoice | None = None,
    ) -> None:
        super().__init__(
            context,
            detail,
            on_end,
            {"lot": "", "quantity": "", "reason": "", DAY: ""},
            {
                **OF_QUANTITY,
                "LotNotProposed": "reason",
                "LotUnfit": "lot",
                "NotAnIngredient": "lot",
            },
        )
        chosen = lot or next(iter(self._lots()), None)
        if chosen is not None:
            self.choose("lot", str(chosen.lot_id))

    @property
    def title(self) -> str:
        """What it does."""
        return _("Pour a lot")

    @property
    def button(self) -> str:
        """The words of its primary action."""
        return _("Pour")

    def _lots(self) -> Iterable[LotChoice]:
        materials = sorted(self.detail.materials, key=lambda each: not each.left)
        for material in materials:
            yield from material.picks
        for material in materials:
            yield from material.others

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The lots that may be poured, each with its words."""
        return [(str(each.lot_id), f"{each.code} · {each.amount}") for each in self._lots()]

    def choose(self, name: str, key: str) -> None:
        """That lot, and of it what is still to be poured."""
        lot, material = self._found(key)
        if lot is None or material is None:
            return
        amount = min(lot.quantity, material.left) if material.left else lot.quantity
        quantity, on = written_quantity(amount.thousandths), self.values[DAY]
        self.fill(**{name: key, "quantity": quantity, DAY: on})

    def choose_reason(self, reason: str) -> None:
        """One of those that are ready."""
        self.fill(**(self.values | {"reason": reason}))

    def _found(self, key: str) -> tuple[LotChoice | None, MaterialLine | None]:
        for material in self.detail.materials:
            for lot in (*material.picks, *material.others):
                if str(lot.lot_id) == key:
                    return lot, material
        return None, None

    @property
    def lot(self) -> LotChoice | None:
        """The lot that is chosen."""
        return self._found(self.values["lot"])[0]

    @property
    def quantity_label(self) -> str:
        """With the unit of the lot."""
        if self.lot is None:
            return _("Quantity")
        return _("Quantity ({unit})").format(unit=words.unit_word(2_000, self.lot.quantity.unit))

    @property
    def question(self) -> str:
        """What is asked of who takes another lot than those proposed; "" where it is one."""
        lot, material = self._found(self.values["lot"])
        if lot is None or material is None or lot.lot_id in material.proposed:
            return ""
        first = next(iter(material.picks), None)
        if first is None:
            return _("This lot was not proposed. Take it all the same?")
        if first.entered_on < lot.entered_on:
            return _("Proposed: {lot}, older. Take this one?").format(lot=first.code)
        return _("Proposed: {lot}. Take this one?").format(lot=first.code)

    async def confirm(self) -> None:
        """Record it."""
        lot = self.lot
        self.require(("lot", "quantity", *(("reason",) if self.question else ())))
        self.require_found("lot", lot)
        quantity = self.quantity("quantity", lot.quantity.unit, least=1) if lot else None
        self.late.check()
        if self.is_busy or not self.is_right or lot is None or quantity is None:
            return
        order_id, lot_id, poured = self.detail.row.id, lot.lot_id, quantity
        reason = self.values["reason"].strip()
        await self.record(
            lambda choices: ConsumeMaterial(
                order_id=order_id,
                lot_id=lot_id,
                quantity=poured,
                on=choices.day,
                override_reason=reason,
            ),
            lambda *_: _poured(self.detail.line.code, lot.code, poured),
        )


class TakeBackForm(StepForm):
    """What was poured of a lot by mistake."""

    def __init__(
        self, context: ScreenContext, detail: OrderDetail, on_end: OnEnd, *, lot_id: LotId
    ) -> None:
        super().__init__(context, detail, on_end, {"quantity": ""}, OF_QUANTITY)
        self.lot_id = lot_id
        lines = [each for each in detail.poured if each.lot_id == lot_id]
        self.code = lines[0].code if lines else ""
        self.unit = lines[0].unit if lines else ""

    @property
    def title(self) -> str:
        """What it does."""
        return _("Take back what was poured of {lot}").format(lot=self.code)

    @property
    def button(self) -> str:
        """The words of its primary action."""
        return _("Take back")

    @property
    def quantity_hint(self) -> str:
        """What is recorded where nothing is typed."""
        return _("Left blank: all of it.")

    async def confirm(self) -> None:
        """Record it."""
        self.require(())
        quantity = self.quantity("quantity", self.unit, least=1)
        if self.is_busy or not self.is_right:
            return
        order_id, lot_id = self.detail.row.id, self.lot_id
        await self.record(
            lambda choices: TakeBackMaterial(
                order_id=order_id, lot_id=lot_id, on=choices.day, quantity=quantity
            ),
            self.said,
        )


class EndForm(StepForm):
    """Why an order is cancelled, or ``reopens`` after all."""

    def __init__(
        self, context: ScreenContext, detail: OrderDetail, on_end: OnEnd, *, reopens: bool
    ) -> None:
        super().__init__(context, detail, on_end, {"reason": ""}, {"ReasonMissing": "reason"})
        self.reopens = reopens

    @property
    def title(self) -> str:
        """What it does."""
        if not self.reopens:
            return _("Cancel the order: what was not poured goes back to the stock")
        return _("Reopen the order: the lots that came out of it are void")

    @property
    def button(self) -> str:
        """The words of its primary action."""
        return _("Reopen") if self.reopens else _("Cancel the order")

    async def confirm(self) -> None:
        """Record it."""
        self.require(("reason",))
        if self.is_busy or not self.is_right:
            return
        command = ReopenProduction if self.reopens else CancelProduction
        order_id, reason = self.detail.row.id, self.values["reason"].strip()
        await self.record(
            lambda choices: command(order_id=order_id, on=choices.day, reason=reason), self.said
        )


class CompleteForm(StepForm):
    """What came out, what was lost and why. ``doubts``: what is unlikely about it, which the person
    looks at before it is recorded.
    """

    def __init__(self, context: ScreenContext, detail: OrderDetail, on_end: OnEnd) -> None:
        self.by_products = {f"by_product_{row.code}": row for row in detail.by_products}
        fields = ("obtained", "expires", *self.by_products, "lost", "loss_reason", DAY)
        super().__init__(
            context,
            detail,
            on_end,
            dict.fromkeys(fields, ""),
            {
                "ExpiresBeforeReception": "expires",
                "NothingToDo": "obtained",
                "PartOfAPiece": "obtained",
                "ReasonMissing": "loss_reason",
                "TooFine": "obtained",
            },
        )
        self.doubts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it does."""
        return _("What came out")

    @property
    def button(self) -> str:
        """The words of its primary action."""
        return _("Record all the same") if self.doubts else _("Complete")

    def put(self, name: str, text: str) -> None:
        """What the person typed; it is looked at anew."""
        self.doubts = ()
        super().put(name, text)
        self.changed()

    def label(self, name: str, unit: str) -> str:
        """The name of a quantity with its unit."""
        return _("{name} ({unit})").format(name=name, unit=words.unit_word(2_000, unit))

    @property
    def obtained_hint(self) -> str:
        """What the recipe gives."""
        return _("By the recipe: {quantity}.").format(quantity=words.measure(self.detail.expected))

    async def confirm(self) -> None:
        """Record it; what is unlikely is shown first."""
        self.require(("obtained",))
        build = self._build()
        if self.is_busy or not self.is_right or build is None:
            return
        if not self.doubts:
            doubts = await self.attempt(lambda: self._office.doubts(build))
            if doubts is None:
                return
            if doubts:
                self.doubts = doubts
                self.changed()
                return
        await self.record(build, self.said)

    def _build(self) -> Callable[[Choices], Command] | None:
        row, product = self.detail.row, self.detail.product
        main = self.quantity("obtained", product.unit, least=0)
        lost = self.quantity("lost", product.unit, least=1)
        beside = [
            Obtained(each, amount)
            for name, each in self.by_products.items()
            if (amount := self.quantity(name, each.unit, least=1)) is not None
        ]
        expires = self.read("expires", parsing.day)
        self.late.check()
        assert expires is None or isinstance(expires, date)
        if lost is not None and not self.values["loss_reason"].strip():
            self.errors["loss_reason"] = _("Fill this in.")
        if main is None:
            return None
        obtained, reason = Obtained(product, main), self.values["loss_reason"].strip()
        return lambda choices: entering_production.complete(
            choices,
            row,
            obtained,
            beside,
            lost=lost,
            loss_reason=reason,
            expires=expires,
        )


def _poured(order: str, lot: str, quantity: Quantity) -> str:
    return _("Poured into {order}: {quantity} of {lot}.").format(
        order=order, quantity=words.measure(quantity), lot=lot
    )
