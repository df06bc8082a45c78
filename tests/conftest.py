"""How the properties are driven: the same examples on every CI run, fresh ones on a laptop.

No deadline anywhere: the machine may be slow, and a slow example is not a wrong one. A mutant is
met with few examples, always the same, and dead by the first that fails: nobody asks for a smaller.
"""

import os

import pytest
from hypothesis import Phase, settings

# A failed sentence shows both sides, as a failed assertion of the test itself would.
pytest.register_assert_rewrite("tests.support.given")

settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("dev", deadline=None, print_blob=True)
settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    max_examples=50,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
