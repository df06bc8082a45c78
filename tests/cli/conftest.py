"""A small dairy for each test: built once by the commands themselves, then copied."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from manchengo import SystemClock
from tests.cli.apart import Apart
from tests.cli.running import done
from tests.support.cheap_keys import cheap_keys
from tests.support.signed_in import copy_database

DAY = "2026-11-20"
TODAY = date(2026, 11, 24)

A_DAIRY = (
    "product add LAIT Lait --kind MP --unit L --shelf-life 4 --price 62",
    "product add SEL Sel --kind MP --unit kg --price 45",
    "product add GOUDA Gouda --kind PF --unit kg --price 1650 --shelf-life 120",
    "supplier add F001 Djebbar --phone 0566636685 --nif 139986987973091",
    "client add C1 Ziani --category detail --freshness 10",
    "client add C2 Taleb",
    "price-list add DETAIL Détail",
    "price-list set-price DETAIL GOUDA 1700 --from 2026-11-01",
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


@contextmanager
def working_in(database: Path) -> Iterator[None]:
    """No database, passphrase, user, width or day of the machine that runs the tests."""
    with pytest.MonkeyPatch.context() as patch, cheap_keys():
        patch.setattr(SystemClock, "today", lambda _: TODAY)
        for name in ("USER", "PASSPHRASE", "PASSPHRASE_FILE", "LANG", "DEBUG"):
            patch.delenv(f"MANCHENGO_{name}", raising=False)
        patch.setenv("MANCHENGO_DB", str(database))
        patch.setenv("COLUMNS", "100")
        patch.chdir(database.parent)
        yield


@pytest.fixture(autouse=True)
def alone(tmp_path: Path) -> Iterator[None]:
    with working_in(tmp_path / "atelier.db"):
        yield


@pytest.fixture(scope="session")
def dairy_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of ``A_DAIRY``, in clear: that it can be encrypted is tested elsewhere."""
    path = tmp_path_factory.mktemp("dairy") / "atelier.db"
    done("init", "--db", str(path), "--admin", "amina", "--clear")
    done("login", "--db", str(path), "--minutes", "720")
    for words in A_DAIRY:
        done("--db", str(path), *words.split())
    return path


@pytest.fixture
def dairy(dairy_file: Path, tmp_path: Path) -> Path:
    """A copy of it, where commands look for one."""
    path = tmp_path / "atelier.db"
    copy_database(dairy_file, path)
    return path


@pytest.fixture(scope="session")
def made_apart(dairy_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Apart:
    path = tmp_path_factory.mktemp("apart") / dairy_file.name
    copy_database(dairy_file, path)
    with working_in(path):
        return Apart.of(path)


@pytest.fixture
def apart(made_apart: Apart, dairy: Path) -> Apart:
    """An office and a telephone that know the same, and nothing is in conflict yet."""
    return made_apart.copied(dairy.parent)


@pytest.fixture(scope="session")
def made_pouring_twice(made_apart: Apart, tmp_path_factory: pytest.TempPathFactory) -> Apart:
    apart = made_apart.copied(tmp_path_factory.mktemp("poured-twice"))
    with working_in(apart.office):
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


@pytest.fixture
def poured_twice(made_pouring_twice: Apart, dairy: Path) -> Apart:
    """Both poured the five hundred litres that are left of L2; the office was heard first."""
    return made_pouring_twice.copied(dairy.parent)
