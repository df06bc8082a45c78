"""The reference pages that the code can write about itself, so that they never tell another story.

    python3 dev.py docs            write the pages that changed
    python3 dev.py docs --check    write nothing; exit 1 when a page is stale

A page is a function from the code to its text. What has no sentence where it needs one is a fault
that stops the writing.
"""

import inspect
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from pkgutil import walk_packages
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from attrs import NOTHING, Attribute, fields, has
from figures import figures
from rights import permissions
from supply_chain import licences

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
GOLDEN = ROOT / "tests" / "golden" / "events"
NOTICE = "<!-- Written by docs/generate.py: change the code, then run `python3 dev.py docs`. -->"


def main(words: list[str]) -> int:
    stale = []
    for page, write in PAGES.items():
        path = REFERENCE / page
        text = f"{NOTICE}\n\n{write().strip()}\n"
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(page)
            if "--check" not in words:
                path.write_text(text, encoding="utf-8", newline="\n")
    for page in stale:
        print(f"{'stale' if '--check' in words else 'written'}: docs/reference/{page}")
    return 1 if stale and "--check" in words else 0


# ---------------------------------------------------------------- refusals and faults


def errors() -> str:
    import manchengo
    from manchengo.domain.errors import Refused
    from manchengo.ports import storage_errors
    from manchengo_sqlite.errors import StorageError

    for module in walk_packages(manchengo.__path__, "manchengo."):
        __import__(module.name)
    ours = [error for error in _below(Exception) if error.__module__.startswith("manchengo.")]
    faults = [
        error
        for error in ours
        if not issubclass(error, (Refused, storage_errors.StorageError))
        and not error.__name__.startswith("_")
    ]
    return f"""
# Errors

`Refused` is the base of every refusal: the rules do not allow what a person wanted to do. Any other
exception is a failure of the machine or a bug. An error carries facts: its French sentence is in
`manchengo_presenters.refusals`, and `str` gives its name and its facts in English. A refused
command changes nothing, and is recorded in `audit_log`.

## Refused by a rule

{_error_table(_below(Refused))}

## Stored data cannot be used

{_error_table(faults)}

## The database cannot be used

`manchengo_sqlite` raises these and nothing else. When a database cannot be opened, its file is not
changed. Errors that every database can have derive from the errors of the same name in
`manchengo.ports.storage_errors`: catch those, and you catch them of SQLite and of PostgreSQL.

{_error_table(_below(StorageError))}
"""


def _error_table(errors: Iterable[type[Exception]]) -> str:
    rows = [
        f"| `{error.__name__}` | {_idea(error)} | {_facts(error)} |"
        for error in sorted(set(errors), key=lambda error: error.__name__)
    ]
    return "\n".join(["| Error | Means | Facts |", "|---|---|---|", *rows])


def _below(error: type[Exception]) -> Iterator[type[Exception]]:
    """Every class of ours under this one."""
    for child in error.__subclasses__():
        # To make slots attrs makes the class twice, and the first may still be about.
        whole = getattr(sys.modules.get(child.__module__), child.__name__, None) is child
        if whole and child.__module__.startswith("manchengo"):
            yield child
            yield from _below(child)


def _facts(kind: type) -> str:
    facts = [f"`{fact.name}` {_type(fact.type)}" for fact in _known(kind)]
    for part in [part for fact in _known(kind) for part in _parts(fact.type)]:
        if has(part) and part.__module__ == kind.__module__:  # described nowhere else
            facts.append(f"each {part.__name__} with {_facts(part)}")
    return ", ".join(facts) or "none"


def _known(kind: type) -> "tuple[Attribute[Any], ...]":
    return fields(kind) if has(kind) else ()


# ---------------------------------------------------------------- events and commands


def events() -> str:
    from manchengo.events import EVENTS

    sections = []
    for kind, names in _by_kind(EVENTS).items():
        parts = [f"## {kind.replace('_', ' ').capitalize()}"]
        for name in names:
            schema = EVENTS[name]
            parts.append(f"### `{name}`, version {schema.version}")
            parts.append(f"{_class(schema.type)}\n\n{_fields(schema.type)}")
            parts.extend(_golden(name, version) for version in range(1, schema.version + 1))
        sections.append("\n\n".join(part for part in parts if part))
    return f"""
# Events

What the log holds, for ever. A stored name never changes; a version is readable by every later
release. A payload is JSON with sorted keys. Identifiers are UUID text, dates `YYYY-MM-DD`, and
"or none" is `null`. *Optional* concerns whoever makes a value: stored, it is always written. The
examples are those of `tests/golden/events/`.
[Add an event version](../how-to/add-an-event-version.md) tells how one changes.

{chr(10).join(f"{section}{chr(10)}" for section in sections)}
## Values inside events

{_values(_inside_events())}
"""


def commands() -> str:
    from manchengo.commands import COMMANDS, NEEDS, NEEDS_OF_ONESELF

    seen: list[type] = []
    sections = []
    for kind, names in _by_kind(COMMANDS).items():
        parts = [f"## {kind.replace('_', ' ').capitalize()}"]
        for name in names:
            command = COMMANDS[name].type
            _remember(command, seen)
            parts.append(f"### {command.__name__}")
            own = NEEDS_OF_ONESELF.get(command)
            about_oneself = f" (about oneself `{own}`)" if own else ""
            needs = f"`{name}`, needs `{NEEDS[command]}`{about_oneself}."
            parts.append(f"{needs} {_idea(command)}".strip())
            parts.append(_fields(command))
        sections.append("\n\n".join(parts))
    inside_events = _inside_events()
    only_here = [kind for kind in seen if kind not in inside_events]
    return f"""
# Commands

Every command, with the permission it needs. `on` is the business date. A field marked *optional*
may be left out. All commands are in `manchengo.commands`; the values inside them are described with
the [events](events.md#values-inside-events), or below if no event has them. The page
[permissions](permissions.md) says which role has which permission.

{chr(10).join(f"{section}{chr(10)}" for section in sections)}
## Values inside commands only

{_values(only_here)}
"""


def _inside_events() -> list[type]:
    from manchengo.events import EVENTS

    seen: list[type] = []
    for schema in EVENTS.values():
        _remember(schema.type, seen)
    return seen


def _by_kind(schemas: dict[str, Any]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for name in schemas:
        kinds.setdefault(name.partition(".")[0], []).append(name)
    return kinds


def _class(kind: type) -> str:
    return f"`{kind.__name__}`. {_idea(kind)}".strip()


def _fields(kind: type) -> str:
    lines = [f"* `{each.name}`: {_type(each.type)}{_optional(each)}" for each in fields(kind)]
    return "\n".join(lines) or "It has no fields."


def _optional(field: "Attribute[Any]") -> str:
    return "" if field.default is NOTHING else ", optional"


def _golden(name: str, version: int) -> str:
    """The example that is kept for ever, to the byte."""
    path = GOLDEN / f"{name}.v{version}.json"
    example = path.read_text("utf-8").strip() if path.exists() else "{}"
    return "" if example == "{}" else f"```json\n{example}\n```"


def _remember(kind: Any, seen: list[type]) -> None:
    """Every value that a reader of this class meets, however deep, each once."""
    for each in fields(kind):
        for part in _parts(each.type):
            if isinstance(part, type) and part not in seen:
                if has(part):
                    seen.append(part)
                    _remember(part, seen)
                elif issubclass(part, StrEnum):
                    seen.append(part)


def _parts(annotation: Any) -> Iterator[Any]:
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for part in inner:
        yield from _parts(part)


def _values(seen: list[type]) -> str:
    parts = []
    for kind in sorted(seen, key=lambda kind: (kind.__name__, kind.__module__)):
        parts.append(f"### {kind.__name__}")
        parts.append(f"From `{kind.__module__}`. {_idea(kind)}".strip())
        if issubclass(kind, StrEnum):
            parts.append(f"One of {', '.join(f'`{choice.value}`' for choice in kind)}.")
        else:
            parts.append(_fields(kind))
    return "\n\n".join(parts)


# ---------------------------------------------------------------- tables


LOG = {
    "_commits": "One row for each commit: who, when, which command, and its seal.",
    "_events": "The events of each commit, in order. `version` is the position in its stream that "
    "the author expected, `position` its position here.",
    "_devices": "The last commit in the hash chain of each device.",
    "_sync_queue": "The pending commits: not yet seen in the plant's log.",
    "_log": "The plant's one log as far as this device holds it: the number and the verdict of "
    "each commit. A parked commit has a second row once it is judged.",
    "_events_set_aside": "Events that commits recorded and that have no effect: of rejected and "
    "parked commits, of commits whose lots were allocated again, or rolled back while the log is "
    "applied.",
    "event_log": "A SQL view for people and tools: each event with its whole envelope, ids in "
    "hexadecimal, payload as text.",
}
DEVICE = {
    "_config": "Settings of this device; they are never exchanged.",
    "_migrations": "The migrations that were applied to this file.",
    "audit_log": "The audit of this device: refusals, sign-ins, and operations on the file itself, "
    "such as a backup or a rebuild. A chain: each row has the hash of the one before. What people "
    "recorded is in the log.",
    "device_audit": "At a server: the audit records that devices sent. Empty on a device.",
    "qr_scans": "Codes that were scanned, and the outcome.",
}
REFERENCE_ROWS = {
    "ref_units": "Units; `factor` is the size in the smallest unit of the dimension.",
    "ref_categories": "The kinds of client to choose from.",
    "ref_wilayas": "The wilayas.",
    "ref_communes": "The communes, by their ONS code. Before `valid_from`, a commune belongs to "
    "`previous_wilaya_code`.",
    "ref_vat_rates": "Dated TVA rates with their source.",
    "ref_stamp_duty": "Dated bands of the droit de timbre with their source.",
}


def tables() -> str:
    from manchengo.ports.rows import VIEWS

    groups = {
        "The log": LOG,
        "This device": DEVICE,
        "The views": {kind.TABLE: _row_notes(kind) for kind in VIEWS},
        "Reference rows": REFERENCE_ROWS,
    }
    found = _columns()
    described = {name for group in groups.values() for name in group}
    assert described == found.keys(), f"not described, or gone: {described ^ found.keys()}"
    sections = []
    for title, group in groups.items():
        parts = [f"## {title}"]
        parts += [f"### `{name}`\n\n{text}\n\n{found[name]}" for name, text in group.items()]
        sections.append("\n\n".join(parts))
    return f"""
# Tables

All tables are `STRICT`. Ids and hashes are BLOBs, quantities whole thousandths of the row's unit,
money whole centimes, dates ISO text, yes or no 1 or 0. Below, **bold** is the primary key and a
question mark a column that may be empty. The log is the source of truth: every view row belongs to
one aggregate, and is rebuilt from the events of that aggregate alone (`manchengo rebuild`).

{(chr(10) * 2).join(sections)}
"""


def _columns() -> dict[str, str]:
    """Each table and SQL view of a new database, with its columns."""
    from manchengo_sqlite import SqliteStore

    with (
        tempfile.TemporaryDirectory() as folder,
        SqliteStore.open(Path(folder) / "new.db", key=None, create=True) as store,
        store.engine.connect() as connection,
    ):
        made = connection.exec_driver_sql(
            "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view')"
            " AND name NOT LIKE 'sqlite_%'"
        ).all()
        described = {}
        for name, kind in made:
            columns = connection.exec_driver_sql(f'PRAGMA table_info("{name}")').all()
            described[name] = ", ".join(_column(kind, *column) for column in columns)
        return described


def _column(made: str, _: int, name: str, kind: str, required: int, __: Any, key: int) -> str:
    if made == "view":
        return f"`{name}`"
    mark = "**" if key else ""
    return f"{mark}`{name}`{mark} {kind}{'' if required or key else '?'}"


def _row_notes(kind: type) -> str:
    """What a row class says, and, of the classes it derives from, what they say of columns: all
    but their first paragraph.
    """
    from manchengo.ports.rows import Row

    shared = [each for each in kind.__mro__[1:] if issubclass(each, Row) and each is not Row]
    columns = (inspect.cleandoc(each.__doc__ or "").partition("\n\n")[2] for each in shared)
    return " ".join([_idea(kind), *filter(None, map(_paragraph, columns))])


# ---------------------------------------------------------------- the command line


def command_line() -> str:
    import typer

    from manchengo_cli.main import app
    from manchengo_cli.session_options import OPTIONS, QUERY, options_of
    from manchengo_presenters.language import use

    use("en")
    common = (*options_of(QUERY), *options_of(tuple(OPTIONS)))
    known = {option.name: option for option in common}
    root = typer.main.get_command(app)
    sections = list(_sections(root, root.context_class(root, info_name="manchengo"), set(known)))
    return f"""
# The command line

`manchengo COMMAND --help` shows the same in French (in English with `MANCHENGO_LANG=en`). Exit
codes: 0 done, 1 refused by a rule, 2 wrong command line, 3 a failure of the machine, 130
interrupted. With `--json` an answer is [JSON](json.md), and so is a refusal.

The database is `--db`, else `MANCHENGO_DB`, else the usual place of the computer. Without a
terminal the passphrase comes from the file that `MANCHENGO_PASSPHRASE_FILE` names, or from
`MANCHENGO_PASSPHRASE`. `NO_COLOR` is respected.

## Options of every command

Commands that change something also have those of a date and of a command id.

{_options(known.values())}

{(chr(10) * 2).join(sections)}
"""


def _sections(command: Any, ctx: Any, common: set[str]) -> Iterator[str]:
    """One section a command, those of a group after the group's own."""
    from manchengo_cli.typer_commands import paragraphs

    children = command.list_commands(ctx) if hasattr(command, "list_commands") else []
    if ctx.parent is not None:
        own = [each for each in command.params if each.name not in common]
        usage = "" if children else f"`{command.get_usage(ctx).partition(': ')[2]}`"
        example = f"```console\n{_prompted(command.epilog)}\n```" if command.epilog else ""
        heading = "#" * len(ctx.command_path.split())
        parts = [
            f"{heading} `{ctx.command_path}`",
            usage,
            "\n\n".join(paragraphs(command)),
            _options(own),
            example,
        ]
        yield "\n\n".join(part for part in parts if part)
    for name in children:
        child = command.get_command(ctx, name)
        yield from _sections(child, child.context_class(child, ctx, name), common)


def _options(parameters: Iterable[Any]) -> str:
    lines = []
    for each in parameters:
        positional = each.param_type_name == "argument"
        notes = [each.help or "", "Required." if each.required and not positional else ""]
        notes.append("May be given several times." if each.multiple and not positional else "")
        if each.help or not positional:
            words = " ".join(filter(None, notes))
            lines.append(f"* `{_written(each)}`{': ' if words else ''}{words}")
    return "\n".join(lines)


def _written(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    return names if parameter.is_flag else f"{names} {parameter.metavar or parameter.name.upper()}"


def _prompted(examples: str) -> str:
    return "\n".join(f"$ {line}" for line in examples.splitlines())


# ---------------------------------------------------------------- files to import


def import_files() -> str:
    from manchengo_files.kinds import KINDS
    from manchengo_files.kinds.line import fields_of, heading_of
    from manchengo_files.kinds.names import FRENCH

    sections = []
    for kind in KINDS.values():
        rows = [
            f"| `{column.name}` | {'yes' if column.required else ''} | {_synonyms(column)} |"
            for column in fields_of(kind.line)
        ]
        table = ["| Column | Required | Also known as |", "|---|---|---|", *rows]
        together = ", ".join(f"`{heading_of(kind.line, field)}`" for field in kind.group)
        grouped = f"\n\nRows with the same {together} belong together." if together else ""
        if kind.change:
            grouped += f"\n\n{_updated(kind)}"
        french = ", ".join(f"`{name}`" for name in FRENCH[kind.kind])
        title = f"## `{kind.kind}`\n\nIn French: {french}.\n\n"
        sections.append(title + "\n".join(table) + grouped)
    return f"""
# Files to import

One section a kind of file, for `manchengo import KIND FILE`. Names of columns are compared
without accents, case, spaces, punctuation and small words, so `Date de réception` is
`date_reception` and `N° de lot` is `numero_lot`. Columns may be in any order; an unknown one is
ignored, with a warning. CSV (`;`, `,`, tab or `|`; UTF-8, UTF-16, cp1252, ISO-8859-15
or cp850) and Excel (.xlsx) are read alike.

The header must be in the first 30 rows that are not blank; a title may be above it. Of a
workbook, the visible sheet that has every required column is read, or the one that `--sheet NAME`
names; where several have them, one must be named. A row of totals and a header that comes again
are left aside, and said.

A header may say more in brackets: the unit of quantities (`Quantité (L)`) or of a price (`Prix
(DA/kg)`), which must be the unit of the row or else the one in which its product is kept; or how
days are written (`Date (jj/mm/aaaa)`).

Numbers are written `1250,5` or `1250.5`, days `23/04/2026` or `2026-04-23`. A column writes them
in one way, which its cells show together: with `12.500,75` in it, `1.250` is 1 250. Three digits
behind one mark (`1.250`, `1,250`) have two readings where nothing in the column decides: the row
is refused with both, until `--decimal-mark ,` or `--decimal-mark .` says it. Days come first.
Where a cell of the column has the month first (`10/20/2026`), those with two readings
(`09/10/2026`) are refused too, until `--date-order jma` or `--date-order mja` says it.

Of a workbook, a cell is what a person sees: the number 42 under the format `0000` is the code
`0042`, 0.19 under `0%` is `19%`. What a format rounds away is still there, and refused where it
is too fine. A unit behind a figure (`12,5 kg`) must be that of the product, as one in a header.

A code is compared as people read it: one that differs from a recorded supplier, client or product
in case or spaces only is refused, with its spelling in the register. A barcode is of one product.
Pieces and cartons are whole.

Rows that belong together (the lines of an order) are one entry wherever they are in the file. They
are recorded together or refused together, each with its reason.

`--update` changes what is recorded already, in suppliers, clients, products, prices and recipes
([how to](../how-to/update-a-price-list.md)): only the columns that the file has, and what differs.
An empty cell changes nothing. A new code is registered if the row has every required column. Rows
with the same code make one change; if two contradict each other, both are refused. A row with only
one of `adresse` and `ville` is refused if both are recorded as one text.

{(chr(10) * 2).join(sections)}
"""


def _updated(kind: Any) -> str:
    """What a row must tell where it changes what is recorded."""
    if kind.kind == "prices":
        return "With `--update`, a price that differs from that of the same day replaces it."
    if not kind.registers:
        return "With `--update`, rows that differ from the version in force become a new version."
    fixed = "; `type` and `unite` never change" if kind.registers == "product" else ""
    return f"With `--update`, only `code` is required{fixed}."


def _synonyms(column: Any) -> str:
    others = dict.fromkeys(name for name in column.synonyms if name != column.name)
    return ", ".join(f"`{name}`" for name in others)


# ---------------------------------------------------------------- what a class says of itself


def _idea(kind: type) -> str:
    """The class's own docstring, in one paragraph of Markdown."""
    written = inspect.cleandoc(kind.__dict__.get("__doc__") or "")
    generated = written.startswith(("Method generated by attrs", "str(object="))
    return "" if generated else _paragraph(written)


def _paragraph(written: str) -> str:
    return " ".join(written.replace("``", "`").split())


WORDS: dict[str, str] = {
    "str": "text",
    "int": "whole number",
    "bool": "yes or no",
    "float": "number",
    "bytes": "bytes",
    "NoneType": "none",
}


def _type(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return " or ".join(_type(part) for part in sorted(inner, key=lambda part: part is NoneType))
    if origin in (tuple, frozenset):
        return f"{'list' if origin is tuple else 'set'} of {_type(inner[0])}"
    name = getattr(annotation, "__name__", str(annotation))
    return WORDS.get(name, name)


PAGES: dict[str, Callable[[], str]] = {
    "cli.md": command_line,
    "commands.md": commands,
    "errors.md": errors,
    "events.md": events,
    "figures.md": figures,
    "import-files.md": import_files,
    "licences.md": licences,
    "permissions.md": permissions,
    "tables.md": tables,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
