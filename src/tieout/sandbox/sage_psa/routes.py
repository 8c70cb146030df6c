"""Which operations exist at which version (sage-psa §2.1): version, method and path to a handler. Nothing else is answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tieout.sandbox.sage_psa import financials, handlers_projects, handlers_setup, handlers_tasks, handlers_time
from tieout.sandbox.sage_psa.handling import Handler, Handlers
from tieout.sandbox.sage_psa.resources_setup import (
    DEPARTMENTS,
    EXPENSE_CATEGORIES,
    LABELS,
    NON_PROJECT_TIME,
    PERSONS,
    PRIORITY_LEVELS,
    PROFILES,
    RATE_CARDS,
    ROLES,
    SUBSCRIPTIONS,
)
from tieout.sandbox.sage_psa.resources_work import CLIENTS, COLUMNS, EXPENSES, MILESTONES, PHASES, PROJECTS, SPRINTS, TASKS, TEAM, TIME
from tieout.sandbox.sage_psa.schema import Resource


@dataclass(frozen=True, slots=True)
class Route:
    """One operation; ``function`` names it for faults and the meter, such as ``PUT v1/projects/{id}``."""

    version: int
    method: str
    template: str
    object: str
    handler: Handler

    @property
    def function(self) -> str:
        """Its name."""
        return f"{self.method} v{self.version}/{self.template}"


class Routes:
    """All operations; a literal path part beats a placeholder."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.all = tuple(routes)
        self._by_shape: dict[tuple[int, str, int], list[tuple[tuple[str, ...], Route]]] = {}
        for route in self.all:
            parts = tuple(route.template.split("/"))
            self._by_shape.setdefault((route.version, route.method, len(parts)), []).append((parts, route))
        for same in self._by_shape.values():
            same.sort(key=lambda each: sum(part.startswith("{") for part in each[0]))

    def find(self, version: int, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The operation and the values in its path, or None."""
        given = path.split("/")
        for parts, route in self._by_shape.get((version, method, len(given)), ()):
            if all(part == seen or (part.startswith("{") and seen) for part, seen in zip(parts, given, strict=True)):
                return route, {part[1:-1]: seen for part, seen in zip(parts, given, strict=True) if part.startswith("{")}
        return None


def _crud(resource: Resource, path: str, verbs: str = "lgcud", *, version: int = 1) -> list[Route]:
    """The ordinary operations: l(ist) g(et) c(reate) u(pdate) d(elete)."""
    on = Handlers(resource)
    wanted = {
        "l": ("GET", path, on.list),
        "g": ("GET", f"{path}/{{id}}", on.get),
        "c": ("POST", path, on.create),
        "u": ("PUT", f"{path}/{{id}}", on.update),
        "d": ("DELETE", f"{path}/{{id}}", on.delete),
    }
    return [Route(version, wanted[verb][0], wanted[verb][1], resource.kind, wanted[verb][2]) for verb in verbs]


def _projects() -> list[Route]:
    on = handlers_projects
    return [
        *_crud(PROJECTS, "projects", "cud"),
        Route(1, "GET", "projects", "projects", on.list_projects),
        Route(1, "GET", "projects/{id}", "projects", on.get_project),
        Route(1, "GET", "projects/company_project_id/{id}", "projects", on.by_company_id),
        Route(1, "GET", "projects/custom_project_id/{id}", "projects", on.by_custom_id),
        Route(1, "POST", "projects/duplicate/{id}", "projects", on.duplicate_project),
        Route(1, "GET", "projects/{id}/statuses", "projects", on.statuses),
        Route(1, "PUT", "projects/{id}/custom_fields", "projects", Handlers(PROJECTS).set_custom_fields),
        Route(1, "GET", "projects/{project}/tasks/financials", "tasks", financials.of_project_tasks),
    ]


def _below_projects() -> list[Route]:
    phases = Handlers(PHASES)
    return [
        *_crud(PHASES, "projects/{project}/phases"),
        *_crud(MILESTONES, "projects/{project}/milestones"),
        *_crud(PHASES, "phases", "lg"),
        Route(4, "GET", "phases", "phases", phases.page),
        Route(1, "PUT", "projects/{project}/phases/{id}/custom_fields", "phases", phases.set_custom_fields),
        *_crud(COLUMNS, "projects/{project}/workflow_columns"),
        *_crud(TEAM, "projects/{project}/team"),
        *_crud(SPRINTS, "projects/{project}/sprints"),
        *_crud(EXPENSES, "projects/{project}/expense_items"),
        *_crud(EXPENSES, "expense_items", "lg"),
    ]


def _tasks() -> list[Route]:
    on, base = handlers_tasks, Handlers(TASKS)
    routes = [
        Route(4, "GET", "tasks", "tasks", base.page),
        Route(4, "GET", "tasks/updated_after/{stamp}", "tasks", on.page_after),
        Route(3, "GET", "tasks", "tasks", base.list),
        Route(3, "GET", "tasks/updated_after/{stamp}", "tasks", on.list_after),
        Route(2, "GET", "tasks", "tasks", on.list_by_query),
        Route(3, "GET", "projects/{project}/tasks", "tasks", base.list),
        Route(3, "GET", "projects/{project}/tasks/updated_after/{stamp}", "tasks", on.project_after),
        Route(2, "GET", "projects/{project}/tasks", "tasks", on.project_by_query),
        Route(2, "DELETE", "tasks/{id}", "tasks", base.delete),
        Route(2, "GET", "tasks/deleted", "tasks", on.deleted_old),
        Route(4, "GET", "tasks/deleted", "tasks", on.deleted),
        Route(2, "GET", "tasks/{id}/comments", "comments", on.comments),
        Route(2, "POST", "tasks/{id}/comments", "comments", on.comment),
        Route(3, "PUT", "tasks/{id}/custom_fields", "tasks", base.set_custom_fields),
        Route(1, "GET", "tasks/{id}/financials", "tasks", financials.of_task),
    ]
    for version in (2, 3):
        routes += _crud(TASKS, "tasks", "gcu", version=version)
        routes.append(Route(version, "GET", "tasks/company_task_id/{id}", "tasks", on.by_company_id))
        routes.append(Route(version, "GET", "tasks/{id}/children", "tasks", on.children))
    return routes


def _time() -> list[Route]:
    on, base, kind = handlers_time, Handlers(TIME), TIME.kind
    return [
        Route(4, "GET", "time_registrations", kind, base.page),
        Route(4, "GET", "time_registrations/updated_after/{stamp}", kind, on.page_after),
        Route(4, "GET", "time_registrations/date_after/{day}", kind, on.page_dated_after),
        Route(4, "GET", "time_registrations/deleted", kind, handlers_tasks.deleted_time),
        Route(3, "GET", "time_registrations", kind, on.list_time),
        Route(3, "GET", "time_registrations/{id}", kind, base.get),
        Route(3, "GET", "time_registrations/deleted", kind, handlers_tasks.deleted_time_old),
        Route(3, "GET", "projects/{project}/time_registrations", kind, on.of_project),
        Route(3, "GET", "persons/{id}/time_registrations", kind, on.of_person),
        *_crud(TIME, "time_registrations", "cud"),
        Route(1, "PUT", "time_registrations/{id}/custom_fields", kind, base.set_custom_fields),
    ]


def _people() -> list[Route]:
    on, routes = handlers_setup, []
    for version in (1, 2):
        routes += [
            *_crud(PERSONS, "persons", "ld", version=version),
            Route(version, "GET", "persons/{id}", "persons", on.get_person),
            Route(version, "POST", "persons", "persons", on.create_person),
            Route(version, "PUT", "persons/{id}", "persons", on.update_person),
        ]
    return [
        *routes,
        Route(1, "GET", "persons/{id}/projects", "persons", on.projects_of_person),
        *_crud(PROFILES, "profiles", "l"),
        Route(1, "GET", "profiles/person/{id}", "profiles", on.profiles_of_person),
        *_crud(DEPARTMENTS, "departments", "lg"),
    ]


def _setup() -> list[Route]:
    on = handlers_setup
    return [
        *_crud(CLIENTS, "clients"),
        *_crud(ROLES, "roles"),
        *_crud(LABELS, "labels"),
        *_crud(EXPENSE_CATEGORIES, "expense_categories"),
        *_crud(NON_PROJECT_TIME, "non_project_time"),
        *_crud(RATE_CARDS, "rate_cards"),
        Route(1, "GET", "rate_cards/{id}/rates", "rates", on.rates),
        Route(1, "GET", "rate_cards/{id}/rates/{role}", "rates", on.rate),
        Route(1, "PUT", "rate_cards/{id}/rates/{role}", "rates", on.set_rate),
        Route(1, "DELETE", "rate_cards/{id}/rates/{role}", "rates", on.delete_rate),
        Route(1, "GET", "rate_cards/{id}/versions", "rate_cards", on.versions),
        *_crud(SUBSCRIPTIONS, "webhook_subscriptions"),
        *_crud(PRIORITY_LEVELS, "priority_levels", "lc"),
        Route(1, "PUT", "priority_levels", "priority_levels", on.update_priority),
        Route(1, "DELETE", "priority_levels/{id}", "priority_levels", on.delete_priority),
        Route(1, "DELETE", "priority_levels/{id}/{replacement}", "priority_levels", on.delete_priority),
        Route(1, "GET", "custom_fields/{entity}/{key}/options", "custom_fields", on.options),
        Route(1, "GET", "company", "company", on.company),
        Route(1, "PUT", "company", "company", on.update_company),
    ]


ROUTES: Final = Routes([*_projects(), *_below_projects(), *_tasks(), *_time(), *_people(), *_setup()])
