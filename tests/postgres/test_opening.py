"""A plant that cannot be opened says why, and no password is ever shown."""

import os
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from manchengo_postgres import PostgresStore, opening
from manchengo_postgres.connections import address_of
from manchengo_postgres.errors import (
    BadAddress,
    ConnectionLost,
    DatabaseMissing,
    DiskFull,
    NoPermission,
    NotUnicode,
    ReadOnlyDatabase,
    ServerTooOld,
    StorageError,
    StorageFault,
    TooSlow,
    TryAgain,
)
from manchengo_postgres.store import schema_of
from tests.postgres.workers import elsewhere
from tests.support.fork_server import over
from tests.support.postgres import execute, on_postgres, postgres

SECRET = "s3cret"
PLANT = uuid4()


def refused(url: str, error: type[StorageError]) -> str:
    """Opening there fails like this; the text of the error."""
    with pytest.raises(error) as caught:
        PostgresStore.open(url, plant=PLANT)
    assert caught.value.__cause__ is None
    assert SECRET not in f"{caught.value!r} {caught.value}"
    return f"{caught.value!r}"


def with_password(**words: str) -> str:
    return make_conninfo(postgres().url(), password=SECRET, **words)


@pytest.fixture
def guest() -> Iterator[str]:
    """An account that may come in and make nothing."""
    execute("CREATE ROLE guest LOGIN")
    yield with_password(user="guest")
    execute("DROP OWNED BY guest")
    execute("DROP ROLE guest")


def test_an_address_that_is_none() -> None:
    refused(f"postgresql://dairy:{SECRET}@[host/dairy", BadAddress)
    refused(f"postgresql://dairy:{SECRET}@host:port/dairy", BadAddress)
    refused(f"postgresql://dairy:{SECRET}@host:5432,other:99999/dairy", BadAddress)
    refused(f"password={SECRET} what=ever", BadAddress)


def test_a_database_that_is_not_there() -> None:
    assert "nowhere" in refused(with_password(dbname="nowhere"), DatabaseMissing)


def test_an_account_that_is_not_known() -> None:
    refused(with_password(user="nobody_of_that_name"), NoPermission)


def test_a_server_that_is_not_there() -> None:
    refused(with_password(port="1"), ConnectionLost)


def test_an_account_that_may_not_make_the_plant(guest: str) -> None:
    refused(guest, NoPermission)


def test_an_account_may_be_given_a_schema_instead_of_the_right_to_make_one(guest: str) -> None:
    plant = uuid4()
    execute(f"CREATE SCHEMA {schema_of(plant)} AUTHORIZATION guest")
    with PostgresStore.open(guest, plant=plant) as store, store.writing() as transaction:
        transaction.set_setting("name", "value")


def test_a_database_that_cannot_hold_every_name() -> None:
    name = f"narrow_{uuid4().hex}"
    execute(f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0")
    assert "SQL_ASCII" in refused(with_password(dbname=name), NotUnicode)


def test_a_server_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "OLDEST", 99)
    assert "99" in refused(with_password(), ServerTooOld)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_is_refused_and_its_parent_not_disturbed() -> None:
    assert over(elsewhere("fork", postgres().url(), uuid4())).splitlines() == ["UsedAfterFork"] * 2


def test_a_plant_is_named_by_its_id() -> None:
    with pytest.raises(ValueError, match="badly formed"):
        PostgresStore.open(postgres().url(), plant="public; DROP")
    assert schema_of(str(PLANT)) == schema_of(PLANT) == f"plant_{PLANT.hex}"


def test_two_plants_in_one_database_know_nothing_of_each_other() -> None:
    with on_postgres() as one, on_postgres() as other:
        with one.writing() as transaction:
            transaction.set_setting("name", "one")
        with other.reading() as snapshot:
            assert snapshot.setting("name") is None


def test_what_the_address_asks_for_is_kept_beside_our_own() -> None:
    url = make_conninfo(postgres().url(), options="-c work_mem=1234kB", application_name="dairy")
    with PostgresStore.open(url, plant=PLANT) as store, store.reading() as snapshot:
        assert snapshot._all("SHOW work_mem") == [("1234kB",)]
        assert snapshot._all("SHOW application_name") == [("dairy",)]
        assert snapshot._all("SHOW search_path") == [(schema_of(PLANT),)]


def test_an_address_may_name_the_driver_too() -> None:
    url = postgres().url().replace("postgresql:", "postgresql+psycopg:")
    PostgresStore.open(url, plant=PLANT).close()


def test_the_path_to_the_plant_outlives_a_reset_and_a_rollback() -> None:
    with on_postgres() as store:
        for statement in ("RESET ALL", "DISCARD ALL"):
            with store.writing() as transaction:
                transaction.set_setting("name", "value")
                connection = transaction._connection
            connection.execute(statement.encode())
            with store.writing() as transaction:
                assert transaction._connection is connection
                assert transaction.setting("name") == "value"


@pytest.mark.parametrize("durable", [True, False])
def test_only_what_can_be_made_again_is_written_without_waiting_for_the_disk(
    durable: bool,
) -> None:
    with on_postgres() as store:
        with store.writing(durable=durable) as transaction:
            (mode,) = transaction._all("SHOW synchronous_commit")
        with store.writing() as transaction:
            assert transaction._all("SHOW synchronous_commit") == [("on",)]
    assert mode == ("on" if durable else "off",)


def test_a_statement_that_takes_too_long_is_stopped() -> None:
    with on_postgres(longest=0.2) as store, store.reading() as snapshot:
        with pytest.raises(TooSlow) as slow:
            snapshot._all("SELECT pg_sleep(30)")
        assert slow.value.longest == 0.2


def test_whoever_reads_cannot_write() -> None:
    with (
        on_postgres() as store,
        store.reading() as snapshot,
        pytest.raises(ReadOnlyDatabase),
    ):
        snapshot._all("DELETE FROM _config RETURNING 1")


def test_an_error_says_nothing_of_what_people_recorded() -> None:
    with on_postgres() as store, store.writing() as transaction:
        with pytest.raises(StorageFault) as fault:
            transaction._do("INSERT INTO _config (name, value) VALUES (%s, NULL)", SECRET)
        transaction._connection.rollback()
    assert SECRET not in repr(fault.value)
    assert "null value" in fault.value.detail


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("53100", DiskFull),
        ("57P01", ConnectionLost),
        ("53300", ConnectionLost),
        ("08006", ConnectionLost),
        ("25P03", ConnectionLost),
        ("42P01", StorageFault),
    ],
)
def test_every_trouble_has_its_name(code: str, error: type[StorageError]) -> None:
    address = address_of("host=server dbname=dairy", "plant", patience=1, longest=1)
    translated = address.storage_error(psycopg.errors.lookup(code)("it happened"))
    assert type(translated) is error
    assert translated.database == "server:5432/dairy"
    assert isinstance(translated, TryAgain) is (error is not StorageFault)
