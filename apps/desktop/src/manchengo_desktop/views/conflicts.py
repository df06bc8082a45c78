"""Conflicts: the list, and one in full with its ways out."""

import flet as ft

from manchengo_desktop.components import (
    back_link,
    component,
    facts,
    form_field,
    heading,
    problem_of,
    screen,
    tone,
    unread,
)
from manchengo_desktop.paged import page_table
from manchengo_flet import listing, theme
from manchengo_flet.controls import button, card, link, named, notice, stacked, state_word
from manchengo_flet.fields import choice_field, tick_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, MEDIUM, RADIUS, SEMIBOLD, XS, L, M, S, muted, style, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.conflict_list import ConflictLine, ConflictList
from manchengo_presenters.screens.conflict_page import Conflict, ConflictPage, WayOut, Written

WAY_HEIGHT = 60
SIDE_BY_SIDE = 760
"""The width of a screen from which on what was recorded stands beside what stood before."""


@component
def conflict_list(model: ConflictList, width: float) -> ft.Control:
    """The list in its four states."""
    use_view_model(model)
    return screen(heading(_("Conflicts"), model.range_words), *_listed(model, width))


def _listed(model: ConflictList, width: float) -> list[ft.Control]:
    page = ft.context.page
    again = [
        notice(f"chosen-again-{number}", sentence, theme.Tone.INFO)
        for number, sentence in enumerate(model.chosen_again)
    ]
    closed = tick_field(
        "closed",
        _("Closed ones too"),
        lambda is_shown: page.run_task(model.show_closed, is_shown),
        value=model.shows_closed,
    )
    columns = [
        listing.Column(title=_("Recorded")),
        listing.Column(title=_("By"), width=90),
        listing.Column(title=_("Device"), width=170, least=1000),
        listing.Column(title=_("When"), width=128),
        listing.Column(title=_("Why"), least=700),
    ]
    if model.shows_closed:  # all others are open
        columns.append(listing.Column(title=_("State"), width=150))
    table = page_table(
        model,
        "conflicts",
        columns,
        lambda line: _row(line, len(columns)),
        lambda: listing.nothing(_("No conflict"), _("Everything that was recorded stands.")),
        width=width,
        top=closed,
    )
    return [*again, table]


def _row(line: ConflictLine, columns: int) -> listing.Row:
    cells: list[ft.Control] = [
        text(line.what, one_line=True),
        text(line.who, one_line=True),
        muted(line.device, BODY, one_line=True),
        muted(line.when, BODY),
        muted(line.why, BODY, one_line=True),
        ft.Row([state_word(line.state, tone(line.tone))], tight=True),
    ]
    return listing.Row(identifier=f"conflict-{line.item_id}", cells=cells[:columns])


@component
def conflict_page(model: ConflictPage, width: float) -> ft.Control:
    """One in full: what was recorded, what stood before, what may be done."""
    use_view_model(model)
    back, conflict = back_link(model.context), model.conflict
    if conflict is None:
        head = heading(_("Conflict"), "", back)
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    head = heading(conflict.here.title, _("Conflict"), back)
    parts: list[ft.Control] = [
        notice("why", conflict.why, theme.Tone.PLAIN if conflict.closed else theme.Tone.WARN),
        *(
            notice(f"note-{number}", each, theme.Tone.INFO)
            for number, each in enumerate(conflict.notes)
        ),
        _both(conflict, width),
    ]
    if conflict.claims:
        floor: list[ft.Control] = [muted(conflict.claims_heading, BODY)]
        floor += [text(claim, BODY) for claim in conflict.claims]
        parts.append(named("claims", card(ft.Column(floor, spacing=M, tight=True))))
    if conflict.closed:
        parts.append(notice("closed", conflict.closed, theme.Tone.GOOD))
    if conflict.ways:
        parts.append(_ways(model, conflict))
    return screen(head, ft.ListView(parts, spacing=L, expand=True))


def _both(conflict: Conflict, width: float) -> ft.Control:
    """« Saisi ici » beside « Enregistré avant »."""
    here = _("Recorded here") if conflict.is_ours else _("Recorded on another device")
    ours = _written("here", here, (conflict.here,), conflict.here.title)
    before = _written("before", _("Recorded before"), conflict.against, conflict.here.title)
    if width < SIDE_BY_SIDE:
        return ft.Column([ours, before], spacing=L, tight=True)
    beside: list[ft.Control] = [ft.Container(ours, expand=True), ft.Container(before, expand=True)]
    return ft.Row(beside, spacing=L, vertical_alignment=ft.CrossAxisAlignment.START)


def _written(identifier: str, title: str, commits: tuple[Written, ...], said: str) -> ft.Control:
    """``said``: the title above both, which neither says again."""
    parts: list[ft.Control] = [text(title, BODY, family=SEMIBOLD)]
    for each in commits:
        if each.title != said:
            parts.append(text(each.title, BODY, family=MEDIUM))
        parts.append(muted(f"{each.who} · {each.device} · {each.when}", BODY))
        parts.append(facts(dict(each.values)))
    if not commits:
        parts.append(muted(_("Nothing else: a rule refuses it."), BODY))
    return named(identifier, card(stacked(parts, spacing=M)))


def _ways(model: ConflictPage, conflict: Conflict) -> ft.Control:
    parts: list[ft.Control] = [text(_("To decide"), BODY, family=SEMIBOLD), *problem_of(model)]
    parts += [_way(model, way) for way in conflict.ways]
    chosen = model.way
    if chosen is None:
        parts.append(ft.Row([link("later", _("Later"), on_press(model.later))]))
        return card(stacked(parts, spacing=M))
    decide = on_press(model.decide)
    if chosen.takes == "lot":
        parts.append(
            choice_field(
                "lot",
                _("Lot"),
                conflict.lots,
                model.choose,
                value=model.values["lot"],
                error=model.errors.get("lot"),
            )
        )
    if chosen.takes == "code":
        parts.append(form_field(model, "code", _("Code"), on_submit=decide))
    parts.append(form_field(model, "reason", _("Reason"), on_submit=decide))
    parts.append(
        ft.Row(
            [
                button(
                    "decide",
                    _("One moment…") if model.is_busy else _("Decide"),
                    None if model.is_busy else decide,
                    icon=ft.Icons.CHECK,
                    primary=True,
                    hint=_("Ctrl Enter"),
                ),
                link("later", _("Later"), on_press(model.later)),
            ],
            spacing=M,
        )
    )
    return card(stacked(parts, spacing=M + S))


def _way(model: ConflictPage, way: WayOut) -> ft.Control:
    """One stop for Tab: what it is called, and what it does."""
    is_chosen = model.chosen == way.key
    icon = ft.Icons.RADIO_BUTTON_CHECKED if is_chosen else ft.Icons.RADIO_BUTTON_UNCHECKED
    color = ft.Colors.PRIMARY if is_chosen else ft.Colors.ON_SURFACE_VARIANT
    words = ft.Column(
        [text(way.title, BODY, family=MEDIUM), muted(way.effect, BODY)],
        spacing=XS,
        alignment=ft.MainAxisAlignment.CENTER,
        expand=True,
    )
    pressed = ft.TextButton(
        content=ft.Row([ft.Icon(icon, size=20, color=color), words], spacing=M + S),
        on_click=on_press(model.choose_way, way.key),
        height=WAY_HEIGHT,
        style=ft.ButtonStyle(
            bgcolor=ft.Colors.SURFACE_CONTAINER if is_chosen else ft.Colors.TRANSPARENT,
            side=ft.BorderSide(1, ft.Colors.PRIMARY if is_chosen else ft.Colors.OUTLINE),
            shape=ft.RoundedRectangleBorder(radius=RADIUS),
            padding=ft.Padding.symmetric(horizontal=L, vertical=M),
            text_style=style(BODY),
        ),
    )
    return named(f"way-{way.key}", ft.Container(pressed))
