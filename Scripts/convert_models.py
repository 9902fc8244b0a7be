#!/usr/bin/env python3
"""Writes Scenarios/models/<id>.json from the reference table of model configurations.

    python3 Scripts/convert_models.py models.csv measured_models.csv Scenarios/models

Converted: decoders with multi-head, grouped-query or multi-query attention (dense or mixture of experts), and encoders
with multi-head attention. Every file is checked before any is written: its parameters, its active parameters and its
KV cache bytes are counted again from the JSON alone and must equal the table exactly.

The table says nothing of display names, published number formats, position tables of some encoders, sinks, sub-norms
and other spellings; the tables below add them. Standard library only; the same input gives the same bytes.
"""

import csv
import json
import pathlib
import re
import sys

# ---------------------------------------------------------------------------------------------------------------------
# What the reference table does not hold

# Encoders whose structure the schema cannot express yet.
LEFT_OUT = {
    "albert-base-v2": "one layer's weights shared by all layers, embeddings of 128 projected to 768",
    "mobilebert": "bottlenecks around each block, four stacked feed-forwards a layer, trigram embeddings",
}

# family in the table -> (family, published format)
FAMILIES = {
    "llama": ("llama", "bf16"),
    "mistral": ("mistral", "bf16"),
    "mixtral": ("mistral", "bf16"),
    "gemma2": ("gemma", "bf16"),
    "gemma3": ("gemma", "bf16"),
    "phi": ("phi", "f16"),
    "phi3": ("phi", "bf16"),
    "qwen2": ("qwen", "bf16"),
    "qwen3": ("qwen", "bf16"),
    "qwen3moe": ("qwen", "bf16"),
    "falcon": ("falcon", "bf16"),
    "gpt2": ("gpt2", "f32"),
    "opt": ("opt", "f16"),
    "olmo2": ("olmo", "bf16"),
    "bitnet": ("bitnet", "bf16"),
    "bert-encoder": ("bert", "f32"),
    "gpt-oss": ("gpt-oss", "bf16"),
}

# Where the published format is not that of the family.
PUBLISHED_FORMATS = {"llama-2-7b": "f16", "llama-2-13b": "f16", "llama-2-70b": "f16"}

# Tensor roles published in another format than the rest.
PUBLISHED_WEIGHTS = {
    "gpt-oss-20b": {"experts": "mxfp4"},
    "gpt-oss-120b": {"experts": "mxfp4"},
    "bitnet-b1.58-2b4t": {"attention": "ternary", "feed_forward": "ternary"},
}

ACTIVATIONS = {
    "swiglu": "silu",
    "clipped swiglu": "silu",
    "geglu(tanh)": "gelu",
    "gelu": "gelu",
    "relu": "relu",
    "relu2": "relu_squared",
}

# Learned position tables and token types of encoders (the table leaves RoBERTa's blank: 512 positions, offset by 2).
ENCODER_POSITION_ROWS = {"roberta-base": 514}
ENCODER_TOKEN_TYPES = {"roberta-base": 1, "distilbert": None}
ENCODERS_WITHOUT_POOLER = {"distilbert"}

# Attention and feed-forward that read the same input.
PARALLEL = {"falcon-7b", "falcon-40b", "phi-2"}

# What a published figure of active parameters counts.
ACTIVE_CONVENTIONS = {
    "mixtral": "with_embeddings",
    "qwen3moe": "with_embeddings",
    "gpt-oss": "without_input_embedding",
}

# Corrections of repository names in the table.
REPOSITORIES = {"tinyllama-1.1b": "TinyLlama/TinyLlama-1.1B-intermediate-step-1431k-3T"}

F32_BASE = ("the base checkpoint is stored in f32, the tuned one in bf16, recalled; "
            "published_format is the narrower")

NOTES = {
    "gemma-2-2b": [F32_BASE],
    "gemma-2-9b": [F32_BASE],
    "gemma-2-27b": [F32_BASE],
    "gemma-3-4b": ["text part only, without the vision tower"],
    "gemma-3-12b": ["text part only, without the vision tower"],
    "gemma-3-27b": ["text part only, without the vision tower"],
    "tinyllama-1.1b": [F32_BASE],
    "olmo-2-7b": [F32_BASE, "norms follow attention and feed-forward"],
    "phi-3-mini-4k": ["window of 2047 as in the Hugging Face configuration; litgpt uses 2048"],
    "phi-4-mini": ["configured window of 262144 exceeds the context: full attention"],
    "falcon-40b": ["parallel attention and feed-forward, each with its own layernorm"],
    "mixtral-8x22b": ["counted with litgpt's vocabulary of 32768; the Hugging Face v0.1 configuration has 32000, "
                      "which is 9437184 parameters less and gives the published 39.15e9 active"],
    "gpt-oss-20b": ["silu is clipped and scaled; experts carry biases"],
    "gpt-oss-120b": ["silu is clipped and scaled; experts carry biases"],
    "roberta-base": ["514 position rows: 512 positions, offset by 2"],
    "opt-125m": ["2050 position rows: 2048 positions, offset by 2"],
    "opt-1.3b": ["2050 position rows: 2048 positions, offset by 2"],
    "opt-6.7b": ["2050 position rows: 2048 positions, offset by 2"],
    "opt-13b": ["2050 position rows: 2048 positions, offset by 2"],
    "opt-30b": ["2050 position rows: 2048 positions, offset by 2"],
    "opt-66b": ["2050 position rows: 2048 positions, offset by 2"],
}

# id -> (display name, further repositories of the same configuration, further spellings)
# Keys of measured_models.csv among the spellings: mistral-7b (vocabulary of v0.1), phi-3-mini, and qwen2-14b, which can
# only be Qwen2.5 14B: Qwen2 has no such size.
NAMES = {
    "llama-2-7b": ("Llama 2 7B", ["meta-llama/Llama-2-7b", "meta-llama/Llama-2-7b-chat-hf"], ["llama-2-7b-chat"]),
    "llama-2-13b": ("Llama 2 13B", ["meta-llama/Llama-2-13b", "meta-llama/Llama-2-13b-chat-hf"], ["llama-2-13b-chat"]),
    "llama-2-70b": ("Llama 2 70B", ["meta-llama/Llama-2-70b", "meta-llama/Llama-2-70b-chat-hf"], ["llama-2-70b-chat"]),
    "llama-3-8b": ("Llama 3 8B", ["meta-llama/Meta-Llama-3-8B-Instruct"], ["llama-3-8b-instruct"]),
    "llama-3.1-8b": ("Llama 3.1 8B", ["meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Meta-Llama-3.1-8B",
                                      "meta-llama/Meta-Llama-3.1-8B-Instruct"], []),
    "llama-3.1-70b": ("Llama 3.1 70B", ["meta-llama/Llama-3.1-70B-Instruct", "meta-llama/Meta-Llama-3.1-70B",
                                        "meta-llama/Meta-Llama-3.1-70B-Instruct"], []),
    "llama-3.1-405b": ("Llama 3.1 405B", ["meta-llama/Llama-3.1-405B-Instruct", "meta-llama/Meta-Llama-3.1-405B",
                                          "meta-llama/Meta-Llama-3.1-405B-Instruct"], []),
    "llama-3.2-1b": ("Llama 3.2 1B", ["meta-llama/Llama-3.2-1B-Instruct"], []),
    "llama-3.2-3b": ("Llama 3.2 3B", ["meta-llama/Llama-3.2-3B-Instruct"], []),
    "tinyllama-1.1b": ("TinyLlama 1.1B", ["TinyLlama/TinyLlama-1.1B-Chat-v1.0"],
                       ["tinyllama", "TinyLlama/TinyLlama-1.1B", "tinyllama-1.1b-chat"]),
    "smollm2-135m": ("SmolLM2 135M", ["HuggingFaceTB/SmolLM2-135M-Instruct"], []),
    "smollm2-360m": ("SmolLM2 360M", ["HuggingFaceTB/SmolLM2-360M-Instruct"], []),
    "smollm2-1.7b": ("SmolLM2 1.7B", ["HuggingFaceTB/SmolLM2-1.7B-Instruct"], []),
    "mistral-7b-v0.1": ("Mistral 7B v0.1", ["mistralai/Mistral-7B-Instruct-v0.1"], ["mistral-7b"]),
    "mistral-7b-v0.3": ("Mistral 7B v0.3", ["mistralai/Mistral-7B-Instruct-v0.3"], []),
    "mistral-large-2": ("Mistral Large 2", [], ["mistral-large-2407", "mistral-large-123b"]),
    "gemma-2-2b": ("Gemma 2 2B", ["google/gemma-2-2b-it"], []),
    "gemma-2-9b": ("Gemma 2 9B", ["google/gemma-2-9b-it"], []),
    "gemma-2-27b": ("Gemma 2 27B", ["google/gemma-2-27b-it"], []),
    "gemma-3-1b": ("Gemma 3 1B", ["google/gemma-3-1b-pt"], []),
    "gemma-3-4b": ("Gemma 3 4B", ["google/gemma-3-4b-pt"], []),
    "gemma-3-12b": ("Gemma 3 12B", ["google/gemma-3-12b-pt"], []),
    "gemma-3-27b": ("Gemma 3 27B", ["google/gemma-3-27b-pt"], []),
    "phi-2": ("Phi-2", [], ["phi2", "phi-2-2.7b"]),
    "phi-3-mini-4k": ("Phi-3 Mini 4K", [], ["phi-3-mini", "phi3-mini"]),
    "phi-4-mini": ("Phi-4 Mini", [], []),
    "phi-4": ("Phi-4", [], ["phi4", "phi-4-14b"]),
    "qwen2.5-0.5b": ("Qwen2.5 0.5B", ["Qwen/Qwen2.5-0.5B-Instruct"], []),
    "qwen2.5-1.5b": ("Qwen2.5 1.5B", ["Qwen/Qwen2.5-1.5B-Instruct"], []),
    "qwen2.5-3b": ("Qwen2.5 3B", ["Qwen/Qwen2.5-3B-Instruct"], []),
    "qwen2.5-7b": ("Qwen2.5 7B", ["Qwen/Qwen2.5-7B-Instruct"], []),
    "qwen2.5-14b": ("Qwen2.5 14B", ["Qwen/Qwen2.5-14B-Instruct"], ["qwen2-14b"]),
    "qwen2.5-32b": ("Qwen2.5 32B", ["Qwen/Qwen2.5-32B-Instruct"], []),
    "qwen2.5-72b": ("Qwen2.5 72B", ["Qwen/Qwen2.5-72B-Instruct"], []),
    "qwen3-0.6b": ("Qwen3 0.6B", ["Qwen/Qwen3-0.6B-Base"], []),
    "qwen3-1.7b": ("Qwen3 1.7B", ["Qwen/Qwen3-1.7B-Base"], []),
    "qwen3-4b": ("Qwen3 4B", ["Qwen/Qwen3-4B-Base"], []),
    "qwen3-8b": ("Qwen3 8B", ["Qwen/Qwen3-8B-Base"], []),
    "qwen3-14b": ("Qwen3 14B", ["Qwen/Qwen3-14B-Base"], []),
    "qwen3-32b": ("Qwen3 32B", [], []),
    "falcon-7b": ("Falcon 7B", ["tiiuae/falcon-7b-instruct"], []),
    "falcon-40b": ("Falcon 40B", ["tiiuae/falcon-40b-instruct"], []),
    "gpt2-small": ("GPT-2 Small", [], ["gpt-2", "gpt-2-small", "gpt2-124m"]),
    "gpt2-medium": ("GPT-2 Medium", [], ["gpt-2-medium", "gpt2-355m"]),
    "gpt2-large": ("GPT-2 Large", [], ["gpt-2-large", "gpt2-774m"]),
    "gpt2-xl": ("GPT-2 XL", [], ["gpt-2-xl", "gpt2-1.5b"]),
    "opt-125m": ("OPT 125M", [], []),
    "opt-1.3b": ("OPT 1.3B", [], []),
    "opt-6.7b": ("OPT 6.7B", [], []),
    "opt-13b": ("OPT 13B", [], []),
    "opt-30b": ("OPT 30B", [], []),
    "opt-66b": ("OPT 66B", [], []),
    "olmo-2-7b": ("OLMo 2 7B", ["allenai/OLMo-2-1124-7B-Instruct"], []),
    "bitnet-b1.58-2b4t": ("BitNet b1.58 2B4T", ["microsoft/bitnet-b1.58-2B-4T-bf16"], ["bitnet-b1.58-2b", "bitnet-2b"]),
    "deepseek-67b": ("DeepSeek 67B", ["deepseek-ai/deepseek-llm-67b-chat"], ["deepseek-llm-67b"]),
    "bert-base": ("BERT Base", [], ["bert"]),
    "bert-large": ("BERT Large", [], []),
    "tinybert-4-312": ("TinyBERT 4 layers, 312", [], ["tinybert", "tinybert-4", "tinybert-4l-312d"]),
    "tinybert-6-768": ("TinyBERT 6 layers, 768", [], ["tinybert-6", "tinybert-6l-768d"]),
    "distilbert": ("DistilBERT", [], ["distilbert-base"]),
    "minilm-l12-h384": ("MiniLM L12 H384", ["sentence-transformers/all-MiniLM-L12-v2"], ["minilm-l12"]),
    "minilm-l6-h384": ("MiniLM L6 H384", ["sentence-transformers/all-MiniLM-L6-v2"], ["minilm-l6"]),
    "mixtral-8x7b": ("Mixtral 8x7B", ["mistralai/Mixtral-8x7B-Instruct-v0.1"], ["mixtral-8x7b-instruct"]),
    "mixtral-8x22b": ("Mixtral 8x22B", ["mistralai/Mixtral-8x22B-Instruct-v0.1"], ["mixtral-8x22b-instruct"]),
    "qwen3-30b-a3b": ("Qwen3 30B A3B", ["Qwen/Qwen3-30B-A3B-Base"], ["qwen3-30b"]),
    "qwen3-235b-a22b": ("Qwen3 235B A22B", [], ["qwen3-235b"]),
    "gpt-oss-20b": ("gpt-oss 20B", [], ["gptoss-20b", "gpt-oss:20b"]),
    "gpt-oss-120b": ("gpt-oss 120B", [], ["gptoss-120b", "gpt-oss:120b"]),
    "roberta-base": ("RoBERTa Base", [], ["roberta"]),
}

# Series whose version number people type with and without a hyphen, and with a colon before the size.
VERSIONED = re.compile(r"^(llama|gemma|qwen|phi|olmo)-?(\d[\d.]*)-(.+)$")

SCHEMA_PATH = "../../docs/schema/model.schema.json"


# ---------------------------------------------------------------------------------------------------------------------
# From a row to a model

def number(row, field):
    """An integer field; blank is zero."""
    return int(row[field] or 0)


def flag(row, field):
    return number(row, field) == 1


def in_scope(row):
    if row["arch_type"] == "decoder":
        return row["attention"] in ("MHA", "GQA", "MQA")
    return row["arch_type"] == "encoder" and row["attention"] == "MHA"


def spellings(row, hf_id):
    """The other spellings of a model, in a fixed order, without its id and without repeats."""
    identifier = row["id"]
    _, repositories, extra = NAMES[identifier]
    found = []
    versioned = VERSIONED.match(identifier)
    if versioned:
        series, version, rest = versioned.groups()
        found += [f"{series}{version}-{rest}", f"{series}-{version}-{rest}", f"{series}{version}:{rest}"]
    for repository in [hf_id] + repositories:
        found += [repository, repository.split("/")[-1].lower()]
    found += extra
    seen, unique = {identifier.lower()}, []
    for spelling in found:
        if spelling.lower() not in seen:
            seen.add(spelling.lower())
            unique.append(spelling)
    return unique


def attention(row, window):
    result = {"heads": number(row, "n_heads"), "kv_heads": number(row, "n_kv_heads"),
              "head_size": number(row, "head_dim_qk")}
    if row["head_dim_v"] != row["head_dim_qk"]:
        result["value_head_size"] = number(row, "head_dim_v")
    if window:
        result["window"] = window
    result["qkv_bias"] = flag(row, "qkv_bias")
    result["output_bias"] = flag(row, "o_bias")
    if not flag(row, "qk_norm"):
        result["qk_norm"] = "none"
    else:
        result["qk_norm"] = "full" if row["family"] == "olmo2" else "head"
    if row["family"] == "gpt-oss":
        result["sinks"] = True
    return result


def feed_forward(row):
    experts = number(row, "moe_experts")
    result = {"size": number(row, "moe_ffn_dim" if experts else "ffn_dim"), "gated": flag(row, "ffn_gated"),
              "activation": ACTIVATIONS[row["activation"]], "bias": flag(row, "ffn_bias")}
    if experts:
        require(number(row, "moe_layers") == number(row, "layers"), row["id"], "every layer has experts")
        require(number(row, "moe_shared_experts") == 0, row["id"], "no shared expert")
        result["experts"] = experts
        result["experts_per_token"] = number(row, "moe_topk")
    if row["family"] == "gpt-oss":
        result["bias"] = True  # the table's flag is of dense feed-forwards
        result["router_bias"] = True
    return result


def block(row, window):
    result = {"attention": attention(row, window), "feed_forward": feed_forward(row),
              "norms": number(row, "norms_per_layer")}
    if row["id"] in PARALLEL:
        result["parallel"] = True
    if row["family"] == "bitnet":
        result["extra_norm_sizes"] = [number(row, "n_heads") * number(row, "head_dim_v"), number(row, "ffn_dim")]
    return result


def blocks_and_layers(row):
    """The kinds of block, and their order, first layer first."""
    count, window = number(row, "layers"), number(row, "window")
    windowed = number(row, "n_window_layers")
    if not windowed:
        return {"global": block(row, 0)}, [{"repeat": count, "blocks": ["global"]}]
    if windowed == count:
        return {"local": block(row, window)}, [{"repeat": count, "blocks": ["local"]}]
    locals_, globals_ = map(int, re.match(r"^(\d+) local:(\d+) global", row["layer_pattern"]).groups())
    period = ["local"] * locals_ + ["global"] * globals_
    layers = [{"repeat": count // len(period), "blocks": period}]
    rest = count % len(period)
    require(rest <= locals_, row["id"], "the remainder is local")
    if rest:
        layers.append({"repeat": rest, "blocks": ["local"]})
    return {"local": block(row, window), "global": block(row, 0)}, layers


def position(row):
    if row["arch_type"] == "encoder":
        rows = ENCODER_POSITION_ROWS.get(row["id"]) or number(row, "learned_pos_rows")
    else:
        rows = number(row, "learned_pos_rows")
    return {"position": "learned", "position_rows": rows} if rows else {"position": "rotary"}


def checks(row):
    result = {"parameters": int(row["params_total"])}
    if number(row, "moe_experts"):
        with_both = int(row["params_active_per_token"])
        embedding = int(row["params_input_embedding"])
        require(not flag(row, "tied_embeddings"), row["id"], "two embedding matrices")
        result["active_parameters"] = {"with_embeddings": with_both, "without_input_embedding": with_both - embedding,
                                       "without_embeddings": with_both - 2 * embedding}
    result["published_parameters"] = row["published_params"]
    published_active = re.search(r"published active params: ([\d.]+) e9", row["notes"])
    if published_active:
        result["published_active_parameters"] = published_active.group(1) + "e9"
        result["published_active_convention"] = ACTIVE_CONVENTIONS[row["family"]]
    result["kv_bytes_per_token"] = int(row["kv_bytes_per_token_bf16_growing"])
    result["kv_window_bytes"] = int(row["kv_bytes_window_layers_max_bf16"])
    return result


def notes(row):
    dropped = ("published active params", "active figure excludes input embedding")
    parts = [part.strip() for part in row["notes"].split(";")]
    return [part for part in parts if part and not part.startswith(dropped)] + NOTES.get(row["id"], [])


def convert(row):
    identifier = row["id"]
    family, published_format = FAMILIES[row["family"]]
    hf_id = REPOSITORIES.get(identifier, row["hf_id"])
    encoder = row["arch_type"] == "encoder"
    blocks, layers = blocks_and_layers(row)

    model = {"$schema": SCHEMA_PATH, "schema": 1, "id": identifier, "name": NAMES[identifier][0], "family": family,
             "hf_id": hf_id, "kind": row["arch_type"], "aliases": spellings(row, hf_id),
             "hidden_size": number(row, "d_model"), "vocabulary": number(row, "vocab"),
             "tied_embeddings": flag(row, "tied_embeddings"), "max_context": number(row, "max_context"),
             "published_format": PUBLISHED_FORMATS.get(identifier, published_format)}
    if identifier in PUBLISHED_WEIGHTS:
        model["published_weights"] = PUBLISHED_WEIGHTS[identifier]
    model["norm"] = row["norm"]
    model["final_norm"] = not encoder
    model["embedding_norm"] = encoder
    model.update(position(row))
    if encoder:
        token_types = ENCODER_TOKEN_TYPES.get(identifier, 2)
        if token_types:
            model["token_types"] = token_types
        if identifier not in ENCODERS_WITHOUT_POOLER:
            model["pooler"] = True
    model["blocks"] = blocks
    model["layers"] = layers
    if row["family"] == "phi":
        model["head_bias"] = True
    model["checks"] = checks(row)
    model["source"] = row["source"]
    model["verified"] = "recalled" not in row["source"]
    remarks = notes(row)
    if remarks:
        model["notes"] = remarks
    return model


# ---------------------------------------------------------------------------------------------------------------------
# Counting again, from the JSON alone

def layer_sequence(model):
    return [model["blocks"][name] for run in model["layers"] for _ in range(run["repeat"]) for name in run["blocks"]]


def norm_size(model, width):
    bias = model.get("norm_bias", model["norm"] == "layernorm")
    return width * (2 if bias else 1)


def attention_parameters(model, attention):
    width, heads, groups = model["hidden_size"], attention["heads"], attention["kv_heads"]
    key_size = attention["head_size"]
    value_size = attention.get("value_head_size", key_size)
    outputs = heads * key_size + groups * (key_size + value_size)
    total = width * outputs + heads * value_size * width
    if attention["qkv_bias"]:
        total += outputs
    if attention["output_bias"]:
        total += width
    if attention["qk_norm"] == "head":
        total += 2 * norm_size(model, key_size)
    elif attention["qk_norm"] == "full":
        total += norm_size(model, heads * key_size) + norm_size(model, groups * key_size)
    if attention.get("sinks"):
        total += heads
    return total


def feed_forward_size(width, size, gated, bias):
    """One dense feed-forward, or one expert."""
    inner = size * (2 if gated else 1)
    return width * inner + size * width + (inner + width if bias else 0)


def feed_forward_parameters(model, part, experts=None):
    """All parameters, or with only so many of the experts."""
    width = model["hidden_size"]
    one = feed_forward_size(width, part["size"], part["gated"], part["bias"])
    if "experts" not in part:
        return one
    total = (part["experts"] if experts is None else experts) * one + width * part["experts"]
    if part.get("router_bias"):
        total += part["experts"]
    if part.get("shared_size"):
        total += feed_forward_size(width, part["shared_size"], part["gated"], part["bias"])
    return total


def parameters(model, active=False):
    width, vocabulary = model["hidden_size"], model["vocabulary"]
    require("embedding_size" not in model, model["id"], "no embedding of another width")
    total = vocabulary * width
    total += (model.get("position_rows", 0) + model.get("token_types", 0)) * width
    if model["embedding_norm"]:
        total += norm_size(model, width)
    for block in layer_sequence(model):
        part = block["feed_forward"]
        total += attention_parameters(model, block["attention"])
        total += feed_forward_parameters(model, part, part.get("experts_per_token") if active else None)
        total += block["norms"] * norm_size(model, width)
        total += sum(norm_size(model, size) for size in block.get("extra_norm_sizes", []))
    if model["final_norm"]:
        total += norm_size(model, width)
    if model.get("pooler"):
        total += width * width + width
    if not model["tied_embeddings"]:
        total += vocabulary * width
    if model.get("head_bias"):
        total += vocabulary
    return total


def active_parameters(model):
    """The three conventions; a tied matrix is the input embedding and the head at once."""
    embedding = model["vocabulary"] * model["hidden_size"]
    everything = parameters(model, active=True)
    matrices = 1 if model["tied_embeddings"] else 2
    return {"with_embeddings": everything,
            "without_input_embedding": everything - (matrices - 1) * embedding,
            "without_embeddings": everything - matrices * embedding}


def kv_cache(model, element_bytes=2):
    """Bytes a token that grow with the context, and the most that windowed layers hold."""
    growing = windowed = 0
    if model["kind"] == "decoder":
        for block in layer_sequence(model):
            part = block["attention"]
            token = part["kv_heads"] * (part["head_size"] + part.get("value_head_size", part["head_size"]))
            if "window" in part:
                windowed += part["window"] * token * element_bytes
            else:
                growing += token * element_bytes
    return growing, windowed


# ---------------------------------------------------------------------------------------------------------------------
# Checks

def require(condition, identifier, what):
    if not condition:
        raise SystemExit(f"{identifier}: expected {what}")


def require_equal(found, expected, identifier, what):
    require(found == expected, identifier, f"{what} of {expected}, counted {found}")


def check(model, row):
    identifier, expected = model["id"], model["checks"]
    sequence = layer_sequence(model)
    windowed = sum("window" in block["attention"] for block in sequence)
    growing, window_bytes = kv_cache(model)
    require_equal(len(sequence), number(row, "layers"), identifier, "layers")
    require_equal(windowed, number(row, "n_window_layers"), identifier, "windowed layers")
    require_equal(len(sequence) - windowed, number(row, "n_full_attn_layers"), identifier, "full layers")
    require_equal(parameters(model), expected["parameters"], identifier, "parameters")
    require_equal(parameters(model, active=True), int(row["params_active_per_token"]), identifier, "active parameters")
    require_equal(model["vocabulary"] * model["hidden_size"], int(row["params_input_embedding"]), identifier,
                  "input embedding")
    if "active_parameters" in expected:
        require_equal(active_parameters(model), expected["active_parameters"], identifier, "active parameters")
    require_equal(growing, expected["kv_bytes_per_token"], identifier, "KV bytes a token")
    require_equal(window_bytes, expected["kv_window_bytes"], identifier, "KV bytes of windowed layers")
    if "published_active_parameters" in expected:
        published = float(expected["published_active_parameters"])
        counted = expected["active_parameters"][expected["published_active_convention"]]
        require(abs(counted - published) < 0.001 * published, identifier, "the published active parameters")


def unique_spellings(models):
    """Lower-case spelling -> id, over all models."""
    owners = {}
    for model in models:
        for spelling in [model["id"]] + model["aliases"]:
            other = owners.setdefault(spelling.lower(), model["id"])
            require(other == model["id"], model["id"], f"'{spelling}' not to name {other} as well")
        require(len({s.lower() for s in [model["id"]] + model["aliases"]}) == 1 + len(model["aliases"]), model["id"],
                "no repeated alias")
    return owners


def check_measured(models, owners, measured):
    """A measured model that a spelling names must have that very shape. Returns the keys that name no model here."""
    by_id = {model["id"]: model for model in models}
    unknown = []
    for row in measured:
        model = by_id.get(owners.get(row["model_key"]))
        if model is None:
            unknown.append(row["model_key"])
            continue
        part = layer_sequence(model)[0]["attention"]
        shape = {"layers": len(layer_sequence(model)), "d_model": model["hidden_size"], "n_heads": part["heads"],
                 "n_kv_heads": part["kv_heads"], "head_dim": part["head_size"], "vocab": model["vocabulary"],
                 "tied_embeddings": int(model["tied_embeddings"])}
        for field, value in shape.items():
            require_equal(value, int(row[field]), row["model_key"], field)
        total = model["checks"]["parameters"] / 1e9
        require(abs(float(row["params_B"]) - total) < 0.001 * total, row["model_key"], "the measured model's size")
    return unknown


# ---------------------------------------------------------------------------------------------------------------------
# Writing

LINE_WIDTH = 160


def compact(value):
    """JSON on one line."""
    if isinstance(value, dict) and value:
        return "{ " + ", ".join(f"{json.dumps(key)}: {compact(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(compact(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def rendered(value, indent=0, used=0):
    """JSON with a small object or list on one line; the outermost one is always spread."""
    flat = compact(value)
    if not isinstance(value, (dict, list)) or not value or (indent > 0 and used + len(flat) < LINE_WIDTH):
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        names = [inner + json.dumps(key) + ": " for key in value]
        lines = [name + rendered(item, indent + 2, len(name)) for name, item in zip(names, value.values())]
        opening, closing = "{", "}"
    else:
        lines = [inner + rendered(item, indent + 2, indent + 2) for item in value]
        opening, closing = "[", "]"
    return opening + "\n" + ",\n".join(lines) + "\n" + " " * indent + closing


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main(arguments):
    if len(arguments) != 3:
        raise SystemExit("usage: convert_models.py models.csv measured_models.csv OUTPUT-DIRECTORY")
    rows, measured, output = read(arguments[0]), read(arguments[1]), pathlib.Path(arguments[2])
    rows = [row for row in rows if in_scope(row) and row["id"] not in LEFT_OUT]
    models = []
    for row in rows:
        # Through text and back, so that nothing but what the file holds is counted.
        model = json.loads(rendered(convert(row)))
        check(model, row)
        models.append(model)
    owners = unique_spellings(models)
    unknown = check_measured(models, owners, measured)
    output.mkdir(parents=True, exist_ok=True)
    for model in models:
        (output / f"{model['id']}.json").write_text(rendered(model) + "\n", encoding="utf-8")
    print(f"{len(models)} models written")
    for identifier, reason in sorted(LEFT_OUT.items()):
        print(f"left out: {identifier}: {reason}")
    print("measured models without a file here: " + " ".join(unknown))


if __name__ == "__main__":
    main(sys.argv[1:])
