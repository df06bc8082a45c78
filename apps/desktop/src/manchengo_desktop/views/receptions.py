"""What suppliers bring: the form, and what came in these days."""

import flet as ft

from manchengo_desktop.components import (
    NARROW,
    component,
    form_field,
    heading,
    problem_of,
    screen,
    unread,
)
from manchengo_desktop.views.label_form import label_form
from manchengo_desktop.views.late_entry import day_field, late_entry
from manchengo_flet import listing, sides
from manchengo_flet.controls import button, card, link, named, stacked
from manchengo_flet.fields import choice_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, S, figures, muted, style, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.formatting import long_day
from manchengo_presenters.language import _
from manchengo_presenters.screens.first_entries import MaterialForm, SupplierForm
from manchengo_presenters.screens.receptions import Arrivals, ReceptionLine, Receptions

FORM_WIDTH = 400


@component
def receptions(model: Receptions, width: float) -> ft.Control:
    """The form beside what came in."""
    use_view_model(model)
    head = heading(_("Receptions"), long_day(model.context.office.today()))
    if model.arrivals is None:
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    if model.lacks:
        return screen(head, _first_entries(model))
    form, came = _to_fill_or_confirm(model), _arrivals(model, model.arrivals)
    if model.label is not None:
        form = stacked([label_form(model.label, model.end_label), form])
    if width < NARROW:
        below = ft.ListView([form, ft.Container(came, height=400)], spacing=L, expand=True)
        return screen(head, below)
    side = ft.Column([form], width=FORM_WIDTH, scroll=ft.ScrollMode.AUTO)
    body = ft.Row(
        [side, came], spacing=L, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return screen(head, body)


def _to_fill_or_confirm(model: Receptions) -> ft.Control:
    """The form; what it changes of the past stands in its place, where nobody overlooks it."""
    if model.late.shown is not None:
        return card(late_entry(model.late))
    return _form(model)


def _form(model: Receptions) -> ft.Control:
    arrivals = model.arrivals
    assert arrivals is not None, "the choices are there"
    receive = on_press(model.receive)
    return card(
        stacked(
            [
                *problem_of(model),
                choice_field(
                    "supplier",
                    _("Supplier"),
                    [(each.key, each.words) for each in arrivals.suppliers],
                    model.choose,
                    value=model.values["supplier"],
                    error=model.errors.get("supplier"),
                ),
                choice_field(
                    "product",
                    _("Raw material"),
                    [(each.key, each.words) for each in arrivals.materials],
                    model.choose,
                    value=model.values["product"],
                    error=model.errors.get("product"),
                ),
                form_field(model, "quantity", model.quantity_label, on_submit=receive),
                form_field(
                    model,
                    "expires",
                    _("Use by"),
                    hint=model.expiry_hint or _("As 23/04/2026"),
                    on_submit=receive,
                ),
                form_field(
                    model, "price", _("Price of one unit"), hint=model.price_hint, on_submit=receive
                ),
                form_field(model, "reference", _("Supplier's reference"), on_submit=receive),
                day_field(model, model.late, receive),
                named(
                    "quarantined",
                    ft.Checkbox(
                        label=_("Put in quarantine until it is released"),
                        label_style=style(BODY, color=ft.Colors.ON_SURFACE),
                        value=model.is_quarantined,
                        on_change=lambda event: model.set_quarantined(bool(event.control.value)),
                    ),
                ),
                _actions(model),
            ],
            spacing=M + S,
        )
    )


def _actions(model: Receptions) -> ft.Control:
    return ft.Row(
        [
            button(
                "receive",
                _("One moment…") if model.is_busy else _("Receive and label"),
                None if model.is_busy else on_press(model.receive_and_label),
                icon=ft.Icons.CHECK,
                primary=True,
                hint=_("Ctrl Enter"),
            ),
            link("receive-only", _("Receive"), on_press(model.receive)),
        ],
        spacing=M,
    )


def _arrivals(model: Receptions, arrivals: Arrivals) -> ft.Control:
    if not arrivals.days:
        return listing.nothing(
            _("Nothing came in these days"), _("Fill in the form: the lot is listed here.")
        )
    parts: list[ft.Control] = []
    for day, lines in arrivals.days:
        parts.append(text(day, BODY, family=SEMIBOLD))
        parts.extend(_line(model, line) for line in lines)
    if arrivals.unlisted:
        parts.append(named("unlisted", muted(arrivals.unlisted, BODY)))
    return named(
        "arrivals", card(ft.ListView(parts, spacing=M, expand=True), expand=True), expand=True
    )


def _line(model: Receptions, line: ReceptionLine) -> ft.Control:
    page = ft.context.page
    row = ft.Row(
        [
            ft.Container(text(line.code, one_line=True), width=160),
            text(line.product, one_line=True, expand=True),
            muted(line.supplier, BODY, one_line=True, expand=True),
            ft.Container(figures(line.quantity), width=96, alignment=sides.at_end()),
        ],
        spacing=M + S,
    )
    return ft.GestureDetector(
        content=ft.MergeSemantics(named(f"arrival-{line.code}", row)),
        on_tap=lambda: page.run_task(model.open, line),
        mouse_cursor=ft.MouseCursor.CLICK,
    )


def _first_entries(model: Receptions) -> ft.Control:
    arrivals = model.arrivals
    assert arrivals is not None, "it is known what lacks"
    parts: list[ft.Control] = [
        muted(_("A reception needs a supplier and a raw material: enter the first ones."), BODY)
    ]
    if not arrivals.suppliers:
        parts.append(new_supplier(model.new_supplier))
    if not arrivals.materials:
        parts.append(new_material(model.new_material))
    return ft.Column(
        [ft.Container(stacked(parts), width=FORM_WIDTH)],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
    )


@component
def new_supplier(form: SupplierForm) -> ft.Control:
    """The name of a supplier."""
    use_view_model(form)
    add = on_press(form.add)
    return card(
        stacked(
            [
                text(_("New supplier"), BODY, family=SEMIBOLD),
                *problem_of(form),
                form_field(form, "supplier_name", _("Name of the supplier"), on_submit=add),
                button("add-supplier", _("Add the supplier"), None if form.is_busy else add),
            ],
            spacing=L,
        )
    )


@component
def new_material(form: MaterialForm) -> ft.Control:
    """A raw material, in as many words as a first reception takes."""
    use_view_model(form)
    add = on_press(form.add)
    return card(
        stacked(
            [
                text(_("New raw material"), BODY, family=SEMIBOLD),
                *problem_of(form),
                form_field(form, "material_name", _("Name of the material")),
                choice_field("unit", _("Unit"), form.units, form.choose, value=form.values["unit"]),
                form_field(
                    form,
                    "shelf_life",
                    _("Shelf life (days)"),
                    hint=form.shelf_life_hint,
                    on_submit=add,
                ),
                button("add-material", _("Add the material"), None if form.is_busy else add),
            ],
            spacing=L,
        )
    )
