"""Checks of the audit that somebody could take away, each with the test that notices."""

from tests.mutants.mutant import Mutant

SERVER = "tests/server/test_device_audit.py"
CHAIN = "tests/contracts/test_audit_chain.py"
ANCHORS = "tests/server/test_audit_anchors.py"
ATTACKS = "tests/attacks/test_audit.py"
OWN = "tests/server/test_own_audit.py"

OF_THE_AUDIT: tuple[Mutant, ...] = (
    Mutant(
        name="A changed record of the audit passes",
        where="audit_chain.first_wrong",
        was="if hash_of(record) != record.hash:",
        becomes="if False:",
        killed_by=f"{CHAIN}::test_a_changed_record_shows",
    ),
    Mutant(
        name="A record of the audit need not follow the one before",
        where="audit_chain.first_wrong",
        was="if record.previous != before.hash:",
        becomes="if False:",
        killed_by=f"{CHAIN}::test_a_changed_record_under_a_new_hash_shows",
    ),
    Mutant(
        name="Records of the audit may be missing at the end",
        where="audit_chain.first_wrong",
        was="return None if before == tip else ('tip', last)",
        becomes="return None",
        killed_by=f"{CHAIN}::test_a_record_removed_at_the_end_shows",
    ),
    Mutant(
        name="A record of the audit grows after it was closed",
        where="audit_chain._grows",
        was="last.sequence > int(transaction.setting(CLOSED) or 0)",
        becomes="True",
        killed_by=f"{CHAIN}::test_what_was_closed_grows_no_more",
    ),
    Mutant(
        name="What is not old is removed from the audit",
        where="audit_chain.prune",
        was="if record.sequence > most or record.entry.last_at >= before:",
        becomes="if record.sequence > most:",
        killed_by=f"{CHAIN}::test_what_is_old_is_removed_and_the_rest_stays_a_chain",
    ),
    Mutant(
        name="The server believes a record of the audit whose hash is another",
        where="device_audit._is_of",
        was="return is_own and audit_chain.hash_of(record) == record.hash",
        becomes="return is_own",
        killed_by=f"{SERVER}::test_what_does_not_hold_together_is_refused",
    ),
    Mutant(
        name="A device writes in the audit of another",
        where="device_audit._is_of",
        was="return is_own and audit_chain.hash_of(record) == record.hash",
        becomes="return audit_chain.hash_of(record) == record.hash",
        killed_by=f"{SERVER}::test_nobody_writes_in_the_audit_of_another_device",
    ),
    Mutant(
        name="Records of the audit need not follow each other at the server",
        where="device_audit._follows",
        was="return (record.sequence, record.previous) == (before.sequence + 1, before.hash)",
        becomes="return True",
        killed_by=f"{SERVER}::test_what_does_not_hold_together_is_refused",
    ),
    Mutant(
        name="An audit written anew passes at the server",
        where="device_audit._fault",
        was="return BRANCH",
        becomes="return ''",
        killed_by=f"{SERVER}::test_a_thief_who_writes_the_chain_anew_shows",
    ),
    Mutant(
        name="An audit without its beginning passes at the server",
        where="device_audit._fault",
        was="return CUT if is_cut else ''",
        becomes="return ''",
        killed_by=f"{SERVER}::test_a_thief_who_forgets_what_he_was_refused_shows",
    ),
    Mutant(
        name="The audit is stored whatever the quota says",
        where="device_audit._received",
        was="if quota.used and size > quota.left:",
        becomes="if False:",
        killed_by=f"{SERVER}::test_the_audit_waits_where_the_day_s_quota_is_used",
    ),
    Mutant(
        name="A server that lost some of the audit is never sent it again",
        where="audit_sending.receive_receipt",
        was="return not is_all",
        becomes="return False",
        killed_by=f"{SERVER}::test_a_server_that_lost_some_is_sent_them_again",
    ),
    Mutant(
        name="What was sent of the audit goes on growing",
        where="audit_sending.next_audit_page",
        was="tip = audit_chain.close(transaction)",
        becomes="tip = audit_chain.head(transaction, audit_chain.TIP)",
        killed_by=f"{SERVER}::test_what_was_sent_grows_no_more",
    ),
    Mutant(
        name="The audit is removed up to a record that no head names",
        where="audit_chain.prune",
        was="if here in at:",
        becomes="if True:",
        killed_by=f"{CHAIN}::test_the_beginning_is_removed_up_to_a_head_and_no_further",
    ),
    Mutant(
        name="What the log anchors of the audit is not compared",
        where="integrity.audit_fault",
        was="found if found or not is_log_sound else first_contradiction(snapshot, signatures)",
        becomes="found",
        killed_by=f"{ANCHORS}::test_a_thief_who_removes_the_end_shows",
    ),
    Mutant(
        name="Anchored records of the audit may be missing at the end",
        where="audit_check.first_contradiction",
        was="if each.head.sequence > tip.sequence:",
        becomes="if False:",
        killed_by=f"{ANCHORS}::test_a_thief_who_removes_the_end_shows",
    ),
    Mutant(
        name="Another record may be in the place of an anchored one",
        where="audit_check.first_contradiction",
        was="if each.head.sequence >= base.sequence and (not has(snapshot, each.head)):",
        becomes="if False:",
        killed_by=f"{ANCHORS}::test_a_thief_who_changes_and_chains_again_shows",
    ),
    Mutant(
        name="The beginning of the audit may be removed up to anywhere",
        where="audit_check.first_contradiction",
        was=(
            "if heads and base != audit_chain.BEGIN and (base not in [each.head "
            "for each in heads]):"
        ),
        becomes="if False:",
        killed_by=f"{ANCHORS}::test_a_thief_who_says_that_the_beginning_was_old_shows",
    ),
    Mutant(
        name="A head of the audit counts without its device's signature",
        where="audit_heads.is_head_signed",
        was="return any((signatures.is_signed(key, signature, signed) for key in keys))",
        becomes="return True",
        killed_by=f"{ANCHORS}::test_a_head_that_the_device_did_not_sign_is_none",
    ),
    Mutant(
        name="The server anchors a head that the device did not sign",
        where="audit_anchoring._is_signed",
        was=(
            "return any((is_signed(key, page.head_signature, signed) for key in "
            "device_keys(snapshot, by)))"
        ),
        becomes="return True",
        killed_by=f"{ANCHORS}::test_a_head_that_the_device_did_not_sign_is_none",
    ),
    Mutant(
        name="Every exchange anchors the audit",
        where="audit_anchors.LastAnchor.is_due",
        was="return since > 0 and (is_long_ago or since >= ANCHORED_RECORDS)",
        becomes="return since > 0",
        killed_by=f"{ANCHORS}::test_once_a_day_is_enough",
    ),
    Mutant(
        name="An audit written anew is anchored",
        where="audit_anchoring._continues",
        was="return here == known",
        becomes="return True",
        killed_by=f"{ANCHORS}::test_an_audit_written_anew_is_not_anchored",
    ),
    Mutant(
        name="A copy answers for what its original noted after it",
        where="resealing.adopt_device_id",
        was="answer_for(transaction, former, last_matching(transaction, former))",
        becomes="answer_for(transaction, former, 1000000)",
        killed_by=f"{ANCHORS}::test_a_copy_does_not_answer_for_what_came_after_it",
    ),
    Mutant(
        name="A restored copy answers for what a twin of its original signed",
        where="device_identity.apply_resolving_forks",
        was="answer_for_no_other(store, entries)",
        becomes="pass",
        killed_by=(
            "tests/server/test_audit_return.py::test_it_does_not_answer_for_what_a_twin_had_signed"
        ),
    ),
    Mutant(
        name="A copy answers for what its twin signed",
        where="audit_heads._of_this_database",
        was=(
            "proved = max((each.head.sequence for each, is_had in answered if is_had), default=0)"
        ),
        becomes="proved = 0",
        killed_by=f"{ANCHORS}::test_a_copy_does_not_answer_for_what_its_twin_signed",
    ),
    Mutant(
        name="The server does not notice a changed record of the audit",
        where="kept_audit.kept_faults",
        was="if audit_chain.hash_of(record) != record.hash:",
        becomes="if False:",
        killed_by=f"{ATTACKS}::test_a_server_loses_or_changes_what_it_received",
    ),
    Mutant(
        name="The server does not notice a lost record of the audit",
        where="kept_audit._lacks_its_previous",
        was=(
            "return not _may_be_removed(snapshot, record.entry.device_id, heads, "
            "record.sequence - 1)"
        ),
        becomes="return False",
        killed_by=f"{ATTACKS}::test_a_server_loses_or_changes_what_it_received",
    ),
    Mutant(
        name="The server does not compare the audit with the heads in the log",
        where="kept_audit.kept_faults",
        was="if not snapshot.is_audit_received(each.head.hash):",
        becomes="if False:",
        killed_by=f"{ATTACKS}::test_a_server_writes_the_chain_of_a_device_anew",
    ),
    Mutant(
        name="What the server removed for its age counts as lost",
        where="kept_audit._may_be_removed",
        was=(
            "return came_after < max((_instant(snapshot, name) for name in "
            "(REMOVED_BEFORE, BEGUN)))"
        ),
        becomes="return False",
        killed_by=f"{ATTACKS}::test_what_is_removed_for_its_age_is_no_loss",
    ),
    Mutant(
        name="A twin does not see that the other signed for its audit",
        where="audit_anchors.signed_elsewhere",
        was="return any(_heads_of_others(snapshot, device_id, entries))",
        becomes="return False",
        killed_by="tests/cli/test_audit_in_the_log.py"
        "::test_a_twin_takes_another_id_and_nobody_is_blamed",
    ),
    Mutant(
        name="A head is not seen that comes with the key of its device",
        where="audit_heads.heads_among",
        was="keys.append(found.public_key)",
        becomes="pass",
        killed_by=f"{ANCHORS}::test_a_head_is_seen_that_comes_with_the_key_of_its_device",
    ),
    Mutant(
        name="A restored backup answers for nothing",
        where="restored_device._answer_for_its_audit",
        was="(name, str(shared))",
        becomes="(name, '0')",
        killed_by="tests/cli/test_audit_in_the_log.py"
        "::test_a_backup_that_is_restored_answers_for_itself_alone",
    ),
    Mutant(
        name="A server puts a record into the audit of a restored device",
        where="audit_return._proved",
        was="return followed[:proved]",
        becomes="return followed",
        killed_by=f"{ATTACKS}::test_a_server_puts_nothing_into_the_audit_of_a_device",
    ),
    Mutant(
        name="A restored device reads the audit of another",
        where="audit_return._Way.back",
        was="record.sequence <= to.sequence or record.entry.device_id not in self.own",
        becomes="record.sequence <= to.sequence",
        killed_by="tests/server/test_audit_return.py::test_nobody_asks_for_the_audit_of_another",
    ),
    Mutant(
        name="What a restored device noted is sent before what it lacks is back",
        where="audit_sending.next_audit_page",
        was="if is_wanted(snapshot):",
        becomes="if False:",
        killed_by="tests/server/test_audit_return.py::test_files_bring_it_back_too",
    ),
    Mutant(
        name="Nobody learns who was turned away at the server",
        where="own_audit.noting_who_is_turned_away",
        was="_note_knock(context, knocks, action, refusal, device_id)",
        becomes="pass",
        killed_by=f"{OWN}::test_a_withdrawn_device_that_knocks_is_noted",
    ),
    Mutant(
        name="Each knock at the server costs a record",
        where="own_audit.Knocks.count",
        was="if timedelta() <= now - heard.noted_at < NOTED_EVERY:",
        becomes="if False:",
        killed_by=f"{OWN}::test_whoever_knocks_a_thousand_times_costs_few_records",
    ),
    Mutant(
        name="A forged token is taken for one whose time is over",
        where="tokens._read",
        was="raise ForgedToken",
        becomes="raise NoToken",
        killed_by=f"{OWN}::test_a_forged_token_is_noted_and_one_whose_time_is_over_is_not",
    ),
    Mutant(
        name="The audit repeats a telephone",
        where="refusals._without",
        was="fact = fact.replace(secret, WITHHELD)",
        becomes="pass",
        killed_by=(
            "tests/application/test_audited_facts.py"
            "::test_a_telephone_that_serves_as_a_code_is_not_in_the_audit"
        ),
    ),
)
