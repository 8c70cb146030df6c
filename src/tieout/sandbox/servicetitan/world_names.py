"""Invented names for the demo world: people, places, companies and the kinds of work a trades contractor does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(";"))


FIRST: Final = _listed(
    "Abel;Adele;Alma;Amos;Anya;Aurelia;Basil;Beatriz;Bram;Calla;Cedric;Chloé;Clement;Corin;Dalia;Dario;Delphine;"
    "Edmund;Elsa;Emeka;Enzo;Esmé;Faye;Felix;Gideon;Greta;Hanna;Hugo;Imani;Ines;Ivor;Jael;Jonas;José;Juno;Kamal;"
    "Keira;Lars;Leila;Linus;Lotte;Mabel;Magnus;Mei;Milo;Nadia;Neville;Niamh;Odette;Orla;Otto;Pascal;Petra;Quentin;"
    "Ramona;Reuben;Rosalind;Saoirse;Selma;Søren;Tadeo;Tamsin;Ulric;Vera;Wilfred;Xiomara;Yara;Yusuf;Zelda;Zoë"
)
LAST: Final = _listed(
    "Abernethy;Ackroyd;Amberley;Ardmore;Babcock-Reyes;Barrowclough;Beauchêne;Birtwistle;Blackwood;Brannigan;Caddick;"
    "Carrington;Cholmondeley;Coldwater;D'Amboise;D'Souza;Dalrymple;Delacroix;Drummond;Eastlake;Escarrá;Fairbrother;"
    "Fenwick;Figueroa;Galbraith;Garrick;Greywell;Hargreave;Hathersage;Ibáñez;Inglewood;Jessop;Kestrel;Kingswood;"
    "Larkspur;Lindqvist;Llewellyn;MacAllister;Marchetti;McQuarrie;Müller;Nakagawa;Nightingale;Núñez;O'Brannon;O'Dowd;"
    "O'Shaughnessy;Okonjo;Osterhout;Pemberton;Peñaloza;Quillfeather;Ravenscroft;Redfern;Saltonstall;Silverthorne;"
    "Stroud-Vance;Strömberg;Tennant;Thistlewood;Underhill;Vandermeer;Vasquez-Holt;Waverley;Whitcombe;Wójcik;Yarborough;"
    "Zellweger-Pike"
)
COMPANY_STEMS: Final = _listed(
    "Alder Creek;Antelope Flats;Aspen Hollow;Bluestem;Bristlecone;Cedar Mesa;Chokecherry;Copper Basin;Cottonwood;"
    "Eagle Rock;Foothill;Front Range;Granite Pass;Highline;Juniper Park;Larimer Square;Lodgepole;Mesa Verde View;"
    "Mile High;Otter Creek;Painted Sky;Pinyon;Prairie Dog;Ptarmigan;Red Feather;Rimrock;Sagebrush;Saint Vrain;Sandstone;"
    "Silver Plume;Spruce Gulch;Table Mountain;Timberline;Union Station;Wagon Wheel;Willow Bend"
)
COMPANY_KINDS: Final = _listed(
    "Property Management LLC;Dental Group, P.C.;Brewing Company;Homeowners Association;Assisted Living;Charter School;"
    "Self Storage;Veterinary Clinic;Bakery & Café;Medical Plaza;Church of the Foothills;Auto Body, Inc.;Hotel & Suites;"
    "Fitness Club;Office Park;Apartments;Restaurant Group;Logistics Center;Community Library;Credit Union"
)
ODD_CUSTOMERS: Final = (
    "O'Hallorahan & Sons' Heating, Cooling & \"Everything Else\"",
    "Café L'Été (Chez Amélie)",
    "Müller-Lüdenscheidt, Günther & Brünhilde",
    "Bjørnsson & Ångström Laboratories",
    "東風 Tea House / Dōngfēng Imports",
    "<Barn> Events & Rentals; est. 1987",
    "St. Brigid's Parish -- Rectory, School & Hall",
    "  Leading Spaces Laundromat",
    "100% Pure Spa",
    "The Consolidated Foothills, Plains and Western Slope Agricultural Cooperative Storage, Processing and Distribution "
    "Association of Larimer, Weld and Boulder Counties",
    "A",
    "Null & Void Escape Rooms",
    "=SUM Accounting Partners",
    "Zażółć Gęślą Jaźń Polish Community Centre",
)
CITIES: Final = (
    ("Denver", "80203"),
    ("Denver", "80211"),
    ("Lakewood", "80226"),
    ("Arvada", "80002"),
    ("Boulder", "80302"),
    ("Longmont", "80501"),
    ("Loveland", "80537"),
    ("Fort Collins", "80525"),
    ("Greeley", "80631"),
    ("Windsor", "80550"),
    ("Golden", "80401"),
    ("Cañon City", "81212"),
)
STREETS: Final = _listed(
    "Alameda Ave;Bannock St;Bluebell Ln;Broadway;Canyon Blvd;Cherry St;College Ave;Columbine Way;Elkhorn Dr;Folsom St;"
    "Harmony Rd;Kipling Pkwy;Magpie Ct;Mulberry St;Oak Hollow Rd;Pearl St;Quebec St;Riverbend Dr;Sunflower Cir;Timothy Pl;"
    "Wadsworth Blvd"
)


@dataclass(frozen=True, slots=True)
class Work:
    """A job type: the units that do it (demo unit ids), its class, hours on site, and the range of its price in dollars."""

    name: str
    unit: str
    group: str
    hours: int
    low: int
    high: int


WORK: Final = (
    Work("AC Tune-Up", "HVAC-SVC", "Maintenance", 1, 89, 189),
    Work("Furnace Repair", "HVAC-SVC", "Service", 2, 180, 1250),
    Work("No Heat - Emergency", "HVAC-SVC", "Service", 2, 250, 1900),
    Work("Heat Pump Installation", "HVAC-INS", "Install", 8, 9800, 21500),
    Work("Ductwork Replacement", "HVAC-INS", "Install", 8, 3200, 12800),
    Work("Rooftop Unit Replacement", "HVAC-INS", "Install", 8, 14500, 68000),
    Work("Quarterly PM Visit", "COMM-MNT", "Maintenance", 3, 320, 980),
    Work("Boiler Inspection", "COMM-MNT", "Maintenance", 3, 410, 1150),
    Work("Drain Clearing", "PLB-SVC", "Service", 1, 129, 640),
    Work("Water Heater Replacement", "PLB-SVC", "Install", 4, 1650, 5200),
    Work("Whole-House Repipe", "PLB-SVC", "Install", 8, 6400, 18900),
    Work("Backflow Test", "PLB-SVC", "Maintenance", 1, 95, 210),
    Work("Electrical Service Call", "ELE-SVC", "Service", 2, 149, 890),
    Work("EV Charger Installation", "ELE-SVC", "Install", 4, 980, 3100),
    Work("Panel Upgrade", "ELE-PRJ", "Install", 8, 2450, 7800),
    Work("Rewire", "ELE-PRJ", "Install", 8, 8200, 34500),
    Work("Lighting Retrofit", "ELE-PRJ", "Install", 8, 5400, 41000),
)
PROJECT_NAMES: Final = (
    "{work} - {place}",
    "{place}: {work}",
    "{work} phase 1",
    "{work} phase 2 (change order pending)",
    "{street} {work}",
    "{customer} / {work} & commissioning",
)
LONG_PROJECT_NAME: Final = (
    "{work} for {customer}, including demolition, temporary heating and cooling, asbestos survey, permits, inspections, "
    "commissioning, start-up and owner's training"
)
REASONS_CANCEL: Final = ("Customer cancelled", "Duplicate booking", "No access", "Weather", "Price", "Booked in error")
REASONS_HOLD: Final = ("Waiting for parts", "Waiting for permit", "Customer request", "Credit hold")
STATUSES: Final = (
    ("Estimating", ("Site visit", "Proposal sent")),
    ("Scheduled", ("Permit pending", "Crew assigned")),
    ("In Progress", ("Rough-in", "Trim-out", "Punch list")),
    ("On Hold", ("Materials", "Customer")),
    ("Completed", ()),
    ("Closed & Billed", ()),
)
PROJECT_TYPES: Final = ("Residential Install", "Commercial Install", "Tenant Improvement", "Service Agreement")
CAMPAIGNS: Final = ("Existing customer", "Web", "Referral", "Radio: KQRW 98.9", "Spring tune-up mailer")
TAGS: Final = ("VIP", "Warranty", "Gate code", "Prevailing wage")
