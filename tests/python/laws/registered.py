"""The histories of all areas. A new area takes part in the proofs of orders and of kills by one more line."""

from __future__ import annotations

from laws.histories import HISTORIES, register
from laws.learning_history import LearningHistory
from laws.training_history import TrainingHistory

__all__ = ["HISTORIES"]

register(TrainingHistory())
register(LearningHistory())
