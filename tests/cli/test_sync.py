"""Devices and their server, by the commands of a person; the server listens on this machine."""

import json
import re
import shutil
import signal
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from attrs import define, evolve

from manchengo import MemoryStore, SystemClock, Uuid7Ids
from manchengo.application.views.rebuild import digest, stored_rows
from manchengo.commands import LiftQuota
from manchengo.ports.rows import UserRow
from manchengo_cli.pages.devices import drawn
from manchengo_qr.reading import read_codes
from manchengo_server import bundles
from manchengo_server.service import Service
from manchengo_sqlite import SqliteStore
from manchengo_sync import settings
from manchengo_sync.http import HttpLink
from manchengo_sync.invitations import as_made
from manchengo_sync.link import Unreachable
from manchengo_sync.server_word import fingerprint
from manchengo_sync.wire import CodeRequest, EnrolRequest, EnrolResponse
from manchengo_workplace.exchange_failures import exchange_failure
from tests.cli.conftest import DAY
from tests.cli.running import Run, asked, done, one_line, run, watching
from tests.support.patience import PATIENCE
from tests.support.server import as_it_was, log_of, served
from tests.support.signed_in import bring_people

PLANT = "Laiterie des Deux Rives"


@define
class Site:
    """A server, with the database of the office and of a telephone."""

    service: Service
    url: str
    office: Path
    phone: Path

    def first_code(self) -> str:
        return self.service.first_code().code

    def code(self, user: str = "karim") -> str:
        """For a device of that person; Karim, who signs nowhere yet, is a second administrator."""
        if user == "karim" and "karim" not in {each["user"] for each in asked("user", "list")}:
            done("user", "add", "karim", "admin")
            done("sync")
        return str(asked("devices", "code", user)["code"])

    def joins(self) -> None:
        """The office first: it brings the dairy. The telephone then starts from what it brought."""
        done("sync", "--join", self.url, "--code", self.first_code(), "--name", "bureau")
        self.phone_joins()

    def phone_joins(self) -> Run:
        words = ("--join", self.url, "--code", self.code(), "--name", "telephone", "--clear")
        return done("init", *words, "--db", str(self.phone))

    def on_phone(self, *words: str) -> Run:
        return done(*words, "--db", str(self.phone))

    def digests(self) -> set[str]:
        found = set()
        for path in (self.office, self.phone):
            with SqliteStore.open(path, key=None) as store, store.reading() as snapshot:
                found.add(digest(stored_rows(snapshot)))
        with self.service.context.reading() as snapshot:
            found.add(digest(stored_rows(snapshot)))
        return found


@define
class Off:
    """A clock that is wrong."""

    by: timedelta

    def now(self) -> datetime:
        return SystemClock().now() + self.by

    def today(self) -> date:
        return SystemClock().today()


@pytest.fixture
def site(dairy: Path) -> Iterator[Site]:
    service = Service.found(MemoryStore(), PLANT, clock=SystemClock(), ids=Uuid7Ids())
    with served(service) as at:
        yield Site(service, at.url, dairy, dairy.with_name("telephone.db"))


def test_the_first_device_brings_the_dairy_and_says_so_in_one_line(site: Site) -> None:
    ran = done("sync", "--join", site.url, "--code", site.first_code(), "--name", "bureau")
    output = one_line(ran.out)
    assert f"appareil de « {PLANT} » : bureau" in output
    assert "sa marque, A." in output
    assert "Envoyé : 18. Reçu : 21. Refusé : 0." in output
    assert asked("sync", "--status")["pending"] == 0


def test_a_new_database_starts_from_what_the_server_knows(site: Site) -> None:
    done("sync", "--join", site.url, "--code", site.first_code(), "--name", "bureau")
    output = one_line(site.phone_joins().out)
    assert "Base créée" in output
    assert "telephone. Les codes qu’elle propose portent sa marque, B." in output
    assert asked("stock", "--at", DAY, "--db", str(site.phone)) == asked("stock", "--at", DAY)
    assert asked("stats", "--db", str(site.phone))["user"] == "karim"
    done("sync")
    assert len(site.digests()) == 1


def test_what_one_records_the_other_receives(site: Site) -> None:
    site.joins()
    done("write-off", "L2", "12", "--reason", "renversé", "--on", DAY)
    assert "Envoyé\u00a0: 1." in done("sync").out
    exchanged = json.loads(site.on_phone("sync", "--json").out)
    assert (exchanged["received"], exchanged["accepted"]) == (1, 1)
    left = {lot["lot"]: lot["on_hand"] for lot in json.loads(site.on_phone("lots", "--json").out)}
    assert left["L2"] == "488"


def test_one_of_two_is_refused_and_the_line_says_where_to_look(site: Site) -> None:
    site.joins()
    done("write-off", "L2", "400", "--reason", "cuve percée", "--on", DAY)
    site.on_phone("write-off", "L2", "150", "--reason", "renversé", "--on", DAY)
    done("sync")
    output = one_line(site.on_phone("sync").out)
    assert "Refusé : 1." in output
    assert "1 conflit attend une décision : manchengo conflicts" in output
    (item,) = json.loads(site.on_phone("conflicts", "--json").out)
    assert item["device"] == "telephone"
    site.on_phone("conflicts", "resolve", item["item"], "--void", "--reason", "compté deux fois")
    site.on_phone("sync")
    done("sync")
    assert asked("conflicts") == []
    assert len(site.digests()) == 1


def test_two_devices_never_propose_the_same_code(site: Site) -> None:
    site.joins()
    words = ("receive", "LAIT", "10", "--supplier", "F001", "--on", DAY, "--json")
    assert done(*words).shape["codes"] == {"lot": "MP-20261120-A001"}
    assert site.on_phone(*words).shape["codes"] == {"lot": "MP-20261120-B001"}
    assert done(*words).shape["codes"] == {"lot": "MP-20261120-A002"}
    site.on_phone("sync")
    done("sync")
    assert asked("conflicts") == []


def test_a_server_put_back_without_a_word_is_named_and_given_what_it_lacks(site: Site) -> None:
    done("sync", "--join", site.url, "--code", site.first_code(), "--name", "bureau")
    done("sync")
    before = as_it_was(site.service, log_of(site.service))
    done("write-off", "L2", "12", "--reason", "renversé", "--on", DAY)
    done("sync")
    with served(before) as at:
        with SqliteStore.open(site.office, key=None) as store, store.writing() as transaction:
            transaction.set_setting(settings.URL, at.url)
        output = one_line(done("sync").out)
    assert "une sauvegarde a été remise sans « manchengo-server restore »" in output
    assert "Envoyé : 1." in output
    assert before.head() == site.service.head()


def test_where_it_stands(site: Site) -> None:
    site.joins()
    done("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
    standing = asked("sync", "--status")
    assert (standing["plant"], standing["mark"], standing["pending"]) == (PLANT, "A", 1)
    assert standing["server"] == site.url
    assert standing["last_exchange"] is not None
    assert asked("stats")["log_epoch"] == standing["log_epoch"] is not None
    output = done("sync", "--status").out
    assert PLANT in output
    assert "Dernier échange" in output


def test_what_went_wrong_the_last_time_is_said_until_the_server_answers(site: Site) -> None:
    site.joins()
    with SqliteStore.open(site.office, key=None) as store, store.writing() as transaction:
        transaction.set_setting(settings.URL, "http://127.0.0.1:9")
    failed = run("sync", "--json")
    assert failed.code == 3
    status = asked("sync", "--status")["failed"]
    assert (status["error"], status["message"]) == (failed.fault["error"], failed.fault["message"])
    assert "Échec depuis" in done("sync", "--status").out
    with SqliteStore.open(site.office, key=None) as store, store.writing() as transaction:
        transaction.set_setting(settings.URL, site.url)
    done("sync")
    assert asked("sync", "--status")["failed"] is None
    assert "Échec depuis" not in done("sync", "--status").out


def test_a_clock_far_ahead_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC

    site.joins()
    ahead = datetime.now(UTC) + timedelta(days=400)
    with monkeypatch.context() as patched:
        patched.setattr(SystemClock, "now", lambda _self: ahead)
        site.on_phone("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
    site.on_phone("sync")
    done("sync")
    assert asked("stats")["fast_clocks"] == ["telephone"]
    assert "Horloges en avance" in done("stats").out


@pytest.mark.parametrize(
    ("off", "sentence"),
    [
        (timedelta(hours=3, minutes=30), "est en avance de 3 heures"),
        (-timedelta(days=20_000), "est en retard de 19"),
    ],
    ids=["ahead", "in 1970"],
)
def test_a_clock_that_is_wrong_is_named_by_its_own_device(
    site: Site, off: timedelta, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.joins()
    output = one_line(wrong_by(off, monkeypatch, "sync").out)
    assert sentence in output
    assert "Réglez" in output
    assert abs(asked("stats")["clock_ahead"] - off.total_seconds()) < 3_600
    assert sentence in one_line(done("stats").out)
    assert asked("sync")["clock_ahead"] == asked("stats")["clock_ahead"] == 0
    assert "horloge" not in done("stats").out


def test_a_clock_in_1970_is_named_on_every_device(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the next record of a clock that was set."""
    site.joins()
    spill = ("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
    wrong_by(-timedelta(days=20_000), monkeypatch, *spill, "--db", str(site.phone))
    site.on_phone("sync")
    done("sync")
    assert asked("stats")["slow_clocks"] == ["telephone"]
    assert [each["clock"] for each in asked("devices")] == [None, "behind"]
    for words in ("stats", "devices"):
        assert "Réglez la date et l’heure de telephone" in one_line(done(words).out)
    site.on_phone(*spill)
    site.on_phone("sync")
    done("sync")
    assert asked("stats")["slow_clocks"] == []


def wrong_by(off: timedelta, monkeypatch: pytest.MonkeyPatch, *words: str) -> Run:
    """The command on a machine whose clock is off; the server's is right."""
    with monkeypatch.context() as patched:
        patched.setattr("manchengo_workplace.opening.SystemClock", lambda: Off(off))
        return done(*words)


def test_devices_are_listed_and_withdrawn(site: Site) -> None:
    site.joins()
    done("sync")
    listed = asked("devices")
    assert [(each["device"], each["mark"], each["this"]) for each in listed] == [
        ("bureau", "A", True),
        ("telephone", "B", False),
    ]
    assert "celui-ci" in done("devices").out
    ran = done("devices", "withdraw", "telephone", "--reason", "perdu au marché")
    assert "Ce que karim signe avec la clé de cet appareil ne compte plus" in one_line(ran.out)
    done("sync")
    assert [each["device"] for each in asked("devices")] == ["bureau"]
    assert asked("devices", "--all")[1]["withdrawn"] == "perdu au marché"
    ran = run("sync", "--db", str(site.phone))
    assert ran.code == 1
    assert "Cet appareil a été retiré" in one_line(ran.err)
    again = run("devices", "withdraw", "B", "--reason", "encore")
    assert again.code == 1
    assert "Archivé" in again.err


def test_devices_are_searched_and_read_page_by_page(site: Site) -> None:
    site.joins()
    done("sync")
    done("devices", "withdraw", "telephone", "--reason", "perdu au marché")
    code = str(asked("devices", "code", "karim")["code"])
    words = ("--join", site.url, "--code", code, "--name", "Tablette dépôt", "--clear")
    done("init", *words, "--db", str(site.phone.with_name("tablette.db")))
    done("sync")

    def names(*words: str) -> list[str]:
        return [each["device"] for each in asked("devices", *words)]

    assert names() == ["bureau", "Tablette dépôt"]
    assert names("--search", "DEPOT tablette") == ["Tablette dépôt"]
    assert names("--search", "amina") == ["bureau"], "found by who works at it"
    assert names("--search", "serveur") == []
    assert names("--limit", "1") == ["bureau"]
    assert names("--limit", "1", "--after", "A") == ["Tablette dépôt"]
    assert names("--after", "telephone") == ["Tablette dépôt"], "behind one that is not shown"
    assert names("--all", "--after", "bureau", "--limit", "1") == ["telephone"]
    assert "grue" in run("devices", "--after", "grue").err


def test_the_last_administrator_is_told_that_the_key_stays(site: Site) -> None:
    done("sync", "--join", site.url, "--code", site.first_code(), "--name", "bureau")
    ran = done("devices", "withdraw", "bureau", "--reason", "volé")
    assert "amina garde la clé de cet appareil" in one_line(ran.out)
    done("user", "add", "nadia", "livreur")


def test_a_second_copy_in_a_month_waits_for_an_administrator(site: Site) -> None:
    site.joins()
    backup = site.phone.with_name("sauvegarde.db")
    site.on_phone("backup", str(backup))
    first, second = (site.phone.with_name(f"{name}.db") for name in ("une", "autre"))
    for copy in (first, second):
        done("restore", str(backup), "--db", str(copy))
        bring_people(site.phone, copy)
        done("write-off", "L2", "1", "--reason", "renversé", "--on", DAY, "--db", str(copy))
    done("sync", "--db", str(first))
    ran = run("sync", "--db", str(second))
    assert ran.code == 1
    assert "une autre copie a pris un nom à elle il y a moins de 30 jours" in one_line(ran.err)
    assert json.loads(done("sync", "--status", "--json", "--db", str(second)).out)["pending"] == 1
    done("sync")
    allowed = one_line(done("devices", "allow-renewal", "telephone").out)
    assert "Une copie de plus de telephone (B) peut échanger" in allowed
    done("sync")
    assert "Envoyé : 1." in one_line(done("sync", "--db", str(second)).out)
    done("sync")
    listed = [(each["mark"], each["family"]) for each in asked("devices")]
    assert listed == [("A", "A"), ("B", "B"), ("C", "B"), ("D", "B")]
    assert "actif, copie de B" in one_line(done("devices").out)


def test_another_key_of_the_server_is_believed_as_an_administrator_signed(site: Site) -> None:
    coming = site.service.next_signing_key()
    ran = run("devices", "server-key", coming)
    assert "ne connaît encore aucune clé" in one_line(ran.err)
    site.joins()
    done("sync")
    site.on_phone("sync")
    output = one_line(done("devices", "server-key", coming).out)
    assert fingerprint(coming) in output
    assert "une autre clé" in one_line(done("sync").out)
    assert f"une autre clé, {fingerprint(coming)}" in one_line(site.on_phone("sync").out)
    assert run("devices", "server-key", coming[:-1]).code != 0


def test_a_server_put_back_from_before_its_key_came_goes_on_under_a_third(site: Site) -> None:
    """As ``change-a-key.md`` tells it: the key that came is lost with the server."""
    site.joins()
    done("sync")
    before = as_it_was(site.service, log_of(site.service))
    done("devices", "server-key", site.service.next_signing_key())
    done("sync")
    site.on_phone("sync")
    site.on_phone("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
    before.open_recovery()
    with served(before) as at:
        for path in (site.office, site.phone):
            with SqliteStore.open(path, key=None) as store, store.writing() as transaction:
                transaction.set_setting(settings.URL, at.url)
        assert run("sync").code != 0, "it signs with the key that went"
        before.begin_new_epoch()
        third = before.next_signing_key()
        done("devices", "server-key", third)
        assert run("sync").code != 0
        amina = next(user.id for user in users(before) if user.name == "amina")
        code = before.new_code(CodeRequest(user_id=amina, minutes=30), by=None).code
        output = one_line(done("sync", "--join", at.url, "--code", code, "--name", "bureau").out)
        assert f"une autre clé, {fingerprint(third)}" in output
        assert f"une autre clé, {fingerprint(third)}" in one_line(site.on_phone("sync").out)
        done("sync")
        assert len(evolve(site, service=before).digests()) == 1
        assert asked("conflicts") == []


def users(service: Service) -> list[UserRow]:
    with service.context.reading() as snapshot:
        return list(snapshot.rows(UserRow))


def test_a_device_that_sent_enough_for_today_is_told_so_and_keeps_the_rest(site: Site) -> None:
    site.joins()
    done("sync")
    for _ in range(2):
        done("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
    bounded = Service(evolve(site.service.context, daily_bytes=1))
    with served(bounded) as at:
        with SqliteStore.open(site.office, key=None) as store, store.writing() as transaction:
            transaction.set_setting(settings.URL, at.url)
        ran = run("sync")
        assert "Le serveur ne prend plus rien de cet appareil aujourd’hui" in one_line(ran.out)
        assert asked("sync", "--status")["pending"] == 2, "it sent the dairy today"
        bounded.allow(LiftQuota(device_id=bounded.devices()[0].id))
        run("sync")
        assert asked("sync", "--status")["pending"] == 1


def test_a_withdrawn_device_is_let_in_again_and_lost_nothing(site: Site) -> None:
    site.joins()
    done("sync")
    done("devices", "withdraw", "telephone", "--reason", "perdu au marché")
    done("sync")
    site.on_phone("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
    assert run("sync", "--db", str(site.phone)).code == 1
    site.on_phone("sync", "--join", site.url, "--code", site.code(), "--name", "telephone")
    done("sync")
    (refused,) = asked("conflicts")
    assert (refused["command"], refused["refusal"]) == ("lot.write_off", "KeyNotAdmitted")
    done("conflicts", "accept", "karim", "--reason", "retrouvé")
    assert asked("conflicts") == []
    site.on_phone("write-off", "L2", "2", "--reason", "renversé", "--on", DAY)
    site.on_phone("sync")
    done("sync")
    site.on_phone("sync")
    assert len(site.digests()) == 1
    assert asked("conflicts") == []


def test_a_withdrawn_device_that_is_let_in_again_does_not_bring_its_copy_in(site: Site) -> None:
    site.joins()
    done("sync")
    thief = site.phone.with_name("volée.db")
    shutil.copy(site.phone, thief)
    done("devices", "withdraw", "telephone", "--reason", "quelqu’un en a une copie")
    done("sync")
    site.on_phone("sync", "--join", site.url, "--code", site.code(), "--name", "telephone")
    done("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
    done("sync")
    before = asked("verify", "--db", str(thief))["commits"]
    assert run("sync", "--db", str(thief)).code != 0
    assert asked("verify", "--db", str(thief))["commits"] == before, "it reads nothing"
    assert len(asked("devices")) == 2, "and has no id of its own"
    site.on_phone("sync")
    assert len(site.digests()) == 1


def test_a_code_is_for_administrators(site: Site) -> None:
    done("user", "add", "karim", "livreur")
    done("sync", "--join", site.url, "--code", site.first_code(), "--name", "bureau")
    words = ("--join", site.url, "--code", site.code("karim"), "--name", "van", "--clear")
    done("init", *words, "--db", str(site.phone))
    ran = run("devices", "code", "karim", "--db", str(site.phone))
    assert ran.code == 1
    assert "réservé aux administrateurs" in ran.err
    assert run("devices", "code", "personne").code == 1


def test_a_code_is_shown_with_what_to_type(site: Site) -> None:
    site.joins()
    output = done("devices", "code", "amina").out.replace("\\\n", "")
    typed = re.search(r"manchengo init +--join (\S+) +--code ([^@\s]+)@(\S+)", output)
    assert typed is not None
    plant_id = asked("verify")["founded"]["plant_id"]
    assert (typed[1], typed[3]) == (site.url, plant_id)
    assert typed[2] in output.partition("manchengo init")[0]
    assert len(as_made(typed[2].partition("+")[2])) == 12
    shape = asked("devices", "code", "amina")
    assert (shape["user"], shape["plant_id"]) == ("amina", plant_id)
    assert shape["qr"].startswith("manchengo:join?server=http%3A%2F%2F127.0.0.1")
    assert shape["qr"].endswith(f"%40{plant_id}")


def test_a_code_for_one_plant_is_not_spent_at_another(site: Site) -> None:
    site.joins()
    code, other = site.code(), uuid4()
    elsewhere = ("init", "--join", site.url, "--clear", "--db", "autre.db", "--json")
    ran = run(*elsewhere, "--code", f"{code}@{other}")
    assert (ran.code, ran.fault["error"]) == (1, "AnotherPlant")
    assert not Path("autre.db").exists()
    assert run(*elsewhere, "--code", f"{code}@{code}").code == 2
    plant_id = asked("verify")["founded"]["plant_id"]
    assert run(*elsewhere, "--code", f"{code}@{plant_id}").code == 0


def test_a_code_is_drawn_for_a_telephone() -> None:
    text = "manchengo:join?server=https%3A%2F%2Fmanchengo.example.dz&code=K7QM-4XRA-9TWB"
    lines = drawn(text)
    assert len({len(line) for line in lines}) == 1
    lit = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    rows = [[lit[half][place] for half in line] for line in lines for place in (0, 1)]
    shown = np.kron(np.array(rows, dtype=np.uint8), np.full((8, 8), 1, dtype=np.uint8))
    assert read_codes(np.pad(shown, 16, constant_values=255)) == (text,)


def test_the_database_stays_when_the_network_fails_after_the_door(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("sync", "--join", site.url, "--code", site.first_code(), "--name", "bureau")

    def fails(*_: object) -> None:
        raise exchange_failure(Unreachable(why="cable"), site.url)

    code = site.code()
    words = ("--join", site.url, "--code", code, "--clear", "--db", str(site.phone))
    with monkeypatch.context() as patched:
        patched.setattr("manchengo_workplace.server.begin", fails)
        ran = run("init", *words)
    assert ran.code == 3
    assert "Base créée" in ran.out
    assert f"manchengo passwd --code {code}" in one_line(ran.out)
    assert "ne répond pas" in one_line(ran.err)
    assert "Refusé\u00a0: 0." in site.on_phone("sync").out
    assert asked("stock", "--at", DAY, "--db", str(site.phone)) == asked("stock", "--at", DAY)

    assert "Désormais karim signe" in site.on_phone("passwd", "--code", code).out
    assert "Envoyé\u00a0: 1." in site.on_phone("sync").out


def test_the_server_is_not_told_the_invitation(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could begin as that person with it."""
    done("sync", "--join", site.url, "--code", site.first_code(), "--name", "bureau")
    sent: list[EnrolRequest] = []
    enrol = HttpLink.enrol

    def overheard(link: HttpLink, request: EnrolRequest) -> EnrolResponse:
        sent.append(request)
        return enrol(link, request)

    monkeypatch.setattr(HttpLink, "enrol", overheard)
    code = site.code()
    door, _, invitation = code.partition("+")
    done("init", "--join", site.url, "--code", code, "--clear", "--db", str(site.phone))
    assert [request.code for request in sent] == [door]
    assert invitation


def test_a_code_whose_invitation_does_not_arrive_is_not_shown(site: Site) -> None:
    done("user", "add", "karim", "admin")
    done("sync", "--join", site.url, "--code", site.first_code(), "--name", "bureau")
    for _ in range(2):
        done("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
    bounded = Service(evolve(site.service.context, daily_bytes=1))
    with served(bounded) as at:
        with SqliteStore.open(site.office, key=None) as store, store.writing() as transaction:
            transaction.set_setting(settings.URL, at.url)
        ran = run("devices", "code", "karim")
    assert (ran.code, ran.out) == (1, "")
    assert "n’a pas encore accepté l’invitation de karim" in one_line(ran.err)


def test_a_code_of_the_server_lets_a_device_in_and_nobody_sign(site: Site) -> None:
    done("user", "add", "karim", "admin")
    done("sync", "--join", site.url, "--code", site.first_code(), "--name", "bureau")
    karim = site.service.user_named("karim").id
    code = site.service.new_code(CodeRequest(user_id=karim), by=None).code
    words = ("--join", site.url, "--code", code, "--name", "telephone", "--clear")
    output = done("init", *words, "--db", str(site.phone)).out
    request = re.search(r"\S{140,}", output)
    assert request is not None
    spill = ("write-off", "L2", "1", "--reason", "renversé", "--on", DAY, "--db", str(site.phone))
    assert "administrateur" in one_line(run(*spill).err)
    done("user", "admit", "karim", request[0])
    done("sync")
    site.on_phone("sync")
    done(*spill)
    output = site.on_phone("sync").out
    assert "Envoyé\u00a0: 1." in output
    assert "Refusé\u00a0: 0." in output


def test_where_every_administrator_is_gone_the_recovery_key_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a new computer that the server's operator let in."""
    monkeypatch.chdir(tmp_path)
    shown = run("init", "--admin", "amina", "--clear", "--db", "perdu.db", "--json")
    recovery = shown.shape["recovery_key"]
    service = Service.found(MemoryStore(), PLANT, clock=SystemClock(), ids=Uuid7Ids())
    with served(service) as at:
        first = ("--join", at.url, "--code", service.first_code().code)
        done("sync", *first, "--db", "perdu.db")
        amina = service.user_named("amina").id
        code = service.new_code(CodeRequest(user_id=amina), by=None).code
        done("init", "--join", at.url, "--code", code, "--clear", "--db", "neuf.db")
        assert run("user", "add", "karim", "production", "--db", "neuf.db").code == 1
        done("passwd", "amina", "--code", recovery, "--db", "neuf.db")
        done("user", "add", "karim", "production", "--db", "neuf.db")
        assert "Envoyé\u00a0: 2." in done("sync", "--db", "neuf.db").out


def test_a_database_stays_where_nobody_answered_at_the_door_and_the_same_code_lets_it_in(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("sync", "--join", site.url, "--code", site.first_code(), "--name", "bureau")
    words = ("--join", site.url, "--code", site.code(), "--name", "le camion")
    enrol = HttpLink.enrol

    def unheard(link: HttpLink, request: EnrolRequest) -> EnrolResponse:
        enrol(link, request)
        raise Unreachable(why="cable")

    with monkeypatch.context() as patched:
        patched.setattr(HttpLink, "enrol", unheard)
        ran = run("init", *words, "--clear", "--db", str(site.phone))
    assert ran.code == 3
    assert "ne répond pas" in one_line(ran.err)
    assert "manchengo sync" in ran.out
    assert "--name 'le camion'" in one_line(ran.out)
    output = one_line(site.on_phone("sync", *words).out)
    assert "le camion" in output
    assert asked("stock", "--at", DAY, "--db", str(site.phone)) == asked("stock", "--at", DAY)
    done("sync")
    assert [each["device"] for each in asked("devices")] == ["bureau", "le camion"]


def test_a_wrong_code_makes_no_database(site: Site) -> None:
    words = ("init", "--join", site.url, "--code", "AAAA-BBBB-CCCC", "--clear")
    ran = run(*words, "--db", str(site.phone))
    assert ran.code == 1
    assert "Le serveur refuse ce code" in one_line(ran.err)
    assert not site.phone.exists()


def test_a_server_that_is_not_there_is_one_sentence(dairy: Path) -> None:
    ran = run("sync", "--join", "http://127.0.0.1:9", "--code", "X", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "Unreachable")
    assert "ne répond pas" in ran.fault["message"]
    assert "Traceback" not in ran.err


def test_a_database_that_joined_nothing_says_how(dairy: Path) -> None:
    for words in (("sync",), ("sync", "--watch"), ("sync", "--export", "aller.mnch")):
        ran = run(*words)
        assert ran.code == 3
        assert "n’échange encore avec aucun serveur" in one_line(ran.err)
    assert asked("sync", "--status")["server"] is None
    assert "Aucun appareil" in done("devices").out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--join http://manchengo.example.dz --code X", "En http, rien n’est chiffré"),
        ("--join manchengo --code X", "n’est pas l’adresse d’un serveur. Écrivez https://"),
        ("--join http://host:abc --code X", "n’est pas l’adresse d’un serveur. Écrivez https://"),
        ("--join http://[::1 --code X", "n’est pas l’adresse d’un serveur. Écrivez https://"),
        ("--join https://manchengo.example.dz", "il faut --code"),
        ("--code X", "vont avec --join"),
        ("--watch --status", "une seule"),
        ("--export a --import b", "une seule"),
    ],
)
def test_a_command_line_that_makes_no_sense(dairy: Path, words: str, sentence: str) -> None:
    ran = run("sync", *words.split())
    assert ran.code == 2
    assert sentence in one_line(ran.err)


def test_no_database_is_made_for_what_is_no_address(tmp_path: Path) -> None:
    """Nor is a passphrase asked for."""
    ran = run("init", "--join", "http://[::1", "--code", "X", "--db", str(tmp_path / "x.db"))
    assert (ran.code, list(tmp_path.iterdir())) == (2, [])


@pytest.mark.parametrize("words", [["sync"], ["sync", "--watch"]])
def test_an_address_in_the_settings_is_read_as_any_other(site: Site, words: list[str]) -> None:
    site.joins()
    with SqliteStore.open(site.office, key=None) as store, store.writing() as transaction:
        transaction.set_setting(settings.URL, "http://host:abc")
    ran = run(*words)
    assert (ran.code, "host:abc" in ran.err) == (2, True)


def test_a_proxy_that_cannot_be_used_is_said(dairy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://amina:secret@host:abc")
    ran = run("sync", "--join", "https://manchengo.example.dz", "--code", "X")
    assert ran.code == 3
    assert "HTTPS_PROXY" in ran.err
    assert "secret" not in ran.err


def test_another_plants_code_is_refused_and_changes_nothing(site: Site) -> None:
    """Neither here nor there: the first code of that plant still lets its own first device in."""
    site.joins()
    done("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
    other = Service.found(MemoryStore(), "Autre", clock=SystemClock(), ids=Uuid7Ids())
    code = other.first_code().code
    with served(other) as elsewhere:
        ran = run("sync", "--join", elsewhere.url, "--code", code)
        assert ran.code == 1
        assert "appartient à un seul atelier" in one_line(ran.err)
        assert asked("sync", "--status")["plant"] == PLANT
        assert asked("sync", "--status")["server"] == site.url
        assert other.devices() == []
        its_own = site.office.with_name("autre.db")
        done("init", "--admin", "samir", "--clear", "--db", str(its_own))
        done("sync", "--join", elsewhere.url, "--code", code, "--db", str(its_own))
    assert "Envoyé\u00a0: 1." in done("sync").out


def test_a_plant_of_its_own_joins_no_other_and_loses_nothing(site: Site) -> None:
    """What was recorded there stays, and the code lets a new database in."""
    done("sync", "--join", site.url, "--code", site.first_code(), "--name", "bureau")
    alone = site.office.with_name("seul.db")
    at_home = ("--db", str(alone))
    done("init", "--admin", "samir", "--clear", *at_home)
    done("user", "add", "lila", "production", *at_home)
    code = site.code()
    plant_id = asked("verify")["founded"]["plant_id"]
    for typed in (code, f"{code}@{plant_id}"):
        ran = run("sync", "--join", site.url, "--code", typed, *at_home)
        assert ran.code == 1
        assert "Cette base est un atelier à part" in one_line(ran.err)
        assert f"reste dans {alone}" in one_line(ran.err)
    assert [each["user"] for each in asked("user", "list", *at_home)] == ["lila", "samir"]
    assert asked("sync", "--status", *at_home)["server"] is None
    done("init", "--join", site.url, "--code", code, "--clear", "--db", str(site.phone))
    assert {each["user"] for each in asked("user", "list")} == {"amina", "karim"}


def test_a_server_begun_anew_at_the_same_address_is_told_nothing(site: Site) -> None:
    site.joins()
    done("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
    anew = Service.found(MemoryStore(), PLANT, clock=SystemClock(), ids=Uuid7Ids())
    code = anew.first_code().code
    with served(anew) as there:
        with SqliteStore.open(site.office, key=None) as store, store.writing() as transaction:
            transaction.set_setting(settings.URL, there.url)
        for words in (("--join", there.url, "--code", code), ()):
            ran = run("sync", *words)
            assert ran.code == 1, ran
            assert "manchengo-server init --from-device" in one_line(ran.err)
    assert (anew.head(), anew.devices()) == (0, [])
    assert asked("sync", "--status")["pending"] == 1


def test_no_command_writes_over_a_file(site: Site, tmp_path: Path) -> None:
    site.joins()
    notes, link = tmp_path / "notes.txt", tmp_path / "lien"
    notes.write_text("précieux", encoding="utf-8")
    link.symlink_to(tmp_path / "ailleurs")
    for taken in (notes, site.office, link):
        before = taken.read_bytes() if taken.exists() else None
        for words in (("sync", "--export"), ("backup",)):
            ran = run(*words, str(taken))
            assert ran.code != 0, (words, taken)
            assert "Traceback" not in ran.err
        if taken != site.office:  # it notes that a backup was asked for
            assert (taken.read_bytes() if taken.exists() else None) == before
    assert asked("verify")["sound"] is True
    ran = run("init", "--admin", "samir", "--clear", "--db", str(notes))
    assert ran.code != 0
    assert notes.read_text("utf-8") == "précieux"


def test_a_request_is_its_owners_alone(site: Site, tmp_path: Path) -> None:
    site.joins()
    request = tmp_path / "aller.mnch"
    done("sync", "--export", str(request))
    assert request.stat().st_mode & 0o777 == 0o600


def test_the_answer_has_the_keys_of_the_page(site: Site) -> None:
    page = Path(__file__).resolve().parents[2] / "docs/reference/json.md"
    shown = page.read_text("utf-8").partition("### What an exchange answers")[2]
    example = json.loads(shown.partition("```json\n")[2].partition("```")[0])
    words = ("--join", site.url, "--code", site.first_code(), "--name", "bureau")
    joined = asked("sync", *words)
    assert joined["exchange"] == example
    assert list(asked("sync")) == list(example)
    assert list(joined)[:3] == ["database", "encrypted", "device"]


# ------------------------------------------------------------------------------- by file


def test_an_exchange_travels_in_files(site: Site) -> None:
    site.joins()
    done("write-off", "L2", "12", "--reason", "renversé", "--on", DAY)
    output = one_line(done("sync", "--export", "aller.mnch").out)
    assert "enregistrements en attente : 1." in output
    assert "manchengo sync --import aller-reponse.mnch" in output
    answered = bundles.answer(site.service, Path("aller.mnch").read_bytes())
    Path("aller-reponse.mnch").write_bytes(answered.sealed)
    assert "Envoyé\u00a0: 1." in done("sync", "--import", "aller-reponse.mnch").out
    assert asked("sync", "--status")["pending"] == 0


def test_a_request_is_never_written_over_something(site: Site) -> None:
    site.joins()
    Path("aller.mnch").write_text("à moi")
    ran = run("sync", "--export", "aller.mnch")
    assert ran.code == 3
    assert Path("aller.mnch").read_text() == "à moi"


def test_the_answer_to_another_device_is_told_so(site: Site) -> None:
    """To one that never asked by file, too."""
    site.joins()
    done("sync", "--export", "aller.mnch")
    Path("retour.mnch").write_bytes(
        bundles.answer(site.service, Path("aller.mnch").read_bytes()).sealed
    )
    Path("texte.mnch").write_text("bonjour")
    for name, sentence in {
        "retour.mnch": "est la réponse à un autre appareil",
        "texte.mnch": "n’est pas une réponse du serveur",
    }.items():
        ran = run("sync", "--import", name, "--db", str(site.phone))
        assert (ran.code, sentence in one_line(ran.err)) == (3, True), ran.err


def test_a_file_that_is_no_answer_is_refused(site: Site) -> None:
    site.joins()
    done("sync", "--export", "aller.mnch")
    Path("texte.mnch").write_text("bonjour")
    for name in ("aller.mnch", "texte.mnch"):
        ran = run("sync", "--import", name)
        assert ran.code == 3
        assert "n’est pas une réponse du serveur" in one_line(ran.err)
    assert run("sync", "--import", "rien.mnch").code == 3


# ------------------------------------------------------------------------------- watching


def test_what_is_recorded_elsewhere_arrives_while_watching_until_ctrl_c(site: Site) -> None:
    site.joins()
    with watching("--json", "--db", str(site.phone)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        done("write-off", "L2", "12", "--reason", "renversé", "--on", DAY)
        done("sync")
        received = 0
        while not received:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            received = json.loads(line)["received"]
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0, process.stderr.read()
    left = {lot["lot"]: lot["on_hand"] for lot in json.loads(site.on_phone("lots", "--json").out)}
    assert left["L2"] == "488"
