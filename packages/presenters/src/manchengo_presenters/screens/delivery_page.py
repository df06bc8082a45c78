"""One delivery: what is to be loaded, what is in the van, what came back, and its steps."""

from collections.abc import Callable, Mapping
from datetime import date

from manchengo.application import by_code
from manchengo.application.choices import Choices
from manchengo.commands import (
    CancelDelivery,
    Command,
    ConfirmReception,
    DispatchDelivery,
    ReopenDelivery,
    UnloadLot,
)
from manchengo.domain.access import Permission
from manchengo.domain.ids import DeliveryId
from manchengo_presenters import confirmations, entering, parsing, words
from manchengo_presenters.language import _
from manchengo_presenters.screens.bills_shown import BillShown
from manchengo_presenters.screens.deciding import Deciding
from manchengo_presenters.screens.delivery_detail import (
    DeliveryDetail,
    LotOfDelivery,
    Step,
    delivery_detail,
    delivery_row,
)
from manchengo_presenters.screens.detail_page import DetailPage
from manchengo_presenters.screens.late_entry import DAY, DatedForm, LateEntry
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext

DESTROYED = "destroyed"
"""Under which it is kept that what comes back is not sold again."""

FIELDS = ("carrier", "short_reason", "received_by", "proof", "lot", "quantity", "reason", DAY)
ASKED: dict[Step, tuple[str, ...]] = {
    Step.DISPATCH: ("carrier", "short_reason", DAY),
    Step.RECEIVE: ("received_by", "proof", DAY),
    Step.LOAD: ("lot", "quantity", "reason", DAY),
    Step.RETURN: ("lot", "quantity", "reason", DAY),
    Step.REOPEN: ("reason",),
    Step.CANCEL: ("reason",),
}
"""What each step asks for; ``short_reason`` where the van lacks something."""

NEEDED: dict[Step, tuple[str, ...]] = {
    Step.DISPATCH: ("short_reason",),
    Step.RECEIVE: ("received_by",),
    Step.LOAD: ("lot",),
    Step.RETURN: ("lot", "quantity", "reason"),
    Step.REOPEN: ("reason",),
    Step.CANCEL: ("reason",),
}
"""What it takes."""

BESIDE = {
    "Ambiguous": "lot",
    "LotUnfit": "lot",
    "MoreThanOrdered": "quantity",
    "NotDeliveredThatMuch": "quantity",
    "NotEnoughInLot": "quantity",
    "NotFreshEnough": "reason",
    "NothingToDo": "quantity",
    "PartOfAPiece": "quantity",
    "ReasonMissing": "reason",
    "ScannedLotNotProposed": "reason",
    "TooFine": "quantity",
    "Unknown": "lot",
}
"""By the name of a refusal, the field that it is about."""


class DeliveryPage(DetailPage[DeliveryDetail], DatedForm, Deciding[Step]):
    """``detail``: None until it is there. ``deciding``: the step that the person is about to take;
    None while they are not. ``is_destroyed``: what comes back is not sold again. ``hints``: what
    is proposed, by field.
    """

    def __init__(self, context: ScreenContext, delivery_id: DeliveryId) -> None:
        super().__init__(context.background, dict.fromkeys(FIELDS, ""), beside=BESIDE)
        self._office = context.office
        self.context = context
        self._may_deliver = context.who.may(Permission.DELIVER)
        self._may_bill = context.who.may(Permission.ISSUE_INVOICES)
        self.may_see_bills = context.who.may(Permission.READ_PRICES)
        self.delivery_id = delivery_id
        self.is_destroyed = False
        self.hints: dict[str, str] = {}
        self.late = LateEntry(self, context.office)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What this person may do with it."""
        return self.detail.steps if self.detail and self._may_deliver else ()

    @property
    def may_load(self) -> bool:
        """Whether this person may load and unload."""
        return self.detail is not None and self.detail.may_load and self._may_deliver

    @property
    def primary(self) -> Step | None:
        """The step that goes on with it."""
        return next((step for step in self.steps if step in (Step.DISPATCH, Step.RECEIVE)), None)

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields of the step that was begun."""
        return self._of_this_one(ASKED)

    def _of_this_one(self, fields: Mapping[Step, tuple[str, ...]]) -> tuple[str, ...]:
        """Why it leaves with less is asked where it does."""
        if self.deciding is None:
            return ()
        is_short = bool(self.detail and self.detail.missing)
        return tuple(name for name in fields[self.deciding] if name != "short_reason" or is_short)

    @property
    def decision_words(self) -> str:
        """Of the button that takes the step that was begun."""
        if self.deciding is Step.DISPATCH and self.detail and self.detail.missing:
            return _("Leave all the same")
        return self.deciding.words if self.deciding else ""

    async def open_order(self) -> None:
        """To the order that it serves."""
        if self.detail is not None:
            await self.context.window.go(Screen.SALE, self.detail.order.id)

    @property
    def may_bill(self) -> bool:
        """Whether this person may invoice it, and nobody did."""
        detail = self.detail
        return self._may_bill and detail is not None and detail.has_left and not detail.bills

    async def bill(self) -> None:
        """To the invoice that would be issued for it."""
        await self.context.window.go(Screen.NEW_INVOICE, self.delivery_id)

    async def open_bill(self, bill: BillShown) -> None:
        """To that invoice."""
        await self.context.window.go(Screen.INVOICE, bill.invoice_id)

    @property
    def note_name(self) -> str:
        """What the file of the delivery note is called, unless somebody calls it otherwise."""
        return _("delivery-note-{code}.pdf").format(code=self.detail.code if self.detail else "")

    async def note_pdf(self) -> bytes | None:
        """The delivery note, to be printed; None where there is none or it could not be drawn."""
        note = self.detail.note if self.detail else None
        if note is None:
            return None
        return await self.attempt(lambda: self._office.papers.delivery_note(note))

    @property
    def fitting(self) -> tuple[Step, ...]:
        """What this person may do with it."""
        return self.steps

    def begin(self, action: Step | None) -> None:
        """About to take that step; None: leave it."""
        self.late.withdraw()
        self.deciding, self.is_destroyed, self.hints = action, False, {}
        self.fill()

    def chosen_beside(self) -> dict[str, str]:
        """That what comes back is not sold again."""
        return {DESTROYED: "1"} if self.is_destroyed else {}

    def choose_beside(self, draft: Mapping[str, str]) -> None:
        """That again."""
        self.is_destroyed = DESTROYED in draft

    def set_destroyed(self, is_destroyed: bool) -> None:
        """Whether what comes back is written off at once."""
        self.late.withdraw()
        self.is_destroyed = is_destroyed
        self.changed()

    async def load_lot(self, line: LotOfDelivery) -> None:
        """All of that lot that is still to be loaded is in the van."""
        await self._record(lambda choices: self._loading(choices, line.code))

    async def unload_lot(self, line: LotOfDelivery) -> None:
        """All of that lot comes off the van."""
        await self._record(
            lambda choices: UnloadLot(
                delivery_id=self.delivery_id, lot_id=line.lot_id, on=choices.day
            )
        )

    async def look(self) -> None:
        """Say how much of the lot that is typed would be loaded."""
        code = self.values["lot"].strip()
        if code:
            found = await self.attempt(lambda: self._offer(code))
            self.hints = {"quantity": found} if found else {}
            self.changed()

    def _offer(self, code: str) -> str:
        with self._office.reading() as snapshot:
            lot = by_code.lot(snapshot, code)
            row = delivery_row(snapshot, self.delivery_id)
            lacking, free = entering.loadable(snapshot, row, lot)
        return _("{lacking} are lacking, this lot has {free}. Left blank: {proposed}.").format(
            lacking=words.measured(lacking, lot.unit),
            free=words.measured(free, lot.unit),
            proposed=words.measured(min(lacking, free), lot.unit),
        )

    async def decide(self) -> None:
        """Take the step that was begun; what it changes of the past is shown first."""
        step = self.deciding
        if step is None or self.is_busy:
            return
        self.require(self._of_this_one(NEEDED))
        quantity = self.read("quantity", lambda text: parsing.quantity(text, least=1))
        self.late.check()
        if self.is_right:
            assert quantity is None or isinstance(quantity, int)
            build, on = self._asked(step, quantity), self.late.on
            await self.late.record(build, lambda: self._record(build, on))

    async def confirm(self) -> None:
        """Take the step that was begun, or begin the one that goes on."""
        if self.late.shown is not None:
            await self.late.confirm()
        elif self.deciding is not None:
            await self.decide()
        elif self.primary is not None:
            self.begin(self.primary)

    def _asked(self, step: Step, quantity: int | None) -> Callable[[Choices], Command]:
        said = {name: self.values[name].strip() for name in self.asked if name != DAY}
        delivery_id, is_destroyed = self.delivery_id, self.is_destroyed
        match step:
            case Step.LOAD:
                return lambda choices: self._loading(
                    choices, said["lot"], quantity, reason=said["reason"]
                )
            case Step.RETURN:
                return lambda choices: entering.return_of_a_lot(
                    choices,
                    delivery_id,
                    by_code.lot(choices.snapshot, said["lot"]),
                    quantity or 0,
                    reason=said["reason"],
                    is_destroyed=is_destroyed,
                )
            case _:
                return lambda choices: COMMANDS[step](
                    delivery_id=delivery_id, on=choices.day, **said
                )

    def _loading(
        self, choices: Choices, code: str, quantity: int | None = None, *, reason: str = ""
    ) -> Command:
        return entering.loading(
            choices,
            delivery_row(choices.snapshot, self.delivery_id),
            by_code.lot(choices.snapshot, code),
            quantity,
            reason=reason,
        )

    async def _record(self, build: Callable[[Choices], Command], on: date | None = None) -> None:
        if self.is_busy:
            return
        today, delivery_id = self._office.today(), self.delivery_id
        done = await self.attempt(
            lambda: self._office.record(
                build,
                lambda snapshot, _: next(
                    iter(confirmations.delivery(snapshot, delivery_id, today))
                ),
                on=on,
            )
        )
        if done is not None:
            self.begin(None)
            self.context.window.tell(done)
            await self.load()

    def _read(self) -> DeliveryDetail:
        today = self._office.today()
        with self._office.reading() as snapshot:
            return delivery_detail(snapshot, delivery_row(snapshot, self.delivery_id), today)


COMMANDS: dict[Step, Callable[..., Command]] = {
    Step.DISPATCH: DispatchDelivery,
    Step.RECEIVE: ConfirmReception,
    Step.REOPEN: ReopenDelivery,
    Step.CANCEL: CancelDelivery,
}
