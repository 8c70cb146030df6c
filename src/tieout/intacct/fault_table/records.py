"""Rows about one record: duplicates, closed periods, dimensions, references and missing values."""

from __future__ import annotations

from tieout.core.ports import Actor, Effect, Sign
from tieout.intacct.client.errors import Level
from tieout.intacct.fault_table.row import Row, accountant

DUPLICATES = (
    Row(
        "intacct.control-id-used",
        "Intacct has seen this request before and does not say what became of it.",
        "Nothing needs to be done: Tieout looks for the record and goes on from what it finds.",
        Actor.NOBODY,
        text=r"control ?id.*(duplicate|already|unique|used)|(duplicate|already).*control ?id",
        effect=Effect.UNKNOWN,
        sign=Sign.CALL_REPEATED,
    ),
    Row(
        "intacct.duplicate-account",
        "An account with this number exists already.",
        "Use another account number, or link the record to the existing account.",
        Actor.ACCOUNTANT,
        errorno="GL-0493",
        sign=Sign.KEY_TAKEN,
    ),
    accountant(
        "intacct.duplicate-account",
        "An account with this number exists already.",
        "Use another account number, or link the record to the existing account.",
        text=r"Duplicate account number",
        sign=Sign.KEY_TAKEN,
    ),
    accountant(
        "intacct.duplicate-key",
        "Intacct has another {object} with the same ID.",
        "Link the record to the existing one, or give one of them another ID.",
        errorno=r"BL34000061|PL05000104",
        sign=Sign.KEY_TAKEN,
    ),
    accountant(
        "intacct.duplicate-key",
        "Intacct has another {object} with the same ID.",
        "Link the record to the existing one, or give one of them another ID.",
        text=r"with the given value\(s\) .*already exists",
        sign=Sign.KEY_TAKEN,
    ),
    accountant(
        "intacct.duplicate-document",
        "Intacct has a transaction with the same number.",
        "Link the record to the existing transaction, or change its number.",
        text=r"transaction with (that|the same|this) number already exists",
    ),
)

CLOSED = (
    accountant(
        "intacct.closed-period",
        "The date falls in a period that is closed in Intacct.",
        "Change the date, or open the period in Intacct, and approve the record again.",
        text=r"Periods? (is|are) closed|period that's been closed|Date must be on or after",
    ),
)

DIMENSIONS = (
    accountant(
        "intacct.missing-dimension",
        "A dimension that this account needs is missing.",
        "Fill in the dimension that Intacct names, or change the account's requirements in Intacct.",
        text=r"missing the .* dimension|The account number '?[^']*'? requires a|missing required dimension",
    ),
    accountant(
        "intacct.restricted-dimension",
        "Intacct does not allow this combination of account and dimensions.",
        "Choose an allowed combination, or change the restriction in Intacct.",
        text=r"is restricted by|The account number .* is associated to the",
    ),
    accountant(
        "intacct.auto-filled-dimension",
        "Intacct fills in this dimension itself and does not accept another value.",
        "Take over the value that Intacct names, or allow overriding in the dimension relationship in Intacct.",
        text=r"This value is auto-filled",
    ),
)

REFERENCES = (
    accountant(
        "intacct.project-status",
        "The status of the project does not allow this entry.",
        "Change the project's status in Intacct, or use another project.",
        text=r"has a (project|job) status that prevents",
    ),
    accountant(
        "intacct.not-a-resource",
        "The employee is not a resource of the project.",
        "Add the employee to the project's resources in Intacct.",
        text=r"is not a resource of the",
    ),
    accountant(
        "intacct.inactive-vendor",
        "The vendor is inactive in Intacct.",
        "Activate the vendor in Intacct, or use another one.",
        text=r"Activate the vendor",
    ),
    accountant(
        "intacct.vendor-compliance",
        "Intacct blocks the vendor because of a compliance requirement.",
        "Clear the vendor's compliance record in Intacct.",
        errorno="CRE-3211",
    ),
    accountant(
        "intacct.unknown-login",
        "Intacct does not know the user that the record names.",
        "Choose a user who exists in Intacct.",
        errorno="BL03000025",
    ),
    accountant(
        "intacct.unknown-login",
        "Intacct does not know the user that the record names.",
        "Choose a user who exists in Intacct.",
        text=r"Login ID .* does not exist",
    ),
    accountant(
        "intacct.invalid-employee",
        "The employee that the record names is not valid in Intacct.",
        "Check that the employee exists in Intacct, is active and belongs to this entity.",
        text=r"employee '?[^']*'? (is invalid|is not valid|specified is not valid)|Invalid Employee",
    ),
    accountant(
        "intacct.invalid-vendor",
        "The vendor that the record names is not valid in Intacct.",
        "Check that the vendor exists in Intacct, is active and belongs to this entity.",
        text=r"vendor '?[^']*'? (is invalid|is not valid|specified is not valid)|Invalid Vendor",
    ),
    accountant(
        "intacct.invalid-customer",
        "The customer that the record names is not valid in Intacct.",
        "Check that the customer exists in Intacct, is active and belongs to this entity.",
        text=r"customer '?[^']*'? (is invalid|is not valid|specified is not valid)|Invalid Customer",
    ),
    accountant(
        "intacct.invalid-project",
        "The project that the record names is not valid in Intacct.",
        "Check that the project exists in Intacct, is active and belongs to this entity.",
        text=r"(project|job) '?[^']*'? (is invalid|is not valid|specified is not valid)|Invalid (Project|Job)",
    ),
    accountant(
        "intacct.invalid-department",
        "The department that the record names is not valid in Intacct.",
        "Check the mapping table for departments, and that the department exists in Intacct and is active.",
        text=r"department '?[^']*'? (is invalid|is not valid|specified is not valid)|Invalid Department",
    ),
    accountant(
        "intacct.invalid-location",
        "The location that the record names is not valid in Intacct.",
        "Check the mapping table for locations, and that the location exists in Intacct, is active and belongs to this entity.",
        text=r"location '?[^']*'? (is invalid|is not valid|specified is not valid)|Invalid Location",
    ),
    accountant(
        "intacct.invalid-account",
        "The account that the record names is not valid in Intacct.",
        "Check the mapping table for accounts, and that the account exists in Intacct and is active.",
        text=r"account '?[^']*'? (is invalid|is not valid|specified is not valid)|Invalid Account",
    ),
)

DOCUMENTS = (
    accountant(
        "intacct.transaction-gone",
        "Intacct cannot find the transaction, or it is paid already.",
        "Open the transaction in Intacct and check whether it was deleted, replaced or paid.",
        text=r"can't find this transaction|exceeds total amount due",
    ),
    Row(
        "intacct.record-gone",
        "The record is no longer in Intacct.",
        "Nothing needs to be done: Tieout reads the record again and decides anew.",
        Actor.NOBODY,
        levels=(Level.FUNCTION,),
        text=r"Cannot find .* (with key|to (delete|update))|No Data Found",
        sign=Sign.TARGET_GONE,
    ),
    Row(
        "intacct.record-gone",
        "The record is no longer in Intacct.",
        "Nothing needs to be done: Tieout reads the record again and decides anew.",
        Actor.NOBODY,
        levels=(Level.FUNCTION,),
        errorno="BL03002028",
    ),
    accountant(
        "intacct.missing-number",
        "The document number is missing, or is used already.",
        "Turn on a numbering sequence for this kind of document in Intacct, or enter a number that is free.",
        errorno="PL01000127",
    ),
    accountant(
        "intacct.bill-refused",
        "Intacct does not accept the bill as it stands.",
        "Read what Intacct says, correct the bill at its source, and approve it again.",
        errorno=r"BL03002101|BL03002128|BL03002129|BL03002185",
    ),
    accountant(
        "intacct.payment-refused",
        "Intacct does not accept the payment as it stands.",
        "Read what Intacct says, correct the payment, and approve it again.",
        errorno="BL03000130",
    ),
    accountant(
        "intacct.invalid-email",
        "Intacct does not accept the e-mail address.",
        "Correct the e-mail address at its source.",
        text=r"Illegal format for .*E-?mail",
    ),
    accountant(
        "intacct.unknown-unit",
        "The unit of a line is none of its item's units.",
        "Give the line a unit of the item's unit of measure group, spelled as Intacct spells it, and try again.",
        text=r"Missing unit",
    ),
    accountant(
        "intacct.too-long",
        "A text is longer than Intacct takes.",
        "Shorten the value that Intacct names at its source, or change the template that makes it, and try again.",
        text=r"longer than|too long|max(imum)? length|(at most|more than|exceeds?) \d+ char|\d+ characters or (less|fewer)",
    ),
    accountant(
        "intacct.not-in-list",
        "A value is none of those that Intacct offers for its field.",
        "Choose one of the values that Intacct lists, or add the value there, and try again.",
        text=r"Invalid value .* for|valid values? (are|is)|not (one|among) .* (values|list)",
    ),
    accountant(
        "intacct.missing-value",
        "A value that Intacct needs is missing or has the wrong form.",
        "Read which value Intacct names, fill it in at its source, and try again.",
        errorno="BL03000018",
    ),
    accountant(
        "intacct.missing-value",
        "A value that Intacct needs is missing or has the wrong form.",
        "Read which value Intacct names, fill it in at its source, and try again.",
        text=r"is required|required field|Missing (unit|required)|cannot be empty|enter a valid",
    ),
)
