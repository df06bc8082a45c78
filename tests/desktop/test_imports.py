"""Files come into a real database as an office has them, and who may not is noted there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from manchengo_desktop.compose import DeviceOffice
from manchengo_files.importer import CHUNK
from manchengo_presenters.screens.file_imports import ImportAnswer, ImportFile, ImportRequest
from manchengo_presenters.screens.office import NewDairy
from manchengo_presenters.screens.problem import Problem
from tests.desktop.driver import let_a_driver_work
from tests.support.importing import IN_ORDER, SAMPLE, expected, judged_on, stock_of

SECRET = "nuage vis papier olive"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeviceOffice]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    office = DeviceOffice(tmp_path / "atelier.db")
    office.create(
        NewDairy(name="", admin="amina", passphrase="chevre lampe tiroir pont", secret=SECRET)
    )
    office.sign_in("amina", SECRET, print)
    yield office
    office.close()


def bring_in(office: DeviceOffice, path: Path) -> ImportAnswer:
    file = ImportFile(name=path.name, content=path.read_bytes())
    looked = office.imports.look(ImportRequest(file=file))
    steps: list[tuple[int, int]] = []
    answer = office.imports.bring_in(looked.request, lambda *step: steps.append(step))
    assert steps[-1] == (answer.counts.rows, answer.counts.rows), "progress goes to the end"
    return answer


def test_a_year_comes_in_file_by_file(office: DeviceOffice) -> None:
    for name in IN_ORDER.values():
        answer = bring_in(office, SAMPLE / f"{name}.csv")
        assert answer.counts.accepted + answer.counts.refused == answer.counts.rows
        assert (answer.error_file is None) == (answer.counts.refused == 0)
    stock = stock_of(office.dairy, judged_on(SAMPLE))
    assert stock == set(expected(SAMPLE, "stock"))


def test_an_import_keeps_its_own_signer_until_it_is_done(office: DeviceOffice) -> None:
    """Nobody touches the computer while the file comes in, and the window locks."""
    count = CHUNK + 20
    rows = "".join(f"F{number};Ferme {number}\n" for number in range(count))
    file = ImportFile(name="fournisseurs.csv", content=b"code;nom\n" + rows.encode())
    request = office.imports.look(ImportRequest(file=file)).request
    store, device_id = office._at_work.store, office.actor.device_id
    locked_at: list[int] = []

    def touched_no_more(done: int, _: int) -> None:
        if done and not office.is_locked():
            office.lock()
            locked_at.append(done)

    answer = office.imports.bring_in(request, touched_no_more)
    assert locked_at
    assert locked_at[0] < answer.counts.rows, "in the middle"
    assert answer.counts.accepted == answer.counts.rows == count
    with store.reading() as snapshot:
        last = snapshot.last_commits(device_id, limit=answer.counts.rows + 2)
    keys = {each.authorship.key if each.authorship else None for each in last}
    assert len(keys) == 1
    assert None not in keys
    with pytest.raises(Problem) as refused:
        office.imports.bring_in(request, lambda *_: None)
    assert refused.value.name == "Locked"


def test_who_may_not_import_is_refused_and_noted(office: DeviceOffice) -> None:
    let_a_driver_work(office)
    file = ImportFile(name="fournisseurs.csv", content=b"code;nom\nF1;Ferme\n")
    request = ImportRequest(file=file, kind="suppliers")
    with pytest.raises(Problem) as refused:
        office.imports.rehearse(request, lambda *_: None)
    assert refused.value.name == "NotPermitted"
    with office._database.store.reading() as snapshot:
        (latest,) = snapshot.audit(limit=1)
    assert (latest.action, latest.outcome) == ("import.start", "NotPermitted")
