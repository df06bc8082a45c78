"""Text inputs that are never drawn again while somebody types in them.

Flet sends the value of a field back with each drawing, and what was typed meanwhile is lost. So a
field is a component of its own, memoised: it is drawn again only when its ``error``, or the
``number`` of its content, is another. What stays the same must be the same object: ``on_text`` is
a bound method or a function that lives as long as the screen.
"""

from collections.abc import Awaitable, Callable, Sequence

import flet as ft
from attrs import define

from manchengo_flet.controls import named
from manchengo_flet.keyboard import KeyboardContext, without
from manchengo_flet.late_answers import unless_gone
from manchengo_flet.theme import BODY, FIELD_HEIGHT, RADIUS, SMALL, L, M, S, style


def border(color: ft.ColorValue = ft.Colors.OUTLINE, width: float = 1) -> ft.OutlineInputBorder:
    """The border of what takes input."""
    return ft.OutlineInputBorder(border_radius=RADIUS, side=ft.BorderSide(width, color))


@define(eq=False)
class _Typed:
    """The text of a field that has the focus; implements ``manchengo_flet.keyboard.Field``."""

    text: str
    number: int
    is_of_list: bool = False
    is_typed: bool = False
    put_back: Callable[[str], object] = str
    """Shows that text in the field, and tells the screen."""
    field: ft.TextField | None = None

    def without(self, code: str) -> None:
        before = without(self.text, code)
        if before != self.text:
            self.text = before
            self.put_back(before)

    async def focus(self) -> None:
        assert self.field is not None, "it is drawn before it is mounted"
        await unless_gone(self.field.focus())  # type: ignore[no-untyped-call]  # Flet has no types here


@ft.component
def _text_field(
    identifier: str,
    label: str,
    on_text: Callable[[str, str], None],
    *,
    value: str,
    number: int,
    error: str | None,
    hint: str | None,
    reveal: str,
    autofocus: bool,
    on_submit: Callable[[], object] | None,
) -> ft.Control:
    keyboard = ft.use_context(KeyboardContext)
    typed, _ = ft.use_state(_Typed(value, number))
    is_revealed, set_revealed = ft.use_state(False)
    _, draw = ft.use_state(0)
    if typed.number != number:
        typed.text, typed.number, typed.is_typed = value, number, False

    def put_back(text: str) -> None:
        on_text(identifier, text)
        draw(lambda drawn: drawn + 1)

    def changed(event: ft.Event[ft.TextField]) -> None:
        text = event.control.value or ""
        typed.text = keyboard.cleaned(typed.text, text)
        if typed.text == text:
            typed.is_typed = True
            on_text(identifier, text)
        else:
            put_back(typed.text)

    def submitted() -> None:
        if on_submit is not None and not keyboard.is_scanning:
            on_submit()

    typed.put_back = put_back
    eye = ft.IconButton(
        ft.Icon(
            ft.Icons.VISIBILITY_OFF if is_revealed else ft.Icons.VISIBILITY, semantics_label=reveal
        ),
        tooltip=reveal,
        on_click=lambda: set_revealed(not is_revealed),
    )
    # A field that is gone says nothing of its focus.
    ft.use_effect(lambda: None, dependencies=[], cleanup=lambda: keyboard.left(typed))
    return named(
        identifier,
        ft.TextField(
            label=label,
            value=typed.text,
            error=error,
            helper=hint,
            password=bool(reveal) and not is_revealed,
            suffix_icon=eye if reveal else None,
            autofocus=autofocus,
            text_style=style(BODY),
            label_style=style(BODY),
            error_style=style(SMALL, color=ft.Colors.ERROR),
            helper_style=style(SMALL, color=ft.Colors.ON_SURFACE_VARIANT),
            error_max_lines=3,
            helper_max_lines=3,
            content_padding=ft.Padding.symmetric(horizontal=M + S, vertical=L - 1),
            border=border(),
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            on_change=changed,
            on_submit=submitted,
            on_focus=lambda: keyboard.entered(typed),
            on_blur=lambda: keyboard.left(typed),
        ),
    )


_memoised_text_field: Callable[..., ft.Control] = ft.memo(_text_field)  # type: ignore[no-untyped-call]


def text_field(
    identifier: str,
    label: str,
    on_text: Callable[[str, str], None],
    *,
    value: str = "",
    number: int = 0,
    error: str | None = None,
    hint: str | None = None,
    reveal: str = "",
    autofocus: bool = False,
    on_submit: Callable[[], object] | None = None,
) -> ft.Control:
    """A field that calls ``on_text(identifier, text)`` at each letter. ``number``: counted up where
    the program gives it another ``value``; ``hint``: what it takes, below it. ``reveal``: what the
    button says that shows what is typed hidden; "" where nothing is hidden.
    """
    return _memoised_text_field(
        identifier,
        label,
        on_text,
        value=value,
        number=number,
        error=error,
        hint=hint,
        reveal=reveal,
        autofocus=autofocus,
        on_submit=on_submit,
    )


@ft.component
def _search_field(
    identifier: str,
    label: str,
    on_text: Callable[[str], Awaitable[object]],
    width: int | None,
    autofocus: bool,
    number: int,
) -> ft.Control:
    keyboard = ft.use_context(KeyboardContext)
    typed, _ = ft.use_state(_Typed("", number, is_of_list=True))
    if typed.number != number:
        typed.text, typed.number, typed.is_typed = "", number, False
    _, draw = ft.use_state(0)
    page = ft.context.page

    def put_back(text: str) -> None:
        page.run_task(on_text, text)
        draw(lambda drawn: drawn + 1)

    async def changed(event: ft.Event[ft.TextField]) -> None:
        text = event.control.value or ""
        typed.text = keyboard.cleaned(typed.text, text)
        if typed.text == text:
            typed.is_typed = True
            await on_text(text)
        else:
            put_back(typed.text)

    def mount() -> None:
        if autofocus:
            page.run_task(typed.focus)  # Flutter's own gives way to whatever has the focus already
        else:
            keyboard.filter_is(typed.focus)

    def unmount() -> None:
        keyboard.left(typed)
        if not autofocus:
            keyboard.filter_gone(typed.focus)

    typed.put_back = put_back
    ft.use_effect(mount, dependencies=[], cleanup=unmount)
    typed.field = ft.TextField(
        hint_text=label,
        tooltip=label,
        value=typed.text,
        prefix_icon=ft.Icons.SEARCH,
        dense=True,
        height=FIELD_HEIGHT,
        width=width,
        text_style=style(BODY),
        hint_style=style(BODY, color=ft.Colors.ON_SURFACE_VARIANT),
        content_padding=ft.Padding.symmetric(horizontal=M, vertical=M),
        border=border(),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        on_change=changed,
        on_focus=lambda: keyboard.entered(typed),
        on_blur=lambda: keyboard.left(typed),
    )
    return named(identifier, typed.field)


_memoised_search_field: Callable[..., ft.Control] = ft.memo(_search_field)  # type: ignore[no-untyped-call]


def search_field(
    identifier: str,
    label: str,
    on_text: Callable[[str], Awaitable[object]],
    width: int | None = None,
    *,
    autofocus: bool = False,
    number: int = 0,
) -> ft.Control:
    """A field that calls ``on_text(text)`` at each letter. It narrows the list of the screen down,
    and gets the focus with the key for that, unless it has it from the first (``autofocus``).
    ``number``: counted up where the program empties it.
    """
    return _memoised_search_field(identifier, label, on_text, width, autofocus, number)


@define(eq=False)
class _Chosen:
    """A list of choices that has the focus; implements ``manchengo_flet.keyboard.Field``."""

    begin_anew: Callable[[], object]
    is_of_list: bool = False
    is_typed: bool = True

    def without(self, code: str) -> None:  # noqa: ARG002 - all that was typed only finds a choice
        self.begin_anew()


@ft.component
def _choice_field(
    identifier: str,
    label: str,
    options: Sequence[tuple[str, str]],
    on_choice: Callable[[str, str], None],
    value: str,
    error: str | None,
) -> ft.Control:
    keyboard = ft.use_context(KeyboardContext)
    number, draw = ft.use_state(0)
    chosen, _ = ft.use_state(_Chosen(lambda: draw(lambda drawn: drawn + 1)))
    ft.use_effect(lambda: None, dependencies=[], cleanup=lambda: keyboard.left(chosen))

    def arrow(icon: ft.IconData) -> ft.Icon:
        return ft.Icon(icon, semantics_label=label)

    return named(
        identifier,
        ft.Dropdown(
            key=f"{identifier}-{number}",
            label=label,
            trailing_icon=arrow(ft.Icons.ARROW_DROP_DOWN),
            selected_trailing_icon=arrow(ft.Icons.ARROW_DROP_UP),
            value=value if any(value == key for key, _ in options) else None,
            error_text=error,
            enable_filter=True,
            editable=True,
            menu_height=320,
            expand=True,
            text_style=style(BODY),
            label_style=style(BODY),
            error_style=style(SMALL, color=ft.Colors.ERROR),
            content_padding=ft.Padding.symmetric(horizontal=M + S, vertical=M + S),
            border=border(),
            options=[ft.DropdownOption(key=key, text=words) for key, words in options],
            on_select=lambda event: on_choice(identifier, event.control.value or ""),
            on_focus=lambda: keyboard.entered(chosen),
            on_blur=lambda: keyboard.left(chosen),
        ),
        label=label,
    )


def choice_field(
    identifier: str,
    label: str,
    options: Sequence[tuple[str, str]],
    on_choice: Callable[[str, str], None],
    *,
    value: str = "",
    error: str | None = None,
) -> ft.Control:
    """One of ``options``, each a key and its words; typing in it finds them. Flet gives a list of
    choices no name to be read aloud, so the label is given here, and to the button that opens it.
    """
    return _choice_field(identifier, label, options, on_choice, value, error)


def tick_field(
    identifier: str,
    label: str,
    on_change: Callable[[bool], object] | None,
    *,
    value: bool,
    hint: str | None = None,
) -> ft.Control:
    """Ticked or not. ``on_change``: None where it cannot be ticked now; ``hint``: beside the
    pointer.
    """
    keyboard = ft.use_context(KeyboardContext)

    def changed(event: ft.Event[ft.Checkbox]) -> None:
        keyboard.pressed()
        assert on_change is not None, "it was disabled"
        on_change(bool(event.control.value))

    return named(
        identifier,
        ft.Checkbox(
            label=label,
            tooltip=hint,
            label_style=style(BODY, color=ft.Colors.ON_SURFACE),
            value=value,
            disabled=on_change is None,
            on_change=changed,
        ),
    )
