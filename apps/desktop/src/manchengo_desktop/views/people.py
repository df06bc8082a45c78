"""Who may act and as what, the devices of the plant, and the keys of its labels."""

from collections.abc import Callable, Iterable, Sequence

import flet as ft

from manchengo import Role
from manchengo_desktop.components import (
    component,
    form_field,
    heading,
    list_keys,
    problem_of,
    screen,
    tone,
    unread,
)
from manchengo_flet import listing
from manchengo_flet.controls import button, card, chip, link, named, notice, stacked, state_word
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, Tone, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters import words
from manchengo_presenters.language import _
from manchengo_presenters.screens.people_page import (
    DeviceLine,
    PeopleDetail,
    PeoplePage,
    PersonLine,
)


@component
def people(model: PeoplePage, width: float) -> ft.Control:
    """People, then devices, then what labels are printed under."""
    use_view_model(model)
    detail = model.detail
    add = on_press(model.begin, True)
    actions = (
        [button("add-person", _("Register somebody"), add, icon=ft.Icons.ADD, primary=True)]
        if model.may_add and not model.is_adding
        else []
    )
    head = heading(_("People and devices"), _("Who may act here, and from which devices"), *actions)
    if detail is None:
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    parts = [
        *problem_of(model),
        *_adding(model),
        text(_("People"), BODY, family=SEMIBOLD),
        _people(model, detail, width),
        text(_("Devices"), BODY, family=SEMIBOLD),
        _devices(model, detail, width),
        *_labels(model, detail),
    ]
    return screen(head, ft.ListView(parts, spacing=L, expand=True))


def role_chips(chosen: Iterable[Role], toggle: Callable[[Role], object]) -> ft.Control:
    """Which roles somebody has; each is given or taken away with a press."""
    given = frozenset(chosen)
    return ft.Row(
        [
            chip(
                f"role-{role.name.lower()}",
                words.word(words.ROLES, role),
                on_press(toggle, role),
                is_on=role in given,
            )
            for role in Role
        ],
        spacing=M,
        run_spacing=M,
        wrap=True,
    )


def _adding(model: PeoplePage) -> list[ft.Control]:
    if not model.is_adding:
        return []
    add = on_press(model.add)
    buttons = ft.Row(
        [
            button("register", _("Register"), None if model.is_busy else add, primary=True),
            link("leave", _("Leave it"), on_press(model.begin, False)),
        ],
        spacing=M,
    )
    name = form_field(model, "name", _("Name"), autofocus=True, on_submit=add)
    roles = role_chips(model.roles, model.toggle)
    return [
        card(stacked([text(_("Register somebody"), BODY, family=SEMIBOLD), name, roles, buttons]))
    ]


def _people(model: PeoplePage, detail: PeopleDetail, width: float) -> ft.Control:
    columns = [
        listing.Column(title=_("Name")),
        listing.Column(title=_("Roles")),
        listing.Column(title=_("On this computer"), width=210),
    ]
    rows = [_person(each) for each in detail.people]
    return listing.short_table(
        "people",
        columns,
        rows,
        width=width,
        selected=model.selected,
        on_open=_opens(model, detail.people),
        hint="" if detail.devices else list_keys(),
    )


def _person(line: PersonLine) -> listing.Row:
    return listing.Row(
        identifier=f"person-{line.name}",
        cells=[
            text(line.name, one_line=True),
            muted(line.roles, BODY, one_line=True),
            ft.Row([state_word(line.state, tone(line.tone))], tight=True),
        ],
    )


def _devices(model: PeoplePage, detail: PeopleDetail, width: float) -> ft.Control:
    if not detail.devices:
        return card(muted(_("No device exchanges with a server yet."), BODY))
    columns = [
        listing.Column(title=_("Device")),
        listing.Column(title=_("Mark"), width=64),
        listing.Column(title=_("For"), width=110),
        listing.Column(title=_("Heard up to"), width=150),
        listing.Column(title=_("State"), width=120),
    ]
    rows = [_device(each) for each in detail.devices]
    return listing.short_table(
        "devices",
        columns,
        rows,
        width=width,
        selected=model.selected - len(detail.people),
        on_open=_opens(model, detail.devices),
        hint=list_keys(),
    )


def _device(line: DeviceLine) -> listing.Row:
    return listing.Row(
        identifier=f"device-{line.mark}",
        cells=[
            text(line.name, one_line=True),
            text(line.mark),
            muted(line.person, BODY, one_line=True),
            muted(line.heard, BODY, one_line=True),
            ft.Row([state_word(line.state, tone(line.tone))], tight=True),
        ],
    )


def _opens(model: PeoplePage, lines: Sequence[PersonLine | DeviceLine]) -> Callable[[int], object]:
    page = ft.context.page
    return lambda place: page.run_task(model.open, lines[place])


def _labels(model: PeoplePage, detail: PeopleDetail) -> list[ft.Control]:
    if not model.may_manage_labels:
        return []
    keys = detail.label_keys
    match keys.newest:
        case 0:
            said = _("No label can be printed yet: this plant has no key for labels.")
        case 1:
            said = _("Labels are printed under the key {number}.")
        case _:
            said = _(
                "Labels are printed under the key {number}. Those under former keys are still read."
            )
    parts: list[ft.Control] = [
        text(_("Keys of labels"), BODY, family=SEMIBOLD),
        muted(said.format(number=keys.newest), BODY),
    ]
    presses = [
        button(
            "make-label-key",
            _("Make a new key") if keys.newest else _("Make the key"),
            None if model.is_busy else on_press(model.make_label_key),
        )
    ]
    if keys.waiting:
        sentence = _("They asked for the keys of labels: {names}. Give them to devices you know.")
        names = ", ".join(keys.waiting)
        parts.append(notice("label-keys-waiting", sentence.format(names=names), Tone.WARN))
        give = None if model.is_busy else on_press(model.give_label_keys)
        presses.append(button("give-label-keys", _("Give the keys"), give))
    parts.append(ft.Row(presses, spacing=M, run_spacing=M, wrap=True))
    return [named("label-keys", card(stacked(parts, spacing=M)))]
