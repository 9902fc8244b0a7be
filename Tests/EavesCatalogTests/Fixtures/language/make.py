"""Writes small language models with a vocabulary, and what they say, by other software than Eaves.

Vocabulary and tokens: `tokenizers`; files: `gguf`; passes: numpy in float64, token by token from the definitions.
Run in this folder with both packages installed: python3 make.py
"""
import json

import gguf
import numpy as np
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

TEXT = open("talk.txt", encoding="utf-8").read()
SAMPLES = [
    "The rain, in 1998 and 2024!", "they'd WE'VE don't", "  three   blanks\n\n\nlines\n  x\ty\n",
    "naïve café 東京 🏠", "3,50 a cup: 120 metres", " a", "", "\n", "x  \n\n  y 1234567",
]
GROUPED = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+")


def cut(name):
    levels = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    plain = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    def split(pattern):
        return pre_tokenizers.Sequence(
            [pre_tokenizers.Split(Regex(pattern), "isolated"), plain])
    return {
        "gpt-2": levels,
        "smollm": pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), levels]),
        "llama-bpe": split(GROUPED % "{1,3}"),
        "qwen2": split(GROUPED % ""),
    }[name]


def vocabulary():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = cut("gpt-2")
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        [TEXT], trainers.BpeTrainer(vocab_size=330, initial_alphabet=sorted(alphabet),
                                    show_progress=False))
    state = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(state["vocab"], key=state["vocab"].get)
    merges = [m if isinstance(m, str) else " ".join(m) for m in state["merges"]]
    return tokens, merges


def encode(tokens, merges, name, text):
    tokenizer = Tokenizer(models.BPE(
        {t: i for i, t in enumerate(tokens)}, [tuple(m.split(" ")) for m in merges],
        ignore_merges=name == "llama-bpe"))
    tokenizer.pre_tokenizer = cut(name)
    return tokenizer.encode(text).ids


D, H, G, W, F, LAYERS, EPS, BASE = 32, 4, 2, 16, 48, 2, 1e-5, 10000.0


def weights(generator, size, has_bias, has_norms, is_tied):
    def matrix(*shape):
        return (generator.normal(size=shape) * 1.5 / np.sqrt(shape[-1])).astype(np.float16)
    def vector(n):
        return (1 + 0.2 * generator.normal(size=n)).astype(np.float32)
    tensors = {"token_embd.weight": matrix(size, D) * np.float16(0.5 if is_tied else 4)}
    for i in range(LAYERS):
        p = f"blk.{i}."
        tensors[p + "attn_norm.weight"] = vector(D)
        tensors[p + "attn_q.weight"] = matrix(H * W, D) * np.float16(1.5)
        tensors[p + "attn_k.weight"] = matrix(G * W, D) * np.float16(1.5)
        tensors[p + "attn_v.weight"] = matrix(G * W, D)
        tensors[p + "attn_output.weight"] = matrix(D, H * W)
        if has_bias:
            for name, n in (("q", H * W), ("k", G * W), ("v", G * W)):
                tensors[p + f"attn_{name}.bias"] = vector(n) - np.float32(1)
        if has_norms:
            tensors[p + "attn_q_norm.weight"] = vector(W)
            tensors[p + "attn_k_norm.weight"] = vector(W)
        tensors[p + "ffn_norm.weight"] = vector(D)
        tensors[p + "ffn_gate.weight"] = matrix(F, D)
        tensors[p + "ffn_up.weight"] = matrix(F, D)
        tensors[p + "ffn_down.weight"] = matrix(D, F)
    tensors["output_norm.weight"] = vector(D)
    if not is_tied:
        tensors["output.weight"] = matrix(size, D)
    return tensors


def norm(x, scale):
    return x / np.sqrt((x * x).mean() + EPS) * scale


def turn(head, position, neighbours):
    out = head.copy()
    for i in range(W // 2):
        angle = position * BASE ** (-2 * i / W)
        a, b = (2 * i, 2 * i + 1) if neighbours else (i, i + W // 2)
        out[a] = head[a] * np.cos(angle) - head[b] * np.sin(angle)
        out[b] = head[a] * np.sin(angle) + head[b] * np.cos(angle)
    return out


def logits(t, ids, neighbours):
    """Token by token with a cache, in float64."""
    t = {k: v.astype(np.float64) for k, v in t.items()}
    cache = [([], []) for _ in range(LAYERS)]
    rows = []
    for position, token in enumerate(ids):
        x = t["token_embd.weight"][token]
        for i in range(LAYERS):
            p = f"blk.{i}."
            h = norm(x, t[p + "attn_norm.weight"])
            q, k, v = (t[p + f"attn_{n}.weight"] @ h + t.get(p + f"attn_{n}.bias", 0) for n in "qkv")
            q, k, v = q.reshape(H, W), k.reshape(G, W), v.reshape(G, W)
            if p + "attn_q_norm.weight" in t:
                q = np.stack([norm(r, t[p + "attn_q_norm.weight"]) for r in q])
                k = np.stack([norm(r, t[p + "attn_k_norm.weight"]) for r in k])
            q = np.stack([turn(r, position, neighbours) for r in q])
            cache[i][0].append(np.stack([turn(r, position, neighbours) for r in k]))
            cache[i][1].append(v)
            heads = []
            for head in range(H):
                g = head * G // H
                s = np.array([q[head] @ e[g] for e in cache[i][0]]) / np.sqrt(W)
                s = np.exp(s - s.max())
                heads.append(sum(w * e[g] for w, e in zip(s / s.sum(), cache[i][1])))
            x = x + t[p + "attn_output.weight"] @ np.concatenate(heads)
            h = norm(x, t[p + "ffn_norm.weight"])
            gate, up = t[p + "ffn_gate.weight"] @ h, t[p + "ffn_up.weight"] @ h
            x = x + t[p + "ffn_down.weight"] @ (gate / (1 + np.exp(-gate)) * up)
        head = t.get("output.weight", t["token_embd.weight"])
        rows.append(head @ norm(x, t["output_norm.weight"]))
    return np.array(rows)


def perplexity(t, ids, neighbours, length, count, first):
    losses = []
    for w in range(1, count + 1):
        window = list(ids[w * length:(w + 1) * length])
        if first is not None:
            window[0] = first
        rows = logits(t, window, neighbours)
        for place in range(length // 2, length - 1):
            row = rows[place]
            shift = row.max() + np.log(np.exp(row - row.max()).sum())
            losses.append(shift - row[window[place + 1]])
    return float(np.exp(np.mean(losses))), len(losses)


def write(name, architecture, pre, tokens, merges, tensors, first):
    w = gguf.GGUFWriter(name, architecture)
    w.add_context_length(256)
    w.add_embedding_length(D)
    w.add_block_count(LAYERS)
    w.add_feed_forward_length(F)
    w.add_head_count(H)
    w.add_head_count_kv(G)
    w.add_key_length(W)
    w.add_value_length(W)
    w.add_rope_dimension_count(W)
    w.add_rope_freq_base(BASE)
    w.add_layer_norm_rms_eps(EPS)
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre(pre)
    w.add_token_list(tokens)
    w.add_token_merges(merges)
    if first is not None:
        w.add_bos_token_id(first)
        w.add_add_bos_token(True)
    for key, value in tensors.items():
        w.add_tensor(key, value)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


tokens, merges = vocabulary()
expected = {"tokens": tokens, "merges": merges, "samples": SAMPLES, "encoded": {}, "models": []}
for pre in ("gpt-2", "smollm", "llama-bpe", "qwen2"):
    expected["encoded"][pre] = [encode(tokens, merges, pre, s) for s in SAMPLES + [TEXT]]
generator = np.random.default_rng(7)
for file, architecture, pre, has_bias, has_norms, is_tied, first in (
        ("llama.gguf", "llama", "smollm", False, False, True, None),
        ("qwen2.gguf", "qwen2", "qwen2", True, False, True, None),
        ("qwen3.gguf", "qwen3", "llama-bpe", False, True, False, 5)):
    tensors = weights(generator, len(tokens), has_bias, has_norms, is_tied)
    write(file, architecture, pre, tokens, merges, tensors, first)
    ids = encode(tokens, merges, pre, TEXT)
    value, count = perplexity(tensors, ids, architecture == "llama", 32, 6, first)
    expected["models"].append(
        {"file": file, "context": 32, "windows": 6, "scored": count, "perplexity": value})
with open("expected.json", "w", encoding="utf-8") as out:
    json.dump(expected, out, ensure_ascii=False, separators=(",", ":"))
    out.write("\n")
