"""The findings, as a table for people and as a file for machines."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from attrs import asdict

from tests.bench.row import AtMost, Finding

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
    spread = ""
    if finding.lowest is not None and finding.highest is not None:
        spread = f"{finding.lowest:.2f} to {finding.highest:.2f}"
    return (
        finding.name,
        finding.ours,
        finding.beside,
        _value(finding),
        spread,
        "" if finding.by_cpu is None else f"{finding.by_cpu:.2f}",
        "" if finding.budget is None else str(finding.budget),
        finding.verdict,
    )


def _value(finding: Finding) -> str:
    if finding.value is None:
        return ""
    if isinstance(finding.budget, AtMost) and finding.budget.unit:
        return f"{finding.value:.3g}{finding.budget.unit}"
    return f"{finding.value:.2f}"


def write_json(findings: Iterable[Finding], file: Path) -> None:
    document = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "findings": [
            asdict(finding, filter=lambda field, _: field.name != "budget")
            | {
                "budget": None if finding.budget is None else str(finding.budget),
                "verdict": finding.verdict,
            }
            for finding in findings
        ],
    }
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
