"""What happened on the floor, read naively off the raw commits: who poured what, and where it went.

Nothing of the program's own reading is used: stored names and JSON alone, and sets that grow until
they grow no more. What is claimed is marked: it was recorded, the log refused it (or will, as far
as this device foresees), and nobody has decided on it yet.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from attrs import define, field, frozen

from manchengo.domain.commit import Commit, Recorded
from manchengo.ports.store import Snapshot

Amounts = Counter[tuple[Any, ...]]


@frozen
class Happening:
    """An event with its place: who recorded it, and whether it is only claimed."""

    kind: str
    subject: str
    content: dict[str, Any]
    device: UUID
    claimed: bool

    @property
    def amount(self) -> int:
        quantity = self.content["counted" if self.kind == "lot.counted" else "quantity"]
        return int(quantity["thousandths"])


@define
class Floor:
    """``*_claimed`` flags stand last in each tuple."""

    born: dict[str, list[tuple[str, bool]]] = field(factory=dict)
    poured: list[tuple[str, str, int, bool]] = field(factory=list)
    yielded: list[tuple[str, str, bool]] = field(factory=list)
    vans: dict[str, str] = field(factory=dict)
    order_codes: dict[str, str] = field(factory=dict)
    van_codes: dict[str, str] = field(factory=dict)
    loads: list[tuple[str, str, int, UUID, bool]] = field(factory=list)
    drops: list[tuple[str, str, int, UUID, bool]] = field(factory=list)
    kept: Amounts = field(factory=Counter)
    recalled: set[str] = field(factory=set)
    others: list[tuple[str, str, int]] = field(factory=list)

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Floor":
        floor = cls()
        for happening in happenings(snapshot):
            floor.hear(happening)
        return floor

    def hear(self, it: Happening) -> None:
        match it.kind:
            case "lot.received":
                self.born.setdefault(it.subject, []).append((it.content["code"], it.claimed))
            case "lot.produced":
                self.born.setdefault(it.subject, []).append((it.content["code"], it.claimed))
                self.yielded.append((it.content["order_id"], it.subject, it.claimed))
            case "lot.consumed":
                self.poured.append((it.subject, it.content["order_id"], it.amount, it.claimed))
            case "lot.taken_back" if it.claimed:
                self.others.append((it.subject, "taken_back", it.amount))
            case "lot.taken_back":
                self._take_back(it)
            case "lot.reserved":
                self._keep(it, it.amount)
            case "lot.unreserved":
                self._keep(it, -it.amount)
            case "lot.delivered":
                self.drops.append(
                    (it.subject, it.content["delivery_id"], it.amount, it.device, it.claimed)
                )
            case "lot.recalled" if not it.claimed:
                self.recalled.add(it.subject)
            case "lot.returned" | "lot.sent_back" | "lot.written_off" | "lot.counted":
                if it.claimed:
                    self.others.append((it.subject, it.kind.removeprefix("lot."), it.amount))
            case _:
                self._hear_of_orders(it)
        if it.kind in ("lot.consumed", "lot.delivered") and not it.claimed:
            owner = it.content["order_id"]
            self.kept[it.subject, owner] -= min(self.kept[it.subject, owner], it.amount)

    def _take_back(self, it: Happening) -> None:
        """What is left of the accepted pourings of that lot into that order."""
        order, left = it.content["order_id"], it.amount
        for at, (lot, into, amount, claimed) in reversed(list(enumerate(self.poured))):
            if (lot, into, claimed) == (it.subject, order, False):
                gone = min(left, amount)
                left -= gone
                self.poured[at] = (lot, into, amount - gone, claimed)
        self.poured = [each for each in self.poured if each[2]]

    def _keep(self, it: Happening, amount: int) -> None:
        if not it.claimed:
            self.kept[it.subject, it.content["owner"]] += amount

    def _hear_of_orders(self, it: Happening) -> None:
        match it.kind:
            case "production_order.planned" | "production_order.made" if not it.claimed:
                self.order_codes[it.subject] = it.content["code"]
            case "sales_order.placed" if not it.claimed:
                self.order_codes[it.subject] = it.content["code"]
            case "delivery.prepared":
                self.van_codes[it.subject] = it.content["code"]
                if not it.claimed:
                    self.vans[it.subject] = "here"
            case "delivery.dispatched" if not it.claimed:
                self.vans[it.subject] = "gone"
            case "delivery.cancelled" if not it.claimed:
                self.vans[it.subject] = "stayed"
            case "delivery.reopened" if not it.claimed and self.vans[it.subject] == "stayed":
                self.vans[it.subject] = "here"
            case "delivery.loaded":
                self.loads.append(
                    (it.content["lot_id"], it.subject, it.amount, it.device, it.claimed)
                )
            case "delivery.unloaded" if it.claimed:
                self.others.append((it.content["lot_id"], "unloaded", it.amount))
            case "delivery.unloaded":
                self.loads.append((it.content["lot_id"], it.subject, -it.amount, it.device, False))
            case _:
                pass

    # ---------------------------------------------------------------------------- questions

    def lots(self) -> set[str]:
        return set(self.born)

    def as_accepted(self, lot: str) -> bool:
        return any(not claimed for _, claimed in self.born.get(lot, ()))

    def code(self, lot: str) -> str:
        """Of the books, else as claimed."""
        names = sorted(self.born[lot], key=lambda name: name[1])
        return names[0][0]

    def edges(self) -> set[tuple[str, str, str, bool]]:
        """From each lot poured to each lot that came out: (from, to, order, claimed)."""
        return {
            (source, child, order, poured_claimed or yielded_claimed)
            for source, order, _, poured_claimed in self.poured
            for made_by, child, yielded_claimed in self.yielded
            if made_by == order
        }

    def labelled_alike(self) -> set[tuple[str, str]]:
        return {
            (one, other)
            for one in self.born
            for other in self.born
            if one != other and self.code(one) == self.code(other)
        }

    def reach(self, root: str) -> dict[str, bool]:
        """All that a recall reaches, and whether that is only claimed."""
        sure = {root} if self.as_accepted(root) else set()
        steps = {(source, child) for source, child, _, claimed in self.edges() if not claimed}
        sure = grown(sure, steps)
        steps = {(source, child) for source, child, _, _ in self.edges()} | self.labelled_alike()
        return {lot: lot not in sure for lot in grown({root} | sure, steps)}

    def below(self, root: str) -> set[str]:
        """All that was made of it, without looking at labels."""
        return grown({root}, {(source, child) for source, child, _, _ in self.edges()})

    def above(self, root: str) -> set[str]:
        """All that it was made of."""
        return grown({root}, {(child, source) for source, child, _, _ in self.edges()})

    def fruitless(self, lot: str) -> Amounts:
        """(order, claimed) → how much of the lot went into orders from which nothing came out."""
        fruitful = {order for order, _, _ in self.yielded}
        amounts: Amounts = Counter()
        for source, order, amount, claimed in self.poured:
            if source == lot and order not in fruitful:
                amounts[self.order_codes.get(order, ""), claimed] += amount
        return amounts

    def reserved(self, lot: str) -> Amounts:
        return Counter(
            {
                (self.order_codes[owner],): amount
                for (kept, owner), amount in self.kept.items()
                if kept == lot and amount
            }
        )

    def claimed_otherwise(self, lot: str) -> Amounts:
        return Counter((kind, amount) for subject, kind, amount in self.others if subject == lot)

    def in_vans(self, lot: str) -> tuple[Amounts, Amounts]:
        """(van, claimed, amount): what left for a client, and what has not left yet."""
        left: Amounts = Counter()
        waits: Amounts = Counter()
        aboard: Counter[str] = Counter()
        for source, van, amount, _, claimed in self.loads:
            if source == lot and not claimed:
                aboard[van] += amount
        for van, amount in aboard.items():
            if amount and self.vans[van] != "stayed":
                place = left if self.vans[van] == "gone" else waits
                place[self.van_codes[van], False, amount] += 1
        counted = set()
        for source, van, amount, device, claimed in self.drops:
            if source == lot and claimed:
                left[self.van_codes.get(van, ""), True, amount] += 1
                counted.add((van, device))
        driven = {van for _, van, _, _, claimed in self.drops if claimed}
        for source, van, amount, device, claimed in self.loads:
            if source == lot and claimed and (van, device) not in counted:
                is_here = self.vans.get(van) == "here" and van not in driven
                (waits if is_here else left)[self.van_codes.get(van, ""), True, amount] += 1
        return left, waits


def grown(some: set[str], steps: set[tuple[str, str]]) -> set[str]:
    """All that can be reached from some of it, step by step."""
    while more := {child for source, child in steps if source in some} - some:
        some = some | more
    return some


def happenings(snapshot: Snapshot) -> Iterator[Happening]:
    """Everything that any commit says, in the order of the log and then of the queue."""
    done = [(entry.commit, entry.effects) for entry in snapshot.entries()]
    done += [(each.commit, each.effects) for each in snapshot.pending()]
    decided = {
        str(event.aggregate_id)
        for _, effects in done
        for event in effects
        if event.event_type == "resolution.resolved"
    }
    happened = {move for _, effects in done for move in _moves(effects)}
    for commit, effects in done:
        if not _was_refused(effects):
            recorded = _moves(commit.events)
            assert not _moves(effects) - recorded, "nothing happened that nobody recorded"
            assert set(recorded) <= happened, "what happened is not left out, whoever told it first"
        elif str(uuid5(commit.id, "resolution")) not in decided:
            yield from (_happening(event, commit, claimed=True) for event in commit.events)
        yield from (_happening(event, commit, claimed=False) for event in effects)


MOVED = {
    "lot.received",
    "lot.produced",
    "lot.consumed",
    "lot.taken_back",
    "lot.delivered",
    "lot.returned",
    "lot.sent_back",
    "lot.written_off",
    "lot.counted",
    "delivery.loaded",
    "delivery.unloaded",
}


def _moves(events: tuple[Recorded, ...]) -> Counter[tuple[str, UUID, str]]:
    """What moved, whatever day it is said to have been."""
    return Counter(
        (event.event_type, event.aggregate_id, json.dumps(json.loads(event.payload) | {"on": ""}))
        for event in events
        if event.event_type in MOVED
    )


def _was_refused(effects: tuple[Recorded, ...]) -> bool:
    return any(
        event.event_type == "resolution.opened"
        and json.loads(event.payload)["matter"] in ("rejected", "parked")
        for event in effects
    )


def _happening(event: Recorded, commit: Commit, *, claimed: bool) -> Happening:
    return Happening(
        event.event_type,
        str(event.aggregate_id),
        json.loads(event.payload),
        commit.device_id,
        claimed,
    )
