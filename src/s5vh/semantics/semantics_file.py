"""Semantics files (HDF5), e.g. semantics/c100_pca512.h5."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from s5vh.base.errors import UserError
from s5vh.data.hdf5 import create_hdf5, read_arrays
from s5vh.semantics.clustering import NEAREST, Semantics, numbering_agreement

_INTEGERS = ("assignments", "nearest", "cluster_sizes")
_OPTIONAL = ("pca_mean", "pca_components", "label_centroids")


def write_semantics(path: str | Path, semantics: Semantics, provenance: dict[str, Any]) -> None:
    """Write every field of `Semantics` that is not None as a dataset, and statistics and provenance as JSON."""
    statistics = json.dumps(numbering_agreement(semantics))
    with create_hdf5(path) as file:
        for field in fields(semantics):
            value = getattr(semantics, field.name)
            if value is not None:
                file[field.name] = value
        file.attrs["statistics"] = statistics
        file.attrs["provenance"] = json.dumps(provenance)


def read_semantics(path: str | Path) -> Semantics:
    """Read a semantics file.

    Raises:
        UserError: the file is missing, not HDF5, truncated, or its arrays are inconsistent.
    """
    names = [field.name for field in fields(Semantics)]
    required = [name for name in names if name not in _OPTIONAL]
    values, _ = read_arrays(path, required, _OPTIONAL, kind="a semantics file")
    semantics = Semantics(**values)
    problem = _misfit(semantics)
    if problem:
        raise UserError(f"{path}: {problem}; restore the file or make it again")
    return semantics


def _misfit(semantics: Semantics) -> str | None:
    for field in fields(semantics):
        value = getattr(semantics, field.name)
        wanted = "iu" if field.name in _INTEGERS else "f"
        if value is not None and value.dtype.kind not in wanted:
            return f"{field.name} has type {value.dtype}, expected {'integers' if wanted == 'iu' else 'floats'}"
        if value is not None and not np.isfinite(value).all():
            return f"{field.name} has NaN or infinity"
    if semantics.projected.ndim != 2 or semantics.centroids.ndim != 2:
        return "projected and centroids must be matrices"
    videos, width = semantics.projected.shape
    clusters = len(semantics.centroids)
    labels = clusters if semantics.label_centroids is None else len(semantics.label_centroids)
    shapes = {
        "centroids": (clusters, width),
        "assignments": (videos,),
        "nearest": (videos, min(NEAREST, labels)),
        "cluster_sizes": (clusters,),
        "W": (clusters, clusters),
    }
    if semantics.label_centroids is not None:
        shapes["label_centroids"] = (min(labels, clusters), width)
    for name, shape in shapes.items():
        if getattr(semantics, name).shape != shape:
            return f"{name} has shape {getattr(semantics, name).shape}, expected {shape}"
    if videos == 0 or clusters == 0:
        return "it has no videos or no clusters"
    if not 0 <= semantics.assignments.min() <= semantics.assignments.max() < clusters:
        return f"assignments are not all between 0 and {clusters - 1}"
    if not np.array_equal(np.bincount(semantics.assignments, minlength=clusters), semantics.cluster_sizes):
        return "cluster_sizes does not match the assignments"
    return None
