"""The conflicts, a line each, until somebody decides."""

from attrs import frozen

from manchengo.application.replication.rechosen import still_rechosen
from manchengo.domain.ids import ResolutionItemId
from manchengo.ports.lists import Cursor, ListQuery, OneOf
from manchengo.ports.rows import ResolutionItemRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import command_view, conflict_words, rechosen_lots
from manchengo_presenters.formatting import begun, number
from manchengo_presenters.language import ngettext
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.tones import Tone


@frozen(kw_only=True)
class ConflictLine:
    """``why``: in one sentence; ``state``: how it was closed, or that it is open."""

    item_id: ResolutionItemId
    what: str
    who: str
    device: str
    when: str
    why: str
    state: str
    tone: Tone


class ConflictList(PagedList[ConflictLine]):
    """``shows_closed``: whether those that somebody decided on are listed too. ``chosen_again``:
    orders that were given other lots than on their device, of which nothing is to be decided.
    """

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.shows_closed = False
        self.chosen_again: tuple[str, ...] = ()

    async def show_closed(self, is_shown: bool) -> None:
        """List the closed ones too, or leave them out."""
        self.shows_closed = is_shown
        await self.from_the_top()

    async def opened(self, line: ConflictLine) -> None:
        """To that conflict."""
        await self.context.window.go(Screen.CONFLICT, line.item_id)

    def counted(self, count: int) -> str:
        """As in "3 conflicts"."""
        return ngettext("{count} conflict", "{count} conflicts", count).format(count=number(count))

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[ConflictLine]:
        """The page there, the oldest first."""
        where = () if self.shows_closed else (OneOf("status", ("open",)),)
        query = ListQuery(where=where, sort="recorded_at")
        lists = self._office.lists()
        kind = ResolutionItemRow
        found = lists.page(kind, query=query, size=SIZE, after=after, before=before)
        with self._office.reading() as snapshot:
            lines = tuple(_line(snapshot, row) for row in found.rows)
            self.chosen_again = tuple(
                rechosen_lots.sentence(snapshot, order) for order in still_rechosen(snapshot)
            )
        return ListPage(
            lines=lines,
            before=found.before,
            after=found.after,
            count=lists.count(kind, query=query),
        )


def _line(snapshot: Snapshot, row: ResolutionItemRow) -> ConflictLine:
    return ConflictLine(
        item_id=row.id,
        what=begun(conflict_words.brief(snapshot, row)),
        who=command_view.known_person(snapshot, row.user_id),
        device=command_view.known_device(snapshot, row.device_id),
        when=conflict_words.moment(row.recorded_at),
        why=conflict_words.first_sentence(conflict_words.why(row)),
        state=conflict_words.state(row),
        tone=Tone.PLAIN if row.closed_by else Tone.WARN,
    )
