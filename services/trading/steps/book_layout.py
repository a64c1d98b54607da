"""Where everything of a book stands in its rows of floats. Money is in quote, quantities in base, shares of 1."""

# --- what the book holds
CASH, HELD, OPEN, ENTRY, HIGH = 0, 1, 2, 3, 4
"""Cash; coins; 1 while a position is open; its entry price; the highest price of its earlier bars."""
PENDING, COOL, LEFT = 5, 6, 7
"""What the last close decided (1 buys, -1 sells, 0 nothing); bars left without an entry; 1 on a bar that was left by a
stop."""
FEES, BOTH = 8, 9
"""Fees so far, in quote at their fill's price; bars that touched stop and target."""
REFUSED, FILLS = 10, 11
"""Why an order of this bar was not placed; how many fills this bar has."""
BOOK = 12

# --- on what terms it trades
TICK_PART, TICK_SCALE, STEP_PART, STEP_SCALE, MIN_NOTIONAL = 0, 1, 2, 3, 4
FEE, FEE_IN_BASE, SLIPPAGE_TICKS, AT_CLOSE = 5, 6, 7, 8
STOP, TRAILING, TARGET, STOP_FIRST, COOL_DOWN = 9, 10, 11, 12, 13
"""Shares of the price, 0 for none; 1 where a bar that touches both is left by its stop; bars."""
FIXED, SHARE = 14, 15
"""An entry takes a fixed amount of quote where that is above 0, else a share of the cash."""
LIMIT_SHARE, VOLUME_IN_QUOTE = 16, 17
"""How much of a bar's volume a limit order may take."""
TERMS = 18

# --- a fill
SIDE, QUANTITY, PRICE, PAID, REASON = 0, 1, 2, 3, 4
"""1 or -1; in base; in quote; the fee in quote; why."""
FILL = 5
MOST_FILLS = 3
"""In one bar: what was decided before it, a stop or a target, and what it decides itself at its close."""

BY_SIGNAL, BY_STOP, BY_TRAILING, BY_TARGET = 0, 1, 2, 3
"""Reasons of a fill."""

PLACED, NOT_ONE_STEP, TOO_SMALL, NO_PRICE, BARS_MISSING, NO_VOLUME = 0, 1, 2, 3, 4, 5
"""Why an order was not placed."""
