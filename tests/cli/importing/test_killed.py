"""An import that is killed leaves whole chunks; the same command again finishes the work."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from manchengo.ports.rows import RawLotRow
from manchengo_cli.database import opened
from manchengo_cli.session import Session
from manchengo_files.importer import CHUNK
from manchengo_presenters.formatting import number
from tests.cli.running import PROGRAM, asked, done
from tests.support.patience import PATIENCE

LOTS = 10 * CHUNK
"""Enough for a blow after the first chunk to fall before the last, however busy the machine."""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Many lots to import into an encrypted database that knows their products."""
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "fromage affiné")
    done("init", "--admin", "amina")
    done(*["product", "add", "LAIT", "Lait", "--kind", "MP", "--unit", "L", "--price", "62"])
    done(*["supplier", "add", "F001", "Djebbar"])
    path = tmp_path / "lots.csv"
    lines = (f"M{at};LAIT;F001;20/11/2026;12,5\n" for at in range(LOTS))
    path.write_text("lot;produit;fournisseur;date_reception;quantite\n" + "".join(lines))
    return path


@pytest.fixture
def _heard_interrupts() -> Iterator[None]:
    """A shell starts what runs in the background with SIGINT ignored, and children inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heard_interrupts")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_what_was_cut_short_is_whole_chunks_and_goes_on(file: Path, blow: signal.Signals) -> None:
    words = [*PROGRAM, "import", "lots", str(file)]
    with opened(Session()) as workplace:
        importing = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

        def recorded(limit: int | None = None) -> list[RawLotRow]:
            with workplace.store.reading() as snapshot:
                return list(snapshot.rows(RawLotRow, limit=limit))

        while importing.poll() is None and not recorded(limit=1):
            time.sleep(0.01)
        importing.send_signal(blow)
        _, output = importing.communicate(timeout=PATIENCE)
        assert importing.returncode == (-blow if blow is signal.SIGKILL else 130), output
        cut_short = len(recorded())
        assert 0 < cut_short < LOTS
        assert cut_short % CHUNK == 0
        if blow is signal.SIGINT:
            assert f"{number(cut_short)} lignes sont enregistrées" in output.decode()

    assert asked("imports")[-1]["status"] == "interrupted"
    again = asked("import", "lots", str(file))
    assert (again["accepted"], again["unchanged"]) == (LOTS - cut_short, cut_short)
    with opened(Session()) as workplace, workplace.store.reading() as snapshot:
        codes = [row.code for row in snapshot.rows(RawLotRow)]
        assert workplace.dairy.verify().sound
    assert sorted(codes) == sorted(f"M{at}" for at in range(LOTS))
