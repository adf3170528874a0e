"""The planner: makes each customer's plan of the strategies that serve it, as tasks.

`serving` says by which strategies, `knowing` what a plan follows from, `anchors` the days around which
touches lie, `writing` makes the tasks; the rule itself is `crmlite.rules.planning`.
"""
