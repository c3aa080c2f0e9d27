"""Each kind of fact that can stand in a journal, by the part of the work it belongs to.

Importing this package registers every kind. Public structs hold no names, phones, addresses, plates, free text or
credentials; those are in the private structs beside them. A thing is named by the entry that made it.
"""

from inspector_app.journal.entries import (
    blanks,
    ceremony,
    certificates,
    corrections,
    custody,
    custody_cases,
    declarations,
    devices,
    inspections,
    losses,
    openings,
    photographs,
    printing,
    sheets,
    stocktakes,
    stores,
    successions,
    supervision,
)

__all__ = [
    "blanks",
    "ceremony",
    "certificates",
    "corrections",
    "custody",
    "custody_cases",
    "declarations",
    "devices",
    "inspections",
    "losses",
    "openings",
    "photographs",
    "printing",
    "sheets",
    "stocktakes",
    "stores",
    "successions",
    "supervision",
]
