"""Guessing gets slow; whoever knows the password is not kept out by those who do not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from crmlite import clock
from crmlite.accounts import throttle
from crmlite.extensions import database

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def fail(login, address, times, at):
    """Try so often, without the right password; how many tries were let through."""
    asked = throttle.keys(login, address)
    return sum(throttle.count(asked, at) is None for _ in range(times))


def test_a_few_mistakes_cost_nothing_and_more_cost_more_and_more(inside):
    at = clock.now()
    assert fail("sales", HOME, 4, at) == 4
    asked = throttle.keys("sales", HOME)
    assert throttle.wait(asked, at) is None
    pauses = []
    for _ in range(12):
        assert throttle.count(asked, at) is None
        pause = throttle.wait(asked, at)
        pauses.append(pause.total_seconds())
        assert throttle.count(asked, at) == pause
        at += pause
    assert pauses[:4] == [2, 4, 8, 16]
    assert pauses == sorted(pauses)
    assert max(pauses) == 900


def test_a_refused_try_is_not_counted(inside):
    at = clock.now()
    fail("sales", HOME, 6, at)
    asked = throttle.keys("sales", HOME)
    before = throttle.wait(asked, at)
    for _ in range(50):
        assert throttle.count(asked, at) is not None
    assert throttle.wait(asked, at) == before


def test_the_owner_gets_in_from_a_quiet_network_while_others_hammer_the_account(inside):
    at = clock.now()
    for place in range(60):
        fail("manager", f"198.18.{place}.1", 10, at)
    owner = throttle.keys("manager", HOME)
    assert throttle.wait(owner, at) is None
    assert throttle.count(owner, at) is None
    throttle.forgive(owner)
    assert throttle.count(owner, at + timedelta(seconds=1)) is None


def test_a_hammered_account_leaves_a_failing_network_one_try_only(inside):
    at = clock.now()
    for place in range(6):
        fail("manager", f"198.18.{place}.1", 5, at)
    assert fail("manager", ELSEWHERE, 10, at) == 1
    assert fail("sales", ELSEWHERE, 5, at) == 5


def test_one_network_cannot_go_through_all_logins(inside):
    at = clock.now()
    let = sum(fail(f"user{number}", ELSEWHERE, 1, at) for number in range(200))
    assert let == 30
    assert throttle.wait(throttle.keys("somebody", "198.51.100.200"), at) is not None
    assert throttle.wait(throttle.keys("somebody", HOME), at) is None


def test_the_right_password_forgives_only_oneself(inside):
    at = clock.now()
    fail("sales", HOME, 4, at)
    fail("support", HOME, 5, at)
    asked = throttle.keys("sales", HOME)
    assert throttle.count(asked, at) is None
    throttle.forgive(asked)
    assert fail("sales", HOME, 9, at) == 5
    assert fail("support", HOME, 9, at) == 0


def test_one_s_own_login_does_not_open_the_network_for_guessing(inside):
    """Whoever signs in between two guesses still runs into the limit of the network."""
    at = clock.now()
    own = throttle.keys("sales", ELSEWHERE)
    let = 0
    for number in range(100):
        let += fail(f"user{number}", ELSEWHERE, 1, at)
        if throttle.count(own, at) is None:
            throttle.forgive(own)
    assert let <= 31


def test_an_hour_later_it_is_forgotten_and_a_day_later_it_is_gone(inside):
    at = clock.now()
    fail("sales", HOME, 8, at)
    assert fail("sales", HOME, 5, at + timedelta(hours=1, minutes=1)) == 5
    fail("support", ELSEWHERE, 1, at + timedelta(days=2, hours=2))
    keys = database.session.execute(throttle.TABLE.select()).scalars().all()
    assert len(keys) == 3


def test_nobody_waits_because_the_clock_ran_ahead(inside):
    at = clock.now()
    fail("sales", HOME, 40, at + timedelta(days=900))
    asked = throttle.keys("sales", HOME)
    assert throttle.wait(asked, at) is None
    assert fail("sales", HOME, 9, at) == 5
    ahead = throttle.TABLE.c.last_at > at
    assert not database.session.execute(throttle.TABLE.select().where(ahead)).all()


def test_logins_are_kept_as_digests(inside):
    fail("emma.clarke", HOME, 1, clock.now())
    for row in database.session.execute(throttle.TABLE.select()):
        assert "emma" not in row.key


def test_the_same_login_however_it_is_written(inside):
    assert throttle.keys(" SALES ", HOME) == throttle.keys("ｓａｌｅｓ", HOME)


def test_many_at_once_count_as_many(app):
    at = clock.now()

    def one(_number):
        with app.app_context():
            return fail("sales", HOME, 1, at)

    with ThreadPoolExecutor(max_workers=8) as pool:
        let = sum(pool.map(one, range(40)))
    assert let == 5
