"""Nobody acts as another: whose key signed it, recorded it; the log refuses the rest."""

from uuid import UUID

import pytest
from attrs import asdict, evolve

from manchengo import Commit, Role, codec
from manchengo.application.authors import Author, check_author, check_has_rights
from manchengo.application.enrolments import is_as_seen
from manchengo.application.marks import SERVER_MARK
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import (
    AdmitKey,
    ChangeRoles,
    DeactivateUser,
    RequireSigning,
    WithdrawDevice,
    WithdrawKey,
)
from manchengo.domain.access import NoRights
from manchengo.domain.commit import LogEntry, Seen, Verdict
from manchengo.domain.errors import NothingToDo, ReasonMissing, Refused
from manchengo.domain.ids import CommitId, DeviceId, UserId
from manchengo.domain.person_keys import (
    KeyNotAdmitted,
    KeyTaken,
    NotAKey,
    NotSigned,
    SignedForAnotherPlant,
)
from manchengo.ports.rows import DeviceRow, UserRow
from manchengo.ports.settings import PLANT_ID
from manchengo.ports.signer import Signer
from manchengo.ports.store import Pending
from tests.support.dairy import litres, received
from tests.support.given import Step
from tests.support.people import (
    AMINA,
    AT_THE_OFFICE,
    IN_THE_VAN,
    KARIM,
    another_program,
    enrolled,
    forced,
    plant_of_two,
    public,
    recorded,
    require,
)
from tests.support.plant import Device, Plant
from tests.support.signers import admitting, admitting_own, signer_of

MILK_CAME = received("L1", litres(100))


@pytest.fixture
def plant() -> Plant:
    return plant_of_two()


MORE_RIGHTS = ChangeRoles(user_id=KARIM, roles=frozenset({Role.ADMIN}))


def test_a_driver_makes_nobody_an_administrator_in_anothers_name(plant: Plant) -> None:
    require(plant)
    office, phone = plant.devices
    entry = forced(plant, phone, AMINA, None, MORE_RIGHTS)
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, NotSigned.__name__)
    plant.settle()
    with office.store.reading() as snapshot:
        row = snapshot.get(UserRow, KARIM)
    assert row is not None
    assert row.roles == Role.DRIVER


@pytest.mark.parametrize("signer", [None, IN_THE_VAN, signer_of("a key of nobody")])
def test_on_the_phone_nothing_is_recorded_in_anothers_name(
    plant: Plant, signer: Signer | None
) -> None:
    require(plant)
    phone = plant.devices[1]
    before = phone.digest()
    with pytest.raises(KeyNotAdmitted if signer else NotSigned) as refused:
        recorded(phone, AMINA, signer, MORE_RIGHTS)
    assert asdict(refused.value) == {"user": "Amina"}
    assert phone.digest() == before


def test_a_persons_key_counts_at_their_device_alone(plant: Plant) -> None:
    """Whoever copied the key from the office cannot use it from the phone."""
    office, phone = plant.devices
    assert recorded(office, AMINA, AT_THE_OFFICE, MILK_CAME)
    entry = forced(plant, phone, AMINA, AT_THE_OFFICE, MORE_RIGHTS)
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, KeyNotAdmitted.__name__)


def test_a_key_of_one_person_signs_for_no_other(plant: Plant) -> None:
    office = plant.devices[0]
    office.does(admitting(KARIM, office.id, IN_THE_VAN))
    plant.settle()
    entry = forced(plant, office, AMINA, IN_THE_VAN, MORE_RIGHTS)
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, KeyNotAdmitted.__name__)


def test_who_has_a_key_at_a_device_signs_there(plant: Plant) -> None:
    """Also in a plant that does not ask everybody to."""
    office, phone = plant.devices
    with pytest.raises(NotSigned):
        recorded(office, AMINA, None, MILK_CAME)
    assert recorded(phone, AMINA, None, MILK_CAME)
    entry = forced(plant, office, AMINA, None, received("L2", litres(1)))
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, NotSigned.__name__)


def test_where_all_must_sign_only_the_person_of_the_device_may_be_without_a_key(
    plant: Plant,
) -> None:
    require(plant)
    office, phone = plant.devices
    office.does(ChangeRoles(user_id=KARIM, roles=frozenset({Role.SUPPLY})))
    plant.settle()
    (commit,) = recorded(phone, KARIM, None, MILK_CAME, role=Role.SUPPLY)
    phone.push()
    assert plant.after(0, 1_000)[-1].verdict is Verdict.ACCEPTED
    assert plant.after(0, 1_000)[-1].commit == commit
    office.pull()
    office.does(admitting(KARIM, phone.id, IN_THE_VAN))
    plant.settle()
    with pytest.raises(NotSigned):
        recorded(phone, KARIM, None, received("L2", litres(1)), role=Role.SUPPLY)
    assert recorded(phone, KARIM, IN_THE_VAN, received("L2", litres(1)), role=Role.SUPPLY)
    plant.settle()
    assert plant.after(0, 1_000)[-1].verdict is Verdict.ACCEPTED


def test_a_withdrawn_key_counts_no_more_and_gives_no_way_back(plant: Plant) -> None:
    office = plant.devices[0]
    office.does(
        WithdrawKey(user_id=AMINA, public_key=public(AT_THE_OFFICE), reason="ordinateur volé")
    )
    plant.settle()
    with pytest.raises(KeyNotAdmitted):
        recorded(office, AMINA, AT_THE_OFFICE, MILK_CAME)
    with pytest.raises(NotSigned):
        recorded(office, AMINA, None, MILK_CAME)
    for signer, why in ((AT_THE_OFFICE, KeyNotAdmitted), (None, NotSigned)):
        entry = forced(plant, office, AMINA, signer, received(f"L{signer}", litres(1)))
        assert (entry.verdict, entry.reason) == (Verdict.REJECTED, why.__name__)


def test_what_was_signed_before_its_key_was_withdrawn_stays(plant: Plant) -> None:
    office = plant.devices[0]
    office.does(MILK_CAME)
    plant.settle()
    office.does(WithdrawKey(user_id=AMINA, public_key=public(AT_THE_OFFICE), reason="perdue"))
    plant.settle()
    assert len(plant.digests()) == 1
    verdicts = {entry.verdict for entry in plant.after(0, 1_000)}
    assert verdicts == {Verdict.ACCEPTED}


def test_a_device_under_another_id_keeps_the_keys_of_its_people(plant: Plant) -> None:
    require(plant)
    office = plant.devices[0]
    office.does(MILK_CAME)
    office.become_another()
    office.does(received("L2", litres(1)))
    plant.settle()
    last = plant.after(0, 1_000)[-2:]
    assert {entry.commit.device_id for entry in last} == {office.id}
    assert [entry.verdict for entry in last] == [Verdict.ACCEPTED] * 2


def test_each_key_is_for_one_person_on_one_device(plant: Plant) -> None:
    office, phone = plant.devices
    for key, bearer in (
        (public(AT_THE_OFFICE), "Amina"),
        (public(signer_of("device", phone.id)), str(phone.id)),
    ):
        with pytest.raises(KeyTaken) as refused:
            office.does(AdmitKey(user_id=KARIM, family_id=phone.id, public_key=key))
        assert refused.value.bearer == bearer
    office.does(WithdrawKey(user_id=AMINA, public_key=public(AT_THE_OFFICE), reason="perdue"))
    with pytest.raises(NotSigned):
        recorded(office, AMINA, None, RequireSigning())


def test_a_withdrawn_key_is_not_admitted_again(plant: Plant) -> None:
    office, phone = plant.devices
    key = admitting(KARIM, phone.id, IN_THE_VAN)
    office.does(
        key, WithdrawKey(user_id=KARIM, public_key=public(IN_THE_VAN), reason="téléphone perdu")
    )
    with pytest.raises(KeyTaken):
        office.does(key)


@pytest.mark.parametrize("written", ["", "ab", "AB" * 32, "é" * 64, f" {'ab' * 31}c"])
def test_a_key_has_one_spelling(plant: Plant, written: str) -> None:
    with pytest.raises(NotAKey):
        plant.devices[0].does(
            AdmitKey(user_id=KARIM, family_id=plant.devices[1].id, public_key=written)
        )


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (WithdrawKey(user_id=KARIM, public_key="ab" * 32, reason="perdue"), NothingToDo),
        (WithdrawKey(user_id=AMINA, public_key=public(AT_THE_OFFICE), reason=" "), ReasonMissing),
    ],
)
def test_what_withdraws_no_key_is_refused(plant: Plant, command: Step, why: type[Refused]) -> None:
    with pytest.raises(why):
        plant.devices[0].does(command)


def test_a_key_is_withdrawn_once(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(admitting(KARIM, phone.id, IN_THE_VAN))
    withdraw = WithdrawKey(user_id=KARIM, public_key=public(IN_THE_VAN), reason="perdue")
    first, again = office.does(withdraw, withdraw)
    assert len(first.events) == 1
    assert again.events == ()


def test_to_require_signing_again_changes_nothing(plant: Plant) -> None:
    first, again = plant.devices[0].does(RequireSigning(), RequireSigning())
    assert len(first.events) == 1
    assert again.events == ()


def let_in_meanwhile(plant: Plant, version: int) -> tuple[Device, LogEntry]:
    """A telephone that the log knew before the demand that all sign, and its author did not."""
    office, phone = plant.devices
    (required,) = office.does(RequireSigning())
    tablet = plant.device()
    tablet.signer = None
    sent(plant, phone, codec.sealed(recorded(phone, AMINA, None, enrolled(tablet, KARIM))[0]))
    entry = sent(plant, office, codec.sealed(evolve(required, command_version=version)))
    tablet.pull()
    return tablet, entry


@pytest.mark.parametrize(("version", "counts"), [(1, True), (2, False)])
def test_an_enrolment_that_nobody_had_seen_lets_nobody_begin(
    plant: Plant, version: int, counts: bool
) -> None:
    """By a program of before it did, and what stands in its log stands."""
    tablet, entry = let_in_meanwhile(plant, version)
    assert entry.verdict is Verdict.ACCEPTED
    own = admitting_own(KARIM, tablet.id, IN_THE_VAN)
    begun = forced(plant, tablet, KARIM, IN_THE_VAN, own)
    assert (begun.verdict is Verdict.ACCEPTED) == counts


def test_of_another_log_nothing_was_seen(plant: Plant) -> None:
    """A server that was put back could put an enrolment where another entry was."""
    require(plant)
    with plant.store.reading() as snapshot:
        third = next(snapshot.entries(after=2, limit=1))
        seen = Seen(log_epoch="", global_seq=3, log_hash=third.hash)
        assert is_as_seen(snapshot, seen)
        assert not is_as_seen(snapshot, evolve(seen, log_hash=bytes(32)))
        assert is_as_seen(snapshot, evolve(seen, global_seq=1_000)), "it is not held here"


# ----------------------------------------------------------------- what a stranger may hold up


def test_somebody_unknown_or_gone_has_no_right(plant: Plant) -> None:
    plant.devices[0].does(DeactivateUser(user_id=KARIM))
    with plant.devices[0].store.reading() as snapshot:
        for user in (KARIM, UserId(UUID(int=999))):
            with pytest.raises(NoRights):
                check_has_rights(UnitOfWork(snapshot), user)
        check_has_rights(UnitOfWork(snapshot), AMINA)


def unknown_to_this_program(commit: Commit, *about: UUID, kind: str = "user") -> Commit:
    """The same commit, as a newer program would have recorded it about other things."""
    event = commit.events[0]
    events = tuple(
        evolve(event, event_type=f"{kind}.sung", aggregate_type=kind, aggregate_id=each)
        for each in about
    )
    return codec.sealed(evolve(commit, command_type="user.sing", events=events))


def sent(plant: Plant, device: Device, commit: Commit) -> LogEntry:
    plant.receive([Pending(commit=commit, effective=None, seal=None, signature=b"")])
    return plant.after(0, 1_000)[-1]


def of_a_newer_program(
    device: Device,
    user_id: UserId,
    *about: UUID,
    kind: str = "user",
    signer: Signer | None = None,
) -> Commit:
    with another_program():
        (commit,) = recorded(device, user_id, signer, received("LX", litres(1)))
    return unknown_to_this_program(commit, *about, kind=kind)


@pytest.mark.parametrize("who", ["gone", "unknown"])
def test_what_nobody_with_a_right_wrote_is_refused_and_holds_nothing_up(
    plant: Plant, who: str
) -> None:
    office, phone = plant.devices
    if who == "gone":
        office.does(DeactivateUser(user_id=KARIM))
        plant.settle()
    user = KARIM if who == "gone" else UserId(UUID(int=999))
    entry = sent(plant, phone, of_a_newer_program(phone, user, AMINA))
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, NoRights.__name__)


def test_a_parked_commit_keeps_no_administrator_from_withdrawing_its_author(plant: Plant) -> None:
    office, phone = plant.devices
    entry = sent(plant, phone, of_a_newer_program(phone, KARIM, KARIM, phone.id))
    assert entry.verdict is Verdict.PARKED
    office.pull()
    (deactivated,) = office.does(DeactivateUser(user_id=KARIM))
    (withdrawn,) = office.does(WithdrawDevice(device_id=phone.id, reason="perdu"))
    office.push()
    verdicts = {entry.commit.id: entry.verdict for entry in plant.after(0, 1_000)}
    assert verdicts[deactivated.id] is verdicts[withdrawn.id] is Verdict.ACCEPTED


def test_what_a_server_says_counts_without_a_persons_key(plant: Plant) -> None:
    """A server put back from a backup is told again by the devices what it recorded itself."""
    require(plant)
    office, phone = plant.devices
    server = DeviceId(UUID(int=77))
    office.does(evolve(enrolled(phone, AMINA, mark=SERVER_MARK), device_id=server))
    plant.settle()
    with phone.store.reading() as snapshot:
        assert snapshot.get(DeviceRow, server) is not None
    (commit,) = office.does(WithdrawDevice(device_id=phone.id, reason="perdu"))
    signed_commit = codec.sealed(
        evolve(
            commit,
            id=CommitId(UUID(int=78)),
            device_id=server,
            sequence=1,
            previous=bytes(32),
            authorship=None,
        )
    )
    assert sent(plant, office, signed_commit).verdict is Verdict.ACCEPTED
    a_key = admitting(KARIM, phone.id, IN_THE_VAN)
    before = signed_commit
    for number, command in enumerate((MORE_RIGHTS, a_key), start=2):
        more = codec.sealed(
            evolve(
                office.does(command)[0],
                id=CommitId(UUID(int=77 + number)),
                device_id=server,
                sequence=number,
                previous=before.hash,
                authorship=None,
            )
        )
        entry = sent(plant, office, more)
        assert (entry.verdict, entry.reason) == (Verdict.REJECTED, NotSigned.__name__)
        before = more


def test_what_is_signed_for_another_plant_is_not_said_here(plant: Plant) -> None:
    """Her key is admitted in both; what she signed in the one is copied into the other."""
    office = plant.devices[0]
    (commit,) = recorded(office, AMINA, AT_THE_OFFICE, MILK_CAME)
    here, there = UUID(int=7), UUID(int=8)
    with office.store.writing() as transaction:
        transaction.set_setting(PLANT_ID, str(here))
    with office.store.reading() as snapshot:
        work, author = UnitOfWork(snapshot), Author.of(commit)
        check_author(work, evolve(author, plant_id=here))
        check_author(work, evolve(author, plant_id=None))  # it had joined none yet
        with pytest.raises(SignedForAnotherPlant) as refused:
            check_author(work, evolve(author, plant_id=there))
    assert refused.value.user == "Amina"
