"""The imports that were made, and undoing one whole; beside them, the file that comes in now."""

from collections.abc import Awaitable, Callable, Mapping

from attrs import evolve, frozen

from manchengo.application.imported_commits import undo_in_parts
from manchengo.domain.access import Permission
from manchengo.domain.ids import ImportId
from manchengo.ports.lists import Cursor, ListQuery
from manchengo.ports.rows import ImportRow
from manchengo_presenters import import_words, words
from manchengo_presenters.formatting import day, number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.screens.file_work import FileWork
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.tones import Tone


@frozen(kw_only=True)
class ImportLine:
    """An import on its line. ``is_undone``: what it brought is read as not happened."""

    import_id: ImportId
    file: str
    kind: str
    day: str
    accepted: str
    unchanged: str
    refused: str
    state: str
    tone: Tone
    is_undone: bool


class UndoForm(Form):
    """Why the import ``import_id`` of ``file`` is undone whole; None while none is. ``on_undone``:
    called once it is.
    """

    def __init__(
        self, context: ScreenContext, on_undone: Callable[[ImportId], Awaitable[None]]
    ) -> None:
        super().__init__(context.background, {"reason": ""}, beside={"ReasonMissing": "reason"})
        self._office = context.office
        self._on_undone = on_undone
        self.context = context
        self.import_id: ImportId | None = None
        self.file = ""

    def ask(self, import_id: ImportId, file: str) -> None:
        """Ask why that import is undone."""
        self.import_id, self.file = import_id, file
        self.fill()

    def leave(self) -> None:
        """Leave the import as it is."""
        self.import_id, self.file = None, ""
        self.fill()

    async def undo(self) -> None:
        """Undo it whole."""
        import_id, reason = self.import_id, self.values["reason"].strip()
        self.require(("reason",))
        if import_id is None or self.is_busy or not self.is_right:
            return
        sentence = _("The import of {file} is undone whole.").format(file=self.file)
        done = await self.attempt(
            lambda: self._office.record_all(
                lambda choices: undo_in_parts(choices.snapshot, import_id, reason)
            )
        )
        if done is not None:
            self.leave()
            self.context.window.tell(evolve(done[-1], sentence=sentence))
            await self._on_undone(import_id)


class Imports(PagedList[ImportLine]):
    """``work``: the file that comes in. ``undoing``: the import that is to be undone."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.work = FileWork(context, self.load)
        self.undoing = UndoForm(context, self._undone)

    async def confirm(self) -> None:
        """Record the rows of the file."""
        await self.work.bring_in()

    @property
    def may_undo(self) -> bool:
        """Whether the person may undo an import."""
        return self.context.who.may(Permission.UNDO_IMPORTS)

    async def opened(self, line: ImportLine) -> None:
        """Ask whether it is to be undone."""
        if self.may_undo and not line.is_undone:
            self.undoing.ask(line.import_id, line.file)

    def ask_to_undo_result(self) -> None:
        """Undo what was just imported."""
        result = self.work.result
        if self.may_undo and result is not None and result.import_id is not None:
            self.undoing.ask(result.import_id, result.request.file.name)

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """Why an import is undone, while that is asked."""
        asked = self.undoing.import_id
        return {} if asked is None else {str(asked): self.undoing}

    async def reopen(self, name: str) -> Form | None:
        """Ask why that import is undone, where it still may be."""
        for line in self.page.lines if self.page else ():
            if name == str(line.import_id):
                await self.opened(line)
        return self.open_forms.get(name)

    async def _undone(self, import_id: ImportId) -> None:
        result = self.work.result
        if result is not None and result.import_id == import_id:
            self.work.put_away()
        await self.load()

    def counted(self, count: int) -> str:
        """As in "3 imports"."""
        return ngettext("{count} import", "{count} imports", count).format(count=number(count))

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[ImportLine]:
        """The page there, the latest first."""
        query = ListQuery(search=self.search, sort="day", descending=True)
        lists = self._office.lists()
        found = lists.page(ImportRow, query=query, size=SIZE, after=after, before=before)
        return ListPage(
            lines=tuple(_line(row) for row in found.rows),
            before=found.before,
            after=found.after,
            count=lists.count(ImportRow, query=query),
        )


def _line(row: ImportRow) -> ImportLine:
    is_undone = row.status == "undone"
    return ImportLine(
        import_id=row.id,
        file=row.file_name,
        kind=words.word(import_words.KINDS, row.kind),
        day=day(row.day),
        accepted=import_words.counted(row.accepted),
        unchanged=import_words.counted(row.unchanged),
        refused=import_words.counted(row.refused),
        state=words.state("import", row.status),
        tone=Tone.PLAIN if is_undone else Tone.GOOD if row.status == "finished" else Tone.WARN,
        is_undone=is_undone,
    )
