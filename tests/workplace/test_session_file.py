"""A session at the command line: kept for a while, for one database, in a folder of one's own."""

import os
import shutil
import stat
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from manchengo.domain.ids import DeviceId, UserId
from manchengo_sync import signing
from manchengo_workplace.failures import Failure
from manchengo_workplace.inactivity import USUAL_LIMIT
from manchengo_workplace.sealed_keys import new_signer
from manchengo_workplace.session_file import SessionFile, folder
from tests.workplace.test_inactivity import Computer

AMINA = UserId(UUID(int=1))
DEVICE = DeviceId(UUID(int=7))
KEY = b"k" * 32
POSIX = pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def computer() -> Computer:
    return Computer()


@pytest.fixture
def session(tmp_path: Path, computer: Computer) -> SessionFile:
    """Amina has signed in."""
    session = of(tmp_path / "atelier.db", computer)
    session.begin(AMINA, new_signer(), USUAL_LIMIT)
    return session


def of(database: Path, computer: Computer, key: bytes | None = KEY) -> SessionFile:
    return SessionFile(database=database, family_id=DEVICE, key=key, now=computer.now)


def test_the_person_goes_on_acting_with_their_own_key(tmp_path: Path, computer: Computer) -> None:
    signer = new_signer()
    of(tmp_path / "atelier.db", computer).begin(AMINA, signer, USUAL_LIMIT)
    found = of(tmp_path / "atelier.db", computer).current()
    assert found is not None
    assert (found.user_id, found.signer.key) == (AMINA, signer.key)
    assert signing.is_signed(signer.key.hex(), found.signer.sign(b"a lot"), b"a lot")


def test_without_one_nobody_acts(tmp_path: Path, computer: Computer) -> None:
    assert of(tmp_path / "atelier.db", computer).current() is None


def test_it_ends_when_nothing_is_done(session: SessionFile, computer: Computer) -> None:
    computer.up += USUAL_LIMIT + 1
    assert session.current() is None
    computer.up -= USUAL_LIMIT
    assert session.current() is None
    assert not session.path.exists()


def test_what_is_done_keeps_it(session: SessionFile, computer: Computer) -> None:
    for _command in range(10):
        computer.up += USUAL_LIMIT - 1
        assert session.current() is not None


def test_it_ends_with_the_run_of_the_computer(session: SessionFile, computer: Computer) -> None:
    computer.boot = "second"
    assert session.current() is None


def test_signing_out_ends_it(session: SessionFile) -> None:
    assert session.end()
    assert session.current() is None
    assert not session.end()


def test_it_is_for_one_database(session: SessionFile, tmp_path: Path, computer: Computer) -> None:
    other = of(tmp_path / "autre.db", computer)
    assert other.current() is None
    shutil.copyfile(session.path, other.path)
    elsewhere = SessionFile(
        database=other.database, family_id=DeviceId(UUID(int=8)), key=KEY, now=computer.now
    )
    assert elsewhere.current() is None


def test_without_the_key_of_the_database_the_file_is_worthless(
    session: SessionFile, computer: Computer
) -> None:
    for key in (None, b"x" * 32):
        assert of(session.database, computer, key).current() is None


def test_what_was_changed_in_it_ends_it(session: SessionFile) -> None:
    content = session.path.read_text()
    session.path.write_text(content.replace('"limit": 900', '"limit": 90000'))
    assert session.current() is None
    session.path.write_text("{}")
    assert session.current() is None


def test_the_private_key_is_not_in_it(tmp_path: Path, computer: Computer) -> None:
    signer = new_signer()
    session = of(tmp_path / "atelier.db", computer)
    session.begin(AMINA, signer, USUAL_LIMIT)
    assert signer.private_key not in session.path.read_text()


def test_the_key_of_the_database_opens_the_seal_and_no_other_does(session: SessionFile) -> None:
    kept = session._read()
    assert kept is not None
    other = SessionFile(database=session.database, family_id=DEVICE, key=b"x" * 32)
    with pytest.raises(InvalidTag):
        other._unsealed(kept)


@POSIX
def test_the_file_and_its_folder_are_the_persons_alone(session: SessionFile) -> None:
    assert stat.S_IMODE(session.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder().stat().st_mode) == 0o700


@POSIX
def test_a_folder_that_others_may_enter_keeps_no_session(
    session: SessionFile, computer: Computer
) -> None:
    folder().chmod(0o755)
    assert session.current() is None
    with pytest.raises(Failure, match="NoPlaceForSession"):
        session.begin(AMINA, new_signer(), USUAL_LIMIT)


@POSIX
def test_a_link_to_a_folder_keeps_no_session(session: SessionFile, tmp_path: Path) -> None:
    folder().rename(tmp_path / "elsewhere")
    folder().symlink_to(tmp_path / "elsewhere")
    assert session.current() is None


def test_one_session_takes_the_place_of_another(session: SessionFile, computer: Computer) -> None:
    karim = UserId(UUID(int=2))
    session.begin(karim, new_signer(), USUAL_LIMIT)
    found = session.current()
    assert found is not None
    assert found.user_id == karim
    assert [each.suffix for each in folder().iterdir()] == [".session"]
