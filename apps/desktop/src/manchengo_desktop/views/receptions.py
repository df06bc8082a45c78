"""What suppliers bring: the form, and what came in these days."""

import flet as ft

from manchengo_desktop.components import (
    NARROW,
    component,
    form_field,
    heading,
    list_keys,
    problem_of,
    screen,
    unread,
)
from manchengo_desktop.views.label_form import label_form
from manchengo_desktop.views.late_entry import day_field, late_entry
from manchengo_flet import listing, sides
from manchengo_flet.controls import button, card, link, named, one_of_several, stacked
from manchengo_flet.fields import choice_field, tick_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, XS, L, M, S, figures, muted, text
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
                tick_field(
                    "quarantined",
                    _("Put in quarantine until it is released"),
                    model.set_quarantined,
                    value=model.is_quarantined,
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
    selected = model.lines_shown[model.selected]
    for day, lines in arrivals.days:
        parts.append(ft.Container(text(day, BODY, family=SEMIBOLD), padding=M))
        parts.extend(_line(model, line, is_selected=line is selected) for line in lines)
    if arrivals.unlisted:
        parts.append(named("unlisted", muted(arrivals.unlisted, BODY)))
    inside = [ft.ListView(parts, spacing=XS, expand=True), listing.foot(list_keys())]
    return named(
        "arrivals", card(ft.Column(inside, spacing=0), padding=M, expand=True), expand=True
    )


def _line(model: Receptions, line: ReceptionLine, *, is_selected: bool) -> ft.Control:
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
    drawn = ft.Container(
        row,
        padding=sides.padding(start=M if is_selected else M + S, end=M, top=XS, bottom=XS),
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH if is_selected else None,
        border=sides.border(start=ft.BorderSide(S, ft.Colors.PRIMARY) if is_selected else None),
    )
    return ft.GestureDetector(
        content=one_of_several(f"arrival-{line.code}", drawn, is_chosen=is_selected),
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
