"""Every sentence has its French, and the tool that keeps it so sees each way of losing it."""

from pathlib import Path

import pytest

from tests.support import catalogue
from tests.support.catalogue import FRENCH, CannotRead, faults, placeholders, update

HELLO = 'def hello():\n    return _("Hello {name}")\n'
LOTS = 'def lots(n):\n    return ngettext("{n} lot", "{n} lots", n)\n'
IN_FRENCH = {"Hello {name}": "Bonjour {name}", "{n} lot": ["{n} lot", "{n} lots"]}


def test_every_sentence_of_the_source_is_said_in_french() -> None:
    """``python -m tests.support.catalogue`` brings the catalogue up to date."""
    assert faults() == []


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "apps/cli/src/manchengo_cli").mkdir(parents=True)
    write(tmp_path, HELLO + LOTS)
    update(tmp_path, IN_FRENCH)
    return tmp_path


def write(house: Path, source: str) -> None:
    (house / "apps/cli/src/manchengo_cli/greet.py").write_text(source, encoding="utf-8")


def edit(house: Path, old: str, new: str) -> None:
    po = house / FRENCH
    assert old in po.read_text(encoding="utf-8")
    po.write_text(po.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_catalogue_brought_up_to_date_has_no_fault(house: Path) -> None:
    assert faults(house) == []


def test_bringing_it_up_to_date_again_changes_not_one_byte(house: Path) -> None:
    files = [house / FRENCH, (house / FRENCH).with_suffix(".mo")]
    before = [file.read_bytes() for file in files]
    changes = update(house)
    assert (changes.added, changes.dropped, changes.faults) == ([], [], [])
    assert [file.read_bytes() for file in files] == before


def test_a_new_sentence_is_missed_then_added_and_waits_for_its_french(house: Path) -> None:
    write(house, HELLO + LOTS + 'def bye():\n    return _("Good" " bye")\n')
    assert faults(house) == [
        "apps/cli/src/manchengo_cli/greet.py:6: 'Good bye' is not in the catalogue"
    ]
    changes = update(house)
    assert changes.added == ["Good bye"]
    assert changes.faults == ["apps/cli/src/manchengo_cli/greet.py:6: 'Good bye' has no French"]
    assert update(house, {"Good bye": "Au revoir"}).faults == []


def test_a_sentence_nobody_says_any_more_is_found_then_dropped_and_shown(house: Path) -> None:
    write(house, LOTS)
    assert faults(house) == ["manchengo.po: nothing says 'Hello {name}' any more"]
    changes = update(house)
    assert [message.string for message in changes.dropped] == ["Bonjour {name}"]
    assert changes.faults == []


def test_a_number_left_out_of_a_form_is_found(house: Path) -> None:
    edit(house, 'msgstr[0] "{n} lot"', 'msgstr[0] "un lot"')
    assert "has other placeholders in French: 'un lot'" in faults(house)[0]


def test_a_placeholder_spelt_otherwise_is_found(house: Path) -> None:
    edit(house, "Bonjour {name}", "Bonjour {nom}")
    assert "has other placeholders in French: 'Bonjour {nom}'" in faults(house)[0]


def test_french_that_was_not_compiled_is_found(house: Path) -> None:
    edit(house, "Bonjour {name}", "Salut {name}")
    assert faults(house) == ["manchengo.mo is not the compilation of manchengo.po"]
    assert update(house).faults == []


def test_a_missing_compilation_is_found(house: Path) -> None:
    (house / FRENCH).with_suffix(".mo").unlink()
    assert faults(house) == ["manchengo.mo is not the compilation of manchengo.po"]


def test_a_fuzzy_or_half_made_translation_is_not_compiled(house: Path) -> None:
    edit(
        house, '#, python-brace-format\nmsgid "Hello', '#, fuzzy, python-brace-format\nmsgid "Hello'
    )
    edit(house, 'msgstr[1] "{n} lots"', 'msgstr[1] ""')
    found = update(house).faults
    assert len(found) == 2
    assert "is marked fuzzy" in found[0]
    assert "has no French" in found[1]
    assert b"Bonjour" not in (house / FRENCH).with_suffix(".mo").read_bytes()


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('def f(x):\n    return _(f"Hello {x}")\n', "needs the plain sentence"),
        ('def f(x):\n    return _("Hello {x}".format(x=x))\n', "needs the plain sentence"),
        ('def f(x):\n    return _("Hello " + x)\n', "needs the plain sentence"),
        ("def f(x):\n    return ngettext(x, x, 2)\n", "needs the sentence itself"),
        ('def f():\n    return _("")\n', "an empty sentence"),
        ('HELLO = _("Hello {name}")\n', "said once, at import"),
        ('def f(x=_("Hello {name}")):\n    pass\n', "said once, at import"),
        (LOTS + 'def f(n):\n    return ngettext("{n} lot", "many", n)\n', "another plural"),
        (LOTS + 'def f():\n    return _("{n} lot")\n', "another plural"),
    ],
)
def test_a_call_that_could_not_be_translated_is_found(house: Path, source: str, fault: str) -> None:
    write(house, source)
    assert any(fault in found for found in faults(house))


def test_a_sentence_marked_in_a_table_and_translated_by_name_is_right(house: Path) -> None:
    table = 'T = {1: N_("Hello {name}")}\ndef f(k):\n    return _(T[k])\n'
    write(house, LOTS + table + 'g = lambda: _("Hello {name}")\n')
    assert faults(house) == []


def test_a_module_that_does_not_parse_stops_everything_before_it_is_written(house: Path) -> None:
    before = (house / FRENCH).read_bytes()
    write(house, 'def broken(:\n    _("Hello")\n')
    with pytest.raises(CannotRead):
        update(house)
    assert (house / FRENCH).read_bytes() == before


@pytest.mark.parametrize(
    "line", ['msgid "Hello', "<<<<<<< ours", 'msgstr "dit "bonjour""', "msgid"]
)
def test_a_catalogue_that_does_not_parse_is_left_alone(house: Path, line: str) -> None:
    edit(house, 'msgid "Hello {name}"', line)
    with pytest.raises(CannotRead, match=r"manchengo\.po:\d+: "):
        update(house)
    assert line in (house / FRENCH).read_text(encoding="utf-8")


def test_french_for_a_sentence_nobody_says_is_refused(house: Path) -> None:
    with pytest.raises(CannotRead, match="Helo"):
        update(house, {"Helo {name}": "Bonjour {name}"})


def test_the_command_line_says_what_is_left_to_do(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogue, "ROOT", house)
    write(house, HELLO)
    filled = house / "fr.json"
    filled.write_text('{"Hello {name}": "Salut {name}"}', encoding="utf-8")
    assert catalogue.main(["--check"]) == 1
    assert catalogue.main(["--fill", str(filled)]) == 0
    assert catalogue.main(["--check"]) == 0
    assert catalogue.main(["--fill", str(house / "absent.json")]) == 2
    output = capsys.readouterr()
    assert "- ('{n} lot', '{n} lots')" in output.out
    assert "nothing written" in output.err


def test_placeholders_are_compared_by_name() -> None:
    assert placeholders("{price:.2f} %(unit)s {{literal}} 19 % de") == ["%(unit)s", "price"]
    assert placeholders("un { seul") == ["un { seul"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Refusé : « LAIT » ?", "Refusé\u00a0: «\u00a0LAIT\u00a0»\u00a0?"),
        ("Encore ; oui !", "Encore\u00a0; oui\u00a0!"),
        ("d'un « lot » de l'{x}, dit 'a'", "d’un «\u00a0lot\u00a0» de l’{x}, dit 'a'"),
        ("de 08:30 à 09:15, --mark ; non", "de 08:30 à 09:15, --mark\u00a0; non"),
    ],
)
def test_french_is_set_as_in_print(typed: str, meant: str) -> None:
    assert catalogue.typeset(typed) == meant


def test_an_ordinary_space_before_a_mark_is_a_fault_and_an_update_sets_it(house: Path) -> None:
    edit(house, "Bonjour {name}", "Bonjour {name} !")
    assert any("ordinary space" in fault for fault in faults(house))
    update(house)
    assert faults(house) == []
