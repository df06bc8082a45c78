"""`dev.py` installs the bytes that the lock names and nothing else, uv itself included.

Each test gives it a small project, and a folder of packages in the place of a registry.
"""

import hashlib
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import dev

UV_HERE = dev.uv()  # of the lock of this repository, which the tests put another in the place of

OURS = """
[project]
name = "ours"
version = "1.0"
dependencies = ["rennet"]
[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""

METADATA = "Metadata-Version: 2.1\nName: {}\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


class Project:
    """One package of ours, those that it may install, and the `.venv` that is made of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.served = folder / "served"
        self.lock = folder / "requirements.lock"
        self.venv = folder / ".venv"
        self.ours = folder / "packages" / "ours"
        (self.ours / "src" / "ours").mkdir(parents=True)
        (self.ours / "src" / "ours" / "__init__.py").touch()
        (self.ours / "pyproject.toml").write_text(OURS)
        self.served.mkdir()

    def serve(self, name: str, *, module: str = "", needs: str = "") -> Path:
        """Put a wheel of one module on offer."""
        information = f"{name}-1.0.dist-info"
        needed = f"Requires-Dist: {needs}\n" if needs else ""
        parts = {
            f"{name}.py": module,
            f"{information}/METADATA": METADATA.format(name) + needed,
            f"{information}/WHEEL": WHEEL,
            f"{information}/RECORD": "",
        }
        wheel = self.served / f"{name}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as file:
            for part, text in parts.items():
                file.writestr(part, text)
        return wheel

    def serve_source(self, name: str, *, runs: str) -> Path:
        """Put a source distribution on offer, and what it does while it is built."""
        source = self.folder / f"{name}-1.0"
        source.mkdir()
        (source / "PKG-INFO").write_text(METADATA.format(name))
        (source / "pyproject.toml").write_text(
            '[build-system]\nrequires = []\nbuild-backend = "build"\nbackend-path = ["."]\n'
        )
        (source / "build.py").write_text(runs)
        packed = self.served / f"{name}-1.0.tar.gz"
        with tarfile.open(packed, "w:gz") as file:
            file.add(source, source.name)
        return packed

    def pin(self, *files: Path, hashed: bool = True) -> None:
        """Lock the files as they are now."""
        self.lock.write_text("".join(pin(file, hashed=hashed) for file in files))

    def installed(self) -> set[str]:
        return {path.stem for path in self.venv.rglob("site-packages/*.py")}


def pin(file: Path, *, hashed: bool = True) -> str:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return f"{file.name.partition('-')[0]}==1.0" + f" \\\n    --hash=sha256:{digest}\n" * hashed


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    made = Project(tmp_path)
    for variable in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(variable)
    for tool in ("PIP", "UV"):
        monkeypatch.setenv(f"{tool}_NO_INDEX", "1")
        monkeypatch.setenv(f"{tool}_FIND_LINKS", str(made.served))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "LOCK", made.lock)
    monkeypatch.setattr(dev, "VENV", made.venv)
    monkeypatch.setattr(dev, "STAMP", made.venv / "synced")
    monkeypatch.setattr(dev, "MEMBERS", (made.ours,))
    monkeypatch.setattr(dev, "PROJECTS", (made.ours / "pyproject.toml",))
    return made


class TestPackages:
    @pytest.fixture(autouse=True)
    def _with_uv(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dev, "uv", lambda: UV_HERE)

    def test_what_is_pinned_is_installed_and_ours_beside_it(self, project: Project) -> None:
        project.pin(project.serve("rennet"))
        dev.make_environment()
        assert {"rennet"} <= project.installed()
        assert list(project.venv.rglob("ours-1.0.dist-info"))

    def test_other_bytes_under_the_same_version_are_refused(self, project: Project) -> None:
        project.pin(project.serve("rennet"))
        project.serve("rennet", module="print('something else')")
        self.refuse(project, "rennet")

    def test_a_pin_without_a_hash_is_refused(self, project: Project) -> None:
        project.pin(project.serve("rennet"), hashed=False)
        self.refuse(project, "rennet")

    def test_what_a_package_asks_for_and_nobody_pinned_is_not_fetched(
        self, project: Project
    ) -> None:
        project.serve("stranger")
        project.pin(project.serve("rennet", needs="stranger"))
        dev.make_environment()
        assert "stranger" not in project.installed()

    def test_nothing_is_built_from_source(self, project: Project, tmp_path: Path) -> None:
        ran = tmp_path / "ran"
        project.pin(project.serve_source("rennet", runs=f"open({str(ran)!r}, 'w')"))
        self.refuse(project, "rennet")
        assert not ran.exists()

    def test_what_is_no_longer_pinned_goes(self, project: Project) -> None:
        rennet, salt = project.serve("rennet"), project.serve("salt")
        project.pin(rennet, salt)
        dev.make_environment()
        project.pin(rennet)
        dev.make_environment()
        assert project.installed() & {"rennet", "salt"} == {"rennet"}

    def refuse(self, project: Project, name: str) -> None:
        with pytest.raises(dev.SetUpError):
            dev.make_environment()
        assert name not in project.installed()
        assert not dev.STAMP.exists()


def all_but_venv(*command: str, run: Callable[..., int] = dev._silently) -> int:
    """The environment that is there stays: to make another takes longer than all else here."""
    return 0 if "venv" in command else run(*command)


class TestUv:
    def test_the_bytes_that_are_pinned_are_installed_and_no_others(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wheel = project.serve("uv")
        pinned = wheel.read_bytes()
        project.pin(project.serve("rennet"), wheel)
        project.serve("uv", module="print('something else')")
        with pytest.raises(dev.SetUpError, match="uv could not be installed"):
            dev.make_tools()
        assert not list(project.folder.rglob("site-packages/uv.py"))

        wheel.write_bytes(pinned)
        monkeypatch.setattr(dev, "_silently", all_but_venv)
        dev.make_tools()
        assert list((project.folder / ".dev" / "uv-1.0").rglob("site-packages/uv.py"))
        assert not list(project.folder.rglob("site-packages/rennet.py"))

    def test_a_lock_without_a_hash_of_uv_sets_up_nothing(self, project: Project) -> None:
        project.pin(project.serve("uv"), hashed=False)
        with pytest.raises(dev.SetUpError, match="does not pin uv"):
            dev.make_tools()
        assert not (project.folder / ".dev").exists()
