"""What a hand scanner typed, put right where it and the computer disagree about the keyboard.

A scanner sends the positions of keys. Most are set to an American keyboard; a computer that expects
a French one shows ``à&`` where the scanner meant ``01``. The letters of our own labels lie in the
same place on both (see ``payload``); codes of suppliers, with their digits, need this.
"""

# The same keys on both keyboards, row by row: plain, then with the capital key held down.
_FRENCH = (
    "&é\"'(-è_çà)=" "azertyuiop^$*" "qsdfghjklmù" "wxcvbn,;:!"
    "1234567890°+" "AZERTYUIOP¨£µ" "QSDFGHJKLM%" "WXCVBN?./§"
)  # fmt: skip
_AMERICAN = (
    "1234567890-=" "qwertyuiop[]\\" "asdfghjkl;'" "zxcvbnm,./"
    "!@#$%^&*()_+" "QWERTYUIOP{}|" 'ASDFGHJKL:"' "ZXCVBNM<>?"
)  # fmt: skip
_AMERICAN_OF_FRENCH = str.maketrans(_FRENCH, _AMERICAN)


def as_american(text: str) -> str:
    """What an American keyboard types with the keys that typed this on a French one.

    The letters of our labels stay as they are. What no French key types stays as well.
    """
    return text.translate(_AMERICAN_OF_FRENCH)
