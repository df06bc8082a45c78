"""Every public name of these packages says what it is."""

import inspect
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import pytest
from typer import Typer

from manchengo.application.permitted_snapshot import PermittedSnapshot
from manchengo.memory.store import MemoryStore
from manchengo.ports.store import Snapshot, Store, Transaction
from manchengo.ports.write_buffer import WriteBuffer
from manchengo_cli.main import COMMANDS
from manchengo_files.conventions import Convention, DayColumn, FigureColumn
from manchengo_files.csv_file import CsvSheet
from manchengo_files.rows import Sheet
from manchengo_files.sheets import HandedBack
from manchengo_files.workbook import WorkbookSheet
from manchengo_postgres.audit_tables import AuditReader, AuditWriter
from manchengo_postgres.snapshot import PostgresSnapshot
from manchengo_postgres.store import PostgresStore
from manchengo_postgres.transaction import PostgresTransaction
from manchengo_postgres.write_buffer import PostgresWriteBuffer
from manchengo_sqlite.snapshot import SqliteSnapshot
from manchengo_sqlite.store import SqliteStore
from manchengo_sqlite.transaction import SqliteTransaction
from manchengo_sqlite.write_buffer import SqliteWriteBuffer

PACKAGES = (
    *("manchengo", "manchengo_sqlite", "manchengo_sync", "manchengo_files"),
    *("manchengo_presenters", "manchengo_workplace", "manchengo_postgres", "manchengo_qr"),
    *("manchengo_documents", "manchengo_server", "manchengo_cli"),
)
PORTS = (Store, Transaction, Snapshot, Sheet, Convention)
IMPLEMENTED = (
    *(WriteBuffer, MemoryStore, PermittedSnapshot),
    *(SqliteSnapshot, SqliteStore, SqliteTransaction, SqliteWriteBuffer),
    *(PostgresSnapshot, PostgresStore, PostgresTransaction, PostgresWriteBuffer),
    *(AuditReader, AuditWriter, CsvSheet, WorkbookSheet, HandedBack, FigureColumn, DayColumn),
)
"""Classes of which the ports say what their methods do."""


def modules(package: str) -> Iterator[ModuleType]:
    whole = import_module(package)
    yield whole
    for found in walk_packages(whole.__path__, f"{package}."):
        yield import_module(found.name)


def functions(kind: type) -> Iterator[tuple[str, Any]]:
    """Its own public methods and properties."""
    for name, each in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(each, property):
            yield name, each.fget
        elif isinstance(each, cached_property):
            yield name, each.func
        elif inspect.isfunction(getattr(each, "__func__", each)):
            yield name, getattr(each, "__func__", each)


def is_documented_elsewhere(kind: type, name: str) -> bool:
    """By a class that it is one of, or by a port that it implements."""
    above = [*kind.__mro__[1:-1], *(PORTS if kind in IMPLEMENTED else ())]
    return any(vars(each)[name].__doc__ for each in above if name in vars(each))


def with_help(module: ModuleType) -> set[object]:
    """The module's commands of which their help, or the list of commands, says what they do, to the
    operator and to who reads it.
    """
    apps = [each for each in vars(module).values() if isinstance(each, Typer)]
    commands = [(each, each.name) for app in apps for each in app.registered_commands]
    callbacks = [(app.registered_callback, app.info.name) for app in apps]
    return {
        each.callback
        for each, name in (*commands, *callbacks)
        if each is not None and (each.help or name in COMMANDS)
    }


def silent(module: ModuleType) -> Iterator[str]:
    commands = with_help(module)
    for name, each in vars(module).items():
        ours = getattr(each, "__module__", "") == module.__name__ and not name.startswith("_")
        needs_docstring = inspect.isclass(each) or (
            inspect.isfunction(each) and each not in commands
        )
        if ours and needs_docstring and not each.__doc__:
            yield f"{module.__name__}.{name}"
        for method, function in functions(each) if ours and inspect.isclass(each) else ():
            if not function.__doc__ and not is_documented_elsewhere(each, method):
                yield f"{module.__name__}.{name}.{method}"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_has_its_docstring(package: str) -> None:
    assert [name for module in modules(package) for name in silent(module)] == []
