"""The demo contractor's clients, projects, tasks and time, made from chance with a seed; dates lie around the clock's day."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from tieout.sandbox.sage_psa.handling import set_custom_fields
from tieout.sandbox.sage_psa.resources_setup import PERSONS
from tieout.sandbox.sage_psa.resources_work import CLIENTS, EXPENSES, PHASES, PROJECTS, TASKS, TEAM, TIME
from tieout.sandbox.sage_psa.schema import Row
from tieout.sandbox.sage_psa.work import Work
from tieout.sandbox.sage_psa.world_names import CITIES, CLIENT_KINDS, CLIENT_STEMS, JOBS, ODD_CLIENTS, STEPS, STREETS, Job

CLIENT_COUNT: Final = 60
PROJECT_COUNT: Final = 120
_STAGES: Final = (("RUNNING", 46), ("DONE", 24), ("PLANNING", 14), ("OPPORTUNITY", 9), ("HALTED", 7))
_BUDGETS: Final = (("FIXED_PRICE", 48), ("TIME_AND_MATERIALS", 32), ("RETAINER", 10), ("NON_BILLABLE", 10))
_LONG: Final = " including demolition, permits, inspections, commissioning and the owner's training"


def load_work(make: Callable[[str, int], Work], now: datetime, chance: random.Random) -> None:
    """Writes clients, then projects with everything below them."""
    story = _Story(make, now.replace(hour=0, minute=0, second=0, microsecond=0), chance)
    for place in range(CLIENT_COUNT):
        story.client(place)
    for place in range(PROJECT_COUNT):
        story.project(place)
    story.client_user()


class _Story:
    """What is told so far, and how to tell more."""

    def __init__(self, make: Callable[[str, int], Work], today: datetime, chance: random.Random) -> None:
        self._make, self._today, self._chance = make, today, chance
        work = make("", 0)
        staff = [row for row in work.storage.all("persons") if not row["is_system_user"]]
        self._managers = [row for row in staff if row["job_title"].endswith("Manager")]
        self._crew = [row for row in staff if row["department_id"] != staff[0]["department_id"]]
        self._card = work.storage.all("rate_cards")[0]["id"]
        self._clients: list[Row] = []

    def client(self, place: int) -> None:
        """One client; some have odd names, a twin, or hardly an address."""
        chance = self._chance
        city, code = chance.choice(CITIES)
        stem, kind = CLIENT_STEMS[place % len(CLIENT_STEMS)], CLIENT_KINDS[(place * 7) % len(CLIENT_KINDS)]
        given: Row = {"name": f"{stem} {kind}"}
        if place % 12 == 7:
            given["name"] = ODD_CLIENTS[place // 12 % len(ODD_CLIENTS)]
        if place == CLIENT_COUNT - 1:
            given["name"] = self._clients[0]["name"]
        if place % 9 != 8:
            given |= {"street": f"{chance.randint(100, 9900)} {chance.choice(STREETS)}", "zip": code, "city": city, "country": "US"}
        if place % 5 == 0:
            given["notes"] = f"Site contact by appointment.\nGate code {chance.randint(1000, 9999)}."
        self._clients.append(self._at(840, 200).insert(CLIENTS, given, {}))

    def project(self, place: int) -> None:
        """One project: dates and stage that belong together, team, phases, tasks, time."""
        chance = self._chance
        job = JOBS[place % len(JOBS)]
        stage = _weighed(chance, _STAGES)
        start, end = self._dates(stage)
        client = chance.choice(self._clients)
        manager = chance.choice(self._managers)
        work = self._at(*_age(stage), actor=manager["id"])
        given = self._project_row(place, job, client)
        given |= {"stage": stage, "start_date": start, "end_date": end}
        project = work.insert(PROJECTS, given, {})
        if place % 3 != 2:
            entity = "200" if job.trade in ("Plumbing", "Electrical") else "100"
            project = set_custom_fields(work, PROJECTS, project, {"entity": entity})
        team = [manager, *chance.sample([each for each in self._crew if each is not manager], 2)]
        for person in team:
            member = {"person_id": person["id"], "project_role": person["default_role"], "project_contact": person is manager}
            work.insert(TEAM, member, {"_project": project["id"]})
        if stage != "OPPORTUNITY":
            self._tasks(work, project, job, team)
        if stage in ("RUNNING", "DONE") and place % 4 == 0:
            self._expense(work, project, manager)

    def client_user(self) -> None:
        """A user of a client, who can see its projects."""
        client = self._clients[1]
        given = {"first_name": "Jules", "last_name": "Merriweather", "email": "jules@client.example", "profile_ids": [-6]}
        self._at(90, 60).insert(PERSONS, given | {"client_id": client["id"]}, {})

    def _project_row(self, place: int, job: Job, client: Row) -> Row:
        chance = self._chance
        kind = _weighed(chance, _BUDGETS)
        name = f"{job.name} - {client['name']}" if place % 6 else f"{job.name} phase {1 + place % 4}"
        given: Row = {"name": name + (_LONG if place % 40 == 39 else ""), "budget_type": kind}
        given |= {"client": None if kind == "NON_BILLABLE" and place % 2 else client["id"], "rate_card": self._card}
        if kind == "FIXED_PRICE":
            given["budget"] = chance.randint(job.low * 4, job.high * 4) * 25 / 100 * 10
        if kind == "RETAINER":
            given |= {"default_period_periodicity": "MONTHLY", "default_period_length": 1}
            given |= {"default_period_budget_type": "FIXED_HOURS", "default_period_hours_amount": 20.0}
        if place % 4 == 1:
            given["custom_project_id"] = f"RM-{25 + place % 2}-{place:04d}"
        if place % 30 == 29:
            given["custom_project_id"] = f"RIDGELINE-{place:010d}"
        if place % 25 == 24:
            given |= {"estimation_units": "POINTS", "minutes_per_estimation_point": 480}
        if place % 3 == 0:
            given["description"] = f"<p>{job.name} at the client's site &amp; start-up.</p>"
        given["status"] = chance.choices(("GREEN", "YELLOW", "RED"), (7, 2, 1))[0]
        return given

    def _tasks(self, work: Work, project: Row, job: Job, team: list[Row]) -> None:
        chance = self._chance
        columns = {row["category"]: row["id"] for row in work.where("workflow_columns", "project", project["id"])}
        phase = work.insert(PHASES, {"name": "Field work"}, {"project_id": project["id"]})
        parent: int | None = None
        for place, step in enumerate(STEPS[: 3 + chance.randint(0, 2)]):
            category = self._category(project["stage"], place)
            person = team[place % len(team)]
            points = project["estimation_units"] == "POINTS"
            given: Row = {"title": step, "estimate": chance.randint(1, 5) if points else 60 * chance.randint(2, job.hours)}
            given |= {"workflow_column": columns[category], "assigned_persons": [person["id"]], "role": person["default_role"]}
            given |= {"milestone": phase["id"] if place in (1, 2) else None, "parent_task_id": parent if place == 2 else None}
            given["un_billable"] = place == 3 and chance.random() < 0.4
            task = work.insert(TASKS, given, {"project_id": project["id"]})
            parent = task["id"] if place == 1 else parent
            if category != "TODO":
                self._time(project, task, person)

    def _time(self, project: Row, task: Row, person: Row) -> None:
        chance = self._chance
        for _ in range(chance.randint(1, 2)):
            day = (self._today - timedelta(days=chance.randint(2, 60))).date().isoformat()
            day = max(day, project["start_date"] or day)
            status = chance.choices(("APPROVED", "SUBMITTED", "NOT_SUBMITTED"), (6, 2, 2))[0]
            given: Row = {"person": person["id"], "task": task["id"], "time_registered": 15 * chance.randint(4, 32), "date": day}
            given |= {"approval_status": status, "notes": f"{task['title']} on site"}
            self._at(40, 1, actor=person["id"]).insert(TIME, given, {})

    def _expense(self, work: Work, project: Row, manager: Row) -> None:
        category = self._chance.choice(work.storage.all("expense_categories"))
        cost = self._chance.randint(4_000, 90_000) / 100
        given: dict[str, Any] = {"name": category["name"], "cost": cost, "price": round(cost * 1.15, 2), "person_id": manager["id"]}
        work.insert(EXPENSES, given | {"expense_category": category["id"]}, {"project_id": project["id"]})

    def _category(self, stage: str, place: int) -> str:
        if stage == "DONE":
            return "DONE"
        return "TODO" if stage == "PLANNING" or place > 1 else ("DONE", "INPROGRESS")[place]

    def _dates(self, stage: str) -> tuple[str | None, str | None]:
        chance = self._chance
        if stage == "OPPORTUNITY":
            return None, None
        if stage == "PLANNING":
            start = self._today + timedelta(days=chance.randint(7, 120))
        else:
            start = self._today - timedelta(days=chance.randint(20, 620 if stage == "DONE" else 200))
        end = start + timedelta(days=chance.randint(15, 300))
        if stage == "DONE":
            end = min(end, self._today - timedelta(days=1))
        open_end = stage != "DONE" and chance.random() < 0.08
        return start.date().isoformat(), None if open_end else end.date().isoformat()

    def _at(self, most_days: int, least_days: int, *, actor: int | None = None) -> Work:
        """A view of the account on a working hour some days before the clock's day, as a person (else a manager)."""
        chance = self._chance
        moment = self._today - timedelta(days=chance.randint(least_days, most_days)) + timedelta(seconds=chance.randint(28_800, 64_800))
        return self._make(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), actor or self._managers[0]["id"])


def _age(stage: str) -> tuple[int, int]:
    return (620, 200) if stage == "DONE" else (190, 2)


def _weighed(chance: random.Random, choices: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([name for name, _ in choices], [weight for _, weight in choices])[0]
