"""A small OpenID provider: it lets the browser choose a person and vouches for that choice.

Authorization code flow with PKCE (OpenID Connect Core 1.0, section 3.1; RFC 7636), with an
RS256 key made when it starts.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

PEOPLE = {"ada": "Ada Lovelace", "ben": "Ben Franklin"}
CLIENT, SECRET = "rungs", "secret-of-this-test"
_SECONDS = 300


class Provider:
    """The provider at `url`; a code is good for one exchange."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self._codes: dict[str, dict[str, str]] = {}
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._about),
                Route("/authorize", self._choice),
                Route("/chosen/{person}", self._chosen),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    def _about(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _choice(self, request: Request) -> Response:
        assert request.query_params["client_id"] == CLIENT
        links = (f"<a href='/chosen/{p}?{request.url.query}'>{n}</a>" for p, n in PEOPLE.items())
        head = "<title>Provider</title><link rel=icon href=data:,>"
        return HTMLResponse(f"{head}<h1>Who are you?</h1>{' '.join(links)}")

    def _chosen(self, request: Request) -> Response:
        asked, code = request.query_params, secrets.token_urlsafe()
        self._codes[code] = {**asked, "person": request.path_params["person"]}
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self._codes.pop(str(form["code"]), None)
        digest = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        vouched = request.headers["Authorization"] == f"Basic {known}"
        if asked is None or asked["code_challenge"] != challenge or not vouched:
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = jwt.encode({"alg": "RS256", "kid": "one"}, self._claims(asked), self._key)
        about = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer"}
        return JSONResponse({**about, "expires_in": _SECONDS, "id_token": token})

    def _claims(self, asked: dict[str, str]) -> dict[str, Any]:
        now, person = int(time.time()), asked["person"]
        who = {"sub": person, "name": PEOPLE[person], "email": f"{person}@example.org"}
        when = {"iat": now, "exp": now + _SECONDS, "nonce": asked["nonce"]}
        return {"iss": self.url, "aud": CLIENT, "email_verified": True, **who, **when}

    def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})


@contextmanager
def provider() -> Iterator[Provider]:
    """The provider on a free port, in a thread of its own."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        made = Provider(f"http://127.0.0.1:{listening.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(made.app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield made
        finally:
            server.should_exit = True
            thread.join()
