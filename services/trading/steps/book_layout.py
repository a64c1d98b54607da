"""Where everything of a book stands in its rows of floats. Money is in quote, quantities in base, shares of 1."""

# --- what the book holds
CASH, HELD, OPEN, ENTRY, HIGH = 0, 1, 2, 3, 4
"""Cash; coins, below 0 when short; 1 while a long is open, -1 while a short is; its mean entry price; the best price of
its earlier bars: the highest for a long, the lowest for a short."""
PENDING, COOL, LEFT = 5, 6, 7
"""What the last close decided (1 buys, -1 sells, 0 nothing); bars left without an entry; 1 on a bar that was left by a
stop."""
FEES, BOTH = 8, 9
"""Fees so far, in quote at their fill's price; bars that touched stop and target."""
REFUSED, FILLS = 10, 11
"""Why an order of this bar was not placed; how many fills this bar has."""
TURNS, ENTERED = 12, 13
"""Which way is entered as soon as the position is left (0 none); how much of base the position was entered with."""
OWED, FUNDING, VOLATILITY = 14, 15, 16
"""Fees paid in another currency, in quote at their fills; funding paid since the latest fill; how far, as a share, the
price is expected to spread over the sizing's horizon: a caller sets it before ``closing``, below 0 while not known."""
REST, REST_SIDE, LIMIT, AGE, REPRICED, INSIDE = 17, 18, 19, 20, 21, 22
"""Steps of an entry that are still to be filled, 0 for none; 1 buys, -1 sells; at what limit, 0 once it is to go at
market; bars since it was placed or priced anew; how often it was; 1 on a bar in which it was filled after the open."""
REFUSED_SIDE = 23
"""Which way the order went that was not placed."""
BOOK = 24

# --- on what terms it trades
TICK_PART, TICK_SCALE, STEP_PART, STEP_SCALE, MIN_NOTIONAL = 0, 1, 2, 3, 4
FEE, FEE_IN_BASE, SLIPPAGE_TICKS, AT_CLOSE = 5, 6, 7, 8
STOP, TRAILING, TARGET, STOP_FIRST, COOL_DOWN = 9, 10, 11, 12, 13
"""Shares of the price, 0 for none; 1 where a bar that touches both is left by its stop; bars."""
FIXED, SHARE = 14, 15
"""An entry takes a fixed amount of quote where that is above 0, else a share of the cash."""
LIMIT_SHARE, VOLUME_IN_QUOTE = 16, 17
"""How much of a bar's volume a limit order may take."""
FEE_IN_OTHER, VOLATILITY_TARGET = 18, 19
"""1 where a currency that is neither base nor quote pays the fee; the share of equity that a position is expected to
spread over the horizon of the sizing, 0 where it is not sized so."""
BY_LIMITS, OFFSET_TICKS, OFFSET_SHARE = 20, 21, 22
"""1 where entries rest at a limit; how far that is from the price it is placed at."""
REPRICE_BARS, REPRICE_TIMES, THEN_MARKET = 23, 24, 25
"""After how many bars the limit is priced anew, how often, and whether the rest then goes at market or is given up."""
MARGIN = 26
"""1 on a perpetual future: what only reduces a position is taken in any size, so neither dust nor a debt is left."""
TERMS = 27

# --- a fill
SIDE, QUANTITY, PRICE, PAID, REASON, FUNDED, AFTER = 0, 1, 2, 3, 4, 5, 6
"""1 or -1; in base; in quote; the fee in quote; why; the funding paid since the fill before; the position after it."""
FILL = 7
MOST_FILLS = 5
"""In one bar: an exit and an entry at its open, a limit, a stop or a target, and one more entry at its close."""
AMONG_FILLS = 7
"""The bits that a fill's number in its bar has. Masked by them it counts from the front for sure, and a compiled step
does not ask of each index whether it is below 0 and so counts from the end."""

BY_SIGNAL, BY_STOP, BY_TRAILING, BY_TARGET, BY_LIQUIDATION, BY_LIMIT, BY_TURN = 0, 1, 2, 3, 4, 5, 6
"""Reasons of a fill."""

PLACED, NOT_ONE_STEP, TOO_SMALL, NO_PRICE, BARS_MISSING, NO_VOLUME = 0, 1, 2, 3, 4, 5
NO_VOLATILITY, GIVEN_UP, CALLED_OFF = 6, 7, 8
"""Why an order was not placed, or is no more."""
