"""Building requests: the envelope in the order of the vendor's own libraries (intacct-xml §1.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from tieout.intacct.client.credentials import Credentials
from tieout.intacct.client.errors import UnwritableError
from tieout.intacct.client.formats import wire_text

MAX_FUNCTIONS = 100


@dataclass(frozen=True, slots=True)
class Function:
    """One function of a request.

    Attributes:
        name: the function's element name, as the answer repeats it.
        control_id: what makes it unique for ever when the request asks for uniqueness (intacct-xml §1.6).
        body: the serialised function element.
        object: the object it is about, for messages.
        transactions: what it counts as on the vendor's meter (intacct-xml §6).
    """

    name: str
    control_id: str
    body: bytes = field(repr=False)
    object: str = ""
    transactions: int = 1


def element(name: str, content: Any = None, **attributes: str) -> etree._Element:
    """An element whose content is a value, a mapping of names to content, or a list of mappings (repeated children).

    Raises UnwritableError for text or a name that XML cannot carry.
    """
    try:
        node = etree.Element(name, attributes)
    except ValueError as error:
        raise UnwritableError(f"“{name}” cannot be an element name: {error}") from None
    fill(node, content)
    return node


def fill(node: etree._Element, content: Any) -> None:
    """Put content into an element; see `element`."""
    match content:
        case Mapping():
            for name, inner in content.items():
                for one in inner if isinstance(inner, list) else [inner]:
                    node.append(element(name, one))
        case None:
            return
        case _:
            text = wire_text(content)
            try:
                node.text = text or None
            except ValueError:
                raise UnwritableError(f"the text of {node.tag} holds {_culprit(text)}, which XML cannot carry") from None


def _culprit(text: str) -> str:
    for character in text:
        code = ord(character)
        if (code < 0x20 and character not in "\t\n\r") or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF):
            return f"the character U+{code:04X}"
    return "a character"


def function(
    name: str,
    control_id: str,
    content: Any = None,
    *,
    object: str = "",
    transactions: int = 1,
    attributes: Mapping[str, str] | None = None,
) -> Function:
    """A function from its content; see `element`. Raises UnwritableError."""
    return from_node(element(name, content, **(attributes or {})), control_id, object=object, transactions=transactions)


def from_node(node: etree._Element, control_id: str, *, object: str = "", transactions: int = 1) -> Function:
    """A function from a finished element."""
    return Function(str(node.tag), control_id, etree.tostring(node, encoding="utf-8"), object, transactions)


def login(credentials: Credentials, entity: str) -> etree._Element:
    """The authentication block that signs in; the entity is left out for the top level."""
    content: dict[str, Any] = {
        "userid": credentials.user_id,
        "companyid": credentials.company_id,
        "password": credentials.user_password,
    }
    if entity:
        content["locationid"] = entity
    return element("authentication", {"login": content})


def with_session(session_id: str) -> etree._Element:
    """The authentication block of an open session."""
    return element("authentication", {"sessionid": session_id})


def request(
    credentials: Credentials, authentication: etree._Element, functions: Sequence[Function], *, control_id: str, unique: bool
) -> bytes:
    """A whole request. `unique` asks the gateway to refuse a function whose control id it has executed before.

    Raises ValueError for no function, more than 100, or two with the same control id.
    """
    if not 1 <= len(functions) <= MAX_FUNCTIONS:
        raise ValueError(f"a request carries 1 to {MAX_FUNCTIONS} functions, not {len(functions)}")
    if len({each.control_id for each in functions}) != len(functions):
        raise ValueError("two functions of one request have the same control id")
    root = etree.Element("request")
    root.append(
        element(
            "control",
            {
                "senderid": credentials.sender_id,
                "password": credentials.sender_password,
                "controlid": control_id,
                "uniqueid": unique,
                "dtdversion": "3.0",
                "includewhitespace": False,
            },
        )
    )
    operation = etree.SubElement(root, "operation", {"transaction": "false"})
    operation.append(authentication)
    content = etree.SubElement(operation, "content")
    for each in functions:
        holder = etree.SubElement(content, "function", {"controlid": each.control_id})
        holder.append(etree.fromstring(each.body))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
