"""The passphrase of a server's file is chosen, and changed, by those who run it."""

import io
import json
import os
from pathlib import Path

import pytest

from manchengo_presenters import language
from manchengo_server.main import main
from manchengo_sqlite import keys
from manchengo_sqlite.errors import WrongKey

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
