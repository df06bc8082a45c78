"""How each screen is drawn, and the icon of those in the navigation."""

from collections.abc import Callable

import flet as ft
from attrs import frozen

from manchengo_desktop.views.audit import audit
from manchengo_desktop.views.care import care
from manchengo_desktop.views.conflicts import conflict_list, conflict_page
from manchengo_desktop.views.dashboard import dashboard
from manchengo_desktop.views.deliveries import deliveries, new_delivery
from manchengo_desktop.views.delivery import delivery
from manchengo_desktop.views.device import device
from manchengo_desktop.views.exchange import exchange
from manchengo_desktop.views.imports import imports
from manchengo_desktop.views.invoice import invoice
from manchengo_desktop.views.invoices import invoices, to_invoice
from manchengo_desktop.views.lot import lot
from manchengo_desktop.views.lots import lots
from manchengo_desktop.views.new_invoice import new_invoice
from manchengo_desktop.views.new_sale import new_sale
from manchengo_desktop.views.order import order
from manchengo_desktop.views.payments import payments
from manchengo_desktop.views.people import people
from manchengo_desktop.views.person import person
from manchengo_desktop.views.production import production
from manchengo_desktop.views.recall import recall
from manchengo_desktop.views.receptions import receptions
from manchengo_desktop.views.recipes import new_recipe, recipe, recipes
from manchengo_desktop.views.registers import register_list, register_page
from manchengo_desktop.views.sale import sale
from manchengo_desktop.views.sales import sales
from manchengo_desktop.views.settings import settings
from manchengo_desktop.views.stock_count import stock_count
from manchengo_presenters.screens.screen import Screen

Draw = Callable[..., ft.Control]


@frozen(kw_only=True)
class ScreenView:
    """``draw``: a component, given the view-model of the screen and the width it has."""

    draw: Draw
    icon: ft.IconData | None = None


VIEWS: dict[Screen, ScreenView] = {
    Screen.DASHBOARD: ScreenView(draw=dashboard, icon=ft.Icons.SPACE_DASHBOARD_OUTLINED),
    Screen.RECEPTIONS: ScreenView(draw=receptions, icon=ft.Icons.MOVE_TO_INBOX_OUTLINED),
    Screen.PRODUCTION: ScreenView(draw=production, icon=ft.Icons.PRECISION_MANUFACTURING_OUTLINED),
    Screen.PRODUCTION_ORDER: ScreenView(draw=order),
    Screen.SALES: ScreenView(draw=sales, icon=ft.Icons.SHOPPING_CART_OUTLINED),
    Screen.SALE: ScreenView(draw=sale),
    Screen.NEW_SALE: ScreenView(draw=new_sale),
    Screen.DELIVERIES: ScreenView(draw=deliveries, icon=ft.Icons.LOCAL_SHIPPING_OUTLINED),
    Screen.DELIVERY: ScreenView(draw=delivery),
    Screen.NEW_DELIVERY: ScreenView(draw=new_delivery),
    Screen.INVOICES: ScreenView(draw=invoices, icon=ft.Icons.RECEIPT_LONG_OUTLINED),
    Screen.INVOICE: ScreenView(draw=invoice),
    Screen.TO_INVOICE: ScreenView(draw=to_invoice),
    Screen.NEW_INVOICE: ScreenView(draw=new_invoice),
    Screen.PAYMENTS: ScreenView(draw=payments, icon=ft.Icons.PAYMENTS_OUTLINED),
    Screen.STOCK_COUNT: ScreenView(draw=stock_count, icon=ft.Icons.FACT_CHECK_OUTLINED),
    Screen.LOTS: ScreenView(draw=lots, icon=ft.Icons.INVENTORY_2_OUTLINED),
    Screen.LOT: ScreenView(draw=lot),
    Screen.RECALL: ScreenView(draw=recall, icon=ft.Icons.CAMPAIGN_OUTLINED),
    Screen.LOT_RECALL: ScreenView(draw=recall),
    Screen.PRODUCTS: ScreenView(draw=register_list, icon=ft.Icons.CATEGORY_OUTLINED),
    Screen.PRODUCT: ScreenView(draw=register_page),
    Screen.RECIPES: ScreenView(draw=recipes, icon=ft.Icons.MENU_BOOK_OUTLINED),
    Screen.RECIPE: ScreenView(draw=recipe),
    Screen.NEW_RECIPE: ScreenView(draw=new_recipe),
    Screen.SUPPLIERS: ScreenView(draw=register_list, icon=ft.Icons.AGRICULTURE_OUTLINED),
    Screen.SUPPLIER: ScreenView(draw=register_page),
    Screen.CLIENTS: ScreenView(draw=register_list, icon=ft.Icons.STOREFRONT_OUTLINED),
    Screen.CLIENT: ScreenView(draw=register_page),
    Screen.PRICE_LISTS: ScreenView(draw=register_list, icon=ft.Icons.SELL_OUTLINED),
    Screen.PRICE_LIST: ScreenView(draw=register_page),
    Screen.IMPORTS: ScreenView(draw=imports, icon=ft.Icons.UPLOAD_FILE_OUTLINED),
    Screen.CONFLICTS: ScreenView(draw=conflict_list, icon=ft.Icons.CALL_SPLIT),
    Screen.CONFLICT: ScreenView(draw=conflict_page),
    Screen.EXCHANGE: ScreenView(draw=exchange, icon=ft.Icons.SYNC),
    Screen.PEOPLE: ScreenView(draw=people, icon=ft.Icons.GROUP_OUTLINED),
    Screen.PERSON: ScreenView(draw=person),
    Screen.DEVICE: ScreenView(draw=device),
    Screen.AUDIT: ScreenView(draw=audit, icon=ft.Icons.HISTORY_EDU_OUTLINED),
    Screen.CARE: ScreenView(draw=care, icon=ft.Icons.SAVE_OUTLINED),
    Screen.SETTINGS: ScreenView(draw=settings, icon=ft.Icons.SETTINGS_OUTLINED),
}
