"""Sage PSA (Forecast): clients and projects both ways, people, roles, phases, tasks, teams and columns as sources.

Give `connect` the saved values of `CONNECTION` and it gives a `tieout.core.ports.System` for one account. `SETTINGS` are the settings of an
integration; `verify`, `hints`, `delivery_id` and `event_of` serve webhooks. The facts are in reference sage-psa.
"""

from tieout.platforms.sage_psa.faults import CASES
from tieout.platforms.sage_psa.kinds import (
    BUDGET_TYPES,
    CLIENT,
    CUSTOM_ID_LENGTH,
    KINDS,
    PERSON,
    PHASE,
    PROJECT,
    ROLE,
    STAGES,
    TASK,
    TEAM_MEMBER,
    WORKFLOW_COLUMN,
)
from tieout.platforms.sage_psa.records import RUNNING, normalise
from tieout.platforms.sage_psa.settings import CONNECTION, SETTINGS, environment_of
from tieout.platforms.sage_psa.system import SagePsaSystem, connect
from tieout.platforms.sage_psa.webhooks import SECRET_HEADER, Event, delivery_id, event_of, hints, verify

__all__ = [
    "BUDGET_TYPES",
    "CASES",
    "CLIENT",
    "CONNECTION",
    "CUSTOM_ID_LENGTH",
    "KINDS",
    "PERSON",
    "PHASE",
    "PROJECT",
    "ROLE",
    "RUNNING",
    "SECRET_HEADER",
    "SETTINGS",
    "STAGES",
    "TASK",
    "TEAM_MEMBER",
    "WORKFLOW_COLUMN",
    "Event",
    "SagePsaSystem",
    "connect",
    "delivery_id",
    "environment_of",
    "event_of",
    "hints",
    "normalise",
    "verify",
]
