"""Checks of the audit that somebody could take away, each with the test that notices."""

from tests.mutants.mutant import Mutant

SERVER = "tests/server/test_device_audit.py"
CHAIN = "tests/contracts/test_audit_chain.py"

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
        name="What is not safe elsewhere is removed from the audit",
        where="audit_chain.prune",
        was="if record.sequence > up_to or record.entry.last_at >= before:",
        becomes="if record.entry.last_at >= before:",
        killed_by=f"{CHAIN}::test_nothing_is_removed_that_is_not_safe_elsewhere",
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
        was="if quota.used and quota.used + size > quota.most:",
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
        was="audit_chain.close(transaction)",
        becomes="pass",
        killed_by=f"{SERVER}::test_what_was_sent_grows_no_more",
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
