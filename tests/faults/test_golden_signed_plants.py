"""What a past release signed verifies today, and its people go on signing (P10, P11, P12)."""

import json
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from manchengo.domain.person_keys import NotSigned
from manchengo_sqlite import SqliteStore
from manchengo_sync.signed_log import SignedLog
from manchengo_workplace.people_file import people_file
from manchengo_workplace.sealed_keys import SealedKeys
from tests.faults.plant import page_check
from tests.sqlite.witness import folder_as_it_is
from tests.support import golden_signed_plant
from tests.support.dairy import day, litres, written_off
from tests.support.golden_database import PUBLISHED_KEY
from tests.support.server import BOSS

DATABASES = sorted(golden_signed_plant.FOLDER.glob("*.db"))


def test_this_release_has_left_its_own() -> None:
    names = {path.stem for path in DATABASES}
    assert version("manchengo") in names, "python -m tests.support.golden_signed_plant adds it"


@pytest.mark.parametrize("golden", DATABASES, ids=lambda path: path.stem)
def test_a_signed_plant_of_any_release_verifies_and_goes_on_signing(
    golden: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(golden, tmp_path / "atelier.db"))
    shutil.copy(people_file(golden), people_file(path))
    expected = json.loads(golden.with_suffix(".json").read_text("utf-8"))
    signer = SealedKeys(path).unlock(BOSS, "Amina", golden_signed_plant.PUBLISHED_PASSPHRASE)
    assert signer == golden_signed_plant.FOUNDER
    with SqliteStore.open(path, key=PUBLISHED_KEY) as store:
        dairy = golden_signed_plant.office_of(store)
        assert page_check(dairy) == []
        assert dairy.verify(SignedLog()).sound
        assert golden_signed_plant.signed_answers(dairy) == expected
        with store.reading() as snapshot:
            head = snapshot.head()
        # And work goes on in it, under a signature.
        dairy.execute(written_off("L2", litres(1), on=day(10)))
        with pytest.raises(NotSigned):
            golden_signed_plant.office_of(store, None).execute(
                written_off("L2", litres(1), on=day(10))
            )
        assert dairy.rebuild() > 0
        assert dairy.verify(SignedLog()).sound
        with store.reading() as snapshot:
            assert snapshot.head() == head + 1


def test_a_signed_plant_is_added_and_never_written_over(tmp_path: Path) -> None:
    assert golden_signed_plant.main(tmp_path, "0.0.0") == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["0.0.0.db", "0.0.0.db.people", "0.0.0.json"]
    before = folder_as_it_is(tmp_path)
    assert golden_signed_plant.main(tmp_path, "0.0.0") == 0
    assert folder_as_it_is(tmp_path) == before
