"""Every element the reference lists for purchasing and order-entry functions is taken in its order, and in no other (§2.11)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, Reply
from tests.contract.spec_facts import facts

# Where the page and the vendor's own SDK differ, or a word stands for what is not an element.
ATTRIBUTES = {"key", "disablevalidation", "line_num"}
INNER = {
    "potransitems": ("potransitem",),
    "sotransitems": ("sotransitem",),
    "updatepotransitems": ("updatepotransitem", "potransitem"),
    "updatesotransitems": ("updatesotransitem", "sotransitem"),
    "subtotals": ("subtotal",),
    "updatesubtotals": ("updatesubtotal",),
    "itemdetails": ("itemdetail",),
    "linesubtotals": ("linesubtotal",),
    "fulfillmentstatus": ("",),
    "customfields": (),
}
FUNCTIONS = ("create_potransaction", "update_potransaction", "create_sotransaction", "update_sotransaction")


def shape_of(function: str, element: str) -> list[str]:
    """The elements within one, in the order of the reference."""
    listed: dict[str, Any] = facts("intacct/objects")["functions"][function]["elements"]
    name = next((each for each in listed if element in each.split("/")), "")
    return [each for each in listed.get(name, {}) if each not in ATTRIBUTES]


def written(function: str, element: str, names: list[str]) -> str:
    """An element with all it may hold, empty but for what it is made of."""
    number = ' line_num="1"' if element in {"updatepotransitem", "updatesotransitem"} else ""
    inner = ""
    for name in names:
        parts = INNER.get(name, ())
        content = "".join(
            written(function, part, shape_of(function, part))
            if part
            else "".join(f"<{each}/>" for each in ("deliverystatus", "deliverydate"))
            for part in parts
        )
        inner += f"<{name}>{content}</{name}>"
    return f"<{element}{number}>{inner}</{element}>"


def sent(intacct: Gateway, function: str, body: str) -> Reply:
    return intacct.call(body.replace(f"<{function}>", f'<{function} key="x">', 1) if function.startswith("update") else body)


def is_schema_error(reply: Reply) -> bool:
    return reply.text("errormessage/error/errorno") == "XL03000003"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_all_elements_in_their_order_are_taken(intacct: Gateway, function: str) -> None:
    reply = sent(intacct, function, written(function, function, shape_of(function, function)))
    assert not is_schema_error(reply), reply.response.text
    assert reply.status == "failure"  # nothing in it has a value


@pytest.mark.parametrize("function", FUNCTIONS)
def test_any_two_neighbours_the_other_way_round_are_refused(intacct: Gateway, function: str) -> None:
    names = shape_of(function, function)
    for at in range(len(names) - 1):
        turned = [*names[:at], names[at + 1], names[at], *names[at + 2 :]]
        assert is_schema_error(sent(intacct, function, written(function, function, turned))), turned[at : at + 2]
