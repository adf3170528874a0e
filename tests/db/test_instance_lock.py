"""Serving is shared, replacing is not, and the lock dies with its holders."""

import os
import subprocess
import sys

import pytest

from crmlite.db.instance_lock import InstanceInUse, alone, serving
from crmlite.testing import config_for
from tests.serving.house import is_served


@pytest.fixture
def config(tmp_path):
    return config_for(tmp_path / "instance")


def test_several_may_serve_and_nobody_replaces_it_meanwhile(config):
    with serving(config), serving(config):
        assert is_served(config)
        with pytest.raises(InstanceInUse, match="stop crmlite"), alone(config):
            pytest.fail("it was let in")
    with alone(config):
        pass
    assert not is_served(config)


def test_nobody_serves_what_is_being_replaced(config):
    with alone(config), pytest.raises(InstanceInUse, match="restored"), serving(config):
        pytest.fail("it was let in")


def test_it_is_served_as_long_as_a_child_lives(config):
    here, there = os.pipe()
    with serving(config):
        child = os.fork()
        if not child:
            os.close(there)
            os.read(here, 1)
            os._exit(0)
    os.close(here)
    assert is_served(config)
    os.close(there)
    os.waitpid(child, 0)
    assert not is_served(config)


def test_a_holder_that_is_killed_lets_go(config):
    code = (
        "import sys; from pathlib import Path; from crmlite.testing import config_for\n"
        "from crmlite.db.instance_lock import serving\n"
        "with serving(config_for(Path(sys.argv[1]))): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, config.instance],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        assert is_served(config)
        holder.kill()
    assert not is_served(config)
