"""Lot by lot: what is there today, and one answer to whether it may be used."""

from contextlib import suppress
from itertools import islice
from typing import Any

import pytest
from hypothesis import given as whatever
from hypothesis import settings

from manchengo import Manchengo, Quantity, Refused, Unit
from manchengo.application import lists
from manchengo.application.shelf import lots_at, lots_now, usable_by_expiry
from manchengo.commands import Command
from manchengo.domain.allocation import Skipped
from manchengo.memory import START_OF_MEMORY
from tests.application.test_stock import AS_IT_MAY_BE, happenings, receptions
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    blocked,
    day,
    delivered,
    in_store,
    kg,
    litres,
    lot_id,
    planned,
    quarantined,
    recalled,
    received,
    sold,
    started,
    written_off,
)
from tests.support.given import Step, given, one_by_one, open_dairy

TODAY = START_OF_MEMORY.date()
A_LOT_OF_ALL = Quantity(10**9, Unit.L)


def shown(dairy: Manchengo, *, exhausted: bool = False) -> dict[str, str | None]:
    """The status of each lot of milk and of cheese, by its code."""
    with dairy.store.reading() as snapshot:
        return {
            held.row.code: held.status
            for product in (MILK, CHEESE)
            for held in lots_now(snapshot, TODAY, product_id=product, exhausted=exhausted)
            if not held.row.code.startswith("milk of")
        }


def test_a_lot_has_one_state_and_an_expired_or_promised_one_is_not_available() -> None:
    dairy = given(
        A_DAIRY,
        received("old", litres(10), on=day(-9), expires=day(-1)),
        received("ahead", litres(10), on=day(1)),
        in_store("T1", kg(4)),
        in_store("T2", kg(4)),
        received("free", litres(10), expires=TODAY),
        received("empty", litres(10)),
        received("bad", litres(10)),
        received("looked at", litres(10)),
        received("recalled", litres(10)),
        sold("S1", kg(6)),
        written_off("empty", litres(10)),
        blocked("bad"),
        quarantined("looked at"),
        recalled("recalled"),
    ).dairy
    first, second = sorted(["T1", "T2"], key=lot_id)
    assert shown(dairy) == {
        "free": "AVAILABLE",
        "old": "EXPIRED",
        "ahead": "NOT_YET_HERE",
        "bad": "BLOCKED",
        "looked at": "QUARANTINED",
        "recalled": "RECALLED",
        first: "RESERVED",
        second: "AVAILABLE",
    }
    assert shown(dairy, exhausted=True)["empty"] == "EXHAUSTED"


def test_a_lot_that_leaves_tomorrow_is_still_here_and_promised() -> None:
    dairy = given(
        A_DAIRY, in_store("T1", kg(4)), sold("S1", kg(4)), delivered("V1", order="S1", on=day(1))
    ).dairy
    with dairy.store.reading() as snapshot:
        (held,) = lots_now(snapshot, TODAY, product_id=CHEESE)
        (then,) = lots_at(snapshot, day(1), product_id=CHEESE)
    assert (held.on_hand, held.status) == (4_000, "RESERVED")
    assert (then.on_hand, then.reserved, then.status) == (0, 0, None)


@settings(max_examples=60)
@whatever(came=receptions, some=happenings)
def test_pages_and_allocation_give_one_answer(came: Step, some: list[Command]) -> None:
    dairy = open_dairy()
    for command in one_by_one([AS_IT_MAY_BE, came, some, planned("O9", kg(1)), started("O9")]):
        with suppress(Refused):
            dairy.execute(command)
    preview = dairy.stock.preview(MILK, A_LOT_OF_ALL)
    (line,) = [line for line in dairy.stock.by_product() if line.product.id == MILK]
    assert A_LOT_OF_ALL - preview.shortfall == line.usable
    with dairy.store.reading() as snapshot:
        lots = {held.row.id: held for held in lots_now(snapshot, TODAY, product_id=MILK)}
        everywhere = list(lots_now(snapshot, TODAY))
        first_to_expire = list(usable_by_expiry(snapshot, TODAY))
    assert first_to_expire == sorted(
        (
            held
            for held in everywhere
            if held.status in ("AVAILABLE", "RESERVED") and held.row.expires_on
        ),
        key=lambda held: (held.row.expires_on, held.row.id),
    )
    here = [held for held in lots.values() if held.on_hand > 0]
    assert sum(held.on_hand for held in here) == line.on_hand.thousandths
    available = {held.row.id for held in here if held.status == "AVAILABLE"}
    assert {pick.lot_id for pick in preview.picks} <= available
    for passed in preview.skipped:
        if passed.reason is not Skipped.EXHAUSTED:
            assert lots[passed.lot_id].status == passed.reason.name


def test_of_the_lots_to_use_first_no_more_is_read_than_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lists, "READ_AT_ONCE", 3)
    dairy = given(A_DAIRY, *(received(f"L{n}", litres(10), expires=day(n)) for n in range(9))).dairy
    with dairy.store.reading() as snapshot:
        read = snapshot.page
        pages: list[int] = []

        def noted(*which: Any, **how: Any) -> list[Any]:
            found = read(*which, **how)
            pages.append(len(found))
            return found

        monkeypatch.setattr(type(snapshot), "page", staticmethod(noted))
        first, second = islice(usable_by_expiry(snapshot, TODAY), 2)
    assert (first.row.code, second.row.code) == ("L0", "L1")
    assert pages == [3, 0]
