"""A replica of the controller in a process of its own: `python -m tests.operator.faults.replica FILE`.

It is what `flower-operator controller` runs, with settings that the command line does not have: shorter times. The file
is JSON, with the fields of `ControllerConfig` as `config`, and `host` and `token` of the API server.
"""

import asyncio
import json
import logging
import sys
from pathlib import Path

from kubernetes.aio.client import Configuration

from flower_operator import logs
from flower_operator.config import ControllerConfig
from flower_operator.controller import app
from flower_operator.exceptions import OperatorError, StartError


def main(path: str) -> int:
    """Run until SIGTERM; the exit code and the last words are those of the command."""
    given = json.loads(Path(path).read_text())
    logs.configure("text")
    config = ControllerConfig(**{**given["config"], "namespaces": tuple(given["config"]["namespaces"])})
    try:
        asyncio.run(run(config, given["host"], given["token"]))
    except StartError as error:
        logging.getLogger(__name__).error("cannot start: %s", error)
        return 1
    except OperatorError as error:
        logging.getLogger(__name__).error("stopped: %s", error)
        return 1
    return 0


async def run(config: ControllerConfig, host: str, token: str) -> None:
    """Log in and run."""
    configuration = Configuration(host=host, connection_pool_maxsize=32)
    configuration.api_key = {"BearerToken": f"Bearer {token}"}
    await app.run(config, configuration)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
