"""The passphrase of a server's file is chosen, and changed, by those who run it."""

import io
import json
import os
from pathlib import Path

import pytest

from manchengo_presenters import language
from manchengo_server.main import main
from manchengo_sqlite import SqliteStore, keys
from manchengo_sqlite.errors import StorageError, WrongKey

OLD, NEW = "une vache et trois fromages", "quatre chats sous la pluie"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("MANCHENGO_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MANCHENGO_DATABASE", "serveur.db")
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", OLD)
    monkeypatch.setattr(language, "_chosen", "fr")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["init", "--plant", "Laiterie"]) == 0
    return tmp_path / "serveur.db"


def test_the_new_one_opens_it_and_the_former_one_no_more(
    plant: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    key = keys.unwrap(plant, OLD)
    Path("nouvelle.txt").write_text(f"{NEW}\n", "utf-8")
    assert main(["change-passphrase", "--new-passphrase-file", "nouvelle.txt"]) == 0
    assert keys.unwrap(plant, NEW) == key
    with pytest.raises(WrongKey):
        keys.unwrap(plant, OLD)
    assert main(["devices"]) == 3
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", NEW)
    assert main(["devices"]) == 0
    capsys.readouterr()
    assert main(["audit", "--own", "--json"]) == 0
    (noted,) = json.loads(capsys.readouterr().out)
    assert (noted["action"], noted["outcome"]) == ("passphrase.changed", "done")


def test_a_weak_one_or_a_wrong_one_changes_nothing(
    plant: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    before = keys.key_file(plant).read_bytes()
    monkeypatch.setenv("MANCHENGO_NEW_PASSPHRASE", "motdepasse")
    assert main(["change-passphrase"]) == 2
    assert "vite devinée" in capsys.readouterr().err
    monkeypatch.setenv("MANCHENGO_NEW_PASSPHRASE", NEW)
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "une autre phrase entière")
    assert main(["change-passphrase"]) == 3
    assert keys.key_file(plant).read_bytes() == before


def test_a_weak_one_begins_no_plant(plant: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "motdepasse")
    assert main(["init", "--plant", "Autre", "--db", "autre.db"]) == 2
    assert not Path("autre.db").exists()
    assert not Path("autre.db.key").exists()


@pytest.mark.parametrize("is_rekeyed", [False, True])
def test_a_backup_of_before_is_put_back_with_its_own_passphrase(
    is_rekeyed: bool, plant: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert main(["backup", "avant.db"]) == 0
    if is_rekeyed:
        assert main(["rekey"]) == 0
    monkeypatch.setenv("MANCHENGO_NEW_PASSPHRASE", NEW)
    assert main(["change-passphrase"]) == 0
    assert main(["restore", "avant.db"]) == 0, "with the passphrase of then"
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", OLD if is_rekeyed else NEW)
    assert main(["begin-epoch"]) == 0, "the recovery of the log was opened"
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", NEW if is_rekeyed else OLD)
    assert main(["devices"]) == 3


# ---------------------------------------------------------------- another key


def test_the_same_passphrase_opens_it_under_another_key(plant: Path, capsys: Captured) -> None:
    former = keys.unwrap(plant, OLD)
    assert main(["backup", "avant.db"]) == 0
    assert main(["rekey"]) == 0
    assert "sous une nouvelle clé" in capsys.readouterr().out
    key = keys.unwrap(plant, OLD)
    assert key != former
    with pytest.raises(StorageError):
        SqliteStore.open(plant, key=former).close()
    assert keys.unwrap(plant.with_name("avant.db"), OLD) == former
    assert main(["backup", "avant.db"]) == 3
    assert main(["backup", "apres.db"]) == 0
    capsys.readouterr()
    assert main(["audit", "--own", "--json"]) == 0
    noted = [each["action"] for each in json.loads(capsys.readouterr().out)]
    assert "database.rekeying" in noted


def test_under_a_server_that_runs_nothing_is_encrypted_again(plant: Path, capsys: Captured) -> None:
    former = keys.unwrap(plant, OLD)
    with SqliteStore.open(plant, key=former):
        assert main(["rekey"]) == 3
    assert "serveur.db" in capsys.readouterr().err
    assert keys.unwrap(plant, OLD) == former
    assert not keys.read(keys.key_file(plant)).is_changing
    assert main(["devices"]) == 0


def test_a_wrong_passphrase_encrypts_nothing_again(
    plant: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = plant.read_bytes(), keys.key_file(plant).read_bytes()
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "une autre phrase entière")
    assert main(["rekey"]) == 3
    assert (plant.read_bytes(), keys.key_file(plant).read_bytes()) == before


def test_in_postgresql_there_is_no_key_to_replace(
    plant: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("MANCHENGO_DATABASE", "postgresql://localhost/manchengo")
    for command in (["rekey"], ["change-passphrase"]):
        assert main(command) != 0
        assert "manchengo-server keys" in capsys.readouterr().err
