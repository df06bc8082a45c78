"""One person: what they may do, their keys, and the codes by which they begin."""

import flet as ft

from manchengo_desktop.components import (
    back_link,
    beside,
    component,
    form_field,
    heading,
    problem_of,
    screen,
    unread,
)
from manchengo_desktop.views.people import role_chips
from manchengo_flet import listing
from manchengo_flet.clipboard import copy
from manchengo_flet.controls import button, card, link, named, notice, stacked, state_word
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, MEDIUM, SEMIBOLD, L, M, Tone, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.admissions import DeviceCode
from manchengo_presenters.screens.person_page import ASKED, Act, KeyShown, PersonDetail, PersonPage

PICTURE = 260
"""Pixels of the side of a code that is shown."""


@component
def person(model: PersonPage, width: float) -> ft.Control:
    """The person that is open."""
    use_view_model(model)
    back, detail = back_link(model.context), model.detail
    if detail is None:
        head = heading(_("Person"), "", back)
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    head = heading(detail.name, detail.roles_words, back)
    content = [*_code(model), *_keys(model, detail)]
    return beside(head, _about(model, detail), content, width)


def _about(model: PersonPage, detail: PersonDetail) -> ft.Control:
    states: list[ft.Control] = []
    if not detail.is_active:
        states.append(notice("gone", _("They may no longer act."), Tone.BAD))
    elif detail.is_here:
        states.append(text(_("Has a passphrase or PIN on this computer.")))
    else:
        states.append(text(_("Has no passphrase or PIN on this computer.")))
    return stacked([card(stacked(states)), *problem_of(model), *_deciding(model), *_acts(model)])


def _acts(model: PersonPage) -> list[ft.Control]:
    if model.deciding is not None:
        return []
    signs = model.code is not None or model.detail is None or model.detail.keys != ()
    presses = [
        button(
            f"act-{each.name.lower()}",
            each.words,
            on_press(model.begin, each),
            primary=each is Act.INVITE and not signs,
        )
        for each in model.acts
    ]
    if model.may_let_try_again:
        again = None if model.is_busy else on_press(model.let_try_again)
        presses.append(button("let-try-again", _("Let them try again"), again))
    return [ft.Row(presses, spacing=M, run_spacing=M, wrap=True)] if presses else []


def _deciding(model: PersonPage) -> list[ft.Control]:
    act = model.deciding
    if act is None:
        return []
    decide = on_press(model.decide)
    labels = {
        "minutes": _("Minutes for which it is good"),
        "request": _("What the other device says"),
        "secret": _("New passphrase or PIN"),
        "secret_again": _("Again"),
        "reason": _("Reason"),
    }
    parts: list[ft.Control] = [text(act.words, BODY, family=SEMIBOLD)]
    if model.effect:
        parts.append(text(model.effect))
    if model.key is not None:
        parts.append(muted(model.key.text, BODY))
    if act is Act.ROLES:
        parts.append(role_chips(model.roles, model.toggle))
    asked = ASKED.get(act, ())
    parts += [
        form_field(
            model,
            name,
            labels[name],
            autofocus=name == asked[0],
            on_submit=decide,
        )
        for name in asked
    ]
    words = _("One moment…") if model.is_busy else act.words
    parts.append(
        ft.Row(
            [
                link("leave", _("Leave it"), on_press(model.begin, None)),
                ft.Container(expand=True),
                button("decide", words, None if model.is_busy else decide, primary=True),
            ]
        )
    )
    return [card(stacked(parts))]


def _code(model: PersonPage) -> list[ft.Control]:
    code = model.code
    if code is None:
        return []

    async def copy_code() -> None:
        await copy(code.written)
        model.context.window.say(_("The code is copied."))

    parts: list[ft.Control] = [notice("code-words", model.code_words, Tone.INFO)]
    if isinstance(code, DeviceCode):
        picture = ft.Image(src=code.picture, width=PICTURE, height=PICTURE)
        parts.append(ft.Row([named("code-picture", picture, label=_("The code as a picture"))]))
    parts.append(named("code", ft.Text(code.written, selectable=True, size=18)))
    parts.append(
        ft.Row(
            [
                button("copy-code", _("Copy the code"), on_press(copy_code), icon=ft.Icons.COPY),
                link("put-code-away", _("Put it away"), on_press(model.begin, None)),
            ],
            spacing=M,
        )
    )
    return [card(stacked(parts))]


def _keys(model: PersonPage, detail: PersonDetail) -> list[ft.Control]:
    if detail.keys is None:
        return []
    title = text(_("Keys that they sign with"), BODY, family=SEMIBOLD)
    rows = [_key(model, each) for each in detail.keys]
    if not rows:
        rows = [muted(_("They sign nowhere yet. Give them a code to begin."), BODY)]
    return [named("keys", card(stacked([title, *rows], spacing=M)))]


def _key(model: PersonPage, key: KeyShown) -> ft.Control:
    said = ft.Column([text(key.text, family=MEDIUM), muted(key.note, BODY)], spacing=0, expand=True)
    parts: list[ft.Control] = [said]
    if not key.counts:
        parts.append(state_word(_("withdrawn"), Tone.BAD))
    elif model.may_withdraw_keys:
        withdraw = on_press(model.begin, Act.WITHDRAW_KEY, key)
        parts.append(button(f"withdraw-{key.public_key[:8]}", _("Withdraw"), withdraw))
    return ft.Row(parts, spacing=L)
