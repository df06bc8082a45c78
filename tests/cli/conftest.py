"""A small dairy for each test: built once by the commands themselves, then copied."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from manchengo import SystemClock
from tests.cli.apart import Apart
from tests.cli.running import done
from tests.support.cheap_keys import cheap_keys
from tests.support.signed_in import bring_people

DAY = "2026-11-20"
TODAY = date(2026, 11, 24)

A_DAIRY = (
    "product add LAIT Lait --kind MP --unit L --shelf-life 4 --price 62",
    "product add SEL Sel --kind MP --unit kg --price 45",
    "product add GOUDA Gouda --kind PF --unit kg --price 1650 --shelf-life 120",
    "supplier add F001 Djebbar --phone 0566636685 --nif 139986987973091",
    "client add C1 Ziani --category detail --freshness 10",
    "client add C2 Taleb",
    "recipe add GOUDA --batch 100 LAIT=1000 SEL=2 --from 2026-01-01",
    f"receive LAIT 600 --supplier F001 --code L1 --reference BL-7 --on {DAY}",
    f"receive LAIT 900 --supplier F001 --code L2 --on {DAY} --expires 2026-11-26",
    f"receive SEL 25 --supplier F001 --code S1 --on {DAY}",
    f"produce GOUDA 100 --obtained 97,3 --code OF-1 --on {DAY}",
    f"sell C1 GOUDA=22@1700 --code CC-1 --on {DAY}",
    f"deliver CC-1 --code BL-1 --carrier Karim --on {DAY}",
    f"sell C2 GOUDA=5 --code CC-2 --on {DAY}",
)
"""A hundred kilograms of Gouda from two lots of milk; a client served, another waiting."""


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No database, passphrase, user, width or day of the machine that runs the tests."""
    monkeypatch.setattr(SystemClock, "today", lambda _: TODAY)
    for name in ("USER", "PASSPHRASE", "PASSPHRASE_FILE", "LANG", "DEBUG"):
        monkeypatch.delenv(f"MANCHENGO_{name}", raising=False)
    monkeypatch.setenv("MANCHENGO_DB", str(tmp_path / "atelier.db"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    with cheap_keys():
        yield


@pytest.fixture(scope="session")
def dairy_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of ``A_DAIRY``, in clear: that it can be encrypted is tested elsewhere."""
    path = tmp_path_factory.mktemp("dairy") / "atelier.db"
    with cheap_keys():
        done("init", "--db", str(path), "--admin", "amina", "--clear")
        done("login", "--db", str(path), "--minutes", "720")
    for words in A_DAIRY:
        done("--db", str(path), *words.split())
    return path


@pytest.fixture
def dairy(dairy_file: Path, tmp_path: Path) -> Path:
    """A copy of it, where commands look for one."""
    path = tmp_path / "atelier.db"
    shutil.copyfile(dairy_file, path)
    bring_people(dairy_file, path)
    return path


@pytest.fixture
def apart(dairy: Path) -> Apart:
    """An office and a telephone that know the same, and nothing is in conflict yet."""
    return Apart.of(dairy)


@pytest.fixture
def poured_twice(apart: Apart) -> Apart:
    """Both poured the five hundred litres that are left of L2; the office was heard first."""
    done("production", "plan", "GOUDA", "40", "--code", "OF-2", "--on", DAY)
    done("production", "plan", "GOUDA", "41", "--code", "OF-3", "--on", DAY)
    newer = ("--code", "L3", "--expires", "2026-11-29", "--on", DAY)
    done("receive", "LAIT", "500", "--supplier", "F001", *newer)
    apart.exchange(apart.office, apart.phone)
    done("production", "start", "OF-2", "--on", DAY)
    done("production", "pour", "OF-2", "L2", "400", "--on", DAY)
    apart.on_phone("production", "start", "OF-3", "--on", DAY)
    apart.on_phone("production", "pour", "OF-3", "L2", "410", "--on", DAY)
    apart.exchange(apart.office, apart.phone)
    return apart
