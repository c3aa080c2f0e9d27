"""Which page stands at which place."""

from __future__ import annotations

from ui.pages.about import AboutPage
from ui.pages.certificates import CertificatesPage
from ui.pages.confirmations import ConfirmationsPage
from ui.pages.day_close import DayClosePage
from ui.pages.declarations import DeclarationsPage
from ui.pages.inspection import InspectionPage
from ui.pages.issue import IssuePage
from ui.pages.ledgers import LedgersPage
from ui.pages.life import LifePage
from ui.pages.losses import LossesPage
from ui.pages.numbers import NumbersPage
from ui.pages.old_sheets import OldSheetsPage
from ui.pages.page import Page
from ui.pages.prints import PrintsPage
from ui.pages.ready import ReadyPage
from ui.pages.settings import SettingsPage
from ui.pages.stocktake import StocktakePage
from ui.pages.stores import StoresPage
from ui.pages.supervision import SupervisionPage
from ui.pages.sync import SyncPage
from ui.pages.today import TodayPage
from ui.pages.verify import VerifyPage
from ui.places import Place

PAGES: dict[Place, type[Page]] = {
    page.place: page
    for page in (
        TodayPage,
        ReadyPage,
        DeclarationsPage,
        InspectionPage,
        IssuePage,
        PrintsPage,
        CertificatesPage,
        NumbersPage,
        StocktakePage,
        LedgersPage,
        LifePage,
        ConfirmationsPage,
        OldSheetsPage,
        StoresPage,
        LossesPage,
        SupervisionPage,
        VerifyPage,
        DayClosePage,
        SyncPage,
        SettingsPage,
        AboutPage,
    )
}
