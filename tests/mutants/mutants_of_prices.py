"""Faults in the rules of price lists: which price is in force, and of two that were set apart."""

from tests.mutants.mutant import Mutant

LIST = "tests/domain/test_price_list.py"
OFFERED = "tests/application/test_offered_prices.py"
BY_TWO = f"{OFFERED}::test_of_one_price_set_by_two_the_later_holds_and_a_person_is_asked"
BOTH = f"{OFFERED}::test_two_prices_of_another_day_or_product_both_hold"

OF_PRICES = (
    Mutant(
        name="A price of a list holds from the day after its own",
        where="PriceList.in_force",
        was="if dated[0] <= on",
        becomes="if dated[0] < on",
        killed_by=f"{LIST}::test_a_price_holds_from_its_day_to_the_next[1-98000-1]",
    ),
    Mutant(
        name="The first price of a list holds for ever",
        where="PriceList.in_force",
        was="since, price = begun[-1]",
        becomes="since, price = begun[0]",
        killed_by=f"{LIST}::test_a_price_holds_from_its_day_to_the_next[5-99000-5]",
    ),
    Mutant(
        name="A price that was taken out of a list makes the cheese free",
        where="PriceList.in_force",
        was="if not begun or not begun[-1][1]:",
        becomes="if not begun:",
        killed_by=f"{LIST}::test_a_price_of_zero_ends_the_one_before",
    ),
    Mutant(
        name="An archived list is sold by",
        where="PriceList.in_force",
        was="if self.archived:",
        becomes="if False:",
        killed_by=f"{OFFERED}::test_an_archived_list_offers_nothing",
    ),
    Mutant(
        name="Prices stand in the order in which they were set",
        where="price_list._with_price",
        was="tuple(sorted(by_day.items(), key=lambda dated: dated[0]))",
        becomes="tuple(by_day.items())",
        killed_by=f"{LIST}::test_a_price_holds_from_its_day_to_the_next[9-99000-5]",
    ),
    Mutant(
        name="The price of today is put into an order of yesterday",
        where="order_prices._with_price",
        was="line.product_id, order.on)",
        becomes="line.product_id, order.on.max)",
        killed_by=f"{OFFERED}::test_an_order_takes_the_price_of_its_day",
    ),
    Mutant(
        name="A client is given a list that nobody keeps any more",
        where="registers._may_pay_by",
        was="known.active()",
        becomes="pass",
        killed_by=f"{OFFERED}::test_no_client_is_given_an_archived_list",
    ),
    Mutant(
        name="Of one price that two set apart, the one that arrives last holds",
        where="_last_write",
        was="if _is_written_by(_event(entry), event, name):",
        becomes="if _is_written_by(_event(entry), event, name) and name != 'price':",
        killed_by=f"{BY_TWO}[True]",
    ),
    Mutant(
        name="A price of one product undoes that of another",
        where="field_merge.WHICH",
        was="{PriceSet: ('product_id', 'from_day')}",
        becomes="{PriceSet: ('from_day',)}",
        killed_by=f"{BOTH}[another product]",
    ),
    Mutant(
        name="Two who set one price of a list apart ask nobody",
        where="field_merge.SENSITIVE",
        was="PriceSet: frozenset({'price'})",
        becomes="PriceSet: frozenset()",
        killed_by=f"{BY_TWO}[False]",
    ),
)
