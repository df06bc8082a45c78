"""Views are made anew in one transaction, by one process, and never in what cannot be written."""

import os
from pathlib import Path

import pytest

from manchengo.ports.rows import ClientRow
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import open_engine, reading, writing
from manchengo_sqlite.errors import ReadOnlyDatabase, StorageFault
from manchengo_sqlite.glance import glance
from manchengo_sqlite.transaction import VIEWS_MADE
from tests.sqlite.other_process import elsewhere
from tests.sqlite.witness import KEY, folder_as_it_is, settings
from tests.support.blank_files import new_file
from tests.support.fork_server import go, kill, next_line, over
from tests.support.given import open_dairy
from tests.support.story import a_fortnight


@pytest.fixture
def of_before(tmp_path: Path) -> Path:
    """A database that was left by a program whose clients had an id and nothing else."""
    path = tmp_path / "atelier.db"
    with new_file(path, key=KEY) as store:
        a_fortnight(open_dairy(store))
        with writing(store.engine) as connection:
            connection.exec_driver_sql("DROP TABLE clients")
            connection.exec_driver_sql("CREATE TABLE clients (id INTEGER) STRICT")
            connection.exec_driver_sql(
                "UPDATE _config SET value = replace(value, 'clients:', 'clients:x')"
            )
    return path


def columns_of_clients(path: Path) -> list[str]:
    """As they are stored, without bringing anything up to date."""
    engine = open_engine(path, key=KEY)
    with reading(engine) as connection:
        found = connection.exec_driver_sql("SELECT name FROM pragma_table_info('clients')")
        names = [name for (name,) in found]
    engine.dispose()
    return names


def test_a_kill_in_the_middle_leaves_the_views_of_before(of_before: Path) -> None:
    process = elsewhere("make_views_anew_slowly", of_before)
    assert next_line(process) == "half way"
    kill(process)
    assert columns_of_clients(of_before) == ["id"]
    with SqliteStore.open(of_before, key=KEY) as store:
        assert open_dairy(store).verify().sound
        with store.reading() as snapshot:
            assert list(snapshot.rows(ClientRow))


def test_of_processes_that_start_together_one_makes_them_anew(of_before: Path) -> None:
    processes = [elsewhere("open_on_a_signal", of_before) for _ in range(3)]
    assert [next_line(process) for process in processes] == ["ready"] * 3
    for process in processes:
        go(process)
    assert sorted(over(process) for process in processes) == ["found", "found", "made"]


def test_opening_what_is_up_to_date_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "atelier.db"
    with new_file(path, key=KEY) as store:
        a_fortnight(open_dairy(store))
    before = folder_as_it_is(tmp_path)
    SqliteStore.open(path, key=KEY).close()
    assert folder_as_it_is(tmp_path) == before


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="root may write to a read-only file"
)
def test_what_cannot_be_written_is_left_as_it_is(of_before: Path) -> None:
    of_before.chmod(0o400)
    with pytest.raises(ReadOnlyDatabase):
        SqliteStore.open(of_before, key=KEY)
    of_before.chmod(0o600)
    assert columns_of_clients(of_before) == ["id"]


def test_a_passing_look_sees_nothing_through_views_of_before(of_before: Path) -> None:
    with (
        pytest.raises(StorageFault, match="views"),
        glance(of_before, KEY),
    ):
        pass
    SqliteStore.open(of_before, key=KEY).close()
    with glance(of_before, KEY) as found:
        assert list(found.rows(ClientRow))


def test_a_backup_is_told_that_the_views_were_made_again(of_before: Path) -> None:
    engine = open_engine(of_before, key=KEY)
    before = settings(engine).get(VIEWS_MADE)
    engine.dispose()
    with SqliteStore.open(of_before, key=KEY) as store:
        assert settings(store.engine)[VIEWS_MADE] != before
