"""What runs at a dairy is no more than it needs; licences and bill of materials are true."""

import json
import re
from importlib.metadata import (
    PackageNotFoundError,
    distributions,
    packages_distributions,
    requires,
    version,
)
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs import supply_chain
from tests.house.sources import ROOT

PACKAGES = supply_chain.locked()
MEMBERS = supply_chain.members()
RUNS = set[str]().union(*(supply_chain.runtime(member, PACKAGES) for member in MEMBERS))
LEFT_OUT = {"polyfactory"}  # exclude-dependencies: Litestar asks for it, and we never import it

FOR_TESTS_ONLY = {
    *("babel", "cyclonedx-python-lib", "factory-boy", "faker", "freezegun", "grimp", "hypothesis"),
    *("import-linter", "jsonschema-rs", "mock", "mypy", "polyfactory", "pycryptodome", "pytest"),
    *("pytest-timeout", "pytest-xdist", "requests", "responses", "ruff", "schemathesis", "uv"),
}


@pytest.mark.parametrize("member", MEMBERS)
def test_nothing_that_only_tests_need_runs_at_a_dairy(member: str) -> None:
    assert supply_chain.runtime(member, PACKAGES) & FOR_TESTS_ONLY == set()


IMPORTED_BY_OTHERS = {
    ("manchengo-desktop", "flet-desktop"): "flet",
    ("manchengo-desktop", "flet-web"): "flet",
    ("manchengo-documents", "uharfbuzz"): "fpdf2",
}
"""What one of ours asks for though another package imports it: what that one can do without."""


@pytest.mark.parametrize("member", MEMBERS)
def test_what_one_of_ours_asks_for_it_imports(member: str) -> None:
    # Else anything may be added to what runs at a dairy: only what is imported is needed there.
    folder, _ = MEMBERS[member]
    sources = "".join(file.read_text("utf-8") for file in folder.glob("src/**/*.py"))
    imported = {name.partition(".")[0] for name in IMPORTS.findall(sources)}
    here = {str(canonicalize_name(name)): tops for name, tops in import_names().items()}
    for text in requires(member) or ():
        asked = str(canonicalize_name(Requirement(text).name))
        if asked in MEMBERS:
            continue
        if other := IMPORTED_BY_OTHERS.get((member, asked)):
            assert other in PACKAGES, other
            assert asked not in here or not here[asked] & imported, f"{asked} is imported"
            continue
        assert here[asked] & imported, f"{member} asks for {asked} and imports nothing of it"


IMPORTS = re.compile(r'(?:^\s*(?:from|import) |import_module\(")([\w.]+)', re.MULTILINE)


def import_names() -> dict[str, set[str]]:
    """The top-level modules of each installed package."""
    names: dict[str, set[str]] = {}
    for top, packages in packages_distributions().items():
        for package in packages:
            names.setdefault(package, set()).add(top)
    return names


FOR_DEVICES_ONLY = {"numpy", "opencv-python-headless", "flet", "typer", "openpyxl", "fpdf2"}


def test_a_server_installs_nothing_that_draws_or_reads_pictures() -> None:
    reached = supply_chain.runtime("manchengo-server", PACKAGES)
    assert {*PACKAGES} >= FOR_DEVICES_ONLY
    assert reached & FOR_DEVICES_ONLY == set()
    ours = {name for name, _ in needed_here("manchengo-server")} & MEMBERS.keys()
    assert ours == {
        f"manchengo{each}" for each in ("", "-postgres", "-presenters", "-sqlite", "-sync")
    }


@pytest.mark.parametrize("member", MEMBERS)
def test_the_lock_reaches_all_that_installed_packages_ask_for(member: str) -> None:
    # Else the test before would look at too little.
    asked = {name for name, _ in needed_here(member)} - MEMBERS.keys()
    assert asked <= supply_chain.runtime(member, PACKAGES)


def needed_here(member: str) -> set[tuple[str, frozenset[str]]]:
    """What a package of ours needs on this system, with extras, from the installed metadata."""
    reached, waiting = set[tuple[str, frozenset[str]]](), [(member, frozenset[str]())]
    while waiting:
        name, extras = waiting.pop()
        wanted = [each for each in map(Requirement, requires(name) or ()) if holds(each, extras)]
        steps = {(str(canonicalize_name(each.name)), frozenset(each.extras)) for each in wanted}
        steps = {step for step in steps if step[0] not in LEFT_OUT} - reached
        waiting.extend(steps)
        reached |= steps
    return reached


def holds(wanted: Requirement, extras: frozenset[str]) -> bool:
    return wanted.marker is None or any(
        wanted.marker.evaluate({"extra": extra}) for extra in {"", *extras}
    )


def test_what_is_needed_by_what_is_needed_is_reached_and_no_more() -> None:
    assert {"h11", "uvicorn"} <= supply_chain.runtime("manchengo-server", PACKAGES)
    assert supply_chain.runtime("manchengo", PACKAGES) == {"attrs", "msgspec"}


def test_a_licence_read_in_a_file_is_the_one_that_the_metadata_states() -> None:
    for name, licence in supply_chain.READ_IN_THEIR_FILES.items():
        try:
            version(name)
        except PackageNotFoundError:
            continue  # of another system or Python, and looked at there
        assert supply_chain.licence_in_metadata(name) in (None, licence), name


def test_the_licences_page_lists_all_that_runs_and_nothing_else() -> None:
    page = (ROOT / "docs" / "reference" / "licences.md").read_text("utf-8")
    rows = [row.split(" | ") for row in page.splitlines() if row.startswith("| ")]
    listed = {(row[0].removeprefix("| "), row[1]) for row in rows} - {("Package", "Version")}
    assert listed == {(name, PACKAGES[name].version) for name in RUNS}
    assert not [row[0] for row in rows if not row[3].strip()], "every one is needed by an app"


def test_the_bill_of_materials_follows_its_schema() -> None:
    published = files("cyclonedx.schema._res")
    names = [f"{name}.SNAPSHOT.schema.json" for name in ("bom-1.6", "spdx", "jsf-0.82")]
    schemas = [json.loads((published / name).read_text("utf-8")) for name in names]
    folder = schemas[0]["$id"].rpartition("/")[0]
    registry = jsonschema_rs.Registry(
        [(f"{folder}/{name}", schema) for name, schema in zip(names, schemas, strict=True)]
    )
    validator = jsonschema_rs.validator_for(schemas[0], registry=registry)
    validator.validate(bill())
    assert not validator.is_valid(bill() | {"components": [{"name": "a package of no type"}]})


def test_the_bill_of_materials_lists_all_that_is_installed() -> None:
    listed = {(each["name"], each["version"]) for each in bill()["components"]}
    here = {(str(canonicalize_name(each.name)), each.version) for each in distributions()}
    assert here <= listed


def test_the_bill_of_materials_says_what_runs_and_which_bytes_it_is() -> None:
    for each in bill()["components"]:
        if each["name"] in MEMBERS:
            continue
        package = PACKAGES[each["name"]]
        assert (each["scope"] == "required") is (package.name in RUNS)
        assert {found["content"] for found in each["hashes"]} == set(package.hashes)
        assert package.hashes


def test_the_bill_of_materials_says_who_needs_whom() -> None:
    document = bill()
    names = {each["bom-ref"]: each["name"] for each in document["components"]}
    needed = {
        names[each["ref"]]: {names[ref] for ref in each["dependsOn"]}
        for each in document["dependencies"]
        if each["ref"] in names
    }
    assert needed.keys() == set(names.values())
    for member in MEMBERS:
        asked = {str(canonicalize_name(Requirement(text).name)) for text in requires(member) or ()}
        assert needed[member] == asked
    assert "h11" in needed["uvicorn"]


def bill() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(supply_chain.bill_of_materials())
    return document
