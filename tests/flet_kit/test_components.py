"""Components on a page without a window: what they draw, and what they do."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import flet as ft

from manchengo_flet import listing
from manchengo_flet.boundary import bounded
from manchengo_flet.chart import HEIGHT, LEAST, ChartBar, bar_chart
from manchengo_flet.controls import button, chip, progress, share_bar, state_word
from manchengo_flet.fields import search_field, text_field
from manchengo_flet.keyboard import Keyboard, KeyboardContext, on_press
from manchengo_flet.overlay import overlaid
from manchengo_flet.theme import ROW_HEIGHT, Tone, text
from manchengo_flet.toast import SECONDS, show_toast
from manchengo_flet.tree import DEEPEST, Branch, tree
from manchengo_flet.view_models import use_view_model
from tests.support.flet_page import PageWithoutWindow

SENTENCE = "Cette partie de l’écran a échoué."
component = bounded(lambda: SENTENCE)


def on_a_page(test: Callable[[PageWithoutWindow], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        await test(PageWithoutWindow())

    asyncio.run(run())


class Counter:
    """A view-model as the kit asks for it."""

    def __init__(self) -> None:
        self.version = 0
        self.listeners: list[Callable[[], None]] = []

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def count(self) -> None:
        self.version += 1
        for listener in list(self.listeners):
            listener()


def test_a_component_that_fails_leaves_the_others_standing() -> None:
    counter = Counter()

    @component
    def Part() -> ft.Control:  # noqa: N802 - a component
        use_view_model(counter)
        if counter.version == 1:
            raise ValueError("no such lot")
        return text(f"part {counter.version}")

    async def test(page: PageWithoutWindow) -> None:
        await page.draw(lambda: ft.Column([Part(), text("other")]))
        counter.count()
        await page.settle(lambda: SENTENCE in page.texts())
        assert "other" in page.texts()
        counter.count()
        await page.settle(lambda: "part 2" in page.texts())

    on_a_page(test)


def test_a_change_in_a_thread_is_drawn() -> None:
    counter = Counter()

    @component
    def Shown() -> ft.Control:  # noqa: N802 - a component
        use_view_model(counter)
        return text(f"{counter.version}")

    async def test(page: PageWithoutWindow) -> None:
        await page.draw(Shown)
        await asyncio.to_thread(counter.count)
        await page.settle(lambda: "1" in page.texts())

    on_a_page(test)


def test_a_component_that_is_gone_listens_no_more() -> None:
    counter, shown = Counter(), Counter()

    @component
    def Part() -> ft.Control:  # noqa: N802 - a component
        use_view_model(counter)
        return text("part")

    @component
    def Whole() -> ft.Control:  # noqa: N802 - a component
        use_view_model(shown)
        return ft.Column([] if shown.version else [Part()])

    async def test(page: PageWithoutWindow) -> None:
        await page.draw(Whole)
        assert len(counter.listeners) == 1
        shown.count()
        await page.settle(lambda: "part" not in page.texts())
        await page.settle(lambda: not counter.listeners)

    on_a_page(test)


class Form:
    def __init__(self) -> None:
        self.typed: dict[str, str] = {}
        self.sent = 0

    def put(self, name: str, value: str) -> None:
        self.typed[name] = value

    def send(self) -> None:
        self.sent += 1


def drawn_form(form: Form, counter: Counter, keyboard: Keyboard) -> Callable[[], ft.Control]:
    put = form.put  # one bound method for all drawings: a memoised field compares it

    @component
    def Drawn() -> ft.Control:  # noqa: N802 - a component
        use_view_model(counter)
        error = "Quantité attendue." if counter.version == 1 else None
        return ft.Column(
            [
                text_field("quantity", "Quantité", put, error=error),
                button("send", "Recevoir", on_press(form.send), primary=True),
                text(f"drawn {counter.version}"),
            ]
        )

    return lambda: KeyboardContext(keyboard, Drawn)


def test_what_is_being_typed_survives_every_drawing() -> None:
    form, counter = Form(), Counter()

    async def test(page: PageWithoutWindow) -> None:
        await page.draw(drawn_form(form, counter, Keyboard()))
        await page.type("quantity", "12,5")
        counter.count()
        await page.settle(lambda: "drawn 1" in page.texts())
        field = page.named("quantity")
        assert isinstance(field, ft.TextField)
        assert (field.value, field.error) == ("12,5", "Quantité attendue.")
        counter.count()
        await page.settle(lambda: "drawn 2" in page.texts())
        field = page.named("quantity")
        assert isinstance(field, ft.TextField)
        assert (field.value, field.error) == ("12,5", None)
        assert form.typed == {"quantity": "12,5"}

    on_a_page(test)


def test_a_scan_writes_in_no_field_and_presses_no_button() -> None:
    form, counter, scanned = Form(), Counter(), list[str]()
    keyboard = Keyboard(lambda: 100.0)  # a scanner is quicker than this clock
    keyboard.on_scan = scanned.append
    code = "MCGLOTFRRTUV"

    async def test(page: PageWithoutWindow) -> None:
        page.page.on_keyboard_event = keyboard.heard
        await page.draw(drawn_form(form, counter, keyboard))
        await page.fire(page.named("quantity"), "focus")
        await page.type("quantity", "12,5")
        await page.type("quantity", "12,5" + code.lower())
        for key in [*code, "Enter"]:
            await page.key(key)
        await page.settle(lambda: scanned == [code])
        await page.type("quantity", "12,5" + code[:7].lower())  # heard late
        await page.type("quantity", "12,5" + code.lower())
        await page.click("send")
        field = page.named("quantity")
        assert isinstance(field, ft.TextField)
        assert field.value == "12,5"
        assert form.typed == {"quantity": "12,5"}
        assert form.sent == 0

    on_a_page(test)


def test_a_button_that_is_not_to_be_pressed_cannot_be() -> None:
    async def test(page: PageWithoutWindow) -> None:
        await page.draw(lambda: button("receive", "Recevoir", None))
        pressed = page.named("receive")
        assert isinstance(pressed, ft.OutlinedButton)
        assert pressed.disabled

    on_a_page(test)


def test_a_state_has_a_word_and_an_icon() -> None:
    async def test(page: PageWithoutWindow) -> None:
        await page.draw(lambda: state_word("bloqué", Tone.BAD))
        assert page.texts() == ["bloqué"]
        assert page.controls(ft.Icon, icon=ft.Icons.BLOCK)

    on_a_page(test)


def test_the_chip_that_is_chosen_is_filled() -> None:
    async def test(page: PageWithoutWindow) -> None:
        await page.draw(
            lambda: ft.Row(
                [
                    chip("on", "Tous", lambda: None, is_on=True),
                    chip("off", "Bloqués", lambda: None, is_on=False),
                ]
            )
        )
        on, off = page.named("on"), page.named("off")
        assert isinstance(on, ft.TextButton)
        assert isinstance(off, ft.TextButton)
        assert on.style is not None
        assert off.style is not None
        assert on.style.bgcolor != off.style.bgcolor

    on_a_page(test)


def test_a_row_of_a_short_table_is_as_high_as_its_texts() -> None:
    async def heights(page: PageWithoutWindow) -> None:
        def lines() -> ft.Control:
            drawn = [listing.Row(identifier=f"row-{at}", cells=[text("1")]) for at in range(3)]
            return listing.short_table("lines", [listing.Column(title="N")], drawn, width=900)

        await page.draw(lines)
        assert page.has("row-2")
        assert not page.controls(ft.ListView)
        rows = [each for each in page.controls(ft.Container) if isinstance(each.content, ft.Row)]
        head, *below = rows
        assert head.height is not None
        assert [row.height for row in below] == [None] * 3
        for row in below:
            assert isinstance(row.content, ft.Row)
            least = row.content.controls[-1]
            assert isinstance(least, ft.Container)
            padding = row.padding
            assert isinstance(padding, ft.Padding)
            assert (least.height or 0) + padding.top + padding.bottom == ROW_HEIGHT - 1

    on_a_page(heights)


def test_a_list_that_comes_at_once_does_not_flicker() -> None:
    async def test(page: PageWithoutWindow) -> None:
        await page.draw(lambda: listing.late("Toujours en cours…", after=3_600))
        assert not page.has("late")

    on_a_page(test)


def test_a_late_list_is_grey_and_at_last_says_so() -> None:
    async def grey(page: PageWithoutWindow) -> None:
        await page.draw(lambda: listing.late("Toujours en cours…", after=0, very_late=3_600))
        await page.settle(lambda: page.has("late"))
        assert page.texts() == []

    async def sentence(page: PageWithoutWindow) -> None:
        await page.draw(lambda: listing.late("Toujours en cours…", after=0, very_late=0))
        await page.settle(lambda: page.texts() == ["Toujours en cours…"])

    on_a_page(grey)
    on_a_page(sentence)


def test_columns_leave_as_the_window_narrows() -> None:
    columns = [listing.Column(title="Lot"), listing.Column(title="Entré le", least=1200)]
    rows = [listing.Row(identifier="lot-1", cells=[text("MP-1"), text("23/11/2026")])]

    def drawn(width: float) -> ft.Control:
        return listing.table("lots", columns, rows, width=width, selected=0, on_open=None)

    async def wide(page: PageWithoutWindow) -> None:
        await page.draw(lambda: drawn(1280))
        assert page.texts() == ["Lot", "Entré le", "MP-1", "23/11/2026"]

    async def narrow(page: PageWithoutWindow) -> None:
        await page.draw(lambda: drawn(900))
        assert page.texts() == ["Lot", "MP-1"]

    on_a_page(wide)
    on_a_page(narrow)


def test_the_mark_of_the_chosen_row_is_where_its_line_begins() -> None:
    """The mark is the border beside the row, and the figures are at the other end."""
    columns = [listing.Column(title="Lot"), listing.Column(title="Reste", is_figures=True)]
    rows = [listing.Row(identifier="lot-1", cells=[text("MP-1"), text("40 kg")])]

    def marked(rtl: bool) -> tuple[bool, bool, list[ft.Alignment | None]]:
        seen: list[tuple[bool, bool, list[ft.Alignment | None]]] = []

        async def test(page: PageWithoutWindow) -> None:
            page.page.rtl = rtl
            await page.draw(
                lambda: listing.table("lots", columns, rows, width=1280, selected=0, on_open=None)
            )
            line = page.named("lot-1")
            assert isinstance(line, ft.Container)
            assert isinstance(line.border, ft.Border)
            assert isinstance(line.content, ft.Row)
            cells = [each for each in line.content.controls if isinstance(each, ft.Container)]
            sides = (line.border.left, line.border.right)
            left, right = (each != ft.BorderSide.none() for each in sides)
            seen.append((left, right, [each.alignment for each in cells[:2]]))

        on_a_page(test)
        return seen[0]

    start, end = ft.Alignment.CENTER_LEFT, ft.Alignment.CENTER_RIGHT
    assert marked(rtl=False) == (True, False, [start, end])
    assert marked(rtl=True) == (False, True, [end, start])


def test_a_row_opens_and_pages_turn() -> None:
    done: list[object] = []
    rows = [listing.Row(identifier=f"lot-{n}", cells=[text(f"{n}")]) for n in range(listing.PAGE)]
    pages = listing.Pages(
        words="1–50",
        before="Page précédente",
        after="Page suivante",
        on_before=None,
        on_after=lambda: done.append("after"),
    )

    async def test(page: PageWithoutWindow) -> None:
        await page.draw(
            lambda: listing.table(
                "lots",
                [listing.Column(title="Lot")],
                rows,
                width=1280,
                selected=None,
                on_open=done.append,
                pages=pages,
            )
        )
        assert page.texts().count("1–50") == 1
        await page.fire(page.controls(ft.GestureDetector)[3], "tap")
        await page.click("page-after")
        assert done == [3, "after"]
        before = page.named("page-before")
        assert isinstance(before, ft.IconButton)
        assert before.disabled

    on_a_page(test)


async def noticed(page: PageWithoutWindow, *, undone: list[bool], gone: list[bool]) -> ft.SnackBar:
    """The notice of a reception, which may be taken back."""
    await page.draw(lambda: text("page"))
    show_toast(
        page.page,
        "Lot reçu.",
        undo="Annuler",
        on_undo=lambda: undone.append(True),
        on_gone=lambda: gone.append(True),
    )
    await page.settle(lambda: "Lot reçu." in page.texts())
    return page.controls(ft.SnackBar)[0]


def test_what_was_done_can_be_taken_back_for_eight_seconds() -> None:
    undone: list[bool] = []
    gone: list[bool] = []

    async def test(page: PageWithoutWindow) -> None:
        shown = await noticed(page, undone=undone, gone=gone)
        assert shown.duration == ft.Duration(seconds=SECONDS)
        await page.fire(page.controls(ft.SnackBarAction)[0], "click")
        await page.fire(shown, "dismiss")
        assert undone == [True]
        assert not gone, "it is taken back meanwhile"

    on_a_page(test)


def test_a_notice_that_nobody_pressed_says_when_it_is_gone() -> None:
    undone: list[bool] = []
    gone: list[bool] = []

    async def test(page: PageWithoutWindow) -> None:
        shown = await noticed(page, undone=undone, gone=gone)
        assert not gone
        await page.fire(shown, "dismiss")
        assert (undone, gone) == ([], [True])

    on_a_page(test)


async def nothing_found(_text: str) -> None:
    """Where the list is of no matter."""


def drawn_search(keyboard: Keyboard, shown: Counter) -> Callable[[], ft.Control]:
    """A list with its filter, until ``shown`` has counted to one."""

    @component
    def Part() -> ft.Control:  # noqa: N802 - a component
        use_view_model(shown)
        if shown.version:
            return text("another screen")
        return search_field("search", "Chercher", nothing_found, 200)

    return lambda: KeyboardContext(keyboard, lambda: Part())


def test_the_filter_of_a_list_takes_the_focus() -> None:
    keyboard, shown, focused = Keyboard(), Counter(), list[str]()

    async def test(page: PageWithoutWindow) -> None:
        page.on_call = focused.append
        await page.draw(drawn_search(keyboard, shown))
        await keyboard.enter_filter()
        assert focused == ["focus"]
        shown.count()
        await page.settle(lambda: "another screen" in page.texts())
        await keyboard.enter_filter()
        assert focused == ["focus"], "it is gone with its screen"

    on_a_page(test)


def test_a_search_that_comes_takes_the_focus() -> None:
    focused: list[str] = []

    async def test(page: PageWithoutWindow) -> None:
        page.on_call = focused.append
        await page.draw(lambda: search_field("find", "Chercher", nothing_found, autofocus=True))
        await page.settle(lambda: focused == ["focus"])

    on_a_page(test)


def test_a_field_that_is_gone_has_the_focus_no_longer() -> None:
    keyboard, shown = Keyboard(), Counter()

    async def test(page: PageWithoutWindow) -> None:
        await page.draw(drawn_search(keyboard, shown))
        await page.fire(page.named("search"), "focus")
        assert keyboard.is_in_field
        shown.count()
        await page.settle(lambda: "another screen" in page.texts())
        assert not keyboard.is_in_field

    on_a_page(test)


def test_what_lies_over_a_screen_is_left_beside_it() -> None:
    left: list[bool] = []

    async def test(page: PageWithoutWindow) -> None:
        below, over = text("a list"), text("a search")
        await page.draw(lambda: overlaid(below, over, on_leave=lambda: left.append(True)))
        (under,) = page.controls(ft.Semantics)
        assert under.exclude_semantics, "only what lies on top is read aloud"
        (scrim,) = page.controls(ft.GestureDetector)
        await page.fire(scrim, "tap")
        assert left == [True]

    on_a_page(test)


def test_long_work_says_how_far_it_is_once_that_is_known() -> None:
    async def test(page: PageWithoutWindow) -> None:
        await page.draw(
            lambda: ft.Column(
                [progress("known", 500, 2_000, "500 sur 2 000"), progress("not-yet", 0, 0, "…")]
            )
        )
        assert [bar.value for bar in page.controls(ft.ProgressBar)] == [0.25, None]
        assert page.texts() == ["500 sur 2 000", "…"]

    on_a_page(test)


def test_a_chip_says_which_is_chosen_and_chooses_another() -> None:
    chosen = []

    async def test(page: PageWithoutWindow) -> None:
        await page.draw(
            lambda: ft.Row(
                [
                    chip("one", "Une", lambda: chosen.append("one"), is_on=True),
                    chip("two", "Deux", lambda: chosen.append("two"), is_on=False),
                ]
            )
        )
        await page.click("two")
        assert chosen == ["two"]
        assert page.texts() == ["Une", "Deux"]
        colors = [each.style.bgcolor for each in page.controls(ft.TextButton) if each.style]
        assert colors == [ft.Colors.PRIMARY_CONTAINER, ft.Colors.TRANSPARENT]

    on_a_page(test)


def test_a_share_is_drawn_and_read_aloud() -> None:
    async def test(page: PageWithoutWindow) -> None:
        await page.draw(lambda: share_bar(0.25, "25 L sur 100 L"))
        assert [bar.value for bar in page.controls(ft.ProgressBar)] == [0.25]
        assert page.controls(ft.Semantics, label="25 L sur 100 L")

    on_a_page(test)


def test_a_branch_stands_further_in_than_what_it_hangs_from() -> None:
    async def test(page: PageWithoutWindow) -> None:
        depths = (0, 1, 2, DEEPEST + 5)
        await page.draw(
            lambda: tree([Branch(depth=each, content=text(f"depth {each}")) for each in depths])
        )
        guides = [len(row.controls) - 1 for row in page.controls(ft.Row)]
        assert guides == [0, 1, 2, DEEPEST], "what hangs deeper has room for its words"
        assert page.texts() == [f"depth {each}" for each in depths]

    on_a_page(test)


def test_the_bars_of_a_chart_are_as_high_as_their_amounts() -> None:
    bars = [
        ChartBar(amount=amount, words=str(amount), is_marked=amount == 40) for amount in (20, 0, 40)
    ]

    async def test(page: PageWithoutWindow) -> None:
        await page.draw(
            lambda: bar_chart("stock", bars, read_aloud="20 ; 40", ends=("01/11", "03/11"), line=80)
        )
        assert page.has("stock")
        assert page.controls(ft.Semantics, label="20 ; 40")
        drawn = [each for each in page.controls(ft.Container) if each.tooltip]
        assert [each.height for each in drawn] == [HEIGHT // 4, LEAST, HEIGHT // 2]
        marked = [each.tooltip for each in drawn if each.bgcolor == ft.Colors.PRIMARY]
        assert marked == ["40"]

    on_a_page(test)
