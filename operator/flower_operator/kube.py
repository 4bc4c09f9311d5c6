"""The only module that talks to the Kubernetes API server; it translates every error to `exceptions`."""

import asyncio
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from copy import copy
from typing import Any, TypeAlias, TypeVar, cast
from urllib.parse import quote, urlencode

import aiohttp
import msgspec
from kubernetes.aio.client import ApiClient, Configuration
from kubernetes.aio.client.exceptions import ApiException

from . import exceptions as errors
from .kinds import Kind, Manifest, Manifests
from .kube_errors import from_status, translate

REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)
"""Seconds for one call; the library's five minutes would hold a worker for as long."""

RETRY_AFTER_MAX = 10.0
"""Longest Retry-After (seconds) that a call waits for itself; a longer one is the caller's back-off."""

ATTEMPTS = 4
"""How often a call that is answered with 429 and a short Retry-After is made at all."""

WATCH_SILENCE = 90.0
"""Seconds without a line after which a watch counts as dead: bookmarks come each minute, frozen balancers don't."""

PAGE = 500
"""Objects in one chunk of a list: bounds the memory that a large cluster costs both sides."""

Observe: TypeAlias = Callable[[str, str, int, float], None]
"""Told of each call: verb, plural, HTTP status (0 without an answer), seconds."""

BeforeWrite: TypeAlias = Callable[[], Awaitable[None]]
"""Awaited before each write: may delay it (a rate) or raise (a process that is no longer the leader)."""


Read = TypeVar("Read")

_NOTHING: Mapping[str, str | int | None] = {}


def _ignore(verb: str, plural: str, status: int, seconds: float) -> None:
    """Observe nothing."""


async def _allow() -> None:
    """Let every write through."""


class KubeApi:
    """Reads and writes objects. Shared by everything in one event loop; bounded by its connection pool."""

    def __init__(self, client: ApiClient, observe: Observe = _ignore, before_write: BeforeWrite = _allow) -> None:
        # Not its `dynamic` package: that formats a traceback for each object that is not there; `Kind` knows paths.
        self._client = client
        self._observe = observe
        self._before_write = before_write

    async def get(self, kind: Kind, namespace: str | None, name: str) -> Manifest:
        """Read one object; `NotFound` when there is none."""
        return await self._call("get", kind, kind.path(namespace, quote(name)))

    async def find(self, kind: Kind, namespace: str | None, name: str) -> Manifest | None:
        """Read one object, None when there is none: as of a name that can be nobody's (`IsValidPathSegmentName`), since
        the API server would take what is behind its slash for a subresource, and answer that this is forbidden. The CRD
        refuses such names; FlowerMonitors that were stored before it did may have them."""
        if name in (".", "..") or not {"/", "%"}.isdisjoint(name):
            return None
        try:
            return await self.get(kind, namespace, name)
        except errors.NotFound:
            return None

    async def list(self, kind: Kind, namespace: str | None = None, labels: str | None = None) -> Manifests:
        """Read all objects (namespace None: of all namespaces) that the label selector fits, in chunks."""
        return (await self.list_at(kind, namespace, labels))[0]

    async def list_at(
        self, kind: Kind, namespace: str | None = None, labels: str | None = None
    ) -> tuple[Manifests, str]:
        """As `list`, with the resourceVersion from which a watch misses nothing."""
        items: Manifests = []
        async for page in self.pages(kind, namespace, labels):
            items += page.objects()
            version = page.metadata.version
        return items, version

    async def pages(self, kind: Kind, namespace: str | None, labels: str | None = None) -> AsyncIterator["Page"]:
        """As `list`, a chunk at a time, for who keeps little of each object."""
        token: str | None = None
        while True:
            query = {"labelSelector": labels, "limit": PAGE, "continue": token}
            page = _read(await self._send("list", kind, kind.path(namespace), query=query), Page)
            yield page
            token = page.metadata.token
            if not token:
                return

    async def watch(
        self, kind: Kind, namespace: str | None, version: str, labels: str | None = None, seconds: int = 300
    ) -> AsyncGenerator[tuple[str, Manifest], None]:
        """Follow what changes after `version`: ADDED, MODIFIED, DELETED or BOOKMARK, and the object.

        Ends after `seconds`. Raises `Gone` when the version is too old to follow (list again), `Unreachable`
        when nothing came for a while although bookmarks are sent each minute.
        """
        response = await self._request(
            "list",
            kind.path(namespace),
            query={
                "labelSelector": labels,
                "watch": "true",
                "resourceVersion": version,
                "timeoutSeconds": seconds,
                "allowWatchBookmarks": "true",
            },
            timeout=aiohttp.ClientTimeout(total=seconds + 10, sock_connect=10, sock_read=WATCH_SILENCE),
        )
        try:
            async for line in response.content:
                event = msgspec.json.decode(line, type=Event)
                if event.type == "ERROR":
                    raise from_status(event.object)
                yield event.type, event.object
        except (aiohttp.ClientError, TimeoutError, OSError, msgspec.DecodeError) as error:
            raise errors.Unreachable(f"{type(error).__name__}: {error}") from error
        finally:
            response.close()

    async def served(self, api_version: str) -> frozenset[str]:
        """Names of the resources that the server has under a group and version; `NotFound` without those."""
        known = Kind(api_version, "APIResourceList", "", namespaced=False)
        answer = await self._call("get", known, known.path().rstrip("/"))
        return frozenset(resource["name"] for resource in answer["resources"])

    async def openapi(self, api_version: str) -> Manifest:
        """The OpenAPI (3) document of a group and version."""
        known = Kind(api_version, "OpenAPI", "", namespaced=False)
        return await self._call("get", known, f"/openapi/v3{known.path().rstrip('/')}")

    async def create(self, kind: Kind, namespace: str | None, body: Manifest) -> Manifest:
        """Create an object; `Conflict` when the name is taken."""
        return await self._call("create", kind, kind.path(namespace), body=body)

    async def replace(self, kind: Kind, namespace: str, body: Manifest) -> Manifest:
        """Replace an object; `Conflict` when it is no longer at the resourceVersion of the body."""
        return await self._call("update", kind, kind.path(namespace, body["metadata"]["name"]), body=body)

    async def apply(
        self, kind: Kind, namespace: str, body: Manifest, manager: str, sub: str | None = None, force: bool = True
    ) -> Manifest:
        """Server-side apply the fields of the body, which must be all that `manager` wants to own; without `force` one
        that another manager has set to something else is a `Conflict`."""
        return await self._call(
            "apply",
            kind,
            kind.path(namespace, body["metadata"]["name"], sub),
            body=body,
            content_type="application/apply-patch+yaml",
            query={"fieldManager": manager, "force": str(force).lower(), "fieldValidation": "Strict"},
        )

    async def merge(
        self, kind: Kind, namespace: str | None, name: str, patch: Manifest, sub: str | None = None
    ) -> Manifest:
        """JSON-merge a patch into an existing object; `NotFound` when it is gone."""
        path = kind.path(namespace, name, sub)
        return await self._call("patch", kind, path, body=patch, content_type="application/merge-patch+json")

    async def delete(self, kind: Kind, namespace: str | None, name: str, uid: str | None = None) -> None:
        """Delete an object; with `uid` only that very one and not another that took its name."""
        options: Manifest = {"propagationPolicy": "Background"}
        if uid is not None:
            options["preconditions"] = {"uid": uid}
        await self._call("delete", kind, kind.path(namespace, name), body=options)

    async def _call(self, verb: str, kind: Kind, path: str, **options: Any) -> Manifest:
        return _read(await self._send(verb, kind, path, **options), Manifest)

    async def _send(self, verb: str, kind: Kind, path: str, **options: Any) -> bytes:
        """Make a call, again after a short Retry-After."""
        for attempt in range(ATTEMPTS):
            if verb not in _READS:
                await self._before_write()
            try:
                return await self._observed(verb, kind, path, options)
            except errors.KubeError as error:
                wait = error.retry_after
                if error.status != 429 or wait is None or wait > RETRY_AFTER_MAX or attempt == ATTEMPTS - 1:
                    raise
                await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    async def _observed(self, verb: str, kind: Kind, path: str, options: dict[str, Any]) -> bytes:
        started = time.monotonic()
        status = 0
        try:
            response = await self._request(verb, path, **options)
            status = response.status
            return await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise errors.Unreachable(f"{type(error).__name__}: {error}") from error
        except errors.KubeError as error:
            status = error.status
            raise
        finally:
            self._observe(verb, kind.plural or kind.kind, status, time.monotonic() - started)

    async def _request(
        self,
        verb: str,
        path: str,
        query: Mapping[str, str | int | None] = _NOTHING,
        body: Manifest | None = None,
        content_type: str = "application/json",
        timeout: aiohttp.ClientTimeout | None = None,  # noqa: ASYNC109 - aiohttp's, of several parts
    ) -> aiohttp.ClientResponse:
        headers = {"Accept": "application/json", "Content-Type": content_type, **self._client.default_headers}
        given = urlencode({name: value for name, value in query.items() if value is not None})
        try:
            # Not its `call_api`, whose `param_serialize` walks the whole body to find models of the library in it, and
            # costs a quarter of a call: that is for its generated methods.
            await self._client.update_params_for_auth(headers, [], ["BearerToken"], path, verb, body)
            answer = await self._client.rest_client.request(
                _METHODS[verb],
                f"{self._client.configuration.host}{path}{given and '?'}{given}",
                headers,
                body,
                _request_timeout=timeout or REQUEST_TIMEOUT,
            )
            if answer.status >= 300:
                await answer.read()
                raise translate(ApiException(http_resp=answer))
            return cast("aiohttp.ClientResponse", answer.response)
        except ApiException as error:
            raise translate(error) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise errors.Unreachable(f"{type(error).__name__}: {error}") from error


class Event(msgspec.Struct):
    """A line of a watch."""

    type: str
    object: Manifest


class ListMeta(msgspec.Struct):
    """Of a chunk."""

    version: str = msgspec.field(name="resourceVersion")
    """From which a watch misses nothing."""
    token: str | None = msgspec.field(name="continue", default=None)
    """Asks for the next chunk; None or empty: there is none."""


class Page(msgspec.Struct):
    """A chunk of a list, each object still as it came: read one at a time, 500 need little memory."""

    metadata: ListMeta
    items: list[msgspec.Raw] | None = None

    def objects(self) -> Iterator[Manifest]:
        """Read them. The API server lists kinds of its own without `apiVersion` and `kind`."""
        return (msgspec.json.decode(item, type=Manifest) for item in self.items or ())


def _read(answer: bytes, what: type[Read]) -> Read:
    try:
        return msgspec.json.decode(answer, type=what)
    except msgspec.DecodeError as error:
        # As of a proxy before the API server that answers 200 with a page of its own.
        raise errors.Unreachable(f"it answers with something else than JSON of Kubernetes: {error}") from error


_METHODS = {
    "get": "GET",
    "list": "GET",
    "create": "POST",
    "update": "PUT",
    "apply": "PATCH",
    "patch": "PATCH",
    "delete": "DELETE",
}

_READS = frozenset({"get", "list"})


@asynccontextmanager
async def connect(
    configuration: Configuration,
    observe: Observe = _ignore,
    before_write: BeforeWrite = _allow,
    tls: ssl.SSLContext | None = None,
    connections: int | None = None,
) -> AsyncIterator[KubeApi]:
    """Open a client in the running event loop and close it at the end.

    Args:
        configuration: Where the API server is, and how to log in.
        observe: Told of each call.
        before_write: Awaited before each write.
        tls: Whom to trust, and the client's certificate; None: as the configuration says, which knows files only.
        connections: Sockets at most, 0: as many as there are watches; None: as the configuration says.
    """
    if connections is not None:
        configuration = copy(configuration)
        configuration.connection_pool_maxsize = connections
    async with ApiClient(configuration) as client:
        if tls is not None:
            client.rest_client.ssl_context = tls
        yield KubeApi(client, observe, before_write)
