"""One production order: what may be done next, and the form that it takes."""

from collections.abc import Callable, Mapping
from enum import Enum

from manchengo.application.choices import Choices
from manchengo.commands import Command, StartProduction
from manchengo.domain.access import Permission
from manchengo.domain.ids import LotId, ProductionOrderId
from manchengo_presenters import confirmations
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.detail_page import DetailPage
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.order_detail import (
    LotChoice,
    OrderDetail,
    PouredLine,
    order_detail,
)
from manchengo_presenters.screens.order_forms import (
    CompleteForm,
    EndForm,
    PourForm,
    StepForm,
    TakeBackForm,
)
from manchengo_presenters.screens.scans import Looked
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


class Step(Enum):
    """What may be done with an order; the value is the words of its button."""

    START = N_("Start")
    POUR = N_("Pour")
    COMPLETE = N_("Complete")
    CANCEL = N_("Cancel the order")
    REOPEN = N_("Reopen")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


FITTING = {
    "planned": (Step.START, Step.CANCEL),
    "started": (Step.POUR, Step.COMPLETE, Step.CANCEL),
    "completed": (Step.REOPEN,),
    "cancelled": (Step.REOPEN,),
}


TAKE_BACK = "TAKE_BACK "
"""How the name of a form begins that takes back what was poured; the id of the lot follows. Other
forms are named as their steps.
"""


class OrderPage(DetailPage[OrderDetail]):
    """``detail``: None until it is there. ``form``: of the step that the person is about to take;
    None while they are not.
    """

    def __init__(self, context: ScreenContext, order_id: ProductionOrderId) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.order_id = order_id
        self.may_produce = context.who.may(Permission.PRODUCE)
        self.form: StepForm | None = None
        self._form_name = ""

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """That of the step that the person is about to take."""
        return {} if self.form is None else {self._form_name: self.form}

    async def reopen(self, name: str) -> Form | None:
        """That of a step which still fits."""
        poured = self.detail.poured if self.detail else ()
        step = next((each for each in self.steps if each.name == name), None)
        if step is not None and step is not Step.START:
            await self.take(step)
        elif lot_id := next((each.lot_id for each in poured if name == _taking_back(each)), None):
            self.begin_taking_back(lot_id)
        return self.form

    async def load(self) -> None:
        """Read it anew; what was typed of a step stays."""
        await super().load()
        if self.form is not None and self.detail is not None:
            self.form.renew(self.detail)
            self.changed()

    def _read(self) -> OrderDetail:
        with self._office.reading() as snapshot:
            return order_detail(snapshot, self.order_id, self._office.today())

    @property
    def steps(self) -> tuple[Step, ...]:
        """What this person may do with it now."""
        detail = self.detail
        if detail is None or not self.may_produce:
            return ()
        left_out = {Step.START} if detail.status == "planned" and detail.is_short else set()
        if not any(each.picks or each.others for each in detail.materials):
            left_out.add(Step.POUR)
        if not detail.poured:
            left_out.add(Step.COMPLETE)
        return tuple(each for each in FITTING.get(detail.status, ()) if each not in left_out)

    @property
    def next_step(self) -> Step | None:
        """What is most likely to come next: the primary action."""
        detail, steps = self.detail, self.steps
        if detail is None or self.form is not None:
            return None
        if Step.COMPLETE in steps and detail.is_poured:
            return Step.COMPLETE
        return steps[0] if steps and steps[0] in (Step.START, Step.POUR) else None

    async def take(self, step: Step) -> None:
        """Take that step, or begin its form."""
        match step:
            case Step.START:
                await self.start()
            case Step.POUR:
                self.begin_pouring()
            case Step.COMPLETE:
                self._begin(
                    step.name, lambda detail: CompleteForm(self.context, detail, self._ended)
                )
            case Step.CANCEL | Step.REOPEN:
                reopens = step is Step.REOPEN
                self._begin(
                    step.name,
                    lambda detail: EndForm(self.context, detail, self._ended, reopens=reopens),
                )

    async def start(self) -> None:
        """Reserve what it takes."""
        order_id = self.order_id
        await self._record(lambda choices: StartProduction(order_id=order_id, on=choices.day))

    def begin_pouring(self, lot: LotChoice | None = None) -> None:
        """The form of a pouring, of that lot; None: of the first proposed one."""
        self._begin(
            Step.POUR.name, lambda detail: PourForm(self.context, detail, self._ended, lot=lot)
        )

    async def scanned(self, looked: Looked) -> bool:
        """The label of a lot that may be poured here: it is what is poured next."""
        materials = self.detail.materials if self.detail and Step.POUR in self.steps else ()
        lots = (lot for each in materials for lot in (*each.picks, *each.others))
        lot = next((each for each in lots if each.lot_id == looked.subject), None)
        if lot is None:
            return False
        self.begin_pouring(lot)
        return True

    def begin_taking_back(self, lot_id: LotId) -> None:
        """The form that takes back what was poured of that lot."""
        self._begin(
            f"{TAKE_BACK}{lot_id}",
            lambda detail: TakeBackForm(self.context, detail, self._ended, lot_id=lot_id),
        )

    def _begin(self, name: str, form: Callable[[OrderDetail], StepForm]) -> None:
        if self.detail is not None and self.may_produce:
            self._form_name = name
            self._show(form(self.detail))

    def _show(self, form: StepForm | None) -> None:
        self.form = form
        self.problem = None
        self.changed()

    def leave_form(self) -> None:
        """Take no step after all."""
        self._show(None)

    async def _ended(self, form: StepForm) -> None:
        """A form was recorded; taken back, it is there again."""
        name = self._form_name
        self._show(None)
        assert form.done is not None, "it was recorded"

        def again() -> None:
            self._form_name = name
            self._show(form)

        self.context.window.tell(form.done, again)
        await self.load()

    async def _record(self, build: Callable[[Choices], Command]) -> None:
        if self.is_busy:
            return
        order_id, today = self.order_id, self._office.today()
        done = await self.attempt(
            lambda: self._office.record(
                build,
                lambda snapshot, _: next(iter(confirmations.production(snapshot, order_id, today))),
            )
        )
        if done is not None:
            self.context.window.tell(done)
            await self.load()

    async def open_lot(self, lot_id: LotId) -> None:
        """To that lot."""
        await self.context.window.go(Screen.LOT, lot_id)

    async def confirm(self) -> None:
        """Record the form, or what it changes of the past; without one, take the next step."""
        if self.form is not None and self.form.late.shown is not None:
            await self.form.late.confirm()
        elif self.form is not None:
            await self.form.confirm()
        elif self.next_step is not None:
            await self.take(self.next_step)


def _taking_back(line: PouredLine) -> str:
    return f"{TAKE_BACK}{line.lot_id}"
