"""An enrolled device that means harm records in the name of somebody who is not there.

Its program asks for no proof; it has its own key, our protocol, and all that the log says. The
plant has everybody sign, and its administrator has a key at the office.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import Authorship, Commit, DeviceId, Role, codec
from manchengo.application import committing
from manchengo.application.authors import user_of
from manchengo.application.handlers import people
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import (
    AdmitKey,
    ChangeRoles,
    Command,
    EnrolDevice,
    InvitePerson,
    RegisterUser,
    RequireSigning,
    WithdrawKey,
)
from manchengo.domain import person_keys
from manchengo.domain.commit import Verdict
from manchengo.domain.ids import InvitationId, UserId
from manchengo.domain.person_keys import KeyNotProved, KeyTaken, NotAKey
from manchengo.ports.rows import DeviceRow, UserRow
from manchengo.ports.signer import Signer
from manchengo_server.errors import NotAllowed
from manchengo_server.pushing import Pushed
from manchengo_sync.possession import with_proof
from manchengo_sync.signing import sign
from manchengo_sync.wire import CodeRequest
from tests.support.server import BOSS, DRIVER, Device, Server, a_server
from tests.support.signers import admitting, admitting_own, signer_of

pytestmark = pytest.mark.usefixtures("on_each_database")

AT_THE_OFFICE, HIS_OWN = signer_of("Amina"), signer_of("Sid")
OVERHEARD = signer_of("the code of an invitation")
ANY_DEVICE = DeviceId(UUID(int=5))
TO_BE_ADMINISTRATOR = ChangeRoles(user_id=DRIVER, roles=frozenset({Role.ADMIN}))


@pytest.fixture
def server() -> Server:
    return a_server()


@pytest.fixture
def office(server: Server) -> Device:
    office = server.first_device()
    key = AT_THE_OFFICE.key.hex()
    office.does(AdmitKey(user_id=BOSS, family_id=office.id, public_key=key))
    office.signer = AT_THE_OFFICE
    office.does(RequireSigning())
    office.syncs()
    return office


@pytest.fixture
def phone(server: Server, office: Device) -> Device:
    """The driver's."""
    assert office.signer is not None
    return server.another_device(user_id=DRIVER)


@contextmanager
def another_program() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(committing, "check_author", lambda *_: None)
        yield


def as_amina(phone: Device, command: Command, signer: Signer | None) -> Commit:
    """Recorded on the driver's telephone in the administrator's name."""
    liar = evolve(phone, user_id=BOSS, roles=frozenset({Role.ADMIN}), signer=signer)
    with another_program():
        (commit,) = liar.does(command)
    return commit


def pushed(phone: Device) -> Pushed:
    return phone.service.pushed(phone.request(), by=phone.id)


def is_still_a_driver(office: Device) -> None:
    office.exchanges()
    with office.store.reading() as snapshot:
        row = snapshot.get(UserRow, DRIVER)
    assert row is not None
    assert row.roles == Role.DRIVER.value


@pytest.mark.parametrize(
    "command",
    [
        TO_BE_ADMINISTRATOR,
        admitting(DRIVER, ANY_DEVICE, HIS_OWN),
        admitting(BOSS, ANY_DEVICE, HIS_OWN),
    ],
    ids=["a role", "a key of his own", "a key of hers"],
)
def test_unsigned_it_is_refused_and_kept_for_people_to_see(
    office: Device, phone: Device, command: Command
) -> None:
    commit = as_amina(phone, command, None)
    outcome = pushed(phone)
    assert outcome.response.push_error is None
    assert outcome.verdicts == {Verdict.REJECTED: 1}
    assert outcome.response.new[-1].reason == "NotSigned"
    assert outcome.response.new[-1].commit == commit
    is_still_a_driver(office)


def test_he_lets_no_other_device_in(office: Device, phone: Device, server: Server) -> None:
    other = server.device(user_id=BOSS)
    as_amina(
        phone,
        EnrolDevice(
            device_id=other.id, name="poste", mark="S0", public_key="ab" * 32, user_id=BOSS
        ),
        None,
    )
    assert pushed(phone).verdicts == {Verdict.REJECTED: 1}
    office.exchanges()
    with office.store.reading() as snapshot:
        assert snapshot.get(DeviceRow, other.id) is None


def test_his_own_key_signs_nothing_in_her_name(office: Device, phone: Device) -> None:
    as_amina(phone, TO_BE_ADMINISTRATOR, HIS_OWN)
    outcome = pushed(phone)
    assert outcome.verdicts == {Verdict.REJECTED: 1}
    assert outcome.response.new[-1].reason == "KeyNotAdmitted"
    is_still_a_driver(office)


@pytest.mark.parametrize("signature", [bytes(64), b"", HIS_OWN.sign(b"")])
def test_her_key_in_the_commit_is_nothing_without_her_signature(
    office: Device, phone: Device, signature: bytes
) -> None:
    """Everybody reads her public key in the log."""
    commit = as_amina(phone, TO_BE_ADMINISTRATOR, HIS_OWN)
    assert commit.authorship is not None
    stolen = evolve(
        commit.authorship, key=AT_THE_OFFICE.key, family_id=office.id, signature=signature
    )
    is_not_taken_in(phone, commit, stolen)
    is_still_a_driver(office)


def test_her_signature_is_of_one_commit_alone(office: Device, phone: Device) -> None:
    """What she signed is in the log for everybody to copy."""
    hers = next(
        entry.commit.authorship
        for entry in phone.service.pushed(phone.asking(cursor=0), by=phone.id).response.new
        if entry.commit.authorship is not None
    )
    is_not_taken_in(phone, as_amina(phone, TO_BE_ADMINISTRATOR, HIS_OWN), hers)
    is_still_a_driver(office)


def is_not_taken_in(phone: Device, commit: Commit, part: Authorship) -> None:
    """The server stores nothing of a commit that bears this, sealed and signed by the device."""
    forged = codec.sealed(evolve(commit, authorship=part))
    (offered,) = phone.offered()
    offered = evolve(offered, commit=forged, signature=sign(phone.key, forged.hash))
    head = phone.service.head()
    outcome = phone.service.pushed(evolve(phone.request(), commits=(offered,)), by=phone.id)
    assert outcome.response.push_error is not None
    assert outcome.response.push_error.code == "refused"
    assert "author" in outcome.why
    assert phone.service.head() == head


def test_with_a_key_of_his_own_he_does_his_own_work(office: Device, phone: Device) -> None:
    office.does(admitting(DRIVER, phone.id, HIS_OWN))
    office.syncs()
    phone.exchanges()
    himself = evolve(phone, roles=frozenset({Role.ADMIN}), signer=HIS_OWN)
    (commit,) = himself.does(TO_BE_ADMINISTRATOR)  # his own program gives him any role
    outcome = pushed(phone)
    assert outcome.response.new[-1].commit == commit
    assert outcome.response.new[-1].reason == "NotPermitted"
    is_still_a_driver(office)


def test_the_server_does_not_take_a_device_for_whomever_it_names(
    office: Device, phone: Device
) -> None:
    """His telephone asks for a token in her name: a code in it would let in a device of his as
    hers, and hers would be withdrawn.
    """
    as_her = evolve(phone, user_id=BOSS)
    bearer = phone.service.admit(as_her.token())
    assert (bearer.user_id, bearer.is_administrator) == (DRIVER, False)
    with pytest.raises(NotAllowed):
        phone.service.new_code(CodeRequest(user_id=BOSS), by=bearer)
    with pytest.raises(NotAllowed):
        phone.service.withdraw(office.id, "perdu", by=bearer)


# ------------------------------------------------------------------------------------ first keys


def test_he_admits_no_key_for_her(office: Device, phone: Device) -> None:
    """Signed with itself, as a first key is: at his telephone, and as if it were at hers."""
    for family_id in (phone.id, office.id):
        command = admitting_own(BOSS, family_id, HIS_OWN)
        as_amina(phone, command, HIS_OWN)
        outcome = pushed(phone)
        assert outcome.verdicts == {Verdict.REJECTED: 1}
        assert outcome.response.new[-1].reason == "KeyNotAdmitted"
        phone.take(outcome.response)
    assert keys_of_hers(office) == [AT_THE_OFFICE.key.hex()]


@pytest.mark.parametrize("order", ["01" + "00" * 31, "00" * 32, "ec" + "ff" * 30 + "7f"])
def test_under_a_key_of_small_order_nobody_begins(
    office: Device, phone: Device, order: str
) -> None:
    """Anybody could sign in his name then. The server takes no signature under one, nor does the
    log admit it where an administrator is talked into it.
    """
    proof = bytes(64).hex()
    command = AdmitKey(user_id=DRIVER, family_id=phone.id, public_key=order, proof=proof)
    with pytest.raises(NotAKey):
        office.does(command)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(person_keys, "is_sound", lambda _: True)
        office.does(command)
    outcome = pushed(office)
    assert outcome.response.new[-1].reason == "NotAKey"
    assert outcome.verdicts == {Verdict.REJECTED: 1}


ANOTHERS = signer_of("the accountant", "her next telephone")


def borrowed(phone: Device) -> dict[str, str]:
    """Signatures that are no proof of his having the key of another on his telephone."""
    stolen = admitting(DRIVER, phone.id, ANOTHERS)
    return {
        "his own": with_proof(stolen, HIS_OWN, plant_id=None).proof,
        "for another person": admitting(BOSS, phone.id, ANOTHERS).proof,
        "for another device": admitting(DRIVER, ANY_DEVICE, ANOTHERS).proof,
        "for what she does herself": admitting_own(DRIVER, phone.id, ANOTHERS).proof,
        "for another plant": with_proof(stolen, ANOTHERS, plant_id=UUID(int=6)).proof,
        "nothing": "no signature",
    }


@pytest.mark.parametrize(
    "which",
    [
        "his own",
        "for another person",
        "for another device",
        "for what she does herself",
        "for another plant",
        "nothing",
    ],
)
def test_nobody_is_given_a_key_that_did_not_sign_for_it(
    office: Device, phone: Device, which: str
) -> None:
    """He hands in the public key of somebody else as his, with whatever she signed elsewhere. Where
    an administrator is talked into it, the server stores it no more than any device believes it.
    """
    stolen = evolve(admitting(DRIVER, phone.id, ANOTHERS), proof="")
    with pytest.raises(KeyNotProved):
        office.does(stolen)
    before = phone.service.head()
    office.does(evolve(stolen, proof=borrowed(phone)[which]))
    outcome = pushed(office)
    assert "did not sign for it" in outcome.why
    assert phone.service.head() == before


def test_a_code_gives_nobody_a_key_that_they_do_not_have(office: Device, phone: Device) -> None:
    invited(office, phone)
    for proof in ("", admitting_own(BOSS, phone.id, ANOTHERS).proof):  # that is for no code
        command = evolve(admitting_own(BOSS, phone.id, ANOTHERS, by=OVERHEARD), proof=proof)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(people, "_must_be_proved", lambda *_: None)
            as_amina(phone, command, OVERHEARD)
        outcome = pushed(phone)
        assert outcome.why or outcome.response.new[-1].reason == "KeyNotProved"
        phone.take(outcome.response)
    assert keys_of_hers(office) == [AT_THE_OFFICE.key.hex()]


def test_no_device_is_let_in_under_the_key_of_a_person(server: Server, office: Device) -> None:
    command = EnrolDevice(
        device_id=ANY_DEVICE,
        name="sien",
        mark="",
        public_key=AT_THE_OFFICE.key.hex(),
        user_id=DRIVER,
    )
    with pytest.raises(KeyTaken):
        office.does(command)


def invited(office: Device, phone: Device) -> InvitationId:
    """Amina invites herself to begin on another device, and the code is overheard."""
    invitation_id = InvitationId(UUID(int=9))
    office.does(
        InvitePerson(
            user_id=BOSS,
            invitation_id=invitation_id,
            public_key=OVERHEARD.key.hex(),
            expires_on=office.clock.today(),
        )
    )
    office.syncs()
    phone.exchanges()
    return invitation_id


def test_a_code_that_was_used_opens_nothing_more(
    server: Server, office: Device, phone: Device
) -> None:
    other = server.another_device()
    invited(office, phone)
    other.exchanges()
    hers = signer_of("Amina", "the other computer")
    other.signer = OVERHEARD
    other.does(admitting_own(BOSS, other.id, hers, by=OVERHEARD))
    other.syncs()
    command = admitting_own(BOSS, phone.id, HIS_OWN, by=OVERHEARD)
    as_amina(phone, command, OVERHEARD)
    outcome = pushed(phone)
    assert outcome.verdicts == {Verdict.REJECTED: 1}
    assert outcome.response.new[-1].reason == "InvitationUsed"
    assert keys_of_hers(office) == [AT_THE_OFFICE.key.hex(), hers.key.hex()]


def test_a_code_is_no_key(office: Device, phone: Device) -> None:
    invited(office, phone)
    as_amina(phone, TO_BE_ADMINISTRATOR, OVERHEARD)
    outcome = pushed(phone)
    assert outcome.response.new[-1].reason == "KeyNotAdmitted"
    is_still_a_driver(office)


def test_the_public_half_of_a_code_is_not_the_code(office: Device, phone: Device) -> None:
    """Everybody reads it in the log, the server too."""
    invited(office, phone)
    command = admitting_own(BOSS, phone.id, HIS_OWN, by=OVERHEARD)
    commit = as_amina(phone, command, HIS_OWN)
    assert commit.authorship is not None
    for signature in (HIS_OWN.sign(b""), commit.authorship.signature):
        stolen = evolve(commit.authorship, key=OVERHEARD.key, signature=signature)
        is_not_taken_in(phone, commit, stolen)
    assert keys_of_hers(office) == [AT_THE_OFFICE.key.hex()]


def test_what_a_withdrawn_administrator_gave_out_opens_nothing(
    office: Device, phone: Device
) -> None:
    nadia = UserId(UUID(int=102))
    office.does(RegisterUser(user_id=nadia, name="Nadia", roles=frozenset({Role.ADMIN})))
    nadias = signer_of("Nadia")
    office.does(admitting(nadia, office.id, nadias))
    invited(office, phone)
    at_the_office = evolve(office, user_id=nadia, signer=nadias)
    at_the_office.does(
        WithdrawKey(user_id=BOSS, public_key=AT_THE_OFFICE.key.hex(), reason="ordinateur volé")
    )
    at_the_office.syncs()
    command = admitting_own(BOSS, phone.id, HIS_OWN, by=OVERHEARD)
    as_amina(phone, command, OVERHEARD)
    outcome = pushed(phone)
    assert outcome.response.new[-1].reason == "InvitationFallen"


def keys_of_hers(office: Device) -> list[str]:
    """Those that count."""
    office.exchanges()
    with office.store.reading() as snapshot:
        user = user_of(UnitOfWork(snapshot), BOSS)
    assert user is not None
    return [key.public_key for key in user.keys if not key.withdrawn]
