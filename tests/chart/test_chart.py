"""What the chart renders, over all the ways to install it."""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.chart.helm import CHART, ROOT, VALUES, Manifest, of_kind, pod_of, refusal, run, template, text

VERSIONS = tuple(f"1.{minor}.0" for minor in range(30, 38))
"""Of Kubernetes, from the oldest that the chart takes."""
COMPONENTS = ("controller", "fleet")
ON = tuple(f"--set=monitoring.{name}.enabled=true" for name in ("podMonitor", "serviceMonitor", "prometheusRule"))

values = pytest.mark.parametrize("file", VALUES, ids=lambda file: file.name.removesuffix("-values.yaml"))


@values
def test_lint_is_content(file: Path) -> None:
    done = run("lint", "--strict", CHART, "--values", file)
    assert done.returncode == 0, done.stdout + done.stderr


@values
@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid_in_every_version_of_kubernetes(file: Path, version: str) -> None:
    rendered = template("--values", file, "--kube-version", version)
    assert rendered
    for manifest in rendered:
        if manifest["apiVersion"].partition("/")[0] not in (
            "apiextensions.k8s.io",
            "gateway.networking.k8s.io",
            "monitoring.coreos.com",
        ):  # no schema
            kubernetes_validate.validate(manifest, version.removesuffix(".0"), strict=True)


def test_kubernetes_that_is_too_old_is_refused() -> None:
    done = run("template", "flower", CHART, "--kube-version", "1.29.0")
    assert "requires kubeVersion: >=1.30.0-0" in done.stderr


@values
def test_nothing_stands_in_the_way_of_writes(file: Path) -> None:
    """A webhook whose certificate expired, or whose pod is away, would refuse everybody's."""
    groups = {manifest["apiVersion"].partition("/")[0] for manifest in template("--values", file)}
    assert not groups & {"admissionregistration.k8s.io", "apiregistration.k8s.io"}


@values
def test_objects_of_one_release_have_names_of_their_own(file: Path) -> None:
    names = [(m["kind"], m["metadata"].get("namespace"), m["metadata"]["name"]) for m in template("--values", file)]
    assert len(names) == len(set(names))


@values
def test_objects_with_a_namespace_are_in_the_releases(file: Path) -> None:
    """But for the roles of the namespaces that are watched, and the pod that tries a monitor beside it."""
    cluster = {"ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"}
    for manifest in template("--values", file):
        if not manifest["metadata"]["name"].endswith(("-watch", "-test")):
            assert manifest["metadata"].get("namespace") == (None if manifest["kind"] in cluster else "tools"), manifest


@pytest.mark.parametrize("release", ["f", "flower-operator", "r" * 53])
def test_names_fit_whatever_the_release_is_called(release: str) -> None:
    """Kubernetes takes longer ones of roles and their bindings: up to 253 characters."""
    for manifest in template(release=release):
        assert len(manifest["metadata"]["name"]) <= (253 if "Role" in manifest["kind"] else 63)
        assert all(len(value) <= 63 for value in manifest["metadata"]["labels"].values())


# The programs.


@pytest.mark.parametrize("component", COMPONENTS)
def test_pods_are_as_the_restricted_standard_asks(component: str) -> None:
    spec = pod_of(template(), component)["spec"]
    assert spec["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    [container] = spec["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


@pytest.mark.parametrize("component", COMPONENTS)
def test_pods_get_no_variables_of_other_services(component: str) -> None:
    assert pod_of(template(), component)["spec"]["enableServiceLinks"] is False


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize(
    ("probe", "path"), [("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz")]
)
def test_pods_are_probed(component: str, probe: str, path: str) -> None:
    [container] = pod_of(template(), component)["spec"]["containers"]
    assert container[probe]["httpGet"] == {"path": path, "port": "http"}


@pytest.mark.parametrize("component", COMPONENTS)
def test_pods_may_write_to_tmp_only(component: str) -> None:
    spec = pod_of(template(), component)["spec"]
    [container] = spec["containers"]
    assert container["volumeMounts"] == [{"name": "tmp", "mountPath": "/tmp"}]  # noqa: S108 - a path in a pod
    assert [list(volume) for volume in spec["volumes"]] == [["name", "emptyDir"]]


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_port_that_is_probed_is_the_one_that_is_listened_on(component: str) -> None:
    [container] = pod_of(template(), component)["spec"]["containers"]
    [port] = container["ports"]
    assert f"--port={port['containerPort']}" in container["args"]


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_command_takes_the_arguments(component: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The chart and the command line can't drift apart."""
    from flower_operator.main import main

    [container] = pod_of(template("--values", CHART / "ci" / "all-values.yaml"), component)["spec"]["containers"]
    assert container["command"] == ["flower-operator"]
    context = main.make_context("flower-operator", list(container["args"]))
    name, command, arguments = main.resolve_command(context, container["args"])
    assert (name, command is not None) == (component, True)
    assert command is not None
    command.make_context(component, list(arguments), parent=context)


@pytest.mark.parametrize("component", COMPONENTS)
def test_selectors_select_the_pods_of_the_component_alone(component: str) -> None:
    rendered = template("--set", f"{component}.replicas=2")
    labels = {name: pod_of(rendered, name)["metadata"]["labels"] for name in COMPONENTS}
    for manifest in rendered:
        selector = manifest.get("spec", {}).get("selector")
        if selector and manifest["metadata"]["labels"]["app.kubernetes.io/component"] == component:
            wanted = (selector.get("matchLabels") or selector).items()
            assert [name for name in COMPONENTS if wanted <= labels[name].items()] == [component]


@pytest.mark.parametrize("component", COMPONENTS)
def test_labels_of_operators_children_are_not_ours(component: str) -> None:
    """Else the controller would take its own pod for a monitor's."""
    labels = pod_of(template(), component)["metadata"]["labels"]
    assert labels["app.kubernetes.io/name"] != "flower-monitor"
    assert labels["app.kubernetes.io/managed-by"] != "flower-operator"


@pytest.mark.parametrize(("replicas", "budgets"), [(1, 0), (2, 1)])
def test_a_budget_is_made_only_where_it_leaves_room_to_drain(replicas: int, budgets: int) -> None:
    rendered = template("--set", f"controller.replicas={replicas}", "--set", "fleet.enabled=false")
    assert sum(m["kind"] == "PodDisruptionBudget" for m in rendered) == budgets


# The image.


@pytest.mark.parametrize(
    ("settings", "image"),
    [
        ([], "flower-operator:0.1.0"),
        (["image.repository=r.example/x", "image.tag=7"], "r.example/x:7"),
        (["image.tag=7", f"image.digest=sha256:{'a' * 64}"], f"flower-operator@sha256:{'a' * 64}"),
        (["image.registry=r.example:5000/x"], "r.example:5000/x/flower-operator:0.1.0"),
        (["image.registry=r.example", "global.imageRegistry=mirror.example"], "mirror.example/flower-operator:0.1.0"),
        (["global.imageRegistry=mirror.example", "image.repository=tools/x"], "mirror.example/tools/x:0.1.0"),
    ],
)
def test_all_programs_run_the_image_of_the_release(settings: list[str], image: str) -> None:
    rendered = template(*(part for setting in settings for part in ("--set-string", setting)))
    for component in COMPONENTS:
        assert pod_of(rendered, component)["spec"]["containers"][0]["image"] == image
    assert f"--monitor-image={image}" in pod_of(rendered, "controller")["spec"]["containers"][0]["args"]


@pytest.mark.parametrize("registry", ["image.registry", "global.imageRegistry"])
@pytest.mark.parametrize("repository", ["r.example/x", "r:5000/x", "localhost/x"])
def test_a_registry_in_the_repository_beside_another_one_is_refused(registry: str, repository: str) -> None:
    said = refusal("--set", f"{registry}=mirror.example", "--set", f"image.repository={repository}")
    assert f"image.repository={repository} has a registry in it" in said
    assert "(mirror.example): move the first into image.registry" in said


def test_an_image_of_monitors_of_its_own_is_taken_as_it_is() -> None:
    settings = ("--set", "global.imageRegistry=mirror.example", "--set", "controller.monitorImage=r.example/monitor:1")
    assert (
        "--monitor-image=r.example/monitor:1"
        in pod_of(template(*settings), "controller")["spec"]["containers"][0]["args"]
    )


def test_chart_and_distribution_have_one_version() -> None:
    from flower_operator import __version__

    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert (chart["version"], chart["appVersion"]) == (__version__, __version__)


@pytest.mark.parametrize(
    ("settings", "groups"),
    [
        ((), []),
        (("--api-versions", "security.openshift.io/v1"), ["--monitor-fs-group=0"]),
        (
            ("--api-versions", "security.openshift.io/v1", "--set", "controller.monitorFsGroup=2000"),
            ["--monitor-fs-group=2000"],
        ),
    ],
)
def test_openshift_chooses_the_group_of_volumes(settings: tuple[str, ...], groups: list[str]) -> None:
    [container] = pod_of(template(*settings), "controller")["spec"]["containers"]
    assert [arg for arg in container["args"] if arg.startswith("--monitor-fs-group")] == groups


# The CRD.


def test_the_charts_crd_is_the_canonical_one() -> None:
    name = "flowermonitors.yaml"
    assert (CHART / "files" / "crds" / name).read_bytes() == (ROOT / "crds" / name).read_bytes(), (
        f"copy crds/{name} to charts/flower-operator/files/crds/"
    )


def test_the_crd_is_rendered_whole() -> None:
    rendered = of_kind(template(), "CustomResourceDefinition")
    canonical = yaml.safe_load((ROOT / "crds" / "flowermonitors.yaml").read_text())
    assert rendered["spec"] == canonical["spec"]
    assert rendered["metadata"]["name"] == canonical["metadata"]["name"]


def test_the_crd_is_kept_on_uninstall() -> None:
    annotations = of_kind(template(), "CustomResourceDefinition")["metadata"]["annotations"]
    assert annotations["helm.sh/resource-policy"] == "keep"


def test_the_crd_can_be_left_to_an_administrator() -> None:
    assert "CustomResourceDefinition" not in {m["kind"] for m in template("--set", "crds.install=false")}


# Labels.


class Strict(yaml.SafeLoader):
    """Takes no key twice: nor do kustomize and what is built on it, such as Flux."""


def once(loader: yaml.SafeLoader, node: Any) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    assert len(keys) == len(set(keys)), keys
    return loader.construct_mapping(node, deep=True)


Strict.add_constructor("tag:yaml.org,2002:map", once)

LABELS = ("commonLabels.app\\.kubernetes\\.io/part-of=eyes", "commonLabels.team=a", "controller.podLabels.team=b")
OURS = ("commonLabels.app\\.kubernetes\\.io/name=eyes", "controller.podLabels.app\\.kubernetes\\.io/component=eyes")


def labelled(settings: tuple[str, ...]) -> list[Manifest]:
    given = (*ON, "--set", "crds.install=false", *(word for setting in settings for word in ("--set", setting)))
    return [found for found in yaml.load_all(text(*given), Strict) if found]


def test_labels_of_the_values_replace_ours() -> None:
    found = labelled(LABELS)
    assert {m["metadata"]["labels"]["app.kubernetes.io/part-of"] for m in found} == {"eyes"}
    assert {m["metadata"]["labels"]["team"] for m in found} == {"a"}
    assert pod_of(tuple(found), "controller")["metadata"]["labels"]["team"] == "b"


def test_labels_that_select_pods_stay() -> None:
    for manifest in labelled(OURS):
        if manifest["kind"] == "Deployment":
            labels = manifest["spec"]["template"]["metadata"]["labels"]
            assert manifest["spec"]["selector"]["matchLabels"].items() <= labels.items()


# The fleet's Service and the notes.


def test_the_fleet_can_be_left_out() -> None:
    rendered = template("--set", "fleet.enabled=false")
    assert not [m for m in rendered if m["metadata"]["labels"]["app.kubernetes.io/component"] == "fleet"]


def leads_to(manifest: Manifest) -> set[tuple[str, Any]]:
    """Names and ports of the Services that an Ingress or HTTPRoute leads to."""
    rules = manifest["spec"]["rules"]
    if manifest["kind"] == "HTTPRoute":
        return {(one["name"], one["port"]) for rule in rules for one in rule["backendRefs"]}
    services = [path["backend"]["service"] for rule in rules for path in rule["http"]["paths"]]
    return {(one["name"], one["port"]["name"]) for one in services}


def test_an_ingress_leads_to_the_fleet_by_each_host() -> None:
    rendered = template("--set", "fleet.ingress.hosts={a.example,b.example}", "--set", "fleet.ingress.tlsSecretName=t")
    made, service = of_kind(rendered, "Ingress"), of_kind(rendered, "Service")
    assert leads_to(made) == {(service["metadata"]["name"], service["spec"]["ports"][0]["name"])}
    assert [rule["host"] for rule in made["spec"]["rules"]] == ["a.example", "b.example"]
    assert made["spec"]["tls"] == [{"secretName": "t", "hosts": ["a.example", "b.example"]}]


def test_an_http_route_leads_to_the_fleet() -> None:
    rendered = template("--set", "fleet.httpRoute.parentRefs[0].name=public", "--set", "fleet.service.port=80")
    made, service = of_kind(rendered, "HTTPRoute"), of_kind(rendered, "Service")
    assert leads_to(made) == {(service["metadata"]["name"], service["spec"]["ports"][0]["port"])}
    assert made["spec"]["parentRefs"] == [{"name": "public"}]


def test_nothing_leads_in_from_outside_unless_asked_for() -> None:
    asked = ("--set", "fleet.ingress.hosts={a.example}", "--set", "fleet.httpRoute.parentRefs[0].name=public")
    for rendered in (template(), template(*asked, "--set", "fleet.enabled=false")):
        assert not [made for made in rendered if made["kind"] in ("Ingress", "HTTPRoute")]


def notes(*settings: str) -> str:
    """What helm prints after an installation."""
    arguments = [part for setting in settings for part in ("--set", setting)]
    done = run("install", "flower", CHART, "--namespace", "tools", "--dry-run=client", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.partition("NOTES:")[2]


def test_notes_tell_how_to_open_the_page_and_log_in() -> None:
    text = notes()
    assert "kubectl -n tools port-forward service/flower-flower-operator-fleet 8080:8080" in text
    assert "kubectl -n tools get secret flower-operator-fleet -o jsonpath='{.data.password}' | base64 -d" in text


def test_notes_name_the_service_that_is_rendered() -> None:
    service: Any = of_kind(template(), "Service")["metadata"]["name"]
    assert f"service/{service} " in notes()


def test_notes_tell_the_node_port() -> None:
    text = notes("fleet.service.type=NodePort", "fleet.service.nodePort=30080")
    assert "http://NODE:30080" in text
    assert "port-forward" not in text


def test_notes_tell_the_hosts_of_the_ingress() -> None:
    text = notes("fleet.ingress.hosts={a.example,b.example}", "fleet.ingress.tlsSecretName=t")
    assert "    https://a.example\n    https://b.example\n" in text
    assert "port-forward" not in text


def test_the_monitor_in_the_notes_is_where_it_is_watched() -> None:
    assert "namespace: team-a\n" in notes("watchNamespaces={team-a,team-b}")
    assert "namespace: default\n" in notes()


def test_notes_without_fleet_speak_of_none() -> None:
    assert "password" not in notes("fleet.enabled=false")


def test_the_monitor_in_the_notes_has_only_fields_of_the_crd() -> None:
    text = notes().partition("<<END\n")[2].partition("  END")[0]
    monitor: Manifest = yaml.safe_load(text)
    crd = yaml.safe_load((ROOT / "crds" / "flowermonitors.yaml").read_text())
    schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
    assert monitor["spec"].keys() <= schema.keys()
