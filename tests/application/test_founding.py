"""A plant begins by what its founder signs first, and its id is the fingerprint of that."""

from typing import Any
from uuid import UUID

import pytest
from attrs import evolve, fields

from manchengo import Actor, Manchengo, MemoryStore, Role
from manchengo.application.authors import user_of
from manchengo.application.founding import awaits_its_genesis, genesis_of
from manchengo.application.plant_details import plant_details_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import (
    ChangePlantDetails,
    Command,
    FoundPlant,
    RegisterSupplier,
    RegisterUser,
)
from manchengo.domain.aggregates import PLANT
from manchengo.domain.errors import Refused
from manchengo.domain.genesis import (
    NotTheGenesis,
    PlantAlreadyFounded,
    PlantFounded,
    PlantNotFounded,
    fingerprint,
    is_fingerprint,
)
from manchengo.domain.ids import DeviceId, SupplierId, UserId
from manchengo.domain.invitations import Invitation
from manchengo.domain.person_keys import KeyTaken, NotSigned, PersonKey
from manchengo.domain.plant import PLANT_ID as THE_PLANT
from manchengo.domain.plant import decide
from manchengo.memory import CountingIds, SteppingClock
from manchengo.ports.settings import PLANT_ID
from manchengo.ports.signer import Signer
from manchengo.ports.store import Store
from tests.support.dairy import an_id
from tests.support.founding import a_genesis
from tests.support.signers import signer_of

AMINA, KARIM = UserId(UUID(int=100)), UserId(UUID(int=200))
OFFICE, PHONE = DeviceId(UUID(int=1)), DeviceId(UUID(int=2))
HER_KEY, HIS_KEY = signer_of("Amina"), signer_of("Karim")
GENESIS = a_genesis(OFFICE, founder_id=AMINA, signer=HER_KEY)
A_SUPPLIER = RegisterSupplier(supplier_id=SupplierId(an_id("a farm")), code="F1", name="Ferme")


@pytest.fixture
def store() -> Store:
    return MemoryStore()


def dairy(
    store: Store,
    *,
    user_id: UserId = AMINA,
    device_id: DeviceId = OFFICE,
    signer: Signer | None = HER_KEY,
) -> Manchengo:
    actor = Actor(user_id=user_id, device_id=device_id, roles=frozenset({Role.ADMIN}))
    with store.reading() as snapshot:
        ids = CountingIds(1_000 * (1 + snapshot.head()))
    return Manchengo(store, clock=SteppingClock(), ids=ids, actor=actor, signer=signer)


def refused(store: Store, command: Command, **how: Any) -> type[Refused]:
    with pytest.raises(Refused) as refusal:
        dairy(store, **how).execute(command)
    with store.reading() as snapshot:
        assert snapshot.head() == 0 or not isinstance(refusal.value, NotTheGenesis)
    return type(refusal.value)


def is_of(store: Store, plant_id: UUID) -> None:
    with store.writing() as transaction:
        transaction.set_setting(PLANT_ID, str(plant_id))


def test_one_commit_founds_the_plant(store: Store) -> None:
    commit = dairy(store).execute(GENESIS)
    with store.reading() as snapshot:
        work = UnitOfWork(snapshot)
        founder, plant = user_of(work, AMINA), work.load(PLANT, THE_PLANT)
        assert snapshot.setting(PLANT_ID) == str(fingerprint(GENESIS))
        assert genesis_of(snapshot) == plant.genesis
    assert plant.must_sign
    assert plant.genesis is not None
    assert fingerprint(plant.genesis) == fingerprint(GENESIS)
    assert founder is not None
    assert (founder.name, founder.roles) == ("Amina", frozenset({Role.ADMIN}))
    assert founder.keys == (PersonKey(public_key=GENESIS.public_key, family_id=OFFICE),)
    assert founder.invitations == (
        Invitation(
            id=GENESIS.recovery_id,
            public_key=GENESIS.recovery_key,
            expires_on=None,
            invited_by=AMINA,
        ),
    )
    assert commit.authorship is not None
    assert commit.authorship.plant_id == fingerprint(GENESIS)


def test_what_follows_is_signed_for_the_plant(store: Store) -> None:
    dairy(store).execute(GENESIS)
    commit = dairy(store).execute(A_SUPPLIER)
    assert commit.authorship is not None
    assert commit.authorship.plant_id == fingerprint(GENESIS)
    assert refused(store, A_SUPPLIER, signer=None) is NotSigned


ANOTHER: dict[str, Any] = {
    "name": "Laiterie du Lac",
    "founder_id": KARIM,
    "founder": "Karim",
    "family_id": PHONE,
    "public_key": HIS_KEY.key.hex(),
    "recovery_id": an_id("another recovery key"),
    "recovery_key": HIS_KEY.key.hex(),
    "nonce": "8d" * 32,
}


def test_the_id_is_a_fingerprint_of_every_word_of_it() -> None:
    assert set(ANOTHER) == {each.name for each in fields(FoundPlant)}
    ids = [fingerprint(evolve(GENESIS, **{name: value})) for name, value in ANOTHER.items()]
    moved = evolve(GENESIS, name=GENESIS.name + GENESIS.founder, founder="")
    ids += [fingerprint(GENESIS), fingerprint(moved)]
    assert len(set(ids)) == len(ANOTHER) + 2
    assert all(is_fingerprint(each) for each in ids)
    assert str(fingerprint(GENESIS)) == "d8d0a39f-0de6-86e2-be0a-39e2c2a631af"
    assert not is_fingerprint(an_id("a plant of before"))


@pytest.mark.parametrize("name", ["founder_id", "family_id", "public_key"])
def test_nobody_founds_a_plant_for_another(store: Store, name: str) -> None:
    assert refused(store, evolve(GENESIS, **{name: ANOTHER[name]})) is NotTheGenesis


def test_a_founder_signs(store: Store) -> None:
    assert refused(store, GENESIS, signer=None) is NotSigned
    assert refused(store, GENESIS, signer=HIS_KEY) is NotTheGenesis


def test_the_recovery_key_is_another_than_the_founders(store: Store) -> None:
    assert refused(store, evolve(GENESIS, recovery_key=GENESIS.public_key)) is KeyTaken


def test_a_store_of_one_plant_takes_no_other_genesis(store: Store) -> None:
    is_of(store, fingerprint(evolve(GENESIS, nonce="")))
    assert refused(store, GENESIS) is NotTheGenesis


def test_a_plant_of_before_is_not_founded_afterwards(store: Store) -> None:
    register = RegisterUser(user_id=AMINA, name="Amina", roles=frozenset({Role.ADMIN}))
    dairy(store, signer=None).execute(register)
    with pytest.raises(NotTheGenesis):
        dairy(store, user_id=KARIM).execute(evolve(GENESIS, founder_id=KARIM))
    with store.reading() as snapshot:
        assert genesis_of(snapshot) is None


def test_a_plant_is_founded_once(store: Store) -> None:
    dairy(store).execute(GENESIS)
    with store.reading() as snapshot:
        plant = UnitOfWork(snapshot).load(PLANT, THE_PLANT)
    with pytest.raises(PlantAlreadyFounded):
        decide(plant, GENESIS)
    another = evolve(GENESIS, founder_id=KARIM, founder="Karim")
    assert refused(store, GENESIS) is PlantAlreadyFounded
    assert refused(store, another) is PlantAlreadyFounded


@pytest.mark.parametrize("signer", [None, HER_KEY, HIS_KEY])
def test_nobody_records_before_the_genesis(store: Store, signer: Signer | None) -> None:
    is_of(store, fingerprint(GENESIS))
    register = RegisterUser(user_id=KARIM, name="Karim", roles=frozenset({Role.ADMIN}))
    for command in (register, A_SUPPLIER):
        with pytest.raises(PlantNotFounded):
            dairy(store, signer=signer).execute(command)
    dairy(store).execute(GENESIS)
    dairy(store).execute(A_SUPPLIER)


def test_in_a_plant_of_before_the_first_person_registers_themselves(store: Store) -> None:
    is_of(store, an_id("a plant of before"))
    register = RegisterUser(user_id=KARIM, name="Karim", roles=frozenset({Role.ADMIN}))
    dairy(store, user_id=KARIM, signer=None).execute(register)


def test_a_database_of_no_plant_awaits_no_genesis(store: Store) -> None:
    with store.writing() as transaction:
        transaction.set_setting(PLANT_ID, "")
        assert not awaits_its_genesis(UnitOfWork(transaction))


def test_what_a_newer_program_says_of_the_plant_comes_after_its_genesis(store: Store) -> None:
    """This program cannot read all about the plant then, and goes on recording."""
    dairy(store).execute(GENESIS)
    with store.reading() as snapshot:
        work = UnitOfWork(snapshot)
        work.pass_over(PLANT, THE_PLANT)
        assert not awaits_its_genesis(work)


def test_a_founded_plant_says_who_founded_it(store: Store) -> None:
    dairy(store).execute(GENESIS)
    with store.reading() as snapshot:
        genesis = genesis_of(snapshot)
    assert isinstance(genesis, PlantFounded)
    assert (genesis.name, genesis.founder) == ("Laiterie des Oliviers", "Amina")


def test_a_plant_bears_the_name_of_its_founding_until_it_has_another(store: Store) -> None:
    dairy(store).execute(GENESIS)
    with store.reading() as snapshot:
        assert plant_details_of(snapshot).name == "Laiterie des Oliviers"
    dairy(store).execute(ChangePlantDetails(name="SARL Djurdjura"))
    with store.reading() as snapshot:
        assert plant_details_of(snapshot).name == "SARL Djurdjura"
        assert genesis_of(snapshot) is not None
