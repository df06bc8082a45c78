"""The whole dairy, driven at random beside a naive one, on every store at once.

After each step every store must say what the naive dairy says and hold the same log to the byte.
On the way the promises are watched: nothing lost (P1), no balance below zero on any day (P2), a
refusal leaves no trace (P4), a command said twice is done once (P5), views are what the log makes
of them (P6).
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from copy import deepcopy
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from manchengo import Commit, Manchengo, Quantity, Refused, Unit
from manchengo.application.committing import CommandIdReused
from manchengo.application.dairy import facts
from manchengo.commands import Command
from manchengo.domain.delivery import Disposition
from manchengo.domain.ids import CommitId
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
    counted,
    day,
    delivered,
    gone,
    loaded,
    lot_id,
    made,
    make_id,
    ordered,
    planned,
    poured,
    prepared,
    quarantined,
    recalled,
    received,
    released,
    sale_id,
    sold,
    started,
    stayed,
    written_off,
)
from tests.support.given import everything, open_dairy
from tests.support.naive import NaiveDairy, No
from tests.support.stores import STORES, OpenStore

UNITS = {"milk": Unit.L, "rennet": Unit.ML, "cheese": Unit.KG}
PRODUCTS = {"milk": MILK, "rennet": RENNET, "cheese": CHEESE}
JUDGEMENTS: dict[str, Callable[..., Command]] = {
    "quarantined": quarantined,
    "blocked": blocked,
    "released": released,
    "recalled": recalled,
}

days = st.integers(min_value=0, max_value=7)
which = st.integers(min_value=0, max_value=30)
amounts = st.integers(min_value=0, max_value=9)
reasons = st.booleans()


def has(register: str) -> Callable[["WholeDairy"], bool]:
    return lambda machine: bool(getattr(machine.naive, register))


class WholeDairy(RuleBasedStateMachine):
    """``stores``: those that are driven side by side."""

    stores: ClassVar[dict[str, OpenStore]] = STORES

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

    # ------------------------------------------------------------------------------ how it is asked

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
        answers = [self.answer(dairy, command, command_id) for dairy in self.dairies.values()]
        assert all(answer == answers[0] for answer in answers)
        if isinstance(answers[0], Commit):
            assert allowed, f"{command} was allowed"
            self.naive = trial
            self.answers.append((command, command_id, answers[0]))
        else:
            assert not allowed, f"{command} was refused: {answers[0]}"

    def answer(
        self, dairy: Manchengo, command: Command, command_id: CommitId
    ) -> Commit | tuple[str, dict[str, object]]:
        before = everything(dairy.store)
        try:
            return dairy.execute(command, command_id=command_id)
        except Refused as refusal:
            assert everything(dairy.store) == before
            return type(refusal).__name__, facts(refusal)

    def next_id(self) -> CommitId:
        self.asked += 1
        return CommitId(an_id(f"command {self.asked}"))

    def of(self, lot: str, amount: int) -> Quantity:
        return Quantity(amount, UNITS[self.naive.lots[lot]["product"]])

    # ----------------------------------------------------------------------------------- the rules

    @initialize()
    def opening(self) -> None:
        for command in A_DAIRY:
            self.ask(command, lambda _: None)

    @rule(
        product=st.sampled_from(["milk", "rennet"]), tens=amounts, on=days, lasts=st.none() | days
    )
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
            lambda naive: naive.enter(code, product, amount, on, expires, []),
        )

    @precondition(has("lots"))
    @rule(lot=which, amount=amounts, on=days)
    def some_is_lost(self, lot: int, amount: int, on: int) -> None:
        code = one(self.naive.lots, lot)
        self.ask(
            written_off(code, self.of(code, amount), on=day(on)),
            lambda naive: naive.leave(code, amount, on),
        )

    @precondition(has("lots"))
    @rule(lot=which, seen=st.integers(min_value=0, max_value=60), on=days)
    def somebody_counts(self, lot: int, seen: int, on: int) -> None:
        code = one(self.naive.lots, lot)
        self.ask(
            counted(code, self.of(code, seen), on=day(on)),
            lambda naive: naive.count(code, seen, on),
        )

    @precondition(has("lots"))
    @rule(lot=which, word=st.sampled_from(["quarantined", "blocked", "released", "released"]))
    def somebody_judges(self, lot: int, word: str) -> None:
        code = one(self.naive.lots, lot)
        self.ask(JUDGEMENTS[word](code), lambda naive: naive.judge(code, word))

    @precondition(lambda machine: len(machine.naive.lots) > 5)
    @rule(lot=which)
    def somebody_recalls(self, lot: int) -> None:
        code = one(self.naive.lots, lot)
        self.ask(recalled(code), lambda naive: naive.judge(code, "recalled"))

    @rule(amount=amounts)
    def a_make_is_planned(self, amount: int) -> None:
        code = f"O{len(self.naive.makes)}"
        self.ask(planned(code, Quantity(amount, Unit.KG)), lambda naive: naive.plan(code, amount))

    @precondition(has("makes"))
    @rule(make=which, on=days)
    def it_is_started(self, make: int, on: int) -> None:
        code = one(self.naive.makes, make)
        self.ask(started(code, on=day(on)), lambda naive: naive.start(code, on))

    @precondition(has("makes"))
    @precondition(has("lots"))
    @rule(make=which, lot=which, amount=amounts, on=days, reason=reasons, proposed=st.booleans())
    def some_is_poured(
        self, make: int, lot: int, amount: int, on: int, reason: bool, proposed: bool
    ) -> None:
        code = one(self.naive.makes, make)
        source = one(self.naive.makes[code]["picks"] if proposed else self.naive.lots, lot)
        source = source or one(self.naive.lots, lot)
        self.ask(
            poured(
                code,
                source,
                self.of(source, amount),
                on=day(on),
                reason="here" if reason else "",
            ),
            lambda naive: naive.pour(code, source, amount, on, reason=reason),
        )

    @precondition(has("makes"))
    @rule(make=which, sizes=st.lists(amounts, max_size=2), on=days, lasts=st.none() | days)
    def it_is_completed(self, make: int, sizes: list[int], on: int, lasts: int | None) -> None:
        code = one(self.naive.makes, make)
        outputs = {f"T{len(self.naive.lots) + n}": size for n, size in enumerate(sizes)}
        expires = None if lasts is None else on + lasts
        whole = [
            an_output(
                lot,
                Quantity(size, Unit.KG),
                expires=None if expires is None else day(expires),
            )
            for lot, size in outputs.items()
        ]
        self.ask(
            completed(code, *whole, on=day(on)),
            lambda naive: naive.complete(code, outputs, on, expires),
        )

    @precondition(has("makes"))
    @rule(make=which)
    def it_is_given_up(self, make: int) -> None:
        code = one(self.naive.makes, make)
        self.ask(abandoned(code), lambda naive: naive.abandon(code))

    @rule(amount=amounts, on=days)
    def a_whole_make_at_once(self, amount: int, on: int) -> None:
        code = f"M{len(self.naive.makes)}"
        self.ask(
            made(code, Quantity(amount, Unit.KG), on=day(on)),
            lambda naive: naive.make(code, amount, on),
        )

    @rule(amount=amounts, on=days, at_once=st.booleans())
    def a_client_asks(self, amount: int, on: int, at_once: bool) -> None:
        code, quantity = f"S{len(self.naive.sales)}", Quantity(amount, Unit.KG)
        if at_once:
            self.ask(sold(code, quantity, on=day(on)), lambda naive: naive.sell(code, amount, on))
        else:
            self.ask(ordered(code, a_line(quantity)), lambda naive: naive.place(code, amount))

    @precondition(has("sales"))
    @rule(sale=which, on=days)
    def it_is_promised(self, sale: int, on: int) -> None:
        code = one(self.naive.sales, sale)
        self.ask(confirmed(code, on=day(on)), lambda naive: naive.confirm(code, on))

    @precondition(has("sales"))
    @rule(sale=which, closing=st.booleans())
    def an_order_ends(self, sale: int, closing: bool) -> None:
        code = one(self.naive.sales, sale)
        if closing:
            self.ask(closed(code), lambda naive: naive.close(code))
        else:
            self.ask(called_off(code), lambda naive: naive.call_off(code))

    @precondition(has("sales"))
    @rule(sale=which, on=days, at_once=st.booleans())
    def a_van_is_prepared(self, sale: int, on: int, at_once: bool) -> None:
        code, order = f"V{len(self.naive.vans)}", one(self.naive.sales, sale)
        if at_once:
            self.ask(
                delivered(code, order=order, on=day(on)),
                lambda naive: naive.deliver(code, order, on),
            )
        else:
            self.ask(prepared(code, order=order), lambda naive: naive.prepare(code, order))

    @precondition(has("vans"))
    @rule(van=which, lot=which, amount=amounts, on=days, reason=reasons, proposed=st.booleans())
    def some_is_loaded(
        self, van: int, lot: int, amount: int, on: int, reason: bool, proposed: bool
    ) -> None:
        code = one(self.naive.vans, van)
        source = one(self.naive.vans[code]["proposed"] if proposed else self.naive.lots, lot)
        self.ask(
            loaded(
                code,
                source,
                self.of(source, amount),
                on=day(on),
                reason="here" if reason else "",
            ),
            lambda naive: naive.load(code, source, amount, on, reason=reason),
        )

    @precondition(has("vans"))
    @rule(van=which, on=days)
    def it_leaves(self, van: int, on: int) -> None:
        code = one(self.naive.vans, van)
        self.ask(gone(code, on=day(on)), lambda naive: naive.go(code, on))

    @precondition(has("vans"))
    @rule(van=which)
    def it_stays(self, van: int) -> None:
        code = one(self.naive.vans, van)
        self.ask(stayed(code), lambda naive: naive.stay(code))

    @precondition(has("vans"))
    @rule(van=which, lot=which, amount=amounts, on=days, destroy=st.booleans())
    def some_comes_back(self, van: int, lot: int, amount: int, on: int, destroy: bool) -> None:
        code = one(self.naive.vans, van)
        source = one(self.naive.vans[code]["aboard"], lot) or one(self.naive.lots, lot)
        then = Disposition.DESTROY if destroy else Disposition.RESTOCK
        self.ask(
            came_back(code, source, self.of(source, amount), then=then, on=day(on)),
            lambda naive: naive.come_back(code, source, amount, on, destroy=destroy),
        )

    # ------------------------------------------------------------------------- what must not matter

    @precondition(lambda machine: bool(machine.answers))
    @rule(number=which)
    def a_command_is_said_again(self, number: int) -> None:
        command, command_id, commit = self.answers[number % len(self.answers)]
        for dairy in self.dairies.values():
            before = everything(dairy.store)
            assert dairy.execute(command, command_id=command_id) == commit
            assert everything(dairy.store) == before

    @precondition(lambda machine: len(machine.answers) > len(A_DAIRY))
    @rule(number=which)
    def an_id_is_used_for_something_else(self, number: int) -> None:
        _, command_id, commit = self.answers[number % len(self.answers)]
        other = abandoned("an order of another id")
        for dairy in self.dairies.values():
            name, why = self.answer(dairy, other, command_id)  # type: ignore[misc]
            assert name == CommandIdReused.__name__
            assert why["recorded"] == commit.command_type  # type: ignore[index]

    @precondition(lambda machine: bool(machine.answers))
    @rule(product=st.sampled_from(["milk", "rennet"]), lost=amounts)
    def a_batch_breaks_off(self, product: str, lost: int) -> None:
        rows: list[Command] = [
            received("broken", Quantity(100, UNITS[product]), of=PRODUCTS[product]),
            written_off("broken", Quantity(lost, UNITS[product])),
            *(abandoned(code) for code in self.naive.makes),
            *(recalled(code) for code in self.naive.lots),
        ]
        for dairy in self.dairies.values():
            before = everything(dairy.store)
            with dairy.batch(keep=False) as batch:
                for number, command in enumerate(rows):
                    try:
                        batch.execute(command, command_id=CommitId(an_id(f"row {number}")))
                    except Refused:
                        continue
            assert everything(dairy.store) == before

    @rule()
    def the_program_starts_again(self) -> None:
        """Nothing is remembered but what is stored."""
        for name, dairy in self.dairies.items():
            self.dairies[name] = open_dairy(dairy.store)

    @rule()
    def the_views_are_made_again(self) -> None:
        for dairy in self.dairies.values():
            before = everything(dairy.store)
            dairy.rebuild()
            assert everything(dairy.store) == before

    # --------------------------------------------------------------------------- what must always be

    @invariant()
    def every_store_says_what_the_naive_dairy_says(self) -> None:
        for dairy in self.dairies.values():
            with dairy.store.reading() as snapshot:
                assert lots_of(snapshot) == {
                    code: (
                        lot["product"],
                        lot["standing"],
                        self.naive.on_hand(code),
                        {owner_id(owner): kept for owner, kept in lot["kept"].items()},
                    )
                    for code, lot in self.naive.lots.items()
                }
                assert states(snapshot.rows(ProductionOrderRow)) == states_in(self.naive.makes)
                assert states(snapshot.rows(SalesOrderRow)) == states_in(self.naive.sales)
                assert states(snapshot.rows(DeliveryRow)) == states_in(self.naive.vans)

    @invariant()
    def no_gram_is_lost_and_no_evening_owes_any(self) -> None:
        for dairy in self.dairies.values():
            with dairy.store.reading() as snapshot:
                for code in self.naive.lots:
                    lines = sorted(
                        snapshot.rows(MovementRow, lot_id=lot_id(code)),
                        key=lambda line: (line.day, line.number),
                    )
                    balance, running = 0, []
                    for line in lines:
                        balance += line.quantity
                        running.append((line.day, balance))
                    assert running == [(day(on), left) for on, left in self.naive.balances(code)]
                    assert all(left >= 0 for _, left in running)


def one(register: Iterable[str], number: int) -> str:
    """Any of these codes; an empty one when there is none."""
    codes = list(register)
    return codes[number % len(codes)] if codes else ""


def owner_id(code: str) -> Any:
    return sale_id(code) if code.startswith("S") else make_id(code)


def lots_of(snapshot: Snapshot) -> dict[str, tuple[str, str, int, dict[Any, int]]]:
    found = {}
    names = {product_id: name for name, product_id in PRODUCTS.items()}
    for row in [*snapshot.rows(RawLotRow), *snapshot.rows(FinishedLotRow)]:
        kept: dict[Any, int] = {}
        for hold in snapshot.rows(ReservationRow, lot_id=row.id):
            kept[hold.owner] = kept.get(hold.owner, 0) + hold.quantity
        kept = {owner: amount for owner, amount in kept.items() if amount}
        assert row.quantity_reserved == sum(kept.values())
        found[row.code] = (names[row.product_id], row.standing, row.quantity_remaining, kept)
    return found


def states(rows: Iterable[Any]) -> dict[str, str]:
    return {row.code: row.status for row in rows}


def states_in(register: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {code: thing["state"] for code, thing in register.items()}


WholeDairy.TestCase.settings = settings(max_examples=25, stateful_step_count=40)
TestWholeDairy = WholeDairy.TestCase
