"""What the document rules must know about a kind: parties, dates, accounts, states. Pure data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A document with lines that posts to the ledger: bills, invoices, adjustments, advances (intacct-xml §3D).

    Attributes:
        party: the header's field that names who it is with; `party_word` is the word in messages.
        module, journal, record_type: where its entries go, and what they are called.
        sign: 1 if its lines are debits, -1 if they are credits.
        control: the setting that names the account the total is booked against.
        date, posted, due: the header's date fields; an empty name if it has none.
        number: the field of the document's own number.
        required: what a document that is no draft must carry.
        unique: whether the company may forbid the same number twice for one party.
        missing_number: the error when a number is demanded and none is given (intacct-xml §5.2).
        labels: the kind of account labels lines may name instead of an account.
        foreign_module: the module whose documents are changed through their own object only.
        bank: the total goes to the bank or undeposited-funds account the header names.
        contacts: the header's contact field and key, and the party's key they default to before its display contact.
        retainage: the setting that names the account of what is held back.
        taxes: the column of a tax solution with the account of taxes that name none of their own; without it lines have no taxes.
    """

    party: str
    party_word: str
    module: str
    journal: str
    record_type: str
    sign: int
    control: str
    date: str = "WHENCREATED"
    posted: str = "WHENPOSTED"
    due: str = "WHENDUE"
    number: str = "RECORDID"
    required: tuple[str, ...] = ()
    unique: bool = False
    missing_number: str = "PL01000127"
    labels: str = ""
    foreign_module: str = ""
    bank: bool = False
    contacts: tuple[tuple[str, str, str], ...] = ()
    retainage: str = ""
    taxes: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """A record applied instead of money: the columns of its key and amount, and its kind."""

    key: str
    kind: str
    amount: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """A payment whose lines settle documents (intacct-xml §3D APPYMT).

    Attributes:
        party, module, journal, sign, control: as for a document; sign is 1 where money goes out.
        targets: the line's columns that name what is paid -> the kind, the first one given counts.
        amount: the line's column with the money paid.
        credits: what else a line may settle with.
        date: the header's date of payment.
        needs_account: the header must say where the money goes.
    """

    party: str
    party_word: str
    module: str
    journal: str
    record_type: str
    sign: int
    control: str
    targets: tuple[tuple[str, str], ...]
    amount: str
    credits: tuple[Credit, ...]
    date: str
    needs_account: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A purchasing or order-entry document with its lines (intacct-xml §3C).

    Attributes:
        document, entry, subtotal, definition: the objects it is made of; `container` is the element of the lines.
        module: what its bills and entries say they were made by.
        party: the kind of who it is with; `party_word` is the word in messages.
        contacts: the header's contact element and the party's key it defaults to before its display contact.
        bill: what it makes when its definition says so, and the container of that one's lines; `bill_party` names who it is with.
        credit: what it makes instead where the definition is one of returns or adjustments, with the amounts turned round.
        barred: item types it does not take.
        unit: the column of a unit group with the unit a line has where it names none.
        price: the item's column with the price a line has where it names none.
        accounts: the item's accounts for what is not kept in stock, and for what is.
        history: what keeps which document was made from which.
    """

    document: str
    entry: str
    subtotal: str
    container: str
    definition: str
    module: str
    party: str
    party_word: str
    contacts: tuple[tuple[str, str], ...]
    bill: tuple[str, str]
    credit: tuple[str, str]
    bill_party: str
    barred: tuple[str, ...]
    unit: str
    price: str
    accounts: tuple[str, str]
    history: str = ""
