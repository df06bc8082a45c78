"""A list of fifty rows a page, as every screen with a list draws it."""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any, Protocol, TypeVar

import flet as ft
from attrs import evolve

from manchengo_desktop.components import NARROW, list_keys, screen, unread
from manchengo_flet import listing
from manchengo_flet.controls import chip
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import L as LARGE
from manchengo_flet.theme import M
from manchengo_presenters.language import _
from manchengo_presenters.screens.paged_list import PagedList

F = TypeVar("F", bound=Enum)
L = TypeVar("L")

BELOW = 460
"""Pixels of a list that stands below what is open of it."""


class Filtered(Protocol[F]):
    """A list of which some lines are shown. ``filter``: which."""

    filter: F

    async def set_filter(self, chosen: F) -> None:
        """Show those."""
        ...


def page_table(
    model: PagedList[L],
    identifier: str,
    columns: Sequence[listing.Column],
    row: Callable[[L], listing.Row],
    nothing: Callable[[], ft.Control],
    *,
    width: float,
    top: ft.Control | None = None,
    hint: str | None = None,
    may_open: bool = True,
) -> ft.Control:
    """The list in its four states. ``nothing``: what stands there where no line is. ``top``: what
    stands above it once it is read, at the same place whether lines are there or not; ``hint``:
    what keys do there.
    """
    shown = model.page
    if shown is None:
        return unread(model) if model.problem else listing.late(_("Still running…"))
    below = (
        _lines(model, identifier, columns, row, width, hint, may_open) if shown.lines else nothing()
    )
    return ft.Column([top, below], spacing=M, expand=True) if top else below


def _lines(
    model: PagedList[L],
    identifier: str,
    columns: Sequence[listing.Column],
    row: Callable[[L], listing.Row],
    width: float,
    hint: str | None,
    may_open: bool,
) -> ft.Control:
    page, shown = ft.context.page, model.page
    assert shown is not None, "it is read"
    waits = _("Not sent yet")
    return listing.table(
        identifier,
        columns,
        [
            evolve(row(line), waits=waits) if place in shown.unsent else row(line)
            for place, line in enumerate(shown.lines)
        ],
        width=width,
        selected=model.selected,
        on_open=(lambda place: page.run_task(model.open, shown.lines[place])) if may_open else None,
        pages=pages(model),
        hint=list_keys() if hint is None else hint,
    )


def beside(
    head: ft.Control,
    above: Sequence[ft.Control],
    listed: Callable[[float], ft.Control],
    side: Sequence[ft.Control],
    *,
    width: float,
    side_width: float,
) -> ft.Control:
    """A screen with a list, and what is open beside it, above it where there is little room.
    ``listed``: the list, for that width. ``side``: empty where nothing is open.
    """
    if not side:
        return screen(head, *above, listed(width))
    if width < NARROW:
        below = ft.Container(listed(width), height=BELOW)
        return screen(head, ft.ListView([*above, *side, below], spacing=LARGE, expand=True))
    body = ft.Row(
        [
            listed(width - side_width),
            ft.Column(list(side), spacing=LARGE, width=side_width, scroll=ft.ScrollMode.AUTO),
        ],
        spacing=LARGE,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return screen(head, *above, body)


def pages(model: PagedList[Any]) -> listing.Pages:
    """The foot of a list, with the pages beside this one."""
    assert model.page is not None, "it is read"
    return listing.Pages(
        words=model.range_words,
        before=_("Previous page"),
        after=_("Next page"),
        on_before=on_press(model.turn, -1) if model.page.before else None,
        on_after=on_press(model.turn, 1) if model.page.after else None,
    )


def filters(model: Filtered[F], choices: Iterable[F]) -> ft.Control:
    """What lines may be shown; each choice has its ``words``."""
    return ft.Row(
        [
            chip(
                f"filter-{each.name.lower()}",
                each.words,  # type: ignore[attr-defined]  # as the docstring says
                on_press(model.set_filter, each),
                is_on=model.filter is each,
            )
            for each in choices
        ],
        spacing=M,
        run_spacing=M,
        wrap=True,
    )
