"""Who acts is proved: signing in and out, at a terminal and in scripts, as a person meets it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from manchengo import Role
from manchengo.application.people import users_in_log
from manchengo_cli import person_secret
from manchengo_sqlite import SqliteStore
from manchengo_workplace import inactivity
from manchengo_workplace.people_file import people_file
from manchengo_workplace.sealed_keys import MOST_TRIES
from tests.cli.conftest import DAY
from tests.cli.running import Run, arrives, asked, done, one_line, run
from tests.support.believing import make_believing
from tests.support.signed_in import PASSPHRASE, says_nothing, session_of, sign_out
from tests.workplace.test_inactivity import Computer

ANOTHER = "quatre chèvres au soleil"
SPILT = ("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)

Types = Callable[..., list[str]]
"""Say what a person types next; the list takes what they are asked."""


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Types:
    """A person sits at the terminal."""

    def will_type(*words: str) -> list[str]:
        typed, prompts = iter(words), list[str]()

        def hidden(prompt: str) -> str:
            prompts.append(one_line(prompt))
            return next(typed)

        monkeypatch.setattr(person_secret, "getpass", hidden)
        monkeypatch.setattr(person_secret, "is_at_a_terminal", lambda: True)
        return prompts

    return will_type


@pytest.fixture
def alone_here(dairy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody has signed in, and no file says a passphrase."""
    says_nothing(monkeypatch)
    sign_out(dairy)
    return dairy


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited


def refused(ran: Run, name: str) -> str:
    assert (ran.code, ran.fault["error"]) == (1, name)
    return one_line(ran.fault["message"])


# ------------------------------------------------------------------------ a name proves nothing


def test_a_name_alone_acts_for_nobody(alone_here: Path) -> None:
    output = refused(run(*SPILT, "--user", "amina", "--json"), "SignInNeeded")
    assert "manchengo login amina" in output
    assert "MANCHENGO_PIN_FILE" in output
    refused(run("stock", "--user", "amina", "--json"), "SignInNeeded")


def test_without_a_name_nobody_acts_either(alone_here: Path) -> None:
    refused(run(*SPILT, "--json"), "SignInNeeded")
    refused(run("backup", "copie.db", "--json"), "SignInNeeded")
    assert not Path("copie.db").exists()


def test_a_variable_proves_no_more_than_an_option(
    alone_here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANCHENGO_USER", "amina")
    refused(run(*SPILT, "--json"), "SignInNeeded")


def test_a_driver_cannot_act_as_the_administrator(dairy: Path, types: Types) -> None:
    arrives("karim", "livreur")
    done("login", "karim")
    with pytest.MonkeyPatch.context() as patch:
        says_nothing(patch)
        prompts = types(ANOTHER)
        refused(run("user", "role", "karim", "admin", "--user", "amina", "--json"), "WrongSecret")
    assert prompts == ["Phrase secrète personnelle (amina) :"]
    assert refused(run("user", "role", "karim", "admin", "--json"), "NotPermitted")


# ------------------------------------------------------------------------------------- sessions


def test_who_signs_in_acts_and_signs(alone_here: Path, types: Types) -> None:
    prompts = types(PASSPHRASE)
    assert "amina (administrateur) agit ici, jusqu’à 15 minutes" in one_line(done("login").out)
    assert prompts == ["Phrase secrète personnelle (amina) :"]
    commit = asked(*SPILT)["commit"]
    with SqliteStore.open(alone_here, key=None) as store, store.reading() as snapshot:
        recorded = next(each for each in snapshot.commits() if str(each.id) == commit)
        (amina,) = users_in_log(snapshot)
    assert recorded.user_id == amina.id
    assert recorded.authorship is not None


def test_after_signing_out_nobody_acts(dairy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says_nothing(monkeypatch)
    assert asked("who")["user"] == "amina"
    assert "Session terminée (amina)" in one_line(done("logout").out)
    assert asked("who")["user"] is None
    refused(run(*SPILT, "--json"), "SignInNeeded")
    assert "Personne ne s’était identifié" in one_line(done("logout").out)


def test_a_terminal_asks_for_the_passphrase_once(alone_here: Path, types: Types) -> None:
    prompts = types(PASSPHRASE)
    done(*SPILT)
    done(*SPILT)
    assert prompts == ["Phrase secrète personnelle (amina) :"]
    assert asked("who")["minutes"] == 15


def test_who_only_looks_is_asked_nothing_and_sees_no_price(alone_here: Path, types: Types) -> None:
    prompts = types()
    ran = done("product", "list")
    assert "1 650,00" not in one_line(ran.out).replace("\u202f", " ")
    assert "GOUDA" in ran.out
    assert "Personne ne s’est identifié" in one_line(ran.err)
    assert "manchengo login" in one_line(ran.err)
    assert "price" not in asked("product", "show", "GOUDA")
    assert prompts == []


def test_what_takes_a_right_asks_to_sign_in(alone_here: Path) -> None:
    output = refused(run("recall", "L1", "--reason", "x", "--json"), "SignInNeeded")
    assert "manchengo login" in output


def test_a_session_ends_when_nothing_is_done(dairy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    computer = Computer()
    monkeypatch.setattr(inactivity, "boot_id", lambda: computer.boot)
    monkeypatch.setattr(inactivity, "seconds_up", lambda: computer.up)
    done("login", "--minutes", "20")
    says_nothing(monkeypatch)
    computer.up += 20 * 60
    done(*SPILT)
    computer.up += 20 * 60 + 1
    refused(run(*SPILT, "--json"), "SignInNeeded")


def test_a_session_ends_when_the_computer_is_started_again(
    dairy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says_nothing(monkeypatch)
    monkeypatch.setattr(inactivity, "boot_id", lambda: "another start")
    refused(run(*SPILT, "--json"), "SignInNeeded")


@pytest.mark.parametrize("minutes", ["0", "721"])
def test_a_session_is_no_longer_than_a_working_day(minutes: str, dairy: Path) -> None:
    assert run("login", "--minutes", minutes).code == 2


def test_who_has_left_acts_no_more_in_a_session(
    dairy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrives("karim", "livreur")
    done("login", "karim")
    done("user", "deactivate", "karim", "--user", "amina")
    says_nothing(monkeypatch)
    assert asked("who")["user"] is None


def test_a_session_of_a_key_that_was_replaced_is_over(
    dairy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrives("karim", "livreur")
    session = session_of(dairy)
    done("login", "karim")
    of_karim = session.read_bytes()
    done("login", "amina")
    done("passwd", "karim")
    session.write_bytes(of_karim)
    says_nothing(monkeypatch)
    assert asked("who")["user"] is None


# -------------------------------------------------------------------------------------- scripts


def test_a_script_names_a_file(alone_here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (alone_here.parent / "code").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    monkeypatch.setenv("MANCHENGO_PIN_FILE", str(alone_here.parent / "code"))
    done(*SPILT)
    done(*SPILT, "--user", "amina")
    assert asked("who")["user"] is None  # each command of a script proves it anew


def test_a_file_that_is_not_there_is_said_to_be_so(
    alone_here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANCHENGO_PIN_FILE", "nulle part")
    ran = run(*SPILT, "--json")
    assert (ran.code, ran.fault["error"]) == (3, "PinFileUnreadable")


def test_a_script_without_a_passphrase_makes_no_dairy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says_nothing(monkeypatch)
    ran = run("init", "--admin", "amina", "--clear", "--json")
    assert (ran.code, ran.fault["error"]) == (2, "PinMissing")
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------ wrong tries


@pytest.mark.usefixtures("no_waiting")
def test_after_ten_wrong_tries_a_person_is_locked_out(alone_here: Path, types: Types) -> None:
    types(*[ANOTHER] * MOST_TRIES)
    for left in range(MOST_TRIES - 1, 0, -1):
        assert f"blocage : {left}." in refused(run("login", "--json"), "WrongSecret")
    refused(run("login", "--json"), "LockedOut")
    types(PASSPHRASE)
    output = refused(run("login", "--json"), "LockedOut")
    assert "manchengo user unlock amina" in output


def test_the_next_try_waits_and_says_so(
    alone_here: Path, types: Types, no_waiting: list[float]
) -> None:
    types(*[ANOTHER] * 5)
    runs = [run("login") for _try in range(5)]
    assert no_waiting == [1, 2]
    assert "le suivant attend 2 secondes" in one_line(runs[-1].err)


@pytest.mark.usefixtures("no_waiting")
def test_an_administrator_lets_somebody_in_again(dairy: Path, types: Types) -> None:
    arrives("karim", "livreur")
    types(*[ANOTHER] * MOST_TRIES)
    with pytest.MonkeyPatch.context() as patch:
        says_nothing(patch)
        for _try in range(MOST_TRIES):
            run("stock", "--user", "karim")
    refused(run("stock", "--user", "karim", "--json"), "LockedOut")
    assert "karim a de nouveau accès" in one_line(done("user", "unlock", "karim").out)
    done("stock", "--user", "karim")


@pytest.mark.usefixtures("no_waiting")
def test_a_lost_passphrase_is_replaced_by_an_administrator(dairy: Path, types: Types) -> None:
    arrives("karim", "livreur")
    with pytest.MonkeyPatch.context() as patch:
        says_nothing(patch)
        prompts = types(ANOTHER, ANOTHER)
        done("passwd", "karim")
        assert prompts[0] == "Phrase secrète personnelle à choisir pour karim :"
        types(PASSPHRASE, ANOTHER)
        refused(run("stock", "--user", "karim", "--json"), "WrongSecret")
        done("stock", "--user", "karim")
    with SqliteStore.open(dairy, key=None) as store, store.reading() as snapshot:
        events = [
            event.event_type
            for commit in snapshot.commits()
            for event in commit.events
            if event.event_type.startswith("user.key")
        ]
    assert events == ["user.key_admitted"] * 3 + ["user.key_withdrawn"]


def test_nobody_but_an_administrator_replaces_a_passphrase(dairy: Path) -> None:
    arrives("karim", "livreur")
    done("login", "karim")
    refused(run("passwd", "amina", "--json"), "NotPermitted")
    refused(run("user", "unlock", "amina", "--json"), "NotPermitted")
    done("login", "amina")


def test_one_changes_ones_own_passphrase(
    dairy: Path, types: Types, monkeypatch: pytest.MonkeyPatch
) -> None:
    says_nothing(monkeypatch)
    prompts = types(PASSPHRASE, "fromage", ANOTHER, ANOTHER)
    ran = done("passwd")
    assert "serait vite devinée" in one_line(ran.err)
    assert [prompt.split(" : ")[0] for prompt in prompts] == [
        "Phrase secrète personnelle (amina) :",
        *["Phrase secrète personnelle à choisir pour amina :"] * 2,
        "La même encore une fois :",
    ]
    done("logout")
    types(PASSPHRASE, ANOTHER)
    refused(run("login", "--json"), "WrongSecret")
    done("login")


def test_a_passphrase_is_changed_by_somebody_who_knows_it(
    dairy: Path, types: Types, monkeypatch: pytest.MonkeyPatch
) -> None:
    says_nothing(monkeypatch)
    types(ANOTHER)
    refused(run("passwd", "--json"), "WrongSecret")


@pytest.mark.usefixtures("no_waiting")
def test_what_was_tried_is_in_the_audit(alone_here: Path, types: Types) -> None:
    types(ANOTHER, PASSPHRASE)
    run("login")
    done("login")
    done("logout")
    types(PASSPHRASE)
    noted = [(each["user"], each["action"], each["outcome"]) for each in asked("audit")]
    assert noted[1:4] == [
        ("amina", "session.ended", "done"),
        ("amina", "session.begun", "done"),
        ("amina", "session.refused", "WrongSecret"),
    ]
    assert "phrase secrète ou code PIN faux" in one_line(done("audit").out)


# ------------------------------------------------------------------------------------ invitations


@pytest.fixture
def elsewhere(dairy: Path, tmp_path: Path) -> Path:
    """The database at another computer, where nobody has a key yet."""
    return Path(shutil.copyfile(dairy, tmp_path / "ailleurs.db"))


def test_a_code_lets_somebody_begin_once(dairy: Path, tmp_path: Path) -> None:
    done("user", "add", "karim", "livreur")
    code = asked("user", "invite", "karim")["code"]
    there = ("--db", str(shutil.copyfile(dairy, tmp_path / "ailleurs.db")))
    assert "Désormais karim signe" in one_line(done("passwd", "karim", "--code", code, *there).out)
    assert asked("who", *there)["user"] == "karim"
    done("deliver", "CC-2", "--on", DAY, *there)
    refused(run("passwd", "karim", "--code", code, *there, "--json"), "InvitationUsed")


@pytest.mark.usefixtures("no_waiting")
def test_a_forgotten_passphrase_is_replaced_without_a_network_by_a_code_given_ahead(
    dairy: Path, types: Types, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrives("karim", "livreur")
    code = asked("user", "invite", "karim", "--days", "60")["code"]
    done("logout")
    says_nothing(monkeypatch)
    types(*[ANOTHER] * 10, PASSPHRASE)  # he has forgotten it, and is locked out
    for _ in range(10):
        run("login", "karim")
    refused(run("login", "karim", "--json"), "LockedOut")
    types(ANOTHER, ANOTHER)
    assert "karim (livreur)" in one_line(done("login", "karim", "--code", code).out)
    done("deliver", "CC-2", "--on", DAY)
    done("logout")
    types(ANOTHER)
    done("login", "karim")
    counting = [key for key in asked("user", "keys", "karim")["keys"] if not key["withdrawn_at"]]
    assert len(counting) == 1  # that of the passphrase before counts no more


def test_a_code_is_shown_with_what_to_type(dairy: Path) -> None:
    done("user", "add", "karim", "livreur")
    output = one_line(done("user", "invite", "karim", "--days", "2").out)
    assert "valable jusqu’au 25/11/2026" in output
    assert "manchengo passwd karim --code" in output


def test_another_code_lets_nobody_begin(dairy: Path, elsewhere: Path) -> None:
    for code in ("7KQM-4XRA-9TWB", "fromage"):
        ran = run("passwd", "amina", "--code", code, "--db", str(elsewhere), "--json")
        assert "manchengo sync" in refused(ran, "WrongCode")


def test_a_code_is_given_by_administrators_alone(dairy: Path) -> None:
    arrives("karim", "livreur")
    refused(run("user", "invite", "amina", "--user", "karim", "--json"), "NotPermitted")


def test_a_dairy_of_one_computer_survives_its_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = asked("init", "--admin", "amina", "--clear")["recovery_key"]
    done("supplier", "add", "F001", "Djebbar")
    done("backup", "copie.db")
    (tmp_path / "neuf").mkdir()
    new = ("--db", "neuf/atelier.db")
    done("restore", "copie.db", *new)
    refused(run("supplier", "add", "F002", "Ferme", *new, "--json"), "NoKeyHere")
    done("passwd", "amina", "--code", key.lower().replace("-", " "), *new)
    says_nothing(monkeypatch)
    done("supplier", "add", "F002", "Ferme", *new)


def test_init_shows_the_recovery_key_for_the_drawer() -> None:
    output = one_line(done("init", "--admin", "amina", "--clear").out)
    assert "Clé de secours (amina) : notez-la sur papier" in output


# --------------------------------------------------------------------- a key that waits elsewhere


def what_it_says(elsewhere: Path) -> str:
    """The word that karim's telephone says of his new key."""
    ran = run("passwd", "karim", "--db", str(elsewhere), "--json")
    refused(ran, "AdmissionNeeded")
    return str(ran.fault["facts"]["request"])


def test_an_administrator_admits_a_key_by_what_its_device_says(dairy: Path, tmp_path: Path) -> None:
    done("user", "add", "karim", "livreur")
    word = what_it_says(Path(shutil.copyfile(dairy, tmp_path / "ailleurs.db")))
    assert len(word) == 150
    for whose, given in (("karim", word[:64]), ("karim", f"AAAA{word[4:]}"), ("amina", word)):
        ran = run("user", "admit", whose, given, "--json")
        assert (ran.code, ran.fault["error"]) == (2, "NotARequest")
    done("user", "admit", "karim", word)
    (key,) = asked("user", "keys", "karim")["keys"]
    assert key["admitted_by"] == "amina"


# ----------------------------------------------------------------------------- the file of people


def test_without_their_file_people_are_told_what_to_do(dairy: Path) -> None:
    people_file(dairy).unlink()
    assert "manchengo passwd amina" in refused(run(*SPILT, "--json"), "NoKeyHere")


def test_a_damaged_file_of_people_is_said_to_be_damaged(dairy: Path) -> None:
    people_file(dairy).write_text("{")
    ran = run("login", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "PeopleFileDamaged")


def test_the_file_of_people_is_in_no_backup(dairy: Path, tmp_path: Path) -> None:
    done("backup", "copie.db")
    assert sorted(file.name for file in tmp_path.glob("copie*")) == ["copie.db"]
    assert people_file(dairy).read_bytes() not in (tmp_path / "copie.db").read_bytes()


def test_a_copy_of_a_database_elsewhere_is_read_by_nobody_in_particular(
    dairy: Path, tmp_path: Path
) -> None:
    shutil.copyfile(dairy, tmp_path / "ailleurs.db")
    ran = done("product", "list", "--db", "ailleurs.db")
    assert "Personne ne s’est identifié" in one_line(ran.err)
    refused(run(*SPILT, "--db", "ailleurs.db", "--json"), "NoKeyHere")


# -------------------------------------------------------------------------- databases of before


@pytest.fixture
def of_before(tmp_path: Path) -> Path:
    """A database made by a program that believed names."""
    path = tmp_path / "atelier.db"
    make_believing(path, amina=Role.ADMIN, karim=Role.DRIVER)
    return path


ADD = ("supplier", "add", "F9", "Ferme")


def test_a_database_of_before_goes_on_as_it_did(of_before: Path) -> None:
    done(*ADD, "--user", "amina")
    assert run("supplier", "add", "F8", "Ferme", "--user", "karim").code == 1
    assert "croit encore les noms" in one_line(done("who").out)


def test_who_chose_a_passphrase_proves_who_they_are(
    of_before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("passwd", "amina")
    sign_out(of_before)
    says_nothing(monkeypatch)
    refused(run(*ADD, "--user", "amina", "--json"), "SignInNeeded")
    done("stock", "--user", "karim")  # who has chosen none is believed still


def test_only_who_signs_has_everybody_sign(of_before: Path) -> None:
    ran = run("user", "require-signing", "--user", "amina", "--json")
    assert (ran.code, ran.fault["error"]) == (2, "SignFirst")


def test_one_command_ends_that_names_are_believed(
    of_before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(*ADD, "--user", "amina")
    done("passwd", "amina")
    said = one_line(done("user", "require-signing", "--days", "30").out)
    assert "jusqu’au 23/12/2026" in said.casefold()
    refused(run("stock", "--user", "karim", "--json"), "NoKeyHere")
    done("passwd", "karim")
    done("stock", "--user", "karim")
    assert asked("verify")["sound"] is True
    who = asked("who")
    assert (who["everybody_signs"], who["unsigned_until"]) == (True, "2026-12-23")
    assert "23/12/2026" in one_line(done("who").out)


def test_for_ninety_days_one_may_go_without_unless_it_is_said_otherwise(of_before: Path) -> None:
    done("passwd", "amina")
    done("user", "require-signing")
    assert asked("who")["unsigned_until"] == "2027-02-21"


# ---------------------------------------------------------------------------------------- keys


def test_the_keys_of_all_are_listed_with_who_is_invited(dairy: Path) -> None:
    done("user", "add", "karim", "livreur")
    done("user", "invite", "karim")
    found = asked("user", "keys")
    assert [(each["user"], each["admitted_by"]) for each in found["keys"]] == [("amina", "amina")]
    assert ("karim", "2026-11-30") in {
        (each["user"], each["expires_on"]) for each in found["invitations"]
    }
    output = one_line(done("user", "keys").out)
    assert f"amina {found['keys'][0]['key'][:8]} —" in output
    assert "karim est invité à commencer jusqu’au 30/11/2026, par amina." in output


def test_who_manages_no_keys_sees_their_own_alone(dairy: Path) -> None:
    arrives("karim", "livreur")
    own = asked("user", "keys", "karim", "--user", "karim")
    assert [each["user"] for each in own["keys"]] == ["karim"]
    refused(run("user", "keys", "--user", "karim", "--json"), "NotPermitted")


def test_a_withdrawn_key_signs_no_more(dairy: Path) -> None:
    arrives("karim", "livreur")
    output = one_line(done("user", "withdraw-key", "karim", "--reason", "téléphone perdu").out)
    assert "ne comptera plus" in output
    (key,) = asked("user", "keys", "karim")["keys"]
    assert (key["withdrawn_by"], key["reason"]) == ("amina", "téléphone perdu")
    assert "téléphone perdu" in one_line(done("user", "keys", "karim").out)
    refused(run("deliver", "CC-2", "--on", DAY, "--user", "karim", "--json"), "KeyWithdrawn")


def test_a_key_is_named_by_its_first_digits(dairy: Path) -> None:
    arrives("karim", "livreur")
    words = ("user", "withdraw-key", "karim", "00000000", "--reason", "?", "--json")
    wrong = run(*words)
    assert (wrong.code, wrong.fault["error"]) == (2, "NoSuchKey")
    key = asked("user", "keys", "karim")["keys"][0]["key"]
    done("user", "withdraw-key", "karim", key[:8], "--reason", "perdu")
    assert asked("user", "keys", "karim")["keys"][0]["reason"] == "perdu"


def test_the_last_administrator_keeps_a_key(dairy: Path) -> None:
    ran = run("user", "withdraw-key", "amina", "--reason", "perdu", "--json")
    refused(ran, "LastAdministrator")
