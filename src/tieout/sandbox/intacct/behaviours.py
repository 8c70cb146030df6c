"""Which objects do more than their tables say: object name -> its hooks."""

from __future__ import annotations

from tieout.sandbox.intacct import (
    accounts,
    changes,
    contracts,
    costs,
    documents,
    estimates,
    expenses,
    journals,
    orders,
    retainage,
    settlements,
    shares,
    tasks,
    timesheets,
    users,
)
from tieout.sandbox.intacct.behaviour import Behaviours
from tieout.sandbox.intacct.catalogue import cash, payables, receivables
from tieout.sandbox.intacct.catalogue import expenses as expense_tables
from tieout.sandbox.intacct.catalogue.orders import ORDERS
from tieout.sandbox.intacct.catalogue.retainage import RELEASES

DOCUMENTS = {**payables.DOCUMENTS, **receivables.DOCUMENTS, **expense_tables.DOCUMENTS, **cash.DOCUMENTS}
SETTLEMENTS = {**payables.SETTLEMENTS, **receivables.SETTLEMENTS, **expense_tables.SETTLEMENTS}
BEHAVIOURS: Behaviours = {
    "TASK": tasks.TASK,
    "TIMESHEET": timesheets.TIMESHEET,
    "TIMESHEETENTRY": timesheets.TIMESHEETENTRY,
    "STANDARDTASK": costs.STANDARDTASK,
    "COSTTYPE": costs.COSTTYPE,
    "PJESTIMATE": estimates.PJESTIMATE,
    "PJESTIMATEENTRY": estimates.PJESTIMATEENTRY,
    "GLBUDGETHEADER": estimates.GLBUDGETHEADER,
    "CHANGEREQUESTSTATUS": changes.CHANGEREQUESTSTATUS,
    "CHANGEREQUEST": changes.CHANGEREQUEST,
    "CHANGEREQUESTENTRY": changes.CHANGEREQUESTENTRY,
    "PROJECTCHANGEORDER": changes.PROJECTCHANGEORDER,
    "PROJECTCONTRACTLINE": contracts.PROJECTCONTRACTLINE,
    "PROJECTCONTRACTLINEENTRY": contracts.PROJECTCONTRACTLINEENTRY,
    "GLACCOUNT": accounts.GLACCOUNT,
    "STATACCOUNT": accounts.STATACCOUNT,
    **dict.fromkeys(("JOURNAL", "STATJOURNAL"), accounts.JOURNAL),
    "ALLOCATION": shares.ALLOCATION,
    "USERINFO": users.USERINFO,
    "GLBATCH": journals.GLBATCH,
    **{name: documents.behaviour(facts) for name, facts in DOCUMENTS.items()},
    **{name: each for facts in ORDERS.values() for name, each in orders.behaviours(facts).items()},
    **{name: settlements.behaviour(facts, DOCUMENTS) for name, facts in SETTLEMENTS.items()},
    **{name: expenses.report(facts) for name, facts in expense_tables.DOCUMENTS.items()},
    **dict.fromkeys(("EEXPENSESITEM", "EXPENSEADJUSTMENTSITEM"), expenses.LINE),
    **{name: expenses.reimbursement(facts, DOCUMENTS) for name, facts in expense_tables.SETTLEMENTS.items()},
    **{name: retainage.behaviour(each, DOCUMENTS[each.document]) for name, each in RELEASES.items()},
    "CCTRANSACTION": expenses.card(cash.DOCUMENTS["CCTRANSACTION"]),
    "OTHERRECEIPTS": expenses.receipt(cash.DOCUMENTS["OTHERRECEIPTS"]),
}
