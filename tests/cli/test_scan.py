"""Scanning: what a code is, what follows from it in a task, and that each scan is recorded."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from manchengo import SystemClock
from manchengo.domain.errors import NothingToDo, Refused, Unknown
from manchengo.domain.label import (
    KeptForOthers,
    KeyboardInArabic,
    Label,
    LabelKeyRevoked,
    LabelKeyUnknown,
    LabelKind,
    LabelNotAuthentic,
    NotALabel,
    ScannedAlready,
    WrongKindOfLabel,
    WrongLabel,
)
from manchengo.ports import audit_chain
from manchengo.ports.rows import DeliveryRow, RawLotRow
from manchengo_cli.database import opened
from manchengo_cli.session import Session
from manchengo_qr.drawing import draw, picture
from manchengo_qr.payload import label_text
from manchengo_sqlite import SqliteStore
from manchengo_workplace import label_keys
from manchengo_workplace.lookups import coded
from manchengo_workplace.scan_reading import read
from manchengo_workplace.scan_records import Task
from manchengo_workplace.scan_tasks import Outcome, ScanResult, ScanTask
from tests.cli.conftest import DAY
from tests.cli.running import Run, arrives, asked, done, one_line, run
from tests.support.labels import LOT, THEIRS

MILK_TODAY = "2026-11-22"


def payload(code: str) -> str:
    """What the label of that says."""
    return str(asked("labels", code, "--to", f"{code}.pdf", "--force")["printed"][0]["payload"])


def scanned(*words: str) -> list[dict[str, Any]]:
    """What came of each scan, in JSON."""
    ran = run("scan", *words, "--json")
    assert ran.out, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def typed(patch: pytest.MonkeyPatch, lines: list[str], *words: str) -> Run:
    """A hand scanner types these, each with its end of line."""
    patch.setattr("sys.stdin", io.StringIO("".join(f"{line}\r\n" for line in lines)))
    return run("scan", *words)


def scans() -> list[tuple[str, str, dict[str, Any]]]:
    """What the audit keeps of scans, the oldest first."""
    return [
        (each["action"], each["outcome"], each["facts"]["scan"])
        for each in reversed(asked("audit", "--limit", "100"))
        if each["kind"] == "scan"
    ]


def possible(view: dict[str, Any]) -> set[str]:
    return {action["command"] for action in view["actions"] if not action["refused"]}


# ------------------------------------------------------------------------------------ what it is


@pytest.mark.usefixtures("dairy")
def test_a_picture_of_a_label_says_what_it_is_and_what_can_be_done() -> None:
    Image.fromarray(picture(draw(payload("PF-OF-1")))).save("photo.png")
    (result,) = scanned("photo.png")
    view = result["scanned"]
    assert (view["kind"], view["code"], view["title"]) == ("LOT_PF", "PF-OF-1", "Gouda")
    assert "delivery.load" in possible(view)
    assert "lot.release" not in possible(view)
    assert "5 kg sont de côté pour CC-2." in [one_line(each) for each in view["warnings"]]
    out = one_line(run("scan", "photo.png").out)
    assert out.startswith("lot de produit fini PF-OF-1 (Gouda)")
    assert "Possible maintenant : charger un lot" in out or "Possible" in out


@pytest.mark.usefixtures("dairy")
def test_what_can_be_done_follows_the_state() -> None:
    lot = payload("L2")
    done("block", "L2", "--reason", "odeur")
    (blocked,) = scanned("--code", lot)
    assert {"lot.release", "lot.count"} <= possible(blocked["scanned"])
    assert "production_order.consume" not in possible(blocked["scanned"])
    assert "odeur" in " ".join(blocked["scanned"]["warnings"])
    done("release", "L2", "--reason", "vu")
    assert "production_order.consume" in possible(scanned("--code", lot)[0]["scanned"])
    (expired,) = scanned("--code", lot, "--code", payload("L1"))[1:]
    assert "production_order.consume" not in possible(expired["scanned"])
    (order,) = scanned("--code", payload("OF-1"))
    assert possible(order["scanned"]) == {"production_order.reopen"}
    (delivery,) = scanned("--code", payload("BL-1"))
    assert possible(delivery["scanned"]) == {"delivery.confirm_reception", "delivery.return"}


@pytest.mark.usefixtures("dairy")
def test_what_can_be_done_follows_the_role() -> None:
    cheese, milk = payload("PF-OF-1"), payload("L2")
    arrives("karim", "livreur")
    first, second = scanned("--user", "karim", "--code", cheese, "--code", milk)
    assert possible(first["scanned"]) == {"delivery.load"}
    assert possible(second["scanned"]) == set()


@pytest.mark.usefixtures("dairy")
def test_a_suppliers_code_proposes_a_reception() -> None:
    done("product", "change", "SEL", "--gtin", "6130234567896")
    (result,) = scanned("--code", "01061302345678961726112010S77")
    view = result["scanned"]
    assert (view["kind"], view["code"], view["title"]) == ("SUPPLIER", "S77", "Sel")
    assert possible(view) == {"lot.receive"}
    assert any("20/11/2026" in warning for warning in view["warnings"])
    out = one_line(run("scan", "--code", "01061302345678961726112010S77").out)
    assert out.startswith("code d’un fournisseur S77 (Sel)")


@pytest.mark.usefixtures("dairy")
def test_a_code_can_be_typed_by_hand() -> None:
    (result,) = scanned("--code", "l2")
    assert (result["scanned"]["kind"], result["scanned"]["code"]) == ("LOT_MP", "L2")
    assert scans()[-1] == (
        "scan.look",
        "done",
        {"source": "typed", "kind": "LOT_MP", "id": scans()[-1][2]["id"], "code": "L2"},
    )


def test_no_code_but_of_this_site_is_read(dairy: Path) -> None:
    with SqliteStore.open(dairy, key=None) as store, store.reading() as snapshot:
        keys = label_keys.site_keys(snapshot)
        unknown = label_text(Label(kind=LabelKind.DELIVERY, subject=LOT.subject), keys)
        of_another_kind = list(payload("L2"))
        of_another_kind[2] = "F"
        for text, refusal in (
            (label_text(LOT, THEIRS), LabelKeyUnknown),
            ("".join(of_another_kind), LabelNotAuthentic),
            ("bonjour", NotALabel),
            ("سلام", KeyboardInArabic),
            (unknown, Unknown),
        ):
            with pytest.raises(refusal):
                read(snapshot, text)
    assert [each["refusal"] for each in scanned("--code", "bonjour", "--code", unknown)] == [
        "NotALabel",
        "Unknown",
    ]
    assert [outcome for _, outcome, _ in scans()] == ["NotALabel", "Unknown"]


def test_a_label_under_a_withdrawn_key_is_refused(dairy: Path) -> None:
    before = payload("L2")
    done("label-keys", "make")
    assert scanned("--code", before)[0]["outcome"] == "done"
    done("label-keys", "withdraw", "1", "--reason", "photographiée")
    with SqliteStore.open(dairy, key=None) as store, store.reading() as snapshot:
        with pytest.raises(LabelKeyRevoked):
            read(snapshot, before)
        assert read(snapshot, payload("L2")).subject is not None


@pytest.mark.usefixtures("dairy")
def test_a_picture_without_a_code_says_what_to_do() -> None:
    Image.new("L", (200, 200), 255).save("blanc.png")
    Path("texte.png").write_text("texte", encoding="utf-8")
    assert run("scan", "blanc.png", "--json").fault["error"] == "NoCodeSeen"
    assert run("scan", "texte.png", "--json").fault["error"] == "NotAPicture"
    assert run("scan", "--camera", "97", "--json").fault["error"] == "NoCamera"
    assert run("scan", "--load", "BL-1", "--count", "--json").fault["error"] == "OneTaskAtATime"


# ------------------------------------------------------------------------------------------ tasks


@pytest.fixture
def van(dairy: Path) -> Path:
    """A delivery for CC-2, for which five kilograms of PF-OF-1 are kept."""
    done("delivery", "prepare", "CC-2", "--code", "BL-2", "--on", DAY)
    return dairy


@pytest.fixture
def vat(dairy: Path) -> Path:
    """An order for twenty kilograms, for which two hundred litres of L2 are kept."""
    done("production", "plan", "GOUDA", "20", "--code", "OF-2", "--on", DAY)
    done("production", "start", "OF-2", "--on", DAY)
    return dairy


@pytest.mark.usefixtures("van")
def test_loading_by_scans_and_taking_the_last_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = typed(monkeypatch, [payload("PF-OF-1"), "annuler", "annuler"], "--load", "BL-2")
    lines = one_line(ran.out)
    assert ran.code == 1
    assert "Chargé pour BL-2 : PF-OF-1, 5 kg" in lines
    assert "Tout ce qui est gardé pour BL-2 est enregistré." in lines
    assert "Repris : PF-OF-1" in lines
    assert asked("delivery", "show", "BL-2")["lines"] == []


@pytest.mark.usefixtures("van")
def test_what_is_loaded_is_not_loaded_twice() -> None:
    first, second = scanned("--load", "BL-2", "--code", payload("PF-OF-1")) + scanned(
        "--load", "BL-2", "--code", payload("PF-OF-1")
    )
    assert (first["outcome"], first["quantity"], first["unit"]) == ("done", "5", "kg")
    assert (second["outcome"], second["refusal"]) == ("refused", ScannedAlready.__name__)
    (line,) = asked("delivery", "show", "BL-2")["lines"]
    assert line["quantity"] == "5"
    (action, outcome, facts), (_, again, _) = scans()
    assert (action, outcome, again) == ("scan.load", "done", "ScannedAlready")
    assert (facts["for"], facts["code"], facts["source"]) == ("BL-2", "PF-OF-1", "label")
    assert facts["commit"] == first["commit"]


@pytest.mark.usefixtures("vat")
def test_another_lot_than_the_proposed_one_takes_a_reason() -> None:
    done("receive", "LAIT", "400", "--supplier", "F001", "--code", "L3", "--on", MILK_TODAY)
    newer = payload("L3")
    (asks,) = scanned("--pour", "OF-2", "--code", newer)
    assert (asks["outcome"], asks["refusal"]) == ("asks", "LotNotProposed")
    assert asked("production", "show", "OF-2")["poured"] == []
    why = ("--reason", "cuve pleine")
    (poured,) = scanned("--pour", "OF-2", "--code", newer, *why)
    assert (poured["outcome"], poured["quantity"]) == ("done", "200")
    (line,) = asked("production", "show", "OF-2")["poured"]
    assert (line["lot"], line["override_reason"]) == ("L3", "cuve pleine")
    assert [(outcome, facts.get("reason")) for _, outcome, facts in scans()] == [
        ("LotNotProposed", None),
        ("done", "cuve pleine"),
    ]


@pytest.mark.usefixtures("vat")
def test_the_proposed_lot_is_poured_as_proposed_or_as_measured() -> None:
    (some,) = scanned("--pour", "OF-2", "--code", payload("L2"), "--quantity", "150")
    (rest,) = scanned("--pour", "OF-2", "--code", payload("L2"))
    assert (some["quantity"], rest["quantity"], rest["unit"]) == ("150", "50", "L")


@pytest.mark.usefixtures("van", "vat")
def test_what_may_not_be_used_is_refused_at_once() -> None:
    done("block", "L2", "--reason", "odeur")
    (blocked,) = scanned("--pour", "OF-2", "--code", payload("L2"))
    (expired,) = scanned("--pour", "OF-2", "--code", payload("L1"))
    assert [each["refusal"] for each in (blocked, expired)] == ["LotUnfit", "LotUnfit"]
    done("recall", "PF-OF-1", "--reason", "listeria")
    (recalled,) = scanned("--load", "BL-2", "--code", payload("PF-OF-1"), "--reason", "tant pis")
    assert (recalled["outcome"], recalled["refusal"]) == ("refused", "LotUnfit")


@pytest.mark.usefixtures("vat")
def test_of_a_lot_recorded_by_mistake_nothing_can_be_done() -> None:
    done("receive", "LAIT", "400", "--supplier", "F001", "--code", "L3", "--on", MILK_TODAY)
    done("void", "L3", "--reason", "saisi deux fois")
    (seen,) = scanned("--code", payload("L3"))
    assert possible(seen["scanned"]) == set()
    (warning,) = seen["scanned"]["warnings"]
    assert one_line(warning) == "Il ne peut pas être utilisé : annulé (saisi deux fois)."
    (poured,) = scanned("--pour", "OF-2", "--code", payload("L3"), "--quantity", "1")
    assert (poured["outcome"], poured["refusal"]) == ("refused", "WrongState")


@pytest.mark.usefixtures("van")
def test_a_lot_that_is_all_kept_for_others_says_for_which_order() -> None:
    done("produce", "GOUDA", "5", "--obtained", "5", "--code", "OF-3", "--on", DAY)
    done("sell", "C1", "GOUDA=75", "--code", "CC-3", "--on", DAY)
    done("write-off", "PF-OF-3", "2.7", "--reason", "tombé")
    (other,) = scanned("--load", "BL-2", "--code", payload("PF-OF-3"))
    assert (other["outcome"], other["refusal"]) == ("refused", KeptForOthers.__name__)
    assert "gardé pour CC-3" in one_line(other["message"])


@pytest.mark.usefixtures("van", "vat")
def test_a_label_of_something_else_is_refused() -> None:
    for words, refusal in (
        (("--load", "BL-2", "--code", payload("L2")), WrongKindOfLabel),
        (("--pour", "OF-2", "--code", payload("OF-2")), WrongKindOfLabel),
        (("--hand-over", "BL-1", "--code", payload("BL-2")), WrongLabel),
        (("--pour", "OF-2", "--code", "06130234567896"), NothingToDo),
        (("--count", "--code", payload("L2")), NothingToDo),
    ):
        (result,) = scanned(*words)
        assert (result["outcome"], result["refusal"]) == ("refused", refusal.__name__)
    assert {outcome for _, outcome, _ in scans()} == {
        "WrongKindOfLabel",
        "WrongLabel",
        "NothingToDo",
    }


@pytest.mark.usefixtures("dairy")
def test_counting_and_handing_over_by_scans() -> None:
    count_options = ("--quantity", "480", "--reason", "fond")
    (counted,) = scanned("--count", "--code", payload("L2"), *count_options)
    assert counted["outcome"] == "done"
    (lot,) = [each for each in asked("lots") if each["lot"] == "L2"]
    assert lot["on_hand"] == "480"
    (handed,) = scanned("--hand-over", "BL-1", "--code", payload("BL-1"), "--by", "Mme Ziani")
    assert handed["outcome"] == "done"
    assert asked("delivery", "show", "BL-1")["received_by"] == "Mme Ziani"


@pytest.mark.usefixtures("dairy")
def test_what_was_handed_over_by_mistake_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = ("--hand-over", "BL-1", "--by", "Mme Ziani")
    ran = typed(monkeypatch, [payload("BL-1"), "annuler"], *handed)
    assert "BL-1 est remis, reçu par Mme Ziani." in one_line(ran.out)
    assert "Repris : BL-1" in one_line(ran.out)
    shown = asked("delivery", "show", "BL-1")
    assert (shown["status"], shown["received_by"]) == ("dispatched", "")


@pytest.mark.usefixtures("dairy")
def test_what_is_handed_over_to_nobody_in_particular(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = typed(monkeypatch, [payload("BL-1")], "--hand-over", "BL-1")
    assert "BL-1 est remis." in one_line(ran.out)


@pytest.mark.usefixtures("dairy")
def test_what_was_counted_by_mistake_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = typed(monkeypatch, [payload("L2"), "annuler"], "--count", "--quantity", "48")
    assert "Compté : L2, 48 L" in one_line(ran.out)
    assert "Repris : L2" in one_line(ran.out)
    (lot,) = [each for each in asked("lots") if each["lot"] == "L2"]
    assert lot["on_hand"] == "500"
    assert [each["kind"] for each in asked("movements", "L2")][-1] == "count_taken_back"


@pytest.mark.usefixtures("vat")
def test_what_was_poured_by_mistake_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = typed(monkeypatch, [payload("L2"), "Annuler"], "--pour", "OF-2")
    assert "Versé dans OF-2 : L2, 200 L" in one_line(ran.out)
    assert (ran.code, asked("production", "show", "OF-2")["poured"]) == (0, [])
    (again,) = scanned("--pour", "OF-2", "--code", payload("L2"))
    assert (again["outcome"], again["quantity"]) == ("done", "200")


@pytest.mark.usefixtures("van", "vat")
def test_the_refusal_of_a_scan_carries_what_it_is_about() -> None:
    milk, cheese, delivery = payload("L2"), payload("PF-OF-1"), payload("BL-2")
    with opened(Session(), acts=True) as workplace:
        with workplace.dairy.reading() as snapshot:
            van, other = (coded(snapshot, DeliveryRow, code) for code in ("BL-2", "BL-1"))
        loading = ScanTask(workplace, Task.LOAD, van)
        with pytest.raises(WrongKindOfLabel) as wrong_kind:
            raise refusal_of(loading.scan(milk))
        assert loading.scan(cheese).outcome is Outcome.DONE
        with pytest.raises(ScannedAlready) as already:
            raise refusal_of(loading.scan(f"{cheese.lower()} "))
        with pytest.raises(WrongLabel) as wrong:
            raise refusal_of(ScanTask(workplace, Task.HAND_OVER, other).scan(delivery))
    assert (wrong_kind.value.code, wrong_kind.value.given) == ("L2", LabelKind.RAW_MATERIAL_LOT)
    assert (already.value.task, already.value.lot) == ("BL-2", "PF-OF-1")
    assert (wrong.value.wanted, wrong.value.given) == ("BL-1", "BL-2")


def refusal_of(result: ScanResult) -> Refused:
    assert result.refusal is not None
    return result.refusal


@pytest.mark.usefixtures("vat")
def test_who_may_not_pour_is_refused_and_noted() -> None:
    milk = payload("L2")
    arrives("karim", "livreur")
    (result,) = scanned("--user", "karim", "--pour", "OF-2", "--code", milk)
    assert (result["outcome"], result["refusal"]) == ("refused", "NotPermitted")
    assert asked("production", "show", "OF-2")["poured"] == []
    assert ("scan.pour", "NotPermitted") in [(action, why) for action, why, _ in scans()]


def test_the_same_scan_within_two_seconds_counts_once(
    van: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label, now = payload("PF-OF-1"), SystemClock().now()
    with opened(Session(db=str(van)), acts=True) as workplace:
        task = ScanTask(workplace, Task.LOOK)
        seen = []
        for after in (0, 1.9, 2.1):
            moment = now + timedelta(seconds=after)
            monkeypatch.setattr(SystemClock, "now", lambda _, moment=moment: moment)
            seen.append(task.scan(label).outcome)
        other = task.scan(payload_text(workplace, "L2"))
    assert seen == [Outcome.DONE, Outcome.REPEATED, Outcome.DONE]
    assert other.outcome is Outcome.DONE


def payload_text(workplace: Any, code: str) -> str:
    from manchengo_workplace.label_printing import labels_for
    from manchengo_workplace.label_subjects import subject_of_code

    with workplace.store.reading() as snapshot:
        keys = label_keys.site_keys(snapshot)
        return labels_for(snapshot, [subject_of_code(snapshot, code)], keys)[0].payload


def test_a_scan_and_its_command_are_recorded_together_or_not_at_all(
    van: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = payload("PF-OF-1")

    def fails(*_: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(audit_chain, "note", fails)
        assert run("scan", "--load", "BL-2", "--code", label).code == 3
    assert asked("delivery", "show", "BL-2")["lines"] == []
    assert scans() == []
    assert done("verify").code == 0
    assert van.exists()


GS1 = "010613034567896217270131" + "10S77"


def test_a_reception_takes_lot_and_last_day_from_the_suppliers_code(dairy: Path) -> None:
    done("product", "change", "SEL", "--gtin", "6130345678962")
    words = ("receive", "SEL", "25", "--supplier", "F001", "--code", "S2", "--on", DAY)
    received = asked(*words, "--scan", GS1)
    (lot,) = [each for each in asked("lots") if each["lot"] == "S2"]
    assert lot["expires_on"] == "2027-01-31"
    with SqliteStore.open(dairy, key=None) as store, store.reading() as snapshot:
        assert coded(snapshot, RawLotRow, "S2").supplier_reference == "S77"
    (action, outcome, facts) = scans()[-1]
    assert (action, outcome) == ("scan.receive", "done")
    assert (facts["source"], facts["kind"], facts["commit"]) == (
        "supplier",
        "SUPPLIER",
        received["commit"],
    )


@pytest.mark.parametrize(
    "printed", ["0106130345678962" + "10S77\x1d17270131", "(01)06130345678962(10)S77(17)270131"]
)
def test_a_suppliers_code_is_taken_as_scanned_and_as_printed_beside_it(
    dairy: Path, printed: str
) -> None:
    done("product", "change", "SEL", "--gtin", "6130345678962")
    said = asked("scan", "--code", printed)["scanned"]
    assert (said["kind"], said["code"]) == ("SUPPLIER", "S77")
    words = ("receive", "SEL", "25", "--supplier", "F001", "--code", "S2", "--on", DAY)
    asked(*words, "--scan", printed)
    with SqliteStore.open(dairy, key=None) as store, store.reading() as snapshot:
        lot = coded(snapshot, RawLotRow, "S2")
    assert (lot.supplier_reference, lot.expires_on) == ("S77", date(2027, 1, 31))
    assert run("scan", "--code", "S2\x07").code == 2


@pytest.mark.usefixtures("dairy")
def test_what_an_archived_article_bore_is_the_code_of_the_one_that_bears_it_now() -> None:
    done("product", "change", "SEL", "--gtin", "6130345678962")
    done("product", "archive", "SEL")
    described = ("--kind", "MP", "--unit", "kg", "--gtin", "6130345678962")
    done("product", "add", "SEL-2", "Sel fin", *described)
    assert asked("scan", "--code", GS1)["scanned"]["title"] == "Sel fin"
    words = ("receive", "SEL-2", "25", "--supplier", "F001", "--code", "S3", "--on", DAY)
    assert asked(*words, "--scan", GS1)["commit"]


@pytest.mark.usefixtures("dairy")
def test_the_code_of_another_article_is_no_reception_of_this_one() -> None:
    done("product", "change", "SEL", "--gtin", "6130345678962")
    words = ("receive", "LAIT", "25", "--supplier", "F001", "--code", "L9", "--on", DAY)
    ran = run(*words, "--scan", GS1, "--json")
    assert (ran.code, ran.fault["error"]) == (1, "BarcodeTaken")
    assert [lot for lot in asked("lots", "--all") if lot["lot"] == "L9"] == []
    assert scans()[-1][:2] == ("scan.receive", "BarcodeTaken")
    assert run(*words, "--scan", payload("L2"), "--json").fault["error"] == "LabelKeyUnknown"
