"""The bench itself runs: what it measures changes under it, and nobody runs it every day."""

import json
from pathlib import Path

import pytest
from attrs import evolve

from tests.bench import many
from tests.bench.__main__ import ROWS, main, number
from tests.bench.by_hand import by_hand
from tests.bench.csv_import import written
from tests.bench.import_by_hand import import_by_hand
from tests.bench.many_plants import COMMITS_A_PAGE
from tests.bench.report import write_json
from tests.bench.row import Finding
from tests.bench.workshop import workshop


@pytest.mark.slow
def test_every_row_is_measured(tmp_path: Path) -> None:
    report = tmp_path / "findings.json"
    assert main(["--quick", "--folder", str(tmp_path / "made"), "--json", str(report)]) == 0
    rows = json.loads(report.read_text("utf-8"))
    assert rows.keys() == ROWS.keys()
    findings = [each for row in rows.values() for each in row["findings"]]
    assert [finding["name"] for finding in findings if not finding["ours"]] == []


def test_a_file_keeps_what_was_measured_of_other_rows(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    old, new = (Finding(name="one", ours=text) for text in ("5 /s", "6 /s"))
    write_json({ROWS["list_page"]: [old], ROWS["import"]: [old]}, file, quick=False)
    write_json({ROWS["import"]: [new]}, file, quick=True)
    rows = json.loads(file.read_text("utf-8"))
    kept = {name: (row["findings"][0]["ours"], row["quick"]) for name, row in rows.items()}
    assert kept == {"list_page": ("5 /s", False), "import": ("6 /s", True)}


def test_the_script_beside_the_import_writes_the_tables_of_today(tmp_path: Path) -> None:
    with workshop(tmp_path / "dairy.db"):
        pass
    with by_hand(tmp_path / "dairy.db", durable=False) as other:
        import_by_hand(other, written(tmp_path / "receptions.csv", 3))
        assert other.rows("SELECT count(*) FROM lots_mp, stock_movements") == [(9,)]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory is read from it")
def test_many_plants_with_their_servers_are_measured() -> None:
    size = evolve(
        many.QUICK, plants=2, listeners=3, seconds=1.0, rounds=1, pushed=1, speakers=2, pages=1
    )
    findings = {each.name: each.figures for each in many.measured(evolve(size, workers=(2,)))}
    alone, two = (findings[f"a plant's server, {many.said(each)}"] for each in (1, 2))
    assert 0 < alone["memory"] < two["memory"] < 2 * alone["memory"], "workers share what they load"
    assert findings["news, 2 workers"].keys() == {"p50", "p99", "push_p50", "push_p99"}
    assert findings["waiting, 1 worker"]["devices"] == 6
    pushed = findings["pushes, 2 workers"]
    assert pushed["commits"] == 2 * COMMITS_A_PAGE < pushed["events"]
    assert pushed["commits_per_core"] > 0


def test_sizes_are_said_as_people_say_them() -> None:
    assert [number(word) for word in ("400", "10k", "10M", "10G")] == [
        400,
        10_000,
        10_000_000,
        10_000_000_000,
    ]
