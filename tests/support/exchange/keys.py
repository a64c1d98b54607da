"""Who may ask: the key, its signature over exactly what was sent, and how old the request is."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.exchange.markets import Rejection


@dataclass
class Keys:
    """One key, its secret, and what it may do."""

    key: str = "testkey"
    secret: str = "testsecret"
    rights: dict[str, bool] = field(
        default_factory=lambda: {
            "ipRestrict": True,
            "enableReading": True,
            "enableSpotAndMarginTrading": True,
            "enableWithdrawals": False,
            "enableInternalTransfer": False,
            "permitsUniversalTransfer": False,
            "enableMargin": False,
            "enableFutures": False,
            "enableVanillaOptions": False,
            "enablePortfolioMarginTrading": False,
        }
    )

    def check(self, key: str, signed: str, fields: Mapping[str, str], now: int) -> None:
        """Raise what is said to a stranger, of a wrong signature, and of a request too old or from the future."""
        if key != self.key:
            raise Rejection(-2015, "Invalid API-key, IP, or permissions for action.", 401)
        payload, _, signature = signed.rpartition("&signature=")
        right = hmac.new(self.secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right, signature):
            raise Rejection(-1022, "Signature for this request is not valid.")
        sent, window = int(fields.get("timestamp", 0)), int(fields.get("recvWindow", 5000))
        if sent > now + 1000:
            raise Rejection(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
        if sent < now - window:
            raise Rejection(-1021, "Timestamp for this request is outside of the recvWindow.")
