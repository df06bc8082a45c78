"""The bench itself runs: what it measures changes under it, and nobody runs it every day."""

import json
from pathlib import Path

import pytest

from tests.bench.__main__ import main, number
from tests.bench.by_hand import by_hand
from tests.bench.csv_import import written
from tests.bench.import_by_hand import import_by_hand
from tests.bench.workshop import workshop


@pytest.mark.slow
def test_every_row_is_measured(tmp_path: Path) -> None:
    report = tmp_path / "findings.json"
    assert main(["--quick", "--folder", str(tmp_path / "made"), "--json", str(report)]) == 0
    findings = json.loads(report.read_text("utf-8"))["findings"]
    assert [finding["name"] for finding in findings if finding["value"] is None] == []


def test_the_script_beside_the_import_writes_the_tables_of_today(tmp_path: Path) -> None:
    with workshop(tmp_path / "dairy.db"):
        pass
    with by_hand(tmp_path / "dairy.db", durable=False) as other:
        import_by_hand(other, written(tmp_path / "receptions.csv", 3))
        assert other.rows("SELECT count(*) FROM lots_mp, stock_movements") == [(9,)]


def test_sizes_are_said_as_people_say_them() -> None:
    assert [number(word) for word in ("400", "10k", "10M", "10G")] == [
        400,
        10_000,
        10_000_000,
        10_000_000_000,
    ]
