"""Clients (sage-psa §2.2): a name is all they need; there is no archive, no external id and no webhook."""

from __future__ import annotations

from tieout.sandbox.sage_psa.countries import COUNTRIES
from tieout.sandbox.sage_psa.problems import invalid
from tieout.sandbox.sage_psa.resources_setup import PERSONS
from tieout.sandbox.sage_psa.resources_work import PROJECTS
from tieout.sandbox.sage_psa.schema import Row
from tieout.sandbox.sage_psa.work import Rules, Work


class ClientRules(Rules):
    """Rules of clients."""

    def check(self, work: Work, new: Row, old: Row | None, given: Row) -> None:
        """Country codes, and names where the account wants them unique."""
        country = given.get("country")
        if country and work.settings["check_country"] and country not in COUNTRIES:
            raise invalid("The field country must be an ISO 3166-1 alpha-2 code.")
        if work.settings["unique_client_names"]:
            for row in work.where("clients", "name", new["name"]):
                if old is None or row["id"] != old["id"]:
                    raise invalid(f"A client named {new['name']} exists already.")

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """Projects stay without a client; the client's own users go with it."""
        projects = work.where("projects", "client", row["id"])
        if projects and work.settings["delete_client_in_use"] == "refuse":
            raise invalid("The client has projects and cannot be deleted.")
        for project in projects:
            work.update(PROJECTS, project, {"client": None})
        for person in work.where("persons", "client", row["id"]):
            work.remove(PERSONS, person, along=True)
