"""The lists of mutants follow the program: what a mutant changes is there, once."""

from tests.mutants.every_mutant import EVERY_MUTANT
from tests.mutants.mutant import Trial
from tests.mutants.source import NotFoundOnce, definition, replaced


def test_no_two_mutants_have_the_same_name() -> None:
    assert len({mutant.name for mutant in EVERY_MUTANT}) == len(EVERY_MUTANT)


def test_what_a_mutant_changes_is_found_once_and_becomes_something_else() -> None:
    faults = [fault for mutant in EVERY_MUTANT for fault in faults_of(mutant)]
    assert not faults, "\n\n".join(faults)


def faults_of(mutant: Trial) -> list[str]:
    try:
        changed = {each.where: definition(each.where).text for each in mutant.changes}
        before = dict(changed)
        for each in mutant.changes:
            changed[each.where] = replaced(changed[each.where], each)
            compile(changed[each.where], mutant.name, "exec", dont_inherit=True)
    except (NotFoundOnce, SyntaxError) as fault:
        return [f"{mutant.name}: {fault}"]
    same = [where for where in changed if changed[where] == before[where]]
    return [f"{mutant.name}: nothing changes in {where}" for where in same]
