"""Makes a copy of a database a device of its own.

Each device numbers its commits and links each to the one before. Were a restored database to go on
as the device it was copied from, its next commits would bear numbers that the original may have
given to others since, and the log would fork. So every backup, and every database that was put in
place by ``restore``, has no device id: it knows whose copy it is, and is given an id of its own
when it is next opened for work.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from manchengo.domain.commit import START
from manchengo.ports import audit_chain
from manchengo.ports.settings import COPY_OF, DEVICE, FORMER_DEVICES
from manchengo.system import Uuid7Ids
from manchengo_sqlite import statements as sql
from manchengo_sqlite.connection import driver_connection, reading, writing


def mark_as_copy(connection: Any) -> None:
    """``connection``: the driver's own, on the copy, which nobody else can see yet."""
    if connection.execute("PRAGMA table_info(_config)").fetchone():
        connection.execute(
            "UPDATE OR REPLACE _config SET name = ? WHERE name = ?", (COPY_OF, DEVICE)
        )


def become_a_device(engine: Engine) -> None:
    """Give a copy an id of its own; a database that has one keeps it."""
    with reading(engine) as connection:
        if former_device(driver_connection(connection)) is None:
            return
    with writing(engine) as connection:
        bare = driver_connection(connection)
        former = former_device(bare)
        if former is None:  # another process was first
            return
        device = Uuid7Ids().new()
        bare.execute(sql.SET_SETTING, (DEVICE, str(device)))
        known = bare.execute(sql.SETTING, (FORMER_DEVICES,)).fetchone()
        names = f"{known[0]} {former}" if known else str(former)
        bare.execute(sql.SET_SETTING, (FORMER_DEVICES, names))
        _answer_for_its_audit(bare, former)
        # Its stamps come after those of the device it was, even if the clock went back since.
        found = bare.execute(sql.TIP, (former.bytes,)).fetchone()
        if found is not None:
            bare.execute(sql.SET_TIP, (device.bytes, START.sequence, START.hash, found[2]))


def _answer_for_its_audit(connection: Any, former: UUID) -> None:
    """All that a backup has was noted before it was made: of the heads that the log anchors, it has
    those up to the last record that could grow no more. What the original noted since it cannot
    have, until the server gives it back.
    """
    tip = connection.execute(sql.SETTING, (audit_chain.TIP,)).fetchone()
    closed = connection.execute(sql.SETTING, (audit_chain.CLOSED,)).fetchone()
    shared = audit_chain.shared_with_a_copy(
        int(tip[0].partition(" ")[0]) if tip else 0, int(closed[0]) if closed else 0
    )
    for name in (f"{audit_chain.ANSWERS_FOR}{former}", audit_chain.SHARED):
        connection.execute(sql.SET_SETTING, (name, str(shared)))


def former_device(connection: Any) -> UUID | None:
    """The device this is a copy of, as long as it has no id of its own."""
    if connection.execute(sql.SETTING, (DEVICE,)).fetchone():
        return None
    found = connection.execute(sql.SETTING, (COPY_OF,)).fetchone()
    return None if found is None else UUID(found[0])
