"""The entries of registers, and users, are recorded, changed, shown and archived."""

import pytest

from tests.cli.conftest import DAY
from tests.cli.running import arrives, asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")


def test_a_change_leaves_what_is_not_given() -> None:
    done("supplier", "change", "F001", "--phone", "0560445566", "--name", "Ferme Djebbar")
    shown = asked("supplier", "show", "F001")
    assert (shown["name"], shown["phone"]) == ("Ferme Djebbar", "0560445566")
    assert shown["nif"] == "139986987973091"


def test_a_client_may_want_fresher_cheese() -> None:
    done("client", "change", "C2", "--freshness", "30", "--category", "gros")
    shown = asked("client", "show", "C2")
    assert (shown["minimum_shelf_life_days"], shown["category"]) == (30, "gros")


def test_a_barcode_is_checked_and_is_of_one_product() -> None:
    labels = ("product", "add", "ETIQ", "Etiquettes", "--kind", "MP", "--unit", "piece")
    mistyped = run(*labels, "--gtin", "6130000000012")
    assert mistyped.code == 1
    assert "le dernier serait 5" in one_line(mistyped.err)
    assert "8, 12, 13 ou 14 chiffres" in one_line(run(*labels, "--gtin", "613").err)
    done(*labels, "--gtin", "6130000000015")
    taken = run("product", "change", "GOUDA", "--gtin", "6130000000015")
    assert "ETIQ a déjà le code-barres 6130000000015" in one_line(taken.err)


def test_half_a_piece_is_not_received() -> None:
    done("product", "add", "ETIQ", "Etiquettes", "--kind", "MP", "--unit", "piece")
    refused = run("receive", "ETIQ", "10,5", "--supplier", "F001", "--on", DAY)
    assert refused.code == 1
    assert "sont entiers" in one_line(refused.err)


def test_a_product_keeps_its_unit_and_may_change_the_rest() -> None:
    words = ("--price", "1720,50", "--allocation", "fefo", "--vat", "reduced")
    done("product", "change", "GOUDA", *words, "--release-required", "--shelf-life", "90")
    shown = asked("product", "show", "GOUDA")
    assert shown["price"] == "1720.50"
    assert (shown["allocation"], shown["vat_class"]) == ("FEFO", "reduced")
    assert (shown["release_required"], shown["shelf_life_days"]) == (True, 90)
    done("product", "change", "GOUDA", "--no-release-required")
    assert asked("product", "show", "GOUDA")["release_required"] is False


def test_litres_and_kilograms_convert_once_the_density_is_known() -> None:
    assert run("receive", "LAIT", "103,2kg", "--supplier", "F001", "--on", DAY).code == 1
    done("product", "density", "LAIT", "1032", "--from", "2026-01-01")
    made = asked("receive", "LAIT", "103,2kg", "--supplier", "F001", "--on", DAY)
    (lot,) = [each for each in asked("lots", "LAIT") if each["lot"] == made["codes"]["lot"]]
    assert (lot["on_hand"], lot["unit"]) == ("100", "L")


def test_a_recipe_has_versions() -> None:
    done("recipe", "change", "GOUDA", "--batch", "50", "LAIT=480", "SEL=1", "--yield", "97,5")
    shown = asked("recipe", "show", "GOUDA")
    assert (shown["version"], shown["batch"], shown["expected_yield"]) == (2, "50", "97.50")
    assert run("recipe", "add", "GOUDA", "--batch", "50", "LAIT=480").code == 1
    assert run("recipe", "change", "LAIT", "--batch", "50", "SEL=1").code == 1


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("supplier", "F001"),
        ("client", "C2"),
        ("price-list", "DETAIL"),
        ("product", "SEL"),
        ("recipe", "GOUDA"),
    ],
)
def test_what_is_archived_is_no_longer_listed(kind: str, code: str) -> None:
    key = "product" if kind == "recipe" else "code"
    assert code in [each[key] for each in asked(kind, "list")]
    done(kind, "archive", code)
    assert code not in [each[key] for each in asked(kind, "list")]
    assert code in [each[key] for each in asked(kind, "list", "--all")]
    assert asked(kind, "show", code)["archived"] is True


def test_nothing_new_uses_what_is_archived() -> None:
    done("supplier", "archive", "F001")
    ran = run("receive", "SEL", "1", "--supplier", "F001", "--json")
    assert (ran.code, ran.fault["error"]) == (1, "Archived")


def test_a_code_is_taken_once() -> None:
    ran = run("client", "add", "C1", "Autre", "--json")
    assert (ran.code, ran.fault["error"]) == (1, "AlreadyExists")


def test_a_code_in_another_spelling_is_taken_and_named_as_it_is_recorded() -> None:
    output = run("client", "add", "c1", "Autre").err
    assert "« C1 » existe déjà (vous avez écrit « c1 »" in output.replace("\xa0", " ")
    for again in ("gouda", "ＧＯＵＤＡ", "Gouda "):
        ran = run("product", "add", again, "Autre", "--kind", "PF", "--unit", "kg", "--json")
        assert (ran.code, ran.fault["error"]) == (1, "AlreadyExists")
        assert ran.fault["facts"]["existing"] == "GOUDA"
    words = ("SEL", "1", "--supplier", "F001", "--on", DAY)
    done("receive", *words, "--code", "F 1")
    for again in ("F  1", "f 1"):
        ran = run("receive", *words, "--code", again, "--json")
        assert (ran.code, ran.fault["facts"]["existing"]) == (1, "F 1")
    assert asked("trace", "f\xa01")["lot"] == "F 1"


def test_people_are_shown_each_entry_in_their_words() -> None:
    output = done("product", "show", "GOUDA").out
    assert "Prix hors taxe" in output
    assert "1\u202f650,00\u00a0DA" in output
    assert "Conservation" in output


def test_a_user_acts_within_their_roles() -> None:
    arrives("karim", "livreur")
    assert run("receive", "SEL", "1", "--supplier", "F001", "--user", "karim").code == 1
    done("deliver", "CC-2", "--user", "karim", "--on", DAY)
    done("user", "role", "karim", "appro")
    done("receive", "SEL", "1", "--supplier", "F001", "--user", "karim")


def test_a_user_who_left_acts_no_more() -> None:
    done("user", "add", "karim", "livreur")
    done("user", "deactivate", "karim")
    ran = run("stock", "--user", "karim", "--json")
    assert (ran.code, ran.fault["error"]) == (1, "Archived")
    assert [(each["user"], each["active"]) for each in asked("user", "list")] == [
        ("amina", True),
        ("karim", False),
    ]


def test_with_two_administrators_one_must_say_who_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    arrives("karim", "admin")
    done("logout")
    ran = run("audit", "--json")
    assert (ran.code, ran.fault["error"]) == (2, "WhichPerson")
    assert ran.fault["facts"] == {"people": ["amina", "karim"]}
    monkeypatch.setenv("MANCHENGO_USER", "karim")
    done("audit")


def test_one_person_has_one_name_however_it_is_typed() -> None:
    arrives("Hélène", "livreur")
    for again in ("HÉLÈNE", "He\u0301le\u0300ne", "hélène "):
        ran = run("user", "add", again, "livreur", "--json")
        assert (ran.code, ran.fault["error"]) == (1, "AlreadyExists")
    assert asked("stats", "--user", "HE\u0301LE\u0300NE")["user"] == "Hélène"
