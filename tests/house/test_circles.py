"""No module of a package imports, by whatever way round, one that imports it."""

import grimp
import pytest

from tests.house.sources import members

PACKAGES = [folder.name for member in members() for folder in (member / "src").iterdir()]


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_of_a_package_make_no_circle(package: str) -> None:
    graph = grimp.build_graph(package, cache_dir=None)
    for module in sorted(graph.modules):
        for imported in graph.find_modules_directly_imported_by(module):
            way_back = graph.find_shortest_chain(importer=imported, imported=module)
            assert way_back is None, " → ".join([module, *way_back])
