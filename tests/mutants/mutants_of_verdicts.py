"""Faults that somebody could put into the verdicts, each with the test that would notice."""

from tests.mutants.mutants import CORE, JUDGE, LOT_DECIDER, Mutant

DELIVERIES = f"{CORE}application/handlers/deliveries.py"
PRODUCTION = f"{CORE}application/handlers/production.py"
RESOLUTION = f"{CORE}application/handlers/resolution.py"
FACTS = "tests/application/test_facts.py"

OF_VERDICTS = (
    Mutant(
        name="What happened is decided again at the head",
        file=JUDGE,
        was="facts=Facts.of(about))",
        becomes="facts=None)",
        killed_by=(f"{FACTS}::test_while_stock_lasts_a_fact_is_accepted[received-another density]"),
    ),
    Mutant(
        name="A van takes along what others loaded after it left",
        file=JUDGE,
        was="    if subjects:\n",
        becomes="    if subjects and books.facts is None:\n",
        killed_by=(
            f"{FACTS}::test_where_it_cannot_be_a_fact_is_refused"
            "[dispatched-loaded elsewhere-RecordedOtherwise]"
        ),
    ),
    Mutant(
        name="Two say that one van left, with other lots, and the second is not heard",
        file=JUDGE,
        was="    return _is_same_step(command, refusal) and all(\n",
        becomes="    return _is_same_step(command, refusal) or all(\n",
        killed_by=f"{FACTS}::test_two_who_say_that_it_left_with_other_lots_do_not_agree",
    ),
    Mutant(
        name="What left is undone by a promise made to others",
        file=LOT_DECIDER,
        was=(
            "    if command.happened:\n"
            "        _there(lot, command.quantity, command.on)\n"
            "    else:\n"
        ),
        becomes="    if command.quantity:\n",
        killed_by=(
            f"{FACTS}::test_while_stock_lasts_a_fact_is_accepted[made at once-all milk promised]"
        ),
    ),
    Mutant(
        name="A van is loaded with what is not there",
        file=LOT_DECIDER,
        was="        _there(lot, kept, command.on)\n",
        becomes="",
        killed_by=f"{FACTS}::test_a_van_whose_load_was_refused_waits_for_a_person",
    ),
    Mutant(
        name="A departure done again leaves with other lots",
        file=RESOLUTION,
        was="if books.facts is None and command.way is not Way.OTHER_LOT:",
        becomes="if books.facts is None and command.way is Way.OTHER_LOT:",
        killed_by=f"{FACTS}::test_a_refused_departure_done_again_leaves_with_the_same_lot",
    ),
    Mutant(
        name="An order keeps what a van left in its place",
        file=DELIVERIES,
        was="        proposed = [*still_reserved(books, order), *proposed]\n",
        becomes="        proposed = [*proposed]\n",
        killed_by=f"{FACTS}::test_what_was_kept_for_its_order_elsewhere_is_free_again",
    ),
    Mutant(
        name="Whoever poured must say why the log proposes another lot",
        file=PRODUCTION,
        was="        happened=books.facts is not None,\n",
        becomes="",
        killed_by=(f"{FACTS}::test_what_was_poured_stays_though_its_order_was_given_another_lot"),
    ),
    Mutant(
        name="A proposal that changed is not called chosen again",
        file=JUDGE,
        was="if books.facts is None and chosen_otherwise(recorded, _about(as_recorded)):",
        becomes="if books.facts and chosen_otherwise(recorded, _about(as_recorded)):",
        killed_by=f"{FACTS}::test_a_proposal_that_changed_is_an_intent_that_was_chosen_again",
    ),
)
