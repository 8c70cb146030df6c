"""The functions `approve` and `decline` (intacct-xml §2.9): each names one record of an object that is approved."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from tieout.sandbox.intacct.behaviour import PLAIN
from tieout.sandbox.intacct.incoming import Given
from tieout.sandbox.intacct.reply import Result
from tieout.sandbox.intacct.wording import no_such_object, not_permitted, query_failed
from tieout.sandbox.intacct.work import Work


def judging(verb: str) -> Callable[[Work, etree._Element], Result]:
    """The handler of one of the two; what it decides is the object's own `judge`."""

    def handler(work: Work, asked: etree._Element) -> Result:
        if len(asked) != 1:
            raise query_failed(f"{verb} takes one object.")
        name = str(asked[0].tag).upper()
        kind = work.company.kinds.get(name)
        if kind is None:
            raise no_such_object(name)
        judge = work.company.behaviours.get(name, PLAIN).judge
        if judge is None:
            raise not_permitted(verb.upper(), name)
        work.permit(verb, name)
        given: Given = {str(child.tag).upper(): (child.text or "").strip() for child in asked[0]}
        with work.storage.transaction():
            judge(work, kind, verb, given)
        return Result("success", written=1, transactions=1)

    return handler
