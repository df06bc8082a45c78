"""What a recall of a lot reaches: every lot made from it, and wherever any of them is or went."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from manchengo.application.completeness import Completeness, completeness
from manchengo.application.genealogy.balance import LotBalance, balance
from manchengo.application.genealogy.links import Links
from manchengo.application.genealogy.lots import lot_row
from manchengo.application.genealogy.whereabouts import (
    ClaimedMovement,
    Pouring,
    Reservation,
    Shipment,
    whereabouts,
)
from manchengo.domain.allocation import Standing
from manchengo.domain.ids import DeviceId, LotId
from manchengo.domain.resolution import ClaimKind
from manchengo.ports.rows import ClaimRow
from manchengo.ports.store import Snapshot


@frozen(kw_only=True)
class RecallReport:
    """What a recall of lots reaches. ``lots``: each once with its balance, the recalled ones first;
    all else stands beside the code of the lot that it is about.

    ``shipments`` went to clients; ``loaded`` is in vans that have not left; ``orders`` took some
    and have yielded nothing; ``reserved`` is kept for orders; ``claims``: what else was recorded
    and is not accepted. ``completeness``: up to when all of it is complete.
    """

    lots: tuple[LotBalance, ...]
    shipments: tuple[tuple[str, Shipment], ...]
    loaded: tuple[tuple[str, Shipment], ...]
    orders: tuple[tuple[str, Pouring], ...]
    reserved: tuple[tuple[str, Reservation], ...]
    claims: tuple[tuple[str, ClaimedMovement], ...]
    completeness: Completeness

    @property
    def clients(self) -> tuple[str, ...]:
        """The codes of the clients reached, in order."""
        return tuple(sorted({ship.client for _, ship in self.shipments if ship.client}))


def recall(
    snapshot: Snapshot, *lots: LotId, device_id: DeviceId, now: datetime
) -> RecallReport | None:
    """What a recall of these lots would reach; None when nothing is known of one of them.
    ``device_id``: of this device; ``now``: when it is asked.
    """
    links = Links(snapshot)
    if not all(is_known(links, lot_id) for lot_id in lots):
        return None
    reached = reach(links, *lots)
    places = [(links.lot(each).code, whereabouts(links, each)) for each in reached]
    return RecallReport(
        lots=tuple(balance(links, each, claimed=claimed) for each, claimed in reached.items()),
        shipments=tuple((code, each) for code, place in places for each in place.shipments),
        loaded=tuple((code, each) for code, place in places for each in place.loaded),
        orders=tuple((code, each) for code, place in places for each in place.orders),
        reserved=tuple((code, each) for code, place in places for each in place.reserved),
        claims=tuple((code, each) for code, place in places for each in place.claims),
        completeness=completeness(snapshot, lots, device_id=device_id, now=now),
    )


def is_known(links: Links, lot_id: LotId) -> bool:
    """Whether the lot was accepted, or an open claim is about it."""
    if lot_row(links.snapshot, lot_id) is not None:
        return True
    kinds = set(ClaimKind) - {ClaimKind.PREPARED, ClaimKind.TOUCHED}
    return any(links.claims(*kinds, subject=lot_id))


def made_from(snapshot: Snapshot, lot_id: LotId) -> list[LotId]:
    """Every accepted lot that a recall of this one reaches, nearest first, each once; the lot
    itself not among them.
    """
    reached = reach(Links(snapshot), lot_id)
    return [each for each in reached if each != lot_id and lot_row(snapshot, each) is not None]


def reach(links: Links, *lots: LotId) -> dict[LotId, bool]:
    """The lots and all that was made from them, nearest first, each once, and whether that it was
    touched is only claimed: the accepted ones first, then those to which only a claim leads.
    """
    found: dict[LotId, bool] = {lot_id: links.lot(lot_id).is_claimed for lot_id in lots}
    _follow(links, found, deque(lots), with_claims=False)
    _follow(links, found, deque(found), with_claims=True)
    return found


def _follow(
    links: Links, found: dict[LotId, bool], waiting: deque[LotId], *, with_claims: bool
) -> None:
    while waiting:
        for child, claimed in _next(links, waiting.popleft()):
            if child not in found and (with_claims or not claimed):
                found[child] = with_claims
                waiting.append(child)


def _next(links: Links, lot_id: LotId) -> Iterator[tuple[LotId, bool]]:
    for link in links.poured_into(lot_id):
        for child, claimed in links.yielded_by(link.order_id):
            yield child, claimed or link.claimed
    for other in links.labelled_alike(lot_id):
        yield other, True


# ------------------------------------------------------------------- what a recall reaches late


def recalled_origin(links: Links, lot_id: LotId) -> LotId | None:
    """The nearest recalled lot of which this one is, or may be, made; itself first."""
    seen = {lot_id}
    waiting = deque([lot_id])
    while waiting:
        each = waiting.popleft()
        row = lot_row(links.snapshot, each)
        if row is not None and row.standing == Standing.RECALLED:
            return each
        sources = [source for source, _ in links.made_of(each)]
        for other in (*sources, *links.labelled_alike(each)):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return None


def reached_by_claims(
    snapshot: Snapshot, claims: tuple[ClaimRow, ...]
) -> Iterator[tuple[LotId, LotId]]:
    """The accepted lots that these new claims tie to a recalled lot and that are not recalled,
    each with that lot.
    """
    links = Links(snapshot, new_claims=claims)
    born_or_poured = (ClaimKind.POURED, ClaimKind.PRODUCED, ClaimKind.RECEIVED)
    subjects = [LotId(claim.subject) for claim in claims if claim.kind in born_or_poured]
    done: set[LotId] = set()
    for subject in dict.fromkeys(subjects):
        source = recalled_origin(links, subject)
        if source is None:
            continue
        for lot_id in reach(links, subject):
            row = lot_row(snapshot, lot_id)
            if row is not None and row.standing != Standing.RECALLED and lot_id not in done:
                done.add(lot_id)
                yield lot_id, source
