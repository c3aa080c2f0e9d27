"""Cost fees (工本费) this station's unit still owes its institution, as the province told it (GX-2014 Art. 13).

Charged and settled between institutions at the province; here they are only shown: nobody draws again before.
"""

from __future__ import annotations

from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import OpenFee
from inspector_app.services.device import Device


@enforces("G15")
def open_fees(device: Device) -> list[OpenFee]:
    """What is not settled, the oldest first; amounts in fen."""
    rows = device.rows.many("fees", order="at", settled_on=None)
    return [
        OpenFee(str(row["fee"]), str(row["invoice"]), int(row["amount_fen"] or 0) - int(row["paid_fen"] or 0))
        for row in rows
    ]
