"""What the forms of the pages do: each stores a person's word, and then says what happens next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tieout.core.ports import Fault
from tieout.core.record import Ref
from tieout.engine import freeze as freezing
from tieout.engine import jobs, linking, plan_list, release, requests, rulings, tieout
from tieout.engine.freeze import FreezeError
from tieout.engine.linking import LinkError
from tieout.engine.plan import Scope
from tieout.engine.release import ReleaseError, Word
from tieout.engine.requests import RequestError
from tieout.engine.rulings import RulingError
from tieout.platforms import registry
from tieout.store.models import Connection, Integration, Problem, Record, Run
from tieout.web.pages import asked_day, start_of, whole_number
from tieout.web.plan_pages import plan_filter

MOST_NUMBERS = 1000


def rule(request: HttpRequest) -> HttpResponse:
    """Release or reject the plan items that were ticked, or release all that the page's filters show."""
    if request.POST.get("verb") == "approve all":
        ids = plan_list.waiting_ids(plan_filter(request.POST), whole_number(request.POST.get("newest", "")) or 0)
    else:
        ids = [number for text in request.POST.getlist("item") if (number := whole_number(text)) is not None]
    if not ids:
        return back(request, "plan", "Nothing was chosen. Tick the items first.", bad=True)
    is_rejection = request.POST.get("verb") == "reject"
    try:
        ruled = (release.reject if is_rejection else release.approve)(ids, word_of(request), datetime.now(UTC))
    except ReleaseError as error:
        return back(request, "plan", str(error), bad=True)
    _wake({item.integration.company_id for item in ruled})
    many = f"{len(ruled):,} item{'' if len(ruled) == 1 else 's'}"
    told = f"Rejected {many}." if is_rejection else f"Released {many}. A worker carries them out now, exactly as they were shown."
    return back(request, "plan", told)


def refresh_plan(request: HttpRequest) -> HttpResponse:
    """Have a worker plan an integration afresh."""
    row = integration_of(request)
    jobs.wake_plan(row.pk, request.user.get_username())
    return back(request, "plan", f"A worker reads both sides of {row.name} and plans them. The items appear here as they are found.")


def switch_on(request: HttpRequest) -> HttpResponse:
    """Release kinds of record that wait to be switched on."""
    row = integration_of(request)
    try:
        count = release.switch_on(row, request.POST.getlist("flow"), word_of(request), datetime.now(UTC), since=row.switched_on_at)
    except ReleaseError as error:
        return back(request, "plan", str(error), bad=True)
    _wake({row.company_id})
    return back(request, "plan", f"Switched on. A worker looks at {count:,} records of {row.name} now.")


def backfill(request: HttpRequest) -> HttpResponse:
    """Plan older records, or bring them in: since a day, of every age, or by their numbers."""
    row = integration_of(request)
    try:
        scope = _backfill_scope(request, row)
        if request.POST.get("verb") != "release":
            jobs.wake_plan(row.pk, request.user.get_username(), scope)
            told = f"A worker reads both sides of {row.name} and plans these records. Nothing is written; what would be done waits below."
            return back(request, "plan", told)
        if scope.ids:
            raise ReleaseError(
                "Records chosen by number are released one by one: show them, look at the items, and tick those to bring in."
            )
        count = release.switch_on(row, sorted(scope.flows), word_of(request), datetime.now(UTC), since=scope.since)
    except (ReleaseError, RequestError) as error:
        return back(request, "plan", str(error), bad=True)
    _wake({row.company_id})
    return back(request, "plan", f"Released. A worker looks at {count:,} records of {row.name} now.")


def _backfill_scope(request: HttpRequest, row: Integration) -> Scope:
    """What the form asks to bring in. Raises ReleaseError or RequestError."""
    asked, flows = request.POST, frozenset(request.POST.getlist("flow"))
    if not flows:
        raise ReleaseError("No kind of record was chosen. Tick at least one.")
    match asked.get("which"):
        case "since":
            day = asked_day(asked.get("since", ""))
            if day is None:
                raise ReleaseError("The day is missing, or is none. Enter it as year, month and day.")
            return Scope(flows, since=start_of(day))
        case "numbers":
            wanted = [text.strip() for text in asked.get("numbers", "").replace("\x00", "").replace("\n", ",").split(",") if text.strip()]
            if not wanted:
                raise ReleaseError("No record was named. Enter its number or ID.")
            return Scope(flows, frozenset(requests.meant(row, text).id for text in wanted[:MOST_NUMBERS]), takes_all=True)
        case _:
            return Scope(flows, takes_all=True)


def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze a company, or lift its freeze."""
    company = Connection.objects.filter(name=request.POST.get("company", "")).first()
    if company is None:
        raise Http404("There is no such connection.")
    word, now = word_of(request), datetime.now(UTC)
    try:
        if request.POST.get("verb") == "lift":
            count = freezing.lift(company, by=word.by, now=now)
            _wake({company.pk})
            return back(request, "plan", f"{company.name} may be written to again. {count:,} records that waited are looked at now.")
        freezing.freeze(company, by=word.by, why=word.why, now=now)
    except FreezeError as error:
        return back(request, "plan", str(error), bad=True)
    return back(request, "plan", f"{company.name} is frozen: nothing is written to it or from it until the freeze is lifted.")


def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a worker plan the undoing of a run."""
    if not Run.objects.filter(pk=pk).exists():
        raise Http404("There is no such run.")
    jobs.wake_undo(pk, request.user.get_username())
    told = f"A worker reads what run {pk} wrote. What can be undone waits here for its release; the rest is listed under “Ended”, with why."
    return back(request, "plan", told)


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer what a problem asks, or leave its record alone, or let it be posted into a closed period."""
    now, word = datetime.now(UTC), word_of(request)
    row = Problem.objects.select_related("integration__platform", "integration__company").filter(pk=pk, cleared_at=None).first()
    pair = rulings.problem_pair(row, now) if row is not None else None
    if row is None or pair is None:
        raise Http404("There is no such open problem; it may have been cured.")
    try:
        match request.POST.get("verb"):
            case "skip":
                rulings.skip(pair, word, now)
            case "allow period":
                rulings.allow_period(pair, word, now)
            case _:
                rulings.resolve(
                    pair,
                    request.POST.get("fingerprint", ""),
                    request.POST.get("choice", ""),
                    word,
                    now,
                    made=request.POST.get("made", "").strip(),
                )
    except RulingError as error:
        return back(request, "problems", str(error), bad=True)
    _wake({pair.integration.company_id})
    return back(request, "problems", f"Stored. {pair.name} is looked at again.")


def sync(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a record: it is looked at at once, also if it goes only on request."""
    row = _record(pk)
    now = datetime.now(UTC)
    companies = set()
    for integration in Integration.objects.filter(platform=row.connection, active=True).select_related("platform", "company"):
        requests.request(integration, f"{row.kind} {row.remote_id}", by=request.user.get_username(), now=now)
        companies.add(integration.company_id)
    _wake(companies)
    return back(request, "records", f"Asked for. {row} is looked at now; its outcome shows here and in the sync log.", at=("record", pk))


def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a record alone, with a reason, or take that back."""
    row = _record(pk)
    integration, word, now = integration_of(request), word_of(request), datetime.now(UTC)
    try:
        pair = rulings.pair_of(integration, request.POST.get("flow", ""), Ref(row.kind, row.remote_id), now)
        if request.POST.get("verb") == "take back":
            rulings.take_back(pair, word, now)
            _wake({integration.company_id})
            return back(request, "records", f"{pair.name} goes on as before.", at=("record", pk))
        rulings.skip(pair, word, now)
    except RulingError as error:
        return back(request, "records", str(error), bad=True, at=("record", pk))
    _wake({integration.company_id})
    return back(request, "records", f"{pair.name} is left alone until somebody takes it back or asks for it.", at=("record", pk))


def resync(request: HttpRequest) -> HttpResponse:
    """Ask for a record by its number, also for one that is older than the integration."""
    integration, number = integration_of(request), request.POST.get("number", "").replace("\x00", "").strip()[:200]
    try:
        ref = requests.request(integration, number, by=request.user.get_username(), now=datetime.now(UTC))
    except RequestError as error:
        return back(request, "queue", str(error), bad=True)
    _wake({integration.company_id})
    return back(request, "queue", f"Asked for {ref}. It is looked at now; its outcome shows here and in the sync log.")


def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Link a record with one that exists in the books, or take the two apart."""
    row = _record(pk)
    integration, ref, word = integration_of(request), Ref(row.kind, row.remote_id), word_of(request)
    flows = registry.platform(integration.platform.system).flows
    flow = next((each for each in flows if each.name == request.POST.get("flow")), None)
    if flow is None:
        raise Http404("There is no such flow.")
    key = request.POST.get("key", "").strip()
    try:
        if request.POST.get("verb") == "apart":
            linking.unlink(integration, flow, ref, word, datetime.now(UTC))
            return back(request, "records", f"{row} is linked no more; both records stay as they are.", at=("record", pk))
        linking.link(jobs.runtime(), integration, flow, ref, key, word)
    except (LinkError, Fault) as error:
        return back(request, "records", str(error), bad=True, at=("record", pk))
    _wake({integration.company_id})
    return back(request, "records", f"{row} and {key} are linked. What differs is shown here and left alone.", at=("record", pk))


def ask_tie_out(request: HttpRequest) -> HttpResponse:
    """Have a worker make a tie-out."""
    row = integration_of(request)
    asked = tieout.ask(row, by=request.user.get_username(), now=datetime.now(UTC))
    jobs.wake_tie_out(asked.pk)
    return back(request, "tie_outs", f"A worker reads both sides of {row.name} afresh. The report appears here.")


def word_of(request: HttpRequest) -> Word:
    """What the signed-in person says, and why."""
    return Word(request.user.get_username(), request.POST.get("why", "").replace("\x00", "").strip()[:1000])


def integration_of(request: HttpRequest) -> Integration:
    """The integration a form names."""
    row = Integration.objects.select_related("platform", "company").filter(name=request.POST.get("integration", "")).first()
    if row is None:
        raise Http404("There is no such integration.")
    return row


def _record(pk: int) -> Record:
    row = Record.objects.select_related("connection").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such record.")
    return row


def _wake(companies: set[int]) -> None:
    for company in companies:
        jobs.wake_company(company)


def back(request: HttpRequest, page: str, text: str, *, bad: bool = False, at: Sequence[object] | None = None) -> HttpResponse:
    """Back to the page the form stands on, with one sentence about what was done."""
    (messages.error if bad else messages.success)(request, text)
    here = request.POST.get("back", "")
    if here and url_has_allowed_host_and_scheme(here, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(here)
    name, *arguments = at or (page,)
    return HttpResponseRedirect(reverse(f"admin:{name}", args=arguments))
