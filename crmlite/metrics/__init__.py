"""Figures of how the work goes: each with what it means and the rows behind it."""
