"""The worker in the background: at once where it can, later and later where it cannot, for ever."""

from collections.abc import Callable
from itertools import pairwise
from random import Random
from threading import Condition, Event, Thread
from threading import enumerate as enumerate_threads
from time import sleep

import pytest
from attrs import define, evolve, field

from manchengo.application.replication.server_log import Offered
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.ids import DeviceId
from manchengo_sync import wire
from manchengo_sync.backoff import FIRST, MOST, SLOW, Backoff
from manchengo_sync.gate import GateClosed
from manchengo_sync.link import Link, NotUnderstood, Unauthorised, Unreachable
from manchengo_sync.outcome import Exchanged
from manchengo_sync.patience import TRIED_AGAIN
from manchengo_sync.worker import LISTENER, SERVER_POLL_SECONDS, OnError, OnExchange, Worker
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.patience import PATIENCE
from tests.sync.plant import BOSS, Device, Plant, Server


@define
class Time:
    """Moves only when somebody waits."""

    now: float = 0.0
    pauses: list[float] = field(factory=list)

    def __call__(self) -> float:
        return self.now

    def pause(self, event: Event, seconds: float) -> bool:
        self.pauses.append(seconds)
        self.now += seconds
        return event.is_set()


@define
class Line(Link):
    """Says what it is told to say, or asks the server."""

    server: Server
    trouble: Callable[[], Exception | None] = lambda: None
    asked: int = 0

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        self.asked += 1
        trouble = self.trouble()
        if trouble is not None:
            raise trouble
        return self.server.push(request)

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        return self.server.renew(request)


def worker(
    device: Device,
    link: Link,
    time: Time,
    on_exchange: OnExchange = lambda _: None,
    on_error: OnError = lambda _: None,
) -> Worker:
    return Worker(
        store=device.store,
        link=link,
        clock=device.clock,
        ids=device.ids,
        user_id=BOSS,
        timer=time,
        pause=time.pause,
        chance=lambda: 1.0,
        on_exchange=on_exchange,
        on_error=on_error,
    )


# ---------------------------------------------------------------- what is new here


def test_what_is_recorded_is_pushed_at_the_next_look() -> None:
    plant = Plant()
    office = plant.device()
    line = Line(plant.server)
    work = worker(office, line, Time())
    work.look()
    office.does(*A_DAIRY)
    work.look()
    plant.check()


def test_what_is_recorded_while_the_device_is_let_in_goes_with_the_first_question() -> None:
    plant = Plant()
    office = plant.device()

    class Far(Line):
        def let_in(self, device_id: DeviceId, enrolment: Offered | None = None) -> None:
            if not self.asked:
                office.does(*A_DAIRY)

    line = Far(plant.server)
    worker(office, line, Time()).look()
    assert line.asked == 1
    plant.check()


def test_where_nothing_is_recorded_nobody_is_asked() -> None:
    plant = Plant()
    office = plant.device()
    line = Line(plant.server)
    work = worker(office, line, Time())
    for _ in range(10):
        work.look()
    assert line.asked == 1


def test_what_is_recorded_in_the_middle_of_a_push_is_not_forgotten() -> None:
    plant = Plant()
    office = plant.device()
    office.does(*A_DAIRY)

    class Meanwhile(Line):
        def push(self, request: wire.PushRequest) -> wire.PushResponse:
            answer = Line.push(self, request)
            if self.asked == 1:
                office.does(received("L1", litres(1)))
            return evolve(answer, new=answer.new, more=False)

    work = worker(office, Meanwhile(plant.server), Time())
    work.look()
    work.look()
    plant.check()


def test_what_the_server_does_not_take_is_not_offered_over_and_over() -> None:
    plant = Plant()
    office = plant.device()
    (refused,) = office.does(A_DAIRY[0])
    plant.server.refuses = {refused.id}
    reports: list[Exchanged] = []
    line = Line(plant.server)
    work = worker(office, line, Time(), on_exchange=reports.append)
    for _ in range(10):
        work.look()
    assert line.asked == 2  # with it and, as it was refused, without
    assert [each.commit_id for each in reports[0].withheld] == [refused.id]


# ---------------------------------------------------------------- what is new there


def test_who_listens_is_told() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    reports: list[Exchanged] = []
    work = worker(phone, Line(plant.server), Time(), on_exchange=reports.append)
    office.does(*A_DAIRY)
    office.syncs()
    work.listen(phone.store, StateCache())
    assert [each.applied.received for each in reports] == [len(A_DAIRY)]
    assert plant.server.asked[-1].wait == wire.LONGEST_WAIT


def test_a_server_that_never_waits_is_not_asked_without_a_pause() -> None:
    plant = Plant()
    phone = plant.device()
    work = worker(phone, Line(plant.server), Time())
    work.listen(phone.store, StateCache())
    assert work._listen_backoff.left == SERVER_POLL_SECONDS


# ---------------------------------------------------------------- trouble


def test_each_failure_is_waited_out_twice_as_long_up_to_a_minute() -> None:
    time = Time()
    backoff = Backoff(time, lambda: 1.0)
    waits = []
    for _ in range(12):
        backoff.failed()
        waits.append(backoff.left)
        time.now = backoff.until
    assert waits[0] == FIRST
    assert all(later == min(MOST, 2 * sooner) for sooner, later in pairwise(waits))
    assert waits[-1] == MOST


def test_chance_spreads_the_devices_over_the_whole_wait() -> None:
    spread = []
    for chance in (0.0, 0.25, 0.5):
        backoff = Backoff(Time(), lambda chance=chance: chance)  # type: ignore[misc]  # bound now
        for _ in range(20):
            backoff.failed()
        spread.append(backoff.left)
    assert spread == [0.0, MOST / 4, MOST / 2]


def test_a_server_that_says_when_to_come_back_is_not_asked_before() -> None:
    backoff = Backoff(Time(), lambda: 0.0)
    backoff.failed(retry_after=120.0)
    assert backoff.left == 120.0


def test_without_a_network_it_tries_for_ever_and_says_so() -> None:
    plant = Plant()
    office = plant.device()
    office.does(*A_DAIRY)
    time = Time()
    errors: list[Exception] = []
    line = Line(plant.server, trouble=lambda: Unreachable(why="no network"))
    work = worker(office, line, time, on_error=errors.append)
    for _ in range(100_000):
        work.look()
        time.now += 0.3
    assert len(errors) == line.asked > 100_000 * 0.3 / MOST
    assert all(isinstance(each, Unreachable) for each in errors)
    line.trouble = lambda: None
    time.now += MOST
    work.look()
    plant.check()


def test_an_answer_ends_the_waiting_of_the_other_line() -> None:
    plant = Plant()
    office = plant.device()
    line = Line(plant.server, trouble=lambda: Unreachable())
    work = worker(office, line, Time())
    for _ in range(8):
        work.look()
        work._push_backoff.until = 0.0
    work._push_backoff.failed()
    assert work._push_backoff.left
    line.trouble = lambda: None
    work.listen(office.store, StateCache())
    assert not work._push_backoff.left


def test_that_the_server_answers_again_is_told_although_nothing_is_new() -> None:
    plant = Plant()
    phone = plant.device()
    reports: list[Exchanged] = []
    line = Line(plant.server, trouble=lambda: Unreachable())
    work = worker(phone, line, Time(), on_exchange=reports.append)
    work.listen(phone.store, StateCache())
    line.trouble = lambda: None
    assert reports == []
    work.listen(phone.store, StateCache())
    assert [each.is_worth_reporting for each in reports] == [False]
    work.listen(phone.store, StateCache())
    assert len(reports) == 1


@pytest.mark.parametrize("error", [Unauthorised(code="device_withdrawn"), NotUnderstood()])
def test_where_somebody_has_to_do_something_it_asks_seldom(error: Exception) -> None:
    plant = Plant()
    office = plant.device()
    commits = office.does(*A_DAIRY)
    errors: list[Exception] = []
    work = worker(office, Line(plant.server, trouble=lambda: error), Time(), on_error=errors.append)
    work.look()
    assert errors == [error]
    assert work._push_backoff.left >= SLOW
    assert office.pending() == commits


def test_a_disk_that_is_full_for_a_moment_does_not_end_it() -> None:
    plant = Plant()
    office = plant.device()
    office.does(*A_DAIRY)
    time = Time()
    faults = iter([OSError("no space left"), None])
    work = worker(office, Line(plant.server, trouble=lambda: next(faults)), time)
    work.look()
    time.now += 2 * SLOW
    work.look()
    plant.check()


# ---------------------------------------------------------------- both lines at once


@define
class Patient(Link):
    """A link whose server holds its answer back while nothing is new."""

    server: Server
    news: Condition
    held: Event = field(factory=Event)

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        with self.news:
            answer = self.server.push(request)
            if answer.synced:
                self.news.notify_all()
            elif request.wait and not answer.new:
                self.held.set()
                self.news.wait(PATIENCE)
                answer = self.server.push(request)
            return answer

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        return self.server.renew(request)


def test_while_one_line_waits_for_an_answer_the_other_pushes() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    news, stop, arrived = Condition(), Event(), Event()
    lines = [Patient(plant.server, news), Patient(plant.server, news)]

    def reports(done: Exchanged) -> None:
        if done.applied.received:
            arrived.set()

    threads = []
    for device, line in zip((office, phone), lines, strict=True):
        work = Worker(
            store=device.store,
            link=line,
            clock=device.clock,
            ids=device.ids,
            user_id=BOSS,
            on_exchange=reports if device is phone else lambda _: None,
        )
        threads.append(Thread(target=work.run, args=(stop,)))
        threads[-1].start()
    for line in lines:
        assert line.held.wait(PATIENCE)
    office.does(*A_DAIRY)
    assert arrived.wait(PATIENCE)
    stop.set()
    with news:
        news.notify_all()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    plant.check()


def test_what_is_answered_after_the_stop_is_not_taken_in() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(*A_DAIRY)
    news, stop = Condition(), Event()
    line = Patient(plant.server, news)
    work, before = worker(phone, line, Time()), set(enumerate_threads())

    def pause(_event: Event, _seconds: float) -> bool:
        if line.held.wait(PATIENCE):
            stop.set()
        return True

    work.pause = pause
    work.run(stop)
    office.syncs()
    with news:
        news.notify_all()
    for thread in set(enumerate_threads()) - before:
        if thread.name == LISTENER:
            thread.join(PATIENCE)
    assert phone.log() == []


@define
class BreaksOffWaiting(Patient):
    """What waits for news is broken off."""

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        if request.wait:
            raise Unreachable(why="broken off")
        return self.server.push(request)


def test_it_ends_only_once_what_it_tells_is_told() -> None:
    plant = Plant()
    phone = plant.device()
    stop, begun, told = Event(), Event(), []

    def on_error(error: Exception) -> None:
        begun.set()
        stop.wait(PATIENCE)
        sleep(0.05)  # the time for it to end, if it were to end before
        told.append(error)

    work = worker(phone, BreaksOffWaiting(plant.server, Condition()), Time(), on_error=on_error)

    def pause(_event: Event, _seconds: float) -> bool:
        if begun.wait(PATIENCE):
            stop.set()
        return True

    work.pause = pause
    work.run(stop)
    assert len(told) == 1
    with pytest.raises(GateClosed):
        work._failed(told[0], work._listen_backoff)
    assert len(told) == 1


def test_what_a_callback_raises_ends_it_whichever_line_it_was() -> None:
    plant = Plant()
    phone = plant.device()

    def on_error(_error: Exception) -> None:
        raise ZeroDivisionError

    work = worker(phone, BreaksOffWaiting(plant.server, Condition()), Time(), on_error=on_error)
    work.pause = lambda _event, _seconds: False
    with pytest.raises(ZeroDivisionError):
        work.run(Event())


# ---------------------------------------------------------------- what was withheld


def test_what_the_server_withheld_is_offered_again_though_nothing_changes_here() -> None:
    plant = Plant()
    office = plant.device()
    office.does(A_DAIRY[0])
    plant.server.takes_at_most = 0
    time = Time()
    reports: list[Exchanged] = []
    line = Line(plant.server)
    work = worker(office, line, time, on_exchange=reports.append)
    work.look()
    assert [each.code for each in reports[0].withheld] == ["too_large"]
    plant.server.takes_at_most = wire.MOST_COMMITS
    work.look()
    assert office.pending() != []
    time.now += FIRST
    work.look()
    plant.check()


def test_what_is_withheld_for_long_is_offered_more_and_more_seldom() -> None:
    plant = Plant()
    office = plant.device()
    office.does(A_DAIRY[0])
    plant.server.takes_at_most = 0
    time = Time()
    line = Line(plant.server)
    work = worker(office, line, time)
    asked = []
    for _ in range(3_000):
        before = line.asked
        work.look()
        if line.asked > before:
            asked.append(time.now)
        time.now += 1.0
    waits = [later - sooner for sooner, later in pairwise(asked)]
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == SLOW


# ---------------------------------------------------------------- who is on the way


@define
class Proxy(Line):
    """Cuts a question that the server holds back for longer than ``longest``."""

    time: Time = field(factory=Time)
    longest: float = 5.0

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        answer = Line.push(self, request)
        if request.wait > self.longest and not answer.new:
            self.time.now += self.longest
            raise Unreachable(why="HTTP 504", was_sent=True)
        if not answer.new:
            self.time.now += request.wait
        return answer


def test_behind_a_proxy_that_cuts_what_waits_questions_learn_to_wait_less() -> None:
    plant = Plant()
    phone = plant.device()
    time = Time()
    errors: list[Exception] = []
    line = Proxy(plant.server, time=time)
    work = worker(phone, line, time, on_error=errors.append)
    asked_at = []
    for _ in range(60):
        asked_at.append(time.now)
        work.listen(phone.store, StateCache())
        time.now += work._listen_backoff.left
    waits = [request.wait for request in plant.server.asked]
    assert waits[:4] == [wire.LONGEST_WAIT, 0.0, wire.LONGEST_WAIT, 0.0]
    assert set(waits[4:]) == {0.7 * 5.0}
    assert max(later - sooner for sooner, later in pairwise(asked_at)) <= 5.0
    assert errors == []


def test_one_question_cut_by_chance_teaches_nothing() -> None:
    plant = Plant()
    phone = plant.device()
    time = Time()
    faults = iter([Unreachable(was_sent=True)])
    line = Line(plant.server, trouble=lambda: next(faults, None))
    work = worker(phone, line, time)
    for _ in range(3):
        work.listen(phone.store, StateCache())
    assert [request.wait for request in plant.server.asked] == [0.0, wire.LONGEST_WAIT]


def test_a_longer_wait_is_tried_again_on_another_line() -> None:
    plant = Plant()
    phone = plant.device()
    time = Time()
    line = Proxy(plant.server, time=time)
    work = worker(phone, line, time)
    for _ in range(5):
        work.listen(phone.store, StateCache())
    line.longest = 60.0
    time.now += TRIED_AGAIN + 1
    work.listen(phone.store, StateCache())
    work.listen(phone.store, StateCache())
    assert [request.wait for request in plant.server.asked[-2:]] == [wire.LONGEST_WAIT] * 2


def test_who_listens_asks_for_less_where_pages_are_lost() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(*A_DAIRY, *[received(f"L{number}", litres(1)) for number in range(30)])
    office.syncs()
    time = Time()

    class Narrow(Line):
        def push(self, request: wire.PushRequest) -> wire.PushResponse:
            answer = Line.push(self, request)
            if len(answer.new) > 3:
                raise Unreachable(was_sent=True)
            return answer

    work = worker(phone, Narrow(plant.server), time)
    for _ in range(200):
        work.listen(phone.store, StateCache())
        time.now = max(time.now, work._listen_backoff.until)
    plant.check()


def test_an_exchange_that_moves_something_is_no_trouble_and_starts_the_waiting_anew() -> None:
    plant = Plant()
    office = plant.device()
    office.does(*A_DAIRY, *[received(f"L{number}", litres(1)) for number in range(60)])
    chance = Random(7)
    lost = Unreachable(was_sent=True)
    line = Line(plant.server, trouble=lambda: lost if chance.random() < 0.5 else None)
    time = Time()
    reports: list[Exchanged] = []
    errors: list[Exception] = []
    work = worker(office, line, time, on_exchange=reports.append, on_error=errors.append)
    while office.pending():
        came, failed = len(reports), len(errors)
        work.look()
        if len(reports) > came and reports[-1].broken_off:
            assert len(errors) == failed
            assert work._push_backoff.left == FIRST
        time.now = max(time.now, work._push_backoff.until)
        office.does(received(f"M{line.asked}", litres(1))) if line.asked < 40 else None
    assert any(each.broken_off for each in reports)
    assert sum(each.sent for each in reports) == len(plant.server.log())
    plant.check()
