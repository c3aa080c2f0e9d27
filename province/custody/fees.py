"""The cost fee (工本费) between institutions: for a distribution or a draw, settled before the next (GX-2014 Art. 13).

Certificates reach a station by a draw alone, so at the last step it is the draw that is charged for.
"""

from __future__ import annotations

from inspector_app.domain.organisations import keeper_refusals
from inspector_app.domain.stock import MOST, FeeCharged, FeeSettled, OpenFee, yuan
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.projections import Row
from province.custody import deciding
from province.custody.deciding import Sides, record, refuse
from province.custody.organisations import find, location_of
from province.journal.rows import DjangoRows


def owed_by(using: str, organisation: int) -> list[OpenFee]:
    """What an organisation has not settled, the oldest first."""
    rows = DjangoRows(using).many("fees", payer=organisation)
    return [_open(row) for row in rows if row["settled_on"] is None]


def _open(row: Row) -> OpenFee:
    left = int(row["amount_fen"] or 0) - int(row["paid_fen"] or 0)
    return OpenFee(str(row["fee"]), str(row["invoice"]), left)


def charge(
    using: str, distribution: str, *, amount_fen: int, invoice: str, by: int, location: int = 1
) -> FeeCharged | StockRefused:
    """The giver's keeper charges the cost fee of one distribution, or by its name of one draw; once."""
    with deciding.deciding(using):
        rows = DjangoRows(using)
        row = rows.one("distributions", distribution=distribution) or rows.one("draw_decisions", draw=distribution)
        if row is None:
            return refuse(using, _sides("fee", by), [refusal(StockCode.RECORD_UNKNOWN, current=distribution)])
        giver, receiver = int(row["giver"] or 0), int(row["receiver"] or 0)
        found = keeper_refusals(location_of(using, giver, location), by)
        if rows.one("fees", distribution=distribution) is not None:
            found.append(refusal(StockCode.RECORD_SETTLED, current=distribution))
        if not 0 < amount_fen <= MOST or not invoice:
            found.append(refusal(StockCode.AMOUNT_WRONG, current=yuan(max(amount_fen, 0)), limit=invoice))
        if found:
            return refuse(using, _sides("fee", by, giver, receiver), found)
        name, day, at = deciding.name(using, "F", "fees"), deciding.today(using), deciding.moment(using)
        made = FeeCharged(name, distribution, receiver, giver, amount_fen, invoice, day, by, at)
        record(using, made, station=_station_of(using, receiver))
        return made


def _station_of(using: str, payer: int) -> int:
    """The station that owes a fee, so that it hears of it; 0 where an institution does."""
    organisation = find(using, payer)
    return organisation.station if organisation is not None else 0


def settle(
    using: str, fee: str, *, amount_fen: int, receipt: str, by: int, location: int = 1
) -> FeeSettled | StockRefused:
    """The keeper of the institution that is paid records a payment with its receipt; never more than is owed."""
    with deciding.deciding(using):
        rows = DjangoRows(using)
        row = rows.one("fees", fee=fee)
        if row is None:
            return refuse(using, _sides("fee", by), [refusal(StockCode.RECORD_UNKNOWN, current=fee)])
        payee, payer = int(row["payee"] or 0), int(row["payer"] or 0)
        found = keeper_refusals(location_of(using, payee, location), by) + _amount_refusals(row, amount_fen, receipt)
        if rows.one("fee_payments", fee=fee, receipt=receipt) is not None:
            found.append(refusal(StockCode.RECORD_SETTLED, current=receipt))
        if found:
            return refuse(using, _sides("fee", by, payee, payer), found)
        made = FeeSettled(fee, receipt, amount_fen, deciding.today(using), by, deciding.moment(using))
        record(using, made, station=_station_of(using, payer))
        return made


def _amount_refusals(row: Row, amount_fen: int, receipt: str) -> list[StockRefusal]:
    left = _open(row).left_fen
    if 0 < amount_fen <= left and receipt:
        return []
    return [refusal(StockCode.AMOUNT_WRONG, current=yuan(max(amount_fen, 0)), limit=yuan(left))]


def _sides(act: str, by: int, organisation: int = 0, counterpart: int = 0) -> Sides:
    return Sides(act=act, by=by, organisation=organisation, counterpart=counterpart)
