"""Which letters the bytes stand for, decided once for the whole file.

A byte order mark says it; else what decodes as UTF-8 is UTF-8, for French in an older encoding
never does; else cp1252 (Windows), ISO-8859-15 (``cœur`` where cp1252 reads ``c½ur``) and cp850
(DOS, and old tills) are read side by side, and the one that gives French wins. Where none does, or
two that differ as much (``CÔTE`` in one is ``CÈTE`` in another), the file is refused: a name spelt
wrong in the register costs more than a file saved again.
"""

import codecs
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from manchengo_files.unreadable import CellTooLong, EmptyFile, NotText, NulByte, UnknownEncoding

CHUNK = 1 << 20
ENOUGH = 20_000
"""Accented letters after which more of them would not change the verdict."""

ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
OLDER = ("cp1252", "iso8859-15", "cp850")

# What no table holds. Line breaks, tabs and the end mark of DOS files (0x1A) are not among them.
CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\v\f\r\x1a"})

LOWER = frozenset("àâäçéèêëîïôöùûüÿœæ")
UPPER = frozenset("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ")
MARKS = frozenset("«»‘’“”–—…€°·²³½µ×\u00a0")
UNUSED = re.compile(r"[\x80-\x9f]")
"""Control characters of ISO-8859-15, which no office types: a byte of another encoding."""

ACCENT = re.compile(r"[^\x00-\x7f]")


def encoding_of(path: Path) -> str:
    """The codec to open this file with: utf-8-sig, utf-16, utf-8, or one of ``OLDER``.

    Reads the file in chunks, once when it is UTF-8. Raises ``EmptyFile``, ``NotText``,
    ``CellTooLong``, ``NulByte`` or ``UnknownEncoding``; what it accepts decodes to the last byte.
    """
    with path.open("rb") as source:
        opening = source.read(4)
    if not opening:
        raise EmptyFile(path=path)
    declared = next((ORDER_MARKS[mark] for mark in ORDER_MARKS if opening.startswith(mark)), "")
    line = _first_undecodable_line(path, declared or "utf-8")
    if line is None:
        return declared or "utf-8"
    if declared:
        raise UnknownEncoding(path=path, line=line)
    scores = {codec: _frenchness_of_file(path, codec) for codec in OLDER}
    likely = max(OLDER, key=scores.__getitem__)
    even = any(
        scores[codec] == scores[likely] and _differ(path, codec, likely)
        for codec in OLDER
        if codec != likely
    )
    if even or scores[likely] < 0 or _first_undecodable_line(path, likely):
        raise UnknownEncoding(path=path, line=line)
    return likely


def frenchness(text: str) -> int:
    """How much the accents look French where they stand; below zero, they do not.

    A letter is judged with its neighbours, because most of the bytes that are a letter in one
    encoding are a sign in the other: ``B‚ja‹a`` has every sign in a place where French has none.
    """
    places = (found.start() for found in ACCENT.finditer(text))
    return sum(_weight(text[max(at - 1, 0) : at], text[at], text[at + 1 : at + 2]) for at in places)


def _weight(before: str, sign: str, after: str) -> int:
    if sign == "\ufffd" or UNUSED.match(sign):  # a byte that this encoding does not use
        return -3
    if not sign.isalpha():
        return _weight_of_mark(before, sign, after)
    in_a_word = before.isalpha() or after.isalpha()
    after_small = before.isalpha() and not before.isupper()
    if _foreign(before) or _foreign(after):
        return -3
    if sign in "ÿŸ" and not before.isalpha():  # the no-break space of DOS, read as Windows
        return -2
    if sign in LOWER:
        if before.isupper() and after.isupper():
            return -2
        return 3 if in_a_word else 1 if sign == "à" else -1
    if sign.isupper() and (after_small or (before.isalpha() and after.islower())):
        return -3
    if sign in UPPER:
        return 4 if sign + after.lower() == "Œu" else 2 if in_a_word else -1
    if not (before + after).isascii():
        return -3
    return 0 if in_a_word else -1


def _weight_of_mark(before: str, sign: str, after: str) -> int:
    inside = before.isalpha() and after.isalpha()
    if sign not in MARKS or (inside and sign != "’"):
        return -2
    return 3 if sign == "…" and before.isalpha() else 1


def _foreign(letter: str) -> bool:
    return letter.isalpha() and not (letter.isascii() or letter in LOWER or letter in UPPER)


def _frenchness_of_file(path: Path, codec: str) -> int:
    score = seen = 0
    for chunk in _chunks(path):
        text = chunk.decode(codec, errors="replace")
        score += frenchness(text)
        seen += len(ACCENT.findall(text))
        if seen > ENOUGH:
            break
    return score


def _differ(path: Path, one: str, other: str) -> bool:
    """Whether the file reads differently in the two."""
    return any(
        chunk.decode(one, errors="replace") != chunk.decode(other, errors="replace")
        for chunk in _chunks(path)
    )


def _first_undecodable_line(path: Path, codec: str) -> int | None:
    """The line where this codec fails, if it does. Refuses on the way what is not text at all."""
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    for chunk in chain(_chunks(path), [b""]):
        if codec != "utf-16":
            _refuse_binary(path, chunk, line)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return line + chunk.count(b"\n", 0, error.start)
        if codec == "iso8859-15" and (unused := UNUSED.search(text)):
            return line + text.count("\n", 0, unused.start())
        if codec == "utf-16":
            _refuse_binary(path, text.encode("utf-8", errors="replace"), line)
        line += text.count("\n")
    return None


def _refuse_binary(path: Path, chunk: bytes, line: int) -> None:
    controls = len(chunk) - len(chunk.translate(None, CONTROLS))
    endless = len(chunk) >= CHUNK and b"\n" not in chunk and b"\r" not in chunk
    if controls > 2 + len(chunk) // 100 or (endless and line == 1):
        raise NotText(path=path)
    if endless:
        raise CellTooLong(path=path, row=line, limit=CHUNK)
    if (at := chunk.find(b"\0")) >= 0:
        raise NulByte(path=path, line=line + chunk.count(b"\n", 0, at))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk
