"""Many at once: each waits for a turn, nobody is told that the database is locked."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from manchengo_sqlite.connection import open_engine, reading, writing
from manchengo_sqlite.errors import DatabaseBusy, ReadOnlyDatabase
from manchengo_sqlite.fair_lock import FairLock
from tests.sqlite.other_process import elsewhere
from tests.sqlite.witness import KEY, closed_dairy, dairy, put, settings
from tests.support.fork_server import go, next_line, over
from tests.support.patience import PATIENCE


def count(engine: Engine) -> int:
    return len(settings(engine))


def test_two_processes_that_write_without_a_pause_both_get_everything_in(tmp_path: Path) -> None:
    path = tmp_path / "atelier.db"
    closed_dairy(path)
    processes = [elsewhere("write_many", path, who, "300") for who in ("a", "b")]
    assert [next_line(process) for process in processes] == ["ready", "ready"]
    for process in processes:
        go(process)
    assert [over(process) for process in processes] == ["", ""]
    engine = open_engine(path, key=KEY)
    assert count(engine) == 600
    engine.dispose()


def test_threads_take_turns_on_one_engine(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")

    def work(thread: int) -> None:
        for number in range(40):
            put(engine, f"{thread}-{number}", "x", durable=False)
            assert f"{thread}-{number}" in settings(engine)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert count(engine) == 320
    engine.dispose()


def test_a_transaction_reads_then_writes_and_nobody_comes_between(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    put(engine, "total", "0")

    def add_one(_: int) -> None:
        with writing(engine, durable=False) as connection:
            total = connection.exec_driver_sql("SELECT value FROM _config").scalar_one()
            connection.exec_driver_sql("UPDATE _config SET value = ?", (str(int(total) + 1),))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(add_one, range(120)))
    assert settings(engine) == {"total": "120"}
    engine.dispose()


def test_an_exception_leaves_no_trace_and_the_next_turn_comes(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")

    def write_half() -> None:
        with writing(engine) as connection:
            connection.exec_driver_sql("INSERT INTO _config VALUES ('half', 'x')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    put(engine, "next", "x")
    assert settings(engine) == {"next": "x"}
    engine.dispose()


def test_a_reader_stays_in_the_moment_it_entered_and_holds_nobody_up(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    with reading(engine) as connection:
        put(engine, "later", "x")
        assert connection.exec_driver_sql("SELECT * FROM _config").all() == []
    assert settings(engine) == {"later": "x"}
    engine.dispose()


def test_a_reader_sees_nothing_of_an_unfinished_transaction(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO _config VALUES ('unfinished', 'x')")
        assert settings(engine) == {}
    engine.dispose()


def test_whoever_reads_cannot_write(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    with pytest.raises(ReadOnlyDatabase), reading(engine) as connection:
        connection.exec_driver_sql("DELETE FROM ref_units")
    engine.dispose()


def test_ten_readers_at_once_are_served(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    together = threading.Barrier(10, timeout=PATIENCE)

    def read(_: int) -> int:
        with reading(engine) as connection:
            together.wait()
            return int(connection.exec_driver_sql("SELECT count(*) FROM ref_units").scalar_one())

    with ThreadPoolExecutor(10) as threads:
        assert list(threads.map(read, range(10))) == [6] * 10
    engine.dispose()


def test_a_thread_that_waited_too_long_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "atelier.db"
    closed_dairy(path)
    engine = open_engine(path, key=KEY, patience=0.2)
    with ThreadPoolExecutor(1) as other, writing(engine):
        with pytest.raises(DatabaseBusy) as busy:
            other.submit(put, engine, "late", "x").result()
        assert busy.value.waited >= 0.2
    put(engine, "after", "x")
    assert settings(engine) == {"after": "x"}
    engine.dispose()


def test_a_process_that_waited_too_long_is_told_so_and_goes_on_reading(tmp_path: Path) -> None:
    path = tmp_path / "atelier.db"
    closed_dairy(path)
    holder = elsewhere("hold_the_turn", path)
    assert next_line(holder) == "held"
    engine = open_engine(path, key=KEY, patience=0.2)
    assert settings(engine) == {}
    with pytest.raises(DatabaseBusy):
        put(engine, "late", "x")
    over(holder)
    put(engine, "after", "x")
    assert set(settings(engine)) == {"held", "after"}
    engine.dispose()


def test_a_transaction_inside_a_transaction_is_our_own_fault(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    with pytest.raises(AssertionError, match="inside another"), writing(engine):
        put(engine, "inner", "x")
    put(engine, "after", "x")
    assert settings(engine) == {"after": "x"}
    engine.dispose()


def test_those_who_wait_are_served_in_the_order_they_came() -> None:
    turns, served = FairLock(), list[int]()

    def wait(number: int) -> None:
        with turns.turn(30) as came:
            assert came
            served.append(number)

    waiting = [threading.Thread(target=wait, args=(number,)) for number in range(6)]
    with turns.turn(0):
        for thread in waiting:
            thread.start()
            time.sleep(0.02)
    for thread in waiting:
        thread.join()
    assert served == list(range(6))


def test_whoever_gave_up_waiting_is_passed_over() -> None:
    turns, served = FairLock(), list[bool]()

    def wait(patience: float) -> None:
        with turns.turn(patience) as came:
            served.append(came)

    with turns.turn(0):
        impatient = threading.Thread(target=wait, args=(0.01,))
        impatient.start()
        impatient.join()
        patient = threading.Thread(target=wait, args=(30,))
        patient.start()
    patient.join()
    assert served == [False, True]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_is_refused_and_its_parent_not_disturbed(tmp_path: Path) -> None:
    closed_dairy(tmp_path / "atelier.db")
    output = over(elsewhere("fork", tmp_path / "atelier.db")).splitlines()
    assert output == ["UsedAfterFork", "UsedAfterFork", "['after', 'before']"]
