"""What the node image is made of."""

import subprocess
from pathlib import Path

import pytest

from e2e.cluster import node_image, preloaded
from e2e.cluster.archive import Image
from e2e.cluster.host import choose_mirror
from e2e.cluster.modules import COREDNS, ETCD, KUBERNETES, PAUSE
from e2e.cluster.tools import helm_will_do, kubectl_will_do

REFERENCES = [
    *(f"registry.k8s.io/{name}:v1.36.3" for name in ("kube-apiserver", "kube-scheduler", "kube-proxy")),
    "registry.k8s.io/coredns/coredns:v1.13.0",
    "registry.k8s.io/pause:3.10.1",
    "registry.k8s.io/etcd:3.6.6-0",
]


@pytest.fixture(name="images")
def _images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Image]:
    monkeypatch.setattr(preloaded, "tool_entries", lambda _root: [])
    programs = {}
    for module in (KUBERNETES, ETCD, COREDNS, PAUSE):
        programs[module.name] = tmp_path / f"{module.name}-programs"
        programs[module.name].mkdir()
        (programs[module.name] / module.name).write_text(module.name)
    script = tmp_path / "nodenet.sh"
    script.write_text("#!/bin/sh\n")
    made = preloaded.images(REFERENCES, programs, tmp_path, script, tmp_path)
    return {image.reference: image for image in made}


def test_every_image_that_kubeadm_wants_is_made_under_its_name(images: dict[str, Image]) -> None:
    assert set(images) == {*REFERENCES, preloaded.NODENET}


def test_programs_of_kubernetes_share_a_layer(images: dict[str, Image]) -> None:
    server, scheduler, proxy = (images[reference] for reference in REFERENCES[:3])
    assert server.layers == scheduler.layers
    assert proxy.layers[-1] == server.layers[0]


@pytest.mark.parametrize(
    ("reference", "entrypoint"),
    [
        (REFERENCES[0], None),
        (REFERENCES[3], ["/usr/local/bin/coredns"]),
        (REFERENCES[4], ["/usr/local/bin/pause"]),
        (REFERENCES[5], None),
        (preloaded.NODENET, ["/bin/sh", "/nodenet.sh"]),
    ],
)
def test_entrypoints_are_those_that_kubeadm_counts_on(
    images: dict[str, Image], reference: str, entrypoint: list[str] | None
) -> None:
    assert images[reference].config.get("Entrypoint") == entrypoint


def test_kinds_files_get_the_modes_of_its_dockerfile(tmp_path: Path) -> None:
    for name in ("usr/local/bin/entrypoint", "kind/bin/mount.sh", "etc/containerd/config.toml"):
        (tmp_path / "source" / name).parent.mkdir(parents=True)
        (tmp_path / "source" / name).touch(mode=0o444)
    node_image.copy_files(tmp_path / "source", tmp_path / "root")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "root").rglob("*") if path.is_file()}
    assert modes == {"entrypoint": 0o755, "mount.sh": 0o755, "config.toml": 0o644}


def test_a_setting_is_replaced_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[a]\n  sandbox = 'old'\n  other = 1\n")
    node_image._replace_line(file, "sandbox = ", '"new"')
    assert file.read_text() == '[a]\n  sandbox = "new"\n  other = 1\n'


def test_a_setting_that_kind_no_longer_has_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[a]\n")
    with pytest.raises(ValueError, match="has kind changed it"):
        node_image._replace_line(file, "sandbox = ", '"new"')


def test_the_images_name_tells_kubernetes_version_and_content() -> None:
    assert node_image.reference().startswith(f"{node_image.REPOSITORY}:{KUBERNETES.version}-")


@pytest.mark.parametrize("name", ["nodenet.sh", "crictl"])
def test_scripts_of_the_node_are_sound_shell(name: str) -> None:
    shell = "bash" if name == "crictl" else "sh"
    subprocess.run([shell, "-n", node_image.FILES / name], check=True)


@pytest.mark.parametrize(
    ("targets", "mirror"),
    [
        ("http://a.test/debian/ bookworm main\nhttp://a.test/debian/ bookworm-updates main", "http://a.test/debian"),
        ("http://deb.debian.org/debian trixie main", "http://deb.debian.org/debian"),
        ("https://other.test/x stable main", "http://deb.debian.org/debian"),
        ("http://s.test/debian-security bookworm-security main", "http://deb.debian.org/debian"),
        ("", "http://deb.debian.org/debian"),
    ],
)
def test_mirror_is_the_one_that_apt_uses(targets: str, mirror: str) -> None:
    assert choose_mirror(targets, "bookworm") == mirror


@pytest.mark.parametrize(
    ("minor", "will_do"), [("36", True), ("35", True), ("37", True), ("36+", True), ("34", False), ("38", False)]
)
def test_kubectl_may_be_one_minor_version_off(minor: str, will_do: bool) -> None:
    assert kubectl_will_do(f'{{"clientVersion": {{"major": "1", "minor": "{minor}"}}}}') is will_do


@pytest.mark.parametrize(("version", "will_do"), [("v4.0.1\n", True), ("v3.19.0\n", False), ("v40.1\n", False)])
def test_helm_is_of_the_pinned_major_version(version: str, will_do: bool) -> None:
    assert helm_will_do(version) is will_do
