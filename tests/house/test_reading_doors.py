"""What people see is read through ``Manchengo.reading``, which withholds what they may not read."""

from tests.house.sources import ROOT, modules

SHOWN = ("apps/cli/src", "packages/presenters/src", "packages/adapters-files/src")
PAST_THE_RIGHTS = ("store.reading(", "store.writing(", "permitted_snapshot")


def test_no_page_reads_past_the_rights() -> None:
    found = [
        f"{path.name}: {past}"
        for folder in SHOWN
        for path in modules(ROOT / folder)
        for past in PAST_THE_RIGHTS
        if past in path.read_text("utf-8")
    ]
    assert found == []
