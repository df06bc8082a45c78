"""The screens in a browser: with 100,000 lots no click is slower than with three pages of them.

Both have a window of their own, in turn. Without Chromium nothing is measured.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from pstats import Stats

from attrs import frozen
from playwright.sync_api import Browser, expect

from manchengo import Quantity, Role, Unit, UnitPrice, Uuid7Ids
from manchengo.commands import ReceiveLot
from manchengo.domain.ids import CommitId, LotId, ProductId, SupplierId
from manchengo.ports.rows import RawProductRow, SupplierRow
from manchengo_desktop.compose import DeviceOffice
from manchengo_desktop.demo import Demo, demo_dairy
from manchengo_presenters.screens.lot_list import LotList
from manchengo_presenters.screens.office import SignedIn
from manchengo_presenters.screens.screen_context import ScreenContext
from tests.bench.in_turn import Rounds, Spent, in_turn
from tests.bench.row import AtMost, Finding, Row, Setting, compared_by_time, stats_of
from tests.support.browser import PATIENCE, Screens, browsing, chromium, serving
from tests.support.office_in_memory import WindowInMemory, at_once

FEW = 120
A_YEAR = 365
MANY = 100_000
QUICK_MANY = 10_000
NO_SLOWER = AtMost(1.3)
IN_AN_HOUR = AtMost(1.3)
"""What the process holds after as many clicks as in an hour, over what it held after a tenth."""

ROUNDS_OF_AN_HOUR = 200
"""One goes over four screens and back: a click every four seconds."""


@frozen
class Window:
    """A tab where somebody has signed in, and the process behind it."""

    screens: Screens
    process: int

    def turn(self, way: str) -> Spent:
        """The next page of the lots (``after``), or the one before."""
        shown = self.screens.see("range")
        words = shown.inner_text()
        return _timed(
            lambda: self.screens.press(f"page-{way}"),
            lambda: expect(shown).not_to_have_text(words, timeout=PATIENCE),
        )

    def go(self, screen: str, sign: str) -> Spent:
        """To that screen, until ``sign`` is there: in an hour of clicks one may fall on an entry
        that is drawn anew beneath it.
        """
        return _timed(
            lambda: self.screens.press_for(f"go-{screen}", sign), lambda: self.screens.see(sign)
        )

    def held(self) -> int:
        """Bytes in memory of the process behind it."""
        pages = int(Path(f"/proc/{self.process}/statm").read_text().split()[1])
        return pages * 4096


def measure(setting: Setting) -> list[Finding]:
    if chromium() is None:
        return [Finding(name="screens", note="there is no Chromium on this machine")]
    lots = QUICK_MANY if setting.quick else MANY
    with demo_dairy() as few, demo_dairy() as many, browsing() as browser:
        fill(few, FEW)
        fill(many, lots)
        return [
            _start(setting, browser, many, few, lots),
            *_clicks(setting, browser, many, few, lots),
        ]


def fill(dairy: Demo, lots: int) -> None:
    """As many receptions more."""
    with _office(dairy) as office:
        ids = Uuid7Ids()
        with office.reading() as snapshot:
            supplier = next(iter(snapshot.rows(SupplierRow)))
            milk = next(row for row in snapshot.rows(RawProductRow) if row.unit == Unit.L)
        with office.dairy.batch() as batch:
            for number in range(lots):
                batch.execute(
                    ReceiveLot(
                        lot_id=LotId(ids.new()),
                        code=f"B{number:06}",
                        product_id=ProductId(milk.id),
                        supplier_id=SupplierId(supplier.id),
                        on=office.today() - timedelta(days=number % A_YEAR),
                        quantity=Quantity(1_000, Unit.L),
                        unit_price=UnitPrice(4_500),
                    ),
                    command_id=CommitId(ids.new()),
                )


@contextmanager
def _office(dairy: Demo) -> Iterator[DeviceOffice]:
    office = DeviceOffice(dairy.path)
    try:
        office.open(dairy.passphrase)
        office.sign_in(dairy.person, dairy.secret, print)
        yield office
    finally:
        office.close()


@contextmanager
def _window(browser: Browser, dairy: Demo) -> Iterator[Window]:
    with serving(environment={"MANCHENGO_DB": str(dairy.path)}) as (url, process):
        screens = Screens(browser, url)
        screens.type("passphrase", dairy.passphrase)
        screens.press("open")
        screens.type("secret", dairy.secret)
        screens.press("enter")
        screens.see("figure-soon")
        yield Window(screens, process)
        screens.close()


def _start(setting: Setting, browser: Browser, many: Demo, few: Demo, lots: int) -> Finding:
    return _compared(
        "start",
        "a program starts, until its first field is there",
        lots,
        3 if setting.quick else 9,
        lambda: _started(browser, many),
        lambda: _started(browser, few),
    )


def _started(browser: Browser, dairy: Demo) -> Spent:
    began = time.perf_counter()
    with serving(environment={"MANCHENGO_DB": str(dairy.path)}) as (url, _):
        screens = Screens(browser, url)
        screens.field("passphrase")
        took = time.perf_counter() - began
        screens.close()
    return Spent(took, took)


def _clicks(setting: Setting, browser: Browser, many: Demo, few: Demo, lots: int) -> list[Finding]:
    rounds = 5 if setting.quick else 15
    with _window(browser, many) as ours, _window(browser, few) as beside:
        found = [
            _compared(
                "to the dashboard",
                "press, until its figures are there",
                lots,
                rounds,
                lambda: _there_and_back(ours),
                lambda: _there_and_back(beside),
            )
        ]
        for window in (ours, beside):
            window.go("lots", "range")
        found.append(
            _compared(
                "page",
                "press, until the page beside it is there",
                lots,
                rounds,
                lambda: _turn_over_and_back(ours),
                lambda: _turn_over_and_back(beside),
            )
        )
        found.append(_an_hour(setting, ours))
    return found


def _there_and_back(window: Window) -> Spent:
    window.go("lots", "range")
    return window.go("dashboard", "figure-soon")


def _turn_over_and_back(window: Window) -> Spent:
    return window.turn("after") + window.turn("before")


def _an_hour(setting: Setting, window: Window) -> Finding:
    rounds = 10 if setting.quick else ROUNDS_OF_AN_HOUR
    after_a_tenth = 0
    for number in range(rounds):
        window.go("dashboard", "figure-soon")
        window.go("receptions", "receive")
        window.go("lots", "range")
        window.turn("after")
        if number == rounds // 10:
            after_a_tenth = window.held()
    held = window.held()
    return Finding(
        name="screens, memory",
        ours=f"{held / 1e6:.0f} MB",
        beside=f"{after_a_tenth / 1e6:.0f} MB",
        value=held / after_a_tenth,
        budget=IN_AN_HOUR,
        note=f"of the process after {rounds * 4} clicks; beside: after a tenth of them",
        figures={"bytes": held, "bytes_after_a_tenth": after_a_tenth},
    )


def _compared(
    what: str,
    note: str,
    lots: int,
    rounds: int,
    ours: Callable[[], Spent],
    beside: Callable[[], Spent],
) -> Finding:
    return compared_by_time(
        f"screens, {what}",
        Rounds(*in_turn(rounds, ours, beside)),
        NO_SLOWER,
        note=f"{note}; {lots:,} lots beside {FEW}",
    )


def _timed(work: Callable[[], object], seen: Callable[[], object]) -> Spent:
    """On the clock, from the press until it is seen: most of the work is done by others."""
    began = time.perf_counter()
    work()
    seen()
    took = time.perf_counter() - began
    return Spent(took, took)


def profiled(setting: Setting) -> Stats:
    """Reading a page of the lots, which is our part of a click."""
    with demo_dairy() as dairy:
        fill(dairy, QUICK_MANY if setting.quick else MANY)
        with _office(dairy) as office:
            who = SignedIn(name=dairy.person, roles=frozenset(Role))
            pages = LotList(
                ScreenContext(office=office, background=at_once, who=who, window=WindowInMemory())
            )
            return stats_of(lambda: [pages.read(after=None, before=None) for _ in range(100)])


ROW = Row(
    name="screens",
    about="starts, clicks and pages in a browser, 100,000 lots beside three pages",
    measure=measure,
    profiled=profiled,
)
