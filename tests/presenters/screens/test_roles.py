"""What each role is offered on the screens is what the core lets it do; what is forced is refused.

Each line names a command; which right it takes is the core's to say.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from attrs import frozen

from manchengo import Role
from manchengo import commands as c
from manchengo.commands import NEEDS
from manchengo.domain.access import GRANTS
from manchengo.domain.ids import DeviceId, UserId
from manchengo_presenters.registers import CLIENT, PRODUCT, SUPPLIER
from manchengo_presenters.screens.dashboard import Dashboard
from manchengo_presenters.screens.delivery_detail import Step
from manchengo_presenters.screens.delivery_list import DeliveryList
from manchengo_presenters.screens.delivery_page import DeliveryPage
from manchengo_presenters.screens.device_page import DeviceAct, DevicePage
from manchengo_presenters.screens.lot_actions import Judgement, LotAction, Removal
from manchengo_presenters.screens.lot_page import LotPage
from manchengo_presenters.screens.people_page import PeoplePage
from manchengo_presenters.screens.person_page import Act, PersonPage
from manchengo_presenters.screens.production_list import ProductionList
from manchengo_presenters.screens.recall_page import RecallPage
from manchengo_presenters.screens.register_list import register_list
from manchengo_presenters.screens.sale_list import SaleList
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.screen_table import SCREENS
from manchengo_presenters.screens.stock_count import StockCount
from tests.presenters.screens.test_people import enrolled, registered
from tests.presenters.screens.test_recall import HISTORY
from tests.presenters.screens.test_shell import at_work
from tests.support.dairy import lot_id, van_id
from tests.support.given import given
from tests.support.office_in_memory import OfficeInMemory, context


@frozen(kw_only=True)
class Dairy:
    """A dairy with something to do on every screen; ``karim`` drives, and has a ``phone``."""

    office: OfficeInMemory
    karim: UserId
    phone: DeviceId


Force = Callable[[Any], Coroutine[Any, Any, object]]


@frozen(kw_only=True)
class Offer:
    """``command``: what the core is asked for in the end; ``force``: do it without being offered
    it.
    """

    command: type[Any]
    screen: Callable[[ScreenContext, Dairy], Any]
    is_offered: Callable[[Any], bool]
    force: Force | None = None


@pytest.fixture
def dairy() -> Dairy:
    office = OfficeInMemory(store=given(HISTORY).dairy.store)
    registered(office, "amina", Role.ADMIN, id_=office.actor.user_id)
    karim = registered(office, "karim", Role.DRIVER)
    return Dairy(office=office, karim=karim, phone=enrolled(office, "téléphone", "B", karim))


def of_lot(command: type[Any], action: LotAction) -> Offer:
    async def force(screen: LotPage) -> None:
        screen.begin(action)
        screen.put("reason", "analyse")
        await screen.decide()

    return Offer(
        command=command,
        screen=lambda within, _: LotPage(within, lot_id("L2")),
        is_offered=lambda screen: action in (*screen.judgements, *screen.removals),
        force=force,
    )


def of_person(command: type[Any], act: Act) -> Offer:
    async def force(screen: PersonPage) -> None:
        screen.begin(act)
        screen.toggle(Role.ADMIN)
        screen.put("request", "demande")
        await screen.decide()

    return Offer(
        command=command,
        screen=lambda within, dairy: PersonPage(within, dairy.karim),
        is_offered=lambda screen: act in screen.acts,
        force=force,
    )


def of_device(command: type[Any], act: DeviceAct) -> Offer:
    async def force(screen: DevicePage) -> None:
        screen.begin(act)
        screen.put("reason", "perdu")
        await screen.decide()

    return Offer(
        command=command,
        screen=lambda within, dairy: DevicePage(within, dairy.phone),
        is_offered=lambda screen: act in screen.acts,
        force=force,
    )


async def register(screen: PeoplePage) -> None:
    screen.begin(True)
    screen.put("name", "Samira")
    screen.toggle(Role.ADMIN)
    await screen.add()


async def recall(screen: RecallPage) -> None:
    screen.begin_recall()
    screen.put("reason", "antibiotiques")
    await screen.decide()


async def dispatch(screen: DeliveryPage) -> None:
    screen.begin(Step.DISPATCH)
    await screen.decide()


def offers() -> Iterator[Offer]:
    yield of_lot(c.BlockLot, Judgement.BLOCK)
    yield of_lot(c.QuarantineLot, Judgement.QUARANTINE)
    yield of_lot(c.WriteOffLot, Removal.WRITE_OFF)
    yield of_lot(c.SendBackToSupplier, Removal.SEND_BACK)
    yield of_lot(c.VoidLot, Removal.VOID)
    yield of_person(c.ChangeRoles, Act.ROLES)
    yield of_person(c.InvitePerson, Act.INVITE)
    yield of_person(c.DeactivateUser, Act.DEACTIVATE)
    yield of_person(c.AdmitKey, Act.ADMIT)
    yield of_device(c.WithdrawDevice, DeviceAct.WITHDRAW)
    yield of_device(c.AllowRenewal, DeviceAct.RENEW)
    yield of_device(c.LiftQuota, DeviceAct.QUOTA)
    yield Offer(
        command=c.RecallLot,
        screen=lambda within, _: RecallPage(within, lot_id("L1")),
        is_offered=lambda screen: screen.may_recall,
        force=recall,
    )
    yield Offer(
        command=c.RegisterUser,
        screen=lambda within, _: PeoplePage(within),
        is_offered=lambda screen: screen.may_add,
        force=register,
    )
    yield Offer(
        command=c.DispatchDelivery,
        screen=lambda within, _: DeliveryPage(within, van_id("V2")),
        is_offered=lambda screen: Step.DISPATCH in screen.steps,
        force=dispatch,
    )
    for command, register_ in (
        (c.RegisterProduct, PRODUCT),
        (c.RegisterSupplier, SUPPLIER),
        (c.RegisterClient, CLIENT),
    ):
        make = register_list(register_)
        yield Offer(
            command=command,
            screen=lambda within, _, make=make: make(within),  # type: ignore[misc]  # bound now
            is_offered=lambda screen: screen.may_add,
        )
    of_a_list: tuple[tuple[type[Any], Callable[[ScreenContext], Any], str], ...] = (
        (c.ReceiveLot, Dashboard, "may_receive"),
        (c.PlanProduction, ProductionList, "may_produce"),
        (c.PlaceSalesOrder, SaleList, "may_sell"),
        (c.PrepareDelivery, DeliveryList, "may_deliver"),
        (c.CountLot, StockCount, "may_count"),
    )
    for asked, make_, name in of_a_list:
        yield Offer(
            command=asked,
            screen=lambda within, _, make_=make_: make_(within),  # type: ignore[misc]  # as above
            is_offered=lambda screen, name=name: getattr(screen, name),  # type: ignore[misc]
        )


OFFERS = list(offers())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.command.__name__)
def test_a_role_is_offered_what_the_core_lets_it_do(dairy: Dairy, offer: Offer, role: Role) -> None:
    office, may = dairy.office, NEEDS[offer.command] in GRANTS[role]
    office.roles = frozenset({role})
    screen = offer.screen(context(office), dairy)
    asyncio.run(screen.load())
    assert offer.is_offered(screen) is may
    if may or offer.force is None:
        return
    before = office.revision()
    asyncio.run(offer.force(screen))
    assert office.revision() == before
    assert office.let_in.told == []


@pytest.mark.parametrize("role", Role)
def test_a_role_finds_open_the_screens_that_it_has_the_right_to(role: Role) -> None:
    office = OfficeInMemory(roles=frozenset({role}))
    shell = at_work(office)
    open_to_it = {screen for screen in SCREENS if shell.is_open(screen)}
    assert open_to_it == {
        screen
        for screen, entry in SCREENS.items()
        if entry.needs is None or entry.needs in GRANTS[role]
    }
    for screen in set(SCREENS) - open_to_it:
        before = shell.place
        asyncio.run(shell.go(screen))
        assert shell.place == before
        assert "administrateur" in shell.notice
