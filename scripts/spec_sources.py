"""The vendor files that `spec_facts.py` reads: where each came from, its date, and how it is reduced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import spec_reducers as by


@dataclass(frozen=True, slots=True)
class Source:
    """One vendor file and the fact file made from it; an OpenAPI document needs no reduce."""

    path: str
    output: str
    facts_of: str
    origin: str
    dated: str
    reduce: Callable[[Any], dict[str, Any]] | None = None


_SERVICETITAN = (
    "the developer portal's own OpenAPI download, as kept by github.com/archdotdev/tap-service-titan @ 0001e257eb92 (Apache-2.0)"
)
_PROCORE_2024 = "an OpenAPI-generated client, github.com/weigandconstruction/procore_python_sdk @ d9fc38afee1e"
_PROCORE_2026 = "endpoint files made from the vendor's OpenAPI, github.com/TylerIlunga/procore-mcp-server @ eed7a8459e64 (MIT)"
_PROCORE_EVENTS = "the ERP events dictionary, github.com/procore/documentation @ 06dad9dd14cf"
_FORECAST = "the field tables of the vendor's documentation, github.com/Forecast-it/API @ 4dcb10b05924"
_INTACCT_XML = "the vendor's XML API reference (developer.intacct.com) and its SDK, github.com/Intacct/intacct-sdk-js @ b9600eb"
_INTACCT_REST = (
    "the vendor's REST OpenAPI of 2026-09-16, as kept by github.com/lorenz-bus-service/node-intacct-rest-api @ 1dcbea361b3a (MIT)"
)
_INTACCT_EXAMPLES = "the vendor's REST reference examples, as kept by github.com/dgaretz-oss/intacct-mcp @ 97274172e43f"
_INTACCT_MODELS = "recorded replies of a live company, github.com/keboola/component-sage-intacct-extractor @ eea339661d42 (MIT)"
_AGAVE = "written for this project from the vendor's public documentation and request collection"
_CONTRACT = "this project's own proposal of a contract for platforms without a public interface"

_AREAS = ("accounting", "crm", "inventory", "jpm", "payroll", "pricebook", "settings", "timesheets")
_MODELS = ("accounts-payable.vendor", "accounts-receivable.customer", "accounts-receivable.invoice", "general-ledger.account")

SOURCES: tuple[Source, ...] = (
    *(
        Source(
            f"servicetitan/tenant-{area}-v2.json", f"servicetitan/{area}.json", f"ServiceTitan API v2, {area}", _SERVICETITAN, "2026-03-05"
        )
        for area in _AREAS
    ),
    Source(
        "procore/procore-financials-2024-10.openapi.json",
        "procore/2024-10.json",
        "Procore REST API, financial part, with nested shapes",
        _PROCORE_2024,
        "2024-10-07",
    ),
    Source(
        "procore/procore-financials-2026-05.openapi.json",
        "procore/2026-05.json",
        "Procore REST API, financial part, nesting cut by the origin",
        _PROCORE_2026,
        "2026-05-08",
    ),
    Source(
        "procore/procore-all-endpoints-2026-05.catalog.json",
        "procore/endpoints.json",
        "Procore REST API, every path",
        _PROCORE_2026,
        "2026-05-08",
        by.endpoint_list,
    ),
    Source(
        "procore/erp-event-shapes.json", "procore/erp-events.json", "Procore ERP requests", _PROCORE_EVENTS, "2026-06-03", by.event_shapes
    ),
    Source(
        "forecast/forecast-endpoints.json", "forecast/endpoints.json", "Sage PSA (Forecast) API", _FORECAST, "2025-10-06", by.field_tables
    ),
    Source(
        "intacct-objects.json",
        "intacct/objects.json",
        "Sage Intacct XML gateway, objects and functions",
        _INTACCT_XML,
        "2026-06-16",
        by.xml_objects,
    ),
    Source(
        "intacct-errors.json", "intacct/errors.json", "Sage Intacct XML gateway, error codes", _INTACCT_XML, "2026-06-16", by.xml_errors
    ),
    Source(
        "intacct/core-schemas.json",
        "intacct/rest-schemas.json",
        "Sage Intacct REST API, project and purchasing objects",
        _INTACCT_REST,
        "2026-09-16",
        by.rest_schemas,
    ),
    Source(
        "intacct/rest-endpoint-catalogue.json",
        "intacct/rest-catalogue.json",
        "Sage Intacct REST API, paths and fields seen",
        _INTACCT_EXAMPLES,
        "2026-06-16",
        by.rest_catalogue,
    ),
    *(
        Source(
            f"intacct/model-recordings/{name}.json",
            f"intacct/models/{name}.json",
            f"Sage Intacct REST model of {name}",
            _INTACCT_MODELS,
            "2026-03-20",
            by.model_reply,
        )
        for name in _MODELS
    ),
    Source(
        "agave/agave-subset.openapi.yaml",
        "agave/subset.json",
        "Agave unified API, the part an Intacct connector uses",
        _AGAVE,
        "2026-08-30",
    ),
    Source(
        "platform-contract/platform-contract.openapi.yaml",
        "platform-contract/contract.json",
        "platform contract 1.0.0",
        _CONTRACT,
        "2026-08-30",
    ),
)
