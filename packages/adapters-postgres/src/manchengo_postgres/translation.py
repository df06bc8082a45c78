"""No exception of psycopg leaves this package: each becomes one of ours.

PostgreSQL says in its details which row it refused, so of its words only the first sentence is
kept, and the original is not chained behind ours.
"""

import psycopg
from attrs import field, frozen
from psycopg.conninfo import conninfo_to_dict

from manchengo_postgres.errors import (
    BadAddress,
    ConnectionLost,
    DatabaseBusy,
    DatabaseMissing,
    DiskFull,
    NoPermission,
    ReadOnlyDatabase,
    StorageError,
    StorageFault,
    TooSlow,
)

PASSING = ("08", "57P", "53300", "25P03")
"""How the codes begin of what passes by itself: connections, a server that starts or stops, too
many connections, a transaction that was idle for too long.
"""

NOT_LET_IN = (
    "authentication failed",
    "is not permitted to log in",
    "no password supplied",
    "no pg_hba.conf entry",
    "permission denied for database",
)


@frozen
class Address:
    """Where a database is, and how long anyone waits for it. Its ``repr`` shows no password.

    ``patience``: seconds for a turn; ``longest``: seconds for one statement.
    """

    conninfo: str = field(repr=False)
    patience: float
    longest: float

    @property
    def name(self) -> str:
        """Host, port and database, for messages: no user, no password."""
        known = conninfo_to_dict(self.conninfo)
        host, port = known.get("host") or "localhost", known.get("port") or 5432
        return f"{host}:{port}/{known.get('dbname') or known.get('user') or ''}"

    def storage_error(self, error: psycopg.Error) -> StorageError:
        """The same in our words."""
        match error.sqlstate:
            case None if isinstance(error, psycopg.OperationalError):
                return ConnectionLost(database=self.name, detail=first_sentence(error))
            case "55P03":
                return DatabaseBusy(database=self.name, waited=self.patience)
            case "57014":
                return TooSlow(database=self.name, longest=self.longest)
            case "53100":
                return DiskFull(database=self.name)
            case "25006":
                return ReadOnlyDatabase(database=self.name)
            case "42501":
                return NoPermission(database=self.name, detail=first_sentence(error))
            case str(code) if code.startswith(PASSING):
                return ConnectionLost(database=self.name, detail=first_sentence(error))
            case code:
                message = f"{code or type(error).__name__}: {first_sentence(error)}"
                return StorageFault(database=self.name, detail=message)

    def error_at_login(self, error: psycopg.Error) -> StorageError:
        """A server that lets nobody in gives no code: it is known by its words."""
        message = str(error)
        if isinstance(error, psycopg.ProgrammingError):
            return BadAddress(database="")
        if 'database "' in message and "does not exist" in message:
            return DatabaseMissing(database=self.name)
        if any(words in message for words in NOT_LET_IN) or 'role "' in message:
            return NoPermission(database=self.name, detail=message.splitlines()[-1])
        return self.storage_error(error)


def first_sentence(error: psycopg.Error) -> str:
    """What PostgreSQL says first about the error, without the row that it concerns."""
    return error.diag.message_primary or (str(error).splitlines() or [type(error).__name__])[0]
