"""What went wrong in an exchange is known until the server answers."""

from typing import Any

from manchengo import MemoryStore, SteppingClock
from manchengo.ports.storage_errors import DiskFull
from manchengo_sync.link import Unreachable
from manchengo_workplace.exchange_failures import exchange_failure
from manchengo_workplace.failed_exchange import FailedExchange, failed_exchange
from manchengo_workplace.server import Noting

REQUEST: Any = None


class AnsweringLink:
    def prepared(self, request: Any) -> Any:
        return lambda: request


def failed(store: MemoryStore) -> FailedExchange | None:
    with store.reading() as snapshot:
        return failed_exchange(snapshot)


def test_while_it_watches_a_failure_is_known_until_the_next_answer_however_soon() -> None:
    store, link = MemoryStore(), AnsweringLink()
    noting = Noting(link, store, SteppingClock())  # type: ignore[arg-type] # the rest is not called
    noting.prepared(REQUEST)()
    assert failed(store) is None
    noting.failed(exchange_failure(Unreachable(why="pas de réseau"), "https://usine"))
    known = failed(store)
    assert known is not None
    assert known.failure.name == "Unreachable"
    assert "https://usine" in known.failure.sentence
    noting.prepared(REQUEST)()
    assert failed(store) is None


class FullDisk(MemoryStore):
    def writing(self, *, durable: bool = True) -> Any:
        raise DiskFull


def test_where_a_failure_cannot_be_kept_it_can_be_told_still() -> None:
    store = FullDisk()
    Noting(AnsweringLink(), store, SteppingClock()).failed(  # type: ignore[arg-type]
        exchange_failure(Unreachable(why="pas de réseau"), "https://usine")
    )
    assert failed(store) is None
