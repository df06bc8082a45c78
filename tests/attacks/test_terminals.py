"""Names that drive a terminal, turn the direction of reading, or fill the screen and the disk."""

import json
from io import StringIO

import pytest
from attrs import evolve

from manchengo.application.command_check import LONGEST_TEXT, NotWritable, encoded
from manchengo.commands import RegisterSupplier
from manchengo.domain import names
from manchengo.domain.ids import SupplierId
from manchengo.memory import MemoryStore
from manchengo_cli.layout import wrapped
from manchengo_cli.output import Branch, Heading, Lines, Part, Table, write_json, write_page
from manchengo_presenters import legible as legible_module
from manchengo_presenters.legible import LONGEST, in_one_line, legible, legible_json
from tests.support.dairy import an_id
from tests.support.given import open_dairy

ORDERS = {
    "clear the screen": "\x1b[2J",
    "set the title": "\x1b]0;owned\x07",
    "ring": "\x07",
    "one byte of C1": "\x9b31m",
    "erase": "lait\x7f\x08\x08",
    "turn round": "\u202egnp.tiavlac",
    "isolate": "\u2066a\u2069",
}

HARMLESS = [
    "Fromagerie Aït-Ouali",
    "جبن",
    "a\u200eb",
    "12\u202f500 kg",
    "ligne\nautre",
    "a\tb",
    "C:\\bons",
]

A_FARM = RegisterSupplier(supplier_id=SupplierId(an_id("a farm")), code="F09", name="Benali")


def is_obeyed(text: str) -> bool:
    """Whether a terminal would do more than show it."""
    return any(ord(sign) < 32 and sign not in "\n\t" for sign in text) or any(
        0x7F <= ord(sign) < 0xA0 or sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        for sign in text
    )


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_it_is_not_recorded(order: str) -> None:
    dairy = open_dairy(MemoryStore())
    for command in (evolve(A_FARM, name=f"a{order}"), evolve(A_FARM, code=f"a{order}")):
        with pytest.raises(NotWritable):
            dairy.execute(command)


def test_none_of_the_signs_that_drive_a_terminal_is_recorded() -> None:
    signs = [sign for sign in map(chr, range(0x2100)) if names.COMMANDING.search(sign)]
    for name in (text for sign in signs for text in (f"lait{sign}", f"crème{sign}")):
        with pytest.raises(NotWritable):
            encoded(evolve(A_FARM, name=name))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_people_write_is_recorded_and_shown_as_it_is(text: str) -> None:
    open_dairy(MemoryStore()).execute(evolve(A_FARM, name=text))
    assert legible(text) == text
    assert legible_json(json.dumps(text, ensure_ascii=False)) == json.dumps(
        text, ensure_ascii=False
    )


def test_what_is_not_recorded_is_what_is_not_shown() -> None:
    assert legible_module.COMMANDING == names.COMMANDING


def test_a_name_of_two_megabytes_is_not_recorded() -> None:
    dairy = open_dairy(MemoryStore())
    dairy.execute(evolve(A_FARM, name="é" * LONGEST_TEXT))
    with pytest.raises(NotWritable) as refused:
        dairy.execute(evolve(A_FARM, code="F2", name="é" * (LONGEST_TEXT + 1)))
    assert refused.value.why == f"name: {LONGEST_TEXT + 1} characters"


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("kind", ["sentence", "lines", "branch", "cell"])
def test_what_was_recorded_all_the_same_is_shown_and_not_obeyed(order: str, kind: str) -> None:
    name = f"lait{order}\r\nMP-1"
    parts: dict[str, Part] = {
        "sentence": name,
        "lines": Lines([name]),
        "branch": Lines([Branch("", "", name)]),
        "cell": Table([Heading("a")], [[name]], empty=""),
    }
    page = StringIO()
    write_page([parts[kind]], page)
    assert not is_obeyed(page.getvalue())
    assert "lait" in page.getvalue()
    assert not is_obeyed("\n".join(wrapped(name)))


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_json_says_the_same_and_is_not_obeyed(order: str) -> None:
    for shape in ({"name": order}, iter([{"name": order}])):
        answer = StringIO()
        write_json(shape, answer)
        assert not is_obeyed(answer.getvalue())
        read = json.loads(answer.getvalue())
        assert (read[0] if isinstance(read, list) else read) == {"name": order}


def test_a_cell_is_one_line_no_longer_than_anybody_reads() -> None:
    assert in_one_line("a\r\nb\tc\u2028d") == "a b c d"
    assert len(in_one_line("a" * 2_000_000)) == LONGEST + 1
