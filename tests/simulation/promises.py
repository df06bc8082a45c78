"""What must be true in the end, whatever happened: the nine promises of the replication, and
eleven.

Each check says what is wrong, or nothing. What can be seen at once is looked at on the way: the
third, the eighth, the twelfth, the sixteenth, and the last three.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo import MemoryStore, codec
from manchengo.application import integrity
from manchengo.application.committing import write_views
from manchengo.application.facts import NATURE
from manchengo.application.replication.effects_check import DoesNotFollow
from manchengo.application.replication.verdicts import judge_at_head
from manchengo.application.unit_of_work import StateCache, decoded
from manchengo.application.views.rebuild import digest, stored_rows
from manchengo.application.ways_out import MENDED, YET_TO_COME, ways_out
from manchengo.domain.aggregates import AGGREGATES, LOT
from manchengo.domain.allocation import Policy
from manchengo.domain.commit import NO_HASH, Commit, LogEntry, Recorded, Verdict
from manchengo.domain.errors import Refused, WrongState
from manchengo.domain.ids import CommitId
from manchengo.domain.ledger import Line, Movement
from manchengo.domain.person_keys import NotSigned
from manchengo.domain.resolution import ResolveItem, Way, item_id_of
from manchengo.events import EVENTS, Fact
from manchengo.ports.rows import FinishedLotRow, RawLotRow, ResolutionItemRow
from manchengo.ports.store import Snapshot
from tests.simulation.disks import Disk
from tests.simulation.exchanging import (
    exchange_until_quiet,
    holds_what_it_took_back,
    holds_what_was_signed,
    is_quiet,
)
from tests.simulation.nodes import BOSS, Device, Key, content, saying, sayings
from tests.simulation.world import KEPT, NO_FORGERY, QUEUE_DRAINS, VIEWS_FOLLOW, Broken, World
from tests.support.dairy import CHEESE, MILK, RENNET

SAME_STATE = "1 all hold the same state"
NEVER_NEGATIVE = "2 stock is never below zero"
EXACTLY_ONCE = "4 everything happens exactly once"
ONE_LOG = "5 the log is one, and the same everywhere"
SAME_VERDICTS = "6 judged again, the log says the same"
ONE_ITEM = "7 what is refused has one item"
LATER_HOLDS = "10 of two who write one field, the later holds"
NO_STUMBLE = "11 only what makes no sense is parked"

ONE_EFFECT = "14 a command id has one effect"
POSSIBLE = "15 what is offered of an item can be done"
AS_IT_HAPPENED = "13 what happened is as its device recorded it"

FIELDS = ("name", "price", "minimum_shelf_life_days")


@frozen
class End:
    """``alive``: every commit whose bytes were still anywhere when all was well again."""

    world: World
    entries: list[LogEntry]
    alive: dict[Key, Commit]


def check(world: World) -> None:
    """``Broken`` at the first promise that is not kept. Exchanges until all is quiet on the way."""
    alive = {
        content(commit): commit for _, disk in everywhere(world) for commit in commits_of(disk)
    }
    rounds = exchange_until_quiet(world)
    holds_what_it_took_back(world)
    for name, disk in everywhere(world):
        holds_what_was_signed(world, name, disk)
    if not is_quiet(world):
        raise Broken(QUEUE_DRAINS, stuck(world, rounds))
    with world.server.program.running():
        with world.server.disk.store.reading() as log:
            end = End(world, list(log.entries()), alive)
        for promise, look in LOOKS.items():
            wrong = look(end)
            if wrong:
                raise Broken(promise, wrong)


def everywhere(world: World) -> Iterator[tuple[str, Disk]]:
    yield "the server", world.server.disk
    for device in world.devices:
        yield device.name, device.disk


def commits_of(disk: Disk) -> list[Commit]:
    with disk.store.reading() as snapshot:
        return list(snapshot.commits())


def stuck(world: World, rounds: int) -> str:
    with world.server.disk.store.reading() as log:
        report = [f"after at most {rounds} rounds the log has {log.cursor()} entries"]
        for device in world.devices:
            with device.disk.store.reading() as snapshot:
                report.append(f"{device.name} ({str(device.id)[:8]}) is at {snapshot.cursor()}")
                for each in snapshot.pending(limit=4):
                    commit = each.commit
                    author, last = str(commit.device_id)[:8], log.tip_in_log(commit.device_id)
                    report.append(
                        f"  offers {commit.command_type}, {author}'s number {commit.sequence} "
                        f"behind {last.sequence}"
                    )
    return "\n".join(report)


# ---------------------------------------------------------------- 1


def same_state(end: End) -> str:
    """Streams, view rows, and what would be chosen tomorrow."""
    held = {name: _held(disk, end.world) for name, disk in everywhere(end.world)}
    wanted = held["the server"]
    for name, found in held.items():
        for what, here in found.items():
            if here != wanted[what]:
                return f"{name} holds other {what} than the server"
    return ""


def _held(disk: Disk, world: World) -> dict[str, object]:
    with disk.store.reading() as snapshot:
        return {
            "streams": {
                aggregate_id: [
                    (entry.position, entry.event.id) for entry in snapshot.stream(aggregate_id)
                ]
                for aggregate_id, _ in snapshot.streams()
            },
            "rows": digest(stored_rows(snapshot)),
            "candidates": list(_candidates(snapshot, world)),
        }


def _candidates(snapshot: Snapshot, world: World) -> Iterator[list[Any]]:
    for kind, product in ((RawLotRow, MILK), (RawLotRow, RENNET), (FinishedLotRow, CHEESE)):
        for policy in Policy:
            today = world.time.now.date()
            yield list(snapshot.candidates(kind, product, policy, on=today))


# ---------------------------------------------------------------- 2


def never_negative(end: End) -> str:
    """After every entry, at every business date, by the effects alone."""
    streams: dict[UUID, list[Any]] = {}
    for entry in end.entries:
        touched = set()
        for event in entry.effects:
            if event.aggregate_type == LOT.name:
                happened = codec.events.decode(
                    event.event_type, event.schema_version, event.payload
                )
                streams.setdefault(event.aggregate_id, []).append(happened)
                touched.add(event.aggregate_id)
        for lot_id in touched:
            lot = LOT.fold(streams[lot_id])
            if lot is not None and any(balance < 0 for balance in _seen(lot.ledger.lines)):
                return f"lot {lot.code} is, after entry {entry.global_seq}"
    return ""


def _seen(lines: Sequence[Line]) -> Iterator[int]:
    """The balances that somebody could see: none of a line of which the next takes back."""
    for line, following in zip_longest(lines, lines[1:]):
        if following is None or following.movement is not Movement.TAKEN_BACK:
            yield line.balance


# ---------------------------------------------------------------- 3, 4, 5


def nothing_lost(end: End) -> str:
    there = {content(entry.commit) for entry in end.entries}
    known_sayings = sayings(entry.commit for entry in end.entries)
    lost = [
        commit.command_type
        for key, commit in end.alive.items()
        if key not in there and saying(commit) not in known_sayings
    ]
    return f"{lost} never came into the log" if lost else ""


def exactly_once(end: End) -> str:
    retold = end.world.network.retold
    done, parked = Counter[Key](), Counter[Key]()
    for entry in end.entries:
        said = parked if entry.verdict is Verdict.PARKED else done
        said[content(entry.commit)] += 1
    times = [*done.items(), *parked.items()]
    often = [key[0] for key, count in times if count > 1 and key not in retold]
    if often:
        return f"{often} stand in the log more than once"
    said_once = (entry for entry in end.entries if content(entry.commit) not in retold)
    events = Counter(event.id for entry in said_once for event in entry.effects)
    if any(count > 1 for count in events.values()):
        return "one event happened twice"
    return ""


def one_log(end: End) -> str:
    if [entry.global_seq for entry in end.entries] != list(range(1, len(end.entries) + 1)):
        return "the server's log has gaps"
    previous, chains, seen = NO_HASH, dict[UUID, tuple[int, bytes]](), set[UUID]()
    for entry in end.entries:
        commit = entry.commit
        if codec.entry_hash(entry, previous) != entry.hash:
            return f"entry {entry.global_seq} is not linked to the one before"
        previous = entry.hash
        if commit.id in seen:
            continue
        seen.add(commit.id)
        number, tip = chains.get(commit.device_id, (0, NO_HASH))
        if (commit.sequence, commit.previous) != (number + 1, tip):
            return f"entry {entry.global_seq} does not follow the last of its device"
        chains[commit.device_id] = (commit.sequence, commit.hash)
    for name, disk in everywhere(end.world):
        with disk.store.reading() as snapshot:
            if list(snapshot.entries()) != end.entries:
                return f"{name} holds other entries"
    return ""


# ---------------------------------------------------------------- 6


def same_verdicts(end: End) -> str:
    """From nothing, each by the program that judged it then, on the day on which it did."""
    store, state_cache, seen = MemoryStore(), StateCache(), set()
    with store.writing() as transaction:
        for entry in end.entries:
            with end.world.server.program_of(entry).running():
                again = entry.commit.id in seen
                judged = judge_at_head(
                    transaction,
                    entry.commit,
                    hlc_eff=entry.hlc_eff,
                    on=None if again else end.world.server.judged_on.get(entry.hash),
                    state_cache=state_cache,
                    again=again,
                )
                seen.add(entry.commit.id)
                found = judged.judgement
                if (found.verdict, found.reason) != (entry.verdict, entry.reason):
                    return (
                        f"entry {entry.global_seq} ({entry.commit.command_type}) is "
                        f"{found.verdict} {found.reason}, and was {entry.verdict} {entry.reason}"
                    )
                if judged.effective != entry.effective:
                    return f"entry {entry.global_seq} ({entry.commit.command_type}) does otherwise"
                transaction.enter(entry)
                write_views(transaction, judged.work)
                judged.work.remember()
    return ""


# ---------------------------------------------------------------- 7, 8


def one_item(end: End) -> str:
    with end.world.server.disk.store.reading() as log:
        items = Counter(item.commit_id for item in log.rows(ResolutionItemRow))
    opened = Counter(
        event.aggregate_id
        for entry in end.entries
        for event in entry.effects
        if event.event_type == "resolution.opened"
    )
    for entry in end.entries:
        commit_id = entry.commit.id
        is_refused = entry.verdict in (Verdict.REJECTED, Verdict.PARKED)
        if is_refused and (items[commit_id], opened[item_id_of(commit_id)]) != (1, 1):
            return f"entry {entry.global_seq} has {items[commit_id]}"
    return ""


def views_follow(end: End) -> str:
    for name, disk in everywhere(end.world):
        with disk.store.reading() as snapshot:
            found = integrity.verify(snapshot)
        if not found.sound:
            return f"{name}: {found.tampered or found.audit or 'other rows'}"
    return ""


# ---------------------------------------------------------------- 10


def later_holds(end: End) -> str:
    """By the stamp that counts and then by the event's id, of all that was asked and accepted."""
    latest: dict[tuple[UUID, str], tuple[tuple[str, UUID], Any]] = {}
    for entry in end.entries:
        if entry.verdict is Verdict.ACCEPTED:
            for aggregate_id, event_id, name, value in _written(entry):
                stamp = (entry.hlc_eff, event_id)
                known = latest.get((aggregate_id, name))
                if known is None or known[0] < stamp:
                    latest[aggregate_id, name] = (stamp, value)
    with end.world.server.disk.store.reading() as log:
        for (aggregate_id, name), (_, value) in latest.items():
            stream = log.stream(aggregate_id)
            state = AGGREGATES[stream[0].event.aggregate_type].fold(decoded(stream))
            if getattr(state, name) != value:
                return f"the {name} of {stream[0].event.aggregate_type} {aggregate_id} does not"
    return ""


def _written(entry: LogEntry) -> Iterator[tuple[UUID, UUID, str, Any]]:
    """The aggregate, the event, the field, and what it is to be; as the author recorded it."""
    for event in entry.commit.events:
        if event.event_type in ("client.details_changed", "product.details_changed"):
            did = codec.events.decode(event.event_type, event.schema_version, event.payload)
            for name in FIELDS:
                if getattr(did, name, None) is not None:
                    yield event.aggregate_id, event.id, name, getattr(did, name)


# ---------------------------------------------------------------- 11

SENSELESS = {"UnknownEvent", "Damaged", "BuiltOnParked", "RecursionError"}
"""What poison and programs to come are parked for; anything else is a fault of the judge's own."""


def no_stumble(end: End) -> str:
    """Nor is anything refused as altered that nobody altered: that would be a gap in the checks by
    which devices take the log in.
    """
    nature, altered = end.world.nature, end.world.network.altered
    for entry in end.entries:
        is_altered = bool(nature.rewrite or nature.mend) or entry.commit.hash in altered
        is_parked = entry.verdict is Verdict.PARKED and entry.reason not in SENSELESS
        if is_parked or (entry.reason == DoesNotFollow.__name__ and not is_altered):
            return f"entry {entry.global_seq} ({entry.commit.command_type}) is for {entry.reason}"
    return ""


# ---------------------------------------------------------------- 13


def as_it_happened(end: End) -> str:
    """Of every commit, the facts among its effects are those that it recorded, all or none; where
    they are none it was refused, or somebody else had taken the very same step.
    """
    for entry in end.entries:
        happened = _facts(entry.effects)
        if happened and happened != _facts(entry.commit.events):
            return f"entry {entry.global_seq} ({entry.commit.command_type}) says otherwise"
        if entry.verdict is Verdict.REALLOCATED and _facts(entry.commit.events):
            return f"entry {entry.global_seq} ({entry.commit.command_type}) was chosen again"
    return ""


def _facts(events: Iterable[Recorded]) -> Counter[tuple[UUID, str, bytes]]:
    return Counter(
        (event.aggregate_id, event.event_type, event.payload)
        for event in events
        if isinstance(NATURE.get(_kind(event)), Fact)
    )


def _kind(event: Recorded) -> type:
    """What it is; an event that no program knows is no fact to anybody."""
    schema = EVENTS.get(event.event_type)
    return schema.type if schema else object


# ---------------------------------------------------------------- 14


def one_effect(end: End) -> str:
    """Of all that devices recorded under one id, at most one thing did something by itself."""
    under: dict[UUID, set[Key]] = {}
    for device in end.world.devices:
        for key, commit in device.kept.items():
            under.setdefault(commit.id, set()).add(key)
    done = {
        content(entry.commit)
        for entry in end.entries
        if entry.verdict in (Verdict.ACCEPTED, Verdict.REALLOCATED) and entry.effects
    }
    for commit_id, keys in under.items():
        if len(keys & done) > 1:
            return f"{commit_id} was used for {sorted(str(key[0]) for key in keys & done)}"
    return ""


# ---------------------------------------------------------------- 15


def possible(end: End) -> str:
    """Each way out that is offered succeeds, or waits for something that people can do: one
    of them, that somebody who may sign does it.
    """
    device = next(iter(end.world.devices))
    with device.disk.store.reading() as snapshot:
        items = list(snapshot.rows(ResolutionItemRow, status="open"))
        offered = [(item, way) for item in items for way in ways_out(snapshot, item)]
        lots = [row.id for row in snapshot.rows(RawLotRow, status="AVAILABLE")]
    for number, (item, way) in enumerate(offered):
        command = ResolveItem(
            item_id=item.id,
            way=way,
            reason="vu",
            on=item.day,
            lot_id=lots[0] if lots else None,
            code=f"autre {number}",
        )
        refusal = _tried(device, command)
        waits = isinstance(refusal, (*MENDED, NotSigned)) or (
            isinstance(refusal, WrongState) and refusal.state in YET_TO_COME
        )
        if refusal is not None and way is not Way.OTHER_LOT and not waits:
            return f"{way} of {item.command_type} ({item.refusal}) is refused: {refusal!r}"
    return ""


def _tried(device: Device, command: ResolveItem) -> Refused | None:
    try:
        with device.dairy(BOSS).batch(keep=False) as batch:
            batch.execute(command, command_id=CommitId(device.ids.new()))
    except Refused as refusal:
        return refusal
    return None


# ---------------------------------------------------------------- 17


def no_forgery(end: End) -> str:
    """What somebody recorded in another's name does nothing, and what its author did not sign is in
    no log.
    """
    network = end.world.network
    for entry in end.entries:
        commit = entry.commit
        does_something = entry.verdict in (Verdict.ACCEPTED, Verdict.REALLOCATED)
        if does_something and content(commit) in network.forged:
            return f"entry {entry.global_seq} ({commit.command_type}) counts as the boss's"
        if commit.hash in network.altered:
            return f"entry {entry.global_seq} ({commit.command_type}) was altered on its way"
    return ""


LOOKS: dict[str, Callable[[End], str]] = {
    ONE_LOG: one_log,
    NO_FORGERY: no_forgery,
    KEPT: nothing_lost,
    EXACTLY_ONCE: exactly_once,
    NEVER_NEGATIVE: never_negative,
    SAME_VERDICTS: same_verdicts,
    ONE_ITEM: one_item,
    SAME_STATE: same_state,
    VIEWS_FOLLOW: views_follow,
    LATER_HOLDS: later_holds,
    NO_STUMBLE: no_stumble,
    AS_IT_HAPPENED: as_it_happened,
    ONE_EFFECT: one_effect,
    POSSIBLE: possible,
}
"""In the order in which a fault is best understood; the ninth is looked at first of all."""
