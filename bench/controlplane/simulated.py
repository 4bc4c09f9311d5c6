"""Answers in the name of every monitor: `python -m bench.controlplane.simulated PORT`.

`/{who}/{namespace}/{name}/api/v1/summary` is a monitor, as `who` (the controller, the fleet) reaches it;
`/asked/{who}?since=T` tells how many monitors were asked by `who` after T (of the machine's monotonic clock).
"""

import sys
import time
from collections import Counter, defaultdict

from aiohttp import web

from bench.controlplane.answers import summary


class Simulated:
    """All monitors."""

    def __init__(self) -> None:
        self._times: Counter[tuple[str, str]] = Counter()
        self._last: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)

    def app(self) -> web.Application:
        """The routes."""
        made = web.Application()
        made.add_routes(
            [
                web.get("/{who}/{namespace}/{name}/api/v1/summary", self._summary),
                web.get("/asked/{who}", self._asked),
            ]
        )
        return made

    async def _summary(self, request: web.Request) -> web.Response:
        who, namespace, name = (request.match_info[part] for part in ("who", "namespace", "name"))
        self._times[namespace, name] += 1
        self._last[who][namespace, name] = time.monotonic()
        body = summary(namespace, name, self._times[namespace, name], time.time())
        return web.Response(body=body, content_type="application/json")

    async def _asked(self, request: web.Request) -> web.Response:
        since = float(request.query["since"])
        return web.json_response(sum(at >= since for at in self._last[request.match_info["who"]].values()))


def main(port: str) -> None:
    """Serve until SIGTERM."""
    web.run_app(Simulated().app(), host="127.0.0.1", port=int(port), shutdown_timeout=0.1, access_log=None, print=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
