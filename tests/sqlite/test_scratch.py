"""A store that nobody keeps lies beside the database: encrypted, for its owner alone, then gone."""

import subprocess
import sys
from pathlib import Path

import pytest

from manchengo.ports.settings import DEVICE
from manchengo_sqlite.errors import FolderMissing
from manchengo_sqlite.scratch import scratch_beside
from tests.support.blank_files import new_file

KEY = bytes(range(32))
PLAIN = b"SQLite format 3"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "atelier.db"
    with new_file(path, key=KEY):
        pass
    return path


def beside(database: Path) -> list[Path]:
    return [each for each in database.parent.iterdir() if each != database]


def test_it_is_encrypted_for_its_owner_alone_and_gone_at_the_end(database: Path) -> None:
    with scratch_beside(database) as scratch:
        with scratch.writing() as transaction:
            transaction.set_setting(DEVICE, "un essai")
        with scratch.reading() as snapshot:
            assert snapshot.setting(DEVICE) == "un essai"
        drafts = [each for each in beside(database) if each.stat().st_size]
        assert drafts
        for each in drafts:
            assert each.stat().st_mode & 0o077 == 0
            assert not each.read_bytes().startswith(PLAIN)
    assert beside(database) == []


def test_it_is_gone_after_a_fault_too(database: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch_beside(database):
        raise ZeroDivisionError
    assert beside(database) == []


def test_one_of_a_killed_process_is_taken_away(database: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = database.with_name(f".{database.name}.{ended.pid}-0badcafe.draft-wal")
    left.write_bytes(b"what was left")
    with scratch_beside(database):
        assert not left.exists()


def test_without_a_folder_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(FolderMissing), scratch_beside(tmp_path / "nowhere" / "atelier.db"):
        pass
