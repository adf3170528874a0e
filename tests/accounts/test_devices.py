"""Two words for a browser."""

import pytest

from crmlite.accounts.devices import device_of

MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (f"{MOZILLA} (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        (
            f"{MOZILLA} (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36",
            "Chrome, Windows",
        ),
        (f"{MOZILLA} (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604",
            "Safari, iPhone",
        ),
        (f"{MOZILLA} (Linux; Android 14) Chrome/126 MicroMessenger/8.0.50", "WeChat, Android"),
        ("curl/8.5", ""),
        ("", ""),
        ("<script>alert(1)</script>" * 1000, ""),
    ],
)
def test_a_device_is_recognised(agent, device):
    assert device_of(agent) == device
