"""The rights that the chart gives: just those needed, each with its reason."""

import re
from pathlib import Path

import pytest

from flower_operator.controller.rights import PATCH_PODS, RIGHTS, Where
from tests.chart.helm import CHART, Manifest, of_kind, pod_of, refusal, template

Right = tuple[str, str, str, str]
"""Group, resource, name or "", verb."""

TEMPLATES = sorted(path for path in (CHART / "templates").rglob("*.yaml") if "\nrules:\n" in path.read_text())


def rights_of(role: Manifest) -> set[Right]:
    """A role, taken apart."""
    return {
        (group, resource, name, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for name in rule.get("resourceNames", [""])
        for verb in rule["verbs"]
    }


def all_rights() -> set[Right]:
    return {right for m in template() if m["kind"] in ("Role", "ClusterRole") for right in rights_of(m)}


def test_templates_with_rules_are_found() -> None:
    assert [str(path.relative_to(CHART / "templates")) for path in TEMPLATES] == [
        "aggregate.yaml",
        "controller/rbac.yaml",
        "fleet/rbac.yaml",
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parent.name + "/" + path.name)
def test_every_rule_has_its_reason(path: Path) -> None:
    lines = path.read_text().splitlines()
    rules = [number for number, line in enumerate(lines) if re.match(r"\s+- apiGroups:", line)]
    assert rules
    bare = [lines[number + 1] for number in rules if not re.match(r"\s+# \w", lines[number - 1])]
    assert bare == []


def test_nothing_is_given_by_asterisk() -> None:
    assert [right for right in all_rights() if "*" in right] == []


def test_nobody_may_list_or_watch_secrets() -> None:
    assert {verb for _, resource, _, verb in all_rights() if resource == "secrets"} <= {"get", "create", "patch"}


def test_who_wants_other_clusters_lets_the_fleet_list_secrets_of_its_own_namespace_alone() -> None:
    manifests = template("--set=fleet.otherClusters=true")
    wide = [
        (m["kind"], m["metadata"]["name"])
        for m in manifests
        if m["kind"] in ("Role", "ClusterRole")
        and any(right[1] == "secrets" and right[3] in ("list", "watch") for right in rights_of(m))
    ]
    assert wide == [("Role", "flower-flower-operator-fleet")]


def test_nothing_lets_a_program_raise_its_own_rights() -> None:
    dangerous = {"escalate", "bind", "impersonate"}
    assert [right for right in all_rights() if right[3] in dangerous or right[0] == "rbac.authorization.k8s.io"] == []


def everywhere(component: str, *arguments: str) -> set[Right]:
    """What a component may do in the cluster."""
    names = (f"flower-flower-operator-{component}", f"flower-flower-operator-{component}-cluster")
    return {right for name in names for right in rights_of(of_kind(template(*arguments), "ClusterRole", name))}


def test_the_fleet_reads_no_secret_but_its_own() -> None:
    rendered = template()
    cluster = everywhere("fleet")
    own = rights_of(of_kind(rendered, "Role", "flower-flower-operator-fleet"))
    assert {right for right in cluster if right[1] == "secrets"} == set()
    assert own == {("", "secrets", "flower-operator-fleet", "get"), ("", "secrets", "", "create")}


def test_the_controllers_cluster_role_is_what_it_checks_at_its_start() -> None:
    wanted = {(r.group, r.resource, r.name, verb) for r in RIGHTS if r.where is not Where.OWN for verb in r.verbs}
    assert everywhere("controller") == wanted


def test_who_wants_deletion_costs_lets_the_controller_patch_pods() -> None:
    more = everywhere("controller", "--set=rbac.patchPods=true") - everywhere("controller")
    assert more == {(PATCH_PODS.group, PATCH_PODS.resource, PATCH_PODS.name, verb) for verb in PATCH_PODS.verbs}


def test_the_controllers_role_is_what_it_checks_at_its_start() -> None:
    role = of_kind(template(), "Role", "flower-flower-operator-controller")
    wanted = {(r.group, r.resource, r.name, verb) for r in RIGHTS if r.where is Where.OWN for verb in r.verbs}
    assert rights_of(role) == wanted


def test_rights_on_one_object_are_bound_to_its_name() -> None:
    role = of_kind(template(), "Role", "flower-flower-operator-controller")
    unnamed = {(resource, verb) for _, resource, name, verb in rights_of(role) if not name}
    assert unnamed == {("leases", "create"), ("secrets", "create")}


@pytest.mark.parametrize("component", ["controller", "fleet"])
@pytest.mark.parametrize("kind", ["ClusterRole", "Role"])
def test_roles_are_bound_to_the_account_that_the_pods_run_as(component: str, kind: str) -> None:
    rendered = template("--set", f"{component}.serviceAccount.name=mine")
    binding = of_kind(rendered, f"{kind}Binding", f"flower-flower-operator-{component}")
    assert (
        binding["roleRef"]["name"] == of_kind(rendered, kind, f"flower-flower-operator-{component}")["metadata"]["name"]
    )
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "mine", "namespace": "tools"}]
    deployment = of_kind(rendered, "Deployment", f"flower-flower-operator-{component}")
    assert deployment["spec"]["template"]["spec"]["serviceAccountName"] == "mine"
    assert of_kind(rendered, "ServiceAccount", "mine")


def test_roles_can_be_left_to_an_administrator() -> None:
    kinds = {m["kind"] for m in template("--set", "rbac.create=false", "--set", "rbac.aggregateClusterRoles=false")}
    assert not kinds & {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"}


NAMESPACED = ("--values", CHART / "ci" / "namespaces-values.yaml")


def test_in_namespaces_nothing_is_made_outside_of_them() -> None:
    assert [m["kind"] for m in template(*NAMESPACED) if "namespace" not in m["metadata"]] == []


@pytest.mark.parametrize("component", ["controller", "fleet"])
@pytest.mark.parametrize("namespace", ["tools", "team-a"])
def test_in_a_namespace_the_rights_are_those_of_the_cluster(component: str, namespace: str) -> None:
    name = f"flower-flower-operator-{component}"
    [role] = [
        m
        for m in template(*NAMESPACED)
        if (m["kind"], m["metadata"]["name"], m["metadata"]["namespace"]) == ("Role", f"{name}-watch", namespace)
    ]
    assert rights_of(role) == rights_of(of_kind(template(), "ClusterRole", name))


@pytest.mark.parametrize("component", ["controller", "fleet"])
def test_in_namespaces_the_programs_watch_no_others(component: str) -> None:
    [container] = pod_of(template(*NAMESPACED), component)["spec"]["containers"]
    assert [a for a in container["args"] if a.startswith("--namespace")] == ["--namespace=tools", "--namespace=team-a"]


def test_in_namespaces_the_questions_to_the_cluster_are_left() -> None:
    rendered = template("--set", "watchNamespaces={team-a}")
    found = {m["metadata"]["name"]: rights_of(m) for m in rendered if m["kind"] == "ClusterRole"}
    assert {name for name in found if not name.endswith(("-view", "-edit", "-admin"))} == {
        "flower-flower-operator-controller-cluster",
        "flower-flower-operator-fleet-cluster",
    }


def test_without_namespaces_and_cluster_roles_is_refused() -> None:
    assert "rbac.clusterRoles=false needs watchNamespaces" in refusal("--set", "rbac.clusterRoles=false")


@pytest.mark.parametrize(
    ("role", "verbs"),
    [
        ("view", {"get", "list", "watch"}),
        ("edit", {"create", "update", "patch", "delete", "deletecollection"}),
        ("admin", {"administer"}),
    ],
)
def test_the_clusters_own_roles_cover_flowermonitors(role: str, verbs: set[str]) -> None:
    found = of_kind(template(), "ClusterRole", f"flower-flower-operator-{role}")
    assert found["metadata"]["labels"][f"rbac.authorization.k8s.io/aggregate-to-{role}"] == "true"
    assert {right[3] for right in rights_of(found) if right[1] == "flowermonitors"} == verbs


def test_status_is_the_controllers_alone() -> None:
    writers = {
        m["metadata"]["name"]
        for m in template()
        if m["kind"] == "ClusterRole"
        for right in rights_of(m)
        if right[1] == "flowermonitors/status" and right[3] != "get"
    }
    assert writers == {"flower-flower-operator-controller"}
