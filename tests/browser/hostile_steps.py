"""Studies whose every text is hostile, and what a page that obeys one of them would show."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from playwright.sync_api import Page

from causal_core.association.training import fit_association
from causal_core.graphs.graph import CausalGraph
from causal_core.scm.training import fit
from causal_core.studies import jobs, scenarios, shares, versions
from causal_core.studies.numbered import LONGEST
from causal_core.studies.store import Store, Study
from causal_core.tables.table import Table
from tests.browser.steps import settled

PAGES = ("data", "discover", "graph", "identify", "fit", "explore", "estimate")
_SECONDS = 60.0  # for a page of twelve columns to be drawn: two cores may be busy
_OBEYED = (  # a heading's own anchor, "#…-evil-test-…", leads nowhere else
    "[src*='evil.test'], [href*='evil.test'], [href^='javascript'], a[href^='data'], [onerror], "
    "[onload], [onmouseover], img[src='x'], .katex-error"
)
_TEXT = """() => {
  const told = [];
  const walk = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (["SCRIPT", "STYLE"].includes(node.tagName)) continue;
      for (const name of ["title", "aria-label", "value", "data-node"])
        if (node.getAttribute(name)) told.push(node.getAttribute(name));
      if ("value" in node && typeof node.value === "string") told.push(node.value);
      if (node.shadowRoot) walk(node.shadowRoot);
    }
    told.push(root.textContent ?? [...root.children].map((one) => one.textContent).join(" "));
  };
  walk(document.body);
  return told.join(" \\n ");
}"""


@dataclass(frozen=True)
class Hostile:
    """One study of hostile names and the link that shows it."""

    study: Study
    names: tuple[str, ...]
    others: tuple[str, ...]
    token: str

    @property
    def hidden(self) -> str:
        """The latent node."""
        return self.others[0]

    @property
    def kept(self) -> tuple[str, str]:
        """The scenarios."""
        return self.others[3][:LONGEST], self.others[4][:LONGEST]


def hostile_study(store: Store, names: Sequence[str], others: Sequence[str]) -> Hostile:
    """A fitted study: `names` are its columns, `others` its levels and everything else's name."""
    table, graph = _table(names, others), _graph(names, others[0])
    kept = store.put_blob(table.to_bytes())
    looked = {"cause": names[0], "outcome": names[1], "level": None, "row": None, "do": {}}
    looked |= {"rho": 0.0, "orders": {}, "position": 0.0}
    study = store.create(others[1], table=kept, graph=graph.to_json(), choices={"explore": looked})
    versions.keep(store, study.id, others[2], graph.to_json())
    scenarios.keep(store, study.id, others[3], looked)
    scenarios.keep(store, study.id, others[4], {**looked, "cause": names[1], "outcome": names[2]})
    model = fit(table, graph, members=2, max_epochs=0)
    seen = fit_association(table, members=2, max_epochs=0)
    digests = {"model": store.put_blob(model.to_bytes())}
    digests |= {"association": store.put_blob(seen.to_bytes())}
    report = [node.to_dict() for node in model.report]
    spec = {"table": kept, "graph": graph.to_json(), "seed": 0}
    jobs.adopt(store, study.id, "fit", spec, {**digests, "report": report})
    token = shares.share(store, study.id).token
    return Hostile(store.get(study.id), tuple(names), tuple(others), token)


def told(name: str, hostile: Hostile) -> tuple[str, ...]:
    """The names that the page called `name` shows when all on it is unfolded."""
    names, others = hostile.names, hostile.others
    more = {
        "data": (*names, *others[: len(names)]),
        "discover": names,
        "graph": (*names, hostile.hidden, others[2]),
        "identify": names,  # latent nodes are projected away
        "fit": (*names, hostile.hidden),
        "explore": (*names[:2], *hostile.kept),
        "estimate": names,
    }
    return hostile.study.name, *more.get(name, ())


def look_at(store: Store, hostile: Hostile, place: int) -> None:
    """What the Explore page shows next: the column at `place` as the cause of the one after it."""
    study = store.get(hostile.study.id)
    asked = {"cause": hostile.names[place], "outcome": hostile.names[place + 1], "position": None}
    store.update(study, choices={"explore": {**study.choices["explore"], **asked, "level": None}})


def obeyed(page: Page) -> list[str]:
    """The elements that were made of a name: there must be none."""
    return page.locator(_OBEYED).evaluate_all("all => all.map((one) => one.outerHTML)")


def shown(page: Page, names: Sequence[str]) -> list[str]:
    """Those of `names` that stand on the page letter by letter; runs of white space are one."""
    text = folded(page.evaluate(_TEXT))
    return [name for name in names if folded(name) in text]


def visited(page: Page, address: str, *expected: str) -> None:
    """The page of this address, as `inspected`."""
    page.goto(address)
    inspected(page, *expected)


def inspected(page: Page, *expected: str) -> None:
    """The page at hand shows what is `expected`, letter by letter, and obeyed nothing."""
    settled(page, _SECONDS)
    end = time.monotonic() + _SECONDS
    while (missing := set(expected) - set(shown(page, expected))) and time.monotonic() < end:
        page.wait_for_timeout(100)
    assert not missing, page.url
    assert not obeyed(page), page.url


def unfold(page: Page) -> None:
    """Open all that is folded away."""
    settled(page, _SECONDS)
    folded = page.locator("[data-testid=stExpander] details:not([open]) > summary")
    for _ in range(folded.count()):
        folded.first.click()
        settled(page, _SECONDS)


def folded(text: str) -> str:
    """The text as a page writes it: on one line, the joiners left out that hold names together."""
    return " ".join(text.replace("\u2060", "").split())


def _table(names: Sequence[str], others: Sequence[str]) -> Table:
    rng = np.random.default_rng(0)
    frame, before = {}, rng.normal(size=120)
    for place, name in enumerate(names):
        before = 0.6 * before + rng.normal(size=120)
        pair = others[place], others[(place + 1) % len(others)]
        frame[name] = before if place % 2 else np.where(before > 0, *pair)
    return Table.from_frame(pd.DataFrame(frame), name=f"{others[1]}.csv")


def _graph(names: Sequence[str], hidden: str) -> CausalGraph:
    """A chain of the names, in which a latent node causes the last two."""
    chain = list(pairwise(names))
    causes = [(hidden, names[-2]), (hidden, names[-1])]
    return CausalGraph.from_edges([*chain, *causes], latent=[hidden])
