"""The whole package runs where there is neither pydantic, nor SQLCipher, nor SQLAlchemy."""

import json
import subprocess
import sys

NOT_ON_A_PHONE = {"pydantic", "pydantic_core", "sqlalchemy", "sqlcipher3", "manchengo_sqlite"}

LISTING = """
import json, pkgutil, sys
import manchengo_sync
for module in pkgutil.iter_modules(manchengo_sync.__path__):
    __import__(f"manchengo_sync.{module.name}")
print(json.dumps(sorted(name.partition(".")[0] for name in sys.modules)))
"""


def loaded(program: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return set(json.loads(done.stdout))


def test_nothing_is_imported_that_a_phone_lacks() -> None:
    assert not loaded(LISTING) & NOT_ON_A_PHONE


def test_who_exchanges_through_another_link_does_not_pay_for_http() -> None:
    exchange = "import json, sys, manchengo_sync.exchange; print(json.dumps(sorted(sys.modules)))"
    assert "httpx" not in loaded(exchange)
