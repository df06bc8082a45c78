"""Faults in what is gone by when only what was added is verified, and in reading apart."""

from tests.mutants.mutant import Mutant

CHECKPOINTS = "tests/application/test_checkpoints.py"
SINCE = "tests/faults/test_tampering_since_a_checkpoint.py"
APART = "tests/sqlite/test_reading_apart.py"
MAKING = "tests/sqlite/test_making_apart.py"

OF_CHECKPOINTS = (
    Mutant(
        name="A checkpoint that nobody sealed is gone by",
        where="checkpoint._opened",
        was="if not is_sealed:",
        becomes="if not content:",
        killed_by=f"{CHECKPOINTS}::test_one_that_another_sealed_is_not_gone_by",
    ),
    Mutant(
        name="A checkpoint stands for ever",
        where="checkpoint.found",
        was="if not timedelta() <= today - checkpoint.whole_on < WHOLE_AFTER:",
        becomes="if False:",
        killed_by=f"{CHECKPOINTS}::test_after_thirty_days_the_whole_is_read_again",
    ),
    Mutant(
        name="A checkpoint is gone by in another log",
        where="checkpoint.found",
        was="if not _ends_as_it_did(snapshot, checkpoint):",
        becomes="if False:",
        killed_by=f"{CHECKPOINTS}::test_one_of_another_log_is_not_gone_by",
    ),
    Mutant(
        name="Old commits on which new ones stand are not read again",
        where="_NewPart.fault_beneath",
        was="if codec.commit_hash(commit) != commit.hash:",
        becomes="if False:",
        killed_by=f"{SINCE}::test_so_is_the_commit_of_such_an_event",
    ),
    Mutant(
        name="Events that stand where none happened are not missed since a checkpoint",
        where="_NewPart.fault_beneath",
        was="if in_streams[commit_id] != count and commit_id not in self.checkpoint.parked:",
        becomes="if False:",
        killed_by=f"{SINCE}::test_an_event_that_stands_where_none_happened_is_found",
    ),
    Mutant(
        name="A checkpoint is sealed where something is wrong",
        where="verifying._since_checkpoint",
        was="return (verdict, '') if verdict.sound else (None, 'fault')",
        becomes="return (verdict, '')",
        killed_by=f"{CHECKPOINTS}::test_nothing_is_sealed_where_something_is_wrong",
    ),
    Mutant(
        name="Views that several processes find different are believed",
        where="whole_reading._verify_apart",
        was="if rebuilt != stored or log.commits != in_all.commits:",
        becomes="if False:",
        killed_by=f"{APART}::test_what_is_wrong_is_named_as_by_one_process",
    ),
    Mutant(
        name="A child of a rebuild that sees another log is believed",
        where="making_apart._Work._drive_child",
        was="if child.moment() != moment:",
        becomes="if child.moment() == ():",
        killed_by=f"{MAKING}::test_a_child_that_sees_another_log_makes_nothing",
    ),
    Mutant(
        name="What a child did not make is left out of the views",
        where="making_apart._Work._take",
        was="self.ready[place] = made(self.snapshot, which, self.make)",
        becomes="self.ready[place] = Part(0, {})",
        killed_by=f"{MAKING}::test_a_child_that_dies_is_stood_in_for",
    ),
)
