"""Whoever acts signs what they record, once: no device or server can make that signature anew."""

from uuid import UUID

import pytest
from attrs import evolve

from manchengo import Commit, Manchengo, MemoryStore, codec
from manchengo.domain.commit import NO_HASH, Authorship, Seen
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.memory import CountingIds, SteppingClock
from manchengo.ports.settings import FORMER_DEVICES, LOG_EPOCH, PLANT_ID
from manchengo.ports.signer import Signer
from manchengo.ports.store import Store
from manchengo_sync.signing import is_signed
from tests.support.dairy import A_DAIRY, day, litres, received, written_off
from tests.support.given import BOSS, one_by_one
from tests.support.plant import Plant
from tests.support.signers import signer_of

THE_MORNING = (A_DAIRY, received("L1", litres(100)))
AMINA, KARIM = signer_of("Amina"), signer_of("Karim")


def dairy_of(store: Store, signer: Signer | None) -> Manchengo:
    ids = CountingIds(1_000 * store_head(store))
    return Manchengo(store, clock=SteppingClock(), ids=ids, actor=BOSS, signer=signer)


def store_head(store: Store) -> int:
    with store.reading() as snapshot:
        return snapshot.head()


def recorded(store: Store, signer: Signer | None, *steps: object) -> list[Commit]:
    dairy = dairy_of(store, signer)
    return [dairy.execute(step) for step in one_by_one(steps)]


def part(commit: Commit) -> Authorship:
    assert commit.authorship is not None
    return commit.authorship


def is_of(signer: Signer, commit: Commit) -> bool:
    """Whether that person signed the commit as it stands."""
    authorship = part(commit)
    authored = codec.authored_hash(commit, authorship)
    return authorship.key == signer.key and is_signed(
        signer.key.hex(), authorship.signature, authored
    )


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_what_a_person_records_bears_their_signature(store: MemoryStore) -> None:
    commits = recorded(store, AMINA, THE_MORNING)
    assert all(is_of(AMINA, commit) for commit in commits)
    assert not is_of(AMINA, evolve(commits[0], command=b"{}"))
    assert all(codec.commit_hash(commit) == commit.hash for commit in commits)
    assert dairy_of(store, AMINA).verify().sound


def test_without_a_signer_a_commit_has_no_authors_part(store: MemoryStore) -> None:
    assert {commit.authorship for commit in recorded(store, None, THE_MORNING)} == {None}


def test_each_key_links_its_own_commits(store: MemoryStore) -> None:
    by_amina = recorded(store, AMINA, THE_MORNING)
    by_karim = recorded(store, KARIM, received("L2", litres(1)), received("L3", litres(1)))
    by_amina += recorded(store, AMINA, received("L4", litres(1)))
    by_karim += recorded(store, KARIM, received("L5", litres(1)))
    for commits in (by_amina, by_karim):
        assert [part(each).sequence for each in commits] == list(range(1, len(commits) + 1))
        links = [NO_HASH, *(codec.authored_hash(each, part(each)) for each in commits)]
        assert [part(each).previous for each in commits] == links[:-1]


def test_a_rehearsal_leaves_no_gap_among_the_commits_of_a_key(store: MemoryStore) -> None:
    recorded(store, AMINA, THE_MORNING)
    step = received("L60", litres(1), on=day(1))
    with dairy_of(store, AMINA).batch(keep=False) as batch:
        batch.execute(step, command_id=CommitId(UUID(int=9)))
    before = len(list(store.commits()))
    (commit,) = recorded(store, AMINA, step)
    assert part(commit).sequence == before + 1


def test_a_commit_says_what_its_author_had_seen(store: MemoryStore) -> None:
    with store.writing() as transaction:
        transaction.set_setting(LOG_EPOCH, "first")
        transaction.set_setting(PLANT_ID, str(UUID(int=77)))
    commit, *_ = recorded(store, AMINA, THE_MORNING)
    assert part(commit).seen == Seen(log_epoch="first", global_seq=0, log_hash=NO_HASH)
    assert part(commit).plant_id == UUID(int=77)


def test_a_device_that_has_seen_more_of_the_log_says_so() -> None:
    plant = Plant()
    office = plant.device()
    office.does(THE_MORNING)
    plant.settle()
    (commit,) = office.does(received("L7", litres(7), on=day(1)))
    with plant.store.reading() as snapshot:
        assert part(commit).seen.global_seq == snapshot.cursor()
        assert part(commit).seen.log_hash == snapshot.log_hash()


def test_all_ids_of_a_device_are_one_family(store: MemoryStore) -> None:
    commit, *_ = recorded(store, AMINA, THE_MORNING)
    assert part(commit).family_id == BOSS.device_id
    with store.writing() as transaction:
        transaction.set_setting(FORMER_DEVICES, f"{UUID(int=50)} {UUID(int=51)}")
    (later,) = recorded(store, AMINA, received("L7", litres(7), on=day(1)))
    assert part(later).family_id == DeviceId(UUID(int=50))


def test_a_device_under_another_id_carries_what_its_people_signed_unchanged() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(THE_MORNING)
    plant.settle()
    before = office.does(received("L8", litres(8)), written_off("L8", litres(1)))
    former = office.id
    office.become_another()
    with office.store.reading() as snapshot:
        after = [each.commit for each in snapshot.pending()]
    assert {commit.device_id for commit in after} == {office.id} != {former}
    assert [each.authorship for each in after] == [each.authorship for each in before]
    assert office.signer is not None
    assert all(is_of(office.signer, commit) for commit in after)
    plant.settle()
    assert len(plant.digests()) == 1
    with phone.store.reading() as snapshot:
        assert [snapshot.commit(each.id) for each in after] == after
