"""One signature proves a run of commits; whatever would make it prove more is refused."""

import pytest
from attrs import evolve

from manchengo import codec
from manchengo.application.replication.server_log import Fault, Offered
from manchengo.domain.commit import Commit
from manchengo_server.pushing import Pushed
from manchengo_sync import signature_runs
from manchengo_sync.signature_runs import LONGEST_RUN
from manchengo_sync.signing import is_signed, sign
from tests.support.dairy import A_DAIRY, day, litres, received
from tests.support.server import DRIVER, Device, Server, a_server

GARBAGE = bytes(64)


@pytest.fixture
def server() -> Server:
    return a_server()


@pytest.fixture
def office(server: Server) -> Device:
    return server.first_device(A_DAIRY)


@pytest.fixture
def offers(office: Device) -> tuple[Offered, ...]:
    """Four receptions, each signed and behind the one before."""
    office.does(*[received(f"L{number}", litres(5)) for number in range(4)])
    return office.offered()


def pushed(device: Device, *offers: Offered) -> Pushed:
    return device.service.pushed(evolve(device.request(), commits=offers), by=device.id)


def is_refused_from(outcome: Pushed, offers: tuple[Offered, ...], index: int) -> None:
    assert outcome.response.synced == tuple(each.commit.id for each in offers[:index])
    assert outcome.response.push_error is not None
    assert outcome.response.push_error.code is Fault.REFUSED
    assert outcome.response.push_error.commit_id == offers[index].commit.id


def test_a_run_is_proved_by_its_last_signature(
    office: Device, offers: tuple[Offered, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []

    def counting(key: str, signature: bytes, message: bytes) -> bool:
        checked.append(message)
        return is_signed(key, signature, message)

    monkeypatch.setattr(signature_runs, "is_signed", counting)
    assert pushed(office, *offers).response.push_error is None
    assert checked == [offers[-1].commit.hash]


def test_what_stands_behind_the_last_true_signature_is_refused(
    office: Device, offers: tuple[Offered, ...]
) -> None:
    signed = (*offers[:2], *[evolve(each, signature=GARBAGE) for each in offers[2:]])
    is_refused_from(pushed(office, *signed), signed, 2)


def test_a_commit_without_any_signature_proves_nothing_and_is_not_proved(
    office: Device, offers: tuple[Offered, ...]
) -> None:
    """A device that took it in would believe that it had written it itself."""
    signed = (offers[0], evolve(offers[1], signature=b""), *offers[2:])
    is_refused_from(pushed(office, *signed), signed, 1)


def test_a_signed_commit_does_not_prove_a_forged_one_that_it_is_made_to_follow(
    server: Server, office: Device, offers: tuple[Offered, ...]
) -> None:
    """What its author signed is the hash: a commit that says another thing than its hash does has
    not said which commit came before.
    """
    phone = server.another_device("téléphone")
    forged = forged_before(offers[0].commit)
    following = evolve(offers[1].commit, previous=forged.hash)
    lies = (Offered(commit=forged, signature=GARBAGE), evolve(offers[1], commit=following))
    is_refused_from(pushed(phone, *lies), lies, 0)


def forged_before(commit: Commit) -> Commit:
    return codec.sealed(evolve(commit, on=day(99)))


def test_a_run_ends_where_another_author_begins(
    server: Server, office: Device, offers: tuple[Offered, ...]
) -> None:
    phone = server.another_device("téléphone")
    phone.does(received("T1", litres(5)))
    (other,) = phone.offered()
    unproved = (*[evolve(each, signature=GARBAGE) for each in offers], other)
    is_refused_from(pushed(office, *unproved), unproved, 0)
    assert pushed(office, *offers, other).response.push_error is None


def test_commits_that_do_not_follow_each_other_are_proved_one_by_one(
    office: Device, offers: tuple[Offered, ...]
) -> None:
    astray = codec.sealed(evolve(offers[1].commit, previous=GARBAGE[:32]))
    unproved = (
        evolve(offers[0], signature=GARBAGE),
        Offered(commit=astray, signature=sign(office.key, astray.hash)),
    )
    is_refused_from(pushed(office, *unproved), unproved, 0)


def test_nobody_s_signature_proves_what_another_is_said_to_have_written(
    office: Device, offers: tuple[Offered, ...]
) -> None:
    """The device signs the driver's commit, and not the administrator's before it."""
    first, second, *_ = offers
    forged = evolve(first, signature=GARBAGE)
    behind = codec.sealed(evolve(second.commit, user_id=DRIVER))
    signed = Offered(commit=behind, signature=sign(office.key, behind.hash))
    is_refused_from(pushed(office, forged, signed), (forged, signed), 0)


def test_a_run_is_no_longer_than_a_reader_of_the_log_looks_ahead(office: Device) -> None:
    office.does(*[received(f"L{number}", litres(5)) for number in range(LONGEST_RUN + 1)])
    *unsigned, last = office.offered()
    garbage = [evolve(each, signature=GARBAGE) for each in unsigned]
    is_refused_from(pushed(office, *garbage, last), (*garbage, last), 0)
    assert pushed(office, unsigned[0], *garbage[1:], last).response.push_error is None
