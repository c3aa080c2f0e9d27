"""Addresses of the provincial desk, all below ``/desk/``."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, path, reverse_lazy
from django.views.generic import RedirectView

from province.desk import (
    approval_pages,
    attachment_pages,
    case_pages,
    chain_pages,
    count_pages,
    destruction_pages,
    document_pages,
    draw_pages,
    ending_pages,
    hand_in_pages,
    loss_pages,
    notice_pages,
    paper_pages,
    receipt_pages,
    register_change_pages,
    register_pages,
    report_pages,
    stock_destruction_pages,
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
    path("attachments/<str:name>/", attachment_pages.attachment, name="desk-attachment"),
    path("documents/<int:cursor>/", document_pages.document, name="desk-document"),
    path("stock/", stock_pages.stock, name="desk-stock"),
    path("stock/deliveries/new/", stock_pages.deliver, name="desk-stock-deliver"),
    path("stock/orders/new/", stock_pages.order, name="desk-stock-order"),
    path("stock/distributions/new/", stock_pages.give, name="desk-stock-distribute"),
    path("stock/distributions/<str:record>/receipt/", receipt_pages.receipt, name="desk-stock-receipt"),
    path("stock/asks/<str:record>/", approval_pages.ask, name="desk-stock-ask"),
    path("stock/endings/", ending_pages.endings, name="desk-stock-end"),
    path("stock/endings/<str:record>/", ending_pages.loss, name="desk-stock-loss"),
    path("stock/endings/<str:record>/notice/", notice_pages.notice, name="desk-stock-notice"),
    path("stock/endings/<str:record>/notice.pdf", notice_pages.notice_pdf, name="desk-stock-notice-pdf"),
    path("stock/endings/<str:record>/publication/", notice_pages.publication, name="desk-stock-publication"),
    path("stock/endings/<str:record>/reports/", report_pages.draw, name="desk-stock-reports"),
    path("stock/endings/<str:record>/reports/sent/", report_pages.sent, name="desk-stock-send-report"),
    path(
        "stock/endings/<str:record>/reports/acknowledged/",
        report_pages.acknowledged,
        name="desk-stock-acknowledge-report",
    ),
    path("stock/endings/<str:record>/report-<str:to>.pdf", report_pages.report_pdf, name="desk-stock-report-pdf"),
    path("stock/destructions/", stock_destruction_pages.destructions, name="desk-stock-destroy"),
    path("stock/destructions/<str:record>/", stock_destruction_pages.destruction, name="desk-stock-destruction"),
    path(
        "stock/destructions/<str:record>/request.pdf",
        stock_destruction_pages.request_pdf,
        name="desk-stock-destruction-pdf",
    ),
    path("stock/destructions/<str:record>/<str:step>/", stock_destruction_pages.act, name="desk-stock-destroy-act"),
    path("stock/counts/", count_pages.counts, name="desk-stock-counts"),
    path("stock/counts/<str:record>/", count_pages.count, name="desk-stock-count"),
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
    path("registers/asks/<str:record>/", register_change_pages.asked, name="desk-register-ask"),
    path("registers/organisations/new/", register_change_pages.organisation, name="desk-register-organisations-new"),
    path(
        "registers/organisations/<int:number>/", register_change_pages.organisation, name="desk-register-organisations"
    ),
    path("registers/stores/new/", register_change_pages.store, name="desk-register-stores-new"),
    path("registers/stores/<int:number>/<int:location>/", register_change_pages.store, name="desk-register-stores"),
    path("registers/seals/new/", register_change_pages.seal, name="desk-register-seals-new"),
    path("registers/seals/<path:name>/", register_change_pages.seal, name="desk-register-seals"),
    path("registers/licences/new/", register_change_pages.licence_new, name="desk-register-licences-new"),
    path("registers/licences/<path:file>/", register_change_pages.licence, name="desk-register-licences"),
    path("chains/", chain_pages.chain_list, name="desk-chains"),
    path("chains/check/<str:device>/", chain_pages.check, name="desk-chain-check"),
    path("chains/stations/<int:number>/", chain_pages.station, name="desk-chain-station"),
]
