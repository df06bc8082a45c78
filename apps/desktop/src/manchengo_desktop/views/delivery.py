"""One delivery: what is to be loaded and what is in the van, and what may be done with it."""

import flet as ft

from manchengo_desktop.components import (
    back_link,
    beside,
    component,
    facts,
    form_field,
    heading,
    problem_of,
    screen,
    tone,
    unread,
)
from manchengo_desktop.views.bill_parts import bill_links
from manchengo_desktop.views.late_entry import day_field, late_entry
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, named, notice, stacked, state_word
from manchengo_flet.fields import tick_field
from manchengo_flet.files import save_file
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, Tone, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.delivery_detail import DeliveryDetail, LotOfDelivery, Step
from manchengo_presenters.screens.delivery_page import DeliveryPage
from manchengo_presenters.screens.late_entry import DAY


@component
def delivery(model: DeliveryPage, width: float) -> ft.Control:
    """The delivery that is open."""
    use_view_model(model)
    back = back_link(model.context)
    if model.detail is None:
        head = heading(_("Delivery"), "", back)
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    detail = model.detail
    head = heading(detail.code, detail.client, back)
    about, content = _about(model, detail), _content(model, detail)
    return beside(head, about, content, width)


def _about(model: DeliveryPage, detail: DeliveryDetail) -> ft.Control:
    state = ft.Row(
        [
            named("state", state_word(detail.state, tone(detail.tone))),
            ft.Container(expand=True),
            link("open-order", _("See the order"), on_press(model.open_order)),
        ]
    )
    first = card(stacked([state, facts(dict(detail.facts)), *bill_links(model, detail.bills)]))
    return stacked([first, *problem_of(model), *_deciding(model), *_steps(model)])


def _deciding(model: DeliveryPage) -> list[ft.Control]:
    step = model.deciding
    if step is None:
        return []
    if model.late.shown is not None:
        return [card(late_entry(model.late))]
    decide = on_press(model.decide)
    labels = {
        "carrier": _("Driver"),
        "short_reason": _("Why it leaves with less"),
        "received_by": _("Received by"),
        "proof": _("Proof: a note, or where the photo is"),
        "lot": _("Lot"),
        "quantity": _("Quantity"),
        "reason": _("Reason"),
    }
    fields = [
        form_field(
            model,
            name,
            labels[name],
            hint=model.hints.get(name, ""),
            autofocus=name == model.asked[0],
            on_submit=on_press(model.look) if (step, name) == (Step.LOAD, "lot") else decide,
        )
        for name in model.asked
        if name != DAY
    ]
    if DAY in model.asked:
        fields.append(day_field(model, model.late, decide))
    buttons = ft.Row(
        [
            link("leave", _("Leave it"), on_press(model.begin, None)),
            ft.Container(expand=True),
            button("decide", model.decision_words, None if model.is_busy else decide, primary=True),
        ]
    )
    lacking = model.detail.missing if model.detail and step is Step.DISPATCH else ""
    warning = [notice("lacking", lacking, Tone.WARN)] if lacking else []
    title = text(step.words, BODY, family=SEMIBOLD)
    more = [_destroyed(model)] if step is Step.RETURN else []
    return [card(stacked([title, *warning, *fields, *more, buttons]))]


def _destroyed(model: DeliveryPage) -> ft.Control:
    return tick_field(
        "destroyed",
        _("It is not sold again: write it off"),
        model.set_destroyed,
        value=model.is_destroyed,
    )


def _steps(model: DeliveryPage) -> list[ft.Control]:
    if model.deciding is not None:
        return []
    buttons = [_step(model, each) for each in model.steps]
    if model.detail is not None and model.detail.note is not None:
        buttons.append(_note(model))
    if model.may_bill:
        buttons.append(button("bill", _("Invoice it"), on_press(model.bill)))
    return [ft.Row(buttons, spacing=M, run_spacing=M, wrap=True)] if buttons else []


def _note(model: DeliveryPage) -> ft.Control:
    async def save() -> None:
        pdf = await model.note_pdf()
        if pdf is not None:
            await save_file(_("Delivery note"), model.note_name, pdf)

    return button(
        "print-note",
        _("Print the note"),
        None if model.is_busy else on_press(save),
        icon=ft.Icons.PRINT_OUTLINED,
    )


def _step(model: DeliveryPage, step: Step) -> ft.Control:
    is_primary = step is model.primary
    return button(
        f"step-{step.name.lower()}",
        step.words,
        None if model.is_busy else on_press(model.begin, step),
        primary=is_primary,
        hint=_("Ctrl Enter") if is_primary else None,
    )


def _content(model: DeliveryPage, detail: DeliveryDetail) -> list[ft.Control]:
    missing = [notice("missing", detail.missing, Tone.WARN)] if detail.missing else []
    if not detail.lots:
        return [*missing, muted(_("Nothing is in the van."), BODY)]
    title = text(_("Lots of the delivery"), BODY, family=SEMIBOLD)
    rows = [_lot(model, each) for each in detail.lots]
    lots = named("lots-of-delivery", card(ft.Column([title, *rows], spacing=M, tight=True)))
    return [*missing, lots]


def _lot(model: DeliveryPage, lot: LotOfDelivery) -> ft.Control:
    names: list[ft.Control] = [text(lot.code, one_line=True), muted(lot.product, one_line=True)]
    if lot.unfit:
        names.append(ft.Row([state_word(lot.unfit, Tone.BAD)], tight=True))
    said: list[ft.Control] = []
    if lot.loaded:
        said.append(state_word(_("{quantity} loaded").format(quantity=lot.loaded), Tone.GOOD))
    if lot.waiting:
        said.append(figures(_("{quantity} to load").format(quantity=lot.waiting)))
    if lot.returned:
        said.append(muted(_("{quantity} came back").format(quantity=lot.returned), BODY))
    ticks = ft.Column(said, spacing=M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.END)
    row = ft.Row([ft.Column(names, spacing=0, expand=True), ticks], spacing=L)
    return ft.Row(
        [
            ft.Container(ft.MergeSemantics(named(f"lot-{lot.code}", row)), expand=True),
            *_presses(model, lot),
        ],
        spacing=L,
    )


def _presses(model: DeliveryPage, lot: LotOfDelivery) -> list[ft.Control]:
    if not model.may_load:
        return []
    parts = []
    if lot.waiting:
        load = None if model.is_busy else on_press(model.load_lot, lot)
        parts.append(button(f"load-{lot.code}", _("Load"), load))
    if lot.loaded:
        parts.append(link(f"unload-{lot.code}", _("Unload"), on_press(model.unload_lot, lot)))
    return parts
