"""How complete an answer about lots is: a sentence, and a line for each other device."""

from collections.abc import Iterable

from manchengo import Completeness
from manchengo_cli.output import Column, Part, Table
from manchengo_presenters.completeness import completeness_lines, silence, state
from manchengo_presenters.formatting import moment
from manchengo_presenters.language import _


def completeness_page(found: Completeness) -> Iterable[Part]:
    """The sentence, and the devices as a table where there are others."""
    yield from completeness_lines(found)
    if found.devices:
        yield Table(
            [
                Column(_("Device")),
                Column(_("Heard up to")),
                Column(_("Silent for"), figures=True),
                Column(_("The lot")),
            ],
            [
                (
                    f"{each.name} ({each.mark})",
                    moment(each.heard_until) if each.heard_until else _("never"),
                    silence(found, each),
                    state(each),
                )
                for each in found.devices
            ],
            empty="",
        )
