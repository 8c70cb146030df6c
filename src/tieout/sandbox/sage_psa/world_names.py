"""Invented clients, places and kinds of work for the demo world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(";"))


CLIENT_STEMS: Final = _listed(
    "Alder Creek;Antelope Flats;Aspen Hollow;Bluestem;Bristlecone;Cedar Mesa;Chokecherry;Copper Basin;Cottonwood;Eagle Rock;"
    "Foothill;Front Range;Granite Pass;Highline;Juniper Park;Lodgepole;Mile High;Otter Creek;Painted Sky;Pinyon;Prairie Dog;"
    "Ptarmigan;Red Feather;Rimrock;Sagebrush;Sandstone;Silver Plume;Spruce Gulch;Table Mountain;Timberline;Wagon Wheel"
)
CLIENT_KINDS: Final = _listed(
    "Property Management LLC;Dental Group, P.C.;Brewing Company;Homeowners Association;Assisted Living;Charter School;"
    "Veterinary Clinic;Medical Plaza;Hotel & Suites;Fitness Club;Office Park;Restaurant Group;Logistics Center;Credit Union;"
    "Community Library;Cold Storage;Data Center"
)
ODD_CLIENTS: Final = (
    "Café L'Été (Chez Amélie)",
    "Müller-Lüdenscheidt, Günther & Brünhilde",
    "<Barn> Events & Rentals; est. 1987",
    "東風 Tea House / Dōngfēng Imports",
    "O'Hallorahan & Sons' Heating, Cooling & \"Everything Else\"",
)
CITIES: Final = (("Denver", "80203"), ("Lakewood", "80226"), ("Boulder", "80302"), ("Longmont", "80501"), ("Fort Collins", "80525"))
STREETS: Final = _listed("Alameda Ave;Bannock St;Canyon Blvd;Columbine Way;Folsom St;Harmony Rd;Mulberry St;Quebec St;Wadsworth Blvd")
STEPS: Final = ("Site survey and permits", "Rough-in", "Equipment set", "Start-up and commissioning", "Punch list")


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of project: its trade, the most hours of a task, and the range of its price in tens of dollars."""

    name: str
    trade: str
    hours: int
    low: int
    high: int


JOBS: Final = (
    Job("Rooftop Unit Replacement", "HVAC", 40, 1450, 6800),
    Job("Chiller Overhaul", "HVAC", 60, 2200, 9400),
    Job("Boiler Room Retrofit", "HVAC", 48, 1800, 7600),
    Job("Ductwork Replacement", "HVAC", 32, 640, 2900),
    Job("Building Controls Upgrade", "HVAC", 36, 900, 4800),
    Job("Domestic Water Repipe", "Plumbing", 40, 640, 3900),
    Job("Backflow Programme", "Plumbing", 12, 120, 600),
    Job("Grease Interceptor Replacement", "Plumbing", 24, 480, 1900),
    Job("Panel Upgrade", "Electrical", 24, 260, 1600),
    Job("Lighting Retrofit", "Electrical", 36, 540, 4100),
    Job("EV Charger Installation", "Electrical", 16, 310, 2200),
    Job("Standby Generator", "Electrical", 40, 1900, 8800),
)
