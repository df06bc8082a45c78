"""The orders that were given other lots than those chosen apart, named for people and programs."""

from collections.abc import Iterable
from typing import Any

from manchengo.application.replication.rechosen import Pick, Rechosen
from manchengo.ports.store import Snapshot
from manchengo_presenters import command_view, shapes, words
from manchengo_presenters.language import _


def shape(snapshot: Snapshot, order: Rechosen) -> dict[str, Any]:
    """The lots of an order before and after they were chosen again, for JSON."""
    return {
        "kind": order.kind,
        "order": command_view.anything(snapshot, order.order_id),
        "before": [_pick_shape(snapshot, pick) for pick in order.before],
        "after": [_pick_shape(snapshot, pick) for pick in order.after],
    }


def _pick_shape(snapshot: Snapshot, pick: Pick) -> dict[str, Any]:
    return {
        "lot": command_view.named(snapshot, "lot", pick.lot_id),
        "product": command_view.named(snapshot, "product", pick.product_id),
        **shapes.plain(pick.quantity),
    }


def sentence(snapshot: Snapshot, order: Rechosen) -> str:
    """As in ``Lots choisis à nouveau (commande client S-1) : 10 kg de PF-31 → 10 kg de PF-30``."""
    return _("Lots chosen again ({kind} {code}): {before} → {after}.").format(
        kind=words.word(words.KINDS, order.kind),
        code=command_view.anything(snapshot, order.order_id),
        before=_picks(snapshot, order.before),
        after=_picks(snapshot, order.after),
    )


def _picks(snapshot: Snapshot, picks: Iterable[Pick]) -> str:
    changes = (
        _("{quantity} of {lot}").format(
            quantity=words.measure(pick.quantity),
            lot=command_view.named(snapshot, "lot", pick.lot_id),
        )
        for pick in picks
    )
    return ", ".join(changes) or "—"
