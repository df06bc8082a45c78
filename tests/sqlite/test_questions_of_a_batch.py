"""What a batch asks of the database: its time goes with that, on whatever machine it runs."""

from collections import Counter
from pathlib import Path

from manchengo.domain.ids import CommitId
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import driver_connection, writing
from tests.support.dairy import A_DAIRY, an_id, litres, received
from tests.support.given import one_by_one, open_dairy

LOTS = 20


def test_lots_received_together_ask_once_whether_anything_is_claimed(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "dairy.db", key=bytes(range(32)), create=True) as store:
        dairy = open_dairy(store)
        for command in one_by_one([A_DAIRY]):
            dairy.execute(command)
        asked: Counter[str] = Counter()
        with writing(store.engine) as connection:
            driver = driver_connection(connection)
        driver.set_trace_callback(lambda statement: asked.update(_tables_read(statement)))
        with dairy.batch() as batch:
            for number in range(LOTS):
                command_id = CommitId(an_id(f"reception {number}"))
                batch.execute(received(f"L{number}", litres(10)), command_id=command_id)
        driver.set_trace_callback(None)
    assert asked["resolution_claims"] == 1
    assert asked["lots_mp"] == LOTS  # whether the code is free


def _tables_read(statement: str) -> list[str]:
    if not statement.startswith("SELECT"):
        return []
    return [name for name in ("resolution_claims", "lots_mp") if f"FROM {name}" in statement]
