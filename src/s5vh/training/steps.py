"""Training steps: kernel by kernel, or replayed from a CUDA graph.

A step of a small network is hundreds of short kernels, which Python launches more slowly than a large GPU computes
them. A CUDA graph launches them all at once.
"""

from __future__ import annotations

import sys

import torch
from torch import Tensor

from s5vh.methods.contract import Batch, TrainedMethod

WARM_UP = 3  # steps before the capture: they compile kernels, and libraries allocate their workspaces


class Steps:
    """Performs the steps of one training, and returns their losses.

    On a GPU, steps of a method with `inputs` are replayed from a CUDA graph of losses and gradients. The first ones are
    not, nor are batches of another size than the first. Both ways run the same kernels with the same random numbers, so
    a training that was interrupted and begins with steps outside the graph again ends with the same weights.
    """

    def __init__(self, model: TrainedMethod, optimizers: list[torch.optim.Optimizer], device: torch.device):
        self.model, self.optimizers = model, optimizers
        # All steps are on one stream, because gradients must be accumulated on that of the capture.
        self._stream = torch.cuda.Stream(device) if device.type == "cuda" else None
        self._parameters = [weight for group in _groups(optimizers) for weight in group["params"]]
        self._sizes: list[torch.Size] | None = None
        self._done = 0  # steps with batches of this size
        self._graph: torch.cuda.CUDAGraph | None = None
        self._inputs: list[Tensor] = []
        self._terms: dict[str, Tensor] = {}
        self._gradients: list[Tensor | None] = []

    def __call__(self, batch: Batch) -> dict[str, Tensor]:
        """One step; the losses are valid until the next one."""
        inputs = self.model.inputs(batch) if self._stream is not None else None
        if inputs is None:
            return self.model.step(batch, self.optimizers)
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            terms = self._step(inputs)
        torch.cuda.current_stream().wait_stream(self._stream)
        return terms

    def _step(self, inputs: tuple[Tensor, ...]) -> dict[str, Tensor]:
        sizes = [value.shape for value in inputs]
        self._sizes = self._sizes or sizes
        usual = sizes == self._sizes
        if usual and self._done == WARM_UP:
            self._capture(inputs)
        self._done += usual
        if usual and self._graph is not None:
            for place, value in zip(self._inputs, inputs, strict=True):
                place.copy_(value)
            self._graph.replay()
            for weight, gradient in zip(self._parameters, self._gradients, strict=True):
                weight.grad = gradient  # another one after a batch of another size
            terms = self._terms
        else:
            terms = self._losses_and_gradients(inputs)
        for optimizer in self.optimizers:
            optimizer.step()
        return terms

    def _losses_and_gradients(self, inputs: tuple[Tensor, ...] | list[Tensor]) -> dict[str, Tensor]:
        for weight in self._parameters:
            weight.grad = None
        with self.model.arithmetic(inputs[0].device):
            terms = self.model.losses_from(*inputs)
        terms["total"].backward()
        # Detached, because nodes of an earlier step's graph must not be alive during the capture.
        return {name: term.detach() for name, term in terms.items()}

    def _capture(self, inputs: tuple[Tensor, ...]) -> None:
        self._inputs = [value.clone() for value in inputs]
        graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(graph, stream=self._stream):
                self._terms = self._losses_and_gradients(self._inputs)
        except RuntimeError as error:
            print(f"training without a CUDA graph: {str(error).splitlines()[0]}", file=sys.stderr)
            return
        self._gradients = [weight.grad for weight in self._parameters]
        self._graph = graph


def _groups(optimizers: list[torch.optim.Optimizer]) -> list[dict]:
    return [group for optimizer in optimizers for group in optimizer.param_groups]
