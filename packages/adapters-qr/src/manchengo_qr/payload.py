"""The text inside our QR codes: letters that every keyboard layout types alike, and a signature.

A hand scanner types what it reads as if it were a keyboard. Between a French, an English and an
Algerian layout no digit and no punctuation mark survives, and only some letters do. So a label is
written in ModHex, sixteen of these letters for the sixteen values of half a byte::

    N  flag  kind  id of the subject  last day   code of the lot        tag
    1  1     1     32                 0 or 4     2 for each UTF-8 byte  12    letters

47 letters where nothing optional is printed: they just fill a QR code of version 3 at the error
correction level Q. The flag holds the id of the site's key (three bits) and whether a last day
follows (one bit). The last day is counted from 2000-01-01. The tag is the beginning of an HMAC of
all that stands before it: a code of another dairy, a misread one and a changed one are refused
without a network. It stops nobody from photographing a label: what may happen to a lot twice is for
the rules of the lot to say.
"""

import hmac
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from manchengo.domain.label import (
    KeyboardInArabic,
    Label,
    LabelKeyRevoked,
    LabelKeyUnknown,
    LabelKind,
    LabelNotAuthentic,
    NotALabel,
)
from manchengo_qr.site_keys import SiteKeys

FORMAT = "N"
"""The first letter: of this form of label. Another form will begin with another letter."""

MODHEX = "CBDEFGHIJKLNRTUV"
"""The letters of the values 0 to 15."""

KIND_LETTERS = {
    LabelKind.RAW_MATERIAL_LOT: "L",
    LabelKind.FINISHED_LOT: "F",
    LabelKind.PRODUCTION_ORDER: "R",
    LabelKind.DELIVERY: "D",
}
LETTER_KINDS = {letter: kind for kind, letter in KIND_LETTERS.items()}

SHORTEST = 47
DAY_ZERO = date(2000, 1, 1)
_LAST_DAY_FLAG = 8
_TAG_BYTES = 6
_PURPOSE = b"manchengo label 1\0"
_TO_MODHEX = str.maketrans("0123456789abcdef", MODHEX)
_FROM_MODHEX = str.maketrans(MODHEX, "0123456789abcdef")


def label_text(label: Label, keys: SiteKeys) -> str:
    """What the QR code of this label says, signed under the current key.

    Raises ``ValueError``: the last day is before 2000 or after 2179.
    """
    key = keys.current
    flag = key.id | (_LAST_DAY_FLAG if label.expires_on else 0)
    body = FORMAT + MODHEX[flag] + KIND_LETTERS[label.kind] + _modhex(label.subject.bytes)
    if label.expires_on:
        body += _modhex(_day_number(label.expires_on).to_bytes(2))
    body += _modhex(label.batch.encode())
    return body + _tag(body, key.secret)


def read_label(text: str, keys: SiteKeys) -> Label:
    """The label that says this, in capitals or not, with the end of line that a scanner may add.

    Raises ``NotALabel``, ``KeyboardInArabic``, ``LabelNotAuthentic``, ``LabelKeyUnknown``,
    ``LabelKeyRevoked``.
    """
    scanned = text.strip()
    letters = scanned.upper() if scanned.isascii() else scanned
    flag = _flag(letters)
    if flag is None:
        refusal = KeyboardInArabic if _is_arabic(scanned) else NotALabel
        raise refusal(scanned=scanned[:SHORTEST])
    key = keys.find(flag & ~_LAST_DAY_FLAG)
    if key is None:
        raise LabelKeyUnknown
    body, tag = letters[: -2 * _TAG_BYTES], letters[-2 * _TAG_BYTES :]
    if not hmac.compare_digest(_tag(body, key.secret), tag):
        raise LabelNotAuthentic
    if key.revoked:
        raise LabelKeyRevoked
    return _content(body, has_last_day=bool(flag & _LAST_DAY_FLAG))


def _flag(letters: str) -> int | None:
    """The value of the flag; nothing where the text has not the form of a label."""
    form, flag, kind, rest = letters[:1], letters[1:2], letters[2:3], letters[3:]
    if form != FORMAT or kind not in LETTER_KINDS or not set(flag + rest) <= set(MODHEX):
        return None
    value = MODHEX.index(flag)
    shortest = SHORTEST + (4 if value & _LAST_DAY_FLAG else 0)
    fits = len(letters) >= shortest and (len(letters) - shortest) % 2 == 0
    return value if fits else None


def _content(body: str, *, has_last_day: bool) -> Label:
    data = bytes.fromhex(body[3:].translate(_FROM_MODHEX))
    subject, rest = data[:16], data[16:]
    expires_on = None
    if has_last_day:
        expires_on = DAY_ZERO + timedelta(days=int.from_bytes(rest[:2]))
        rest = rest[2:]
    return Label(
        kind=LETTER_KINDS[body[2]],
        subject=UUID(bytes=subject),
        expires_on=expires_on,
        batch=rest.decode(),
    )


def _day_number(day: date) -> int:
    number = (day - DAY_ZERO).days
    if not 0 <= number < 1 << 16:
        raise ValueError(f"a label holds no last day like {day}")
    return number


def _tag(body: str, secret: bytes) -> str:
    whole = hmac.digest(secret, _PURPOSE + body.encode(), sha256)
    return _modhex(whole[:_TAG_BYTES])


def _modhex(data: bytes) -> str:
    return data.hex().translate(_TO_MODHEX)


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" or "\ufe70" <= letter <= "\ufeff" for letter in text)
