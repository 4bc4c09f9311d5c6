"""What an API server on the way to a monitor says and does."""

import json

import pytest

from flower_operator.fleet.apistatus import said
from flower_operator.fleet.far import service_path
from flower_operator.fleet.fetch import refused
from flower_operator.fleet.forward import NotPassedOn
from flower_operator.fleet.neighbour import Neighbour, digest_of
from flower_operator.fleet.passage import Passage
from flower_operator.fleet.rights import Role
from flower_operator.fleet.roster import Revision
from flower_operator.kinds import Manifest
from tests.fleet.made import monitor

NEAR = Passage(lambda _: "http://orders:5555")
FAR = Passage(lambda _: "https://west:6443", "west", service_path)


def status(message: str, code: int) -> bytes:
    """Kubernetes' Status."""
    return json.dumps({"kind": "Status", "apiVersion": "v1", "message": message, "code": code}).encode()


def test_an_api_servers_refusal_is_told_with_the_fix() -> None:
    assert said(403, status("services is forbidden", 403)) == (
        "services is forbidden (its account needs the rights of docs/fleet.md (Other clusters))"
    )


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b'{"kind":"Status"}', b'{"kind":"Pod","apiVersion":"v1"}'])
def test_other_answers_are_the_monitors(body: bytes) -> None:
    assert said(503, body) is None


def test_an_answer_that_is_nested_without_end_is_the_monitors() -> None:
    assert said(503, b'{"x":' + b"[" * 200_000) is None


def test_a_service_that_lacks_is_no_task_that_lacks() -> None:
    error = refused("https://west/x", 404, status("services not found", 404))
    assert error.status is None, "a search would take it for a monitor that has no such task"
    assert "services not found" in str(error)


def test_a_monitor_of_another_cluster_is_shown_under_its_name() -> None:
    assert (NEAR.base(monitor()), FAR.base(monitor())) == ("/n/team-a/orders/", "/c/west/n/team-a/orders/")


def test_its_redirects_come_back_with_the_path_of_its_service() -> None:
    prefixed = monitor(prefix="/flower")
    assert NEAR.prefix(prefixed) == "/flower"
    assert FAR.prefix(prefixed) == "/api/v1/namespaces/team-a/services/http:orders-monitor:5555/proxy/flower"


def test_a_page_that_an_api_server_looks_into_is_asked_for_unpacked() -> None:
    page = {"accept": "text/html,*/*", "accept-encoding": "gzip"}
    asset = {"accept": "*/*", "accept-encoding": "gzip"}
    FAR.fit("/tasks", page)
    FAR.fit("/assets/x.js", asset)
    assert ("accept-encoding" in page, "accept-encoding" in asset) == (False, True)


@pytest.mark.parametrize("path", ["/..%2fx", "/a%2F..%2Fb", "/%2e%2e/x"])
def test_a_path_that_climbs_once_it_is_decoded_is_not_passed_on(path: str) -> None:
    with pytest.raises(NotPassedOn):
        FAR.fit(path, {})


def secret(name: str, **data: str) -> Manifest:
    """A Secret of cluster west."""
    metadata = {"name": name, "namespace": "tools", "labels": {"flower-operator.io/cluster": "west"}}
    return {"metadata": {**metadata, "resourceVersion": name}, "data": data}


def test_two_secrets_of_one_name_lead_nowhere_and_are_named() -> None:
    neighbour = Neighbour([secret("a"), secret("b")], Role.VIEWER, Revision())
    neighbour.start()
    assert neighbour.cluster is None
    assert neighbour.view().trouble == (
        "Secret tools/a, tools/b leads to no cluster: they have the same label flower-operator.io/cluster=west;"
        " give each another."
    )


def test_a_secret_that_says_the_same_is_the_same() -> None:
    one, other = secret("a", kubeconfig="x"), secret("a", kubeconfig="x")
    other["metadata"]["resourceVersion"] = "7"
    assert digest_of([one]) == digest_of([other])
    assert digest_of([one]) != digest_of([secret("a", kubeconfig="y")])
