"""The rows every dairy starts from: units, places, TVA rates, stamp duty.

``reference/`` holds them. A later release that ships other rows adds a step that loads them again.
What is shipped replaces the row of the same key, and never deletes one: an issued document names
the rules it used.
"""

import csv
from collections.abc import Iterator
from importlib.resources import files

from sqlalchemy import Connection

# In an order that lets each table refer to those before it.
TABLES = {
    "units.csv": "ref_units",
    "wilayas.csv": "ref_wilayas",
    "communes.csv": "ref_communes",
    "vat_rates.csv": "ref_vat_rates",
    "stamp_duty.csv": "ref_stamp_duty",
}


def load_reference_rows(connection: Connection) -> None:
    """The step: put in every row that is shipped, in the place of the one of the same key."""
    for file_name, table in TABLES.items():
        # Text such as "1000" becomes an integer where the STRICT column is one, and is refused
        # where it is none.
        rows = list(read(file_name))
        columns = list(rows[0])
        updates = ", ".join(f'"{column}" = excluded."{column}"' for column in columns[1:])
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({', '.join(map(quoted, columns))}) "
            f"VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT ({quoted(columns[0])}) DO UPDATE SET {updates}",
            [tuple(row.values()) for row in rows],
        )


def read(file_name: str) -> Iterator[dict[str, str | None]]:
    """The rows of a file; an empty cell is None."""
    text = (files("manchengo_sqlite") / "reference" / file_name).read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield {column: value or None for column, value in row.items()}


def quoted(column: str) -> str:
    """The name of a column, for SQL: one of them is a word of the language."""
    return f'"{column}"'
