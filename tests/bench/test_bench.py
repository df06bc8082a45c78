"""The bench itself runs: what it measures changes under it, and nobody runs it every day."""

import json
from pathlib import Path

import pytest

from tests.bench.__main__ import main, number


@pytest.mark.slow
def test_every_row_is_measured(tmp_path: Path) -> None:
    report = tmp_path / "findings.json"
    assert main(["--quick", "--folder", str(tmp_path / "made"), "--json", str(report)]) == 0
    findings = json.loads(report.read_text("utf-8"))["findings"]
    assert [finding["name"] for finding in findings if finding["value"] is None] == []


def test_sizes_are_said_as_people_say_them() -> None:
    assert [number(word) for word in ("400", "10k", "10M", "10G")] == [
        400,
        10_000,
        10_000_000,
        10_000_000_000,
    ]
