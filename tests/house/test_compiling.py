"""What is compiled before the workers begin is what pytest and Python would load."""

from importlib import util
from pathlib import Path

import pytest
from _pytest.assertion.rewrite import _read_pyc

from tests.support.compiling import compile_each, compiled, is_stale, sources


def test_a_test_is_compiled_as_pytest_loads_it(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    source = tmp_path / "test_milk.py"
    source.write_text("def test_milk():\n    assert 1 == 1\n")
    assert is_stale(source)
    compile_each([source], pytestconfig)
    assert not is_stale(source)
    code = _read_pyc(source, compiled(source))
    assert code is not None
    assert "@pytest_ar" in code.co_names, "its assertions are rewritten"


def test_a_module_is_compiled_as_python_loads_it(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    source = tmp_path / "milk.py"
    source.write_text("LITRES = 1\n")
    compile_each([source], pytestconfig)
    assert compiled(source) == Path(util.cache_from_source(str(source)))
    assert not is_stale(source)


def test_what_is_no_python_is_left_to_who_imports_it(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    source = tmp_path / "test_whey.py"
    source.write_text("assert (\n")
    compile_each([source], pytestconfig)
    assert is_stale(source)


def test_tests_and_programs_are_compiled() -> None:
    names = {source.name for source in sources()}
    assert {"test_compiling.py", "conftest.py", "dairy.py", "serving.py"} < names
