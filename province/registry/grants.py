"""Which of a person's grants (授权) counts when, and until when the person may sign at a station.

The newest grant that has begun counts; a later one that begins next month changes nothing until then. All functions
take a person's grants newest first, as `grants_of` gives them.
"""

from __future__ import annotations

from collections.abc import Sequence

from inspector_app.domain.authority import Post
from province.registry.models import PublishedGrant


def grants_of(using: str, person: int) -> list[PublishedGrant]:
    """A person's grants, newest first."""
    return list(PublishedGrant.objects.using(using).filter(person_id=person).order_by("-ordinal"))


def in_force(grants: Sequence[PublishedGrant], at: int) -> PublishedGrant | None:
    """The grant that counts at a moment, ended or not; before the first has begun, the newest."""
    # What was done under one grant is not undone because the next has begun since, while the laptop was away.
    begun = [grant for grant in grants if grant.valid_from <= at]
    return next(iter([*begun, *grants]), None)


def end_of_signing(grants: Sequence[PublishedGrant], station: int) -> int | None:
    """The last UTC ms at which the person may sign at a station; None when there never is one.

    A vet's ends with the post of vet, whatever post comes after it: the key is what certificates are signed with.
    """
    ever_vet = any(Post.VET in grant.posts for grant in grants)
    ends, superseded_from = [], 2**63
    for grant in grants:
        end = min(grant.valid_until, superseded_from - 1)
        signs = Post.VET in grant.posts if ever_vet else bool(grant.posts)
        if signs and grant.station in (0, station) and grant.valid_from <= end:
            ends.append(end)
        superseded_from = min(superseded_from, grant.valid_from)
    return max(ends, default=None)
