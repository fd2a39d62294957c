"""Seconds a portrait, beside a one-step latent-diffusion pipeline of SD-Turbo's shape.

The peer is built from its published shape with random weights (speed does not depend on weights) and
runs in diffusers at 512 px, one step, no guidance: once as it comes (fp32), once in bf16 with the tiny
decoder of `AutoencoderTiny`.  Both and Limner run in this process, one after the other, several times.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    EulerDiscreteScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

import limner

warnings.simplefilter("ignore")


def tokenizer() -> CLIPTokenizer:
    """A byte-level tokenizer made in code: nothing is downloaded."""
    codes = [*range(33, 127), *range(161, 173), *range(174, 256)]
    symbols, extra = [chr(c) for c in codes], 0
    for byte in range(256):
        if byte not in codes:
            symbols.append(chr(256 + extra))
            extra += 1
    vocabulary = {s: k for k, s in enumerate(symbols)} | {s + "</w>": 256 + k for k, s in enumerate(symbols)}
    vocabulary |= {"<|startoftext|>": 512, "<|endoftext|>": 513}
    return CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=77)


def pipeline() -> StableDiffusionPipeline:
    """SD-Turbo's shape (that of Stable Diffusion 2.1), random weights."""
    unet = UNet2DConditionModel(
        sample_size=64,
        block_out_channels=(320, 640, 1280, 1280),
        attention_head_dim=(5, 10, 20, 20),
        cross_attention_dim=1024,
        use_linear_projection=True,
    )
    text = CLIPTextModel(
        CLIPTextConfig(
            hidden_size=1024,
            intermediate_size=4096,
            num_hidden_layers=23,
            num_attention_heads=16,
            projection_dim=512,
            hidden_act="gelu",
            vocab_size=49408,
        )
    )
    vae = AutoencoderKL(
        block_out_channels=(128, 256, 512, 512),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        latent_channels=4,
        sample_size=512,
    )
    peer = StableDiffusionPipeline(
        vae=vae,
        text_encoder=text,
        tokenizer=tokenizer(),
        unet=unet,
        scheduler=EulerDiscreteScheduler(timestep_spacing="trailing"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    peer.set_progress_bar_config(disable=True)
    return peer


def timed(action: Callable[[], object], runs: int) -> float:
    """Median seconds after one run to warm up."""
    action()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    words = "a melancholic poet at twilight"
    studio = limner.open()
    ours = {
        "limner, one at a time": timed(lambda: studio.paint(words, seed=1), 5 * options.runs),
        "limner, in a batch of 64": timed(lambda: studio.paint(words, n=64, seed=1), options.runs) / 64,
    }
    peer = pipeline()

    def paint_peer() -> object:
        with torch.inference_mode():
            return peer(words, num_inference_steps=1, guidance_scale=0.0, height=512, width=512)

    plain = timed(paint_peer, options.runs)
    peer = peer.to(torch.bfloat16)
    peer.vae = AutoencoderTiny().to(torch.bfloat16)
    light = timed(paint_peer, options.runs)
    print(f"peer, fp32, full decoder      {plain:8.2f} s a portrait")
    print(f"peer, bf16, tiny decoder      {light:8.2f} s a portrait")
    for name, each in ours.items():
        print(f"{name:<28}  {each:8.4f} s: {plain / each:7.0f} x the plain peer, {light / each:6.0f} x the light one")


if __name__ == "__main__":
    main()
