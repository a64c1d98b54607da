"""Trading: a strategy is data; the same steps decide by it in a backtest, on paper and live.

Candles come in, a strategy's terms are weighed into a score at each close, the score asks for entries and exits, and
those become orders: at a paper broker with a file of its own, or at the desk of an exchange account. Each room below
rests only on rooms above it.

==============  ========================================================================================
``steps``       the arithmetic of terms, orders and fills from one bar to the next, on plain numbers
``candles``     the bars of a market, read from files and checked row by row
``language``    what a strategy's file may say: terms, sizing, limits, stops, shorts
``plugins``     terms of the user's own, each run in a child process
``social``      what people say of a market, by the moment at which it was known
``scoring``     the terms together: a score at each bar, and the evidence for it
``anomalies``   what is unusual on a market while it is traded
``statistics``  returns, risk and round trips as figures, or none and why
``venue``       an exchange as our orders see it, whatever library speaks to it
``paper``       the broker on paper, and what trades there: recorded candles or live bars
``chart``       what a chart of a strategy draws
``results``     what a backtest leaves behind, and how a program reads it
``backtest``    one strategy over bars of the past, by the conventions that its file names
``kernel``      the same steps compiled, for many strategies over the same bars
``sweep``       one strategy with many values of its numbers, in processes beside the program
``learning``    search, walk forward, run in the shadow: what may be promoted, and why
``desk``        an exchange account: its orders, its ledger, its guards, and the way out of everything
``live``        a strategy on a live market, which asks the desk for what it wants
==============  ========================================================================================

Beside the rooms stands what several of them share. ``strategy`` is a strategy's file as a whole; ``feed`` and
``live_feed`` are where its candles come from, ``generated`` makes some for a machine without any, ``side_data`` is what
it decides by beside them, and ``between_bars`` refuses what candles cannot tell. ``fills`` and ``size_grids`` turn an
order into a fill in whole ticks and steps. ``events`` is what trading tells the journal; ``kpis`` and ``tape`` fold
that for pages, and ``metrics`` names what rules may watch.
"""
