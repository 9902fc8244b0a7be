"""The report card of techniques: quoted ranges, and what the study report-card makes of them."""
import csv
import io

CHIPS = ["nvidia-a100-sxm-80", "apple-m2-max-38"]
# What the model has itself, as the column names it.
BASE = "gqa:8"

# Preset: what is commonly quoted for techniques of its kind (docs/techniques/claims.md holds the claims).
QUOTED = {
    "awq": ("4-bit weights", "weights 4 times smaller; decode 3 to 4 times as fast"),
    "gptq-3": ("3-bit weights", "weights 5 times smaller; decode as many times as fast"),
    "smoothquant": ("8-bit weights and activations", "memory 2 times smaller; 1.56 times as fast"),
    "kivi-2": ("2-bit cache", "a cache 8 times smaller"),
    "kivi-4": ("4-bit cache", "a cache 4 times smaller"),
    "sparsegpt": ("unstructured pruning", "2 to 10 times smaller; 1.5 to 4 times as fast"),
    "sparsegpt-2-4": ("2:4 pruning", "2 times as fast"),
    "streamingllm": ("sinks and a window", "10 to 100 times less memory; 5 to 20 times as fast"),
    "h2o": ("heavy hitters", "a cache 5 times smaller"),
    "mistral-window": ("sliding windows", "10 to 100 times less memory; 5 to 20 times as fast"),
    "flash-attention-1": ("FlashAttention, over FlashAttention-2", "1.3 times slower"),
}

HEAD = """# The report card

<!-- Written by Scripts/write_technique_pages.py from the study report-card; do not edit. -->

Llama 3.1 8B, one sequence, against the same model with none of the techniques. Speeds are tokens a second over the
baseline's, realised under the chip's runtime, and on paper in brackets. What is quoted is quoted, not checked: verdicts
on such claims are in [claims.md](techniques/claims.md). Whether the model still says the same is not simulated.
`eaves sweep report-card` has all columns, and a note for every gain that is not realised.
"""


def rows(tool):
    return list(csv.DictReader(io.StringIO(tool.run("sweep report-card --format csv"))))


def page(tool):
    text = HEAD
    table = rows(tool)
    for chip in CHIPS:
        own = {(r["attention"], r["phase"], r["context_tokens"]): r for r in table if r["chip"] == chip}
        text += f"\n## {chip}\n\n| technique | commonly quoted | memory at 64k | decode at 4k | decode at 64k | prefill of 4k |\n"
        text += "|---|---|---|---|---|---|\n"
        base = float(own[BASE, "decode", "65536"]["footprint_bytes"])
        for preset, (what, quoted) in QUOTED.items():
            memory = base / float(own[preset, "decode", "65536"]["footprint_bytes"])
            cells = []
            for phase, context in [("decode", "4096"), ("decode", "65536"), ("prefill", "4096")]:
                row = own[preset, phase, context]
                realised, paper = row["realised_speedup_ratio"], row["paper_speedup_ratio"]
                cells.append(f"{float(realised):.2f}× ({float(paper):.2f}×)" if realised else "does not fit")
            text += f"| [{preset}](techniques/{preset}.md): {what} | {quoted} | {memory:.2f}× smaller | {' | '.join(cells)} |\n"
    return text
