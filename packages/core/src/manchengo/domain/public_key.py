"""Which public keys (Ed25519) prove anything: plain arithmetic, so that every judge agrees."""

KEY_BYTES = 32

_PRIME = 2**255 - 19

_OF_SMALL_ORDER = frozenset(
    {
        0,
        1,
        _PRIME - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)
"""The ordinates of the eight points of small order: under such a key one signature may be good for
any message, whoever made it.
"""


def is_sound(written: str) -> bool:
    """Whether that is a public key that somebody can own: 32 bytes in hexadecimal, in the one way
    that there is to write them, and none under which a signature proves nothing.
    """
    try:
        key = bytes.fromhex(written)
    except ValueError:
        return False
    ordinate = int.from_bytes(key, "little") & (2**255 - 1)
    is_spelt_so = len(key) == KEY_BYTES and key.hex() == written
    return is_spelt_so and ordinate < _PRIME and ordinate not in _OF_SMALL_ORDER
