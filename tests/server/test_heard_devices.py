"""The server tells each device when it heard the others, and up to where it sent them the log."""

from datetime import datetime, timedelta

import pytest
from attrs import define, evolve

from manchengo.application.heard_devices import LastHeard
from manchengo_sync import wire
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import Device, Server, a_server


@define
class Two:
    """An office and a phone that hold the same log."""

    server: Server
    office: Device
    phone: Device

    def asks(
        self, device: Device, *, unsent: int | None = 0, limit: int = 100
    ) -> wire.PushResponse:
        """It offers what waits on it; ``unsent``: how much more there is."""
        request = evolve(device.request(limit=limit), unsent=unsent)
        response = self.server.service.push(request, by=device.id)
        device.take(response)
        return response

    def phone_as_told(self) -> LastHeard | None:
        """What the office is told of the phone."""
        heard = self.asks(self.office).heard
        assert heard is not None
        assert [each.device_id for each in heard if each.device_id != self.phone.id] == []
        return next(iter(heard), None)

    def heard_at(self) -> datetime | None:
        last_heard = self.phone_as_told()
        return None if last_heard is None else last_heard.heard_at


@pytest.fixture
def two() -> Two:
    server = a_server()
    office = server.first_device(A_DAIRY, received("L1", litres(100)))
    two = Two(server, office, server.another_device())
    server.settle()
    return two


def cursor(device: Device) -> int:
    with device.store.reading() as snapshot:
        return snapshot.cursor()


def test_a_device_that_said_all_is_heard_with_what_it_held(two: Two) -> None:
    two.phone.does(received("L2", litres(5)))
    held = cursor(two.phone)
    before = two.server.clock.at
    two.asks(two.phone)
    heard = two.phone_as_told()
    assert heard is not None
    assert heard.heard_at is not None
    assert before < heard.heard_at <= two.server.clock.at
    assert (heard.held, heard.sent) == (held, cursor(two.phone))
    assert heard.sent > heard.held


def test_a_device_on_which_something_waits_was_only_sent_the_log(two: Two) -> None:
    two.office.does(received("L2", litres(5)))
    two.asks(two.office)
    two.asks(two.phone, unsent=1)
    heard = two.phone_as_told()
    assert heard is not None
    assert (heard.heard_at, heard.sent) == (None, cursor(two.phone))


def test_a_program_of_before_does_not_say_what_waits_on_it(two: Two) -> None:
    two.asks(two.phone, unsent=None)
    assert two.heard_at() is None


def test_a_device_whose_commit_was_turned_down_was_not_heard(two: Two) -> None:
    two.phone.does(received("L2", litres(5)), received("L3", litres(5)))
    request = two.phone.request()
    behind = evolve(request, commits=request.commits[1:], unsent=0)
    response = two.server.service.push(behind, by=two.phone.id)
    assert response.push_error is not None
    assert two.heard_at() is None


def test_only_the_last_answer_of_an_exchange_tells_of_the_others(two: Two) -> None:
    two.office.does(received("L2", litres(5)), received("L3", litres(5)))
    two.asks(two.office)
    assert two.asks(two.phone, limit=1).heard is None
    assert two.asks(two.phone, limit=1).heard is not None


def test_what_is_the_same_again_is_kept_once_a_minute(two: Two) -> None:
    two.asks(two.phone)
    first = two.heard_at()
    two.asks(two.phone)
    assert first is not None
    assert two.heard_at() == first
    two.server.clock.at += timedelta(minutes=1)
    two.asks(two.phone)
    again = two.heard_at()
    assert again is not None
    assert again - first >= timedelta(minutes=1)


def test_in_a_new_epoch_nobody_was_heard_yet(two: Two) -> None:
    """Its entries may have other places."""
    two.asks(two.phone)
    assert two.heard_at() is not None
    two.server.service.open_recovery()
    two.server.service.begin_new_epoch()
    request = evolve(two.office.request(), log_epoch="", cursor=0, log_hash=bytes(32), unsent=0)
    assert two.server.service.push(request, by=two.office.id).heard == ()
