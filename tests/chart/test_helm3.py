"""Helm 3 takes the chart as helm 4 does, with which all other tests are."""

from pathlib import Path

import pytest
import yaml

from tests.chart.helm import CHART, VALUES, run, template

values = pytest.mark.parametrize("file", VALUES, ids=lambda file: file.name.removesuffix("-values.yaml"))


def test_it_is_helm_3() -> None:
    assert run("version", "--short", helm="helm3").stdout.startswith("v3.")


@values
def test_lint_is_content(file: Path) -> None:
    done = run("lint", "--strict", CHART, "--values", file, helm="helm3")
    assert done.returncode == 0, done.stdout + done.stderr


@values
def test_it_renders_the_same(file: Path) -> None:
    settings = ("--values", file, "--kube-version", "1.36.0")  # helm 3 takes an old one for granted
    done = run("template", "flower", CHART, "--namespace", "tools", *settings, helm="helm3")
    assert done.returncode == 0, done.stderr
    rendered = [document for document in yaml.load_all(done.stdout, yaml.CSafeLoader) if document]
    assert rendered == list(template(*settings))


def test_values_that_are_wrong_are_refused_by_name() -> None:
    done = run("template", "flower", CHART, "--set", "controller.replicas=two", "--kube-version=1.36.0", helm="helm3")
    assert done.returncode != 0
    assert "replicas" in done.stderr


def test_kubernetes_that_is_too_old_is_refused() -> None:
    done = run("template", "flower", CHART, "--kube-version", "1.29.0", helm="helm3")
    assert "requires kubeVersion: >=1.30.0-0" in done.stderr
