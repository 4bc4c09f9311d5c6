"""The node image of kind without a registry: the steps of kind's images/base/Dockerfile on a Debian root.

What is special here, and why, is in README.md. The result is a docker-archive that any Docker engine takes.
"""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from e2e.cluster import archive, preloaded, roots
from e2e.cluster.cache import content_key, keep_newest, make_once
from e2e.cluster.modules import CONTAINERD, KIND, KUBERNETES, NODE_MODULES, built, source_folder
from e2e.cluster.run import SYSTEM_PATH, run, succeeds, tail, wait_for
from e2e.cluster.say import step

FILES = Path(__file__).parent / "node"

REPOSITORY = "localhost/flower-operator-node"

PACKAGES = (
    "bash ca-certificates conntrack containernetworking-plugins curl dbus e2fsprogs ethtool hostname iproute2 iptables "
    "jq kmod libseccomp2 mount nftables pigz procps runc systemd systemd-sysv util-linux"
)
"""kind's, without those for other file systems (nfs, iscsi, fuse), with runc and the CNI plugins, which kind builds."""

UNITS_TO_DROP = (
    "lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service",
    "lib/systemd/system/multi-user.target.wants/*",
    "lib/systemd/system/local-fs.target.wants/*",
    "lib/systemd/system/sockets.target.wants/*udev*",
    "lib/systemd/system/sockets.target.wants/*initctl*",
    "lib/systemd/system/basic.target.wants/*",
    "etc/systemd/system/*.wants/*",
    # Not kind's: they would set fs.protected_*, which is the whole machine's and not the node's.
    "usr/lib/sysctl.d/*.conf",
)

CNI_PLUGINS = ("host-local", "loopback", "ptp", "portmap")

KEPT = 2
"""Node images in the cache, 700 MB each: this one, and that of another checkout or branch."""

START = 30.0
"""Seconds that containerd may take to answer while images are put into the node."""

CONFIG = {
    "Env": ["container=docker", f"PATH={SYSTEM_PATH}"],
    "Entrypoint": ["/usr/local/bin/entrypoint", "/sbin/init"],
    "StopSignal": "SIGRTMIN+3",
}


def reference() -> str:
    """Return the image's name, whose tag holds its content key: a changed image is another image."""
    return f"{REPOSITORY}:{KUBERNETES.version}-{_key()}"


def _key() -> str:
    code = (Path(__file__), Path(archive.__file__), Path(preloaded.__file__))
    debian = (roots.RELEASE, *roots.LEFTOVERS)
    return content_key(FILES, *code, *debian, KIND.key, *(module.key for module in NODE_MODULES))


def node_image(cache: Path) -> Path:
    """Return the docker-archive of the node image, building what it is made of."""
    folder = make_once(cache / "node-image" / _key(), lambda folder: _build(cache, folder))
    keep_newest(cache / "node-image", KEPT)
    return folder / "image.tar"


def _build(cache: Path, folder: Path) -> None:
    with ThreadPoolExecutor(1) as background:
        # It waits for Debian's mirror most of the time, while the builds want the processors.
        debian = background.submit(roots.root, cache, "node", PACKAGES.split(), "45 s")
        programs = {module.name: built(module, cache) for module in NODE_MODULES}
    source = source_folder(KIND, cache) / "images" / "base" / "files"
    with step("Making the node image", "40 s"):
        root, scratch = folder / "root", folder / "scratch"
        scratch.mkdir()
        run("cp", "--archive", "--reflink=auto", debian.result(), root)
        copy_files(source, root)
        drop_units(root)
        install_programs(programs[CONTAINERD.name], programs[KUBERNETES.name], root)
        configure(root)
        preload(programs, root, scratch)
        layer = archive.layer_of_tree(root, scratch / "node.tar")
        archive.write_archive(folder / "image.tar", [archive.Image(reference(), [layer], CONFIG)])
        for leftover in (root, scratch):
            shutil.rmtree(leftover)


def copy_files(source: Path, root: Path) -> None:
    """Copy kind's own files, with the modes of its Dockerfile: Go's module cache has lost them."""
    for file in (path for path in source.rglob("*") if path.is_file()):
        relative = file.relative_to(source)
        target = root / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        target.chmod(0o755 if relative.parts[0] == "usr" or "bin" in relative.parts else 0o644)


def drop_units(root: Path) -> None:
    """Turn Debian's units off, as a container needs none of them, and kubelet's and containerd's on."""
    for pattern in UNITS_TO_DROP:
        for path in root.glob(pattern):
            path.unlink()
    with (root / "etc/systemd/journald.conf").open("a") as file:
        file.write("ReadKMsg=no\n")
    run("chroot", root, "systemctl", "enable", "kubelet.service", "containerd.service", "undo-mount-hacks.service")
    run("chroot", root, "systemctl", "mask", "systemd-binfmt.service")


def install_programs(containerd: Path, kubernetes: Path, root: Path) -> None:
    """Put the programs where kind expects them: in the node they are one binary and its links."""
    for program in CONTAINERD.programs:
        shutil.copy(containerd / program, root / "usr/local/bin" / program)
    shutil.copy(kubernetes / KUBERNETES.name, root / "usr/bin" / KUBERNETES.name)
    for name in ("kubeadm", "kubelet", "kubectl"):
        (root / "usr/bin" / name).symlink_to(KUBERNETES.name)
    shutil.copy(FILES / "crictl", root / "usr/local/bin/crictl")
    (root / "usr/local/bin/crictl").chmod(0o755)
    plugins = root / "opt/cni/bin"
    plugins.mkdir(parents=True)
    for name in CNI_PLUGINS:
        shutil.copy(root / "usr/lib/cni" / name, plugins / name)


def configure(root: Path) -> None:
    """Write the settings of containerd and kubelet, and what `kind build node-image` adds."""
    specification = (
        'ctr oci spec | jq \'.hooks.createContainer = [{path: "/kind/bin/mount-product-files.sh"}]'
        " | del(.process.rlimits)' > /etc/containerd/cri-base.json"
    )
    run("chroot", root, "sh", "-c", specification)
    _replace_line(root / "etc/containerd/config.toml", "restrict_oom_score_adj = ", "true")
    _replace_line(root / "etc/containerd/config.toml", "sandbox_image = ", f'"{_pause(kubeadm_images(root))}"')
    for folder in ("etc/kubernetes/manifests", "etc/kubernetes/kubelet.conf.d", "kind/manifests"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(FILES / "kubelet-cgroup-v1.yaml", root / "etc/kubernetes/kubelet.conf.d/10-cgroup-v1.conf")
    shutil.copy(FILES / "kubelet", root / "etc/default/kubelet")
    for manifest in ("default-cni.yaml", "default-storage.yaml"):
        shutil.copy(FILES / manifest, root / "kind/manifests" / manifest)
    (root / "kind/version").write_text(KUBERNETES.version)


def _replace_line(file: Path, start: str, value: str) -> None:
    """Set the one setting of `file` whose line starts with `start`."""
    lines = file.read_text().splitlines()
    found = [number for number, line in enumerate(lines) if line.strip().startswith(start)]
    if len(found) != 1:
        raise ValueError(f"{file} has {len(found)} lines that start with {start!r}, not 1: has kind changed it?")
    lines[found[0]] = lines[found[0]].partition(start)[0] + start + value
    file.write_text("\n".join(lines) + "\n")


def kubeadm_images(root: Path) -> list[str]:
    """Return the names of the images that kubeadm will want."""
    command = ("kubeadm", "config", "images", "list", "--kubernetes-version", KUBERNETES.version)
    return run("chroot", root, *command).split()


def _pause(references: Sequence[str]) -> str:
    return next(reference for reference in references if "/pause:" in reference)


def preload(programs: dict[str, Path], root: Path, scratch: Path) -> None:
    """Put the images of a control plane into the store of the node's containerd."""
    images = preloaded.images(kubeadm_images(root), programs, root, FILES / "nodenet.sh", scratch)
    archive.write_archive(scratch / "images.tar", images)
    with containerd(programs[CONTAINERD.name], root / "var/lib/containerd", scratch) as ctr:
        # Pinned: kubelet never throws them away when the disk fills. As `kind build node-image` does it.
        options = ("--label=io.cri-containerd.pinned=pinned", "--all-platforms", "--no-unpack")
        ctr("--namespace", "k8s.io", "images", "import", *options, scratch / "images.tar")


@contextmanager
def containerd(programs: Path, store: Path, scratch: Path) -> Iterator[Callable[..., str]]:
    """Run a containerd that keeps its things in `store`, and yield a function that calls ctr on it."""
    socket, settings, log = scratch / "c.sock", scratch / "containerd.toml", scratch / "containerd.log"
    kubernetes = ("grpc.v1.cri", "cri.v1.images", "cri.v1.runtime")
    settings.write_text(
        f'version = 3\nroot = "{store}"\nstate = "{scratch / "state"}"\n'
        f"disabled_plugins = {[f'io.containerd.{plugin}' for plugin in kubernetes]}\n"
        f'[grpc]\naddress = "{socket}"\n[ttrpc]\naddress = "{socket}.ttrpc"\n'
    )
    with log.open("w") as output:
        server = subprocess.Popen([programs / "containerd", "--config", settings], stdout=output, stderr=output)
    try:
        ready = (programs / "ctr", "--address", socket, "version")
        wait_for(lambda: succeeds(*ready) or server.poll() is not None, START, "containerd to answer")
        if server.poll() is not None:
            raise ValueError(f"containerd does not start:\n{tail(log.read_text())}")
        yield lambda *arguments: run(programs / "ctr", "--address", socket, *arguments)
    finally:
        server.terminate()
        server.wait()
