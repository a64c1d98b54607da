"""The six ideas every service is made of, a room for each, and the ground they stand on.

==============  ========================================================================================
``events``      Event: a frozen fact that is kept; ``samples``: numbers that stream and are rolled up
``process``     Process: anything that runs, with the context through which it asks for everything
``decisions``   Decision: an act taken for the user or put before them; the ledger and the Inbox
``effects``     Effect: a decision that touches the outside; intent, act, settle, look up
``rules``       Rule: a threshold over one of the ``metrics``, with window, confidence, hysteresis, cool-down
``learning``    Learner: arms with forgetting, chosen by a policy
==============  ========================================================================================

``commands`` tell it what to do. ``journal`` is the one writer of the ``store``, and ``projections`` fold what it
holds into what a page shows, now or at a past moment. ``sandbox`` contains foreign children, ``logs`` remembers what
they said. ``clock``, ``loop`` and ``workers`` are time and threads as ports.
"""
