"""A scanner is told from a person, and keys act where no field has the focus."""

import asyncio
from collections.abc import Iterable

import flet as ft
import pytest

from manchengo_flet.keyboard import Action, Keyboard, without

CODE = "MCGLOTFRRTUV"


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


class Field:
    def __init__(self, *, is_of_list: bool = False, is_typed: bool = False) -> None:
        self.is_of_list, self.is_typed = is_of_list, is_typed
        self.taken_out: list[str] = []

    def without(self, code: str) -> None:
        self.taken_out.append(code)


class Page:
    """The keys of a page, each so many seconds after the one before."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.waiting: list[Action] = []
        self.keyboard = Keyboard(self.watch, lambda _seconds, action: self.waiting.append(action))
        self.scanned: list[str] = []
        self.keyboard.on_scan = self.scanned.append

    def press(
        self, keys: Iterable[str], *, apart: float, ctrl: bool = False, shift: bool = False
    ) -> None:
        for key in keys:
            self.watch.at += apart
            self.keyboard.heard(
                ft.KeyboardEvent(
                    name="keyboard_event",
                    control=None,  # type: ignore[arg-type]  # no page is drawn here
                    key=key,
                    shift=shift,
                    ctrl=ctrl,
                    alt=False,
                    meta=False,
                )
            )

    def scan(self, code: str) -> None:
        self.press([*code, "Enter"], apart=0.002)

    def wait(self) -> None:
        """Until whatever waits for the next key has waited long enough."""
        waiting, self.waiting = self.waiting, []
        for action in waiting:
            action()


@pytest.fixture
def page() -> Page:
    return Page()


def test_a_scan_is_heard_whole(page: Page) -> None:
    page.scan(CODE)
    assert page.scanned == [CODE]


def test_two_scans_in_a_row_are_two(page: Page) -> None:
    page.scan(CODE)
    page.watch.at += 1
    page.scan(CODE[::-1])
    assert page.scanned == [CODE, CODE[::-1]]


def test_what_a_person_types_is_no_scan(page: Page) -> None:
    page.press([*CODE, "Enter"], apart=0.12)
    assert page.scanned == []


def test_letters_typed_before_a_scan_are_no_part_of_it(page: Page) -> None:
    page.press("ab", apart=0.2)
    page.watch.at += 0.5
    page.scan(CODE)
    assert page.scanned == [CODE]


def test_a_few_quick_letters_are_no_code(page: Page) -> None:
    page.scan("OUI")
    assert page.scanned == []


def test_a_scan_is_taken_out_of_the_field_it_fell_into(page: Page) -> None:
    field = Field()
    page.keyboard.entered(field)
    page.scan(CODE)
    assert field.taken_out == [CODE]


@pytest.mark.parametrize("key", ["]", "$"])
def test_the_parts_of_a_suppliers_code_stay_apart(page: Page, key: str) -> None:
    field = Field()
    page.keyboard.entered(field)
    page.press("10LOT7", apart=0.002)
    page.press(["Control Left", key], apart=0.002, ctrl=True)
    page.press([*"17261231", "Enter"], apart=0.002)
    assert page.scanned == ["10LOT7\x1d17261231"]
    assert field.taken_out == ["10LOT717261231"]
    assert page.keyboard.cleaned("25", "2510LOT717261231") == "25"


def test_other_keys_with_control_are_no_part_of_a_scan(page: Page) -> None:
    page.press(CODE[:6], apart=0.002)
    page.press(["K", "Enter"], apart=0.002, ctrl=True)
    page.press([*CODE[6:], "Enter"], apart=0.002)
    assert page.scanned == [CODE]


def test_a_field_that_lost_the_focus_keeps_its_text(page: Page) -> None:
    field, other = Field(), Field()
    page.keyboard.entered(field)
    page.keyboard.entered(other)
    page.keyboard.left(field)
    page.scan(CODE)
    assert (field.taken_out, other.taken_out) == ([], [CODE])


def test_what_the_enter_of_a_scan_presses_does_nothing(page: Page) -> None:
    page.press(CODE, apart=0.002)
    assert page.keyboard.is_scanning, "a button may hear Enter before the page does"
    page.press(["Enter"], apart=0.002)
    assert page.keyboard.is_scanning, "or after it"
    page.watch.at += 1
    assert not page.keyboard.is_scanning


def test_a_person_who_types_is_not_scanning(page: Page) -> None:
    page.press(CODE, apart=0.12)
    assert not page.keyboard.is_scanning


def test_no_letter_of_a_scan_acts(page: Page) -> None:
    acted: list[str] = []
    page.keyboard.actions = {key.lower(): lambda: acted.append("letter") for key in set(CODE[6:])}
    page.scan("QQQQQQ" + CODE[6:])
    assert acted == []
    assert page.scanned == ["QQQQQQ" + CODE[6:]]


def test_a_busy_computer_hears_a_scan_unevenly(page: Page) -> None:
    page.press(CODE[:5], apart=0.01)
    page.press(CODE[5], apart=0.2)
    page.press([*CODE[6:], "Enter"], apart=0.05)
    assert page.scanned == [CODE]


@pytest.mark.parametrize("at", range(4, len(CODE) + 1))
def test_a_computer_that_stalls_within_a_scan_hears_it_whole(page: Page, at: int) -> None:
    page.press("12", apart=0.2)
    page.watch.at += 0.3
    page.press(CODE[:at], apart=0.002)
    page.watch.at += 1.5
    page.press([*CODE[at:], "Enter"], apart=0.002)
    assert page.scanned == [CODE]


def test_a_button_is_not_pressed_by_a_scan_that_stalls(page: Page) -> None:
    page.press(CODE, apart=0.002)
    page.watch.at += 1.5
    assert page.keyboard.is_scanning
    page.watch.at += 1
    assert not page.keyboard.is_scanning, "its Enter will not come any more"


def test_what_a_quick_typist_left_off_is_no_part_of_a_scan(page: Page) -> None:
    page.press("tomme", apart=0.03)
    page.watch.at += 0.5
    page.scan(CODE)
    assert page.scanned == [CODE]


def test_a_scan_that_begins_like_an_action_goes_nowhere(page: Page) -> None:
    gone: list[str] = []
    page.keyboard.actions = {"g l": lambda: gone.append("lots")}
    page.scan("GL" + CODE)
    assert (gone, page.scanned) == ([], ["GL" + CODE])


def test_two_keys_go_somewhere(page: Page) -> None:
    gone: list[str] = []
    page.keyboard.actions = {"g l": lambda: gone.append("lots"), "l": lambda: gone.append("other")}
    page.press("GL", apart=0.3)
    assert gone == ["lots"]


def test_a_second_key_that_comes_late_is_a_first_one(page: Page) -> None:
    gone: list[str] = []
    page.keyboard.actions = {"g l": lambda: gone.append("lots"), "l": lambda: gone.append("other")}
    page.press("G", apart=0.3)
    page.press("L", apart=3)
    page.wait()
    assert gone == ["other"]


def test_letters_do_not_act_in_a_field(page: Page) -> None:
    gone: list[str] = []
    page.keyboard.actions = {"g l": lambda: gone.append("lots"), "escape": lambda: gone.append("x")}
    page.keyboard.entered(Field())
    page.press("GL", apart=0.3)
    assert gone == []
    page.press(["Escape"], apart=0.3)
    assert gone == ["x"], "what is no letter acts in a field too"


def test_a_control_key_acts_everywhere(page: Page) -> None:
    gone: list[str] = []
    page.keyboard.actions = {"ctrl k": lambda: gone.append("find")}
    page.keyboard.entered(Field())
    page.press("K", apart=0.3, ctrl=True)
    assert gone == ["find"]


def test_enter_that_presses_what_has_the_focus_does_nothing_else(page: Page) -> None:
    opened: list[str] = []
    keyboard = page.keyboard
    keyboard.actions = {"enter": lambda: keyboard.unless_it_presses(lambda: opened.append("line"))}
    page.press(["Enter"], apart=0.3)
    keyboard.pressed()
    page.wait()
    assert opened == []
    page.press(["Enter"], apart=0.3)
    page.wait()
    assert opened == ["line"]


@pytest.mark.parametrize(("is_of_list", "is_typed"), [(True, False), (False, True)])
def test_a_field_says_which_keys_are_its_own(page: Page, is_of_list: bool, is_typed: bool) -> None:
    assert not page.keyboard.is_in_form
    assert not page.keyboard.is_typing
    page.keyboard.entered(Field(is_of_list=is_of_list, is_typed=is_typed))
    assert page.keyboard.is_in_form is not is_of_list
    assert page.keyboard.is_typing is is_typed


def test_a_list_gets_the_focus_where_no_field_has_it(page: Page) -> None:
    focused: list[str] = []

    async def first() -> None:
        focused.append("first")

    async def second() -> None:
        focused.append("second")

    keyboard = page.keyboard
    asyncio.run(keyboard.enter_list())
    keyboard.list_is(first)
    keyboard.list_is(second)
    keyboard.list_gone(first)
    asyncio.run(keyboard.enter_list())
    keyboard.entered(Field(is_of_list=True))
    asyncio.run(keyboard.enter_list())
    assert focused == ["second"]
    keyboard.list_gone(second)
    keyboard.left(Field())
    asyncio.run(keyboard.enter_list())
    assert focused == ["second"]


def test_a_code_is_taken_out_at_its_last_place() -> None:
    assert without("a1b2", "a1") == "b2"
    assert without("12,5mcglot", "MCGLOT") == "12,5"
    assert without("12,5", "MCGLOT") == "12,5"


def test_a_letter_alone_acts_once_no_scan_has_begun(page: Page) -> None:
    done: list[str] = []
    page.keyboard.actions = {"t": lambda: done.append("trace")}
    page.press("T", apart=1)
    page.wait()
    assert done == ["trace"]


def test_no_code_begins_with_a_letter_that_acts(page: Page) -> None:
    done: list[str] = []
    page.keyboard.actions = {"m": lambda: done.append("m"), "v": lambda: done.append("v")}
    page.scan(CODE)
    page.wait()
    assert (done, page.scanned) == ([], [CODE])


@pytest.mark.parametrize(
    ("key", "shift", "means"),
    [
        ("?", True, "?"),
        ("/", False, "/"),
        ("/", True, "?"),  # an American keyboard, in a window
        (",", True, "?"),  # a French one
        (":", True, "/"),
        (",", False, None),
    ],
)
def test_signs_are_heard_on_every_keyboard(
    page: Page, key: str, shift: bool, means: str | None
) -> None:
    done: list[str] = []
    page.keyboard.actions = {"?": lambda: done.append("?"), "/": lambda: done.append("/")}
    page.press(key, apart=1, shift=shift)
    page.wait()
    assert done == ([means] if means else [])


def test_nothing_takes_the_focus_where_no_list_is(page: Page) -> None:
    asyncio.run(page.keyboard.enter_filter())
