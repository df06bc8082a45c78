"""Any text in PostgreSQL, which has no place for the character NUL in one.

A commit may bring it, on purpose or by accident, and must be kept to the letter all the same. So
NUL is spelt as two characters, the first of which nobody types and is itself spelt as two.
"""

MARK = "\x01"
NUL_SPELT, MARK_SPELT = f"{MARK}0", f"{MARK}1"


def spelt(text: str) -> str:
    """The text as PostgreSQL can store it, with NUL and the mark itself spelt as two characters."""
    if "\x00" in text or MARK in text:
        return text.replace(MARK, MARK_SPELT).replace("\x00", NUL_SPELT)
    return text


def read(stored: str) -> str:
    """Raises ``ValueError`` where nothing of ours was spelt like this."""
    if MARK not in stored:
        return stored
    text = stored.replace(NUL_SPELT, "\x00").replace(MARK_SPELT, MARK)
    if spelt(text) != stored:
        raise ValueError("a text is not spelt like this")
    return text
