"""The lots for an order: those that would be taken, those passed over, those reserved."""

from collections.abc import Callable, Sequence

import flet as ft

from manchengo_flet.controls import button, card, named, notice, state_word
from manchengo_flet.theme import BODY, SEMIBOLD, SMALL, L, M, Tone, figures, muted, text
from manchengo_presenters.language import _
from manchengo_presenters.screens.allocation_view import (
    AllocatedLot,
    HeldLot,
    ProductAllocation,
)


def proposed(
    allocation: ProductAllocation, *, lower: Callable[[], object] | None = None
) -> ft.Control:
    """What would be reserved of one product. ``lower``: asks for no more than there is."""
    head = ft.Row(
        [
            text(allocation.product, BODY, family=SEMIBOLD, one_line=True, expand=True),
            figures(allocation.wanted),
        ],
        spacing=L,
    )
    parts: list[ft.Control] = [head, *(_taken(lot) for lot in allocation.picked)]
    if allocation.missing:
        parts.append(notice("missing", allocation.missing, Tone.WARN))
        if lower is not None and allocation.left_words:
            parts.append(
                ft.Row(
                    [
                        button(
                            "lower",
                            _("Order {left}").format(left=allocation.left_words),
                            lower,
                        )
                    ]
                )
            )
    if allocation.passed:
        parts.append(muted(_("Passed over"), SMALL))
        parts.extend(_passed(lot) for lot in allocation.passed)
    return card(ft.Column(parts, spacing=M, tight=True))


def _taken(lot: AllocatedLot) -> ft.Control:
    return _lot(f"taken-{lot.code}", lot.code, _dates(lot), figures(lot.quantity))


def _passed(lot: AllocatedLot) -> ft.Control:
    why = ft.Row([state_word(lot.why, Tone.PLAIN)], tight=True)
    return _lot(f"passed-{lot.code}", lot.code, _dates(lot), why)


def _dates(lot: AllocatedLot) -> str:
    entered = _("of {day}").format(day=lot.entered)
    if not lot.expires:
        return entered
    return f"{entered} · " + _("use by {day}").format(day=lot.expires)


def reserved(lots: Sequence[HeldLot]) -> ft.Control:
    """What is reserved for the order, lot by lot."""
    title = text(_("Reserved lots"), BODY, family=SEMIBOLD)
    lines = [_held(lot) for lot in lots]
    return named("reserved", card(ft.Column([title, *lines], spacing=M, tight=True)))


def _held(lot: HeldLot) -> ft.Control:
    loaded = _("loaded in {deliveries}").format(deliveries=lot.deliveries)
    said = loaded if lot.deliveries else ""
    quantity: ft.Control = figures(lot.quantity)
    if lot.why:
        unfit = state_word(lot.why, Tone.BAD)
        quantity = ft.Row([unfit, quantity], spacing=M, tight=True)
    return _lot(f"held-{lot.code}", lot.code, said, quantity)


def _lot(identifier: str, code: str, said: str, end: ft.Control) -> ft.Control:
    row = ft.Row(
        [
            ft.Container(text(code, one_line=True), width=200),
            muted(said, BODY, one_line=True, expand=True),
            end,
        ],
        spacing=M,
    )
    return ft.MergeSemantics(named(identifier, row))
