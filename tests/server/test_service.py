"""The server without a network: what it takes in, what it answers, and to whom."""

import gzip
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import MemoryStore, Role, codec
from manchengo.application.replication import server_log
from manchengo.application.replication.device_log import apply
from manchengo.application.replication.server_log import Fault, Offered, Received
from manchengo.application.unit_of_work import StateCache
from manchengo.commands import COMMANDS, AdmitKey, ChangeRoles, DeactivateUser, EnrolDevice
from manchengo.domain.commit import Commit, LogEntry, Verdict
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Transaction
from manchengo_server import pushing
from manchengo_server.entry_cache import weight_of
from manchengo_server.errors import (
    AlreadyFounded,
    AnotherPlant,
    DeviceIsWithdrawn,
    DeviceTaken,
    KeyIsWithdrawn,
    LogReset,
    NotAllowed,
    NotEmpty,
    NotFounded,
    NothingThere,
    NoToken,
    NotProved,
    NotUnderstood,
    NotYours,
    ProgramTooOld,
    RefusedByRule,
    UnknownDevice,
    UserIsWithdrawn,
    WrongCode,
)
from manchengo_server.plant import Epochs, found
from manchengo_server.recording import record
from manchengo_server.service import Service
from manchengo_server.snapshot_cache import SnapshotCache
from manchengo_server.snapshots import LAG
from manchengo_sync import wire
from manchengo_sync.signing import public_key, sign
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    day,
    kg,
    litres,
    millilitres,
    planned,
    poured,
    received,
    started,
)
from tests.support.server import (
    BOSS,
    DRIVER,
    PLANT,
    CountingChance,
    Device,
    Server,
    a_server,
    register,
)
from tests.support.signers import signer_of
from tests.support.stores import on_an_encrypted_file

THE_MORNING = (
    A_DAIRY,
    received("L1", litres(100)),
    received("R1", millilitres(600), of=RENNET),
)
NOT_SIGNED = "not signed by that device, as far as is known here"


@pytest.fixture
def server() -> Server:
    return a_server()


@pytest.fixture
def office(server: Server) -> Device:
    return server.first_device(*THE_MORNING)


def push(device: Device, request: wire.PushRequest) -> wire.PushResponse:
    return device.service.push(request, by=device.id)


def offering(device: Device, *offered: Offered) -> wire.PushRequest:
    return evolve(device.request(), commits=offered)


def head(server: Server) -> int:
    return server.service.head()


# ---------------------------------------------------------------- exchanging


def test_what_one_device_records_the_other_sees(server: Server, office: Device) -> None:
    phone = server.another_device()
    phone.does(received("L2", litres(5)))
    server.settle()
    assert len(server.digests()) == 1


def test_it_does_the_same_on_an_encrypted_file() -> None:
    with on_an_encrypted_file() as store:
        server = a_server(lambda: store)
        server.open_store = MemoryStore
        server.first_device(*THE_MORNING)
        server.another_device().does(received("L2", litres(5)))
        server.settle()
        assert len(server.digests()) == 1


def test_two_pours_of_one_lot_are_judged_in_the_order_of_arrival(
    server: Server, office: Device
) -> None:
    office.does(planned("O1", kg(8), on=day(1)), planned("O2", kg(8), on=day(1)))
    phone = server.another_device()
    server.settle()
    office.does(started("O1", on=day(1)), poured("O1", "L1", litres(80), on=day(1)))
    (_, pour) = phone.does(started("O2", on=day(1)), poured("O2", "L1", litres(80), on=day(1)))
    server.settle()
    with server.service.context.reading() as snapshot:
        entry = snapshot.entry(pour.id)
    assert entry is not None
    assert entry.verdict is Verdict.REJECTED
    assert len(server.digests()) == 1


def test_a_push_said_twice_enters_once(server: Server, office: Device) -> None:
    office.does(received("L2", litres(5)))
    request = office.request()
    first, again = push(office, request), push(office, request)
    assert first.synced == again.synced == (request.commits[0].commit.id,)
    assert first.head == again.head


def test_the_answer_is_bounded_in_entries(server: Server, office: Device) -> None:
    response = push(office, office.asking(cursor=0, log_epoch="", limit=2))
    assert [entry.global_seq for entry in response.new] == [1, 2]
    assert response.more
    assert response.head == head(server)


def test_the_answer_is_bounded_in_bytes(
    server: Server, office: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("manchengo_server.pushing.MOST_BYTES", 1)
    response = push(office, office.asking(cursor=0, log_epoch=""))
    assert [entry.global_seq for entry in response.new] == [1]
    assert response.more


def test_an_entry_weighs_about_what_its_json_does(server: Server, office: Device) -> None:
    for entry in push(office, office.asking(cursor=0, log_epoch="")).new:
        written = len(wire.encode(entry))
        assert written / 2 < weight_of(entry) < written * 2


def test_a_push_error_withholds_nothing_new(server: Server, office: Device) -> None:
    phone = server.another_device()
    phone.does(received("L2", litres(5)))
    phone.syncs()
    office.does(received("L3", litres(5)), received("L4", litres(5)))
    response = push(office, offering(office, office.offered()[1]))
    assert response.push_error is not None
    assert response.push_error.code is Fault.GAP
    assert response.new[-1].commit.device_id == phone.id


def test_another_protocol_may_listen_and_not_speak(server: Server, office: Device) -> None:
    assert push(office, office.asking(protocol=wire.PROTOCOL - 1)).new == ()
    office.does(received("L2", litres(5)))
    with pytest.raises(ProgramTooOld):
        push(office, evolve(office.request(), protocol=wire.PROTOCOL - 1))


def test_a_program_that_cannot_check_what_an_author_signed_is_given_what_stands_before(
    server: Server, office: Device
) -> None:
    """It would find that the hash of the commit is another, and take the log for another."""
    key = signer_of("Amina")
    office.does(AdmitKey(user_id=BOSS, family_id=office.id, public_key=key.key.hex()))
    office.syncs()
    before = server.service.head()
    office.signer = key
    office.does(received("L2", litres(5)))
    office.syncs()
    old = {"protocol": wire.FIRST_WITH_AUTHORS - 1, "log_hash": bytes(32)}
    given = push(office, office.asking(cursor=0, **old))
    assert (given.new[-1].global_seq, given.more) == (before, True)
    held = {**old, "cursor": before, "log_hash": given.new[-1].hash}
    with pytest.raises(ProgramTooOld):
        push(office, office.asking(**held))
    held["protocol"] = wire.FIRST_WITH_AUTHORS
    assert [entry.global_seq for entry in push(office, office.asking(**held)).new] == [before + 1]


def test_a_device_speaks_for_itself_alone(server: Server, office: Device) -> None:
    phone = server.another_device()
    with pytest.raises(NotYours):
        server.service.push(office.request(), by=phone.id)


# ---------------------------------------------------------------- what is wrong with a commit


def refused(server: Server, device: Device, offered: Offered) -> str:
    """Why it was; and nothing of it is anywhere."""
    before = head(server)
    pushed = server.service.pushed(offering(device, offered), by=device.id)
    assert pushed.response.push_error is not None
    assert pushed.response.push_error.code is Fault.REFUSED
    assert pushed.response.push_error.commit_id == offered.commit.id
    assert head(server) == before
    return pushed.why


def test_a_commit_signed_with_another_key_is_refused(server: Server, office: Device) -> None:
    office.does(received("L2", litres(5)))
    office.key = server.device().key
    assert refused(server, office, office.offered()[0]) == NOT_SIGNED


def test_a_commit_in_the_name_of_another_device_is_refused(server: Server, office: Device) -> None:
    phone = server.another_device()
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    with phone.store.reading() as snapshot:
        tip = snapshot.tip(phone.id)
    forged = codec.sealed(
        evolve(own.commit, device_id=phone.id, sequence=tip.sequence + 1, previous=tip.hash)
    )
    office_key = evolve(own, commit=forged)
    assert refused(server, office, office_key) == NOT_SIGNED


def test_a_commit_of_a_device_that_nobody_knows_is_refused(server: Server, office: Device) -> None:
    stranger = server.device()
    stranger.does(A_DAIRY)
    assert refused(server, office, stranger.offered()[0]) == NOT_SIGNED


def test_a_commit_that_is_not_what_its_seal_says_is_refused(server: Server, office: Device) -> None:
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    changed = evolve(own, commit=evolve(own.commit, on=day(300)))
    assert refused(server, office, changed) == "refused"


def test_a_broken_chain_is_a_fork(server: Server, office: Device) -> None:
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    office.exchanges()
    office.does(received("L3", litres(5)))
    (after,) = office.offered()
    for commit in (
        evolve(after.commit, previous=bytes(32)),
        evolve(after.commit, sequence=own.commit.sequence),
    ):
        sealed = resigned(office, codec.sealed(commit))
        before = head(server)
        response = push(office, offering(office, sealed))
        assert response.push_error is not None
        assert response.push_error.code is Fault.FORKED
        assert head(server) == before


def resigned(device: Device, commit: Commit) -> Offered:
    return Offered(commit=commit, signature=sign(device.key, commit.hash))


@pytest.mark.parametrize("wrong", [{"sequence": 2**63}, {"command_version": 2**70}], ids=str)
def test_what_no_database_could_keep_is_refused(
    server: Server, office: Device, wrong: dict[str, Any]
) -> None:
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    sealed = codec.sealed(evolve(own.commit, **wrong))
    assert refused(server, office, resigned(office, sealed)) == "a number out of range"


@pytest.mark.parametrize(
    "strange",
    [{"command_version": 0}, {"command_type": "a\x00b" * 100}, {"hlc": "zzz"}, {"hlc": ""}],
    ids=str,
)
def test_what_is_strange_enters_all_the_same_and_blocks_nothing(
    server: Server, office: Device, strange: dict[str, Any]
) -> None:
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    sealed = codec.sealed(evolve(own.commit, **strange))
    response = push(office, offering(office, resigned(office, sealed)))
    assert response.push_error is None
    assert response.synced == (own.commit.id,)


def test_an_instant_without_a_zone_is_refused(server: Server, office: Device) -> None:
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    naive = evolve(own.commit, occurred_at=own.commit.occurred_at.replace(tzinfo=None))
    assert refused(server, office, resigned(office, codec.sealed(naive)))


def test_what_stands_before_a_bad_commit_is_in_the_log(server: Server, office: Device) -> None:
    good, bad = office.does(received("L2", litres(5)), received("L3", litres(5)))
    first, second = office.offered()
    response = push(office, offering(office, first, evolve(second, signature=bytes(64))))
    assert response.synced == (good.id,)
    assert response.push_error is not None
    assert response.push_error.commit_id == bad.id


def test_a_commit_at_which_the_machinery_breaks_is_refused_alone(
    server: Server, office: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = office.does(received("L2", litres(5)), received("L3", litres(5)))
    receive = server_log.receive

    def breaking(transaction: Transaction, offers: Sequence[Offered], **options: Any) -> Received:
        if any(each.commit.id == bad.id for each in offers):
            raise OverflowError("too large for a column")
        return receive(transaction, offers, **options)

    monkeypatch.setattr(pushing, "receive", breaking)
    pushed = server.service.pushed(office.request(), by=office.id)
    assert pushed.response.synced == (good.id,)
    assert pushed.response.push_error is not None
    assert pushed.response.push_error.commit_id == bad.id
    assert pushed.why == "OverflowError"


def test_a_commit_from_a_newer_program_is_parked_and_blocks_nothing(
    server: Server, office: Device
) -> None:
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    newer = evolve(own.commit, command_type="lot.teleport", command_version=7)
    response = push(office, offering(office, resigned(office, codec.sealed(newer))))
    assert response.push_error is None
    assert response.new[-1].verdict is Verdict.PARKED
    assert server.service.count_parked() == 1


# ---------------------------------------------------------------- which log it is


def test_a_device_that_names_another_epoch_is_told_where_to_go_on(
    server: Server, office: Device
) -> None:
    kept = head(server)
    server.service.begin_new_epoch()
    with pytest.raises(LogReset) as reset:
        push(office, office.request())
    assert reset.value.keep == kept
    office.epoch = reset.value.log_epoch
    assert push(office, office.request()).push_error is None


def test_after_two_restores_a_device_is_told_the_earlier_place() -> None:
    epochs = Epochs((("a", 0), ("b", 20), ("c", 50), ("d", 35)))
    assert epochs.kept_of("a") == 20
    assert epochs.kept_of("b") == 35
    assert epochs.kept_of("c") == 35
    assert epochs.kept_of("never heard of") == 0


def test_epochs_are_written_and_read_alike() -> None:
    store = MemoryStore()
    epochs = Epochs((("a", 0), ("b", 20)))
    with store.writing() as transaction:
        transaction.set_setting("server.epochs", str(epochs))
        assert Epochs.read(transaction) == epochs


def test_a_log_that_parted_unseen_is_recognised_by_its_hash(server: Server, office: Device) -> None:
    with pytest.raises(LogReset) as reset:
        push(office, office.asking(log_hash=bytes(32)))
    assert reset.value.keep == 0
    with pytest.raises(LogReset):
        push(office, office.asking(cursor=1, log_hash=bytes(32)))


def test_a_device_that_read_beyond_the_end_is_told_where_the_log_ends(
    server: Server, office: Device
) -> None:
    with pytest.raises(LogReset) as reset:
        push(office, office.asking(cursor=head(server) + 5))
    assert reset.value.keep == head(server)
    assert reset.value.log_epoch == server.service.context.plant.epochs.present


def test_a_restored_server_writes_on_as_another_device(server: Server, office: Device) -> None:
    server.service.begin_new_epoch()
    office.epoch = ""
    server.let_in(server.device())
    office.syncs()
    with office.store.reading() as snapshot:
        servers = {row.id for row in snapshot.rows(DeviceRow) if row.name == "serveur"}
    assert len(servers) == 2


# ---------------------------------------------------------------- letting in


def test_a_plant_is_founded_once(server: Server) -> None:
    store = server.service.context.store
    with pytest.raises(AlreadyFounded) as taken, store.writing() as transaction:
        found(transaction, "Autre", ids=server.service.context.ids, random_bytes=CountingChance())
    assert taken.value.plant == PLANT


def test_a_store_without_a_plant_has_no_server(server: Server) -> None:
    with pytest.raises(NotFounded):
        Service.open(MemoryStore(), clock=server.clock, ids=server.service.context.ids)


def test_only_the_first_device_comes_without_a_user(server: Server, office: Device) -> None:
    with pytest.raises(NotEmpty):
        server.service.first_code()


def test_a_first_code_lets_one_device_in_and_no_other(server: Server) -> None:
    code = server.service.first_code().code
    server.service.enrol(server.device().enrolment(code))
    with pytest.raises(WrongCode):
        server.service.enrol(server.device().enrolment(code))


def test_a_second_first_code_is_the_only_one(server: Server) -> None:
    former, latter = server.service.first_code().code, server.service.first_code().code
    with pytest.raises(WrongCode):
        server.service.enrol(server.device().enrolment(former))
    server.service.enrol(server.device().enrolment(latter))


def test_a_code_typed_without_its_dashes_in_small_letters_is_the_same(server: Server) -> None:
    code = server.service.first_code().code.replace("-", " ").lower()
    assert server.service.enrol(server.device().enrolment(code)).plant == PLANT


def test_an_enrolment_whose_answer_was_lost_may_be_asked_again(server: Server) -> None:
    code = server.service.first_code().code
    device = server.device()
    first = server.service.enrol(device.enrolment(code))
    before = head(server)
    assert server.service.enrol(device.enrolment(code)) == first
    assert head(server) == before


def test_an_enrolment_is_answered_again_after_its_code_has_ended(
    server: Server, office: Device
) -> None:
    """It was sent in the last moment, and the line was dead for hours."""
    asked = wire.CodeRequest(user_id=DRIVER)
    code = server.service.new_code(asked, by=None)
    device = server.device(user_id=DRIVER)
    first = server.service.enrol(device.enrolment(code.code))
    server.clock.at = code.expires_at + timedelta(hours=23)
    server.service.new_code(asked, by=None)  # forgets those that ended unused
    assert server.service.enrol(device.enrolment(code.code)) == first
    with pytest.raises(WrongCode):
        server.service.enrol(server.device().enrolment(code.code))
    server.clock.at = code.expires_at + timedelta(hours=24)
    with pytest.raises(WrongCode):
        server.service.enrol(device.enrolment(code.code))


def test_a_code_ends(server: Server) -> None:
    code = server.service.first_code()
    server.clock.at = code.expires_at
    with pytest.raises(WrongCode):
        server.service.enrol(server.device().enrolment(code.code))


def test_a_wrong_code_lets_nobody_in(server: Server) -> None:
    server.service.first_code()
    with pytest.raises(WrongCode):
        server.service.enrol(server.device().enrolment("AAAA-BBBB-CCCC"))


def test_the_codes_that_are_kept_are_not_the_codes(server: Server) -> None:
    code = server.service.first_code().code
    with server.service.context.reading() as snapshot:
        kept = snapshot.setting("server.codes") or ""
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_the_first_device_says_who_works_at_it(server: Server) -> None:
    request = server.device().enrolment(server.service.first_code().code)
    with pytest.raises(NotUnderstood):
        server.service.enrol(evolve(request, user_id=None))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a\x00b"},
        {"name": "x" * 81},
        {"public_key": "zz" * 32},
        {"public_key": "00" * 31},
        {"public_key": "  " + "00" * 31},
    ],
    ids=str,
)
def test_a_device_without_a_name_or_a_key_is_not_let_in(
    server: Server, wrong: dict[str, Any]
) -> None:
    request = server.device().enrolment(server.service.first_code().code)
    with pytest.raises(NotUnderstood):
        server.service.enrol(evolve(request, **wrong))
    assert head(server) == 0


def test_the_code_says_who_works_at_the_device(server: Server, office: Device) -> None:
    asked = wire.CodeRequest(user_id=DRIVER)
    code = server.service.new_code(asked, by=None).code
    welcome = server.service.enrol(server.device(user_id=BOSS).enrolment(code))
    assert welcome.user_id == DRIVER


def test_a_database_with_people_of_its_own_is_not_let_in_by_a_code_for_one_of_ours(
    server: Server, office: Device
) -> None:
    """It began a plant of before by itself. The code stays good."""
    code = server.service.new_code(wire.CodeRequest(user_id=DRIVER), by=None).code
    theirs = UserId(UUID(int=900))
    stranger = server.device(user_id=theirs)
    stranger.does(register(theirs, "Lila", Role.ADMIN))
    with pytest.raises(AnotherPlant):
        server.service.enrol(stranger.enrolment(code))
    blank = evolve(server.device().enrolment(code), user_id=None)
    assert server.service.enrol(blank).user_id == DRIVER


def test_a_code_is_for_somebody_active(server: Server, office: Device) -> None:
    office.does(DeactivateUser(user_id=DRIVER))
    office.syncs()
    with pytest.raises(NothingThere):
        server.service.new_code(wire.CodeRequest(user_id=DRIVER), by=None)


def test_only_an_administrator_gives_codes_and_withdraws(server: Server, office: Device) -> None:
    van = server.another_device("camion", user_id=DRIVER)
    driver = server.service.admit(van.token())
    with pytest.raises(NotAllowed):
        server.service.new_code(wire.CodeRequest(user_id=DRIVER), by=driver)
    with pytest.raises(NotAllowed):
        server.service.withdraw(office.id, "envie", by=driver)
    boss = server.service.admit(office.token())
    assert server.service.new_code(wire.CodeRequest(user_id=DRIVER), by=boss).code


def test_nobody_takes_the_name_of_a_device_that_works(server: Server, office: Device) -> None:
    thief = server.device()
    code = server.service.new_code(wire.CodeRequest(user_id=BOSS), by=None).code
    stolen = evolve(thief.enrolment(code), device_id=office.id)
    with pytest.raises(DeviceTaken):
        server.service.enrol(stolen)
    own = evolve(stolen, device_id=server.service.plant.device_id)
    with pytest.raises(DeviceTaken):
        server.service.enrol(own)


def test_the_server_itself_is_not_withdrawn(server: Server, office: Device) -> None:
    with pytest.raises(NothingThere):
        server.service.withdraw(server.service.plant.device_id, "pour voir", by=None)


def test_each_device_has_its_letters(server: Server, office: Device) -> None:
    marks = [server.let_in(server.device()).mark for _ in range(2)]
    assert marks == ["B", "C"]


# ---------------------------------------------------------------- twins


def test_a_device_with_a_twin_goes_on_under_another_id(server: Server, office: Device) -> None:
    new = DeviceId(office.ids.new())
    request = wire.RenewRequest(former_id=office.id, device_id=new)
    welcome = server.service.renew(request, by=office.id)
    assert server.service.renew(request, by=office.id) == welcome
    former, renewed = server.service.devices()
    assert (renewed.id, renewed.public_key) == (new, former.public_key)
    assert renewed.mark != former.mark


def test_only_the_device_itself_is_renewed_and_not_into_another(
    server: Server, office: Device
) -> None:
    phone = server.another_device()
    with pytest.raises(NotYours):
        server.service.renew(
            wire.RenewRequest(former_id=office.id, device_id=DeviceId(office.ids.new())),
            by=phone.id,
        )
    with pytest.raises(DeviceTaken):
        server.service.renew(
            wire.RenewRequest(former_id=office.id, device_id=phone.id), by=office.id
        )


# ---------------------------------------------------------------- withdrawing


def test_a_device_withdrawn_twice_for_one_reason_is_withdrawn_once(
    server: Server, office: Device
) -> None:
    """Whoever asks again after a lost answer; a copy that came in between is withdrawn too."""
    phone, twin = with_a_twin(server)
    boss = server.service.admit(office.token())
    server.service.withdraw(phone.id, "volé", by=boss)
    before = head(server)
    server.service.withdraw(phone.id, " volé ", by=boss)
    assert head(server) == before
    with pytest.raises(RefusedByRule):
        server.service.withdraw(phone.id, "retrouvé", by=boss)
    with pytest.raises(RefusedByRule):
        server.service.withdraw(phone.id, "volé", by=None)
    server.let_in_again(twin)
    server.service.withdraw(phone.id, "volé", by=boss)
    withdrawn = {row.id: row.withdrawn for row in server.service.devices()}
    assert withdrawn == {office.id: "", phone.id: "volé", twin.id: "volé"}


def with_a_twin(server: Server) -> tuple[Device, Device]:
    """A telephone, and the copy of it that was renewed under an id of its own."""
    phone = server.another_device()
    twin = server.device()
    twin.key = phone.key
    request = wire.RenewRequest(former_id=phone.id, device_id=twin.id)
    server.service.renew(request, by=phone.id)
    twin.syncs()
    return phone, twin


def test_a_withdrawn_devices_twin_is_let_in_nowhere_either(server: Server, office: Device) -> None:
    phone, twin = with_a_twin(server)
    token = twin.token()
    server.service.withdraw(phone.id, "volé", by=None)
    another = wire.RenewRequest(former_id=twin.id, device_id=DeviceId(twin.ids.new()))
    tries: list[Callable[[], object]] = [
        lambda: server.service.admit(token),
        twin.token,
        lambda: push(twin, twin.request()),
        lambda: server.service.renew(another, by=twin.id),
    ]
    for refused in tries:
        with pytest.raises(DeviceIsWithdrawn):
            refused()
    assert {row.id: row.withdrawn for row in server.service.devices()} == {
        office.id: "",
        phone.id: "volé",
        twin.id: "volé",
    }


def test_a_withdrawn_key_lets_no_other_device_in(server: Server, office: Device) -> None:
    phone, twin = with_a_twin(server)
    server.service.withdraw(twin.id, "volé", by=None)
    copy = server.device()
    copy.key = phone.key
    with pytest.raises(KeyIsWithdrawn):
        server.let_in(copy)
    copy.key = server.device().key
    assert server.let_in(copy).mark == "D"
    let_in_under_its_former_key(server, phone)
    another = wire.RenewRequest(former_id=phone.id, device_id=DeviceId(phone.ids.new()))
    with pytest.raises(KeyIsWithdrawn):
        server.service.renew(another, by=phone.id)
    with pytest.raises(DeviceIsWithdrawn):
        twin.token()


def let_in_under_its_former_key(server: Server, device: Device) -> None:
    """As servers of before did."""
    command = EnrolDevice(
        device_id=device.id,
        name="téléphone",
        mark="",
        public_key=public_key(device.key),
        user_id=BOSS,
    )
    with server.service.context.writing() as transaction:
        record(server.service.context, transaction, command, BOSS)


def test_nobody_is_let_in_under_the_key_of_another_device(server: Server, office: Device) -> None:
    """It would be one family with it: whoever withdraws the one withdraws the other."""
    phone = server.another_device()
    former = office.key
    server.service.withdraw(office.id, "changé", by=None)
    office.key = server.device().key
    server.let_in(office)
    for key in (phone.key, former):
        stranger = server.device()
        stranger.key = key
        with pytest.raises(KeyIsWithdrawn):
            server.let_in(stranger)
    withdrawn = server.another_device("camion")
    server.service.withdraw(withdrawn.id, "perdu", by=None)
    withdrawn.key = phone.key
    with pytest.raises(KeyIsWithdrawn):
        server.let_in(withdrawn)


@pytest.mark.parametrize(
    "key", ["01" + "00" * 31, "ec" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f"]
)
def test_a_key_under_which_anybody_signs_is_not_let_in(
    key: str, server: Server, office: Device
) -> None:
    """Of small order; or written in another way than the one there is."""
    stranger = server.device()
    code = server.service.new_code(wire.CodeRequest(user_id=BOSS), by=None).code
    with pytest.raises(NotUnderstood):
        server.service.enrol(evolve(stranger.enrolment(code), public_key=key))


def test_a_device_is_let_in_again_under_no_key_that_was_withdrawn(
    server: Server, office: Device
) -> None:
    """A thief's copy has that key, the id, and perhaps a token."""
    phone, thief = server.another_device(), server.device()
    thief.key = phone.key
    token = phone.token()
    server.service.withdraw(phone.id, "volé", by=None)
    with pytest.raises(KeyIsWithdrawn):
        server.let_in(phone)
    server.let_in_again(phone)
    server.service.admit(phone.token())
    with pytest.raises(NoToken):
        server.service.admit(token)
    theirs = thief.proof(server.service.challenge().nonce)
    as_phone = evolve(theirs, device_id=phone.id)
    message = wire.token_message(as_phone.nonce, phone.id, as_phone.user_id)
    with pytest.raises(NotProved):
        server.service.token(evolve(as_phone, signature=sign(thief.key, message)))
    another = wire.RenewRequest(former_id=phone.id, device_id=DeviceId(thief.ids.new()))
    server.service.renew(another, by=phone.id)
    with server.service.context.reading() as snapshot:
        copy = snapshot.get(DeviceRow, another.device_id)
        assert copy is not None
        assert copy.public_key == public_key(phone.key)


def test_a_withdrawn_device_is_let_in_nowhere(server: Server, office: Device) -> None:
    phone = server.another_device()
    token = phone.token()
    server.service.withdraw(phone.id, "perdu au marché", by=None)
    with pytest.raises(DeviceIsWithdrawn):
        push(phone, phone.request())
    with pytest.raises(DeviceIsWithdrawn):
        phone.token()
    with pytest.raises(DeviceIsWithdrawn):
        server.service.admit(token)
    with pytest.raises(RefusedByRule):
        server.service.withdraw(phone.id, "encore", by=None)
    with pytest.raises(RefusedByRule):
        server.service.withdraw(office.id, " ", by=None)


def test_what_a_withdrawn_device_recorded_is_kept_and_comes_with_its_next_enrolment(
    server: Server, office: Device
) -> None:
    phone = server.another_device()
    (commit,) = phone.does(received("L2", litres(5)))
    server.service.withdraw(phone.id, "volé", by=None)
    server.let_in_again(phone)
    phone.syncs()
    with server.service.context.reading() as snapshot:
        assert snapshot.entry(commit.id) is not None


def test_a_device_with_a_new_key_keeps_what_it_signed_with_the_former(
    server: Server, office: Device
) -> None:
    phone = server.another_device()
    phone.does(received("L2", litres(5)))
    signed_before = phone.offered()
    server.service.withdraw(phone.id, "volé", by=None)
    phone.key = server.device().key
    server.let_in(phone)
    response = push(phone, offering(phone, *signed_before))
    assert response.push_error is None


def test_a_commit_may_make_known_the_device_that_wrote_the_next(
    server: Server, office: Device
) -> None:
    """As when the server was put back from a backup: another device offers both again."""
    kept = head(server)
    phone = server.another_device()
    phone.does(received("L2", litres(5)))
    phone.syncs()
    office.syncs()
    with office.store.reading() as snapshot:
        lost = list(snapshot.entries(after=kept))
        before = list(snapshot.entries(limit=kept))
    restored = a_server()
    restored.service = put_back(server, before)
    office.service = restored.service
    offers = [Offered(commit=entry.commit, signature=entry.signature) for entry in lost]
    with pytest.raises(UnknownDevice):
        restored.service.push(phone.asking(log_epoch=""), by=phone.id)
    response = push(office, evolve(office.asking(log_epoch=""), commits=tuple(offers)))
    assert response.push_error is None
    assert len(response.synced) == len(lost)
    phone.service = restored.service
    assert phone.token()


def put_back(server: Server, entries: list[LogEntry]) -> Service:
    """The same server on an older copy of its store."""
    store, office = MemoryStore(), server.service.context
    with office.reading() as snapshot, store.writing() as transaction:
        for name in ("plant_id", "plant", "device_key", "bundle_key", "jwt_key", "epochs"):
            value = snapshot.setting(f"server.{name}")
            assert value is not None
            transaction.set_setting(f"server.{name}", value)
        device_id = snapshot.setting("server.device_id") or ""
        transaction.set_setting("server.device_id", device_id)
        transaction.set_setting("device_id", device_id)
        for entry in entries:
            apply(transaction, entry, StateCache())
    service = Service.open(store, clock=office.clock, ids=office.ids)
    service.begin_new_epoch()
    return service


# ---------------------------------------------------------------- tokens


def test_a_token_says_who_and_the_log_says_what_they_may(server: Server, office: Device) -> None:
    token = office.token()
    assert server.service.admit(token).roles == {Role.ADMIN}
    office.does(ChangeRoles(user_id=DRIVER, roles=frozenset({Role.ADMIN})))
    van = server.another_device("camion", user_id=DRIVER)
    office.syncs()
    given = van.token()
    assert server.service.admit(given).is_administrator
    office.does(ChangeRoles(user_id=DRIVER, roles=frozenset({Role.DRIVER})))
    office.syncs()
    assert not server.service.admit(given).is_administrator


def test_a_user_who_left_is_not_let_in(server: Server, office: Device) -> None:
    van = server.another_device("camion", user_id=DRIVER)
    token = van.token()
    office.does(DeactivateUser(user_id=DRIVER))
    office.syncs()
    with pytest.raises(UserIsWithdrawn):
        server.service.admit(token)
    with pytest.raises(UserIsWithdrawn):
        van.token()


def test_a_device_is_of_whom_it_was_let_in_for_whatever_it_says(
    server: Server, office: Device
) -> None:
    office.user_id = UserId(office.ids.new())
    assert server.service.admit(office.token()).user_id == BOSS


def test_the_same_answer_to_a_challenge_is_given_a_token_each_time(
    server: Server, office: Device
) -> None:
    """Its first answer may have been lost, or a proxy said it twice."""
    proof = office.proof(server.service.challenge().nonce)
    assert server.service.token(proof).seconds == 15 * 60
    server.clock.at += timedelta(seconds=50)
    server.service.admit(server.service.token(proof).token)


def test_a_challenge_answers_one_device_alone(server: Server, office: Device) -> None:
    nonce = server.service.challenge().nonce
    server.service.token(office.proof(nonce))
    other = server.another_device()
    with pytest.raises(NotProved):
        server.service.token(other.proof(nonce))


def test_a_challenge_is_good_for_a_minute(server: Server, office: Device) -> None:
    late = office.proof(server.service.challenge().nonce)
    server.clock.at += timedelta(seconds=61)
    with pytest.raises(NotProved):
        server.service.token(late)


def test_a_challenge_spelt_otherwise_is_the_same(server: Server, office: Device) -> None:
    nonce = server.service.challenge().nonce
    server.service.token(office.proof(nonce))
    assert nonce.endswith("=")
    other = nonce[:-2] + chr(ord(nonce[-2]) + 1) + "="
    with pytest.raises(NotProved):
        server.service.token(office.proof(other))


@pytest.mark.parametrize("nonce", ["", "é", "AAAA", "A" * 76, "x" * 10_000])
def test_a_challenge_that_the_server_did_not_give_is_worth_nothing(
    server: Server, office: Device, nonce: str
) -> None:
    with pytest.raises(NotProved):
        server.service.token(office.proof(nonce))


def test_used_challenges_are_forgotten_once_nobody_could_use_them(
    server: Server, office: Device
) -> None:
    for _ in range(5):
        office.token()
        server.clock.at += timedelta(minutes=5)
    with server.service.context.reading() as snapshot:
        kept = snapshot.setting("server.nonces") or ""
    assert kept.count(":") == 1


def test_a_token_ends(server: Server, office: Device) -> None:
    token = office.token()
    server.clock.at += timedelta(minutes=16)
    with pytest.raises(NoToken):
        server.service.admit(token)


# ---------------------------------------------------------------- snapshots


def lines_of(service: Service) -> list[bytes]:
    return gzip.decompress(b"".join(service.snapshot())).splitlines()


def test_a_snapshot_is_the_whole_log_with_what_it_comes_to(server: Server, office: Device) -> None:
    first, *rest = lines_of(server.service)
    header = wire.decode(first, wire.SnapshotHeader)
    entries = [wire.decode(line, LogEntry) for line in rest]
    assert header.global_seq == head(server) == len(entries)
    assert header.digest == office.digest()
    newcomer = server.device()
    server.let_in(newcomer)
    response = push(newcomer, newcomer.asking())
    newcomer.take(evolve(response, new=tuple(entries)))
    newcomer.syncs()
    server.settle()
    assert len(server.digests()) == 1


def caching(server: Server, folder: Path) -> Service:
    """The service with its snapshot files in that folder."""
    context = evolve(server.service.context, snapshot_cache=SnapshotCache(folder))
    return evolve(server.service, context=context)


def test_a_kept_snapshot_is_noise_to_others_and_made_again_when_it_lags(
    server: Server, office: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = caching(server, tmp_path / "snapshots")
    made = lines_of(service)
    (kept,) = service.context.snapshot_cache.all()
    assert kept.global_seq == head(server)
    begin_of_a_gzip_file = b"".join(service.snapshot())[:8]
    assert begin_of_a_gzip_file not in kept.path.read_bytes()
    office.does(received("L2", litres(5)))
    office.syncs()
    assert lines_of(service) == made
    monkeypatch.setattr("manchengo_server.snapshots.LAG", 0)
    assert len(lines_of(service)) == len(made) + 1
    (kept,) = service.context.snapshot_cache.all()
    assert kept.global_seq == head(server)
    assert LAG > 0


def test_the_snapshot_of_another_epoch_is_not_given(
    server: Server, office: Device, tmp_path: Path
) -> None:
    service = caching(server, tmp_path)
    lines_of(service)
    service.begin_new_epoch()
    header = wire.decode(lines_of(service)[0], wire.SnapshotHeader)
    with service.context.reading() as snapshot:
        assert header.log_epoch == Epochs.read(snapshot).present
    assert len(list(service.context.snapshot_cache.all())) == 1


# ---------------------------------------------------------------- starting


def test_what_was_parked_is_judged_when_the_server_starts(server: Server, office: Device) -> None:
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    unknown = evolve(own.commit, command_type="lot.teleport")
    push(office, offering(office, resigned(office, codec.sealed(unknown))))
    before = head(server)
    schema = COMMANDS["lot.receive"]
    COMMANDS["lot.teleport"] = schema
    try:
        again = Service.open(
            server.service.context.store, clock=server.clock, ids=server.service.context.ids
        )
    finally:
        del COMMANDS["lot.teleport"]
    assert again.head() == before + 1
    assert again.count_parked() == 0


def test_a_copy_that_was_given_another_device_id_recovers_before_an_epoch_begins(
    server: Server, office: Device
) -> None:
    store, ids = server.service.context.store, server.service.context.ids
    with store.writing() as transaction:
        transaction.set_setting("device_id", str(ids.new()))
    again = Service.open(store, clock=server.clock, ids=ids)
    assert again.is_recovering()
    assert again.plant.epochs == server.service.plant.epochs
    assert again.plant.device_id != server.service.plant.device_id
    again.begin_new_epoch()
    once_more = Service.open(store, clock=server.clock, ids=ids)
    assert not once_more.is_recovering()
    assert len(once_more.plant.epochs.starts) == 2
    assert once_more.plant.device_id == again.plant.device_id
