"""The Intacct emulator: the XML gateway at /ia/xml/xmlgw.phtml and REST at /ia/api/v1, over the company SANDBOX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from tieout.sandbox.clock import Clock
from tieout.sandbox.emulator import Emulator, Refused, Setting
from tieout.sandbox.intacct import (
    applications,
    behaviours,
    catalogue,
    custom_fields,
    dimensions,
    events,
    formatting,
    preferences,
    records,
    saved_reads,
    world,
)
from tieout.sandbox.intacct.controlids import ControlIds, Ticket
from tieout.sandbox.intacct.custom_fields import Kinds
from tieout.sandbox.intacct.envelope import Envelope, Unreadable, read
from tieout.sandbox.intacct.functions import first_object
from tieout.sandbox.intacct.gateway import Gateway
from tieout.sandbox.intacct.incoming import flattened
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.reading import Columns
from tieout.sandbox.intacct.reply import CONTENT_TYPE, acknowledgement, gateway_failure
from tieout.sandbox.intacct.rest import surface
from tieout.sandbox.intacct.sessions import SENDER_ID, USER_ID, Door, check_control
from tieout.sandbox.intacct.wording import AuthRefusal, ControlRefusal, Refusal
from tieout.sandbox.intacct.work import Company, Cursors, Work
from tieout.sandbox.wire import Call, Request, Response

GATEWAY = "/ia/xml/xmlgw.phtml"
FRONT_DOOR = {
    400: ("GW-0011", "Invalid Request [Request ID: 0A0B0C0D:1E2F_sandbox.1]"),
    401: ("XMLGW_JPP0002", "Sign-in information is incorrect. Please check your request."),
    429: ("GW-0010", "API rate limit exceeded"),
}


class IntacctEmulator(Emulator):
    """Sage Intacct as its XML gateway and its REST surface show it. The settings below are the ones every emulator has and these."""

    name = "intacct"
    SETTINGS: ClassVar[Mapping[str, Setting]] = {
        **surface.SETTINGS,
        "user_password": Setting("ws-user-pw", "the password of ws-user", secret=True),
        "admin_password": Setting("admin-pw", "the password of Admin, the company's administrator", secret=True),
        "sender_password": Setting("sandbox-sender-pw", "the password of sandbox-sender", secret=True),
        "authorised_senders": Setting([SENDER_ID], "senders the company lets in"),
        "session_lifetime_s": Setting(43200.0, "seconds a session lives after its last successful call", low=1),
        "strict": Setting(True, "enforce every documented rule; false also takes what sloppy clients send"),
        "over_limit": Setting("queue", "what meets requests above the concurrency limit", choices=("queue", "refuse")),
        "retry_after_s": Setting(0.0, "Retry-After of a refused request; 0 leaves the header out"),
        "auth_failure_http": Setting("200", "HTTP status of an authentication failure", choices=("200", "401")),
        "duplicate_controlid_reply": Setting("no_status", "how a duplicate is answered", choices=("no_status", "failure")),
        "refusal_spends_controlid": Setting(False, "whether a refused function's controlid counts as executed"),
        "controlid_memory_s": Setting(0.0, "seconds an executed controlid is remembered; 0 is for ever"),
        "duplicate_while_running": Setting("refuse", "a duplicate that arrives meanwhile", choices=("refuse", "run", "wait")),
        "transaction_failure_status": Setting("failure", "status of the function that failed", choices=("failure", "aborted")),
        "transport_policies": Setting(
            {},
            'asynchronous policies: the address replies are sent to by policy id, such as {"later": "http://127.0.0.1:9000/"}',
            accepts=lambda given: all(isinstance(url, str) and url.startswith(("http://", "https://")) for url in given.values()),
        ),
        "longest_call_s": Setting(900.0, "seconds after which a synchronous call is cut while its work goes on; 0 is never"),
        "consistency_lag_s": Setting(0.0, "seconds until searches see a change; reads by key see it at once"),
        "include_timezone_skew": Setting(False, "WHENMODIFIED is written seven hours behind UTC"),
        "modified_on_create": Setting(True, "a new row has a WHENMODIFIED; false leaves it empty until the first update"),
        "location_required": Setting(True, "records that need a location in a multi-entity company are refused without"),
        "inactive_references": Setting("accept", "references to inactive records", choices=("accept", "refuse")),
        "missing_get": Setting("refuse", "the older get of a record that is not there", choices=("refuse", "empty")),
        "numbered": Setting([], "objects with a numbering sequence, such as PROJECT: their id may be left out"),
        "max_lengths": Setting({}, 'lengths that differ from the tables, such as {"PROJECT.NAME": 80}'),
        "denied_operations": Setting([], 'what the user may not do, such as "create PROJECT" or "query *"'),
        **preferences.SETTINGS,
        **applications.SETTINGS,
        **formatting.SETTINGS,
        **saved_reads.SETTINGS,
        **dimensions.SETTINGS,
        **custom_fields.SETTINGS,
        "billable_task_needs_item": Setting(True, "a billable task is refused without an item"),
        "estimate_type_limits_workflow": Setting(True, "estimate lines take only workflow types their estimate's type selects"),
        "change_request_without_primary": Setting("refuse", "posting without a primary estimate", choices=("refuse", "ignore")),
        "smart_events": Setting([], 'events sent to webhook_url, such as "after_update PROJECT" or "after_create *"'),
        "webhook_delivery": Setting(True, "signed delivery with retries; false is one plain post without either"),
        "webhook_template": Setting('{"key":"{!RECORDNO!}"}', "the body of an event; {!OBJECT.FIELD!} is replaced"),
        "webhook_templates": Setting({}, "bodies by object, where they differ"),
        "webhook_company": Setting("199056", "the company's number in webhooks"),
        "webhook_client_id": Setting("sandbox-app", "the REST application webhooks are signed for"),
        "webhook_client_secret": Setting("sandbox-app-secret", "the secret they are signed with", secret=True),
        "webhook_token": Setting("sandbox-webhook-token", "the bearer token of webhooks", secret=True),
        "webhook_context_header": Setting("x-clientcontext", "who and what", choices=("x-clientcontext", "X-Trusted-Context")),
        "webhook_idempotency_header": Setting("X-IdempotencyKey", "its name", choices=("X-IdempotencyKey", "Idempotency-Key")),
        "webhook_signature_form": Setting("jwt", "a bare token or a base64 envelope", choices=("jwt", "envelope")),
        "webhook_signature_time": Setting("ms", "unit of iat and exp", choices=("ms", "s")),
        "text_spaces": Setting("kept", "what becomes of several spaces within a text", choices=("kept", "single")),
        "audit_object_key": Setting("recordno", "form of OBJECTKEY in the audit trail", choices=("recordno", "recordno_rec", "natural")),
    }

    def __init__(
        self,
        *,
        world: str = "empty",
        seed: int = 0,
        data_dir: Path | None = None,
        settings: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._state: dict[str, int] = {}
        super().__init__(world=world, seed=seed, data_dir=data_dir, settings=settings, clock=clock)

    def declare(self) -> None:
        """Declares the indexes and assembles the company."""
        every_field = surface.kinds(catalogue.KINDS)
        kinds = Kinds(catalogue.KINDS, self.settings)
        records.declare(self.storage, every_field)
        self.company = Company(
            storage=self.storage,
            kinds=kinds,
            columns=Columns(self.storage, kinds, catalogue.ENTITY_KIND, self.clock),
            referring=records.referring(every_field),
            cursors=Cursors(),
            clock=self.clock,
            settings=self.settings,
            entity_kind=catalogue.ENTITY_KIND,
            entity_key=catalogue.ENTITY_KEY,
            location_kind=catalogue.LOCATION_KIND,
            location_parent=catalogue.LOCATION_PARENT_KEY,
            user_kind=catalogue.USER_KIND,
            audit_kind=catalogue.AUDIT_KIND,
            behaviours=behaviours.BEHAVIOURS,
            lines=frozenset(owned.kind for kind in catalogue.KINDS.values() for owned in kind.owned),
            rest_names=surface.names(),
        )
        self._door = Door(self.company)
        self._controlids = ControlIds(self.storage, self.clock, self.settings)
        self._rest = surface.Surface(self.company, self._door, self.faults, self.meter, self._state)
        self._gateway = Gateway(self.company, self._door, self._controlids, self.faults, self.meter, GATEWAY, self._state)

    def load(self, name: str) -> None:
        """Fills the company; cursors and the order of unordered results start anew."""
        self.company.cursors.clear()
        self._state.clear()
        world.fill(self._own_work(), name)
        events.forget(self.storage)

    def kinds(self) -> Sequence[str]:
        """The objects of the catalogue."""
        return list(catalogue.KINDS)

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Every row with every column `read` shows, dotted names flat, owned lines as lists."""
        shown = []
        for row in self.storage.all(kind):
            rules = self._own_work().defined(self.company.kinds[kind], row.get("DOCPARID", ""))
            columns: dict[str, Any] = dict(self.company.columns.show(rules, row, self.company.columns.all(rules)))
            columns.update((lines.name, row.get(lines.name, [])) for lines in rules.lines)
            for owned in rules.owned:
                inner = catalogue.KINDS[owned.kind]
                rows = owned_rows(self._own_work(), owned, row["RECORDNO"])
                columns[owned.name] = [dict(self.company.columns.show(inner, each, self.company.columns.all(inner))) for each in rows]
            shown.append(columns)
        return shown

    def add(self, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        """Adds a row of any kind with the rules of `create`; read-only columns may be given, MEGAENTITYID decides the entity."""
        values = flattened(given)
        entity = str(values.pop("MEGAENTITYID", ""))
        if not self._door.is_entity(entity):
            raise Refused(f"There is no entity {entity!r}.")
        try:
            with self.storage.transaction():
                row = records.create(self._own_work(entity), catalogue.KINDS[kind], values)
        except Refusal as refusal:
            raise Refused(" ".join(each.description2 for each in refusal.problems)) from None
        events.deliver(self.storage, self.outbox, self.settings)
        rules = catalogue.KINDS[kind]
        return dict(self.company.columns.show(rules, row, self.company.columns.all(rules)))

    def calls(self, request: Request) -> Sequence[Call]:
        """The functions of the envelope, or of the REST request, with their objects."""
        if self._rest.takes(request):
            return self._rest.calls(request)
        envelope = self._envelope(request)
        if isinstance(envelope, Unreadable):
            return (Call(),)
        return tuple(Call(function.name, first_object(function)) for function in envelope.functions)

    def longest_s(self, request: Request) -> float:
        """Synchronous calls are cut at 15 minutes (intacct-xml §2.1, §6)."""
        return float(self.settings["longest_call_s"])

    def over_limit(self, request: Request) -> Response | None:
        """HTTP 429 with GW-0010 if so set; otherwise requests queue (intacct-xml §5.2, §6)."""
        if self.settings["over_limit"] != "refuse":
            return None
        return self.fault_reply(request, 429, self.settings["retry_after_s"])

    def fault_reply(self, request: Request, status: int, retry_after: float | None) -> Response:
        """The same in the form of the surface that was addressed."""
        return (self._rest if self._rest.takes(request) else self).status_reply(status, retry_after)

    def status_reply(self, status: int, retry_after: float | None) -> Response:
        """A refusal from before the envelope: number and description for 400, 401, 429; plain words otherwise (§1.4, §5.2)."""
        headers = {"Retry-After": f"{retry_after:g}"} if retry_after else {}
        if status in FRONT_DOOR:
            return Response(status, gateway_failure(*FRONT_DOOR[status]).encode(), headers, CONTENT_TYPE)
        return Response(status, b"The Service is Temporarily Off-line. Please Try Again Later.", headers, "text/plain; charset=utf-8")

    def arrived(self, request: Request) -> Response | None:
        """Marks the controlids, or the idempotency key, of a request that would be let in as running."""
        if self._rest.takes(request):
            return self._rest.arrived(request)
        envelope = self._envelope(request)
        ticket = Ticket()
        if not isinstance(envelope, Unreadable) and envelope.control.uniqueid and self._is_let_in(envelope):
            ticket = self._controlids.arrive(function.controlid for function in envelope.functions)
        request.memo["ticket"] = ticket
        return None

    def done(self, request: Request) -> None:
        """Its controlids, or its idempotency key, are no longer running."""
        if self._rest.takes(request):
            self._rest.done(request)
            return
        self._controlids.leave(request.memo["ticket"])

    def expire_session(self, request: Request) -> None:
        """Ends the session, or the access token, the request uses."""
        if self._rest.takes(request):
            self._rest.expire(request)
            return
        envelope = self._envelope(request)
        if not isinstance(envelope, Unreadable):
            self._door.expire(envelope.authentication)

    def work(self, request: Request) -> Response:
        """Answers a request, and owes the events of what it committed."""
        try:
            return self._answer(request)
        finally:
            events.deliver(self.storage, self.outbox, self.settings)

    def _answer(self, request: Request) -> Response:
        if self._rest.takes(request):
            return self._rest.work(request)
        if request.path != GATEWAY:
            return Response.text(f"There is nothing at {request.path}.", 404)
        if request.method != "POST":
            return Response.text("The gateway takes POST.", 405)
        envelope = self._envelope(request)
        reply = self._gateway.answer(envelope, request.memo["ticket"], self._endpoint(request))
        return reply if isinstance(envelope, Unreadable) else self._acknowledged(envelope, reply)

    def _acknowledged(self, envelope: Envelope, reply: Response) -> Response:
        """An asynchronous request is acknowledged; its reply goes to the address of its policy (intacct-xml §1.8)."""
        control = envelope.control
        try:
            check_control(control, self.settings)
        except ControlRefusal:
            return reply
        if not control.policyid:
            return reply
        url = self.settings["transport_policies"][control.policyid]
        self.outbox.enqueue(url, {"Content-Type": reply.content_type}, reply.body, function="asynchronous")
        return Response(200, acknowledgement(control).encode(), {}, CONTENT_TYPE)

    def _envelope(self, request: Request) -> Envelope | Unreadable:
        if "envelope" not in request.memo:
            try:
                request.memo["envelope"] = read(request.body)
            except Unreadable as unreadable:
                # without its frames, which hold the request that would hold it
                request.memo["envelope"] = unreadable.with_traceback(None)
        envelope: Envelope | Unreadable = request.memo["envelope"]
        return envelope

    def _is_let_in(self, envelope: Envelope) -> bool:
        try:
            check_control(envelope.control, self.settings)
            self._door.admit(envelope)
        except (ControlRefusal, AuthRefusal):
            return False
        return True

    def _endpoint(self, request: Request) -> str:
        """The address given to clients: as they addressed us, or the advertised one (intacct-xml §9.1)."""
        base = str(self.settings["advertise_endpoint"] or request.base_url).rstrip("/")
        return base if base.endswith(GATEWAY) else f"{base}{GATEWAY}"

    def _own_work(self, entity: str = "") -> Work:
        user = self.storage.find(catalogue.USER_KIND, "key", USER_ID)
        return Work(
            self.company, "sandbox", USER_ID, user["RECORDNO"] if user is not None else "1", entity, sandbox=True, state=self._state
        )
