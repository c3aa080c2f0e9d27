"""What producers in this world declare: fry from Gaoyou, for the next county or for the next province."""

from __future__ import annotations

from inspector_app.domain.declaration import DeclarationForm, OnlineDeclaration
from inspector_app.domain.quantities import Quantity

GAOYOU, XINGHUA, HANGZHOU = 321084, 321281, 330106
GRASS_CARP, LOACH = 101, 118
"""For a certificate A, grass carp needs a laboratory's result; loach does not."""
TEN_THOUSAND_FISH = 11
_PLACES = {XINGHUA: "沙沟镇练习村", HANGZHOU: "三墩镇练习村"}


def producers_form(
    species: int, destination: int, quantity: int, departs_at: int, owner: str = "王大河"
) -> DeclarationForm:
    """A declaration of ``quantity`` times ten thousand fry (万尾); ``departs_at`` in UTC ms."""
    return DeclarationForm(
        owner=owner,
        owner_phone="13800000001",
        species=species,
        stage="fry",
        quantity=Quantity(quantity, 0, TEN_THOUSAND_FISH),
        purpose=1,
        origin=GAOYOU,
        origin_place="菱塘回族乡练习水产苗种场",
        destination=destination,
        destination_place=_PLACES[destination],
        departs_at=departs_at,
    )


def as_declared_online(form: DeclarationForm, online: str, station: int, declared_at: int) -> OnlineDeclaration:
    """The same declaration as the province tells it to the station, made on its page under the name ``online``."""
    return OnlineDeclaration(
        online=online,
        station=station,
        declared_at=declared_at,
        owner=form.owner,
        owner_phone=form.owner_phone,
        owner_address=form.owner_address,
        permit=form.permit,
        species=form.species,
        stage=form.stage,
        quantity=form.quantity,
        purpose=form.purpose,
        origin=form.origin,
        origin_place=form.origin_place,
        pond=form.pond,
        destination=form.destination,
        destination_place=form.destination_place,
        consignee=form.consignee,
        wild=form.wild,
        departs_at=form.departs_at,
        remarks=form.remarks,
    )
