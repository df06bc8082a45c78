"""The program manchengo-server at its own terminal: what it says, and its exit codes."""

import io
import json
import os
import re
import socket
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from manchengo import Role, SystemClock, Uuid7Ids
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditEntry
from manchengo.ports.rows import UserRow
from manchengo_presenters import language
from manchengo_server.main import main
from manchengo_server.service import Service
from manchengo_server.settings import Settings
from manchengo_sqlite import SqliteStore, keys
from manchengo_sqlite.errors import DiskFull
from manchengo_sync import wire
from tests.support.dairy import A_DAIRY
from tests.support.refused_entry import taken_in_before
from tests.support.server import BOSS, DRIVER, Device, Server, a_server, register

PHRASE = "une phrase de passe"

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("MANCHENGO_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    path = tmp_path / "serveur.db"
    monkeypatch.setenv("MANCHENGO_DATABASE", str(path))
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", PHRASE)
    monkeypatch.setattr(language, "_chosen", "en")
    return path


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())


@pytest.fixture
def plant(place: Path, capsys: Captured) -> Path:
    assert main(["init", "--plant", "Laiterie"]) == 0
    capsys.readouterr()
    return place


def printed(capsys: Captured) -> tuple[str, str]:
    captured = capsys.readouterr()
    return captured.out, captured.err


def with_users(plant: Path) -> Server:
    """The first device has brought its users; the file is closed again."""
    with SqliteStore.open(plant, key=keys.unwrap(plant, PHRASE)) as store:
        service = Service.open(store, clock=SystemClock(), ids=Uuid7Ids())
        server = a_server()
        server.service = service
        office = server.device()
        office.does(register(BOSS, "Amina", Role.ADMIN), A_DAIRY)
        service.enrol(office.enrolment(service.first_code().code, "bureau"))
        office.syncs()
    return server


# ---------------------------------------------------------------- beginning


def test_a_plant_begins_in_an_encrypted_file(place: Path, capsys: Captured) -> None:
    assert main(["init", "--plant", "Laiterie des Deux Rives"]) == 0
    out, _ = printed(capsys)
    assert "Laiterie des Deux Rives" in out
    assert place.read_bytes()[:6] != b"SQLite"
    assert keys.key_file(place).exists()


def test_a_trial_may_do_without_encryption_when_it_says_so(place: Path) -> None:
    assert main(["init", "--plant", "Essai", "--clear"]) == 0
    assert place.read_bytes()[:6] == b"SQLite"


def test_nothing_is_begun_over_what_is_there(plant: Path, capsys: Captured) -> None:
    before = plant.read_bytes()
    assert main(["init", "--plant", "Autre"]) == 3
    assert plant.read_bytes() == before
    assert str(plant) in printed(capsys)[1]


def test_a_file_of_a_device_is_no_plant(place: Path, capsys: Captured) -> None:
    with SqliteStore.open(place, key=None, create=True):
        pass
    assert main(["devices"]) == 3
    assert "holds no plant" in printed(capsys)[1]


def test_the_database_may_be_named_on_the_command_line(tmp_path: Path) -> None:
    other = tmp_path / "autre.db"
    assert main(["init", "--plant", "Autre", "--db", str(other)]) == 0
    assert other.exists()


# ---------------------------------------------------------------- the key


def test_another_passphrase_opens_nothing(
    plant: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "une autre")
    assert main(["devices"]) == 3
    assert "not the passphrase" in printed(capsys)[1]


def test_a_passphrase_is_read_from_the_file_that_is_named(
    plant: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.delenv("MANCHENGO_PASSPHRASE")
    assert main(["devices"]) == 3
    assert "MANCHENGO_PASSPHRASE_FILE" in printed(capsys)[1]
    kept = tmp_path / "phrase.txt"
    kept.write_text(f"{PHRASE}\n", encoding="utf-8")
    assert main(["devices", "--passphrase-file", str(kept)]) == 0
    assert main(["devices", "--passphrase-file", str(tmp_path / "nowhere")]) == 3


def test_a_passphrase_typed_at_a_terminal_is_asked_for_twice(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    typed = iter(["", "une", "deux", PHRASE, PHRASE, PHRASE])
    monkeypatch.delenv("MANCHENGO_PASSPHRASE")
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("manchengo_server.passphrase.getpass", lambda _: next(typed))
    assert main(["init", "--plant", "Laiterie"]) == 0
    assert main(["devices"]) == 0
    assert not list(typed)


def test_no_setting_shows_the_passphrase() -> None:
    assert PHRASE not in repr(Settings())


# ---------------------------------------------------------------- devices


def test_codes_are_given_and_devices_listed(plant: Path, capsys: Captured) -> None:
    assert main(["first-code"]) == 0
    out, err = printed(capsys)
    assert re.fullmatch(r"(\w{4}-){2}\w{4}\n", out)
    assert "once" in err
    with_users(plant)
    assert main(["first-code"]) == 1
    assert "a device already" in printed(capsys)[1]
    assert main(["code", "--user", "amina", "--json"]) == 0
    shape = json.loads(printed(capsys)[0])
    assert set(shape) == {"code", "expires_at", "user"}
    assert main(["devices", "--json"]) == 0
    (device,) = json.loads(printed(capsys)[0])
    assert (device["mark"], device["name"], device["withdrawn"]) == ("A", "bureau", "")
    assert device["family"] == "A"


def test_a_device_whose_program_is_of_another_age_is_named(
    plant: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_users(plant)
    of_today = wire.schema_max()
    newer, older = {**of_today, "lot.sung_to": 1}, dict(list(of_today.items())[1:])
    for server_reads, age, advice in (
        (of_today, "same", ""),
        (newer, "older", " program to bring up to date"),
        (older, "newer", " program newer than the server's: bring the server up to date"),
        ({"lot.sung_to": 1}, "apart", " another program than the server's: bring both up to date"),
    ):
        monkeypatch.setattr("manchengo_server.programs.schema_max", lambda it=server_reads: it)
        assert main(["devices", "--json"]) == 0
        (device,) = json.loads(printed(capsys)[0])
        assert device["program"] == age
        assert main(["devices"]) == 0
        assert printed(capsys)[0].rstrip() == f"A   {'bureau':<30} {device['id']}{advice}"


def test_a_code_is_for_somebody_and_for_a_time(plant: Path, capsys: Captured) -> None:
    with_users(plant)
    assert main(["code", "--user", "Personne"]) == 1
    assert "Personne" in printed(capsys)[1]
    assert main(["code", "--user", "Amina", "--minutes", "0"]) == 2


def test_the_terminal_says_whose_code_it_is_and_takes_nobody_for_another(
    plant: Path, capsys: Captured
) -> None:
    office = with_users(plant).devices[0]
    with SqliteStore.open(plant, key=keys.unwrap(plant, PHRASE)) as store:
        office.service = Service.open(store, clock=SystemClock(), ids=Uuid7Ids())
        office.does(register(DRIVER, "Hélène", Role.DRIVER))
        office.syncs()
    printed(capsys)
    for typed in ("hélène", "He\u0301le\u0300ne", " HÉLÈNE "):
        assert main(["code", "--user", typed]) == 0
        assert "It lets in one device of Hélène." in printed(capsys)[1]
    twin = UserRow(id=UserId(UUID(int=501)), name="HÉLÈNE", roles="livreur", active=True)
    with (
        SqliteStore.open(plant, key=keys.unwrap(plant, PHRASE)) as store,
        store.writing() as transaction,  # as a program of before let them in
    ):
        transaction.put([twin])
    assert main(["code", "--user", "hélène"]) == 1
    errors = printed(capsys)[1]
    assert f"HÉLÈNE ({twin.id})" in errors
    assert f"Hélène ({DRIVER})" in errors
    for exact in ("HÉLÈNE", str(twin.id)):
        assert main(["code", "--user", exact, "--json"]) == 0
        assert json.loads(printed(capsys)[0])["user"] == "HÉLÈNE"


def test_a_code_of_the_terminal_lets_a_device_in(plant: Path, capsys: Captured) -> None:
    server = with_users(plant)
    assert main(["code", "--user", "Amina"]) == 0
    code = printed(capsys)[0].strip()
    phone: Device = server.device()
    with SqliteStore.open(plant, key=keys.unwrap(plant, PHRASE)) as store:
        service = Service.open(store, clock=SystemClock(), ids=Uuid7Ids())
        assert service.enrol(phone.enrolment(code)).user_id == BOSS


def test_what_was_done_at_the_server_is_shown(plant: Path, capsys: Captured) -> None:
    with_users(plant)
    printed(capsys)
    assert main(["code", "--user", "Amina"]) == 0
    assert main(["backup", str(plant.with_name("copie.db"))]) == 0
    printed(capsys)
    assert main(["audit", "--own", "--limit", "3"]) == 0
    given, begun, copied = printed(capsys)[0].splitlines()
    assert "session.code_given  done" in given
    assert "backup.begun  done" in begun
    assert "backup.made  done" in copied
    assert main(["audit", "--own", "--json"]) == 0
    shape = json.loads(printed(capsys)[0])[-1]
    assert (shape["action"], shape["user"], shape["count"]) == ("backup.made", None, 1)
    with (
        SqliteStore.open(plant, key=keys.unwrap(plant, PHRASE)) as store,
        store.writing() as transaction,
    ):
        transaction.remove_audit(up_to=1)
    assert main(["audit", "--own"]) == 1
    assert "THE SERVER'S OWN AUDIT WAS TAMPERED WITH" in printed(capsys)[1]


def test_a_disk_that_takes_no_record_is_copied_all_the_same(
    plant: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFull(path=plant)

    with monkeypatch.context() as disk:
        disk.setattr(SqliteStore, "note", full)
        assert main(["backup", str(plant.with_name("copie.db"))]) == 0
    out, err = printed(capsys)
    assert "Copied to" in out
    assert "the audit could not note it" in err
    assert plant.with_name("copie.db").exists()


@pytest.mark.parametrize("facts", ["", "[]", '{"device_id": 1}', '{"device_id": "perdu"}'])
def test_a_record_that_was_changed_is_shown_with_the_others(
    plant: Path, capsys: Captured, facts: str
) -> None:
    nobody = UserId(UUID(int=0))
    entry = AuditEntry(
        at=datetime(2026, 11, 20, 8, tzinfo=UTC),
        user_id=nobody,
        device_id=DeviceId(UUID(int=1)),
        action="session.push",
        outcome="UnknownDevice",
        facts=facts,
    )
    with SqliteStore.open(plant, key=keys.unwrap(plant, PHRASE)) as store:
        store.note(entry)
    printed(capsys)
    assert main(["audit", "--own", "--limit", "1"]) == 0
    assert "session.push  UnknownDevice" in printed(capsys)[0]


def test_a_device_is_withdrawn_by_its_letters(plant: Path, capsys: Captured) -> None:
    with_users(plant)
    assert main(["withdraw", "Z", "--reason", "perdu"]) == 1
    assert main(["withdraw", "A", "--reason", " "]) == 1
    assert main(["withdraw", "A", "--reason", "perdu"]) == 0
    printed(capsys)
    assert main(["devices"]) == 0
    assert "perdu" in printed(capsys)[0]
    assert main(["withdraw", "bureau", "--reason", "perdu"]) == 1


def test_one_more_copy_is_allowed_by_the_letters_of_its_device(
    plant: Path, capsys: Captured
) -> None:
    with_users(plant)
    assert main(["allow-renewal", "Z"]) == 1
    assert "names no device" in printed(capsys)[1]
    assert main(["allow-renewal", "A"]) == 0
    assert "One more copy of bureau (A) may exchange" in printed(capsys)[0]
    assert main(["lift-quota", "A"]) == 0
    assert "bureau (A) may send as much again today" in printed(capsys)[0]
    assert main(["withdraw", "A", "--reason", "perdu"]) == 0
    assert main(["allow-renewal", "A"]) == 1
    assert main(["lift-quota", "A"]) == 1
    assert "was withdrawn" in printed(capsys)[1]


def test_the_audit_of_devices_is_shown_and_what_is_wrong_with_it(
    plant: Path, capsys: Captured
) -> None:
    device = with_users(plant).devices[0]
    printed(capsys)
    assert main(["audit"]) == 0
    assert "No device has sent anything" in printed(capsys)[1]
    assert main(["audit", "--limit", "0"]) == 2
    entry = AuditEntry(
        at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        user_id=BOSS,
        device_id=device.id,
        action="lot.receive",
        outcome="NotPermitted",
        facts="{}",
        count=3,
    )
    record = audit_chain.following(audit_chain.BEGIN, entry)
    with (
        SqliteStore.open(plant, key=keys.unwrap(plant, PHRASE)) as store,
        store.writing() as transaction,
    ):
        transaction.receive_audit(record, at=entry.at, fault="branch")
    printed(capsys)
    assert main(["audit"]) == 1
    shown, wrong = printed(capsys)
    assert "bureau  #1  Amina  lot.receive  NotPermitted  × 3" in shown
    assert "THE SERVER HAD ANOTHER RECORD IN ITS PLACE" in shown
    assert "1 record does not continue" in wrong
    assert main(["audit", "--json"]) == 1
    (shape,) = json.loads(printed(capsys)[0])
    assert (shape["device"], shape["fault"], shape["count"]) == (str(device.id), "branch", 3)


# ---------------------------------------------------------------- copies and files


def test_a_copy_is_made_and_put_back(plant: Path, tmp_path: Path, capsys: Captured) -> None:
    copy = tmp_path / "nuit.db"
    assert main(["backup", str(copy)]) == 0
    assert keys.key_file(copy).exists()
    assert main(["restore", str(copy)]) == 0
    out, _ = printed(capsys)
    assert "before-restore" in out
    assert "begin-epoch" in out
    assert main(["restore"]) == 0
    assert main(["restore", str(tmp_path / "nowhere")]) == 3
    assert main(["begin-epoch"]) == 0
    with SqliteStore.open(plant, key=keys.unwrap(plant, PHRASE)) as store:
        service = Service.open(store, clock=SystemClock(), ids=Uuid7Ids())
        assert len(service.plant.epochs.starts) == 2


def test_until_an_epoch_begins_a_server_put_back_records_nothing(
    plant: Path, tmp_path: Path, capsys: Captured
) -> None:
    with_users(plant)
    copy = tmp_path / "nuit.db"
    assert main(["backup", str(copy)]) == 0
    assert main(["restore", str(copy)]) == 0
    printed(capsys)
    assert main(["withdraw", "A", "--reason", "perdu"]) == 1
    assert "begin-epoch" in printed(capsys)[1]
    assert main(["begin-epoch"]) == 0
    assert "0 entries were taken back" in printed(capsys)[0]
    assert main(["withdraw", "A", "--reason", "perdu"]) == 0
    assert main(["begin-epoch"]) == 1
    assert "was not put back from a backup" in printed(capsys)[1]


def test_an_entry_that_devices_refuse_is_named_and_judged_again(
    plant: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = with_users(plant)
    with SqliteStore.open(plant, key=keys.unwrap(plant, PHRASE)) as store:
        service = Service.open(store, clock=SystemClock(), ids=Uuid7Ids())
        (office,) = server.devices
        office.service = service
        place = taken_in_before(service, office, monkeypatch)
    assert main(["mend-log", "--entry", str(place - 1)]) == 1
    assert "is not the first one that devices refuse" in printed(capsys)[1]
    assert main(["mend-log"]) == 1
    named = printed(capsys)[0]
    assert f"entry {place} of the log" in named
    assert "by Amina on “bureau”" in named
    assert f"mend-log --entry {place}" in named
    assert main(["mend-log", "--entry", str(place)]) == 0
    assert f"Entry {place} is judged otherwise now" in printed(capsys)[0]
    assert main(["mend-log"]) == 0
    assert "nothing to mend" in printed(capsys)[0]


def test_the_copy_of_last_night_is_brought_up_to_date(
    plant: Path, tmp_path: Path, capsys: Captured
) -> None:
    copy = tmp_path / "nuit.db"
    assert main(["backup", str(copy)]) == 0
    with_users(plant)
    assert main(["backup", str(copy)]) == 0
    assert main(["restore", str(copy)]) == 0
    printed(capsys)
    assert main(["devices", "--json"]) == 0
    assert [each["name"] for each in json.loads(printed(capsys)[0])] == ["bureau"]


def test_a_copy_that_holds_more_than_the_database_is_left_alone(
    plant: Path, tmp_path: Path, capsys: Captured
) -> None:
    earlier, later = tmp_path / "soir.db", tmp_path / "nuit.db"
    assert main(["backup", str(earlier)]) == 0
    with_users(plant)
    assert main(["backup", str(later)]) == 0
    assert main(["restore", str(earlier)]) == 0
    printed(capsys)
    before = later.read_bytes()
    assert main(["backup", str(later)]) == 3
    assert "nuit.db" in printed(capsys)[1]
    assert later.read_bytes() == before


def test_a_file_that_is_no_backup_is_left_alone(
    plant: Path, tmp_path: Path, capsys: Captured
) -> None:
    other = tmp_path / "lettre.txt"
    other.write_text("bonjour")
    assert main(["backup", str(other)]) == 3
    assert "Something is at" in printed(capsys)[1]
    assert other.read_text() == "bonjour"


def test_a_file_that_is_no_request_is_not_answered(
    plant: Path, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "request").write_bytes(b"bonjour")
    assert main(["bundle", str(tmp_path / "request"), str(tmp_path / "answer")]) == 1
    assert "no request that this server may read. Write it again" in printed(capsys)[1]
    assert not (tmp_path / "answer").exists()
    assert main(["bundle", str(tmp_path / "nowhere"), str(tmp_path / "answer")]) == 3


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    "words", [[], ["danser"], ["init"], ["serve", "--port", "x"], ["code", "--nobody"]]
)
def test_what_is_not_understood_is_said_so(words: list[str], capsys: Captured) -> None:
    assert main(words) == 2
    out, err = printed(capsys)
    assert "--help" in err
    assert not out


@pytest.mark.parametrize(
    "words",
    [["serve", "--port", "99999"], ["serve", "--workers", "0"], ["serve", "--host", "a..b"]],
    ids=" ".join,
)
def test_settings_that_are_not_right_are_named(words: list[str], capsys: Captured) -> None:
    assert main(words) == 2
    assert words[1].strip("-") in printed(capsys)[1]


def test_an_address_that_is_taken_is_said_so(plant: Path, capsys: Captured) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 3
    assert str(port) in printed(capsys)[1]


def test_there_is_no_server_without_a_database(place: Path, capsys: Captured) -> None:
    for words in (["serve", "--port", "0"], ["devices"], ["first-code"]):
        assert main(words) == 3
        assert "manchengo-server init" in printed(capsys)[1]


def test_a_fault_of_ours_shows_no_traceback(
    plant: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Service, "families", broken)
    assert main(["devices"]) == 3
    assert "Traceback" not in printed(capsys)[1]
    monkeypatch.setenv("MANCHENGO_DEBUG", "1")
    assert main(["devices"]) == 3
    assert "Traceback" in printed(capsys)[1]


@pytest.mark.parametrize("taken", ["serveur.db", "serveur.db.key", "aller.mnch", "notes.txt"])
def test_an_answer_is_written_over_no_file(
    plant: Path, tmp_path: Path, capsys: Captured, taken: str
) -> None:
    """Neither the key nor the database, nor what somebody wrote."""
    request, out = tmp_path / "aller.mnch", tmp_path / taken
    request.write_bytes(b"a request")
    out = {"serveur.db": plant, "serveur.db.key": keys.key_file(plant)}.get(taken, out)
    if taken == "notes.txt":
        out.write_text("précieux", encoding="utf-8")
    before = out.read_bytes()
    printed(capsys)
    assert main(["bundle", str(request), str(out)]) == 3
    assert "nothing is ever written over" in printed(capsys)[1]
    assert out.read_bytes() == before


def test_a_backup_is_written_over_no_file(plant: Path, tmp_path: Path, capsys: Captured) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("précieux", encoding="utf-8")
    for taken in (keys.key_file(plant), notes):
        before = taken.read_bytes()
        assert main(["backup", str(taken)]) != 0
        assert taken.read_bytes() == before
    assert main(["backup", str(plant)]) != 0
    assert main(["audit", "--own"]) == 0, "it opens, and has noted that somebody tried"


def test_of_an_answer_that_was_not_given_nothing_is_left(plant: Path, tmp_path: Path) -> None:
    out = tmp_path / "retour.mnch"
    assert main(["bundle", str(tmp_path / "nowhere"), str(out)]) == 3
    assert not out.exists()


def test_the_help_of_a_subcommand_says_once_how_it_is_used(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["keys", "new", "--help"])
    assert capsys.readouterr().out.startswith(language._("Usage: ") + "manchengo-server keys new [")


def test_help_says_every_command(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--help"])
    assert done.value.code == 0
    out, _ = printed(capsys)
    for name in (
        "init",
        "serve",
        "first-code",
        "code",
        "devices",
        "withdraw",
        "allow-renewal",
        "lift-quota",
        "backup",
        "bundle",
    ):
        assert name in out


# ---------------------------------------------------------------- where


def test_plants_of_one_postgresql_are_told_apart_by_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MANCHENGO_DATABASE")
    monkeypatch.setenv("DATABASE_URL", "postgresql://manchengo@/manchengo")
    assert Settings().is_postgres
    assert Settings(plant="rives").plant_id == Settings(plant="rives").plant_id
    assert Settings(plant="rives").plant_id != Settings(plant="ville").plant_id
    named = Uuid7Ids().new()
    assert Settings(plant=str(named)).plant_id == named


def test_a_postgresql_that_does_not_answer_is_said_so_without_its_password(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("MANCHENGO_DATABASE", "postgresql://moi:motdepasse@127.0.0.1:1/rien")
    assert main(["devices"]) == 3
    _, err = printed(capsys)
    assert "PostgreSQL" in err
    assert "motdepasse" not in err


@pytest.mark.parametrize("key", [EOFError, KeyboardInterrupt])
def test_giving_up_at_the_passphrase_is_no_fault_of_ours(
    key: type[BaseException], place: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def given_up(_asked: str) -> str:
        raise key

    monkeypatch.delenv("MANCHENGO_PASSPHRASE")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("manchengo_server.passphrase.getpass", given_up)
    assert main(["init", "--plant", "Autre"]) == 130
    assert printed(capsys)[1] == "Interrupted: nothing more was recorded.\n"
    assert not place.exists()


# ---------------------------------------------------------------- what is not understood


@pytest.fixture
def in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_chosen", "fr")


@pytest.mark.usefixtures("in_french")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Il manque COMMANDE. Voir manchengo-server --help."),
        ("nothing", "Il n’y a pas de commande « nothing »."),
        ("serve --port abc", "--port attend un nombre entier, et « abc » n’en est pas un."),
        ("serve --port", "L’option --port doit être suivie d’une valeur."),
        ("serve here", "Ceci est de trop ici : here. Voir manchengo-server"),
        ("code", "Il manque --user."),
        ("init", "Donnez --plant ou --from-device."),
        ("init --plant P --from-device x", "Donnez --from-device ou --plant, pas les deux."),
        ("serve --port 99999", "--port (MANCHENGO_PORT) attend un nombre de 65535 au plus."),
        ("serve --workers 0", "--workers (MANCHENGO_WORKERS) attend un nombre de 1 au moins."),
        ("serve --host [::1", "--host (MANCHENGO_HOST) attend le nom ou l’adresse"),
        ("serve --host 0.0.0.0:80", "--host (MANCHENGO_HOST) attend le nom ou l’adresse"),
        ("serve --host a..b", "--host (MANCHENGO_HOST) attend le nom ou l’adresse"),
        ("serve --host 192.0.2.7", "Sur 192.0.2.7, d’autres ordinateurs"),
        (
            "serve --host 192.0.2.7 --allow-http",
            "192.0.2.7 n’est pas une adresse de cet ordinateur. Donnez",
        ),
    ],
)
def test_what_is_not_understood_says_what_to_write(
    words: str, sentence: str, plant: Path, capsys: Captured
) -> None:
    assert main(words.split()) in (2, 3)
    assert sentence in " ".join(printed(capsys)[1].split())


def test_a_port_that_is_taken_says_so(plant: Path, capsys: Captured) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 3
    assert f"Another program listens on port {port}" in printed(capsys)[1]


@pytest.mark.parametrize("host", ["::1", "[::1]", "localhost", "0.0.0.0", "srv_1.exemple.dz"])
def test_a_host_may_be_written_as_in_an_address(host: str) -> None:
    assert Settings(host=host).host == host.strip("[]")


ADDRESSES = [
    f"{scheme}dairy:geheim{rest}"
    for scheme, rest in (
        ("postgresq://", "@h/d"),
        ("postgresql:/", "@h/d"),
        ("postgresql//", "@h/d"),
        ("//", "@h/d"),
        ("", "@h/d"),
        ("mysql://", "@h/d"),
        ("sqlite://", "@h/d"),
        ("postgresql://", "@h:abc/d"),
        ("postgresql://", "@h:99999/d"),
        ("postgresql://", "@h:5432,i:0/d"),
        ("postgresql://", "%@h/d"),
        ("postgresql://", "@geheim@h/d"),
        ("postgresql://", "/geheim@h/d"),
        ("postgresql://", "?geheim@h/d"),
        ("postgresql://", "#geheim@h/d"),
        ("sqlite:///", "@h/d"),
        ("host=h password=", ""),
    )
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("way", ["option", "MANCHENGO_DATABASE", "DATABASE_URL"])
def test_an_address_that_is_none_is_refused_and_its_password_not_shown(
    address: str, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MANCHENGO_DEBUG", "1")
    monkeypatch.delenv("MANCHENGO_DATABASE")
    words = ["--db", address] if way == "option" else []
    if not words:
        monkeypatch.setenv(way, address)
    assert main(["devices", *words]) in (2, 3)
    out, err = printed(capsys)
    assert "geheim" not in out + err
    assert "postgresql://USER:PASSWORD@HOST:5432/DATABASE" in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("address", [" postgresql://u:p@h/d ", "PostgreSQL://u:p@h/d"])
def test_a_scheme_may_be_written_in_any_case(address: str) -> None:
    assert Settings(database=address).database == "postgresql://u:p@h/d"


@pytest.mark.parametrize("name", ["atelier.db", "/srv/a b/é.db", "C:\\base.db", "sqlite:///x.db"])
def test_the_name_of_a_file_is_one(name: str) -> None:
    assert Settings(database=name).database == name
