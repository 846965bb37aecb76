"""One browser tab without a browser: it speaks Streamlit's own protocol over a websocket.

Messages are those of the installed `streamlit.proto`. Like a browser, a tab keeps what the last
run drew, asks for fragments again when the server told it to, and fetches files over HTTP. A
person's act and a fragment's look never overlap; an act's time includes waiting for a look.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

PATIENCE = 60.0  # seconds for one answer; more is an error
_MAX_MESSAGE = 200 * 2**20
_XSRF = "_streamlit_xsrf"


@dataclass(frozen=True)
class Timed:
    """What was done, whether a person did it (or a fragment looked), and its seconds."""

    what: str
    act: bool
    seconds: float


class Tab:
    """A connection to the app at `url`; `received` is shown every byte that arrives.

    `faults` lists what a person would call an error, `timed` every rerun, named by `doing`.
    """

    def __init__(self, url: str, received: Callable[[bytes], None]) -> None:
        self.url = url
        self.faults: list[str] = []
        self.timed: list[Timed] = []
        self.page = ""
        self.doing = "open"  # what a person does now
        self._received = received
        self._elements: dict[tuple[int, ...], Element] = {}
        self._fragments: dict[str, str] = {}  # a widget's id → the fragment that drew it
        self._pages: dict[str, str] = {}  # script hash → path of the address
        self._hash = self._query = self._session = ""
        self._one_at_a_time = asyncio.Lock()
        self._finished: asyncio.Future[None] | None = None
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._looks: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Tab:
        """Open the first page as a browser does: ask for health and a token, then connect."""
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        async with self._http.get(f"{self.url}/_stcore/health") as answer:
            answer.raise_for_status()
            token = answer.cookies.get(_XSRF)
        self._token = token.value if token else ""
        self._socket = await self._http.ws_connect(
            f"{self.url}/_stcore/stream", max_msg_size=_MAX_MESSAGE, protocols=("streamlit",)
        )
        self._reader = asyncio.create_task(self._read())
        await self._run(lambda: BackMsg(rerun_script={}), act=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop_looks()
        self._reader.cancel()
        await self._socket.close()
        await self._http.close()

    # ── what a person does ───────────────────────────────────────────────────────

    async def press(self, key: str) -> None:
        """Click the button called `key`."""
        await self._change(key, trigger_value=True)

    async def set(self, key: str, **value: Any) -> None:
        """Give the widget called `key` a value, in the field of WidgetState that holds its kind."""
        await self._change(key, **value)

    async def visit(self, page: str) -> None:
        """Follow the navigation's link."""
        script = next(key for key, path in self._pages.items() if path == page)
        told = {"page_script_hash": script, "query_string": self._query}
        await self._run(lambda: BackMsg(rerun_script=told), act=True)

    async def upload(self, key: str, name: str, content: bytes) -> None:
        """Bring a file to the uploader called `key`; its time is part of the act's."""
        begun = time.perf_counter()
        asked = BackMsg(file_urls_request={"file_names": [name], "session_id": self._session})
        place = (await self._ask(asked, asked.file_urls_request)).file_urls[0]
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name, content_type="text/csv")
        url, headers = self.url + place.upload_url, {"X-Xsrftoken": self._token}
        async with self._http.put(url, data=form, headers=headers) as answer:
            answer.raise_for_status()
        info = UploadedFileInfo(
            name=name, size=len(content), file_id=place.file_id, file_urls=place
        )
        state = FileUploaderState(uploaded_file_info=[info])
        await self._change(key, begun, file_uploader_state_value=state)

    async def download(self, key: str) -> bytes:
        """What the download button called `key` gives; it is made when it is asked for."""
        begun = time.perf_counter()
        button = (await self.drawn(key)).download_button
        asked = BackMsg(
            backend_operation_request={
                "session_id": self._session,
                "deferred_file": {"file_id": button.deferred_file_id},
            }
        )
        answer = await self._ask(asked, asked.backend_operation_request)
        if answer.error_msg:
            raise RuntimeError(f"no download: {answer.error_msg}")
        async with self._http.get(self.url + answer.deferred_file.url) as got:
            got.raise_for_status()
            content = await got.read()
        self.timed.append(Timed(self.doing, True, time.perf_counter() - begun))
        self._received(content)
        return content

    async def until(self, keys: Sequence[str], seconds: float) -> str:
        """The first of `keys` whose element is drawn; looks of fragments draw meanwhile."""
        async with asyncio.timeout(seconds):
            while not (drawn := [key for key in keys if self.find_all(key)]):
                await asyncio.sleep(0.1)
        return drawn[0]

    # ── what is drawn ────────────────────────────────────────────────────────────

    def find_all(self, key: str) -> list[Element]:
        """The elements whose key in the app is `key`, or begins with it if it ends with “-”."""
        fits = str.startswith if key.endswith("-") else str.__eq__
        return [e for e in list(self._elements.values()) if fits(_key(e), key)]

    def find(self, key: str) -> Element:
        """The element called `key`; KeyError says what is drawn instead."""
        found = self.find_all(key)
        if not found:
            keys = sorted({_key(e) for e in self._elements.values()} - {""})
            raise KeyError(f"no {key!r} on page {self.page!r}, only {keys}")
        return found[0]

    async def drawn(self, key: str) -> Element:
        """`find`, once the page is drawn: a fragment may have asked for it anew just now."""
        async with self._one_at_a_time:
            return self.find(key)

    # ── to the server ────────────────────────────────────────────────────────────

    async def _change(self, key: str, begun: float | None = None, **value: Any) -> None:
        """A rerun with this one change; the server still has the other widgets' values."""

        def message() -> BackMsg:
            state = WidgetState(id=str(_inner(self.find(key)).id), **value)
            told = {"page_script_hash": self._hash, "query_string": self._query}
            told |= {"widget_states": {"widgets": [state]}}
            told |= {"fragment_id": self._fragments.get(state.id, "")}
            return BackMsg(rerun_script=told)

        await self._run(message, act=True, begun=begun)

    async def _run(
        self, made: Callable[[], BackMsg], act: bool, begun: float | None = None
    ) -> None:
        """Send what is `made` once the page is drawn, and wait for the end of its run."""
        begun = begun or time.perf_counter()
        async with self._one_at_a_time:
            message = made()
            # While a look waited for its turn, a whole run may have ended its fragment, of which
            # the server then never answers.
            if not act and message.rerun_script.fragment_id not in self._looks:
                return
            self._finished = asyncio.get_running_loop().create_future()
            await self._socket.send_bytes(message.SerializeToString())
            async with asyncio.timeout(PATIENCE):
                await self._finished
        what = self.doing if act else f"look, {self.page}"
        self.timed.append(Timed(what, act, time.perf_counter() - begun))

    async def _ask(self, message: BackMsg, request: Any) -> Any:
        """The answer to a request that draws nothing."""
        request.request_id = f"request-{len(self._answers)}"
        answer = self._answers[request.request_id] = asyncio.get_running_loop().create_future()
        await self._socket.send_bytes(message.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            return await answer

    async def _look(self, fragment: str, interval: float) -> None:
        """Ask for a fragment again and again, as its `run_every` says."""
        while True:
            await asyncio.sleep(interval)
            told = {"page_script_hash": self._hash, "query_string": self._query}
            told |= {"fragment_id": fragment, "is_auto_rerun": True}
            # Shielded: the look may draw the whole page anew, which ends this task's turn.
            message = BackMsg(rerun_script=told)
            look = asyncio.ensure_future(self._run(lambda sent=message: sent, act=False))
            look.add_done_callback(self._looked)
            await asyncio.shield(look)

    def _looked(self, look: asyncio.Future[None]) -> None:
        if not look.cancelled() and (error := look.exception()):
            self.faults.append(f"a look on {self.page}: {type(error).__name__} {error}")

    def _stop_looks(self) -> None:
        for look in self._looks.values():
            look.cancel()
        self._looks.clear()

    # ── from the server ──────────────────────────────────────────────────────────

    async def _read(self) -> None:
        async for packet in self._socket:
            if packet.type is not aiohttp.WSMsgType.BINARY:
                break
            self._received(packet.data)
            message = ForwardMsg.FromString(packet.data)
            if handle := getattr(self, f"_on_{message.WhichOneof('type')}", None):
                handle(message)
        self.faults.append(f"the connection ended with code {self._socket.close_code}")

    def _on_new_session(self, message: ForwardMsg) -> None:
        if message.metadata.run.fragment_ids:
            return
        self._stop_looks()
        self._elements, self._fragments = {}, {}
        self._session = message.new_session.initialize.session_id or self._session
        self._hash = message.new_session.page_script_hash

    def _on_navigation(self, message: ForwardMsg) -> None:
        self._pages = {p.page_script_hash: p.url_pathname for p in message.navigation.app_pages}
        default = [p for p in message.navigation.app_pages if p.is_default]
        self._pages |= {p.page_script_hash: "" for p in default}
        self._hash = message.navigation.page_script_hash
        self.page = self._pages[self._hash]

    def _on_page_info_changed(self, message: ForwardMsg) -> None:
        self._query = message.page_info_changed.query_string

    def _on_delta(self, message: ForwardMsg) -> None:
        path = tuple(message.metadata.delta_path)
        if message.delta.WhichOneof("type") != "new_element":
            return
        element = self._elements[path] = message.delta.new_element
        self._fragments[getattr(_inner(element), "id", "")] = message.delta.fragment_id
        if element.WhichOneof("type") == "exception":
            self.faults.append(f"exception on {self.page}: {element.exception.message}")
        if element.alert.format == Alert.ERROR:
            self.faults.append(f"error on {self.page}: {element.alert.body}")

    def _on_auto_rerun(self, message: ForwardMsg) -> None:
        told = message.auto_rerun
        if told.fragment_id not in self._looks:
            look = self._look(told.fragment_id, told.interval)
            self._looks[told.fragment_id] = asyncio.create_task(look)

    def _on_stop_auto_rerun(self, message: ForwardMsg) -> None:
        for fragment in message.stop_auto_rerun.fragment_ids:
            if look := self._looks.pop(fragment, None):
                look.cancel()

    def _on_script_finished(self, message: ForwardMsg) -> None:
        early = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.faults.append("the script does not compile")
        if not early and self._finished and not self._finished.done():
            self._finished.set_result(None)

    def _on_file_urls_response(self, message: ForwardMsg) -> None:
        self._answers[message.file_urls_response.response_id].set_result(message.file_urls_response)

    def _on_backend_operation_response(self, message: ForwardMsg) -> None:
        answer = message.backend_operation_response
        self._answers[answer.request_id].set_result(answer)


def _inner(element: Element) -> Any:
    return getattr(element, element.WhichOneof("type") or "empty")


def _key(element: Element) -> str:
    """The key that the app gave an element, which ends its id."""
    found = re.fullmatch(r"\$\$ID-[0-9a-f]+-(.*)", str(getattr(_inner(element), "id", "")), re.S)
    return found[1] if found and found[1] != "None" else ""
