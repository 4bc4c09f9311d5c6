"""kubectl, helm and kind in one folder to put first on PATH."""

import json
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from e2e.cluster.cache import content_key, make_once
from e2e.cluster.errors import CommandError
from e2e.cluster.modules import HELM, HELM_3, KIND, KUBERNETES, Module, built
from e2e.cluster.run import run

SKEW = 1
"""Minor versions that kubectl may be older or newer than the server (Kubernetes' version skew policy)."""


def tools(cache: Path) -> Path:
    """Return the folder with kubectl, helm and kind: those on PATH where they will do, else built from Go modules."""
    programs = {"kubectl": kubectl(cache), "helm": helm(cache), "kind": kind(cache)}

    def make(folder: Path) -> None:
        for name, program in programs.items():
            (folder / name).symlink_to(program)

    return make_once(cache / "tools" / content_key(*map(str, programs.values())), make)


def kind(cache: Path) -> Path:
    """Return kind: always the pinned one, as its version decides which node image it wants."""
    return built(KIND, cache) / "kind"


def kubectl(cache: Path) -> Path:
    """Return kubectl: built already, or on PATH in a version that gets on with the cluster's, or built now."""
    return _found(KUBERNETES, "kubectl", cache, kubectl_will_do, "version", "--client", "--output", "json")


def helm(cache: Path) -> Path:
    """Return helm: built already, or on PATH in the pinned major version, or built now."""
    return _found(HELM, "helm", cache, helm_will_do, "version", "--template", "{{.Version}}")


def helm3(cache: Path) -> Path:
    """Return helm 3, always the pinned one, called helm3."""
    return built(HELM_3, cache) / "helm3"


def kubectl_will_do(printed: str) -> bool:
    """Return whether the kubectl that printed this may talk to a server of the pinned version."""
    version = json.loads(printed)["clientVersion"]
    ours = [int(part) for part in KUBERNETES.version.lstrip("v").split(".")[:2]]
    # Some builds of kubectl add a sign: "36+".
    minor = int(re.sub(r"\D", "", version["minor"]))
    return int(version["major"]) == ours[0] and abs(minor - ours[1]) <= SKEW


def helm_will_do(printed: str) -> bool:
    """Return whether the helm that printed this is of the pinned major version."""
    return printed.strip().startswith(HELM.version.split(".")[0] + ".")


def _found(module: Module, name: str, cache: Path, will_do: Callable[[str], bool], *version: str) -> Path:
    on_path = shutil.which(name)
    if on_path and not module.target(cache).exists():
        # Too old or too new a program does not answer the question: then it will not do.
        with suppress(CommandError, ValueError, KeyError):
            if will_do(run(on_path, *version)):
                return Path(on_path)
    return built(module, cache) / name
