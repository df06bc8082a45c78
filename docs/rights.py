"""The reference page of permissions: who has them, what takes them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from manchengo.commands import CommandSchema


def _needed(schema: "CommandSchema") -> str:
    """The permission, and that which is enough for who gives the command about themselves."""
    own = f" (about oneself: `{schema.of_oneself}`)" if schema.of_oneself else ""
    return f"`{schema.permission}`{own}"


def permissions() -> str:
    """What each permission is for, who has it, and what every command and reading takes."""
    from manchengo.application.reading import COLUMNS
    from manchengo.commands import COMMANDS
    from manchengo.domain.access import GRANTS, Permission, Role
    from manchengo_presenters import language, words

    language.use("en")
    in_words = {each: words.word(words.PERMISSIONS, each) for each in Permission}
    header = "| Permission | is to | " + " | ".join(f"`{role}`" for role in Role) + " |"
    rows = [
        f"| `{each}` | {in_words[each]} | "
        + " | ".join("yes" if each in GRANTS[role] else "" for role in Role)
        + " |"
        for each in Permission
    ]
    commands = [
        f"| `{name}` | `{schema.type.__name__}` | {_needed(schema)} |"
        for name, schema in COMMANDS.items()
    ]
    columns = [
        f"| `{kind.TABLE}` | {', '.join(f'`{column}`' for column in names)} | `{permission}` |"
        for permission, kinds in COLUMNS.items()
        for kind, names in kinds.items()
    ]
    return f"""
# Permissions

A role is a set of permissions; a person has one role or several, and may what any of them
allows. Who may not is refused with `NotPermitted`, which says which roles may, and the audit
notes it. The check stands in the application layer: the library, the command line, a batch, an
import and the server ask alike, and the server asks again for what a device recorded.

## Who has which

{header}
|---|---|{"---|" * len(Role)}
{chr(10).join(rows)}

## Commands

A decision on a conflict that has a command recorded again takes the permission of that command
too, and the undoing of an import those of all that the import did. A device's report of an
identifier that was used twice takes the permission of the command that it reports.

| Command | Class | Takes |
|---|---|---|
{chr(10).join(commands)}

## Readings

Everybody with a role reads the daily work: products, recipes, lots, stock, movements, orders,
deliveries with the client's name and address, traces, recalls, conflicts, people, devices.
These columns take a permission:

| Table | Columns | Takes |
|---|---|---|
{chr(10).join(columns)}

What is withheld is left out of pages and of `--json`; in a program it raises `NotPermitted`
when it is touched, and `manchengo.withheld(row)` names it. To look for a row by such a column
is to read it. The value of a corrected price, and why an item of the resolution queue does not
stand where it is about such a value, are withheld likewise.

The content of commands and events is withheld whole where it holds one of these values.

| Command | Takes |
|---|---|
{chr(10).join(_contents())}

| Reading | Takes |
|---|---|
| the audit (`manchengo audit`) | `read_audit` |

## Care for the database

| Work | Takes | Noted in the audit as |
|---|---|---|
| `manchengo verify`, `Manchengo.verify` | `verify` | `log.verified` |
| `manchengo rebuild`, `Manchengo.rebuild` | `rebuild` | `views.rebuilt` |
| `manchengo backup` | `back_up` | `backup.made`, `backup.updated`, `backup.made_again` |
| `manchengo restore` | `restore` | `backup.restored` |

Who restores is looked up in the database that is there, and in the backup where none can be
read. Where the views have lost the users, `verify`, `rebuild` and `backup` find them in the
log.
"""


def _contents() -> list[str]:
    from manchengo.application.reading import revealed_by_command
    from manchengo.commands import COMMANDS

    return [
        f"| `{name}` | {', '.join(f'`{each}`' for each in sorted(taken))} |"
        for name in COMMANDS
        if (taken := revealed_by_command(name))
    ]
