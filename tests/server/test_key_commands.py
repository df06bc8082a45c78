"""The keys of the server at its own terminal: what is said, and what is refused."""

import io
import json
import os
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import keyring
import pytest

from manchengo_presenters import language
from manchengo_server import key_sources, serving
from manchengo_server.main import main
from manchengo_server.plant import SIGNING_KEY
from manchengo_server.settings import Settings
from manchengo_sqlite import SqliteStore, keys
from tests.sqlite.test_keys import Drawer
from tests.support.postgres import postgres

PHRASE = "une phrase de passe"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("MANCHENGO_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MANCHENGO_DATABASE", "serveur.db")
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", PHRASE)
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return tmp_path


@pytest.fixture
def plant(folder: Path, capsys: Captured) -> Path:
    """Begun before keys were sealed."""
    assert main(["init", "--plant", "Laiterie"]) == 0
    capsys.readouterr()
    return folder / "serveur.db"


@pytest.fixture
def sealed(plant: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> Path:
    assert main(["keys", "new", "cle.txt"]) == 0
    monkeypatch.setenv("MANCHENGO_SERVER_KEY_FILE", "cle.txt")
    assert main(["keys", "wrap"]) == 0
    capsys.readouterr()
    return plant


def printed(capsys: Captured) -> tuple[str, str]:
    captured = capsys.readouterr()
    return captured.out, captured.err


def signing_key(plant: Path) -> str:
    key = keys.unwrap(plant, PHRASE)
    with SqliteStore.open(plant, key=key) as store, store.reading() as snapshot:
        return snapshot.setting(SIGNING_KEY) or ""


def test_a_server_of_before_is_sealed_and_goes_on(sealed: Path, capsys: Captured) -> None:
    assert signing_key(sealed).startswith("sealed-1 ")
    assert main(["first-code"]) == 0
    assert main(["keys", "show", "--json"]) == 0
    shown = json.loads(printed(capsys)[0].splitlines()[-1])
    assert shown["wrapping_key"] == key_sources.from_file(Path("cle.txt")).id
    assert main(["keys", "wrap"]) == 0
    assert "already" in printed(capsys)[0]


def test_without_the_wrapping_key_nothing_is_served(
    sealed: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.delenv("MANCHENGO_SERVER_KEY_FILE")
    monkeypatch.setattr(language, "_chosen", "fr")
    for words in (["serve", "--port", "0"], ["first-code"], ["devices"]):
        assert main(words) == 3
        errors = printed(capsys)[1]
        assert "MANCHENGO_SERVER_KEY_FILE" in errors
        assert "scellées" in errors


def test_a_new_server_is_sealed_where_a_key_is_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANCHENGO_SERVER_KEY", "ab" * 32)
    assert main(["init", "--plant", "Laiterie"]) == 0
    assert signing_key(folder / "serveur.db").startswith("sealed-1 ")
    assert "ab" * 32 not in repr(Settings())


def test_the_keyring_of_the_computer_may_hold_it(
    plant: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(Drawer())
    monkeypatch.setenv("MANCHENGO_SERVER_KEYRING", "1")
    try:
        assert main(["keys", "wrap"]) == 3
        assert "keyring" in printed(capsys)[1]
        assert main(["keys", "new", "--keyring"]) == 0
        assert main(["keys", "wrap"]) == 0
        assert main(["first-code"]) == 0
        assert main(["keys", "new", "--keyring"]) == 3
        assert "left as it is" in printed(capsys)[1]
    finally:
        keyring.set_keyring(before)


@pytest.mark.skipif(os.name != "posix", reason="needs the rights of POSIX")
@pytest.mark.parametrize("rights", [0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused(sealed: Path, rights: int, capsys: Captured) -> None:
    Path("cle.txt").chmod(rights)
    assert main(["first-code"]) == 3
    assert "chmod 600" in printed(capsys)[1]


@pytest.mark.parametrize("content", ["", "00" * 31, "zz" * 32, "é" * 64], ids=range(4))
def test_a_file_that_holds_no_key_is_named(sealed: Path, content: str, capsys: Captured) -> None:
    Path("cle.txt").write_text(content, "utf-8")
    assert main(["first-code"]) == 3
    assert "cle.txt" in printed(capsys)[1]


def test_a_file_that_is_missing_is_named(sealed: Path, capsys: Captured) -> None:
    Path("cle.txt").unlink()
    assert main(["first-code"]) == 3
    assert "cle.txt" in printed(capsys)[1]


def test_no_key_is_written_over_another(sealed: Path, capsys: Captured) -> None:
    before = Path("cle.txt").read_bytes()
    assert main(["keys", "new", "cle.txt"]) == 3
    assert Path("cle.txt").read_bytes() == before


def test_the_wrapping_key_itself_is_replaced(
    sealed: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert main(["keys", "new", "autre.txt"]) == 0
    monkeypatch.setenv("MANCHENGO_SERVER_KEY_FILE", "autre.txt")
    assert main(["first-code"]) == 3
    assert main(["keys", "wrap", "--former-key-file", "cle.txt"]) == 0
    assert main(["first-code"]) == 0


def test_sealing_needs_a_key(plant: Path, capsys: Captured) -> None:
    assert main(["keys", "wrap"]) == 2
    assert "keys new" in printed(capsys)[1]


def test_tokens_get_another_key(sealed: Path, capsys: Captured) -> None:
    for words in (["keys", "renew-tokens"], ["keys", "renew-tokens", "--at-once"]):
        assert main(words) == 0
    assert "next request" in printed(capsys)[0]


def test_files_get_another_key(sealed: Path, capsys: Captured) -> None:
    assert main(["keys", "renew-bundles"]) == 0
    said, hint = printed(capsys)
    assert "30 days" in said
    assert "Back the server up" in hint
    assert main(["keys", "renew-bundles", "--days", "7"]) == 0
    assert "7 days" in printed(capsys)[0]
    assert main(["keys", "renew-bundles", "--at-once"]) == 0
    assert "not read any more" in printed(capsys)[0]
    for words in (["--days", "0"], ["--days", "366"], ["--days", "7", "--at-once"]):
        assert main(["keys", "renew-bundles", *words]) == 2


def test_the_next_signing_key_is_shown_and_signs_nothing_yet(
    sealed: Path, capsys: Captured
) -> None:
    assert main(["keys", "show", "--json"]) == 0
    present = json.loads(printed(capsys)[0])["public_key"]
    assert main(["keys", "replace-signing"]) == 0
    coming, hint = printed(capsys)
    assert f"devices server-key {coming.strip()}" in hint
    assert main(["keys", "replace-signing"]) == 0
    assert printed(capsys)[0] == coming
    assert main(["keys", "show", "--json"]) == 0
    assert json.loads(printed(capsys)[0])["public_key"] == present != coming.strip()


# ---------------------------------------------------------------- copies


def test_a_backup_says_which_key_it_needs_beside(
    sealed: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    key = key_sources.from_file(Path("cle.txt")).id
    assert main(["backup", "nuit.db"]) == 0
    assert key in printed(capsys)[0]
    before = sha256(sealed.read_bytes()).digest()
    monkeypatch.setenv("MANCHENGO_SERVER_KEY", "cd" * 32)
    monkeypatch.delenv("MANCHENGO_SERVER_KEY_FILE")
    assert main(["restore", "nuit.db"]) == 3
    assert key in printed(capsys)[1]
    assert sha256(sealed.read_bytes()).digest() == before
    monkeypatch.setenv("MANCHENGO_SERVER_KEY_FILE", "cle.txt")
    assert main(["restore", "nuit.db"]) == 0
    assert main(["first-code"]) == 0


def test_a_backup_from_before_the_keys_were_sealed_is_sealed_when_restored(
    plant: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["backup", "avant.db"]) == 0
    assert main(["keys", "new", "cle.txt"]) == 0
    monkeypatch.setenv("MANCHENGO_SERVER_KEY_FILE", "cle.txt")
    assert main(["keys", "wrap"]) == 0
    assert main(["restore", "avant.db"]) == 0
    assert main(["first-code"]) == 0
    assert signing_key(plant).startswith("sealed-1 ")


# ---------------------------------------------------------------- PostgreSQL


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("MANCHENGO_DATABASE")
    monkeypatch.setenv("DATABASE_URL", postgres().url())
    monkeypatch.setenv("MANCHENGO_PLANT", str(uuid4()))
    return postgres().url()


def test_a_plant_in_postgresql_begins_sealed_or_says_that_it_is_a_trial(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert main(["init", "--plant", "Laiterie"]) == 3
    assert "MANCHENGO_SERVER_KEY_FILE" in printed(capsys)[1]
    assert main(["init", "--plant", "Essai", "--clear"]) == 0
    monkeypatch.setenv("MANCHENGO_PLANT", str(uuid4()))
    monkeypatch.setenv("MANCHENGO_SERVER_KEY", "ab" * 32)
    assert main(["init", "--plant", "Laiterie"]) == 0
    assert main(["first-code"]) == 0


def test_a_plant_of_before_in_postgresql_goes_on_with_a_warning(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert main(["init", "--plant", "Laiterie", "--clear"]) == 0
    monkeypatch.setattr(serving, "_run", lambda *_: None)
    assert main(["serve", "--port", "0"]) == 0
    assert "keys wrap" in printed(capsys)[1]
    monkeypatch.setenv("MANCHENGO_SERVER_KEY", "ab" * 32)
    assert main(["serve", "--port", "0"]) == 3
    assert main(["keys", "wrap"]) == 0
    capsys.readouterr()
    assert main(["serve", "--port", "0"]) == 0
    assert "keys wrap" not in printed(capsys)[1]
