"""The accents of an office's file come out as they were typed, or the file is handed back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manchengo_files.encoding import CHUNK, encoding_of
from manchengo_files.unreadable import EmptyFile, NotText, NulByte, UnknownEncoding

TOWNS = ["Béjaïa", "Sétif", "Médéa", "BÉJAÏA", "Aïn Témouchent", "Tébessa", "Boumerdès", "ÉPICERIE"]
CHEESES = ["lait cru de chèvre", "Bûche", "affinée", "façon fermière", "maïs", "Pâte pressée"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "fournisseurs.csv"


@pytest.mark.parametrize("codec", ["cp1252", "cp850"])
@pytest.mark.parametrize("word", [*TOWNS, *CHEESES])
def test_one_french_word_is_enough_to_know_the_encoding(file: Path, codec: str, word: str) -> None:
    file.write_bytes(f"nom;ville\nFerme 1;{word}\n".encode(codec))
    assert encoding_of(file) == codec


@given(
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850", "iso8859-15"]),
    words=st.lists(st.sampled_from([*TOWNS, *CHEESES]), min_size=1),
    mark=st.sampled_from([";", ",", "\t", "\r\n", " ", "°", "« "]),
)
def test_what_was_typed_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, codec: str, words: list[str], mark: str
) -> None:
    file = tmp_path_factory.mktemp("typed") / "noms.csv"
    text = mark.join(words)
    if not _writes(codec, text):
        return
    file.write_bytes(text.encode(codec))
    assert file.read_bytes().decode(encoding_of(file)) == text


def test_plain_letters_are_utf_8(file: Path) -> None:
    file.write_bytes(b"lot;produit\nMP-1;SEL\n")
    assert encoding_of(file) == "utf-8"


@pytest.mark.parametrize("text", ["N° 12", "12 €", "l’eau", "« brebis »", "Œufs", "Muñoz"])
def test_signs_of_windows_alone_are_windows(file: Path, text: str) -> None:
    file.write_bytes(text.encode("cp1252"))
    assert encoding_of(file) == "cp1252"


@pytest.mark.parametrize(
    "text", ["Cœur de meule", "bœuf", "Œufs de ferme", "VŒUX", "lait 12 €", "Sœur Béjaïa"]
)
def test_what_only_unix_writes_so_is_read_as_it_was_typed(file: Path, text: str) -> None:
    file.write_bytes(f"nom;ville\n{text};Sétif\n".encode("iso8859-15"))
    assert text in file.read_bytes().decode(encoding_of(file))


def test_a_fraction_of_windows_is_not_a_letter_of_unix(file: Path) -> None:
    file.write_bytes("nom\nmeule ½ affinée\n".encode("cp1252"))
    assert encoding_of(file) == "cp1252"


@pytest.mark.parametrize("name", ["محمد", "قسنطينة", "الجزائر", "ملبنة سطيف"])
def test_arabic_of_an_old_windows_is_handed_back_rather_than_garbled(file: Path, name: str) -> None:
    file.write_bytes(f"nom\n{name}\n".encode("cp1256"))
    with pytest.raises(UnknownEncoding) as refusal:
        encoding_of(file)
    assert refusal.value.line == 2


def test_arabic_in_utf_8_is_read(file: Path) -> None:
    file.write_text("nom;ville\nملبنة;سطيف\n", encoding="utf-8")
    assert encoding_of(file) == "utf-8"


@pytest.mark.parametrize("text", ["CÔTE", "etc…"])
def test_two_readings_equally_french_are_handed_back(file: Path, text: str) -> None:
    file.write_bytes(text.encode("cp1252"))
    with pytest.raises(UnknownEncoding):
        encoding_of(file)


def test_one_bad_byte_in_utf_8_is_named_by_its_line(file: Path) -> None:
    file.write_bytes("nom\nBéjaïa\nMédéa\n".encode() + b"S\x80tif\n")
    with pytest.raises(UnknownEncoding) as refusal:
        encoding_of(file)
    assert refusal.value.line == 4


def test_one_bad_byte_does_not_turn_windows_into_dos(file: Path) -> None:
    file.write_bytes("nom\nSétif\nMédéa\n".encode("cp1252") + b"Hamidou\x81che\n")
    with pytest.raises(UnknownEncoding):
        encoding_of(file)


def test_a_byte_order_mark_does_not_excuse_bad_bytes(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfnom\nS\xe9tif\n")
    with pytest.raises(UnknownEncoding):
        encoding_of(file)


def test_a_letter_cut_by_the_edge_of_a_chunk_is_whole(file: Path) -> None:
    file.write_bytes(b"a" * 10 + b"\n" + b"b" * (CHUNK - 12) + "é\n".encode())
    assert encoding_of(file) == "utf-8"


def test_the_end_mark_of_a_dos_file_is_no_damage(file: Path) -> None:
    file.write_bytes("nom\nSétif\n".encode("cp850") + b"\x1a")
    assert encoding_of(file) == "cp850"


def test_a_zero_byte_is_named_by_its_line(file: Path) -> None:
    file.write_bytes(b"lot;produit\nMP-1;LAIT\nMP-\x002;LAIT\n")
    with pytest.raises(NulByte) as refusal:
        encoding_of(file)
    assert refusal.value.line == 3


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0",
        "lot;produit\n".encode("utf-16-le") * 3,
        bytes(range(256)),
        b"x" * (CHUNK + 1),
    ],
    ids=["picture", "utf-16 without its mark", "every byte", "one endless line"],
)
def test_what_is_no_text_is_said_to_be_none(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(NotText):
        encoding_of(file)


def test_a_file_of_no_bytes_is_empty(file: Path) -> None:
    file.touch()
    with pytest.raises(EmptyFile):
        encoding_of(file)


def _writes(codec: str, text: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
