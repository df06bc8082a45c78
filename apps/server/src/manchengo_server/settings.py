"""What the operator of the server may say, in the environment; nothing secret on a command line."""

from pathlib import Path
from typing import Annotated
from uuid import NAMESPACE_DNS, UUID, uuid5

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from manchengo_sync.wire import LARGEST_BODY

Positive = Annotated[float, Field(gt=0)]
AtLeastOne = Annotated[int, Field(ge=1)]

POSTGRES = ("postgresql://", "postgres://", "postgresql+psycopg://")


class Settings(BaseSettings):
    """Each is ``MANCHENGO_`` and its name; the database may also be ``DATABASE_URL``."""

    model_config = SettingsConfigDict(env_prefix="MANCHENGO_", extra="ignore", frozen=True)

    database: str = Field(
        default="manchengo-server.db",
        validation_alias=AliasChoices("database", "MANCHENGO_DATABASE", "DATABASE_URL"),
    )
    """A file, or ``postgresql://…``."""

    plant: str = ""
    """Tells the plants of one PostgreSQL database apart: any word, or a UUID."""

    passphrase_file: Path | None = None
    passphrase: SecretStr | None = None

    device_passphrase_file: Path | None = None
    device_passphrase: SecretStr | None = None
    """Of a device's backup from which a lost server is begun again."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8765
    workers: AtLeastOne = 1
    forwarded_allow_ips: str = "127.0.0.1"
    """Whose ``X-Forwarded-For`` is believed: the reverse proxy's."""

    largest_body: AtLeastOne = LARGEST_BODY
    """Bytes of a request, as sent and once unpacked."""

    body_seconds: Positive = 60
    request_seconds: Positive = 120
    stop_seconds: Positive = 20

    device_rate: Positive = 20
    device_burst: AtLeastOne = 200
    address_rate: Positive = 100
    address_burst: AtLeastOne = 1_000
    enrol_rate: Positive = 0.2
    enrol_burst: AtLeastOne = 20

    snapshots: Path | None = None
    """Where snapshots for new devices are kept: beside the database file when not said, and
    with PostgreSQL in a folder that goes with the process.
    """

    @field_validator("host")
    @classmethod
    def _can_be_looked_up(cls, host: str) -> str:
        host.encode("idna")  # as the system does first: each part of a name has its size
        return host

    @property
    def is_postgres(self) -> bool:
        return self.database.startswith(POSTGRES)

    @property
    def path(self) -> Path:
        """Of the SQLite file."""
        return Path(self.database.removeprefix("sqlite:///")).expanduser()

    @property
    def plant_id(self) -> UUID:
        try:
            return UUID(self.plant)
        except ValueError:
            return uuid5(NAMESPACE_DNS, f"{self.plant}.plant.manchengo")
