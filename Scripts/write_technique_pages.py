#!/usr/bin/env python3
"""Writes docs/techniques/*.md: a page for every technique and preset, an index, and the claims.

    python3 Scripts/write_technique_pages.py <eaves> [<folder of the repository>]

Forms, equations, conditions and sources come from `eaves techniques`; every example is what `<eaves>` prints.
`TechniquePagesTests` holds the pages against the tool: run this again where it fails.
"""
import csv
import io
import json
import os
import shlex
import subprocess
import sys

import report_card
from technique_claims import CLAIMS

A100 = "--on nvidia-a100-sxm-80"
H200 = "--on nvidia-h200-sxm"
LLAMA = f"compare llama-3.1-8b {A100}"
# A published encoder of 4096 tokens; in 16 bits, which the tensor cores multiply.
ENCODER = f"compare bigbird-base {A100} --context 4k --weights f16 --activations f16"
BERT = f"compare bert-base {A100} --context 4k --weights f16 --activations f16"

# ---------------------------------------------------------------- words by axis

KIND = {
    "attention": "Head sharing", "pattern": "Pattern", "schedule": "Schedule", "mixer": "Mixer",
    "cache": "Cache policy", "parallel": "Devices", "decoding": "Decoding", "sparsity": "Sparsity",
    "experts": "Experts", "format": "Formats", "shrinking": "Smaller models", "preset": "Preset",
}
OPTION = {
    "attention": "--attention", "pattern": "--pattern", "schedule": "--schedule", "cache": "--cache",
    "decoding": "--decoding", "sparsity": "--sparsity",
    "experts": "--experts",
}
COUNTED = {
    "attention":
        "Weights and products of the key and value projections, the bytes of a cached token, and the keys and "
        "values that a step reads. The pairs of attention stay.",
    "pattern":
        "Useful pairs of a query and a key (P, a sequence and head), the pairs that tiles of 128 by 128 execute, "
        "the cached keys that a step reads, and the keys that a layer must keep. Where the data choose the keys, "
        "also the choosing: its products, its lane operations and the index that it reads. 2·(d_q + d_v) FLOPs, "
        "one exponential and five lane operations a pair and head.",
    "schedule":
        "What of queries, keys, scores and outputs travels between the chip and memory, the exponentials and lane "
        "operations of the softmax, and the launches. The useful pairs stay.",
    "mixer":
        "Products at the precision of their weights, lane operations, special functions, bytes of weights, of state "
        "and of activations, and what lives from step to step.",
    "cache":
        "Entries that a layer keeps, their bytes with scales, tables and scores, what a step reads and writes, and "
        "the operations that keep the entries in order. The footprint of a prefill is that of the whole prompt.",
    "parallel":
        "The shapes, the cache and the step that one device has, what it sends, and the messages of it. Bytes and "
        "footprint of a row are those of one device; latency, tokens and energy are those of all.",
    "decoding": "The pass that a row of results is, and the tokens that come of it.",
    "format":
        "Stored bytes of each tensor with scales, zero points and indices; the precision in which products are formed "
        "and its rate on the chip; lane operations that expand what is stored, by family and runtime, and that quantise "
        "activations.",
    "shrinking":
        "FLOPs of training a token, bytes of activations that training keeps, bytes of a teacher's logits; in inference "
        "the shapes that are left.",
    "sparsity":
        "Bytes of the matrices of the layers as stored, with indices, and as read; the FLOPs that the result needs and "
        "those that are executed; lane operations that expand what is stored sparse. Embeddings, the head, routers, "
        "norms and filters stay dense.",
    "experts":
        "Experts that the tokens of a step touch, those of them that are missing, and their bytes and messages over the "
        "link; what is kept, and a buffer for the experts of one token, in the footprint. The products stay.",
    "preset": "What the options count that it stands for, each on its own page.",
}
ABOUT = {
    "attention":
        "A configuration may ask for other sharing than the model's own: the answer is the cost of a model of that "
        "shape, which would have to be trained.",
    "pattern":
        "Fewer pairs help attention alone. The linear layers stay, so the gain of the whole model is small where "
        "attention is a small part of the time, and in prefill a pattern that leaves a key in every tile gains "
        "nothing.",
    "schedule":
        "All schedules compute the same function. They differ in what travels to memory and back.",
    "mixer":
        "A model file names it as the `\"kind\"` of a mixer; a configuration cannot put it into a model.",
    "cache":
        "A policy says which keys and values are kept, where and how. It lowers the bytes that a decode step reads; "
        "it cannot make a prefill cheaper.",
    "parallel":
        "The comparison is with one device. A chip whose profile has no time of a message (`point_to_point`) sends "
        "for the price of the bytes alone, so that small steps look better than they are.",
    "decoding":
        "A row of results is one pass, or one round of drafts and a pass; tokens a second count what it makes.",
    "format":
        "`eaves formats list` has every name, `eaves formats show NAME` one format or the rules of a scheme. Quality is "
        "looked up in published tables and not simulated.",
    "shrinking":
        "What is trained otherwise costs what its shapes cost: no option changes a model into its student. Shipped "
        "students are TinyBERT, DistilBERT, MobileBERT and Whisper large-v3-turbo.",
    "sparsity":
        "SHARE is what is left out: 0.9 leaves a tenth. Several kinds are joined by `+`. On paper no zero is "
        "multiplied; realised is what the chip skips.",
    "experts":
        "The comparison is with all experts at hand, where they fit; without that there is no gain to state. A trace of "
        "one's own is a CSV file with the columns `layer,token,experts` (`0,17,3+7`).",
    "preset":
        "`--attention NAME` writes the options above; what is given beside it comes first.",
}

# ---------------------------------------------------------------- examples

# What forms with values stand for in examples.
FORMS = {
    ("attention", "gqa"): "gqa:8", ("attention", "cla"): "cla:2", ("attention", "mla"): "mla",
    ("pattern", "window"): "window:4096", ("pattern", "local"): "local:256",
    ("pattern", "dilated"): "dilated:512:gap=4", ("pattern", "strided"): "strided:128",
    ("pattern", "fixed"): "fixed:128:c=8", ("pattern", "longformer"): "longformer:512:global=1",
    ("pattern", "bigbird"): "bigbird:64", ("pattern", "block-sparse"): "block-sparse:64:density=0.25",
    ("pattern", "sinks"): "sinks:4+1020", ("pattern", "topk"): "topk:2048",
    ("pattern", "quest"): "quest:2048:page=16", ("pattern", "minference"): "minference:4096:block=64",
    ("pattern", "nsa"): "nsa", ("pattern", "dsa"): "dsa:2048",
    ("cache", "sinks"): "sinks:4+1020", ("cache", "h2o"): "h2o:0.2",
    ("cache", "scissorhands"): "scissorhands:2048", ("cache", "tova"): "tova:1024",
    ("cache", "snapkv"): "snapkv:1024+64", ("cache", "pyramidkv"): "pyramidkv:1024",
    ("cache", "offload"): "offload:4096",
    ("decoding", "diffusion"): "diffusion:steps=64:length=256",
}
# Whole commands, where those of the axis do not suit.
COMMANDS = {
    ("attention", "mha"): [f"compare llama-3.1-8b {A100} --context 32k --across attention=model,mha"],
    ("pattern", "causal"): [
        f"compare mistral-7b-v0.1 {A100} --context 32k --phase both --across pattern=model,causal"],
    ("pattern", "bidirectional"): [f"{ENCODER} --across pattern=model,bidirectional"],
    ("cache", "rolling"): [f"compare mistral-7b-v0.1 {A100} --context 32k --across cache=full,rolling"],
    ("cache", "full"): [f"compare mistral-7b-v0.1 {A100} --context 32k --across cache=rolling,full"],
    ("cache", "kivi"): [f"{LLAMA} --context 128k --across cache=full,kivi:2,kivi:4"],
    ("cache", "paged"): [f"{LLAMA} --context 8k --batch 16 --across cache=contiguous:32k,paged:16"],
    ("cache", "contiguous"): [f"{LLAMA} --context 8k --batch 8 --across cache=full,contiguous:32k"],
    ("cache", "prefix"): [
        f"{LLAMA} --context 8k --batch 16 --across cache=full,prefix:4096:group=16"],
    ("parallel", "tensor"): [
        f"compare llama-3.1-70b {H200} --weights fp8 --parallel tensor --across devices=1,2,4,8"],
    ("parallel", "ring"): [
        f"compare llama-3.1-8b {A100} --phase prefill --context 128k --parallel ring --across devices=1,2,8"],
    ("parallel", "expert"): [
        f"compare mixtral-8x7b {H200} --batch 32 --parallel expert --across devices=1,2,4,8"],
    ("parallel", "pipeline"): [
        f"compare llama-3.1-8b {H200} --batch 16 --parallel pipeline --across devices=1,2,4"],
    ("format", "int8"): [f"{LLAMA} --context 2k --phase both --across weights=bf16,int8,int8/128+f16"],
    ("format", "fp8"): [
        "compare llama-3.1-8b --on nvidia-h100-sxm --context 2k --phase both --across weights=bf16,fp8",
        "compare llama-3.1-8b --on nvidia-h100-sxm --context 2k --phase prefill --weights fp8 --across activations=bf16,fp8"],
    ("format", "4-bit"): [
        f"{LLAMA} --context 2k --phase both --across weights=bf16,int4/128+f16,nf4",
        "compare llama-3.1-8b --on apple-m2-max-38 --context 2k --across weights=f16,q4_0,q4_k_m,mxfp4"],
    ("format", "sub-4-bit"): [
        "compare llama-3.1-8b --on apple-m2-max-38 --context 512 --across weights=q4_k_s,q3_k_s,q2_k,iq2_xs,iq1_s"],
    ("format", "ternary"): [
        "formats show ternary-5",
        "compare llama-3.1-8b --on rpi-5 --context 512 --across weights=q4_0,tq2_0,tq1_0"],
    ("format", "binary"): [
        f"{LLAMA} --context 512 --phase both --activations binary --across weights=int4,binary/128+f16"],
    ("format", "mixed"): [
        "formats show int4/128+f16:down=int8:head=f16",
        "compare llama-3.1-8b --on apple-m2-max-38 --context 2k --across weights=q4_k,q4_k:down=q6_k,q4_k:head=f16"],
    ("format", "activation-quantisation"): [
        f"{LLAMA} --context 2k --phase prefill --weights int8 --across activations=bf16,int8",
        "compare llama-3.1-8b --on apple-m2-max-38 --context 2k --phase prefill --weights int8 --across activations=bf16,int8"],
    ("format", "kv-formats"): [
        "kv llama-3.1-8b --contexts 128k --kv f16,q8_0,int4/64+f16,fp8",
        f"{LLAMA} --context 128k --across kv=bf16,q8_0,fp8,int4/64+f16"],
    ("preset", "smoothquant"): [f"{LLAMA} --context 2k --phase both --across attention=model,smoothquant"],
    ("preset", "llm-int8"): [f"{LLAMA} --context 2k --phase both --across attention=model,llm-int8"],
    ("preset", "awq"): [f"{LLAMA} --context 2k --phase both --across attention=model,awq"],
    ("preset", "gptq"): [f"{LLAMA} --context 2k --phase both --across attention=model,gptq"],
    ("preset", "gptq-3"): [f"{LLAMA} --context 2k --phase both --across attention=model,gptq-3"],
    ("preset", "qlora-nf4"): [f"{LLAMA} --context 2k --phase both --across attention=model,qlora-nf4"],
    ("preset", "aqlm-2"): [f"{LLAMA} --context 2k --phase both --across attention=model,aqlm-2"],
    ("preset", "quip-sharp-2"): [f"{LLAMA} --context 2k --phase both --across attention=model,quip-sharp-2"],
    ("preset", "marlin"): [f"{LLAMA} --context 512 --batch 16 --across attention=model,marlin",
        f"{LLAMA} --context 512 --batch 128 --across attention=model,marlin"],
    ("preset", "fp8-w8a8"): [
        "compare llama-3.1-8b --on nvidia-h100-sxm --context 2k --phase both --across attention=model,fp8-w8a8",
        f"{LLAMA} --context 2k --phase both --across attention=model,fp8-w8a8"],
    ("preset", "quarot"): [f"{LLAMA} --context 2k --phase both --across attention=model,quarot"],
    ("preset", "bitnet-b1.58"): [f"{LLAMA} --context 2k --phase both --across attention=model,bitnet-b1.58"],
    ("preset", "xnor-net"): [f"{LLAMA} --context 512 --phase both --across attention=model,xnor-net"],
    ("preset", "rtn-int4"): [f"{LLAMA} --context 2k --across attention=model,rtn-int4"],
    ("shrinking", "distillation"): [
        "models train tinybert-4-312 --teacher bert-base --context 128 --recompute none --tokens 1e9",
        "compare --on intel-xeon-8480plus --context 128 --across model=bert-base,tinybert-6-768,tinybert-4-312"],
    ("shrinking", "checkpointing"): ["models train llama-2-7b --context 2k --batch 4"],
    ("shrinking", "compound-scaling"): ["techniques show compound-scaling"],
    ("shrinking", "architecture-search"): [
        "compare llama-3.2-1b --on rpi-5 --weights q4_k_m --context 1k --across model=llama-3.2-1b,llama-3.2-1b:layers=8,"
        "llama-3.2-1b:hidden_size=1024:heads=16:kv_heads=4:feed_forward_size=4096,llama-3.2-1b:feed_forward_size=4096"],
    ("shrinking", "once-for-all"): [
        "compare bert-base --on rpi-5 --context 128 --weights int8 --across sparsity=dense,layers:0.25+neurons:0.25,"
        "layers:0.5+heads:0.5+neurons:0.5"],
    ("sparsity", "dense"): [f"{LLAMA} --context 2k --phase both --across sparsity=dense,2:4"],
    ("sparsity", "unstructured"): [
        f"{LLAMA} --context 2k --phase both --across sparsity=dense,unstructured:0.5,unstructured:0.5:bitmap",
        f"{LLAMA} --context 2k --across sparsity=dense,unstructured:0.5:csr,unstructured:0.9:csr"],
    ("sparsity", "2-4"): [
        f"{LLAMA} --context 2k --phase both --across sparsity=dense,2:4",
        "compare llama-3.1-8b --on apple-m2-max-38 --context 2k --phase both --across sparsity=dense,2:4"],
    ("sparsity", "heads"): [
        "kv llama-3.1-8b --contexts 8k --sparsity heads:0.1",
        f"{LLAMA} --context 32k --across sparsity=dense,heads:0.1,heads:0.5:spread,heads:0.5"],
    ("sparsity", "neurons"): [f"{LLAMA} --context 2k --phase both --across sparsity=dense,neurons:0.3,neurons:0.5"],
    ("sparsity", "layers"): [
        "compare whisper-large-v3 --on nvidia-a100-sxm-80 --context 448 --across sparsity=dense,layers:0.875"],
    ("sparsity", "activations"): [
        "compare opt-6.7b --on nvidia-a100-sxm-80 --context 2k --across sparsity=dense,activations:0.9,"
        "activations:0.9:gate,activations:0.9:predictor=1024",
        "compare opt-6.7b --on nvidia-a100-sxm-80 --context 2k --batch 32 --across sparsity=dense,activations:0.9"],
    ("preset", "sparsegpt"): [f"{LLAMA} --context 2k --phase both --across attention=model,sparsegpt"],
    ("preset", "sparsegpt-2-4"): [f"{LLAMA} --context 2k --phase both --across attention=model,sparsegpt-2-4"],
    ("preset", "wanda"): [f"{LLAMA} --context 2k --phase both --across attention=model,wanda"],
    ("preset", "lottery-ticket"): [f"{LLAMA} --context 2k --phase both --across attention=model,lottery-ticket"],
    ("decoding", "autoregressive"): [f"bound llama-3.1-8b {A100} | head -n 4"],
    ("decoding", "diffusion"): [
        f"bound llada-8b {A100} --context 1k | head -n 4",
        f"compare llada-8b {A100} --context 1k --across "
        "decoding=model,diffusion:steps=64:length=256,diffusion:length=256:block=32:cache"],
    ("decoding", "speculative"): [
        f"compare llama-3.1-8b {A100} --context 2k --across decoding=model,"
        "speculative:draft=llama-3.2-1b:gamma=4:alpha=0.8,speculative:draft=llama-3.2-1b:gamma=best:alpha=0.8,"
        "speculative:draft=llama-3.2-1b:tree=4x2x2:alpha=0.8,speculative:layers=8:gamma=4:alpha=0.8",
        f"compare llama-3.1-8b {A100} --context 2k --batch 128 --across decoding=model,"
        "speculative:draft=llama-3.2-1b:gamma=4:alpha=0.8,speculative:draft=llama-3.2-1b:gamma=best:alpha=0.8",
        f"compare mixtral-8x7b {H200} --context 2k --across decoding=model,speculative:layers=4:gamma=4:alpha=0.8"],
    ("decoding", "early-exit"): [
        f"compare llama-3.1-8b {A100} --context 2k --across decoding=model,early-exit:exits=8@0.25+16@0.5,"
        "early-exit:exits=8@0.25+16@0.5:check=head",
        f"compare llama-3.1-8b {A100} --context 2k --batch 16 --across decoding=model,"
        "early-exit:exits=8@0.25+16@0.5"],
    ("experts", "resident"): [
        f"compare mixtral-8x7b {H200} --context 2k --batch 8 --across experts=resident,resident:zipf=1.0"],
    ("experts", "offload"): [
        "compare mixtral-8x7b --on nvidia-rtx4090 --weights q2_k --context 2k --across "
        "experts=resident,offload:all,offload,offload:prefetch=0.8"],
    ("experts", "lru"): [
        "compare mixtral-8x7b --on nvidia-rtx4060 --weights q2_k --context 2k --across "
        "experts=offload,lru:2,lru:3,lru:3:zipf=1.0,lru:3:prefetch=0.8",
        f"compare mixtral-8x7b {A100} --weights q4_k_m --context 2k --across experts=resident,lru:6,lru:4,lru:4:zipf=1.0",
        f"compare mixtral-8x7b {A100} --weights q4_k_m --context 2k --experts lru:4 --across batch=1,4,16,64"],
    ("preset", "longformer"): [f"{BERT} --across attention=model,longformer"],
    ("preset", "bigbird"): [f"{BERT} --across attention=model,bigbird"],
    ("preset", "minference"): [
        f"{LLAMA} --context 128k --phase both --across attention=model,minference"],
    ("preset", "ring-attention"): [
        f"{LLAMA} --context 128k --phase prefill --across attention=model,ring-attention"],
    ("preset", "megatron-tensor"): [
        f"compare llama-3.1-8b {H200} --across attention=model,megatron-tensor"],
    ("preset", "gpipe"): [f"compare llama-3.1-8b {H200} --batch 16 --across attention=model,gpipe"],
    ("preset", "gshard-expert"): [
        f"compare mixtral-8x7b {H200} --batch 32 --across attention=model,gshard-expert"],
    ("preset", "flash-attention-1"): [
        f"{LLAMA} --context 32k --phase prefill --across attention=flash-attention-1,flash-attention-2"],
    ("preset", "flash-attention-2"): [
        f"{LLAMA} --context 32k --phase prefill --across attention=flash-attention-1,flash-attention-2"],
    ("preset", "fast-dllm"): [
        f"compare llada-8b {A100} --context 1k --across attention=model,fast-dllm"],
    ("preset", "vllm-paged"): [
        f"kv llama-3.1-8b --contexts 1000,8000 --attention vllm-paged"],
}
# A shipped model that has a mixer, and what shows it best.
MIXERS = {
    "latent_attention": [
        "kv deepseek-v2-lite deepseek-67b --contexts 8k,128k",
        f"bound deepseek-v2-lite {A100} --context 8k | head -n 14"],
    "cross_attention": [f"bound whisper-small {A100} --context 448 | head -n 14"],
    "shared_cache": ["kv yoco-3b llama-3.2-3b --contexts 8k,1M"],
}
STATE = {
    "mamba": "mamba-2.8b", "mamba2": "mamba2-2.7b", "rwkv4": "rwkv4-7b", "rwkv6": "rwkv6-7b",
    "rwkv7": "rwkv7-2.9b", "rg_lru": "recurrentgemma-2b", "gated_delta": "qwen3-next-80b-a3b",
    "mlstm": "xlstm-7b", "kda": "kimi-linear-48b-a3b", "lstm": "lstm-2x1024", "short_conv": "lfm2-1.2b",
}
# Too large for 80 GB in their published format.
LARGE = {"qwen3-next-80b-a3b", "kimi-linear-48b-a3b"}
IN_16_BITS = "--weights f16 --activations f16"
PASS = {
    "adapter": f"zamba2-2.7b {A100}", "rwkv_channel_mix": f"rwkv6-1.6b {A100}",
    "performer": f"performer-8l {A100} --context 4k {IN_16_BITS}",
    "linformer": f"linformer-roberta-base {A100} --context 4k {IN_16_BITS}",
    "bottleneck_layer": f"mobilebert {A100} --context 384 {IN_16_BITS}",
    "conv2d": "mobilevit-xs --on rpi-5", "inverted_residual": "mobilevit-xs --on rpi-5",
    "mobilevit_block": "mobilevit-s --on rpi-5", "patch_embedding": "vit-b-16-224 --on rpi-5",
    "laurel": f"gemma-3n-e2b-text {A100}", "altup": f"gemma-3n-e2b-text {A100}",
    "per_layer_input": f"gemma-3n-e2b-text {A100}",
}
# No shipped model has them: what the tool knows is all there is to show.
UNUSED = {"linear_attention", "retention", "synthesizer", "gru"}


def commands(part):
    """The example commands of a part of a page."""
    axis, name = part["axis"], part["name"]
    if (axis, name) in COMMANDS:
        return COMMANDS[axis, name]
    form = FORMS.get((axis, name), part["form"])
    if axis not in ("mixer", "preset", "shrinking") and any(c.isupper() for c in form):
        sys.exit(f"write an example of {axis} {name} ({form}) into FORMS of this script")
    if axis == "attention":
        return [f"compare llama-2-7b {A100} --context 4k --batch 8 --across attention=model,{form}"]
    if axis == "pattern":
        is_encoders = any("no causal form" in c for c in part["conditions"])
        return [f"{ENCODER} --across pattern=bidirectional,{form}"] if is_encoders else [
            f"{LLAMA} --context 32k --phase both --across pattern=model,{form}"]
    if name == "split-kv":
        return [f"{LLAMA} --context 128k --across schedule=flash2,split-kv"]
    if axis == "schedule":
        return [f"{LLAMA} --context 16k --phase prefill --across schedule=materialised,flash1,flash2"]
    if axis == "cache":
        return [f"{LLAMA} --context 128k --across cache=full,{form}"]
    if axis == "preset":
        return [f"{LLAMA} --context 128k --across attention=model,{name}"]
    if axis == "mixer":
        if name in MIXERS:
            return MIXERS[name]
        if name in STATE:
            model = STATE[name]
            on = f"{H200} --weights fp8" if model in LARGE else A100
            return [f"kv {model} --contexts 8k,1M", f"bound {model} {on} --context 8k | head -n 14"]
        if name in PASS:
            return [f"bound {PASS[name]} | head -n 14"]
        if name in UNUSED:
            return [f"techniques show {name}"]
    sys.exit(f"write an example of {axis} {name} into this script")


# ---------------------------------------------------------------- running the tool

class Tool:
    def __init__(self, path):
        self.path = os.path.abspath(path)

    def run(self, line, accepted=(0,)):
        result = subprocess.run(
            [self.path] + shlex.split(line), capture_output=True, text=True, encoding="utf-8",
            env={**os.environ, "COLUMNS": "80"})
        if result.returncode not in accepted:
            sys.exit(f"eaves {line}: {result.stderr.strip()}")
        return result.stdout

    def rows(self, line, accepted=(0,)):
        return list(csv.DictReader(io.StringIO(self.run(f"{line} --format csv", accepted))))

    def techniques(self):
        """Name to the parts of its page, in the order of the list."""
        pages = {}
        for row in self.rows("techniques list"):
            pages.setdefault(row["name"], [])
        for name in pages:
            parts = json.loads(self.run(f"techniques show {name} --format json"))["rows"]
            for part in parts:
                part["conditions"] = (part["conditions"] or "").split("; ") if part["conditions"] else []
            pages[name] = parts
        return pages

    def block(self, command):
        """The fenced block of a command; `| head -n N` shortens it."""
        line, _, head = command.partition(" | head -n ")
        lines = self.run(line).rstrip("\n").split("\n")
        if head:
            lines = lines[:int(head)]
        while lines and not lines[-1]:
            lines.pop()
        return "```\n$ eaves " + command + "\n" + "\n".join(lines) + "\n```\n"


# ---------------------------------------------------------------- pages

HEAD = "<!-- Written by Scripts/write_technique_pages.py from what eaves prints; do not edit. -->\n"


def sentence(text):
    # A symbol stays as it is.
    if len(text.split(" ")[0]) > 1:
        text = text[0].upper() + text[1:]
    return text if text.endswith(".") else text + "."


def wrapped(text, width=118, indent=""):
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = indent + word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join(lines + [line])


def written(part):
    option = OPTION.get(part["axis"])
    text = f"{option} {part['form']}" if option else part["form"]
    if part["axis"] == "mixer" and "\"kind\"" not in text:
        text = f"\"kind\": \"{part['form']}\""
    return text


def page(tool, name, parts):
    text = f"# {name}\n\n{HEAD}"
    for part in parts:
        axis = part["axis"]
        text += f"\n## {KIND[axis]}\n\n{wrapped(part['summary'])}\n\n```\n{written(part)}\n```\n"
        text += f"\n### Equation\n\n```\n{part['equation']}\n```\n"
        text += f"\n### What is counted\n\n{wrapped(COUNTED[axis])}\n"
        text += "\n### Conditions\n\n"
        if part["conditions"]:
            text += "".join(wrapped("- " + sentence(c), indent="  ") + "\n" for c in part["conditions"])
        else:
            text += "None beside those of its option.\n"
        text += f"\n### Example\n\n{wrapped(ABOUT[axis])}\n\n"
        text += "\n".join(tool.block(c) for c in commands(part))
        text += f"\n### Source\n\n{wrapped(part['source'])}\n"
    return text + "\n[All techniques](README.md)\n"


def index(pages):
    text = f"# Techniques\n\n{HEAD}\n" + wrapped(
        "What a configuration or a model file can name, by axis. Each page has the equation, what is counted, the "
        "conditions, an example with what the tool prints, and the source; `eaves techniques show NAME` prints the "
        "same. Symbols are those of [method.md](../method.md). [claims.md](claims.md) holds widely repeated claims "
        "against the tool.") + "\n"
    for axis, kind in KIND.items():
        rows = [p for parts in pages.values() for p in parts if p["axis"] == axis]
        if not rows:
            continue
        text += f"\n## {kind}\n\n| name | what it is |\n|---|---|\n"
        for part in rows:
            summary = part["summary"].replace("|", "\\|")
            text += f"| [{part['name']}]({part['name']}.md) | {summary} |\n"
    return text


def figures(tool, ids):
    rows = {row["id"]: row for row in tool.rows("validate figures", accepted=(0, 1))}
    text = "| figure | published | computed | verdict |\n|---|---|---|---|\n"
    for id in ids:
        row = rows.get(id) or sys.exit(f"no figure {id}")
        computed = f"{float(row['ours']):.6g} {row['unit']}" if row["ours"] else ""
        text += f"| `{id}` | {row['published']} {row['unit']} | {computed} | {row['verdict']} |\n"
    return text


def claims(tool):
    text = f"# Claims\n\n{HEAD}\n" + wrapped(
        "What is often said of techniques, and what the tool says to it. The figures are rows of "
        "`eaves validate figures` ([validation.md](../validation.md)); quality is looked up, never simulated.") + "\n"
    for claim in CLAIMS:
        text += f"\n## {claim['claim']}\n\n{wrapped(claim['verdict'])}\n"
        for command in claim.get("commands", []):
            text += "\n" + tool.block(command)
        if claim.get("figures"):
            text += "\n" + figures(tool, claim["figures"])
    return text


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    tool = Tool(sys.argv[1])
    root = sys.argv[2] if len(sys.argv) == 3 else os.path.join(os.path.dirname(__file__), "..")
    folder = os.path.join(root, "docs", "techniques")
    os.makedirs(folder, exist_ok=True)
    pages = tool.techniques()
    texts = {f"{name}.md": page(tool, name, parts) for name, parts in pages.items()}
    texts["README.md"] = index(pages)
    texts["claims.md"] = claims(tool)
    for name in os.listdir(folder):
        if name not in texts:
            os.remove(os.path.join(folder, name))
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    with open(os.path.join(root, "docs", "report-card.md"), "w", encoding="utf-8") as file:
        file.write(report_card.page(tool))
    print(f"{len(texts)} pages")


if __name__ == "__main__":
    main()
