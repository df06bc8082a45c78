"""A recall: what it reaches, whom to call, what to hold back; in earnest, or as a drill."""

from datetime import date, datetime
from enum import Enum

from attrs import evolve, frozen

from manchengo import ReferenceKind
from manchengo.application.by_id import lot_of
from manchengo.application.plant_details import plant_details_of
from manchengo.domain.access import Permission
from manchengo.domain.ids import LotId
from manchengo.ports.rows import (
    DeliveryRow,
    FinishedLotRow,
    ProductionOrderRow,
    RawLotRow,
    Row,
    SupplierRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters import entering, parsing, recall_words, words
from manchengo_presenters.beginnings import Start
from manchengo_presenters.formatting import begun
from manchengo_presenters.language import N_, _
from manchengo_presenters.recall_paper import RecallPaper, recall_paper
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.office import warnings_of
from manchengo_presenters.screens.recall_detail import RecallDetail, recall_detail
from manchengo_presenters.screens.recalls import Reached, Several
from manchengo_presenters.screens.scans import Looked
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext

FIELDS = ("reference", "supplier", "day", "reason")


class InHand(Enum):
    """What the person has in hand; the value is its words."""

    CODE = N_("A code or a number")
    DAY = N_("A supplier and a day")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


FIELDS_OF = {InHand.CODE: ("reference",), InHand.DAY: ("supplier", "day")}
KINDS: dict[type[Row], ReferenceKind] = {
    RawLotRow: ReferenceKind.LOT,
    FinishedLotRow: ReferenceKind.LOT,
    ProductionOrderRow: ReferenceKind.PRODUCTION_ORDER,
    DeliveryRow: ReferenceKind.DELIVERY,
}
"""What is in hand, by what its label is stuck on."""


@frozen(kw_only=True)
class Option:
    """One of the things that a reference could be. ``start``: that one."""

    key: str
    words: str
    start: Start


@frozen(kw_only=True)
class Shown:
    """``found``: None where something has to be said first, which ``options`` are."""

    reached: Reached | None
    detail: RecallDetail | None
    options: tuple[Option, ...] = ()


class RecallPage(Form):
    """``in_hand``: with what the person begins. ``detail``: None until they have said it and it is
    there; ``options``: what it could be, where that is several things. ``is_deciding``: they are
    about to recall, which takes a reason. ``began``: since when they practise; None where they do
    not; ``drilled``: how the last drill went, in a sentence.
    """

    keeps_drafts = False  # what is in hand is looked for, and a recall is said whole

    def __init__(self, context: ScreenContext, lot_id: LotId | None = None) -> None:
        """``lot_id``: the lot to begin with, where the screen was opened from one."""
        super().__init__(context.background, dict.fromkeys(FIELDS, ""), beside=_beside("reference"))
        self._office = context.office
        self.context = context
        self._lot_id = lot_id
        self._asked: Start | None = None
        self._reached: Reached | None = None
        self.in_hand = InHand.CODE
        self.suppliers: tuple[tuple[str, str], ...] = ()
        self.options: tuple[Option, ...] = ()
        self.detail: RecallDetail | None = None
        self.is_deciding = False
        self.began: datetime | None = None
        self.drilled = ""

    # --------------------------------------------------------------------------- what is in hand

    async def load(self) -> None:
        """Read anew who the suppliers are, and what the recall reaches."""
        if self._lot_id is not None and self._asked is None:
            lot_id = self._lot_id
            asked = await self.attempt(lambda: self._start_of(lot_id))
            if asked is not None:
                self.fill(reference=asked.reference or "")
                await self._look(asked)
        suppliers = await self.attempt_quietly(self._suppliers)
        if suppliers is not None and suppliers != self.suppliers:
            self.suppliers = suppliers
            self.changed()
        if self.detail is not None and self._asked is not None:
            asked = self._asked
            found = await self.attempt_quietly(lambda: self._read(asked))
            if found is not None and self._asked is asked:
                self._show(found)

    def begin_with(self, in_hand: InHand) -> None:
        """Begin with that."""
        self.in_hand = in_hand
        self._beside = _beside(FIELDS_OF[in_hand][-1])
        self.errors = {}
        self.changed()

    async def look(self) -> None:
        """What a recall of what is in hand would reach; nothing is changed."""
        self.require(FIELDS_OF[self.in_hand])
        on = self.read("day", parsing.day) if self.in_hand is InHand.DAY else None
        if self.is_busy or not self.is_right:
            return
        if self.in_hand is InHand.DAY:
            assert isinstance(on, date), "it was read"
            await self._look(Start(supplier=self.values["supplier"], day=on))
        else:
            await self._look(Start(reference=self.values["reference"].strip()))

    async def choose(self, option: Option) -> None:
        """It is that one."""
        await self._look(option.start)

    async def scanned(self, looked: Looked) -> bool:
        """A label of ours is in hand, or of a supplier."""
        kind = KINDS[looked.rows] if looked.rows else ReferenceKind.SUPPLIER_LOT
        self.begin_with(InHand.CODE)
        self.fill(reference=looked.view.code)
        await self._look(Start(reference=looked.view.code, kind=kind))
        return True

    async def _look(self, asked: Start) -> None:
        """Nothing that was found before stays: nobody recalls it by mistake."""
        self._asked, self._reached, self.detail = asked, None, None
        self.options, self.is_deciding, self.drilled = (), False, ""
        found = await self.attempt(lambda: self._read(asked))
        if found is not None and self._asked is asked:
            self._show(found)

    def _show(self, found: Shown) -> None:
        self._reached, self.detail, self.options = found.reached, found.detail, found.options
        self.changed()

    # -------------------------------------------------------------------------------- in earnest

    @property
    def may_recall(self) -> bool:
        """Whether there is something to be recalled, by this person, in earnest."""
        waits = self.detail is not None and self.detail.waits
        return waits and self.began is None and self.context.who.may(Permission.RECALL_LOTS)

    def begin_recall(self) -> None:
        """About to recall; a drill that went before is not part of it."""
        self.is_deciding, self.drilled = True, ""
        self.fill(**self.values | {"reason": ""})

    def leave_recall(self) -> None:
        """Not about to recall any more."""
        self.is_deciding = False
        self.fill(**self.values | {"reason": ""})

    async def decide(self) -> None:
        """Recall it: one recall of each lot with which it begins, all or none."""
        asked, detail = self._asked, self.detail
        if self.is_busy or self.began is not None or asked is None or detail is None:
            return
        self.require(("reason",))
        if not self.is_right:
            return
        reason = self.values["reason"].strip()
        done = await self.attempt(
            lambda: self._office.record_all(
                lambda choices: entering.recalls(choices, asked, reason)
            )
        )
        if done is not None:
            said = _("Recalled: nothing can be made from these lots or sold any more.")
            self.leave_recall()
            self.context.window.say(" ".join((said, *warnings_of(done))))
            await self.load()

    async def confirm(self) -> None:
        """Look; then recall."""
        if self.is_deciding:
            await self.decide()
        elif self.detail is None:
            await self.look()
        elif self.may_recall:
            self.begin_recall()

    # ---------------------------------------------------------------------------------- as a drill

    @property
    def is_drill(self) -> bool:
        """Whether it is only practised."""
        return self.began is not None

    def begin_drill(self) -> None:
        """From now on it is practised, and the minutes count."""
        self.began, self.drilled, self.is_deciding = self._office.now(), "", False
        self.changed()

    def leave_drill(self) -> None:
        """It is practised no longer, and nothing says that it was."""
        self.began = None
        self.changed()

    async def end_drill(self) -> None:
        """Everybody on the list was called: the audit keeps how long it took."""
        reached, began = self._reached, self.began
        if self.is_busy or reached is None or began is None:
            return
        minutes = await self.attempt(lambda: self._office.recalls.drilled(reached, began))
        if minutes is not None:
            self.began = None
            self.drilled = recall_words.drill_over(reached.report, minutes)
            self.changed()

    # ------------------------------------------------------------------------------------ on paper

    @property
    def paper_name(self) -> str:
        """What the file is called, unless somebody calls it otherwise."""
        kind = _("recall-drill") if self.is_drill else _("recall")
        return f"{kind}-{self._office.today():%Y%m%d}.pdf"

    async def paper(self) -> str | None:
        """All of it as text, to be copied; None where it could not be written."""
        reached = self._reached
        if reached is None:
            return None
        return await self.attempt(lambda: self._paper(reached).text)

    async def pdf(self) -> bytes | None:
        """The list of calls to be printed; None where it could not be drawn."""
        reached = self._reached
        if reached is None:
            return None
        return await self.attempt(lambda: self._office.papers.recall(self._paper(reached)))

    def _paper(self, reached: Reached) -> RecallPaper:
        with self._office.reading() as snapshot:
            return recall_paper(
                snapshot,
                reached.start,
                reached.report,
                plant=plant_details_of(snapshot).name or self._office.dairy_name(),
                at=self._office.now(),
                may_read_phones=self.context.who.may(Permission.READ_PARTIES),
                is_drill=self.is_drill,
            )

    def copied(self) -> None:
        """Say that it can be pasted now."""
        self.context.window.say(_("The list is copied: paste it where you need it."))

    async def open(self, lot_id: LotId) -> None:
        """To that lot."""
        await self.context.window.go(Screen.LOT, lot_id)

    # ------------------------------------------------------------------------------------- reading

    def _start_of(self, lot_id: LotId) -> Start:
        with self._office.reading() as snapshot:
            return Start(reference=lot_of(snapshot, lot_id).code, kind=ReferenceKind.LOT)

    def _suppliers(self) -> tuple[tuple[str, str], ...]:
        with self._office.reading() as snapshot:
            rows = sorted(snapshot.rows(SupplierRow), key=lambda row: row.search_text)
        return tuple((row.code, f"{row.name} ({row.code})") for row in rows)

    def _read(self, asked: Start) -> Shown:
        found = self._office.recalls.reach(asked)
        with self._office.reading() as snapshot:
            if isinstance(found, Several):
                options = tuple(_options(snapshot, asked, found))
                return Shown(reached=None, detail=None, options=options)
            return Shown(reached=found, detail=recall_detail(snapshot, found, self.context.who))


def _options(snapshot: Snapshot, asked: Start, found: Several) -> list[Option]:
    kinds = [
        Option(
            key=str(each),
            words=begun(words.word(words.KINDS | words.REFERENCES, each)),
            start=evolve(asked, kind=each),
        )
        for each in found.kinds
    ]
    names = {row.code: row.name for row in snapshot.rows(SupplierRow)}
    suppliers = [
        Option(
            key=code, words=f"{names.get(code, '?')} ({code})", start=evolve(asked, supplier=code)
        )
        for code in filter(None, found.suppliers)
    ]
    return [*kinds, *suppliers]


def _beside(field: str) -> dict[str, str]:
    """The fields beside which refusals are shown; ``field``: of what is in hand."""
    return {"Unknown": field, "NoLotsBehind": field, "ReasonMissing": "reason"}
