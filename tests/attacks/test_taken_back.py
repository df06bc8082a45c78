"""A server put back from a backup takes its own log back from devices, and nothing else."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from attrs import define, evolve

from manchengo import codec
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.memory import CountingIds
from manchengo_server import bundles, errors
from manchengo_server.service import Service
from manchengo_sync import wire
from manchengo_sync.device_identity import change_device_id
from manchengo_sync.http import HttpLink
from manchengo_sync.link import Recovering, Unreachable, UntrustedWord
from manchengo_sync.returned_tail import first_request, page_up_to
from manchengo_sync.server_word import signed_word
from manchengo_sync.settings import PAST_WORDS
from manchengo_sync.signing import DEVICE_KEY
from tests.attacks.lying import Plant, Reader, Straight, a_plant_that_signs
from tests.attacks.restored import A_MORNING, Restored, hands_back, lost
from tests.support.dairy import litres, received, written_off
from tests.support.server import BOSS, as_it_was, digest_of, log_of, served, signing_seed

pytestmark = pytest.mark.usefixtures("on_each_database")

ANOTHER_KEY = signing_seed(77).hex()


def an_afternoon(plant: Plant) -> None:
    """Of which one commit was refused: had the van been first, the judge would say otherwise."""
    van = plant.server.another_device("camion")
    for device in (plant.office, van):
        device.does(written_off("L1", litres(60)))
    for device in (plant.office, van):
        device.syncs()
    assert plant.log()[-1].verdict is Verdict.REJECTED
    plant.office.does(received("L2", litres(5)), received("L3", litres(5)))
    plant.office.syncs()


@pytest.fixture
def restored() -> Restored:
    """The reader has read all that was lost."""
    plant = a_plant_that_signs(*A_MORNING)
    plant.reader.syncs()
    backup = plant.log()
    an_afternoon(plant)
    plant.reader.syncs()
    return lost(plant, backup)


# ---------------------------------------------------------------- taken back


def test_what_a_device_holds_is_taken_back_to_the_byte(restored: Restored) -> None:
    assert hands_back(restored.reader) == len(restored.before) - restored.kept > 0
    assert restored.log() == restored.before
    assert restored.left() == dict.fromkeys(restored.left(), "")
    assert restored.service.begin_new_epoch() == len(restored.before) - restored.kept
    done = restored.reader.syncs()
    assert (done.broken_off, done.log_reset) == (None, False)
    assert restored.log()[: len(restored.before)] == restored.before
    assert digest_of(restored.service.context.store) == digest_of(restored.reader.store)


def test_it_is_asked_for_page_by_page_and_a_lost_answer_costs_one(
    restored: Restored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST_COMMITS", 2)
    shaky = Shaky(restored.service)
    restored.reader.link = shaky
    for _ in range(20):
        with suppress(Unreachable):
            restored.reader.syncs(limit=100)
        if restored.log() == restored.before:
            break
    assert restored.log() == restored.before
    assert shaky.pages <= 2 + 2 * (len(restored.before) - restored.kept)


@define
class Shaky(Straight):
    """Every second answer to what is handed back is lost."""

    pages: int = 0

    def return_tail(self, request: wire.TailRequest) -> wire.TailResponse:
        self.pages += 1
        answer = super().return_tail(request)
        if self.pages % 2:
            raise Unreachable(why="lost")
        return answer


@pytest.mark.parametrize("longest_comes", ["first", "last"])
def test_of_two_tails_the_longer_counts_whichever_comes_first(longest_comes: str) -> None:
    plant = a_plant_that_signs(*A_MORNING)
    other = Reader(Straight(plant.server.service), ids=CountingIds(8_000_000))
    other.joins(key="78" * 32, name="autre")
    backup = plant.log()
    plant.office.does(received("L2", litres(5)))
    plant.office.syncs()
    other.syncs()
    plant.office.does(received("L3", litres(5)))
    plant.office.syncs()
    plant.reader.syncs()
    restored = lost(plant, backup)
    other.link = Straight(restored.service)
    readers = [plant.reader, other] if longest_comes == "first" else [other, plant.reader]
    for reader in readers:
        hands_back(reader)
    assert restored.log() == restored.before


def test_a_device_that_changed_its_id_hands_back_under_the_known_one(restored: Restored) -> None:
    reader = restored.reader
    known = reader.id
    change_device_id(
        reader.store,
        known,
        clock=reader.clock,
        ids=reader.ids,
        state_cache=reader.state_cache,
        user_id=BOSS,
    )
    assert hands_back(reader) == len(restored.before) - restored.kept
    assert restored.log() == restored.before
    restored.service.begin_new_epoch()
    reader.syncs()
    assert restored.service.name_of(reader.id) == restored.service.name_of(known)
    assert restored.log()[: len(restored.before)] == restored.before


def test_what_no_word_is_about_is_judged_again() -> None:
    """The reader was given it page by page, and the line broke before the end."""
    plant = a_plant_that_signs(*A_MORNING)
    plant.reader.syncs()
    backup = plant.log()
    an_afternoon(plant)
    with suppress(StopIteration):
        plant.reader.link = OnePage(plant.server.service)
        plant.reader.syncs(limit=1)
    held = plant.reader.place
    restored = lost(plant, backup)
    assert restored.kept < held < len(restored.before)
    assert hands_back(restored.reader) == 0
    assert len(restored.log()) == restored.kept
    restored.service.begin_new_epoch()
    assert restored.reader.syncs().log_reset
    commits = [entry.commit.id for entry in restored.log()]
    assert [entry.commit.id for entry in restored.before[:held]] == commits[:held]


@define
class OnePage(Straight):
    pages: int = 0

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        self.pages += 1
        if self.pages > 2:
            raise StopIteration
        return super().push(request)


def test_nothing_else_comes_in_or_goes_out_meanwhile(restored: Restored) -> None:
    service = restored.service
    restored.plant.office.does(received("L4", litres(5)))
    with pytest.raises(errors.Recovering):
        service.push(restored.plant.office.request(), by=restored.plant.office.id)
    with pytest.raises(errors.Recovering):
        restored.plant.server.let_in(restored.plant.server.device(), "quai")
    with pytest.raises(errors.Recovering):
        service.withdraw(restored.reader.id, "perdu", by=None)
    with pytest.raises(errors.Recovering):
        next(service.snapshot())
    assert service.judge_parked_again() == 0
    assert len(restored.log()) == restored.kept


def test_opened_twice_it_is_one_recovery(restored: Restored) -> None:
    hands_back(restored.reader)
    named = restored.service.plant.device_id
    restored.service.open_recovery()
    assert restored.service.begin_new_epoch() == len(restored.before) - restored.kept
    context = restored.service.context
    again = Service.open(context.store, clock=context.clock, ids=context.ids)
    assert not again.is_recovering()
    assert again.plant.device_id == named


def test_where_nothing_is_recovered_nothing_is_wanted(restored: Restored) -> None:
    request = asked(restored)
    restored.service.begin_new_epoch()
    assert restored.service.take_back(request, by=request.replica_id).up_to == 0
    assert restored.left() == {}


def test_by_file_it_is_handed_back_too(restored: Restored) -> None:
    reader = restored.reader
    with pytest.raises(Recovering):
        reader.reads_file(bundles.answer(restored.service, reader.asks_by_file()).sealed)
    assert len(restored.log()) == restored.kept
    with pytest.raises(Recovering):
        reader.reads_file(bundles.answer(restored.service, reader.asks_by_file()).sealed)
    assert restored.log() == restored.before
    restored.service.begin_new_epoch()
    bundle = bundles.answer(restored.service, reader.asks_by_file()).sealed
    assert reader.reads_file(bundle).log_reset is False
    assert restored.log()[: len(restored.before)] == restored.before


def test_over_http_it_is_handed_back_too(restored: Restored) -> None:
    reader = restored.reader
    with reader.store.reading() as snapshot:
        key = snapshot.setting(DEVICE_KEY) or ""
    with served(restored.service) as up:
        link = HttpLink(up.url, device_id=reader.id, user_id=BOSS, private_key=key)
        with link:
            handed = hands_back(evolve(reader, link=link))  # type: ignore[arg-type]
    assert handed == len(restored.before) - restored.kept
    assert restored.log() == restored.before


# ---------------------------------------------------------------- lies


def asked(restored: Restored) -> wire.TailRequest:
    """All of it, as an honest device hands it back."""
    with restored.reader.store.reading() as snapshot:
        first = first_request(snapshot, restored.kept)
        assert first is not None
        return page_up_to(snapshot, first.word, first.word.global_seq, keep=restored.kept)


def resealed(request: wire.TailRequest, entries: list[LogEntry]) -> wire.TailRequest:
    """These, each with the hash that follows from the one before."""
    previous, sealed = request.previous, list[LogEntry]()
    for entry in entries:
        sealed.append(codec.sealed_entry(entry, previous))
        previous = sealed[-1].hash
    return evolve(request, entries=tuple(sealed))


def _accepted(entry: LogEntry) -> LogEntry:
    is_accepted = entry.verdict is Verdict.ACCEPTED
    return evolve(entry, verdict=Verdict.REJECTED if is_accepted else Verdict.ACCEPTED)


def _word(request: wire.TailRequest, key: str, **otherwise: Any) -> wire.ServerWord:
    word = request.word
    facts = {
        "plant_id": word.plant_id,
        "log_epoch": word.log_epoch,
        "global_seq": word.global_seq,
        "log_hash": word.log_hash,
        "nonce": word.nonce,
    }
    return signed_word(key, **{**facts, **otherwise})


def invented(request: wire.TailRequest) -> wire.TailRequest:
    """Under a key of the device's own."""
    changed = resealed(request, [_accepted(each) for each in request.entries])
    last = changed.entries[-1].hash
    return evolve(changed, word=_word(request, ANOTHER_KEY, log_hash=last))


def under_an_old_signature(request: wire.TailRequest) -> wire.TailRequest:
    changed = resealed(request, [_accepted(each) for each in request.entries])
    last = changed.entries[-1].hash
    return evolve(changed, word=evolve(request.word, log_hash=last))


def of_another_plant(request: wire.TailRequest) -> wire.TailRequest:
    return evolve(request, word=evolve(request.word, plant_id=BOSS))


def with_another_verdict(request: wire.TailRequest) -> wire.TailRequest:
    """The last entry is the one that was signed."""
    first, *others = request.entries
    return evolve(request, entries=(_accepted(first), *others))


def with_another_commit(request: wire.TailRequest) -> wire.TailRequest:
    """Its hash is left as it was: the hash of the entry covers only that."""
    first, *others = request.entries
    commit = evolve(first.commit, command=first.commit.command + b" ")
    return evolve(request, entries=(evolve(first, commit=commit), *others))


def with_a_gap(request: wire.TailRequest) -> wire.TailRequest:
    return evolve(request, entries=(*request.entries[:-2], request.entries[-1]))


Lie = Callable[[wire.TailRequest], wire.TailRequest]
LIES: tuple[Lie, ...] = (
    invented,
    under_an_old_signature,
    of_another_plant,
    with_another_verdict,
    with_another_commit,
    with_a_gap,
)


@pytest.mark.parametrize("lie", LIES)
def test_what_the_server_did_not_sign_is_not_taken_back(restored: Restored, lie: Lie) -> None:
    request = lie(asked(restored))
    with pytest.raises(errors.NotOurWord):
        restored.service.take_back(request, by=request.replica_id)
    assert len(restored.log()) == restored.kept
    assert restored.left() == {}
    hands_back(restored.reader)
    assert restored.log() == restored.before, "an honest device is not hindered"


def test_a_tail_without_its_end_is_none(restored: Restored) -> None:
    request = asked(restored)
    cut = evolve(request, entries=request.entries[:-1])
    answer = restored.service.take_back(cut, by=request.replica_id)
    assert answer == wire.TailResponse(up_to=len(restored.before))
    assert len(restored.log()) == restored.kept
    restored.service.begin_new_epoch()
    assert len(restored.log()) == restored.kept


def test_nobody_hands_back_in_the_name_of_another(restored: Restored) -> None:
    request = asked(restored)
    with pytest.raises(errors.NotYours):
        restored.service.take_back(request, by=restored.plant.office.id)


def test_the_server_signs_for_no_author(restored: Restored) -> None:
    """Whoever has the server's key, too, signs a head over what nobody recorded: no entry of it
    comes into the log.
    """
    request = asked(restored)
    *others, last = request.entries
    garbled = resealed(request, [*others, evolve(last, signature=bytes(64))])
    key = restored.service.plant.signing_key
    lie = evolve(garbled, word=_word(request, key, log_hash=garbled.entries[-1].hash))
    answer = restored.service.take_back(lie, by=request.replica_id)
    assert answer == wire.TailResponse(up_to=0, differs=True)
    assert len(restored.log()) == restored.kept


def test_of_another_history_nothing_is_taken_back() -> None:
    """A server was put back without a word, and went on under the same epoch."""
    plant = a_plant_that_signs(*A_MORNING)
    plant.reader.syncs()
    early = len(plant.log())
    an_afternoon(plant)
    plant.reader.syncs()
    office = plant.office
    other = as_it_was(plant.server.service, plant.log()[:early])
    plant.server.service = office.service = other
    device = plant.server.device()
    plant.server.let_in(device, "quai")
    restored = lost(plant, plant.log())
    with pytest.raises(UntrustedWord) as found:
        restored.reader.syncs()
    assert found.value.code == "two_histories"
    assert restored.log() == restored.before
    restored.service.begin_new_epoch()
    assert restored.reader.syncs().log_reset


# ---------------------------------------------------------------- an epoch that nobody needed


def signed_and_disowned(plant: Plant, kept: int) -> Service:
    """Whoever has the server begins an epoch without the last entries, and says so by its key."""
    plant.reader.syncs()
    another = as_it_was(plant.server.service, plant.log()[:kept])
    another.begin_new_epoch()
    plant.reader.link = Straight(another)
    return another


def test_an_epoch_without_what_the_server_signed_is_named_and_noted() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    plant.office.does(received("L2", litres(5)), received("L3", litres(5)))
    plant.office.syncs()
    before = plant.log()
    another = signed_and_disowned(plant, len(before) - 2)
    done = plant.reader.syncs()
    assert (done.log_reset, done.is_unannounced, done.disowned) == (True, False, 2)
    again = {each.commit.id for each in log_of(another)}
    assert {each.commit.id for each in before} <= again, "nothing that was signed is lost"
    with plant.reader.store.reading() as snapshot:
        (noted,) = [each for each in snapshot.audit(limit=9) if each.outcome == "LogDisowned"]
        assert '"disowned":2' in noted.facts
        assert snapshot.setting(PAST_WORDS), "what it signed is kept as proof"
    assert plant.reader.syncs().disowned == 0


def test_an_epoch_that_lacks_nothing_accuses_nobody(restored: Restored) -> None:
    hands_back(restored.reader)
    restored.service.begin_new_epoch()
    assert restored.reader.syncs().disowned == 0
