"""Addresses of the province's pages; the devices' paths are answered by ``province.middleware.ApiPassesBy``."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from province.portal import views as portal
from province.public import views as public

urlpatterns: list[URLPattern | URLResolver] = [
    path("q/", public.typed, name="look-up"),
    path("q/<str:digits>", public.scanned, name="scanned"),
    path("declare/", portal.form, name="declare"),
    path("declare/<str:online>/", portal.done, name="declared"),
    path("desk/", include("province.desk.urls")),
    path("admin/", admin.site.urls),
]
handler500 = public.out_of_order
