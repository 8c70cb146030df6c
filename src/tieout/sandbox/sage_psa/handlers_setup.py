"""Operations on persons, rates, profiles, custom field options and the company (sage-psa §2.2)."""

from __future__ import annotations

from typing import Final

from tieout.sandbox.sage_psa.countries import COUNTRIES
from tieout.sandbox.sage_psa.handling import Answer, ApiCall, Handlers, bare, shown
from tieout.sandbox.sage_psa.problems import invalid, not_found
from tieout.sandbox.sage_psa.resources_setup import COMPANY, PERSONS, PRIORITY_LEVELS, PROFILES, RATE_CARDS, RATES
from tieout.sandbox.sage_psa.resources_work import PROJECTS
from tieout.sandbox.sage_psa.rules_people import shown_person
from tieout.sandbox.sage_psa.schema import Reader, Row
from tieout.sandbox.sage_psa.work import Work, row_key

_PEOPLE: Final = Handlers(PERSONS)
_CARDS: Final = Handlers(RATE_CARDS)
_PRIORITIES: Final = Handlers(PRIORITY_LEVELS)


def get_person(work: Work, call: ApiCall) -> Answer:
    """One person."""
    return Answer(shown_person(work, _PEOPLE.find(work, call), call.version, alone=True))


def create_person(work: Work, call: ApiCall) -> Answer:
    """A new person."""
    return Answer(shown_person(work, work.make(PERSONS, call.body, call.version), call.version, alone=True), 201)


def update_person(work: Work, call: ApiCall) -> Answer:
    """A changed person."""
    row = work.change(PERSONS, _PEOPLE.find(work, call), call.body, call.version)
    return Answer(shown_person(work, row, call.version, alone=True))


def projects_of_person(work: Work, call: ApiCall) -> Answer:
    """The projects whose team a person is on."""
    number = _PEOPLE.find(work, call)["id"]
    rows = [work.need("projects", each["_project"]) for each in work.storage.all("project_team") if each["person_id"] == number]
    return Answer([{**shown(work, PROJECTS, row, call), "status_color": row["status"]} for row in rows], records=len(rows))


def profiles_of_person(work: Work, call: ApiCall) -> Answer:
    """The profiles of a person."""
    numbers = _PEOPLE.find(work, call)["profile_ids"]
    return bare(work, PROFILES, call, [row for row in work.storage.all("profiles") if row["id"] in numbers])


def rates(work: Work, call: ApiCall) -> Answer:
    """The rates of a card; a role that is missing has the card's default rate."""
    return bare(work, RATES, call, _rates(work, _CARDS.find(work, call)))


def rate(work: Work, call: ApiCall) -> Answer:
    """The rate of a role; 404 when the role has none."""
    return Answer(shown(work, RATES, _rate(work, call), call))


def set_rate(work: Work, call: ApiCall) -> Answer:
    """Sets the rate of a role."""
    card, role = _CARDS.find(work, call)["id"], call.number("role")
    if work.get("roles", role) is None:
        raise not_found("role")
    row = work.get("rates", f"{card}/{role}")
    if row is None:
        row = work.make(RATES, call.body, call.version, {"role": role, "_card": card})
    else:
        row = work.change(RATES, row, call.body, call.version)
    return Answer(shown(work, RATES, row, call))


def delete_rate(work: Work, call: ApiCall) -> Answer:
    """Puts a role back to the default rate."""
    work.storage.remove("rates", row_key(RATES, _rate(work, call)))
    return Answer(None)


def versions(work: Work, call: ApiCall) -> Answer:
    """The versions of a rate card; there is one, without dates."""
    card = _CARDS.find(work, call)
    listed = [{"role": row["role"], "rate": row["rate"]} for row in _rates(work, card)]
    return Answer([{"start_date": None, "end_date": None, "default_rate": card["default_rate"], "rates": listed}])


def update_priority(work: Work, call: ApiCall) -> Answer:
    """Changes a priority level, whose id stands in the body."""
    body = call.body if isinstance(call.body, dict) else {}
    number = body.get("id")
    row = work.get("priority_levels", number)
    if row is None:
        raise not_found("priority level")
    changed = work.change(PRIORITY_LEVELS, row, {name: value for name, value in body.items() if name != "id"}, call.version)
    return Answer(shown(work, PRIORITY_LEVELS, changed, call))


def delete_priority(work: Work, call: ApiCall) -> Answer:
    """Deletes a priority level; its projects take the replacement the path names."""
    row = _PRIORITIES.find(work, call)
    target: int | None = None
    if "replacement" in call.keys:
        target = call.number("replacement")
        if work.get("priority_levels", target) is None:
            raise not_found("priority level")
    used = [each for each in work.storage.all("projects") if each["priority_level_id"] == row["id"]]
    if target is None:
        work.refuse_in_use(bool(used), "priority level")
    for each in used:
        work.update(PROJECTS, each, {"priority_level_id": target})
    work.remove(PRIORITY_LEVELS, row)
    return Answer(None)


def options(work: Work, call: ApiCall) -> Answer:
    """The options of a custom field that is a list."""
    for row in work.storage.all("custom_fields"):
        if (row["entity_type"], row["key"]) == (call.keys["entity"], call.keys["key"]):
            return Answer(row["options"], records=len(row["options"]))
    raise not_found("custom field")


def company(work: Work, call: ApiCall) -> Answer:
    """The account itself."""
    return Answer(_company(work))


def update_company(work: Work, call: ApiCall) -> Answer:
    """Changes the account."""
    given = Reader(COMPANY, work.settings, call.version).read(call.body, "u")
    country = given.get("country")
    if country and work.settings["check_country"] and country not in COUNTRIES:
        raise invalid("The field country must be an ISO 3166-1 alpha-2 code.")
    work.storage.put("company", "1", {**work.need("company", 1), **given})
    return Answer(_company(work))


def _company(work: Work) -> Row:
    row = work.need("company", 1)
    return {each.name: row.get(each.name) for each in COMPANY.fields} | {"seats": work.settings["seats"], "virtual_seats": 0}


def _rates(work: Work, card: Row) -> list[Row]:
    return [row for row in work.storage.all("rates") if row["_card"] == card["id"]]


def _rate(work: Work, call: ApiCall) -> Row:
    row = work.get("rates", f"{_CARDS.find(work, call)['id']}/{call.number('role')}")
    if row is None:
        raise not_found("rate")
    return row
