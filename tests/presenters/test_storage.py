"""What the storage refuses is told by each app, whole."""

from collections.abc import Mapping
from typing import Any

import pytest
from attrs import fields, has

import manchengo_cli.own_sentences as cli
import manchengo_server.failures as server
import manchengo_workplace.storage_failures as workplace
from manchengo.ports import storage_errors as port
from manchengo_postgres import errors as postgres
from manchengo_presenters.storage import SENTENCES, storage_sentence
from manchengo_sqlite import errors as sqlite
from manchengo_sqlite.errors import StorageError


def storage_errors(root: type[Exception] = StorageError) -> list[type[Exception]]:
    found = [root]
    for each in root.__subclasses__():
        if getattr(__import__(each.__module__, fromlist=["_"]), each.__name__, None) is each:
            found += storage_errors(each)
    return found


@pytest.mark.parametrize("own", [workplace.SENTENCES, server.SENTENCES], ids=["device", "server"])
@pytest.mark.parametrize("error", storage_errors(), ids=lambda error: error.__name__)
def test_every_refusal_of_the_storage_has_its_sentence(
    error: type[Exception], own: Mapping[str, str]
) -> None:
    assert error.__name__ in {*SENTENCES, *own}
    facts: dict[str, Any] = (
        {each.name: f"<{each.name}>" for each in fields(error)} if has(error) else {}
    )
    text = storage_sentence(error.__name__, own, facts)
    assert "{" not in text
    assert "?" not in text, "a fact that the error does not carry"


def names_of(root: type[Exception]) -> set[str]:
    return {error.__name__ for error in storage_errors(root)}


def test_an_error_of_both_databases_stands_beside_the_port() -> None:
    of_both = names_of(sqlite.StorageError) & names_of(postgres.StorageError)
    assert "DatabaseBusy" in of_both
    for name in sorted(of_both):
        for adapter in (sqlite, postgres):
            assert issubclass(getattr(adapter, name), getattr(port, name)), name


def test_each_app_names_its_own_command() -> None:
    for own, command in (
        (cli.SENTENCES, "manchengo restore"),
        (server.SENTENCES, "manchengo-server"),
    ):
        assert command in storage_sentence("DatabaseCorrupt", own, {"path": "x.db"})


def test_an_unforeseen_error_is_reported_by_its_name() -> None:
    text = storage_sentence("Unheard", server.SENTENCES, {})
    assert "Unheard" in text
    assert "—" in text
