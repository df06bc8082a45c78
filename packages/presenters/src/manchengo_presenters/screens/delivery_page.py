"""One delivery: what is to be loaded, what is in the van, what came back, and its steps."""

from collections.abc import Callable
from datetime import date
from enum import Enum

from attrs import frozen

from manchengo.application import by_code
from manchengo.application.by_id import lot_of, product_of
from manchengo.application.choices import Choices
from manchengo.application.holds import holds_of_order, waiting_for
from manchengo.commands import (
    CancelDelivery,
    Command,
    ConfirmReception,
    DispatchDelivery,
    ReopenDelivery,
    UnloadLot,
)
from manchengo.domain.access import Permission
from manchengo.domain.delivery import ALLOWED
from manchengo.domain.ids import DeliveryId, LotId
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import DeliveryLineRow, DeliveryRow, SalesOrderRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import confirmations, entering, parsing, words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import N_, _
from manchengo_presenters.open_orders import client_of
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.tones import Tone, tone_of_delivery


class Step(Enum):
    """What a person does with a delivery; the value is the words of its button."""

    DISPATCH = N_("Let the van leave")
    RECEIVE = N_("The client has it")
    LOAD = N_("Load another lot")
    RETURN = N_("Take back a return")
    REOPEN = N_("Reopen the delivery")
    CANCEL = N_("Cancel the delivery")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


FIELDS = ("carrier", "received_by", "proof", "lot", "quantity", "reason")
ASKED: dict[Step, tuple[str, ...]] = {
    Step.DISPATCH: ("carrier",),
    Step.RECEIVE: ("received_by", "proof"),
    Step.LOAD: ("lot", "quantity", "reason"),
    Step.RETURN: ("lot", "quantity", "reason"),
    Step.REOPEN: ("reason",),
    Step.CANCEL: ("reason",),
}
"""What each step asks for."""

NEEDED: dict[Step, tuple[str, ...]] = {
    Step.DISPATCH: (),
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


@frozen(kw_only=True)
class LotOfDelivery:
    """A lot that is to be loaded or is in the van. ``waiting``: what of it is still to be loaded;
    ``unfit``: why it may not leave any more, "" where it may.
    """

    lot_id: LotId
    code: str
    product: str
    waiting: str
    loaded: str
    returned: str
    unfit: str


@frozen(kw_only=True)
class DeliveryDetail:
    """``facts``: a name and a value each. ``missing``: what the van still lacks, in a sentence, ""
    where it lacks nothing. ``steps``: those that its state allows.
    """

    code: str
    client: str
    state: str
    tone: Tone
    order: SalesOrderRow
    facts: tuple[tuple[str, str], ...]
    lots: tuple[LotOfDelivery, ...]
    missing: str
    steps: tuple[Step, ...]
    may_load: bool


class DeliveryPage(Form):
    """``detail``: None until it is there. ``deciding``: the step that the person is about to take;
    None while they are not. ``is_destroyed``: what comes back is not sold again. ``hints``: what
    is proposed, by field.
    """

    def __init__(self, context: ScreenContext, delivery_id: DeliveryId) -> None:
        super().__init__(context.background, dict.fromkeys(FIELDS, ""), beside=BESIDE)
        self._office = context.office
        self.context = context
        self._may_deliver = context.who.may(Permission.DELIVER)
        self.delivery_id = delivery_id
        self.detail: DeliveryDetail | None = None
        self.deciding: Step | None = None
        self.is_destroyed = False
        self.hints: dict[str, str] = {}

    async def load(self) -> None:
        """Read it anew; what was shown before stays until then."""
        found = await self.attempt(self._read)
        if found is not None:
            self.detail = found
            self.changed()

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
    def decision_words(self) -> str:
        """Of the button that takes the step that was begun."""
        if self.deciding is Step.DISPATCH and self.detail and self.detail.missing:
            return _("Leave all the same")
        return self.deciding.words if self.deciding else ""

    async def open_order(self) -> None:
        """To the order that it serves."""
        if self.detail is not None:
            await self.context.window.go(Screen.SALE, self.detail.order.id)

    def begin(self, step: Step | None) -> None:
        """About to take that step; None: leave it."""
        self.deciding, self.is_destroyed, self.hints = step, False, {}
        self.fill()

    def set_destroyed(self, is_destroyed: bool) -> None:
        """Whether what comes back is written off at once."""
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
            row = _delivery(snapshot, self.delivery_id)
            lacking, free = entering.loadable(snapshot, row, lot)
        return _("{lacking} are lacking, this lot has {free}. Left blank: {proposed}.").format(
            lacking=words.measured(lacking, lot.unit),
            free=words.measured(free, lot.unit),
            proposed=words.measured(min(lacking, free), lot.unit),
        )

    async def decide(self) -> None:
        """Take the step that was begun."""
        step = self.deciding
        if step is None or self.is_busy:
            return
        self.require(NEEDED[step])
        quantity = self.read("quantity", lambda text: parsing.quantity(text, least=1))
        if self.is_right:
            assert quantity is None or isinstance(quantity, int)
            await self._record(self._asked(step, quantity))

    async def confirm(self) -> None:
        """Take the step that was begun, or begin the one that goes on."""
        if self.deciding is not None:
            await self.decide()
        elif self.primary is not None:
            self.begin(self.primary)

    def _asked(self, step: Step, quantity: int | None) -> Callable[[Choices], Command]:
        said = {name: self.values[name].strip() for name in ASKED[step]}
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
            _delivery(choices.snapshot, self.delivery_id),
            by_code.lot(choices.snapshot, code),
            quantity,
            reason=reason,
        )

    async def _record(self, build: Callable[[Choices], Command]) -> None:
        if self.is_busy:
            return
        today, delivery_id = self._office.today(), self.delivery_id
        done = await self.attempt(
            lambda: self._office.record(
                build,
                lambda snapshot, _: next(
                    iter(confirmations.delivery(snapshot, delivery_id, today))
                ),
            )
        )
        if done is not None:
            self.begin(None)
            self.context.window.tell(done)
            await self.load()

    def _read(self) -> DeliveryDetail:
        today = self._office.today()
        with self._office.reading() as snapshot:
            return delivery_detail(snapshot, _delivery(snapshot, self.delivery_id), today)


COMMANDS: dict[Step, Callable[..., Command]] = {
    Step.DISPATCH: DispatchDelivery,
    Step.RECEIVE: ConfirmReception,
    Step.REOPEN: ReopenDelivery,
    Step.CANCEL: CancelDelivery,
}


def delivery_detail(snapshot: Snapshot, row: DeliveryRow, today: date) -> DeliveryDetail:
    """That delivery at that moment."""
    order = snapshot.get(SalesOrderRow, row.order_id)
    assert order is not None, "a delivery is of an order"
    is_open = row.status in ALLOWED["load"]
    waiting = waiting_for(snapshot, row) if is_open else {}
    facts = [(_("Order"), order.code), (_("Prepared on"), day(row.day))]
    if row.dispatched_on:
        facts.append((_("Left on"), day(row.dispatched_on)))
    named = (
        (_("Driver"), row.carrier),
        (_("Received by"), row.received_by),
        (_("Proof"), row.proof),
        (_("Reason"), row.reason),
    )
    facts.extend((name, value) for name, value in named if value)
    return DeliveryDetail(
        code=row.code,
        client=client_of(snapshot, row.client_id).name,
        state=words.state("delivery", row.status),
        tone=tone_of_delivery(row.status),
        order=order,
        facts=tuple(facts),
        lots=_lots(snapshot, row, waiting, today),
        missing=_missing(snapshot, waiting),
        steps=tuple(step for step in Step if row.status in ALLOWED[step.name.lower()]),
        may_load=is_open,
    )


def _lots(
    snapshot: Snapshot, row: DeliveryRow, waiting: dict[LotId, int], today: date
) -> tuple[LotOfDelivery, ...]:
    """First what is to be loaded, in the order in which it is proposed."""
    unfit = {
        hold.lot: words.word(words.SKIPPED, hold.why)
        for hold in holds_of_order(snapshot, row.order_id, today)
        if hold.why
    }
    lines: dict[LotId, DeliveryLineRow] = {
        line.lot_id: line for line in snapshot.rows(DeliveryLineRow, delivery_id=row.id)
    }
    found = []
    for lot_id in dict.fromkeys([*waiting, *lines]):
        lot, line = lot_of(snapshot, lot_id), lines.get(lot_id)
        left, loaded = waiting.get(lot_id, 0), line.quantity if line else 0
        returned = line.returned if line else 0
        found.append(
            LotOfDelivery(
                lot_id=lot_id,
                code=lot.code,
                product=product_of(snapshot, lot.product_id).name,
                waiting=words.measured(left, lot.unit) if left else "",
                loaded=words.measured(loaded, lot.unit) if loaded else "",
                returned=words.measured(returned, lot.unit) if returned else "",
                unfit=unfit.get(lot.code, ""),
            )
        )
    return tuple(found)


def _missing(snapshot: Snapshot, waiting: dict[LotId, int]) -> str:
    sums: dict[object, Quantity] = {}
    names: dict[object, str] = {}
    for lot_id, left in waiting.items():
        lot = lot_of(snapshot, lot_id)
        amount = Quantity(left, Unit(lot.unit))
        before = sums.get(lot.product_id)
        sums[lot.product_id] = before + amount if before else amount
        names[lot.product_id] = product_of(snapshot, lot.product_id).name
    if not sums:
        return ""
    said = ", ".join(f"{words.measure(sums[each])} ({names[each]})" for each in sums)
    return _("The van still lacks {lacking}.").format(lacking=said)


def _delivery(snapshot: Snapshot, delivery_id: DeliveryId) -> DeliveryRow:
    row = snapshot.get(DeliveryRow, delivery_id)
    assert row is not None, "it was opened where it is listed"
    return row
