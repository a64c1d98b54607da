"""A disk that the system has turned read-only: the account can be taken all the same, to be brought to rest."""

import os
from pathlib import Path

import pytest

from services.trading.desk.lease import AccountTaken, Lease


@pytest.mark.xfail(strict=True, reason="the lease is opened to be written, and an OSError ends the emergency stop")
def test_whoever_may_not_write_the_lease_takes_it_and_nobody_else_does(tmp_path: Path) -> None:
    path = tmp_path / "account.lease"
    with Lease(path):
        path.chmod(0o400)
        if os.access(path, os.W_OK):
            pytest.skip("whoever runs this may write everything")
    with Lease(path), pytest.raises(AccountTaken):
        Lease(path).take()
