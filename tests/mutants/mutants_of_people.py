"""Who sits at the screen: each rule of decision 0045, broken."""

from tests.mutants.mutant import Mutant

SEALED = "tests/workplace/test_sealed_keys.py"
SESSIONS = "tests/workplace/test_session_file.py"
SIGNING_IN = "tests/cli/test_signing_in.py"

OF_PEOPLE: tuple[Mutant, ...] = (
    Mutant(
        name="A try counts once it was wrong, so that a kill gives it back",
        where="SealedKeys.unlock",
        was="self._keep(user_id, evolve(key, wrong_tries=key.wrong_tries + 1))",
        becomes="None",
        killed_by=f"{SEALED}::test_a_try_counts_before_it_is_checked",
    ),
    Mutant(
        name="Nobody is ever locked out",
        where="SealedKeys.unlock",
        was="if key.wrong_tries >= MOST_TRIES:",
        becomes="if False:",
        killed_by=f"{SEALED}::test_after_ten_wrong_tries_the_right_one_is_refused_too",
    ),
    Mutant(
        name="A right try forgets nothing",
        where="SealedKeys.unlock",
        was="self._keep(user_id, evolve(key, wrong_tries=0))",
        becomes="None",
        killed_by=f"{SEALED}::test_a_right_try_forgets_the_wrong_ones",
    ),
    Mutant(
        name="Each next try comes at once",
        where="SealedKeys.unlock",
        was="self.wait(seconds_to_wait(key.wrong_tries))",
        becomes="None",
        killed_by=(f"{SEALED}::test_three_wrong_tries_cost_no_waiting_and_each_more_costs_double"),
    ),
    Mutant(
        name="A session goes on after the computer was started again",
        where="LastActivity.is_within",
        was="return self.boot == now.boot and 0 <= now.at - self.at <= limit",
        becomes="return 0 <= now.at - self.at <= limit",
        killed_by=f"{SESSIONS}::test_it_ends_with_the_run_of_the_computer",
    ),
    Mutant(
        name="A session is believed whoever wrote its file",
        where="SessionFile._read",
        was="if not hmac.compare_digest(proof, self._proof(document)):",
        becomes="if False:",
        killed_by=f"{SESSIONS}::test_what_was_changed_in_it_ends_it",
    ),
    Mutant(
        name="Whoever gives a name acts under it",
        where="SignIn.acting",
        was="if not asks:",
        becomes="if claimed is not None:",
        killed_by=f"{SIGNING_IN}::test_a_name_alone_acts_for_nobody",
    ),
    Mutant(
        name="A session outlives the key that it holds",
        where="SignIn._session",
        was="return session if self._keys(snapshot).is_admitted(session.user_id, key) else None",
        becomes="return session",
        killed_by=f"{SIGNING_IN}::test_a_session_of_a_key_that_was_replaced_is_over",
    ),
    Mutant(
        name="Anybody replaces the passphrase of anybody",
        where="personal_keys.let_in_again",
        was="dairy.permit(Permission.MANAGE_KEYS, 'lockout.lifted')",
        becomes="None",
        killed_by=f"{SIGNING_IN}::test_nobody_but_an_administrator_replaces_a_passphrase",
    ),
)
