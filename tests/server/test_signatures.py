"""One signature proves a run of commits; whatever would make it prove more is refused."""

import pytest
from attrs import evolve

from manchengo import codec
from manchengo.application.replication.server_log import Fault, Offered
from manchengo.commands import AdmitKey
from manchengo.domain.commit import Commit, LogEntry
from manchengo_server.entry_cache import weight_of_commit
from manchengo_server.pushing import Pushed
from manchengo_server.quota import Quota
from manchengo_server.service import Service
from manchengo_sync import author_signatures, signature_runs
from manchengo_sync.log_proofs import Authors, prove
from manchengo_sync.signature_runs import LONGEST_RUN
from manchengo_sync.signing import is_signed, sign
from tests.support.dairy import A_DAIRY, day, litres, received
from tests.support.server import BOSS, DRIVER, Device, Server, a_server
from tests.support.signers import signer_of

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


def test_signatures_are_checked_while_nobody_waits_to_write(
    office: Device, offers: tuple[Offered, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    lock = office.service.context._write_lock

    def watching(key: str, signature: bytes, message: bytes) -> bool:
        held.append(lock.locked())
        return is_signed(key, signature, message)

    for module in (signature_runs, author_signatures):
        monkeypatch.setattr(module, "is_signed", watching)
    assert pushed(office, *offers).response.push_error is None
    assert held
    assert not any(held)


def test_where_the_quota_cuts_a_run_its_beginning_is_proved_by_itself(
    office: Device, offers: tuple[Offered, ...]
) -> None:
    context = office.service.context
    with context.writing() as transaction:
        used = Quota.of(context, transaction, office.id).used
    room = used + weight_of_commit(offers[0].commit)
    office.service = Service(evolve(context, daily_bytes=room))
    signed = (*[evolve(each, signature=GARBAGE) for each in offers[:-1]], offers[-1])
    is_refused_from(pushed(office, *signed), signed, 0)
    outcome = pushed(office, *offers)
    assert outcome.response.synced == (offers[0].commit.id,)
    assert outcome.response.push_error is not None
    assert outcome.response.push_error.code is Fault.QUOTA


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


# ---------------------------------------------------------------- without the end that proves it


def test_what_a_turned_down_commit_would_have_proved_is_not_stored(
    server: Server, office: Device, offers: tuple[Offered, ...]
) -> None:
    """The end of the run has an id that is another's: nobody would ever find the rest proved."""
    phone = server.another_device("téléphone")
    phone.does(received("T1", litres(5)))
    taken = phone.offered()[0].commit.id
    phone.syncs()
    behind = codec.sealed(evolve(offers[2].commit, id=taken))
    unproved = (
        *[evolve(each, signature=GARBAGE) for each in offers[:2]],
        Offered(commit=behind, signature=sign(office.key, behind.hash)),
    )
    is_refused_from(pushed(office, *unproved), unproved, 0)
    assert office.service.head() == len(log(office))


def log(device: Device) -> list[LogEntry]:
    """As its server has it, each commit proved by what stands in it."""
    with device.service.context.store.reading() as snapshot:
        entries = list(snapshot.entries())
    assert prove(Authors(), entries).why == ""
    return entries


class TestAuthors:
    """Whose own signatures are in the commits, beside that of the device that carries them."""

    @pytest.fixture
    def offers(self, office: Device) -> tuple[Offered, ...]:
        amina = signer_of("Amina")
        office.does(AdmitKey(user_id=BOSS, family_id=office.id, public_key=amina.key.hex()))
        office.syncs()
        office.signer = amina
        office.does(*[received(f"L{number}", litres(5)) for number in range(LONGEST_RUN + 1)])
        return office.offered()

    def garbled(self, office: Device, offers: tuple[Offered, ...]) -> tuple[Offered, ...]:
        """No author signed these but for the last; the device carries them all the same."""
        made: list[Offered] = []
        previous = offers[0].commit.previous
        for number, each in enumerate(offers, start=1):
            part = each.commit.authorship
            assert part is not None
            if number < len(offers):
                part = evolve(part, signature=GARBAGE)
            commit = codec.sealed(evolve(each.commit, previous=previous, authorship=part))
            made.append(Offered(commit=commit, signature=sign(office.key, commit.hash)))
            previous = commit.hash
        return tuple(made)

    def test_her_last_signature_proves_those_before(
        self, office: Device, offers: tuple[Offered, ...]
    ) -> None:
        garbled = self.garbled(office, offers[:LONGEST_RUN])
        assert pushed(office, *garbled).response.push_error is None
        assert office.service.head() == len(log(office))

    def test_it_proves_no_more_than_a_reader_of_the_log_looks_ahead(
        self, office: Device, offers: tuple[Offered, ...]
    ) -> None:
        garbled = self.garbled(office, offers)
        is_refused_from(pushed(office, *garbled), garbled, 0)

    def test_it_proves_nothing_where_the_device_did_not_sign_it(
        self, office: Device, offers: tuple[Offered, ...]
    ) -> None:
        *garbled, last = self.garbled(office, offers[:3])
        unproved = (*garbled, evolve(last, signature=GARBAGE))
        is_refused_from(pushed(office, *unproved), unproved, 0)

    def test_the_device_proves_nothing_where_she_did_not_sign_its_last(
        self, office: Device, offers: tuple[Offered, ...]
    ) -> None:
        _, last, _ = self.garbled(office, offers[:3])
        unproved = (evolve(offers[0], signature=GARBAGE), self.behind(office, offers[0], last))
        is_refused_from(pushed(office, *unproved), unproved, 0)

    def behind(self, office: Device, before: Offered, offered: Offered) -> Offered:
        commit = codec.sealed(evolve(offered.commit, previous=before.commit.hash))
        return Offered(commit=commit, signature=sign(office.key, commit.hash))

    def test_it_proves_nothing_where_its_commit_is_turned_down(
        self, server: Server, office: Device, offers: tuple[Offered, ...]
    ) -> None:
        phone = server.another_device("téléphone")
        phone.does(received("T1", litres(5)))
        taken = phone.offered()[0].commit.id
        phone.syncs()
        *garbled, last = self.garbled(office, offers[:3])
        part = last.commit.authorship
        assert part is not None
        signature = signer_of("Amina").sign(
            codec.authored_hash(renamed := evolve(last.commit, id=taken), part)
        )
        renamed = codec.sealed(evolve(renamed, authorship=evolve(part, signature=signature)))
        unproved = (
            *garbled,
            Offered(commit=renamed, signature=sign(office.key, renamed.hash)),
        )
        is_refused_from(pushed(office, *unproved), unproved, 0)
        assert office.service.head() == len(log(office))
