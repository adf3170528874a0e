"""The lists as shipped."""

from crmlite.customers.choices import shipped_lists


def test_no_life_cycle_is_called_like_a_stage():
    lists = {one.name: one for one in shipped_lists()}
    for lang in ("en", "zh"):
        states, stages = (
            {choice.label[lang] for choice in lists[name].shipped}
            for name in ("lifecycle", "stage")
        )
        assert states & stages == set()
