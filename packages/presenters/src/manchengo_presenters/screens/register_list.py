"""The entries of a register of which a person sees a list: searched, archived ones aside."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo import withheld
from manchengo.commands import NEEDS
from manchengo.domain.access import Permission
from manchengo.ports.lists import Cursor, ListQuery, OneOf
from manchengo.ports.store import Snapshot
from manchengo_presenters.formatting import number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.register_entries import ENTRIES, text
from manchengo_presenters.registers import (
    CLIENT,
    PRICE_LIST,
    PRODUCT,
    SUPPLIER,
    Register,
    RegisterField,
)
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext

LISTS = {
    SUPPLIER.kind: Screen.SUPPLIERS,
    CLIENT.kind: Screen.CLIENTS,
    PRICE_LIST.kind: Screen.PRICE_LISTS,
    PRODUCT.kind: Screen.PRODUCTS,
}
PAGES = {
    SUPPLIER.kind: Screen.SUPPLIER,
    CLIENT.kind: Screen.CLIENT,
    PRICE_LIST.kind: Screen.PRICE_LIST,
    PRODUCT.kind: Screen.PRODUCT,
}
"""Where the entries of each register are listed, and where one is shown."""


@frozen(kw_only=True)
class EntryLine:
    """An entry on its line. ``cells``: what is shown of it, by the names of its fields; what the
    person may not read is not in it.
    """

    id: UUID
    code: str
    cells: dict[str, str]
    arabic: str = ""
    is_archived: bool = False


class RegisterList(PagedList[EntryLine]):
    """``shows_archived``: whether those that nothing new may use are listed too."""

    def __init__(self, context: ScreenContext, register: Register) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.register = register
        self.shows_archived = False

    @property
    def title(self) -> str:
        """What the register is called."""
        return LISTS[self.register.kind].words

    @property
    def may_add(self) -> bool:
        """Whether the person may enter a new one."""
        return self.context.who.may(NEEDS[ENTRIES[self.register.kind].registers])

    @property
    def may_import(self) -> bool:
        """Whether the person may bring in a file of them."""
        has_files = self.register is not PRICE_LIST
        return has_files and self.may_add and self.context.who.may(Permission.IMPORT)

    @property
    def fields(self) -> list[RegisterField]:
        """Which fields are listed, as far as the person may read them."""
        shown = self.page.lines[0].cells if self.page and self.page.lines else None
        fields = [self.register.field(name) for name in self.register.in_list]
        return [each for each in fields if shown is None or each.name in shown]

    async def add(self) -> None:
        """To an empty form."""
        await self.context.window.go(PAGES[self.register.kind])

    async def bring_in(self) -> None:
        """To the imports."""
        await self.context.window.go(Screen.IMPORTS)

    async def show_archived(self, is_shown: bool) -> None:
        """List the archived ones too, or leave them out."""
        self.shows_archived = is_shown
        await self.from_the_top()

    async def opened(self, line: EntryLine) -> None:
        """To that entry."""
        await self.context.window.go(PAGES[self.register.kind], line.id)

    def counted(self, count: int) -> str:
        """As in "3 suppliers"."""
        return ngettext("{count} entry", "{count} entries", count).format(count=number(count))

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[EntryLine]:
        """The page there, by name."""
        rows: tuple[Any, ...] = ENTRIES[self.register.kind].rows
        where = () if self.shows_archived else (OneOf("archived", (False,)),)
        query = ListQuery(where=where, search=self.search, sort="search_text")
        lists = self._office.lists()
        found = lists.page(*rows, query=query, size=SIZE, after=after, before=before)
        with self._office.reading() as snapshot:
            lines = tuple(self._line(snapshot, row) for row in found.rows)
        return ListPage(
            lines=lines,
            before=found.before,
            after=found.after,
            count=lists.count(*rows, query=query),
        )

    def _line(self, snapshot: Snapshot, row: Any) -> EntryLine:
        hidden = withheld(row)
        return EntryLine(
            id=row.id,
            code=row.code,
            cells={
                name: text(snapshot, self.register.field(name), row)
                for name in self.register.in_list
                if name not in hidden
            },
            arabic=getattr(row, "name_ar", ""),
            is_archived=row.archived,
        )


def register_list(register: Register) -> Callable[[ScreenContext], RegisterList]:
    """Makes the list of that register."""
    return lambda context: RegisterList(context, register)


def empty_words(register: Register) -> tuple[str, str]:
    """What stands where there is no entry yet, and what to do first."""
    titles = {
        SUPPLIER.kind: _("No supplier yet"),
        CLIENT.kind: _("No client yet"),
        PRICE_LIST.kind: _("No price list yet"),
        PRODUCT.kind: _("No product yet"),
    }
    advice = _("Import a file, or enter the first one.")
    if register is PRICE_LIST:
        advice = _("Enter the first one, then give it to clients.")
    return titles[register.kind], advice
