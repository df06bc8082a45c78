"""A server in other hands, and a device that helps it: in nobody's name without their signature.

The keeper of the server holds the device key of the office too, so that all that devices sign is in
order. What the administrator signs with her own key is not theirs to make.
"""

from collections.abc import Callable
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import Authorship, Commit, codec
from manchengo.application.replication.server_log import Offered
from manchengo.commands import ChangeRoles, WithdrawKey
from manchengo.domain.access import Role
from manchengo.domain.commit import NO_HASH, Verdict
from manchengo.ports.signer import Signer
from manchengo_sync import snapshot
from tests.attacks.lying import (
    AT_THE_OFFICE,
    HIS_OWN,
    Plant,
    a_plant_that_signs,
    is_believed_by_nobody,
    signed,
)
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import BOSS, DRIVER
from tests.support.signers import admitting, signer_of

pytestmark = pytest.mark.usefixtures("on_each_database")

A_MORNING = (*A_DAIRY, received("L1", litres(100)))
GARBAGE = bytes(64)
NOBODYS = signer_of("nobody")
ELSEWHERE = UUID(int=66)


def part_of(commit: Commit) -> Authorship:
    assert commit.authorship is not None
    return commit.authorship


def carried(plant: Plant, commit: Commit) -> Offered:
    """Sealed and signed by the office, whatever its author's part is."""
    return signed(plant.office.key, commit)


def with_signature(plant: Plant, offered: Offered, signature: bytes) -> Offered:
    part = evolve(part_of(offered.commit), signature=signature)
    return carried(plant, evolve(offered.commit, authorship=part))


def signed_with(plant: Plant, commit: Commit, signer: Signer) -> Offered:
    """A true signature, of whoever owns that key."""
    part = evolve(part_of(commit), key=signer.key, sequence=1, previous=NO_HASH)
    signature = signer.sign(codec.authored_hash(commit, part))
    return carried(plant, evolve(commit, authorship=evolve(part, signature=signature)))


def signed_for(plant: Plant, offered: Offered, plant_id: UUID) -> Offered:
    """Her own signature, for that plant."""
    part = evolve(part_of(offered.commit), plant_id=plant_id)
    signature = AT_THE_OFFICE.sign(codec.authored_hash(offered.commit, part))
    part = evolve(part, signature=signature)
    return carried(plant, evolve(offered.commit, authorship=part))


def with_other_litres(commit: Commit) -> Commit:
    (first, *rest) = commit.events
    event = codec.events.decode(first.event_type, first.schema_version, first.payload)
    payload = codec.events.encode(evolve(event, quantity=litres(500)))
    return evolve(commit, events=(evolve(first, payload=payload), *rest))


def behind(plant: Plant, before: Offered, offered: Offered) -> Offered:
    """The same, carried behind that one: only the author's part is as it was signed."""
    return carried(
        plant,
        evolve(
            offered.commit,
            previous=before.commit.hash,
            sequence=before.commit.sequence + 1,
        ),
    )


def two_of_hers(plant: Plant) -> tuple[Offered, Offered]:
    plant.office_records(received("L2", litres(5)), received("L3", litres(5)))
    one, other = plant.office.offered()
    return one, other


# ---------------------------------------------------------------- what she did not sign


def bears_garbage(plant: Plant) -> None:
    plant.slips_in(with_signature(plant, plant.office_records(received("L2", litres(5))), GARBAGE))


def says_otherwise_than_she_signed(plant: Plant) -> None:
    offered = plant.office_records(received("L2", litres(5)))
    plant.slips_in(carried(plant, with_other_litres(offered.commit)))


def says_otherwise_before_one_that_she_signed(plant: Plant) -> None:
    """The link of her next commit is to what she had signed."""
    one, other = two_of_hers(plant)
    forged = carried(plant, with_other_litres(one.commit))
    plant.slips_in(forged)
    plant.slips_in(behind(plant, forged, other))


def is_signed_by_the_driver(plant: Plant) -> None:
    offered = plant.office_records(received("L2", litres(5)))
    plant.slips_in(signed_with(plant, offered.commit, HIS_OWN))


def is_signed_with_a_key_of_nobodys(plant: Plant) -> None:
    offered = plant.office_records(received("L2", litres(5)))
    plant.slips_in(signed_with(plant, offered.commit, NOBODYS))


def is_signed_for_another_plant(plant: Plant) -> None:
    """By her, with her key: there."""
    plant.slips_in(signed_for(plant, plant.office_records(received("L2", litres(5))), ELSEWHERE))


def is_not_signed_at_all(plant: Plant) -> None:
    offered = plant.office_records(received("L2", litres(5)))
    plant.slips_in(carried(plant, evolve(offered.commit, authorship=None)))


def is_a_role_that_the_driver_gives_himself_in_her_name(plant: Plant) -> None:
    role = ChangeRoles(user_id=DRIVER, roles=frozenset({Role.ADMIN}))
    offered = plant.office_records(role)
    plant.slips_in(signed_with(plant, offered.commit, HIS_OWN))


def is_a_key_that_did_not_sign_for_its_admission(plant: Plant) -> None:
    """She was talked into it, and the server keeps it."""
    stolen = evolve(admitting(DRIVER, plant.office.id, NOBODYS), proof=GARBAGE.hex())
    plant.slips_in(plant.office_records(stolen))


FORGED: tuple[Callable[[Plant], None], ...] = (
    bears_garbage,
    says_otherwise_than_she_signed,
    says_otherwise_before_one_that_she_signed,
    is_signed_by_the_driver,
    is_signed_with_a_key_of_nobodys,
    is_signed_for_another_plant,
    is_not_signed_at_all,
    is_a_role_that_the_driver_gives_himself_in_her_name,
    is_a_key_that_did_not_sign_for_its_admission,
)


@pytest.mark.parametrize("forge", FORGED)
def test_in_her_name_nothing_is_on_any_device_that_she_did_not_sign(
    forge: Callable[[Plant], None],
) -> None:
    is_believed_by_nobody(a_plant_that_signs(*A_MORNING), forge)


def test_garbage_is_not_believed_behind_what_she_signed() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    one, other = two_of_hers(plant)
    plant.slips_in(one)
    is_believed_by_nobody(
        plant, lambda plant: plant.slips_in(with_signature(plant, other, GARBAGE))
    )


def test_a_key_signs_nothing_more_once_it_is_withdrawn() -> None:
    """The keeper of the server kept it, and holds what she had signed back until then."""
    plant = a_plant_that_signs(*A_MORNING)
    late = plant.office_records(received("L2", litres(5)))
    phone = plant.server.another_device()
    phone.does(WithdrawKey(user_id=BOSS, public_key=AT_THE_OFFICE.key.hex(), reason="perdue"))
    phone.syncs()
    is_believed_by_nobody(plant, lambda plant: plant.slips_in(late))


def test_a_refused_commit_needs_no_admitted_key() -> None:
    """Nothing happened by it: it is there for people to see."""
    plant = a_plant_that_signs(*A_MORNING)
    offered = plant.office_records(received("L2", litres(5)))
    forged = signed_with(plant, offered.commit, NOBODYS)
    request = evolve(plant.office.request(), commits=(forged,))
    assert plant.office.service.push(request, by=plant.office.id).push_error is None
    assert plant.log()[-1].reason == "KeyNotAdmitted"
    plant.reader.syncs()
    assert plant.reader.place == len(plant.log())
    assert plant.reader.verify().sound


def test_what_she_signed_for_another_plant_is_refused_and_kept() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    own = plant.server.service.plant.id
    plant.office_records(received("L2", litres(5)), received("L3", litres(5)))
    one, other = plant.office.offered()
    there = signed_for(plant, one, ELSEWHERE)
    here = signed_for(plant, behind(plant, there, other), own)
    request = evolve(plant.office.request(), commits=(there, here))
    assert plant.office.service.push(request, by=plant.office.id).push_error is None
    verdicts = [(entry.verdict, entry.reason) for entry in plant.log()[-2:]]
    assert verdicts == [(Verdict.REJECTED, "SignedForAnotherPlant"), (Verdict.ACCEPTED, "")]
    plant.reader.syncs()
    assert plant.reader.place == len(plant.log())
    assert plant.reader.verify().sound


def test_what_both_branches_of_a_copied_database_sign_is_believed() -> None:
    """Her key's chain forks there, and each branch is proved by itself."""
    plant = a_plant_that_signs(*A_MORNING)
    one, other = two_of_hers(plant)
    forked = carried(plant, evolve(other.commit, authorship=None))
    part = evolve(part_of(other.commit), previous=part_of(one.commit).previous)
    signature = AT_THE_OFFICE.sign(codec.authored_hash(forked.commit, part))
    plant.slips_in(one)
    commit = evolve(forked.commit, authorship=evolve(part, signature=signature))
    plant.slips_in(carried(plant, commit))
    plant.reader.syncs()
    assert plant.reader.place == len(plant.log())
    assert plant.reader.verify().sound


def garbled_but_for_the_last(plant: Plant) -> None:
    """Six of hers: what she signed, with no true signature but under the last."""
    plant.office_records(*[received(f"M{number}", litres(1)) for number in range(6)])
    *unsigned, last = plant.office.offered()
    before: Offered | None = None
    for each in unsigned:
        garbled = with_signature(plant, each, GARBAGE)
        before = behind(plant, before, garbled) if before else garbled
        plant.slips_in(before)
    assert before is not None
    plant.slips_in(behind(plant, before, last))


def test_a_page_that_ends_before_her_signature_is_read_to_its_end() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    plant.reader.syncs()
    garbled_but_for_the_last(plant)
    done = plant.reader.syncs(limit=2)
    assert done.broken_off is None
    assert plant.reader.place == len(plant.log())
    assert plant.reader.verify().sound


def test_a_snapshot_is_read_across_its_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    plant = a_plant_that_signs(*A_MORNING)
    garbled_but_for_the_last(plant)
    monkeypatch.setattr(snapshot, "MOST_ENTRIES", 2)
    assert plant.reader.starts().whole
    assert plant.reader.place == len(plant.log())


def test_what_waits_here_is_verified_too() -> None:
    """Whoever has the file and the device's key seals a commit again, and is not her."""
    plant = a_plant_that_signs(*A_MORNING)
    plant.reader.syncs()
    offered = plant.office_records(received("L2", litres(5)))
    forged = codec.sealed(with_other_litres(offered.commit))
    store = plant.reader.store
    with store.writing() as transaction:
        transaction.append(forged)
    found = plant.reader.verify().tampered
    assert found is not None
    assert (found.commit_id, found.fault) == (forged.id, "author")
