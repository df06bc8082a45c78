"""One entry of a register, or a new one: its fields as the register describes them."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo import withheld
from manchengo.application.choices import Choices
from manchengo.commands import NEEDS, Command
from manchengo.ports.rows import PriceListRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import entering, field_types
from manchengo_presenters.field_values import VALUES
from manchengo_presenters.language import _
from manchengo_presenters.register_entries import (
    ENTRIES,
    archiving,
    change,
    labelled_values,
    registration,
    value,
)
from manchengo_presenters.registers import (
    CLIENT,
    PRICE_LIST,
    PRODUCT,
    SUPPLIER,
    Register,
    RegisterField,
)
from manchengo_presenters.screens.entry_history import HistoryLine, entry_history
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.screen_context import ScreenContext

BESIDE = {
    "AlreadyExists": "code",
    "BarcodeMistyped": "gtin",
    "BarcodeTaken": "gtin",
    "NameMissing": "name",
    "NotABarcode": "gtin",
}
"""By the name of a refusal, the field that it is about."""

LATEST = 8
"""Changes of an entry that are shown at first."""

PREFIXES = {SUPPLIER.kind: "F", CLIENT.kind: "C", PRICE_LIST.kind: "T", PRODUCT.kind: "M"}
"""How the code begins that an entry is given where nobody types one."""


@frozen(kw_only=True)
class FieldView:
    """A field as it is filled in. ``options``: what is chosen from, each with its words; empty
    where it is typed. ``is_flag``: it is ticked.
    """

    name: str
    label: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_flag: bool = False


@frozen(kw_only=True)
class Entry:
    """``facts``: what is known of it, with labels. ``written``: what its fields hold, as it would
    be typed; those that the person may not read are not in it. ``history``: the latest first.
    """

    title: str
    arabic: str
    facts: tuple[tuple[str, str], ...]
    written: Mapping[str, str]
    is_archived: bool
    history: tuple[HistoryLine, ...]


class RegisterPage(Form):
    """``entry_id``: of the entry; None: a new one. ``entry``: None until it is there.
    ``shows_all``: its whole history, and not the latest changes alone. ``price_lists``: from which
    one chooses, by code, with their words.
    """

    def __init__(self, context: ScreenContext, entry_id: UUID | None, register: Register) -> None:
        super().__init__(
            context.background, {each.name: "" for each in register.filled_in}, beside=BESIDE
        )
        self._office = context.office
        self.context = context
        self.register = register
        self.entry_id = entry_id
        self.entry: Entry | None = None
        self.shows_all = False
        self.price_lists: tuple[tuple[str, str], ...] = ()

    # ------------------------------------------------------------------------- what is shown

    @property
    def is_new(self) -> bool:
        """Whether it is not recorded yet."""
        return self.entry_id is None

    @property
    def may_change(self) -> bool:
        """Whether the person may change it, and it may be changed."""
        is_archived = self.entry is not None and self.entry.is_archived
        return not is_archived and self.context.who.may(NEEDS[self._entries.changes])

    @property
    def fields(self) -> list[FieldView]:
        """What is filled in: of an entry that is recorded, what may change and be read."""
        if self.is_new:
            return [self._view(each) for each in self.register.filled_in]
        readable = self.entry.written if self.entry else {}
        return [
            self._view(each)
            for each in self.register.filled_in
            if not each.is_fixed and each.name in readable
        ]

    @property
    def fixed(self) -> list[tuple[str, str]]:
        """What is known of it and never changes, with labels."""
        fixed = {_(each.label) for each in self.register.filled_in if each.is_fixed}
        return [pair for pair in (self.entry.facts if self.entry else ()) if pair[0] in fixed]

    @property
    def history(self) -> tuple[HistoryLine, ...]:
        """The changes of the entry that are shown, the latest first."""
        known = self.entry.history if self.entry else ()
        return known if self.shows_all else known[:LATEST]

    @property
    def older(self) -> int:
        """How many changes are not shown."""
        return len(self.entry.history if self.entry else ()) - len(self.history)

    def show_all(self) -> None:
        """Show the whole history."""
        self.shows_all = True
        self.changed()

    async def load(self) -> None:
        """Read the entry anew, and what is chosen from; what was typed stays."""
        if any(each.type is field_types.PRICE_LIST for each in self.register.fields):
            lists = await self.attempt_again(self._read_price_lists, self.price_lists)
            self.price_lists = lists or ()
            self.changed()
        if self.is_new:
            return
        found = await self.attempt_again(self._read, self.entry)
        if found is None:
            return
        self.entry = found
        self.keep_up(found.written)

    def choose(self, name: str, key: str) -> None:
        """One of the options of that field."""
        self.put(name, key)
        self.changed()

    # ------------------------------------------------------------------------- what is done

    async def save(self) -> None:
        """Record it."""
        if self.is_busy or not (self.is_new or self.may_change):
            return
        if self.is_new:
            await self._register()
        else:
            await self._change()

    async def confirm(self) -> None:
        """Record it."""
        await self.save()

    async def archive(self) -> None:
        """Nothing new may use it from here on."""
        if self.entry is None or not self.may_change:
            return
        title = self.entry.title
        done = await self.attempt(
            lambda: self._office.record(
                lambda choices: archiving(self.register, self._row(choices.snapshot)),
                lambda *_given: _("{code} is archived: nothing new may use it.").format(code=title),
            )
        )
        if done is not None:
            self.context.window.tell(done)
            await self.load()

    async def _register(self) -> None:
        needed = [
            each.name
            for each in self.register.filled_in
            if each.is_required and not each.default and each.name != "code"
        ]
        self.require(needed)
        given = {name: found for name in self.values if (found := self._parsed(name)) is not None}
        if not self.is_right:
            return
        sent = dict(self.values)
        if await self._record(lambda choices: self._registration(choices, given), sent):
            self.fill()
            await self.context.window.leave()

    def _registration(self, choices: Choices, given: dict[str, Any]) -> Command:
        known = dict(given)
        if "code" not in known:
            prefix = PREFIXES[self.register.kind]
            known["code"] = entering.next_number(choices.snapshot, prefix, *self._entries.rows)
        return registration(self.register, choices.id(self.register.id), known)

    async def _change(self) -> None:
        assert self.entry is not None, "it was read"
        before = self.entry.written
        names = [each.name for each in self.fields if self.values[each.name] != before[each.name]]
        self.errors = {}
        given = {name: self._changed(name) for name in names}
        if not self.is_right:
            return
        if not given:
            self.context.window.say(_("Nothing was changed."))
            return
        if await self._record(
            lambda choices: change(self.register, self._row(choices.snapshot), given), None
        ):
            await self.load()

    async def _record(
        self, build: Callable[[Choices], Command], sent: dict[str, str] | None
    ) -> bool:
        name = self.values["name"].strip()
        done = await self.attempt(
            lambda: self._office.record(
                build, lambda *_given: _("{name}: recorded.").format(name=name)
            )
        )
        if done is not None:
            self.context.window.tell(done, None if sent is None else lambda: self.fill(**sent))
        return done is not None

    def _parsed(self, name: str) -> Any:
        field = self.register.field(name)
        values = VALUES[field.type]
        if values.options:
            return values.options.get(self.values[name])
        assert values.parse is not None, "what is filled in is read"
        return self.read(name, values.parse)

    def _changed(self, name: str) -> Any:
        field = self.register.field(name)
        if not self.values[name].strip():
            if field.type.may_be_empty:
                return ""
            self.errors[name] = _("It cannot be left blank: write another value.")
            return None
        return self._parsed(name)

    # -------------------------------------------------------------------------------- reading

    @property
    def _entries(self) -> Any:
        return ENTRIES[self.register.kind]

    def _row(self, snapshot: Snapshot) -> Any:
        assert self.entry_id is not None, "a new entry has no row"
        entry_id = self.entry_id
        rows = (snapshot.get(kind, entry_id) for kind in self._entries.rows)
        found = next((row for row in rows if row is not None), None)
        assert found is not None, "an entry that was opened is recorded"
        return found

    def _read_price_lists(self) -> tuple[tuple[str, str], ...]:
        with self._office.reading() as snapshot:
            rows = [row for row in snapshot.rows(PriceListRow) if not row.archived]
        return tuple(
            (row.code, f"{row.name} ({row.code})") for row in sorted(rows, key=lambda row: row.name)
        )

    def _view(self, field: RegisterField) -> FieldView:
        if field.type is not field_types.PRICE_LIST:
            return _view(field)
        none = ("", _("None: the prices of the products"))
        recorded = self.entry.written.get(field.name, "") if self.entry else ""
        archived = [(recorded, recorded)] if recorded not in dict(self.price_lists) else []
        options = (none, *self.price_lists, *(each for each in archived if each[0]))
        return FieldView(name=field.name, label=_(field.label), options=options)

    def _read(self) -> Entry:
        with self._office.reading() as snapshot:
            row = self._row(snapshot)
            hidden = withheld(row)
            return Entry(
                title=row.name or row.code,
                arabic=getattr(row, "name_ar", ""),
                facts=tuple(labelled_values(snapshot, row)),
                written={
                    each.name: VALUES[each.type].write(value(snapshot, each, row))
                    for each in self.register.filled_in
                    if each.name not in hidden
                },
                is_archived=row.archived,
                history=entry_history(snapshot, row),
            )


def register_page(register: Register) -> Callable[[ScreenContext, UUID | None], RegisterPage]:
    """Makes the page of an entry of that register."""
    return lambda context, entry_id: RegisterPage(context, entry_id, register)


def _view(field: RegisterField) -> FieldView:
    values = VALUES[field.type]
    options = values.options or {}
    hint = _(field.help) if field.help else ""
    if field.name == "code":
        hint = _("Left blank: the next free number.")
    return FieldView(
        name=field.name,
        label=_(field.label),
        hint=hint,
        options=()
        if field.type is field_types.YES_OR_NO
        else tuple((key, values.say(each, "")) for key, each in options.items()),
        is_flag=field.type is field_types.YES_OR_NO,
    )
