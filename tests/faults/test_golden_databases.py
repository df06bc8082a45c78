"""What a past release stored opens today, and answers as it did then (P12)."""

import json
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import reading
from manchengo_sqlite.migrate import history
from manchengo_sqlite.steps import newest
from tests.faults.plant import page_check
from tests.sqlite.witness import folder_as_it_is
from tests.support import golden_database
from tests.support.dairy import day, litres, written_off
from tests.support.given import open_dairy

DATABASES = sorted(golden_database.FOLDER.glob("*.db"))


def test_this_release_has_left_its_own() -> None:
    names = {path.stem for path in DATABASES}
    assert version("manchengo") in names, "python -m tests.support.golden_database adds it"


@pytest.mark.parametrize("golden", DATABASES, ids=lambda path: path.stem)
def test_a_database_of_any_release_opens_migrates_and_answers_as_it_did(
    golden: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(golden, tmp_path / "atelier.db"))
    expected = json.loads(golden.with_suffix(".json").read_text("utf-8"))
    with SqliteStore.open(path, key=golden_database.PUBLISHED_KEY) as store:
        dairy = open_dairy(store)
        with reading(store.engine) as connection:
            assert history(connection)[-1][0] == newest()
        assert page_check(dairy) == []
        assert dairy.verify().sound
        assert golden_database.answers(dairy) == expected
        # And work goes on in it.
        dairy.execute(written_off("L2", litres(1), on=day(10)))
        assert dairy.rebuild() > 0
        assert dairy.verify().sound


def test_a_golden_database_is_added_and_never_written_over(tmp_path: Path) -> None:
    assert golden_database.main(tmp_path, "0.0.0") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.0.0.db", "0.0.0.json"]
    before = folder_as_it_is(tmp_path)
    assert golden_database.main(tmp_path, "0.0.0") == 0
    assert folder_as_it_is(tmp_path) == before
