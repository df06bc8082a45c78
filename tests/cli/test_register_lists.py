"""A register is searched, sorted and read page by page, like any other list."""

import pytest

from tests.cli.running import asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")


def codes(kind: str, *words: str, name: str = "code") -> list[str]:
    return [each[name] for each in asked(kind, "list", *words)]


def test_a_register_is_searched_whatever_the_accents() -> None:
    done("client", "add", "C7", "Crèmerie Aït Ali")
    done("client", "add", "C8", "Épicerie")
    assert codes("client", "--search", "CREMERIE ait") == ["C7"]


def test_a_register_is_sorted_and_read_page_by_page() -> None:
    done("supplier", "add", "F7", "Zerrouki")
    done("supplier", "add", "F8", "Amrane")
    by_name = codes("supplier", "--sort", "name")
    assert by_name.index("F8") < by_name.index("F7")
    first = codes("supplier", "--sort", "code", "--limit", "1")
    assert first + codes("supplier", "--sort", "code", "--after", first[0]) == codes(
        "supplier", "--sort", "code"
    )
    assert (
        codes("supplier", "--sort", "code", "--reverse")[0]
        == codes("supplier", "--sort", "code")[-1]
    )


def test_raw_materials_and_finished_products_are_one_list() -> None:
    found = codes("product", "--sort", "code")
    assert found == sorted(found)
    assert {"LAIT", "GOUDA"} <= set(found)


def test_a_recipe_is_found_by_the_name_of_its_product() -> None:
    assert codes("recipe", "--search", "gouda", name="product") == ["GOUDA"]
    assert codes("recipe", "--search", "camembert", name="product") == []


def test_what_is_archived_is_listed_when_it_is_asked_for() -> None:
    done("client", "add", "C7", "Crémerie")
    done("client", "archive", "C7")
    assert codes("client", "--search", "crémerie") == []
    assert codes("client", "--search", "crémerie", "--all") == ["C7"]


@pytest.mark.parametrize(
    "words",
    [
        *("supplier list", "client list", "product list", "recipe list", "lots", "order list"),
        *("delivery list", "production list", "devices", "audit"),
    ],
)
def test_a_search_that_finds_nothing_does_not_say_that_there_is_nothing(words: str) -> None:
    assert one_line(done(*words.split(), "--search", "zzz").out) == "Rien de tel dans cette liste."


def test_behind_the_last_one_the_list_ends() -> None:
    assert one_line(done("supplier", "list", "--after", "F001").out) == "La liste s’arrête là."
    assert one_line(done("audit", "--after", "1").out) == "La liste s’arrête là."


def test_an_order_that_a_register_does_not_have_is_refused() -> None:
    ran = run("client", "list", "--sort", "expires")
    assert ran.code == 2
    assert "name" in ran.err
