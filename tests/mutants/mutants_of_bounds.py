"""Bounds that somebody could take away, each with what a device that means harm would then do."""

from tests.mutants.mutant import Mutant

BOUNDS = "tests/attacks/test_bounds.py"
AGAINST = "tests/sync/test_against_a_server.py"

OF_BOUNDS = (
    Mutant(
        name="Who has read beyond the end of the log is told to read all of it again",
        where="pushing._must_have_read_this_log",
        was="keep=snapshot.cursor()",
        becomes="keep=0",
        killed_by=f"{BOUNDS}::test_no_device_begins_another_epoch",
    ),
    Mutant(
        name="A log that shrinks under one epoch is nothing to speak of",
        where="ExchangeSession._rejoin",
        was="self.result.log_reset and epoch == page.epoch",
        becomes="False",
        killed_by=(
            f"{AGAINST}::test_a_server_put_back_without_a_word_is_given_what_it_lacks_and_named"
            "[ahead]"
        ),
    ),
    Mutant(
        name="A key takes ids without end",
        where="renewals._must_wait",
        was="return context.clock.now() - commit.occurred_at < APART",
        becomes="return False",
        killed_by=f"{BOUNDS}::test_a_key_takes_no_ids_without_end",
    ),
    Mutant(
        name="What was allowed once is allowed for ever",
        where="renewals._must_wait",
        was="any((latest < each for each in allowed))",
        becomes="allowed",
        killed_by=(
            f"{BOUNDS}::test_an_administrator_allows_one_more_and_no_two[allows_at_the_server]"
        ),
    ),
    Mutant(
        name="Letters of devices run out",
        where="marks.first_free",
        was="count(1)",
        becomes="(1, 2)",
        killed_by="tests/application/test_marks.py::test_marks_never_run_out",
    ),
    Mutant(
        name="Two devices have one mark",
        where="devices._mark_for",
        was="if given in bearers:",
        becomes="if False:",
        killed_by="tests/application/test_marks.py::test_no_two_devices_have_one_mark",
    ),
    Mutant(
        name="A mark ends in a digit",
        where="marks.is_mark",
        was="'[A-Z]+'",
        becomes="'[A-Z]+[0-9]*'",
        killed_by="tests/application/test_marks.py"
        "::test_what_does_not_distinguish_the_codes_of_a_device_is_no_mark",
    ),
    Mutant(
        name="A device fills the server's disk",
        where="Quota.first_beyond",
        was="if before and offered_bytes > self.left:",
        becomes="if False:",
        killed_by=(f"{BOUNDS}::test_a_device_fills_the_disk_no_faster_than_its_quota"),
    ),
    Mutant(
        name="What a restored server lost uses up the quota of the day",
        where="Reoffers.of",
        was="days=int(days) if epoch == present else 0",
        becomes="days=0",
        killed_by=f"{BOUNDS}::test_what_a_restored_server_lost_is_offered_again_at_once",
    ),
    Mutant(
        name="A device fills the disk for good once a server was restored",
        where="Reoffers.count",
        was="used=self.used + stored",
        becomes="used=0",
        killed_by=(
            f"{BOUNDS}::test_a_device_that_means_harm_stores_no_more_by_it"
            "_than_on_the_days_that_are_missing"
        ),
    ),
    Mutant(
        name="Each copy of a database has a quota of its own",
        where="Quota.count_bytes",
        was="STORED + str(self.family[0])",
        becomes="STORED + str(self.family[-1])",
        killed_by=(f"{BOUNDS}::test_copies_have_one_quota_and_workers_count_together"),
    ),
    Mutant(
        name="A quota that was lifted once is lifted for good",
        where="Quota.lifted",
        was="any((place.global_seq > self.since for place in found))",
        becomes="found",
        killed_by=f"{BOUNDS}::test_an_administrator_lifts_the_quota_once[lifts_at_the_server]",
    ),
    Mutant(
        name="What is offered again after a lost answer uses up the quota",
        where="Quota.first_beyond",
        was="if offered.commit.id in known:",
        becomes="if False:",
        killed_by=f"{BOUNDS}::test_what_is_in_the_log_already_counts_nothing",
    ),
    Mutant(
        name="Any passphrase will do",
        where="database_keys.new_passphrase",
        was="check=lambda secret: check_strength(secret, is_pin=False, known=names)",
        becomes="check=len",
        killed_by=(
            "tests/cli/test_passphrase_change.py"
            "::test_a_weak_passphrase_or_a_wrong_one_changes_nothing[weak]"
        ),
    ),
    Mutant(
        name="A server on a full disk sends what it cannot note that it sent",
        where="heard_devices.note",
        was="suppress(DiskFull) if was_sent else nullcontext()",
        becomes="suppress(DiskFull)",
        killed_by="tests/server/test_full_disk.py"
        "::test_nobody_is_sent_what_the_server_cannot_note_that_it_sent",
    ),
    Mutant(
        name="A server on a full disk is said to be busy",
        where="_Request.handle",
        was="StorageFull() if isinstance(error, DiskFull) else Unavailable()",
        becomes="Unavailable()",
        killed_by="tests/server/test_full_disk.py"
        "::test_a_commit_is_not_taken_and_comes_once_there_is_room",
    ),
    Mutant(
        name="A program that is newer than its server is called too old",
        where="ExchangeSession._note_who_is_too_old",
        was="answer.protocol < wire.PROTOCOL",
        becomes="False",
        killed_by="tests/sync/test_exchange.py::test_an_older_server_is_said_to_be_the_older_one",
    ),
    Mutant(
        name="Each worker allows an address what all of them may",
        where="Rate.shared_by",
        was="Rate(self.a_second / workers, max(1, self.at_once // workers))",
        becomes="self",
        killed_by=("tests/server/test_http.py::test_workers_share_what_an_address_is_allowed"),
    ),
    Mutant(
        name="Each worker allows a device what all of them may",
        where="Middleware._per_device",
        was="self._shared(Rate(self.settings.device_rate, self.settings.device_burst))",
        becomes=(
            "Limiter(Rate(self.settings.device_rate, self.settings.device_burst), self.timer)"
        ),
        killed_by="tests/server/test_http.py::test_workers_share_what_a_device_is_allowed",
    ),
    Mutant(
        name="A database that is locked is replaced without a word",
        where="restoring._people_there",
        was="raise storage_failure('ReplacedIsLocked', path=path) from locked",
        becomes="return None",
        killed_by=(
            "tests/cli/test_keeping.py::test_a_wrong_passphrase_is_not_taken_for_a_damaged_database"
        ),
    ),
    Mutant(
        name="A backup is noted only once it is there",
        where="Workplace.backup",
        was="self._note_where_possible('backup.begun')",
        becomes="pass",
        killed_by=(
            "tests/cli/test_keeping.py::test_a_copy_says_who_began_it_even_where_no_end_was_noted"
        ),
    ),
    Mutant(
        name="A number is given again whose paper the log refused",
        where="bill_series.next_bill_number",
        was="key in claimed or",
        becomes="",
        killed_by=(
            "tests/application/test_bill_series.py"
            "::test_a_number_whose_paper_the_log_refused_is_not_given_again"
        ),
    ),
    Mutant(
        name="Whose admission is parked is refused at once",
        where="judge._author_refused",
        was="if is_parked(work.snapshot, commit, USER.name, commit.user_id):",
        becomes="if False:",
        killed_by=(
            "tests/application/test_parked_admissions.py"
            "::test_what_is_signed_with_a_key_of_a_parked_admission_is_parked_with_it"
        ),
    ),
)
