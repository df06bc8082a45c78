"""Files come into a real database as an office has them, and who may not is noted there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from manchengo import Actor, Role
from manchengo_desktop.compose import DeviceOffice
from manchengo_presenters.screens.file_imports import ImportAnswer, ImportFile, ImportRequest
from manchengo_presenters.screens.office import NewDairy
from manchengo_presenters.screens.problem import Problem
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


def test_who_may_not_import_is_refused_and_noted(office: DeviceOffice) -> None:
    at_work = office._at_work
    driver = Actor(
        user_id=at_work.actor.user_id,
        device_id=at_work.actor.device_id,
        roles=frozenset({Role.DRIVER}),
    )
    office._acting = evolve(at_work, actor=driver)
    file = ImportFile(name="fournisseurs.csv", content=b"code;nom\nF1;Ferme\n")
    request = ImportRequest(file=file, kind="suppliers")
    with pytest.raises(Problem) as refused:
        office.imports.rehearse(request, lambda *_: None)
    assert refused.value.name == "NotPermitted"
    with at_work.store.reading() as snapshot:
        (latest,) = snapshot.audit(limit=1)
    assert (latest.action, latest.outcome) == ("import.start", "NotPermitted")
