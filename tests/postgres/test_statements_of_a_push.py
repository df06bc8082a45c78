"""What one push asks of the database: how often, and that it does not grow with the plant."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.support.dairy import A_DAIRY, litres, received
from tests.support.postgres import on_postgres
from tests.support.server import Device, Server, a_server

MOST = 42
"""Statements of a push of one reception; each is a round trip to the database."""


@pytest.fixture
def server() -> Iterator[Server]:
    with on_postgres(uuid4()) as store:
        stores = iter([store])
        made = a_server(lambda: next(stores))
        made.open_store = a_server().open_store
        yield made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that were sent so far."""
    statements: list[str] = []
    execute = psycopg.Cursor.execute

    def noted(cursor: psycopg.Cursor, query: bytes, *words: Any, **how: Any) -> object:
        statements.append(query.decode())
        return execute(cursor, query, *words, **how)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)
    return statements


def of_one_push(device: Device, code: str, asked: list[str]) -> list[str]:
    device.does(received(code, litres(1)))
    asked.clear()
    device.exchanges()
    return list(asked)


def test_a_push_asks_no_more_where_there_are_more_devices(server: Server, asked: list[str]) -> None:
    office = server.first_device(A_DAIRY)
    for number in range(2):
        of_one_push(office, f"A{number}", asked)
    with_one = of_one_push(office, "A2", asked)
    for number in range(5):
        server.another_device(f"téléphone {number}")
    office.syncs()
    of_one_push(office, "B", asked)
    assert len(of_one_push(office, "C", asked)) <= len(with_one) <= MOST


def test_each_setting_is_read_once_in_a_transaction(server: Server, asked: list[str]) -> None:
    office = server.first_device(A_DAIRY)
    of_one_push(office, "A", asked)
    sent = of_one_push(office, "B", asked)
    transactions = sum(each.startswith("BEGIN") for each in sent)
    assert transactions <= 5
    assert sum("FROM _config" in each for each in sent) <= 4 * transactions
