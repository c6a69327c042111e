"""What a connection says of itself."""

from __future__ import annotations

from dataclasses import replace

from sana_desktop.api.origin import Origin
from sana_desktop.store.secrets import SecretName
from sana_desktop.workspace.connection import Access, Connection, Mark

SITE, PRACTICE = Origin("https", "acme.sana.ai", 443), Origin("https", "api.sanalabs.com", 443)
ACME = Connection("c", "Acme", SITE, "blue", Mark.LIVE, Access.CLIENT, "x", PRACTICE)


def test_t1_a_secret_is_kept_for_the_very_service_that_it_is_sent_to() -> None:
    assert ACME.owner_of(SecretName.CLIENT_SECRET) == "c@https://acme.sana.ai"
    assert ACME.owner_of(SecretName.API_KEY) == "c@https://api.sanalabs.com"
    assert replace(ACME, practice=None).owner_of(SecretName.API_KEY) == "c"


def test_one_that_a_pasted_key_made_gives_no_reports() -> None:
    assert ACME.gives_reports
    assert not replace(ACME, origin=PRACTICE, access=Access.PASTED).gives_reports
