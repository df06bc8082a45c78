"""A role for each plant of one database: it keeps its own plant, and reads nothing of another's."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from attrs import frozen

from manchengo import SystemClock, Uuid7Ids
from manchengo.ports.storage_errors import StorageError
from manchengo_postgres import PostgresStore
from manchengo_postgres.store import schema_of
from manchengo_server.service import Service
from tests.support.postgres import execute, postgres


@frozen
class Tenant:
    """A plant, and the role that keeps it."""

    plant: UUID
    role: str
    url: str

    def asks(self, statement: str, *parameters: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement.encode(), parameters).fetchall()


@pytest.fixture
def tenants() -> Iterator[tuple[Tenant, Tenant]]:
    """As docs/how-to/run-a-server.md has their roles made, each with its plant begun."""
    database, *roles = (f"t{uuid4().hex}" for _ in range(3))
    execute(f"CREATE DATABASE {database}")
    execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    for role in roles:
        execute(f"CREATE ROLE {role} LOGIN")
        execute(f"GRANT CONNECT, CREATE ON DATABASE {database} TO {role}")
    address = postgres().url(database)
    made = [Tenant(uuid4(), role, address.replace("dairy@", f"{role}@")) for role in roles]
    for each in made:
        with PostgresStore.open(each.url, plant=each.plant) as store:
            Service.found(store, each.role, clock=SystemClock(), ids=Uuid7Ids())
    yield made[0], made[1]
    execute(f"DROP DATABASE {database} WITH (FORCE)")
    for role in roles:
        execute(f"DROP ROLE {role}")


def test_a_plant_is_kept_by_a_role_of_its_own(tenants: tuple[Tenant, Tenant]) -> None:
    for each in tenants:
        with PostgresStore.open(each.url, plant=each.plant) as store:
            assert Service.open(store, clock=SystemClock(), ids=Uuid7Ids()).plant.name == each.role


def test_one_plants_role_reads_no_table_of_another(tenants: tuple[Tenant, Tenant]) -> None:
    own, other = tenants
    tables = own.asks("SELECT tablename FROM pg_tables WHERE schemaname = %s", schema_of(own.plant))
    assert len(tables) > 10
    for (table,) in tables:
        own.asks(f'SELECT 1 FROM {schema_of(own.plant)}."{table}" LIMIT 1')
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            own.asks(f'SELECT 1 FROM {schema_of(other.plant)}."{table}" LIMIT 1')
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        own.asks(f"DROP SCHEMA {schema_of(other.plant)} CASCADE")
    with pytest.raises(StorageError, match="permission denied"):
        PostgresStore.open(own.url, plant=other.plant).close()


def test_a_plant_begun_under_a_role_of_all_is_given_to_its_own(
    tenants: tuple[Tenant, Tenant],
) -> None:
    own, _ = tenants
    plant, database = uuid4(), psycopg.conninfo.conninfo_to_dict(own.url)["dbname"]
    with PostgresStore.open(postgres().url(str(database)), plant=plant) as store:
        Service.found(store, "Autre", clock=SystemClock(), ids=Uuid7Ids())
    schema = schema_of(plant)
    tables = execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s", schema, database=str(database)
    )
    execute(f"ALTER SCHEMA {schema} OWNER TO {own.role}", database=str(database))
    for (table,) in tables:
        execute(f'ALTER TABLE {schema}."{table}" OWNER TO {own.role}', database=str(database))
    with PostgresStore.open(own.url, plant=plant) as store:
        assert Service.open(store, clock=SystemClock(), ids=Uuid7Ids()).plant.name == "Autre"
