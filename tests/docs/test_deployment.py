"""What the page about the server gives to other programs is given to them: the proxies carry an
exchange over TLS, and systemd finds nothing to say about the unit.

Addresses and the places of certificates are this machine's; everything else stands as on the page.
What is not installed is skipped.
"""

import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from attrs import frozen

from manchengo_server.main import _parser
from manchengo_server.settings import Settings
from manchengo_sync import wire
from tests.docs.pages import ROOT, blocks
from tests.support.certificates import Certificates, certificates
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.patience import PATIENCE
from tests.support.server import Caller, Device, Served, Server, a_server, problem, served

PAGE = ROOT / "docs" / "how-to" / "run-a-server.md"
NAME, INSIDE, LIVE = "manchengo.example.dz", "127.0.0.1:8765", "/etc/letsencrypt/live/"
NGINX = """
pid {folder}/pid;
daemon off;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {block}
}}
"""
CADDY = """
{{
    admin off
    auto_https disable_redirects
}}
{block}
"""
ELSEWHERE = "127.0.0.2"


def block(language: str) -> str:
    (found,) = [each.code for each in blocks(PAGE) if each.language == language]
    return found


def on_this_machine(code: str, *pairs: tuple[str, str]) -> str:
    for on_the_page, here in pairs:
        assert on_the_page in code
        code = code.replace(on_the_page, here)
    return code


# ---------------------------------------------------------------- behind a proxy


@frozen
class Behind:
    """A plant behind a proxy at ``url``, whose certificate ``made`` lets believe."""

    url: str
    made: Certificates
    up: Served
    server: Server
    office: Device

    @contextmanager
    def asked_by(self, device: Device | None, *, at: str = "127.0.0.1") -> Iterator[Caller]:
        """From that address of this machine."""
        transport = httpx.HTTPTransport(verify=self.made.believed(), local_address=at)
        with httpx.Client(base_url=self.url, transport=transport, timeout=PATIENCE) as client:
            yield Caller(client, device)


@pytest.fixture(params=["nginx", "caddy"])
def behind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Behind]:
    program = shutil.which(request.param)
    if program is None:
        pytest.skip(f"{request.param} is not installed")
    server = a_server()
    office = server.first_device(A_DAIRY)
    made = certificates(tmp_path)
    with served(server.service, enrol_burst=1, enrol_rate=1e-6) as up:
        port = a_free_port()
        write = nginx if request.param == "nginx" else caddy
        words = write(tmp_path, port, up.url.removeprefix("http://"), made)
        with running([program, *words], port, tmp_path):
            yield Behind(f"https://127.0.0.1:{port}", made, up, server, office)


def nginx(folder: Path, port: int, inside: str, made: Certificates) -> list[str]:
    given = on_this_machine(
        block("nginx"),
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        (f"{LIVE}{NAME}", str(made.chain.parent)),
        (INSIDE, inside),
    )
    user = "user root root;" if sys.platform == "linux" and os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(NGINX.format(folder=folder, user=user, block=given))
    return ["-p", str(folder), "-e", str(folder / "nginx.log"), "-c", str(path)]


def caddy(folder: Path, port: int, inside: str, made: Certificates) -> list[str]:
    given = on_this_machine(
        block("caddy"),
        (f"{NAME} {{", f"https://127.0.0.1:{port} {{\n    tls {made.chain} {made.key}"),
        (INSIDE, inside),
    )
    path = folder / "Caddyfile"
    path.write_text(CADDY.format(block=given))
    return ["run", "--config", str(path), "--adapter", "caddyfile"]


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(words: list[str], port: int, folder: Path) -> Iterator[None]:
    """Until somebody listens there; ended with what runs in it."""
    log = folder / "told.log"
    home = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with log.open("wb") as output:
        process = subprocess.Popen(words, stdout=output, stderr=output, env=home)
    try:
        until = time.monotonic() + PATIENCE
        while not listens(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def listens(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


def test_devices_exchange_through_it_packed_both_ways(behind: Behind) -> None:
    office = behind.office
    office.does(*[received(f"L{number}", litres(5)) for number in range(20)])
    packed = gzip.compress(wire.encode(office.request()))
    with behind.asked_by(office) as caller:
        response = caller.post("/sync/push", packed, headers={"Content-Encoding": "gzip"})
        assert response.headers["content-encoding"] == "gzip"
        assert len(wire.decode(response.content, wire.PushResponse).synced) == 20
        file = caller.get("/sync/snapshot").content
    assert len(gzip.decompress(file).splitlines()) == 1 + behind.server.service.head()


def test_news_passes_at_once_to_who_waits(behind: Behind) -> None:
    office, phone = behind.office, behind.server.another_device()
    office.syncs()
    with behind.asked_by(office) as caller, ThreadPoolExecutor(1) as aside:
        waiting = aside.submit(caller.push, office.asking(wait=wire.LONGEST_WAIT))
        until(behind.server.service.context.log_growth.has_subscribers)
        phone.does(received("L1", litres(5)))
        phone.syncs()
        response = wire.decode(waiting.result(PATIENCE).content, wire.PushResponse)
    assert len(response.new) == 1


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_largest_body_passes_and_one_byte_more_is_told_so(behind: Behind) -> None:
    request = wire.encode(behind.office.asking())
    with behind.asked_by(behind.office) as caller:
        for size, status in ((wire.LARGEST_BODY, 200), (wire.LARGEST_BODY + 1, 413)):
            assert caller.post("/sync/push", request.ljust(size)).status_code == status


def test_figures_are_not_for_outside(behind: Behind) -> None:
    with behind.asked_by(None) as caller:
        assert caller.get("/healthz").status_code == 200
        assert caller.get("/metrics").status_code == 404


@pytest.mark.skipif(sys.platform != "linux", reason="one address only on loopback")
def test_the_server_knows_from_where_each_asks(behind: Behind) -> None:
    """As it lets nobody guess at codes in a hurry; what a sender says of itself is not believed."""
    wrong = behind.office.enrolment("AAAA-BBBB-CCCC")
    lie = {"headers": {"X-Forwarded-For": "192.0.2.9"}}
    with behind.asked_by(None) as here, behind.asked_by(None, at=ELSEWHERE) as elsewhere:
        assert problem(here.post("/sync/enrol", wrong)) == (403, "code_refused")
        assert problem(here.post("/sync/enrol", wrong, **lie)) == (429, "too_many")
        assert problem(elsewhere.post("/sync/enrol", wrong)) == (403, "code_refused")


def test_a_server_that_stops_lets_those_go_who_wait_behind_it(behind: Behind) -> None:
    office = behind.office
    with behind.asked_by(office) as caller, ThreadPoolExecutor(1) as aside:
        waiting = aside.submit(caller.push, office.asking(wait=wire.LONGEST_WAIT))
        until(behind.server.service.context.log_growth.has_subscribers)
        behind.up.stop()
        assert waiting.result(PATIENCE).status_code == 200
        assert caller.push(office.asking()).status_code in (502, 503)


# ---------------------------------------------------------------- the unit


def test_systemd_has_nothing_to_say_about_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not installed")
    unit = tmp_path / "manchengo.service"
    unit.write_text(
        on_this_machine(block("ini"), ("/opt/manchengo/.venv/bin/manchengo-server", "/bin/true"))
    )
    done = subprocess.run(
        [program, "verify", str(unit)], capture_output=True, text=True, check=False
    )
    faults = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, faults) == (0, [])


def test_the_unit_leaves_no_memory_and_no_readable_file_behind() -> None:
    faults = block("ini").splitlines()
    assert {"LimitCORE=0", "UMask=0077", "NoNewPrivileges=true"} <= set(faults)


def test_the_unit_says_what_the_server_understands() -> None:
    unit = block("ini")
    named = re.findall(r"^Environment=MANCHENGO_(\w+)=", unit, re.MULTILINE)
    assert {name.lower() for name in named} <= set(Settings.model_fields)
    (words,) = re.findall(r"^ExecStart=\S+/manchengo-server (.*)$", unit, re.MULTILINE)
    _parser().parse_args(words.split())
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert int(seconds) > Settings().stop_seconds
