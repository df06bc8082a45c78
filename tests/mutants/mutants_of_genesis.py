"""How a plant begins: each rule of decision 0049, broken."""

from tests.mutants.mutant import Mutant

FOUNDING = "tests/application/test_founding.py"
GENESIS = "tests/attacks/test_genesis.py"
BEGINS = f"{GENESIS}::test_a_log_that_begins_otherwise_is_believed_by_nobody"

OF_GENESIS: tuple[Mutant, ...] = (
    Mutant(
        name="Whoever likes registers first in a plant that somebody founded",
        where="founding.awaits_its_genesis",
        was="return _genesis(work) is None",
        becomes="return False",
        killed_by=f"{BEGINS}[an_administrator_who_signs]",
    ),
    Mutant(
        name="What a newer program says of a plant stops everybody",
        where="founding.awaits_its_genesis",
        was="except NeedsNewerProgram:",
        becomes="except ZeroDivisionError:",
        killed_by=f"{FOUNDING}::test_what_a_newer_program_says_of_the_plant_comes_after_its_genesis",
    ),
    Mutant(
        name="Any genesis is that of any plant",
        where="founding.check_genesis",
        was="is_of_this_plant = plant_id in (None, str(fingerprint(command)))",
        becomes="is_of_this_plant = True",
        killed_by=f"{BEGINS}[a_genesis_of_his_that_he_signs_for_her_plant]",
    ),
    Mutant(
        name="Somebody else founds the plant with the founder's words",
        where="founding.check_genesis",
        was="if not (is_by_the_founder and is_of_this_plant and is_first):",
        becomes="if not (is_of_this_plant and is_first):",
        killed_by=f"{FOUNDING}::test_a_founder_signs",
    ),
    Mutant(
        name="A founder need not sign",
        where="founding.check_genesis",
        was="if key is None:",
        becomes="if False:",
        killed_by=f"{FOUNDING}::test_a_founder_signs",
    ),
    Mutant(
        name="A plant of before is founded by whoever comes later",
        where="founding.check_genesis",
        was="is_first = next(work.snapshot.rows(UserRow, limit=1), None) is None",
        becomes="is_first = True",
        killed_by=f"{FOUNDING}::test_a_plant_of_before_is_not_founded_afterwards",
    ),
    Mutant(
        name="A plant is founded as often as somebody likes",
        where="founding.check_genesis",
        was="if _genesis(work) is not None:",
        becomes="if False:",
        killed_by=f"{GENESIS}::test_a_plant_is_founded_once",
    ),
    Mutant(
        name="The fingerprint of a plant says nothing of its founder's key",
        where="genesis.fingerprint",
        was="genesis.public_key,",
        becomes='"",',
        killed_by=f"{FOUNDING}::test_the_id_is_a_fingerprint_of_every_word_of_it",
    ),
    Mutant(
        name="What the founder signs is for no plant",
        where="authorship.plant_of",
        was="if isinstance(command, FoundPlant):",
        becomes="if False:",
        killed_by=f"{FOUNDING}::test_one_commit_founds_the_plant",
    ),
    Mutant(
        name="Both keys of a founder are one",
        where="genesis.found",
        was="if command.recovery_key == command.public_key:",
        becomes="if False:",
        killed_by=f"{FOUNDING}::test_the_recovery_key_is_another_than_the_founders",
    ),
    Mutant(
        name="A server adopts whatever id a device names",
        where="manchengo_server.plant.adopt",
        was="if not is_fingerprint(plant_id):",
        becomes="if False:",
        killed_by=f"{GENESIS}::test_a_plant_of_before_is_not_adopted",
    ),
    Mutant(
        name="Any code makes a server another plant's",
        where="enrolment._settle_plant",
        was="if code.user_id is not None or code.used_by is not None:",
        becomes="if False:",
        killed_by=f"{GENESIS}::test_a_server_adopts_nothing_once_it_keeps_a_plant",
    ),
    Mutant(
        name="A device joins whatever plant answers, whichever its code is for",
        where="joining._plant_to_join",
        was="return own or named",
        becomes="return own",
        killed_by="tests/sync/test_snapshot.py::test_a_code_for_one_plant_opens_no_other",
    ),
    Mutant(
        name="A database that founded a plant joins any other",
        where="settings.own_plant",
        was="return plant_of_log(snapshot) if genesis is None else fingerprint(genesis)",
        becomes="return plant_of_log(snapshot)",
        killed_by="tests/sync/test_snapshot.py::test_who_founded_a_plant_joins_no_other",
    ),
)
