"""How the properties are driven: the same examples on every CI run, fresh ones on a laptop.

No deadline in either: the machine may be slow, and a slow example is not a wrong one.
"""

import os

import pytest
from hypothesis import settings

# A failed sentence shows both sides, as a failed assertion of the test itself would.
pytest.register_assert_rewrite("tests.support.given")

settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("dev", deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
