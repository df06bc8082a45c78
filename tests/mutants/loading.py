"""The program is loaded with its changes: nothing on the disk is touched."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from attrs import field, frozen

from tests.mutants.source import Change, Module, definition, mutated


class _Loader(SourceFileLoader):
    changes: Sequence[Change] = ()

    def get_code(self, fullname: str) -> CodeType:
        tree = mutated(Module(fullname, Path(self.path)), self.changes)
        return compile(tree, self.path, "exec", dont_inherit=True)


@frozen
class _Finder(MetaPathFinder):
    changes: dict[str, list[Change]] = field(factory=dict)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        changes = self.changes.get(fullname)
        spec = PathFinder.find_spec(fullname, path, target) if changes else None
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin)
            spec.loader.changes = changes or ()
        return spec


def install(changes: Sequence[Change]) -> None:
    """From here on the program has these changes; what they are made in may not be loaded yet."""
    finder = _Finder()
    for change in changes:
        finder.changes.setdefault(definition(change.where).module.name, []).append(change)
    loaded = finder.changes.keys() & sys.modules.keys()
    assert not loaded, f"too late for {loaded}"
    sys.meta_path.insert(0, finder)
