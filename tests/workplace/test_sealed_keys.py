"""People's keys on a device: sealed, unlocked by their passphrase, and few guesses for the rest."""

import json
import os
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest

from manchengo.domain.ids import UserId
from manchengo_sqlite import keys, sealing
from manchengo_sqlite.errors import KeyringMissing
from manchengo_workplace import people_file
from manchengo_workplace.failures import Failure
from manchengo_workplace.sealed_keys import (
    LONGEST_WAIT,
    MOST_TRIES,
    SealedKeys,
    new_signer,
    seconds_to_wait,
)
from tests.sqlite.test_keys import Drawer, drawer  # noqa: F401 - the fixture

AMINA, KARIM = UserId(UUID(int=1)), UserId(UUID(int=2))
PHRASE = "trois fromages et un chat"


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def device(tmp_path: Path, waits: list[float]) -> SealedKeys:
    """A device at which Amina has a key."""
    device = SealedKeys(tmp_path / "atelier.db", wait=waits.append)
    device.seal(AMINA, PHRASE, new_signer())
    return device


def fails(device: SealedKeys, secret: str = "autre chose", who: UserId = AMINA) -> str:
    with pytest.raises(Failure) as caught:
        device.unlock(who, "amina", secret)
    return caught.value.name


# ------------------------------------------------------------------------------------- the seal


def test_the_passphrase_gives_the_key_back(device: SealedKeys) -> None:
    signer = device.unlock(AMINA, "amina", PHRASE)
    assert signer.key.hex() == device.people()[AMINA].public_key


def test_the_private_key_is_nowhere_in_the_file(device: SealedKeys) -> None:
    signer = device.unlock(AMINA, "amina", PHRASE)
    content = device.path.read_bytes()
    assert signer.private_key.encode() not in content
    assert bytes.fromhex(signer.private_key) not in content


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_the_file_is_its_owners_alone(device: SealedKeys) -> None:
    assert stat.S_IMODE(device.path.stat().st_mode) == 0o600


def test_each_person_has_a_passphrase_of_their_own(device: SealedKeys) -> None:
    device.seal(KARIM, "quatre chèvres au soleil", new_signer())
    assert fails(device, PHRASE, KARIM) == "WrongSecret"
    assert device.unlock(KARIM, "karim", "quatre chèvres au soleil").key
    assert device.unlock(AMINA, "amina", PHRASE).key


def test_who_has_no_key_here_is_told_so(device: SealedKeys) -> None:
    assert fails(device, PHRASE, KARIM) == "NoKeyHere"


def test_a_seal_moved_to_another_person_does_not_open(device: SealedKeys) -> None:
    people_file.write(device.path, {KARIM: device.people()[AMINA]})
    assert fails(device, PHRASE, KARIM) == "WrongSecret"


def test_with_a_keyring_the_files_alone_do_not_open(
    tmp_path: Path,
    drawer: Drawer,  # noqa: F811 - the fixture
) -> None:
    database = tmp_path / "atelier.db"
    keys.store_in_keyring(database, keys.new_key())
    device = SealedKeys(database)
    assert device.asks_for_a_pin
    device.seal(AMINA, "408192", new_signer())
    assert device.unlock(AMINA, "amina", "408192").key
    (account,) = [each for each in drawer.kept if each[1].endswith("people")]
    drawer.kept[account] = "00" * 32
    assert fails(device, "408192") == "WrongSecret"


def test_without_a_keyring_no_device_secret_is_made(device: SealedKeys) -> None:
    assert not device.asks_for_a_pin
    assert not device.people()[AMINA].needs_device_secret


# ------------------------------------------------------------------------------------ wrong tries


def test_three_wrong_tries_cost_no_waiting_and_each_more_costs_double(
    device: SealedKeys, waits: list[float]
) -> None:
    for _try in range(MOST_TRIES - 1):
        assert fails(device) == "WrongSecret"
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32]


def test_no_wait_is_longer_than_a_minute() -> None:
    assert max(map(seconds_to_wait, range(100))) == LONGEST_WAIT


def test_after_ten_wrong_tries_the_right_one_is_refused_too(device: SealedKeys) -> None:
    for _try in range(MOST_TRIES):
        fails(device)
    assert fails(device, PHRASE) == "LockedOut"


def test_the_tenth_wrong_try_says_that_it_was_the_last(device: SealedKeys) -> None:
    names = [fails(device) for _try in range(MOST_TRIES)]
    assert names == ["WrongSecret"] * (MOST_TRIES - 1) + ["LockedOut"]


def test_a_right_try_forgets_the_wrong_ones(device: SealedKeys, waits: list[float]) -> None:
    for _try in range(5):
        fails(device)
    device.unlock(AMINA, "amina", PHRASE)
    fails(device)
    assert waits[-1] == 0


def test_nothing_typed_is_a_wrong_try(device: SealedKeys) -> None:
    assert fails(device, "") == "WrongSecret"
    assert device.people()[AMINA].wrong_tries == 1


def test_wrong_tries_outlast_the_program(device: SealedKeys) -> None:
    for _try in range(MOST_TRIES):
        fails(SealedKeys(device.database, wait=lambda _: None))
    assert fails(SealedKeys(device.database), PHRASE) == "LockedOut"


def test_a_try_counts_before_it_is_checked(
    device: SealedKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(sealing, "unseal", killed)
    for _try in range(MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            device.unlock(AMINA, "amina", PHRASE)
    monkeypatch.undo()
    assert fails(device, PHRASE) == "LockedOut"


KILLED_WHILE_CHECKING = """
import os, sys
from pathlib import Path
from uuid import UUID
from manchengo_sqlite import sealing
from manchengo_workplace.sealed_keys import SealedKeys

sealing.unseal = lambda *_, **__: os.kill(os.getpid(), 9)
SealedKeys(Path(sys.argv[1])).unlock(UUID(int=1), "amina", "a guess")
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_program_killed_while_it_checks_has_counted_the_try(device: SealedKeys) -> None:
    words = [sys.executable, "-c", KILLED_WHILE_CHECKING, str(device.database)]
    assert subprocess.run(words, check=False).returncode == -9
    assert device.people()[AMINA].wrong_tries == 1


def test_a_clock_set_back_gives_no_try_back(
    device: SealedKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _try in range(MOST_TRIES):
        fails(device)
    for year in (1990, 2090):
        monkeypatch.setattr(time, "time", datetime(year, 1, 1, tzinfo=UTC).timestamp)
        assert fails(device, PHRASE) == "LockedOut"


def test_of_many_who_try_at_once_no_more_than_ten_are_heard(device: SealedKeys) -> None:
    heard: list[str] = []
    threads = [Thread(target=lambda: heard.append(fails(device))) for _guess in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard.count("WrongSecret") == MOST_TRIES - 1
    assert device.people()[AMINA].wrong_tries == MOST_TRIES


GUESSING = """
import sys
from pathlib import Path
from uuid import UUID
from manchengo_workplace.failures import Failure
from manchengo_workplace.sealed_keys import SealedKeys

for _try in range(4):
    try:
        SealedKeys(Path(sys.argv[1]), wait=lambda _: None).unlock(UUID(int=1), "amina", "a guess")
    except Failure as failure:
        print(failure.name)
"""


def test_programs_that_guess_side_by_side_share_the_ten_tries(device: SealedKeys) -> None:
    words = [sys.executable, "-c", GUESSING, str(device.database)]
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _program in range(3)]
    heard = [name for each in running for name in each.communicate()[0].split()]
    assert sorted(heard) == ["LockedOut"] * 3 + ["WrongSecret"] * (MOST_TRIES - 1)


def test_a_reset_lets_the_person_try_again(device: SealedKeys) -> None:
    for _try in range(MOST_TRIES):
        fails(device)
    device.reset_tries(AMINA, "amina")
    assert device.unlock(AMINA, "amina", PHRASE).key


def test_a_lost_keyring_costs_no_try(
    tmp_path: Path,
    drawer: Drawer,  # noqa: F811 - the fixture
) -> None:
    keys.store_in_keyring(tmp_path / "atelier.db", keys.new_key())
    device = SealedKeys(tmp_path / "atelier.db")
    device.seal(AMINA, "408192", new_signer())
    drawer.locked = True
    with pytest.raises(KeyringMissing):
        device.unlock(AMINA, "amina", "408192")
    assert device.people()[AMINA].wrong_tries == 0


# --------------------------------------------------------------------------------------- the file


def test_a_damaged_file_is_told_from_a_wrong_passphrase(device: SealedKeys) -> None:
    content = device.path.read_text()
    counted = content.replace('"wrong_tries": 0', '"wrong_tries": 9')
    for damaged in (content[:-9], counted, "", "[]"):
        device.path.write_text(damaged)
        assert fails(device, PHRASE) == "PeopleFileDamaged"


def test_a_file_of_a_newer_program_is_left_alone(device: SealedKeys) -> None:
    document = json.loads(device.path.read_text()) | {"version": 2}
    device.path.write_text(json.dumps(document))
    assert fails(device, PHRASE) == "PeopleFileTooNew"
    assert json.loads(device.path.read_text()) == document


def test_nothing_but_the_file_is_left_in_the_folder(device: SealedKeys) -> None:
    fails(device)
    assert os.listdir(device.path.parent) == [device.path.name]
