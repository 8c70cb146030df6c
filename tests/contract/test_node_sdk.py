"""Every function class of the vendor's Node SDK: which of our tests run it, or why none does (intacct-xml §9.1).

The calls themselves are in the modules test_node_sdk_*; this table is what they are held against.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from tests.contract.node_sdk import NodeSdk

# By area, the classes our tests run.
EXERCISED: Mapping[str, str] = {
    "AccountsPayable": """
        ApAdjustmentCreate ApAdjustmentDelete ApAdjustmentLineCreate ApAdjustmentSummaryCreate
        ApPaymentApprove ApPaymentConfirm ApPaymentCreate ApPaymentDecline ApPaymentDelete ApPaymentSend ApPaymentVoid
        ApPaymentDetailBill ApPaymentDetailBillInfo ApPaymentDetailBuilder ApPaymentDetailCreditFactory
        ApPaymentDetailCreditMemo ApPaymentDetailDebitMemo ApPaymentDetailInfo ApPaymentDetailNegativeBill ApPaymentFactory
        ApPaymentInfo ApPaymentReverse ApPaymentUpdate BillCreate BillDelete BillLineCreate BillLineUpdate BillReverse
        BillSummaryCreate BillUpdate VendorCreate VendorDelete VendorUpdate
    """,
    "AccountsReceivable": """
        ArAdjustmentCreate ArAdjustmentDelete ArAdjustmentLineCreate ArAdjustmentSummaryCreate ArPaymentApply ArPaymentCreate
        ArPaymentItem ArPaymentReverse ArPaymentSummaryCreate CustomerCreate CustomerDelete CustomerUpdate InvoiceCreate
        InvoiceDelete InvoiceLineCreate InvoiceLineUpdate InvoiceReverse InvoiceSummaryCreate InvoiceUpdate OnlineAchPayment
        OnlineCardPayment
    """,
    "": "ApiSessionCreate",
    "CashManagement": """
        BankAccountTransactionRecord BankFeedsCreate BankFeedsDelete ChargeCardTransactionCreate
        ChargeCardTransactionLineCreate ChargeCardTransactionLineUpdate ChargeCardTransactionReverse
        ChargeCardTransactionUpdate DepositCreate OtherReceiptCreate OtherReceiptLineCreate
    """,
    "Common": """
        GetList.GetList Inspect Lookup Query.Logical.AndCondition Query.Logical.OrCondition Query.QueryString Read ReadByName
        ReadByQuery ReadMore
    """,
    "Common.NewQuery": """
        Query QueryFilter.AndOperator QueryFilter.Filter QueryFilter.OrOperator QueryOrderBy.OrderAscending
        QueryOrderBy.OrderBuilder QueryOrderBy.OrderDescending QuerySelect.Average QuerySelect.Count QuerySelect.Field
        QuerySelect.Maximum QuerySelect.Minimum QuerySelect.SelectBuilder QuerySelect.SelectFunctionFactory QuerySelect.Sum
    """,
    "Common.Query.Comparison": """
        EqualTo.EqualToDate EqualTo.EqualToDateTime EqualTo.EqualToInteger EqualTo.EqualToNull EqualTo.EqualToNumber
        EqualTo.EqualToString GreaterThan.GreaterThanDate GreaterThan.GreaterThanDateTime GreaterThan.GreaterThanInteger
        GreaterThan.GreaterThanNumber GreaterThan.GreaterThanString GreaterThanOrEqualTo.GreaterThanOrEqualToDate
        GreaterThanOrEqualTo.GreaterThanOrEqualToDateTime GreaterThanOrEqualTo.GreaterThanOrEqualToInteger
        GreaterThanOrEqualTo.GreaterThanOrEqualToNumber GreaterThanOrEqualTo.GreaterThanOrEqualToString InArray.InArrayInteger
        InArray.InArrayString LessThan.LessThanDate LessThan.LessThanDateTime LessThan.LessThanInteger LessThan.LessThanNumber
        LessThan.LessThanString LessThanOrEqualTo.LessThanOrEqualToDate LessThanOrEqualTo.LessThanOrEqualToDateTime
        LessThanOrEqualTo.LessThanOrEqualToInteger LessThanOrEqualTo.LessThanOrEqualToNumber
        LessThanOrEqualTo.LessThanOrEqualToString Like.LikeString
    """,
    "Company": """
        AllocationCreate AllocationDelete AllocationLine AllocationUpdate AttachmentFile AttachmentsCreate AttachmentsDelete
        AttachmentsFolderCreate AttachmentsFolderDelete AttachmentsFolderUpdate AttachmentsUpdate ClassCreate ClassDelete
        ClassUpdate CompanyPrefsGet ContactCreate ContactDelete ContactUpdate CustomAllocationSplit DepartmentCreate
        DepartmentDelete DepartmentUpdate GetUserPermissions LocationCreate LocationDelete LocationUpdate UserCreate UserUpdate
    """,
    "EmployeeExpense": """
        EmployeeCreate EmployeeDelete EmployeeUpdate ExpenseAdjustmentCreate ExpenseAdjustmentDelete
        ExpenseAdjustmentLineCreate ExpenseReportCreate ExpenseReportDelete ExpenseReportLineCreate ExpenseReportReverse
        ExpenseReportSummaryCreate ReimbursementRequestCreate ReimbursementRequestItem
    """,
    "GeneralLedger": """
        AccountCreate AccountDelete AccountUpdate JournalEntryCreate JournalEntryDelete JournalEntryLineCreate
        StatisticalAccountCreate StatisticalAccountDelete StatisticalAccountUpdate StatisticalJournalEntryCreate
        StatisticalJournalEntryDelete StatisticalJournalEntryLineCreate
    """,
    "InventoryControl": """
        ItemCreate ItemDelete ItemUpdate TransactionItemDetail TransactionSubtotalCreate TransactionSubtotalUpdate
        WarehouseCreate WarehouseDelete WarehouseUpdate
    """,
    "OrderEntry": """
        OrderEntryTransactionCreate OrderEntryTransactionDelete OrderEntryTransactionLineCreate
        OrderEntryTransactionLineUpdate OrderEntryTransactionUpdate
    """,
    "PlatformServices": "DimensionRelationshipsGet DimensionsGet",
    "Projects": """
        ProjectCreate ProjectDelete ProjectUpdate TaskCreate TaskDelete TaskUpdate TimesheetApprove TimesheetCreate
        TimesheetDecline TimesheetDelete TimesheetEntryCreate TimesheetEntryUpdate TimesheetUpdate
    """,
    "Purchasing": """
        PurchasingTransactionApprove PurchasingTransactionCreate PurchasingTransactionDecline PurchasingTransactionDelete
        PurchasingTransactionLineCreate PurchasingTransactionLineUpdate PurchasingTransactionUpdate
    """,
}


def _none_of(reason: str, area: str, names: str) -> dict[str, str]:
    return {f"{area}.{name}": reason for name in names.split()}


# What no test runs, and why not.
NOT_HELD: Mapping[str, str] = {
    **_none_of(
        "the emulator has no AP advances: the XML reference does not describe the object", "AccountsPayable", "ApPaymentDetailAdvance"
    ),
    **_none_of(
        "the emulator has no contracts of revenue management: no flow touches them",
        "ContractsRevMgmt",
        "ContractCreate ContractDelete ContractLineCreate ContractLineDelete ContractLineHold ContractLineResume ContractLineUpdate "
        "ContractUpdate",
    ),
    **_none_of(
        "data delivery writes files into a cloud store of the customer's, which the emulator does not have",
        "DataDeliveryService",
        "DdsJobCreate DdsObjectDdlGet DdsObjectList",
    ),
    **_none_of(
        "the emulator has no consolidation: the reference gives its request, but no book it could work on or answer of it",
        "GlobalConsolidations",
        "ConsolidationCreate ConsolidationEntity",
    ),
    **_none_of(
        "the emulator has no inventory transactions: no flow touches stock",
        "InventoryControl",
        "InventoryTransactionCreate InventoryTransactionDelete InventoryTransactionLineCreate",
    ),
    **_none_of("the emulator prints nothing: the reference gives the request, but not the reply", "OrderEntry", "OrderEntryRetrievePDF"),
}
# What a test may leave away of a name, because its table names it once for many.
SHORTENED = ("Common.Query.Comparison.", "Common.NewQuery.QuerySelect.", "Common.NewQuery.QueryFilter.", "")


def exercised() -> set[str]:
    """The classes the table says are run."""
    return {f"{area}.{name}".lstrip(".") for area, names in EXERCISED.items() for name in names.split()}


def is_foundation(name: str) -> bool:
    """An abstract class or an interface: others are made of it, nobody makes one."""
    last = name.rpartition(".")[2]
    return last.startswith("Abstract") or (last[0] == "I" and last[1].isupper())


def spoken() -> set[str]:
    """Every string of the modules that run the SDK."""
    modules = Path(__file__).parent.glob("test_node_sdk_*.py")
    nodes = (node for module in modules for node in ast.walk(ast.parse(module.read_text())))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_the_table_names_every_function_class_of_the_sdk_once(sdk: NodeSdk) -> None:
    real = {name for name in sdk.ask("classes") if not is_foundation(name)}
    assert len(real) > 200
    assert exercised() | set(NOT_HELD) == real
    assert not exercised() & set(NOT_HELD)


def test_what_the_table_says_is_run_is_named_by_a_test_that_runs_it() -> None:
    said = spoken()
    idle = [name for name in exercised() if not any(name.startswith(each) and name.removeprefix(each) in said for each in SHORTENED)]
    assert idle == []


def test_what_is_not_held_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in NOT_HELD.values())
