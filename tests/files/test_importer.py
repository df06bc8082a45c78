"""Good rows go in, refused ones do not; each goes in once, and a file undone may come back."""

import random
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manchengo import Role
from manchengo.application.imported_commits import undo_in_parts
from manchengo.domain.access import NotPermitted, Permission
from manchengo.domain.ids import DeviceId
from manchengo.domain.import_batch import ImportKind
from manchengo_files import importer
from manchengo_files.identity import command_id, content_key
from manchengo_files.kinds.stock import LotLine
from tests.support.importing import PRODUCTS, SUPPLIERS, ImportHarness, an_actor

LOTS_HEADER = "lot;produit;fournisseur;date_reception;date_peremption;quantite;prix_unitaire\n"


def a_lot(code: str, *, product: str = "LAIT", quantity: str = "100", supplier: str = "F1") -> str:
    return f"{code};{product};{supplier};05/01/2026;09/01/2026;{quantity};62\n"


def lots(*codes: str) -> str:
    return LOTS_HEADER + "".join(a_lot(code) for code in codes)


# ------------------------------------------------------------------------------------- each once


def test_good_rows_go_in_and_refused_ones_do_not(harness: ImportHarness) -> None:
    took = harness.takes(
        "lots",
        LOTS_HEADER + a_lot("L1") + a_lot("L2", product="X") + a_lot("L3"),
    )
    assert took.counts == (2, 0, 1)
    assert took.at_fault == [(3, "produit", "unknown")]
    assert harness.lots() == ["L1", "L3"]


def test_the_import_is_remembered_with_its_counts(harness: ImportHarness) -> None:
    took = harness.takes("lots", lots("L1", "L1", "L2") + a_lot("L3", quantity="0"))
    row = harness.imports()[-1]
    assert row.id == took.outcome.import_id
    assert (row.kind, row.status, row.accepted, row.unchanged, row.refused) == (
        *("lots", "finished"),
        *(2, 1, 1),
    )


def test_each_commit_of_an_import_says_so(harness: ImportHarness) -> None:
    before = harness.head()
    took = harness.took("lots", lots("L1", "L2"))
    made = harness.commits()[before:]
    assert {commit.import_id for commit in made} == {took.outcome.import_id}
    assert [commit.command_type for commit in made] == [
        *("lot.receive", "import.start", "lot.receive", "import.finish")
    ]


def test_the_same_file_again_leaves_not_one_commit(harness: ImportHarness) -> None:
    harness.took("lots", lots("L1", "L2"))
    before = harness.head()
    again = harness.takes("lots", lots("L1", "L2"))
    assert (again.counts, again.outcome.import_id) == ((0, 2, 0), None)
    assert harness.head() == before


def test_a_file_of_which_every_row_is_refused_leaves_not_one_commit(harness: ImportHarness) -> None:
    before = harness.head()
    took = harness.takes("lots", LOTS_HEADER + a_lot("L1", product="X"))
    assert (took.counts, took.outcome.import_id) == ((0, 0, 1), None)
    assert harness.head() == before


def test_a_file_with_no_row_changes_nothing(harness: ImportHarness) -> None:
    before = harness.head()
    assert harness.takes("lots", LOTS_HEADER).counts == (0, 0, 0)
    assert harness.head() == before


def test_the_same_row_twice_in_a_file_goes_in_once(harness: ImportHarness) -> None:
    assert harness.took("lots", lots("L1", "L2", "L1")).counts == (2, 1, 0)


def test_rows_are_recognised_whatever_chunk_they_stand_in(
    harness: ImportHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "CHUNK", 3)
    codes = [f"L{number}" for number in range(10)]
    assert harness.took("lots", lots(*codes, *codes)).counts == (10, 10, 0)
    assert harness.imports()[-1].status == "finished"
    assert harness.took("lots", lots(*codes, "L10")).counts == (1, 10, 0)


def test_the_same_values_written_otherwise_are_the_same_row(harness: ImportHarness) -> None:
    harness.took("lots", LOTS_HEADER + "L1;LAIT;F1;05/01/2026;09/01/2026;1250,5;62\n")
    again = "Prix;Quantité;Expiry date;Received on;Supplier;Product;Lot number\n"
    again += " 62,00 ; 1 250,500 ;2026-01-09;05-01-2026; F1;LAIT ;L1\n"
    assert harness.took("lots", again).counts == (0, 1, 0)


def test_a_known_code_with_other_values_is_refused(harness: ImportHarness) -> None:
    harness.took("lots", lots("L1"))
    took = harness.takes("lots", LOTS_HEADER + a_lot("L1", quantity="99"))
    assert took.at_fault == [(2, "lot", "already_exists")]


def test_a_row_refused_yesterday_goes_in_once_its_product_exists(harness: ImportHarness) -> None:
    file = harness.file(LOTS_HEADER + a_lot("L1", product="CREME"), "lots.csv")
    assert harness.takes("lots", file).counts == (0, 0, 1)
    harness.took("products", "code;type;designation;unite;prix_ht\nCREME;MP;Crème;L;80\n")
    assert harness.takes("lots", file).counts == (1, 0, 0)


def test_what_another_device_imported_is_recognised_once_it_is_here(tmp_path: Path) -> None:
    other = ImportHarness(folder=tmp_path, actor=an_actor(device=3))
    other.took("suppliers", SUPPLIERS)
    harness = ImportHarness(
        folder=tmp_path, actor=an_actor(device=2), store=other.store, ids=other.ids
    )
    assert harness.took("suppliers", SUPPLIERS).counts == (0, 2, 0)
    assert harness.took("suppliers", SUPPLIERS + "F3;Laiterie\n").counts == (1, 2, 0)
    key = 'suppliers {"code":"F3","name":"Laiterie"}'
    assert command_id(harness.actor.device_id, key) in {commit.id for commit in harness.commits()}


def test_two_devices_that_import_one_file_apart_never_write_one_commit_id(tmp_path: Path) -> None:
    """They choose other identifiers for the same rows: one id would name two different commits."""
    written = []
    for device in (2, 3):
        harness = ImportHarness(folder=tmp_path, actor=an_actor(device=device))
        harness.took("suppliers", SUPPLIERS)
        rows = [each for each in harness.commits() if each.command_type == "supplier.register"]
        written.append({commit.id for commit in rows})
    assert written[0].isdisjoint(written[1])


def test_the_id_of_a_row_is_the_same_for_ever() -> None:
    """Last year's file must change nothing after an update of the program."""
    line = LotLine.model_validate(
        {
            "lot": "MP-1",
            "produit": "LAIT",
            "fournisseur": "F1",
            "date_reception": "05/01/2026",
            "date_peremption": "",
            "quantite": "1 250,5",
            "unite": "",
            "prix_unitaire": "62",
            "prix_pour": "",
            "bl_fournisseur": "",
        }
    )
    key = content_key(ImportKind.LOTS, [line])
    assert key == (
        'lots {"lot":"MP-1","on":"2026-01-05","product":"LAIT","quantity":1250500,'
        '"supplier":"F1","unit_price":6200}'
    )
    device = DeviceId(UUID("0193b3a0-0000-7000-8000-000000000001"))
    assert [str(command_id(device, key, generation)) for generation in (0, 1)] == [
        "e3b43e18-c611-5a56-8890-65861d8e4db1",
        "9688bf8f-73d3-569f-be2f-bf94901e4bdd",
    ]


@given(st.lists(st.integers(0, 12), max_size=40), st.randoms())
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # every example has a harness of its own
def test_shuffled_and_with_duplicates_each_row_goes_in_once(
    tmp_path: Path, numbers: list[int], chance: random.Random
) -> None:
    harness = ImportHarness(folder=tmp_path)
    harness.took("suppliers", SUPPLIERS)
    harness.took("products", PRODUCTS)
    codes = [f"L{number}" for number in numbers]
    first = harness.took("lots", lots(*codes))
    chance.shuffle(codes)
    again = harness.took("lots", lots(*codes))
    assert first.counts == (len(set(codes)), len(codes) - len(set(codes)), 0)
    assert again.counts == (0, len(codes), 0)
    assert harness.lots() == sorted(set(codes))


# -------------------------------------------------------------------- all or nothing, and rehearsal


def test_atomic_takes_nothing_unless_every_row_is_good(harness: ImportHarness) -> None:
    before = harness.head()
    text = LOTS_HEADER + a_lot("L1") + a_lot("L2", product="X") + a_lot("L3", supplier="F9")
    took = harness.takes("lots", text, atomic=True)
    assert (took.counts, took.outcome.import_id) == ((0, 0, 2), None)
    assert took.at_fault == [(3, "produit", "unknown"), (4, "fournisseur", "unknown")]
    assert harness.head() == before


def test_atomic_takes_a_good_file_whole(harness: ImportHarness) -> None:
    took = harness.takes("lots", lots("L1", "L2", "L1"), atomic=True)
    assert took.counts == (2, 1, 0)
    assert harness.imports()[-1].id == took.outcome.import_id


@pytest.mark.parametrize("atomic", [False, True])
def test_a_rehearsal_says_what_would_happen_and_leaves_nothing(
    harness: ImportHarness, atomic: bool
) -> None:
    before = harness.head()
    text = lots("L1", "L2") + a_lot("L1", quantity="7") + a_lot("L1")
    took = harness.takes("lots", text, keep=False, atomic=atomic)
    assert took.at_fault == [(4, "lot", "already_exists")]
    assert (took.counts, took.outcome.import_id) == ((0 if atomic else 2, 1, 1), None)
    assert harness.head() == before
    assert harness.takes("lots", text).counts == (2, 1, 1)


# ----------------------------------------------------------------------------- undone, interrupted


def test_an_undone_file_can_be_imported_again_and_undone_again(harness: ImportHarness) -> None:
    file = harness.file(lots("L1", "L2", "L1"))
    for _ in range(3):
        took = harness.took("lots", file)
        assert took.counts == (2, 1, 0)
        assert harness.took("lots", file).counts == (0, 3, 0)
        harness.undo(took.outcome.import_id)
        assert harness.lots() == []
    assert harness.took("lots", file).counts == (2, 1, 0)
    assert harness.dairy.verify().sound


def test_of_two_imports_only_the_undone_one_comes_back(harness: ImportHarness) -> None:
    harness.took("lots", lots("L1"))
    undone = harness.took("lots", lots("L2", "L3"))
    harness.undo(undone.outcome.import_id)
    assert harness.took("lots", lots("L1", "L2", "L3")).counts == (2, 1, 0)


def test_of_an_import_undone_in_part_only_the_undone_rows_come_back(harness: ImportHarness) -> None:
    import_id = harness.took("lots", lots("L1", "L2", "L3")).outcome.import_id
    assert import_id is not None
    with harness.store.reading() as snapshot:
        first, *_ = undo_in_parts(snapshot, import_id, "mauvais fichier", part=2)
    harness.dairy.execute(first)
    assert harness.lots() == ["L1", "L2"]
    assert harness.took("lots", lots("L1", "L2", "L3")).counts == (1, 2, 0)


def test_an_undone_import_of_another_device_can_be_imported_again(tmp_path: Path) -> None:
    other = ImportHarness(folder=tmp_path, actor=an_actor(device=3))
    harness = ImportHarness(folder=tmp_path, store=other.store, ids=other.ids)
    harness.undo(other.took("suppliers", SUPPLIERS).outcome.import_id)
    assert harness.took("suppliers", SUPPLIERS).counts == (2, 0, 0)
    assert other.took("suppliers", SUPPLIERS).counts == (0, 2, 0)


def test_an_interrupted_import_leaves_whole_chunks_and_the_same_file_goes_on(
    harness: ImportHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [f"L{number}" for number in range(10)]
    cut_short(harness, lots(*codes), monkeypatch, at=7)
    assert harness.lots() == codes[:4]
    assert harness.imports()[-1].status == "interrupted"
    assert harness.took("lots", lots(*codes)).counts == (6, 4, 0)
    assert harness.lots() == codes


def test_nobody_knows_how_many_rows_an_interrupted_import_has(
    harness: ImportHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(harness, lots("L1", "L2", "L3", "L4", "L5"), monkeypatch)
    *_, row = harness.imports()
    assert (row.accepted, row.unchanged, row.refused) == (None, None, None)


def test_a_file_that_was_cut_short_is_one_import_and_undone_at_once(
    harness: ImportHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = harness.took("lots", lots("L1")).outcome.import_id
    file = lots("L1", "L2", "L3", "L4", "L5", "L6", "", "L7")
    cut_short(harness, file, monkeypatch)
    took = harness.takes("lots", file)
    assert took.counts == (3, 4, 1)
    *_, one_before, row = harness.imports()
    assert [one_before.id, row.id] == [before, took.outcome.import_id]
    assert (row.status, row.accepted, row.unchanged, row.refused) == ("finished", 6, 1, 1)
    harness.undo(took.outcome.import_id)
    assert harness.lots() == ["L1"]


def test_an_interrupted_import_of_which_nothing_more_comes_in_is_finished(
    harness: ImportHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = lots("L1", "L2", "L3", "L4", "")
    cut_short(harness, file, monkeypatch)
    took = harness.takes("lots", file)
    assert took.counts == (0, 4, 1)
    *_, row = harness.imports()
    assert (row.status, row.accepted, row.unchanged, row.refused) == ("finished", 4, 0, 1)
    assert took.outcome.import_id == row.id


def test_what_another_device_cut_short_stays_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ImportHarness(folder=tmp_path, actor=an_actor(device=3))
    for kind, file in (("suppliers", SUPPLIERS), ("products", PRODUCTS)):
        other.took(kind, file)
    file = lots("L1", "L2", "L3", "L4", "L5")
    cut_short(other, file, monkeypatch)
    harness = ImportHarness(folder=tmp_path, store=other.store, ids=other.ids)
    assert harness.took("lots", file).counts == (1, 4, 0)
    assert [row.status for row in harness.imports()][-2:] == ["interrupted", "finished"]


def cut_short(
    harness: ImportHarness, file: str, monkeypatch: pytest.MonkeyPatch, *, at: int = 5
) -> None:
    """Import lots, four in a chunk, and have it stop at that row."""
    go_on = importer.Importer._import_entry
    asked = 0

    def interrupted(*words: object) -> None:
        nonlocal asked
        asked += 1
        if asked == at:
            raise KeyboardInterrupt
        go_on(*words)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(importer, "CHUNK", 4)
        patch.setattr(importer.Importer, "_import_entry", interrupted)
        with pytest.raises(KeyboardInterrupt):
            harness.takes("lots", file)


# ----------------------------------------------------------------------------------------- rights


@pytest.mark.parametrize("role", [Role.DRIVER, Role.PRODUCTION])
def test_who_may_not_do_it_by_hand_may_not_import_it(tmp_path: Path, role: Role) -> None:
    harness = ImportHarness(folder=tmp_path, actor=an_actor(role))
    with pytest.raises(NotPermitted):
        harness.takes("suppliers", SUPPLIERS)
    assert harness.head() == 0


@pytest.mark.parametrize("update", [False, True])
def test_who_may_not_read_a_register_learns_nothing_by_guessing_a_row(
    tmp_path: Path, update: bool
) -> None:
    """A row that says what is recorded is unchanged, and that it is would be an answer."""
    harness = ImportHarness(folder=tmp_path)
    harness.took("suppliers", SUPPLIERS)
    guessing = ImportHarness(folder=tmp_path, store=harness.store, actor=an_actor(Role.PRODUCTION))
    with pytest.raises(NotPermitted) as caught:
        guessing.takes("suppliers", SUPPLIERS, update=update)
    assert caught.value.permission is Permission.READ_PARTIES


def test_who_may_not_import_learns_nothing_of_the_file(tmp_path: Path) -> None:
    harness = ImportHarness(folder=tmp_path, actor=an_actor(Role.ACCOUNTANT))
    with pytest.raises(NotPermitted):
        harness.takes("suppliers", "code;nom\n;Ferme sans code\n")
