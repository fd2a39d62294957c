"""Every fast path at run time agrees with the network that was trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.train

import onnx  # noqa: E402
import onnxruntime as ort  # noqa: E402
from torch import nn  # noqa: E402

from limner.core.network import open_network  # noqa: E402
from limner.engines.eigen.basis import Basis as RuntimeBasis  # noqa: E402
from limner.language.encoder import TextEncoder  # noqa: E402
from limner.trainer.basis import Basis, BasisOptions, fit_basis  # noqa: E402
from limner.trainer.detail import DetailFlow  # noqa: E402
from limner.trainer.export import export_onnx  # noqa: E402
from limner.trainer.flow import Flow  # noqa: E402
from limner.trainer.painter_networks import Encoder, Painter  # noqa: E402
from limner.trainer.publish import EncoderHead, PainterHead  # noqa: E402
from limner.trainer.text import Student, Tokens, export_student  # noqa: E402


def _shake(network):
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for p in network.parameters():
            p.add_(torch.randn(p.shape, generator=generator) * 0.03)
    return network.eval()


def test_text_encoder(tmp_path: Path):
    torch.manual_seed(0)
    student = Student(words=512, grams=256, width=16, hidden=24, out=12).eval()
    texts = ["a poet", "red hair, green eyes and a very long beard", "x", "夕暮れ"]
    with torch.no_grad():
        wanted = student(*Tokens.of(texts, student).batch(range(len(texts)))).numpy()
    export_student(student.state_dict(), tmp_path / "text.npz")
    found = TextEncoder.read(tmp_path / "text.npz").encode_all(texts)
    assert np.abs(found - wanted).max() < 0.08  # tables are rounded to int8
    assert ((found * wanted).sum(1) / (wanted**2).sum(1) > 0.995).all()


def test_basis(tmp_path: Path):
    pictures = torch.randint(0, 255, (60, 3, 64, 64), dtype=torch.uint8)
    basis = fit_basis(pictures, BasisOptions(coordinates=20))
    basis.save(tmp_path / "basis.npz")
    runtime = RuntimeBasis.read(tmp_path / "basis.npz")
    x = pictures[:5].float() / 127.5 - 1
    code = basis.encode(x)
    assert runtime.encode(x.numpy()) == pytest.approx(code.numpy(), abs=2e-3)
    assert runtime.decode(code.numpy()) == pytest.approx(basis.decode(code).numpy(), abs=2e-3)
    assert Basis.read(tmp_path / "basis.npz").encode(x) == pytest.approx(code)
    # decoding and encoding again changes nothing: the code is a projection
    assert basis.encode(basis.decode(code)).numpy() == pytest.approx(code.numpy(), abs=1e-2)


def _inputs(name: str):
    n = 3
    condition = {
        "text": torch.randn(n, 12),
        "known": torch.ones(n),
        "dials": torch.randn(n, 5),
        "mask": torch.ones(n, 5),
    }
    time = torch.rand(n)
    if name == "flow":
        return {"x": torch.randn(n, 20), "t": time} | condition
    if name == "detail":
        return {
            "x": torch.randn(n, 4, 16, 16),
            "t": time,
            "base": torch.randn(n, 3, 64, 64),
            "disturb": time,
        } | condition
    if name == "painter":
        return {"base": torch.randn(n, 3, 64, 64), "detail": torch.randn(n, 4, 16, 16)}
    return {"picture": torch.randn(n, 3, 256, 256), "base": torch.randn(n, 3, 64, 64)}


NETWORKS = {
    "flow": lambda: Flow(20, 12, 5, width=32, hidden=48, blocks=2, rank=8),
    "detail": lambda: DetailFlow(4, 12, 5, width=16, deep=16),
    "painter": lambda: PainterHead(Painter((16, 16, 8, 8), 4)),
    "encoder": lambda: EncoderHead(Encoder((8, 8, 16), 4)),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_exported_networks(name: str, tmp_path: Path):
    torch.manual_seed(0)
    network = _shake(NETWORKS[name]())
    inputs = _inputs(name)
    export_onnx(network, inputs, ["y"], tmp_path / "n.onnx")
    session = ort.InferenceSession(str(tmp_path / "n.onnx"), providers=["CPUExecutionProvider"])
    with torch.no_grad():
        wanted = network(*inputs.values())
    feeds = {k: v.numpy() for k, v in inputs.items()}
    assert session.run(None, feeds)[0] == pytest.approx(wanted.numpy(), abs=5e-3)
    # the batch is free: one row alone gives what it gave among others
    one = session.run(None, {k: v[:1] for k, v in feeds.items()})[0]
    assert one == pytest.approx(wanted[:1].numpy(), abs=5e-3)


def test_crops_of_the_painter_see_their_place():
    """Painting a crop with its origin gives the middle of the whole painting."""
    painter = _shake(Painter((16, 16, 8, 8), 4))
    base, code = torch.randn(1, 3, 64, 64), torch.randn(1, 4, 16, 16)
    with torch.no_grad():
        whole = painter(base, code)
        part = painter(base[:, :, 16:48, 16:48], code[:, :, 4:12, 4:12], (4, 4))
    inner = (slice(None), slice(None), slice(56, 72), slice(56, 72))
    outer = (slice(None), slice(None), slice(120, 136), slice(120, 136))
    assert part[inner].numpy() == pytest.approx(whole[outer].numpy(), abs=0.35)


def test_odd_channels_are_padded_without_a_difference(tmp_path: Path):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 21, 3, padding=1), nn.Conv2d(21, 7, 3, padding=1)).eval()
    x = torch.randn(2, 3, 8, 8)
    export_onnx(network, {"x": x}, ["y"], tmp_path / "odd.onnx")
    shapes = {tuple(t.dims) for t in onnx.load(tmp_path / "odd.onnx").graph.initializer}
    assert (7, 32, 3, 3) in shapes
    out = open_network(tmp_path / "odd.onnx", runtime="onnxruntime", threads=1)({"x": x.numpy()})
    assert np.abs(out - network(x).detach().numpy()).max() < 1e-2  # weights are stored in fp16
