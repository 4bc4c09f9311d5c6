"""GitHub and GitLab. Neither can be had on loopback, so what their APIs document stands in for them; the way through
OpenID Connect, which GitLab shares, is tested with a real provider (test_oauth.py)."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from typing_extensions import override

from flower_monitor.oauth import OAuth
from flower_monitor.web.oauth import oidc, provider
from flower_monitor.web.oauth.github import GitHub
from flower_monitor.web.problems import Problem
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.anyio

EMAILS = [
    {"email": "ann@private.org", "verified": True, "primary": True},
    {"email": "ann@example.com", "verified": True},
    {"email": "boss@example.com", "verified": False},
]
GROUPS = [{"full_path": f"group/{number}"} for number in range(250)]


class Host(BaseHTTPRequestHandler):
    """The few routes of GitHub Enterprise and GitLab that are asked."""

    def do_GET(self) -> None:
        """E-mail addresses, or a page of groups."""
        query = {name: int(value) for name, (value,) in parse_qs(urlsplit(self.path).query).items()}
        if self.headers["Authorization"] != "Bearer t0ken":
            self._answer({}, 401)
        elif self.path.startswith("/api/v3/user/emails"):
            self._answer(EMAILS)
        else:
            size = query["per_page"] if query.get("min_access_level") == 30 else 0
            self._answer(GROUPS[(query["page"] - 1) * size : query["page"] * size])

    def do_POST(self) -> None:
        """A token for the code `good`."""
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        good = form.get("code") == ["good"] and "code_verifier" in form
        self._answer({"access_token": "t0ken", "token_type": "bearer"} if good else {"error": "bad_verification_code"})

    def _answer(self, body: object, status: int = 200) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that is only slow is waited for."""
    monkeypatch.setattr(provider, "TIMEOUT", PATIENCE)


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def oauth_of(host: str, allowed: str) -> OAuth:
    return OAuth(
        provider="github",
        client_id="id",
        client_secret="s3cret",
        redirect_uri="http://monitor/login",
        allowed=(allowed,),
        base_url=host,
    )


async def test_github_is_asked_at_its_own_address_with_state_and_pkce(host: str) -> None:
    url, pending = await GitHub(oauth_of(host, "*")).begin("/")

    query = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{host}/login/oauth/authorize?")
    assert query["state"] == [pending.state]
    assert query["code_challenge_method"] == ["S256"]


@pytest.mark.parametrize(
    ("allowed", "name"), [("*@example.com", "ann@example.com"), ("boss@example.com", "ann@private.org")]
)
async def test_somebody_is_the_verified_address_that_may_come_in(host: str, allowed: str, name: str) -> None:
    github = GitHub(oauth_of(host, allowed))
    _, pending = await github.begin("/")

    identity = await github.finish({"code": "good", "state": pending.state}, pending)

    assert identity.name == name


async def test_a_code_that_github_does_not_know_lets_nobody_in(host: str) -> None:
    github = GitHub(oauth_of(host, "*"))
    _, pending = await github.begin("/")

    with pytest.raises(Problem, match="took back its word: bad_verification_code"):
        await github.finish({"code": "bad", "state": pending.state}, pending)


async def test_all_pages_of_gitlabs_groups_are_read(host: str) -> None:
    """Flower reads the first twenty."""
    async with provider.client_of(oauth_of(host, "*"), "read_api") as client:
        client.token = {"access_token": "t0ken", "token_type": "bearer"}
        groups = await oidc.gitlab_groups(client, host, 30)

    assert len(groups) == len(GROUPS)
