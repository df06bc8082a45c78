"""A recall or a drill: what is in hand above, and below it whom to call and what it reaches."""

from collections.abc import Callable

import flet as ft

from manchengo_desktop.components import (
    NARROW,
    back_link,
    component,
    form_field,
    heading,
    problem_of,
    screen,
)
from manchengo_desktop.views.recall_reach import reach
from manchengo_flet import listing
from manchengo_flet.controls import button, card, chip, link, notice, stacked
from manchengo_flet.fields import choice_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, S, Tone, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.recall_page import InHand, RecallPage

REASON_WIDTH = 420


@component
def recall(model: RecallPage, width: float) -> ft.Control:
    """The same for both; a drill says so above everything."""
    use_view_model(model)
    parts = [*_drill(model), *problem_of(model), _in_hand(model, width), *_deciding(model)]
    if model.detail is not None:
        parts += reach(model, model.detail, width)
    elif model.options:
        parts.append(_several(model))
    elif model.is_busy:
        parts.append(ft.Container(listing.late(_("Still running…")), height=240))
    else:
        parts.append(
            listing.nothing(
                _("With what does it begin?"),
                _("Scan a label, or type what you have in hand. Nothing is recalled by looking."),
            )
        )
    return screen(_head(model), ft.ListView(parts, spacing=L, expand=True))


def _head(model: RecallPage) -> ft.Control:
    about = model.detail.begun_with if model.detail else _("What it reaches, and whom to call")
    title = _("Recall drill") if model.is_drill else _("Recall")
    actions: list[ft.Control] = []
    if model.context.window.came_from:
        actions.append(back_link(model.context))
    if not model.is_drill:
        drill = on_press(model.begin_drill)
        actions.append(button("drill", _("Practise it"), drill, icon=ft.Icons.TIMER_OUTLINED))
    if model.may_recall and not model.is_deciding:
        actions.append(
            button(
                "begin-recall",
                _("Recall it"),
                on_press(model.begin_recall),
                icon=ft.Icons.CAMPAIGN_OUTLINED,
                primary=True,
                hint=_("Ctrl Enter"),
            )
        )
    return heading(title, about, *actions)


def _drill(model: RecallPage) -> list[ft.Control]:
    if model.drilled:
        return [notice("drilled", model.drilled, Tone.GOOD)]
    if not model.is_drill:
        return []
    sentence = _("DRILL. Nothing is recalled, nothing is recorded but that it was practised.")
    ended = None if model.detail is None or model.is_busy else on_press(model.end_drill)
    buttons = ft.Row(
        [
            button("end-drill", _("Everybody was called: end the drill"), ended, primary=True),
            link("leave-drill", _("Give the drill up"), on_press(model.leave_drill)),
        ],
        spacing=M,
    )
    return [stacked([notice("in-a-drill", sentence, Tone.WARN), buttons], spacing=M)]


def _in_hand(model: RecallPage, width: float) -> ft.Control:
    chips = ft.Row(
        [
            chip(
                f"with-{each.name.lower()}",
                each.words,
                on_press(model.begin_with, each),
                is_on=model.in_hand is each,
            )
            for each in InHand
        ],
        spacing=M,
    )
    look = on_press(model.look)
    see = button(
        "look",
        _("One moment…") if model.is_busy else _("See what it reaches"),
        None if model.is_busy else look,
        icon=ft.Icons.SEARCH,
        primary=model.detail is None and not model.is_drill,
    )
    fields = ft.Row(
        [*(ft.Container(each, expand=True) for each in _fields(model, look)), _level(see)],
        spacing=L,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    if width < NARROW and model.in_hand is InHand.DAY:
        return card(stacked([chips, *_fields(model, look), see]))
    return card(stacked([chips, fields]))


def _level(beside_fields: ft.Control) -> ft.Control:
    """Where the middle of a field is."""
    return ft.Container(beside_fields, padding=ft.Padding.only(top=S))


def _fields(model: RecallPage, look: Callable[[], object]) -> list[ft.Control]:
    if model.in_hand is InHand.CODE:
        return [
            form_field(
                model,
                "reference",
                _("Lot, supplier's reference, order, delivery note or invoice"),
                autofocus=True,
                on_submit=look,
            )
        ]
    supplier = choice_field(
        "supplier",
        _("Supplier"),
        model.suppliers,
        model.put,
        value=model.values["supplier"],
        error=model.errors.get("supplier"),
    )
    return [supplier, form_field(model, "day", _("Received on"), on_submit=look)]


def _several(model: RecallPage) -> ft.Control:
    title = text(_("This could be several things. Which one do you have in hand?"), BODY)
    buttons = ft.Row(
        [
            button(f"option-{each.key}", each.words, on_press(model.choose, each))
            for each in model.options
        ],
        spacing=M,
        run_spacing=M,
        wrap=True,
    )
    return card(stacked([title, buttons]))


def _deciding(model: RecallPage) -> list[ft.Control]:
    if not model.is_deciding or model.detail is None:
        return []
    decide = on_press(model.decide)
    reason = form_field(model, "reason", _("Reason"), autofocus=True, on_submit=decide)
    buttons = ft.Row(
        [
            button("decide", _("Recall it"), None if model.is_busy else decide, primary=True),
            link("leave", _("Leave it"), on_press(model.leave_recall)),
        ],
        spacing=M,
    )
    title = text(model.detail.effect, BODY, family=SEMIBOLD)
    consequence = text(
        _(
            "Nothing can be made from these lots or sold any more. Vans that hold some of them are "
            "to be unloaded."
        )
    )
    inside = ft.Row([ft.Container(reason, width=REASON_WIDTH)])
    return [card(stacked([title, consequence, inside, buttons]))]
