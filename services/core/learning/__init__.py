"""Learner: arms with forgetting, chosen by a policy, each update reversible."""

from services.core.learning.learner import Forgetting, Gathered, Learner, NotReversible, State

__all__ = ["Forgetting", "Gathered", "Learner", "NotReversible", "State"]
