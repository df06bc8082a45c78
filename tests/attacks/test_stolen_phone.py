"""A thief has the files of a telephone: the database, its key file, the file of its people.

And what was left of a session, but no passphrase: neither that of the database nor that of any
person; or, as a colleague might, the first and not the second.
"""

import shutil
from pathlib import Path

import pytest

from manchengo_workplace import inactivity
from manchengo_workplace.failures import Failure
from manchengo_workplace.sealed_keys import MOST_TRIES, SealedKeys, new_signer
from tests.cli.running import asked, done, run
from tests.support.cheap_keys import USUAL
from tests.support.signed_in import says_nothing, session_of

OF_THE_DATABASE = "lait cru de chamelle"
GUESS = "fromage de brebis"
LEFT = ("atelier.db", "atelier.db.key", "atelier.db.people")
ADD = ("supplier", "add", "F9", "Voleur")


@pytest.fixture
def phone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Amina has worked at it and is still signed in."""
    folder = tmp_path / "phone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MANCHENGO_DB", "atelier.db")
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", OF_THE_DATABASE)
    monkeypatch.delenv("MANCHENGO_USER", raising=False)
    done("init", "--admin", "amina")
    return folder


@pytest.fixture
def thief(phone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files at the thief's computer, which knows no passphrase."""
    session = session_of(phone / "atelier.db").read_bytes()
    folder, runtime = tmp_path / "thief", tmp_path / "runtime"
    folder.mkdir()
    runtime.mkdir(mode=0o700)
    for name in LEFT:
        shutil.copyfile(phone / name, folder / name)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", GUESS)
    says_nothing(monkeypatch)
    copied = session_of(folder / "atelier.db")
    copied.parent.mkdir(mode=0o700)
    copied.write_bytes(session)
    return folder


def refused(*words: str) -> str:
    ran = run(*words, "--json")
    assert ran.code != 0
    return str(ran.fault["error"])


def test_with_the_files_alone_nobody_acts(thief: Path) -> None:
    assert refused(*ADD) == "WrongKey"
    assert refused("stock") == "WrongKey"


def test_who_knows_the_databases_passphrase_and_no_persons_acts_for_nobody(
    thief: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", OF_THE_DATABASE)
    session_of(thief / "atelier.db").unlink()
    assert refused(*ADD, "--user", "amina") == "SignInNeeded"
    (thief / "guess").write_text(GUESS, encoding="utf-8")
    monkeypatch.setenv("MANCHENGO_PIN_FILE", "guess")
    assert refused(*ADD, "--user", "amina") == "WrongSecret"


def test_a_copied_session_ends_with_the_run_of_the_telephone(
    thief: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", OF_THE_DATABASE)
    monkeypatch.setattr(inactivity, "boot_id", lambda: "the thief's")
    assert asked("who")["user"] is None
    assert refused(*ADD) == "SignInNeeded"


def test_a_key_of_the_thiefs_own_is_nobodys(thief: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealed under her name by a passphrase that the thief chose."""
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", OF_THE_DATABASE)
    session_of(thief / "atelier.db").unlink()
    device = SealedKeys(thief / "atelier.db")
    (amina,) = device.people()
    device.seal(amina, GUESS, new_signer())
    (thief / "guess").write_text(GUESS, encoding="utf-8")
    monkeypatch.setenv("MANCHENGO_PIN_FILE", "guess")
    assert refused(*ADD) == "AdmissionNeeded"


def test_tries_that_are_set_back_leave_every_guess_at_its_price(thief: Path) -> None:
    """The lock-out is for who is at the screen: it does not stop this, and nobody says it does."""
    device = SealedKeys(thief / "atelier.db", wait=lambda _: None)
    (amina,) = device.people()
    untried = device.path.read_bytes()
    for _guess in range(MOST_TRIES + 1):
        device.path.write_bytes(untried)
        with pytest.raises(Failure, match="WrongSecret"):
            device.unlock(amina, "amina", GUESS)


def test_a_guess_costs_what_it_costs_for_the_database() -> None:
    assert (USUAL.passes, USUAL.memory_kib) == (3, 64 * 1024)
