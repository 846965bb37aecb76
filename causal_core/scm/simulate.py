"""Running the equations: noise in, worlds out.

Worlds hold one tensor per variable, [members or 1, positions or 1, rows]. A variable that
an intervention does not reach keeps a 1 in the positions, so that a sweep over forty
slider positions recomputes only the descendants.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from causal_core.identification.steps import Step, check_reads, steps
from causal_core.mechanisms.base import Params
from causal_core.rng import derive_seed
from causal_core.scm.coupling import Coupling, interval
from causal_core.scm.equation import Equation
from causal_core.scm.interventions import Action

if TYPE_CHECKING:
    from causal_core.scm.model import StructuralCausalModel

World = dict[str, Tensor]
_OPEN = 1e-7  # uniforms stay this far from 0 and 1


def random_noise(model: StructuralCausalModel, rows: int, seed: int) -> World:
    """Base noise for every equation, [1, 1, rows] or [1, 1, rows, dims].

    Independent but for the couplings of the model.
    """
    drawn = {
        name: equation.mechanism.base_noise(uniforms(equation, (1, 1, rows), seed))
        for name, equation in model.equations.items()
    }
    return _coupled(model, drawn)


def _coupled(model: StructuralCausalModel, noise: World) -> World:
    for name, coupling in model.couplings.items():
        apart = (1 - coupling.rho**2) ** 0.5
        noise[name] = coupling.rho * noise[coupling.cause] + apart * noise[name]
    return noise


def uniforms(equation: Equation, shape: tuple[int, ...], seed: int) -> Tensor:
    """The named stream of uniforms of one equation, in its dtype."""
    stream = torch.Generator().manual_seed(derive_seed(seed, "noise", equation.variable.name))
    dims = (equation.mechanism.noise_dims,) if equation.mechanism.noise_dims else ()
    drawn = torch.rand((*shape, *dims), generator=stream, dtype=torch.float64)
    return drawn.clamp(_OPEN, 1 - _OPEN).to(equation.dtype)


def even_noise(model: StructuralCausalModel, rows: int, seed: int) -> World:
    """Base noise from a scrambled Sobol sequence: averages converge far faster (Owen 1998)."""
    return even_noises(model, rows, seed, 1)[0]


def even_noises(
    model: StructuralCausalModel, rows: int, seed: int, worlds: int
) -> tuple[World, ...]:
    """As `even_noise`, for several worlds that are independent of one another."""
    sizes = [max(1, e.mechanism.noise_dims) for e in model.equations.values()] * worlds
    stream = derive_seed(seed, "sobol")
    sobol = torch.quasirandom.SobolEngine(sum(sizes), scramble=True, seed=stream)
    drawn = sobol.draw(rows, dtype=torch.float64).clamp(_OPEN, 1 - _OPEN)
    parts = iter(drawn.split(sizes, dim=-1))
    found = []
    for _ in range(worlds):
        noises = {name: _noise(equation, next(parts)) for name, equation in model.equations.items()}
        found.append(_coupled(model, noises))
    return tuple(found)


def _noise(equation: Equation, part: Tensor) -> Tensor:
    part = part if equation.mechanism.noise_dims else part.squeeze(-1)
    return equation.mechanism.base_noise(part.to(equation.dtype)).unsqueeze(0).unsqueeze(0)


def simulate(
    model: StructuralCausalModel,
    noise: Mapping[str, Tensor],
    do: Mapping[str, Action],
    *,
    members: Sequence[int] = (0,),
    targets: Collection[str] | None = None,
    factual: World | None = None,
    seed: int = 0,
) -> World:
    """The values of `targets` (default: all) and of what they rest on, under `do`.

    `factual` holds the world from which `noise` was abducted: what no action moves keeps its
    values to the last bit, so that a policy's threshold falls where it does in the table.
    Raises QuestionError for a policy that reads what it changes, or gives no finite number.
    """
    world: World = {}
    natural: World = {}
    still: set[Step] = set()
    targets = None if model.couplings else targets  # a coupling reads the cause's own causes
    for step, sources in _needed(model, do, targets).items():
        name, equation = step.name, model.equations[step.name]
        if not step.natural and name not in do:
            value = natural[name]
        elif not step.natural:
            read = {n: natural[n] if n == name else world[n] for n in do[name].reads}
            value = do[name].apply(read, _rows_like(noise[name], equation), seed)
        elif factual is not None and still.issuperset(sources):
            value = factual[name]
        else:
            value = _value(model, equation, world, natural, noise[name], members)
        (natural if step.natural else world)[name] = value
        if factual is not None and bool((value == factual[name]).all()):
            still.add(step)
    return world


def _rows_like(noise: Tensor, equation: Equation) -> Tensor:
    return noise[..., 0] if equation.mechanism.noise_dims else noise


def _needed(
    model: StructuralCausalModel, do: Mapping[str, Action], targets: Collection[str] | None
) -> dict[Step, tuple[Step, ...]]:
    reads = {name: action.reads for name, action in do.items()}
    check_reads(model.graph, reads)
    return steps(model.contexts, reads, model.equations if targets is None else targets)


def _value(
    model: StructuralCausalModel,
    equation: Equation,
    world: World,
    natural: World,
    noise: Tensor,
    members: Sequence[int],
) -> Tensor:
    params = context_params(model, equation, world, natural, members, noise.shape[2])
    coupling = model.couplings.get(equation.variable.name)
    if coupling is not None:
        shape = (model, coupling, {**world, **natural}, world, members, noise.shape[2])
        noise = coupling.residual(noise, *cause_noise(*shape))
    return equation.mechanism.forward(noise, params)


def cause_noise(
    model: StructuralCausalModel,
    coupling: Coupling,
    natural: World,
    world: World,
    members: Sequence[int],
    rows: int,
) -> tuple[Tensor, Tensor]:
    """Between which noises a coupling's cause has the value that it has in `world`."""
    cause = model.equations[coupling.cause]
    params = context_params(model, cause, world, natural, members, rows)
    return interval(cause.mechanism, world[coupling.cause], params)


def context_params(
    model: StructuralCausalModel,
    equation: Equation,
    world: World,
    natural: World,
    members: Sequence[int],
    rows: int,
) -> Params:
    """The parameters of one equation in these worlds [members, positions, rows, ...]."""
    context = model.contexts[equation.variable.name]
    read = [world[n] for n in context.acting] + [natural[n] for n in context.natural]
    if not read:
        codes = torch.empty((1, 1, 0), dtype=equation.dtype)
        return equation.params(codes, members).map(lambda part: part.unsqueeze(1))
    parts = torch.broadcast_tensors(*(part.to(equation.reading) for part in read))
    codes = torch.stack(parts, dim=1)
    *_, positions, given = codes.shape
    params = equation.params(codes.flatten(2).mT, members)
    return params.map(lambda part: _spread(part, positions, given))


def _spread(part: Tensor, positions: int, rows: int) -> Tensor:
    """[members, positions · rows, k] → [members, positions, rows, k]; one row stays one."""
    if part.shape[1] == 1:
        return part.unsqueeze(1)
    return part.reshape(len(part), positions, rows, -1)
