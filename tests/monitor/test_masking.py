"""What of settings may be shown."""

from typing import Any

import pytest

from flower_monitor import masking


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("broker", "redis://u:hush@h:6379/0", "redis://u:***@h:6379/0"),
        ("broker", "redis://:hush/@h/0;redis://:hush@i/0", "redis://:***@h/0;redis://:***@i/0"),
        ("broker", "redis://h/0", "redis://h/0"),
        ("broker", "rediss://h/0?ssl_ca_certs=/ca&ssl_password=hush", "rediss://h/0?ssl_ca_certs=/ca&ssl_password=***"),
        ("broker", "hush", "***"),
        ("result_backend", "db+postgresql://u:hush@h/d", "db+postgresql://u:***@h/d"),
        ("basic_auth", "a:hush,b:hush:2", "a:***,b:***"),
        ("basic_auth", ["a:hush,1"], "a:***"),
        ("cookie_secret", "hush", "***"),
        (
            "broker_transport_options",
            '{"sentinel_kwargs": {"password": "hush"}, "list": [1]}',
            '{"sentinel_kwargs": {"password": "***"}, "list": [1]}',
        ),
        ("broker_transport_options", '{"proxy": "http://u:hush@h"}', '{"proxy": "http://u:***@h"}'),
        ("fleet_token_sha256", "hush", "***"),
        ("broker_transport_options", "hush", "***"),
        ("port", 5555, "5555"),
        ("name", None, "-"),
    ],
)
def test_secrets_are_not_shown(name: str, value: Any, shown: str) -> None:
    assert masking.shown(name, value) == shown
