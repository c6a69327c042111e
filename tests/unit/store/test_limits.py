from __future__ import annotations

from sana_desktop.store.limits import FOR_A_COMMAND, StoreLimits


def test_the_contracts_own_numbers() -> None:
    limits = StoreLimits()
    assert limits.busy_seconds == 5.0  # B11
    assert limits.patience_seconds == limits.opening_seconds == 30.0  # P11
    assert FOR_A_COMMAND.opening_seconds == 5.0
    assert limits.close_seconds < 5.0  # I10
    assert limits.ballast_bytes == 5 * 1024 * 1024  # B11
