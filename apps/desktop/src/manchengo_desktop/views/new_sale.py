"""A new order: who orders, and line by line what; beside it the lots that it would take."""

import flet as ft

from manchengo_desktop.components import (
    NARROW,
    back_link,
    component,
    form_field,
    heading,
    problem_of,
    screen,
    unread,
)
from manchengo_desktop.views.lots_for_order import proposed
from manchengo_flet import listing, sides
from manchengo_flet.controls import button, card, icon_button, named, stacked
from manchengo_flet.fields import choice_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, S, figures, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.new_sale import DraftLine, NewSale, Registers

FORM_WIDTH = 400


@component
def new_sale(model: NewSale, width: float) -> ft.Control:
    """The form beside its lines."""
    use_view_model(model)
    head = heading(_("New sales order"), "", back_link(model.context))
    if model.registers is None:
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    if not (model.registers.clients and model.registers.offers):
        nothing = listing.nothing(
            _("An order needs a client and a finished product"),
            _("Enter or import the first ones, then come back."),
        )
        return screen(head, nothing)
    form, lines = _form(model, model.registers), _lines(model)
    if width < NARROW:
        return screen(head, ft.ListView([form, *lines], spacing=L, expand=True))
    side = ft.Column([form], width=FORM_WIDTH, scroll=ft.ScrollMode.AUTO)
    body = ft.Row(
        [side, ft.ListView(lines, spacing=L, expand=True)],
        spacing=L,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return screen(head, body)


def _form(model: NewSale, registers: Registers) -> ft.Control:
    page = ft.context.page

    def choose(name: str, key: str) -> None:
        page.run_task(model.choose, name, key)

    add = on_press(model.add_line)
    offers = [(str(each.product_id), each.words) for each in registers.offers]
    return card(
        stacked(
            [
                *problem_of(model),
                choice_field(
                    "client",
                    _("Client"),
                    registers.clients,
                    choose,
                    value=model.values["client"],
                    error=model.errors.get("client"),
                ),
                form_field(
                    model,
                    "wanted_on",
                    _("Wanted by"),
                    hint=_("As 23/04/2026; left blank: the client named no day."),
                ),
                ft.Divider(),
                choice_field(
                    "product",
                    _("Product"),
                    offers,
                    choose,
                    value=model.values["product"],
                    error=model.errors.get("product"),
                ),
                form_field(model, "quantity", model.quantity_label, on_submit=add),
                form_field(
                    model, "price", _("Price of one unit"), hint=model.price_hint, on_submit=add
                ),
                button("add-line", _("Add the line"), None if model.is_busy else add),
                ft.Divider(),
                button(
                    "reserve",
                    _("Confirm and reserve"),
                    None if model.is_busy else on_press(model.reserve),
                    icon=ft.Icons.CHECK,
                    primary=True,
                    hint=_("Ctrl Enter"),
                ),
                button(
                    "place",
                    _("Record without reserving"),
                    None if model.is_busy else on_press(model.place),
                ),
            ],
            spacing=M + S,
        )
    )


def _lines(model: NewSale) -> list[ft.Control]:
    if not model.lines:
        return [
            listing.nothing(
                _("No line yet"), _("Choose a product and type a quantity, then Enter.")
            )
        ]
    rows = [_line(model, place, line) for place, line in enumerate(model.lines)]
    title = text(_("Lines of the order"), BODY, family=SEMIBOLD)
    parts: list[ft.Control] = [
        named("draft-lines", card(ft.Column([title, *rows], spacing=M, tight=True)))
    ]
    if model.proposed:
        parts.append(text(_("What would be reserved"), BODY, family=SEMIBOLD))
        parts.extend(
            proposed(each, lower=on_press(model.order_what_is_left, each))
            for each in model.proposed
        )
    return parts


def _line(model: NewSale, place: int, line: DraftLine) -> ft.Control:
    remove = icon_button(
        f"remove-{place}",
        ft.Icons.CLOSE,
        _("Leave this line out"),
        on_press(model.remove_line, line),
    )
    return ft.Row(
        [
            text(line.product, one_line=True, expand=True),
            figures(line.quantity_words),
            ft.Container(figures(line.price_words), width=120, alignment=sides.at_end()),
            remove,
        ],
        spacing=L,
    )
