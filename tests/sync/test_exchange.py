"""The exchange between a device and its server, and all that may go wrong with it."""

from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest
from attrs import define, evolve
from hypothesis import given
from hypothesis import strategies as st

from manchengo import codec
from manchengo.domain.ids import CommitId
from manchengo.ports.rows import ResolutionItemRow
from manchengo.ports.settings import COPY_OF, DEVICE
from manchengo_sync import apply_entries, outgoing, wire
from manchengo_sync.link import Link, Unauthorised, Unreachable
from manchengo_sync.outcome import Withheld
from manchengo_sync.settings import KNOWN_AS, LOG_EPOCH, MARK, NotJoined
from manchengo_sync.signing import DEVICE_KEY
from tests.support.campaigns import examples
from tests.support.dairy import (
    A_DAIRY,
    day,
    litres,
    received,
    written_off,
)
from tests.sync.plant import Device, Plant, Server, ShakyLink, Watched

MORNING = (A_DAIRY, received("L1", litres(100)))


def some_lots(device: Device, count: int, name: str = "S") -> None:
    device.does(*[received(f"{name}{number}", litres(1)) for number in range(count)])


def test_one_round_trip_sends_and_takes_in() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    commits = office.does(*MORNING)
    done = office.exchanges()
    assert (done.sent, done.applied.received, done.pending) == (len(commits),) * 2 + (0,)
    assert (done.applied.accepted, done.applied.rejected, done.more) == (len(commits), 0, False)
    assert len(plant.server.asked) == 1
    assert phone.exchanges().applied.received == len(commits)
    plant.check()


def test_a_refused_commit_is_counted_and_opens_an_item() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(*MORNING)
    plant.settle()
    office.does(written_off("L1", litres(80)))
    phone.does(written_off("L1", litres(70)))
    office.syncs()
    done = phone.syncs()
    assert done.applied.rejected == 1
    assert done.applied.items_opened == 1
    plant.settle()


# ---------------------------------------------------------------- pages


def test_an_answer_is_taken_in_by_portions_that_a_command_can_wait_for() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY)
    some_lots(office, 2 * apply_entries.MOST_ENTRIES)
    office.syncs()
    phone.store = watched = Watched(phone.store)
    phone.syncs()
    assert sum(watched.portions) == len(plant.server.log())
    assert max(watched.portions) == apply_entries.MOST_ENTRIES


def test_a_portion_is_closed_by_events_too(monkeypatch: pytest.MonkeyPatch) -> None:
    plant = Plant()
    office = plant.device()
    office.does(A_DAIRY)
    office.syncs()
    entry = max(plant.server.log(), key=lambda each: len(each.effects))
    monkeypatch.setattr(apply_entries, "MOST_EVENTS", 3 * len(entry.effects))
    assert [len(each) for each in apply_entries.portions([entry] * 7, pending=0)] == [3, 3, 1]


def test_where_many_wait_a_portion_is_as_long_as_the_queue() -> None:
    plant = Plant()
    office = plant.device()
    office.does(A_DAIRY)
    office.syncs()
    entry = plant.server.log()[0]
    found = [len(each) for each in apply_entries.portions([entry] * 1_000, pending=400)]
    assert found == [400, 400, 200]


def test_a_push_holds_so_many_commits_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_COMMITS", 10)
    plant = Plant()
    office = plant.device()
    office.does(A_DAIRY)
    some_lots(office, 25)
    office.syncs(limit=10)
    assert max(len(request.commits) for request in plant.server.asked) == 10
    plant.check()


def test_a_push_holds_so_many_bytes_at_most_and_a_larger_commit_travels_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant = Plant()
    office = plant.device()
    office.does(A_DAIRY)
    some_lots(office, 4)
    office.does(written_off("S1", litres(1), reason="x" * 9_000))
    some_lots(office, 4, "T")
    monkeypatch.setattr(wire, "MOST_BYTES", 8_000)
    office.syncs()
    pushed = [request.commits for request in plant.server.asked if request.commits]
    sizes = [sum(len(wire.encode(each.commit)) for each in commits) for commits in pushed]
    assert len(pushed) > 3
    assert all(size <= 8_000 or len(some) == 1 for size, some in zip(sizes, pushed, strict=True))
    assert max(sizes) > 20_000
    plant.check()


def test_what_is_too_large_on_the_way_is_offered_in_smaller_pages() -> None:
    plant = Plant()
    office = plant.device()
    office.does(A_DAIRY)
    some_lots(office, 20)
    plant.server.takes_at_most = 7
    done = office.syncs()
    assert (done.pending, done.withheld) == (0, [])
    plant.check()


def test_a_commit_that_is_too_large_even_alone_is_said_and_kept() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    phone.does(A_DAIRY)
    plant.settle()
    phone.does(received("L0", litres(1)))
    phone.syncs()
    (kept,) = office.does(received("L1", litres(1)))
    plant.server.takes_at_most = 0
    done = office.syncs()
    assert done.withheld == [Withheld(commit_id=kept.id, code="too_large")]
    assert done.applied.received == 1
    assert office.pending() == [kept]
    plant.server.takes_at_most = 10
    plant.settle()


# ---------------------------------------------------------------- lost, doubled, reordered, cut


def test_an_answer_that_was_lost_is_asked_for_again() -> None:
    plant = Plant()
    office = plant.device()
    office.does(*MORNING)
    plant.server.push(
        outgoing.next_page(office.store, state_cache=office.state_cache).request(limit=100)
    )
    assert len(office.pending()) == len(plant.server.log())
    office.exchanges()
    plant.check()


def test_an_acknowledged_commit_stays_in_the_queue_until_it_is_seen_in_the_log() -> None:
    class Lagging(Server):
        def push(self, request: wire.PushRequest) -> wire.PushResponse:
            return evolve(Server.push(self, request), new=(), more=False)

    plant = Plant(Lagging())
    office = plant.device()
    commits = office.does(*MORNING)
    done = office.syncs()
    assert done.sent == 0
    assert office.pending() == commits


def test_an_answer_may_be_cut_anywhere() -> None:
    class Cut(Server):
        def push(self, request: wire.PushRequest) -> wire.PushResponse:
            answer = Server.push(self, request)
            return evolve(answer, new=answer.new[:3], more=len(answer.new) > 3)

    plant = Plant(Cut())
    office, phone = plant.device(), plant.device()
    office.does(*MORNING)
    office.syncs()
    phone.syncs()
    plant.check()


def test_an_answer_that_leaves_something_out_changes_nothing() -> None:
    class Skipping(Server):
        def push(self, request: wire.PushRequest) -> wire.PushResponse:
            answer = Server.push(self, request)
            return evolve(answer, new=answer.new[1:])

    plant = Plant(Skipping())
    office = plant.device()
    commits = office.does(*MORNING)
    assert office.syncs().applied.received == 0
    assert (office.log(), office.pending()) == ([], commits)


@examples(6, campaign=40)  # each is a day at the dairy
@given(seed=st.integers(0, 2**32))
def test_whatever_the_network_does_nothing_is_lost_and_nothing_is_twice(seed: int) -> None:
    chance = Random(seed)
    plant = Plant()
    plant.device().does(*MORNING)
    plant.settle()
    links = [ShakyLink(plant.server, chance) for _ in range(3)]
    for link in links:
        plant.device(link)
        link.trouble = 0
    plant.settle()
    for link in links:
        link.trouble = 0.5
    recorded = {entry.commit.id for entry in plant.server.log()}
    for turn in range(12):
        each = chance.choice(plant.devices)
        recorded.update(done.id for done in each.does(received(f"L1{turn}", litres(turn + 1))))
        with suppress(Unreachable):
            each.exchanges(limit=chance.choice([1, 3, 50]))
        if chance.random() < 0.1:
            plant.server.restore(plant.server.log()[:-2], f"epoch {turn}")
    for link in links:
        link.trouble = 0
    plant.settle()
    entered = [entry.commit.id for entry in plant.server.log()]
    assert len(entered) == len(set(entered))
    assert set(entered) == recorded


@define
class Indifferent(Link):
    """A server that does not mind what log a device has heard of that holds nothing of any."""

    server: Server

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        return self.server.push(request if request.cursor else evolve(request, log_epoch=""))

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        return self.server.renew(request)


def test_a_device_that_holds_nothing_takes_the_log_that_the_server_names() -> None:
    plant = Plant()
    plant.device().does(*MORNING)
    plant.settle()
    new = plant.device(Indifferent(plant.server))
    new.set(LOG_EPOCH, "another")
    new.exchanges()
    assert new.setting(LOG_EPOCH) == plant.server.epoch
    plant.check()


# ---------------------------------------------------------------- twins


def twins(plant: Plant) -> tuple[Device, Device]:
    """Two databases with one name, and one key."""
    office, copy = plant.device(), plant.device()
    office.does(*MORNING)
    plant.settle()
    copy.set(DEVICE, str(office.id))
    copy.set(DEVICE_KEY, office.setting(DEVICE_KEY) or "")
    with copy.store.writing() as transaction, office.store.reading() as snapshot:
        transaction.set_tip(office.id, snapshot.tip(office.id))
    return office, copy


@pytest.mark.parametrize("seen_first_in", ["the answer to a push", "the log"])
def test_a_device_with_a_twin_takes_another_name_and_loses_nothing(seen_first_in: str) -> None:
    plant = Plant()
    office, copy = twins(plant)
    former = office.id
    office.does(received("L8", litres(8)))
    commits = copy.does(received("L9", litres(9)), written_off("L9", litres(1)))
    office.exchanges()
    if seen_first_in == "the answer to a push":
        done = copy.exchanges(limit=1)
    else:
        done = copy.exchanges(offering=False)
        assert copy.id != former
    assert done.device_id == copy.id != former
    copy.syncs()
    plant.settle()
    assert plant.server.renewed == [wire.RenewRequest(former_id=former, device_id=copy.id)]
    assert [entry.commit.id for entry in plant.server.log()[-2:]] == [each.id for each in commits]
    assert copy.setting(MARK) == "M3"
    with copy.store.reading() as snapshot:
        noted = [each.outcome for each in snapshot.audit(limit=9) if each.kind == "exchange"]
    assert noted == ["Forked"]


def test_a_new_name_that_could_not_be_told_is_told_next_time() -> None:
    plant = Plant()
    office, copy = twins(plant)
    former = office.id
    office.does(received("L8", litres(8)))
    copy.does(received("L9", litres(9)))
    office.exchanges()

    class Mute(ShakyLink):
        def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
            raise Unreachable

    copy.link = Mute(plant.server, Random(1), trouble=0)
    assert isinstance(copy.exchanges().broken_off, Unreachable)
    name = copy.id
    assert copy.setting(KNOWN_AS) == str(former)
    with pytest.raises(Unreachable):
        copy.exchanges()
    copy.link = plant.server
    plant.settle()
    assert copy.id == name
    assert [each.device_id for each in plant.server.renewed] == [name]


def test_a_database_put_back_from_a_backup_introduces_itself() -> None:
    plant = Plant()
    office = plant.device()
    office.does(*MORNING)
    plant.settle()
    former, name = office.id, office.ids.new()
    office.set(COPY_OF, str(former))
    office.set(DEVICE, str(name))
    office.does(received("L9", litres(9)))
    plant.settle()
    assert plant.server.renewed == [wire.RenewRequest(former_id=former, device_id=office.id)]


# ---------------------------------------------------------------- two programs, one database


@define
class Meanwhile(Link):
    """While the server answers, another program on the same database exchanges too."""

    server: Server
    device: Device | None = None
    is_first: bool = True

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        answer = self.server.push(request)
        if self.device is not None and self.is_first:
            self.is_first = False
            self.device.state_cache.forget()
            self.device.exchanges()
        return answer

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        return self.server.renew(request)


@pytest.mark.parametrize("what_happens", ["nothing else", "a twin", "another log"])
def test_two_programs_on_one_database_may_exchange_at_once(what_happens: str) -> None:
    plant = Plant()
    office, copy = twins(plant) if what_happens == "a twin" else (plant.device(), plant.device())
    if what_happens != "a twin":
        office.does(*MORNING)
        plant.settle()
    office.does(received("L8", litres(8)))
    office.syncs()
    copy.does(received("L9", litres(9)), received("L10", litres(10)))
    if what_happens == "another log":
        plant.server.restore(plant.server.log()[:3], "second")
        some_lots(office, 3)
        office.syncs()
    copy.link = Meanwhile(plant.server, copy)
    copy.syncs()
    plant.settle()
    assert len(plant.server.renewed) == (what_happens == "a twin")


# ---------------------------------------------------------------- another log


def test_a_server_put_back_from_a_backup_is_given_what_it_lacks() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(*MORNING)
    plant.settle()
    kept = plant.server.log()
    phone.does(received("L7", litres(7)))
    office.does(received("L8", litres(8)))
    plant.settle()
    lost = plant.server.log()[len(kept) :]
    plant.server.restore(kept, "second")
    plant.devices = [office]  # the phone was lost: only the office still has what it wrote
    done = office.syncs()
    assert done.log_reset
    assert office.setting(LOG_EPOCH) == "second"
    plant.check()
    again = plant.server.log()[len(kept) :]
    assert {entry.commit.id for entry in again} == {entry.commit.id for entry in lost}
    assert {entry.signature for entry in again} == {entry.signature for entry in lost}


def test_a_verdict_that_is_another_in_the_new_log_opens_an_item() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(*MORNING)
    plant.settle()
    kept = plant.server.log()
    (first,) = office.does(written_off("L1", litres(80)))
    office.syncs()
    plant.server.restore(kept, "second")
    phone.does(written_off("L1", litres(70)))
    phone.syncs()
    assert office.syncs().applied.rejected == 1
    plant.settle()
    with phone.store.reading() as snapshot:
        (item,) = snapshot.rows(ResolutionItemRow)
    assert item.commit_id == first.id


def test_a_server_put_back_twice_while_a_device_was_away_agrees_with_it_in_the_end() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(*MORNING)
    plant.settle()
    kept = plant.server.log()
    some_lots(office, 5)
    plant.settle()
    plant.server.restore(kept, "second")
    some_lots(phone, 5, "P")
    phone.syncs()
    some_lots(phone, 5, "Q")
    plant.server.restore(plant.server.log(), "third")
    plant.settle()


@pytest.mark.parametrize("others", [0, 20])
def test_a_server_that_lost_its_end_and_says_nothing_is_found_out(others: int) -> None:
    plant = Plant()
    office, _phone = plant.device(), plant.device()
    office.does(*MORNING)
    plant.settle()
    kept = plant.server.log()
    some_lots(office, 5)
    plant.settle()
    plant.server.put_back(kept)
    if others:  # the log is longer than it was by now, and only the numbers of the device tell
        third = plant.device()
        third.syncs()
        some_lots(third, others, "T")
        third.syncs()
    office.does(received("L9", litres(9)))
    assert office.syncs().log_reset
    plant.devices = [office, *plant.devices[2:]]
    plant.settle()


# ---------------------------------------------------------------- turned down


def test_a_commit_that_is_refused_stops_its_author_and_nobody_else() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(*MORNING)
    plant.settle()
    kept = plant.server.log()
    (theirs,) = phone.does(received("L7", litres(7)))
    (ours,) = office.does(received("L8", litres(8)))
    plant.settle()
    plant.server.restore(kept, "second")
    plant.server.refuses = {theirs.id}
    done = office.syncs()
    assert done.withheld == [Withheld(commit_id=theirs.id, code="refused")]
    assert [entry.commit.id for entry in plant.server.log()[len(kept) :]] == [ours.id]
    assert [each.id for each in office.pending()] == [theirs.id]
    plant.server.refuses.clear()
    plant.settle()


def test_a_push_that_stops_withholds_nothing_that_is_new() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(*MORNING)
    office.syncs()
    (refused,) = phone.does(A_DAIRY[0])
    plant.server.refuses = {refused.id}
    done = phone.syncs()
    assert done.applied.received == len(plant.server.log())
    assert (done.pending, done.withheld[0].commit_id) == (1, refused.id)


def test_too_old_a_program_is_told_what_is_new_and_keeps_its_own() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(*MORNING)
    office.syncs()
    plant.server.is_newer = True
    commits = phone.does(A_DAIRY[0])
    done = phone.syncs()
    assert (done.too_old, done.server_too_old) == (True, False)
    assert (done.sent, phone.pending()) == (0, commits)
    assert phone.log() == plant.server.log()
    plant.server.is_newer = False
    plant.settle()


def test_an_older_server_is_said_to_be_the_older_one() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(*MORNING)
    office.syncs()
    plant.server.is_newer, plant.server.protocol = True, wire.PROTOCOL - 1
    commits = phone.does(A_DAIRY[0])
    done = phone.syncs()
    assert (done.server_too_old, done.too_old) == (True, False)
    assert (done.sent, phone.pending()) == (0, commits)
    assert phone.log() == plant.server.log()
    plant.server.is_newer, plant.server.protocol = False, wire.PROTOCOL
    assert not phone.syncs().server_too_old
    plant.settle()


def test_a_device_that_is_not_let_in_keeps_its_queue() -> None:
    plant = Plant()
    office = plant.device()
    commits = office.does(*MORNING)
    key = plant.server.keys.pop(office.id)
    with pytest.raises(Unauthorised):
        office.syncs()
    assert office.pending() == commits
    plant.server.keys[office.id] = key
    plant.settle()


def test_without_a_key_nothing_is_signed_and_so_nothing_is_offered() -> None:
    plant = Plant()
    office = plant.device()
    office.does(*MORNING)
    office.set(DEVICE_KEY, "")
    with pytest.raises(NotJoined):
        office.syncs()


# ---------------------------------------------------------------- clocks and versions


@pytest.mark.parametrize("years", [-30, 30])
def test_a_clock_that_is_wrong_by_years_changes_nothing(years: int) -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device(skew=timedelta(days=365 * years))
    office.does(*MORNING)
    plant.settle()
    phone.does(received("L7", litres(7), on=day(1)))
    office.does(written_off("L1", litres(1)))
    plant.settle()


def test_a_commit_that_this_program_cannot_read_does_not_stop_those_behind_it() -> None:
    plant = Plant()
    office, _phone = plant.device(), plant.device()
    office.does(*MORNING)
    plant.settle()
    (last,) = office.does(written_off("L1", litres(1)))
    with office.store.writing() as transaction:
        transaction.append(
            codec.sealed(
                evolve(
                    last,
                    id=CommitId(office.ids.new()),
                    sequence=last.sequence + 1,
                    previous=last.hash,
                    command_type="lot.sing_to",
                    events=(),
                    authorship=None,
                )
            )
        )
    office.does(received("L2", litres(2)))
    done = office.syncs()
    assert (done.applied.parked, done.applied.accepted) == (1, 2)
    plant.settle()


def test_who_waits_is_told_how_far_it_is() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(*MORNING)
    office.syncs()
    steps: list[tuple[int, int, int]] = []
    phone.syncs(limit=5, progress=lambda *how_far: steps.append(how_far))
    head = len(plant.server.log())
    assert steps[0] == (0, 5, head)
    assert steps[-1] == (0, head, head)


def test_the_server_is_asked_to_wait_only_where_nothing_is_offered() -> None:
    plant = Plant()
    office = plant.device()
    office.does(*MORNING)
    office.exchanges(wait=20.0)
    office.exchanges(wait=60.0)
    assert [request.wait for request in plant.server.asked] == [0.0, wire.LONGEST_WAIT]
