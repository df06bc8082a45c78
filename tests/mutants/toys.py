"""Trials of nothing, one for each way in which a trial ends; each leaves a file when it is over."""

import atexit
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from attrs import frozen

from tests.mutants.running import run_all
from tests.mutants.source import Change

WAYS = ("succeeds", "succeeds-coded", "fails", "skips", "crashes", "dies")


@frozen
class Toy:
    name: str
    folder: Path
    changes: Sequence[Change] = ()

    def succeeds(self) -> bool:
        if self.name == "succeeds-coded":
            atexit.register(os._exit, 255)
        atexit.register((self.folder / self.name).touch)
        print(f"it {self.name}")
        match self.name:
            case "skips":
                pytest.skip("nothing to try it on")
            case "crashes":
                raise ZeroDivisionError
            case "dies":
                (self.folder / self.name).touch()
                os._exit(0)
            case _:
                return self.name.startswith("succeeds")


def main(folder: str) -> None:
    """Print how each ended, and what it printed."""
    for outcome in run_all([Toy(way, Path(folder)) for way in WAYS], at_once=2):
        print(outcome.name, outcome.result.name, *outcome.output.split())


if __name__ == "__main__":
    main(sys.argv[1])
