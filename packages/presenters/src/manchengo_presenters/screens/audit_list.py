"""The audit: what was refused, scanned and done beside the work, and whether its chain is whole."""

from datetime import date, timedelta
from enum import Enum
from uuid import UUID

from attrs import frozen

from manchengo.application.audit_check import first_fault, records_kept
from manchengo.application.lists import Count
from manchengo.domain.ids import UserId
from manchengo.ports.audit import AuditKind, AuditQuery
from manchengo.ports.lists import Cursor
from manchengo.ports.rows import UserRow
from manchengo_presenters import parsing, verification_words
from manchengo_presenters.audit_words import beginning_of
from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.screens.audit_record import (
    AuditDetail,
    AuditLine,
    AuditLink,
    audit_detail,
    audit_line,
)
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.screen_context import ScreenContext

ONE_DAY = timedelta(days=1)


class Filter(Enum):
    """Which records are listed; the value is its words."""

    ALL = N_("Everything")
    SCANS = N_("Scans")
    REFUSALS = N_("Refusals")
    SESSIONS = N_("Sign-ins")
    KEYS = N_("Keys and secrets")
    DATABASE = N_("Backups and checks")
    EXPORTS = N_("Printed papers")
    DRILLS = N_("Recall drills")
    EXCHANGES = N_("Exchanges")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


KINDS: dict[Filter, tuple[AuditKind, ...]] = {
    Filter.ALL: (),
    Filter.SCANS: (AuditKind.SCAN,),
    Filter.REFUSALS: (AuditKind.REFUSAL,),
    Filter.SESSIONS: (AuditKind.SESSION,),
    Filter.KEYS: (AuditKind.KEY,),
    Filter.DATABASE: (AuditKind.DATABASE,),
    Filter.EXPORTS: (AuditKind.EXPORT,),
    Filter.DRILLS: (AuditKind.DRILL,),
    Filter.EXCHANGES: (AuditKind.EXCHANGE,),
}
"""The kinds of records that each lists; none: all of them."""


@frozen(kw_only=True)
class ChainChecked:
    """Whether each record is as it was noted, in words."""

    is_whole: bool
    words: str


class AuditList(PagedList[AuditLine]):
    """``filter``: which records are listed; ``person``: the id of whose, "" for everybody's;
    ``period``: of which days, as typed, and ``errors``: what is wrong with them. ``people``: who
    can be chosen. ``detail``: the record that is open beside the list. ``chain``: None until it
    was checked.
    """

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self._days: tuple[date | None, date | None] = (None, None)
        self.context = context
        self.filter = Filter.ALL
        self.person = ""
        self.period = {"first": "", "last": ""}
        self.errors: dict[str, str] = {}
        self.people: tuple[tuple[str, str], ...] = ()
        self.detail: AuditDetail | None = None
        self.chain: ChainChecked | None = None

    async def load(self) -> None:
        """Read the page anew; the first time, check the chain as well."""
        await super().load()
        if self.chain is None and self.page is not None:
            await self.check()

    # ------------------------------------------------------------------------ what is listed

    async def set_filter(self, chosen: Filter) -> None:
        """List those."""
        self.filter = chosen
        await self.from_the_top()

    async def set_person(self, key: str) -> None:
        """List those of that person; "": everybody's."""
        self.person = key
        await self.from_the_top()

    def put(self, name: str, text: str) -> None:
        """What was typed as the first or the last day."""
        self.period[name] = text
        if self.errors.pop(name, None) is not None:
            self.changed()

    async def set_period(self) -> None:
        """List those of the days that were typed; where one is blank, of all before or after."""
        found: dict[str, date | None] = {}
        for name, text in self.period.items():
            try:
                found[name] = parsing.day(text) if text.strip() else None
            except parsing.Unreadable as unreadable:
                self.errors[name] = str(unreadable)
        if self.errors:
            self.changed()
            return
        self._days = (found["first"], found["last"])
        await self.from_the_top()

    @property
    def is_filtered(self) -> bool:
        """Whether only some records are listed."""
        return self.filter is not Filter.ALL or bool(self.person) or any(self._days)

    def unfilter(self) -> None:
        """List all of them."""
        self.filter, self.person, self._days = Filter.ALL, "", (None, None)
        self.period = {"first": "", "last": ""}
        self.errors = {}

    @property
    def query(self) -> AuditQuery:
        """What is asked for, for the store."""
        first, last = self._days
        return AuditQuery(
            search=self.search,
            kinds=KINDS[self.filter],
            user_id=UserId(UUID(self.person)) if self.person else None,
            since=beginning_of(first) if first else None,
            until=beginning_of(last + ONE_DAY) if last else None,
        )

    def counted(self, count: int) -> str:
        """As in "3 records"."""
        return ngettext("{count} record", "{count} records", count).format(count=number(count))

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[AuditLine]:
        """The page there, beside the loop. A page is named by the numbers below which it and those
        before it begin: the store goes from the newest record to older ones alone.
        """
        place = after or before
        tops = tuple(each for each in place.key if isinstance(each, int)) if place else ()
        below = tops[-1] if tops else None
        with self._office.reading() as snapshot:
            records = snapshot.audit_page(self.query, before=below, limit=SIZE + 1)
            shown, more = records[:SIZE], records[SIZE:]
            lines = tuple(audit_line(snapshot, each) for each in shown)
            people = sorted(snapshot.rows(UserRow), key=lambda row: row.search_text)
            whole = records_kept(snapshot)
        self.people = tuple((str(row.id), row.name) for row in people)
        count = Count(rows=len(tops) * SIZE + len(lines), is_exact=not more)
        return ListPage(
            lines=lines,
            before=Cursor(value=None, key=tops[:-1]) if tops else None,
            after=Cursor(value=None, key=(*tops, shown[-1].sequence)) if more else None,
            count=count if self.is_narrowed else Count(rows=whole, is_exact=True),
        )

    # ----------------------------------------------------------------------------- one record

    async def opened(self, line: AuditLine) -> None:
        """Show that record whole, beside the list."""
        sequence = line.sequence
        found = await self.attempt(lambda: self._detail(sequence))
        if found is not None:
            self.detail = found
            self.changed()

    def _detail(self, sequence: int) -> AuditDetail:
        with self._office.reading() as snapshot:
            record = next(snapshot.audit_records(after=sequence - 1, limit=1), None)
            if record is None or record.sequence != sequence:
                raise Problem("RecordGone", _("This record is kept at the server alone by now."))
            return audit_detail(snapshot, record)

    def close(self) -> None:
        """The list alone."""
        self.detail = None
        self.changed()

    async def follow(self, link: AuditLink) -> None:
        """To what the record is about."""
        await self.context.window.go(link.screen, link.subject)

    # ------------------------------------------------------------------------------ the chain

    async def check(self) -> None:
        """Follow the chain of the records from its beginning to its end."""
        found = await self.attempt_quietly(self._checked)
        if found is not None:
            self.chain = found
            self.changed()

    async def confirm(self) -> None:
        """Check the chain."""
        await self.check()

    def _checked(self) -> ChainChecked:
        with self._office.reading() as snapshot:
            fault, count = first_fault(snapshot), records_kept(snapshot)
        if fault is not None:
            return ChainChecked(is_whole=False, words=verification_words.audit_fault(fault))
        sentence = ngettext(
            "The chain is whole: {count} record, as it was noted.",
            "The chain is whole: {count} records, as they were noted.",
            count,
        )
        return ChainChecked(is_whole=True, words=sentence.format(count=number(count)))
