"""Checks that somebody could take away, each with the attack that would then succeed."""

from tests.mutants.mutant import Mutant

EFFECTS = "tests/application/test_effects_check.py"
ADDED = f"{EFFECTS}::test_nothing_is_added_to_an_honest_commit"
CHANGED = f"{EFFECTS}::test_nothing_else_is_made_of_an_honest_commit"
REFUSED = f"{EFFECTS}::test_a_refused_commit_opens_its_item_and_nothing_else"
APART = f"{EFFECTS}::test_what_two_devices_record_apart_is_taken_in_by_all"
SIGNATURES = "tests/server/test_signatures.py"
SIGNING = "tests/sync/test_signing.py"
SERVICE = "tests/server/test_service.py"
LYING = "tests/attacks/test_lying_server.py"
LATE = "tests/attacks/test_let_in_since.py"
MENDED = "tests/attacks/test_mended_log.py"
PULLED = f"{LYING}::test_what_no_device_signed_is_on_no_device"

OF_EFFECTS = (
    Mutant(
        name="What came after an entry says what it may leave out",
        where="Case._is_before",
        was="entry.global_seq < self.global_seq",
        becomes="entry.global_seq > 0",
        killed_by=(
            f"{EFFECTS}::test_what_is_left_out_follows_from_what_was_before_it_whatever_came_since"
        ),
    ),
    Mutant(
        name="A device believes whatever effects the server writes down",
        where="_Pull._apply_unpredicted",
        was="must_follow(self.transaction, entry, earlier=verdict_before)",
        becomes="pass",
        killed_by=f"{LYING}::test_a_right_that_nobody_gave_is_on_no_device",
    ),
    Mutant(
        name="What came before a forged entry is thrown away with it",
        where="apply_entries.apply_entries",
        was="if before:",
        becomes="if not before:",
        killed_by=f"{LYING}::test_a_right_that_nobody_gave_is_on_no_device",
    ),
    Mutant(
        name="Verify does not look at effects",
        where="integrity.first_wrong_verdict",
        was="return (tampered(commit, 'effects'), 0)",
        becomes="pass",
        killed_by=f"{EFFECTS}::test_verify_names_an_entry_whose_effects_cannot_follow",
    ),
    Mutant(
        name="A right in the words of a program to come passes",
        where="effects_rules._may_follow",
        was="return not (effect.changes_rights or is_about_rights)",
        becomes="return True",
        killed_by=f"{ADDED}[a right that only a newer program can read]",
    ),
    Mutant(
        name="A recall strikes what is no lot",
        where="effects_rules._may_follow",
        was="if not effect.is_of_its_kind:",
        becomes="if False:",
        killed_by=f"{CHANGED}[a recall of a product]",
    ),
    Mutant(
        name="An honest withdrawal withdraws whomever the server wants",
        where="effects_on_rights._of_a_device",
        was="and effect.subject in relatives",
        becomes="",
        killed_by=f"{CHANGED}[one withdrawn who is none of its copies]",
    ),
    Mutant(
        name="A copy that came in since blocks the log",
        where="effects_on_rights._of_a_device",
        was="relatives = family(UnitOfWork(case.snapshot), command.device_id)",
        becomes="relatives = [command.device_id]",
        killed_by=f"{APART}[a copy that came in since]",
    ),
    Mutant(
        name="A changed field has any value",
        where="effects_rules._is_narrowed",
        was="getattr(event, name) in (None, getattr(recorded, name))",
        becomes="True",
        killed_by=f"{CHANGED}[another name]",
    ),
    Mutant(
        name="A recorded step is left out without a reason",
        where="effects_left_out.left_out",
        was="return f'{each.kind} is missing'",
        becomes="continue",
        killed_by=f"{CHANGED}[a deactivation left out]",
    ),
    Mutant(
        name="A recall is not heard",
        where="effects_left_out._may_be_left_out",
        was="return not _was_here(case, effect.subject) or _happened_already(case, effect)",
        becomes="return True",
        killed_by=f"{CHANGED}[a recall left out]",
    ),
    Mutant(
        name="Facts that nobody recorded are added",
        where="effects_left_out.other_facts",
        was="if extra:",
        becomes="if False:",
        killed_by=f"{EFFECTS}::test_a_fact_is_not_added_beside_what_nobody_can_read",
    ),
    Mutant(
        name="The ids of effects are the server's to choose",
        where="effects_check._has_its_ids",
        was="event.id == derived_id(entry.commit, index, event.event_type, event.payload)",
        becomes="True",
        killed_by=f"{CHANGED}[an id that does not follow]",
    ),
    Mutant(
        name="A commit is done twice by two entries",
        where="effects_check.why_forged",
        was="if earlier not in (None, Verdict.PARKED):",
        becomes="if False:",
        killed_by=f"{EFFECTS}::test_no_commit_has_two_verdicts[accepted]",
    ),
    Mutant(
        name="A refused commit happens beside its item",
        where="effects_check._may_stand_beside",
        was="return is_recall and",
        becomes="return True or is_recall and",
        killed_by=f"{REFUSED}[it happens beside its item]",
    ),
    Mutant(
        name="Who had no right to it recalls",
        where="effects_check._may_stand_beside",
        was="and (not is_author_refusal(entry.reason))",
        becomes="",
        killed_by=f"{REFUSED}[who had no right to it recalls]",
    ),
    Mutant(
        name="An item claims more than was recorded",
        where="effects_check._wrong_item",
        was="if not _can_be_claimed(item.event.claims, commit, item.event.matter):",
        becomes="if False:",
        killed_by=f"{REFUSED}[the item claims more than was recorded]",
    ),
)

OF_SIGNATURES = (
    Mutant(
        name="What the driver signs proves what the administrator is said to have written",
        where="signature_runs.follows",
        was="(commit.device_id, commit.user_id, commit.previous) == "
        "(before.device_id, before.user_id, before.hash)",
        becomes="(commit.device_id, commit.previous) == (before.device_id, before.hash)",
        killed_by=(
            f"{SIGNATURES}::test_nobody_s_signature_proves_what_another_is_said_to_have_written"
        ),
    ),
    Mutant(
        name="A run has no end",
        where="signatures._end_of_run",
        was="end - begin < LONGEST_RUN and",
        becomes="",
        killed_by=(f"{SIGNATURES}::test_a_run_is_no_longer_than_a_reader_of_the_log_looks_ahead"),
    ),
    Mutant(
        name="Keys of small order are keys",
        where="public_key.is_sound",
        was="and (ordinate not in _OF_SMALL_ORDER)",
        becomes="",
        killed_by=f"{SIGNING}::test_under_a_key_of_small_order_nothing_is_signed[eight]",
    ),
    Mutant(
        name="A key is written in two ways",
        where="public_key.is_sound",
        was="ordinate < _PRIME and",
        becomes="",
        killed_by=f"{SIGNING}::test_a_key_is_written_in_one_way",
    ),
    Mutant(
        name="A stranger is let in under somebody's key",
        where="enrolment._is_of_another",
        was="return any(",
        becomes="return False and any(",
        killed_by=f"{SERVICE}::test_nobody_is_let_in_under_the_key_of_another_device",
    ),
    Mutant(
        name="A weak key is let in",
        where="enrolment._key",
        was="if is_sound(key):",
        becomes="if key:",
        killed_by=f"{SERVICE}::test_a_key_under_which_anybody_signs_is_not_let_in",
    ),
    Mutant(
        name="A device does not look at signatures",
        where="open_runs.of_devices",
        was="lambda run: count_signed(run, keys(run[0].commit.device_id))",
        becomes="len",
        killed_by=f"{PULLED}[is_signed_by_nobody]",
    ),
    Mutant(
        name="A device does not look at hashes",
        where="log_proofs.look_at",
        was="if not is_true(entry.commit):",
        becomes="if False:",
        killed_by=f"{PULLED}[is_altered]",
    ),
    Mutant(
        name="A device does not miss what the server hides",
        where="log_proofs._wrong",
        was="if (commit.sequence, commit.previous) != (number + 1, last):",
        becomes="if False:",
        killed_by=f"{PULLED}[comes_after_one_that_is_hidden]",
    ),
    Mutant(
        name="The server records in its own name whatever it wants",
        where="log_proofs._wrong",
        was="if is_server and (not _is_a_servers_own(commit)):",
        becomes="if False:",
        killed_by=f"{PULLED}[is_a_right_that_the_server_gives]",
    ),
    Mutant(
        name="A device lets itself in",
        where="log_proofs._wrong",
        was="and _lets_itself_in(entry):",
        becomes="and False:",
        killed_by=f"{PULLED}[lets_itself_in]",
    ),
    Mutant(
        name="Who signed for one user signed for the other",
        where="open_runs.of_devices",
        was="follows=follows",
        becomes="follows=lambda commit, before: commit.previous == before.hash",
        killed_by=f"{PULLED}[is_of_another_user_behind_whom_the_office_signs]",
    ),
    Mutant(
        name="A page that a run is cut by is a lie",
        where="apply_entries.apply_entries",
        was="not (unproved.is_open and more)",
        becomes="True",
        killed_by=(
            f"{LYING}::test_a_page_that_ends_before_the_signature_that_proves_it_is_read_to_its_end"
        ),
    ),
    Mutant(
        name="Nobody asks for a longer page",
        where="ExchangeSession._look_further",
        was="if self.limit < wire.MOST_COMMITS:",
        becomes="if False:",
        killed_by=(
            f"{LYING}::test_a_page_that_ends_before_the_signature_that_proves_it_is_read_to_its_end"
        ),
    ),
    Mutant(
        name="Verify does not look at signatures",
        where="integrity.unsigned",
        was="return None if found is None else",
        becomes="return None if True else",
        killed_by=f"{PULLED}[is_signed_by_nobody]",
    ),
    Mutant(
        name="What a device was let in by needs no signature of the server",
        where="let_in_since.key_let_in_since",
        was="is_true(commit) and is_signed(own, shown.signature, commit.hash)",
        becomes="True",
        killed_by=f"{LATE}::test_a_device_that_nobody_let_in_is_given_no_token[made_up]",
    ),
    Mutant(
        name="What let a device in before it was withdrawn lets it in again",
        where="let_in_since.key_let_in_since",
        was="not is_own_word or snapshot.commit(commit.id) is not None",
        becomes="not is_own_word",
        killed_by=f"{LATE}::test_a_device_that_is_withdrawn_is_let_in_by_no_word_of_before",
    ),
    Mutant(
        name="What a device was let in by opens the server at any time",
        where="let_in_since.key_let_in_since",
        was="shown is None or not is_recovering(snapshot)",
        becomes="shown is None",
        killed_by=f"{LATE}::test_where_nothing_is_recovered_it_opens_nothing",
    ),
    Mutant(
        name="Whoever read by what a device was let in is that device",
        where="tokens._proved",
        was="if not is_signed(since, request.signature, message):",
        becomes="if False:",
        killed_by=f"{LATE}::test_who_read_by_what_it_was_let_in_is_not_that_device",
    ),
    Mutant(
        name="A token for handing back opens every door",
        where="_Request._bearer",
        was="bearer.hands_back and self.route not in HANDING_BACK",
        becomes="False",
        killed_by=f"{LATE}::test_it_may_do_nothing_but_hand_back",
    ),
    Mutant(
        name="A token for handing back is good after the epoch began",
        where="tokens.admit",
        was="if not is_recovering(snapshot):",
        becomes="if False:",
        killed_by=f"{LATE}::test_it_may_do_nothing_but_hand_back",
    ),
    Mutant(
        name="What is behind a refused entry is not judged again",
        where="judged_anew.enter_anew",
        was="if transaction.entry(former.commit.id) is not None:",
        becomes="if former is not entries[0]:",
        killed_by=f"{MENDED}::test_judged_again_it_stops_nobody_and_nothing_is_lost",
    ),
    Mutant(
        name="A log is judged again from whichever entry the operator names",
        where="mending.mend",
        was="found is None or found[0].global_seq != place",
        becomes="found is None",
        killed_by=f"{MENDED}::test_only_what_devices_refuse_is_judged_again",
    ),
    Mutant(
        name="A log is judged again under the epoch that devices know",
        where="mending.mend",
        was="begin_epoch(transaction, ids=context.ids, device_id=own)",
        becomes="pass",
        killed_by=f"{MENDED}::test_devices_go_on_where_they_stopped",
    ),
    Mutant(
        name="A code that was used in time is too late when it is judged again",
        where="judged_anew.enter_anew",
        was="None if former.verdict is Verdict.ACCEPTED else on",
        becomes="on",
        killed_by=(
            f"{MENDED}::test_a_code_used_in_time_was_in_time_and_one_too_late_stays_too_late"
        ),
    ),
    Mutant(
        name="A code that was used too late is in time when it is judged again",
        where="judged_anew.enter_anew",
        was="None if former.verdict is Verdict.ACCEPTED else on",
        becomes="None",
        killed_by=(
            f"{MENDED}::test_a_code_used_in_time_was_in_time_and_one_too_late_stays_too_late"
        ),
    ),
    Mutant(
        name="What was parked before a refused entry is not judged again behind it",
        where="judged_anew.enter_anew",
        was="judge_parked_again(transaction, state_cache=state_cache)",
        becomes="pass",
        killed_by=f"{MENDED}::test_what_was_parked_before_and_judged_behind_is_judged_again",
    ),
    Mutant(
        name="What is nested very deeply is read where there is room",
        where="nesting.must_be_shallow",
        was="_depth(content) > MOST_NESTED",
        becomes="False",
        killed_by=("tests/attacks/test_nested.py::test_it_waits_for_people_and_everybody_reads_on"),
    ),
    Mutant(
        name="Brackets in a text are levels",
        where="nesting.must_be_shallow",
        was="_depth(content) > MOST_NESTED",
        becomes="True",
        killed_by="tests/attacks/test_nested.py::test_what_is_nested_as_deeply_as_may_be_is_read",
    ),
    Mutant(
        name="Judged again, what was refused is passed over",
        where="judged_otherwise.judged_otherwise",
        was="if entry.verdict is Verdict.PARKED:",
        becomes="if entry.verdict in (Verdict.PARKED, Verdict.REJECTED):",
        killed_by=(
            "tests/application/test_judged_otherwise.py"
            "::test_what_a_server_refused_without_a_rule_is_named"
        ),
    ),
    Mutant(
        name="Judged again, a code that came too late came in time",
        where="judged_otherwise._otherwise",
        was="(None, date.max) if entry.verdict is Verdict.REJECTED else (None,)",
        becomes="(None,)",
        killed_by=(
            "tests/application/test_judged_otherwise.py"
            "::test_a_code_that_came_too_late_was_rightly_refused"
        ),
    ),
    Mutant(
        name="Judged again, the reason of a refusal is nothing to compare",
        where="judged_otherwise._is_the_same",
        was=(
            "(now.verdict, now.reason, judged.effective) == "
            "(entry.verdict, entry.reason, entry.effective)"
        ),
        becomes="now.verdict is entry.verdict",
        killed_by=("tests/application/test_judged_otherwise.py::test_another_reason_is_named_too"),
    ),
)
