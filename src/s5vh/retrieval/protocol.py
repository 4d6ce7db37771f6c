"""Evaluation protocols: every choice that affects retrieval scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from s5vh.base.errors import UserError

DENOMINATORS = ("retrieved", "relevant", "capped_relevant", "retrieved_relevant")
TIES = ("stable", "expected")


@dataclass(frozen=True)
class Protocol:
    """An evaluation protocol. The defaults are the published protocol with ties in a reproducible order.

    Attributes:
        denominator: divisor of the sum of precisions in AP@N: "retrieved" (N, as in all released code in this
            field), "relevant" (number of relevant items in the database, S5VH paper, equation 24),
            "capped_relevant" (the smaller of the two, so that a perfect ranking scores 1) or "retrieved_relevant"
            (number of relevant items among the first N, as common in image hashing; AP@N is 0 if there are none).
        ties: order of ties: "stable" (database index) or "expected" (the exact mean over all orders; the
            published metric depends on an unstable sort).
        exclude_self: exclude the query itself from the database, as one item: further copies of it in the database
            are other videos and stay. Published FCVID results include it.
        cutoffs: the N of mAP@N, precision@N and recall@N; GmAP is the geometric mean over them.

    Raises:
        UserError: an unknown choice, or cut-offs that are not increasing positive integers.
    """

    denominator: str = "retrieved"
    ties: str = "stable"
    exclude_self: bool = False
    cutoffs: tuple[int, ...] = (5, 20, 40, 60, 80, 100)

    def __post_init__(self) -> None:
        for name, choices in (("denominator", DENOMINATORS), ("ties", TIES)):
            if getattr(self, name) not in choices:
                raise UserError(f"protocol: {name} must be one of {', '.join(choices)}, got {getattr(self, name)!r}")
        if not isinstance(self.exclude_self, bool):
            raise UserError(f"protocol: exclude_self must be true or false, got {self.exclude_self!r}")
        if not isinstance(self.cutoffs, list | tuple):
            raise UserError(f"protocol: cutoffs must be a list of positive integers, got {self.cutoffs!r}")
        cutoffs = tuple(self.cutoffs)
        whole = all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in cutoffs)
        if not cutoffs or not whole or list(cutoffs) != sorted(set(cutoffs)):
            raise UserError(f"protocol: cutoffs must be increasing positive integers, got {list(cutoffs)}")
        object.__setattr__(self, "cutoffs", cutoffs)

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Protocol:
        """Build from configuration; missing keys have their defaults, unknown ones raise `UserError`."""
        known = [field.name for field in fields(cls)]
        unknown = sorted(set(settings) - set(known))
        if unknown:
            raise UserError(f"protocol: unknown setting {', '.join(unknown)}; choose from {', '.join(known)}")
        return cls(**settings)

    def as_dict(self) -> dict[str, Any]:
        """The protocol as JSON-serialisable data, for `metrics.json`."""
        return asdict(self) | {"cutoffs": list(self.cutoffs)}
