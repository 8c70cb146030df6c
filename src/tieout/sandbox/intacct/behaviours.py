"""Which objects do more than their tables say: object name -> its hooks."""

from __future__ import annotations

from tieout.sandbox.intacct import costs, documents, tasks, timesheets
from tieout.sandbox.intacct.behaviour import Behaviours
from tieout.sandbox.intacct.catalogue import payables

BEHAVIOURS: Behaviours = {
    "TASK": tasks.TASK,
    "TIMESHEET": timesheets.TIMESHEET,
    "TIMESHEETENTRY": timesheets.TIMESHEETENTRY,
    "STANDARDTASK": costs.STANDARDTASK,
    "COSTTYPE": costs.COSTTYPE,
    **{name: documents.behaviour(facts) for name, facts in payables.DOCUMENTS.items()},
}
