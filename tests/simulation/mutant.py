"""A fault that somebody could put into the replication one day, and the promise that it breaks.

A mutant is the program with snippets of its source replaced as it is loaded: nothing on the disk
changes. A snippet that is not found exactly once is a fault of the list (``mutants``).
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

from attrs import frozen


@frozen
class Change:
    """``was`` stands exactly once in the source of ``module``."""

    module: str
    was: str
    becomes: str


@frozen(kw_only=True)
class Mutant:
    """``breaks``: the number of the promise that does not hold, or of any of several. ``told``: the
    scenario that notices; "" where chance does, within a few seeds, with what is ``given``.
    """

    name: str
    changes: tuple[Change, ...]
    breaks: str
    told: str = ""
    given: tuple[str, ...] = ()
    needs_postgres: bool = False


class _MutatedSource(SourceFileLoader):
    changes: tuple[Change, ...] = ()

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path).decode()
        for change in self.changes:
            found = source.count(change.was)
            assert found == 1, f"found {found} times in {fullname}: {change.was!r}"
            source = source.replace(change.was, change.becomes)
        return compile(source, self.path, "exec", dont_inherit=True)


@frozen
class _Mutator(MetaPathFinder):
    mutant: Mutant

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        changes = tuple(each for each in self.mutant.changes if each.module == fullname)
        spec = PathFinder.find_spec(fullname, path, target) if changes else None
        if spec is not None and spec.origin is not None:
            spec.loader = _MutatedSource(fullname, spec.origin)
            spec.loader.changes = changes
        return spec


def install(mutant: Mutant) -> None:
    """From here on the program is the mutant; nothing of it may have been loaded before."""
    loaded = [change.module for change in mutant.changes if change.module in sys.modules]
    assert not loaded, f"too late for {loaded}"
    sys.meta_path.insert(0, _Mutator(mutant))
