"""The planner: makes each customer's plan of the strategies that serve it, as tasks.

`serving` says by which strategies, `knowing` what a plan follows from, `anchors` the days around which
touches lie, `writing` makes the tasks, `levelling` puts them on days that are not too full; the rules
themselves are `crmlite.rules.planning` and `crmlite.rules.levelling`.
"""
