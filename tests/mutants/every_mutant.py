"""Every mutant there is, wherever its list stands."""

from tests.mutants.mutant import Trial
from tests.mutants.mutants import MUTANTS
from tests.mutants.mutants_of_attacks import OF_EFFECTS, OF_SIGNATURES
from tests.mutants.mutants_of_bounds import OF_BOUNDS
from tests.mutants.mutants_of_checkpoints import OF_CHECKPOINTS
from tests.mutants.mutants_of_genesis import OF_GENESIS
from tests.mutants.mutants_of_keys import (
    OF_AUTHORS,
    OF_ENROLMENTS,
    OF_INVITATIONS,
    OF_OWN_KEYS,
    OF_POSSESSION,
)
from tests.mutants.mutants_of_lies import OF_LIES
from tests.mutants.mutants_of_people import OF_PEOPLE
from tests.mutants.mutants_of_prices import OF_PRICES
from tests.mutants.mutants_of_recalls import OF_RECALLS
from tests.mutants.mutants_of_rights import OF_RIGHTS
from tests.mutants.mutants_of_scans import OF_SCANS
from tests.mutants.mutants_of_server_keys import OF_SERVER_KEYS
from tests.mutants.mutants_of_the_audit import OF_THE_AUDIT
from tests.mutants.mutants_of_verdicts import OF_VERDICTS
from tests.simulation.mutants_of_the_log import OF_THE_LOG
from tests.simulation.mutants_of_the_way import OF_THE_WAY

EVERY_MUTANT: tuple[Trial, ...] = (
    *MUTANTS,
    *OF_RIGHTS,
    *OF_AUTHORS,
    *OF_OWN_KEYS,
    *OF_ENROLMENTS,
    *OF_POSSESSION,
    *OF_INVITATIONS,
    *OF_PEOPLE,
    *OF_PRICES,
    *OF_VERDICTS,
    *OF_EFFECTS,
    *OF_SIGNATURES,
    *OF_BOUNDS,
    *OF_LIES,
    *OF_GENESIS,
    *OF_SERVER_KEYS,
    *OF_SCANS,
    *OF_THE_AUDIT,
    *OF_CHECKPOINTS,
    *OF_RECALLS,
    *OF_THE_LOG,
    *OF_THE_WAY,
)
