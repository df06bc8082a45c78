"""Measure Manchengo beside what does the same work, and say whether the budgets are kept.

python3 dev.py bench                  every row, at modest sizes
python3 dev.py bench --quick          the same in about a minute, for a first impression
python3 dev.py bench --only fifo      that row alone (may be given several times)
python3 dev.py bench --profile fifo   no measure: where the time of our side goes
python3 dev.py bench --size 10GB      the big database that big; --size 10M: a candidate is looked
                                      up among that many lots; --size full: both
python3 dev.py bench --folder DIR     the databases are made there; big ones stay for the next run
python3 dev.py bench --json FILE      the findings into a JSON file too, beside those of other rows
python3 dev.py bench --strict         exit 1 when a budget is missed
"""

import argparse
import gc
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from manchengo.system import collect_seldom
from tests.bench import (
    audit_page,
    big,
    cold_start,
    csv_import,
    exchange,
    fifo,
    first_exchange,
    labels,
    list_page,
    lookup,
    many,
    rebuild,
    screens,
    single_lot,
    verification,
    written,
)
from tests.bench.report import table, write_json
from tests.bench.row import Finding, Row, Setting

ROWS: dict[str, Row] = {
    row.name: row
    for row in (
        single_lot.ROW,
        fifo.ROW,
        written.ROW,
        lookup.ROW,
        list_page.ROW,
        audit_page.ROW,
        csv_import.ROW,
        rebuild.ROW,
        verification.ROW,
        cold_start.ROW,
        big.IN_USE_ROW,
        big.MEMORY_ROW,
        exchange.ROW,
        first_exchange.ROW,
        many.ROW,
        labels.ROW,
        screens.ROW,
    )
}

LOTS = 1_000_000
SIZE = 200_000_000
QUICK_LOTS = 100_000
QUICK_SIZE = 30_000_000
FULL_LOTS = 10_000_000
FULL_SIZE = 10_000_000_000
FACTORS = {"": 1, "k": 1_000, "M": 1_000_000, "G": 1_000_000_000}


def main(words: Sequence[str]) -> int:
    gc.disable()  # ends here, as in our programs: what exists by now is not looked through
    collect_seldom()  # the programs measured beside ours gain as well
    args = parser().parse_args(words)
    if args.folder is None:
        with TemporaryDirectory(prefix="manchengo-bench-") as folder:
            return run(args, Path(folder))
    args.folder.mkdir(parents=True, exist_ok=True)
    return run(args, args.folder)


def run(args: argparse.Namespace, folder: Path) -> int:
    setting = setting_of(args, folder)
    if args.profile:
        stats = ROWS[args.profile].profiled(setting)
        for order in ("tottime", "cumtime"):
            stats.sort_stats(order).print_stats(30)
        return 0
    measured: dict[Row, list[Finding]] = {}
    for row in [ROWS[name] for name in args.only or ROWS]:
        began = time.monotonic()
        measured[row] = row.measure(setting)
        print(f"{row.name}: {row.about} ({time.monotonic() - began:.0f} s)", file=sys.stderr)
    findings = [each for found in measured.values() for each in found]
    print(table(findings))
    if args.json:
        write_json(measured, args.json, quick=args.quick)
    return int(args.strict and any(finding.missed for finding in findings))


def setting_of(args: argparse.Namespace, folder: Path) -> Setting:
    lots, size = (QUICK_LOTS, QUICK_SIZE) if args.quick else (LOTS, SIZE)
    for word in args.size:
        if word == "full":
            lots, size = FULL_LOTS, FULL_SIZE
        elif word.endswith("B"):
            size = number(word[:-1])
        else:
            lots = number(word)
    return Setting(folder=folder, quick=args.quick, lots=lots, size=size)


def number(word: str) -> int:
    digits, factor = word.rstrip("kMG"), word.lstrip("0123456789")
    return int(digits) * FACTORS[factor]


def a_size(word: str) -> str:
    if word != "full" and not re.fullmatch(r"\d+[kMG]?B?", word):
        raise argparse.ArgumentTypeError(f"{word} is neither like 10GB, nor like 10M, nor full")
    return word


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(
        prog="dev.py bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words.add_argument("--quick", action="store_true")
    words.add_argument("--only", action="append", choices=ROWS, metavar="NAME")
    words.add_argument("--profile", choices=ROWS, metavar="NAME")
    words.add_argument("--size", action="append", default=[], type=a_size)
    words.add_argument("--folder", type=Path)
    words.add_argument("--json", type=Path, metavar="FILE")
    words.add_argument("--strict", action="store_true")
    words.epilog = "Rows: " + ", ".join(ROWS)
    return words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
