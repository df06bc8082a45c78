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
        killed_by=f"{BOUNDS}::test_no_device_begins_another_epoch[encrypted file]",
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
)
