"""Run while the image is built: every module of ours can be imported, so nothing that was left out is missed."""

import importlib
import pkgutil

PACKAGES = ("flower_monitor", "flower_operator")


def modules() -> list[str]:
    """Return the names of all modules of PACKAGES, without those that run a program when they are imported."""
    names = []
    for package in PACKAGES:
        path = importlib.import_module(package).__path__
        names += [module.name for module in pkgutil.walk_packages(path, f"{package}.")]
    return [name for name in names if not name.endswith(".__main__")]


if __name__ == "__main__":
    for name in modules():
        importlib.import_module(name)
