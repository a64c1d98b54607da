"""The orchestrator: every bot, schedule and job is owned here, told what to do, watched, and healed.

===============  ==========================================================================================
``definitions``  what the user's files say of a process, and what it becomes: a plan
``triggers``     when a process is due, and what becomes of it when that time went by or it still runs
``units``        one supervised process as the core knows it: its state, its runs, its record in the store
``supervision``  units brought from state to state: started, asked, watched, healed, brought to a new plan
``children``     runs in an interpreter of their own, over private pipes
``scripts``      any command as a process like the others
``housekeeping`` the program's own upkeep, as ordinary processes
``history``      what pages fold: states, runs, alerts
===============  ==========================================================================================

``orchestrator`` joins them; ``commands`` is what a person or a rule may tell it, ``events`` what it tells the journal.
"""
