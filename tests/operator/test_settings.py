"""Each field that is told to the monitor, seen from the monitor: it is started with what kubelet would give it."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import trustme

from flower_monitor.autoscale import policy
from flower_monitor.config import Config
from flower_monitor.receive import tls, url
from flower_monitor.truth import pods
from flower_operator import fleetkey
from flower_operator.resources.fates import Fate
from flower_operator.resources.render import Context, render

from .kubelet import Secrets, start
from .made import encoded, monitor
from .samples import KEDA

HASH = "$2b$12$abcdefghijklmnopqrstuuPqdpQpGLKXX7SbvuzKXdPMgXxf9QbDi"
TOKEN = '{"name": "ci", "sha256": "' + "0" * 64 + '", "role": "viewer"}'
SECRETS: Secrets = {
    "orders-credentials": encoded(username="admin", password="secret", token="token"),
    "management": encoded(url="http://me:secret@rabbitmq:15672/api"),
    "results": encoded(url="redis://:secret@redis/1"),
    "users": encoded(users=f"# people\n\nann:{HASH}\nbob:{HASH}\n"),
    "tokens": encoded(tokens=TOKEN),
    "webhooks": encoded(secret="of webhooks"),
    "cookie": encoded(cookie="key of sessions"),
    "provider": encoded(clientSecret="client secret"),
    "rules": encoded(**{"rules.json": '[{"argument": "card"}]'}),
    "sentinel": encoded(transportOptions='{"master_name": "main", "sentinel_kwargs": {"password": "secret"}}'),
}
RABBITMQ = {"url": "amqp://rabbitmq:5672//"}
OAUTH = {
    "provider": "oidc",
    "clientId": "flower",
    "clientSecretRef": {"name": "provider"},
    "redirectUri": "https://flower.example.com/login",
    "baseUrl": "https://issuer.example.com",
    "allowed": ["*@example.com", "ann@other.example"],
}


def configured(tmp_path: Path, patch: pytest.MonkeyPatch, secrets: Secrets = SECRETS, **fields: Any) -> Config:
    """The monitor's own view of a FlowerMonitor with the given fields."""
    context = Context("image", b"k" * 32, credentials=secrets["orders-credentials"], secrets=secrets)
    return start(render(monitor(**fields), context), secrets, tmp_path, patch)


CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "transport options": (
        {"broker": {"url": "redis://redis", "transportOptions": {"global_keyprefix": "a:", "fanout_prefix": False}}},
        {"transport_options": {"global_keyprefix": "a:", "fanout_prefix": False}},
    ),
    "every transport option": (
        {
            "broker": {
                "url": "sentinel://one;sentinel://two",
                "transportOptions": {
                    "fanout_patterns": False,
                    "health_check_interval": 5,
                    "master_name": "main",
                    "sentinel_fanout_compat": True,
                    "priority_steps": [0, 5],
                    "sep": ":",
                },
            }
        },
        {
            "transport_options": {
                "fanout_patterns": False,
                "health_check_interval": 5,
                "master_name": "main",
                "sentinel_fanout_compat": True,
                "priority_steps": [0, 5],
                "sep": ":",
            }
        },
    ),
    "transport options by a Secret": (
        {
            "broker": {
                "url": "sentinel://one",
                "transportOptionsSecretRef": {"name": "sentinel", "key": "transportOptions"},
            }
        },
        {"transport_options": {"master_name": "main", "sentinel_kwargs": {"password": "secret"}}},
    ),
    "management": (
        {"broker": {**RABBITMQ, "managementUrlSecretRef": {"name": "management"}}},
        {"broker_api": "http://me:secret@rabbitmq:15672/api"},
    ),
    "queues": ({"broker": {**RABBITMQ, "queues": ["high", "low"]}}, {"queues": ("high", "low")}),
    "queue": (
        {"broker": {**RABBITMQ, "queue": {"type": "quorum", "expires": "2h30m", "size": "1Gi"}}},
        {"queue_type": "quorum", "queue_expires": 9000.0, "queue_bytes": 1 << 30},
    ),
    "tls alone": ({"broker": {"url": "redis://redis", "tls": {}}}, {"broker_use_ssl": True}),
    "tls without verification": (
        {"broker": {"url": "redis://redis", "tls": {"insecureSkipVerify": True}}},
        {"broker_use_ssl": {"ssl_cert_reqs": "none"}},
    ),
    "tls for another host": (
        {"broker": {"url": "redis://redis", "tls": {"checkHostname": False}}},
        {"broker_use_ssl": {"ssl_check_hostname": "false"}},
    ),
    "results": ({"resultBackend": {"url": "rpc://"}}, {"result_backend": "rpc://"}),
    "results by a Secret": (
        {"resultBackend": {"urlSecretRef": {"name": "results"}}},
        {"result_backend": "redis://:secret@redis/1"},
    ),
    "retention by age and count": (
        {"retention": {"age": "7d", "tasks": 9}},
        {"retention_age": 604800.0, "max_tasks": 9},
    ),
    "retention by bytes": (
        {"retention": {"bytes": "1.5Gi"}},
        {"retention_bytes": 3 << 29, "retention_share": None},
    ),
    "retention by a part of the volume": (
        {"retention": {"bytes": "50%"}},
        {"retention_bytes": None, "retention_share": 0.5},
    ),
    "rollups": ({"retention": {"rollups": "1d12h"}}, {"rollup_age": 129600.0}),
    "lengths of texts": (
        {"redaction": {"maxLength": {"args": 1, "kwargs": 2, "result": 3, "exception": 4, "traceback": 0}}},
        {"max_args": 1, "max_kwargs": 2, "max_result": 3, "max_exception": 4, "max_traceback": 0},
    ),
    "roles": (
        {"access": {"usersSecretRef": {"name": "users"}, "roles": {"admin": ["ann"], "viewer": ["*"]}}},
        {"roles": {"admin": ("ann",), "viewer": ("*",)}},
    ),
    "cookie": ({"access": {"cookieSecretRef": {"name": "cookie"}}}, {"cookie_secret": "key of sessions"}),
    "events": ({"options": {"enable_events": False}}, {"enable_events": False}),
    "inspect timeout": ({"options": {"inspect_timeout": 2500}}, {"inspect_timeout": 2.5}),
    "logging": ({"options": {"logging": "warning"}}, {"log_level": "warning"}),
    "offline workers": ({"options": {"purge_offline_workers": 60}}, {"purge_offline_workers": 60.0}),
    "read only": ({"options": {"read_only": True}}, {"read_only": True}),
    "proxies": ({"options": {"trusted_proxies": ["::1", "fd00::/8"]}}, {"trusted_proxies": ("::1", "fd00::/8")}),
    "metrics": (
        {"monitoring": {"metrics": {"sets": ["tasks", "own"], "maxSeries": 7}}},
        {"metrics": ("tasks", "own"), "metrics_max_series": 7},
    ),
    "keda": (
        {"autoscaling": {"keda": [KEDA]}},
        {"autoscale_token_sha256": fleetkey.digest(fleetkey.derive(b"k" * 32, "keda:team-a", "orders"))},
    ),
    "prefix": ({"options": {"url_prefix": "flower"}}, {"url_prefix": "/flower"}),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_field_reaches_the_monitor(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fields, expected = CASES[case]
    made = configured(tmp_path, monkeypatch, **fields)
    assert {name: getattr(made, name) for name in expected} == expected
    assert capsys.readouterr().err == ""


def test_users_with_hashes_may_log_in_beside_the_generated_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = configured(tmp_path, monkeypatch, access={"usersSecretRef": {"name": "users"}})
    assert [(user.name, user.password) for user in made.users] == [("ann", HASH), ("bob", HASH)]
    assert made.credentials_dir is not None


def test_tokens_are_a_file_that_the_monitor_follows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = configured(tmp_path, monkeypatch, access={"tokensSecretRef": {"name": "tokens"}})
    assert made.token_file is not None
    assert made.token_file.read_text() == TOKEN


def test_rules_of_the_spec_and_of_a_secret_both_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [{"task": "pay.*", "pattern": "[0-9]{16}"}]
    made = configured(tmp_path, monkeypatch, redaction={"rules": rules, "rulesSecretRef": {"name": "rules"}})
    assert [(rule.task, rule.argument, rule.pattern) for rule in made.redact] == [
        ("pay.*", None, "[0-9]{16}"),
        (None, "card", None),
    ]


def test_policies_and_webhooks_are_read_by_the_monitors_own_parser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    match = {"queue": "default", "hostname": "orders@*"}
    asked = {"before": "https://gate/before", "after": "https://gate/after", "failurePolicy": "Ignore", "timeout": 1.5}
    scaling = {
        "enabled": False,
        "policies": [{"name": "orders", "match": match, "min": 2, "max": 8, "target": 2, "scaleUpStep": 3}],
        "webhooks": {**asked, "secretRef": {"name": "webhooks", "key": "secret"}},
    }
    made = configured(tmp_path, monkeypatch, autoscaling=scaling)
    assert made.autoscale_file is not None
    read = policy.parse(made.autoscale_file.read_text())
    assert msgspec.to_builtins(read.webhooks) == asked
    (found,) = read.policies
    assert not read.enabled
    assert (found.name, found.min, found.max, found.target, found.scale_up_step) == ("orders", 2, 8, 2.0, 3)
    assert found.match == policy.Match(**match)
    assert made.autoscale_webhook_secret_file is not None
    assert made.autoscale_webhook_secret_file.read_text() == "of webhooks"


def test_the_fates_of_pods_are_read_by_the_monitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = {"orders-worker-1": Fate("OOMKilled", "2026-01-02T03:04:05Z", 137, "worker")}
    context = Context("image", b"k" * 32, credentials=SECRETS["orders-credentials"], fates=ended)
    asked = monitor(workerPods={"matchLabels": {"app": "worker"}})
    made = start(render(asked, context), SECRETS, tmp_path, monkeypatch)
    assert made.pods_file is not None
    said = pods.of(pods.PodFates(made.pods_file).read(), "celery@orders-worker-1", 0.0)
    assert said == "OOMKilled in container worker, exit code 137, 2026-01-02 03:04:05 UTC"


def test_a_login_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = configured(tmp_path, monkeypatch, access={"oauth": OAUTH | {"groups": ["ops"], "nameClaim": "sub"}})
    assert made.oauth is not None
    assert (made.oauth.provider, made.oauth.client_id, made.oauth.client_secret) == ("oidc", "flower", "client secret")
    assert made.oauth.redirect_uri == "https://flower.example.com/login"
    assert (made.oauth.allowed, made.oauth.groups) == (("*@example.com", "ann@other.example"), ("ops",))
    assert (made.oauth.base_url, made.oauth.name_claim) == ("https://issuer.example.com", "sub")


def test_the_least_level_of_a_gitlab_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gitlab: dict[str, Any] = {name: value for name, value in OAUTH.items() if name not in ("baseUrl", "allowed")}
    gitlab |= {"provider": "gitlab", "groups": ["ops"], "minAccessLevel": 30}
    made = configured(tmp_path, monkeypatch, access={"oauth": gitlab})
    assert made.oauth is not None
    assert made.oauth.access_level == 30


def test_the_broker_is_verified_by_its_own_authority_and_shown_a_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    client = authority.issue_cert("monitor.example.com")
    secrets = {
        **SECRETS,
        "ca": encoded(**{"ca.crt": authority.cert_pem.bytes().decode()}),
        "client": encoded(
            **{
                "tls.crt": client.cert_chain_pems[0].bytes().decode(),
                "tls.key": client.private_key_pem.bytes().decode(),
            }
        ),
    }
    named = {"caSecretRef": {"name": "ca"}, "clientCertSecretRef": {"name": "client"}}
    made = configured(tmp_path, monkeypatch, secrets, broker={"url": "rediss://redis", "tls": named})
    context = tls.context(url.parse(made.broker_url, made.broker_use_ssl))
    (found,) = context.get_ca_certs()
    assert context.check_hostname
    assert "trustme" in str(found["subject"])
