"""One conflict in full: what was recorded here, what stood before, and the ways out that fit."""

from collections.abc import Callable, Iterator, Mapping
from uuid import UUID

from attrs import frozen

from manchengo.application.choices import Choices
from manchengo.application.conflicting_commits import unseen_commits
from manchengo.application.genealogy import AnyLot
from manchengo.application.ways_out import ways_out
from manchengo.commands import Command, SetAsideParked, TakeUpParked
from manchengo.domain.access import Actor
from manchengo.domain.commit import Commit
from manchengo.domain.ids import LotId, ResolutionItemId
from manchengo.domain.resolution import ResolveItem, Way
from manchengo.ports.lists import AboveZero, ListQuery, OneOf
from manchengo.ports.rows import ClaimRow, FinishedLotRow, RawLotRow, ResolutionItemRow
from manchengo.ports.settings import DEVICE
from manchengo.ports.store import Snapshot
from manchengo_presenters import command_view, conflict_words, parsing, words
from manchengo_presenters.command_view import RecordedCommand
from manchengo_presenters.conflict_words import STEPS_BESIDE
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.screen_context import ScreenContext

SET_ASIDE, TAKE_UP = STEPS_BESIDE

MOST_LOTS = 50
"""Lots that are offered instead of one."""

TITLES = {
    Way.VOID: N_("No effect"),
    Way.RETRY: N_("Do it again"),
    Way.ACCEPT: N_("Accept it"),
    Way.OTHER_LOT: N_("Another lot"),
    Way.OTHER_CODE: N_("Another code"),
    SET_ASIDE: N_("Set aside"),
    TAKE_UP: N_("Take up again"),
}


@frozen(kw_only=True)
class WayOut:
    """``key``: of a way, or of a step beside them. ``effect``: what it does. ``takes``: the field
    that it needs beside the reason, "" for none.
    """

    key: str
    title: str
    effect: str
    takes: str = ""


@frozen(kw_only=True)
class Written:
    """What somebody recorded: ``values``, each with its label."""

    title: str
    who: str
    device: str
    when: str
    values: tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Conflict:
    """``is_ours``: it was recorded on this device. ``against``: what stood before, or was recorded
    elsewhere meanwhile. ``lots``: which may be used instead. ``notes``: what else is to be known
    before somebody decides. ``closed``: how, and why; "" while it is open.
    """

    here: Written
    is_ours: bool
    why: str
    against: tuple[Written, ...]
    claims_heading: str
    claims: tuple[str, ...]
    ways: tuple[WayOut, ...]
    lots: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    closed: str


class ConflictPage(Form):
    """``conflict``: None until it is there. ``chosen``: the way out that is taken, by its key."""

    def __init__(self, context: ScreenContext, item_id: ResolutionItemId) -> None:
        super().__init__(
            context.background,
            {"reason": "", "lot": "", "code": ""},
            beside={"ReasonMissing": "reason", "AlreadyExists": "code"},
        )
        self._office = context.office
        self._item_id = item_id
        self.context = context
        self.conflict: Conflict | None = None
        self.chosen = ""

    async def load(self) -> None:
        """Read the conflict anew; what was typed stays."""
        found = await self.attempt_again(self._read, self.conflict)
        if found is not None:
            self.conflict = found
            if self.way is None:
                self.chosen = ""
            self.changed()

    @property
    def way(self) -> WayOut | None:
        """The way out that is chosen, while it fits."""
        ways = self.conflict.ways if self.conflict else ()
        return next((each for each in ways if each.key == self.chosen), None)

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """Itself, once a way out is chosen."""
        return {self.chosen: self} if self.chosen else {}

    async def reopen(self, name: str) -> Form | None:
        """That way out, where it still fits."""
        self.chosen = name
        if self.way is None:
            self.chosen = ""
        return self.open_forms.get(name)

    def choose_way(self, key: str) -> None:
        """That way out; nothing is recorded yet."""
        self.chosen = key
        self.changed()

    def choose(self, name: str, key: str) -> None:
        """That lot."""
        self.put(name, key)
        self.changed()

    async def decide(self) -> None:
        """Record the decision."""
        way = self.way
        if way is None or self.is_busy:
            return
        self.require(("reason", way.takes) if way.takes else ("reason",))
        code = self.read("code", parsing.code) if way.takes == "code" else None
        if not self.is_right:
            return
        build = self._build(way, str(code or ""))
        sentence = _("Decided: {what}.").format(what=way.title)
        done = await self.attempt(lambda: self._office.record(build, lambda *_given: sentence))
        if done is not None:
            self.chosen = ""
            self.fill()
            self.context.window.tell(done)
            await self.load()

    async def confirm(self) -> None:
        """Record the decision."""
        await self.decide()

    async def later(self) -> None:
        """Back to the list; it waits."""
        await self.context.window.leave()

    def _build(self, way: WayOut, code: str) -> Callable[[Choices], Command]:
        item_id, reason = self._item_id, self.values["reason"].strip()
        lot = LotId(UUID(self.values["lot"])) if way.takes == "lot" else None
        match way.key:
            case "set_aside":
                return lambda choices: SetAsideParked(
                    item_id=item_id, reason=reason, on=choices.day
                )
            case "take_up":
                return lambda choices: TakeUpParked(item_id=item_id, reason=reason, on=choices.day)
            case _:
                return lambda choices: ResolveItem(
                    item_id=item_id,
                    way=Way(way.key),
                    reason=reason,
                    on=choices.day,
                    lot_id=lot,
                    code=code,
                )

    # -------------------------------------------------------------------------------- reading

    def _read(self) -> Conflict:
        actor = self._office.actor
        with self._office.reading() as snapshot:
            row = snapshot.get(ResolutionItemRow, self._item_id)
            assert row is not None, "a conflict that was opened is recorded"
            return conflict_of(snapshot, row, by=actor)


def conflict_of(snapshot: Snapshot, row: ResolutionItemRow, *, by: Actor) -> Conflict:
    """All that is shown of it. ``by``: who would decide, on whom the ways out depend."""
    commit = snapshot.commit(row.commit_id)
    assert commit is not None, "an item is about a commit that is stored"
    command = RecordedCommand.of(commit)
    ways = ways_out(snapshot, row, by=by)
    claims = tuple(snapshot.rows(ClaimRow, item_id=row.id))
    beside = conflict_words.steps_beside(row, by=by)
    return Conflict(
        here=_written(snapshot, commit),
        is_ours=str(row.device_id) == snapshot.setting(DEVICE),
        why=conflict_words.why(row),
        against=tuple(_written(snapshot, each) for each in unseen_commits(snapshot, row, commit)),
        claims_heading=conflict_words.claims_heading(row),
        claims=tuple(conflict_words.claim_text(snapshot, claim) for claim in claims),
        ways=(*(_way(way, command) for way in ways), *(_step(step) for step in beside)),
        lots=_lots(snapshot, claims) if Way.OTHER_LOT in ways else (),
        notes=tuple(_notes(snapshot, row, command, ways)),
        closed=_closed(row),
    )


def _written(snapshot: Snapshot, commit: Commit) -> Written:
    command = RecordedCommand.of(commit)
    return Written(
        title=conflict_words.title(command),
        who=command_view.known_person(snapshot, commit.user_id),
        device=command_view.known_device(snapshot, commit.device_id),
        when=conflict_words.moment(commit.occurred_at.isoformat()),
        values=tuple(command.labelled_values(snapshot)),
    )


def _notes(
    snapshot: Snapshot, row: ResolutionItemRow, command: RecordedCommand, ways: tuple[Way, ...]
) -> Iterator[str]:
    if snapshot.entry(row.commit_id) is None:
        yield _("The server has not said so yet: this is what it will find, as far as we know.")
    if command.withheld is not None:
        yield _("Your roles do not allow you to read what it says ({permission}).").format(
            permission=words.word(words.PERMISSIONS, command.withheld)
        )
    if len(ways) < len(ways_out(snapshot, row)):
        yield conflict_words.for_whom(row, may_decide=bool(ways))


def _way(way: Way, command: RecordedCommand) -> WayOut:
    takes = {Way.OTHER_LOT: "lot", Way.OTHER_CODE: "code"}.get(way, "")
    return WayOut(
        key=way.value,
        title=_(TITLES[way]),
        effect=conflict_words.effect(way, command),
        takes=takes,
    )


def _step(step: str) -> WayOut:
    return WayOut(key=step, title=_(TITLES[step]), effect=_(STEPS_BESIDE[step]))


def _lots(snapshot: Snapshot, claims: tuple[ClaimRow, ...]) -> tuple[tuple[str, str], ...]:
    """The lots of the same product that hold something, the oldest first."""
    claimed = {claim.subject for claim in claims}
    kinds: tuple[type[RawLotRow | FinishedLotRow], ...] = (RawLotRow, FinishedLotRow)
    rows = (snapshot.get(kind, each) for each in claimed for kind in kinds)
    products = tuple({row.product_id for row in rows if row is not None})
    query = ListQuery(where=(AboveZero("quantity_remaining"), OneOf("product_id", products)))
    found: list[AnyLot] = []
    for kind in kinds:
        found.extend(snapshot.page(kind, query, limit=MOST_LOTS))
    return tuple(
        (str(row.id), f"{row.code} ({words.measured(row.quantity_remaining, row.unit)})")
        for row in found
        if row.id not in claimed
    )


def _closed(row: ResolutionItemRow) -> str:
    if not row.closed_by:
        return ""
    return _("Closed: {state}. Reason: {reason}").format(
        state=conflict_words.state(row), reason=row.reason or "—"
    )
