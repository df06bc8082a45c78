"""A form of what is done with an invoice or a payment: recorded together, and over then."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from attrs import evolve

from manchengo.application.choices import Choices
from manchengo.commands import Command
from manchengo.domain.ids import InvoiceId
from manchengo.ports.rows import InvoiceRow
from manchengo.ports.store import Snapshot
from manchengo_presenters.language import _
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.view_model import ViewModel

OnEnd = Callable[[], Awaitable[None]]


class BillForm(Form):
    """``on_end``: called once it is recorded; ``on_again``: once that was taken back and what was
    typed is here again.
    """

    needed: tuple[str, ...] = ()

    def __init__(
        self,
        context: ScreenContext,
        on_end: OnEnd,
        fields: Mapping[str, str],
        beside: Mapping[str, str],
    ) -> None:
        super().__init__(context.background, fields, beside=beside)
        self._office = context.office
        self._context = context
        self._on_end = on_end
        self.on_again: Callable[[BillForm], None] = lambda _form: None

    @property
    def title(self) -> str:
        """What it does."""
        raise NotImplementedError

    @property
    def button(self) -> str:
        """The words of its primary action."""
        return _("Record")

    def build(self, choices: Choices) -> Sequence[Command]:
        """What is recorded, once ``check`` found nothing wrong."""
        raise NotImplementedError

    def check(self) -> None:
        """Read the fields; what is wrong stands beside them."""

    @property
    def recorded_words(self) -> str:
        """What was recorded."""
        raise NotImplementedError

    def choose(self, name: str, key: str) -> None:
        """One of the options of that field."""
        self.put(name, key)
        self.changed()

    async def submit(self) -> None:
        """Record it; the form is over then."""
        if self.is_busy:
            return
        self.require(self.needed)
        self.check()
        if not self.is_right:
            return
        done = await self.attempt(lambda: self._office.record_all(self.build))
        if done is not None:
            sent = dict(self.values)
            # The first takes what followed from it with it: a payment, what it paid.
            told = evolve(done[0], sentence=self.recorded_words)
            self._context.window.tell(told, lambda: self._again(sent))
            await self._on_end()

    def _again(self, sent: Mapping[str, str]) -> None:
        self.put_back(sent)
        self.on_again(self)


class ShowsBillForm(ViewModel):
    """``form``: of what the person is about to do; None while they are not."""

    form: BillForm | None = None
    _name = ""

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """What the person is about to do."""
        return {} if self.form is None else {self._name: self.form}

    def show(self, form: BillForm, name: str) -> None:
        """About to do that; again, where it was taken back. ``name``: of the form, by which it is
        opened again.
        """
        form.on_again = lambda again: self.show(again, name)
        self.form, self._name = form, name
        self.changed()

    def leave(self) -> None:
        """Do none of it."""
        self.form = None
        self.changed()


def invoice_row(snapshot: Snapshot, invoice_id: InvoiceId) -> InvoiceRow:
    """The row of an invoice that was opened where it is listed."""
    row = snapshot.get(InvoiceRow, invoice_id)
    assert row is not None, "it was opened where it is listed"
    return row
