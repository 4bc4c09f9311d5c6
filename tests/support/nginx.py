"""A real nginx, with the locations that a guide tells people to write."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from . import ci, ports
from .processes import running

#: Debian keeps it where only root looks.
PLACES = ("/usr/sbin/nginx", "/usr/local/sbin/nginx")

#: One process, which runs as who started it and can reach a test's folder.
CONFIG = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {locations}
    }}
}}
"""


@contextlib.contextmanager
def nginx(folder: Path, locations: str) -> Iterator[str]:
    """Its address, for as long as the block lasts. `locations` are what stands in its one `server`."""
    program = ci.program("nginx", "nginx", *PLACES)
    folder.mkdir()
    port = ports.free()
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, locations=locations))
    with running([program, "-e", "stderr", "-p", str(folder), "-c", str(config)], folder / "nginx.log") as started:
        ports.wait(port, alive=started.alive)
        yield f"http://127.0.0.1:{port}"
