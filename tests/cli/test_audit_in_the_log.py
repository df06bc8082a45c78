"""What was noted is compared with the log, by the commands of a person."""

import re
from pathlib import Path
from shutil import copyfile

import pytest
from attrs import evolve

from manchengo.ports import audit_chain
from manchengo.ports.settings import DEVICE
from manchengo_server import bundles
from manchengo_sqlite import SqliteStore
from manchengo_sync.audit_anchors import ANCHORED_RECORDS
from manchengo_workplace.acting import ANYONE
from tests.cli.running import asked, done, one_line, run
from tests.cli.test_sync import Site, site

__all__ = ["site"]


def is_refused(code: str = "L2", *words: str) -> None:
    """More is written off than there is."""
    ran = run("write-off", code, "999999", "--reason", "renversé", *words)
    assert ran.code == 1


@pytest.fixture
def anchored(site: Site) -> Site:
    """The office was refused something, and the log says where its audit ends."""
    site.joins()
    is_refused()
    done("sync")
    return site


def begins_anew(path: Path) -> None:
    with SqliteStore.open(path, key=None) as store, store.writing() as transaction:
        transaction.remove_audit(up_to=1_000_000)
        for name in (audit_chain.TIP, audit_chain.SENT):
            audit_chain.set_head(transaction, name, audit_chain.BEGIN)


def notes_much(path: Path) -> None:
    """So much that a head is due whatever the hour."""
    with SqliteStore.open(path, key=None) as store:
        with store.reading() as snapshot:
            last = snapshot.audit(limit=1)[0]
        for number in range(ANCHORED_RECORDS):
            store.note(evolve(last, action="read", outcome="NotPermitted", facts=str(number)))


def test_an_audit_that_was_begun_anew_is_missed(anchored: Site) -> None:
    assert asked("verify")["audit"] is None
    assert "audit.anchored" in events(anchored)
    begins_anew(anchored.office)
    ran = run("verify")
    assert ran.code == 1
    assert "JOURNAL D’AUDIT FALSIFIÉ" in ran.out
    assert "l’appareil bureau" in one_line(ran.out)
    assert "elle manque, alors que l’appareil l’avait signée" in one_line(ran.out)
    assert run("verify", "--json").shape["audit"]["fault"] in ("lost", "rewritten")


def events(site: Site) -> list[str]:
    with site.service.context.reading() as snapshot:
        return [event.event_type for entry in snapshot.entries() for event in entry.effects]


def test_a_backup_that_is_restored_answers_for_itself_alone(anchored: Site, tmp_path: Path) -> None:
    with SqliteStore.open(anchored.office, key=None) as store, store.reading() as snapshot:
        former = snapshot.setting(DEVICE)
    done("backup", str(tmp_path / "copie.db"))
    notes_much(anchored.office)
    done("sync")
    done("restore", str(tmp_path / "copie.db"))
    assert asked("verify")["audit"] is None
    is_refused()
    done("sync")
    assert asked("verify")["audit"] is None
    done("sync")
    assert asked("verify")["audit"] is None
    begins_anew(anchored.office)
    found = run("verify", "--json").shape["audit"]
    assert (found["fault"], found["device"]) == ("lost", former)


def test_a_restored_device_is_given_what_it_noted_since(anchored: Site, tmp_path: Path) -> None:
    done("backup", str(tmp_path / "copie.db"))
    notes_much(anchored.office)
    done("sync")
    since = asked("audit", "--limit", "900")
    done("restore", str(tmp_path / "copie.db"))
    shown = one_line(done("sync").out)
    assert re.search(r"Le serveur a rendu \d+ lignes de son journal d’audit", shown)
    now = asked("audit", "--limit", "900")
    assert [each["at"] for each in now][-len(since) :] == [each["at"] for each in since]
    assert asked("verify")["audit"] is None
    assert "rendu" not in done("sync").out


def test_a_twin_takes_another_id_and_nobody_is_blamed(site: Site, tmp_path: Path) -> None:
    """It reads where the audit of the other ends, and has recorded nothing itself."""
    site.joins()
    twin = tmp_path / "jumeau.db"
    copyfile(site.office, twin)
    notes_much(site.office)
    done("sync")
    is_refused("L2", "--db", str(twin))
    ran = done("sync", "--db", str(twin), "--json")
    assert ran.shape["new_device"] is not None
    done("sync", "--db", str(twin))
    for path in (site.office, twin):
        assert asked("verify", "--db", str(path))["audit"] is None


def test_exchanges_by_file_are_noted(site: Site) -> None:
    site.joins()
    done("sync", "--export", "aller.mnch")
    answered = bundles.answer(site.service, Path("aller.mnch").read_bytes())
    Path("retour.mnch").write_bytes(answered.sealed)
    done("sync", "--import", "retour.mnch")
    imported, exported = asked("audit", "--limit", "2")
    assert (imported["action"], exported["action"]) == ("sync.imported", "sync.exported")
    assert {imported["kind"], exported["kind"]} == {"exchange"}
    assert {imported["user"], exported["user"]} == {"amina"}
    shown = one_line(done("audit", "--limit", "2").out)
    assert "écrire un fichier pour le serveur" in shown


def test_a_name_that_nobody_proved_stands_for_nobody_in_the_audit(site: Site) -> None:
    site.joins()
    done("logout")
    done("sync", "--export", "aller.mnch", "--user", "amina")
    done("login", "amina")
    exported = next(each for each in asked("audit") if each["action"] == "sync.exported")
    assert exported["user"] == str(ANYONE.id)
