"""Rules by which a server in other hands is found out, each with the lie that would be believed."""

from tests.mutants.mutant import Mutant

AUTHORS = "tests/attacks/test_lying_about_authors.py"
AUTHORED = f"{AUTHORS}::test_in_her_name_nothing_is_on_any_device_that_she_did_not_sign"
PULLED = "tests/attacks/test_lying_server.py::test_what_no_device_signed_is_on_no_device"
WORD = "tests/attacks/test_server_word.py"
TWISTED = "test_what_the_server_did_not_sign_is_not_believed"
TAKEN_BACK = "tests/attacks/test_taken_back.py"
NOT_SIGNED = f"{TAKEN_BACK}::test_what_the_server_did_not_sign_is_not_taken_back"
RIGHTS = "tests/attacks/test_rights_under_another_command.py"
RUNS = "tests/server/test_signatures.py::TestAuthors"

OF_LIES = (
    Mutant(
        name="An epoch without what the server had signed passes as any other",
        where="log_reset.part_from",
        was="disowned = max(0, held - common) if is_another_epoch else 0",
        becomes="disowned = 0",
        killed_by=f"{TAKEN_BACK}::test_an_epoch_without_what_the_server_signed_is_named_and_noted",
    ),
    Mutant(
        name="Any command changes rights",
        where="effects_on_rights.without_a_cause",
        was="effect.changes_rights and (not is_said)",
        becomes="False",
        killed_by=f"{RIGHTS}::test_under_a_reception_no_right_changes[other roles-her program]",
    ),
    Mutant(
        name="What the log has as recorded needs no cause",
        where="effects_check.why_forged",
        was="return _rights_without_a_cause(snapshot, entry)",
        becomes="return ''",
        killed_by=f"{RIGHTS}::test_under_a_reception_no_right_changes[other roles-her program]",
    ),
    Mutant(
        name="A command about somebody changes the rights of another",
        where="effects_on_rights.is_asked_for",
        was="is_about = getattr(command, 'user_id', None) == effect.subject",
        becomes="is_about = True",
        killed_by=(
            f"{RIGHTS}::test_a_command_about_somebody_changes_no_right_of_another[the same roles]"
        ),
    ),
    Mutant(
        name="Whoever keeps the log says who may give rights",
        where="author_check._why_not",
        was="any((changes_rights(event) for event in entry.effects))",
        becomes="False",
        killed_by=(
            f"{RIGHTS}::test_he_gives_himself_no_right_though_the_server_accepts_it[ChangeRoles]"
        ),
    ),
    Mutant(
        name="By a command that nobody knows everybody gives rights",
        where="author_check._check_may_give_rights",
        was="if not actor.may(permission):",
        becomes="if False:",
        killed_by=f"{RIGHTS}::test_nor_in_the_words_of_a_newer_program",
    ),
    Mutant(
        name="A newer program stops every device that is behind",
        where="author_check._check_may_give_rights",
        was="all((_is_of_own_keys(event, commit) for event in entry.effects))",
        becomes="False",
        killed_by=(
            f"{RIGHTS}::test_what_a_newer_program_lets_people_do_with_their_own_keys_is_believed"
        ),
    ),
    Mutant(
        name="A device does not look at what authors signed",
        where="open_runs.of_authors",
        was="count_proved=_count_signed_by_author",
        becomes="count_proved=len",
        killed_by=f"{AUTHORED}[bears_garbage]",
    ),
    Mutant(
        name="What an author signed proves whatever stands before it",
        where="open_runs.of_authors",
        was="follows=follows_of_its_author",
        becomes="follows=lambda commit, before: True",
        killed_by=f"{AUTHORED}[says_otherwise_before_one_that_she_signed]",
    ),
    Mutant(
        name="Any key signs in anybody's name",
        where="_Pull._apply_unpredicted",
        was="must_be_its_authors(self.transaction, entry, self.state_cache)",
        becomes="pass",
        killed_by=f"{AUTHORED}[is_signed_by_the_driver]",
    ),
    Mutant(
        name="What somebody signs for one plant counts in every other",
        where="authors._is_of_this_plant",
        was="if author.plant_id is None:",
        becomes="if True:",
        killed_by=f"{AUTHORS}::test_what_she_signed_for_another_plant_is_refused_and_kept",
    ),
    Mutant(
        name="Verify does not know of which plant the log is",
        where="RightsSoFar.begun",
        was="if plant_id:",
        becomes="if False:",
        killed_by=f"{AUTHORED}[is_signed_for_another_plant]",
    ),
    Mutant(
        name="A refused commit must be its author's, too",
        where="author_check._why_not",
        was="if entry.verdict not in TAKEN:",
        becomes="if False:",
        killed_by=f"{AUTHORS}::test_a_refused_commit_needs_no_admitted_key",
    ),
    Mutant(
        name="Verify does not ask whose key it was",
        where="signed_log._first_wrong",
        was="if not rights.allow(entry):",
        becomes="if False:",
        killed_by=f"{AUTHORED}[is_signed_by_the_driver]",
    ),
    Mutant(
        name="Verify knows of nobody's keys",
        where="RightsSoFar.note",
        was="if not changed:",
        becomes="if True:",
        killed_by=f"{AUTHORED}[is_signed_by_the_driver]",
    ),
    Mutant(
        name="Verify does not look at what waits",
        where="SignedLog.first_unsigned",
        was="waiting = _first_that_waits(snapshot, behind.waiting)",
        becomes="waiting = None",
        killed_by=f"{AUTHORS}::test_what_waits_here_is_verified_too",
    ),
    Mutant(
        name="A server gives a right in words of its own",
        where="log_proofs._is_a_servers_own",
        was="or (not is_known and event.aggregate_type not in AGGREGATES)",
        becomes="or not is_known",
        killed_by=f"{PULLED}[is_a_right_in_words_of_a_newer_server]",
    ),
    Mutant(
        name="A server recalls a lot while it lets a device in",
        where="log_proofs._is_a_servers_own",
        was="event.aggregate_type == event.event_type.partition('.')[0] in KEPT_BY_A_SERVER",
        becomes="True",
        killed_by=f"{PULLED}[is_a_recall_beside_an_enrolment]",
    ),
    Mutant(
        name="The server looks at authors once, whatever it leaves out then",
        where="signatures._count_signed_by_both",
        was="while count:",
        becomes="for count in [count]:",
        killed_by=f"{RUNS}::test_the_device_proves_nothing_where_she_did_not_sign_its_last",
    ),
    Mutant(
        name="The server stores what only a refused commit proves",
        where="pushing._must_be_proved",
        was="if len(good) < len(stored):",
        becomes="if False:",
        killed_by=f"{RUNS}::test_it_proves_nothing_where_its_commit_is_turned_down",
    ),
    Mutant(
        name="A device believes a server that signs nothing any more",
        where="KeptWords.check_signature",
        was="if self.key:",
        becomes="if False:",
        killed_by=f"{WORD}::{TWISTED}[nobody signs]",
    ),
    Mutant(
        name="Anybody signs for the server",
        where="KeptWords.check_signature",
        was="if self.key not in ('', word.key):",
        becomes="if False:",
        killed_by=f"{WORD}::{TWISTED}[another key]",
    ),
    Mutant(
        name="A device does not look at the server's signature",
        where="KeptWords.check_signature",
        was="not is_signed(word.key, word.signature, message(word))",
        becomes="False",
        killed_by=f"{WORD}::{TWISTED}[another end under an old signature]",
    ),
    Mutant(
        name="The word of another plant counts",
        where="KeptWords.check_signature",
        was="or not is_of_this_plant",
        becomes="",
        killed_by=f"{WORD}::{TWISTED}[the word of another plant]",
    ),
    Mutant(
        name="The word of another epoch counts",
        where="KeptWords.check_signature",
        was="or word.log_epoch != log_epoch",
        becomes="",
        killed_by=f"{WORD}::{TWISTED}[the word of another epoch]",
    ),
    Mutant(
        name="The server signs one end and tells another",
        where="CheckedLink.prepared",
        was="if answer.word.global_seq != answer.head:",
        becomes="if False:",
        killed_by=f"{WORD}::{TWISTED}[another end than the answer's]",
    ),
    Mutant(
        name="An epoch begins on anybody's word",
        where="CheckedLink.prepared",
        was="self._check(following, refusal.word, nonce, log_epoch=refusal.log_epoch)",
        becomes="pass",
        killed_by=f"{WORD}::test_an_epoch_from_nowhere_begins_nothing",
    ),
    Mutant(
        name="What the server signed once is hidden again",
        where="KeptWords.check_goes_on",
        was="if word.global_seq < kept.global_seq:",
        becomes="if False:",
        killed_by=f"{WORD}::test_a_tail_that_it_signed_is_not_hidden_again",
    ),
    Mutant(
        name="The server signs two ends at one place",
        where="KeptWords.check_goes_on",
        was="if word.global_seq == kept.global_seq and word.log_hash != kept.log_hash:",
        becomes="if False:",
        killed_by=f"{WORD}::test_another_end_at_the_same_place_is_another_history",
    ),
    Mutant(
        name="What is read is not compared with what was signed",
        where="apply_entries._proved",
        was="if contradicted is not None:",
        becomes="if False:",
        killed_by=f"{WORD}::test_another_entry_at_the_place_that_it_signed_is_another_history",
    ),
    Mutant(
        name="What is held is not compared with what is signed",
        where="ExchangeSession._apply_answer",
        was="if answer.word is not None:",
        becomes="if False:",
        killed_by=f"{WORD}::test_a_word_about_another_log_than_the_one_held_here_is_not_believed",
    ),
    Mutant(
        name="An old answer makes a liar of the server",
        where="CheckedLink._check",
        was="if word is not None and word.nonce != nonce:",
        becomes="if False:",
        killed_by=f"{WORD}::test_an_answer_of_before_is_no_lie",
    ),
    Mutant(
        name="A file is believed whoever signed for the server",
        where="server_word.receive_word",
        was="known.check_signature(response.word, log_epoch=response.log_epoch)",
        becomes="pass",
        killed_by=f"{WORD}::test_an_answer_in_a_file_is_believed_no_more",
    ),
    Mutant(
        name="Nobody is told that authors saw another log",
        where="histories.divergences",
        was="hashes.get(place) != part.seen.log_hash",
        becomes="False",
        killed_by=f"{WORD}::test_two_devices_that_are_shown_two_histories_find_out",
    ),
    Mutant(
        name="Nobody is told that authors saw more than there is",
        where="histories.divergences",
        was="if place >= entry.global_seq or",
        becomes="if place < entry.global_seq and",
        killed_by=f"{WORD}::test_whoever_has_seen_more_than_there_is_shows_it_too",
    ),
    Mutant(
        name="A restored server takes back what anybody signed",
        where="recovery.take_back",
        was="if not any((is_word_of(word, key, context.plant.id) for key in ours)):",
        becomes="if False:",
        killed_by=f"{NOT_SIGNED}[invented]",
    ),
    Mutant(
        name="A restored server takes back what its word leads to no more",
        where="recovery._must_lead_to_each_other",
        was="codec.entry_hash(entry, previous) == entry.hash",
        becomes="True",
        killed_by=f"{NOT_SIGNED}[with_another_verdict]",
    ),
    Mutant(
        name="A restored server takes back another commit under the same hash",
        where="recovery._must_lead_to_each_other",
        was="not is_true(entry.commit)",
        becomes="False",
        killed_by=f"{NOT_SIGNED}[with_another_commit]",
    ),
    Mutant(
        name="The server's key makes commits of authors",
        where="recovery._is_signed",
        was="if entry.global_seq > cursor and look_at(runs, entry):",
        becomes="if False:",
        killed_by=f"{TAKEN_BACK}::test_the_server_signs_for_no_author",
    ),
    Mutant(
        name="A restored server judges while it recovers",
        where="pushing.push",
        was="if is_recovering(snapshot):",
        becomes="if False:",
        killed_by=f"{TAKEN_BACK}::test_what_a_device_holds_is_taken_back_to_the_byte",
    ),
    Mutant(
        name="A restored server records while it recovers",
        where="recording.record",
        was="must_not_be_recovering(transaction)",
        becomes="pass",
        killed_by=f"{TAKEN_BACK}::test_nothing_else_comes_in_or_goes_out_meanwhile",
    ),
    Mutant(
        name="Any device hands back in the name of another",
        where="recovery.take_back",
        was="if request.replica_id != by:",
        becomes="if False:",
        killed_by=f"{TAKEN_BACK}::test_nobody_hands_back_in_the_name_of_another",
    ),
    Mutant(
        name="The first answer's word is not kept",
        where="KeptWords.is_about",
        was="self.log_epoch in ('', word.log_epoch)",
        becomes="self.log_epoch == word.log_epoch",
        killed_by=f"{TAKEN_BACK}::test_of_two_tails_the_longer_counts_whichever_comes_first[first]",
    ),
    Mutant(
        name="Verify does not name who saw another log",
        where="integrity.divergences",
        was="present_alone(snapshot.setting(LOG_EPOCH) or '')",
        becomes='present_alone("")',
        killed_by=f"{WORD}::test_two_devices_that_are_shown_two_histories_find_out",
    ),
    Mutant(
        name="The server does not name who saw another log",
        where="pushing._divergences",
        was="if not entered:",
        becomes="if True:",
        killed_by=f"{WORD}::test_the_server_names_who_saw_another_log_and_stops_nothing",
    ),
    Mutant(
        name="What was lost and announced shows two histories",
        where="histories.divergences",
        was="if end is not None and place > end:",
        becomes="if False:",
        killed_by=f"{WORD}::test_of_a_log_that_was_lost_and_announced_nobody_is_told[True]",
    ),
    Mutant(
        name="What the quota leaves out proves what it lets in",
        where="pushing._received",
        was="if len(room) < len(offers):",
        becomes="if False:",
        killed_by="tests/server/test_signatures.py::"
        "test_where_the_quota_cuts_a_run_its_beginning_is_proved_by_itself",
    ),
    Mutant(
        name="Signatures are checked while others wait to write",
        where="pushing._take_in",
        was="return _received(context, transaction, offers, by, checked)",
        becomes="return _received(context, transaction, offers, by)",
        killed_by="tests/server/test_signatures.py::"
        "test_signatures_are_checked_while_nobody_waits_to_write",
    ),
)
