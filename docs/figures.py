"""The reference page of what was measured, from the file that `dev.py bench` writes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MEASURED = Path(__file__).with_name("figures.json")
INTRODUCTION = """\
# Figures

What `python3 dev.py bench --json docs/figures.json` measured last, row by row. Most rows do the
same work beside something else, in turn, in one run, and only the ratio of the two (the value)
counts: a slow or busy machine slows both. A value is the median over the rounds, with its spread;
"by CPU" is the same ratio in CPU time. What bounds a figure, and why a budget is missed:
[performance](../performance.md)."""
HEADINGS = ("", "Ours", "Beside", "Value", "Spread", "By CPU", "Budget", "")


def figures() -> str:
    """A table for each row of the bench."""
    rows = json.loads(MEASURED.read_text("utf-8"))
    return "\n\n".join([INTRODUCTION, *(_row(name, rows[name]) for name in sorted(rows))])


def _row(name: str, row: dict[str, Any]) -> str:
    machine = f"{row['cores']} processors, {row['system']}, Python {row['python']}"
    how = f"{row['at'][:10]}{', `--quick`' if row['quick'] else ''}; {machine}"
    about = f"{row['about'][0].upper()}{row['about'][1:]} ({how})."
    findings = row["findings"]
    lines = [HEADINGS, tuple("---" for _ in HEADINGS), *(_cells(each) for each in findings)]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    notes = "\n".join(f"* {each['name']}: {each['note']}" for each in findings if each["note"])
    return f"## `{name}`\n\n{about}\n\n{table}\n\n{notes}".strip()


def _cells(finding: dict[str, Any]) -> Iterator[str]:
    by_cpu = finding["by_cpu"]
    yield finding["name"]
    yield finding["ours"]
    yield finding["beside"]
    yield finding["shown"]
    yield finding["spread"]
    yield "" if by_cpu is None else f"{by_cpu:.2f}"
    yield finding["budget"] or ""
    yield f"**{finding['verdict']}**" if finding["verdict"] == "missed" else finding["verdict"]
