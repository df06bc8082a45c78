"""What two devices recorded apart and cannot both stand: seen, understood, decided on."""

from pathlib import Path

import pytest
from attrs import fields

from manchengo.commands import COMMANDS
from manchengo_presenters.command_view import LABELS, UNSAID
from tests.cli.apart import Apart
from tests.cli.conftest import DAY
from tests.cli.running import arrives, asked, done, one_line, run


@pytest.fixture
def item(poured_twice: Apart) -> str:
    (found,) = asked("conflicts")
    return str(found["item"])


def test_nothing_is_in_conflict_at_first(apart: Apart) -> None:
    assert asked("conflicts") == []
    assert "tout ce qui a été enregistré tient" in one_line(done("conflicts").out)


def test_the_list_says_what_who_when_and_why(item: str) -> None:
    output = one_line(done("conflicts").out)
    assert f"{item[:8]} versement d’une matière : L2, 410 L, OF-3 amina" in output
    assert "410 L demandés, 100 L libres le 20/11/2026." in output


def test_both_devices_list_the_same(item: str, poured_twice: Apart) -> None:
    assert asked("conflicts") == asked("conflicts", "--db", str(poured_twice.phone))


def test_a_conflict_is_shown_with_its_reason_and_the_ways_out(item: str) -> None:
    output = one_line(done("conflicts", "show", item[:6]).out)
    for part in (
        "Versement d’une matière : enregistré par amina",
        "Ordre de fabrication : OF-3",
        "Il n’y a pas assez dans le lot L2",
        "Enregistré ailleurs entre-temps : lancement d’une fabrication : OF-2",
        "versement d’une matière : L2, 400 L, OF-2 (amina,",
        "versé : 410 L de L2 → OF-3",
        f"manchengo conflicts resolve {item[:8]} --void --reason",
        f"manchengo conflicts resolve {item[:8]} --retry --reason",
        f"manchengo conflicts resolve {item[:8]} --lot LOT --reason",
    ):
        assert part in output, part
    assert "--code CODE" not in output


def test_another_lot_closes_it_everywhere(item: str, poured_twice: Apart) -> None:
    words = ("--lot", "L3", "--reason", "étiquette mal lue", "--on", DAY)
    output = done("conflicts", "resolve", item[:6], *words).out
    assert "Décidé\u00a0: versement d’une matière" in output
    assert "enregistré avec un autre lot" in output
    poured_twice.exchange(poured_twice.office, poured_twice.phone)
    for database in (poured_twice.office, poured_twice.phone):
        assert asked("conflicts", "--db", str(database)) == []
        (closed,) = asked("conflicts", "--all", "--db", str(database))
        assert (closed["closed_by"], closed["reason"]) == ("other_lot", "étiquette mal lue")
        left = {each["lot"]: each["on_hand"] for each in asked("lots", "--db", str(database))}
        assert (left["L2"], left["L3"]) == ("100", "90")
    assert "Réglé" in done("conflicts", "show", item).out


def test_given_up_it_stays_in_the_history(item: str) -> None:
    done("conflicts", "resolve", item, "--void", "--reason", "compté deux fois")
    assert asked("conflicts") == []
    shown = asked("conflicts", "show", item)
    assert (shown["closed_by"], shown["choices"]) == ("void", [])
    assert "classé sans suite" in done("conflicts", "--all").out


def test_once_the_count_is_corrected_it_is_recorded_as_it_was(item: str) -> None:
    again = ("conflicts", "resolve", item, "--retry", "--reason", "recompté", "--on", DAY)
    refused = run(*again)
    assert refused.code == 1
    assert "Il n’y a pas assez dans le lot L2" in one_line(refused.err)
    done("count", "L2", "410", "--reason", "reste au fond du tank", "--on", DAY)
    done(*again)
    assert [each["lot"] for each in asked("lots", "LAIT")] == ["L3"]


def test_the_first_decision_holds(item: str) -> None:
    done("conflicts", "resolve", item, "--void", "--reason", "compté deux fois")
    ran = run("conflicts", "resolve", item, "--retry", "--reason", "non")
    assert ran.code == 1
    assert "conflit versement d’une matière" in one_line(ran.err)
    assert "«\u00a0classé sans suite\u00a0»" in ran.err


def test_a_way_out_that_does_not_fit_is_refused(item: str) -> None:
    ran = run("conflicts", "resolve", item, "--code", "X", "--reason", "autre code", "--json")
    assert (ran.code, ran.fault["error"]) == (1, "CannotResolveSo")
    assert "classer sans suite convient toujours" in ran.fault["message"]


def test_a_decision_has_a_reason(item: str) -> None:
    assert run("conflicts", "resolve", item, "--void").code == 2
    ran = run("conflicts", "resolve", item, "--void", "--reason", " ")
    assert ran.code == 1
    assert "décider d’un conflit" in one_line(ran.err)


def test_one_way_is_given_and_only_one(item: str) -> None:
    assert run("conflicts", "resolve", item, "--reason", "x").code == 2
    ran = run("conflicts", "resolve", item, "--void", "--retry", "--reason", "x")
    assert ran.code == 2
    assert "une seule, parmi --void" in one_line(ran.err)


def test_the_same_decision_twice_has_one_effect(item: str) -> None:
    same = ("--command-id", "0193b3a0-0000-7000-8000-000000000001")
    words = ("conflicts", "resolve", item, "--lot", "L3", "--reason", "x", "--on", DAY, *same)
    assert asked(*words) == asked(*words)


def test_a_driver_may_look_and_not_decide(item: str) -> None:
    arrives("karim", "livreur")
    show = ("conflicts", "show", item, "--user", "karim")
    assert asked(*show)["choices"] == []
    assert "Vos rôles ne permettent pas d’en décider." in one_line(done(*show).out)
    words = ("conflicts", "resolve", item, "--void", "--reason", "x", "--user", "karim")
    assert run(*words).code == 1


def test_who_may_not_do_it_does_not_do_it_by_deciding(item: str) -> None:
    arrives("karim", "appro")
    show = ("conflicts", "show", item, "--user", "karim")
    assert asked(*show)["choices"] == ["void"]
    assert (
        "Enregistrer de nouveau demande un droit que vos rôles n’ont pas (fabriquer). Ces rôles "
        "l’ont : administrateur, production."
    ) in one_line(done(*show).out)
    words = ("conflicts", "resolve", item, "--lot", "L3", "--reason", "x", "--on", DAY)
    ran = run(*words, "--user", "karim", "--json")
    assert (ran.code, ran.fault["error"]) == (1, "NotPermitted")
    assert ran.fault["facts"]["permission"] == "produce"
    done(*words)


def test_an_identifier_is_found_by_its_beginning(item: str, poured_twice: Apart) -> None:
    assert asked("conflicts", "show", item)["item"] == item
    assert asked("conflicts", "show", item[:4].upper())["item"] == item
    unknown = run("conflicts", "show", "0" if item[0] != "0" else "1")
    assert unknown.code == 1
    assert "conflit" in unknown.err
    assert run("conflicts", "show", "OF-3").code == 2


def test_a_beginning_that_fits_two_asks_for_more(poured_twice: Apart) -> None:
    for number in range(16):  # there are sixteen digits: two of seventeen begin alike
        apart_again(poured_twice, number)
    found = [each["item"] for each in asked("conflicts")]
    digit = next(each[0] for each in found if sum(other[0] == each[0] for other in found) > 1)
    ran = run("conflicts", "show", digit, "--json")
    assert (ran.code, ran.fault["error"]) == (2, "AmbiguousItem")
    assert set(ran.fault["facts"]["items"]) == {each for each in found if each[0] == digit}


def apart_again(apart: Apart, number: int) -> None:
    """One more conflict: the same code given twice."""
    words = ("product", "add", f"P{number}", "Produit", "--kind", "PF", "--unit", "kg")
    done(*words)
    apart.on_phone(*words)
    apart.exchange(apart.office, apart.phone)


def test_a_code_taken_elsewhere_is_changed(apart: Apart) -> None:
    apart_again(apart, 1)
    (item,) = asked("conflicts")
    assert (item["refusal"], item["facts"]["reference"]) == ("AlreadyExists", "P1")
    shown = asked("conflicts", "show", item["item"])
    assert shown["choices"] == ["void", "other_code"]
    assert [each["arguments"]["code"] for each in shown["against"]] == ["P1"]
    done("conflicts", "resolve", item["item"], "--code", "P2", "--reason", "deux produits")
    assert [each["code"] for each in asked("product", "list")][-2:] == ["P1", "P2"]


def test_a_code_taken_elsewhere_in_another_spelling_is_changed(apart: Apart) -> None:
    words = ("Produit", "--kind", "PF", "--unit", "kg")
    done("product", "add", "LAIT-V", *words)
    apart.on_phone("product", "add", "lait-v", *words)
    apart.exchange(apart.office, apart.phone)
    (item,) = asked("conflicts")
    assert "« LAIT-V » existe déjà" in item["message"].replace("\xa0", " ")
    assert "« lait-v »" in item["message"].replace("\xa0", " ")
    shown = asked("conflicts", "show", item["item"])
    assert shown["choices"] == ["void", "other_code"]
    assert [each["arguments"]["code"] for each in shown["against"]] == ["LAIT-V"]
    done("conflicts", "resolve", item["item"], "--code", "LAIT-B", "--reason", "deux produits")
    assert asked("product", "show", "lait-b")["code"] == "LAIT-B"


def test_a_price_written_by_two_asks_for_a_look(apart: Apart) -> None:
    done("product", "change", "GOUDA", "--price", "1700")
    apart.on_phone("product", "change", "GOUDA", "--price", "1800")
    apart.exchange(apart.office, apart.phone)
    (item,) = asked("conflicts")
    assert item["matter"] == "contested"
    assert (
        "Deux appareils ont écrit la même chose sans s’être vus (Prix hors taxe)" in item["message"]
    )
    shown = asked("conflicts", "show", item["item"])
    assert [each["arguments"]["price"] for each in shown["against"]] == ["1700.00"]
    assert (
        "Prix hors taxe\u00a0: 1\u202f800,00\u00a0DA" in done("conflicts", "show", item["item"]).out
    )


def test_two_refused_of_one_device_both_give_their_reason(apart: Apart) -> None:
    done("write-off", "L2", "400", "--reason", "cuve percée", "--on", DAY)
    for _ in range(2):
        apart.on_phone("write-off", "L2", "150", "--reason", "renversé", "--on", DAY)
    apart.exchange(apart.office, apart.phone)
    items = asked("conflicts")
    assert len(items) == 2
    for each in items:
        (against,) = asked("conflicts", "show", each["item"])["against"]
        assert against["arguments"]["quantity"] == {"quantity": "400", "unit": "L"}


def test_before_the_server_says_so_it_is_only_foreseen(apart: Apart) -> None:
    done("write-off", "L2", "400", "--reason", "cuve percée", "--on", DAY)
    apart.exchange(apart.office)
    apart.on_phone("write-off", "L2", "150", "--reason", "renversé", "--on", DAY)
    apart.hears(apart.phone)
    phone = ("--db", str(apart.phone))
    (item,) = asked("conflicts", *phone)
    assert item["confirmed"] is False
    assert "Le serveur ne l’a pas encore dit" in one_line(
        done("conflicts", "show", item["item"], *phone).out
    )
    apart.exchange(apart.phone)
    assert asked("conflicts", *phone)[0]["confirmed"] is True


def test_what_a_withdrawn_right_refused_is_told_of_another(apart: Apart) -> None:
    done("user", "add", "karim", "appro")
    apart.exchange(apart.office, apart.phone)
    apart.on_phone("passwd", "karim")
    done("user", "role", "karim", "livreur")
    apart.on_phone("write-off", "L2", "1", "--reason", "test", "--user", "karim", "--on", DAY)
    apart.exchange(apart.office, apart.phone)
    (item,) = asked("conflicts")
    assert (item["user"], item["refusal"]) == ("karim", "NotPermitted")
    assert "n’en avait pas le droit" in item["message"]
    assert asked("conflicts", "show", item["item"])["choices"] == ["void", "accept"]


def test_what_nobody_can_read_yet_waits(apart: Apart) -> None:
    apart.write_from_the_future(apart.phone)
    apart.exchange(apart.phone, apart.office)
    (item,) = asked("conflicts")
    assert item["matter"] == "parked"
    assert "version plus récente du programme" in item["message"]
    shown = asked("conflicts", "show", item["item"])
    assert (shown["arguments"], shown["choices"]) == (None, ["void", "set_aside"])
    assert "lot.sing" in done("conflicts", "show", item["item"]).out
    done("write-off", "L2", "1", "--reason", "test", "--on", DAY)
    apart.exchange(apart.office)
    assert "après celui-là" in asked("conflicts")[1]["message"]


def test_what_nobody_can_read_is_set_aside_and_taken_up_again(apart: Apart) -> None:
    apart.write_from_the_future(apart.phone)
    apart.exchange(apart.phone, apart.office)
    (item,) = asked("conflicts")
    assert "conflicts set-aside" in one_line(done("conflicts", "show", item["item"]).out)
    done("write-off", "L2", "1", "--reason", "test", "--on", DAY)
    apart.exchange(apart.office)
    words = (item["item"], "--reason", "téléphone inconnu")
    assert "mis de côté" in one_line(done("conflicts", "set-aside", *words).out)
    apart.exchange(apart.office, apart.phone)
    assert asked("conflicts") == []  # what it had held up goes on
    everything = {each["item"]: each["closed_by"] for each in asked("conflicts", "--all")}
    assert everything[item["item"]] == "set_aside"
    shown = asked("conflicts", "show", item["item"])
    assert (shown["reason"], shown["choices"]) == ("téléphone inconnu", ["take_up"])
    assert "conflicts take-up" in one_line(done("conflicts", "show", item["item"]).out)
    output = one_line(done("conflicts", "take-up", item["item"], "--reason", "à jour").out)
    assert "le serveur le jugera" in output
    assert [each["item"] for each in asked("conflicts")] == [item["item"]]


def test_every_argument_of_a_command_has_its_label() -> None:
    arguments = {
        "deliveries" if field.name == "delivery_ids" else field.name.removesuffix("_id")
        for schema in COMMANDS.values()
        for field in fields(schema.type)
    }
    assert arguments - {"order"} - UNSAID - set(LABELS) == {"import", "invitation", "payment"}, (
        "they name nothing"
    )


def test_it_reads_on_a_telephone(item: str) -> None:
    from manchengo_cli.layout import columns

    with columns(40):
        output = done("conflicts").out
    assert max(len(line) for line in output.splitlines()) <= 40


def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    assert run("conflicts", "--db", str(tmp_path / "rien.db")).code == 3


SAME_ID = ("--command-id", "0193b3a0-0000-7000-8000-000000000007", "--on", DAY)


def test_one_command_id_on_two_devices_has_one_effect(apart: Apart) -> None:
    spilt = ("write-off", "L2", "100", "--reason", "renversé", *SAME_ID)
    done(*spilt)
    apart.on_phone(*spilt)
    apart.exchange(apart.office, apart.phone)
    for database in (apart.office, apart.phone):
        left = {each["lot"]: each["on_hand"] for each in asked("lots", "--db", str(database))}
        assert left["L2"] == "400"
        assert asked("conflicts", "--db", str(database)) == []


def test_one_command_id_for_two_things_waits_for_a_person(apart: Apart) -> None:
    done("write-off", "L2", "100", "--reason", "renversé", *SAME_ID)
    apart.on_phone("write-off", "L2", "50", "--reason", "tourné", *SAME_ID)
    for _ in range(2):  # the first time, the phone is told why its own is not taken
        apart.exchange(apart.office, apart.phone)
    (item,) = asked("conflicts")
    assert (item["refusal"], item["command"]) == ("CommandIdReused", "lot.write_off")
    output = one_line(done("conflicts", "show", item["item"]).out)
    assert "Mise au rebut : enregistré par amina" in output
    assert "Un autre appareil a utilisé d’abord l’identifiant de commande" in output
    assert "50 L de L2" in output
    done("conflicts", "resolve", item["item"], "--retry", "--reason", "deux fois", "--on", DAY)
    left = {each["lot"]: each["on_hand"] for each in asked("lots")}
    assert left["L2"] == "350"


def test_of_two_people_of_one_name_the_second_is_given_another(apart: Apart) -> None:
    done("user", "add", "karim", "livreur")
    apart.on_phone("user", "add", "karim", "production")
    apart.exchange(apart.office, apart.phone)
    (item,) = asked("conflicts")
    shown = asked("conflicts", "show", item["item"])
    assert shown["choices"] == ["void", "other_code"]
    assert [each["command"] for each in shown["against"]] == ["user.register"]
    output = one_line(done("conflicts", "show", item["item"]).out)
    assert "de nouveau sous ce nom" in output
    assert "--code CODE" in output
    words = ("--code", "karim-b", "--reason", "homonyme")
    done("conflicts", "resolve", item["item"], *words)
    assert {each["user"] for each in asked("user", "list")} >= {"karim", "karim-b"}


def test_whoever_was_registered_twice_is_shown_by_name(apart: Apart) -> None:
    done("user", "add", "karim", "livreur")
    apart.on_phone("user", "add", "karim", "production")
    apart.on_phone("passwd", "karim")
    apart.on_phone("produce", "GOUDA", "1", "--user", "karim", "--on", DAY)
    apart.exchange(apart.office, apart.phone)
    assert {each["user"] for each in asked("conflicts")} == {"amina", "karim"}
