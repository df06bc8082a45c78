"""Somebody without the key changes the file: whatever page it is, ``verify`` says so (P10)."""

import shutil
from pathlib import Path

import pytest

from manchengo_sqlite import SqliteStore
from manchengo_sqlite.errors import StorageError
from tests.faults.plant import do, new_plant, signing
from tests.sqlite.witness import KEY
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.given import one_by_one, open_dairy

PAGE = 4096


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = new_plant(tmp_path_factory.mktemp("pages") / "atelier.db")
    with SqliteStore.open(path, key=KEY) as store:
        dairy = signing(store)
        for number in range(20):
            do(dairy, number)
        with store.writing() as transaction:
            transaction._all("DELETE FROM audit_log")  # pages that nothing reads any more
    return path


def verified(path: Path, *, key: bytes | None = KEY) -> bool:
    """Whether all is said to be well; a file that no longer opens is not well either."""
    try:
        with SqliteStore.open(path, key=key) as store:
            return signing(store).verify().sound
    except StorageError:
        return False


def test_one_byte_changed_on_any_page_is_noticed(written: Path, tmp_path: Path) -> None:
    content = written.read_bytes()
    changed = tmp_path / "changed.db"
    assert verified(written)
    for page in range(len(content) // PAGE):
        at = page * PAGE + (page * 977) % PAGE
        changed.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert not verified(changed), f"page {page + 1}, byte {at % PAGE}"


def test_two_pages_that_change_places_are_noticed(written: Path, tmp_path: Path) -> None:
    content = written.read_bytes()
    one, two = content[-2 * PAGE : -PAGE], content[-PAGE:]
    (changed := tmp_path / "changed.db").write_bytes(content[: -2 * PAGE] + two + one)
    assert not verified(changed)


def test_pages_at_fault_are_named_and_nothing_else_is_claimed(
    written: Path, tmp_path: Path
) -> None:
    content = written.read_bytes()
    changed = tmp_path / "changed.db"
    changed.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with SqliteStore.open(changed, key=KEY) as store:
        verdict = signing(store).verify()
    assert len(verdict.damaged) == 1
    assert str(len(content) // PAGE) in verdict.damaged[0]
    assert (verdict.commits, verdict.rebuilt_digest, verdict.sound) == (0, "", False)


def test_work_beside_the_check_raises_no_alarm(written: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(written, tmp_path / "atelier.db"))
    with SqliteStore.open(path, key=KEY) as store, SqliteStore.open(path, key=KEY) as other:
        dairy = signing(other)
        for number in range(20, 30):
            do(dairy, number)
            assert store.damaged_pages() == []


@pytest.mark.parametrize("key", [KEY, None], ids=["encrypted", "in clear"])
def test_the_verdict_says_that_pages_were_not_checked(tmp_path: Path, key: bytes | None) -> None:
    """Somebody reads an older state of the file: what was recorded since stands beside it."""
    path = tmp_path / "atelier.db"
    with SqliteStore.open(path, key=key, create=True) as store:
        dairy = open_dairy(store)
        for command in one_by_one(A_DAIRY):
            dairy.execute(command)
        assert dairy.verify().pages_checked
        with store.reading() as snapshot:
            snapshot.head()
            dairy.execute(received("L1", litres(1)))
            verdict = dairy.verify()
            assert (verdict.pages_checked, verdict.sound, verdict.damaged) == (False, True, ())
        assert dairy.verify().pages_checked
