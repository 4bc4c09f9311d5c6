"""Compiled environments: an uncompiled one makes every start look slow, and for one side of a comparison only.

Installers may leave bytecode out (uv does, by default), and with PYTHONDONTWRITEBYTECODE set no start makes up for it.
"""

import functools
import subprocess

from bench.progress import log

_COMPILE = """
import compileall, sys, sysconfig
standard = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
inside = tuple(f"{path}/lib-dynload" for path in standard)
folders = [path for path in sys.path if path and path not in standard and not path.startswith(inside)]
for folder in folders:
    compileall.compile_dir(folder, quiet=2, workers=1)
"""
"""Compiles what is not compiled (by size and time): site-packages and the folders of editable installs."""


@functools.cache
def compile_for(python: str) -> None:
    """Compile what this interpreter imports besides its standard library; once for each interpreter."""
    log(f"compiling the environment of {python}")
    subprocess.run([python, "-P", "-c", _COMPILE], check=False, stdout=subprocess.DEVNULL)
