"""Clusters of the training videos by their settings."""

from __future__ import annotations

from typing import Any

from s5vh.config.semantics import ClusteringConfig
from s5vh.semantics.clustering import Semantics, build_semantics
from s5vh.semantics.released_clustering import build_lloyd_semantics, build_released_semantics


def cluster_videos(feats: Any, config: ClusteringConfig) -> Semantics:
    """Cluster the videos of `feats` [N, T, D] by the recipe of `config`; errors as in `clustering.build_semantics`."""
    places = (feats, config.clusters, config.pca, config.seed)
    if config.recipe == "released":
        return build_released_semantics(*places, centered=config.centered)
    if config.recipe == "lloyd":
        return build_lloyd_semantics(*places, centered=config.centered)
    return build_semantics(*places, centered=config.centered, features=config.features)
