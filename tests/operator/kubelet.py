"""Does with a rendered pod what kubelet would, as far as its settings go, and lets the monitor read them."""

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest

from flower_monitor import command
from flower_monitor.config import Config
from flower_operator.kinds import CONFIG_MAP, DEPLOYMENT, SECRET, Manifest
from flower_operator.resources.render import Child

Secrets = Mapping[str, Mapping[str, str]]
"""`data` by name."""


def pod_of(children: list[Child]) -> Manifest:
    """The pod's spec."""
    found: Manifest = next(child.manifest for child in children if child.kind is DEPLOYMENT)
    spec: Manifest = found["spec"]["template"]["spec"]
    return spec


def start(children: list[Child], secrets: Secrets, root: Path, patch: pytest.MonkeyPatch) -> Config:
    """What the monitor is configured to be. Every folder of the container is under `root`."""
    pod = pod_of(children)
    ours = {child.name: child.manifest["data"] for child in children if child.kind is SECRET}
    known = {**secrets, **ours, **_config_maps(children)}
    for path, content in _files(pod, known):
        place = root / path.removeprefix("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    for name, value in _environment(pod, known).items():
        patch.setenv(name, value.replace("/etc/flower-monitor", f"{root}/etc/flower-monitor"))
    patch.chdir(root)
    made: list[Config] = []

    def read(context: click.Context) -> None:
        made.append(command.configure(context)[0])

    command.program(read).main([], prog_name="flower-monitor", standalone_mode=False)
    return made[0]


def _environment(pod: Manifest, secrets: Secrets) -> dict[str, str]:
    container = pod["containers"][0]
    found = {
        name: _decoded(value).decode()
        for source in container["envFrom"]
        for name, value in secrets[source["secretRef"]["name"]].items()
    }
    for one in container["env"]:
        reference = one["valueFrom"]["secretKeyRef"]
        found[one["name"]] = _decoded(secrets[reference["name"]][reference["key"]]).decode()
    return found


def _config_maps(children: list[Child]) -> Secrets:
    """Ours, encoded as Secrets are."""
    return {
        child.name: {key: base64.b64encode(text.encode()).decode() for key, text in child.manifest["data"].items()}
        for child in children
        if child.kind is CONFIG_MAP
    }


def _files(pod: Manifest, secrets: Secrets) -> Iterator[tuple[str, bytes]]:
    folders = {mount["name"]: mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]}
    for volume in pod["volumes"]:
        if "secret" in volume:
            data = secrets[volume["secret"]["secretName"]]
            items = volume["secret"].get("items") or [{"key": key, "path": key} for key in data]
            for item in items:
                yield f"{folders[volume['name']]}/{item['path']}", _decoded(data[item["key"]])
        if "configMap" in volume:
            for key, value in secrets[volume["configMap"]["name"]].items():
                yield f"{folders[volume['name']]}/{key}", _decoded(value)


def _decoded(value: str) -> bytes:
    return base64.b64decode(value)
