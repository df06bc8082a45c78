"""What the operator of the server may say, in the environment; nothing secret on a command line."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from uuid import NAMESPACE_DNS, UUID, uuid5

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from manchengo_server.limits import AUDIT_DAYS, DAILY_BYTES, MEBIBYTE
from manchengo_sync.wire import LARGEST_BODY

Positive = Annotated[float, Field(gt=0)]
AtLeastOne = Annotated[int, Field(ge=1)]

POSTGRES = ("postgresql://", "postgres://", "postgresql+psycopg://")
SQLITE = "sqlite:///"

LIKE_AN_ADDRESS = re.compile(
    r"[A-Za-z][\w+.-]+:/|.*//.*@|.*:.*@|.*://|(?:.*\s)?password\s*=", re.DOTALL
)
"""What nobody calls a file: a scheme (a drive has one letter), or a user and a password."""

HIDDEN_PASSWORD = re.compile(r"^[^@]*[/?#][^@]*@|@.*@", re.DOTALL)
"""An address whose password would be read as a host or a name, and shown as such: an ``@`` in it,
or one of the signs that end it, stands there as it is.
"""

HOST = re.compile(r"[\w.-]+")


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine is reached, or reaches, by that address or name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class Settings(BaseSettings):
    """Each is ``MANCHENGO_`` and its name; the database may also be ``DATABASE_URL``."""

    model_config = SettingsConfigDict(
        env_prefix="MANCHENGO_", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database: str = Field(
        default="manchengo-server.db",
        validation_alias=AliasChoices("database", "MANCHENGO_DATABASE", "DATABASE_URL"),
    )
    """A file, or ``postgresql://…``."""

    plant: str = ""
    """Tells the plants of one PostgreSQL database apart: any word, or a UUID."""

    passphrase_file: Path | None = None
    passphrase: SecretStr | None = None

    new_passphrase_file: Path | None = None
    new_passphrase: SecretStr | None = None
    """The one that comes instead, where it is changed."""

    server_key_file: Path | None = None
    server_key: SecretStr | None = None
    server_keyring: bool = False
    """The wrapping key of the server's own keys: the first of the three that is given."""

    device_passphrase_file: Path | None = None
    device_passphrase: SecretStr | None = None
    """Of a device's backup from which a lost server is begun again."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8765
    workers: AtLeastOne = 1
    allow_http: bool = False
    """Whether it may listen beyond this machine, where others read and change what passes."""

    forwarded_allow_ips: str = "127.0.0.1"
    """Whose ``X-Forwarded-For`` is believed: the reverse proxy's."""

    largest_body: AtLeastOne = LARGEST_BODY
    """Bytes of a request, as sent and once unpacked."""

    header_seconds: Positive = 10
    """How long a connection may take to say what it asks."""

    connections: AtLeastOne = 1_000
    body_seconds: Positive = 60
    request_seconds: Positive = 120
    stop_seconds: Positive = 20

    daily_megabytes: AtLeastOne = DAILY_BYTES // MEBIBYTE
    """Stored in a day for each device and its copies; the rest waits on the device."""

    audit_days: AtLeastOne = AUDIT_DAYS
    """For how long the server keeps what devices noted in their audit."""

    device_rate: Positive = 20
    device_burst: AtLeastOne = 200
    address_rate: Positive = 100
    address_burst: AtLeastOne = 1_000
    enrol_rate: Positive = 0.2
    enrol_burst: AtLeastOne = 20

    snapshots: Path | None = None
    """The folder of the snapshots for new devices. By default it lies beside the database file, or
    with PostgreSQL is a temporary one of the process.
    """

    @field_validator("database")
    @classmethod
    def _is_a_file_or_an_address(cls, database: str) -> str:
        """An address that is none must not pass for the name of a file: names are shown."""
        database = database.strip()
        scheme, mark, rest = database.partition("://")
        if mark:
            database = f"{scheme.lower()}{mark}{rest}"
        if database.startswith(POSTGRES):
            if HIDDEN_PASSWORD.search(database.partition("://")[2]):
                raise ValueError("a sign of the password is to be written as %..")
            return database
        if LIKE_AN_ADDRESS.match(database.removeprefix(SQLITE)):
            raise ValueError("neither a file nor the address of a PostgreSQL database")
        return database

    @field_validator("host")
    @classmethod
    def _can_be_looked_up(cls, host: str) -> str:
        bare = host.strip()
        if bare.startswith("[") and bare.endswith("]"):
            bare = bare[1:-1]  # as an address of IPv6 stands in a URL
        if ":" in bare:
            ip_address(bare)
        elif not bare or not HOST.fullmatch(bare):
            raise ValueError("neither a name nor an address")
        bare.encode("idna")  # as the system does first: each part of a name has its size
        return bare

    @property
    def is_postgres(self) -> bool:
        """Whether the database is in PostgreSQL, not a file of SQLite."""
        return self.database.startswith(POSTGRES)

    @property
    def path(self) -> Path:
        """Of the SQLite file."""
        return Path(self.database.removeprefix(SQLITE)).expanduser()

    @property
    def plant_id(self) -> UUID:
        """The id that names the schema in PostgreSQL: the UUID given, or one made from the name
        given.
        """
        try:
            return UUID(self.plant)
        except ValueError:
            return uuid5(NAMESPACE_DNS, f"{self.plant}.plant.manchengo")
