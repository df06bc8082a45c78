"""Rules of traces and recalls that somebody could take away, each with the test that notices."""

from tests.mutants.mutant import Mutant

COMPLETE = "tests/application/test_completeness.py"

START = "tests/application/test_starting_lots.py"
CLI = "tests/cli/test_recall_from_anything.py"

OF_RECALLS: tuple[Mutant, ...] = (
    Mutant(
        name="A device that may know more of the lot is not named",
        where="completeness._Log.knew",
        was="born.global_seq <= (last.global_seq if is_own else self._held(last))",
        becomes="born.global_seq <= last.global_seq",
        killed_by=f"{COMPLETE}::test_what_was_recorded_before_the_lot_came_is_not_being_heard_since",
    ),
    Mutant(
        name="A lost device that had the lot is forgotten",
        where="completeness.DeviceHeard.is_silent",
        was="not self.is_heard_since or bool(self.withdrawn)",
        becomes="not self.is_heard_since",
        killed_by=f"{COMPLETE}::test_a_lost_phone_that_had_the_lot_stays_silent",
    ),
    Mutant(
        name="A lost device is named for lots that came later",
        where="completeness._heard",
        was="withdrawn_at is None or reached_from.global_seq < withdrawn_at",
        becomes="True",
        killed_by=f"{COMPLETE}::test_a_lot_that_came_after_a_phone_was_lost_never_reached_it",
    ),
    Mutant(
        name="This device is taken to know what it never read",
        where="completeness.Completeness.complete_until",
        was="min([self.known_until, *(each for each in heard if each is not None)])",
        becomes="min([self.now, *(each for each in heard if each is not None)])",
        killed_by=f"{COMPLETE}::test_a_lot_that_nobody_else_has_heard_of_reached_nobody",
    ),
    Mutant(
        name="A clock that is ahead makes its device heard in the future",
        where="completeness._Log.recorded_at",
        was="if entry.hlc_eff == commit.hlc:",
        becomes="if True:",
        killed_by=f"{COMPLETE}::test_a_clock_that_is_ahead_is_not_when_it_was_received",
    ),
    Mutant(
        name="A clock that is behind makes its device silent for years",
        where="completeness._Log.recorded_at",
        was="[self._received_at(each) for each in self._last_seen(entry)]",
        becomes="[]",
        killed_by=f"{COMPLETE}::test_a_wrong_clock_makes_nobody_heard_in_another_year",
    ),
    Mutant(
        name="The id that a renewed device had before is silent for ever",
        where="completeness._others",
        was="is_followed = any((_follows(log, later, each) for later in group[number + 1:]))",
        becomes="is_followed = False",
        killed_by=f"{COMPLETE}::test_a_renewed_device_speaks_for_what_it_was_before",
    ),
    Mutant(
        name="A twin that goes on is not counted",
        where="completeness._follows",
        was="last is None or last.global_seq < let_in.global_seq",
        becomes="True",
        killed_by=f"{COMPLETE}::test_a_twin_that_goes_on_counts_apart",
    ),
    Mutant(
        name="A trace asks nothing of what the lot was made of",
        where="tree.trace",
        was="completeness(snapshot, [lot_id], origins.lots, device_id=device_id, now=now)",
        becomes="completeness(snapshot, [lot_id], device_id=device_id, now=now)",
        killed_by=f"{COMPLETE}::"
        "test_the_origins_of_a_cheese_may_be_known_to_more_devices_than_the_cheese",
    ),
    Mutant(
        name="A reference that may be several things is taken for the first",
        where="starting_lots._the_only_one",
        was="if len(begun) == 1:",
        becomes="if True:",
        killed_by=f"{START}::test_a_reference_that_is_a_lot_and_a_suppliers_asks_which",
    ),
    Mutant(
        name="What is only claimed of a delivery is not found by its note",
        where="starting_lots._lots_in",
        was="links.claims(ClaimKind.LOADED, ClaimKind.DELIVERED, cause=delivery_id)",
        becomes="()",
        killed_by=f"{START}::test_what_is_only_claimed_is_found_by_its_delivery_note_and_its_order",
    ),
    Mutant(
        name="A van that stayed at home is recalled",
        where="starting_lots._lots_in",
        was="row is None or row.status != 'cancelled'",
        becomes="True",
        killed_by=f"{START}::test_a_van_that_stayed_at_home_stands_for_no_lot",
    ),
    Mutant(
        name="A supplier's day is all that they ever brought",
        where="starting_lots.lots_received",
        was="lot.entered_on == on",
        becomes="True",
        killed_by=f"{START}::test_all_that_a_supplier_brought_on_a_day",
    ),
    Mutant(
        name="Only the first of several lots is recalled",
        where="recalling._begun_with",
        was="start.lots[:1] if start.kind is ReferenceKind.LOT else start.lots",
        becomes="start.lots[:1]",
        killed_by=f"{CLI}::test_all_that_a_supplier_brought_is_recalled_at_once",
    ),
    Mutant(
        name="A drill leaves no trace in the audit",
        where="RecallDrill.end",
        was="workplace.note(ACTION, msgspec.json.encode(facts).decode())",
        becomes="pass",
        killed_by=f"{CLI}::test_a_drill_leaves_nothing_but_a_line_in_the_audit",
    ),
)
