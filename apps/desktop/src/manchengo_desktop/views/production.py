"""The production orders, and the plan of another."""

import flet as ft

from manchengo_desktop.components import (
    NARROW,
    component,
    form_field,
    heading,
    problem_of,
    screen,
    tone,
)
from manchengo_desktop.paged import filters, page_table
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, stacked, state_word
from manchengo_flet.fields import choice_field, search_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, S, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.order_line import OrderLine
from manchengo_presenters.screens.plan_form import PlanForm
from manchengo_presenters.screens.production_list import OrderFilter, ProductionList

PLAN_WIDTH = 340


@component
def production(model: ProductionList, width: float) -> ft.Control:
    """The list in its four states, beside the form of another order."""
    use_view_model(model)
    search = search_field(
        "search", _("Search an order, a product…"), model.set_search, 260, number=model.clears
    )
    is_planning = model.plan is not None
    new = button(
        "plan",
        _("New order"),
        on_press(model.begin_plan),
        icon=ft.Icons.ADD,
        primary=True,
        hint=_("Ctrl Enter"),
    )
    may_begin = model.may_produce and not is_planning
    head = heading(_("Production"), model.range_words, search, *([new] if may_begin else []))
    if model.plan is None:
        return screen(head, _listed(model, width))
    form = plan(model.plan)
    if width < NARROW:
        below = ft.Container(_listed(model, width), height=440)
        return screen(head, ft.ListView([form, below], spacing=L, expand=True))
    side = ft.Column([form], width=PLAN_WIDTH, scroll=ft.ScrollMode.AUTO)
    body = ft.Row(
        [side, _listed(model, width - PLAN_WIDTH)],
        spacing=L,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return screen(head, body)


@component
def plan(form: PlanForm) -> ft.Control:
    """What is to be made."""
    use_view_model(form)
    if form.products is None:
        return card(muted(_("Still running…"), BODY))
    if not form.products:
        leave = link("leave-plan", _("Leave it"), on_press(form.leave))
        advice = muted(_("Write the recipe of a product first: an order follows it."), BODY)
        return card(stacked([text(_("No recipe yet"), BODY, family=SEMIBOLD), advice, leave]))
    record = on_press(form.confirm)
    buttons = ft.Row(
        [
            link("leave-plan", _("Leave it"), on_press(form.leave)),
            ft.Container(expand=True),
            button(
                "record-plan",
                _("One moment…") if form.is_busy else _("Plan"),
                None if form.is_busy else record,
                icon=ft.Icons.CHECK,
                primary=True,
                hint=_("Ctrl Enter"),
            ),
        ]
    )
    parts = [
        text(_("New order"), BODY, family=SEMIBOLD),
        *problem_of(form),
        choice_field(
            "product",
            _("Product"),
            [(each.key, each.words) for each in form.products],
            form.choose,
            value=form.values["product"],
            error=form.errors.get("product"),
        ),
        form_field(
            form, "quantity", form.quantity_label, hint=form.quantity_hint, on_submit=record
        ),
        form_field(form, "day", _("Day"), hint=form.day_hint, on_submit=record),
        buttons,
    ]
    return card(stacked(parts, spacing=M + S))


def _listed(model: ProductionList, width: float) -> ft.Control:
    return page_table(
        model,
        "orders",
        _columns(),
        _row,
        lambda: _nothing(model),
        width=width,
        top=filters(model, OrderFilter),
    )


def _nothing(model: ProductionList) -> ft.Control:
    if model.is_narrowed:
        clear = button("clear", _("Show the orders to make"), on_press(model.clear))
        return listing.nothing(
            _("No order fits"), _("Choose another filter, or empty the search."), clear
        )
    advice = _("Plan one: its materials are proposed by the recipe.")
    return listing.nothing(_("Nothing to make"), advice if model.may_produce else "")


def _columns() -> list[listing.Column]:
    return [
        listing.Column(title=_("Order no."), width=148),
        listing.Column(title=_("Product")),
        listing.Column(title=_("Day"), width=92),
        listing.Column(title=_("Planned"), width=104, is_figures=True),
        listing.Column(title=_("Obtained"), width=104, is_figures=True, least=900),
        listing.Column(title=_("State"), width=112),
    ]


def _row(line: OrderLine) -> listing.Row:
    return listing.Row(
        identifier=f"order-{line.code}",
        cells=[
            text(line.code, one_line=True),
            text(line.product, one_line=True),
            muted(line.day, BODY),
            figures(line.planned),
            figures(line.obtained),
            ft.Row([state_word(line.state, tone(line.tone))], tight=True),
        ],
    )
