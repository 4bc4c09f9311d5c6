"""The command line: what a command prints on stdout is for scripts, all else goes to stderr."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from e2e.cluster import assets, cluster, current, images, tools
from e2e.cluster.cache import cache_root
from e2e.cluster.errors import ClusterError
from e2e.cluster.place import Place, read_state

NAME = "flower-operator"
"""Name of the cluster where none is given."""

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


def main(argv: list[str] | None = None) -> int:
    """Carry out one command. Return its exit code: 0, 1 for a failure, 3 where this machine lacks something."""
    arguments = parser().parse_args(argv)
    command: Callable[[argparse.Namespace, Mapping[str, str]], int] = arguments.run
    try:
        return command(arguments, os.environ)
    except ClusterError as error:
        print(f"cluster: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("cluster: interrupted", file=sys.stderr)
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """Return the parser; every command carries its function as `run`."""
    top = argparse.ArgumentParser(
        prog="python3 -m e2e.cluster",
        description="A Kubernetes cluster (kind) to test and show flower-operator on. CLUSTER=current uses the cluster "
        "of your kubeconfig instead.",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[..., int], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    def named(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
        command.add_argument("--name", default=NAME, help="the cluster's name (default: %(default)s)")
        return command

    up = named(add("up", _up, "make the cluster, unless it is up"))
    up.add_argument("--workers", type=int, default=0, metavar="N", help="nodes beside the control plane (default: 0)")
    down = named(add("down", _down, "end the cluster; what was built stays in the cache"))
    down.add_argument("--purge", action="store_true", help="remove the images of the cluster's own engine too (1 GB)")
    named(add("status", _status, "say whether the cluster is up, by the exit code too"))
    named(add("kubeconfig", _kubeconfig, "print the path of the kubeconfig file"))
    named(add("address", _address, "print the address at which NodePorts 30080 to 30085 are reached"))
    load = named(add("load", _load, "put images into the nodes"))
    load.add_argument("images", nargs="+", metavar="IMAGE", help="the name of an image built here, or a docker-archive")
    execute = named(add("exec", _exec, "run a program in a node"))
    execute.add_argument("--node", default="", help="the node, by its name (default: the control plane's)")
    execute.add_argument("program", nargs=argparse.REMAINDER, metavar="PROGRAM", help="the program and its arguments")
    for name, act, text in (
        ("stop-node", cluster.stop_node, "stop a node at once, as a power cut does"),
        ("start-node", cluster.start_node, "start a node that was stopped"),
    ):
        named(add(name, partial(_node, act), text)).add_argument("node", metavar="NODE", help="the node, by its name")
    build = add("build", _build, "build an image for `load`, unless its files are unchanged, and print its name")
    build.add_argument("--file", type=Path, help="the Dockerfile (default: CONTEXT/Dockerfile)")
    build.add_argument("--context", type=Path, default=Path(), help="the folder it sees (default: this one)")
    build.add_argument("--build-arg", action="append", default=[], metavar="NAME=VALUE", help="a build argument")
    build.add_argument("image", metavar="IMAGE", help="the name; without a tag it gets one of what is built")
    add("tools", _tools, "print a folder with kubectl, helm and kind for PATH")
    add("helm", _helm, "print the path of helm")
    add("helm3", _helm3, "print the path of helm 3, which tests of the chart use beside helm")
    add("assets", _assets, "print a folder with etcd, kube-apiserver, kube-controller-manager and kubectl")
    return top


def _place(arguments: argparse.Namespace, environ: Mapping[str, str]) -> Place:
    return Place(arguments.name, cache_root(environ))


def _is_current(environ: Mapping[str, str]) -> bool:
    chosen = environ.get("CLUSTER", "")
    if chosen not in ("", "kind", "current"):
        raise ClusterError(
            f"CLUSTER={chosen}: use `current` for the cluster of your kubeconfig, or `kind`, the default"
        )
    return chosen == "current"


def _up(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if arguments.workers < 0:
        raise ClusterError(f"--workers {arguments.workers}: use 0 or more")
    if _is_current(environ):
        current.check(tools.kubectl(cache_root(environ)))
    else:
        cluster.up(_place(arguments, environ), arguments.workers)
    return 0


def _down(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if _is_current(environ):
        print("cluster: CLUSTER=current: this cluster is not this tool's to end", file=sys.stderr)
    else:
        cluster.down(_place(arguments, environ), purge=arguments.purge)
    return 0


def _status(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if _is_current(environ):
        current.check(tools.kubectl(cache_root(environ)))
        print("up: the cluster of your kubeconfig")
        return 0
    place = _place(arguments, environ)
    state = read_state(place)
    if state is None:
        print(f"down: there is no cluster {place.name}")
        return 1
    up = cluster.is_up(place)
    engine = "this machine's Docker engine" if state.engine == "host" else "an engine of its own"
    print(
        f"{'up' if up else 'broken'}: {place.name} on {engine}, {state.workers} workers, NodePorts at {state.address}"
    )
    return 0 if up else 1


def _kubeconfig(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    print(current.kubeconfig(environ) if _is_current(environ) else _place(arguments, environ).kubeconfig)
    return 0


def _address(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if _is_current(environ):
        print(current.address(tools.kubectl(cache_root(environ)), environ))
        return 0
    place = _place(arguments, environ)
    state = read_state(place)
    if state is None:
        raise ClusterError(f"there is no cluster {place.name}: run `python3 -m e2e.cluster up` first")
    print(state.address)
    return 0


def _load(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    for image in arguments.images:
        if _is_current(environ):
            archive, _ = images.find(cache_root(environ), image)
            current.load(image, archive, environ)
        else:
            cluster.load(_place(arguments, environ), image)
    return 0


def _exec(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if _is_current(environ):
        raise ClusterError("CLUSTER=current: the nodes of this cluster are not this tool's to enter")
    print(cluster.execute(_place(arguments, environ), arguments.program, arguments.node), end="")
    return 0


def _node(act: Callable[[Place, str], None], arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if _is_current(environ):
        raise ClusterError("CLUSTER=current: the nodes of this cluster are not this tool's to stop")
    act(_place(arguments, environ), arguments.node)
    return 0


def _build(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    pairs = dict(pair.partition("=")[::2] for pair in arguments.build_arg)
    context: Path = arguments.context.absolute()
    file: Path = (arguments.file or context / "Dockerfile").absolute()
    for path in (file, context):
        if not path.exists():
            raise ClusterError(f"{path} does not exist")
    print(images.build(cache_root(environ), images.Source(arguments.image, file, context, pairs)))
    return 0


def _tools(_arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    print(tools.tools(cache_root(environ)))
    return 0


def _helm(_arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    print(tools.helm(cache_root(environ)))
    return 0


def _helm3(_arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    print(tools.helm3(cache_root(environ)))
    return 0


def _assets(_arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    print(assets.assets(cache_root(environ), environ))
    return 0
