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

from .known_errors import EXPECTED, KNOWN, A, F, G, X

CREDENTIALS = Credentials("ACME", "acme-sender", "sender-secret", "ws", "user-secret")


def given(level: Level, errorno: str, text: str, **more: str) -> IntacctError:
    """A write that was answered so: above the functions nothing ran, at a function it was refused."""
    error = RefusedError if level is F else NotSentError
    return error(Reason.REFUSED, level, errors=(ErrorEntry(errorno, description2=text),), object="PROJECT", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("level", "errorno", "text", "code"), KNOWN)
def test_every_known_answer_says_what_happened_why_who_acts_and_what_next(level: Level, errorno: str, text: str, code: str) -> None:
    fault = fault_of(given(level, errorno, text), CREDENTIALS)
    effect, actor, cause, next_step = EXPECTED[code]
    assert fault.case.code == code
    assert (fault.effect, fault.case.actor) == (effect if level is F else Effect.NOT_SENT, actor)
    assert cause in fault.case.cause
    assert next_step in fault.case.next_step
    assert not errorno or errorno not in fault.case.cause + fault.case.next_step
    assert not text or text.rstrip(".") in fault.detail


def test_every_code_of_the_table_has_an_expectation_and_every_expectation_a_row() -> None:
    assert set(EXPECTED) == {row.code for row in ROWS}
    assert {code for *_, code in KNOWN} | {"intacct.wrong-entity"} == set(EXPECTED)


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
    effect, actor, cause, next_step = EXPECTED["intacct.wrong-entity"]
    assert (fault.case.code, fault.effect, fault.case.actor) == ("intacct.wrong-entity", effect, actor)
    assert cause in fault.case.cause
    assert next_step in fault.case.next_step


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
    assert fault_of(RefusedError(Reason.REFUSED, F, errors=errors), CREDENTIALS).case.code == "intacct.unknown-unit"


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
