"""Common interface of all hash-center solvers. What only one of them needs is loaded for that one."""

from __future__ import annotations

import time
from dataclasses import fields
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from s5vh.base.errors import UserError
from s5vh.centers.baselines import bernoulli_centers, hadamard_centers, random_centers
from s5vh.centers.centers_file import CenterSolution
from s5vh.centers.objective import objective
from s5vh.centers.statistics import center_statistics
from s5vh.config.centers import default_seed

_BASELINES = {"hadamard": hadamard_centers, "random": random_centers, "bernoulli": bernoulli_centers}
# Before refinement, the order matters little, after it not at all (benchmarks/measured/admm_variants.json).
_DEFAULTS = {"admm": {"phi_first": False}}
SOLVERS = ("admm", "admm-plain", "released", *_BASELINES)


def checked_similarity(W: Any) -> np.ndarray:
    """`W` as an exactly symmetric float64 [C, C]; raises `UserError` unless it is square, finite and symmetric."""
    W = np.asarray(W, dtype=np.float64)
    if W.ndim != 2 or W.shape[0] != W.shape[1] or W.size == 0:
        raise UserError(f"similarity W has shape {W.shape}; expected a square [clusters, clusters] matrix")
    if not np.isfinite(W).all():
        raise UserError("similarity W has NaN or infinite entries; check the centroids it was computed from")
    asymmetry = np.abs(W - W.T).max()
    if asymmetry > 1e-6 * max(1.0, np.abs(W).max()):
        raise UserError(f"similarity W is not symmetric (differences up to {asymmetry:.3g}); give (W + W^T) / 2")
    return (W + W.T) / 2


def solve(W: np.ndarray, bits: int, solver: str = "admm", seed: int | None = None, **options: Any) -> CenterSolution:
    """Find C hash centers of K bits for the cluster similarity W.

    Args:
        W: [C, C] symmetric similarity, usually the cosine similarity of cluster centroids.
        bits: K, at least 1.
        solver: one of `SOLVERS`:
            "admm-plain": lp-box ADMM of the S5VH paper, in its order of updates;
            "admm": our variant, with the projections first, followed by `s5vh.centers.polish.refine`;
            "released": the search of the authors' released code, see `s5vh.centers.released_search`;
            "hadamard", "random", "bernoulli": see `s5vh.centers.baselines`; they use only the size of W.
        seed: not negative; equal seeds give equal centers, unless the time limit stops "released". None means 1, or 80
            for "released", as in that code.
        options: fields of `AdmmOptions` and, for "admm", of `RefineOptions`; for "released", of `ReleasedOptions`; the
            other solvers have no options.

    Raises:
        UserError: unknown solver or option, wrong W, bits or seed.
    """
    if solver not in SOLVERS:
        raise UserError(f"unknown center solver {solver!r}; choose from {', '.join(SOLVERS)}")
    if not isinstance(bits, int | np.integer) or isinstance(bits, bool) or bits <= 0:
        raise UserError(f"bits is {bits!r}; must be a positive integer")
    if seed is None:
        seed = default_seed(solver)
    if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or seed < 0:
        raise UserError(f"seed is {seed!r}; must be a non-negative integer")
    W = checked_similarity(W)
    settings = _settings(solver, _DEFAULTS.get(solver, {}) | options)
    started = time.perf_counter()  # after the solver has been loaded
    # One thread: the matrices are small, so more threads do not pay off, and the result does not depend on the number
    # of cores.
    with threadpool_limits(limits=1):
        if solver in _BASELINES:
            centers = _BASELINES[solver](len(W), bits, seed)
            traces = np.array([objective(centers, W)]), np.empty(0), np.empty(0)
            found: dict[str, Any] = {"limit_reached": None}
        elif solver == "released":
            from s5vh.centers.released_search import released_centers

            searched = released_centers(W, bits, seed, *settings)
            centers, traces = searched.centers, (searched.objective_trace, np.empty(0), np.empty(0))
            limit = "seconds" if searched.limit_reached else None
            found = {"limit_reached": limit, "sweeps": searched.sweeps, "seconds_limit": settings[0].seconds}
        else:
            from s5vh.centers.admm import lp_box_admm

            result = lp_box_admm(W, bits, seed, settings[0])
            centers = result.centers
            if solver == "admm":
                from s5vh.centers.polish import refine

                centers = refine(centers, W, seed, settings[1])
            traces = result.objective_trace, result.residual_box_trace, result.residual_sphere_trace
            found = {
                "limit_reached": None if result.converged else "iterations",
                "iterations": len(result.objective_trace),
                "converged": result.converged,
                "admm_objective": float(result.objective_trace[-1]),
            }
        statistics = center_statistics(centers, W)
    statistics |= {"solver": solver, "seed": int(seed), "seconds": time.perf_counter() - started, **found}
    return CenterSolution(centers, *traces, statistics)


def _settings(solver: str, options: dict[str, Any]) -> list[Any]:
    """The options objects of `solver`, built from `options`; unknown names raise `UserError`."""
    classes = _options_of(solver)
    known = [field.name for options_class in classes for field in fields(options_class)]
    for name in options:
        if name not in known:
            choice = f"its options are {', '.join(known)}" if known else "it has no options"
            raise UserError(f"unknown option {name!r} of center solver {solver}; {choice}")
    return [
        options_class(**{field.name: options[field.name] for field in fields(options_class) if field.name in options})
        for options_class in classes
    ]


def _options_of(solver: str) -> tuple[type, ...]:
    """Classes of the solver's options."""
    if solver == "released":
        from s5vh.centers.released_search import ReleasedOptions

        return (ReleasedOptions,)
    if solver in _BASELINES:
        return ()
    from s5vh.centers.admm import AdmmOptions

    if solver == "admm-plain":
        return (AdmmOptions,)
    from s5vh.centers.polish import RefineOptions

    return AdmmOptions, RefineOptions
