"""The findings, as a table for people and as a file for machines."""

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import asdict

from tests.bench.row import AtMost, Finding, Row

HEADINGS = ("", "ours", "beside", "ours to beside", "spread", "by CPU", "budget", "")


def table(findings: Iterable[Finding]) -> str:
    """One line a finding, columns aligned; below, what each number stands beside."""
    findings = list(findings)
    lines = [HEADINGS, *(_cells(finding) for finding in findings)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    figures = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    notes = [f"{finding.name}: {finding.note}" for finding in findings if finding.note]
    return "\n".join([*figures, "", *notes])


def _cells(finding: Finding) -> Sequence[str]:
    return (
        finding.name,
        finding.ours,
        finding.beside,
        _value(finding),
        _spread(finding),
        "" if finding.by_cpu is None else f"{finding.by_cpu:.2f}",
        "" if finding.budget is None else str(finding.budget),
        finding.verdict,
    )


def _value(finding: Finding) -> str:
    if finding.value is None:
        return ""
    if isinstance(finding.budget, AtMost) and finding.budget.unit:
        return f"{finding.value:.3g}{finding.budget.unit}"
    return _number(finding.value)


def _spread(finding: Finding) -> str:
    if finding.lowest is None or finding.highest is None:
        return ""
    return f"{_number(finding.lowest)} to {_number(finding.highest)}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def write_json(measured: Mapping[Row, Sequence[Finding]], file: Path, *, quick: bool) -> None:
    """Writes what each row found into the file; what it has of other rows stays."""
    rows = json.loads(file.read_text("utf-8")) if file.exists() else {}
    of_this_run = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "quick": quick,
    }
    for row, findings in measured.items():
        found = [_as_json(each) for each in findings]
        rows[row.name] = {"about": row.about, **of_this_run, "findings": found}
    file.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _as_json(finding: Finding) -> dict[str, Any]:
    return asdict(finding, filter=lambda field, _: field.name != "budget") | {
        "shown": _value(finding),
        "spread": _spread(finding),
        "budget": None if finding.budget is None else str(finding.budget),
        "verdict": finding.verdict,
    }
