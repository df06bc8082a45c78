"""Another passphrase for the database, by the command of a person."""

import json
from pathlib import Path

import pytest

from manchengo_sqlite import keys
from tests.cli.running import Run, done, one_line, run

OLD, NEW = "trois fromages et un chat", "une vache bleue sous la pluie"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With an encrypted database in it, and the two passphrases in files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MANCHENGO_DB", "atelier.db")
    (tmp_path / "ancienne.txt").write_text(OLD, "utf-8")
    (tmp_path / "nouvelle.txt").write_text(NEW, "utf-8")
    done("init", "--admin", "amina", "--passphrase-file", "ancienne.txt")
    return tmp_path


def changes(*words: str) -> Run:
    return run("passphrase", "change", "--passphrase-file", "ancienne.txt", *words)


def test_the_new_passphrase_opens_it_and_the_old_one_no_more(folder: Path) -> None:
    ran = changes("--new-passphrase-file", "nouvelle.txt")
    assert ran.code == 0
    assert "s’ouvrent avec la phrase d’avant" in one_line(ran.out)
    done("stats", "--passphrase-file", "nouvelle.txt")
    assert run("stats", "--passphrase-file", "ancienne.txt").code == 3
    audit = json.loads(done("audit", "--json", "--passphrase-file", "nouvelle.txt").out)
    assert "passphrase.changed" in [each["action"] for each in audit]


def test_a_backup_opens_with_the_passphrase_that_it_was_made_with(folder: Path) -> None:
    done("backup", "lundi.db", "--passphrase-file", "ancienne.txt")
    assert changes("--new-passphrase-file", "nouvelle.txt").code == 0
    done("backup", "mardi.db", "--passphrase-file", "nouvelle.txt")
    done("stats", "--db", "lundi.db", "--passphrase-file", "ancienne.txt")
    done("stats", "--db", "mardi.db", "--passphrase-file", "nouvelle.txt")


@pytest.mark.parametrize("weak", ["motdepasse", "amina2026", "atelier", "12345678", "lait"])
def test_a_passphrase_that_would_be_guessed_makes_no_database(tmp_path: Path, weak: str) -> None:
    (tmp_path / "phrase.txt").write_text(weak, "utf-8")
    new = tmp_path / "atelier.db"
    words = ("init", "--admin", "amina", "--db", str(new))
    ran = run(*words, "--passphrase-file", str(tmp_path / "phrase.txt"))
    assert ran.code == 2
    assert "serait vite devinée" in one_line(ran.err)
    assert "Trois ou quatre mots" in one_line(ran.err)
    assert list(tmp_path.glob("atelier*")) == []


@pytest.mark.parametrize(
    ("present", "chosen", "code"),
    [(OLD, "motdepasse", "SecretTooWeak"), ("une autre phrase entière", NEW, "WrongKey")],
    ids=["weak", "not the one"],
)
def test_a_weak_passphrase_or_a_wrong_one_changes_nothing(
    folder: Path, present: str, chosen: str, code: str
) -> None:
    before = keys.key_file(folder / "atelier.db").read_bytes()
    (folder / "ancienne.txt").write_text(present, "utf-8")
    (folder / "nouvelle.txt").write_text(chosen, "utf-8")
    ran = changes("--new-passphrase-file", "nouvelle.txt", "--json")
    assert ran.code != 0
    assert ran.fault["error"] == code
    assert keys.key_file(folder / "atelier.db").read_bytes() == before


def test_the_new_one_may_come_from_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANCHENGO_NEW_PASSPHRASE", NEW)
    assert changes().code == 0
    done("stats", "--passphrase-file", "nouvelle.txt")


def test_a_database_in_clear_has_none(folder: Path) -> None:
    done("init", "--admin", "amina", "--clear", "--db", "essai.db")
    ran = changes("--new-passphrase-file", "nouvelle.txt", "--db", "essai.db")
    assert ran.code != 0
    assert "n’est pas chiffrée" in one_line(ran.err)
