"""From trained networks to the files that engines read: ONNX graphs with weights stored in fp16.

Arithmetic stays fp32 (every stored weight is followed by a cast, which runtimes fold when loading);
so a file is half as large and pictures are the same on every machine to within rounding.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from limner.trainer.loop import write_beside

OPSET = 18
_SMALL = 256  # initialisers with fewer values stay fp32
_BLOCK = 16  # channels


def export_onnx(
    network: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Sequence[str],
    path: Path,
    *,
    fixed: Sequence[str] = (),
) -> None:
    """Write a network as ONNX with a free batch size.

    Args:
        network: in evaluation mode, on the CPU.
        inputs: an example batch by input name, in the order of `forward`.
        outputs: names of the outputs.
        path: the file.
        fixed: inputs without a batch dimension.
    """
    buffer = io.BytesIO()
    axes = {name: {0: "n"} for name in [*inputs, *outputs] if name not in fixed}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        export: Any = torch.onnx.export
        export(
            network,
            tuple(inputs.values()),
            buffer,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load_from_string(buffer.getvalue())
    pad_channels(model)
    halve(model)
    onnx.checker.check_model(model)
    data = model.SerializeToString()
    write_beside(path, lambda p: p.write_bytes(data))


def pad_channels(model: onnx.ModelProto) -> None:
    """Widen convolutions to a multiple of sixteen input channels with zeros, in place.

    ONNX Runtime's blocked convolutions (NCHWc) take no other number; without the zeros such a layer falls
    back to a slower kernel.
    """
    graph = model.graph
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        kernel = tensors.get(node.input[1]) if node.op_type == "Conv" else None
        grouped = any(a.name == "group" and a.i != 1 for a in node.attribute)
        channels = kernel.dims[1] if kernel is not None else 0
        if kernel is not None and not grouped and channels > _BLOCK and channels % _BLOCK:
            more = -channels % _BLOCK
            values = np.pad(numpy_helper.to_array(kernel), ((0, 0), (0, more), (0, 0), (0, 0)))
            kernel.CopyFrom(numpy_helper.from_array(values, kernel.name))
            pads = numpy_helper.from_array(np.array([0, 0, 0, 0, 0, more, 0, 0]), f"{kernel.name}.pads")
            graph.initializer.append(pads)
            wide = f"{node.input[0]}.{kernel.name}.wide"
            nodes.append(helper.make_node("Pad", [node.input[0], pads.name], [wide]))
            node.input[0] = wide
        nodes.append(node)
    kept = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(kept)


def halve(model: onnx.ModelProto) -> None:
    """Store large fp32 initialisers as fp16 behind a cast, in place."""
    graph = model.graph
    casts: list[onnx.NodeProto] = []
    for tensor in list(graph.initializer):
        if tensor.data_type != TensorProto.FLOAT or int(np.prod(tensor.dims)) < _SMALL:
            continue
        values = numpy_helper.to_array(tensor)
        half = numpy_helper.from_array(np.clip(values, -65504, 65504).astype(np.float16), tensor.name + ".half")
        casts.append(helper.make_node("Cast", [half.name], [tensor.name], to=TensorProto.FLOAT))
        graph.initializer.remove(tensor)
        graph.initializer.append(half)
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
