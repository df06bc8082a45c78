"""A line that loses every other answer: each try that is answered at all moves something."""

from collections.abc import Callable
from random import Random

import pytest
from attrs import define, field

from manchengo.application.unit_of_work import StateCache
from manchengo_sync import wire
from manchengo_sync.link import Link, Unreachable
from manchengo_sync.outcome import Exchanged
from manchengo_sync.page_size import PAGE_SIZE
from manchengo_sync.settings import LOG_EPOCH, UNCONFIRMED
from tests.support.dairy import A_DAIRY, litres, received
from tests.sync.plant import Device, Plant, Server

AHEAD = 10
"""Commits in a page that is sent ahead: few, so that a short queue fills many."""


@define
class Lossy(Link):
    """Loses those questions, or answers, of which it is told so. ``answered``: how many passed."""

    server: Server
    loses_question: Callable[[wire.PushRequest], bool] = lambda _: False
    loses_answer: Callable[[wire.PushRequest], bool] = lambda _: False
    answered: int = 0
    asked: list[wire.PushRequest] = field(factory=list)

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        self.asked.append(request)
        if self.loses_question(request):
            raise Unreachable(why="lost", was_sent=True)
        answer = self.server.push(request)
        if self.loses_answer(request):
            raise Unreachable(why="unanswered", was_sent=True)
        self.answered += 1
        return answer

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        return self.server.renew(request)


def a_queue(plant: Plant, link: Link, commits: int = 120) -> Device:
    """A device that exchanged before, and has recorded much since."""
    plant.device().does(A_DAIRY)
    plant.settle()
    office = plant.device(link)
    office.link = plant.server
    office.syncs()
    office.link = link
    office.does(*[received(f"Q{number}", litres(1)) for number in range(commits)])
    return office


def tries(office: Device, **how: object) -> Exchanged | None:
    """As a program that starts anew each time: it remembers nothing but what the database holds."""
    office.state_cache = StateCache()
    try:
        return office.syncs(most_ahead=AHEAD, **how)
    except Unreachable:
        return None


def standing(office: Device) -> tuple[int, int]:
    return len(office.log()), -len(office.pending())


@pytest.mark.parametrize("limit", [1, 7, 50, 1_000])
@pytest.mark.parametrize("lost", ["loses_question", "loses_answer"])
def test_each_answered_try_moves_the_cursor_or_the_queue(limit: int, lost: str) -> None:
    plant = Plant()
    chance = Random(limit)
    line = Lossy(plant.server)
    office = a_queue(plant, line)
    setattr(line, lost, lambda _: chance.random() < 0.5)
    sent = 0
    for _ in range(1_000):
        before, line.answered = standing(office), 0
        done = tries(office, limit=limit)
        if lost == "loses_answer":  # a lost question may be answered later by "nothing is new"
            assert (standing(office) > before) == bool(line.answered)
        sent += done.sent if done else 0
        if not office.pending():
            break
    assert sent == 120
    office.link = plant.server
    plant.settle()


def test_every_sixth_answer_lost_and_thousands_wait() -> None:
    plant = Plant()
    line = Lossy(plant.server)
    office = a_queue(plant, line, commits=600)
    line.loses_answer = lambda _: len(line.asked) % 6 == 0
    done = tries(office)
    assert done is not None
    assert (done.sent, done.pending, done.broken_off) == (600, 0, None)
    office.link = plant.server
    plant.settle()


def test_what_the_log_holds_is_confirmed_before_anything_is_offered_again() -> None:
    plant = Plant()
    line = Lossy(plant.server, loses_answer=lambda _: True)
    office = a_queue(plant, line)
    assert tries(office) is None
    line.loses_answer = lambda _: False
    line.asked.clear()
    tries(office)
    first, second = line.asked[:2]
    assert first.commits == ()
    assert {each.commit.id for each in second.commits}.isdisjoint(
        entry.commit.id for entry in office.log()[: second.cursor]
    )
    assert not office.setting(UNCONFIRMED)
    plant.settle()


def test_a_device_killed_while_it_sends_ahead_confirms_first() -> None:
    plant = Plant()

    class Killed(BaseException):
        pass

    @define
    class Deadly(Lossy):
        def push(self, request: wire.PushRequest) -> wire.PushResponse:
            if len(self.asked) == 3:
                raise Killed
            return Lossy.push(self, request)

    line = Deadly(plant.server)
    office = a_queue(plant, line)
    with pytest.raises(Killed):
        tries(office)
    office.link = again = Lossy(plant.server)
    tries(office)
    assert again.asked[0].commits == ()
    plant.settle()


def test_a_line_on_which_no_push_passes_still_brings_what_is_new() -> None:
    plant = Plant()
    line = Lossy(plant.server, loses_question=lambda asked: bool(asked.commits))
    office = a_queue(plant, line)
    plant.devices[0].does(*[received(f"N{number}", litres(1)) for number in range(30)])
    plant.devices[0].syncs()
    tries(office)
    tries(office)
    assert len(office.log()) == len(plant.server.log())
    assert len(office.pending()) == 120
    line.loses_question = lambda _: False
    plant.settle()


def test_pages_shrink_to_what_the_line_carries_and_grow_again() -> None:
    plant = Plant()

    def is_too_much(asked: wire.PushRequest) -> bool:
        return max(len(asked.commits), min(asked.limit, len(plant.server.log()) - asked.cursor)) > 3

    line = Lossy(plant.server, loses_answer=is_too_much)
    office = a_queue(plant, line)
    for _ in range(200):
        tries(office)
        if not office.pending():
            break
    assert not office.pending()
    assert office.setting(PAGE_SIZE)
    line.loses_answer = lambda _: False
    for _ in range(12):
        tries(office)
    assert not office.setting(PAGE_SIZE)
    plant.settle()


def test_what_came_before_the_failure_is_told() -> None:
    plant = Plant()
    line = Lossy(plant.server)
    office = a_queue(plant, line)
    line.loses_answer = lambda _: len(line.asked) > 4
    done = tries(office)
    assert done is not None
    assert isinstance(done.broken_off, Unreachable)
    assert done.sent == 120 - done.pending > 0


def test_each_commit_is_counted_once_however_many_pages_the_answer_has() -> None:
    plant = Plant()
    line = Lossy(plant.server)
    office = a_queue(plant, line, commits=4)
    plant.devices[0].does(*[received(f"N{number}", litres(1)) for number in range(30)])
    plant.devices[0].syncs()
    done = office.syncs(limit=5)
    assert done.sent == 4
    offered = [each.commit.id for asked in line.asked for each in asked.commits]
    assert len(offered) == len(set(offered)) == 4
    plant.settle()


def test_a_search_for_the_common_place_goes_on_where_it_was_broken_off() -> None:
    plant = Plant()
    line = Lossy(plant.server)
    office = a_queue(plant, line, commits=60)
    office.syncs()
    kept = plant.server.log()[:9]
    plant.server.restore(kept, "second")
    plant.server.epochs = [("second", 0)]  # nobody told it which log it descends from
    chance = Random(3)
    line.loses_answer = lambda _: chance.random() < 0.5
    for _ in range(200):
        tries(office)
        if office.setting(LOG_EPOCH) == "second" and not office.pending():
            break
    assert [each.commit.id for each in office.log()[:9]] == [each.commit.id for each in kept]
    searched = [asked.cursor for asked in line.asked if asked.log_epoch == "" and asked.limit == 1]
    answered_twice = len(searched) - len(set(searched))
    assert answered_twice < 20
    office.link = plant.server
    plant.settle()
