"""Runs helm on the chart."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from e2e.cluster.cache import cache_root
from e2e.cluster.modules import HELM, HELM_3
from tests.support.patience import PATIENCE

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "flower-operator"
VALUES = sorted((CHART / "ci").glob("*-values.yaml"))
"""Files of values that stand for the ways to install the chart."""

Manifest = dict[str, Any]


@cache
def program(name: str = "helm") -> str:
    """The helm to use: that of PATH, else the one of the cluster tool where it is built already."""
    # Not built from here: that takes minutes.
    built = {module.name: module for module in (HELM, HELM_3)}[name].target(cache_root(os.environ))
    found = shutil.which(name) or shutil.which(name, path=str(built))
    if found is None:
        reason = f"no {name}: run `python3 -m e2e.cluster {name}` once, or put it on PATH"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def run(*arguments: str | Path, helm: str = "helm") -> subprocess.CompletedProcess[str]:
    """Run helm, or helm3; its output and exit code."""
    return subprocess.run([program(helm), *arguments], check=False, capture_output=True, text=True, timeout=PATIENCE)


@cache
def text(*arguments: str | Path, release: str = "flower") -> str:
    """What the chart renders; a failure of helm is one of the test."""
    done = run("template", release, CHART, "--namespace", "tools", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def template(*arguments: str | Path, release: str = "flower") -> tuple[Manifest, ...]:
    """The same as objects. Many tests share them: look, don't touch."""
    documents = yaml.load_all(text(*arguments, release=release), yaml.CSafeLoader)
    return tuple(document for document in documents if document)


def refusal(*arguments: str) -> str:
    """What helm says of values that it must refuse."""
    done = run("template", "flower", CHART, *arguments)
    assert done.returncode != 0, "helm took them"
    return done.stderr


def of_kind(manifests: tuple[Manifest, ...], kind: str, name: str | None = None) -> Manifest:
    """The one object of a kind, or of a kind and a name."""
    found = [m for m in manifests if m["kind"] == kind and name in (None, m["metadata"]["name"])]
    assert len(found) == 1, [(m["kind"], m["metadata"]["name"]) for m in manifests]
    return found[0]


def pod_of(manifests: tuple[Manifest, ...], component: str) -> Manifest:
    """The pod template of a component."""
    [deployment] = [
        m
        for m in manifests
        if m["kind"] == "Deployment" and m["metadata"]["labels"]["app.kubernetes.io/component"] == component
    ]
    template_: Manifest = deployment["spec"]["template"]
    return template_
