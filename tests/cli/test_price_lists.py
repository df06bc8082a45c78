"""Price lists at the command line: kept, given to clients, and read in orders."""

from pathlib import Path

import pytest

from tests.cli.conftest import DAY
from tests.cli.running import arrives, asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")


def sold_at(*, on: str) -> str:
    code = asked("sell", "C2", "GOUDA=1", "--on", on)["codes"]["order"]
    (line,) = asked("order", "show", code)["lines"]
    price = line["unit_price"]
    assert isinstance(price, str)
    return price


def test_a_client_pays_by_its_list_from_the_day_of_the_price() -> None:
    done("price-list", "add", "GROS", "Grossistes")
    done("price-list", "set-price", "GROS", "GOUDA", "1500", "--from", "2026-11-22")
    done("client", "change", "C2", "--price-list", "GROS")
    assert asked("client", "show", "C2")["price_list"] == "GROS"
    assert sold_at(on=DAY) == "1650.00"
    assert sold_at(on="2026-11-22") == "1500.00"
    done("price-list", "set-price", "GROS", "GOUDA", "0", "--from", "2026-11-23")
    assert sold_at(on="2026-11-23") == "1650.00"
    done("client", "change", "C2", "--price-list", "")
    assert sold_at(on="2026-11-22") == "1650.00"


def test_a_sale_names_the_list_that_a_price_came_from() -> None:
    done("client", "change", "C2", "--price-list", "DETAIL")
    by_the_list = "prix de GOUDA : 1 700,00 DA, tarif Détail depuis le 01/11/2026"
    for order in (("sell", "C2"), ("order", "place", "C2")):
        said = done(*order, "GOUDA=1", "GOUDA=1@1600", "--on", DAY).out
        assert one_line(said).count(by_the_list) == 1
    assert asked("sell", "C2", "GOUDA=1", "--on", DAY)["price_lists"] == [
        {
            "product": "GOUDA",
            "price_list": "DETAIL",
            "since": "2026-11-01",
            "unit_price": "1700.00",
            "price_per": 1,
        }
    ]


def test_a_price_of_the_product_or_of_another_day_names_no_list() -> None:
    assert asked("sell", "C2", "GOUDA=1", "--on", DAY)["price_lists"] == []
    again = ("--command-id", "01a2319b-b039-71a8-aef8-2ef3981ac213")
    asked("sell", "C2", "GOUDA=1", "--on", DAY, *again)
    done("client", "change", "C2", "--price-list", "DETAIL")
    assert asked("sell", "C2", "GOUDA=1", "--on", DAY, *again)["price_lists"] == []


def test_a_list_shows_all_its_prices() -> None:
    said = done("price-list", "set-price", "DETAIL", "gouda", "17/100", "--from", "2026-12-01").out
    assert "GOUDA 1 700,00 DA dès le 01/11/2026" in one_line(said)
    assert asked("price-list", "show", "DETAIL") == {
        "code": "DETAIL",
        "name": "Détail",
        "archived": False,
        "prices": [
            {"product": "GOUDA", "from": "2026-11-01", "price": "1700.00", "price_per": 1},
            {"product": "GOUDA", "from": "2026-12-01", "price": "17.00", "price_per": 100},
        ],
    }
    assert asked("price-list", "list") == [{"code": "DETAIL", "name": "Détail", "archived": False}]


def test_a_price_from_no_day_said_counts_from_today() -> None:
    done("price-list", "set-price", "DETAIL", "GOUDA", "1700,50")
    *_, price = asked("price-list", "show", "DETAIL")["prices"]
    assert (price["price"], price["from"]) == ("1700.50", "2026-11-24")


def test_a_list_that_is_not_there_is_named() -> None:
    refused = run("client", "change", "C2", "--price-list", "GROSS")
    assert refused.code == 1
    assert "Introuvable : tarif « GROSS »" in one_line(refused.err)
    done("price-list", "archive", "DETAIL")
    archived = run("client", "add", "C7", "Neuf", "--price-list", "DETAIL")
    assert "Archivé : tarif DETAIL" in one_line(archived.err)


def test_who_may_not_read_prices_sees_the_list_without() -> None:
    arrives("karim", "livreur")
    shown = asked("price-list", "show", "DETAIL", "--user", "karim")
    assert shown == {"code": "DETAIL", "name": "Détail", "archived": False}


# ------------------------------------------------------------------------------------------ files


HEADER = "tarif;produit;prix;à partir du\n"


def price_of_salt() -> list[tuple[str, str]]:
    prices = asked("price-list", "show", "DETAIL")["prices"]
    return [(each["price"], each["from"]) for each in prices if each["product"] == "SEL"]


def test_a_file_of_prices_is_tried_imported_and_updated(tmp_path: Path) -> None:
    file = tmp_path / "tarifs.csv"
    file.write_text(HEADER + "DETAIL;SEL;1 700,50;01/11/2026\n", "utf-8")
    tried = one_line(done("import", "tarifs", str(file), "--dry-run").out)
    assert "rien n’a été enregistré" in tried
    assert price_of_salt() == []
    done("import", "tarifs", str(file))
    assert price_of_salt() == [("1700.50", "2026-11-01")]
    file.write_text(HEADER + "DETAIL;SEL;1 720;01/11/2026\n", "utf-8")
    refused = run("import", "prices", str(file))
    assert refused.code == 1
    assert "SEL, 01/11/2026 : le tarif a déjà un autre prix" in one_line(refused.out)
    told = one_line(done("import", "tarifs", str(file), "--update").out)
    assert "DETAIL SEL, 01/11/2026 : prix 1 700,50 → 1 720,00 DA" in told
    assert price_of_salt() == [("1720.00", "2026-11-01")]


def test_a_client_imported_is_given_its_list(tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("code;nom;tarif\nC8;Haddad;DETAIL\nC9;Ouali;DETAILS\n", "utf-8")
    refused = run("import", "clients", str(file))
    assert "Introuvable : tarif « DETAILS »" in one_line(refused.out)
    assert asked("client", "show", "C8")["price_list"] == "DETAIL"
    file.write_text("code;tarif\nC2;DETAIL\n", "utf-8")
    done("import", "clients", str(file), "--update")
    assert asked("client", "show", "C2")["price_list"] == "DETAIL"


def test_imported_orders_take_the_price_of_the_list(tmp_path: Path) -> None:
    done("client", "change", "C2", "--price-list", "DETAIL")
    file = tmp_path / "commandes.csv"
    file.write_text("numero;date;client;produit;quantite\nCC-9;20/11/2026;C2;GOUDA;1\n", "utf-8")
    done("import", "commandes", str(file))
    (line,) = asked("order", "show", "CC-9")["lines"]
    assert line["unit_price"] == "1700.00"
