"""The whole dairy, driven at random beside a naive one, on every store at once.

After each step every store must say what the naive dairy says and hold the same log to the byte.
On the way the promises are watched: nothing lost (P1), no balance below zero on any day (P2), a
refusal leaves no trace (P4), a command said twice is done once (P5), views are what the log makes
of them (P6).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from copy import deepcopy
from datetime import date
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from manchengo import Commit, Manchengo, Quantity, Refused, Unit
from manchengo.application.refusals import facts
from manchengo.commands import Command
from manchengo.domain.delivery import Disposition
from manchengo.domain.errors import CommandIdReused
from manchengo.domain.ids import CommitId
from manchengo.domain.lot.commands import Expiry
from manchengo.memory import START_OF_MEMORY
from manchengo.ports.rows import (
    DeliveryRow,
    FinishedLotRow,
    MovementRow,
    ProductionOrderRow,
    RawLotRow,
    ReservationRow,
    SalesOrderRow,
)
from manchengo.ports.store import Snapshot
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RENNET,
    a_line,
    abandoned,
    an_id,
    an_output,
    blocked,
    called_off,
    came_back,
    closed,
    completed,
    confirmed,
    corrected,
    counted,
    day,
    delivered,
    gone,
    handed_over,
    in_opening_stock,
    loaded,
    lot_id,
    made,
    make_id,
    make_reopened,
    ordered,
    planned,
    poured,
    prepared,
    quarantined,
    recalled,
    received,
    released,
    sale_id,
    sale_reopened,
    sold,
    started,
    stayed,
    taken_back,
    unloaded,
    van_reopened,
    voided,
    written_off,
)
from tests.support.given import everything, open_dairy
from tests.support.naive import NaiveDairy, No
from tests.support.stores import STORES, OpenStore, in_memory

UNITS = {"milk": Unit.L, "rennet": Unit.ML, "cheese": Unit.KG}
PRODUCTS = {"milk": MILK, "rennet": RENNET, "cheese": CHEESE}
JUDGEMENTS: dict[str, Callable[..., Command]] = {
    "quarantined": quarantined,
    "blocked": blocked,
    "released": released,
    "recalled": recalled,
}

days = st.sampled_from([7, 7, 7, 6, 5, 4, 3, 2, 1, 0])
"""Mostly the last one, on which most things are possible."""

which = st.integers(min_value=0, max_value=30)
amounts = st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 9, 0])
lasting = st.sampled_from([None, None, 9, 7, 5, 3, 1, 0])
dice = st.integers(min_value=1, max_value=10)
reasons = st.booleans()


class WholeDairy(RuleBasedStateMachine):
    """``stores``: those that are driven side by side."""

    stores: ClassVar[dict[str, OpenStore]] = {"memory": in_memory}

    def __init__(self) -> None:
        super().__init__()
        self.naive = NaiveDairy()
        self.asked = 0
        self.answers: list[tuple[Command, CommitId, Commit]] = []
        self.opened = ExitStack()
        self.dairies: dict[str, Manchengo] = {}
        for name, open_store in self.stores.items():
            self.dairies[name] = open_dairy(self.opened.enter_context(open_store()))

    def teardown(self) -> None:
        try:
            for dairy in self.dairies.values():
                assert dairy.verify().sound
        finally:
            self.opened.close()

    # ---------------------------------------------------------------------------- how it is asked

    def ask(self, command: Command, step: Callable[[NaiveDairy], object]) -> None:
        """The naive dairy tries it on a copy; every store must agree, and with each other."""
        trial = deepcopy(self.naive)
        try:
            step(trial)
        except No:
            allowed = False
        else:
            allowed = True
        command_id = self.next_id()
        answers = [
            dairy.execute(command, command_id=command_id)
            if allowed
            else self.refusal(dairy, command, command_id)
            for dairy in self.dairies.values()
        ]
        assert all(answer == answers[0] for answer in answers)
        if isinstance(answers[0], Commit):
            self.naive = trial
            self.answers.append((command, command_id, answers[0]))

    def refusal(
        self, dairy: Manchengo, command: Command, command_id: CommitId
    ) -> tuple[str, dict[str, object]]:
        before = everything(dairy.store)
        with pytest.raises(Refused) as caught:
            dairy.execute(command, command_id=command_id)
        assert everything(dairy.store) == before
        return type(caught.value).__name__, facts(caught.value)

    def next_id(self) -> CommitId:
        self.asked += 1
        return CommitId(an_id(f"command {self.asked}"))

    def of(self, lot: str, amount: int) -> Quantity:
        return Quantity(amount, UNITS[self.naive.lots[lot]["product"]])

    # ---------------------------------------------------------------------------------- the rules

    @initialize()
    def opening(self) -> None:
        for command in A_DAIRY:
            self.ask(command, lambda _: None)
        for on in (0, 1, 2):
            self.a_lot_comes("milk", 30, on, None)
            self.a_lot_comes("rennet", 10, on, None)
            self.a_whole_make_at_once(9, on)

    @rule(product=st.sampled_from(["milk", "rennet"]), tens=amounts, on=days, lasts=lasting)
    def a_lot_comes(self, product: str, tens: int, on: int, lasts: int | None) -> None:
        code, amount = f"L{len(self.naive.lots)}", tens * 10
        expires = None if lasts is None else on + lasts - 1
        self.ask(
            received(
                code,
                Quantity(amount, UNITS[product]),
                of=PRODUCTS[product],
                on=day(on),
                expires=None if expires is None else day(expires),
            ),
            lambda naive: naive.enter(code, product, amount, on, expires),
        )

    @rule(lot=which, amount=amounts, on=days, counting=st.booleans())
    def somebody_looks_at_the_shelf(self, lot: int, amount: int, on: int, counting: bool) -> None:
        code = one(self.naive.lots, lot)
        if counting:
            seen = max(0, self.naive.on_hand(code) + amount - 5)
            self.ask(
                counted(code, self.of(code, seen), on=day(on)),
                lambda naive: naive.count(code, seen, on),
            )
        else:
            self.ask(
                written_off(code, self.of(code, amount), on=day(on)),
                lambda naive: naive.leave(code, amount, on),
            )

    @rule(lot=which, word=st.sampled_from([*JUDGEMENTS, "released", "released"]), roll=dice)
    def somebody_judges(self, lot: int, word: str, roll: int) -> None:
        code = one(self.naive.lots, lot)
        if word != "recalled" or roll == 10:
            self.ask(JUDGEMENTS[word](code), lambda naive: naive.judge(code, word))

    @rule(amount=amounts, on=days, older=st.integers(-1, 5), lasts=lasting)
    def a_cheese_was_there_already(
        self, amount: int, on: int, older: int, lasts: int | None
    ) -> None:
        code, dated = f"L{len(self.naive.lots)}", on - older
        expires = None if lasts is None else on + lasts - 1
        self.ask(
            in_opening_stock(
                code,
                Quantity(amount, Unit.KG),
                on=day(on),
                dated=day(dated),
                expires=None if expires is None else day(expires),
            ),
            lambda naive: naive.was_there(code, amount, on, dated, expires),
        )

    @rule(lot=which, on=days, lasts=lasting)
    def a_label_is_read_again(self, lot: int, on: int, lasts: int | None) -> None:
        code = one(self.naive.lots, lot)
        expires = None if lasts is None else self.naive.lots[code]["entered"] + lasts - 1
        self.ask(
            corrected(code, on=day(on), expiry=Expiry(None if expires is None else day(expires))),
            lambda naive: naive.correct(code, expires, on),
        )

    @rule(lot=which, on=days)
    def a_lot_never_came(self, lot: int, on: int) -> None:
        code = one(self.naive.lots, lot)
        self.ask(voided(code, on=day(on)), lambda naive: naive.void(code, on))

    @rule(make=which, lot=which, amount=amounts, on=days, reason=reasons, roll=dice)
    def the_vats(self, make: int, lot: int, amount: int, on: int, reason: bool, roll: int) -> None:
        """A new make, the next step of one under way, or now and then any step of any."""
        code = likely(self.naive.makes, make, "started", "planned")
        state = self.naive.makes[code]["state"] if code else ""
        if roll == 1 or state not in ("started", "planned"):
            self.a_make_is_planned(amount)
        elif roll == 2:
            self.a_whole_make_at_once(amount, on)
        elif roll == 3:
            self.ask(abandoned(code, on=day(on)), lambda naive: naive.abandon(code, on))
        elif roll == 4 or (state == "planned" and roll < 10):
            self.ask(started(code, on=day(on)), lambda naive: naive.start(code, on))
        elif roll == 5 and self.naive.makes[code]["poured"]:
            source = one(self.naive.makes[code]["poured"], lot)
            self.ask(
                taken_back(code, source, on=day(on)),
                lambda naive: naive.take_back(code, source, on),
            )
        elif roll < 8 or not self.naive.makes[code]["poured"]:
            self.some_is_poured(code, lot, amount, on, reason=reason)
        else:
            self.it_is_completed(code, [amount, lot % 4][: 1 + reason], on, lot % 9 or None)

    def a_make_is_planned(self, amount: int) -> None:
        code = f"O{len(self.naive.makes)}"
        self.ask(planned(code, Quantity(amount, Unit.KG)), lambda naive: naive.plan(code, amount))

    def a_whole_make_at_once(self, amount: int, on: int) -> None:
        code = f"M{len(self.naive.makes)}"
        self.ask(
            made(code, Quantity(amount, Unit.KG), on=day(on)),
            lambda naive: naive.make(code, amount, on),
        )

    def some_is_poured(self, code: str, lot: int, amount: int, on: int, *, reason: bool) -> None:
        picks = self.naive.makes[code]["picks"]
        source = one(picks if lot % 4 and picks else self.naive.lots, lot)
        why = "here" if reason else ""
        self.ask(
            poured(code, source, self.of(source, amount), on=day(on), reason=why),
            lambda naive: naive.pour(code, source, amount, on, reason=reason),
        )

    def it_is_completed(self, code: str, sizes: list[int], on: int, lasts: int | None) -> None:
        outputs = {f"T{len(self.naive.lots) + n}": size for n, size in enumerate(sizes)}
        expires = None if lasts is None else on + lasts
        last_day = None if expires is None else day(expires)
        whole = [
            an_output(lot, Quantity(size, Unit.KG), expires=last_day)
            for lot, size in outputs.items()
        ]
        self.ask(
            completed(code, *whole, on=day(on)),
            lambda naive: naive.complete(code, outputs, on, expires),
        )

    @rule(sale=which, amount=amounts, on=days, roll=dice)
    def the_counter(self, sale: int, amount: int, on: int, roll: int) -> None:
        """A new order, or the next step of one."""
        code = likely(self.naive.sales, sale, "placed", "partly_delivered", "confirmed")
        state = self.naive.sales[code]["state"] if code else ""
        new, quantity = f"S{len(self.naive.sales)}", Quantity(amount, Unit.KG)
        if code and roll == 1:
            self.ask(called_off(code, on=day(on)), lambda naive: naive.call_off(code, on))
        elif code and (roll == 2 or (state == "partly_delivered" and roll < 6)):
            self.ask(closed(code, on=day(on)), lambda naive: naive.close(code, on))
        elif code and (roll == 3 or (state == "placed" and roll < 8)):
            self.ask(confirmed(code, on=day(on)), lambda naive: naive.confirm(code, on))
        elif roll < 6:
            self.ask(
                ordered(new, a_line(quantity), on=day(on)),
                lambda naive: naive.place(new, amount, on),
            )
        else:
            self.ask(sold(new, quantity, on=day(on)), lambda naive: naive.sell(new, amount, on))

    @precondition(lambda machine: bool(machine.naive.sales))
    @rule(van=which, lot=which, amount=amounts, on=days, reason=reasons, roll=dice)
    def the_yard(self, van: int, lot: int, amount: int, on: int, reason: bool, roll: int) -> None:
        """A new van, or the next step of one."""
        order = likely(self.naive.sales, van, "confirmed", "partly_delivered")
        code = likely(self.naive.vans, van, "prepared")
        state = self.naive.vans[code]["state"] if code else ""
        if not code or roll == 1 or (state != "prepared" and roll < 6):
            self.a_van_is_prepared(order, on, at_once=lot % 3 == 0)
        elif roll == 2:
            self.ask(stayed(code, on=day(on)), lambda naive: naive.stay(code, on))
        elif roll == 3 and self.naive.vans[code]["aboard"]:
            source = one(self.naive.vans[code]["aboard"], lot)
            self.ask(
                unloaded(code, source, on=day(on)),
                lambda naive: naive.unload(code, source, on),
            )
        elif state == "prepared" and (roll < 7 or not self.naive.vans[code]["aboard"]):
            due = self.naive.due(self.naive.vans[code]["sale"])
            self.some_is_loaded(code, lot, min(amount, due), on, reason=reason)
        elif state == "prepared":
            self.ask(gone(code, on=day(on)), lambda naive: naive.go(code, on))
        elif roll < 8:
            self.ask(handed_over(code, on=day(on)), lambda naive: naive.hand_over(code, on))
        else:
            self.some_comes_back(code, lot, amount, on, destroy=reason)

    @rule(number=which, on=days, what=st.sampled_from(["sale", "make", "van"]))
    def what_was_closed_by_mistake(self, number: int, on: int, what: str) -> None:
        naive = self.naive
        match what:
            case "sale" if naive.sales:
                code = likely(naive.sales, number, "closed", "cancelled")
                self.ask(sale_reopened(code, on=day(on)), lambda dairy: dairy.reopen_sale(code, on))
            case "make":
                code = likely(naive.makes, number, "completed", "cancelled")
                self.ask(make_reopened(code, on=day(on)), lambda dairy: dairy.reopen_make(code, on))
            case "van" if naive.vans:
                code = likely(naive.vans, number, "received", "cancelled")
                self.ask(van_reopened(code, on=day(on)), lambda dairy: dairy.reopen_van(code, on))

    def a_van_is_prepared(self, order: str, on: int, *, at_once: bool) -> None:
        code = f"V{len(self.naive.vans)}"
        if at_once:
            self.ask(
                delivered(code, order=order, on=day(on)),
                lambda naive: naive.deliver(code, order, on),
            )
        else:
            self.ask(
                prepared(code, order=order, on=day(on)),
                lambda naive: naive.prepare(code, order, on),
            )

    def some_is_loaded(self, code: str, lot: int, amount: int, on: int, *, reason: bool) -> None:
        proposed = self.naive.vans[code]["proposed"]
        source = one(proposed if lot % 4 else self.naive.lots, lot)
        why = "here" if reason else ""
        self.ask(
            loaded(code, source, self.of(source, amount), on=day(on), reason=why),
            lambda naive: naive.load(code, source, amount, on, reason=reason),
        )

    def some_comes_back(self, code: str, lot: int, amount: int, on: int, *, destroy: bool) -> None:
        source = one(self.naive.vans[code]["aboard"], lot) or one(self.naive.lots, lot)
        then = Disposition.DESTROY if destroy else Disposition.RESTOCK
        self.ask(
            came_back(code, source, self.of(source, amount), then=then, on=day(on)),
            lambda naive: naive.come_back(code, source, amount, on, destroy=destroy),
        )

    # ----------------------------------------------------------------------- what must not matter

    @rule(number=which, roll=dice)
    def whatever_does_not_matter(self, number: int, roll: int) -> None:
        if roll < 5:
            self.a_command_is_said_again(number)
        elif roll < 6:
            self.an_id_is_used_for_something_else(number)
        elif roll < 8:
            self.a_batch_is_not_kept(number)
        elif roll < 10:
            self.the_program_starts_again()
        else:
            self.the_views_are_made_again()

    def a_command_is_said_again(self, number: int) -> None:
        command, command_id, commit = self.answers[number % len(self.answers)]
        for dairy in self.dairies.values():
            before = everything(dairy.store)
            assert dairy.execute(command, command_id=command_id) == commit
            assert everything(dairy.store) == before

    def an_id_is_used_for_something_else(self, number: int) -> None:
        _, command_id, commit = self.answers[number % len(self.answers)]
        for dairy in self.dairies.values():
            name, why = self.refusal(dairy, abandoned("something else"), command_id)
            assert (name, why["recorded"]) == (CommandIdReused.__name__, commit.command_type)

    def a_batch_is_not_kept(self, lost: int) -> None:
        rows: list[Command] = [
            received("broken", Quantity(10, Unit.L)),
            written_off("broken", Quantity(lost, Unit.L)),
            *(abandoned(code) for code in self.naive.makes),
            *(recalled(code) for code in self.naive.lots),
        ]
        for dairy in self.dairies.values():
            before = everything(dairy.store)
            with dairy.batch(keep=False) as batch:
                for number, command in enumerate(rows):
                    with suppress(Refused):
                        batch.execute(command, command_id=CommitId(an_id(f"row {number}")))
            assert everything(dairy.store) == before

    def the_program_starts_again(self) -> None:
        """Nothing is remembered but what is stored."""
        for name, dairy in self.dairies.items():
            self.dairies[name] = open_dairy(dairy.store)

    def the_views_are_made_again(self) -> None:
        for dairy in self.dairies.values():
            before = everything(dairy.store)
            dairy.rebuild()
            assert everything(dairy.store) == before

    # ------------------------------------------------------------------------ what must always be

    @invariant()
    def every_store_says_what_the_naive_dairy_says(self) -> None:
        for dairy in self.dairies.values():
            with dairy.store.reading() as snapshot:
                assert lots_of(snapshot) == {
                    code: (
                        lot["product"],
                        lot["standing"],
                        None if lot["expires"] is None else day(lot["expires"]),
                        self.naive.on_hand(code),
                        {owner_id(owner): kept for owner, kept in lot["kept"].items()},
                    )
                    for code, lot in self.naive.lots.items()
                }
                assert states(snapshot.rows(ProductionOrderRow)) == states_in(self.naive.makes)
                assert states(snapshot.rows(SalesOrderRow)) == states_in(self.naive.sales)
                assert states(snapshot.rows(DeliveryRow)) == states_in(self.naive.vans)

    @invariant()
    def every_evening_of_the_past_and_now_are_what_a_person_would_reckon(self) -> None:
        today = (START_OF_MEMORY.date() - day(0)).days
        for dairy in self.dairies.values():
            assert self.shown(dairy) == {
                product: self.naive.now(product, today) for product in PRODUCTS
            }
            for on in range(-1, 10):
                assert self.shown(dairy, day(on)) == {
                    product: self.naive.evening(product, on) for product in PRODUCTS
                }

    @staticmethod
    def shown(dairy: Manchengo, at: date | None = None) -> dict[str, tuple[int, int, int, int]]:
        lines = {line.product.id: line for line in dairy.stock.by_product(at=at)}
        return {
            product: (
                lines[product_id].on_hand.thousandths,
                lines[product_id].reserved.thousandths,
                lines[product_id].usable.thousandths,
                lines[product_id].open_lots,
            )
            for product, product_id in PRODUCTS.items()
        }

    @invariant()
    def no_gram_is_lost_and_no_evening_owes_any(self) -> None:
        for dairy in self.dairies.values():
            evenings: dict[Any, dict[date, int]] = {}
            with dairy.store.reading() as snapshot:
                lines = list(snapshot.rows(MovementRow))
            for line in sorted(lines, key=lambda line: (line.day, line.number)):
                balances = evenings.setdefault(line.lot_id, {})
                before = next(reversed(balances.values()), 0)
                balances[line.day] = before + line.quantity
            for code in self.naive.lots:
                found = evenings[lot_id(code)]
                assert found == {day(on): left for on, left in self.naive.balances(code)}
                assert all(left >= 0 for left in found.values())


def one(register: Iterable[str], number: int) -> str:
    """Any of these codes, the newest first; an empty one when there is none."""
    codes = list(register)
    return codes[-1 - number % len(codes)] if codes else ""


def likely(register: dict[str, dict[str, Any]], number: int, *states: str) -> str:
    """One in such a state, best one that was begun; but two in sixteen are any."""
    such = [code for code, thing in register.items() if thing["state"] in states]
    begun = [code for code in such if register[code].get("poured") or register[code].get("aboard")]
    return one(register if number % 16 < 2 or not such else begun or such, number)


def owner_id(code: str) -> Any:
    return sale_id(code) if code.startswith("S") else make_id(code)


def lots_of(snapshot: Snapshot) -> dict[str, tuple[str, str, date | None, int, dict[Any, int]]]:
    """By its code, what a lot is, how it stands, its last day, what is there and for whom."""
    found = {}
    names = {product_id: name for name, product_id in PRODUCTS.items()}
    holds: dict[Any, Counter[Any]] = {}
    for hold in snapshot.rows(ReservationRow):
        holds.setdefault(hold.lot_id, Counter())[hold.owner] += hold.quantity
    for row in [*snapshot.rows(RawLotRow), *snapshot.rows(FinishedLotRow)]:
        kept = {owner: amount for owner, amount in holds.get(row.id, Counter()).items() if amount}
        assert row.quantity_reserved == sum(kept.values())
        found[row.code] = (
            names[row.product_id],
            row.standing,
            row.expires_on,
            row.quantity_remaining,
            kept,
        )
    return found


def states(rows: Iterable[Any]) -> dict[str, str]:
    return {row.code: row.status for row in rows}


def states_in(register: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {code: thing["state"] for code, thing in register.items()}


class SideBySide(WholeDairy):
    """On every store there is; the file is slower than the naive dairy."""

    stores: ClassVar[dict[str, OpenStore]] = STORES


TestInMemory = WholeDairy.TestCase
TestInMemory.settings = settings(max_examples=20, stateful_step_count=40)

TestSideBySide = SideBySide.TestCase
TestSideBySide.settings = settings(max_examples=6, stateful_step_count=40)


class ForHours(SideBySide):
    """The same, until somebody has had enough of it."""


TestForHours = pytest.mark.slow(ForHours.TestCase)
TestForHours.settings = settings(max_examples=1_000, stateful_step_count=100)
