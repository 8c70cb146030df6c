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
    """A job type and its service: code, name, the unit that does it (demo unit id), class, hours on site, range of its price in dollars."""

    code: str
    name: str
    unit: str
    group: str
    hours: int
    low: int
    high: int


WORK: Final = (
    Work("TUNE", "AC Tune-Up", "HVAC-SVC", "Maintenance", 1, 89, 189),
    Work("FURN", "Furnace Repair", "HVAC-SVC", "Service", 2, 180, 1250),
    Work("NOHEAT", "No Heat - Emergency", "HVAC-SVC", "Service", 2, 250, 1900),
    Work("HPINST", "Heat Pump Installation", "HVAC-INS", "Install", 8, 9800, 21500),
    Work("DUCT", "Ductwork Replacement", "HVAC-INS", "Install", 8, 3200, 12800),
    Work("RTU", "Rooftop Unit Replacement", "HVAC-INS", "Install", 8, 14500, 68000),
    Work("QPM", "Quarterly PM Visit", "COMM-MNT", "Maintenance", 3, 320, 980),
    Work("BOIL", "Boiler Inspection", "COMM-MNT", "Maintenance", 3, 410, 1150),
    Work("DRAIN", "Drain Clearing", "PLB-SVC", "Service", 1, 129, 640),
    Work("WHTR", "Water Heater Replacement", "PLB-SVC", "Install", 4, 1650, 5200),
    Work("REPIPE", "Whole-House Repipe", "PLB-SVC", "Install", 8, 6400, 18900),
    Work("BKFLOW", "Backflow Test", "PLB-SVC", "Maintenance", 1, 95, 210),
    Work("ELSVC", "Electrical Service Call", "ELE-SVC", "Service", 2, 149, 890),
    Work("EVCHG", "EV Charger Installation", "ELE-SVC", "Install", 4, 980, 3100),
    Work("PANEL", "Panel Upgrade", "ELE-PRJ", "Install", 8, 2450, 7800),
    Work("REWIRE", "Rewire", "ELE-PRJ", "Install", 8, 8200, 34500),
    Work("LIGHT", "Lighting Retrofit", "ELE-PRJ", "Install", 8, 5400, 41000),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A material or a piece of equipment: code, name, cost and price in dollars."""

    code: str
    name: str
    cost: str
    price: str


MATERIALS: Final = (
    Part("FLT-1625", "Filter 16x25x4 MERV 11", "18.40", "46.00"),
    Part("CAP-455", "Run capacitor 45/5 uF", "11.85", "89.00"),
    Part("CU-34L", 'Copper pipe type L 3/4", per foot', "4.37", "9.75"),
    Part("PEX-12", 'PEX-A tubing 1/2", per foot', "0.62", "1.85"),
    Part("DUCT-8F", 'Flexible duct 8", 25 ft', "41.90", "98.00"),
    Part("THST-WF", "Programmable thermostat", "96.25", "245.00"),
    Part("BRK-2P60", "Breaker 2-pole 60 A", "38.15", "112.00"),
    Part("WIRE-6-3", "Cable 6/3, per foot", "3.29", "7.20"),
    Part("LED-2X4", "LED troffer 2x4, 4000 K", "54.60", "139.00"),
    Part("VLV-BF1", 'Backflow preventer 1"', "187.00", "395.00"),
    Part("R410A", "Refrigerant R-410A, per pound", "12.05", "68.00"),
    Part("MISC", "Fittings and consumables", "1.00", "2.40"),
)
EQUIPMENT: Final = (
    Part("HP-3T", "Heat pump 3 ton, 16 SEER2", "3140.00", "6890.00"),
    Part("RTU-75", "Rooftop unit 7.5 ton", "8920.00", "16400.00"),
    Part("FRN-80", "Gas furnace 80 kBtu, 96 %", "1385.00", "3250.00"),
    Part("WH-50G", "Water heater 50 gal gas", "742.50", "1795.00"),
    Part("EVSE-48", "EV charger 48 A", "512.00", "1150.00"),
    Part("PNL-200", "Load centre 200 A, 40 space", "268.75", "690.00"),
)
# name, city, zip, what it delivers
SUPPLIERS: Final = (
    ("Continental Divide Supply Co.", "Denver", "80216", "goods"),
    ("Poudre Pipe & Valve", "Fort Collins", "80524", "goods"),
    ("Sangre Sheet Metal Works, Inc.", "Pueblo", "81003", "goods"),
    ("Volt & Vein Electrical Wholesale", "Loveland", "80538", "goods"),
    ("Northfall Equipment Distribution", "Aurora", "80011", "goods"),
    ("Alpenglow Refrigerants LLC", "Denver", "80223", "goods"),
    ("O'Malloran Crane & Rigging", "Commerce City", "80022", "services"),
    ("Tres Hermanas Insulation", "Greeley", "80631", "services"),
    ("Basalt Concrete Cutting", "Denver", "80239", "services"),
    ("Façade & Roofing by Émile", "Boulder", "80301", "services"),
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
