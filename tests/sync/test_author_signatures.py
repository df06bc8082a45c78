"""Which commits their authors signed: a claim of a key is nothing without its signature."""

from typing import Any

import pytest
from attrs import evolve

from manchengo import Commit, Manchengo, MemoryStore, codec
from manchengo.memory import CountingIds, SteppingClock
from manchengo.ports.signer import Signer
from manchengo_sync import author_signatures
from manchengo_sync.author_signatures import count_signed_by_authors
from manchengo_sync.signing import is_signed
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.given import BOSS, one_by_one
from tests.support.signers import signer_of

AMINA, KARIM = signer_of("Amina"), signer_of("Karim")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def recorded(store: MemoryStore, signer: Signer | None, *steps: object) -> list[Commit]:
    ids = CountingIds(1_000 * store.head())
    dairy = Manchengo(store, clock=SteppingClock(), ids=ids, actor=BOSS, signer=signer)
    return [dairy.execute(step) for step in one_by_one(steps)]


def of_two_and_of_nobody(store: MemoryStore) -> list[Commit]:
    commits = recorded(store, AMINA, A_DAIRY)
    for number, signer in enumerate((KARIM, AMINA, None, KARIM, AMINA)):
        commits += recorded(store, signer, received(f"L{number}", litres(1)))
    return commits


def counted(monkeypatch: pytest.MonkeyPatch, commits: list[Commit]) -> tuple[int, int]:
    """How many are signed, and how many signatures were looked at to know."""
    looked_at = []

    def counting(key: str, signature: bytes, message: bytes) -> bool:
        looked_at.append(signature)
        return is_signed(key, signature, message)

    monkeypatch.setattr(author_signatures, "is_signed", counting)
    return count_signed_by_authors(commits), len(looked_at)


def forged(commit: Commit, **change: Any) -> Commit:
    assert commit.authorship is not None
    return evolve(commit, authorship=evolve(commit.authorship, **change))


def test_one_signature_of_each_key_proves_all_that_it_signed(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = of_two_and_of_nobody(store)
    assert counted(monkeypatch, commits) == (len(commits), 2)


def test_the_last_of_a_key_without_its_signature_is_not_signed(store: MemoryStore) -> None:
    commits = of_two_and_of_nobody(store)
    commits[-1] = forged(commits[-1], signature=bytes(64))
    assert count_signed_by_authors(commits) == len(commits) - 1
    assert count_signed_by_authors(commits[:-1]) == len(commits) - 1


def test_another_key_in_the_name_of_the_first_is_found_out(store: MemoryStore) -> None:
    commits = of_two_and_of_nobody(store)
    commits[-1] = forged(commits[-1], key=KARIM.key)
    assert count_signed_by_authors(commits) == len(commits) - 1


@pytest.mark.parametrize("change", [{"command": b"{}"}, {"user_id": BOSS.device_id}])
def test_a_commit_changed_before_one_that_is_signed_is_found_out(
    store: MemoryStore, change: dict[str, Any]
) -> None:
    """The one behind it vouches for what was signed, and that is not what stands there."""
    commits = of_two_and_of_nobody(store)
    commits[1] = codec.sealed(evolve(commits[1], **change))
    assert count_signed_by_authors(commits) == 1


def test_a_portion_that_lacks_some_is_proved_by_what_is_there(store: MemoryStore) -> None:
    commits = of_two_and_of_nobody(store)
    assert count_signed_by_authors(commits[2:5]) == 3
    assert count_signed_by_authors([]) == 0
