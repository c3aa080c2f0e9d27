"""Addresses of the provincial desk, all below ``/desk/``."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, path, reverse_lazy
from django.views.generic import RedirectView

from province.desk import (
    approval_pages,
    case_pages,
    chain_pages,
    destruction_pages,
    document_pages,
    draw_pages,
    ending_pages,
    hand_in_pages,
    loss_pages,
    paper_pages,
    receipt_pages,
    register_pages,
    stock_pages,
    visit_pages,
    visit_record_pages,
)
from province.public.login import GuardedLogin

STOCK = reverse_lazy("desk-stock")
SIGN_IN = LoginView.as_view(
    template_name="desk/sign_in.html",
    authentication_form=GuardedLogin,
    next_page=STOCK,
)

urlpatterns: list[URLPattern] = [
    path("", RedirectView.as_view(url=STOCK), name="desk"),
    path("sign-in/", SIGN_IN, name="desk-sign-in"),
    path("sign-out/", LogoutView.as_view(next_page=reverse_lazy("desk-sign-in")), name="desk-sign-out"),
    path("documents/<int:cursor>/", document_pages.document, name="desk-document"),
    path("stock/", stock_pages.stock, name="desk-stock"),
    path("stock/deliveries/new/", stock_pages.deliver, name="desk-stock-deliver"),
    path("stock/orders/new/", stock_pages.order, name="desk-stock-order"),
    path("stock/distributions/new/", stock_pages.give, name="desk-stock-distribute"),
    path("stock/distributions/<str:record>/receipt/", receipt_pages.receipt, name="desk-stock-receipt"),
    path("stock/asks/<str:record>/", approval_pages.ask, name="desk-stock-ask"),
    path("stock/endings/", ending_pages.endings, name="desk-stock-end"),
    path("stock/endings/asks/<str:record>/", ending_pages.destruction, name="desk-stock-destruction"),
    path("stock/endings/<str:record>/", ending_pages.loss, name="desk-stock-loss"),
    path("stock/returns/new/", stock_pages.back, name="desk-stock-return"),
    path("stock/fees/", stock_pages.fee_pages, name="desk-fees"),
    path("draws/", draw_pages.draws, name="desk-draws"),
    path("draws/new/", draw_pages.new, name="desk-draw-new"),
    path("draws/asks/<str:record>/", draw_pages.ask, name="desk-draw-ask"),
    path("draws/hand-ins/<path:ref>/", hand_in_pages.hand_in, name="desk-hand-in"),
    path("draws/<str:record>/", draw_pages.drawn, name="desk-draw"),
    path("papers/", paper_pages.papers, name="desk-papers"),
    path("destruction/", destruction_pages.destruction, name="desk-destruction"),
    path("losses/", loss_pages.losses, name="desk-losses"),
    path("losses/one/", loss_pages.loss, name="desk-loss"),
    path("visits/", visit_pages.visits, name="desk-visits"),
    path("visits/new/", visit_record_pages.choose, name="desk-visit-new"),
    path("visits/new/<int:station>/", visit_record_pages.record, name="desk-visit-record"),
    path("visits/one/", visit_record_pages.visit, name="desk-visit"),
    path("visits/violations/", visit_pages.violation_list, name="desk-violations"),
    path("visits/cases/", case_pages.case_list, name="desk-cases"),
    path("visits/lots/", visit_pages.plan, name="desk-visit-plan"),
    path("registers/", register_pages.registers, name="desk-registers"),
    path("registers/estimate/", register_pages.estimate, name="desk-estimate"),
    path("chains/", chain_pages.chain_list, name="desk-chains"),
    path("chains/check/<str:device>/", chain_pages.check, name="desk-chain-check"),
    path("chains/stations/<int:number>/", chain_pages.station, name="desk-chain-station"),
]
