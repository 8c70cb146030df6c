"""The fault table: every answer the reference knows becomes one clear sentence and one next step."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest

from tieout.core.ports import Actor, Effect, Scope
from tieout.intacct import KINDS
from tieout.intacct.client import Credentials, ErrorEntry, IntacctError, Level, NotSentError, Reason, RefusedError, UnsureError
from tieout.intacct.fault_table import BY_REASON, OWN, ROWS
from tieout.intacct.faults import Context, fault_of, match, own_fault

CREDENTIALS = Credentials("ACME", "acme-sender", "sender-secret", "ws", "user-secret")
G, X, A, F = Level.GATEWAY, Level.CONTROL, Level.AUTHENTICATION, Level.FUNCTION

# level, errorno, text, code: every row of intacct-xml §5.2, of intacct-errors.json and of the table itself
KNOWN: list[tuple[Level, str, str, str]] = [
    (X, "XL03000003", "XML Parse schema error: Fatal Error 76: Opening and ending tag mismatch", "intacct.unreadable-request"),
    (X, "XL03000006", "Incorrect Intacct XML Partner ID or password.", "intacct.wrong-sender-password"),
    (A, "XL03000006", "Sign-in information is incorrect", "intacct.wrong-sign-in"),
    (A, "XL03000006", "Invalid session 5mWq..", "intacct.expired-session"),
    (
        A,
        "XL03000006",
        "Invalid Web Services Authorization - the sender ID is not authorized to make Web Services requests to company x",
        "intacct.unauthorised-sender",
    ),
    (X, "XL03000006", "sandbox is not a valid transport policy.", "intacct.unknown-policy"),
    (F, "XL03000009", "The entire transaction in this operation has been rolled back due to an error.", "intacct.rolled-back"),
    (F, "XL03000010", "field in filter does not exist", "intacct.unknown-field"),
    (F, "Query Failed", "Object definition NOPE not found", "intacct.unknown-object"),
    (F, "Query Failed", "Field NOPE", "intacct.unknown-field"),
    (F, "Invalid fields list x", "", "intacct.unknown-field"),
    (F, "", "field NOPE is not valid", "intacct.unknown-field"),
    (F, "Get API Session Failed", "", "intacct.no-session"),
    (G, "XMLGW_JPP0002", "", "intacct.wrong-sign-in"),
    (G, "UJPP0002", "Sign-in information is incorrect. Please check your request.", "intacct.wrong-sign-in"),
    (G, "GW-0010", "", "intacct.rate-limit"),
    (G, "", "API rate limit exceeded", "intacct.rate-limit"),
    (G, "GW-0011", "Invalid Request [Request ID: 1]", "intacct.unknown-company"),
    (G, "GW-0001", "", "intacct.gateway"),
    (G, "GW-0042", "", "intacct.gateway"),
    (F, "PL04000005", "You do not have permission for API operation READ_BY_QUERY on objects of type X", "intacct.no-permission"),
    (F, "", "You do not have permission for API operation CREATE", "intacct.no-permission"),
    (F, "", "You do not have permission to view audit history", "intacct.no-audit-permission"),
    (X, "PL04000055", "", "intacct.company-expired"),
    (X, "", "This company is not authorized for XML transactions. Please subscribe to the XML Gateway.", "intacct.no-web-services"),
    (F, "DL02000001", "There was an error processing the request.", "intacct.processing-error"),
    (F, "", "There was an error processing the request.", "intacct.processing-error"),
    (F, "BL01001973", "Could not create X record!", "intacct.refused"),
    (F, "BL01001973", "Invalid Project 'x' specified.", "intacct.invalid-project"),
    (F, "BL01001973", "Cannot find customer with key 'x' to delete.", "intacct.record-gone"),
    (F, "BL01001973", "Duplicate account number", "intacct.duplicate-account"),
    (F, "BL01001973", "Currently, we can't create the transaction", "intacct.refused"),
    (F, "BL34000061", "Another Project with the given value(s) P-1  already exists", "intacct.duplicate-key"),
    (F, "", "Another Contact with the given value(s) Ann  already exists", "intacct.duplicate-key"),
    (F, "PL05000104", "", "intacct.duplicate-key"),
    (F, "BL03000018", "Missing unit", "intacct.missing-value"),
    (F, "BL03000018", "Illegal format for Contactversion : Primary Email Address", "intacct.invalid-email"),
    (F, "BL03000018", "missing required dimension", "intacct.missing-dimension"),
    (F, "", "Employee Contact info cannot be empty", "intacct.missing-value"),
    (F, "BL03000025", "", "intacct.unknown-login"),
    (F, "", "Login ID x does not exist.", "intacct.unknown-login"),
    (F, "BL03002028", "", "intacct.record-gone"),
    (F, "BL03002101", "", "intacct.bill-refused"),
    (F, "BL03002128", "", "intacct.bill-refused"),
    (F, "BL03002129", "", "intacct.bill-refused"),
    (F, "BL03002185", "", "intacct.bill-refused"),
    (F, "BL03002185", "A transaction with that number already exists", "intacct.duplicate-document"),
    (F, "BL03000130", "", "intacct.payment-refused"),
    (F, "PL01000127", "Document Number is missing", "intacct.missing-number"),
    (F, "CRE-3211", "", "intacct.vendor-compliance"),
    (F, "GL-0493", "", "intacct.duplicate-account"),
    (F, "GL-0504", "", "intacct.duplicate-account"),
    (F, "", "The employee 'x' is invalid.", "intacct.invalid-employee"),
    (F, "", "The vendor 'x' is invalid.", "intacct.invalid-vendor"),
    (F, "", "Vendor 'x' specified is not valid.", "intacct.invalid-vendor"),
    (F, "", "The specified vendor 'x' is not valid.", "intacct.invalid-vendor"),
    (F, "", "Invalid Vendor 'x' specified.", "intacct.invalid-vendor"),
    (F, "", "Activate the vendor x, then try again.", "intacct.inactive-vendor"),
    (F, "", "Customer 'x' specified is not valid.", "intacct.invalid-customer"),
    (F, "", "Project 'x' specified is not valid.", "intacct.invalid-project"),
    (F, "", "Invalid Job 'x' specified.", "intacct.invalid-project"),
    (F, "", "The Project 'x' has a project status that prevents expense submittal.", "intacct.project-status"),
    (F, "", "The employee is not a resource of the project 'x'.", "intacct.not-a-resource"),
    (F, "", "Account 4000 is not valid", "intacct.invalid-account"),
    (F, "", "The account number '4000' requires a Location", "intacct.missing-dimension"),
    (F, "", "The account number 4000 is associated to the department", "intacct.restricted-dimension"),
    (F, "", "This transaction is missing the Cost Code dimension for the Account 5000", "intacct.missing-dimension"),
    (F, "", "The specified GL account 'x' : 'y' is not valid. GL account is restricted by Location.", "intacct.restricted-dimension"),
    (F, "", "Department 'x': 'y' specified is not valid. Department is restricted by GL account.", "intacct.restricted-dimension"),
    (F, "", "Department must be 10. This value is auto-filled", "intacct.auto-filled-dimension"),
    (F, "", "Location must be 10. This value is auto-filled", "intacct.auto-filled-dimension"),
    (F, "", "The department 'x' is invalid.", "intacct.invalid-department"),
    (F, "", "Department x is not valid", "intacct.invalid-department"),
    (F, "", "Invalid Department x selected", "intacct.invalid-department"),
    (F, "", "The location 'x' is invalid.", "intacct.invalid-location"),
    (F, "", "Location 'x' is not valid", "intacct.invalid-location"),
    (F, "", "Date must be on or after 01/01/2026", "intacct.closed-period"),
    (F, "", "Periods are closed. Your transaction date (1/1) is within a period that's been closed.", "intacct.closed-period"),
    (F, "", "Oops, we can't find this transaction; enter a valid bill", "intacct.transaction-gone"),
    (F, "", "Payment exceeds total amount due ()", "intacct.transaction-gone"),
    (F, "", "enter a valid term", "intacct.missing-value"),
    (X, "", "The Service is Temporarily Off-line", "intacct.offline"),
    (F, "", "The Service is Temporarily Off-line", "intacct.offline"),
    (F, "", "The control id was used already", "intacct.control-id-used"),
    # The REST API (intacct-rest §9.3): its errorId, or its code where there is none.
    (A, "REST-2102", "Token is not valid", "intacct.rest-sign-in"),
    (G, "GW-0034", "", "intacct.rest-sign-in"),
    (G, "GW-0012", "", "intacct.rest-sign-in"),
    (G, "GW-0039", "", "intacct.rest-sign-in"),
    (A, "invalidRequest", "Credentials are invalid.", "intacct.rest-sign-in"),
    (A, "", "The token is not valid", "intacct.rest-sign-in"),
    (G, "GW-0014", "", "intacct.gateway"),
    (F, "unauthorizedUser", "", "intacct.no-permission"),
    (F, "duplicateId", "", "intacct.duplicate-key"),
    (F, "REST-7001", "Another record with the value P-1 already exists", "intacct.duplicate-key"),
    (F, "notFound", "No such record", "intacct.record-gone"),
    (F, "conflict", "", "intacct.control-id-used"),
    (F, "unprocessed", "Operation skipped due to atomic transaction failure", "intacct.rolled-back"),
    (F, "atomicOperationFailure", "", "intacct.rolled-back"),
    (F, "REST-1043", "/x is not a valid field", "intacct.unknown-field"),
    (F, "REST-1106", "", "intacct.unknown-field"),
    (F, "CORE-1134", "", "intacct.unknown-field"),
    (F, "REST-1028", "The request has no payload", "intacct.unreadable-request"),
    (F, "REST-1064", "Payload contains errors", "intacct.unreadable-request"),
    (F, "invalidKey", "", "intacct.unreadable-request"),
    (F, "REST-7001", "POST request on objects/x object was unsuccessful", "intacct.refused"),
    (F, "GL-1009", "Transactions do not balance for Place", "intacct.refused"),
    (F, "GL-0951", "Could not create GLBatch record", "intacct.refused"),
    (F, "operationFailed", "", "intacct.refused"),
    (F, "BL03000018", "A period is closed", "intacct.closed-period"),
    (F, "", "Please Try Again Later", "intacct.offline"),
    (A, "XL03999999", "The user is locked", "intacct.sign-in-refused"),
    (X, "XL03999999", "Something new", "intacct.refused-request"),
]


@pytest.mark.parametrize(("level", "errorno", "text", "code"), KNOWN)
def test_every_known_answer_has_its_row(level: Level, errorno: str, text: str, code: str) -> None:
    row = match([ErrorEntry(errorno, description2=text)], level)
    assert row is not None
    assert row.code == code


def test_every_number_of_the_reference_s_list_is_known() -> None:
    facts = Path(__file__).parents[2] / "contract/specs/intacct/errors.json"
    listed = json.loads(facts.read_text(encoding="utf-8"))["errors"]
    listed.pop("GW-0012…0042")  # a family that stands in KNOWN by some of its members
    known = {(number, level.value) for level, number, _, _ in KNOWN} | {(number, None) for _, number, _, _ in KNOWN}
    assert [number for number, row in listed.items() if not any((number, level) in known for level in row["levels"])] == []


def test_every_row_of_the_table_has_a_known_answer() -> None:
    reached = {id(match([ErrorEntry(errorno, description2=text)], level)) for level, errorno, text, _ in KNOWN}
    reached.add(id(match([ErrorEntry("XL03000006", description2="Sign-in information is incorrect")], A, entity="100")))
    assert [row.code for row in ROWS if id(row) not in reached] == []


def test_every_row_speaks_in_whole_sentences_and_names_only_what_is_known() -> None:
    names = {"company", "sender", "user", "host", "entity", "object"}
    for row in [*ROWS, *BY_REASON.values(), *OWN.values()]:
        assert row.code.startswith("intacct.")
        assert row.code == row.code.lower()
        for sentence in (row.cause, row.next_step):
            assert sentence.endswith("."), row.code
            assert {name for _, name, _, _ in string.Formatter().parse(sentence) if name} <= names, row.code
        assert row.cause.rstrip(".").count(". ") == 0, row.code


def test_every_kind_has_a_plain_name_in_the_sentences() -> None:
    for kind in KINDS:
        fault = fault_of(RefusedError(Reason.REFUSED, F, errors=(ErrorEntry("BL34000061"),), object=kind), CREDENTIALS)
        assert kind not in fault.case.cause.split(), kind


def test_one_code_has_one_sentence() -> None:
    said: dict[str, tuple[str, str]] = {}
    for row in [*ROWS, *BY_REASON.values(), *OWN.values()]:
        assert said.setdefault(row.code, (row.cause, row.next_step)) == (row.cause, row.next_step)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_of_the_client_has_a_row(reason: Reason) -> None:
    fault = fault_of(UnsureError(reason, Level.TRANSPORT, host="api.intacct.com"), CREDENTIALS)
    assert fault.effect is Effect.UNKNOWN
    assert "{" not in str(fault)


def refused(level: Level, errorno: str, text: str, **more: str) -> IntacctError:
    return NotSentError(Reason.REFUSED, level, errors=(ErrorEntry(errorno, description2=text),), **more)  # type: ignore[arg-type]


def test_an_unauthorised_sender_is_named_with_the_company_and_the_place_to_add_it() -> None:
    fault = fault_of(refused(A, "XL03000006", "Invalid Web Services Authorization"), CREDENTIALS)
    assert "Company ACME does not allow the sender ID acme-sender" in fault.case.cause
    assert "Web Services authorizations" in fault.case.next_step
    assert (fault.case.authentication, fault.case.scope, fault.case.actor) == (True, Scope.CONNECTION, Actor.ADMINISTRATOR)


def test_an_unreachable_host_is_named() -> None:
    fault = fault_of(NotSentError(Reason.UNREACHABLE, Level.TRANSPORT, host="na12.intacct.com"), CREDENTIALS)
    assert fault.case.cause == "The host na12.intacct.com cannot be reached."
    assert (fault.effect, fault.case.authentication) == (Effect.NOT_SENT, False)


def test_a_wrong_password_in_an_entity_names_the_entity() -> None:
    fault = fault_of(refused(A, "XL03000006", "Sign-in information is incorrect", entity="300"), CREDENTIALS)
    assert fault.case.code == "intacct.wrong-entity"
    assert "entity 300" in fault.case.cause


def test_a_silent_front_door_is_a_wrong_sign_in() -> None:
    error = NotSentError(Reason.REFUSED, G, http_status=401)
    assert fault_of(error, CREDENTIALS).case.code == "intacct.wrong-sign-in"


def test_a_refusal_without_a_word_is_placed_by_its_level() -> None:
    assert fault_of(NotSentError(Reason.REFUSED, A), CREDENTIALS).case.code == "intacct.sign-in-refused"
    assert fault_of(NotSentError(Reason.REFUSED, X), CREDENTIALS).case.code == "intacct.refused-request"
    assert fault_of(RefusedError(Reason.REFUSED, F), CREDENTIALS).case.code == "intacct.unexplained"


def test_the_specific_error_wins_over_its_wrapper_whatever_their_order() -> None:
    wrapper = ErrorEntry("BL01001973", description2="Could not create project record!", support_id="abc~1")
    specific = ErrorEntry("BL34000061", description2="Another Project with the given value(s) P-1 already exists")
    for errors in ([wrapper, specific], [specific, wrapper]):
        fault = fault_of(RefusedError(Reason.REFUSED, F, errors=tuple(errors), object="PROJECT"), CREDENTIALS)
        assert fault.case.code == "intacct.duplicate-key"
        assert fault.detail == "Another Project with the given value(s) P-1 already exists; Support ID abc~1"


def test_a_rolled_back_neighbour_does_not_hide_the_cause() -> None:
    errors = (ErrorEntry("XL03000009", description2="rolled back"), ErrorEntry("BL03000018", description2="Missing unit"))
    assert fault_of(RefusedError(Reason.REFUSED, F, errors=errors), CREDENTIALS).case.code == "intacct.missing-value"


@pytest.mark.parametrize(
    ("errorno", "text", "effect"),
    [
        ("BL34000061", "", Effect.REFUSED),
        ("BL03999999", "a new rule", Effect.REFUSED),
        ("XL03000009", "", Effect.NOT_SENT),
        ("GW-0010", "", Effect.NOT_SENT),
        ("DL02000001", "", Effect.UNKNOWN),
        ("", "This controlid is not unique", Effect.UNKNOWN),
        ("SOMETHING-ELSE", "never seen", Effect.UNKNOWN),
        ("XL03888888", "a new answer of the gateway", Effect.UNKNOWN),
    ],
)
def test_only_a_known_business_error_is_a_refusal(errorno: str, text: str, effect: Effect) -> None:
    error = RefusedError(Reason.REFUSED, F, errors=(ErrorEntry(errorno, description2=text),))
    assert fault_of(error, CREDENTIALS).effect is effect


def test_the_wait_the_system_asked_for_is_passed_on() -> None:
    error = NotSentError(Reason.RATE_LIMIT, G, http_status=429, retry_after=30.0)
    assert fault_of(error, CREDENTIALS).retry_after == 30.0


def test_no_fault_holds_a_password() -> None:
    for row_error in (refused(A, "XL03000006", "Sign-in information is incorrect"), refused(X, "XL03000006", "XML Partner ID or password")):
        fault = fault_of(row_error, CREDENTIALS)
        assert "secret" not in f"{fault} {fault!r} {fault.detail} {fault.case}"


def test_the_adapters_own_faults_read_well() -> None:
    fault = own_fault("intacct.date-format", Context.of(CREDENTIALS), "/dmY, 24")
    assert str(fault) == (
        "User ws sees dates in a format that Tieout cannot read safely. (/dmY, 24) "
        "In Intacct, set the date format of user ws to month/day/year and its clock to 24 hours, and test the connection again."
    )
