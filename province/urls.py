"""Addresses of the province's pages; the devices' two paths are answered by ``province.middleware.ApiPassesBy``."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
]
