"""How much of an encrypted database each commit writes: its pages, and the trees they are of.

SQLite appends each page that a transaction changed to the write-ahead log, once, so the log tells
how many they were. Which tree (a table or an index) a page belongs to, the pages themselves tell,
decrypted here. Neither depends on how fast the machine is or what else it does.
"""

import struct
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import fmean

from attrs import frozen
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlcipher3 import dbapi2 as sqlcipher

from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import driver_connection, writing

PAGE_SIZE = 4096
SEALS = 80
"""Bytes at the end of each page in which SQLCipher keeps the nonce and the seal."""
SALT = 16
"""Bytes at the beginning of the file, in place of the words that SQLite puts there."""
FILE_HEADER = 100
WAL_HEADER = 32
FRAME_HEADER = 24
INTERIOR = {2: 12, 5: 12}
"""The kinds of pages that point to others, by the size of their headers."""

NO_TREE = "(no tree)"
"""Named in place of a tree, for a page with the rest of long rows or the list of free pages."""


@frozen
class Written:
    """``commits``: for each, the tree of each page that it wrote."""

    commits: Sequence[Sequence[str]]

    @property
    def pages(self) -> float:
        """How many pages a commit writes on average."""
        return fmean(map(len, self.commits))

    @property
    def trees(self) -> int:
        """Of how many trees most commits write a page."""
        return sum(pages >= 0.5 for pages in self.by_tree().values())

    def by_tree(self) -> dict[str, float]:
        """How many pages of each tree a commit writes on average, most first."""
        counted = Counter(tree for commit in self.commits for tree in commit)
        return {tree: pages / len(self.commits) for tree, pages in counted.most_common()}


def written_by(store: SqliteStore, path: Path, key: bytes, work: Callable[[], object]) -> Written:
    """What the commits of ``work`` write, in an encrypted database that nobody else writes to."""
    with writing(store.engine) as connection:  # else it empties the log after a thousand pages
        driver_connection(connection).execute("PRAGMA wal_autocheckpoint = 0")
    _empty_the_log(path, key)
    work()
    log = path.with_name(f"{path.name}-wal").read_bytes()
    _empty_the_log(path, key)
    trees = _trees(path, key)
    return Written([[trees.get(page, NO_TREE) for page in pages] for pages in _commits(log)])


def _empty_the_log(path: Path, key: bytes) -> None:
    with closing(_connected(path, key)) as connection:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not busy, "somebody reads"


def _connected(path: Path, key: bytes) -> sqlcipher.Connection:
    connection = sqlcipher.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def _commits(log: bytes) -> Iterator[list[int]]:
    """The numbers of the pages that each transaction wrote."""
    pages: list[int] = []
    for frame in range(WAL_HEADER, len(log), FRAME_HEADER + PAGE_SIZE):
        page, size_once_committed = struct.unpack_from(">II", log, frame)
        pages.append(page)
        if size_once_committed:
            yield pages
            pages = []


def _trees(path: Path, key: bytes) -> dict[int, str]:
    """The name of the tree that each page belongs to."""
    with closing(_connected(path, key)) as connection:
        roots = connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0")
        todo = [("sqlite_schema", 1), *roots.fetchall()]
    trees: dict[int, str] = {}
    with path.open("rb") as file:
        while todo:
            name, number = todo.pop()
            trees[number] = name
            file.seek((number - 1) * PAGE_SIZE)
            page = _decrypted(file.read(PAGE_SIZE), key, is_first=number == 1)
            todo += [(name, child) for child in _children(page, is_first=number == 1)]
    return trees


def _decrypted(page: bytes, key: bytes, *, is_first: bool) -> bytes:
    begin, end = SALT if is_first else 0, PAGE_SIZE - SEALS
    cipher = Cipher(algorithms.AES(key), modes.CBC(page[end : end + 16])).decryptor()
    return page[:begin] + cipher.update(page[begin:end]) + cipher.finalize()


def _children(page: bytes, *, is_first: bool) -> Iterator[int]:
    """The pages that an interior page points to."""
    header = FILE_HEADER if is_first else 0
    width = INTERIOR.get(page[header])
    if width is None:
        return
    (cells,) = struct.unpack_from(">H", page, header + 3)
    for place in struct.unpack_from(f">{cells}H", page, header + width):
        yield struct.unpack_from(">I", page, place)[0]
    yield struct.unpack_from(">I", page, header + 8)[0]
