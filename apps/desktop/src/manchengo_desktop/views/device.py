"""One device of the plant: whose it is, up to when it was heard, and an end to its exchange."""

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
    unread,
)
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, notice, stacked
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, M, Tone, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.device_page import DeviceAct, DeviceDetail, DevicePage


@component
def device(model: DevicePage, width: float) -> ft.Control:
    """The device that is open."""
    use_view_model(model)
    back, detail = back_link(model.context), model.detail
    if detail is None:
        head = heading(_("Device"), "", back)
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    head = heading(detail.name, _("This computer") if detail.is_this else "", back)
    kept = [notice(f"kept-{at}", each, Tone.WARN) for at, each in enumerate(detail.kept)]
    about = stacked([_about(detail), *problem_of(model), *_deciding(model), *_acts(model)])
    return beside(head, about, kept, width)


def _about(detail: DeviceDetail) -> ft.Control:
    parts: list[ft.Control] = [facts(dict(detail.facts))]
    if detail.withdrawn:
        sentence = _("Withdrawn: {reason}").format(reason=detail.withdrawn)
        parts.insert(0, notice("withdrawn", sentence, Tone.BAD))
    return card(stacked(parts))


def _acts(model: DevicePage) -> list[ft.Control]:
    if model.deciding is not None or not model.acts:
        return []
    presses = [
        button(f"act-{each.name.lower()}", each.words, on_press(model.begin, each))
        for each in model.acts
    ]
    return [ft.Row(presses, spacing=M, run_spacing=M, wrap=True)]


def _deciding(model: DevicePage) -> list[ft.Control]:
    act = model.deciding
    if act is None:
        return []
    decide = on_press(model.decide)
    parts: list[ft.Control] = [text(act.words, BODY, family=SEMIBOLD), *map(text, model.effect)]
    if act is DeviceAct.WITHDRAW:
        parts.append(form_field(model, "reason", _("Reason"), autofocus=True, on_submit=decide))
    parts.append(
        ft.Row(
            [
                link("leave", _("Leave it"), on_press(model.begin, None)),
                ft.Container(expand=True),
                button("decide", act.words, None if model.is_busy else decide, primary=True),
            ]
        )
    )
    return [card(stacked(parts))]
