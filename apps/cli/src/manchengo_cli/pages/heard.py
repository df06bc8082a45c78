"""How complete an answer about lots is: a sentence, and a line for each other device."""

from collections.abc import Iterable

from manchengo import Completeness
from manchengo_cli.output import Column, Part, tabled
from manchengo_presenters.completeness import completeness_lines, silence, state
from manchengo_presenters.formatting import moment
from manchengo_presenters.language import _


def completeness_page(found: Completeness) -> Iterable[Part]:
    """The sentence, and the devices as a table where there are others."""
    yield from completeness_lines(found)
    if found.devices:
        yield tabled(
            found.devices,
            Column(_("Device"), lambda each: f"{each.name} ({each.mark})"),
            Column(
                _("Heard up to"),
                lambda each: moment(each.heard_until) if each.heard_until else _("never"),
            ),
            Column(_("Silent for"), lambda each: silence(found, each), figures=True),
            Column(_("The lot"), lambda each: state(each)),
        )
