"""What was recorded apart and does not stand: in one line each, in full, and decided on."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from attrs import frozen

from manchengo.commands import ReceiveLot
from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.errors import Unknown
from manchengo.domain.ids import LotId
from manchengo.domain.resolution import Matter, ResolveItem, Way
from manchengo.ports.rows import (
    ClaimRow,
    ClientRow,
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    ResolutionItemRow,
    Row,
    SalesOrderRow,
    SupplierRow,
)
from manchengo.ports.store import Snapshot
from manchengo_cli import lookups, recorded
from manchengo_cli.compose import opened
from manchengo_cli.executing import Choices, carry_out
from manchengo_cli.failures import MISUSED, Failure
from manchengo_cli.output import Column, Lines, Part, Table, answer
from manchengo_cli.pages.audit import decimals
from manchengo_cli.recorded import LABELS, RecordedCommand
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.formatting import day, plain
from manchengo_presenters.language import N_, _
from manchengo_presenters.refusals import kept

SHORT = 8
"""How much of an item's identifier is shown, where that tells it from all others."""

MOST_AGAINST = 10

PARKED = {
    "UnknownEvent": N_(
        "A newer version of the program wrote it: it is judged once this one and the server are "
        "up to date."
    ),
    "BuiltOnParked": N_(
        "It is about something on which another recording cannot be read yet: it is judged after "
        "that one."
    ),
}

TAKEN: dict[str, tuple[type[Row], ...]] = {
    "supplier": (SupplierRow,),
    "client": (ClientRow,),
    "product": (RawProductRow, FinishedProductRow),
    "lot": (RawLotRow, FinishedLotRow),
    "production_order": (ProductionOrderRow,),
    "sales_order": (SalesOrderRow,),
    "delivery": (DeliveryRow,),
}
"""Where to look for whoever has a code already."""

OPTIONS = {
    Way.VOID: "--void",
    Way.RETRY: "--retry",
    Way.OTHER_LOT: "--lot LOT",
    Way.OTHER_CODE: "--code CODE",
}

WORKED_OUT = {
    Way.VOID: N_("Give it up: it did not happen, or not so."),
    Way.RETRY: N_("Record it again as it was, once what was in its way is corrected."),
    Way.OTHER_LOT: N_("Record it again with this lot."),
    Way.OTHER_CODE: N_("Record it again under this code."),
}


# ------------------------------------------------------------------------------------ the list


def show_conflicts(session: Session, *, everything: bool) -> None:
    with opened(session) as place, place.store.reading() as snapshot:
        rows = items(snapshot, everything=everything)
        room = shown_length(snapshot)
        answer(
            session,
            shape=lambda: [item_shape(snapshot, row) for row in rows],
            page=lambda: conflicts_page(snapshot, rows, room, everything=everything),
        )


def items(snapshot: Snapshot, *, everything: bool) -> list[ResolutionItemRow]:
    """The open ones, or all, in the order in which they were recorded."""
    rows = (
        snapshot.rows(ResolutionItemRow)
        if everything
        else snapshot.rows(ResolutionItemRow, status="open")
    )
    return sorted(rows, key=lambda row: (row.recorded_at, row.id))


def item_shape(snapshot: Snapshot, row: ResolutionItemRow) -> dict[str, Any]:
    return {
        "item": str(row.id),
        "status": row.status,
        "matter": row.matter,
        "confirmed": snapshot.entry(row.commit_id) is not None,
        "command": row.command_type,
        "recorded_at": row.recorded_at,
        "on": row.day.isoformat(),
        "user": recorded.person(snapshot, row.user_id),
        "device": recorded.device(snapshot, row.device_id),
        "refusal": row.refusal,
        "facts": decimals(json.loads(row.facts)),
        "message": why(row),
        "closed_by": row.closed_by or None,
        "reason": row.reason,
    }


def conflicts_page(
    snapshot: Snapshot, rows: list[ResolutionItemRow], room: int, *, everything: bool
) -> Iterable[Part]:
    yield conflicts_table(snapshot, rows, room, everything=everything)
    if any(row.status == "open" for row in rows):
        yield _("“manchengo conflicts show ID” says why each does not stand, and the ways out.")


def conflicts_table(
    snapshot: Snapshot, rows: list[ResolutionItemRow], room: int, *, everything: bool
) -> Table:
    last = _("State") if everything else _("Why")
    return Table(
        [
            Column(_("Conflict")),
            Column(_("Recorded")),
            Column(_("By")),
            Column(_("Device")),
            Column(_("When")),
            Column(last),
        ],
        [
            (
                short(row, room),
                brief(snapshot, row),
                recorded.known_person(snapshot, row.user_id),
                recorded.known_device(snapshot, row.device_id),
                moment(row.recorded_at),
                state(row) if everything else first_sentence(why(row)),
            )
            for row in rows
        ],
        empty=(
            _("Nothing was ever in conflict.")
            if everything
            else _("Nothing is in conflict: everything that was recorded stands.")
        ),
    )


def brief(snapshot: Snapshot, row: ResolutionItemRow) -> str:
    commit = snapshot.commit(row.commit_id)
    if commit is None:
        return words.word(words.COMMANDS, row.command_type)
    return RecordedCommand.of(commit).brief(snapshot)


def state(row: ResolutionItemRow) -> str:
    return words.state("resolution", row.closed_by) if row.closed_by else _("open")


def moment(recorded_at: str) -> str:
    at = datetime.fromisoformat(recorded_at).astimezone()
    return f"{day(at)} {at:%H:%M}"


def first_sentence(told: str) -> str:
    """What happened; what to do about it is told with the item itself."""
    return told.partition(". ")[0].rstrip(".") + "."


def why(row: ResolutionItemRow) -> str:
    """Why it does not stand, in one or two sentences."""
    facts = json.loads(row.facts)
    match row.matter:
        case Matter.CONTESTED:
            said = ", ".join(words.word(LABELS, name) for name in facts.get("fields", ()))
            return _(
                "Two devices wrote this without having seen each other ({fields}): the later one "
                "holds. Check which is right."
            ).format(fields=said)
        case Matter.PARKED if row.refusal in PARKED:
            return _(PARKED[row.refusal])
        case Matter.PARKED:
            return _("It cannot be read ({fault}), and is kept to the byte.").format(
                fault=facts.get("said") or row.refusal
            )
        case _:
            return kept(row.refusal, row.facts)


# --------------------------------------------------------------------------- identifiers


def find(snapshot: Snapshot, beginning: str) -> ResolutionItemRow:
    """The item whose identifier begins so; ``Unknown`` when none does."""
    found = [row for row in snapshot.rows(ResolutionItemRow) if row.id.hex.startswith(beginning)]
    if not found:
        raise Unknown(kind="resolution", reference=beginning)
    if len(found) > 1:
        shown = [row.id.hex[: shown_length(snapshot)] for row in found]
        raise Failure(
            "AmbiguousItem",
            _("Several conflicts begin with {beginning}: {items}. Give more of it.").format(
                beginning=beginning, items=", ".join(shown)
            ),
            {"items": [str(row.id) for row in found]},
            exit_code=MISUSED,
        )
    return found[0]


def shown_length(snapshot: Snapshot) -> int:
    """How many digits tell every item from all others."""
    ids = sorted(row.id.hex for row in snapshot.rows(ResolutionItemRow))
    return max([SHORT, *(_in_common(one, other) + 1 for one, other in pairwise(ids))])


def _in_common(one: str, other: str) -> int:
    same = 0
    while same < len(one) and one[same] == other[same]:
        same += 1
    return same


def short(row: ResolutionItemRow, room: int) -> str:
    return row.id.hex[:room]


# ----------------------------------------------------------------------------------- one of them


@frozen
class Found:
    """An item with what it is about and what stood against it."""

    row: ResolutionItemRow
    commit: Commit
    command: RecordedCommand
    claims: tuple[ClaimRow, ...]
    against: tuple[Commit, ...]

    @classmethod
    def of(cls, snapshot: Snapshot, row: ResolutionItemRow) -> "Found":
        commit = snapshot.commit(row.commit_id)
        assert commit is not None, "an item is about a commit that is stored"
        return cls(
            row,
            commit,
            RecordedCommand.of(commit),
            tuple(snapshot.rows(ClaimRow, item_id=row.id)),
            tuple(stood_against(snapshot, row, commit)),
        )

    @property
    def ways(self) -> list[Way]:
        """The ways out that fit what was recorded; none once somebody has decided."""
        asked = self.command.asked
        if self.row.closed_by:
            return []
        if self.row.matter == Matter.PARKED or self.row.refusal == "NotPermitted":
            return [Way.VOID]
        if asked is None or isinstance(asked, ResolveItem):
            return [Way.VOID]
        fitting = [Way.VOID, Way.RETRY]
        if hasattr(asked, "lot_id") and not isinstance(asked, ReceiveLot):
            fitting.append(Way.OTHER_LOT)
        if self.row.refusal == "AlreadyExists" and (
            hasattr(asked, "code") or hasattr(asked, "outputs")
        ):
            fitting.append(Way.OTHER_CODE)
        return fitting


def stood_against(snapshot: Snapshot, row: ResolutionItemRow, commit: Commit) -> Iterator[Commit]:
    """What others had recorded on the same things that its author had not seen, the oldest first.

    The version an author expects counts what was in the stream before: what of that was not the
    author's own was others'. A code that is taken was taken by whoever made the thing that bears
    it.
    """
    found: dict[Any, LogEntry] = {}
    placed = snapshot.entry(commit.id)
    for aggregate_id, seen in _seen(snapshot, commit).items():
        theirs = []
        for each in snapshot.stream(aggregate_id):
            entry = snapshot.entry(each.commit_id)
            if entry is None or (placed and entry.global_seq >= placed.global_seq):
                continue
            if entry.commit.device_id != commit.device_id:
                theirs.append(entry)
            else:
                seen -= 1
        found |= {entry.commit.id: entry for entry in theirs[max(seen, 0) :]}
    latest = sorted(found.values(), key=lambda entry: entry.global_seq)[-MOST_AGAINST:]
    yield from (entry.commit for entry in latest)
    if row.refusal == "AlreadyExists":
        yield from _holder(snapshot, json.loads(row.facts))


def _seen(snapshot: Snapshot, commit: Commit) -> dict[Any, int]:
    """Of each thing it is about, how many events its author saw there that stand in the log: those
    of its own that were refused do not.
    """
    refused = [
        other
        for row in snapshot.rows(ResolutionItemRow, device_id=commit.device_id)
        if row.matter == Matter.REJECTED
        and (other := snapshot.commit(row.commit_id)) is not None
        and other.sequence < commit.sequence
    ]
    seen: dict[Any, int] = {}
    for event in commit.events:
        seen[event.aggregate_id] = min(
            seen.get(event.aggregate_id, event.version - 1), event.version - 1
        )
    for other in refused:
        for event in other.events:
            if event.aggregate_id in seen:
                seen[event.aggregate_id] -= 1
    return seen


def _holder(snapshot: Snapshot, facts: dict[str, str]) -> Iterator[Commit]:
    for kind in TAKEN.get(facts.get("kind", ""), ()):
        for row in snapshot.rows(kind, code=facts.get("reference", ""), limit=1):
            stream = snapshot.stream(getattr(row, "id"))  # noqa: B009 - all of these have one
            made = snapshot.commit(stream[0].commit_id) if stream else None
            if made is not None:
                yield made


def show_conflict(session: Session, beginning: str) -> None:
    with opened(session) as place, place.store.reading() as snapshot:
        found = Found.of(snapshot, find(snapshot, beginning))
        answer(
            session,
            shape=lambda: found_shape(snapshot, found),
            page=lambda: found_page(snapshot, found),
        )


def found_shape(snapshot: Snapshot, found: Found) -> dict[str, Any]:
    return item_shape(snapshot, found.row) | {
        "commit": str(found.commit.id),
        "arguments": found.command.shape(snapshot),
        "claims": [claim_shape(snapshot, claim) for claim in found.claims],
        "against": [against_shape(snapshot, commit) for commit in found.against],
        "choices": [way.value for way in found.ways],
    }


def claim_shape(snapshot: Snapshot, claim: ClaimRow) -> dict[str, Any]:
    product = recorded.named(snapshot, "product", claim.product_id) if claim.product_id else ""
    return {
        "kind": claim.kind,
        "subject": subject(snapshot, claim) or None,
        "cause": cause(snapshot, claim) or None,
        "product": product or None,
        "quantity": plain(claim.quantity) if claim.unit else None,
        "unit": claim.unit or None,
    }


def subject(snapshot: Snapshot, claim: ClaimRow) -> str:
    """The lot or delivery that it is about, by its code."""
    known = recorded.anything(snapshot, claim.subject)
    return known or ("" if claim.kind == "poured" else claim.code)


def cause(snapshot: Snapshot, claim: ClaimRow) -> str:
    """What it was for: an order, a delivery, a party."""
    known = recorded.anything(snapshot, claim.cause) if claim.cause else ""
    return known or (claim.code if claim.kind == "poured" else "")


def against_shape(snapshot: Snapshot, commit: Commit) -> dict[str, Any]:
    return {
        "commit": str(commit.id),
        "command": commit.command_type,
        "user": recorded.person(snapshot, commit.user_id),
        "device": recorded.device(snapshot, commit.device_id),
        "recorded_at": commit.occurred_at.isoformat(),
        "on": commit.on.isoformat(),
        "arguments": RecordedCommand.of(commit).shape(snapshot),
    }


def found_page(snapshot: Snapshot, found: Found) -> Iterable[Part]:
    row = found.row
    yield _("{what}, recorded by {user} on the device {device}, {when}.").format(
        what=_capital(found.command),
        user=recorded.known_person(snapshot, row.user_id),
        device=recorded.known_device(snapshot, row.device_id),
        when=moment(row.recorded_at),
    )
    yield Lines([f"  {label}\u00a0: {said}" for label, said in found.command.said(snapshot)])
    yield ""
    yield why(row)
    if snapshot.entry(row.commit_id) is None:
        yield _("The server has not said so yet: this is what it will find, as far as we know.")
    if found.against:
        yield ""
        yield _("Recorded meanwhile elsewhere:")
        yield Lines([f"  {told}" for told in _against(snapshot, found)])
    if found.claims:
        yield ""
        yield _claims_heading(row)
        yield Lines([f"  {claim_said(snapshot, claim)}" for claim in found.claims])
    yield ""
    if row.closed_by:
        yield _("Closed: {state}. Reason: {reason}").format(
            state=state(row), reason=row.reason or "—"
        )
    else:
        yield _("To decide:")
        yield from _ways(found, shown_length(snapshot))


def _claims_heading(row: ResolutionItemRow) -> str:
    if row.closed_by:
        return _("It said of the floor:")
    return _("It says of the floor (claimed, not accepted; traces and recalls show it):")


def _against(snapshot: Snapshot, found: Found) -> Iterator[str]:
    for commit in found.against:
        yield _("{what} ({user}, {device}, {when})").format(
            what=RecordedCommand.of(commit).brief(snapshot),
            user=recorded.known_person(snapshot, commit.user_id),
            device=recorded.known_device(snapshot, commit.device_id),
            when=moment(commit.occurred_at.isoformat()),
        )


def claim_said(snapshot: Snapshot, claim: ClaimRow) -> str:
    """``versé : 80 L de L1 → OF-2``."""
    told = words.word(words.CLAIMS, claim.kind) + "\u00a0: "
    lot = subject(snapshot, claim) or str(claim.subject)[:SHORT]
    if claim.unit:
        told += _("{quantity} of {lot}").format(
            quantity=words.measured(claim.quantity, claim.unit), lot=lot
        )
    else:
        told += lot
    because = cause(snapshot, claim)
    return f"{told} → {because}" if because else told


def _ways(found: Found, room: int) -> Iterator[Part]:
    for way in found.ways:
        yield f"— {_(WORKED_OUT[way])}"
        command = f"manchengo conflicts resolve {short(found.row, room)} {OPTIONS[way]}"
        yield Lines([f"    {command} --reason …"])


def _capital(command: RecordedCommand) -> str:
    """A title with its capital; a stored name stays as it is stored."""
    title = command.title
    return title if title == command.type else title[:1].upper() + title[1:]


# ---------------------------------------------------------------------------------- decisions


def resolve(
    session: Session, beginning: str, way: Way, reason: str, *, lot: str | None, code: str
) -> None:
    def ask(choices: Choices) -> ResolveItem:
        return ResolveItem(
            item_id=find(choices.snapshot, beginning).id,
            way=way,
            reason=reason,
            on=choices.day,
            lot_id=LotId(lookups.lot(choices.snapshot, lot).id) if lot else None,
            code=code,
        )

    carry_out(session, ask, decided)


def decided(snapshot: Snapshot, command: ResolveItem) -> Iterable[Part]:
    row = snapshot.get(ResolutionItemRow, command.item_id)
    assert row is not None, "what was just decided on has its row"
    yield _("Decided: {what}, {state}.").format(what=brief(snapshot, row), state=state(row))
    left = len(items(snapshot, everything=False))
    if left:
        yield _("Still open: {count}.").format(count=left)
