#!/usr/bin/env python3
"""Fits the constants of the runtime profiles and writes HardwareProfiles/runtimes/*.json.

    python3 Scripts/fit_runtimes.py <reference folder> <output folder> [--report <file>]

The reference folder holds measured_chips.csv, measured_models.csv, chips.csv and measurements/*.csv.
A constant belongs to a chip family and a runtime, never to a row or a chip. Every fit minimises the mean
absolute logarithm of predicted over measured time, each chip weighing the same, over a few named
constants of one physical form:

    kernel     max(FLOP / (peak * matrix_fraction), bytes / (bandwidth * bandwidth_fraction)) + launch
    decode     bytes / (bandwidth * bandwidth_fraction) + layers * layer_overhead
    prefill    FLOP / (peak * matrix_fraction) + attention FLOP / (peak * attention_matrix_fraction)
               + layers * layer_overhead
    threads    max(bytes / (bandwidth * bandwidth_fraction), FLOP / (peak * matrix_fraction)
               + weights * operations / (rate * vector_fraction)) + layers * layer_overhead
    offloaded  bytes / (bandwidth * bandwidth_fraction) + layers * layer_overhead + fetched bytes / link

The report lists rows, errors in sample, and errors with each chip left out of its own fit.
"""
import csv
import glob
import json
import math
import os
import sys
from collections import defaultdict

import numpy as np

GOOD = {"A", "A-", "B+", "B"}
GIB = 2.0**30


# ---------------------------------------------------------------- reading

def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text, default=None):
    try:
        return float(text)
    except (TypeError, ValueError):
        return default


class Reference:
    def __init__(self, folder):
        self.chips = {r["chip_key"]: r for r in table(os.path.join(folder, "measured_chips.csv"))}
        self.models = {r["model_key"]: r for r in table(os.path.join(folder, "measured_models.csv"))
                       if number(r["layers"])}
        self.fields = defaultdict(dict)
        for r in table(os.path.join(folder, "chips.csv")):
            self.fields[r["chip"]][r["field"]] = r["value"]
        self.kernels, self.rows = [], []
        for path in sorted(glob.glob(os.path.join(folder, "measurements", "*.csv"))):
            name = os.path.basename(path)
            if name == "gpu_kernels.csv":
                self.kernels = table(path)
            elif name != "localscore_community.csv":
                self.rows += table(path)

    def family(self, chip):
        return self.chips.get(chip, {}).get("family", "")

    def bandwidth(self, chip):
        return number(self.chips[chip]["mem_bw_GBs"]) * 1e9

    def f16_peak(self, chip):
        """Dense FP16 with FP32 accumulation where the card distinguishes the two."""
        value = number(self.chips[chip]["fp16_dense_TFLOPS"])
        return value * 1e12 if value else None

    def i8_peak(self, chip):
        """Dense INT8; where the table is empty, the ratio that the family's other rows show."""
        value = number(self.chips[chip]["int8_dense_TOPS"])
        if value:
            return value * 1e12
        half, family = self.f16_peak(chip), self.family(chip)
        if not half:
            return None
        if family in ("nv-ampere", "nv-ada", "nv-blackwell") and chip.startswith("rtx-"):
            return 4 * half         # GeForce: FP16 with FP32 accumulation runs at a quarter of INT8
        if family == "nv-blackwell-soc":
            return 2 * half
        if family == "nv-turing":
            return 2 * half         # GTX 16: no tensor cores; DP4A is twice packed FP16
        if family == "nv-pascal" and chip != "tesla-p100":
            return 4 * half         # DP4A is four times FP32, which is this column for Pascal but P100
        return None


    def f16_accumulate_f16_peak(self, chip):
        """FP16 tensor rate with FP16 accumulation: half of INT8 on every card with tensor cores from Turing on."""
        half, byte = self.f16_peak(chip), self.i8_peak(chip)
        if half and byte and self.family(chip) in ("nv-turing", "nv-ampere", "nv-ada", "nv-blackwell") \
                and not chip.startswith("gtx"):
            return max(half, byte / 2)
        return half


# ---------------------------------------------------------------- fitting

# Assumed, not measured: no layer takes less than ten kernels or thread barriers of 2 us. Without a floor the
# pooled CPU overhead runs to zero, because few CPUs and models cannot tell it from the bandwidth share.
LOWEST = {"layer": 2e-5}


def search(loss, start, upper, rounds=60):
    """Pattern search in the logarithm of the constants: deterministic, no gradients, a few constants."""
    names = list(start)
    bound = lambda n, x: max(min(x, upper.get(n, math.inf)), LOWEST.get(n, 0))
    best = {n: bound(n, start[n]) for n in names}
    value, step = loss(best), 0.5
    for _ in range(rounds):
        moved = False
        for n in names:
            for sign in (1, -1):
                trial = dict(best)
                trial[n] = bound(n, best[n] * math.exp(sign * step))
                v = loss(trial)
                if v < value - 1e-12:
                    best, value, moved = trial, v, True
        for i, a in enumerate(names):               # pairs trade off (bandwidth against overhead)
            for b in names[i + 1:]:
                for sa in (1, -1):
                    for sb in (1, -1):
                        trial = dict(best)
                        trial[a] = bound(a, best[a] * math.exp(sa * step))
                        trial[b] = bound(b, best[b] * math.exp(sb * step))
                        v = loss(trial)
                        if v < value - 1e-12:
                            best, value, moved = trial, v, True
        if not moved:
            step /= 2
            if step < 1e-3:
                break
    return best


def chip_mean_loss(rows, predict):
    """Mean over chips of the mean absolute log error of that chip's rows."""
    groups = defaultdict(list)
    for r in rows:
        groups[r["chip"]].append(r)

    def loss(p):
        return float(np.mean([np.mean([abs(math.log(predict(r, p) / r["t"])) for r in g])
                              for g in groups.values()]))
    return loss


def errors(rows, predict, p):
    return [predict(r, p) / r["t"] - 1 for r in rows]


def describe(rows, err):
    """Chip-averaged median and 90th percentile of the absolute error, and the signed bias, in percent."""
    if not rows:
        return "no rows"
    groups = defaultdict(list)
    for r, e in zip(rows, err):
        groups[r["chip"]].append(e)
    med = [np.median(np.abs(g)) for g in groups.values()]
    bias = [np.median(g) for g in groups.values()]
    return (f"{len(rows)} rows, {len(groups)} chips: median {100*np.median(med):.1f} %, "
            f"p90 {100*np.quantile(med, .9):.1f} %, bias {100*np.median(bias):+.1f} %")


def leave_one_chip_out(rows, predict, fit):
    """fit(rows, chip): whatever it is pulled towards must leave that chip out too."""
    out = [None] * len(rows)
    for chip in sorted({r["chip"] for r in rows}):
        others = [r for r in rows if r["chip"] != chip]
        if not others:
            return None
        p = fit(others, chip)
        for i, r in enumerate(rows):
            if r["chip"] == chip:
                out[i] = predict(r, p) / r["t"] - 1
    return out


# ---------------------------------------------------------------- writing

def significant(x, digits=2):
    if x == 0:
        return "0"
    return f"{float(f'{x:.{digits}g}'):.12g}" if x >= 1e-4 else f"{x:.{digits}g}"


def measure(value, basis, source, verified, note=None):
    m = {"value": value, "basis": basis, "source": source, "verified": verified}
    if note:
        m["note"] = note
    return m


def ratio(x, *rest, **kw):
    return measure(significant(x, 2), *rest, **kw)


def micro(seconds, *rest, **kw):
    return measure(f"{significant(seconds * 1e6, 2)} us", *rest, **kw)


KERNELS = "kernel-timings"
SCORES = "llama-bench-rows"
GPTFAST = "gpt-fast"
COUNTED = "operation-counts"
EXPCOST = "llmcompass"
LAUNCH = "gpu-benches"
OFFLOADING = "offloading-rows"
OURS = "default"
DEFINITION = "definition"
SOURCES = {
    KERNELS: {"title": "gpu_kernels.csv: public Apache-2.0 data set of measured single-kernel latencies "
                       "on A100 SXM 80 GB and H100 SXM", "tier": "measured"},
    SCORES: {"title": "llama.cpp rows of the published measurements (llama-bench tables, scoreboards, "
                      "repository threads), confidence A to B, one device, batch 1", "tier": "measured"},
    GPTFAST: {"title": "pytorch-labs/gpt-fast README.md @32971d3, A100 SXM 80 GB, power capped at 330 W",
              "tier": "measured"},
    COUNTED: {"title": "Vector operations per weight of each format family, counted (techniques, 7.3)",
              "tier": "derived"},
    EXPCOST: {"title": "PrincetonUniversity/LLMCompass hardware_model/compute_module.py: software exp cost "
                       "35 flop (A100), 18 (MI210), 15 (TPUv3)", "tier": "secondary"},
    LAUNCH: {"title": "te42kyfo/gpu-benches @1c36d50, small kernels of 64 kB: launch in stream 2.6 us (A100), "
                      "2.5 us (H200); 1.3 us in a CUDA graph (H200)", "tier": "measured"},
    OFFLOADING: {"title": "Eliseev and Mazur 2023, Fast Inference of Mixture-of-Experts Language Models with "
                          "Offloading, table 2, as transcribed in the published measurements", "tier": "secondary"},
    DEFINITION: {"title": "Definition of the ideal runtime: the roofline of the chip, nothing else",
                 "tier": "derived"},
    OURS: {"title": "Default of this project: no measurement behind it", "tier": "estimated"},
}
DEQUANTISATION = {"q8": 1.1, "int4": 2.0, "k": 2.5, "iq": 4.0}


def counted_dequantisation():
    note = {"q8": "one multiply by the scale and a share of the conversion", "int4": "shift, mask, scale",
            "k": "two-level scales", "iq": "table lookup per 4 to 8 weights"}
    return {k: measure(f"{v:g}", "derived", COUNTED, True, note[k]) for k, v in DEQUANTISATION.items()}


def exp_cost():
    return measure("15", "secondary", EXPCOST, True, "lowest software cost of exp in the source")


def zero(unit, basis, source, note, verified=False):
    return measure(f"0 {unit}".strip(), basis, source, verified, note)


def write(folder, profile):
    used = set()

    def collect(node):
        if isinstance(node, dict):
            if isinstance(node.get("source"), str):
                used.add(node["source"])
            for v in node.values():
                collect(v)
        elif isinstance(node, list):
            for v in node:
                collect(v)
    collect(profile["profiles"])
    profile["sources"] = {k: v for k, v in SOURCES.items() if k in used}
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, profile["id"] + ".json"), "w", encoding="utf-8") as file:
        json.dump(profile, file, indent=2, ensure_ascii=False)
        file.write("\n")


# ---------------------------------------------------------------- GPU kernels (TensorRT-LLM, cuBLAS)

KERNEL_FAMILY = {"nvidia-a100-sxm-80": "nv-dc-ampere", "nvidia-h100-sxm": "nv-dc-hopper"}
# format: (weight bytes, activation bytes, format of the multiply)
GEMM_FORMAT = {"bfloat16": (2, 2, "f16"), "fp8": (1, 1, "f8"), "fp8_block": (1, 1, "f8"),
               "sq": (1, 1, "i8"), "int8_wo": (1, 2, "f16"), "int4_wo": (0.5, 2, "f16")}


def pairs(new, cached, window):
    if not window:
        return new * cached + new * (new + 1) / 2
    return sum(min(cached + i, window) for i in range(1, new + 1))


class Kernels:
    def __init__(self, ref):
        self.ref, self.peaks = ref, {}
        for chip in KERNEL_FAMILY:
            f = ref.fields[chip]
            self.peaks[chip] = {"bandwidth": number(f["mem.dram.bandwidth"]),
                                "exp": number(f["sfu.exp"]), "f16": number(f["matrix.fp16"]),
                                "f8": number(f.get("matrix.fp8")), "i8": number(f.get("matrix.int8"))}

    def rows(self, kind, keep):
        out = []
        for r in self.ref.kernels:
            if r["family"] != kind or not keep(r):
                continue
            row = {"chip": r["chip_key"], "t": float(r["latency_s"]), "raw": r}
            if kind == "matmul":
                wb, ab, fmt = GEMM_FORMAT[r["input_format"]]
                m, n, k = (int(r[x]) for x in "mnk")
                row.update(flop=2.0 * m * n * k, bytes=m * k * ab + n * k * wb + m * n * 2.0, exp=0.0)
            else:
                b, h, g, d = (int(r[x]) for x in ("batch", "query_heads", "kv_heads", "head_size"))
                new, cached = int(r["new_tokens"]), int(r["cached_tokens"])
                window = int(number(r["window"], 0) or 0)
                scored = b * pairs(new, cached, window)
                kept = min(cached + new, window + new - 1) if window else cached + new
                kv = 1 if r["cache_format"] == "fp8" else 2
                fmt = "f8" if r["input_format"] == "fp8" else "f16"
                row.update(flop=4.0 * h * d * scored, exp=h * scored, decode=r["phase"] == "decode",
                           heads=b * h, bytes=b * (2.0 * new * h * d * 2 + 2.0 * kept * g * d * kv))
            peak = self.peaks[r["chip_key"]]
            row.update(peak=peak[fmt], bandwidth=peak["bandwidth"], exp_peak=peak["exp"], format=fmt)
            out.append(row)
        return out


def matmul_time(r, p):
    compute = (r["flop"] + p.get("half", 0)) / (r["peak"] * p["matrix"])
    return max(compute, r["bytes"] / (r["bandwidth"] * p["bandwidth"])) + p["launch"]


def attention_time(r, p):
    """p["head"]: time that one query head of one sequence occupies the chip when decoding."""
    heads = r["heads"] * p.get("head", 0) if r["decode"] else 0
    return max(r["flop"] / (r["peak"] * p["matrix"]), r["exp"] / r["exp_peak"], heads,
               r["bytes"] / (r["bandwidth"] * p["bandwidth"])) + p["launch"]


CAPS = {"matrix": 1.0, "bandwidth": 0.95, "attention": 1.0}      # no DRAM sustains its full rate


def fit_matmul(rows):
    return search(chip_mean_loss(rows, matmul_time), {"matrix": 0.7, "bandwidth": 0.7, "launch": 4e-6}, CAPS)


def fit_attention(rows):
    """Matrix share from the prefill rows, bandwidth share and head time from the decode rows, one launch."""
    prefill, decode = [r for r in rows if not r["decode"]], [r for r in rows if r["decode"]]
    first = search(chip_mean_loss(decode, lambda r, p: attention_time(r, dict(p, matrix=1.0))),
                   {"bandwidth": 0.7, "head": 1e-8, "launch": 8e-6}, CAPS)
    second = search(chip_mean_loss(prefill, lambda r, p: attention_time(r, dict(first, **p))),
                    {"matrix": 0.5}, CAPS)
    return dict(first, **second)


# ---------------------------------------------------------------- whole models (llama.cpp, gpt-fast)

def tokens_per_second_rows(ref, keep):
    """Single-device, single-sequence rows with the work they imply, as time per token or per prompt."""
    out = []
    for r in ref.rows:
        if (r["scored"] != "1" or r["confidence"] not in GOOD or r["n_devices"] != "1"
                or r["phase"] not in ("decode", "prefill") or r["unit"] != "tok/s"
                or (number(r["batch"], 1) or 1) != 1 or not keep(r)):
            continue
        chip, model = r["chip_key"], ref.models.get(r["model_key"])
        if model is None or chip not in ref.chips or not number(ref.chips[chip]["mem_bw_GBs"]):
            continue
        params, active = number(model["params_B"]) * 1e9, number(model["active_params_B"]) * 1e9
        quant = r["quant"].strip()
        size = number(r["weight_GiB"])
        if "Memory column" in r["notes"]:
            size = None                                  # resident memory of the process, not weights
        if size:
            per_weight = size * GIB / params
        elif quant in ("F16", "FP16", "BF16"):
            per_weight = 2.0
        else:
            per_weight = {"INT8": 1.01, "INT4 g32": 0.578, "Q4_0": 0.5625}.get(quant)
            if per_weight is None:
                continue
        layers, width = number(model["layers"]), number(model["d_model"])
        heads, kv_heads, head = (number(model[x]) for x in ("n_heads", "n_kv_heads", "head_dim"))
        table_weights = number(model["vocab"]) * width
        tied = model["tied_embeddings"] == "1"
        read = active - (0 if tied else table_weights)       # output head in, input embedding out
        linear = active - (1 if tied else 2) * table_weights
        depth = number(r["context_depth"], 0) or 0
        row = {"chip": chip, "family": ref.family(chip), "raw": r, "layers": layers, "quant": quant,
               "phase": r["phase"], "prompt": number(r["prompt_len"], 0) or 0,
               "regime": r["regime"], "bandwidth": ref.bandwidth(chip), "moe": active < 0.9 * params,
               "plain": quant in ("F16", "FP16", "BF16"), "weights": read}
        if r["phase"] == "decode":
            context = depth + (number(r["gen_len"], 128) or 128) / 2
            row["depth"] = depth
            row["bytes"] = read * per_weight + 2 * layers * kv_heads * head * 2 * context
            row["t"] = 1 / float(r["value"])
        else:
            n = row["prompt"]
            if not n:
                continue
            row["depth"] = depth
            row["t"] = n / float(r["value"])
            row["flop"] = 2 * n * linear + 2 * table_weights
            row["attention"] = 4 * heads * head * layers * pairs(n, depth, 0)
            row["bytes"] = linear * per_weight
            row["f16"] = ref.f16_accumulate_f16_peak(chip)
            row["i8"] = ref.i8_peak(chip)
        out.append(row)
    return out


def decode_time(r, p):
    return r["bytes"] / (r["bandwidth"] * p["bandwidth"]) + r["layers"] * p["layer"]


def prefill_time(r, p):
    """p: matrix (format of the activations), quantised (format of the multiply), attention, layer."""
    peak = r["f16"] * p["matrix"] if r["plain"] or not r["i8"] or "quantised" not in p \
        else r["i8"] * p["quantised"]
    return r["flop"] / peak + r["attention"] / (r["f16"] * p["attention"]) + r["layers"] * p["layer"]


def shrunk(rows, predict, start, caps, prior):
    """Fit with a pull towards the vendor's pooled constants that fades as 1 / number of chips."""
    loss = chip_mean_loss(rows, predict)
    weight = 0.15 / len({r["chip"] for r in rows})
    if prior is None:
        return search(loss, start, caps)
    return search(lambda p: loss(p) + weight * sum(abs(math.log(p[k] / prior[k])) for k in start),
                  dict(prior), caps)


def best_of_backends(rows):
    """The fastest backend for each chip, model, format, prompt and depth."""
    best = {}
    for r in rows:
        key = (r["chip"], r["raw"]["model_key"], r["quant"], r["phase"], r["prompt"], r["depth"])
        if key not in best or r["t"] < best[key]["t"]:
            best[key] = r
    return list(best.values())


LLAMA_GROUPS = [       # families of one profile, vendor for the pooled prior, backends (prefix), pick best
    (["apple-m"], "apple", ("llama.cpp Metal",), False),
    (["nv-ada"], "nvidia", ("llama.cpp CUDA",), False),
    (["nv-ampere"], "nvidia", ("llama.cpp CUDA",), False),
    (["nv-blackwell"], "nvidia", ("llama.cpp CUDA",), False),
    (["nv-turing"], "nvidia", ("llama.cpp CUDA",), False),
    (["nv-pascal"], "nvidia", ("llama.cpp CUDA",), False),
    (["nv-volta"], "nvidia", ("llama.cpp CUDA",), False),
    (["nv-dc-ampere"], "nvidia", ("llama.cpp CUDA",), False),
    (["nv-dc-hopper"], "nvidia", ("llama.cpp CUDA",), False),
    (["nv-blackwell-soc"], "nvidia", ("llama.cpp CUDA",), False),
    (["jetson"], "nvidia", ("llama.cpp CUDA", "llama.cpp GPU"), False),
    (["amd-rdna2"], "amd", ("llama.cpp ROCm", "llama.cpp Vulkan"), True),
    (["amd-rdna3"], "amd", ("llama.cpp ROCm", "llama.cpp Vulkan"), True),
    (["amd-rdna3.5-apu", "amd-rdna3-apu", "amd-rdna2-apu"], "amd",
     ("llama.cpp ROCm", "llama.cpp Vulkan", "llama.cpp hip", "llama.cpp rocm", "llama.cpp vulkan"), True),
    (["intel-arc-alchemist"], "intel", ("llama.cpp Vulkan", "llama.cpp SYCL"), True),
    (["intel-arc-battlemage"], "intel", ("llama.cpp Vulkan", "llama.cpp SYCL"), True),
    (["intel-xe2-igpu", "intel-xelpg-igpu", "intel-xelpgplus-igpu", "intel-xe3-igpu"], "intel",
     ("llama.cpp Vulkan", "llama.cpp SYCL"), True),
    (["x86-cpu"], "cpu", ("llama.cpp", "Ollama", "LM Studio", "PowerInfer"), False),
    (["arm-cpu", "arm-server-cpu"], "cpu", ("llama.cpp", "Ollama"), False),
    (["arm-sbc-cpu"], "cpu", ("llama.cpp", "Ollama", "PowerInfer"), False),
    (["arm-phone-cpu"], "cpu", ("llama.cpp", "PowerInfer"), False),
]


# ---------------------------------------------------------------- the profiles

EVERYTHING = ["norm", "rotary", "residual", "activation", "qkv", "gate_up"]


class Report:
    def __init__(self):
        self.lines = []

    def add(self, text=""):
        self.lines.append(text)


def ideal():
    one = lambda note: measure("1", "derived", DEFINITION, True, note)
    none = lambda: measure("0 s", "derived", DEFINITION, True, "the ideal runtime has no overheads")
    return {"$schema": "../../docs/schema/runtime.schema.json", "schema": 1, "id": "ideal",
            "name": "Ideal (roofline)", "aliases": ["roofline"],
            "profiles": [{"families": ["*"],
                          "launch": none(), "layer_overhead": none(), "step_overhead": none(),
                          "bandwidth_fraction": one("definition: the whole bandwidth"),
                          "matrix_fraction": one("definition: the whole peak"),
                          "vector_fraction": one("definition: the whole peak"),
                          "fuses": EVERYTHING}]}


def vector_default():
    return measure("0.8", "estimated", OURS, False, "no row isolates the vector units")


def fit_kernel_runtime(kernels, report, name, gemm, attention, other_formats):
    """Kernel constants of both chips; each chip is its own family, so the other chip is the one left out."""
    fits = {}
    report.add(f"### {name}: kernels\n")
    for chip, family in KERNEL_FAMILY.items():
        here = lambda keep: (lambda r: r["chip_key"] == chip and keep(r))
        g, a = kernels.rows("matmul", here(gemm)), kernels.rows("attention", here(attention))
        a16 = [r for r in a if r["format"] == "f16"]
        fit = {"matmul": fit_matmul(g), "attention": fit_attention(a16), "n": len(g), "na": len(a16), "g": g, "a": a16,
               "other": {}}
        report.add(f"- {family} GEMM 16-bit: {describe(g, errors(g, matmul_time, fit['matmul']))}")
        for phase, flag in (("decode", True), ("prefill", False)):
            part = [r for r in a16 if r["decode"] == flag]
            report.add(f"- {family} attention {phase}: {describe(part, errors(part, attention_time, fit['attention']))}")
            if flag:
                plain = dict(fit["attention"], head=0, launch=fit["matmul"]["launch"])
                report.add(f"  - without attention_head and attention_launch: {describe(part, errors(part, attention_time, plain))}")
        for fmt, names in other_formats.items():
            o = kernels.rows("matmul", here(lambda r: r["framework"] == "TRTLLM" and r["input_format"] in names))
            if len(o) >= 8:
                fit["other"][fmt] = (fit_matmul(o), len(o), names)
                report.add(f"- {family} GEMM {'+'.join(names)}: {describe(o, errors(o, matmul_time, fit['other'][fmt][0]))}"
                           f"; launch {fit['other'][fmt][0]['launch']*1e6:.1f} us with its quantisation kernel")
        fits[family] = fit
    a, h = fits["nv-dc-ampere"], fits["nv-dc-hopper"]
    for text, x, y in (("Ampere constants on Hopper rows", a, h), ("Hopper constants on Ampere rows", h, a)):
        report.add(f"- chip left out, {text}: GEMM {describe(y['g'], errors(y['g'], matmul_time, x['matmul']))}; "
                   f"attention {describe(y['a'], errors(y['a'], attention_time, x['attention']))}")
    report.add("")
    return fits


def kernel_profile(fit, families, basis, verified, fuses, where):
    m, a = fit["matmul"], fit["attention"]
    gemm = f"fit on {fit['n']} 16-bit GEMM rows of {where}"
    att = f"fit on {fit['na']} 16-bit attention rows of {where}"
    p = {"families": families, "units": ["gpu"],
         "launch": micro(m["launch"], basis, KERNELS, verified, gemm),
         "attention_launch": micro(a["launch"], basis, KERNELS, verified, att + ", decode"),
         "attention_head": measure(f"{significant(a['head'] * 1e9)} ns", basis, KERNELS, verified,
                                   att + ", decode: one query head of one sequence"),
         "layer_overhead": zero("s", "estimated", OURS, "kernels carry the whole time"),
         "step_overhead": zero("s", "estimated", OURS, "no row isolates it"),
         "bandwidth_fraction": ratio(m["bandwidth"], basis, KERNELS, verified, gemm),
         "matrix_fraction": ratio(m["matrix"], basis, KERNELS, verified, gemm)}
    if fit["other"]:
        p["matrix_fraction_by_multiply"] = {
            k: ratio(o["matrix"], basis, KERNELS, verified, f"fit on {n} GEMM rows ({', '.join(names)}) of {where}")
            for k, (o, n, names) in fit["other"].items()}
    p.update({"vector_fraction": vector_default(),
              "attention_matrix_fraction": ratio(a["matrix"], basis, KERNELS, verified, att + ", prefill"),
              "attention_bandwidth_fraction": ratio(a["bandwidth"], basis, KERNELS, verified, att + ", decode"),
              "accumulate": "f32", "dequantisation": counted_dequantisation(),
              "special_vector_ops": exp_cost(), "fuses": fuses})
    return p


def median_fit(fits):
    """Geometric mean of the families, for chips of no family that was measured."""
    both = list(fits.values())
    mean = lambda key, n: math.exp(np.mean([math.log(f[key][n]) for f in both]))
    return {"matmul": {n: mean("matmul", n) for n in both[0]["matmul"]},
            "attention": {n: mean("attention", n) for n in both[0]["attention"]},
            "n": sum(f["n"] for f in both), "na": sum(f["na"] for f in both),
            "other": {k: v for f in both for k, v in f["other"].items()}}


def known_workload(profile, report, title):
    """Llama-2-7B, 16-bit, batch 1, A100 SXM 80 GB: not a target of any fit."""
    value = lambda k: float(profile[k]["value"].split()[0])
    us = lambda k: value(k) * 1e-6 if "us" in profile[k]["value"] else 0.0
    head = value("attention_head") * 1e-9 if "attention_head" in profile else 0
    bw, peak, width, ffn, layers = 2.039e12, 312e12, 4096, 11008, 32

    def gemm(t, n, k):
        moved = 2.0 * (t * k + n * k + t * n)
        return max(2.0 * t * n * k / (peak * value("matrix_fraction")), moved / (bw * value("bandwidth_fraction"))) + us("launch")

    def stream(size):
        return size / (bw * value("bandwidth_fraction")) + us("launch")

    def step(new, cached):
        attention_flop, moved = 4.0 * width * pairs(new, cached, 0), 2.0 * (2 * new * width + 2 * (new + cached) * width)
        attention = max(attention_flop / (peak * value("attention_matrix_fraction")),
                        moved / (bw * value("attention_bandwidth_fraction")),
                        32 * head if new == 1 else 0) + us("attention_launch")
        parts = {"GEMM": layers * (gemm(new, 3 * width, width) + gemm(new, width, width)
                                   + gemm(new, 2 * ffn, width) + gemm(new, width, ffn)) + gemm(1, 32000, width),
                 "attention": layers * attention,
                 "norm, activation": layers * (2 * stream(8.0 * new * width) + ("activation" not in profile["fuses"]) * stream(6.0 * new * ffn)),
                 "overhead": layers * us("layer_overhead")}
        return sum(parts.values()), parts

    report.add(f"### Known workload, {title} (Llama-2-7B 16-bit, A100 SXM 80 GB)\n")
    for label, args, measured in (("decode at 2048 cached", (1, 2048), 10.74e-3), ("prefill of 2048", (2048, 0), 120.5e-3)):
        total, parts = step(*args)
        report.add(f"- {label}: {total*1e3:.2f} ms against {measured*1e3:.2f} ms ({100*(total/measured-1):+.1f} %): "
                   + ", ".join(f"{k} {v*1e3:.2f}" for k, v in parts.items()))
    report.add("")


def tensorrt_llm(kernels, report):
    fits = fit_kernel_runtime(kernels, report, "tensorrt-llm",
                              lambda r: r["framework"] == "TRTLLM" and r["input_format"] == "bfloat16",
                              lambda r: r["framework"] == "TRTLLM",
                              {"f8": ("fp8",), "i8": ("sq",)})
    fuses = ["rotary", "residual", "qkv", "gate_up"]
    profiles = [kernel_profile(fits["nv-dc-ampere"], ["nv-dc-ampere"], "derived", True, fuses, "A100 SXM, TensorRT-LLM 1.0.0"),
                kernel_profile(fits["nv-dc-hopper"], ["nv-dc-hopper"], "derived", True, fuses, "H100 SXM, TensorRT-LLM 1.3.0"),
                kernel_profile(median_fit(fits), ["*"], "estimated", False, fuses, "A100 and H100 (geometric mean)")]
    known_workload(profiles[0], report, "tensorrt-llm")
    return {"$schema": "../../docs/schema/runtime.schema.json", "schema": 1, "id": "tensorrt-llm",
            "name": "TensorRT-LLM", "version": "1.0 to 1.3", "aliases": ["trtllm", "trt-llm"], "profiles": profiles}


def pytorch(ref, kernels, report):
    cublas = ("sglang", "vllm_default", "sglang_torch_linear", "torch.nn.functional.linear")
    flash = ("flash_attention", "vllm_flash_attn", "fa3", "vllm_flash_attn_fa3")
    fits = fit_kernel_runtime(kernels, report, "pytorch (cuBLAS and FlashAttention)",
                              lambda r: r["kernel"] in cublas and r["input_format"] == "bfloat16",
                              lambda r: r["kernel"] in flash and r["cache_format"] == "bfloat16", {})
    rows = [r for r in tokens_per_second_rows(ref, lambda r: r["backend"].startswith("gpt-fast")) if r["phase"] == "decode" and not r["moe"]]
    graph, per_layer = 1.3e-6, 8
    gpt_fast = lambda r, p: decode_time(r, {"bandwidth": p["bandwidth"], "layer": p["layer"] + per_layer * graph})
    p = search(chip_mean_loss(rows, gpt_fast), {"bandwidth": 0.7, "layer": 3e-5}, CAPS)
    only = p["bandwidth"]
    report.add("### pytorch: gpt-fast decode\n")
    report.add(f"- bandwidth fraction {only:.2f}, layer overhead {p['layer']*1e6:.0f} us: {describe(rows, errors(rows, gpt_fast, p))}; "
               f"one chip, so none can be left out (the GEMM rows alone give {fits['nv-dc-ampere']['matmul']['bandwidth']:.2f})")
    for r, e in zip(rows, errors(rows, gpt_fast, p)):
        report.add(f"  - {r['raw']['model_key']} {r['quant']}: {1e3*r['t']:.2f} ms, {100*e:+.0f} %")
    eager = [r for r in tokens_per_second_rows(ref, lambda r: r["backend"].startswith("HF Transformers") and "AWQ" not in r["quant"] and "GPTQ" not in r["quant"])
             if r["phase"] == "decode" and r["plain"] and not r["moe"]]
    per = [(r["t"] - r["bytes"] / (r["bandwidth"] * only)) / r["layers"] for r in eager]
    low, mid, high = (np.quantile(per, q) * 1e6 for q in (0.1, 0.5, 0.9))
    eager_note = (f"eager HF Transformers instead: {significant(mid)} us a layer (10 to 90 % of {len(per)} rows on "
                  f"{len({r['chip'] for r in eager})} chips: {significant(max(low, 0))} to {significant(high)} us)")
    report.add(f"- {eager_note}\n")
    fuses = ["rotary", "residual", "activation", "qkv"]
    profiles = []
    for family, where in (("nv-dc-ampere", "A100 SXM (cuBLAS, FlashAttention)"), ("nv-dc-hopper", "H100 SXM (cuBLAS, FlashAttention 3)"), ("*", "A100 and H100 (geometric mean)")):
        known = family != "*"
        fit = fits[family] if known else median_fit(fits)
        profile = kernel_profile(fit, [family], "derived" if known else "estimated", known, fuses, where)
        profile["launch"] = measure("1.3 us", "measured" if family == "nv-dc-hopper" else "estimated", LAUNCH, family == "nv-dc-hopper",
                                    f"CUDA graph, measured on H200; in stream the GEMM rows give {significant(fit['matmul']['launch']*1e6)} us")
        del profile["attention_launch"]
        if family == "nv-dc-ampere":
            profile["bandwidth_fraction"] = ratio(only, "derived", GPTFAST, True, f"fit on {len(rows)} gpt-fast decode rows of A100 SXM")
        profile["layer_overhead"] = micro(p["layer"], "derived" if family == "nv-dc-ampere" else "estimated", GPTFAST, family == "nv-dc-ampere",
                                          f"torch.compile: fit on {len(rows)} gpt-fast decode rows of A100 SXM; {eager_note}")
        profiles.append(profile)
    return {"$schema": "../../docs/schema/runtime.schema.json", "schema": 1, "id": "pytorch",
            "name": "PyTorch (torch.compile, CUDA graphs)", "aliases": ["torch", "gpt-fast"], "profiles": profiles}


# Vector FP32 rate of one thread (cores x clock x operations a clock), recalled: the published rows name
# threads, the reference lists no rate for these CPUs but the Raspberry Pi 5 (153.6 GFLOP/s on four cores).
THREAD_RATE = {"apple-m2-max-cpu": 112e9, "apple-m2-ultra-cpu": 112e9, "agx-orin-cpu": 35.2e9,
               "rpi5-8": 38.4e9, "surface-book3": 112e9}


def format_family(quant):
    if quant.startswith("IQ4_NL") or quant in ("Q4_0", "Q4_1", "Q5_0", "Q5_1"):
        return "int4"
    if quant.startswith("IQ"):
        return "iq"
    return "q8" if quant == "Q8_0" else "k" if "_K" in quant else None


def cpu_vector_fraction(ref, report):
    """Share of the vector rate that unpacking reaches, with the counted operations per weight."""
    import re
    rows = []
    for r in tokens_per_second_rows(ref, lambda r: r["chip_key"] in THREAD_RATE and r["backend"].startswith("llama.cpp")):
        threads = re.search(r"(?:threads=(\d+)|(\d+) threads)", r["raw"]["notes"])
        kind = format_family(r["quant"])
        if r["phase"] == "decode" and threads and kind in ("k", "iq", "int4"):
            count = int(threads.group(1) or threads.group(2))
            r["work"] = r["weights"] * DEQUANTISATION[kind] / (THREAD_RATE[r["chip"]] * count)
            r["kind"] = kind
            rows.append(r)
    time = lambda r, p: max(r["work"] / p["vector"], r["bytes"] / (0.6 * r["bandwidth"]))
    fit = lambda rs, chip=None: search(chip_mean_loss(rs, time), {"vector": 0.5}, {"vector": 1.0})
    p = fit(rows)
    report.add(f"- CPU unpacking, vector_fraction {p['vector']:.2f} with the counted operations: {describe(rows, errors(rows, time, p))}; "
               f"chip left out: {describe(rows, leave_one_chip_out(rows, time, fit))}")
    for kind in ("int4", "k", "iq"):
        part = [r for r in rows if r["kind"] == kind]
        report.add(f"  - {kind}: {describe(part, errors(part, time, p))}")
    for chip in sorted({r['chip'] for r in rows}):
        report.add(f"  - {chip} alone: vector_fraction {fit([r for r in rows if r['chip'] == chip])['vector']:.2f}")
    return p["vector"], len(rows), len({r["chip"] for r in rows})


APPLE_CPUS = ("apple-m2-max-cpu", "apple-m2-ultra-cpu")


def apple_cpu(ref, layer, report):
    """Threads on the cores of an Apple chip, which reach a part of its bandwidth: rows that name their threads."""
    import re
    rows = []
    for r in tokens_per_second_rows(ref, lambda r: r["chip_key"] in APPLE_CPUS and r["backend"].startswith("llama.cpp")):
        threads = re.search(r"(?:threads=(\d+)|(\d+) threads)", r["raw"]["notes"])
        if r["phase"] == "decode" and threads:
            rate = THREAD_RATE[r["chip"]] * int(threads.group(1) or threads.group(2))
            kind = format_family(r["quant"])            # 16-bit weights are multiplied as they are, and bound by bytes
            r["work"] = r["weights"] * DEQUANTISATION.get(kind, 0) / rate
            r["product"] = 2 * r["weights"] / (4 * rate) if kind else 0     # INT8 lanes are four times as many
            rows.append(r)
    time = lambda r, p: (max(r["bytes"] / (r["bandwidth"] * p["bandwidth"]), r["work"] / p["vector"] + r["product"] / p["matrix"])
                         + r["layers"] * layer)
    fit = lambda rs, chip=None: search(chip_mean_loss(rs, time), {"bandwidth": 0.3, "vector": 0.6, "matrix": 0.4},
                                       dict(CAPS, vector=1.0))
    p = fit(rows)
    report.add(f"- Apple CPUs, bandwidth {p['bandwidth']:.2f}, matrix {p['matrix']:.2f}, vector {p['vector']:.2f}: "
               f"{describe(rows, errors(rows, time, p))}; chip left out: {describe(rows, leave_one_chip_out(rows, time, fit))}")
    for r in rows:
        report.add(f"  - {r['chip']}, {r['raw']['model']}, {r['quant']}, {r['raw']['notes'].split(';')[0]}: {time(r, p) / r['t'] - 1:+.0%}")
    return p, len(rows)


def llama_cpp(ref, report):
    report.add("### llama.cpp\n")
    groups, pooled = [], defaultdict(lambda: {"decode": [], "prefill": []})
    for families, vendor, backends, best in LLAMA_GROUPS:
        def keep(r):
            return (ref.family(r["chip_key"]) in families and r["backend"].startswith(backends)
                    and r["regime"] in ("base", "depth") and "n_ubatch" not in r["backend"]
                    and not (vendor == "cpu" and r["chip_key"] in THREAD_RATE))      # those name threads: see below
        rows = tokens_per_second_rows(ref, keep)
        rows = best_of_backends(rows) if best else rows
        decode = [r for r in rows if r["phase"] == "decode"]
        prefill = [r for r in rows if r["phase"] == "prefill" and r["f16"] and r["prompt"] >= 256 and not r["moe"]]
        groups.append((families, vendor, decode, prefill))
        pooled[vendor]["decode"] += decode
        pooled[vendor]["prefill"] += prefill
    start, caps = {"bandwidth": 0.8, "layer": 1e-4}, dict(CAPS, layer=1e-2)
    memory = {}

    def decode_prior(vendor, chip=None):
        """The vendor's pooled constants, without the chip that is being left out."""
        key = ("decode", vendor, chip)
        if key not in memory:
            rows = [r for r in pooled[vendor]["decode"] if r["chip"] != chip]
            if vendor == "intel":       # every row is one model: share and overhead cannot be told apart
                layer = decode_prior("amd")["layer"]
                memory[key] = dict(search(chip_mean_loss(rows, lambda r, p: decode_time(r, dict(p, layer=layer))),
                                          {"bandwidth": 0.6}, caps), layer=layer)
            else:
                memory[key] = search(chip_mean_loss(rows, decode_time), start, caps)
        return memory[key]

    def prefill_prior(vendor, chip=None):
        key = ("prefill", vendor, chip)
        if key not in memory:
            rows, layer = [r for r in pooled[vendor]["prefill"] if r["chip"] != chip], decode_prior(vendor, chip)["layer"]
            constants = {"matrix": 0.5, "attention": 0.15} | ({"quantised": 0.2} if vendor == "nvidia" else {})
            fit = search(chip_mean_loss(rows, lambda r, p: prefill_time(r, dict(p, layer=layer))), constants, CAPS)
            long = [r for r in rows if r["attention"] > 0.08 * r["flop"]]
            if vendor in ("amd", "intel"):              # long prompts on fewer than two chips
                fit["attention"] = prefill_prior("nvidia")["attention"]
            elif long:                                  # the long prompts alone settle the share in attention
                fit["attention"] = search(chip_mean_loss(long, lambda r, p: prefill_time(r, dict(fit, layer=layer, **p))),
                                          {"attention": 0.15}, CAPS)["attention"]
            memory[key] = dict(fit, long=len(long))
        return memory[key]

    prior = {v: decode_prior(v) for v in pooled}
    matrix = {v: prefill_prior(v) for v, g in pooled.items() if g["prefill"]}
    attention = {v: m["attention"] for v, m in matrix.items()}
    for v, g in pooled.items():
        report.add(f"- pooled {v}: decode {describe(g['decode'], errors(g['decode'], decode_time, prior[v]))}"
                   + (f"; attention share {attention[v]:.2f}, {matrix[v]['long']} long prompts" if v in matrix else ""))
    vector, nvec, cvec = cpu_vector_fraction(ref, report)
    report.add("\n| family | bandwidth | us/layer | decode in sample | decode, chip left out | matrix (f16 / i8) | prefill in sample | prefill, chip left out |\n|---|--:|--:|---|---|---|---|---|")

    profiles = []
    for families, vendor, decode, prefill in groups:
        cpu = vendor == "cpu"
        chips = len({r["chip"] for r in decode})
        def fit_d(rs, chip=None):
            pull = decode_prior(vendor, chip)
            if vendor == "intel":
                return dict(shrunk(rs, lambda r, p: decode_time(r, dict(p, layer=pull["layer"])), {"bandwidth": 0.6}, caps,
                                   {"bandwidth": pull["bandwidth"]}), layer=pull["layer"])
            return shrunk(rs, decode_time, start, caps, pull)
        d = fit_d(decode) if decode else prior[vendor]
        out_d = leave_one_chip_out(decode, decode_time, fit_d) if decode else None
        m, out_p, in_p = None, None, []
        if prefill and vendor in matrix:
            quantised = vendor == "nvidia" and any(r["i8"] and not r["plain"] for r in prefill)
            keys = [k for k in ("matrix", "quantised") if (k == "quantised" and quantised) or
                    (k == "matrix" and any(r["plain"] or not quantised or not r["i8"] for r in prefill))]
            def fit_p(rs, chip=None):
                pull = prefill_prior(vendor, chip)
                base = {k: pull[k] for k in ("matrix", "quantised") if k in pull and (k != "quantised" or quantised)}
                mine = [r for r in decode if r["chip"] != chip]
                base.update(attention=pull["attention"], layer=(fit_d(mine, chip) if mine else decode_prior(vendor, chip))["layer"])
                own = [k for k in keys if any((k == "quantised") == bool(quantised and r["i8"] and not r["plain"]) for r in rs)]
                found = shrunk(rs, lambda r, p: prefill_time(r, {**base, **p}), {k: 0.3 for k in own}, CAPS, {k: base[k] for k in own})
                return {**base, **found}
            m = fit_p(prefill)
            in_p = errors(prefill, prefill_time, m)
            out_p = leave_one_chip_out(prefill, prefill_time, fit_p)
        text = f"fit on {len(decode)} llama.cpp decode rows of {chips} chips, pulled to the vendor's pooled value by 1/chips"
        far = families[0] == "arm-cpu"                  # one server chip stands for all
        basis = "derived" if decode and not far else "estimated"
        unmoved = vendor != "intel" and abs(math.log(d["layer"] / prior[vendor]["layer"])) < 0.02 and len(pooled[vendor]["decode"]) > len(decode)
        layer_basis = "estimated" if vendor == "intel" or unmoved else basis
        p = {"families": families, "units": ["cpu"] if cpu else ["gpu"],
             "launch": zero("s", "derived", SCORES, "contained in layer_overhead: whole-model rows cannot tell them apart", True),
             "layer_overhead": micro(d["layer"], layer_basis, SCORES, layer_basis == "derived",
                                     "one model only: the overhead of the pooled AMD rows" if vendor == "intel" else
                                     "the vendor's pooled value: the rows of this family do not move it" if unmoved else text),
             "step_overhead": zero("s", "estimated", OURS, "no row isolates it"),
             "bandwidth_fraction": ratio(d["bandwidth"], basis, SCORES, basis == "derived", text)}
        pp = f"fit on {len(prefill)} llama.cpp prefill rows of {len({r['chip'] for r in prefill})} chips"
        plain = any(r["plain"] for r in prefill)
        if m:
            from_rows = plain or vendor != "nvidia" or not quantised
            p["matrix_fraction"] = ratio(m["matrix"], "derived" if from_rows else "estimated", SCORES, from_rows,
                                         pp if from_rows else "no 16-bit rows: the pooled value of the vendor")
            if quantised:
                p["matrix_fraction_by_multiply"] = {"i8": ratio(m["quantised"], "derived", SCORES, True, pp + ", quantised weights")}
        elif cpu:
            p["matrix_fraction"] = ratio(0.3, "estimated", OURS, False, "of the INT8 vector rate; Q4_0 prefill on an M2 Max CPU reaches about 0.5, other formats are bound by unpacking")
        else:
            v = matrix.get(vendor) or {"matrix": 0.2}
            p["matrix_fraction"] = ratio(v["matrix"], "estimated", SCORES, False, "no prefill rows with a known peak: the pooled value of the vendor")
        p["vector_fraction"] = (ratio(vector, "estimated", SCORES, False, f"fit on {nvec} decode rows of {cvec} CPUs against recalled vector rates") if cpu else vector_default())
        if not cpu and vendor in attention:
            p["attention_matrix_fraction"] = ratio(attention[vendor], "derived" if vendor in ("apple", "nvidia") else "estimated", SCORES,
                                                   vendor in ("apple", "nvidia"), "fit on the vendor's long prompts, most of them of 2024 without flash attention" if vendor == "nvidia" else
                                                   "fit on the vendor's long prompts" if vendor == "apple" else "the NVIDIA value: too few long prompts")
        if vendor == "nvidia":
            p["accumulate"] = "f16"
            if m and "quantised" in m:
                p["multiply"] = {"*quantised": "i8"}
        elif cpu:
            p["accumulate"], p["multiply"] = "f32", {"*quantised": "i8"}
        else:
            p["accumulate"] = "f32"
        p["dequantisation"] = counted_dequantisation()
        if cpu:
            p["dequantisation_rows"] = measure("1", "estimated", SCORES, False,
                                               "by inspection, no fit: one CPU (M2 Max), where prefill costs about as much unpacking per token as decode")
        p["special_vector_ops"], p["fuses"] = exp_cost(), EVERYTHING
        profiles.append(p)
        report.add(f"| {', '.join(families)} | {d['bandwidth']:.2f} | {d['layer']*1e6:.0f} | {describe(decode, errors(decode, decode_time, d))} | "
                   f"{describe(decode, out_d) if out_d else '-'} | {p['matrix_fraction']['value']}"
                   f"{' / ' + p['matrix_fraction_by_multiply']['i8']['value'] if 'matrix_fraction_by_multiply' in p else ''} | "
                   f"{describe(prefill, in_p)} | {describe(prefill, out_p) if out_p else '-'} |")
    # fallbacks: the middle of the fitted families, GPUs and CPUs apart
    for target, chosen in ((["class:cpu"], [p for p in profiles if p["units"] == ["cpu"]]), (["*"], [p for p in profiles if p["units"] == ["gpu"]])):
        middle = lambda key: float(np.median([float(p[key]["value"].split()[0]) for p in chosen if key in p]))
        note = f"median of {len(chosen)} fitted families"
        p = {"families": target, "units": ["cpu"] if target != ["*"] else ["gpu", "cpu"],
             "launch": zero("s", "estimated", SCORES, "contained in layer_overhead"),
             "layer_overhead": micro(middle("layer_overhead") * 1e-6, "estimated", SCORES, False, note),
             "step_overhead": zero("s", "estimated", OURS, "no row isolates it"),
             "bandwidth_fraction": ratio(middle("bandwidth_fraction"), "estimated", SCORES, False, note),
             "matrix_fraction": ratio(middle("matrix_fraction"), "estimated", SCORES, False, note)}
        p["vector_fraction"] = chosen[0]["vector_fraction"]
        if target == ["*"]:
            p["attention_matrix_fraction"] = ratio(middle("attention_matrix_fraction"), "estimated", SCORES, False, note)
        p["accumulate"] = "f32"
        if target != ["*"]:
            p["multiply"] = {"*quantised": "i8"}
        p["dequantisation"] = counted_dequantisation()
        if target != ["*"]:
            p["dequantisation_rows"] = dict(chosen[0]["dequantisation_rows"], basis="estimated", verified=False)
        p["special_vector_ops"], p["fuses"] = exp_cost(), EVERYTHING
        profiles.append(p)
    # Apple's cores behind the other CPUs, before what any CPU falls back to, of whose medians they are no part.
    constants, count = apple_cpu(ref, prior["cpu"]["layer"], report)
    place = next(i for i, p in enumerate(profiles) if p["families"] == ["class:cpu"])
    text = f"fit on {count} llama.cpp decode rows of M2 Max and M2 Ultra cores that name their threads"
    profiles.insert(place, dict(
        profiles[place], families=["apple-cpu"],
        layer_overhead=micro(prior["cpu"]["layer"], "estimated", SCORES, False, "the pooled value of other CPUs"),
        bandwidth_fraction=ratio(constants["bandwidth"], "derived", SCORES, True, text + "; of the whole chip's bandwidth"),
        matrix_fraction=ratio(constants["matrix"], "derived", SCORES, False, text + ", against recalled INT8 rates"),
        vector_fraction=ratio(constants["vector"], "derived", SCORES, False, text + ", against recalled vector rates")))
    report.add("")
    return {"$schema": "../../docs/schema/runtime.schema.json", "schema": 1, "id": "llama.cpp",
            "name": "llama.cpp", "version": "2024-05 to 2025-12", "aliases": ["llamacpp", "ggml"], "profiles": profiles}


# ---------------------------------------------------------------- experts behind a link

# Bytes a token, as `eaves bound mixtral-8x7b --weights q2_k` (2-bit experts) and `q3_k_s` count them at 512 tokens.
EXPERT_BYTES = {"2-bit": 63.8e6, "3-bit": 75.7e6}
REST_BYTES = 1.0e9
LAYERS, EXPERTS, PER_TOKEN = 32, 8, 2
PCIE = {"gen 3": 15.76e9, "gen 4": 31.5e9}
GUESSED = 0.8           # share of guesses that are right, recalled of the paper's figure 2


def offloaded_time(r, p):
    rest = r["bytes"] / (r["bandwidth"] * p["bandwidth"]) + LAYERS * p["layer"]
    fetched = r["fetched"] / r["link"]
    return rest + fetched - (min(rest, fetched) * GUESSED if r["guesses"] else 0)


def mixtral_offloading(ref, report):
    """Two constants for all GPUs; those of the source that the measurements lack are kept aside."""
    import re
    rows = []
    for r in ref.rows:
        if r["backend"] != "mixtral-offloading" or r["confidence"] not in GOOD:
            continue
        expert = EXPERT_BYTES[r["quant"][:5]]
        cached = int(re.search(r"k=(\d)", r["notes"]).group(1))
        found = sum(max(0, cached - j) / (EXPERTS - j) for j in range(PER_TOKEN)) / PER_TOKEN
        kind = r["notes"].split(";")[0]
        missing = {"naive offloading": EXPERTS, "without LRU cache and pre-loading": PER_TOKEN}.get(kind, PER_TOKEN * (1 - found))
        rows.append({"chip": r["chip_key"], "bandwidth": ref.bandwidth(r["chip_key"]), "t": 1 / float(r["value"]), "raw": r, "kind": kind,
                     "link": PCIE[r["notes"].split("PCIe ")[1]], "guesses": kind == "full algorithm",
                     "bytes": LAYERS * PER_TOKEN * expert + REST_BYTES, "fetched": LAYERS * missing * expert})
    fit = lambda rs, chip=None: search(chip_mean_loss(rs, offloaded_time), {"bandwidth": 0.1, "layer": 8e-3}, dict(CAPS, layer=1e-1))
    p = fit(rows)
    report.add("### mixtral-offloading\n")
    report.add(f"- bandwidth {p['bandwidth']:.3f}, {p['layer'] * 1e3:.1f} ms a layer: {describe(rows, errors(rows, offloaded_time, p))}; "
               f"chip left out: {describe(rows, leave_one_chip_out(rows, offloaded_time, fit))}")
    for r in rows:
        report.add(f"  - {r['chip']}, {r['raw']['quant'][:5]}, {r['kind']}: tokens/s {r['t'] / offloaded_time(r, p) - 1:+.0%}")
    text = f"fit on {len(rows)} rows of {len({r['chip'] for r in rows})} GPUs"
    none = "contained in layer_overhead"
    profile = {"families": ["class:gpu"], "units": ["gpu"],
               "launch": zero("s", "derived", OFFLOADING, none, True),
               "layer_overhead": micro(p["layer"], "derived", OFFLOADING, True, text + ": operations from Python, one by one"),
               "step_overhead": zero("s", "estimated", OURS, none),
               "bandwidth_fraction": ratio(p["bandwidth"], "derived", OFFLOADING, True, text + ": weights of 2 to 4 bits are written out in 16 bits, in several passes, before each product"),
               "matrix_fraction": ratio(0.76, "estimated", OURS, False, "as pytorch on other families: no row isolates it"),
               "vector_fraction": vector_default(), "accumulate": "f32", "dequantisation": counted_dequantisation(),
               "special_vector_ops": exp_cost(), "fuses": []}
    other = dict(profile, families=["*"], units=["gpu", "cpu"])
    for key in ("launch", "layer_overhead", "bandwidth_fraction"):
        other[key] = dict(profile[key], basis="estimated", verified=False)
    report.add("")
    return {"$schema": "../../docs/schema/runtime.schema.json", "schema": 1, "id": "mixtral-offloading",
            "name": "mixtral-offloading (PyTorch, HQQ weights)", "version": "2023-12", "aliases": [], "profiles": [profile, other]}


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    reference, output = arguments[0], arguments[1]
    ref, report = Reference(reference), Report()
    kernels = Kernels(ref)
    for profile in (ideal(), tensorrt_llm(kernels, report), pytorch(ref, kernels, report), llama_cpp(ref, report),
                    mixtral_offloading(ref, report)):
        write(output, profile)
    if "--report" in arguments:
        with open(arguments[arguments.index("--report") + 1], "w", encoding="utf-8") as file:
            file.write("\n".join(report.lines) + "\n")
    else:
        print("\n".join(report.lines))


if __name__ == "__main__":
    main(sys.argv[1:])
