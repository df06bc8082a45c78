"""The forms of the steps of a production order."""

from collections.abc import Callable

import flet as ft

from manchengo_desktop.components import component, form_field, problem_of
from manchengo_desktop.views.late_entry import day_field, late_entry
from manchengo_flet.controls import button, card, chip, link, notice, stacked
from manchengo_flet.fields import choice_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, M, S, Tone, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.order_forms import (
    REASONS,
    CompleteForm,
    EndForm,
    PourForm,
    StepForm,
    TakeBackForm,
)


@component
def step_form(form: StepForm, on_leave: Callable[[], None]) -> ft.Control:
    """The form of whichever step it is."""
    use_view_model(form)
    if form.late.shown is not None:
        return card(stacked([*problem_of(form), late_entry(form.late)]))
    buttons = ft.Row(
        [
            link("leave-step", _("Leave it"), on_press(on_leave)),
            ft.Container(expand=True),
            button(
                "record-step",
                _("One moment…") if form.is_busy else form.button,
                None if form.is_busy else on_press(form.confirm),
                icon=ft.Icons.CHECK,
                primary=True,
                hint=_("Ctrl Enter"),
            ),
        ]
    )
    title = text(form.title, BODY, family=SEMIBOLD)
    day = [day_field(form, form.late, on_press(form.confirm))] if form.has_day else []
    parts = [title, *problem_of(form), *_fields(form), *day, *_doubts(form), buttons]
    return card(stacked(parts, spacing=M + S))


def _fields(form: StepForm) -> list[ft.Control]:
    match form:
        case PourForm():
            return _of_pouring(form)
        case TakeBackForm():
            label = _("Quantity")
            hint = form.quantity_hint
            return [
                form_field(form, "quantity", label, hint=hint, on_submit=on_press(form.confirm))
            ]
        case CompleteForm():
            return _of_completing(form)
        case EndForm():
            return [
                form_field(
                    form, "reason", _("Reason"), autofocus=True, on_submit=on_press(form.confirm)
                )
            ]
        case _:
            raise AssertionError("every step has its fields")


def _of_pouring(form: PourForm) -> list[ft.Control]:
    record = on_press(form.confirm)
    parts: list[ft.Control] = [
        choice_field(
            "lot",
            _("Lot"),
            form.choices,
            form.choose,
            value=form.values["lot"],
            error=form.errors.get("lot"),
        ),
        form_field(form, "quantity", form.quantity_label, on_submit=record),
    ]
    if form.question:
        ready = [
            chip(
                f"reason-{number}",
                _(each),
                on_press(form.choose_reason, _(each)),
                is_on=form.values["reason"] == _(each),
            )
            for number, each in enumerate(REASONS)
        ]
        parts += [
            notice("another-lot", form.question, Tone.WARN),
            form_field(form, "reason", _("Reason"), on_submit=record),
            ft.Row(ready, spacing=S, run_spacing=S, wrap=True),
        ]
    return parts


def _of_completing(form: CompleteForm) -> list[ft.Control]:
    record, unit = on_press(form.confirm), form.detail.product.unit
    obtained, lost = form.label(_("Obtained"), unit), form.label(_("Lost"), unit)
    return [
        form_field(form, "obtained", obtained, hint=form.obtained_hint, on_submit=record),
        *(
            form_field(form, name, form.label(row.name, row.unit), on_submit=record)
            for name, row in form.by_products.items()
        ),
        form_field(
            form, "expires", _("Use by"), hint=_("Left blank: by the shelf life."), on_submit=record
        ),
        form_field(form, "lost", lost, on_submit=record),
        form_field(form, "loss_reason", _("Reason of the loss"), on_submit=record),
    ]


def _doubts(form: StepForm) -> list[ft.Control]:
    """Beside the button that records all the same."""
    doubts = form.doubts if isinstance(form, CompleteForm) else ()
    return [notice(f"doubt-{at}", each, Tone.WARN) for at, each in enumerate(doubts)]
