"""From which address a request comes, as far as limits care.

Behind a reverse proxy every request comes from the proxy; the address is then what the proxy itself wrote last into the
header named by the setting. What a visitor wrote into it before counts for nothing.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's address; of IPv6 the network of 64 bits, which is what one visitor has."""
    direct = str(request.META.get("REMOTE_ADDR") or "")
    header = settings.PROXY_HEADER
    told = request.headers.get(header, "").rpartition(",")[2].strip() if header else ""
    return _network(told) or _network(direct) or direct


def _network(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if mapped is not None or isinstance(address, ipaddress.IPv4Address):
        return str(mapped or address)
    return str(ipaddress.ip_network((address, 64), strict=False))
