"""The server signs with another key: believed where an administrator signed that it comes."""

from collections.abc import Callable

import pytest
from attrs import define, evolve

from manchengo import Role, codec
from manchengo.application.unit_of_work import StateCache
from manchengo.commands import ChangeRoles, ReplaceServerKey, RequireSigning, WithdrawKey
from manchengo.domain.commit import Commit
from manchengo.memory import CountingIds, SteppingClock
from manchengo_server import bundles
from manchengo_server.errors import TurnedDown
from manchengo_server.plant import SIGNING_KEY
from manchengo_server.service import Service
from manchengo_sync import settings, wire
from manchengo_sync.link import UntrustedWord
from manchengo_sync.problems import error_of
from manchengo_sync.server_word import fingerprint, signed_word
from manchengo_sync.signing import public_key
from tests.attacks.lying import HIS_OWN, Plant, Straight, a_plant_that_signs, signed
from tests.support import server as servers
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import BOSS, DRIVER, signing_seed
from tests.support.signers import admitting, signer_of

pytestmark = pytest.mark.usefixtures("on_each_database")

A_MORNING = (*A_DAIRY, received("L1", litres(100)))
ANOTHER_KEY = signing_seed(77).hex()


Answers = Callable[[wire.PushRequest, wire.PushResponse], wire.PushResponse]


@define
class Way(Straight):
    """``answers``: what becomes of each answer."""

    answers: Answers = lambda _request, answer: answer

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        try:
            return self.answers(request, super().push(request))
        except TurnedDown as refusal:
            raise error_of(refusal.status, refusal.problem()) from refusal


@pytest.fixture
def plant() -> Plant:
    """The reader has read all that there is."""
    plant = a_plant_that_signs(*A_MORNING)
    plant.office.does(RequireSigning())
    plant.office.syncs()
    plant.reader.syncs()
    return plant


def pinned(plant: Plant) -> str:
    with plant.reader.store.reading() as snapshot:
        return snapshot.setting(settings.SERVER_SIGNING_KEY) or ""


def joined_to_plant(plant: Plant) -> None:
    """What she signs there is for this plant, as on any device that joined."""
    with plant.office.store.writing() as transaction:
        transaction.set_setting(settings.PLANT_ID, str(plant.server.service.plant.id))


def replaced(plant: Plant) -> str:
    """As it should be: made at the server, recorded by her, stored. The key that came."""
    joined_to_plant(plant)
    coming = plant.server.service.next_signing_key()
    former = present_key(plant.server.service)
    plant.office.does(ReplaceServerKey(former_key=former, public_key=coming))
    plant.office.syncs()
    return coming


def present_key(service: Service) -> str:
    with service.context.reading() as snapshot:
        return public_key(snapshot.setting(SIGNING_KEY) or "")


def her_record(plant: Plant, key: str) -> Commit:
    """What she would sign if that key were the server's next."""
    joined_to_plant(plant)
    command = ReplaceServerKey(former_key=pinned(plant), public_key=key)
    return plant.office_records(command).commit


def signs_with(plant: Plant, key: str, *succession: Commit) -> Answers:
    """A server in other hands: another key, and whatever it has to show for it."""

    def answers(request: wire.PushRequest, answer: wire.PushResponse) -> wire.PushResponse:
        with plant.server.service.context.reading() as log:
            word = signed_word(
                key,
                plant_id=plant.server.service.plant.id,
                log_epoch=answer.log_epoch,
                global_seq=log.cursor(),
                log_hash=log.log_hash(),
                nonce=request.nonce,
            )
        return evolve(answer, word=word, succession=succession)

    return answers


def is_refused(plant: Plant, answers: Answers) -> None:
    before = pinned(plant)
    plant.reader.link = Way(plant.server.service, answers=answers)
    with pytest.raises(UntrustedWord) as refused:
        plant.reader.syncs()
    assert refused.value.code == "word_of_another_key"
    assert pinned(plant) == before


# ---------------------------------------------------------------- as it should be


def test_devices_follow_the_key_that_an_administrator_signed(plant: Plant) -> None:
    former = pinned(plant)
    coming = replaced(plant)
    assert present_key(plant.server.service) == coming != former
    done = plant.reader.syncs()
    assert (done.broken_off, done.is_key_replaced) == (None, True)
    assert done.server_key == fingerprint(coming)
    assert pinned(plant) == coming
    assert plant.reader.place == len(plant.log())
    assert plant.reader.syncs().is_key_replaced is False


def test_a_device_that_was_away_for_several_keys_follows_them_all(plant: Plant) -> None:
    keys = [replaced(plant) for _ in range(3)]
    assert plant.reader.syncs().server_key == fingerprint(keys[-1])
    assert pinned(plant) == keys[-1]


def test_nothing_changes_before_somebody_signed_it(plant: Plant) -> None:
    former = present_key(plant.server.service)
    coming = plant.server.service.next_signing_key()
    assert plant.server.service.next_signing_key() == coming
    assert plant.reader.syncs().is_key_replaced is False
    assert present_key(plant.server.service) == pinned(plant) == former


def test_a_file_from_a_server_with_another_key_is_read(plant: Plant) -> None:
    coming = replaced(plant)
    asked = plant.reader.asks_by_file()
    plant.reader.reads_file(bundles.answer(plant.server.service, asked).sealed)
    assert pinned(plant) == coming
    assert plant.reader.place == len(plant.log())


def test_a_backup_of_before_signs_with_the_key_that_devices_know(plant: Plant) -> None:
    """The record is lost with what came behind the backup; the next key was made before it."""
    coming = plant.server.service.next_signing_key()
    present = plant.server.service.context
    replaced(plant)
    plant.reader.syncs()
    with present.reading() as snapshot:
        now = snapshot.setting(SIGNING_KEY) or ""
    with present.store.writing() as transaction:
        transaction.set_setting("server.next_signing_key", now)
        transaction.set_setting(SIGNING_KEY, ANOTHER_KEY)
    assert plant.reader.syncs().broken_off is None
    assert pinned(plant) == coming


def test_a_server_that_was_lost_is_known_again_as_an_administrator_signed(plant: Plant) -> None:
    """Nobody needs a code: her record reaches the new server, and shows the others its key."""
    reader = plant.reader
    with reader.store.reading() as held:
        begun_again = Service.rebuilt(
            servers.open_database(), held, clock=SteppingClock(), ids=CountingIds(5_000_000)
        )
    reader.link = Way(begun_again)
    with pytest.raises(UntrustedWord):
        reader.syncs()
    joined_to_plant(plant)
    key = present_key(begun_again)
    plant.office.does(ReplaceServerKey(former_key=pinned(plant), public_key=key))
    plant.office.service = begun_again
    plant.office.epoch = begun_again.plant.epochs.present
    plant.office.syncs()
    done = reader.syncs()
    assert (done.broken_off, done.server_key) == (None, fingerprint(key))
    assert pinned(plant) == key
    with begun_again.context.reading() as log, reader.store.reading() as held:
        assert (log.log_hash(), held.count_pending()) == (held.log_hash(), 0)


def test_where_she_recorded_it_the_new_key_is_believed_at_once(plant: Plant) -> None:
    """Her own device has the record, and the server does not have it yet."""
    coming, key = public_key(ANOTHER_KEY), signer_of("Amina", "reader")
    plant.office.does(admitting(BOSS, plant.reader.id, key))
    plant.office.syncs()
    plant.reader.syncs()
    device = evolve(plant.office, store=plant.reader.store, signer=key, state_cache=StateCache())
    device.does(ReplaceServerKey(former_key=pinned(plant), public_key=coming))
    plant.reader.link = Way(plant.server.service, answers=signs_with(plant, ANOTHER_KEY))
    assert plant.reader.syncs().is_key_replaced
    assert pinned(plant) == coming


# ---------------------------------------------------------------- as it should not


def by_nobody(_plant: Plant) -> tuple[Commit, ...]:
    return ()


def unsigned(plant: Plant) -> tuple[Commit, ...]:
    record = her_record(plant, public_key(ANOTHER_KEY))
    return (signed(plant.office.key, evolve(record, authorship=None)).commit,)


def by_the_driver(plant: Plant) -> tuple[Commit, ...]:
    """His key is admitted, and he manages no keys."""
    plant.office.user_id, plant.office.signer = DRIVER, HIS_OWN
    return (her_record(plant, public_key(ANOTHER_KEY)),)


def in_her_name_by_the_driver(plant: Plant) -> tuple[Commit, ...]:
    record = her_record(plant, public_key(ANOTHER_KEY))
    part = record.authorship
    assert part is not None
    part = evolve(part, key=HIS_OWN.key)
    part = evolve(part, signature=HIS_OWN.sign(codec.authored_hash(record, part)))
    return (signed(plant.office.key, evolve(record, authorship=part)).commit,)


def for_another_key(plant: Plant) -> tuple[Commit, ...]:
    return (her_record(plant, public_key(signing_seed(78).hex())),)


def altered(plant: Plant) -> tuple[Commit, ...]:
    record = her_record(plant, public_key(signing_seed(78).hex()))
    meant = record.command.replace(
        public_key(signing_seed(78).hex()).encode(), public_key(ANOTHER_KEY).encode()
    )
    assert meant != record.command
    return (signed(plant.office.key, evolve(record, command=meant)).commit,)


@pytest.mark.parametrize(
    "shown",
    [by_nobody, unsigned, by_the_driver, in_her_name_by_the_driver, for_another_key, altered],
)
def test_a_key_that_no_administrator_signed_is_refused(
    plant: Plant, shown: Callable[[Plant], tuple[Commit, ...]]
) -> None:
    is_refused(plant, signs_with(plant, ANOTHER_KEY, *shown(plant)))


def test_with_her_record_the_same_answer_is_believed(plant: Plant) -> None:
    """What is refused above is refused for the reason that it says."""
    record = her_record(plant, public_key(ANOTHER_KEY))
    plant.reader.link = Way(plant.server.service, answers=signs_with(plant, ANOTHER_KEY, record))
    assert plant.reader.syncs().is_key_replaced


@pytest.mark.parametrize("named", ["00000000-0000-0000-0000-000000000042", ""])
def test_what_she_signed_for_another_plant_or_none_names_no_key_here(
    plant: Plant, named: str
) -> None:
    with plant.office.store.writing() as transaction:
        transaction.set_setting(settings.PLANT_ID, named)
    command = ReplaceServerKey(former_key=pinned(plant), public_key=public_key(ANOTHER_KEY))
    record = plant.office_records(command).commit
    is_refused(plant, signs_with(plant, ANOTHER_KEY, record))


def test_a_key_that_was_replaced_is_believed_no_more(plant: Plant) -> None:
    """Whoever stole it has her record by which it once came, too."""
    stolen = plant.server.service.next_signing_key()
    replaced(plant)
    with plant.server.service.context.reading() as snapshot:
        private = snapshot.setting(SIGNING_KEY) or ""
    assert public_key(private) == stolen
    plant.reader.syncs()
    record = plant.log()[-1].commit
    replaced(plant)
    plant.reader.syncs()
    is_refused(plant, signs_with(plant, private, record))


def test_a_key_that_was_withdrawn_names_no_other(plant: Plant) -> None:
    """The phone was stolen: what is signed on it comes too late, where the withdrawal is known."""
    office, key = plant.office, signer_of("Sid", "phone")
    phone = plant.server.another_device(user_id=DRIVER)
    office.does(
        ChangeRoles(user_id=DRIVER, roles=frozenset({Role.ADMIN})),
        admitting(DRIVER, phone.id, key),
    )
    office.syncs()
    phone.syncs()
    phone.signer = key
    record = her_record(evolve(plant, office=phone), public_key(ANOTHER_KEY))
    withdrawal = WithdrawKey(user_id=DRIVER, public_key=key.key.hex(), reason="volé")
    office.does(withdrawal)
    office.syncs()
    plant.reader.syncs()
    is_refused(plant, signs_with(plant, ANOTHER_KEY, record))
