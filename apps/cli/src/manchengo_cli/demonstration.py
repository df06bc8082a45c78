"""A day at the dairy: real commands, on a real encrypted database, read on a telephone's screen.

Every line after a ``$`` is run as it stands, by the same ``main`` as in a terminal; only the place
of the database, its passphrase and that of its people are given beside, in the environment.
"""

import csv
import os
import secrets
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path

from manchengo import SystemClock
from manchengo.system import new_private_file
from manchengo_cli import layout
from manchengo_cli.demo_database import columns, say, tell, type_in
from manchengo_cli.demo_two_devices import next_day
from manchengo_cli.passphrase import FILE, VARIABLE
from manchengo_cli.person_secret import FILE as PIN_FILE
from manchengo_presenters.formatting import day, duration
from manchengo_presenters.language import N_, _
from manchengo_workplace.failures import Failure

DATABASE, PHRASE = "atelier.db", "phrase.txt"


@dataclass(frozen=True)
class Step:
    """What happens at the dairy, and what is typed for it."""

    story: str
    typed: tuple[str, ...]


DAY = (
    Step(
        N_("The computer is new: make an encrypted database."),
        ("manchengo init --admin amina",),
    ),
    Step(
        N_("Bring in the files of the office."),
        (
            "manchengo import suppliers fournisseurs.csv",
            "manchengo import clients clients.csv",
            "manchengo import products produits.csv",
            "manchengo import recipes recettes.csv",
            "manchengo import lots lots_mp.csv",
        ),
    ),
    Step(
        N_("6:30. The milk of the Belkacem farm comes in."),
        ("manchengo receive LAIT-V 540 --supplier F002 --code LAIT-1",),
    ),
    Step(
        N_("8:00. Fresh cheese: the oldest lots go first, nobody has to choose them."),
        ("manchengo produce FRAIS-250 800 --obtained 792 --code OF-1",),
    ),
    Step(
        N_("11:00. Two clients order; their pots are kept for them."),
        (
            "manchengo sell C0002 FRAIS-250=120 --code CC-1",
            "manchengo sell C0003 FRAIS-250=80 --code CC-2",
        ),
    ),
    Step(
        N_("14:00. The van leaves."),
        ("manchengo deliver CC-1 --code BL-1", "manchengo deliver CC-2 --code BL-2"),
    ),
    Step(
        N_("17:00. What is really left in the tank is counted."),
        ("manchengo count LAIT-1 538,5 --reason inventaire",),
    ),
    Step(N_("What is there tonight?"), ("manchengo stock",)),
    Step(
        N_("18:00. The laboratory calls: antibiotics in the milk of lot MP-00001. Who has some?"),
        ("manchengo recall MP-00001 --reason antibiotiques",),
    ),
    Step(
        N_("One more try to sell what was recalled: refused."),
        ("manchengo sell C0001 FRAIS-250=10 --code CC-3",),
    ),
    Step(
        N_("Was anything changed behind our back?"),
        ("manchengo verify",),
    ),
)
REFUSED_ON_PURPOSE = "manchengo sell C0001 FRAIS-250=10 --code CC-3"


def demonstrate(keep: Path | None) -> int:
    """The whole day; the exit code of the first command that failed, else 0."""
    began = time.monotonic()
    with folder(keep) as place, layout.columns(columns()):
        phrase = secrets.token_urlsafe(12)
        with new_private_file(place / PHRASE) as file:
            file.write(phrase.encode())
        copy_sample(place, SystemClock().today())
        surroundings = {"MANCHENGO_DB": DATABASE, VARIABLE: phrase, PIN_FILE: str(place / PHRASE)}
        if keep is None:
            surroundings["XDG_RUNTIME_DIR"] = str(place)  # its sessions are thrown away too
        with (
            environment(surroundings, without=(FILE, "MANCHENGO_USER")),
            inside(place),
            redirect_stderr(sys.stdout),
        ):
            code = run_all(place) or next_day()
        if code == 0:
            farewell(keep, time.monotonic() - began)
    return code


def run_all(place: Path) -> int:
    """Tell and type the whole day; the exit code of the first command that fails, but for the one
    that is refused on purpose.
    """
    for step in DAY:
        tell(_(step.story))
        for typed in step.typed:
            code = type_in(typed)
            if bool(code) != (typed == REFUSED_ON_PURPOSE):
                return code or 1
        if step is DAY[0]:
            say(noise(place / DATABASE))
    return 0


def noise(database: Path) -> str:
    """The first bytes of the file, where a database in clear says ``SQLite format 3``."""
    with database.open("rb") as file:
        start = file.read(8).hex(" ")
    return _("The file begins with {bytes}…: noise without the key.").format(bytes=start)


def farewell(kept: Path | None, seconds: float) -> None:
    """Print how long the day took, in ``seconds``, and where its database is kept."""
    say(
        "",
        _("The day is over, in {elapsed}.").format(
            elapsed=duration(timedelta(seconds=round(seconds)))
        ),
        _("The database is kept in {folder}.").format(folder=kept)
        if kept
        else _("The database is thrown away."),
        "",
        _("Try next:"),
    )
    for words in next_commands(kept):
        print("\n".join(layout.to_copy(words)))


def next_commands(kept: Path | None) -> list[list[str]]:
    """Three commands that work as they are printed, from the folder the person is in."""
    *before, program = our_name()
    if kept is None:
        commands, here = ("demo --keep essai", "import --help", "init --help"), []
    else:
        commands = ("trace PF-OF-1", "lots", "movements MP-00002")
        here = [
            f"--db {shlex.quote(str(kept / DATABASE))}",
            f"--passphrase-file {shlex.quote(str(kept / PHRASE))}",
        ]
    return [[*before, f"{program} {each}", *here] for each in commands]


def our_name() -> list[str]:
    """How this program is called here: by its name, or through ``dev.py`` in its own folder."""
    beside = Path(sys.prefix).parent / "dev.py"
    if not beside.exists():
        return ["manchengo"]
    return ["python3", shlex.quote(os.path.relpath(beside)), "run manchengo"]


# --------------------------------------------------------------------------- its surroundings


@contextmanager
def folder(keep: Path | None) -> Iterator[Path]:
    """A folder removed at the end, or the one to keep, which must be new or empty."""
    if keep is None:
        temporary = Path(tempfile.mkdtemp(prefix="manchengo-"))
        try:
            yield temporary
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return
    keep.mkdir(parents=True, exist_ok=True)
    if any(keep.iterdir()):
        raise Failure(
            "FolderNotEmpty",
            N_("The folder {path} holds something already. Choose a new one."),
            {"path": str(keep)},
        )
    yield keep.resolve()


@contextmanager
def environment(given: Mapping[str, str], *, without: tuple[str, ...]) -> Iterator[None]:
    """Meanwhile the process has these variables, and not those named in ``without``."""
    before = dict(os.environ)
    os.environ.update(given)
    for name in without:
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def inside(place: Path) -> Iterator[None]:
    """Meanwhile that is the working folder."""
    before = Path.cwd()
    os.chdir(place)
    try:
        yield
    finally:
        os.chdir(before)


def copy_sample(place: Path, today: date) -> None:
    """The sample's files, its dates moved so that its last lots came in yesterday."""
    files = list(resources.files("manchengo_cli.sample").iterdir())
    tables = {
        file.name: list(csv.reader(file.read_text(encoding="utf-8").splitlines(), delimiter=";"))
        for file in files
        if file.name.endswith(".csv")
    }
    latest = max(_dates(tables["lots_mp.csv"], "date_reception"))
    later = today - timedelta(days=1) - latest
    for name, rows in tables.items():
        moved = [[_moved(cell, later) for cell in row] for row in rows]
        with (place / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(moved)


def _dates(rows: list[list[str]], column: str) -> Iterator[date]:
    place = rows[0].index(column)
    for row in rows[1:]:
        yield datetime.strptime(row[place], "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone


def _moved(cell: str, later: timedelta) -> str:
    try:
        return day(datetime.strptime(cell, "%d/%m/%Y").date() + later)  # noqa: DTZ007 - as above
    except ValueError:
        return cell
