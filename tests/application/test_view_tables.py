"""What makes a database make a view table anew."""

from attrs import frozen

from manchengo.ports.rows import ClientRow, SupplierRow
from manchengo.ports.view_tables import ViewTable, fingerprints, outdated

CLIENTS = ViewTable(ClientRow, "CREATE TABLE clients (id BLOB)", ("CREATE INDEX by_name",))
SUPPLIERS = ViewTable(SupplierRow, "CREATE TABLE suppliers (id BLOB)", ())
BOTH = (CLIENTS, SUPPLIERS)


@frozen(kw_only=True)
class NextEdition(ClientRow):
    EDITION = 2


def test_what_is_as_stored_is_up_to_date() -> None:
    found = outdated(fingerprints(BOTH), BOTH)
    assert (found.rows, found.indexes) == ((), ())


def test_what_a_database_has_none_of_is_to_be_made() -> None:
    assert outdated(None, BOTH).rows == BOTH
    assert outdated(fingerprints([SUPPLIERS]), BOTH).rows == (CLIENTS,)


def test_another_statement_has_the_table_made_anew() -> None:
    other = ViewTable(ClientRow, "CREATE TABLE clients (id BLOB, name TEXT)", CLIENTS.indexes)
    assert outdated(fingerprints(BOTH), (other, SUPPLIERS)).rows == (other,)


def test_another_index_leaves_the_rows() -> None:
    other = ViewTable(ClientRow, CLIENTS.table, (*CLIENTS.indexes, "CREATE INDEX by_code"))
    found = outdated(fingerprints(BOTH), (other, SUPPLIERS))
    assert (found.rows, found.indexes) == ((), (other,))


def test_another_edition_has_another_fingerprint() -> None:
    other = ViewTable(NextEdition, CLIENTS.table, CLIENTS.indexes)
    assert outdated(fingerprints(BOTH), (other, SUPPLIERS)).rows == (other,)
