#!/usr/bin/env python3
"""Writes Scenarios/models/<id>.json for models with latent attention from the reference table.

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
        model["published_weights"] = {"attention": "f8e4m3", "feed_forward": "f8e4m3", "experts": "f8e4m3"}
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
                 "the router's correction biases (58 x 256) are counted; libraries keep them as buffers",
                 "published in 8 bits with a 32-bit scale for 128 x 128 weights, which is not counted"]
    return tail(model, row, checks, notes)


CONVERTERS = {identifier: deepseek for identifier in DEEPSEEK}


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
