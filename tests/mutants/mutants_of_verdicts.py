"""Faults that somebody could put into the verdicts, each with the test that would notice."""

from tests.mutants.mutant import Mutant

REUSED = "tests/application/test_reused_ids.py"
CLOCKS = "tests/application/test_field_merge.py"
MERGE = f"{CLOCKS}::test_a_person_is_asked_about_what_bills_are_made_of_and_nothing_else"
WAYS = "tests/application/test_ways_out.py"
FACTS = "tests/application/test_facts.py"
PRINTED = "tests/application/test_printed_papers.py"
TAKEN_IN = "tests/application/test_what_devices_take_in.py"

OF_VERDICTS = (
    Mutant(
        name="A device takes the numbers of another's series",
        where="bill_series.check_number",
        was="if not _may_number(work, mark, work.device_id):",
        becomes="if False:",
        killed_by=(
            f"{PRINTED}::test_a_device_that_means_harm_takes_no_number_of_anothers_series[invoice]"
        ),
    ),
    Mutant(
        name="A device tears gaps into another's series",
        where="bill_series._claimed_numbers",
        was="if of_a_series is None or _may_number(work, _mark(of_a_series), item.device_id):",
        becomes="if True:",
        killed_by=f"{PRINTED}::test_nor_does_it_tear_a_gap_into_that_series",
    ),
    Mutant(
        name="What a renewed device printed before is of another's series",
        where="bill_series._ids",
        was="set(family(work, device_id)) if is_known else {device_id}",
        becomes="{device_id}",
        killed_by=f"{PRINTED}::test_a_renewed_device_keeps_the_series_of_its_former_id",
    ),
    Mutant(
        name="A number is given again whose paper nobody can read yet",
        where="bill_series._claimed_numbers",
        was="for matter in (Matter.REJECTED, Matter.PARKED):",
        becomes="for matter in (Matter.REJECTED,):",
        killed_by=(
            f"{PRINTED}::test_after_a_paper_that_cannot_be_judged_yet_the_next_number_is_no_gap"
        ),
    ),
    Mutant(
        name="Who says that they had seen another log has the rights of that one",
        where="printed_papers._is_of_this_log",
        was="place.hash == seen.log_hash",
        becomes="True",
        killed_by=f"{PRINTED}::test_a_place_that_is_not_of_this_log_gives_no_right",
    ),
    Mutant(
        name="Who has left prints in good faith for ever",
        where="printed_papers._had_the_right",
        was="not user.active",
        becomes="False",
        killed_by=(
            f"{PRINTED}::test_who_was_withdrawn_prints_a_claim_that_can_be_accepted[the person]"
        ),
    ),
    Mutant(
        name="One commit that breaks the judge breaks the server",
        where="judge_at_head",
        was="FROM_THE_CONTENT",
        becomes="ZeroDivisionError",
        killed_by=(
            "tests/application/test_judged_otherwise.py"
            "::test_what_breaks_the_judge_waits_for_a_person[RecursionError]"
        ),
    ),
    Mutant(
        name="The server gives a verdict that no device takes in",
        where="judge_at_head",
        was="if forged is None:",
        becomes="if True:",
        killed_by=f"{TAKEN_IN}::test_a_command_beside_events_of_another_stops_nobody[a file]",
    ),
    Mutant(
        name="A text without end is multiplied by what a recall reaches",
        where="judge.judge",
        was="if not is_report:",
        becomes="if False:",
        killed_by=(
            f"{TAKEN_IN}::test_a_text_that_nobody_types_is_not_multiplied_by_what_a_recall_reaches"
        ),
    ),
    Mutant(
        name="Whoever decides on a text without end multiplies it",
        where="resolution.command_again",
        was="check_lengths(codec.commands.name(recorded), codec.commands.encode(recorded))",
        becomes="pass",
        killed_by=(
            f"{TAKEN_IN}::test_a_text_that_nobody_types_is_not_multiplied_by_what_a_recall_reaches"
        ),
    ),
    Mutant(
        name="The log takes in what no answer carries",
        where="verdicts._forged",
        was="(size := size_of(entry)) > MOST_BYTES",
        becomes="False",
        killed_by=f"{TAKEN_IN}::test_what_no_answer_carries_is_refused",
    ),
    Mutant(
        name="The same command on two devices is done twice",
        where="_Pull._apply_unpredicted",
        was="if is_same(known, commit):",
        becomes="if known.events == commit.events:",
        killed_by=f"{REUSED}::test_the_same_command_twice_is_done_once",
    ),
    Mutant(
        name="Of one make told twice with other milk the second is dropped",
        where="is_same",
        was="_facts(one) == _facts(other)",
        becomes="bool(one)",
        killed_by=f"{REUSED}::test_the_same_make_of_other_milk_waits_for_a_person",
    ),
    Mutant(
        name="The item of a reused id does not say what was asked",
        where="verdicts._record_item",
        was="command_type=recorded_type(commit),",
        becomes="command_type=commit.command_type,",
        killed_by=f"{REUSED}::test_another_thing_under_the_same_id_waits_for_a_person",
    ),
    Mutant(
        name="The server takes any commit of that id for the one it has",
        where="server_log.receive",
        was="if earlier is not None and earlier.commit.hash == commit.hash:",
        becomes="if placed is not None:",
        killed_by=f"{REUSED}::test_the_server_does_not_take_another_commit_for_one_it_has",
    ),
    Mutant(
        name="What happened is decided again at the head",
        where="judge",
        was="facts=Facts.of(about),",
        becomes="facts=None,",
        killed_by=(f"{FACTS}::test_while_stock_lasts_a_fact_is_accepted[received-another density]"),
    ),
    Mutant(
        name="A van takes along what others loaded after it left",
        where="_facts_as_recorded",
        was="if subjects:",
        becomes="if subjects and work.facts is None:",
        killed_by=(
            f"{FACTS}::test_where_it_cannot_be_a_fact_is_refused"
            "[dispatched-loaded elsewhere-RecordedOtherwise]"
        ),
    ),
    Mutant(
        name="Two say that one van left, with other lots, and the second is not heard",
        where="_there_already",
        was="return _is_same_step(command, refusal) and all(",
        becomes="return _is_same_step(command, refusal) or all(",
        killed_by=f"{FACTS}::test_two_who_say_that_it_left_with_other_lots_do_not_agree",
    ),
    Mutant(
        name="What left is undone by a promise made to others",
        where="rules.enough_to_leave",
        was=("if command.happened:\n    enough_on_hand(lot, command.quantity, command.on)\nelse:"),
        becomes="if command.quantity:",
        killed_by=(
            f"{FACTS}::test_while_stock_lasts_a_fact_is_accepted[made at once-all milk promised]"
        ),
    ),
    Mutant(
        name="A van is loaded with what is not there",
        where="_reserve",
        was="enough_on_hand(lot, kept, command.on)",
        becomes="",
        killed_by=f"{FACTS}::test_a_van_whose_load_was_refused_waits_for_a_person",
    ),
    Mutant(
        name="A departure done again leaves with other lots",
        where="handlers.resolution.resolve",
        was="if work.facts is None and command.way is not Way.OTHER_LOT:",
        becomes="if work.facts is None and command.way is Way.OTHER_LOT:",
        killed_by=f"{FACTS}::test_a_refused_departure_done_again_leaves_with_the_same_lot",
    ),
    Mutant(
        name="An order keeps what a van left in its place",
        where="_let_go",
        was="proposed = [*still_reserved(work, order), *proposed]",
        becomes="proposed = [*proposed]",
        killed_by=f"{FACTS}::test_what_was_kept_for_its_order_elsewhere_is_free_again",
    ),
    Mutant(
        name="Whoever poured must say why the log proposes another lot",
        where="production.consume",
        was="happened=work.facts is not None",
        becomes="",
        killed_by=(f"{FACTS}::test_what_was_poured_stays_though_its_order_was_given_another_lot"),
    ),
    Mutant(
        name="A proposal that changed is not called chosen again",
        where="_settled",
        was="if work.facts is None and chosen_otherwise(recorded, _about(as_recorded)):",
        becomes="if work.facts and chosen_otherwise(recorded, _about(as_recorded)):",
        killed_by=f"{FACTS}::test_a_proposal_that_changed_is_an_intent_that_was_chosen_again",
    ),
    # ---------------------------------------------------------------- two writers of one field
    *(
        Mutant(
            name=f"Two who write {what} at once ask nobody",
            where=event,
            was=marked,
            becomes=marked.replace("metadata=SENSITIVE", ""),
            killed_by=f"{MERGE}[{event}.{field}]",
        )
        for what, field, event, marked in (
            (
                "an identity",
                "identity",
                "ClientDetailsChanged",
                "identity: Identity | None = field(metadata=SENSITIVE)",
            ),
            (
                "a client's price list",
                "price_list",
                "ClientDetailsChanged",
                "price_list: str | None = field(metadata=SENSITIVE)",
            ),
            ("a price", "price", "ProductDetailsChanged", "for_one), metadata=SENSITIVE"),
            ("a VAT class", "vat_class", "ProductDetailsChanged", "field(metadata=SENSITIVE)"),
            (
                "an approval",
                "approval",
                "PlantDetailsChanged",
                "approval: str | None = field(metadata=SENSITIVE)",
            ),
        )
    ),
    Mutant(
        name="A device takes over stamps years ahead",
        where="_Pull.apply",
        was="if not is_ahead(commit.hlc, self.now + ADOPTED_AHEAD):",
        becomes="if commit.hlc:",
        killed_by=f"{CLOCKS}::test_a_device_takes_over_stamps_up_to_the_bound[ahead2-False]",
    ),
    Mutant(
        name="The server believes clocks 34 days ahead",
        where="BELIEVED_AHEAD",
        was="BELIEVED_AHEAD = timedelta(minutes=5)",
        becomes="BELIEVED_AHEAD = timedelta(days=35)",
        killed_by=f"{CLOCKS}::test_the_server_believes_stamps_up_to_the_bound[ahead2-False]",
    ),
    # ---------------------------------------------------------------- items and steps
    Mutant(
        name="What was decided is claimed for ever",
        where="resolution.item",
        was="open=not state.closed",
        becomes="open=True",
        killed_by=(
            "tests/application/test_resolution.py::test_what_was_decided_is_claimed_no_more[void]"
        ),
    ),
    *(
        Mutant(
            name=f"Who says {command} second is in conflict",
            where="commands.COMMANDS",
            was=f"CommandSchema({command}, Permission.{permission}, leads_to={target},",
            becomes=f"CommandSchema({command}, Permission.{permission},",
            killed_by=(
                "tests/application/test_said_by_two.py"
                f"::test_a_command_of_two_devices_is_done_once_twice_or_contested[{command}]"
            ),
        )
        for command, permission, target in (
            ("CloseSalesOrder", "SELL", "'closed'"),
            ("ConfirmReception", "DELIVER", "'received'"),
            ("VoidPayment", "CREDIT_OR_VOID", "'voided'"),
            ("WithdrawDevice", "MANAGE_DEVICES", "ARCHIVED"),
        )
    ),
    # ---------------------------------------------------------------- ways out
    Mutant(
        name="What can never succeed is offered",
        where="_is_possible",
        was="return isinstance(refusal, MENDED)",
        becomes="return bool(refusal)",
        killed_by=f"{WAYS}::test_only_what_can_be_done_is_offered[an archived supplier]",
    ),
    Mutant(
        name="A recalled lot is to be recorded again as it was",
        where="_is_possible",
        was="if _is_of_the_lot(refusal):\n    return way is Way.OTHER_LOT",
        becomes="if _is_of_the_lot(refusal):\n    return bool(way)",
        killed_by=f"{WAYS}::test_only_what_can_be_done_is_offered[a recalled lot]",
    ),
    Mutant(
        name="What is over is offered again",
        where="_is_possible",
        was="return refusal.state in YET_TO_COME",
        becomes="return bool(refusal.state)",
        killed_by=f"{WAYS}::test_only_what_can_be_done_is_offered[an order that is over]",
    ),
)
