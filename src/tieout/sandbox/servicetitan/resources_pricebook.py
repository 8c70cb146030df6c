"""Services, materials, equipment, discounts, fees and categories (servicetitan §8, §11.2, Appendix B).

An item's accounts are names of GL accounts; `account` is what the vendor maps to an item GL group.
"""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.servicetitan.records import Records
from tieout.sandbox.servicetitan.resource import IDS, Filter, Reads, Resource, Row

_SORT: Final = ("Id", "Code", "DisplayName", "CreatedOn", "ModifiedOn")


def _searched(records: Records, row: Row) -> list[Any]:
    return [row["displayName"], row["code"], row["description"]]


_SEARCH: Final = Filter("searchText", Reads.CONTAINS, "", through=_searched)


def _skus(path: str, name: str, shape: str, feed_shape: str, *more: Filter) -> Resource:
    return Resource(
        area="pricebook",
        path=path,
        kind=path,
        shape=shape,
        label=name,
        scope=path,
        sort=_SORT,
        active="True",
        external=True,
        external_lookup=True,
        feed=path,
        feed_shape=feed_shape,
        filters=(IDS, _SEARCH, *more),
    )


def _priced(records: Records, row: Row) -> list[Any]:
    """calculatePrices changes what is shown, not what is found."""
    return [True, False]


SERVICES: Final = _skus(
    "services",
    "Service",
    "ServiceGetResponse",
    "ExportServiceResponse",
    Filter("calculatePrices", Reads.FLAG, "", through=_priced),
)
MATERIALS: Final = _skus(
    "materials",
    "Material",
    "MaterialResponse",
    "ExportMaterialResponse",
    Filter("isOtherDirectCost", Reads.FLAG, "isOtherDirectCost"),
    Filter("costTypeIds", Reads.IDS, "costTypeId"),
)
EQUIPMENT: Final = _skus("equipment", "Equipment", "EquipmentResponse", "ExportEquipmentResponse")

CATEGORIES: Final = Resource(
    area="pricebook",
    path="categories",
    kind="categories",
    shape="CategoryResponse",
    label="Category",
    scope="categories",
    sort=("Id", "Name"),
    active="True",
    feed="categories",
    feed_shape="ExportCategoryResponse",
    filters=(Filter("categoryType", Reads.WORD, "categoryType", ("Services", "Materials")),),
)

DISCOUNTS_AND_FEES: Final = Resource(
    area="pricebook",
    path="discounts-and-fees",
    kind="discounts-and-fees",
    shape="DiscountAndFeesResponse",
    label="Discount or fee",
    scope="discountsandfees",
    sort=_SORT,
    active="True",
    external=True,
    external_lookup=True,
    filters=(IDS, _SEARCH),
)

RESOURCES: Final = (SERVICES, MATERIALS, EQUIPMENT, DISCOUNTS_AND_FEES, CATEGORIES)
SKU_KINDS: Final = {"services": "Service", "materials": "Material", "equipment": "Equipment", "discounts-and-fees": "PriceModifier"}
