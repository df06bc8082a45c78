"""Where a server is, as people, codes and settings write it: a value, or one refusal."""

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from manchengo_sync.address import BadAddress, NotEncrypted, server_address

MARKS = "http https :// : / // @ [ ] ? # % . .. xn-- host 127.0.0.1 ::1 localhost é ٣ 0 99999"
PIECES = st.sampled_from([*MARKS.split(), " ", "\x00", "\n", "a" * 64])
WRITTEN = st.one_of(
    st.text(),
    st.lists(PIECES | st.text(max_size=3), max_size=8).map("".join),
    st.tuples(st.sampled_from(["http://", "https://"]), st.text()).map("".join),
)


@given(WRITTEN, st.booleans())
@example("http://host:abc", True)
@example("http://[::1", True)
@example("https://xn--a", False)
def test_whatever_is_written_is_a_value_or_refused(written: str, allow_plain: bool) -> None:
    """And what is a value can be asked: its name can be looked up, and it stays what it is."""
    try:
        address = server_address(written, allow_plain=allow_plain)
    except (BadAddress, NotEncrypted):
        return
    assert address.scheme in ("http", "https")
    address.raw_host.decode("ascii").encode("idna")
    assert address.port is None or 0 < address.port < 65_536
    assert server_address(str(address), allow_plain=allow_plain) == address
    httpx.Request("GET", address)


WRONG = (
    "laiterie.example ftp://laiterie.example https:/laiterie.example https:// http://host:abc "
    "http://[::1 http://::1 https://[::g] https://1.2.3.4:x https://host:0 https://host:65536 "
    "https://host:-1 https://%zz https://a..b https://xn--a https://amina:secret@laiterie.example "
    "https://laiterie.example?a=b https://laiterie.example#b"
)


@pytest.mark.parametrize(
    "written", [*WRONG.split(), "", "https://a b", "https://a\x00b", "https://" + 64 * "a"]
)
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(BadAddress):
        server_address(written, allow_plain=True)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" https://laiterie.example/ \n", "https://laiterie.example"),
        ("https://laiterie.example:8443/oued", "https://laiterie.example:8443/oued"),
        ("https://fromagerie-é.example", "https://xn--fromagerie--lbb.example"),
        ("https://192.168.1.10:8443", "https://192.168.1.10:8443"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_what_is_one(written: str, read: str) -> None:
    assert str(server_address(written)) == read
