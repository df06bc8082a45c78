"""Rules about the keys of a server and of a database, each with what happens without it."""

from tests.mutants.mutant import Mutant

KEYS = "tests/server/test_server_keys.py"
COMMANDS = "tests/server/test_key_commands.py"
REPLACED = "tests/attacks/test_server_key_replaced.py"
FILES = "tests/server/test_bundle_keys.py"
NAMED = "tests/attacks/test_bundle_key.py"
REFUSED = f"{REPLACED}::test_a_key_that_no_administrator_signed_is_refused"

STOPPED = (
    "tests/faults/test_rekey.py::test_whenever_it_stops_the_passphrase_opens_it_and_all_is_there"
)

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
    Mutant(
        name="A key that was replaced opens files for ever",
        where="BundleKeys.alive",
        was="if now.timestamp() < each.until",
        becomes="if True",
        killed_by=f"{FILES}::test_a_file_that_was_long_on_its_way_is_read_until_its_day[memory]",
    ),
    Mutant(
        name="A key for files is believed whoever signed it",
        where="bundle_keys._is_believed",
        was="is_signed(signing_key, named.signature, signed)",
        becomes="True",
        killed_by=f"{NAMED}::test_a_key_that_the_server_did_not_sign_is_passed_over",
    ),
    Mutant(
        name="In a file, a former key for files comes back",
        where="bundle_keys._is_believed",
        was="bool(nonce or is_later) and",
        becomes="",
        killed_by=f"{NAMED}::test_in_a_file_no_former_key_comes_back",
    ),
    Mutant(
        name="A record that was signed for no plant names the key of this one",
        where="server_succession._is_believed",
        was="part is None or own is None or part.plant_id != own",
        becomes="False",
        killed_by=f"{REPLACED}::test_what_she_signed_for_another_plant_or_none_names_no_key_here",
    ),
    Mutant(
        name="Anybody's record names the key of the server",
        where="server_succession._is_believed",
        was="not user.roles.isdisjoint(holders(Permission.MANAGE_KEYS))",
        becomes="True",
        killed_by=f"{REFUSED}[by_the_driver]",
    ),
    Mutant(
        name="A key that is not the author's signs that a server key comes",
        where="server_succession._is_believed",
        was="check_author(work, Author.of(commit))",
        becomes="pass",
        killed_by=f"{REPLACED}::test_a_key_that_was_withdrawn_names_no_other",
    ),
    Mutant(
        name="A record that was altered names another server key",
        where="server_succession._is_believed",
        was="not is_true(commit) or not is_signed_by_its_author(commit)",
        becomes="False",
        killed_by=f"{REFUSED}[altered]",
    ),
    Mutant(
        name="A record of another server key than the one known here counts",
        where="server_succession.key_known_now",
        was="command.former_key == key and",
        becomes="",
        killed_by=f"{REPLACED}::test_a_key_that_was_replaced_is_believed_no_more",
    ),
    Mutant(
        name="Any key that an administrator admits becomes the server's",
        where="KeptWords.following",
        was="!= word.key",
        becomes="== self.key",
        killed_by=f"{REFUSED}[for_another_key]",
    ),
    Mutant(
        name="The server goes on signing with the key that was replaced",
        where="signing_keys.adopt_next_key",
        was="if key and signing.public_key(key) in coming:",
        becomes="if False:",
        killed_by=f"{REPLACED}::test_devices_follow_the_key_that_an_administrator_signed",
    ),
    Mutant(
        name="A server key that was replaced comes again",
        where="plant._replace_server_key",
        was="command.former_key in replaced or command.public_key in known",
        becomes="command.former_key in replaced",
        killed_by="tests/domain/test_server_key.py::test_no_key_comes_twice_or_after_one_that_went",
    ),
    Mutant(
        name="A database is encrypted under a key that nobody has yet",
        where="key_replacement.replace_key",
        was="keys.announce(path, coming, passphrase)",
        becomes="pass",
        killed_by="tests/cli/test_rekey.py"
        "::test_both_keys_are_written_down_before_anything_is_encrypted",
    ),
    Mutant(
        name="While a key comes the former one is taken for the only one",
        where="keys.unwrap",
        was="if held.coming is None:",
        becomes="if True:",
        killed_by=f"{STOPPED}[before it is written down]",
    ),
    Mutant(
        name="A database that was not encrypted again is said to be",
        where="rekeying.rekey",
        was="if not _opens(path, new_key):",
        becomes="if False:",
        killed_by="tests/sqlite/test_rekeying.py::test_what_was_not_encrypted_again_is_said_so",
    ),
    Mutant(
        name="A database is encrypted again under another program that has it open",
        where="rekeying.rekey",
        was="connection.execute('PRAGMA locking_mode = EXCLUSIVE')",
        becomes="pass",
        killed_by="tests/sqlite/test_rekeying.py"
        "::test_nor_is_another_program_though_it_does_nothing",
    ),
    Mutant(
        name="What is restored keeps the key file of another key",
        where="backup.restore",
        was="if not keeps_key_file:",
        becomes="if False:",
        killed_by="tests/sqlite/test_restored_keys.py"
        "::test_a_backup_from_before_another_key_opens_once_it_is_back",
    ),
    Mutant(
        name="A keyring that has another key is believed",
        where="keys.load_from_keyring",
        was="not is_under(database, known[0])",
        becomes="False",
        killed_by="tests/sqlite/test_restored_keys.py"
        "::test_a_keyring_that_has_another_key_by_now_leaves_the_passphrase",
    ),
    Mutant(
        name="A device is let in again under the key that was withdrawn",
        where="enrolment.enrol",
        was="if why_withdrawn(work, public_key):",
        becomes="if False:",
        killed_by="tests/server/test_service.py"
        "::test_a_device_is_let_in_again_under_no_key_that_was_withdrawn",
    ),
    Mutant(
        name="A token counts under whatever key its device has by now",
        where="tokens.admit",
        was="active_device(snapshot, claims.sub).public_key != claims.key",
        becomes="False",
        killed_by="tests/server/test_service.py"
        "::test_a_device_is_let_in_again_under_no_key_that_was_withdrawn",
    ),
    Mutant(
        name="A server's file is encrypted under a passphrase that is soon guessed",
        where="passphrase._strong",
        was="if found is not None:",
        becomes="if False:",
        killed_by="tests/server/test_passphrase.py::test_a_weak_one_begins_no_plant",
    ),
)
