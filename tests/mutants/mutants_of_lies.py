"""Rules by which a server in other hands is found out, each with the lie that would be believed."""

from tests.mutants.mutant import Mutant

AUTHORS = "tests/attacks/test_lying_about_authors.py"
AUTHORED = f"{AUTHORS}::test_in_her_name_nothing_is_on_any_device_that_she_did_not_sign"
PULLED = "tests/attacks/test_lying_server.py::test_what_no_device_signed_is_on_no_device"
RUNS = "tests/server/test_signatures.py::TestAuthors"

OF_LIES = (
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
        where="_Pull._take_otherwise",
        was="must_be_its_authors(self.transaction, entry, self.state_cache)",
        becomes="pass",
        killed_by=f"{AUTHORED}[is_signed_by_the_driver]",
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
        was="waiting = _first_that_waits(snapshot)",
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
        name="A server gives a right while it lets a device in",
        where="log_proofs._is_a_servers_own",
        was="event.aggregate_type == event.event_type.partition('.')[0] == DEVICE.name",
        becomes="True",
        killed_by=f"{PULLED}[is_a_right_beside_an_enrolment]",
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
)
