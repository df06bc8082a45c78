"""The care of the database: backed up where a person says, verified while they go on working."""

import asyncio
from datetime import UTC, date
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import Role
from manchengo.application.audit_check import AuditFault
from manchengo.application.checkpoint import REASONS
from manchengo.application.integrity import Since
from manchengo.application.tampered import Tampered
from manchengo.domain.ids import CommitId, DeviceId
from manchengo_presenters.screens.care import CarePage, Job
from tests.support.office_in_memory import NOON, OfficeInMemory, context

NB = "\u00a0"
NNB = "\u202f"


@pytest.fixture
def office() -> OfficeInMemory:
    return OfficeInMemory()


def page_of(office: OfficeInMemory) -> CarePage:
    screen = CarePage(context(office), UTC)
    asyncio.run(screen.load())
    return screen


def test_who_never_backed_up_is_told_so(office: OfficeInMemory) -> None:
    screen = page_of(office)
    assert (screen.last, screen.is_backed_up) == ("Jamais sauvegardée.", False)
    office.cared.last = NOON
    asyncio.run(screen.load())
    assert screen.last == f"Dernière sauvegarde{NB}: 24/11/2026, 11:00."
    assert screen.is_backed_up


def test_a_backup_is_made_in_the_folder_that_was_typed(office: OfficeInMemory) -> None:
    screen = page_of(office)
    seen: list[tuple[Job, tuple[int, int]]] = []
    office.cared.during = lambda: seen.append((screen.job, screen.progress))
    screen.put("folder", " /media/cle ")
    asyncio.run(screen.confirm())
    assert seen == [(Job.BACKUP, (3, 4))]
    assert screen.job is Job.NONE
    assert f"12,4{NB}Mo" in screen.done[0]
    assert "atelier-sauvegarde.db.key" in screen.done[1]
    assert screen.is_backed_up


def test_a_backup_that_no_audit_notes_is_said_to_be_so(office: OfficeInMemory) -> None:
    office.cared.notes = False
    screen = page_of(office)
    screen.put("folder", "/media/cle")
    asyncio.run(screen.confirm())
    assert "le journal d’audit n’a pas pu la noter" in screen.done[2]


def test_a_folder_that_is_not_there_is_said_beside_it(office: OfficeInMemory) -> None:
    screen = page_of(office)
    asyncio.run(screen.back_up())
    assert screen.errors == {"folder": "À remplir."}
    screen.put("folder", "/nulle/part")
    asyncio.run(screen.back_up())
    assert screen.errors == {"folder": "Ce dossier n’existe pas sur cet ordinateur."}
    assert (screen.done, screen.job) == ((), Job.NONE)


def test_a_sound_database_is_said_to_be_so(office: OfficeInMemory) -> None:
    screen = page_of(office)
    asyncio.run(screen.verify())
    assert screen.is_sound
    assert screen.findings[0].startswith("Vérif")
    assert f"1{NNB}840" in screen.findings[0]
    assert len(screen.findings) == 3


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"damaged": ("page 7",)}, "ENDOMMAGÉ"),
        (
            {
                "tampered": Tampered(
                    commit_id=CommitId(UUID(int=7)),
                    device_id=DeviceId(UUID(int=8)),
                    sequence=4,
                    on=date(2026, 11, 3),
                    fault="hash",
                ),
                "rebuilt_digest": "",
            },
            "03/11/2026",
        ),
        ({"views_digest": "b"}, "un administrateur"),
        (
            {"audit": AuditFault(device_id=None, sequence=31, on=None, fault="hash")},
            "31",
        ),
        ({"pages_checked": False}, "disque"),
    ],
    ids=["pages", "log", "views", "audit", "unchecked"],
)
def test_what_is_wrong_is_found_and_names_no_command(
    office: OfficeInMemory, changed: dict[str, Any], words: str
) -> None:
    office.cared.found = evolve(office.cared.found, **changed)
    screen = page_of(office)
    asyncio.run(screen.verify())
    assert screen.is_sound is ("pages_checked" in changed)
    assert words in " ".join(screen.findings)
    assert "manchengo" not in " ".join(screen.findings)


def test_what_was_added_since_is_told_with_the_days(office: OfficeInMemory) -> None:
    since = Since(commits=214, on=date(2026, 11, 23), whole_on=date(2026, 11, 2))
    office.cared.found = evolve(office.cared.found, commits=1_840, since=since, pages_checked=False)
    screen = page_of(office)
    asyncio.run(screen.verify())
    assert screen.is_sound
    assert f"1{NNB}626" in screen.findings[0]
    assert "214" in screen.findings[0]
    assert "23/11/2026" in screen.findings[0]
    assert "02/12/2026" in screen.findings[-1]
    assert "disque" not in " ".join(screen.findings)


@pytest.mark.parametrize("reason", REASONS)
def test_why_everything_was_read_is_told(office: OfficeInMemory, reason: str) -> None:
    office.cared.found = evolve(office.cared.found, because=reason)
    screen = page_of(office)
    asyncio.run(screen.verify())
    told = screen.findings[1]
    assert told.startswith("Tout a été relu")
    assert reason not in told.split()


def test_either_is_asked_for(office: OfficeInMemory) -> None:
    screen = page_of(office)
    asyncio.run(screen.verify())
    asyncio.run(screen.verify_whole())
    assert office.cared.asked == ["since", "whole"]


def test_one_thing_goes_on_at_a_time(office: OfficeInMemory) -> None:
    screen = page_of(office)

    def meanwhile() -> None:
        coroutine = screen.back_up()
        with pytest.raises(StopIteration):
            coroutine.send(None)

    screen.put("folder", "/media/cle")
    office.cared.during = meanwhile
    asyncio.run(screen.verify())
    assert office.cared.made == []


def test_who_may_not_copy_the_database_makes_no_backup(office: OfficeInMemory) -> None:
    office.roles = frozenset({Role.DRIVER})
    screen = page_of(office)
    assert not screen.may_back_up
    assert screen.may_verify
    screen.put("folder", "/media/cle")
    asyncio.run(screen.back_up())
    assert office.cared.made == []
