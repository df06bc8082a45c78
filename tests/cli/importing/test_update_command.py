"""``manchengo import KIND FILE --update``: what would change, what did, and what people read."""

from pathlib import Path

import openpyxl
import pytest

from tests.cli.running import asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")


def written(text: str, name: str = "prix.csv") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def price(code: str) -> str:
    answer: str = asked("product", "show", code)["price"]
    return answer


PRICES = "code;prix\nLAIT;65\nGOUDA;1700,50\nSEL;45\n"


def test_a_price_list_is_rehearsed_then_imported_then_changes_nothing() -> None:
    file = written(PRICES)
    tried = one_line(done("import", "produits", file, "--update", "--dry-run").out)
    assert "3 lignes lues : 0 nouvelle, 2 modifiées, 1 sans effet, 0 refusée." in tried
    assert "2 changements seraient faits :" in tried
    assert "LAIT : prix 62,00 → 65,00 DA" in tried
    assert "GOUDA : prix 1 650,00 → 1 700,50 DA" in tried
    assert "rien n’a été enregistré" in tried
    assert price("LAIT") == "62.00"
    answer = one_line(done("import", "produits", file, "--update").out)
    assert "2 changements : " in answer
    assert "manchengo undo-import" in answer
    assert (price("LAIT"), price("GOUDA"), price("SEL")) == ("65.00", "1700.50", "45.00")
    before = asked("imports")
    again = one_line(done("import", "produits", file, "--update").out)
    assert "3 lignes lues : 0 nouvelle, 0 modifiée, 3 sans effet, 0 refusée." in again
    assert asked("imports") == before


def test_an_accountants_workbook_changes_prices_and_undoing_it_puts_them_back() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["Tarif 2027", None, None],
        ["Code", "Désignation", "Prix (DA/kg)"],
        ["GOUDA", None, 1720],
        ["SEL", "Sel fin", None],
    ):
        sheet.append(row)
    book.save("tarif.xlsx")
    answer = done("import", "products", "tarif.xlsx", "--update", "--json").shape
    assert [answer[key] for key in ("accepted", "changed", "unchanged", "refused")] == [2, 2, 0, 0]
    assert answer["changes"] == [
        {
            "row": 3,
            "code": "GOUDA",
            "ingredient": None,
            "column": "Prix (DA/kg)",
            "before": "1650.00",
            "after": "1720.00",
        },
        {
            "row": 4,
            "code": "SEL",
            "ingredient": None,
            "column": "Désignation",
            "before": "Sel",
            "after": "Sel fin",
        },
    ]
    undone = done("undo-import", answer["import_id"][:12], "--reason", "ancien tarif").out
    assert "redevient ce que c’était" in one_line(undone)
    assert price("GOUDA") == "1650.00"


def test_a_price_of_another_unit_changes_nothing() -> None:
    file = written("code;Prix (DA/g)\nGOUDA;1,72\n")
    ran = run("import", "products", file, "--update", "--json")
    assert ran.code == 1
    assert ran.shape["errors"][0]["rule"] == "other_unit_than_the_column"
    assert price("GOUDA") == "1650.00"


def test_refused_rows_come_back_in_a_file_that_updates() -> None:
    file = written("code;unite;prix\nLAIT;kg;65\nSEL;;46\nLAIR;;7\n")
    ran = run("import", "products", file, "--update")
    assert ran.code == 1
    output = one_line(ran.out)
    assert "LAIT est tenu en L, et l’unité d’un produit ne change jamais" in output
    assert "Rien n’est enregistré sous ce code : vérifiez-le." in output
    assert "importez ce fichier avec --update" in output
    errors = Path("prix.erreurs.csv")
    text = errors.read_text("utf-8-sig").replace("LAIT;kg;", "LAIT;L;").replace("LAIR;", "GOUDA;")
    errors.write_text(text, encoding="utf-8")
    done("import", "products", str(errors), "--update")
    assert (price("LAIT"), price("GOUDA"), price("SEL")) == ("65.00", "7.00", "46.00")


def test_all_or_nothing_makes_no_change_where_a_row_is_refused() -> None:
    file = written("code;prix\nLAIT;65\nLAIR;7\n")
    ran = run("import", "products", file, "--update", "--atomic")
    assert ran.code == 1
    assert "1 changement serait fait : " in one_line(ran.out)
    assert price("LAIT") == "62.00"


def test_a_recipe_is_told_ingredient_by_ingredient() -> None:
    rows = "produit;pour_quantite;ingredient;quantite\nGOUDA;100;LAIT;990\n"
    answer = done("import", "recettes", written(rows), "--update", "--dry-run").out
    output = one_line(answer)
    assert "GOUDA : LAIT 1 000 → 990 L" in output
    assert "GOUDA : SEL 2 kg → retiré" in output
    assert "GOUDA : valable_depuis 01/01/2026 → 24/11/2026" in output
    assert asked("recipe", "show", "GOUDA")["version"] == 1


def test_a_client_is_told_field_by_field() -> None:
    rows = "code;nom;telephone;fraicheur_minimale_jours\nC1;;0550 11 22 33;7\nC9;Neuf;;\n"
    output = one_line(done("import", "clients", written(rows), "--update").out)
    assert "1 nouvelle, 1 modifiée" in output
    assert "C1 : telephone rien → « 0550 11 22 33 »" in output
    assert "C1 : fraicheur_minimale_jours 10 jours → 7 jours" in output


def test_a_thousand_changes_are_shown_before_they_are_made_and_ten_after() -> None:
    header = "code;nom\n"
    codes = [f"X{number:04}" for number in range(1_200)]
    done("import", "clients", written(header + "".join(f"{code};a\n" for code in codes)))
    file = written(header + "".join(f"{code};b\n" for code in codes))
    tried = done("import", "clients", file, "--update", "--dry-run").out
    assert tried.count("«\xa0a\xa0» → «\xa0b\xa0»") == 1_000
    assert "… et 200 autres changements." in one_line(tried)
    assert len(asked("import", "clients", file, "--update", "--dry-run")["changes"]) == 1_200
    assert done("import", "clients", file, "--update").out.count("→") == 10


# ------------------------------------------------------------------------------- said otherwise


@pytest.mark.parametrize("kind", ["lots", "production", "ventes", "deliveries", "stock-initial"])
def test_what_happened_is_not_updated(kind: str) -> None:
    ran = run("import", kind, written("code\n"), "--update")
    assert ran.code == 2
    assert "suppliers, clients, products, prices, recipes" in one_line(ran.err)


def test_a_file_without_a_column_to_change_is_a_fault_of_the_command_line() -> None:
    ran = run("import", "products", written("code;prix TTC\nLAIT;65\n"), "--update")
    assert ran.code == 2
    assert "aucune colonne ne dit ce qui doit changer" in one_line(ran.err)
    assert "« prix TTC »" in one_line(ran.err)


def test_a_price_list_imported_plainly_is_told_of_updating() -> None:
    ran = run("import", "products", written(PRICES))
    assert ran.code == 2
    assert "importez le fichier avec --update" in one_line(ran.err)
    whole = "code;type;designation;unite;prix\nLAIT;MP;Lait;L;65\n"
    ran = run("import", "products", written(whole))
    assert ran.code == 1
    assert "importez le fichier avec --update" in one_line(ran.out)


def test_of_several_sheets_the_one_that_tells_something_is_read() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Code", "Remarque"])
    sheet.append(["LAIT", "à revoir"])
    prices = book.create_sheet("Prix")
    prices.append(["Code", "Prix"])
    prices.append(["LAIT", 65])
    book.save("tarif.xlsx")
    done("import", "products", "tarif.xlsx", "--update")
    assert price("LAIT") == "65.00"
