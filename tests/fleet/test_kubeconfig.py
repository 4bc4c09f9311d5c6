"""What the fleet takes of the kubeconfig in a Secret, and what it refuses with the reason."""

import base64
from typing import Any

import pytest
import yaml

from flower_operator.fleet.far import service_path, tls_of
from flower_operator.fleet.kubeconfig import (
    Access,
    BadKubeconfig,
    access_of,
    cluster_of,
    operator_namespace_of,
)
from flower_operator.kinds import Manifest
from tests.fleet.made import monitor

AUTHORITY = base64.b64encode(b"-- the authority --").decode()


def config(cluster: dict[str, Any] | None = None, user: dict[str, Any] | None = None) -> dict[str, Any]:
    """A kubeconfig with one context."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "preferences": {},
        "current-context": "west",
        "contexts": [{"name": "west", "context": {"cluster": "c", "user": "u", "namespace": "default"}}],
        "clusters": [{"name": "c", "cluster": {"server": "https://west:6443", **(cluster or {})}}],
        "users": [{"name": "u", "user": {"token": "t0ken"} if user is None else user}],
    }


def secret(content: dict[str, Any] | str, **metadata: Any) -> Manifest:
    """A Secret with a kubeconfig."""
    text = content if isinstance(content, str) else yaml.safe_dump(content)
    data = {"kubeconfig": base64.b64encode(text.encode()).decode()}
    return {"metadata": {"name": "west-1", "namespace": "tools", **metadata}, "data": data}


def refusal(made: Manifest) -> str:
    with pytest.raises(BadKubeconfig) as caught:
        access_of(made)
    return str(caught.value)


def test_server_authority_and_token_are_taken() -> None:
    found = access_of(secret(config({"certificate-authority-data": AUTHORITY, "server": "https://west:6443/base/"})))
    assert found == Access("https://west:6443/base", "-- the authority --", "t0ken", None, None)


def test_a_client_certificate_is_taken() -> None:
    pair = {"client-certificate-data": AUTHORITY, "client-key-data": AUTHORITY}
    found = access_of(secret(config(user=pair)))
    assert (found.token, found.certificate, found.key) == (None, b"-- the authority --", b"-- the authority --")


def test_no_secret_shows_in_a_log() -> None:
    found = access_of(secret(config({"certificate-authority-data": AUTHORITY})))
    assert "t0ken" not in repr(found)


@pytest.mark.parametrize(
    ("user", "field"),
    [
        ({"exec": {"command": "aws"}, "token": "t"}, "exec"),
        ({"auth-provider": {"name": "oidc"}}, "auth-provider"),
        ({"tokenFile": "/var/run/secrets/kubernetes.io/serviceaccount/token"}, "tokenFile"),
        ({"client-certificate": "/tls.crt", "client-key-data": AUTHORITY}, "client-certificate"),
        ({"client-key": "/tls.key", "client-certificate-data": AUTHORITY}, "client-key"),
    ],
)
def test_what_would_run_or_read_in_the_pod_is_refused_by_name(user: dict[str, Any], field: str) -> None:
    assert f"field `{field}` of user 'u' is not taken: it" in refusal(secret(config(user=user)))


@pytest.mark.parametrize(
    ("cluster", "field"),
    [
        ({"certificate-authority": "/etc/hostname"}, "certificate-authority"),
        ({"insecure-skip-tls-verify": True}, "insecure-skip-tls-verify"),
    ],
)
def test_a_server_that_could_be_anybody_is_refused(cluster: dict[str, Any], field: str) -> None:
    assert f"field `{field}` of cluster 'c' is not taken" in refusal(secret(config(cluster)))


def test_a_field_that_says_no_is_none() -> None:
    assert access_of(secret(config({"insecure-skip-tls-verify": False}))).token == "t0ken"


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({"metadata": {"name": "west-1"}}, "it has no key `kubeconfig`"),
        (secret("[1"), "is no YAML"),
        (secret("just words"), "Expected `object`"),
        (secret({**config(), "current-context": "east"}), "has no context 'east'"),
        (secret({**config(), "users": []}), "has no user 'u'"),
        (secret(config({"server": "http://west"})), "`server` is no https:// address"),
        (secret(config({"server": "https://ann:pw@west"})), "`server` is no https:// address"),
        (
            secret(config({"certificate-authority-data": "%"})),
            "Invalid base64 encoded string - at `$.certificate-authority-data`",
        ),
        (secret(config({"proxy-url": "http://proxy"})), "unknown field `proxy-url`"),
        (secret(config(user={"as": "somebody", "token": "t"})), "unknown field `as`"),
        (secret(config(user={"token": "two\nlines"})), "`token` has characters"),
        (secret(config(user={"client-key-data": AUTHORITY})), "belong together"),
        (secret(config(user={})), "neither `token` nor"),
    ],
)
def test_what_is_wrong_is_named(made: Manifest, words: str) -> None:
    assert words in refusal(made)


def test_an_error_quotes_no_line_of_the_kubeconfig() -> None:
    assert "s3cret" not in refusal(secret('users: [{user: {token: "s3cret'))


def test_certificates_that_are_none_are_refused_when_they_are_needed() -> None:
    with pytest.raises(BadKubeconfig, match="its certificates can't be read"):
        tls_of(access_of(secret(config({"certificate-authority-data": AUTHORITY}))))


def test_the_label_names_the_cluster_and_else_the_secret_does() -> None:
    assert cluster_of(secret("", labels={"flower-operator.io/cluster": "west"})) == "west"
    assert cluster_of(secret("", labels={"flower-operator.io/cluster": ""})) == "west-1"


def test_the_operators_namespace_there_is_the_same_unless_it_is_said() -> None:
    said = {"flower-operator.io/operator-namespace": "monitoring"}
    assert operator_namespace_of(secret(""), "tools") == "tools"
    assert operator_namespace_of(secret("", annotations=said), "tools") == "monitoring"


def test_a_monitor_is_behind_the_proxy_of_its_service() -> None:
    assert service_path(monitor(port=8080)) == ("/api/v1/namespaces/team-a/services/http:orders-monitor:8080/proxy")
