"""Two devices record the same step apart: what the log makes of the second, for every command.

``ONCE``: it is accepted, and nothing is left to do. ``TWICE``: both happened. Else the refusal with
which an item opens.
"""

from typing import Any

import pytest
from attrs import evolve, frozen

from manchengo import Role, commands
from manchengo.application.judge import LEADS_TO, judge
from manchengo.application.judgement import Accepted, Rejected
from manchengo.commands import NEEDS, Command
from manchengo.domain.ids import (
    ClientId,
    DeviceId,
    ImportId,
    InvitationId,
    PriceListId,
    ProductId,
    SupplierId,
    UserId,
)
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.label_keys import LabelKeyCopy
from manchengo.domain.values import Density
from tests.support.billing import (
    A_BILL,
    CHEESE_LINE,
    a_credit,
    a_draft,
    allocated,
    credit_issued,
    issued,
    paid,
    payment_id,
)
from tests.support.dairy import (
    A_DAIRY,
    FARM,
    MILK,
    RECIPE,
    RENNET,
    SHOP,
    a_line,
    abandoned,
    an_id,
    an_output,
    blocked,
    called_off,
    came_back,
    closed,
    completed,
    confirmed,
    count_taken_back,
    counted,
    day,
    delivered,
    dinars,
    gone,
    handed_over,
    in_opening_stock,
    in_store,
    kg,
    litres,
    loaded,
    lot_id,
    made,
    make_reopened,
    millilitres,
    ordered,
    planned,
    poured,
    prepared,
    quarantined,
    recalled,
    received,
    released,
    sale_reopened,
    sent_back,
    sold,
    started,
    stayed,
    taken_back,
    unloaded,
    van_reopened,
    voided,
    written_off,
)
from tests.support.given import Step, given, open_dairy, somebody
from tests.support.pricing import GROS, WHOLESALE, a_price

PHONE = somebody(Role.ADMIN, device=2)
ONCE, TWICE = "once", "twice"
KARIM, TABLET, A_FILE = UserId(an_id("Karim")), DeviceId(an_id("tablet")), ImportId(an_id("file"))

MORNING = (
    A_DAIRY,
    received("L1", litres(900)),
    received("R1", millilitres(900), of=RENNET),
    in_store("T1", kg(9)),
)
STARTED = (planned("O1", kg(2)), started("O1"))
POURED = (*STARTED, poured("O1", "L1", litres(2)))
ORDERED = ordered("S1", a_line(kg(4)))
CONFIRMED = (ORDERED, confirmed("S1"))
PREPARED = (*CONFIRMED, prepared("V1", order="S1"))
LOADED = (*PREPARED, loaded("V1", "T1", kg(2)))
GONE = (*LOADED, gone("V1"))
PAID = (A_BILL, paid("P1", dinars(100)))
BILLED = a_draft("F1")
CREDIT = a_credit("A1", "F1", CHEESE_LINE)
NADIA = commands.RegisterUser(
    user_id=UserId(an_id("Nadia")), name="Nadia", roles=frozenset({Role.ADMIN})
)
AN_ADMIN = commands.RegisterUser(user_id=PHONE.user_id, name="Amina", roles=frozenset({Role.ADMIN}))
A_USER = commands.RegisterUser(user_id=KARIM, name="Karim", roles=frozenset({Role.DRIVER}))
PEOPLE = (AN_ADMIN, A_USER)
A_TABLET = commands.EnrolDevice(
    device_id=TABLET, name="Tablette", mark="T", public_key="ef" * 32, user_id=KARIM
)
A_KEY = commands.AdmitKey(user_id=KARIM, family_id=TABLET, public_key="cd" * 32)
A_LABEL_KEY = commands.MakeLabelKey(
    number=1,
    fingerprint="ab" * 32,
    copies=(LabelKeyCopy(device_id=TABLET, box_key="ef" * 32, sealed="01" * 80),),
)
A_COPY_FOR_THE_TABLET = LabelKeyCopy(device_id=TABLET, box_key="12" * 32, sealed="02" * 80)
AN_INVITATION = commands.InvitePerson(
    user_id=KARIM,
    invitation_id=InvitationId(an_id("invitation")),
    public_key="cd" * 31 + "00",
    expires_on=day(9),
)
AN_IMPORT = commands.StartImport(
    import_id=A_FILE, kind=ImportKind.LOTS, file_name="lots.csv", digest="d", on=day(0)
)


def otherwise(command: Any, **case: Any) -> Command:
    """The same under another id or code."""
    changed: Command = evolve(command, **case)
    return changed


@frozen
class Said:
    """``before`` is known to both, and ``command`` is recorded by both."""

    before: tuple[Step, ...]
    command: Command
    outcome: str


EVERY = (
    Said((), otherwise(A_DAIRY[0], supplier_id=SupplierId(an_id("x")), code="F9"), "AlreadyExists"),
    Said((), commands.ChangeSupplier(supplier_id=FARM, name="Ferme"), ONCE),
    Said((), commands.ArchiveSupplier(supplier_id=FARM), ONCE),
    Said((), otherwise(A_DAIRY[1], client_id=ClientId(an_id("x")), code="C9"), "AlreadyExists"),
    Said((), commands.ChangeClient(client_id=SHOP, name="Épicerie"), ONCE),
    Said((), commands.ArchiveClient(client_id=SHOP), ONCE),
    Said((), otherwise(A_DAIRY[2], product_id=ProductId(an_id("x")), code="X"), "AlreadyExists"),
    Said((), commands.ChangeProduct(product_id=MILK, name="Lait cru"), ONCE),
    Said(
        (),
        commands.SetDensity(product_id=MILK, density=Density(1_030), valid_from=day(0)),
        ONCE,
    ),
    Said((), commands.ArchiveProduct(product_id=MILK), ONCE),
    Said(
        (WHOLESALE,),
        otherwise(WHOLESALE, price_list_id=PriceListId(an_id("x")), code="X"),
        "AlreadyExists",
    ),
    Said((WHOLESALE,), commands.ChangePriceList(price_list_id=GROS, name="Demi-gros"), ONCE),
    Said((WHOLESALE,), a_price(dinars(980)), ONCE),
    Said((WHOLESALE,), commands.ArchivePriceList(price_list_id=GROS), ONCE),
    Said((), otherwise(A_DAIRY[6], valid_from=day(1)), TWICE),
    Said((), commands.ArchiveRecipe(recipe_id=RECIPE), ONCE),
    Said((), received("L9", litres(1)), "AlreadyExists"),
    Said((), in_opening_stock("T0", kg(5)), "AlreadyExists"),
    Said((), quarantined("L1"), ONCE),
    Said((), blocked("L1"), ONCE),
    Said((blocked("L1"),), released("L1"), ONCE),
    Said((), recalled("L1"), ONCE),
    Said((), sent_back("L1", litres(1)), TWICE),
    Said((), written_off("L1", litres(1)), TWICE),
    Said((), counted("L1", litres(1)), TWICE),
    Said((counted("L1", litres(1)),), count_taken_back("L1", litres(1)), ONCE),
    Said(
        (),
        commands.CorrectLot(lot_id=lot_id("L1"), on=day(1), reason="lu", supplier_reference="B-7"),
        ONCE,
    ),
    Said((received("L2", litres(5)),), voided("L2"), ONCE),
    Said((), planned("O9", kg(1)), "AlreadyExists"),
    Said((planned("O1", kg(2)),), started("O1"), ONCE),
    Said(STARTED, poured("O1", "L1", litres(2)), TWICE),
    Said(POURED, taken_back("O1", "L1"), "NotPouredThatMuch"),
    Said(POURED, completed("O1", an_output("T9", kg(2))), "WrongState"),
    Said(STARTED, abandoned("O1"), ONCE),
    Said((*POURED, completed("O1", an_output("T9", kg(2)))), make_reopened("O1"), ONCE),
    Said((), made("O9", kg(1)), "AlreadyExists"),
    Said((), ORDERED, "AlreadyExists"),
    Said((ORDERED,), confirmed("S1"), ONCE),
    Said(CONFIRMED, called_off("S1"), ONCE),
    Said(GONE, closed("S1"), ONCE),
    Said((*GONE, closed("S1")), sale_reopened("S1"), ONCE),
    Said((), sold("S9", kg(1)), "AlreadyExists"),
    Said(CONFIRMED, prepared("V1", order="S1"), "AlreadyExists"),
    Said(PREPARED, loaded("V1", "T1", kg(2)), TWICE),
    Said(LOADED, unloaded("V1", "T1"), "NotLoadedThatMuch"),
    Said(LOADED, gone("V1"), ONCE),
    Said(GONE, handed_over("V1", on=day(1)), ONCE),
    Said((*GONE, handed_over("V1")), van_reopened("V1"), ONCE),
    Said(GONE, came_back("V1", "T1", kg(1)), TWICE),
    Said(PREPARED, stayed("V1"), ONCE),
    Said(CONFIRMED, delivered("V9", order="S1"), "AlreadyExists"),
    Said((), BILLED, "AlreadyExists"),
    Said((BILLED,), issued("F1"), "AlreadyExists"),
    Said((BILLED, issued("F1")), CREDIT, "AlreadyExists"),
    Said((BILLED, issued("F1"), CREDIT), credit_issued("A1"), "AlreadyExists"),
    Said((), paid("P1", dinars(100)), "AlreadyExists"),
    Said((BILLED, issued("F1"), paid("P1", dinars(100))), allocated("P1", "F1", dinars(9)), TWICE),
    Said(
        (paid("P1", dinars(100)),),
        commands.VoidPayment(payment_id=payment_id("P1"), on=day(4), reason="rejeté"),
        ONCE,
    ),
    Said((AN_ADMIN,), A_USER, "AlreadyExists"),
    Said(PEOPLE, commands.ChangeRoles(user_id=KARIM, roles=frozenset({Role.SALES})), ONCE),
    Said(PEOPLE, commands.DeactivateUser(user_id=KARIM), ONCE),
    Said(PEOPLE, A_TABLET, TWICE),
    Said((*PEOPLE, A_TABLET), commands.WithdrawDevice(device_id=TABLET, reason="perdue"), ONCE),
    Said((*PEOPLE, A_TABLET), commands.AllowRenewal(device_id=TABLET), TWICE),
    Said((*PEOPLE, A_TABLET), commands.LiftQuota(device_id=TABLET), TWICE),
    Said(
        (*PEOPLE, A_TABLET),
        commands.AnchorAudit(
            device_id=TABLET, sequence=3, record_hash="3d" * 32, signature="4e" * 64
        ),
        ONCE,
    ),
    Said(PEOPLE, A_KEY, ONCE),
    Said(
        (*PEOPLE, A_KEY),
        commands.WithdrawKey(user_id=KARIM, public_key=A_KEY.public_key, reason="perdue"),
        ONCE,
    ),
    Said(PEOPLE, AN_INVITATION, ONCE),
    Said(
        (*PEOPLE, AN_INVITATION),
        commands.WithdrawInvitation(
            user_id=KARIM, invitation_id=AN_INVITATION.invitation_id, reason="perdue"
        ),
        ONCE,
    ),
    Said(PEOPLE, commands.RequireSigning(), "NotSigned"),
    Said(
        PEOPLE,
        commands.ReplaceServerKey(former_key=A_KEY.public_key, public_key="ab" * 32),
        ONCE,
    ),
    Said(PEOPLE, A_LABEL_KEY, "LabelKeyOutOfTurn"),
    Said(PEOPLE, commands.RequestLabelKeys(device_id=TABLET, box_key="12" * 32), ONCE),
    Said(
        (*PEOPLE, A_LABEL_KEY),
        commands.GrantLabelKey(number=1, copies=(A_COPY_FOR_THE_TABLET,)),
        ONCE,
    ),
    Said((*PEOPLE, A_LABEL_KEY), commands.WithdrawLabelKey(number=1, reason="photographiée"), ONCE),
    Said((), commands.ChangePlantDetails(approval="15 123"), ONCE),
    Said((), AN_IMPORT, "AlreadyExists"),
    Said(
        (AN_IMPORT,),
        commands.FinishImport(import_id=A_FILE, accepted=1, unchanged=0, refused=0),
        TWICE,
    ),
    Said((AN_IMPORT,), commands.UndoImport(import_id=A_FILE, reason="doublon"), ONCE),
)

ELSEWHERE = {
    commands.ResolveItem,
    commands.ReportReusedId,
    commands.SetAsideParked,
    commands.TakeUpParked,
    commands.AdmitOwnKey,
    commands.FoundPlant,
}
"""Tried in ``test_resolution``, ``test_setting_aside`` and ``test_reused_ids``, where items are, in
``test_own_keys``, where people sign, and in ``test_founding``, where a plant begins.
"""


def test_every_command_is_said_by_two() -> None:
    assert {type(case.command) for case in EVERY} == set(NEEDS) - ELSEWHERE


def test_every_step_that_leads_to_a_state_is_said_by_two() -> None:
    once = {type(case.command) for case in EVERY if case.outcome == ONCE}
    assert set(LEADS_TO) <= once | ELSEWHERE


@pytest.mark.parametrize("case", EVERY, ids=lambda case: type(case.command).__name__)
def test_a_command_of_two_devices_is_done_once_twice_or_contested(case: Said) -> None:
    mine = open_dairy(given(MORNING, case.before).dairy.store, actor=PHONE).execute(case.command)
    after = given(MORNING, case.before, case.command).dairy.store
    with after.reading() as snapshot:
        answer = judge(snapshot, mine)
    if isinstance(answer, Rejected):
        assert type(answer.refusal).__name__ == case.outcome
    else:
        assert isinstance(answer, Accepted)
        assert (TWICE if answer.events else ONCE) == case.outcome
