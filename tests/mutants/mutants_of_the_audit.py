"""Checks of the audit that somebody could take away, each with the test that notices."""

from tests.mutants.mutant import Mutant

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
