"""A bad day at the door: one French sentence with a way out, exit code 3, the file untouched."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from attrs import frozen

from manchengo_sqlite import connection
from manchengo_sqlite.driver import connect
from manchengo_sqlite.keys import key_file, unwrap, wrap_with_passphrase, write
from manchengo_sqlite.keys import read as read_key_file
from tests.cli.running import Run, done, one_line, run
from tests.faults import hardship
from tests.faults.killing import victim
from tests.sqlite.witness import folder_as_it_is
from tests.support.cheap_keys import CHEAP
from tests.support.signed_in import bring_people

PHRASE = "lait cru, 4 °C"

QUESTION = ("stock",)
OPERATION = ("receive", "LAIT", "10", "--supplier", "F001", "--code", "L9", "--on", "2026-11-20")
CHECK = ("verify",)
REPAIR = ("rebuild",)
ANY_COMMAND = (QUESTION, OPERATION, CHECK, REPAIR)

THE_DAIRY = (
    "product add LAIT Lait --kind MP --unit L --shelf-life 4 --price 62",
    "supplier add F001 Djebbar",
    "receive LAIT 600 --supplier F001 --code L1 --on 2026-11-20",
)


AT_HOME = {
    "MANCHENGO_PASSPHRASE": PHRASE,
    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    "COLUMNS": "100",
}


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "PASSPHRASE_FILE", "LANG", "DEBUG"):
        monkeypatch.delenv(f"MANCHENGO_{name}", raising=False)
    for name, value in AT_HOME.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MANCHENGO_DB", str(tmp_path / "atelier.db"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encrypted database that the program made itself."""
    path = tmp_path_factory.mktemp("made") / "atelier.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MANCHENGO_PASSPHRASE", PHRASE)
        done("init", "--db", str(path), "--admin", "amina")
        # The same key, under a passphrase that costs little to try.
        wrap_with_passphrase(path, unwrap(path, PHRASE), PHRASE, cost=CHEAP)
        for words in THE_DAIRY:
            done("--db", str(path), *words.split())
    return path


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    """A copy of it, where commands look for one."""
    shutil.copyfile(key_file(made), key_file(tmp_path / "atelier.db"))
    bring_people(made, tmp_path / "atelier.db")
    return Path(shutil.copyfile(made, tmp_path / "atelier.db"))


def key_of(db: Path) -> bytes:
    return unwrap(db, PHRASE)


@frozen
class Stated:
    """The name of what is wrong, for programs, and the sentence, for people."""

    name: str
    sentence: str


def refusal(words: tuple[str, ...], db: Path) -> Stated:
    """What is said to a person; the same is said to a program, and nothing was touched."""
    before = folder_as_it_is(db.parent)
    as_text, as_json = run(*words), run(*words, "--json")
    assert folder_as_it_is(db.parent) == before
    return understood(as_text, as_json)


def understood(as_text: Run, as_json: Run) -> Stated:
    assert (as_text.code, as_json.code) == (3, 3), as_text.err + as_text.out
    assert as_text.out == as_json.out == ""
    assert "Traceback" not in as_text.err
    assert one_line(as_json.fault["message"]) == one_line(as_text.err)
    return Stated(as_json.fault["error"], one_line(as_text.err))


# ---------------------------------------------------------------- the file


@frozen
class BadDay:
    """What happened to the file, and the words of the sentence that show the way out."""

    befall: Callable[[Path], object]
    name: str
    way_out: str


def first_half(db: Path) -> None:
    content = db.read_bytes()
    db.write_bytes(content[: len(content) // 2 // 4096 * 4096])


def one_page_damaged(db: Path) -> None:
    content = bytearray(db.read_bytes())
    content[100] ^= 1
    db.write_bytes(content)


def a_folder(db: Path) -> None:
    db.unlink()
    db.mkdir()
    (db / "note.txt").write_text("rien", "utf-8")


def another_programs(db: Path) -> None:
    db.unlink()
    key_file(db).unlink()
    with closing(sqlite3.connect(db)) as other:
        other.execute("CREATE TABLE photos (id)")


def a_later_version(db: Path) -> None:
    with closing(connect(db, key_of(db), how="mode=rw")) as ours:
        ours.execute("PRAGMA user_version = 99")
        ours.execute("PRAGMA journal_mode = DELETE")


def in_clear(db: Path) -> None:
    db.unlink()
    shutil.move(key_file(db), db.with_name("aside"))
    done("init", "--db", str(db), "--admin", "amina", "--clear")
    shutil.move(db.with_name("aside"), key_file(db))


def only_in_the_keyring(db: Path) -> None:
    held = read_key_file(key_file(db))
    write(key_file(db), type(held)(database=held.database, in_keyring=True))


def another_phrase(db: Path) -> None:
    wrap_with_passphrase(db, key_of(db), "un autre", cost=CHEAP)


def a_later_key_file(db: Path) -> None:
    content = json.loads(key_file(db).read_text("utf-8"))
    key_file(db).write_text(json.dumps(content | {"version": 99}), "utf-8")


BAD_DAYS = {
    "it is gone": BadDay(lambda db: db.unlink(), "DatabaseMissing", "manchengo init"),
    "another key": BadDay(another_phrase, "WrongKey", "réessayez"),
    "no key file": BadDay(lambda db: key_file(db).unlink(), "NeedsKey", "Remettez"),
    "a damaged key file": BadDay(
        lambda db: key_file(db).write_bytes(b"{"), "KeyFileDamaged", "sauvegarde"
    ),
    "a later key file": BadDay(a_later_key_file, "KeyFileTooNew", "mettez"),
    "a keyring that is not there": BadDay(only_in_the_keyring, "KeyringMissing", "phrase secrète"),
    "cut in half": BadDay(first_half, "DatabaseTruncated", "restaurez"),
    "nothing left of it": BadDay(lambda db: db.write_bytes(b""), "DatabaseTruncated", "restaurez"),
    "a damaged page": BadDay(one_page_damaged, "DatabaseCorrupt", "manchengo restore"),
    "a text": BadDay(lambda db: db.write_text("Du lait", "utf-8"), "NotADatabase", "chemin"),
    "a picture": BadDay(
        lambda db: db.write_bytes(b"\xff\xd8\xff\xe0" + b"JFIF" * 999), "NotADatabase", "chemin"
    ),
    "a folder": BadDay(a_folder, "NotADatabase", "chemin"),
    "another program's": BadDay(another_programs, "NotOurs", "chemin"),
    "a later version": BadDay(a_later_version, "DatabaseTooNew", "jour"),
    "in clear beside a key": BadDay(in_clear, "NotEncrypted", "chemin"),
}


@pytest.mark.parametrize("words", ANY_COMMAND, ids=lambda words: words[0])
@pytest.mark.parametrize("case", BAD_DAYS)
def test_one_sentence_says_what_it_is_and_the_way_out(
    case: str, words: tuple[str, ...], db: Path
) -> None:
    bad = BAD_DAYS[case]
    bad.befall(db)
    stated = refusal(words, db)
    assert stated.name == bad.name
    assert bad.way_out in stated.sentence


@pytest.mark.parametrize(
    "words",
    [pytest.param(QUESTION, marks=pytest.mark.slow), OPERATION],
    ids=lambda words: words[0],
)
def test_a_file_that_another_program_holds_is_waited_for_and_then_said_to_be_busy(
    words: tuple[str, ...], db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.open_engine.__kwdefaults__ is not None
    monkeypatch.setitem(connection.open_engine.__kwdefaults__, "patience", 0.2)
    with closing(connect(db, key_of(db), how="mode=rw")) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        ran = run(*words, "--json")
    assert (ran.code, ran.fault["error"]) == (3, "DatabaseBusy")
    assert "Attendez" in ran.fault["message"]
    done(*words)


# ---------------------------------------------------------------- the computer


RIGHTS = {"read-only": (0o444, 0o555), "not to be read": (0o000, 0o700)}


def in_hardship(words: Connection, how: str, db: Path, command: tuple[str, ...]) -> None:
    """One command, by somebody with no more rights than others, or on a disk that is full."""
    os.environ.update(AT_HOME)
    file, folder = RIGHTS.get(how, (0o600, 0o700))
    try:
        if how == "full":
            shrink_the_disk(db)
        else:
            hardship.obey_the_rights()
    except hardship.NotHere as missing:
        words.send(missing)
        return
    before = folder_as_it_is(db.parent)
    db.chmod(file)
    db.parent.chmod(folder)
    runs = run("--db", str(db), *command), run("--db", str(db), *command, "--json")
    db.parent.chmod(0o700)
    db.chmod(0o600)
    assert folder_as_it_is(db.parent) == before
    words.send(understood(*runs))


def shrink_the_disk(db: Path) -> None:
    """From now on the folder is on a disk that has room for what is there, and for hardly more."""
    files = [(file, file.read_bytes()) for file in db.parent.iterdir()]
    hardship.small_disk(db.parent, sum(len(content) for _, content in files) // 1024 + 44)
    for file, content in files:
        file.write_bytes(content)


HARDSHIPS = [
    ("read-only", "ReadOnlyDatabase", "vérifiez les droits", ANY_COMMAND),
    ("not to be read", "NoPermission", "Adressez-vous", ANY_COMMAND),
    ("full", "DiskFull", "Faites de la place", (OPERATION, REPAIR)),
]


@pytest.mark.parametrize(
    ("how", "name", "way_out", "words"),
    [(how, name, out, words) for how, name, out, several in HARDSHIPS for words in several],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_what_the_computer_refuses_is_told_with_the_way_out(
    how: str, name: str, way_out: str, words: tuple[str, ...], db: Path
) -> None:
    home = db.parent / "home"
    home.mkdir()
    for file in [*db.parent.glob(f"{db.name}*")]:
        shutil.move(file, home / file.name)
    with victim(in_hardship, how, home / db.name, words) as teller:
        code = teller.end()
        if teller.heard and isinstance(teller.heard[0], hardship.NotHere):
            pytest.skip(str(teller.heard[0]))
        assert code == 0, "the story ended badly: see its traceback on standard error"
        (stated,) = teller.heard
    assert stated.name == name
    assert way_out in stated.sentence


# ---------------------------------------------------------------- what is no bad day at all


@pytest.mark.parametrize(
    "name",
    ["mon atelier.db", "fromagerie d’Aït Ziri — été.db", "50 % #1?.db", "جبن.db", "'\"; --.db"],
)
def test_a_path_with_spaces_and_accents_is_like_any_other(
    name: str, made: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "Données de l’été 2026"
    folder.mkdir()
    db = Path(shutil.copyfile(made, folder / name))
    shutil.copyfile(key_file(made), key_file(db))
    bring_people(made, db)
    copy = folder / f"copie de {name}"
    for words in (*ANY_COMMAND, ("backup", str(copy)), ("restore", str(copy)), QUESTION):
        done("--db", str(db), *words)
