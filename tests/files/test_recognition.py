"""What a file is of is told by its columns, then by its name, or not at all."""

from pathlib import Path

import pytest

from manchengo.domain.import_batch import ImportKind
from manchengo_files.recognition import Recognised, recognised
from tests.support.importing import IN_ORDER, SAMPLE


def written(folder: Path, text: str, name: str = "fichier.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("kind", "name"), IN_ORDER.items())
def test_each_file_of_the_sample_is_recognised(kind: str, name: str) -> None:
    found = recognised(SAMPLE / f"{name}.csv")
    assert found == Recognised(kind=ImportKind(kind), is_update=False)


def test_columns_count_more_than_the_name(tmp_path: Path) -> None:
    file = written(
        tmp_path, "code;type;designation;unite;prix_ht;tva\nL;MP;Lait;L;4;19\n", "clients.csv"
    )
    found = recognised(file)
    assert found is not None
    assert found.kind is ImportKind.PRODUCTS


def test_the_name_decides_between_the_same_columns(tmp_path: Path) -> None:
    text = "code;nom\nF1;Ferme\n"
    assert recognised(written(tmp_path, text)) is None
    for name, kind in (("Nos clients.csv", "clients"), ("FOURNISSEURS 2026.csv", "suppliers")):
        found = recognised(written(tmp_path, text, name))
        assert found is not None
        assert found.kind == kind


def test_a_price_list_changes_what_is_recorded(tmp_path: Path) -> None:
    found = recognised(written(tmp_path, "code;prix_ht\nLAIT;65\n"))
    assert found == Recognised(kind=ImportKind.PRODUCTS, is_update=True)


def test_a_table_of_something_else_is_no_kind(tmp_path: Path) -> None:
    assert recognised(written(tmp_path, "jour;temperature\nlundi;4\n")) is None
