"""What leaves the editor: dagitty text for the clipboard, pictures, a page that moves."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from causal_core.graphs.graph import CausalGraph
from tests.browser.conftest import Scheme, Server
from tests.browser.graph_steps import Editor, made

CHAIN = 'dag { a [exposure,pos="0,0"] b [pos="200,100"] c [outcome,pos="400,0"] a -> b b -> c }'
HOSTILE = "</script><img src=x onerror=alert(1)>"
SVG = "{http://www.w3.org/2000/svg}"


def downloaded(editor: Editor, action: str) -> Path:
    editor.tool("more").click()
    with editor.page.expect_download() as download:
        editor.page.get_by_test_id(f"graph-menu-{action}").click()
    return Path(download.value.path())


def test_the_graph_or_the_chosen_part_is_copied_as_dagitty(page: Page, server: Server) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    editor = made(page, server, CHAIN).open()
    editor.menu("copy")
    editor.says("Copied 3 nodes and 2 edges as dagitty text")
    expect(page.get_by_test_id("graph-hint")).to_contain_text("Copied 3 nodes")
    graph = editor.stored()
    assert page.evaluate("navigator.clipboard.readText()") == graph.to_dagitty()
    editor.node("a").click()
    editor.node("b").click(modifiers=["Control"])
    editor.press("Control+c")
    editor.says("Copied 2 nodes and 1 edge")
    part = graph.subgraph({"a", "b"}).to_dagitty()
    assert page.evaluate("navigator.clipboard.readText()") == part


def test_where_the_clipboard_is_closed_the_text_is_shown(page: Page, server: Server) -> None:
    editor = made(page, server, CHAIN).open()
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { get: () => undefined })"
    )  # as in a page that came over plain http
    editor.node("a").focus()
    editor.press("Control+c")
    text = page.get_by_test_id("graph-copy-text")
    expect(text).to_be_focused()
    expect(text).to_have_value(editor.stored().to_dagitty())
    expect(page.get_by_test_id("graph-hint")).to_contain_text("press Ctrl+C now")
    editor.press("Escape")
    expect(text).to_have_count(0)
    expect(editor.node("a")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_svg_is_whole_in_the_light_colours_with_names_as_text(
    page: Page, server: Server, scheme: Scheme
) -> None:
    page.emulate_media(color_scheme=scheme)
    graph = CausalGraph.parse(CHAIN).add(HOSTILE)
    graph = replace(graph, latent=frozenset({HOSTILE}), notes={("a", "c"): "no way"})
    editor = made(page, server, graph).open()
    editor.node("b").click()
    root = ElementTree.parse(downloaded(editor, "svg")).getroot()
    assert root.tag == f"{SVG}svg"
    words = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert {"a", "b", "c", "cause", "outcome", "latent"} < set(words)
    assert "script" in "".join(words)
    paper = next(root.iter(f"{SVG}rect"))
    assert paper.get("fill") == "#fff"
    assert len({text.get("fill") for text in root.iter(f"{SVG}text")}) > 1
    dark_text = {t.get("fill") for t in root.iter(f"{SVG}text") if t.text is None}
    assert "rgb(27, 36, 48)" in dark_text
    assert not [e for e in root.iter() if e.tag.split("}")[1] in ("script", "image", "a")]
    assert not re.search(r"url\(|href", ElementTree.tostring(root, encoding="unicode"))
    expect(editor.node("b")).to_have_class(re.compile("chosen"))  # as it was


def test_the_png_is_twice_the_size_of_the_svg_and_may_be_transparent(
    page: Page, server: Server
) -> None:
    editor = made(page, server, CHAIN).open()
    root = ElementTree.parse(downloaded(editor, "svg")).getroot()
    content = downloaded(editor, "png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    assert (width, height) == (2 * int(root.get("width", 0)), 2 * int(root.get("height", 0)))
    assert corner(page, content) == 255
    editor.tool("more").click()
    page.get_by_test_id("graph-menu-transparent").click()
    with page.expect_download() as download:
        page.get_by_test_id("graph-menu-png").click()
    assert corner(page, Path(download.value.path()).read_bytes()) == 0


def corner(page: Page, png: bytes) -> int:
    """How opaque the picture's first pixel is, 0 to 255."""
    return int(
        page.evaluate(
            """async (bytes) => {
              const blob = new Blob([new Uint8Array(bytes)], { type: "image/png" });
              const canvas = new OffscreenCanvas(1, 1).getContext("2d");
              canvas.drawImage(await createImageBitmap(blob), 0, 0);
              return canvas.getImageData(0, 0, 1, 1).data[3];
            }""",
            list(png),
        )
    )


def test_the_interactive_page_works_alone_and_shows_names_as_they_are(
    page: Page, server: Server, tmp_path: Path
) -> None:
    graph = CausalGraph.parse(CHAIN).add(HOSTILE)
    graph = replace(graph, latent=frozenset({HOSTILE}), notes={("a", "b"): HOSTILE})
    made(page, server, graph).open()
    page.get_by_text("Start again, paste or download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as interactive HTML").click()
    text = Path(download.value.path()).read_text()
    asked: list[str] = []
    dialogs: list[str] = []
    alone = page.context.new_page()
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    alone.set_content(text)
    expect(alone.locator("#mynetwork canvas")).to_be_visible()
    assert alone.evaluate("nodes.get().map((n) => n.label)") == list(graph.nodes)
    box = alone.locator("#mynetwork canvas").bounding_box()
    assert box
    a, b = (alone.evaluate(f"network.canvasToDOM(network.getPosition({i}))") for i in (0, 1))
    alone.mouse.move(
        box["x"] + (2 * a["x"] + b["x"]) / 3, box["y"] + (2 * a["y"] + b["y"]) / 3, steps=3
    )
    expect(alone.locator(".vis-tooltip")).to_have_text(HOSTILE)
    assert not [url for url in asked if not url.startswith(("data:", "about:"))]
    assert not dialogs
    alone.close()
