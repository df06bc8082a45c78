"""The key of a database: sealed by a passphrase or in the system's keyring, never in clear."""

import json
import os
import stat
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked

from manchengo_sqlite.errors import (
    EmptyPassphrase,
    KeyFileDamaged,
    KeyFileMissing,
    KeyFileTooNew,
    KeyringMissing,
    NoPermission,
    PassphraseTooShort,
    WrongKey,
)
from manchengo_sqlite.keys import (
    change_passphrase,
    key_file,
    load_from_keyring,
    new_key,
    store_in_keyring,
    unwrap,
    wrap_with_passphrase,
)
from manchengo_sqlite.sealing import checksum
from tests.sqlite.witness import closed_dairy, settings_in
from tests.support.cheap_keys import CHEAP, USUAL, seals_at

PHRASE = "le fromage de chèvre"


class Drawer(KeyringBackend):
    """A keyring in memory, as good as the system's."""

    priority: float = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring leaves it without types
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked("locked")
        self.kept[service, username] = password


class Notebook(Drawer):
    """As the keyrings that write passwords into a text file say of themselves."""

    priority = 0.5


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    before = keyring.get_keyring()
    drawer = Drawer()
    keyring.set_keyring(drawer)
    yield drawer
    keyring.set_keyring(before)


def test_a_new_key_is_32_bytes_and_never_the_same() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {32}


def test_the_passphrase_gives_the_key_back_and_the_key_opens_the_database(tmp_path: Path) -> None:
    path, key = tmp_path / "atelier.db", new_key()
    closed_dairy(path, key, marque="x")
    wrap_with_passphrase(path, key, PHRASE, cost=CHEAP)
    assert unwrap(path, PHRASE) == key
    assert settings_in(path, unwrap(path, PHRASE)) == {"marque": "x"}


def test_the_default_cost_is_64_mebibytes_and_is_written_down(tmp_path: Path) -> None:
    with seals_at(USUAL):
        wrap_with_passphrase(tmp_path / "a.db", new_key(), PHRASE)
    (way,) = json.loads((tmp_path / "a.db.key").read_text())["ways"]
    assert (way["kdf"], way["passes"], way["memory_kib"]) == ("argon2id", 3, 65536)
    assert len(unwrap(tmp_path / "a.db", PHRASE)) == 32


@pytest.mark.parametrize("wrong", ["Le fromage de chèvre", "le fromage de chevre", PHRASE + " "])
def test_another_passphrase_is_refused(wrong: str, tmp_path: Path) -> None:
    wrap_with_passphrase(tmp_path / "a.db", new_key(), PHRASE, cost=CHEAP)
    with pytest.raises(WrongKey):
        unwrap(tmp_path / "a.db", wrong)


def test_an_accent_is_the_same_from_any_keyboard(tmp_path: Path) -> None:
    key = new_key()
    wrap_with_passphrase(tmp_path / "a.db", key, "ch\u00e8vre et thym", cost=CHEAP)
    assert unwrap(tmp_path / "a.db", "che\u0300vre et thym") == key


def test_an_empty_passphrase_protects_nothing(tmp_path: Path) -> None:
    with pytest.raises(EmptyPassphrase):
        wrap_with_passphrase(tmp_path / "a.db", new_key(), "", cost=CHEAP)
    assert os.listdir(tmp_path) == []


def test_a_short_passphrase_protects_too_little(tmp_path: Path) -> None:
    for short in ("a", "fromage", "  fromage  "):
        with pytest.raises(PassphraseTooShort):
            wrap_with_passphrase(tmp_path / "a.db", new_key(), short, cost=CHEAP)
    assert os.listdir(tmp_path) == []


def test_changing_the_passphrase_keeps_the_key_and_closes_the_old_way(tmp_path: Path) -> None:
    path, key = tmp_path / "a.db", new_key()
    wrap_with_passphrase(path, key, PHRASE, cost=CHEAP)
    change_passphrase(path, old=PHRASE, new="une autre", cost=CHEAP)
    assert unwrap(path, "une autre") == key
    with pytest.raises(WrongKey):
        unwrap(path, PHRASE)


def test_a_change_with_a_wrong_passphrase_changes_nothing(tmp_path: Path) -> None:
    path, key = tmp_path / "a.db", new_key()
    wrap_with_passphrase(path, key, PHRASE, cost=CHEAP)
    before = key_file(path).read_bytes()
    for old, new, refusal in (("faux", "x", WrongKey), (PHRASE, "", EmptyPassphrase)):
        with pytest.raises(refusal):
            change_passphrase(path, old=old, new=new, cost=CHEAP)
    assert key_file(path).read_bytes() == before


def test_the_key_file_holds_no_clear_key_and_is_for_its_owner_alone(
    tmp_path: Path, drawer: Drawer
) -> None:
    path, key = tmp_path / "a.db", new_key()
    wrap_with_passphrase(path, key, PHRASE, cost=CHEAP)
    store_in_keyring(path, key)
    content = key_file(path).read_bytes()
    for shape in (key, key.hex().encode(), key.hex().upper().encode(), b64encode(key)):
        assert shape not in content
    assert PHRASE.encode() not in content
    if os.name != "nt":
        assert stat.S_IMODE(key_file(path).stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["a.db.key"]


def test_two_wraps_of_one_key_share_no_byte_of_secret(tmp_path: Path) -> None:
    key = new_key()
    ways = []
    for name in ("a.db", "b.db"):
        wrap_with_passphrase(tmp_path / name, key, PHRASE, cost=CHEAP)
        ways += json.loads(key_file(tmp_path / name).read_text())["ways"]
    assert all(ways[0][part] != ways[1][part] for part in ("salt", "nonce", "key"))


def test_a_wrap_moved_to_another_database_does_not_open(tmp_path: Path) -> None:
    for name in ("a.db", "b.db"):
        wrap_with_passphrase(tmp_path / name, new_key(), PHRASE, cost=CHEAP)
    ours, theirs = (json.loads((tmp_path / f"{name}.db.key").read_text()) for name in "ab")
    ours["ways"] = theirs["ways"]
    del ours["checksum"]
    (tmp_path / "a.db.key").write_text(json.dumps(ours | {"checksum": checksum(ours)}))
    with pytest.raises(WrongKey):
        unwrap(tmp_path / "a.db", PHRASE)


# ---------------------------------------------------------------- the file


def test_a_missing_key_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(KeyFileMissing):
        unwrap(tmp_path / "a.db", PHRASE)
    with pytest.raises(KeyFileMissing):
        load_from_keyring(tmp_path / "a.db")


def test_a_byte_changed_anywhere_is_damage_and_not_a_wrong_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    wrap_with_passphrase(path, new_key(), PHRASE, cost=CHEAP)
    whole = key_file(path).read_bytes()
    for at in range(len(whole)):
        if whole[at : at + 1].isspace():
            continue  # layout says nothing
        key_file(path).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises((KeyFileDamaged, KeyFileTooNew)):
            unwrap(path, PHRASE)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b"42", b"{}}"])
def test_a_file_that_is_no_key_file_is_damaged(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.db.key").write_bytes(content)
    with pytest.raises(KeyFileDamaged):
        unwrap(tmp_path / "a.db", PHRASE)
    with pytest.raises(KeyFileDamaged):
        wrap_with_passphrase(tmp_path / "a.db", new_key(), PHRASE, cost=CHEAP)
    assert (tmp_path / "a.db.key").read_bytes() == content


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("memory_kib", 10**12),
        ("passes", 0),
        ("lanes", 10**6),
        ("passes", "3"),
        ("salt", ""),
        ("nonce", "AAAA"),
        ("key", "not base64 !"),
        ("kind", "telepathy"),
    ],
)
def test_a_key_file_asks_for_nothing_unreasonable(
    part: str, value: str | int, tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    wrap_with_passphrase(path, new_key(), PHRASE, cost=CHEAP)
    document = json.loads(key_file(path).read_text())
    document["ways"][0][part] = value
    del document["checksum"]
    key_file(path).write_text(json.dumps(document | {"checksum": checksum(document)}))
    with pytest.raises(KeyFileDamaged):
        unwrap(path, PHRASE)


def test_a_newer_key_file_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.db.key").write_text('{"version": 3, "doors": []}')
    with pytest.raises(KeyFileTooNew) as refused:
        unwrap(tmp_path / "a.db", PHRASE)
    assert (refused.value.found, refused.value.supported) == (3, 2)


def test_a_failed_write_leaves_the_key_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    wrap_with_passphrase(path, new_key(), PHRASE, cost=CHEAP)
    before = key_file(path).read_bytes()

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(NoPermission):
        change_passphrase(path, old=PHRASE, new="une autre", cost=CHEAP)
    assert key_file(path).read_bytes() == before
    assert os.listdir(tmp_path) == ["a.db.key"]


# ---------------------------------------------------------------- the keyring


def test_the_keyring_gives_the_key_back(tmp_path: Path, drawer: Drawer) -> None:
    path, key = tmp_path / "a.db", new_key()
    store_in_keyring(path, key)
    assert load_from_keyring(path) == key
    ((service, account),) = drawer.kept
    assert service == "manchengo"
    assert account == json.loads(key_file(path).read_text())["database"]


def test_the_keyring_and_a_passphrase_open_the_same_database(
    tmp_path: Path, drawer: Drawer
) -> None:
    path, key = tmp_path / "a.db", new_key()
    store_in_keyring(path, key)
    wrap_with_passphrase(path, key, PHRASE, cost=CHEAP)
    change_passphrase(path, old=PHRASE, new="une autre", cost=CHEAP)
    assert load_from_keyring(path) == unwrap(path, "une autre") == key


def test_two_databases_have_two_places_in_the_keyring(tmp_path: Path, drawer: Drawer) -> None:
    keys = {name: new_key() for name in ("a.db", "b.db")}
    for name, key in keys.items():
        store_in_keyring(tmp_path / name, key)
    assert {name: load_from_keyring(tmp_path / name) for name in keys} == keys


def test_a_way_in_that_was_never_made_says_so(tmp_path: Path, drawer: Drawer) -> None:
    store_in_keyring(tmp_path / "a.db", new_key())
    with pytest.raises(KeyFileMissing):
        unwrap(tmp_path / "a.db", PHRASE)
    wrap_with_passphrase(tmp_path / "b.db", new_key(), PHRASE, cost=CHEAP)
    with pytest.raises(KeyFileMissing):
        load_from_keyring(tmp_path / "b.db")


def test_a_keyring_that_is_locked_or_lost_the_key_says_so(tmp_path: Path, drawer: Drawer) -> None:
    store_in_keyring(tmp_path / "a.db", new_key())
    drawer.locked = True
    with pytest.raises(KeyringMissing, match="locked"):
        load_from_keyring(tmp_path / "a.db")
    drawer.locked = False
    drawer.kept.clear()
    with pytest.raises(KeyringMissing):
        load_from_keyring(tmp_path / "a.db")


@pytest.mark.parametrize(
    "unsafe", [fail.Keyring, null.Keyring, Notebook], ids=["none", "null", "text"]
)
def test_no_key_is_given_to_a_keyring_that_is_none(
    unsafe: type[KeyringBackend], tmp_path: Path, drawer: Drawer
) -> None:
    vault = unsafe()
    keyring.set_keyring(vault)
    with pytest.raises(KeyringMissing):
        store_in_keyring(tmp_path / "a.db", new_key())
    assert os.listdir(tmp_path) == []
    assert not getattr(vault, "kept", None)
