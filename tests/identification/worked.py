"""Published graphs with the verdict and the formula they deserve.

Formulas are in this project's canonical form. Where the publication prints another equal one,
the row says so; every formula here is also checked against exact models in `test_worked`.
Sources: Pearl 2009, *Causality* (2nd edition); Shpitser & Pearl 2006 and 2008 (*Complete
identification methods for the causal hierarchy*); Tian 2002, *Studies in causal reasoning and
learning*; Tian & Pearl 2002, *A general identification condition for causal effects*; Tikka &
Karvanen 2017a, *Identifying causal effects with the R package causaleffect*, 2017b,
*Simplifying probabilistic expressions in causal inference*, 2018, *Enhancing identification of
causal effects by pruning*, and the examples of the manual of `causaleffect` for R; Bareinboim
& Pearl 2012, *Causal inference by surrogate experiments*.
"""

from __future__ import annotations

from dataclasses import dataclass

from causal_core.graphs.graph import CausalGraph
from causal_core.identification.identify import Way


@dataclass(frozen=True)
class Worked:
    """One question: names separated by spaces; `formula` is LaTeX, "" where there is none."""

    source: str
    graph: str
    x: str
    y: str
    way: Way
    formula: str = ""
    z: str = ""

    @property
    def asked(self) -> tuple[CausalGraph, list[str], list[str], list[str]]:
        """What `identify` takes."""
        graph = CausalGraph.parse(f"dag {{ {self.graph} }}")
        return graph, self.x.split(), self.y.split(), self.z.split()


FIGURE_3_8_G = "x->z1->y z3->y z2->x z2->z1 z2->z3 x<->y x<->z3 x<->z2 y<->z2"

IDENTIFIABLE = [
    Worked("S&P 2008, fig. 2a", "x->y", "x", "y", Way.UNCONFOUNDED, r"P(y \mid x)"),
    Worked("S&P 2008, fig. 2b", "x->y x->z->y y<->z", "x", "y", Way.UNCONFOUNDED, r"P(y \mid x)"),
    Worked(
        "S&P 2008, fig. 2d; Tikka & Karvanen, manual, first example",
        "x->y z->x z->y x<->z",
        "x",
        "y",
        Way.BACKDOOR,
        r"\sum_{z} P(y \mid x, z) P(z)",
    ),
    Worked(
        "S&P 2008, fig. 2e; Pearl 2009, p. 81, the front door",
        "x->z->y x<->y",
        "x",
        "y",
        Way.FRONTDOOR,
        r"\sum_{z} P(z \mid x) \sum_{x'} P(y \mid x', z) P(x')",
    ),
    Worked(
        "The front door with a latent node drawn",
        "u [latent] u->x u->y x->z->y",
        "x",
        "y",
        Way.FRONTDOOR,
        r"\sum_{z} P(z \mid x) \sum_{x'} P(y \mid x', z) P(x')",
    ),
    Worked(
        "Pearl & Mackenzie 2018, p. 240, the napkin",
        "w->r->x->y w<->x w<->y",
        "x",
        "y",
        Way.ID,
        r"\frac{\sum_{w} P(x, y \mid r, w) P(w)}{\sum_{w} P(x \mid r, w) P(w)}",
    ),
    Worked(
        "Verma & Pearl 1990, p. 257",
        "a->b->c->d b<->d",
        "c",
        "d",
        Way.BACKDOOR,
        r"\sum_{b} P(d \mid b, c) P(b)",
    ),
    Worked(
        "Greenland, Pearl & Robins 1999, M-bias",
        "x->y x<->z y<->z",
        "x",
        "y",
        Way.UNCONFOUNDED,
        r"P(y \mid x)",
    ),
    Worked(
        "Tian & Pearl 2002, theorem 3: a bow beside the question",
        "x->w x->y x<->w",
        "x",
        "y",
        Way.UNCONFOUNDED,
        r"P(y \mid x)",
    ),
    Worked(
        "Pearl 2009, p. 92, fig. 3.8 (g), all else an outcome; Tikka & Karvanen 2017b, section 1, "
        "as P(z1|x,z2) P(z2) Σ P(y|x,z1,z2,z3) P(z3|x,z2) P(x|z2)",
        FIGURE_3_8_G,
        "x",
        "y z1 z2 z3",
        Way.ID,
        r"P(z_{1} \mid x, z_{2}) P(z_{2}, z_{3}) "
        r"\sum_{x'} P(y \mid x', z_{1}, z_{2}, z_{3}) P(x' \mid z_{2}, z_{3})",
    ),
    Worked(
        "Pearl 2009, p. 92, fig. 3.8 (g)",
        FIGURE_3_8_G,
        "x",
        "y",
        Way.ID,
        r"\sum_{z_{1}, z_{2}, z_{3}} P(z_{1} \mid x, z_{2}) P(z_{2}, z_{3}) "
        r"\sum_{x'} P(y \mid x', z_{1}, z_{2}, z_{3}) P(x' \mid z_{2}, z_{3})",
    ),
    Worked(
        "Pearl 2009, p. 92, fig. 3.8 (f)",
        "x->z1 x->y z1->z2 z1->y z2->y x<->z2 z1<->y",
        "x",
        "y",
        Way.ID,
        r"\sum_{z_{1}, z_{2}} P(y \mid x, z_{1}, z_{2}) P(z_{1} \mid x) "
        r"\sum_{x'} P(z_{2} \mid x', z_{1}) P(x')",
    ),
    Worked(
        "Pearl 2009, p. 119, a plan of two actions",
        "x1->z x1->y x1->x2 z->x2 x2->y x1<->z z<->y",
        "x1 x2",
        "y",
        Way.ID,
        r"\sum_{z} P(y \mid x_{1}, x_{2}, z) P(z \mid x_{1})",
    ),
    Worked(
        "Pearl 2009, p. 125",
        "z1->x1->x2->y z2->y z1<->z2 z1<->x2 z2<->x2",
        "x1 x2",
        "y",
        Way.BACKDOOR,
        r"\sum_{z_{2}} P(y \mid x_{2}, z_{2}) P(z_{2})",
    ),
    Worked(
        "Tian 2002, p. 90",
        "w1->w2 w3->w4 w2->x w4->x x->y w1<->x w1<->y w1<->w3 w3<->w2 w3<->w5 w5<->w4",
        "x",
        "y",
        Way.ID,
        r"\frac{\sum_{w_{1}, w_{3}} P(x, y \mid w_{1}, w_{2}, w_{3}, w_{4}) "
        r"P(w_{3} \mid w_{1}, w_{2}) P(w_{1})}{\sum_{w_{1}, w_{3}} "
        r"P(x \mid w_{1}, w_{2}, w_{3}, w_{4}) P(w_{3} \mid w_{1}, w_{2}) P(w_{1})}",
    ),
    Worked(
        "Tian 2002, p. 70",
        "v1->v2->v3->v4->v5 v1<->v3 v2<->v4 v3<->v5",
        "v1",
        "v5",
        Way.ID,
        r"\sum_{v_{2}, v_{3}, v_{4}} P(v_{4} \mid v_{1}, v_{2}, v_{3}) P(v_{2} \mid v_{1}) "
        r"\sum_{v_{1}'} P(v_{5} \mid v_{1}', v_{2}, v_{3}, v_{4}) P(v_{3} \mid v_{1}', v_{2}) "
        r"P(v_{1}')",
    ),
    Worked(
        "S&P 2008, fig. 3a",
        "x->y1 w1->x w2->y2 w1<->w2 w1<->y1 w1<->y2 x<->w2",
        "x",
        "y1 y2",
        Way.ID,
        r"P(y_{2}) \sum_{w_{1}} P(y_{1} \mid w_{1}, x) P(w_{1})",
    ),
    Worked(
        "S&P 2008, fig. 6a: only the conditional effect is identifiable",
        "x->z->y x<->z",
        "x",
        "y",
        Way.UNCONFOUNDED,
        r"P(y \mid z)",
        "z",
    ),
    Worked(
        "Tikka & Karvanen 2017a, section on do-calculus",
        "w->x w->z w->y x->z z->y x<->y",
        "x",
        "y",
        Way.ID,
        r"\sum_{w, z} P(z \mid w, x) P(w) \sum_{x'} P(y \mid w, x', z) P(x' \mid w)",
    ),
    Worked(
        "causaleffect for R, manual, p1: w1, w2 and z4 are not needed (2018)",
        "w1->w2 w1->x w2->x z2->x x->z1 z2->z1 z2->z3 z4->z1 z1->y z3->y w1<->w2 w1<->x w2<->x "
        "z4<->z1 x<->y z2<->y x<->z3 x<->z2",
        "x",
        "y",
        Way.ID,
        r"\sum_{z_{1}, z_{2}, z_{3}} P(z_{1} \mid x, z_{2}) P(z_{2}, z_{3}) "
        r"\sum_{x'} P(y \mid x', z_{1}, z_{2}, z_{3}) P(x' \mid z_{2}, z_{3})",
    ),
    Worked(
        "causaleffect for R, manual, p2",
        "w1->x1->y1 w2->w1 w2->x2 x2->z z->y2 z->y1 w1<->w2 w1<->x1 w2<->x2 x1<->z x2<->y2 x1<->x2",
        "x1 x2",
        "y1 y2",
        Way.ID,
        r"\sum_{z} P(y_{1} \mid x_{1}, z) P(z \mid x_{2}) "
        r"\sum_{x_{2}'} P(y_{2} \mid x_{2}', z) P(x_{2}')",
    ),
    Worked(
        "causaleffect for R, manual, p3: a napkin, w1 and w2 are not needed",
        "x->y z1->x z2->z1 w1->z2 w1->w2 w2->z2 x<->z2 z2<->y w1<->w2 w2<->z2",
        "x",
        "y",
        Way.ID,
        r"\frac{\sum_{z_{2}} P(x, y \mid z_{1}, z_{2}) P(z_{2})}"
        r"{\sum_{z_{2}} P(x \mid z_{1}, z_{2}) P(z_{2})}",
    ),
    Worked(
        "causaleffect for R, manual, p5",
        "x->z4->y z1->x z2->z1 z3->z2 z3->x z5->z1 z5->z4 x<->z2 z3<->z2 z2<->y z4<->y z5<->z4",
        "x",
        "y",
        Way.ID,
        r"\frac{\sum_{z_{2}, z_{5}} P(y \mid x, z_{1}, z_{2}, z_{5}) P(x \mid z_{1}, z_{2}) "
        r"P(z_{2}) P(z_{5})}{\sum_{z_{2}} P(x \mid z_{1}, z_{2}) P(z_{2})}",
    ),
    Worked("An effect has no causes of its own", "x->y", "y", "x", Way.NO_EFFECT, "P(x)"),
    Worked(
        "A cause that only correlates", "z->x z->y", "x", "y", Way.NO_EFFECT, r"P(y \mid z)", "z"
    ),
]

NOT_IDENTIFIABLE = [
    Worked("S&P 2008, fig. 1a, the bow", "x->y x<->y", "x", "y", Way.NONE),
    Worked("Pearl 2009, p. 153, the instrument", "z->x->y x<->y", "x", "y", Way.NONE),
    Worked("Tian & Pearl 2002, a bow on the way", "x->z->y x<->z", "x", "y", Way.NONE),
    Worked("Pearl 2009, p. 153", "x->z x->w w->y z->y x<->z w<->y", "x", "y", Way.NONE),
    Worked("Bareinboim & Pearl 2012, fig. 1a", "z->x->y z<->x z<->y", "x", "y", Way.NONE),
    Worked("Bareinboim & Pearl 2012, fig. 1b", "z->x->y x<->y z<->y", "x", "y", Way.NONE),
    Worked("Bareinboim & Pearl 2012, fig. 1c", "z->y x->y x<->z z<->y", "x", "y", Way.NONE),
    Worked("A mediator confounded on both sides", "x->m->y x<->m m<->y", "x", "y", Way.NONE),
    Worked("S&P 2008, fig. 6a, joint with its mediator", "x->z->y x<->z", "x", "y z", Way.NONE),
    Worked(
        "A condition that a hedge moves",
        "x->z->y x<->z z<->y",
        "x",
        "y",
        Way.NONE,
        z="z",
    ),
]

WORKED = [*IDENTIFIABLE, *NOT_IDENTIFIABLE]
