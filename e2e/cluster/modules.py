"""The programs of a cluster, built from Go modules: which there are, and how each is built.

Every folder under modules/ is one Go module whose go.mod and go.sum pin the programs and all that they are made of, by
checksum. Where a program's own main package will do, go.mod names it in a `tool` line; otherwise main.go is ours.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from e2e.cluster.cache import content_key, make_once
from e2e.cluster.errors import CommandError, UnavailableError
from e2e.cluster.golang import find_go
from e2e.cluster.run import run
from e2e.cluster.say import step

FOLDER = Path(__file__).parent / "modules"

OWN_MAIN = "."
"""The package to build where main.go is ours, or where such a package's path begins."""


@dataclass(frozen=True)
class Module:
    """A Go module under modules/ and the programs that are built from it."""

    name: str
    programs: dict[str, str]
    """Each program's file name and the package it is built from."""
    about: str
    """How long the build takes with an empty Go build cache on two cores; warm it is seconds."""
    source: str = ""
    """The folder under modules/ where that is another's: programs of one go.mod share what they have in common, so
    that with an empty cache Kubernetes' libraries are compiled once and not also for CoreDNS and for helm."""
    links: tuple[str, ...] = ()
    """Other names of the one program: main.go goes by the name that it was called with."""
    tags: str = ""
    version_of: str = ""
    """The module whose version the program has to report, where that is not built in by itself."""
    version_flags: str = ""
    """Linker flags that tell the program its version, `{version}`, `{major}` and `{minor}` filled in."""

    @property
    def folder(self) -> Path:
        """Where go.mod, go.sum and perhaps main.go are."""
        return FOLDER / (self.source or self.name)

    @property
    def version(self) -> str:
        """The version of `version_of` that go.mod requires."""
        return required_version((self.folder / "go.mod").read_text(), self.version_of)

    @property
    def ldflags(self) -> str:
        """Linker flags: no symbols (a third of the size), and the version."""
        if not self.version_of:
            return "-s -w"
        major, minor = self.version.lstrip("v").split(".")[:2]
        return "-s -w " + self.version_flags.format(version=self.version, major=major, minor=minor)

    @property
    def key(self) -> str:
        """What the programs are made from, as a content key."""
        return content_key(self.folder, repr(sorted(self.programs.items())), repr(self.links), self.tags, self.ldflags)

    def target(self, cache: Path) -> Path:
        """Where the built programs are."""
        return cache / "programs" / f"{self.name}-{self.key}"


KUBERNETES = Module(
    "kubernetes",
    {"kubernetes": OWN_MAIN},
    about="5 min the first time",
    links=(
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "kube-proxy",
        "kubeadm",
        "kubectl",
        "kubelet",
    ),
    version_of="k8s.io/kubernetes",
    version_flags=" ".join(
        f"-X k8s.io/component-base/version.{name}"
        for name in ("gitVersion={version}", "gitMajor={major}", "gitMinor={minor}")
    ),
)
ETCD = Module("etcd", {"etcd": "go.etcd.io/etcd/server/v3"}, about="20 s", source="kubernetes")
CONTAINERD = Module(
    "containerd",
    {
        name: f"github.com/containerd/containerd/v2/cmd/{name}"
        for name in ("containerd", "containerd-shim-runc-v2", "ctr")
    },
    about="50 s",
    # No file systems that would need C libraries.
    tags="no_btrfs no_zfs no_devmapper netgo osusergo",
)
COREDNS = Module("coredns", {"coredns": "./coredns"}, about="20 s", source="kubernetes")
PAUSE = Module("pause", {"pause": OWN_MAIN}, about="1 s")
KIND = Module("kind", {"kind": "sigs.k8s.io/kind"}, about="10 s", version_of="sigs.k8s.io/kind")
HELM = Module(
    "helm",
    {"helm": "helm.sh/helm/v4/cmd/helm"},
    about="30 s",
    source="kubernetes",
    version_of="helm.sh/helm/v4",
    version_flags="-X helm.sh/helm/v4/internal/version.version={version}",
)
HELM_3 = Module(
    "helm3",
    {"helm3": "helm.sh/helm/v3/cmd/helm"},
    about="a minute",
    version_of="helm.sh/helm/v3",
    version_flags="-X helm.sh/helm/v3/internal/version.version={version}",
)
"""Renders the chart in its tests, beside helm 4. Not in the go.mod of Kubernetes, so that a new one does not have all
of that built anew."""
NODE_MODULES = (KUBERNETES, ETCD, CONTAINERD, COREDNS, PAUSE)
"""What the node image is made of."""


def required_version(go_mod: str, module: str) -> str:
    """Return the version of `module` that the text of a go.mod requires."""
    found = re.search(rf"^\s*(?:require )?{re.escape(module)} (v\S+)", go_mod, re.MULTILINE)
    if found is None:
        raise ValueError(f"go.mod requires no {module}")
    return found[1]


def built(module: Module, cache: Path) -> Path:
    """Return the folder of the module's programs, building them when that was not done yet."""
    return make_once(module.target(cache), lambda folder: _build(module, cache, folder))


def _build(module: Module, cache: Path, folder: Path) -> None:
    go = find_go(cache)
    with step(f"Building {', '.join(module.programs)} from Go modules", module.about):
        for program, package in module.programs.items():
            _go_build(go, module, package, folder / program)
        for name in module.links:
            (folder / name).symlink_to(next(iter(module.programs)))


def _go_build(go: Path, module: Module, package: str, target: Path) -> None:
    # What a debugger needs is stripped by the linker: not making it takes a tenth off the time.
    flags = ["-trimpath", "-buildvcs=false", "-mod=readonly", "-gcflags=all=-dwarf=false", "-tags", module.tags]
    flags += ["-ldflags", module.ldflags]
    try:
        run(go, "build", *flags, "-o", target, package, cwd=module.folder, env=_environment())
    except CommandError as error:
        raise UnavailableError(
            f"{module.name} could not be built. Its sources come from the Go module proxy (set GOPROXY where the usual "
            f"one cannot be reached) and need 8 GB of disk and 4 GB of memory.\n{error}"
        ) from error


def _environment() -> dict[str, str]:
    """Return what makes a build depend on go.mod alone: static programs, and no toolchain but the one found."""
    return {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off"}


def source_folder(module: Module, cache: Path) -> Path:
    """Return the unpacked source of `version_of`, as Go's module cache holds it (read-only)."""
    command = ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module.version_of]
    go = find_go(cache)
    run(go, "mod", "download", module.version_of, cwd=module.folder, env=_environment())
    return Path(run(go, *command, cwd=module.folder, env=_environment()).strip())
