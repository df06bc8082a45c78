"""What lies over a screen for a moment: find and go anywhere, and the list of keys."""

import flet as ft

from manchengo_desktop.components import PICTURES, component
from manchengo_flet.controls import button, link, named, read_aloud
from manchengo_flet.fields import search_field
from manchengo_flet.files import pick_file
from manchengo_flet.keyboard import on_press
from manchengo_flet.overlay import panel
from manchengo_flet.theme import (
    BODY,
    MEDIUM,
    RADIUS,
    ROW_HEIGHT,
    SEMIBOLD,
    XL,
    L,
    M,
    S,
    figures,
    muted,
    text,
)
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.finder import Finder, Hit
from manchengo_presenters.screens.keys import KeyGroup, KeyLine, KeyList
from manchengo_presenters.screens.shell import Shell

WIDTH = 640
HEIGHT = 440
KEYS_WIDTH, KEYS_HEIGHT = 760, 560


def overlay(shell: Shell) -> ft.Control | None:
    """What lies over the screen now; None: nothing."""
    match shell.overlay:
        case Finder() as found:
            return finder(found, shell)
        case KeyList() as keys:
            return key_list(keys, shell)
        case None:
            return None


@component
def finder(model: Finder, shell: Shell) -> ft.Control:
    """A field, and below it what has these words."""
    use_view_model(model)
    page = ft.context.page
    lines: list[ft.Control] = [
        ft.GestureDetector(
            content=_hit(hit, place, is_selected=place == model.selected),
            on_tap=lambda hit=hit: page.run_task(model.open, hit),
            mouse_cursor=ft.MouseCursor.CLICK,
        )
        for place, hit in enumerate(model.hits)
    ]
    found: ft.Control = ft.ListView(lines, expand=True, item_extent=ROW_HEIGHT)
    if not lines and not model.is_busy:
        sentence = _("Nothing has these words. Type fewer letters, or a code.")
        found = ft.Container(read_aloud("nothing-found", muted(sentence, BODY)), padding=L)

    async def scan_picture() -> None:
        picked = await pick_file(_("A picture of a code"), PICTURES)
        if picked is not None:
            await shell.scan_picture(picked.content, picked.name)

    foot = ft.Row(
        [
            muted(_("↑ ↓ choose · Enter go there · Escape close"), expand=True),
            link("scan-picture", _("Picture of a code…"), on_press(scan_picture)),
            link("all-keys", _("All keys"), on_press(shell.show_keys)),
        ]
    )
    field = search_field(
        "find", _("A lot, a product, an order, a screen…"), model.set_query, autofocus=True
    )
    content = ft.Column(
        [
            ft.Container(field, padding=ft.Padding.only(left=M + S, right=M + S, top=M + S)),
            ft.Container(found, expand=True),
            ft.Container(foot, padding=ft.Padding.symmetric(horizontal=L)),
        ],
        spacing=M,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return named("finder", panel(content, width=WIDTH, height=HEIGHT))


def _hit(hit: Hit, place: int, *, is_selected: bool) -> ft.Control:
    title = figures(hit.title, family=MEDIUM)
    detail = muted(hit.detail, BODY, one_line=True, expand=True)
    line = ft.Container(
        ft.Row([title, detail, muted(hit.kind)], spacing=M + S),
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH if is_selected else None,
        border_radius=RADIUS,
        margin=ft.Margin.symmetric(horizontal=M),
        padding=ft.Padding.symmetric(horizontal=M + S),
    )
    return ft.MergeSemantics(named(f"hit-{place}", line))


@component
def key_list(model: KeyList, shell: Shell) -> ft.Control:
    """The keys, those that lead to screens on the right."""
    left, right = list[ft.Control](), list[ft.Control]()
    for group in model.groups:
        (right if group.leads else left).append(_group(group))
    columns: list[ft.Control] = [
        ft.Column(groups, spacing=L, expand=True, scroll=ft.ScrollMode.AUTO)
        for groups in (left, right)
    ]
    content = ft.Column(
        [
            text(_("Keys"), 18, family=SEMIBOLD),
            ft.Row(
                columns,
                spacing=XL,
                expand=True,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            ft.Row(
                [
                    muted(_("Letters act where no field is being filled in."), expand=True),
                    button("close-keys", _("Close"), on_press(shell.uncover)),
                ]
            ),
        ],
        spacing=L,
    )
    inside = ft.Container(content, padding=XL)
    return named("keys", panel(inside, width=KEYS_WIDTH, height=KEYS_HEIGHT))


def _group(group: KeyGroup) -> ft.Control:
    lines = [_line(each) for each in group.lines]
    return ft.Column([text(group.title, family=MEDIUM), *lines], spacing=S)


def _line(line: KeyLine) -> ft.Control:
    cap = ft.Container(
        text(line.keys, family=MEDIUM),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS // 2,
        padding=ft.Padding.symmetric(horizontal=M, vertical=S // 2),
    )
    return ft.MergeSemantics(
        ft.Row([ft.Row([cap], width=104), muted(line.words, BODY, expand=True)], spacing=M)
    )
