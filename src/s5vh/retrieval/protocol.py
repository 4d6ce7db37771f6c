"""The evaluation protocol as data: every choice that changes a retrieval number, with a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from s5vh.base.errors import UserError

DENOMINATORS = ("retrieved", "relevant", "capped_relevant")
TIES = ("stable", "expected")


@dataclass(frozen=True)
class Protocol:
    """How retrieval is scored. The defaults are the published protocol with ties in a reproducible order.

    Attributes:
        denominator: what the sum of precisions in AP@N is divided by: "retrieved" (N, as every released
            code of the field does), "relevant" (relevant items in the database, S5VH paper, equation 24) or
            "capped_relevant" (the smaller of N and that, so that a perfect ranking scores 1).
        ties: order among equal distances: "stable" (database index) or "expected" (the exact mean over all
            orders; the published metric took whatever an unstable sort gave).
        exclude_self: leave the query itself out of the database it is searched in. FCVID's published numbers
            leave it in.
        cutoffs: the N of mAP@N, precision@N and recall@N; GmAP is the geometric mean over them.

    Raises:
        UserError: an unknown choice, or cut-offs that are not increasing whole numbers above 0.
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
        cutoffs = tuple(self.cutoffs)
        whole = all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in cutoffs)
        if not cutoffs or not whole or list(cutoffs) != sorted(set(cutoffs)):
            raise UserError(f"protocol: cutoffs must be increasing whole numbers above 0, got {list(cutoffs)}")
        object.__setattr__(self, "cutoffs", cutoffs)

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Protocol:
        """Build from configuration; keys left out take their defaults, an unknown one is a `UserError`."""
        known = [field.name for field in fields(cls)]
        unknown = sorted(set(settings) - set(known))
        if unknown:
            raise UserError(f"protocol: unknown setting {', '.join(unknown)}; known are {', '.join(known)}")
        return cls(**settings)

    def as_dict(self) -> dict[str, Any]:
        """The protocol as JSON-able data, for `metrics.json`."""
        return asdict(self) | {"cutoffs": list(self.cutoffs)}
