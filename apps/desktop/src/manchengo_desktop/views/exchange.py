"""The exchange with the server: what waits, who was heard when, what went wrong, and by file."""

import flet as ft

from manchengo_desktop.components import (
    NARROW,
    component,
    facts,
    heading,
    problem_of,
    screen,
    tone,
    unread,
)
from manchengo_desktop.views.join_fields import join_fields
from manchengo_flet import listing
from manchengo_flet.controls import button, card, named, notice, read_aloud, stacked
from manchengo_flet.files import pick_file, save_file
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, MEDIUM, SEMIBOLD, L, M, Tone, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.exchange_page import (
    DeviceLine,
    ExchangeDetail,
    ExchangePage,
    PendingLine,
)

BESIDE = 400
WIDEST = 560
LEAST = 320
"""Pixels of the list of what waits, where it stands above the rest."""


@component
def exchange(model: ExchangePage, width: float) -> ft.Control:
    """What waits, beside the devices and the way by file."""
    use_view_model(model)
    detail = model.detail
    if detail is None:
        waits = unread(model) if model.problem else listing.late(_("Still running…"))
        return screen(heading(_("Synchronisation"), ""), waits)
    if not detail.server:
        return _alone(model)
    now = button(
        "exchange-now",
        _("Exchanging…") if model.is_busy else _("Exchange now"),
        None if model.is_busy else on_press(model.exchange),
        icon=ft.Icons.SYNC,
        primary=True,
    )
    head = heading(_("Synchronisation"), detail.server, now)
    waiting, beside = _waiting(model, detail, width), _beside(model, detail)
    top = _top(model, detail)
    if width < NARROW:
        parts = [*top, ft.Container(waiting, height=LEAST), *beside]
        return screen(head, ft.ListView(parts, spacing=L, expand=True))
    side = ft.Container(ft.ListView(beside, spacing=L), width=BESIDE)
    body = ft.Row(
        [waiting, side], spacing=L, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return screen(head, *top, body)


@component
def _alone(model: ExchangePage) -> ft.Control:
    """There is no server yet: how this dairy gets one."""
    use_view_model(model)
    form = model.joining
    use_view_model(form)
    join = on_press(model.join)
    parts: list[ft.Control] = [
        text(_("Join a server"), BODY, family=SEMIBOLD),
        muted(
            _(
                "Other devices then work at this dairy, too. What is recorded here is sent to the "
                "server. Whoever looks after the server gives its address, and the code."
            ),
            BODY,
        ),
        *problem_of(form),
        *join_fields(form, model.read_code),
    ]
    if model.progress is not None:
        parts.append(named("progress", ft.ProgressBar(value=model.progress or None)))
    words = _("One moment…") if form.is_busy else _("Join")
    done = button("join", words, None if form.is_busy else join, primary=True)
    parts.append(ft.Row([ft.Container(expand=True), done]))
    title = named("alone", text(_("This computer works alone"), BODY, family=SEMIBOLD))
    kept = muted(
        _("Everything is kept here. Nothing is sent to a server, and nothing comes from one."), BODY
    )
    cards: list[ft.Control] = [card(stacked([title, kept], spacing=M)), card(stacked(parts))]
    inside = ft.Container(ft.Column(cards, spacing=L), width=WIDEST)
    body = ft.ListView([ft.Row([inside])], expand=True)
    return screen(heading(_("Synchronisation"), ""), body)


def _top(model: ExchangePage, detail: ExchangeDetail) -> list[ft.Control]:
    """What somebody has to know first."""
    parts = problem_of(model)
    if model.progress is not None:
        parts.append(named("progress", ft.ProgressBar(value=model.progress or None)))
    if model.said:
        parts.append(read_aloud("exchanged", muted(" ".join(model.said), BODY)))
    if detail.trouble and not parts:
        parts.append(notice("trouble", detail.trouble, Tone.WARN))
    if detail.own_clock:
        parts.append(notice("own-clock", detail.own_clock, Tone.WARN))
    parts += [
        notice(f"noted-{number}", sentence, Tone.WARN)
        for number, sentence in enumerate(detail.noted)
        if sentence not in model.said
    ]
    return parts


def _waiting(model: ExchangePage, detail: ExchangeDetail, width: float) -> ft.Control:
    if not detail.pending:
        return listing.nothing(model.waiting, _("What is recorded here is sent by itself."))
    columns = [
        listing.Column(title=_("Recorded here")),
        listing.Column(title=_("Who"), width=90),
        listing.Column(title=_("When"), width=128),
    ]
    rows = [_entry(place, each) for place, each in enumerate(detail.pending)]
    title = ft.Row([text(model.waiting, family=SEMIBOLD)])
    return listing.table(
        "pending", columns, rows, width=width, selected=None, on_open=None, top=title
    )


def _entry(place: int, line: PendingLine) -> listing.Row:
    clock = ft.Icon(ft.Icons.SCHEDULE, size=16, color=ft.Colors.ON_SURFACE_VARIANT)
    what = text(line.what, one_line=True, expand=True)
    return listing.Row(
        identifier=f"pending-{place}",
        cells=[
            ft.Row([clock, what], spacing=M),
            text(line.who, one_line=True),
            muted(line.when, BODY, one_line=True),
        ],
    )


def _beside(model: ExchangePage, detail: ExchangeDetail) -> list[ft.Control]:
    last = facts({_("Last exchange"): detail.last})
    lines: list[ft.Control] = [_device(place, each) for place, each in enumerate(detail.devices)]
    if not lines:
        lines = [muted(_("No other device yet."), BODY)]
    devices = ft.Column([text(_("Other devices"), family=SEMIBOLD), *lines], spacing=M)
    return [card(last), card(devices), card(_by_file(model))]


def _device(place: int, line: DeviceLine) -> ft.Control:
    colours = tone(line.tone)
    said: list[ft.Control] = [
        text(line.name, family=MEDIUM, one_line=True),
        text(_("Heard up to: {moment}").format(moment=line.heard), 12, color=colours.foreground),
    ]
    if line.clock:
        said.append(text(line.clock, 12, color=Tone.WARN.foreground))
    return ft.MergeSemantics(named(f"device-{place}", ft.Column(said, spacing=0)))


def _by_file(model: ExchangePage) -> ft.Control:
    async def export() -> None:
        content = await model.export()
        if content is not None:
            await save_file(_("File for the server"), model.file_name, content)

    async def take_answer() -> None:
        picked = await pick_file(_("Answer of the server"))
        if picked is not None:
            await model.take_answer(picked.content, picked.name)

    return ft.Column(
        [
            text(_("Without a network"), family=SEMIBOLD),
            muted(_("Export a file for the server, then import its answer here."), BODY),
            ft.Row(
                [
                    button("export", _("Export…"), on_press(export)),
                    button("take-answer", _("Import the answer…"), on_press(take_answer)),
                ],
                wrap=True,
                spacing=M,
            ),
        ],
        spacing=M,
    )
