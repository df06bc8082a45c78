"""What Manchengo stands on, read from the lock: the licences page and the bill of materials.

    python3 dev.py sbom > manchengo.cdx.json    the bill of materials, as CycloneDX

The lock is a graph: under each package stands who asked for it. What can be reached from one of
our packages and apps is what runs at a dairy; the rest serves those who work on the program.
"""

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).resolve().parents[1]
WORKSPACE = "manchengo-workspace"
BLOCK = re.compile(r"^(?P<name>[^\s=#]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))?(?: \\)?$")
HASH = re.compile(r"--hash=sha256:(\w+)")
SPDX = re.compile(r"(?:MIT|ISC|[\w.]+-[\w.-]+)(?: (?:OR|AND) (?:MIT|ISC|[\w.]+-[\w.-]+))*")
ASKED_BY = re.compile(r"^    #(?: via|  ) ([^\s(]+)", re.MULTILINE)

# What the metadata of a package does not say in the words of SPDX, as its licence file says it;
# and what is never installed on some of our systems, where its metadata cannot be read.
READ_IN_THEIR_FILES = {
    "backports-tarfile": "MIT",
    "colorama": "BSD-3-Clause",
    "defusedxml": "PSF-2.0",
    "fonttools": "MIT",
    "importlib-metadata": "Apache-2.0",
    "jeepney": "MIT",
    "numpy": "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    "opencv-python-headless": "Apache-2.0",
    "psycopg-binary": "LGPL-3.0-only",
    "pycparser": "BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause OR Apache-2.0",
    "pywin32-ctypes": "BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
    "rich-click": "MIT",
    "secretstorage": "BSD-3-Clause",
    "sqlcipher3": "Zlib",
    "tzdata": "Apache-2.0",
    "uharfbuzz": "Apache-2.0",
    "zipp": "MIT",
}
IN_WORDS_OF_SPDX = {
    "Apache Software License": "Apache-2.0",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


@frozen
class Package:
    """One third-party package of the lock, the same on every system that its marker names."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    asked_by: frozenset[str]

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def locked(text: str | None = None) -> dict[str, Package]:
    """Every package of the lock, by its name."""
    text = (ROOT / "requirements.lock").read_text("utf-8") if text is None else text
    found = {}
    for block in re.split(r"\n(?=\S)", text):
        if head := BLOCK.match(block.partition("\n")[0]):
            found[head["name"]] = Package(
                name=head["name"],
                version=head["version"],
                marker=head["marker"] or "",
                hashes=tuple(HASH.findall(block)),
                asked_by=frozenset(ASKED_BY.findall(block)),
            )
    return found


def members() -> dict[str, tuple[Path, list[str]]]:
    """Each package and app of ours: its folder, and which others of ours it stands on."""
    projects = {
        file.parent: tomllib.loads(file.read_text("utf-8"))["project"]
        for file in sorted(ROOT.glob("[pa]*s/*/pyproject.toml"))
    }
    names = {project["name"] for project in projects.values()}
    return {
        project["name"]: (folder, [name for name in project["dependencies"] if name in names])
        for folder, project in projects.items()
    }


def apps() -> set[str]:
    """Those of ours that are programs."""
    return {name for name, (folder, _) in members().items() if folder.parent.name == "apps"}


def runtime(member: str, packages: dict[str, Package]) -> set[str]:
    """The third-party packages that one of ours needs to run, and all that those need."""
    ours = members()
    reached, waiting = {member}, [member]
    while waiting:
        asking = waiting.pop()
        asked = {name for name, package in packages.items() if asking in package.asked_by}
        asked.update(ours[asking][1] if asking in ours else ())
        waiting.extend(asked - reached)
        reached |= asked
    return reached - ours.keys()


def licence(name: str) -> str:
    """The licence of a package in the words of SPDX, or a fault when nothing says it."""
    said = READ_IN_THEIR_FILES.get(name) or licence_in_metadata(name)
    if said is None:
        raise LookupError(f"{name} says no licence: read its files, write it down in {__file__}")
    return said


def licence_in_metadata(name: str) -> str | None:
    """What the installed package says, where it uses the words of SPDX or the usual classifiers."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return None
    fields = ("License-Expression", "License")
    stated: list[str] = [text for field in fields for text in said.get_all(field) or ()]
    classifiers: list[str] = said.get_all("Classifier") or []
    classified = [each.rpartition(" :: ")[2] for each in classifiers]
    for text in (*stated, *(each for each in classified if each in IN_WORDS_OF_SPDX)):
        # Some paste the whole text of their licence here; some write only the name of a family.
        if text in IN_WORDS_OF_SPDX or SPDX.fullmatch(text):
            return IN_WORDS_OF_SPDX.get(text, text)
    return None


# ---------------------------------------------------------------- what is written


def licences() -> str:
    """The page that lists the licence of everything that runs at a dairy."""
    packages = locked()
    users = {member: runtime(member, packages) for member in members()}
    rows = []
    for name in sorted(set[str]().union(*users.values())):
        needed_by = [app for app in sorted(apps()) if name in users[app]]
        where = f"`{packages[name].marker}`" if packages[name].marker else ""
        version, terms = packages[name].version, licence(name)
        rows.append(f"| {name} | {version} | {terms} | {', '.join(needed_by)} | {where} |")
    table = "\n".join(rows)
    return f"""
# Licences

Manchengo is under the Apache License 2.0. This is everything else that runs at a dairy, at the
version that `requirements.lock` pins, with the licence that its installed metadata or its licence
file states. What serves only those who work on the program (tests, linters) is not here.
`python3 dev.py sbom` prints all of it, with hashes, as a bill of materials (CycloneDX 1.6); there,
what only serves that work has the scope `excluded`.

The wheels of `cryptography`, `sqlcipher3`, `psycopg-binary`, `opencv-python-headless` and
`pypdfium2` carry compiled libraries that are no packages of their own, each under its own licence:
OpenSSL, SQLCipher, libpq and what libpq needs, FFmpeg (LGPL-2.1), PDFium, and what reads pictures.
The client that draws the window of the desktop is no package either: `flet-desktop` fetches it from
Flet's releases (Apache-2.0, with Flutter under BSD-3-Clause). Neither the lock nor the bill of
materials has it ([install the desktop](../how-to/install-the-desktop.md)).

| Package | Version | Licence | Needed by | Where |
|---|---|---|---|---|
{table}
"""


def bill_of_materials() -> str:
    """The CycloneDX document: every package, its hashes, and who needs whom.

    It has no date and no serial number: the same lock gives the same bytes.
    """
    packages, ours = locked(), members()
    runs = set[str]().union(*(runtime(member, packages) for member in ours))
    components = [_our_component(name, folder) for name, (folder, _) in ours.items()]
    components += [_component(packages[name], runs=name in runs) for name in sorted(packages)]
    references = {str(each["name"]): str(each["bom-ref"]) for each in components}
    references[WORKSPACE] = WORKSPACE
    needs: dict[str, set[str]] = {name: set() for name in references}
    needs[WORKSPACE].update(ours)
    for name, (_, depends) in ours.items():
        needs[name].update(depends)
    for name, package in packages.items():
        for asking in package.asked_by:
            needs[asking].add(name)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": WORKSPACE, "name": WORKSPACE}},
        "components": components,
        "dependencies": [
            {"ref": references[name], "dependsOn": sorted(references[each] for each in needed)}
            for name, needed in sorted(needs.items())
        ],
    }
    return json.dumps(document, indent=1)


def _our_component(name: str, folder: Path) -> dict[str, object]:
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        "type": "library",
        "bom-ref": name,
        "name": name,
        "version": project["version"],
        "scope": "required",
        "licenses": [{"expression": project["license"]}],
    }


def _component(package: Package, *, runs: bool) -> dict[str, object]:
    component: dict[str, object] = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "scope": "required" if runs else "excluded",
        "purl": package.purl,
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.hashes],
    }
    if runs:
        component["licenses"] = [{"expression": licence(package.name)}]
    if package.marker:
        component["properties"] = [{"name": "manchengo:marker", "value": package.marker}]
    return component


if __name__ == "__main__":
    print(bill_of_materials())
