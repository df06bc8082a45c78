"""The users and their roles."""

from typing import Any

from manchengo.ports.rows import UserRow
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Table, answer, tabled
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.language import _


def show_users(session: Session) -> None:
    """Answer the users and their roles."""
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        rows = sorted(snapshot.rows(UserRow), key=lambda row: row.name)
        answer(session, shape=lambda: [user_shape(row) for row in rows], page=lambda: [table(rows)])


def user_shape(row: UserRow) -> dict[str, Any]:
    """A user as JSON."""
    return {"user": row.name, "roles": row.roles.split(), "active": row.active}


def table(rows: list[UserRow]) -> Table:
    """The users as a table."""
    return tabled(
        rows,
        Column(_("User"), lambda row: row.name),
        Column(_("Roles"), lambda row: roles(row)),
        Column(_("State"), lambda row: _("active") if row.active else _("deactivated")),
    )


def roles(row: UserRow) -> str:
    """The user's roles, in the operator's language."""
    return words.roles(row.roles.split())
