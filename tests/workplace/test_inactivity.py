"""A session locks when nobody does anything, by a clock that nobody sets."""

from attrs import define

from manchengo_workplace.inactivity import InactivityLock, LastActivity

LIMIT = 15 * 60


@define
class Computer:
    """How long it has been up, and since which start."""

    up: float = 100
    boot: str = "first"

    def now(self) -> LastActivity:
        return LastActivity(boot=self.boot, at=self.up)


def test_it_locks_after_the_limit_and_not_before() -> None:
    computer = Computer()
    lock = InactivityLock(LIMIT, now=computer.now)
    computer.up += LIMIT
    assert not lock.is_locked
    computer.up += 1
    assert lock.is_locked


def test_who_works_is_not_locked_out() -> None:
    computer = Computer()
    lock = InactivityLock(LIMIT, now=computer.now)
    for _click in range(10):
        computer.up += LIMIT - 1
        lock.touch()
    assert not lock.is_locked


def test_a_click_does_not_open_what_is_locked() -> None:
    computer = Computer()
    lock = InactivityLock(LIMIT, now=computer.now)
    computer.up += LIMIT + 1
    lock.touch()
    assert lock.is_locked
    computer.up -= LIMIT
    assert lock.is_locked


def test_it_can_be_locked_at_once() -> None:
    lock = InactivityLock(LIMIT, now=Computer().now)
    lock.end()
    assert lock.is_locked


def test_another_start_of_the_computer_locks() -> None:
    computer = Computer()
    lock = InactivityLock(LIMIT, now=computer.now)
    computer.boot = "second"
    assert lock.is_locked


def test_an_activity_in_the_future_is_none() -> None:
    assert not LastActivity(boot="b", at=50).is_within(LIMIT, LastActivity(boot="b", at=49))


def test_this_computer_names_its_start_and_time_runs() -> None:
    first, second = LastActivity.now(), LastActivity.now()
    assert first.boot == second.boot != ""
    assert second.at >= first.at
    assert first.is_within(LIMIT, second)
