"""Strategies: how customers are kept in touch with, and the planner that makes tasks of them."""
