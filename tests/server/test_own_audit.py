"""The server notes who was turned away at its doors, and what was done at its terminal."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from manchengo.application.audit_check import first_fault
from manchengo.domain.ids import DeviceId
from manchengo.ports.audit import AuditEntry, AuditKind
from manchengo_server.errors import TurnedDown
from manchengo_server.own_audit import NOBODY
from manchengo_sync.link import Unauthorised
from manchengo_sync.wire import CodeRequest, RenewRequest
from tests.server.test_bundles import carried, phone
from tests.support.server import DRIVER, Device, Server

__all__ = ["phone"]


def noted(server: Server) -> list[AuditEntry]:
    with server.service.context.reading() as snapshot:
        assert first_fault(snapshot) is None
        return [each.entry for each in snapshot.audit_records()]


def last(server: Server) -> tuple[str, str, dict[str, Any]]:
    entry = noted(server)[-1]
    return entry.action, entry.outcome, json.loads(entry.facts)


def turned_away(ask: Callable[[], object]) -> None:
    with pytest.raises(TurnedDown):
        ask()


def test_a_withdrawn_device_that_knocks_is_noted(server: Server, office: Device) -> None:
    service, token = server.service, office.token()
    service.withdraw(office.id, "perdu", by=None)
    turned_away(office.token)
    assert last(server) == ("session.token", "DeviceIsWithdrawn", {"device_id": str(office.id)})
    assert noted(server)[-1].user_id == office.user_id
    assert noted(server)[-1].kind == AuditKind.SESSION
    turned_away(lambda: service.admit(token))
    assert last(server) == ("session.token", "DeviceIsWithdrawn", {})
    turned_away(lambda: service.push(office.asking(), by=office.id))
    assert last(server)[:2] == ("session.push", "DeviceIsWithdrawn")


def test_a_forged_token_is_noted_and_one_whose_time_is_over_is_not(
    server: Server, office: Device
) -> None:
    token = office.token()
    before = len(noted(server))
    server.clock.at += timedelta(hours=1)
    turned_away(lambda: server.service.admit(token))
    assert len(noted(server)) == before
    turned_away(lambda: server.service.admit(token[:-4] + "AAAA"))
    assert last(server) == ("session.token", "ForgedToken", {})


def test_a_wrong_code_is_noted_and_not_the_id_that_was_made_up(server: Server) -> None:
    stranger = server.device()
    turned_away(lambda: server.service.enrol(stranger.enrolment("AAAA-BBBB-CCCC")))
    assert last(server) == ("session.enrol", "WrongCode", {})
    assert noted(server)[-1].user_id == NOBODY


def test_a_signature_of_another_key_is_noted(server: Server, office: Device) -> None:
    proof = office.proof(server.service.challenge().nonce)
    turned_away(lambda: server.service.token(evolve(proof, signature=bytes(64))))
    assert last(server) == ("session.token", "NotProved", {"device_id": str(office.id)})


def test_who_asks_for_more_than_an_administrator_gives_is_noted(
    server: Server, office: Device
) -> None:
    phone = server.device(user_id=DRIVER)
    server.let_in(phone)
    bearer = server.service.admit(phone.token())
    turned_away(lambda: server.service.new_code(CodeRequest(user_id=DRIVER), by=bearer))
    assert last(server) == ("session.code_given", "NotAllowed", {"device_id": str(phone.id)})
    turned_away(lambda: server.service.withdraw(office.id, "à moi", by=bearer))
    assert last(server)[:2] == ("device.withdraw", "NotAllowed")
    turned_away(lambda: server.service.programs_shown_to(bearer))
    assert last(server)[:2] == ("devices.read", "NotAllowed")
    other = RenewRequest(former_id=office.id, device_id=DeviceId(phone.ids.new()))
    turned_away(lambda: server.service.renew(other, by=phone.id))
    assert last(server)[:2] == ("session.renew", "NotYours")


def test_whoever_knocks_a_thousand_times_costs_few_records(server: Server) -> None:
    stranger = server.device()
    wrong = stranger.enrolment("AAAA-BBBB-CCCC")
    before = len(noted(server))
    for number in range(1_000):  # the clock goes a second at each reading
        if number % 2:
            turned_away(lambda: server.service.enrol(wrong))
        else:
            turned_away(lambda: server.service.admit("x.y.z"))
    found = noted(server)[before:]
    assert len(found) < 150
    assert 900 < sum(each.count for each in found) <= 1_000


def test_a_file_of_a_withdrawn_device_is_noted(
    server: Server, office: Device, phone: Device
) -> None:
    assert office.id != phone.id
    server.service.withdraw(phone.id, "perdu", by=None)
    with pytest.raises(Unauthorised):
        carried(server, phone)
    assert last(server) == ("session.push", "DeviceIsWithdrawn", {"device_id": str(phone.id)})


@pytest.mark.usefixtures("office")
def test_what_the_operator_did_is_noted(server: Server) -> None:
    service = server.service
    service.new_code(CodeRequest(user_id=DRIVER), by=None)
    assert last(server) == ("session.code_given", "done", {"user_id": str(DRIVER)})
    service.replace_token_key(at_once=True)
    assert last(server) == ("key.tokens_replaced", "done", {"at_once": True})
    service.replace_bundle_key(accepted_for=timedelta(days=30))
    assert last(server) == ("key.bundles_replaced", "done", {"days": 30})
    key = service.next_signing_key()
    assert last(server) == ("key.signing_next", "done", {"public_key": key})
    service.open_recovery()
    assert last(server)[:2] == ("log.recovery_opened", "done")
    service.begin_new_epoch()
    assert last(server) == ("log.epoch_begun", "done", {"taken_back": 0})
    assert {each.user_id for each in noted(server)[-6:]} == {NOBODY}


def test_a_record_of_the_server_that_is_changed_shows(server: Server) -> None:
    server.service.replace_token_key()
    with server.service.context.writing() as transaction:
        record = next(transaction.audit_records())
        transaction.write_audit(evolve(record, entry=evolve(record.entry, outcome="rien")))
    with server.service.context.reading() as snapshot:
        found = first_fault(snapshot)
    assert found is not None
    assert found.fault == "content"
