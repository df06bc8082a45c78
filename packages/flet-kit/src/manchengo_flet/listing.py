"""A list in its four states: empty, late, in error, or so long that it has pages.

Fifty rows are what a browser draws at once without a pause; the next page is asked of the database.
A row is one stop for who reads with the ears. Tab stops once at a list that opens, at the words
below it that say which keys act there (``stop``); ↑ and ↓ lead there from wherever the focus is.
"""

import asyncio
from collections.abc import Callable, Sequence

import flet as ft
from attrs import define, frozen

from manchengo_flet import sides
from manchengo_flet.controls import card, empty, icon_button, named, notice, one_of_several
from manchengo_flet.fields import border
from manchengo_flet.keyboard import KeyboardContext
from manchengo_flet.late_answers import unless_gone
from manchengo_flet.theme import BODY, RADIUS, ROW_HEIGHT, SMALL, L, M, S, Tone, muted, style

PAGE = 50
"""Rows on a page."""

BEFORE = 3
"""Rows that stay in sight before the selected one."""

GLIDES = 100
"""Milliseconds in which the rows scroll."""

LATE = 0.3
VERY_LATE = 3.0
"""Seconds after which a list that does not come says so."""


@frozen(kw_only=True)
class Column:
    """``width``: in pixels; 0: a share of what is left. ``least``: the width of the window from
    which on it is shown.
    """

    title: str
    width: int = 0
    is_figures: bool = False
    least: int = 0


@frozen(kw_only=True)
class Row:
    """``cells``: one for each column. ``identifier``: of the row, for tests and tools. ``waits``:
    for what the row waits, beside a small clock; "" where it waits for nothing.
    """

    identifier: str
    cells: Sequence[ft.Control]
    waits: str = ""


@frozen(kw_only=True)
class Pages:
    """``words``: which rows are shown; None for a way that leads nowhere."""

    words: str
    before: str
    after: str
    on_before: Callable[[], object] | None
    on_after: Callable[[], object] | None


def table(
    identifier: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    width: float,
    selected: int | None,
    on_open: Callable[[int], object] | None,
    pages: Pages | None = None,
    hint: str = "",
    top: ft.Control | None = None,
) -> ft.Control:
    """``width``: of the window; ``on_open``: called with the place of the row; ``hint``: which keys
    act there; ``top``: what stands above the rows, as filters.
    """
    shown = [place for place, column in enumerate(columns) if width >= column.least]
    parts: list[ft.Control] = [_head([columns[place] for place in shown])]
    if top is not None:
        parts.insert(0, ft.Container(top, padding=ft.Padding.symmetric(horizontal=L, vertical=M)))
    lines = []
    for place, row in enumerate(rows):
        first, *others = (row.cells[at] for at in shown)
        cells = [_with_clock(first, row.waits) if row.waits else first, *others]
        pairs = list(zip([columns[at] for at in shown], cells, strict=True))
        lines.append(_line(row, pairs, place == selected, place, on_open))
    parts.append(_rows(lines, selected))
    if pages is not None or hint:
        parts.append(foot(hint, pages))
    return named(
        identifier,
        card(ft.Column(parts, spacing=0, expand=True), padding=0, expand=True),
        expand=True,
    )


def short_table(
    identifier: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    width: float,
    selected: int | None = None,
    on_open: Callable[[int], object] | None = None,
    hint: str = "",
) -> ft.Control:
    """A table that is as high as its rows, among other things on a page that scrolls; a row whose
    texts take several lines is higher.
    """
    shown = [place for place, column in enumerate(columns) if width >= column.least]
    lines = [
        _line(
            row, [(columns[at], row.cells[at]) for at in shown], place == selected, place, on_open
        )
        for place, row in enumerate(rows)
    ]
    parts = [_head([columns[at] for at in shown]), *lines, *([foot(hint)] if hint else [])]
    return named(identifier, card(ft.Column(parts, spacing=0, tight=True), padding=0))


def _cell(column: Column, content: ft.Control) -> ft.Control:
    place = sides.at_end() if column.is_figures else sides.at_start()
    box = ft.Container(content, alignment=place)
    if column.width:
        box.width = column.width
    else:
        box.expand = True
    return box


def _with_clock(content: ft.Control, waits: str) -> ft.Control:
    """The first cell of a row that waits."""
    clock = ft.Icon(
        ft.Icons.SCHEDULE,
        size=14,
        color=ft.Colors.ON_SURFACE_VARIANT,
        semantics_label=waits,
        tooltip=waits,
    )
    content.expand, content.expand_loose = True, True
    return ft.Row([content, clock], spacing=S, tight=True)


def _head(columns: Sequence[Column]) -> ft.Control:
    cells = [_cell(column, muted(column.title, one_line=True)) for column in columns]
    return ft.Container(
        ft.Row(cells, spacing=M + S),
        height=ROW_HEIGHT - S,
        padding=sides.padding(start=L + S, end=L),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )


def _line(
    row: Row,
    cells: Sequence[tuple[Column, ft.Control]],
    is_selected: bool,
    place: int,
    on_open: Callable[[int], object] | None,
) -> ft.Control:
    spacing = M + S
    least = ft.Container(width=0, height=ROW_HEIGHT - 2 * S - 1)
    line = ft.Container(
        ft.Row([*(_cell(column, content) for column, content in cells), least], spacing=spacing),
        padding=sides.padding(start=L if is_selected else L + S, end=L - spacing, top=S, bottom=S),
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH if is_selected else None,
        border=sides.border(
            start=ft.BorderSide(S, ft.Colors.PRIMARY) if is_selected else None,
            bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT),
        ),
    )
    merged = one_of_several(row.identifier, line, is_chosen=is_selected)
    if on_open is None:
        return merged
    return ft.GestureDetector(
        content=merged, on_tap=lambda: on_open(place), mouse_cursor=ft.MouseCursor.CLICK
    )


@ft.component
def _rows(lines: Sequence[ft.Control], selected: int | None) -> ft.Control:
    """The rows, which scroll so that the selected one is in sight."""
    view: ft.MutableRef[ft.ListView | None] = ft.use_ref(None)

    async def follow() -> None:
        if selected is not None and view.current is not None:
            offset = max(0, selected - BEFORE) * ROW_HEIGHT
            await unless_gone(view.current.scroll_to(offset=offset, duration=GLIDES))

    ft.use_effect(follow, dependencies=[selected])
    drawn = ft.ListView(list(lines), expand=True, item_extent=ROW_HEIGHT)
    view.current = drawn
    return drawn


def foot(hint: str, pages: Pages | None = None) -> ft.Control:
    """What stands below the rows: the keys, which rows are shown, and the pages beside them."""
    parts = [stop(hint) if hint else ft.Container(expand=True)]
    if pages is not None:
        parts += [
            named("range", muted(pages.words, BODY)),
            _turn("page-before", ft.Icons.CHEVRON_LEFT, pages.before, pages.on_before),
            _turn("page-after", ft.Icons.CHEVRON_RIGHT, pages.after, pages.on_after),
        ]
    return ft.Container(
        ft.Row(parts, spacing=M), height=ROW_HEIGHT + S, padding=sides.padding(start=L, end=M)
    )


@define(eq=False)
class _Stop:
    """Where Tab stops at a list."""

    field: ft.TextField | None = None
    has_focus: bool = False

    async def focus(self) -> None:
        if self.field is not None and not self.has_focus:
            await unless_gone(self.field.focus())  # type: ignore[no-untyped-call]  # Flet has no types here

    def entered(self) -> None:
        self.has_focus = True

    def left(self) -> None:
        self.has_focus = False


@ft.component
def stop(hint: str) -> ft.Control:
    """Where Tab stops at a list, once; ``hint``: which keys act there. A field in which nothing can
    be typed: it alone keeps ↑ and ↓ from moving the focus on, and says that it has the focus.
    """
    keyboard = ft.use_context(KeyboardContext)
    this, _ = ft.use_state(_Stop())

    def mount() -> None:
        keyboard.list_is(this.focus)

    ft.use_effect(mount, dependencies=[], cleanup=lambda: keyboard.list_gone(this.focus))
    this.field = ft.TextField(
        hint_text=hint,
        read_only=True,
        show_cursor=False,
        enable_interactive_selection=False,
        mouse_cursor=ft.MouseCursor.BASIC,
        dense=True,
        text_style=style(SMALL),
        hint_style=style(SMALL, color=ft.Colors.ON_SURFACE_VARIANT),
        content_padding=ft.Padding.symmetric(horizontal=M, vertical=M),
        border=border(ft.Colors.TRANSPARENT),
        on_focus=this.entered,
        on_blur=this.left,
    )
    return ft.Container(named("list-keys", this.field), expand=True, margin=sides.margin(start=-M))


def _turn(
    identifier: str, icon: ft.IconData, words: str, on_click: Callable[[], object] | None
) -> ft.Control:
    turn = (lambda: on_click()) if on_click else None
    return icon_button(identifier, icon, words, turn, size=20)


@ft.component
def late(sentence: str, *, after: float = LATE, very_late: float = VERY_LATE) -> ft.Control:
    """What stands where something is still on its way: nothing, then grey rows, then ``sentence``,
    so that a list that comes at once does not flicker.
    """
    stage, set_stage = ft.use_state(0)

    async def wait() -> None:
        await asyncio.sleep(after)
        set_stage(1)
        await asyncio.sleep(very_late - after)
        set_stage(2)

    ft.use_effect(wait, dependencies=[])
    if stage == 0:
        return ft.Container(expand=True)
    rows = [
        ft.Container(
            bgcolor=ft.Colors.SURFACE_CONTAINER, border_radius=RADIUS, height=ROW_HEIGHT // 2
        )
        for _ in range(8)
    ]
    words = [named("still-running", muted(sentence, BODY))] if stage == 2 else []
    return named(
        "late", card(ft.Column([*words, *rows], spacing=L, expand=True), expand=True), expand=True
    )


def failed(sentence: str, again: ft.Control) -> ft.Control:
    """What stands where a list could not be read, with a button to try again."""
    return ft.Column([notice("list-error", sentence, Tone.BAD), again], spacing=L, expand=True)


def nothing(title: str, advice: str, action: ft.Control | None = None) -> ft.Control:
    """What stands where a list is empty."""
    return named("empty", card(empty(title, advice, action), expand=True), expand=True)
