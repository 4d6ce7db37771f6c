"""Departures of released code from a paper, or from itself with its bugs fixed: one named switch each."""

from __future__ import annotations

from typing import Any

from pydantic import Field, TypeAdapter

from s5vh.config.validation import Strict


class Departure(Strict):
    """A switch between two recipes of a method; an entry of config/departures/METHOD.yaml."""

    title: str = Field(description="name in tables")
    equation: str = Field("-", description="equation of the paper it concerns; '-' for none")
    recipe: str = Field(description="what the method's own recipe does")
    released: str = Field(description="what the released code does")
    settings: dict[str, Any] = Field(description="keys of the method's file that switch to the released behaviour")
    datasets: dict[str, dict[str, Any]] = Field(
        {},
        description="by data set name, further such keys, for example where a schedule is too short for the usual ones",
    )


DEPARTURES_ADAPTER: TypeAdapter[dict[str, Departure]] = TypeAdapter(dict[str, Departure])
