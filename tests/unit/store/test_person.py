"""Who ordered: the account and the computer, whatever the environment says."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from sana_desktop.store.person import person_here, user_name


def test_account_and_computer_are_told() -> None:
    assert person_here().endswith(socket.gethostname())
    assert user_name()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another way to tell")
def test_a_variable_does_not_make_it_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    before = person_here()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "HOSTNAME"):
        monkeypatch.setenv(name, "the-boss")
    assert person_here() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has another way to tell")
def test_an_account_without_a_name_is_told_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4_123_456_789)
    assert user_name() == "4123456789"
