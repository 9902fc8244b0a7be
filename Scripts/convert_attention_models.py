#!/usr/bin/env python3
"""Writes Scenarios/models/<id>.json for models with latent attention, with an encoder and a decoder, and with caches
that layers share, from the reference table.

    python3 Scripts/convert_attention_models.py models.csv Scenarios/models

The counts are held to the table by `eaves models check`. Standard library only; the same input gives the same bytes.
"""

import json
import pathlib
import re
import sys

from convert_models import SCHEMA_PATH, number, read, rendered


def head(row, name, family, kind, aliases, **more):
    """The fields that every file begins with."""
    model = {"$schema": SCHEMA_PATH, "schema": 1, "id": row["id"], "name": name, "family": family}
    if "/" in row["hf_id"]:
        model["hf_id"] = row["hf_id"]
        aliases = [row["hf_id"], row["hf_id"].split("/")[-1].lower()] + aliases
    unique = []
    for alias in aliases:
        if alias.lower() not in [row["id"]] + [other.lower() for other in unique]:
            unique.append(alias)
    model.update({"kind": kind, "aliases": unique, "hidden_size": number(row, "d_model"),
                  "vocabulary": number(row, "vocab"), "tied_embeddings": number(row, "tied_embeddings") == 1,
                  "max_context": number(row, "max_context")})
    model.update(more)
    return model


def tail(model, row, checks, notes):
    model["checks"] = checks
    model["source"] = row["source"]
    model["verified"] = "recalled" not in row["source"]
    if notes:
        model["notes"] = notes
    return model


def cache_checks(row):
    return {"kv_bytes_per_token": int(row["kv_bytes_per_token_bf16_growing"]),
            "kv_window_bytes": int(row["kv_bytes_window_layers_max_bf16"])}


# ---------------------------------------------------------------------------------------------------------------------
# Latent attention

DEEPSEEK = {
    "deepseek-v2": ("DeepSeek-V2", ["deepseek-ai/DeepSeek-V2-Chat", "deepseek-v2-chat", "deepseek-v2-236b"], "bf16"),
    "deepseek-v2-lite": ("DeepSeek-V2 Lite", ["deepseek-ai/DeepSeek-V2-Lite-Chat", "deepseek-v2-lite-chat"], "bf16"),
    "deepseek-v3": ("DeepSeek-V3", ["deepseek-ai/DeepSeek-V3-Base", "deepseek-ai/DeepSeek-R1", "deepseek-r1"], "bf16"),
}


def deepseek(row):
    name, aliases, published = DEEPSEEK[row["id"]]
    is_v3 = row["id"] == "deepseek-v3"
    model = head(row, name, "deepseek", "decoder", aliases, published_format=published)
    if is_v3:
        model["published_weights"] = {group: "f8e4m3/128x128+f32" for group in ("attention", "feed_forward", "experts")}
    model.update(norm="rmsnorm", final_norm=True, embedding_norm=False, position="rotary")
    mixer = {"kind": "latent_attention", "heads": number(row, "n_heads")}
    if number(row, "mla_q_rank"):
        mixer["q_rank"] = number(row, "mla_q_rank")
    mixer.update(kv_rank=number(row, "mla_kv_rank"), rope_dim=number(row, "mla_rope_dim"),
                 nope_dim=number(row, "mla_nope_dim"), value_dim=number(row, "mla_v_dim"))
    dense = {"size": number(row, "ffn_dim"), "gated": True, "activation": "silu", "bias": False}
    experts = {"size": number(row, "moe_ffn_dim"), "gated": True, "activation": "silu", "bias": False,
               "experts": number(row, "moe_experts"), "experts_per_token": number(row, "moe_topk")}
    if is_v3:
        experts["router_bias"] = True
    experts["shared_size"] = number(row, "moe_shared_ffn_dim")
    first = number(row, "moe_dense_first_layers")
    model["blocks"] = {"dense": {"mixers": [mixer], "feed_forward": dense, "norms": 2},
                       "experts": {"mixers": [mixer], "feed_forward": experts, "norms": 2}}
    model["layers"] = [{"repeat": first, "blocks": ["dense"]},
                       {"repeat": number(row, "layers") - first, "blocks": ["experts"]}]
    active, embedding = int(row["params_active_per_token"]), int(row["params_input_embedding"])
    published_active = re.search(r"published active params: ([\d.]+) e9", row["notes"]).group(1)
    checks = {"parameters": int(row["params_total"]),
              "active_parameters": {"with_embeddings": active, "without_input_embedding": active - embedding,
                                    "without_embeddings": active - 2 * embedding},
              "published_parameters": row["published_params"],
              "published_active_parameters": published_active + "e9",
              "published_active_convention": "with_embeddings"}
    checks.update(cache_checks(row))
    notes = []
    if is_v3:
        notes = ["without the layer that predicts a second token",
                 "the router's correction biases (58 x 256) are counted; libraries keep them as buffers"]
    return tail(model, row, checks, notes)


# ---------------------------------------------------------------------------------------------------------------------
# Encoder-decoders

T5 = {
    "t5-v1.1-xxl": ("T5 v1.1 XXL", ["google/t5-v1_1-xxl", "t5-xxl"]),
    "t5-v1.1-large": ("T5 v1.1 Large", ["google/t5-v1_1-large"]),
    "t5-small": ("T5 Small", ["google-t5/t5-small"]),
}

# Rows of the table of relative positions (T5, section 2.1: 32 for each head, one table for all layers of a stack).
T5_BUCKETS = 32


def layer_counts(row):
    encoder, decoder = row["layers"].split("+")
    return int(encoder), int(decoder)


def attention(row, **more):
    result = {"heads": number(row, "n_heads"), "kv_heads": number(row, "n_kv_heads"),
              "head_size": number(row, "head_dim_qk"), "qkv_bias": False, "output_bias": False, "qk_norm": "none"}
    result.update(more)
    return result


def without_qk_norm(part):
    return {key: value for key, value in part.items() if key != "qk_norm"}


def t5(row):
    name, aliases = T5[row["id"]]
    model = head(row, name, "t5", "encoder_decoder", aliases, published_format="f32", norm="rmsnorm", final_norm=True,
                 embedding_norm=False, position="relative")
    gated = number(row, "ffn_gated") == 1
    feed_forward = {"size": number(row, "ffn_dim"), "gated": gated, "activation": "gelu" if gated else "relu",
                    "bias": False}
    own = attention(row, position_bias=True)
    cross = [{"kind": "cross_attention", **without_qk_norm(attention(row))}]
    blocks = {}
    for which, buckets in (("first_", True), ("", False)):
        part = dict(own, position_buckets=T5_BUCKETS) if buckets else own
        blocks[which + "encoder"] = {"attention": part, "feed_forward": feed_forward, "norms": 2}
        blocks[which + "decoder"] = {"attention": part, "mixers": cross, "feed_forward": feed_forward, "norms": 3}
    encoder, decoder = layer_counts(row)

    def stack(name, count):
        return [{"repeat": 1, "blocks": ["first_" + name]}, {"repeat": count - 1, "blocks": [name]}]

    model["blocks"] = blocks
    model["layers"] = stack("decoder", decoder)
    model["encoder_layers"] = stack("encoder", encoder)
    checks = {"parameters": int(row["params_total"]), "published_parameters": row["published_params"]}
    checks.update(cache_checks(row))
    notes = ["kv_bytes_per_token is of the decoder's own tokens; each token of the source adds as many bytes"]
    if gated:
        notes.append("the output head is not the embedding, as published; newer libraries tie them")
    return tail(model, row, checks, notes)


WHISPER = {
    "whisper-tiny": ("Whisper Tiny", ["whisper-tiny-multilingual"]),
    "whisper-base": ("Whisper Base", []),
    "whisper-small": ("Whisper Small", []),
    "whisper-medium": ("Whisper Medium", []),
    "whisper-large-v3": ("Whisper Large v3", ["whisper-large"]),
    "whisper-large-v3-turbo": ("Whisper Large v3 Turbo", ["whisper-turbo"]),
}

# Frames that the encoder hands over for 30 s of sound: two of the spectrogram each (Whisper, section 2.2).
WHISPER_FRAMES = 1500


def whisper(row):
    name, aliases = WHISPER[row["id"]]
    width = number(row, "d_model")
    model = head(row, name, "whisper", "encoder_decoder", aliases, published_format="f16", norm="layernorm",
                 final_norm=True, embedding_norm=False, position="learned", position_rows=number(row, "max_context"))
    model["source_tokens"] = WHISPER_FRAMES
    bins = 128 if "large-v3" in row["id"] else 80
    model["encoder_input"] = {"convolutions": [{"channels": bins, "kernel": 3, "stride": 1},
                                               {"channels": width, "kernel": 3, "stride": 2}],
                              "position_rows": WHISPER_FRAMES}
    feed_forward = {"size": number(row, "ffn_dim"), "gated": False, "activation": "gelu", "bias": True}
    own = attention(row, qkv_bias=True, key_bias=False, output_bias=True)
    cross = [{"kind": "cross_attention", **without_qk_norm(own)}]
    model["blocks"] = {"encoder": {"attention": own, "feed_forward": feed_forward, "norms": 2},
                       "decoder": {"attention": own, "mixers": cross, "feed_forward": feed_forward, "norms": 3}}
    encoder, decoder = layer_counts(row)
    model["layers"] = [{"repeat": decoder, "blocks": ["decoder"]}]
    model["encoder_layers"] = [{"repeat": encoder, "blocks": ["encoder"]}]
    checks = {"parameters": int(row["params_total"])}
    if row["id"] not in WHISPER_PAPER:
        checks["published_parameters"] = row["published_params"]
    checks.update(cache_checks(row))
    dropped = ("cross-attention", "encoder 1500", "published")
    notes = [note.strip() for note in row["notes"].split(";") if not note.strip().startswith(dropped)]
    if row["id"] in WHISPER_PAPER:
        notes.append(f"published as {WHISPER_PAPER[row['id']]} million parameters, which is more than its tensors have")
    notes += ["the encoder always reads 30 s of sound: %d positions, whose keys and values each decoder layer keeps"
              % WHISPER_FRAMES]
    return tail(model, row, checks, notes)


# Sizes of Table 1 of the paper that differ from the tensors by more than their last digit, in millions.
WHISPER_PAPER = {"whisper-tiny": 39, "whisper-base": 74, "whisper-small": 244, "whisper-medium": 769}


# ---------------------------------------------------------------------------------------------------------------------
# Caches that layers share

# Layers without keys and values of their own; rank of the low-rank residual; residual streams; width of a layer's own
# input and rows of its table: transformers 5.23.0 (configuration_gemma3n.py).
GEMMA3N = {
    "gemma-3n-e4b-text": ("Gemma 3n E4B, text", ["google/gemma-3n-E4B", "gemma-3n-e4b", "gemma3n:e4b"], 15),
    "gemma-3n-e2b-text": ("Gemma 3n E2B, text", ["google/gemma-3n-E2B-it", "google/gemma-3n-E2B", "gemma-3n-e2b",
                                                 "gemma3n:e2b"], 10),
}
GEMMA3N_PARTS = [{"kind": "altup", "streams": 4}, {"kind": "laurel", "rank": 64},
                 {"kind": "per_layer_input", "size": 256}]
GEMMA3N_TABLE_ROWS = 262144


def gemma3n(row):
    name, aliases, shared = GEMMA3N[row["id"]]
    if row["id"] == "gemma-3n-e2b-text":
        row = dict(row, hf_id="google/gemma-3n-E2B-it")
    model = head(row, name, "gemma", "decoder", aliases, published_format="bf16", norm="rmsnorm", final_norm=True,
                 embedding_norm=False, position="rotary")
    feed_forward = {"size": number(row, "ffn_dim"), "gated": True, "activation": "gelu", "bias": False}

    def block(**more):
        part = attention(row, qk_norm="head", **more)
        return {"attention": part, "mixers": GEMMA3N_PARTS, "feed_forward": feed_forward, "norms": 4}

    window = number(row, "window")
    model["blocks"] = {"local": block(window=window), "global": block(),
                       "shared_local": block(window=window, shares_cache=True),
                       "shared_global": block(shares_cache=True)}
    period = ["local"] * 4 + ["global"]
    own = number(row, "layers") - shared
    model["layers"] = [{"repeat": own // 5, "blocks": period},
                       {"repeat": shared // 5, "blocks": ["shared_" + kind for kind in period]}]
    model["residual_streams"] = GEMMA3N_PARTS[0]["streams"]
    model["per_layer_embedding"] = {"rows": GEMMA3N_TABLE_ROWS, "size": GEMMA3N_PARTS[2]["size"]}
    checks = {"parameters": int(row["params_total"])}
    checks.update(cache_checks(row))
    notes = ["text part only, without the towers for pictures and sound",
             "published as " + row["published_params"].replace('"', "'").replace("e9", " billion parameters"),
             f"the last {shared} layers read the cache of the last layer before them with the same window"]
    if row["id"] == "gemma-3n-e4b-text":
        notes.append("the first 10 layers keep 5 % of their feed-forward activations, which no cost uses")
    return tail(model, row, checks, notes)


YOCO = {"yoco-3b": "YOCO 3B"}
YOCO_WINDOW = 1024
YOCO_FEED_FORWARD = 9216
YOCO_VOCABULARY = 100288


def yoco(row):
    own, count = number(row, "n_recurrent_layers"), number(row, "layers")
    row = dict(row, vocab=str(YOCO_VOCABULARY))
    model = head(row, YOCO[row["id"]], "yoco", "decoder", ["yoco"], published_format="bf16", norm="rmsnorm",
                 final_norm=True, embedding_norm=False, position="rotary")
    feed_forward = {"size": YOCO_FEED_FORWARD, "gated": True, "activation": "silu", "bias": False}
    local = {"attention": attention(row, window=YOCO_WINDOW), "feed_forward": feed_forward, "norms": 2}
    cache = {"kind": "shared_cache", "kv_heads": number(row, "n_kv_heads"), "head_size": number(row, "head_dim_qk")}
    model["blocks"] = {"local": local, "last_local": dict(local, mixers=[cache]),
                       "cross": {"attention": attention(row, shares_cache=True), "feed_forward": feed_forward,
                                 "norms": 2, "skipped_in_prefill": True}}
    model["layers"] = [{"repeat": own - 1, "blocks": ["local"]}, {"repeat": 1, "blocks": ["last_local"]},
                       {"repeat": count - own, "blocks": ["cross"]}]
    entry = 2 * number(row, "n_kv_heads") * number(row, "head_dim_qk") * 2
    checks = {"kv_bytes_per_token": int(row["kv_bytes_per_token_bf16_growing"]),
              "kv_window_bytes": own * YOCO_WINDOW * entry}
    notes = [f"the first {own} layers with a window of {YOCO_WINDOW}, which is assumed; the paper has gated retention "
             "as well",
             "published as 2.8e9 parameters without embeddings, which a feed-forward width of "
             f"{YOCO_FEED_FORWARD} gives to 0.5 %: derived, not read",
             f"vocabulary of {YOCO_VOCABULARY} and one matrix each for embedding and head assumed",
             row["notes"]]
    model = tail(model, row, checks, notes)
    model["verified"] = False
    return model


CONVERTERS = {identifier: convert
              for identifiers, convert in [(DEEPSEEK, deepseek), (T5, t5), (WHISPER, whisper), (GEMMA3N, gemma3n),
                                           (YOCO, yoco)]
              for identifier in identifiers}


def main(arguments):
    if len(arguments) != 2:
        raise SystemExit("usage: convert_attention_models.py models.csv OUTPUT-DIRECTORY")
    rows, output = read(arguments[0]), pathlib.Path(arguments[1])
    for row in rows:
        if row["id"] in CONVERTERS:
            text = rendered(json.loads(rendered(CONVERTERS[row["id"]](row))))
            (output / f"{row['id']}.json").write_text(text + "\n", encoding="utf-8")
            print(row["id"])


if __name__ == "__main__":
    main(sys.argv[1:])
