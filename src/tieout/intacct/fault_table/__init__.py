"""The fault table, as data: which answer means what, who cures it and how (intacct-xml §5.2; intacct-errors.json).

Rows are tried in order against every error of an answer; the first row that fits any of them names the fault. So a
specific cause stands before the wrapper that Intacct puts around it, and texts stand before bare numbers.
The sentences may name {company}, {sender}, {user}, {host}, {entity} and {object}.
"""

from tieout.intacct.fault_table.access import PERMISSIONS, SIGNING_IN
from tieout.intacct.fault_table.records import CLOSED, DIMENSIONS, DOCUMENTS, DUPLICATES, REFERENCES
from tieout.intacct.fault_table.requests import LAST, REQUESTS
from tieout.intacct.fault_table.rest import REST_LAST, REST_RECORDS, REST_SIGNING_IN
from tieout.intacct.fault_table.row import Row
from tieout.intacct.fault_table.wire import BY_REASON, OWN

ROWS: tuple[Row, ...] = (
    *REST_SIGNING_IN,
    *SIGNING_IN,
    *PERMISSIONS,
    *DUPLICATES,
    *CLOSED,
    *DIMENSIONS,
    *REFERENCES,
    *DOCUMENTS,
    *REST_RECORDS,
    *REQUESTS,
    *LAST,
    *REST_LAST,
)

__all__ = ["BY_REASON", "OWN", "ROWS", "Row"]
