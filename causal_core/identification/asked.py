"""A causal question about one cause and one outcome, and how it is read from plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from causal_core.errors import QuestionError
from causal_core.tables.schema import Level, Value

_LONGEST = 400  # characters of a question
_FEW = 6  # names that a remedy lists
_QUOTE = r"[\"'“”‘’«»`*]{0,3}"
_ACT = (
    r"(?:causes?|affects?|influences?|impacts?|changes?|alters?|raises?|lowers?|increases?"
    r"|decreases?|reduces?|improves?|worsens?|prevents?|determines?|drives?|matters? (?:for|to)"
    r"|leads? to|helps?|harms?|has (?:an?|any) (?:effect|influence|impact) (?:up)?on"
    r"|have (?:an?|any) (?:effect|influence|impact) (?:up)?on)"
)
_CHANGE = r"(?:change|differ|be different|be changed|be other|have been different|have changed)"
_IF = r"(?:if|when|were|had)"
_SET = (
    r"(?:changed|set|different|is set|is changed|was set|was changed|were set|were changed"
    r"|were different|was different|is different|had been set|had been different|changes)"
)
_EFFECT = r"(?:(?:total|average|causal|treatment) )*(?:effect|impact|influence)"
_MAY = r"(?:does|do|did|can|could|will|would|may|might)"
_WE = r"(?:we|i|you|one|someone|everyone|they)"
_FORMS = (  # {x}: the cause, {y}: the outcome
    rf"(?:how (?:much |strongly )?)?{_MAY} {{x}} {_ACT} {{y}}",
    rf"(?:whether |if )?{{x}} {_ACT} {{y}}",
    rf"(?:what is |what's |estimate |find |is there )?(?:the |an? |any )?{_EFFECT} of {{x}} "
    rf"(?:up)?on {{y}}",
    r"how (?:much |strongly )?(?:is )?{y} (?:caused|affected|influenced|changed) by {x}",
    r"is {y} (?:caused|affected|influenced|changed) by {x}",
    rf"{_MAY} {{y}} depend (?:causally )?(?:up)?on {{x}}",
    rf"what {_MAY} {{x}} do to {{y}}",
    rf"(?:how )?{_MAY} {{y}} {_CHANGE} {_IF} {{x}} {_SET}",
    rf"(?:how )?{_MAY} {{y}} {_CHANGE} {_IF} {_WE} (?:set|changed?) {{x}}",
    rf"what (?:happens|would happen|will happen) to {{y}} {_IF} {{x}} {_SET}",
    rf"what (?:happens|would happen|will happen) to {{y}} {_IF} {_WE} (?:set|changed?) {{x}}",
    r"{x} ?(?:->|→|⟶) ?{y}",
)
_FORMULA = r"[pe] ?[(\[] ?{y} ?\| ?do ?\( ?{x} ?\)(?: ?, ?{z})? ?[)\]]"
_GIVEN = r"(?:given|among|for|within|in|conditional on|conditioning on|at (?:a )?known|knowing)"
_ADJUSTED = r"(?:adjusting|adjusted|controlling|controlled|correcting|corrected) for"
_TAIL = rf"(?:,? {_GIVEN} {{z}})?(?:,? {_ADJUSTED} {{w}})?"
_AND = r"(?: ?, ?and | ?, ?| and | & )"
_ENDING = r" ?[?.!]*"


@dataclass(frozen=True)
class Asked:
    """What is asked: how `outcome` answers to setting `treatment`, and for whom.

    `given`: read for rows with the same values of these; `adjusted`: what the asker holds in
    the analysis; `values`: the two settings compared, before and after, in the table's own
    units (None: not chosen yet); `level`: the level of a discrete outcome that is counted.
    Raises QuestionError where a name takes two parts.
    """

    treatment: str
    outcome: str
    given: tuple[str, ...] = ()
    adjusted: tuple[str, ...] = ()
    values: tuple[Value, Value] | None = None
    level: Level | None = None

    def __post_init__(self) -> None:
        if self.treatment == self.outcome:
            raise QuestionError(
                f"“{self.treatment}” is the cause and the outcome.", "Name two different ones."
            )
        for name in (*self.given, *self.adjusted):
            if name in (self.treatment, self.outcome):
                raise QuestionError(
                    f"“{name}” is asked about, so it cannot be held as well.", "Leave it out there."
                )

    @property
    def held(self) -> frozenset[str]:
        """All that is conditioned on: what the question gives and what is adjusted for."""
        return frozenset(self.given) | frozenset(self.adjusted)

    @property
    def words(self) -> str:
        """The question in words that `asked` reads back.

        >>> Asked("dose", "recovery", ("age",)).words
        'What is the effect of “dose” on “recovery” given “age”?'
        """
        given = f" given {', '.join(f'“{name}”' for name in self.given)}" if self.given else ""
        return f"What is the effect of “{self.treatment}” on “{self.outcome}”{given}?"


def asked(text: str, names: Sequence[str]) -> Asked:
    """The question that `text` asks about variables called `names`.

    Names are found whatever their case, the longest first, with or without quotes, asterisks
    or backticks around them. Raises QuestionError that says what was not understood, with the
    nearest name where one comes near.

    >>> found = asked("Does *dose* cause pain, given age?", ["age", "dose", "pain"])
    >>> found.treatment, found.outcome, found.given
    ('dose', 'pain', ('age',))
    """
    folded = _folded(text)
    if len(folded) > _LONGEST:
        raise QuestionError("This question is very long.", "Ask about one cause and one outcome.")
    name = _any_of(names)
    several = rf"(?>{name}(?:{_AND}{name})*)"
    if found := _matched(folded, name, several):
        return _understood(found, names)
    if found := _matched(folded, ".+?", ".+?"):
        raise _unknown(found, names)
    raise QuestionError(
        f"“{folded}” is no question that is understood here." if folded else "Nothing is asked.",
        _example(names),
    )


def _matched(text: str, one: str, several: str) -> dict[str, str] | None:
    """What stands in each slot ("x", "y", "z", "w") of the first form that fits."""
    slots = {
        key: rf"(?:the )?{_QUOTE}(?P<{key}>{one}){_QUOTE}"
        if key in "xy"
        else rf"(?:the |each )?(?P<{key}>{several})"
        for key in "xyzw"
    }
    for form in (*(form + _TAIL for form in _FORMS), _FORMULA):
        for key, slot in slots.items():
            form = form.replace(f"{{{key}}}", slot)
        if found := re.fullmatch(form + _ENDING, text, re.IGNORECASE):
            return {key: value for key, value in found.groupdict().items() if value}
    return None


def _any_of(names: Iterable[str]) -> str:
    """A pattern for any of the names as whole words, longer ones before shorter ones."""
    ordered = sorted(map(_folded, names), key=len, reverse=True)
    return rf"(?:{_QUOTE}(?:{'|'.join(map(_whole, ordered))}){_QUOTE})"


def _whole(name: str) -> str:
    before = r"(?<!\w)" if name[:1].isidentifier() or name[:1].isdigit() else ""
    after = r"(?!\w)" if re.fullmatch(r"\w", name[-1:]) else ""
    return before + re.escape(name) + after


def _understood(found: dict[str, str], names: Sequence[str]) -> Asked:
    given, adjusted = (_all_of(found.get(key, ""), names) for key in "zw")
    return Asked(_name(found["x"], names), _name(found["y"], names), given, adjusted)


def _all_of(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names in a list “a, b and c”, each once; none of an empty one."""
    found = re.finditer(_any_of(names), text, re.IGNORECASE) if text else ()
    return tuple(dict.fromkeys(_name(match.group(), names) for match in found))


def _name(text: str, names: Sequence[str]) -> str:
    """The name that was written: exactly, else but for its case and what is around it."""
    for written in (text, _bare(text)):
        for same in (str, str.casefold):
            found = [name for name in names if same(_folded(name)) == same(written)]
            if len(found) > 1:
                both = " or ".join(f"“{name}”" for name in found[:2])
                raise QuestionError(f"“{written}” may be {both}.", "Write it as it is there.")
            if found:
                return found[0]
    near = get_close_matches(_bare(text).casefold(), map(str.casefold, names), n=1)
    hint = next((f"Did you mean “{n}”?" for n in names if [n.casefold()] == near), _choices(names))
    raise QuestionError(f"“{_bare(text)}” is no variable of this graph.", hint)


def _unknown(found: dict[str, str], names: Sequence[str]) -> QuestionError:
    """What is wrong with a question whose form is understood but not its names."""
    written = [found["x"], found["y"]]
    written += [part for key in "zw" for part in re.split(_AND, found.get(key, "")) if part]
    for text in written:
        try:
            _name(text, names)
        except QuestionError as error:
            return error
    return QuestionError("The names in this question run together.", _example(names))


def _bare(text: str) -> str:
    return re.sub(rf"^{_QUOTE}(.*?){_QUOTE}$", r"\1", text)


def _folded(text: str) -> str:
    return " ".join(str(text).split())


def _choices(names: Sequence[str]) -> str:
    more = " …" if len(names) > _FEW else "."
    return f"There are: {', '.join(names[:_FEW])}{more}"


def _example(names: Sequence[str]) -> str:
    one, other = (*names, "x", "y")[:2] if len(names) > 1 else ("x", "y")
    return f"Ask it like “Does {one} cause {other}?” or “What is the effect of {one} on {other}?”."
