"""What was scanned, and what can be done with it now: for screens and the command line alike."""

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import frozen

from manchengo.application.holds import holds_of_lot
from manchengo.application.shelf import status_on
from manchengo.commands import COMMANDS
from manchengo.domain.access import Actor, Permission, holders
from manchengo.domain.allocation import Purpose, Skipped, Standing, unfit
from manchengo.domain.label import LabelKind
from manchengo.ports.rows import (
    VOIDED,
    DeliveryLineRow,
    DeliveryRow,
    FinishedLotRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    here_from,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import day
from manchengo_presenters.labels import LabelText
from manchengo_presenters.language import _

SUPPLIER_CODE = "SUPPLIER"
"""The kind of a code that a supplier printed; the others are those of ``LabelKind``."""

GOODS_IN = "lot.receive"


@frozen(kw_only=True)
class Action:
    """``command``: the stored name of a command, which a screen turns into a button. ``refused``:
    why not, in a sentence; "" where it can be done now.
    """

    command: str
    label: str
    refused: str = ""


@frozen(kw_only=True)
class ScanView:
    """``kind``: a ``LabelKind`` or ``SUPPLIER_CODE``. ``code``: what people call it; of a supplier,
    its lot. ``facts``: a name and a value each. ``warnings``: sentences, the most urgent first.
    """

    kind: str
    code: str
    title: str
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    actions: tuple[Action, ...]


def lot_view(
    snapshot: Snapshot, lot: RawLotRow | FinishedLotRow, text: LabelText, actor: Actor, on: date
) -> ScanView:
    """A lot: how much there is of it, who waits for it, what its state and the roles allow."""
    is_raw = isinstance(lot, RawLotRow)
    left = (_("On hand"), words.measured(lot.quantity_remaining, lot.unit))
    state = (_("State"), words.word(words.LOT_STATUSES, status_on(lot, on)))
    return ScanView(
        kind=LabelKind.RAW_MATERIAL_LOT if is_raw else LabelKind.FINISHED_LOT,
        code=lot.code,
        title=text.title,
        facts=(left, state, *text.facts),
        warnings=tuple(_warnings(snapshot, lot, on)),
        actions=tuple(_permitted(_of_a_lot(lot, on), actor)),
    )


def production_order_view(order: ProductionOrderRow, text: LabelText, actor: Actor) -> ScanView:
    """A production order, by how far it is."""
    steps = {
        "planned": ("production_order.start", "production_order.cancel"),
        "started": (
            "production_order.consume",
            "production_order.take_back",
            "production_order.complete",
            "production_order.cancel",
        ),
        "completed": ("production_order.reopen",),
        "cancelled": ("production_order.reopen",),
    }
    return _in_a_state(LabelKind.PRODUCTION_ORDER, "production_order", order, text, actor, steps)


def delivery_view(
    snapshot: Snapshot, delivery: DeliveryRow, text: LabelText, actor: Actor
) -> ScanView:
    """A delivery, by how far it is, with what is in the van."""
    steps = {
        "prepared": ("delivery.load", "delivery.unload", "delivery.dispatch", "delivery.cancel"),
        "dispatched": ("delivery.confirm_reception", "delivery.return"),
        "received": ("delivery.return", "delivery.reopen"),
        "cancelled": ("delivery.reopen",),
    }
    lines = list(snapshot.rows(DeliveryLineRow, delivery_id=delivery.id))
    loaded = (_("Lots in the van"), str(len({line.lot_id for line in lines})))
    return _in_a_state(LabelKind.DELIVERY, "delivery", delivery, text, actor, steps, more=(loaded,))


def supplier_code_view(
    *,
    gtin: str,
    batch: str,
    produced_on: date | None,
    best_before: date | None,
    expires_on: date | None,
    product: RawProductRow | None,
    actor: Actor,
    on: date,
) -> ScanView:
    """A code of a supplier: what it says, to be proposed at the reception."""
    last_day = expires_on or best_before
    all_facts = (
        (_("Article (GTIN)"), gtin),
        (_("Supplier's lot"), batch),
        (_("Made on"), day(produced_on) if produced_on else ""),
        (_("Use by"), day(expires_on) if expires_on else ""),
        (_("Best before"), day(best_before) if best_before else ""),
    )
    warnings = []
    if last_day and last_day < on:
        warnings.append(_("It was good until {day}.").format(day=day(last_day)))
    if gtin and product is None:
        warnings.append(
            _("No raw material of ours has this bar code. Choose which one it is, or record it.")
        )
    return ScanView(
        kind=SUPPLIER_CODE,
        code=batch,
        title=product.name if product else "",
        facts=tuple((name, value) for name, value in all_facts if value),
        warnings=tuple(warnings),
        actions=tuple(_permitted([(GOODS_IN, "")], actor)),
    )


def _in_a_state(
    kind: LabelKind,
    name: str,
    row: ProductionOrderRow | DeliveryRow,
    text: LabelText,
    actor: Actor,
    steps: dict[str, tuple[str, ...]],
    more: tuple[tuple[str, str], ...] = (),
) -> ScanView:
    possible = steps.get(row.status, ())
    refused = _("not in the state “{state}”").format(state=words.state(name, row.status))
    every = dict.fromkeys(step for each in steps.values() for step in each)
    asked = [(step, "" if step in possible else refused) for step in every]
    return ScanView(
        kind=kind,
        code=row.code,
        title=text.title,
        facts=((_("State"), words.state(name, row.status)), *text.facts, *more),
        warnings=(),
        actions=tuple(_permitted(asked, actor)),
    )


def _of_a_lot(lot: RawLotRow | FinishedLotRow, on: date) -> Iterator[tuple[str, str]]:
    """Each step, and why the lot does not allow it."""
    is_raw = isinstance(lot, RawLotRow)
    never = _never_came(lot)
    empty = "" if lot.quantity_remaining > 0 else _("nothing is left of it")
    why = _unfit(lot, on)
    use = never or empty or (words.word(words.SKIPPED, why) if why else "")
    yield ("production_order.consume" if is_raw else "delivery.load"), use
    yield "lot.count", never
    yield "lot.write_off", never or empty
    if is_raw:
        yield "lot.send_back", never or empty
    match Standing(lot.standing):
        case Standing.RELEASED:
            yield "lot.quarantine", never
            yield "lot.block", never
        case Standing.QUARANTINED | Standing.BLOCKED:
            yield "lot.release", never
        case Standing.RECALLED:
            yield "lot.release", _("a recall never ends")


def _never_came(lot: RawLotRow | FinishedLotRow) -> str:
    """That the lot is void; "" where it is not."""
    return words.word(words.LOT_STATUSES, VOIDED) if lot.status == VOIDED else ""


def _unfit(lot: RawLotRow | FinishedLotRow, on: date) -> Skipped | None:
    is_raw = isinstance(lot, RawLotRow)
    return unfit(
        received_on=here_from(lot),
        expires_on=lot.expires_on,
        standing=Standing(lot.standing),
        on=on,
        purpose=Purpose.PRODUCTION if is_raw else Purpose.SALE,
    )


def _warnings(snapshot: Snapshot, lot: RawLotRow | FinishedLotRow, on: date) -> Iterator[str]:
    never = _never_came(lot)
    why = _unfit(lot, on)
    if never or why is not None:
        because = f" ({lot.standing_reason})" if lot.standing_reason else ""
        yield _("It may not be used: {why}{because}.").format(
            why=never or words.word(words.SKIPPED, why or ""), because=because
        )
    if lot.quantity_remaining <= 0 and not never:
        yield _("Nothing is left of it.")
    for hold in holds_of_lot(snapshot, lot.id, on):
        kept = words.measured(hold.quantity, hold.unit)
        if hold.deliveries:
            yield _("{quantity} are in the van of {delivery} ({order}).").format(
                quantity=kept, delivery=", ".join(hold.deliveries), order=hold.order
            )
        else:
            yield _("{quantity} are kept for {order}.").format(quantity=kept, order=hold.order)


def _permitted(steps: Iterable[tuple[str, str]], actor: Actor) -> Iterator[Action]:
    """What the roles do not allow says so before what the state does not."""
    for command, refused in steps:
        needed = COMMANDS[command].permission
        yield Action(
            command=command,
            label=words.word(words.COMMANDS, command),
            refused=refused if actor.may(needed) else _not_by(needed),
        )


def _not_by(permission: Permission) -> str:
    return _("only for: {roles}").format(roles=words.roles(sorted(holders(permission))))
