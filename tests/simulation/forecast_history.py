"""What people do in Sage PSA and in the books, where both sides may change the same project."""

from __future__ import annotations

from typing import Any

import httpx

from tests.journey.sage_psa.conftest import PsaWorld
from tests.simulation.oracle_forecast import Said, faults_of, in_books
from tests.simulation.simulator import Act, History
from tieout.core.record import Ref
from tieout.store.models import Link

FIRST_NUMBER = 500
STAGES = ("PLANNING", "RUNNING", "HALTED", "DONE")


class ForecastHistory(History):
    """Clients and projects, both ways."""

    system = "sage-psa"
    reads = "projects"

    def __init__(self, seed: int) -> None:
        self.psa = PsaWorld(seed)
        super().__init__(seed, self.psa)
        self.count = 0
        self.clients: list[int] = []
        self.said: dict[str, Said] = {}
        self.office = 0

    def begin(self) -> None:
        profile = self.rows("sage-psa", "profiles")[0]["id"]
        person = {"first_name": "Front", "last_name": "Office", "email": "office@example.com", "profile_ids": [profile]}
        self.office = self.psa.control("sage-psa", "POST", "objects/persons", person)["id"]
        self.psa.control("intacct", "PUT", "settings", {"text_spaces": "single" if self.seed % 2 else "kept"})
        self.psa.connect()

    def _by_office(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Somebody does it in Sage PSA's own pages, so that it is not in the name of the key that Tieout uses."""
        made: dict[str, Any] = self.psa.control("sage-psa", "POST", f"objects/{kind}", {**fields, "_actor": self.office})
        return made

    def people(self) -> list[tuple[Act, int]]:
        return [
            (self._new_client, 2),
            (self._new_in_psa, 4),
            (self._new_in_books, 3),
            (self._rename_in_psa, 4),
            (self._rename_in_books, 3),
            (self._stage, 3),
            (self._status, 2),
            (self._delete_in_books, 1),
        ]

    def in_passing(self) -> list[Act]:
        return [self._rename_in_psa, self._rename_in_books, self._new_in_psa, self._stage]

    def touched(self) -> list[Ref]:
        return [Ref("project", str(row["id"])) for row in self.rows("sage-psa", "projects")]

    def verdict(self) -> list[str]:
        psa = {kind: self.rows("sage-psa", kind) for kind in ("clients", "projects")}
        books = {kind: self.rows("intacct", kind) for kind in ("CUSTOMER", "PROJECT")}
        return faults_of(psa, books, self.said)

    def _name(self, word: str) -> str:
        self.count += 1
        return f"{word} {self.count}"

    def _typed(self, word: str) -> str:
        """A name as the front office types it: in every other seed with a space too many, of which the books keep one (`begin`)."""
        return self._name(word).replace(" ", "  ") if self.seed % 2 else self._name(word)

    def _new_client(self) -> None:
        self.clients.append(self._by_office("clients", name=self._name("Client"), city="Leeds")["id"])

    def _new_in_psa(self) -> None:
        name = self._typed("Project")
        body: dict[str, Any] = {"name": name, "stage": self.chance.choice(STAGES[:2]), "budget_type": "FIXED_PRICE"}
        if self.clients and self.chance.random() < 0.6:
            body["client"] = self.chance.choice(self.clients)
        key = f"X-{FIRST_NUMBER + self.count}"
        self._by_office("projects", **body, custom_project_id=key, end_date="2027-12-31")
        self.said[key] = Said({name}, {body["stage"]})

    def _new_in_books(self) -> None:
        name, number = self._name("Contract"), FIRST_NUMBER + self.count
        more = {}
        made = self.chance.random() < 0.5 and self._by_hand("create", "CUSTOMER", CUSTOMERID=f"K-{number}", NAME=self._name("Customer"))
        if made is True:
            more["CUSTOMERID"] = f"K-{number}"
        fields = {"PROJECTID": f"B-{number}", "NAME": name, "PROJECTCATEGORY": "Contract", "LOCATIONID": "100", "ENDDATE": "12/31/2027"}
        sure = self._by_hand("create", "PROJECT", **fields, **more)
        self.said[f"B-{number}"] = Said({name}, {"RUNNING"}, may_be_gone=sure is not True, may_be_nowhere=sure is not True)

    def _some(self) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
        """A project both sides have, and whose pairing is known: before that nobody can tell which edit came first."""
        books = {row["PROJECTID"]: row for row in self.rows("intacct", "PROJECT")}
        linked = set(Link.objects.filter(flow="projects", is_open=True).values_list("left_id", flat=True))
        both = [
            (row["custom_project_id"], row, books[row["custom_project_id"]])
            for row in self.rows("sage-psa", "projects")
            if row["custom_project_id"] in books and str(row["id"]) in linked
        ]
        return self.chance.choice(both) if both else None

    def _rename_in_psa(self) -> None:
        if found := self._some():
            name = self._typed("Renamed")
            self._by_office("projects", id=found[1]["id"], name=name)
            self._say(found, name)

    def _rename_in_books(self) -> None:
        if found := self._some():
            name = self._name("By hand")
            sure = self._by_hand("update", "PROJECT", RECORDNO=str(found[2]["RECORDNO"]), NAME=name)
            if sure is not False:
                self._say(found, name, sure=sure is True)

    def _say(self, found: tuple[str, dict[str, Any], dict[str, Any]], name: str, *, sure: bool = True) -> None:
        """Both sides agreed before: from now on the new name stands alone. Otherwise the later edit wins, whichever that was."""
        key, left, right = found
        said = self.said[key]
        said.names = {name} if sure and in_books(left["name"]) == in_books(right["NAME"]) else {*said.names, name}

    def _stage(self) -> None:
        if found := self._some():
            stage = self.chance.choice(STAGES)
            self._by_office("projects", id=found[1]["id"], stage=stage)
            self.said[found[0]].stages.add(stage)

    def _status(self) -> None:
        if found := self._some():
            status = self.chance.choice(["active", "inactive"])
            if self._by_hand("update", "PROJECT", RECORDNO=str(found[2]["RECORDNO"]), STATUS=status) is not False:
                self.said[found[0]].stages.add("RUNNING" if status == "active" else "DONE")

    def _delete_in_books(self) -> None:
        if (found := self._some()) and self.psa.delete_in_books("PROJECT", str(found[2]["RECORDNO"])):
            self.said[found[0]].may_be_gone = True

    def _by_hand(self, verb: str, kind: str, **fields: str) -> bool | None:
        """Somebody types it into the books; whether the books took it, or None if they got no answer."""
        try:
            self.psa.book(verb, kind, **fields)
        except AssertionError:
            return False
        except httpx.HTTPError:
            return None
        return True
