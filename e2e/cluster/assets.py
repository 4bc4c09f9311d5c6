"""etcd, kube-apiserver, kube-controller-manager and kubectl in one folder: the API server of the integration tests."""

import os
from collections.abc import Mapping
from pathlib import Path

from e2e.cluster.cache import make_once
from e2e.cluster.errors import UnavailableError
from e2e.cluster.modules import ETCD, KUBERNETES, built

PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kubectl")


def assets(cache: Path, environ: Mapping[str, str]) -> Path:
    """Return the folder with PROGRAMS: $KUBEBUILDER_ASSETS where it is set, else one made of what Go modules give."""
    if given := environ.get("KUBEBUILDER_ASSETS"):
        return _checked(Path(given).absolute())
    etcd, kubernetes = built(ETCD, cache), built(KUBERNETES, cache)

    def make(folder: Path) -> None:
        for program in PROGRAMS:
            (folder / program).symlink_to((etcd if program == "etcd" else kubernetes) / program)

    return make_once(cache / "assets" / f"{ETCD.key}-{KUBERNETES.key}", make)


def _checked(folder: Path) -> Path:
    missing = [program for program in PROGRAMS if not os.access(folder / program, os.X_OK)]
    if missing:
        raise UnavailableError(
            f"KUBEBUILDER_ASSETS={folder} has no {', '.join(missing)}. Add them (envtest's own archives lack "
            "kube-controller-manager), or unset KUBEBUILDER_ASSETS to have all of them built from Go modules."
        )
    return folder
