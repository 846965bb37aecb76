"""How often one address may ask: a burst, then a steady rate, each address for itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._ui.rate import Buckets, RateGuard


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_after_a_burst_requests_come_back_at_the_rate() -> None:
    clock = _Clock()
    buckets = Buckets(rate=2, burst=3, clock=clock)
    assert [buckets.take("ada") for _ in range(5)] == [0, 0, 0, 0.5, 0.5]
    assert buckets.take("ben") == 0  # another's bucket is full
    clock.now = 0.5
    assert [buckets.take("ada") for _ in range(2)] == [0, 0.5]
    clock.now = 1000.0
    assert [buckets.take("ada") for _ in range(4)] == [0, 0, 0, 0.5]


@given(st.lists(st.floats(0, 3), max_size=80), st.integers(1, 9), st.integers(1, 20))
def test_never_more_than_the_burst_and_what_has_come_back(
    pauses: list[float], rate: int, burst: int
) -> None:
    clock = _Clock()
    buckets = Buckets(rate, burst, clock)
    served = 0
    for pause in pauses:
        clock.now += pause
        served += buckets.take("ada") == 0
    assert served <= burst + rate * sum(pauses) + 1e-6  # 1e-6: sums of floats


def test_of_very_many_addresses_the_first_are_forgotten() -> None:
    buckets = Buckets(rate=1, burst=1, clock=_Clock())
    assert all(buckets.take(str(number)) == 0 for number in range(12_000))
    assert buckets.take("11999") > 0
    assert buckets.take("0") == 0


def _answers(
    guard: RateGuard, headers: Iterable[str] = (), *, kind: str = "http", path: str = "/"
) -> dict[str, Any]:
    """The start of what `guard` answers one request whose X-Forwarded-For is `headers`."""
    named = [(b"x-forwarded-for", value.encode()) for value in headers]
    scope = {"type": kind, "path": path, "headers": named, "client": ("10.0.0.1", 1)}
    scope["extensions"] = {"websocket.http.response": {}}
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guard(scope, receive, send))
    return sent[0]


async def _app(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "served", "status": 200})


def _guard(burst: int, *, proxied: bool = False) -> RateGuard:
    return RateGuard(_app, Buckets(rate=1, burst=burst, clock=_Clock()), proxied=proxied)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("http", "http.response.start"), ("websocket", "websocket.http.response.start")],
)
def test_one_too_many_is_told_when_to_come_again(kind: str, answer: str) -> None:
    guard = _guard(1)
    assert _answers(guard, kind=kind)["type"] == "served"
    refused = _answers(guard, kind=kind)
    assert (refused["type"], refused["status"]) == (answer, 429)
    assert (b"retry-after", b"1") in refused["headers"]
    assert _answers(guard, kind="lifespan")["type"] == "served"


def test_the_health_door_is_always_open() -> None:
    guard = _guard(1)
    assert {_answers(guard, path="/healthz")["status"] for _ in range(9)} == {200}
    assert [_answers(guard)["status"] for _ in range(2)] == [200, 429]


def test_what_a_client_says_of_itself_counts_only_as_the_proxy_adds_to_it() -> None:
    named = [["1.1.1.1, 9.9.9.9"], ["2.2.2.2", "9.9.9.9"], ["9.9.9.9"], ["8.8.8.8"]]
    direct, proxied = _guard(1), _guard(1, proxied=True)
    assert [_answers(direct, one)["status"] for one in named] == [200, 429, 429, 429]
    assert _answers(direct)["status"] == 200  # who names none is not hindered by them
    assert [_answers(proxied, one)["status"] for one in named] == [200, 429, 429, 200]
    assert _answers(proxied)["status"] == 200  # none named: the proxy's own address
