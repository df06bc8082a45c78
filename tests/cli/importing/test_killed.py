"""An import that is killed leaves whole chunks; the same command again finishes the work."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from manchengo.domain.ids import CommitId
from manchengo.ports.rows import RawLotRow
from manchengo_cli.database import opened
from manchengo_cli.main import main
from manchengo_cli.session import Session
from manchengo_files import importer
from manchengo_files.identity import ImportedRows
from manchengo_presenters.formatting import number
from tests.cli.running import asked, done
from tests.support import fork_server
from tests.support.patience import PATIENCE

CHUNK, WHOLE = 20, 2
LOTS, STOPS_AT = 4 * CHUNK, WHOLE * CHUNK + CHUNK // 2
"""The blow falls in the middle of the third chunk."""


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


def wait_within_a_chunk(words: Sequence[str]) -> int:
    """The program, in a process of its own: it says when that row has come in, and waits there."""
    # A shell starts what runs in the background with SIGINT ignored, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    rows, came_in = count(1), ImportedRows.came_in

    def waits(imported: ImportedRows, command_id: CommitId) -> None:
        came_in(imported, command_id)
        if next(rows) == STOPS_AT:
            os.write(1, b"there\n")
            time.sleep(PATIENCE)

    importer.CHUNK = CHUNK
    ImportedRows.came_in = waits  # type: ignore[assignment, method-assign] # in this process alone
    return main(words)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_what_was_cut_short_is_whole_chunks_and_goes_on(file: Path, blow: signal.Signals) -> None:
    program = partial(wait_within_a_chunk, ["import", "lots", str(file)])
    with opened(Session()) as workplace:
        importing = fork_server.start(program, env=os.environ, stderr=subprocess.PIPE)
        assert fork_server.next_line(importing) == "there"
        importing.send_signal(blow)
        _, errors = importing.communicate(timeout=PATIENCE)
        assert importing.returncode == (-blow if blow is signal.SIGKILL else 130), errors
        with workplace.store.reading() as snapshot:
            cut_short = len(list(snapshot.rows(RawLotRow)))
        assert cut_short == WHOLE * CHUNK
        if blow is signal.SIGINT:
            assert f"{number(cut_short)} lignes sont enregistrées" in errors

    assert asked("imports")[-1]["status"] == "interrupted"
    again = asked("import", "lots", str(file))
    assert (again["accepted"], again["unchanged"]) == (LOTS - cut_short, cut_short)
    (one,) = asked("imports")[-1:]
    assert (one["import"], one["status"], one["accepted"]) == (again["import_id"], "finished", LOTS)
    with opened(Session()) as workplace, workplace.store.reading() as snapshot:
        codes = [row.code for row in snapshot.rows(RawLotRow)]
        assert workplace.dairy.verify().sound
    assert sorted(codes) == sorted(f"M{at}" for at in range(LOTS))
