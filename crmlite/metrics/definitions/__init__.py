"""The figures that there are, in their order. A further one is a Metric in a file beside these."""

from collections.abc import Mapping

from crmlite.metrics.declaring import Metric
from crmlite.metrics.definitions import plan, promises, written

METRICS: Mapping[str, Metric] = {
    one.name: one for one in (plan.METRIC, written.METRIC, promises.METRIC)
}
