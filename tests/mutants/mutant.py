"""A rule that no test would miss is only a wish: a mutant breaks one, and its test must notice."""

from collections.abc import Sequence
from typing import Protocol

import pytest
from attrs import frozen

from tests.mutants.source import Change


class Trial(Protocol):
    """The program with these changes, and what must happen then."""

    @property
    def name(self) -> str: ...

    @property
    def changes(self) -> Sequence[Change]: ...

    def succeeds(self) -> bool:
        """Whether it happens. The program that is imported must have the changes."""
        ...


@frozen(kw_only=True)
class Mutant:
    """``name`` says what would be true of the dairy; ``where``, ``was`` and ``becomes`` are those
    of a ``Change``; ``killed_by`` is the test that then fails, as pytest names it.
    """

    name: str
    where: str
    was: str
    becomes: str
    killed_by: str

    @property
    def changes(self) -> Sequence[Change]:
        return (Change(self.where, self.was, self.becomes),)

    def succeeds(self) -> bool:
        return _run(self.killed_by) == pytest.ExitCode.TESTS_FAILED


@frozen
class AsItIs:
    """Without a change every test named passes: or its failure would say nothing of a mutant."""

    tests: tuple[str, ...]
    name: str = "the program as it is"
    changes: Sequence[Change] = ()

    def succeeds(self) -> bool:
        return _run(*self.tests) == pytest.ExitCode.OK


def _run(*tests: str) -> int:
    # A test that only campaigns run may be the one that notices.
    which = ("-m", "not slow")
    words = ("-x", "-p", "no:cacheprovider", "--hypothesis-profile=mutants", *which)
    # The process began with pytest and its plugins loaded; their own assertions stay as they are.
    loaded = "--pythonwarnings=ignore::pytest.PytestAssertRewriteWarning"
    return pytest.main([*words, loaded, *tests])
