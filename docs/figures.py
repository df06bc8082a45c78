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
BUDGETS = ("", "Value", "By CPU", "Budget", "")
HEADINGS = ("", "Ours", "Beside", "Value", "Spread", "By CPU", "Budget", "")


def figures() -> str:
    """The budgets, then a table for each row of the bench."""
    rows = dict(sorted(json.loads(MEASURED.read_text("utf-8")).items()))
    budgets = [
        (each["name"], each["shown"], _by_cpu(each), each["budget"], _verdict(each))
        for row in rows.values()
        for each in row["findings"]
        if each["budget"]
    ]
    kept = "## All budgets\n\n" + _table(BUDGETS, budgets)
    return "\n\n".join([INTRODUCTION, kept, *(_row(*each) for each in rows.items())])


def _row(name: str, row: dict[str, Any]) -> str:
    machine = f"{row['cores']} processors, {row['system']}, Python {row['python']}"
    how = f"{row['at'][:10]}{', `--quick`' if row['quick'] else ''}; {machine}"
    about = f"{row['about'][0].upper()}{row['about'][1:]} ({how})."
    findings = row["findings"]
    table = _table(HEADINGS, [tuple(_cells(each)) for each in findings])
    notes = "\n".join(f"* {each['name']}: {each['note']}" for each in findings if each["note"])
    return f"## `{name}`\n\n{about}\n\n{table}\n\n{notes}".strip()


def _table(headings: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    rule = tuple("---" for _ in headings)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, rule, *lines))


def _cells(finding: dict[str, Any]) -> Iterator[str]:
    yield finding["name"]
    yield finding["ours"]
    yield finding["beside"]
    yield finding["shown"]
    yield finding["spread"]
    yield _by_cpu(finding)
    yield finding["budget"] or ""
    yield _verdict(finding)


def _by_cpu(finding: dict[str, Any]) -> str:
    return "" if finding["by_cpu"] is None else f"{finding['by_cpu']:.2f}"


def _verdict(finding: dict[str, Any]) -> str:
    return "**missed**" if finding["verdict"] == "missed" else str(finding["verdict"])
