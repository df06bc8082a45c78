"""A file that is to come in: recognised, rehearsed, then brought in."""

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto

from attrs import evolve

from manchengo_presenters import import_words, words
from manchengo_presenters.formatting import number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.screens.file_imports import (
    ImportAnswer,
    ImportFile,
    ImportRequest,
    Left,
    Progress,
)
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.view_model import ViewModel


class Step(Enum):
    """How far the file is. One that is not recognised waits, ``ASKED``, for its kind or sheet."""

    NO_FILE = auto()
    ASKED = auto()
    REHEARSING = auto()
    REHEARSED = auto()
    IMPORTING = auto()
    IMPORTED = auto()


class FileWork(ViewModel):
    """``request``: the file that is chosen and how it is read. ``sheets``: of which one must be
    chosen. ``progress``: rows done and all of them, while it is worked at; ``stopped_after``: where
    an import was left. ``rehearsal`` and ``result``: what would become of its rows, and what did.
    ``on_imported``: called once rows are recorded.
    """

    def __init__(self, context: ScreenContext, on_imported: Callable[[], Awaitable[None]]) -> None:
        super().__init__(context.background)
        self._office = context.office
        self._on_imported = on_imported
        self._is_left = False
        self.step = Step.NO_FILE
        self.request: ImportRequest | None = None
        self.sheets: tuple[str, ...] = ()
        self.progress = (0, 0)
        self.stopped_after = 0
        self.rehearsal: ImportAnswer | None = None
        self.result: ImportAnswer | None = None

    # ------------------------------------------------------------------------------ the file

    @property
    def is_running(self) -> bool:
        """Whether a file is worked at."""
        return self.step in (Step.REHEARSING, Step.IMPORTING)

    @property
    def kinds(self) -> Sequence[tuple[str, str]]:
        """What a file may be of, each with its words."""
        return [
            (kind.name, words.word(import_words.KINDS, kind.name))
            for kind in self._office.imports.kinds()
        ]

    @property
    def can_update(self) -> bool:
        """Whether such a file may change what is recorded."""
        chosen = self.request.kind if self.request else ""
        return any(kind.can_update for kind in self._office.imports.kinds() if kind.name == chosen)

    async def take(self, file: ImportFile) -> None:
        """Look at that file, and rehearse it where it is clear what it is of."""
        if self.is_running:
            return
        self._forget()
        await self._look(ImportRequest(file=file))

    async def choose_sheet(self, name: str) -> None:
        """Look at that sheet of the workbook."""
        if self.request is not None and not self.is_running:
            await self._look(ImportRequest(file=self.request.file, sheet=name))

    async def choose_kind(self, kind: str) -> None:
        """Read the file as that kind."""
        if self.request is not None:
            await self._ask_again(evolve(self.request, kind=kind, is_update=False))

    async def set_update(self, is_update: bool) -> None:
        """Whether the rows may change what is recorded."""
        if self.request is not None:
            await self._ask_again(evolve(self.request, is_update=is_update))

    async def _ask_again(self, request: ImportRequest) -> None:
        if self.is_running:
            return
        self.request = request
        if request.kind:
            await self.rehearse()

    async def _look(self, request: ImportRequest) -> None:
        self.request = request
        looked = await self.attempt(lambda: self._office.imports.look(request))
        if looked is None:
            return
        self.request, self.sheets = looked.request, looked.sheets
        self._be_at(Step.ASKED)
        if self.request.kind:
            await self.rehearse()

    def put_away(self) -> None:
        """No file any more."""
        if not self.is_running:
            self._forget()

    def _forget(self) -> None:
        self.request = self.rehearsal = self.result = self.problem = None
        self.sheets, self.stopped_after = (), 0
        self._be_at(Step.NO_FILE)

    # --------------------------------------------------------------- its rehearsal, its import

    async def rehearse(self) -> None:
        """Try the file by the rules; nothing is recorded."""
        imports = self._office.imports
        self.rehearsal = self.result = None
        answer = await self._work(Step.REHEARSING, imports.rehearse)
        self.rehearsal = answer
        self._be_at(Step.ASKED if answer is None else Step.REHEARSED)

    async def bring_in(self) -> None:
        """Record the rows that the rules admit."""
        if self.step is not Step.REHEARSED or not self.admitted:
            return
        answer = await self._work(Step.IMPORTING, self._office.imports.bring_in)
        self.result = answer
        self.stopped_after = self.progress[0] if answer is None and self._is_left else 0
        self._be_at(Step.REHEARSED if answer is None else Step.IMPORTED)
        await self._on_imported()

    def leave(self) -> None:
        """End the rehearsal, or the import after the rows that it is at."""
        self._is_left = True

    async def _work(
        self, step: Step, work: Callable[[ImportRequest, Progress], ImportAnswer]
    ) -> ImportAnswer | None:
        request = self.request
        assert request is not None, "a file is chosen"
        self._is_left, self.progress = False, (0, 0)
        self._be_at(step)

        def run() -> ImportAnswer | None:
            try:
                return work(request, self._moved)
            except Left:
                return None

        return await self.attempt(run)

    def _moved(self, done: int, whole: int) -> None:
        if self._is_left:
            raise Left
        self.progress = (done, whole)
        self.changed()

    def _be_at(self, step: Step) -> None:
        self.step = step
        self.changed()

    # ------------------------------------------------------------------------------ in words

    @property
    def admitted(self) -> int:
        """How many rows would be recorded."""
        return self.rehearsal.counts.accepted if self.rehearsal else 0

    @property
    def import_label(self) -> str:
        """The primary action, with how many rows it records."""
        count = self.admitted
        return ngettext("Import {count} row", "Import {count} rows", count).format(
            count=number(count)
        )

    @property
    def shown(self) -> ImportAnswer | None:
        """What the screen is about: what became of the rows, or would."""
        return self.result or self.rehearsal

    @property
    def counted_rows(self) -> str:
        """How many rows were read, and what becomes of them."""
        if self.shown is None:
            return ""
        return import_words.counts(self.shown.counts, is_update=self.shown.request.is_update)

    @property
    def progress_words(self) -> str:
        """How far the work is."""
        done, whole = self.progress
        if not whole:
            return _("The file is being read…")
        return _("{done} of {whole} rows").format(done=number(done), whole=number(whole))

    @property
    def fate(self) -> str:
        """What to do now, or what was done."""
        if self.result is not None:
            return self._fate_of(self.result)
        if self.stopped_after:
            return _(
                "Stopped after {count} rows: those that the rules admit are recorded. The same "
                "file again goes on from there."
            ).format(count=number(self.stopped_after))
        if not self.admitted:
            return _("Nothing of this file would be recorded.")
        return _("This was a rehearsal: nothing was recorded.")

    def _fate_of(self, result: ImportAnswer) -> str:
        refused = result.counts.refused
        if not refused:
            return _("Everything is recorded.")
        correct = ngettext(
            "{count} row refused: correct the error file and choose it here.",
            "{count} rows refused: correct the error file and choose it here.",
            refused,
        ).format(count=number(refused))
        if not result.counts.accepted:
            return correct
        return " ".join((_("The rows that the rules admit are recorded."), correct))
