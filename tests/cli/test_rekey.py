"""The database encrypted again under a new key, by the command of a person."""

import json
from pathlib import Path
from typing import Any

import pytest

from manchengo_sqlite import SqliteStore, key_replacement, keys
from manchengo_sqlite.errors import DiskFull, StorageError
from manchengo_sqlite.rekeying import rekey
from tests.cli.running import done, one_line, run

PHRASE = "trois fromages et un chat"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MANCHENGO_DB", "atelier.db")
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", PHRASE)
    done("init", "--admin", "amina")
    return tmp_path / "atelier.db"


def test_the_same_passphrase_opens_it_under_another_key(database: Path) -> None:
    former, number = keys.unwrap(database, PHRASE), keys.read(keys.key_file(database)).database
    output = one_line(done("rekey").out)
    assert "chiffrée sous une nouvelle clé" in output
    key = keys.unwrap(database, PHRASE)
    assert key != former
    assert keys.read(keys.key_file(database)).database == number
    with pytest.raises(StorageError):
        SqliteStore.open(database, key=former).close()
    done("login", "amina")
    assert done("verify").code == 0
    audit = json.loads(done("audit", "--json").out)
    assert ("database.rekeying", "key") in [(each["action"], each["kind"]) for each in audit]


def test_a_backup_of_before_opens_as_before_and_is_not_added_to(database: Path) -> None:
    done("backup", "lundi.db")
    done("rekey")
    done("login", "amina")
    done("stats", "--db", "lundi.db")
    before = Path("lundi.db").read_bytes()
    ran = run("backup", "lundi.db", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "BackupUnderOtherKey")
    assert Path("lundi.db").read_bytes() == before
    done("backup", "mardi.db")
    done("stats", "--db", "mardi.db")


def test_both_keys_are_written_down_before_anything_is_encrypted(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []

    def looked_at(path: Path, key: bytes, coming: bytes, **how: Any) -> None:
        found.append(keys.read(keys.key_file(path)).is_changing)
        rekey(path, key, coming, **how)
        found.append(keys.unwrap(path, PHRASE) == coming)

    monkeypatch.setattr(key_replacement, "rekey", looked_at)
    done("rekey")
    assert found == [True, True]


def test_where_it_cannot_be_done_the_former_key_opens_it(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = keys.unwrap(database, PHRASE)

    def full(path: Path, *_: object, **__: object) -> None:
        raise DiskFull(path=path)

    monkeypatch.setattr(key_replacement, "rekey", full)
    ran = run("rekey", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "DiskFull")
    assert keys.unwrap(database, PHRASE) == former
    assert not keys.read(keys.key_file(database)).is_changing
    done("stats")


def test_a_database_in_clear_has_no_key(database: Path) -> None:
    done("init", "--admin", "amina", "--clear", "--db", "essai.db")
    ran = run("rekey", "--db", "essai.db")
    assert ran.code != 0
    assert "n’est pas chiffrée" in one_line(ran.err)
