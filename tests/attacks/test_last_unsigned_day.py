"""The telephone of somebody who never signed, in other hands: for how long it is believed."""

from datetime import timedelta

import pytest

from manchengo import Role
from manchengo.commands import AdmitKey, ChangeRoles, RequireSigning
from manchengo.domain.commit import Verdict
from manchengo.memory import START_OF_MEMORY
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import BOSS, DRIVER, Device, Server, a_server
from tests.support.signers import signer_of

pytestmark = pytest.mark.usefixtures("on_each_database")

AMINAS = signer_of("Amina")
LAST_DAY = START_OF_MEMORY.date() + timedelta(days=90)


@pytest.fixture
def server() -> Server:
    return a_server()


@pytest.fixture
def office(server: Server) -> Device:
    return server.first_device(A_DAIRY)


@pytest.fixture
def phone(server: Server, office: Device) -> Device:
    """Let in for its person before all must sign; that person takes deliveries in."""
    phone = server.another_device(user_id=DRIVER)
    phone.roles = frozenset({Role.SUPPLY})
    office.exchanges()
    office.does(
        ChangeRoles(user_id=DRIVER, roles=phone.roles),
        AdmitKey(user_id=BOSS, family_id=office.id, public_key=AMINAS.key.hex()),
    )
    office.signer = AMINAS
    office.does(RequireSigning(unsigned_until=LAST_DAY))
    office.exchanges()
    phone.exchanges()
    return phone


@pytest.mark.parametrize(
    ("days", "verdict"),
    [(89, Verdict.ACCEPTED), (90, Verdict.ACCEPTED), (91, Verdict.REJECTED)],
    ids=["the day before", "on the last day", "the day after"],
)
def test_what_it_holds_back_and_dates_back_counts_to_the_last_day_of_the_log(
    server: Server, office: Device, phone: Device, days: int, verdict: Verdict
) -> None:
    """Recorded today by its own clock, and handed in when somebody who signs has gone on."""
    (commit,) = phone.does(received("L2", litres(1)))
    server.clock.at = office.clock.at = START_OF_MEMORY + timedelta(days=days)
    office.does(received("L1", litres(1)))
    office.exchanges()
    assert phone.service.pushed(phone.request(), by=phone.id).verdicts == {verdict: 1}
    for each in (office, phone):
        each.exchanges()
        with each.store.reading() as snapshot:
            entry = snapshot.entry(commit.id)
        assert entry is not None
        assert entry.verdict is verdict
    assert len(server.digests()) == 1
