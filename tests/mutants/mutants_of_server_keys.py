"""Rules about the server's own keys, each with what somebody could do without it."""

from tests.mutants.mutant import Mutant

KEYS = "tests/server/test_server_keys.py"
COMMANDS = "tests/server/test_key_commands.py"

OF_SERVER_KEYS = (
    Mutant(
        name="The server's keys stay in clear beside their wrapping key",
        where="key_wrapping.write_key",
        was="if wrapping is not None:",
        becomes="if False:",
        killed_by=f"{KEYS}::test_no_key_of_a_sealed_server_is_in_its_database[memory]",
    ),
    Mutant(
        name="A key put into the database in clear is believed by a sealed server",
        where="key_wrapping.read_key",
        was="    if not key_id:\n        raise KeysInClear(purpose=purpose)",
        becomes="    if not key_id:\n        return stored",
        killed_by=f"{KEYS}::test_a_key_put_there_in_clear_is_not_believed[memory]",
    ),
    Mutant(
        name="A sealed key opens in the place of any other",
        where="key_wrapping._context",
        was="{purpose}",
        becomes="",
        killed_by=f"{KEYS}::test_a_seal_opens_nowhere_but_in_its_place",
    ),
    Mutant(
        name="A sealed key opens in any plant",
        where="key_wrapping._context",
        was="{plant_id}",
        becomes="",
        killed_by=f"{KEYS}::test_a_seal_opens_nowhere_but_in_its_place",
    ),
    Mutant(
        name="A wrapping key that others can read is used",
        where="key_sources.from_file",
        was="_is_exposed(os.fstat(file.fileno()))",
        becomes="False",
        killed_by=f"{COMMANDS}::test_a_key_that_others_may_read_is_refused",
    ),
    Mutant(
        name="A backup under another wrapping key takes the place of the database",
        where="compose.restored",
        was="_must_open_keys(source, key, wrapping)",
        becomes="pass",
        killed_by=f"{COMMANDS}::test_a_backup_says_which_key_it_needs_beside",
    ),
    Mutant(
        name="A token is refused as soon as its key is replaced",
        where="TokenKeys.readable",
        was="return [self.present, *(each.key for each in self.alive(now))]",
        becomes="return [self.present]",
        killed_by=f"{KEYS}::test_a_token_outlives_its_key_by_its_own_time",
    ),
    Mutant(
        name="A key that was replaced signs tokens for ever",
        where="TokenKeys.alive",
        was="if now.timestamp() < each.until",
        becomes="if True",
        killed_by=f"{KEYS}::test_a_former_key_signs_nothing_once_its_time_is_over",
    ),
    Mutant(
        name="Replacing the key at once ends no token",
        where="token_keys.replace_token_key",
        was="former = [] if at_once else",
        becomes="former =",
        killed_by=f"{KEYS}::test_at_once_means_that_tokens_of_before_open_nothing",
    ),
)
