"""A dairy keeps somebody who gives rights; where everybody must sign, somebody who can sign."""

from collections.abc import Callable, Iterable

from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.access import LastAdministrator, Role, User
from manchengo.domain.aggregates import PLANT, USER
from manchengo.domain.plant import PLANT_ID
from manchengo.ports.rows import UserRow

Change = tuple[User | None, User | None]
"""Somebody as they were, and as they are to be."""


def one_must_remain(work: UnitOfWork, changes: Iterable[Change]) -> None:
    """Raises ``LastAdministrator`` where the change leaves nobody who administers, and somebody did
    before.
    """
    changes = list(changes)
    _one_must_remain(work, changes, _administers)
    plant = work.find(PLANT, PLANT_ID)
    if plant is not None and plant.must_sign:
        _one_must_remain(work, changes, _administers_and_signs)


def somebody_must_sign(work: UnitOfWork) -> None:
    """Raises ``LastAdministrator`` where nobody who administers has a key that counts: nobody could
    do anything any more once what is not signed counts no more.
    """
    rows = [*work.snapshot.rows(UserRow, active=True)]
    if not any(_administers_and_signs(work.load(USER, row.id)) for row in rows):
        administrators = (row.name for row in rows if Role.ADMIN.value in row.roles.split())
        raise LastAdministrator(user=min(administrators, default=""))


def _one_must_remain(
    work: UnitOfWork, changes: list[Change], administers: Callable[[User | None], bool]
) -> None:
    lost = next((before for before, _ in changes if administers(before)), None)
    if lost is None or any(administers(after) for _, after in changes):
        return
    changed = {user.id for pair in changes for user in pair if user is not None}
    others = (
        row
        for row in work.snapshot.rows(UserRow, active=True)
        if row.id not in changed and Role.ADMIN.value in row.roles.split()
    )
    if not any(administers(work.load(USER, row.id)) for row in others):
        raise LastAdministrator(user=lost.name)


def _administers(user: User | None) -> bool:
    return user is not None and user.active and Role.ADMIN in user.roles


def _administers_and_signs(user: User | None) -> bool:
    return _administers(user) and user is not None and user.has_living_key
