"""The forms of strategies: a strategy as a whole, and within it its touches, one at a time."""

from crmlite.strategies.forms.strategies import StrategyForm, form_data

__all__ = ["StrategyForm", "form_data"]
