"""Rules of traces and recalls that somebody could take away, each with the test that notices."""

from tests.mutants.mutant import Mutant

COMPLETE = "tests/application/test_completeness.py"

START = "tests/application/test_starting_lots.py"
CLI = "tests/cli/test_recall_from_anything.py"
SERVER = "tests/server/test_heard_devices.py"

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
        where="completeness._Log.is_reached",
        was="withdrawn_at is not None and withdrawn_at <= born.global_seq",
        becomes="False",
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
        was="max(heard) < let_in.global_seq",
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
        where="beginnings.lots_to_recall",
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
    Mutant(
        name="A device on which something waits is taken for heard",
        where="heard_devices._after",
        was="request.unsent or request.unsent is None or response.push_error is not None",
        becomes="response.push_error is not None",
        killed_by=f"{SERVER}::test_a_device_on_which_something_waits_was_only_sent_the_log",
    ),
    Mutant(
        name="A device whose commit was turned down is taken for heard",
        where="heard_devices._after",
        was="request.unsent or request.unsent is None or response.push_error is not None",
        becomes="request.unsent or request.unsent is None",
        killed_by=f"{SERVER}::test_a_device_whose_commit_was_turned_down_was_not_heard",
    ),
    Mutant(
        name="A device is taken to have held what only the answer brings",
        where="heard_devices._after",
        was="held=request.cursor",
        becomes="held=sent",
        killed_by=f"{SERVER}::test_a_device_that_said_all_is_heard_with_what_it_held",
    ),
    Mutant(
        name="What the server sends a device is not kept",
        where="heard_devices._after",
        was="max([known.sent, request.cursor, *(each.global_seq for each in response.new)])",
        becomes="max([known.sent, request.cursor])",
        killed_by="tests/server/test_never_too_complete.py"
        "::test_nothing_that_waits_somewhere_is_claimed_to_be_known",
    ),
    Mutant(
        name="What was heard in an epoch before counts",
        where="manchengo_server.heard_devices.seen",
        was="kept is not None and kept.log_epoch == epoch",
        becomes="kept is not None",
        killed_by=f"{SERVER}::test_in_a_new_epoch_nobody_was_heard_yet",
    ),
    Mutant(
        name="What was told of another log counts",
        where="application.heard_devices.heard_devices",
        was="found is None or found.log_epoch != (snapshot.setting(LOG_EPOCH) or '')",
        becomes="found is None",
        killed_by=f"{COMPLETE}::test_what_was_told_of_another_log_does_not_count",
    ),
    Mutant(
        name="A lot that came after the server told it reached nobody",
        where="completeness._Log.is_reached",
        was="self._heard_devices is not None and born.global_seq <= self._heard_devices.head",
        becomes="True",
        killed_by=f"{COMPLETE}::test_what_came_after_the_server_told_it_may_have_reached_everybody",
    ),
)
