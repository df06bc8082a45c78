"""Rules about the keys of labels and about scans, each with what happens without it."""

from tests.mutants.mutant import Mutant

SCANS = "tests/cli/test_scan.py"

OF_SCANS = (
    Mutant(
        name="A key for labels is given to a device that was withdrawn",
        where="manchengo_workplace.label_keys._receivers",
        was="if not (row and row.withdrawn)",
        becomes="if True",
        killed_by="tests/cli/test_label_keys.py::test_a_withdrawn_device_has_no_new_key",
    ),
    Mutant(
        name="Whatever is sealed for a device is believed to be the key of labels",
        where="manchengo_workplace.label_keys.opened",
        was="if _fingerprint(secret) == key.fingerprint:",
        becomes="if True:",
        killed_by="tests/cli/test_label_keys.py::test_a_copy_of_another_key_is_not_believed",
    ),
    Mutant(
        name="A key for labels takes the number of another",
        where="label_keys._make",
        was="command.number != following",
        becomes="False",
        killed_by="tests/domain/test_label_keys.py::test_each_key_has_the_number_that_follows",
    ),
    Mutant(
        name="More devices are given the key of labels than the administrator signed for",
        where="label_keys.is_said_by",
        was="set(event.copies) <= set(command.copies)",
        becomes="True",
        killed_by="tests/domain/test_label_keys.py::test_an_event_says_no_more_than_its_command",
    ),
    Mutant(
        name="A scanner that is held on a label loads the lot again and again",
        where="ScanTask._is_repeated",
        was="timedelta() <= self.workplace.clock.now() - at < SAME_SCAN_WITHIN",
        becomes="False",
        killed_by=f"{SCANS}::test_the_same_scan_within_two_seconds_counts_once",
    ),
    Mutant(
        name="The label of an order is taken for a lot",
        where="ScanTask._must_be_wanted",
        was="kind_of(subject) not in wanted",
        becomes="False",
        killed_by=f"{SCANS}::test_a_label_of_something_else_is_refused",
    ),
    Mutant(
        name="One delivery is handed over by scanning another",
        where="ScanTask._must_be_wanted",
        was="subject.id != self.subject.id",
        becomes="False",
        killed_by=f"{SCANS}::test_a_label_of_something_else_is_refused",
    ),
    Mutant(
        name="A lot is loaded twice by two scans",
        where="ScanTask._quantity",
        was="_is_recorded(snapshot, self.subject, lot)",
        becomes="False",
        killed_by=f"{SCANS}::test_what_is_loaded_is_not_loaded_twice",
    ),
    Mutant(
        name="A refused scan leaves no record",
        where="ScanTask.scan",
        was="record.note_refused(self.workplace, refusal, command)",
        becomes="pass",
        killed_by=f"{SCANS}::test_a_label_of_something_else_is_refused",
    ),
    Mutant(
        name="A material is received by the code of another",
        where="ScannedReception.must_be_of",
        was="row.id != product.id",
        becomes="False",
        killed_by=f"{SCANS}::test_the_code_of_another_article_is_no_reception_of_this_one",
    ),
    Mutant(
        name="A reception forgets the scan that it followed from",
        where="manchengo_workplace.proposing._note_scan",
        was="scan.note_done(transaction, workplace, commit)",
        becomes="pass",
        killed_by=f"{SCANS}::test_a_reception_takes_lot_and_last_day_from_the_suppliers_code",
    ),
    Mutant(
        name="A screen offers what the roles do not allow",
        where="scan_view._permitted",
        was="actor.may(needed)",
        becomes="True",
        killed_by=f"{SCANS}::test_what_can_be_done_follows_the_role",
    ),
)
