"""The container images that a node holds from the start, made from the programs of modules.py and a Debian root."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from e2e.cluster.archive import Entry, Image, Layer, layer_of
from e2e.cluster.modules import COREDNS, ETCD, KUBERNETES, PAUSE
from e2e.cluster.run import SYSTEM_PATH, run

NODENET = "localhost/nodenet:1"
"""The image of node/default-cni.yaml."""

TOOLS = "sh sleep cat ls mkdir mv rm ip iptables-nft ip6tables-nft conntrack nft"
"""Programs that kube-proxy and nodenet.sh call."""

PASSWD = b"root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"

TOP = re.compile(r"^(s?bin|lib(?:32|64)?)/")
"""Folders that are links into usr/ on a Debian with a merged /usr: a layer must not hold both."""


def images(
    references: Sequence[str], programs: Mapping[str, Path], root: Path, script: Path, scratch: Path
) -> list[Image]:
    """Return the images named `references` (of `kubeadm config images list`), and that of nodenet.sh.

    `programs`: the folder of each module's programs, by the module's name. `root`: a Debian root with TOOLS.
    """
    kubernetes = _program_layer(programs, KUBERNETES.name, scratch, KUBERNETES.links)
    tools = layer_of(tool_entries(root), scratch / "tools.tar")
    nodenet = layer_of([Entry("nodenet.sh", script)], scratch / "nodenet.tar")
    alone = {name: _program_layer(programs, name, scratch) for name in (ETCD.name, COREDNS.name, PAUSE.name)}
    found = [_image(reference, alone, kubernetes, tools) for reference in references]
    return [*found, Image(NODENET, [tools, kubernetes, nodenet], _config("/bin/sh", "/nodenet.sh"))]


def _image(reference: str, alone: Mapping[str, Layer], kubernetes: Layer, tools: Layer) -> Image:
    name = re.sub(r"^.*/|:.*$", "", reference)
    if name == "kube-proxy":
        return Image(reference, [tools, kubernetes], _config())
    if name.startswith("kube-"):
        return Image(reference, [kubernetes], _config())
    # kubeadm names the command of etcd only.
    entrypoint = [] if name == ETCD.name else [f"/usr/local/bin/{name}"]
    return Image(reference, [alone[name]], _config(*entrypoint))


def _config(*entrypoint: str) -> dict[str, object]:
    config: dict[str, object] = {"Env": [f"PATH={SYSTEM_PATH}"]}
    return {**config, "Entrypoint": list(entrypoint)} if entrypoint else config


def _program_layer(programs: Mapping[str, Path], name: str, scratch: Path, links: Sequence[str] = ()) -> Layer:
    folders = [Entry(path) for path in ("etc", "run", "usr", "usr/local", "usr/local/bin", "var")]
    entries = [
        Entry("tmp", mode=0o1777),
        *folders,
        Entry("etc/passwd", PASSWD, mode=0o644),
        Entry(f"usr/local/bin/{name}", programs[name] / name),
        *(Entry(f"usr/local/bin/{other}", link=name) for other in links),
    ]
    return layer_of(entries, scratch / f"{name}.tar")


def tool_entries(root: Path) -> Iterator[Entry]:
    """Yield TOOLS of a Debian root, the extensions of iptables, and every library that either of them loads."""
    paths = set(
        run(
            "chroot", root, "/bin/sh", "-c", f"PATH={SYSTEM_PATH}; for tool in {TOOLS}; do command -v $tool; done"
        ).split()
    )
    extensions = next((root / "usr" / "lib").glob("*/xtables"))
    paths |= {f"/{path.relative_to(root)}" for path in extensions.glob("*.so")}
    # The extensions load libraries of their own. Without statistic's libm, iptables-restore fails as a whole, and no
    # Service with two endpoints works.
    paths |= set(re.findall(r"(/\S+) \(0x", run("chroot", root, "ldd", *sorted(paths))))
    paths |= {"/usr/sbin/xtables-nft-multi", "/etc/protocols", "/etc/services"}
    libraries = extensions.parent.relative_to(root)
    for folder in ("usr", "usr/bin", "usr/sbin", "usr/lib", "usr/lib64", f"{libraries}", f"{libraries}/xtables", "etc"):
        yield Entry(folder)
    for folder in ("bin", "sbin", "lib", "lib64"):
        yield Entry(folder, link=f"usr/{folder}")
    for name in sorted({TOP.sub(r"usr/\1/", path.lstrip("/")) for path in paths}):
        if (root / name).exists():
            yield Entry(name, _resolve(root, name))
    for name in (f"{family}{verb}" for family in ("iptables", "ip6tables") for verb in ("", "-save", "-restore")):
        yield Entry(f"usr/sbin/{name}", link="xtables-nft-multi")


def _resolve(root: Path, name: str) -> Path:
    """Return the file that a link inside `root` ends at, where links may be absolute."""
    path = root / name
    while path.is_symlink():
        target = path.readlink()
        path = root / target.relative_to("/") if target.is_absolute() else path.parent / target
    return path
