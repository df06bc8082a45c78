"""Files carried between a device and its server: sealed, signed, and none of them needed twice."""

from collections.abc import Callable
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from manchengo import codec
from manchengo.application.replication.server_log import Offered
from manchengo.domain.ids import CommitId, DeviceId, UserId
from manchengo.ports.settings import DEVICE as NAME
from manchengo_sync import bundle, sealing, settings, wire
from manchengo_sync.bundle import (
    OutOfTurn,
    Question,
    Reply,
    UnknownSender,
    answered,
    export_bundle,
    import_answer,
    open_answer,
    open_request,
    seal_answer,
    seal_request,
)
from manchengo_sync.link import LogReset, Unauthorised
from manchengo_sync.outcome import Exchanged, Withheld
from manchengo_sync.sealing import (
    BundleError,
    BundleTooLarge,
    CutShort,
    NewerBundle,
    NotABundle,
    NotForUs,
    Tampered,
)
from manchengo_sync.signing import DEVICE_KEY, new_key, public_key, sign
from tests.support.dairy import A_DAIRY, litres, received
from tests.sync.plant import BOSS, Device, Plant, Server

SERVER_KEY = sealing.new_key()
DEVICE = DeviceId(UUID(int=7))
SIGNING, ANSWERS = new_key(), sealing.new_key()

QUESTION = Question(
    device_id=DEVICE,
    known_as=DEVICE,
    user_id=UserId(UUID(int=8)),
    public_key=public_key(SIGNING),
    answer_key=sealing.public_key(ANSWERS),
    requests=(
        wire.PushRequest(
            protocol=wire.PROTOCOL,
            replica_id=DEVICE,
            log_epoch="",
            cursor=0,
            log_hash=bytes(32),
            schema_max={},
            limit=10,
            commits=(),
        ),
    ),
)
REPLY = Reply(known_as=DEVICE, mark="B", problem=wire.Problem(code="x", message="y"), status=400)


def a_request() -> bytes:
    return seal_request(QUESTION, private_key=SIGNING, server_key=sealing.public_key(SERVER_KEY))


def opened(sealed: bytes, key: str = SERVER_KEY) -> Question:
    return open_request(sealed, server_key=key, keys_of=lambda _: [public_key(SIGNING)])


def an_answer(key: str = SERVER_KEY) -> bytes:
    return seal_answer(REPLY, server_key=key, answer_key=QUESTION.answer_key)


def read(sealed: bytes, key: str = ANSWERS) -> Reply:
    return open_answer(sealed, bundle_key=key, server_key=sealing.public_key(SERVER_KEY))


FILES: list[tuple[bytes, Callable[[bytes], object]]] = [(a_request(), opened), (an_answer(), read)]


# ---------------------------------------------------------------- the file


def test_what_was_sealed_is_what_is_opened() -> None:
    assert opened(a_request()) == QUESTION
    assert read(an_answer()) == REPLY


def test_nothing_of_it_can_be_read_on_the_way() -> None:
    assert a_request() != a_request()
    for sealed, _ in FILES:
        assert str(DEVICE).encode() not in sealed
        assert b"known_as" not in sealed


@pytest.mark.parametrize(("sealed", "opening"), FILES)
@given(data=st.data())
def test_any_byte_that_was_changed_is_noticed(
    sealed: bytes, opening: Callable[[bytes], object], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.integers(1, 255))
    changed = bytearray(sealed)
    changed[place] ^= other
    with pytest.raises(BundleError):
        opening(bytes(changed))


@pytest.mark.parametrize(("sealed", "opening"), FILES)
@given(data=st.data())
def test_a_file_that_is_cut_short_is_told_from_a_changed_one(
    sealed: bytes, opening: Callable[[bytes], object], data: st.DataObject
) -> None:
    kept = data.draw(st.integers(0, len(sealed) - 1))
    with pytest.raises(CutShort):
        opening(sealed[:kept])


@pytest.mark.parametrize(("sealed", "opening"), FILES)
def test_what_was_put_behind_it_is_noticed(
    sealed: bytes, opening: Callable[[bytes], object]
) -> None:
    with pytest.raises(Tampered):
        opening(sealed + b"x")


@pytest.mark.parametrize(("sealed", "opening"), FILES)
def test_each_fault_has_its_name(sealed: bytes, opening: Callable[[bytes], object]) -> None:
    with pytest.raises(NotABundle):
        opening(b"PK\x03\x04 some other file, long enough to be one of ours by its length")
    with pytest.raises(NewerBundle):
        opening(sealed[:4] + b"\x02" + sealed[5:])
    for other, _ in FILES:
        if other is not sealed:
            with pytest.raises(NotABundle):
                opening(other)


def test_another_server_cannot_open_it() -> None:
    with pytest.raises(NotForUs):
        opened(a_request(), sealing.new_key())
    with pytest.raises(NotForUs):
        read(an_answer(), sealing.new_key())


def test_an_answer_of_anybody_else_is_not_the_server_s() -> None:
    with pytest.raises(Tampered):
        read(an_answer(sealing.new_key()))


def test_a_key_that_makes_no_secret_is_refused() -> None:
    sealed = bytearray(a_request())
    sealed[22:54] = bytes(32)
    with pytest.raises(Tampered):
        opened(bytes(sealed))


def test_a_request_is_signed_by_whom_it_names() -> None:
    server = sealing.public_key(SERVER_KEY)
    forged = seal_request(QUESTION, private_key=new_key(), server_key=server)
    with pytest.raises(Tampered):
        opened(forged)
    other = new_key()
    unknown = seal_request(
        evolve(QUESTION, public_key=public_key(other)), private_key=other, server_key=server
    )
    with pytest.raises(UnknownSender):
        opened(unknown)


def test_a_request_cannot_be_passed_on_to_another_server() -> None:
    first, second = sealing.new_key(), sealing.new_key()
    sealed = seal_request(QUESTION, private_key=SIGNING, server_key=sealing.public_key(first))
    content = sealing.unseal(b"Q", sealed, to=first)
    passed_on = sealing.seal(b"Q", content, to=sealing.public_key(second))
    with pytest.raises(Tampered):
        opened(passed_on, second)


def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytes(100_000)
    sealed = sealing.seal(b"Q", content, to=sealing.public_key(SERVER_KEY))
    monkeypatch.setattr(sealing, "LARGEST", 10_000)
    with pytest.raises(BundleTooLarge):
        sealing.unseal(b"Q", sealed, to=SERVER_KEY)
    with pytest.raises(BundleTooLarge):
        sealing.unseal(b"Q", sealed + content, to=SERVER_KEY)
    with pytest.raises(BundleTooLarge):
        sealing.seal(b"Q", content, to=sealing.public_key(SERVER_KEY))


# ---------------------------------------------------------------- carried there and back


def joined(plant: Plant) -> Device:
    device = plant.device()
    device.set(settings.SERVER_KEY, sealing.public_key(SERVER_KEY))
    device.set(settings.USER_ID, str(BOSS))
    return device


def export(device: Device) -> bytes:
    return export_bundle(device.store, clock=device.clock, state_cache=device.state_cache)


def server_answers(server: Server, sealed: bytes) -> bytes:
    """What the server's own command does with a file."""
    question = open_request(
        sealed,
        server_key=SERVER_KEY,
        keys_of=lambda asked: [key for each, key in server.keys.items() if each == asked.known_as],
    )
    mark = "A"
    if question.known_as != question.device_id:
        mark = server.renew(
            wire.RenewRequest(former_id=question.known_as, device_id=question.device_id)
        ).mark
    reply = Reply(known_as=question.device_id, mark=mark)
    try:
        reply = evolve(reply, responses=answered(question, server.push))
    except LogReset as reset:
        problem = wire.Problem(
            code="log_reset", message="", log_epoch=reset.log_epoch, keep=reset.keep
        )
        reply = evolve(reply, problem=problem, status=409)
    return seal_answer(reply, server_key=SERVER_KEY, answer_key=question.answer_key)


def carried(device: Device, answer: bytes) -> Exchanged:
    return import_answer(
        device.store,
        answer,
        clock=device.clock,
        ids=device.ids,
        state_cache=device.state_cache,
        user_id=BOSS,
    )


def there_and_back(device: Device) -> Exchanged:
    return carried(device, server_answers(device.server, export(device)))


def test_two_devices_agree_by_files_alone() -> None:
    plant = Plant()
    office, phone = joined(plant), joined(plant)
    office.does(*A_DAIRY)
    done = there_and_back(office)
    assert (done.sent, done.pending) == (len(A_DAIRY), 0)
    there_and_back(phone)
    phone.does(received("L1", litres(1)))
    there_and_back(phone)
    there_and_back(office)
    plant.check()


def test_the_same_files_once_more_change_nothing() -> None:
    plant = Plant()
    office = joined(plant)
    office.does(*A_DAIRY)
    request = export(office)
    answer = server_answers(plant.server, request)
    log = plant.server.log()
    server_answers(plant.server, request)
    assert plant.server.log() == log
    carried(office, answer)
    before = office.log(), office.digest()
    assert carried(office, answer).applied.received == 0
    assert (office.log(), office.digest()) == before


def test_one_file_holds_many_pages_and_so_does_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_COMMITS", 3)
    plant = Plant()
    office, phone = joined(plant), joined(plant)
    office.does(*A_DAIRY, *[received(f"L{number}", litres(1)) for number in range(9)])
    there_and_back(office)
    assert max(len(request.commits) for request in plant.server.asked) == 3
    there_and_back(phone)
    plant.check()


def test_an_answer_is_as_large_as_one_file_and_the_rest_comes_with_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant = Plant()
    office, phone = joined(plant), joined(plant)
    office.does(*A_DAIRY, *[received(f"L{number}", litres(1)) for number in range(9)])
    office.syncs()
    monkeypatch.setattr(wire, "MOST_COMMITS", 3)
    monkeypatch.setattr(bundle, "MOST_BYTES", 5_000)
    done = there_and_back(phone)
    assert done.more
    while done.more:
        done = there_and_back(phone)
    plant.check()


def test_answers_read_in_the_wrong_order_change_nothing() -> None:
    plant = Plant()
    office, phone = joined(plant), joined(plant)
    office.does(*A_DAIRY)
    office.syncs()
    there_and_back(phone)
    late = server_answers(plant.server, export(phone))
    plant.server.restore(plant.server.log()[:-1], "second")
    there_and_back(phone)
    office.syncs()
    with pytest.raises(OutOfTurn):
        carried(phone, answer_with_news(plant, office, phone))
    carried(phone, late)
    there_and_back(phone)
    there_and_back(phone)
    plant.settle()


def answer_with_news(plant: Plant, office: Device, phone: Device) -> bytes:
    """To a question that the phone could only ask once it had read another answer."""
    office.does(received("L1", litres(1)), received("L2", litres(2)))
    office.syncs()
    page = plant.server.log()
    request = evolve(
        QUESTION.requests[0],
        replica_id=phone.id,
        cursor=page[-2].global_seq,
        log_hash=page[-2].hash,
    )
    return seal_answer(
        Reply(known_as=phone.id, mark="", responses=(plant.server.push(request),)),
        server_key=SERVER_KEY,
        answer_key=sealing.public_key(phone.setting(settings.BUNDLE_KEY) or ""),
    )


def test_a_server_that_was_put_back_is_given_what_it_lacks_by_the_next_file() -> None:
    plant = Plant()
    office = joined(plant)
    office.does(*A_DAIRY)
    there_and_back(office)
    plant.server.restore(plant.server.log()[:2], "second")
    assert there_and_back(office).log_reset
    assert office.setting(settings.LOG_EPOCH) == "second"
    there_and_back(office)
    plant.check()


@pytest.mark.parametrize("twin_has_written", [True, False])
def test_a_device_with_a_twin_takes_another_name_by_files_too(twin_has_written: bool) -> None:
    plant = Plant()
    office, copy = joined(plant), joined(plant)
    office.does(*A_DAIRY)
    there_and_back(office)
    there_and_back(copy)
    former = office.id
    copy.set(NAME, str(former))
    copy.set(settings.KNOWN_AS, str(former))
    copy.set(DEVICE_KEY, office.setting(DEVICE_KEY) or "")
    with copy.store.writing() as transaction, office.store.reading() as snapshot:
        transaction.set_tip(former, snapshot.tip(former))
    office.does(received("L8", litres(8)))
    there_and_back(office)
    if twin_has_written:
        copy.does(received("L9", litres(9)))
    done = there_and_back(copy)
    assert done.device_id == copy.id != former
    there_and_back(copy)
    assert copy.setting(settings.KNOWN_AS) == str(copy.id)
    there_and_back(office)
    plant.check()


def test_a_refused_commit_is_said_and_stops_nobody_else() -> None:
    plant = Plant()
    office, phone = joined(plant), joined(plant)
    office.does(*A_DAIRY)
    plant.settle()
    kept = plant.server.log()
    (theirs,) = phone.does(received("L7", litres(7)))
    plant.settle()
    (ours,) = office.does(received("L8", litres(8)))
    plant.settle()
    plant.server.restore(kept, "second")
    plant.server.refuses = {theirs.id}
    there_and_back(office)
    done = there_and_back(office)
    assert done.withheld == [Withheld(commit_id=theirs.id, code="refused")]
    assert [entry.commit.id for entry in plant.server.log()[len(kept) :]] == [ours.id]


def test_a_commit_that_goes_under_its_bearer_s_name_now_is_no_sign_of_a_twin() -> None:
    """What stopped it was said of another's seal, and its number given again."""
    plant = Plant()
    office, phone = joined(plant), joined(plant)
    office.does(*A_DAIRY)
    plant.settle()
    kept = plant.server.log()
    (theirs,) = phone.does(received("L7", litres(7)))
    plant.settle()
    plant.server.restore(kept, "second")
    there_and_back(office)
    instead = codec.sealed(evolve(theirs, id=CommitId(UUID(int=9)), events=(), authorship=None))
    signature = sign(phone.setting(DEVICE_KEY) or "", instead.hash)
    offered = (Offered(commit=instead, signature=signature),)
    request = evolve(QUESTION.requests[0], replica_id=phone.id, commits=offered)
    assert plant.server.push(request).synced == (instead.id,)
    former = office.id
    done = there_and_back(office)
    assert (done.withheld, done.device_id, office.id) == ([], None, former)
    assert there_and_back(office).pending == 0
    assert plant.server.log()[-1].commit.id == theirs.id


def test_a_device_that_is_not_let_in_reads_so_in_the_answer() -> None:
    plant = Plant()
    office = joined(plant)
    commits = office.does(*A_DAIRY)
    export(office)
    reply = Reply(
        known_as=office.id,
        mark="",
        problem=wire.Problem(code="device_withdrawn", message="Non."),
        status=403,
    )
    key = sealing.public_key(office.setting(settings.BUNDLE_KEY) or "")
    with pytest.raises(Unauthorised) as turned_down:
        carried(office, seal_answer(reply, server_key=SERVER_KEY, answer_key=key))
    assert turned_down.value.code == "device_withdrawn"
    assert office.pending() == commits
