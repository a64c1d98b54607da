"""Rules: thresholds over metrics, as one alert state machine for each rule and subject.

``model`` is what the user writes, ``book`` reads it from files, ``judgement`` says whether a window meets it,
``alert`` is the state machine, ``engine`` feeds all of them. Nothing here acts: changes come out as values.
"""
