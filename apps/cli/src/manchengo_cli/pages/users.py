"""The users and their roles."""

from typing import Any

from manchengo.ports.rows import UserRow
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Table, answer
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
    return Table(
        [Column(_("User")), Column(_("Roles")), Column(_("State"))],
        [(row.name, roles(row), _("active") if row.active else _("deactivated")) for row in rows],
        empty="",
    )


def roles(row: UserRow) -> str:
    """The user's roles, in the operator's language."""
    return words.roles(row.roles.split())
