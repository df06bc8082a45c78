"""One window: its page, its keys, and what it looks at every second."""

import asyncio

import flet as ft

from manchengo_desktop.components import SLIM_BELOW, component
from manchengo_desktop.compose import DeviceOffice
from manchengo_desktop.views import frame
from manchengo_desktop.views.first_start import centred, first_start
from manchengo_desktop.views.overlays import overlay
from manchengo_desktop.views.sign_in import open_database, sign_in
from manchengo_desktop.views.view_table import VIEWS
from manchengo_flet import late_answers
from manchengo_flet import theme as themes
from manchengo_flet.background import off_loop
from manchengo_flet.controls import button, link, notice
from manchengo_flet.keyboard import Action, Keyboard, KeyboardContext, on_press
from manchengo_flet.listing import late
from manchengo_flet.overlay import overlaid
from manchengo_flet.toast import show_toast
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _, current
from manchengo_presenters.screens.keys import WindowKey
from manchengo_presenters.screens.preferences import Theme
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_table import SCREENS
from manchengo_presenters.screens.shell import Shell, Stage

MODES = {
    Theme.SYSTEM: ft.ThemeMode.SYSTEM,
    Theme.LIGHT: ft.ThemeMode.LIGHT,
    Theme.DARK: ft.ThemeMode.DARK,
}
LOCALES = {"fr": ft.Locale("fr", "FR"), "en": ft.Locale("en", "GB")}
"""What Flutter itself says, as in the menu of a field, by the language of the screens."""

LOOKS_EVERY = 1.0
"""Seconds between two looks at what others recorded, and at whether anybody is here."""


class Window:
    """One page: a tab of a browser, or the window."""

    def __init__(self, page: ft.Page, office: DeviceOffice) -> None:
        self.page = page
        self.office = office
        self.shell = Shell(office, off_loop)
        self.keyboard = Keyboard()
        self._notices = 0

    async def open(self) -> None:
        """Draw it, and begin."""
        page = self.page
        page.title, page.padding, page.spacing = "Manchengo", 0, 0
        page.fonts = dict(themes.FONTS)
        page.theme, page.dark_theme = themes.theme(themes.LIGHT), themes.theme(themes.DARK)
        self.keyboard.actions = self._actions()
        self.keyboard.on_scan = lambda code: page.run_task(self.shell.scan, code)
        page.on_keyboard_event = self._heard
        page.on_connect = self._draw  # a browser that comes back has nothing on its page
        page.on_close = self.office.close
        late_answers.forgive(page)
        self._draw()
        self.shell.subscribe(self._tell)
        await self.shell.start()
        page.run_task(self._look)

    def _draw(self) -> None:
        self.page.render(lambda: KeyboardContext(self.keyboard, lambda: whole(self)))

    def _heard(self, event: ft.KeyboardEvent) -> None:
        self.shell.touch()
        self.keyboard.heard(event)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            if await self.shell.look():
                await self.shell.load()

    def _tell(self) -> None:
        if self.shell.notices != self._notices:
            self._notices = self.shell.notices
            shell, page, number = self.shell, self.page, self._notices
            show_toast(
                page,
                shell.notice,
                undo=_("Undo") if shell.recorded else None,
                on_undo=lambda: page.run_task(shell.take_back),
                on_gone=lambda: shell.notice_gone(number),
            )

    def _actions(self) -> dict[str, Action]:
        page, shell = self.page, self.shell
        window: dict[WindowKey, Action] = {
            WindowKey.FIND: lambda: page.run_task(shell.show_finder),
            WindowKey.FILTER: self._filter,
            WindowKey.UP: lambda: self._move(-1),
            WindowKey.DOWN: lambda: self._move(1),
            WindowKey.ENTER: self._enter,
            WindowKey.CONFIRM: self._confirm,
            WindowKey.LEAVE: lambda: page.run_task(shell.leave),
            WindowKey.TAKE_BACK: self._take_back,
            WindowKey.THEME: lambda: page.run_task(self.toggle_theme),
            WindowKey.LOCK: lambda: page.run_task(shell.lock),
            WindowKey.KEYS: lambda: page.run_task(shell.show_keys),
        }

        def to(screen: Screen) -> Action:
            return lambda: page.run_task(shell.go, screen)

        def new(screen: Screen) -> Action:
            return lambda: page.run_task(shell.go_to_new, screen)

        def on_screen(letter: str) -> Action:
            return lambda: page.run_task(shell.press, letter)

        actions = {each.key: window[each] for each in WindowKey}
        for screen, entry in SCREENS.items():
            if entry.letter:
                actions[f"g {entry.letter.lower()}"] = to(screen)
            if entry.new:
                actions[f"n {entry.new.lower()}"] = new(screen)
            for each in entry.keys:
                actions[each.letter.lower()] = on_screen(each.letter)
        return actions

    @property
    def is_dark(self) -> bool:
        """Whether it is shown dark, by what the person prefers or as the computer is."""
        theme = self.shell.preferences.theme
        return theme is Theme.DARK or (
            theme is Theme.SYSTEM and self.page.platform_brightness is ft.Brightness.DARK
        )

    async def toggle_theme(self) -> None:
        """Dark where it is light, from now on; light where it is dark."""
        await self.shell.set_theme(Theme.LIGHT if self.is_dark else Theme.DARK)

    def _filter(self) -> None:
        if self.shell.overlay is None:
            self.page.run_task(self.keyboard.enter_filter)

    def _move(self, step: int) -> None:
        if self.shell.front is not None and not self.keyboard.is_in_form:
            self.shell.front.move(step)
            if self.shell.overlay is None:
                self.page.run_task(self.keyboard.enter_list)

    def _enter(self) -> None:
        """A button that has the focus is pressed; nothing else happens then."""
        front = self.shell.front
        if front is not None and not self.keyboard.is_in_form:
            self.keyboard.unless_it_presses(lambda: self.page.run_task(front.enter))

    def _confirm(self) -> None:
        if self.shell.front is not None:
            self.page.run_task(self.shell.front.confirm)

    def _take_back(self) -> None:
        if not self.keyboard.is_typing:
            self.page.run_task(self.shell.take_back)


@component
def whole(window: Window) -> ft.Control:
    """The page: whichever stage it is at."""
    shell, page = window.shell, window.page
    use_view_model(shell)
    theme = shell.preferences.theme
    width, set_width = ft.use_state(page.width or 1280)

    def listen() -> None:
        page.on_resize = lambda event: set_width(event.width)

    def dress() -> None:
        page.theme_mode = MODES[theme]
        spoken = LOCALES[current()]
        page.locale_configuration = ft.LocaleConfiguration(
            supported_locales=[spoken], current_locale=spoken
        )
        page.update()

    ft.use_effect(listen, dependencies=[])
    ft.use_effect(dress, dependencies=[theme, current()])
    toggle_mode = on_press(window.toggle_theme)

    match shell.stage:
        case Stage.STARTING:
            return _starting(shell)
        case Stage.FIRST_START:
            return first_start(shell.first_start)
        case Stage.DATABASE_CLOSED:
            return open_database(shell.open_database)
        case Stage.SIGN_IN:
            return sign_in(shell)
        case Stage.AT_WORK:
            is_slim = width < SLIM_BELOW
            side = frame.sidebar(shell, is_slim, window.is_dark, toggle_mode)
            room = width - (frame.SLIM if is_slim else frame.WIDE)
            below = ft.Row(
                [side, work(window, room)],
                spacing=0,
                expand=True,
                vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            )
            return overlaid(below, overlay(shell), on_leave=on_press(shell.uncover))


def _starting(shell: Shell) -> ft.Control:
    if shell.problem is None:
        return late(_("Still running…"))
    return centred(
        notice("problem", shell.problem.sentence, themes.Tone.BAD),
        button("again", _("Try again"), on_press(shell.start), primary=True),
    )


@component
def work(window: Window, width: float) -> ft.Control:
    """The screen where the person is."""
    shell = window.shell
    use_view_model(shell)
    drawn = VIEWS[shell.screen].draw(shell.shown, width)
    return ft.Column([*_resumed(shell), drawn], spacing=0, expand=True)


def _resumed(shell: Shell) -> list[ft.Control]:
    """That the screen holds what was typed before the program ended, and a way to begin anew."""
    if not shell.resumed_here:
        return []
    words = _("What you had typed and not recorded is here again.")
    row = ft.Row(
        [
            ft.Container(notice("resumed", words, themes.Tone.INFO), expand=True),
            link("discard", _("Empty the form"), on_press(shell.discard_resumed)),
        ],
        spacing=themes.L,
    )
    return [ft.Container(row, padding=ft.Padding(themes.XL, themes.L, themes.XL, 0))]
