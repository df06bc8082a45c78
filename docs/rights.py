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
    header = "| Permission | allows to | " + " | ".join(f"`{role}`" for role in Role) + " |"
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

A role is a set of permissions; a person has one or more roles, and the permissions of all of them.
Without the permission a command raises `NotPermitted`, which says which roles have it, and the
audit records it. The application layer checks it for the library, the command line, a batch, an
import and the server alike; the server checks again for every commit of a device.

## Who has which

{header}
|---|---|{"---|" * len(Role)}
{chr(10).join(rows)}

## Commands

Resolving a conflict by recording its command again also needs the permission of that command, and
undoing an import needs the permissions of everything that it recorded. A device's report of an
identifier that was used twice needs the permission of the command that it reports.

| Command | Class | Needs |
|---|---|---|
{chr(10).join(commands)}

## Readings

Everybody with a role may read the daily work: products, recipes, lots, stock, movements, orders,
deliveries with the client's name and address, traces, recalls, conflicts, people, devices.
These columns need a permission:

| Table | Columns | Needs |
|---|---|---|
{chr(10).join(columns)}

Withheld columns are left out of pages and of `--json`. In a program, reading one raises
`NotPermitted`, and `manchengo.withheld(row)` lists them. Searching for a row by such a column
counts as reading it. The value of a corrected price is withheld too, and so is the reason of a
resolution item that contains such a value.

A command or an event that contains one of these values is withheld as a whole.

| Command | Needs |
|---|---|
{chr(10).join(_contents())}

| Query | Needs |
|---|---|
| the audit (`manchengo audit`) | `read_audit` |

## Maintenance of the database

| Operation | Needs | In the audit as |
|---|---|---|
| `manchengo verify`, `Manchengo.verify` | `verify` | `log.verified` |
| `manchengo rebuild`, `Manchengo.rebuild` | `rebuild` | `views.rebuilt` |
| `manchengo backup` | `back_up` | `backup.made`, `backup.updated`, `backup.made_again` |
| `manchengo restore` | `restore` | `backup.restored` |

The roles of the person who restores are read from the current database, or from the backup if the
current database is missing or damaged; then nobody proves who they are, and the audit has only whom
they named. A wrong passphrase of the current database is refused. A backup is noted before it is
made, as `backup.begun`, and after. If the view of the users is damaged, `verify`, `rebuild` and
`backup` read them from the log.
"""


def _contents() -> list[str]:
    from manchengo.application.reading import revealed_by_command
    from manchengo.commands import COMMANDS

    return [
        f"| `{name}` | {', '.join(f'`{each}`' for each in sorted(taken))} |"
        for name in COMMANDS
        if (taken := revealed_by_command(name))
    ]
