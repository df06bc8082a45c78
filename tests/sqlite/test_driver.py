"""How values reach the driver: as they are, and without a detour."""

from types import NoneType

import pytest

import manchengo_sqlite.driver  # noqa: F401 - fills the table of the driver

dbapi2 = pytest.importorskip("sqlcipher3.dbapi2", reason="databases in clear may do without it")


@pytest.mark.parametrize("kind", [bytes, NoneType])
def test_the_driver_knows_what_to_do_with_every_type_of_ours(kind: type) -> None:
    """It binds texts and whole numbers at once, and asks all others how they adapt themselves:
    answered from its table, that takes a quarter of the time.
    """
    assert (kind, dbapi2.PrepareProtocol) in dbapi2.adapters


def test_what_is_bound_is_stored_as_it_is() -> None:
    with dbapi2.connect(":memory:") as connection:
        stored = connection.execute("SELECT typeof(?1), ?1, typeof(?2), ?2", (b"\x00a", None))
        assert stored.fetchone() == ("blob", b"\x00a", "null", None)
