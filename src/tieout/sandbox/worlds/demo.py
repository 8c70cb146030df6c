"""The demo story: one believable contractor, told once, so that every emulator is seeded from the same facts.

All names are invented. An emulator turns these facts into its own rows; ids that two systems share in real life
(entity, department, employee) are given here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address."""

    line: str
    city: str
    state: str
    zip: str
    country: str = "United States"


@dataclass(frozen=True, slots=True)
class Entity:
    """A legal entity: an Intacct entity, and the business units that work for it."""

    id: str
    name: str
    address: Address


@dataclass(frozen=True, slots=True)
class Unit:
    """A business unit: a department in the books, a business unit in the field."""

    id: str
    name: str
    entity: str
    trade: str


@dataclass(frozen=True, slots=True)
class Person:
    """An employee; `unit` is a Unit id."""

    id: str
    first: str
    last: str
    title: str
    unit: str
    email: str


COMPANY = "Ridgeline Mechanical Group"

ENTITIES = (
    Entity("100", "Ridgeline Comfort Services LLC", Address("4410 Foundry Park Way", "Denver", "CO", "80216")),
    Entity("200", "Ridgeline Plumbing & Electric LLC", Address("1875 Quarry Ridge Road", "Fort Collins", "CO", "80524")),
)

UNITS = (
    Unit("HVAC-SVC", "HVAC Service", "100", "HVAC"),
    Unit("HVAC-INS", "HVAC Installation", "100", "HVAC"),
    Unit("COMM-MNT", "Commercial Maintenance", "100", "HVAC"),
    Unit("PLB-SVC", "Plumbing Service", "200", "Plumbing"),
    Unit("ELE-SVC", "Electrical Service", "200", "Electrical"),
    Unit("ELE-PRJ", "Electrical Projects", "200", "Electrical"),
    Unit("OFFICE", "Office and Administration", "100", "Office"),
)

PEOPLE = (
    Person("E-1001", "Marisol", "Tarrant", "Controller", "OFFICE", "marisol.tarrant@ridgeline.example"),
    Person("E-1002", "Devon", "Aldersey", "Operations Manager", "OFFICE", "devon.aldersey@ridgeline.example"),
    Person("E-1003", "Priya", "Colclough", "Project Manager", "HVAC-INS", "priya.colclough@ridgeline.example"),
    Person("E-1004", "Theo", "Winslade", "Project Manager", "ELE-PRJ", "theo.winslade@ridgeline.example"),
    Person("E-1005", "Anika", "Borrowdale", "Dispatcher", "OFFICE", "anika.borrowdale@ridgeline.example"),
    Person("E-1006", "Luis", "Haverford", "Lead Technician", "HVAC-SVC", "luis.haverford@ridgeline.example"),
    Person("E-1007", "Grace", "Penhallow", "Technician", "HVAC-SVC", "grace.penhallow@ridgeline.example"),
    Person("E-1008", "Omar", "Stanbridge", "Installer", "HVAC-INS", "omar.stanbridge@ridgeline.example"),
    Person("E-1009", "Keiko", "Marchbank", "Technician", "COMM-MNT", "keiko.marchbank@ridgeline.example"),
    Person("E-1010", "Silas", "Orrin", "Master Plumber", "PLB-SVC", "silas.orrin@ridgeline.example"),
    Person("E-1011", "Dana", "Whitlock", "Plumber", "PLB-SVC", "dana.whitlock@ridgeline.example"),
    Person("E-1012", "Rafael", "Thornbury", "Electrician", "ELE-SVC", "rafael.thornbury@ridgeline.example"),
    Person("E-1013", "Nora", "Castlemaine", "Electrician", "ELE-PRJ", "nora.castlemaine@ridgeline.example"),
    Person("E-1014", "Ewan", "Lockridge", "Bookkeeper", "OFFICE", "ewan.lockridge@ridgeline.example"),
)
