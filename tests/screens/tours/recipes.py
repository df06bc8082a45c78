"""Recipes: the list, one, its next version with what it changes, a new one."""

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("recipes")
    screens.see("recipes")
    take("recipes")
    screens.press("recipe-AIL-150")
    screens.see("ingredients")
    take("recipe")
    screens.press("new-version")
    screens.type("batch", "90")
    screens.see("changes")
    take("recipe-next-version")
    screens.press("record")
    screens.see("version-2")
    take("recipe-two-versions")
    screens.press("back")
    screens.press("new-recipe")
    screens.press("record")
    take("new-recipe-errors")
    screens.press("back")
    screens.press("filter-archived")
    screens.see("empty")
    take("recipes-none")
