"""The audit on its screen: filtered, searched, by pages, one record whole, and its chain."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from manchengo import Role
from manchengo.application.coded_rows import CODED_ROWS
from manchengo.domain.ids import UserId
from manchengo.ports.audit import AuditEntry, AuditKind
from manchengo.ports.rows import RawLotRow
from manchengo.ports.settings import DEVICE
from manchengo_presenters.screens.audit_list import KINDS, AuditList, Filter
from manchengo_presenters.screens.audit_record import SCREEN_OF_KIND, AuditLine
from manchengo_presenters.screens.paged_list import SIZE
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_table import screen_of
from tests.presenters.screens.test_people import registered
from tests.support.office_in_memory import NOON, OfficeInMemory, WindowInMemory, context, with_milk
from tests.support.receiving import receive

NB = "\u00a0"


@pytest.fixture
def office() -> OfficeInMemory:
    office = with_milk()
    registered(office, "amina", Role.ADMIN, id_=office.actor.user_id)
    return office


def noted(
    office: OfficeInMemory,
    action: str,
    outcome: str = "done",
    *,
    at: datetime = NOON,
    by: UserId | None = None,
    **facts: Any,
) -> None:
    office.store.note(
        AuditEntry(
            at=at,
            user_id=by or office.actor.user_id,
            device_id=office.actor.device_id,
            action=action,
            outcome=outcome,
            facts=json.dumps(facts),
        )
    )


def scanned(office: OfficeInMemory, lot: RawLotRow, reason: str = "") -> None:
    scan = {"source": "label", "id": str(lot.id), "code": lot.code, "reason": reason}
    noted(office, "scan.pour", scan={name: each for name, each in scan.items() if each})


def received(office: OfficeInMemory) -> RawLotRow:
    lot_id = receive(office)
    with office.reading() as snapshot:
        row = snapshot.get(RawLotRow, lot_id)
    assert row is not None
    return row


def loaded(office: OfficeInMemory) -> AuditList:
    screen = AuditList(context(office))
    asyncio.run(screen.load())
    return screen


def lines(screen: AuditList) -> tuple[AuditLine, ...]:
    assert screen.page is not None, screen.problem
    return screen.page.lines


def actions(screen: AuditList) -> list[str]:
    return [line.action for line in lines(screen)]


def window_of(screen: AuditList) -> WindowInMemory:
    window = screen.context.window
    assert isinstance(window, WindowInMemory)
    return window


def test_a_scan_says_who_what_of_which_lot_and_why(office: OfficeInMemory) -> None:
    lot = received(office)
    scanned(office, lot, "le plus ancien est derrière")
    (line,) = lines(loaded(office))
    assert (line.who, line.action) == ("amina", f"scan{NB}: verser une matière")
    assert (line.about, line.outcome) == (lot.code, "fait")
    assert line.reason == "le plus ancien est derrière"


def test_a_refusal_has_the_sentence_of_its_rule(office: OfficeInMemory) -> None:
    noted(office, "session.refused", "WrongSecret")
    noted(office, "plan_production", "NoPrice", product="P001")
    newest, oldest = lines(loaded(office))
    assert newest.about == "P001"
    assert "P001" in newest.outcome
    assert oldest.outcome == "phrase secrète ou code PIN faux"


@pytest.mark.parametrize("facts", ["", "{", "[]", '"scan"', '{"scan": 1}', '{"lots": "x"}'])
@pytest.mark.parametrize("action", ["scan.pour", "recall.drill", "session.begun"])
def test_a_record_that_was_changed_is_listed_with_the_others(
    office: OfficeInMemory, action: str, facts: str
) -> None:
    """``verify`` says that it was changed."""
    noted(office, "session.ended")
    entry = AuditEntry(
        at=NOON,
        user_id=office.actor.user_id,
        device_id=office.actor.device_id,
        action=action,
        outcome="done",
        facts=facts,
    )
    office.store.note(entry)
    changed, before = lines(loaded(office))
    assert (changed.about, changed.outcome) == ("", "fait")
    assert before.outcome == "fait"


def test_each_filter_lists_its_kinds_and_all_list_every_one(office: OfficeInMemory) -> None:
    noted(office, "session.begun")
    scanned(office, received(office))
    noted(office, "log.verified")
    screen = loaded(office)
    assert len(lines(screen)) == 3
    asyncio.run(screen.set_filter(Filter.SCANS))
    assert actions(screen) == [f"scan{NB}: verser une matière"]
    asyncio.run(screen.set_filter(Filter.DATABASE))
    assert actions(screen) == ["vérification"]
    assert {kind for kinds in KINDS.values() for kind in kinds} == set(AuditKind)


def test_records_are_searched_by_code(office: OfficeInMemory) -> None:
    lot = received(office)
    scanned(office, lot)
    noted(office, "session.begun")
    screen = loaded(office)
    asyncio.run(screen.set_search(lot.code.lower()))
    assert [line.about for line in lines(screen)] == [lot.code]


def test_those_of_one_person_are_listed(office: OfficeInMemory) -> None:
    karim = registered(office, "karim", Role.DRIVER)
    noted(office, "session.begun")
    noted(office, "session.begun", by=karim)
    screen = loaded(office)
    assert [name for _, name in screen.people] == ["amina", "karim"]
    asyncio.run(screen.set_person(str(karim)))
    assert [line.who for line in lines(screen)] == ["karim"]


def test_those_of_some_days_are_listed(office: OfficeInMemory) -> None:
    for days in (9, 5, 1):
        noted(office, "session.begun", at=NOON - timedelta(days=days))
    screen = loaded(office)
    screen.put("first", "16/11/2026")
    screen.put("last", "19/11/2026")
    asyncio.run(screen.set_period())
    assert [line.when.split(NB)[0] for line in lines(screen)] == ["19/11/2026"]
    asyncio.run(screen.clear())
    assert len(lines(screen)) == 3
    assert screen.period == {"first": "", "last": ""}


def test_what_is_no_day_is_said_beside_it(office: OfficeInMemory) -> None:
    noted(office, "session.begun")
    screen = loaded(office)
    screen.put("last", "hier")
    asyncio.run(screen.set_period())
    assert list(screen.errors) == ["last"]
    assert len(lines(screen)) == 1
    screen.put("last", "")
    assert not screen.errors


def test_no_record_is_missed_or_shown_twice_over_pages(office: OfficeInMemory) -> None:
    count = SIZE * 2 + 7
    for number in range(count):
        noted(office, "session.begun", at=NOON + timedelta(hours=2 * number))
    screen = loaded(office)
    assert screen.range_words == f"1–50 sur {count}"
    there = [[line.sequence for line in lines(screen)]]
    for step in (1, 1, 1, -1, -1, -1):
        asyncio.run(screen.turn(step))
        there.append([line.sequence for line in lines(screen)])
    first, second, third, *back = there
    assert first + second + third == list(range(count, 0, -1))
    assert back == [third, second, first, first]


def test_of_a_filtered_list_it_is_said_that_there_are_more(office: OfficeInMemory) -> None:
    for number in range(SIZE + 1):
        noted(office, "session.begun", at=NOON + timedelta(hours=2 * number))
    screen = loaded(office)
    asyncio.run(screen.set_filter(Filter.SESSIONS))
    assert screen.range_words == "1–50 sur plus de 50"
    asyncio.run(screen.turn(1))
    assert screen.range_words == "51–51 sur 51"


def test_an_open_record_leads_to_what_it_is_about(office: OfficeInMemory) -> None:
    lot = received(office)
    scanned(office, lot)
    screen = loaded(office)
    asyncio.run(screen.enter())
    assert screen.detail is not None
    facts = dict(screen.detail.facts)
    assert (facts["Lu sur"], facts["Qui"]) == ("une de nos étiquettes", "amina")
    assert (screen.detail.state, screen.detail.outcome) == ("Fait", "")
    of_lot, of_person = screen.detail.links
    assert (of_lot.title, of_person.title) == (f"Lot {lot.code}", "Personne amina")
    asyncio.run(screen.follow(of_lot))
    assert window_of(screen).went == [(Screen.LOT, lot.id)]
    screen.close()
    assert screen.detail is None


def test_an_open_refusal_has_its_whole_sentence(office: OfficeInMemory) -> None:
    noted(office, "plan_production", "NoPrice", product="P001")
    screen = loaded(office)
    asyncio.run(screen.enter())
    assert screen.detail is not None
    assert screen.detail.state == "Refusé"
    assert screen.detail.outcome == lines(screen)[0].outcome
    assert "Motif" not in dict(screen.detail.facts)


def test_this_computer_is_named_before_a_server_knows_it(office: OfficeInMemory) -> None:
    with office.store.writing() as transaction:
        transaction.set_setting(DEVICE, str(office.actor.device_id))
    noted(office, "session.begun")
    screen = loaded(office)
    asyncio.run(screen.enter())
    assert screen.detail is not None
    assert dict(screen.detail.facts)["Appareil"] == "Cet ordinateur"


def test_things_with_codes_lead_where_others_lead_too() -> None:
    for kind, rows in CODED_ROWS.items():
        assert {screen_of(row) for row in rows} == {SCREEN_OF_KIND[kind]}


def test_the_very_same_again_is_one_line_that_says_how_often(office: OfficeInMemory) -> None:
    noted(office, "session.refused", "WrongSecret")
    noted(office, "session.refused", "WrongSecret", at=NOON + timedelta(minutes=2))
    screen = loaded(office)
    assert "2 fois" in lines(screen)[0].outcome
    asyncio.run(screen.enter())
    assert screen.detail is not None
    assert ("Nombre de fois", "2") in screen.detail.facts


def test_the_chain_is_followed_at_first_sight(office: OfficeInMemory) -> None:
    noted(office, "session.begun")
    screen = loaded(office)
    assert screen.chain is not None
    assert screen.chain.is_whole
    assert (
        screen.chain.words
        == f"La chaîne est entière{NB}: 1 inscription, telle qu’elle a été notée."
    )


def test_a_record_that_was_changed_is_named(office: OfficeInMemory) -> None:
    noted(office, "session.begun")
    noted(office, "log.verified")
    screen = loaded(office)
    with office.store.writing() as transaction:
        first = next(transaction.audit_records(limit=1))
        transaction.write_audit(evolve(first, entry=evolve(first.entry, outcome="WrongSecret")))
    asyncio.run(screen.confirm())
    assert screen.chain is not None
    assert not screen.chain.is_whole
    assert "falsifié à partir de l’enregistrement numéro 1" in screen.chain.words


def test_nothing_was_noted_yet(office: OfficeInMemory) -> None:
    screen = loaded(office)
    assert lines(screen) == ()
    assert screen.range_words == "0 inscription"
    assert not screen.is_narrowed


def test_what_cannot_be_read_is_said(office: OfficeInMemory) -> None:
    office.fault = Problem("Broken", "Le disque est plein.")
    screen = loaded(office)
    assert screen.page is None
    assert screen.chain is None
    assert screen.problem is not None


def test_a_record_that_the_server_keeps_alone_is_said(office: OfficeInMemory) -> None:
    noted(office, "session.begun")
    screen = loaded(office)
    with office.store.writing() as transaction:
        transaction.remove_audit(up_to=1)
    asyncio.run(screen.enter())
    assert screen.detail is None
    assert screen.problem is not None
    assert screen.problem.name == "RecordGone"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_who_may_not_read_it_is_refused_if_they_force_it(
    office: OfficeInMemory, role: Role
) -> None:
    noted(office, "session.begun")
    office.roles = frozenset({role})
    screen = loaded(office)
    assert screen.page is None
    assert screen.problem is not None
    assert screen.problem.name == "NotPermitted"
