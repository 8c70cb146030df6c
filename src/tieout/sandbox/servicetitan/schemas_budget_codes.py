"""Members of the work breakdown objects (servicetitan §10, Appendix A; jpm v2).

The notation is that of `schemas_jpm`.
"""

NOTATION = """
Jpm.BudgetCodes.ListSegmentsResponse
    data!:[Jpm.BudgetCodes.SegmentModel]
Jpm.BudgetCodes.SegmentModel
    id!:i64 name!:str type!:Jpm.BudgetCodes.SegmentType structure!:Jpm.BudgetCodes.SegmentStructure isActive!:bool
    isRequired!:bool
Jpm.BudgetCodes.SegmentType
    = None CostCode CostType Custom
Jpm.BudgetCodes.SegmentStructure
    = None Flat Hierarchal
Jpm.BudgetCodes.SegmentItemModel
    id!:i64 parentId:i64? code!:str description!:str path!:str costCategory:Jpm.BudgetCodes.SegmentItemCostCategory?
    isActive!:bool
Jpm.BudgetCodes.SegmentItemCostCategory
    = None Material Labor Equipment Subcontract Overhead Other SystemUse
Jpm.BudgetCodes.BudgetCodeModel
    id!:i64 code!:str description!:str segments!:[Jpm.BudgetCodes.BudgetCodeSegmentModel]
Jpm.BudgetCodes.BudgetCodeSegmentModel
    segmentId!:i64 segmentItemId:i64? code:str? description:str? path:str?
CreateFullBudgetCodeArgs
    segmentItemIds!:[i64]
Jpm.BudgetCodes.CreateBudgetCodeResponse
    code!:Jpm.BudgetCodes.BudgetCodeModel
Jpm.BudgetCodes.MatchBudgetCodesResponse
    matches!:[Jpm.BudgetCodes.BudgetCodeMatchResult]
Jpm.BudgetCodes.BudgetCodeMatchResult
    code!:str isValid!:bool budgetCodes!:[Jpm.BudgetCodes.BudgetCodeModel]
ExportJobHistoryResponse
    jobId!:i64 history!:[ExportJobHistoryEntry]
ExportJobHistoryEntry
    id!:i64 employeeId:i64? eventType!:str date!:dt usedSchedulingTool!:JobSchedulingTool
JobSchedulingTool
    = Manual SmartSchedule SmartDispatch TechnicianRouteOptimization AdaptiveCapacity
"""
