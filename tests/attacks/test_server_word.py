"""A server in other hands says where its log ends: signed, and never otherwise than before."""

from collections.abc import Callable
from uuid import UUID

import pytest
from attrs import define, evolve

from manchengo import MemoryStore, Seen, codec
from manchengo.application.replication.server_log import Offered
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import Verdict
from manchengo.memory import CountingIds, SteppingClock
from manchengo.ports.settings import LOG_EPOCH
from manchengo_server import bundles
from manchengo_server.plant import SIGNING_KEY
from manchengo_server.service import Service
from manchengo_sync import settings, wire
from manchengo_sync.joining import join
from manchengo_sync.link import LogReset, UntrustedWord
from manchengo_sync.server_word import KeptWords, fingerprint, keep_word, signed_word
from manchengo_workplace.exchange_failures import exchange_failure
from tests.attacks.lying import (
    AT_THE_OFFICE,
    Plant,
    Straight,
    a_plant,
    a_plant_that_signs,
    signed,
)
from tests.support import server as servers
from tests.support.dairy import A_DAIRY, litres, received, written_off
from tests.support.given import Step
from tests.support.server import BOSS, Caller, served, signing_seed

pytestmark = pytest.mark.usefixtures("on_each_database")

A_MORNING = (*A_DAIRY, received("L1", litres(100)))
ANOTHER_KEY = signing_seed(77).hex()
ANOTHER_HASH = b"7" * 32

Twist = Callable[[wire.PushRequest, wire.PushResponse], wire.PushResponse]


@define
class Twisted(Straight):
    """``twist``: what becomes of each answer. ``resets``: the problem that is answered instead."""

    twist: Twist = lambda _request, answer: answer
    resets: LogReset | None = None

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        answer = super().push(request)
        if self.resets is not None:
            raise self.resets
        return self.twist(request, answer)


def twisted(plant: Plant, twist: Twist) -> Twisted:
    link = Twisted(plant.server.service, twist=twist)
    plant.reader.link = link
    return link


def server_word(plant: Plant, request: wire.PushRequest, **otherwise: object) -> wire.ServerWord:
    """The server's own word, of whatever its keeper wants."""
    service = plant.server.service
    with service.context.reading() as log:
        words: dict[str, object] = {
            "plant_id": service.plant.id,
            "log_epoch": service.plant.epochs.present,
            "global_seq": log.cursor(),
            "log_hash": log.log_hash(),
            "nonce": request.nonce,
        }
    key = str(otherwise.pop("key", service.plant.signing_key))
    return signed_word(key, **{**words, **otherwise})  # type: ignore[arg-type]


def is_refused(plant: Plant, code: str) -> UntrustedWord:
    """By a device that has something to offer: it waits, and the log here is what it was."""
    device = evolve(plant.office, store=plant.reader.store, state_cache=StateCache())
    device.does(written_off("L1", litres(1)))
    with plant.reader.store.reading() as snapshot:
        held, waits = snapshot.log_hash(), snapshot.count_pending()
    with pytest.raises(UntrustedWord) as refused:
        plant.reader.syncs()
    assert refused.value.code == code
    with plant.reader.store.reading() as snapshot:
        assert (snapshot.log_hash(), snapshot.count_pending()) == (held, waits)
    return refused.value


@pytest.fixture
def plant() -> Plant:
    """The reader has read the morning; something new is there."""
    plant = a_plant(*A_MORNING)
    plant.reader.syncs()
    plant.office.does(received("L2", litres(5)), received("L3", litres(5)))
    plant.office.syncs()
    return plant


# ---------------------------------------------------------------- whose word it is


def test_a_device_that_joins_knows_the_servers_key() -> None:
    plant = a_plant(*A_MORNING)
    key = plant.server.service.plant.public_signing_key
    with plant.reader.store.reading() as snapshot:
        assert snapshot.setting(settings.SERVER_SIGNING_KEY) == key
    assert plant.reader.syncs().server_key == ""


def test_a_device_of_before_learns_it_once_and_says_so(plant: Plant) -> None:
    with plant.reader.store.writing() as transaction:
        transaction.set_setting(settings.SERVER_SIGNING_KEY, "")
    key = plant.server.service.plant.public_signing_key
    assert plant.reader.syncs().server_key == fingerprint(key)
    assert plant.reader.syncs().server_key == ""


def test_with_a_server_of_before_everything_is_as_before(plant: Plant) -> None:
    with plant.reader.store.writing() as transaction:
        transaction.set_setting(settings.SERVER_SIGNING_KEY, "")
        transaction.set_setting(settings.SERVER_WORDS, "")
    twisted(plant, lambda _request, answer: evolve(answer, word=None))
    assert plant.reader.syncs().broken_off is None
    assert plant.reader.place == len(plant.log())


def test_a_server_of_before_is_given_its_key_at_its_next_start() -> None:
    store = MemoryStore()
    how = {"clock": SteppingClock(), "ids": CountingIds(1)}
    Service.found(store, "Laiterie", **how)  # type: ignore[arg-type]
    del store._settings[SIGNING_KEY]
    first = Service.open(store, **how).plant.signing_key  # type: ignore[arg-type]
    assert first == Service.open(store, **how).plant.signing_key  # type: ignore[arg-type]


TWISTS: dict[str, tuple[str, Callable[[Plant], Twist]]] = {
    "nobody signs": ("word_unsigned", lambda _: lambda _request, answer: evolve(answer, word=None)),
    "another key": (
        "word_of_another_key",
        lambda plant: (
            lambda request, answer: evolve(
                answer, word=server_word(plant, request, key=ANOTHER_KEY)
            )
        ),
    ),
    "another end under an old signature": (
        "word_forged",
        lambda _: (
            lambda _request, answer: evolve(
                answer, word=answer.word and evolve(answer.word, log_hash=ANOTHER_HASH)
            )
        ),
    ),
    "the word of another plant": (
        "word_forged",
        lambda plant: (
            lambda request, answer: evolve(
                answer, word=server_word(plant, request, plant_id=UUID(int=66))
            )
        ),
    ),
    "the word of another epoch": (
        "word_forged",
        lambda plant: (
            lambda request, answer: evolve(
                answer, word=server_word(plant, request, log_epoch="elsewhere")
            )
        ),
    ),
    "another end than the answer's": (
        "word_forged",
        lambda plant: (
            lambda request, answer: evolve(
                answer, word=server_word(plant, request, global_seq=answer.head + 1)
            )
        ),
    ),
}


@pytest.mark.parametrize("twist", TWISTS)
def test_what_the_server_did_not_sign_is_not_believed(plant: Plant, twist: str) -> None:
    code, made = TWISTS[twist]
    twisted(plant, made(plant))
    is_refused(plant, code)


def test_an_epoch_from_nowhere_begins_nothing(plant: Plant) -> None:
    link = twisted(plant, lambda _request, answer: answer)
    link.resets = LogReset(log_epoch="nowhere", keep=0)
    is_refused(plant, "word_unsigned")
    with plant.reader.store.reading() as snapshot:
        assert snapshot.setting(LOG_EPOCH) == plant.server.service.plant.epochs.present


def test_an_answer_in_a_file_is_believed_no_more(plant: Plant) -> None:
    asked = plant.reader.asks_by_file()
    with plant.reader.store.writing() as transaction:
        transaction.set_setting(settings.SERVER_SIGNING_KEY, ANOTHER_KEY)
    place = plant.reader.place
    with pytest.raises(UntrustedWord):
        plant.reader.reads_file(bundles.answer(plant.server.service, asked).sealed)
    assert plant.reader.place == place


def test_a_person_is_told_what_happened_why_and_what_to_do() -> None:
    for code in {code for code, _ in TWISTS.values()} | {"log_went_back", "two_histories"}:
        sentence = exchange_failure(UntrustedWord(code=code, entry=12), "https://m.test").sentence
        assert "serveur" in sentence
        assert "rien n’est perdu ici" in sentence


def test_a_server_that_was_begun_again_is_known_once_somebody_joins_it(plant: Plant) -> None:
    """Its key was lost with it: a code is a person's word that it is the plant's new one."""
    reader = plant.reader
    reader.syncs()
    plant.office.does(received("L4", litres(5)))
    with reader.store.reading() as held:
        begun_again = Service.rebuilt(
            servers.open_database(), held, clock=SteppingClock(), ids=CountingIds(5_000_000)
        )
    reader.link = Twisted(begun_again)
    is_refused(plant, "word_of_another_key")
    code = begun_again.new_code(wire.CodeRequest(user_id=BOSS), by=None).code
    join(reader.store, reader.link, url="https://m.test", code=code, name="lecteur")
    assert reader.syncs().broken_off is None
    with begun_again.context.reading() as log, reader.store.reading() as held:
        assert (log.log_hash(), held.count_pending()) == (held.log_hash(), 0)


# ---------------------------------------------------------------- two words


def test_a_tail_that_it_signed_is_not_hidden_again(plant: Plant) -> None:
    """The device has not read to that end yet: only the word says that there is more."""
    whole = len(plant.log())
    plant.reader.link.service.push(plant.office.asking(), by=plant.office.id)
    with plant.reader.store.writing() as transaction:
        keep_word(transaction, server_word(plant, plant.office.asking()))
    earlier = plant.log()[plant.reader.place - 1]
    twisted(
        plant,
        lambda request, answer: evolve(
            answer,
            new=(),
            head=earlier.global_seq,
            more=False,
            word=server_word(plant, request, global_seq=earlier.global_seq, log_hash=earlier.hash),
        ),
    )
    assert is_refused(plant, "log_went_back").entry == whole


def test_another_end_at_the_same_place_is_another_history(plant: Plant) -> None:
    with plant.reader.store.writing() as transaction:
        keep_word(transaction, server_word(plant, plant.office.asking(), log_hash=ANOTHER_HASH))
    with pytest.raises(UntrustedWord) as refused:
        plant.reader.syncs()
    assert (refused.value.code, refused.value.entry) == ("two_histories", len(plant.log()))


def test_another_entry_at_the_place_that_it_signed_is_another_history(plant: Plant) -> None:
    """Both came from the server: a word to come true, and, when that place is read, an entry."""
    place = len(plant.log())
    with plant.reader.store.writing() as transaction:
        keep_word(
            transaction,
            server_word(plant, plant.office.asking(), global_seq=place, log_hash=ANOTHER_HASH),
        )
    plant.office.does(received("L4", litres(5)))
    plant.office.syncs()  # the next answer ends elsewhere
    error = plant.reader.syncs().broken_off
    assert isinstance(error, UntrustedWord)
    assert (error.code, error.entry) == ("two_histories", place)
    assert plant.reader.place == place - 1


def test_a_word_about_another_log_than_the_one_held_here_is_not_believed(plant: Plant) -> None:
    plant.reader.syncs()
    twisted(
        plant,
        lambda request, answer: evolve(
            answer, word=server_word(plant, request, log_hash=ANOTHER_HASH)
        ),
    )
    with plant.reader.store.writing() as transaction:
        transaction.set_setting(settings.SERVER_WORDS, "")
    with pytest.raises(UntrustedWord) as refused:
        plant.reader.syncs()
    assert (refused.value.code, refused.value.entry) == ("two_histories", plant.reader.place)


def test_an_answer_of_before_is_no_lie(plant: Plant) -> None:
    """Something on the way gives it a second time; the next request is answered."""
    answers: list[wire.PushResponse] = []

    def first_twice(_request: wire.PushRequest, answer: wire.PushResponse) -> wire.PushResponse:
        answers.append(answer)
        if len(answers) == 1:
            plant.office.does(received("L4", litres(5)))
            plant.office.syncs()
        return answers[0] if len(answers) == 3 else answer

    twisted(plant, first_twice)
    assert plant.reader.syncs(limit=1).broken_off is None
    assert len(answers) > 3
    assert plant.reader.place == len(plant.log())


def test_what_it_signed_of_a_log_that_is_no_more_is_kept_as_proof(plant: Plant) -> None:
    plant.reader.syncs()
    with plant.reader.store.reading() as snapshot:
        words = KeptWords.of(snapshot).words
    assert words
    plant.server.service.begin_new_epoch()
    twisted(plant, lambda _request, answer: answer)
    assert plant.reader.syncs().log_reset is False  # nothing of it was lost
    with plant.reader.store.reading() as snapshot:
        assert not set(words).intersection(KeptWords.of(snapshot).words)
        past = snapshot.setting(settings.PAST_WORDS) or "[]"
    assert wire.decode(past.encode(), tuple[wire.ServerWord, ...]) == words


# ---------------------------------------------------------------- two histories, seen by people


def test_two_devices_that_are_shown_two_histories_find_out() -> None:
    """The office was shown a log that nobody else has, and recorded on it; others read that."""
    plant = a_plant_that_signs(*A_MORNING)
    plant.reader.syncs()
    plant.slips_in(on_another_log(plant, received("L2", litres(5))))
    done = plant.reader.syncs()
    assert plant.reader.place == len(plant.log())
    assert [(each.entry, each.seen) for each in done.applied.divergences] == [
        (len(plant.log()), len(plant.log()) - 1)
    ]
    assert plant.reader.syncs().applied.divergences == []
    verified = plant.reader.verify()
    assert verified.sound
    assert [(each.entry, each.seen) for each in verified.divergences] == [
        (len(plant.log()), len(plant.log()) - 1)
    ]


def test_the_server_names_who_saw_another_log_and_stops_nothing() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    offered = on_another_log(plant, received("L2", litres(5)))
    with served(plant.server.service) as up, up.client() as client:
        Caller(client, plant.office).push(evolve(plant.office.request(), commits=(offered,)))
        line = up.line(route="/sync/push")
        counted = [each for each in client.get("/metrics").text.splitlines() if "two_hist" in each]
    seen = {"entry": len(plant.log()), "seen": len(plant.log()) - 1}
    assert line["two_histories"] == [{**seen, "device": str(plant.office.id)}]
    assert line["level"] == "warning"
    assert "manchengo_two_histories_total 1.0" in counted
    assert plant.log()[-1].verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("beyond", [False, True])
def test_of_a_log_that_was_lost_and_announced_nobody_is_told(*, beyond: bool) -> None:
    """What its author saw before the backup was made is compared, what they saw later is not."""
    plant = a_plant_that_signs(*A_MORNING)
    offered = on_another_log(plant, received("L2", litres(5)), beyond=1 if beyond else 0)
    plant.server.service.begin_new_epoch()
    plant.office.epoch = ""
    request = evolve(plant.office.request(), commits=(offered,))
    done = plant.server.service.pushed(request, by=plant.office.id)
    assert len(done.divergences) == (0 if beyond else 1)


def test_whoever_has_seen_more_than_there_is_shows_it_too() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    plant.reader.syncs()
    plant.slips_in(on_another_log(plant, received("L2", litres(5)), beyond=3))
    (divergence,) = plant.reader.syncs().applied.divergences
    assert divergence.seen == len(plant.log()) + 2


def test_one_history_parts_nobody() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    for number in range(3):
        plant.office.does(received(f"M{number}", litres(1)))
        plant.office.syncs()
        plant.server.let_in(plant.server.device(), f"poste {number}")
    assert plant.reader.syncs(limit=2).applied.divergences == []
    assert plant.reader.place == len(plant.log())


def on_another_log(plant: Plant, step: Step, *, beyond: int = 0) -> Offered:
    """What the office records there, signed by her."""
    offered = plant.office_records(step)
    part = offered.commit.authorship
    assert part is not None
    epoch = plant.server.service.plant.epochs.present
    seen = Seen(log_epoch=epoch, global_seq=len(plant.log()) + beyond, log_hash=ANOTHER_HASH)
    part = evolve(part, seen=seen)
    signature = AT_THE_OFFICE.sign(codec.authored_hash(offered.commit, part))
    part = evolve(part, signature=signature)
    return signed(plant.office.key, evolve(offered.commit, authorship=part))
