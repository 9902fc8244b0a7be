"""Writes the fixtures of this folder with `gguf` and `safetensors`, the packages of the formats' authors.

`pip install gguf safetensors numpy`, then `python make.py`. A `.header` is a GGUF file without its tensors' data:
tests make it as long as it was with zeros. `expected.csv` is what the packages' own readers say of the files.
"""
import os
import tempfile

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Q
from safetensors.numpy import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
rows = []
mixtures = []
TYPES = ("q2_k q3_k_s q3_k_m q3_k_l q4_0 q4_k_s q4_k_m q5_k_s q5_k_m q6_k q8_0 iq2_xs iq2_m iq3_xxs iq3_xs iq3_m iq4_xs "
         "iq4_nl mxfp4_moe").split()


# Fixtures of whole shipped models.
WHOLE = ("llama-3.1-8b smollm2-135m qwen2.5-0.5b mamba-130m mamba2-130m jamba-v0.1 falcon-h1-0.5b lfm2-1.2b "
         "rwkv6-1.6b rwkv7-0.4b gemma-3n-e2b-text qwen3-next-80b-a3b kimi-linear-48b-a3b").split()


def type_of(name, shape, ftype, state):
    """The format that `llama_tensor_get_type` of src/llama-quant.cpp (ggml-org/llama.cpp) gives a tensor, by its name.

    Written down again from the public code: with an importance matrix for IQ3_XXS and smaller, without for others.
    """
    never = ("_norm.weight", "ffn_gate_inp.weight", "altup", "laurel", "per_layer_model_proj", "position_embd",
             "token_types", "ssm_conv1d", "shortconv.conv", "time_mix_first", "time_mix_w", "time_mix_v0", "time_mix_v1",
             "time_mix_v2", "time_mix_a0", "time_mix_a1", "time_mix_a2", "time_mix_g1", "time_mix_g2", "time_mix_decay_w", "lerp_fused", "attn_rel_b")
    kept_half = ("altup_router", "altup_proj", "altup_unembd", "laurel_l.", "laurel_r.", "per_layer_model_proj",
                 "time_mix_v1", "time_mix_v2", "time_mix_a1", "time_mix_a2", "time_mix_g1", "time_mix_g2")
    squeezed = [n for n in shape if n > 1]
    if len(squeezed) < 2 or not name.endswith("weight") or any(x in name for x in never):
        return Q.F16 if len(squeezed) > 1 and any(x in name for x in kept_half) else Q.F32
    i = state
    base = {"q2_k": Q.Q2_K, "q3_k_s": Q.Q3_K, "q3_k_m": Q.Q3_K, "q3_k_l": Q.Q3_K, "q4_0": Q.Q4_0, "q4_k_s": Q.Q4_K,
            "q4_k_m": Q.Q4_K, "q5_k_s": Q.Q5_K, "q5_k_m": Q.Q5_K, "q6_k": Q.Q6_K, "q8_0": Q.Q8_0, "iq2_xs": Q.IQ2_XS,
            "iq2_m": Q.IQ2_S, "iq3_xxs": Q.IQ3_XXS, "iq3_xs": Q.IQ3_S, "iq3_m": Q.IQ3_S, "iq4_xs": Q.IQ4_XS,
            "iq4_nl": Q.IQ4_NL, "mxfp4_moe": Q.Q8_0}[ftype]
    t = base
    if ftype == "mxfp4_moe":
        # Rows of another length cannot be quantised so; the converter keeps them in 16 bits.
        stack = len(shape) == 3 and shape[0] > 1
        return Q.F16 if shape[-1] % 32 else Q.MXFP4 if stack else Q.Q8_0
    more = lambda k, n: k < n // 8 or k >= 7 * n // 8 or (k - n // 8) % 3 == 2
    falcon, experts, gqa, n = i["arch"] == "falcon", i["experts"], i["gqa"], i["layers"]
    layer = int(name.split(".")[1]) if name.startswith("blk.") else 0
    embedding = name in ("token_embd.weight", "per_layer_token_embd.weight")
    value = any(x in name for x in ("attn_qkv.weight", "attn_kv_b.weight", "attn_v.weight"))
    small = ftype in ("iq2_xs", "iq2_m")
    place = lambda key: layer if experts > 1 else i[key]
    if name == "output.weight" or (i["tied"] and embedding):
        if falcon or shape[-1] % gguf.GGML_QUANT_SIZES[base][0]:
            t = Q.Q8_0
        elif ftype in ("iq2_xs", "iq2_m", "iq3_xxs"):
            t = Q.Q5_K
        elif base != Q.Q8_0:
            t = Q.Q6_K
    elif embedding:
        t = {"iq2_xs": Q.Q2_K, "iq2_m": Q.IQ3_S, "iq3_xxs": Q.IQ3_S}.get(ftype, base)
    elif small:
        if value:
            t = Q.Q4_K if gqa >= 4 or experts >= 4 else Q.IQ3_S if ftype == "iq2_m" else Q.Q2_K
            i["wv"] += 1
        elif experts == 8 and "attn_k.weight" in name:
            t = Q.Q4_K
        elif "ffn_down" in name:
            if i["down"] < n // 8:
                t = Q.IQ3_S if ftype == "iq2_m" else Q.Q2_K
            i["down"] += 1
        elif "attn_output.weight" in name:
            t = Q.Q5_K if experts == 8 else Q.IQ3_S if ftype == "iq2_m" else base
    elif value:
        k, m = i["wv"], i["values"]
        if ftype == "q2_k":
            t = Q.Q4_K if gqa >= 4 else Q.Q3_K
        elif ftype == "iq3_xxs":
            t = Q.Q4_K if gqa >= 4 else Q.IQ3_XXS
        elif ftype == "iq3_xs" and gqa >= 4 or ftype == "iq3_m":
            t = Q.Q4_K
        elif ftype == "q3_k_m":
            t = Q.Q5_K if k < 2 else Q.Q4_K
        elif ftype == "q3_k_l":
            t = Q.Q5_K
        elif ftype in ("iq4_nl", "iq4_xs") and gqa >= 4:
            t = Q.Q5_K
        elif ftype in ("q4_k_m", "q5_k_m") and more(k, m):
            t = Q.Q6_K
        elif ftype == "q4_k_s" and k < 4:
            t = Q.Q5_K
        if i["seventy"] and t in (Q.Q3_K, Q.Q4_K):
            t = Q.Q5_K
        if experts == 8:
            t = Q.Q8_0
        i["wv"] += 1
    elif "attn_k.weight" in name:
        t = Q.Q8_0 if experts == 8 else {"iq3_xs": Q.IQ3_XXS, "iq3_xxs": Q.IQ2_S}.get(ftype, base)
    elif "attn_q.weight" in name:
        t = {"iq3_xs": Q.IQ3_XXS, "iq3_xxs": Q.IQ2_S}.get(ftype, base)
    elif "ffn_down" in name:
        k = place("down")
        if ftype == "q2_k":
            t = Q.Q3_K
        elif ftype == "q3_k_m":
            t = Q.Q5_K if k < n // 16 else Q.Q4_K if not falcon or more(k, n) else Q.Q3_K
        elif ftype == "iq3_m" and (k < n // 8 or experts == 8 and more(k, n)):
            t = Q.Q4_K
        elif ftype == "q3_k_l":
            t = Q.Q4_K if falcon else Q.Q5_K
        elif ftype == "q4_k_m" and falcon:
            t = Q.Q6_K if k < n // 16 else Q.Q5_K if more(k, n) else Q.Q4_K
        elif ftype in ("q4_k_m", "q5_k_m") and more(k, n):
            t = Q.Q6_K
        elif ftype in ("iq4_nl", "iq4_xs") and k < n // 8 or ftype == "q4_k_s" and not falcon and k < n // 8:
            t = Q.Q5_K
        i["down"] += 1
    elif "attn_output.weight" in name:
        if falcon:
            t = Q.Q4_K if ftype == "q3_k_l" else base
        elif experts == 8:
            t = Q.Q5_K if ftype in ("q2_k", "iq3_xs", "iq3_xxs", "q3_k_s", "q3_k_m", "iq4_nl", "q4_k_s", "q4_k_m",
                                    "iq3_m", "iq4_xs") else base
        else:
            t = {"q2_k": Q.Q3_K, "iq3_xxs": Q.IQ3_S, "q3_k_m": Q.Q4_K, "q3_k_l": Q.Q5_K, "iq3_m": Q.Q4_K}.get(ftype, base)
    elif "ffn_gate" in name or "ffn_up" in name:
        key = "gate" if "ffn_gate" in name else "up"
        k = place(key)
        if ftype == "iq3_xs" and n // 8 <= k < 7 * n // 8:
            t = Q.IQ3_XXS
        i[key] += 1
    if shape[-1] % gguf.GGML_QUANT_SIZES[t][0]:
        t = {Q.Q2_K: Q.Q4_0, Q.Q3_K: Q.Q4_0, Q.Q4_K: Q.Q5_0, Q.Q5_K: Q.Q5_1, Q.Q6_K: Q.Q8_0}.get(t, Q.IQ4_NL)
        if shape[-1] % gguf.GGML_QUANT_SIZES[t][0]:
            t = Q.F16
    return t


def mixture(h, model, arch=None, seventy=False, unused=()):
    """Bytes of a model's tensors in each file type, in the order in which llama.cpp quantises them."""
    tensors = {n: [int(s) for s in t.shape] for n, t in h.w.tensors[0].items()}
    order = sorted(tensors, key=lambda n: (int(n.split(".")[1]) if n.startswith("blk.") else -1, n))
    kv = lambda k, d: (h.w.kv_data[0][f"{h.arch}.{k}"].value if f"{h.arch}.{k}" in h.w.kv_data[0] else d)
    first = lambda v: v[0] if isinstance(v, (list, tuple)) else v
    heads, groups = first(kv("attention.head_count", 0)), first(kv("attention.head_count_kv", 0))
    for ftype in TYPES:
        state = dict(arch=arch or h.arch, experts=kv("expert_count", 0), gqa=heads // groups if groups else 0,
                     layers=kv("block_count", 0), tied="output.weight" not in tensors, seventy=seventy, wv=0, down=0,
                     gate=0, up=0, values=sum(any(x in n for x in ("attn_qkv.weight", "attn_kv_b.weight",
                                                                  "attn_v.weight")) for n in tensors))
        total = 0
        for n in order:
            block, size = gguf.GGML_QUANT_SIZES[type_of(n, tensors[n], ftype, state)]
            if n in unused:
                continue
            total += int(np.prod([int(x) for x in tensors[n]], dtype=object)) // block * size
        mixtures.append((model, ftype, total))


class Header:
    # Tensors that no pass reads.
    unused = ()

    def __init__(self, name, arch, hidden, heads, kv, layers, ffn, vocab, context=4096, key=None, **extra):
        self.name, self.arch = name, arch
        self.hidden, self.heads, self.kv, self.layers, self.ffn, self.vocab = hidden, heads, kv, layers, ffn, vocab
        self.size = key or hidden // heads
        self.path = os.path.join(tempfile.mkdtemp(), name + ".gguf")
        w = self.w = gguf.GGUFWriter(self.path, arch)
        w.add_name(name)
        w.add_block_count(layers)
        w.add_context_length(context)
        w.add_embedding_length(hidden)
        if ffn:
            w.add_feed_forward_length(ffn)
        w.add_head_count(heads)
        w.add_head_count_kv(kv)
        if key:
            w.add_key_length(key)
            w.add_value_length(key)
        w.add_file_type(15)
        for k, v in extra.items():
            getattr(w, k)(v)
        w.add_token_list([f"<{i}>" for i in range(40)])
        w.add_token_scores([0.0] * 40)
        w.add_bool("tokenizer.ggml.add_bos_token", True)
        if name == "llama-3.1-8b":
            w.add_chat_template("x" * 20000)
        self.total = 0

    def add(self, name, shape, kind=Q.Q4_K):
        row = shape[-1]
        if len(shape) == 1:
            kind = Q.F32
        for k in (kind, Q.Q8_0, Q.F16):
            block, size = gguf.GGML_QUANT_SIZES[k]
            if row % block == 0:
                kind = k
                break
        block, size = gguf.GGML_QUANT_SIZES[kind]
        n = int(np.prod([int(s) for s in shape], dtype=object)) // block * size
        self.w.add_tensor_info(name, shape, np.dtype(np.float32), n, raw_dtype=kind)

    def save(self, alignment=32):
        w = self.w
        if self.name in WHOLE:
            mixture(self, self.name, unused=self.unused)
        w.write_header_to_file()
        w.write_kv_data_to_file()
        w.write_ti_data_to_file()
        w.close()
        header = open(self.path, "rb").read()
        pad = lambda n: (n + alignment - 1) // alignment * alignment
        size = pad(len(header)) + sum(pad(i.nbytes) for i in w.tensors[0].values())
        os.truncate(self.path, size)
        reader = gguf.GGUFReader(self.path)
        with open(os.path.join(HERE, self.name + ".header"), "wb") as f:
            f.write(header)
        parameters = sum(int(t.n_elements) for t in reader.tensors)
        rows.append((self.name, self.arch, size, len(header), len(reader.tensors), parameters,
                     sum(int(t.n_bytes) for t in reader.tensors)))

    def attention(self, i, bias=False, fused=False, out_bias=False):
        d, q, k = self.hidden, self.heads * self.size, self.kv * self.size
        b = f"blk.{i}."
        if fused:
            self.add(b + "attn_qkv.weight", (q + 2 * k, d))
            if bias:
                self.add(b + "attn_qkv.bias", (q + 2 * k,))
        else:
            for n, rows_ in (("q", q), ("k", k), ("v", k)):
                self.add(b + f"attn_{n}.weight", (rows_, d), Q.Q6_K if n == "v" and i % 2 else Q.Q4_K)
                if bias:
                    self.add(b + f"attn_{n}.bias", (rows_,))
        self.add(b + "attn_output.weight", (d, q))
        if out_bias:
            self.add(b + "attn_output.bias", (d,))

    def dense(self, i, gated=True, bias=False, fused=False):
        d, f, b = self.hidden, self.ffn, f"blk.{i}."
        if fused:
            self.add(b + "ffn_up.weight", (2 * f, d))
        else:
            if gated:
                self.add(b + "ffn_gate.weight", (f, d))
            self.add(b + "ffn_up.weight", (f, d))
        self.add(b + "ffn_down.weight", (d, f), Q.Q6_K if i % 2 else Q.Q4_K)
        if bias:
            self.add(b + "ffn_up.bias", (f,))
            self.add(b + "ffn_down.bias", (d,))

    def experts(self, i, count, size, shared=0, bias=False):
        d, b = self.hidden, f"blk.{i}."
        self.add(b + "ffn_gate_inp.weight", (count, d), Q.F32)
        kind = Q.MXFP4 if bias else Q.Q4_K
        self.add(b + "ffn_gate_exps.weight", (count, size, d), kind)
        self.add(b + "ffn_up_exps.weight", (count, size, d), kind)
        self.add(b + "ffn_down_exps.weight", (count, d, size), kind if bias else Q.Q6_K)
        if bias:
            self.add(b + "ffn_gate_inp.bias", (count,))
            for n, s in (("gate", size), ("up", size), ("down", d)):
                self.w.add_tensor_info(b + f"ffn_{n}_exps.bias", (count, s), np.dtype(np.float32), 4 * count * s,
                                       raw_dtype=Q.F32)
        if shared:
            self.add(b + "ffn_gate_inp_shexp.weight", (d,))
            self.add(b + "ffn_gate_shexp.weight", (shared, d))
            self.add(b + "ffn_up_shexp.weight", (shared, d))
            self.add(b + "ffn_down_shexp.weight", (d, shared), Q.Q6_K)

    def norms(self, i, names=("attn_norm", "ffn_norm"), bias=False):
        for n in names:
            width = self.size if n in ("attn_q_norm", "attn_k_norm") else self.hidden
            self.add(f"blk.{i}.{n}.weight", (width,))
            if bias:
                self.add(f"blk.{i}.{n}.bias", (width,))

    def ends(self, tied=False, bias=False):
        self.add("token_embd.weight", (self.vocab, self.hidden), Q.Q6_K if tied else Q.Q4_K)
        self.add("output_norm.weight", (self.hidden,))
        if bias:
            self.add("output_norm.bias", (self.hidden,))
        if not tied:
            self.add("output.weight", (self.vocab, self.hidden), Q.Q6_K)


def plain(name, arch, *a, tied=False, bias=False, norms=("attn_norm", "ffn_norm"), rope=0, **k):
    h = Header(name, arch, *a, **k)
    if rope:
        h.add("rope_freqs.weight", (rope,))
    h.ends(tied)
    for i in range(h.layers):
        h.norms(i, norms)
        h.attention(i, bias)
        h.dense(i)
    h.save()


POST = ("attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm")
QK = ("attn_q_norm", "attn_k_norm")
plain("llama-3.1-8b", "llama", 4096, 32, 8, 32, 14336, 128256, 131072, rope=64)
plain("smollm2-135m", "llama", 576, 9, 3, 30, 1536, 49152, 8192, tied=True)
plain("mistral", "llama", 4096, 32, 8, 2, 14336, 32000, 32768, add_sliding_window=4096)
plain("qwen2.5-0.5b", "qwen2", 896, 14, 2, 24, 4864, 151936, 32768, tied=True, bias=True)
plain("qwen3", "qwen3", 1024, 16, 8, 2, 3072, 151936, 40960, 128, tied=True, norms=("attn_norm", "ffn_norm") + QK)
plain("gemma", "gemma", 2048, 8, 1, 2, 16384, 256000, 8192, 256, tied=True)
plain("gemma2", "gemma2", 2304, 8, 4, 4, 9216, 256000, 8192, 256, tied=True, norms=POST, add_sliding_window=4096)
plain("gemma3", "gemma3", 1152, 4, 1, 7, 6912, 262144, 32768, 256, tied=True, norms=POST + QK, add_sliding_window=512)

h = Header("mixtral", "llama", 4096, 32, 8, 2, 14336, 32000, 32768, add_expert_count=8, add_expert_used_count=2)
h.ends()
for i in range(2):
    h.norms(i)
    h.attention(i)
    h.experts(i, 8, 14336)
h.save()
h = Header("qwen3moe", "qwen3moe", 2048, 32, 4, 2, 6144, 151936, 40960, 128, add_expert_count=128,
           add_expert_used_count=8, add_expert_feed_forward_length=768)
h.ends()
for i in range(2):
    h.norms(i, ("attn_norm", "ffn_norm") + QK)
    h.attention(i)
    h.experts(i, 128, 768)
h.save()
h = Header("qwen2moe", "qwen2moe", 2048, 16, 16, 2, 5632, 151936, 32768, add_expert_count=60,
           add_expert_used_count=4, add_expert_feed_forward_length=1408,
           add_expert_shared_feed_forward_length=5632)
h.ends()
for i in range(2):
    h.norms(i)
    h.attention(i, bias=True)
    h.experts(i, 60, 1408, shared=5632)
h.save()
h = Header("gpt-oss", "gpt-oss", 2880, 64, 8, 2, 0, 201088, 131072, 64, add_expert_count=32, add_expert_used_count=4,
           add_expert_feed_forward_length=2880, add_sliding_window=128)
h.ends()
for i in range(2):
    h.norms(i, ("attn_norm", "post_attention_norm"))
    h.attention(i, bias=True, out_bias=True)
    h.add(f"blk.{i}.attn_sinks.weight", (64,))
    h.experts(i, 32, 2880, bias=True)
h.save()
h = Header("phi3", "phi3", 3072, 32, 32, 2, 8192, 32064, 131072)
h.add("rope_factors_long.weight", (48,))
h.add("rope_factors_short.weight", (48,))
h.ends()
for i in range(2):
    h.norms(i)
    h.attention(i, fused=True)
    h.dense(i, fused=True)
h.save()
h = Header("gpt2", "gpt2", 768, 12, 12, 2, 3072, 50257, 1024)
h.ends(bias=True)
h.add("position_embd.weight", (1024, 768), Q.F32)
for i in range(2):
    h.norms(i, bias=True)
    h.attention(i, bias=True, fused=True, out_bias=True)
    h.dense(i, gated=False, bias=True)
h.save()
h = Header("falcon", "falcon", 4544, 71, 1, 2, 18176, 65024, 2048)
h.ends(bias=True)
for i in range(2):
    h.norms(i, ("attn_norm",), bias=True)
    h.attention(i, fused=True)
    h.dense(i, gated=False)
h.save()
h = Header("olmo2", "olmo2", 4096, 32, 32, 2, 11008, 100352, 4096)
h.ends()
for i in range(2):
    h.norms(i, ("post_attention_norm", "post_ffw_norm"))
    h.add(f"blk.{i}.attn_q_norm.weight", (4096,))
    h.add(f"blk.{i}.attn_k_norm.weight", (4096,))
    h.attention(i)
    h.dense(i)
h.save()



class Free(Header):
    """A header with keys and tensors by their names; vectors, norms and filters are f32."""

    def __init__(self, name, arch, hidden, layers, vocab, context=4096, heads=0, kv=None, ffn=0, **extra):
        self.name, self.arch, self.hidden, self.layers, self.vocab = name, arch, hidden, layers, vocab
        self.path = os.path.join(tempfile.mkdtemp(), name + ".gguf")
        w = self.w = gguf.GGUFWriter(self.path, arch)
        w.add_name(name)
        w.add_block_count(layers)
        w.add_context_length(context)
        w.add_embedding_length(hidden)
        w.add_feed_forward_length(ffn)
        w.add_head_count(heads)
        if kv is not None:
            w.add_head_count_kv(kv)
        w.add_file_type(15)
        for k, v in extra.items():
            getattr(w, k)(v)

    def one(self, i, **tensors):
        """Tensors of layer `i`: names without ".weight", `_b` behind a name for its bias, dots as two underscores."""
        for name, shape in tensors.items():
            shape = shape if isinstance(shape, tuple) else (shape,)
            bias = name.endswith("_bias")
            name = (name[:-5] if bias else name).replace("__", ".")
            bare = name in ("ssm_a", "ssm_d")
            full = f"blk.{i}.{name}" + ("" if bare else ".bias" if bias else ".weight")
            plain = bias or bare or any(x in full for x in (
                "norm", "conv1d", "shortconv.conv", "lerp", "time_mix_first", "_w1", "_w2", "_w0", "_inp", "altup",
                "laurel", "time_mix_ln", "attn_rel_b"))
            kind = Q.F32 if plain else Q.Q6_K if "down" in name or "_v" in name else Q.Q4_K
            self.put(full.replace("blk.enc.", "enc.blk.").replace("blk.dec.", "dec.blk."), shape, kind)

    def put(self, name, shape, kind=Q.F32):
        if kind == Q.F32:
            n = 4 * int(np.prod([int(s) for s in shape], dtype=object))
            self.w.add_tensor_info(name, shape, np.dtype(np.float32), n, raw_dtype=Q.F32)
        else:
            self.add(name, shape, kind)

    def experts_of(self, i, count, size, shared=0, gate=False, bias=False, gate_up=False):
        d = self.hidden
        self.one(i, ffn_gate_inp=(count, d), ffn_down_exps=(count, d, size))
        if gate_up:
            self.one(i, ffn_gate_up_exps=(count, 2 * size, d))
        else:
            self.one(i, ffn_gate_exps=(count, size, d), ffn_up_exps=(count, size, d))
        if shared:
            self.one(i, ffn_gate_shexp=(shared, d), ffn_up_shexp=(shared, d), ffn_down_shexp=(d, shared))
        if gate:
            self.one(i, ffn_gate_inp_shexp=d)
        if bias:
            self.one(i, exp_probs_b_bias=count)

    def dense_of(self, i, size):
        self.one(i, ffn_gate=(size, self.hidden), ffn_up=(size, self.hidden), ffn_down=(self.hidden, size))

    def heads_of(self, i, heads, kv, size, gate=1):
        d = self.hidden
        self.one(i, attn_q=(heads * size * gate, d), attn_k=(kv * size, d), attn_v=(kv * size, d),
                 attn_output=(d, heads * size))


def latent(h, i, heads, rank, rope, nope, value, q=None, split=False, both=False):
    d = h.hidden
    if q:
        h.one(i, attn_q_a=(q, d), attn_q_a_norm=q, attn_q_b=(heads * (nope + rope), q))
    else:
        h.one(i, attn_q=(heads * (nope + rope), d))
    h.one(i, attn_kv_a_mqa=(rank + rope, d), attn_kv_a_norm=rank, attn_output=(d, heads * value))
    if not split or both:
        h.one(i, attn_kv_b=(heads * (nope + value), rank))
    if split:
        h.one(i, attn_k_b=(heads, rank, nope), attn_v_b=(heads, value, rank))


# DeepSeek-V2-Lite as older files have it, V3 with the split matrices of newer ones and a layer that predicts further.
h = Free("deepseek-v2-lite", "deepseek2", 2048, 27, 102400, 163840, 16, 16, 10944, add_expert_count=64,
         add_expert_used_count=6, add_expert_feed_forward_length=1408, add_expert_shared_count=2,
         add_leading_dense_block_count=1, add_kv_lora_rank=512, add_key_length=192, add_value_length=128,
         add_rope_dimension_count=64)
h.ends()
for i in range(27):
    h.norms(i)
    latent(h, i, 16, 512, 64, 128, 128)
    h.dense_of(i, 10944) if i == 0 else h.experts_of(i, 64, 1408, 2816)
h.save()
h = Free("deepseek-v3", "deepseek2", 7168, 6, 129280, 163840, 128, 1, 18432, add_expert_count=256,
         add_expert_used_count=8, add_expert_feed_forward_length=2048, add_expert_shared_count=1,
         add_leading_dense_block_count=3, add_kv_lora_rank=512, add_q_lora_rank=1536, add_key_length=576,
         add_value_length=512, add_key_length_mla=192, add_value_length_mla=128, add_rope_dimension_count=64,
         add_nextn_predict_layers=1)
h.ends()
for i in range(6):
    h.norms(i)
    latent(h, i, 128, 512, 64, 128, 128, 1536, split=True, both=i == 4)
    h.dense_of(i, 18432) if i < 3 else h.experts_of(i, 256, 2048, 2048, bias=True)
h.one(5, nextn__eh_proj=(7168, 2 * 7168), nextn__enorm=7168, nextn__hnorm=7168, nextn__shared_head_norm=7168)
h.save()


def mamba(h, i, inner, state, rank, norms=False):
    d = h.hidden
    h.one(i, ssm_in=(2 * inner, d), ssm_conv1d=(inner, 4), ssm_conv1d_bias=inner, ssm_x=(rank + 2 * state, inner),
          ssm_dt=(inner, rank), ssm_dt_bias=inner, ssm_a=(inner, state), ssm_d=inner, ssm_out=(d, inner))
    if norms:
        h.one(i, ssm_dt_norm=rank, ssm_b_norm=state, ssm_c_norm=state)


def mamba2(h, i, inner, state, heads, groups=1, norm=True):
    d, wide = h.hidden, inner + 2 * groups * state
    h.one(i, ssm_in=(inner + wide + heads, d), ssm_conv1d=(wide, 4), ssm_conv1d_bias=wide, ssm_dt_bias=heads,
          ssm_a=(heads, 1), ssm_d=(heads, 1), ssm_out=(d, inner))
    if norm:
        h.one(i, ssm_norm=(groups, inner // groups))


def ssm(inner, state, rank, **k):
    return dict(add_ssm_conv_kernel=4, add_ssm_inner_size=inner, add_ssm_state_size=state,
                add_ssm_time_step_rank=rank, **k)


h = Free("mamba-130m", "mamba", 768, 24, 50280, 2048, 0, **ssm(1536, 16, 48), add_ssm_dt_b_c_rms=False)
h.ends(tied=True)
for i in range(24):
    h.one(i, attn_norm=768)
    mamba(h, i, 1536, 16, 48)
h.save()
h = Free("mamba2-130m", "mamba2", 768, 24, 50288, 2048, 0, **ssm(1536, 128, 24), add_ssm_group_count=1)
h.ends(tied=True)
for i in range(24):
    h.one(i, attn_norm=768)
    mamba2(h, i, 1536, 128, 24)
h.save()
h = Free("jamba-v0.1", "jamba", 4096, 32, 65536, 262144, 32, [8 if i % 8 == 4 else 0 for i in range(32)], 14336,
         **ssm(8192, 16, 256), add_expert_count=16, add_expert_used_count=2)
h.ends()
for i in range(32):
    h.one(i, attn_norm=4096, ffn_norm=4096)
    h.heads_of(i, 32, 8, 128) if i % 8 == 4 else mamba(h, i, 8192, 16, 256, True)
    h.experts_of(i, 16, 14336) if i % 2 else h.dense_of(i, 14336)
h.save()
h = Free("falcon-h1-0.5b", "falcon-h1", 1024, 36, 32784, 16384, 8, 2, 2048, **ssm(1536, 128, 24),
         add_ssm_group_count=1, add_key_length=64, add_value_length=64)
h.ends()
for i in range(36):
    h.one(i, attn_norm=1024, ffn_norm=1024)
    h.heads_of(i, 8, 2, 64)
    mamba2(h, i, 1536, 128, 24, norm=False)
    h.dense_of(i, 2048)
h.save()
full = [i in (2, 5, 8, 10, 12, 14) for i in range(16)]
h = Free("lfm2-1.2b", "lfm2", 2048, 16, 65536, 128000, 32, [8 if f else 0 for f in full], 8192, add_shortconv_l_cache=3)
h.put("token_embd.weight", (65536, 2048), Q.Q6_K)
h.put("token_embd_norm.weight", (2048,))
for i in range(16):
    h.one(i, attn_norm=2048, ffn_norm=2048)
    if full[i]:
        h.heads_of(i, 32, 8, 64)
        h.one(i, attn_q_norm=64, attn_k_norm=64)
    else:
        h.one(i, shortconv__conv=(2048, 3), shortconv__in_proj=(3 * 2048, 2048), shortconv__out_proj=(2048, 2048))
    h.dense_of(i, 8192)
h.save()

h = Free("lfm2moe", "lfm2moe", 2048, 4, 65536, 128000, 32, [0, 0, 8, 0], 7168, add_shortconv_l_cache=3,
         add_expert_count=32, add_expert_used_count=4, add_expert_feed_forward_length=1792)
h.put("token_embd.weight", (65536, 2048), Q.Q6_K)
h.put("token_embd_norm.weight", (2048,))
for i in range(4):
    h.one(i, attn_norm=2048, ffn_norm=2048)
    if i == 2:
        h.heads_of(i, 32, 8, 64)
        h.one(i, attn_q_norm=64, attn_k_norm=64)
    else:
        h.one(i, shortconv__conv=(2048, 3), shortconv__in_proj=(3 * 2048, 2048), shortconv__out_proj=(2048, 2048))
    h.dense_of(i, 7168) if i < 2 else h.experts_of(i, 32, 1792, bias=True)
h.save()

# Gemma 3n: the last layers have keys and values that nothing reads.
h = Free("gemma-3n-e2b-text", "gemma3n", 2048, 30, 262400, 32768, 8, 2, [8192] * 30, add_key_length=256,
         add_value_length=256, add_sliding_window=512, add_altup_num_inputs=4, add_shared_kv_layers=10,
         add_embedding_length_per_layer_input=256, add_sliding_window_pattern=[i % 5 != 4 for i in range(30)])
h.ends(tied=True)
h.put("per_layer_token_embd.weight", (262144, 30 * 256), Q.Q6_K)
h.put("per_layer_model_proj.weight", (30 * 256, 2048), Q.BF16)
h.put("per_layer_proj_norm.weight", (256,))
h.put("altup_proj.weight", (3, 2048, 2048), Q.F16)
h.put("altup_unembd_proj.weight", (3, 2048, 2048), Q.F16)
h.unused = [f"blk.{i}.attn_{n}.weight" for i in range(20, 30) for n in ("k", "v", "k_norm")]
for i in range(30):
    h.norms(i, ())
    h.one(i, attn_norm=2048, post_attention_norm=2048, ffn_norm=2048, post_ffw_norm=2048, attn_q_norm=256,
          attn_k_norm=256, inp_gate=(256, 2048), proj=(2048, 256), post_norm=2048, altup_correct_coef=(4, 4),
          altup_correct_scale=2048, altup_predict_coef=(16, 4), altup_router=(4, 2048), altup_router_norm=2048,
          laurel_l=(64, 2048), laurel_r=(2048, 64), laurel_post_norm=2048)
    h.heads_of(i, 8, 2, 256)
    h.dense_of(i, 8192)
h.save()


def rwkv(h, i, size, mixes, receptance):
    d = h.hidden
    for n in ("attn_norm", "attn_norm_2", "time_mix_ln"):
        h.one(i, **{n: d, n + "_bias": d})
    h.one(i, time_mix_key=(d, d), time_mix_value=(d, d), time_mix_receptance=(d, d), time_mix_output=(d, d),
          channel_mix_key=(size, d), channel_mix_value=(d, size), channel_mix_lerp_k=(1, 1, d),
          time_mix_lerp_fused=(mixes, 1, 1, d))
    if receptance:
        h.one(i, channel_mix_receptance=(d, d), channel_mix_lerp_r=(1, 1, d))


h = Free("rwkv6-1.6b", "rwkv6", 2048, 24, 65536, 1048576, 0, ffn=7168, add_wkv_head_size=64, add_time_mix_extra_dim=32,
         add_time_decay_extra_dim=64)
h.ends(bias=True)
h.put("token_embd_norm.weight", (2048,))
h.put("token_embd_norm.bias", (2048,))
for i in range(24):
    rwkv(h, i, 7168, 5, True)
    h.one(i, time_mix_lerp_x=(1, 1, 2048), time_mix_gate=(2048, 2048), time_mix_w1=(160, 2048),
          time_mix_w2=(5, 2048, 32), time_mix_decay_w1=(64, 2048), time_mix_decay_w2=(2048, 64),
          time_mix_decay=2048, time_mix_first=(32, 64))
h.save()
# The first layer of RWKV-7 has matrices that are never used.
h = Free("rwkv7-0.4b", "rwkv7", 1024, 24, 65536, 1048576, 0, ffn=4096, add_wkv_head_size=64, add_decay_lora_rank=64,
         add_iclr_lora_rank=64, add_value_residual_mix_lora_rank=32, add_gate_lora_rank=128)
h.ends(bias=True)
h.put("token_embd_norm.weight", (1024,))
h.put("token_embd_norm.bias", (1024,))
for i in range(24):
    rwkv(h, i, 4096, 6, False)
    value = 64 if i == 0 else 32
    for n, r in (("w", 64), ("a", 64), ("v", value)):
        h.one(i, **{f"time_mix_{n}0": 1024, f"time_mix_{n}1": (r, 1024), f"time_mix_{n}2": (1024, r)})
    h.one(i, time_mix_g1=(128, 1024), time_mix_g2=(1024, 128), time_mix_k_k=1024, time_mix_k_a=1024,
          time_mix_r_k=1024)
h.save()

h = Free("qwen3-next-80b-a3b", "qwen3next", 2048, 48, 151936, 262144, 16, 2, 5120, add_key_length=256,
         add_value_length=256, **ssm(4096, 128, 32), add_ssm_group_count=16, add_expert_count=512,
         add_expert_used_count=10, add_expert_feed_forward_length=512, add_expert_shared_feed_forward_length=512)
h.ends()
for i in range(48):
    h.one(i, attn_norm=2048, post_attention_norm=2048)
    if i % 4 == 3:
        h.heads_of(i, 16, 2, 256, gate=2)
        h.one(i, attn_q_norm=256, attn_k_norm=256)
    else:
        h.one(i, attn_qkv=(8192, 2048), attn_gate=(4096, 2048), ssm_ba=(64, 2048), ssm_conv1d=(8192, 4),
              ssm_dt_bias=32, ssm_a=32, ssm_norm=128, ssm_out=(2048, 4096))
    h.experts_of(i, 512, 512, 512, gate=True)
h.save()
full = [i % 4 == 3 or i == 26 for i in range(27)]
h = Free("kimi-linear-48b-a3b", "kimi-linear", 2304, 27, 163840, 1048576, 32, [1 if f else 0 for f in full], 9216,
         add_kda_head_dim=128, add_ssm_conv_kernel=4, add_kv_lora_rank=512, add_rope_dimension_count=64,
         add_expert_count=256, add_expert_used_count=8, add_expert_feed_forward_length=1024)
h.ends()
for i in range(27):
    h.one(i, attn_norm=2304, ffn_norm=2304)
    if full[i]:
        latent(h, i, 32, 512, 64, 128, 128, split=True)
    else:
        h.heads_of(i, 32, 32, 128)
        h.one(i, ssm_conv1d_q=(1, 4096, 1, 4), ssm_conv1d_k=(1, 4096, 1, 4), ssm_conv1d_v=(1, 4096, 1, 4),
              ssm_f_a=(128, 2304), ssm_f_b=(4096, 128), ssm_g_a=(128, 2304), ssm_g_b=(4096, 128),
              ssm_beta=(32, 2304), ssm_a=(32, 1), ssm_dt_bias=4096, ssm_norm=128)
    h.dense_of(i, 9216) if i == 0 else h.experts_of(i, 256, 1024, 1024, bias=True)
h.save()


# Encoders, and an encoder with a decoder.
def bert(name, arch, fused, gated, learned, **k):
    h = Free(name, arch, 768, 12, 30522, 512, 12, ffn=3072, **k)
    h.put("token_embd.weight", (30522, 768), Q.Q8_0)
    h.put("token_types.weight", (2, 768))
    h.put("token_embd_norm.weight", (768,))
    h.put("token_embd_norm.bias", (768,))
    if learned:
        h.put("position_embd.weight", (512, 768))
    for i in range(12):
        names = ["attn_qkv"] if fused else ["attn_q", "attn_k", "attn_v"]
        for n in names:
            h.one(i, **{n: (768 * (3 if fused else 1), 768)})
            if not fused:
                h.one(i, **{n + "_bias": 768})
        h.one(i, attn_output=(768, 768), ffn_up=(3072, 768), ffn_down=(768, 3072))
        for n in ("attn_output_norm", "layer_output_norm"):
            h.one(i, **{n: 768, n + "_bias": 768})
        if gated:
            h.one(i, ffn_gate=(3072, 768))
        else:
            h.one(i, attn_output_bias=768, ffn_up_bias=3072, ffn_down_bias=768)
    h.save()


bert("bert-base", "bert", False, False, True)
bert("nomic-bert", "nomic-bert", True, True, False)
h = Free("t5-small", "t5", 512, 6, 32128, 512, 8, ffn=2048, add_key_length=64, add_value_length=64,
         add_decoder_block_count=6, add_relative_attn_buckets_count=32)
h.put("token_embd.weight", (32128, 512), Q.Q6_K)
h.put("enc.output_norm.weight", (512,))
h.put("dec.output_norm.weight", (512,))
for stack in ("enc", "dec"):
    for i in range(6):
        p = f"{stack}.{i}"
        h.one(p, attn_q=(512, 512), attn_k=(512, 512), attn_v=(512, 512), attn_o=(512, 512), attn_norm=512,
              ffn_norm=512, ffn_up=(2048, 512), ffn_down=(512, 2048))
        if i == 0:
            h.one(p, attn_rel_b=(32, 8))
        if stack == "dec":
            h.one(p, cross_attn_q=(512, 512), cross_attn_k=(512, 512), cross_attn_v=(512, 512),
                  cross_attn_o=(512, 512), cross_attn_norm=512)
h.save()


# Variations of Llama: what is there says what they are.
def variant(name, arch, heads, kv, size, ffn, layers=2, hidden=2048, vocab=32000, tied=False, norms=None, qkv_bias=False,
            out_bias=False, up_bias=False, gated=True, fused=False, fused_up=False, qk=0, norm_bias=False, experts=None,
            output_bias=False, embedding_norm=False, sub_norms=None, **k):
    norms = ("attn_norm", "ffn_norm") if norms is None else norms
    h = Free(name, arch, hidden, layers, vocab, 4096, heads, kv, ffn, **k)
    h.ends(tied=tied, bias=norm_bias)
    if output_bias:
        h.put("output.bias", (vocab,))
    for n in ("weight", "bias") if embedding_norm else ():
        h.put("token_embd_norm." + n, (hidden,))
    each = lambda v, i: v[i] if isinstance(v, list) else v
    for i in range(layers):
        H, G, F = each(heads, i), each(kv, i), each(ffn, i)
        for n in norms:
            h.one(i, **{n: hidden})
            if norm_bias:
                h.one(i, **{n + "_bias": hidden})
        if fused:
            h.one(i, attn_qkv=((H + 2 * G) * size, hidden), attn_output=(hidden, H * size))
        elif H:
            h.heads_of(i, H, G, size)
        if qkv_bias:
            h.one(i, **({"attn_qkv_bias": (H + 2 * G) * size} if fused else {
                "attn_q_bias": H * size, "attn_k_bias": G * size, "attn_v_bias": G * size}))
        if out_bias:
            h.one(i, attn_output_bias=hidden)
        if sub_norms:
            h.one(i, attn_sub_norm=sub_norms[0], ffn_sub_norm=sub_norms[1])
        if qk:
            h.one(i, attn_q_norm=(qk if qk == size else H * size), attn_k_norm=(qk if qk == size else G * size))
        if experts:
            h.experts_of(i, **experts)
        elif fused_up:
            h.one(i, ffn_up=(2 * F, hidden), ffn_down=(hidden, F))
        elif F:
            h.one(i, ffn_up=(F, hidden), ffn_down=(hidden, F))
            if gated:
                h.one(i, ffn_gate=(F, hidden))
        if up_bias:
            h.one(i, ffn_up_bias=F, ffn_down_bias=hidden)
    h.save()


variant("smollm3", "smollm3", 16, 4, 128, 11008, tied=True)
variant("granite", "granite", 32, 8, 64, 8192, tied=True)
variant("granitemoe", "granitemoe", 16, 8, 64, 512, hidden=1024, tied=True, add_expert_count=32,
        add_expert_used_count=8, experts=dict(count=32, size=512))
variant("exaone", "exaone", 32, 8, 80, 7168, hidden=2560, vocab=102400)
variant("command-r", "command-r", 16, 4, 128, 5632, tied=True, norms=("attn_norm",))
variant("cohere2", "cohere2", 16, 4, 128, 5632, layers=8, tied=True, norms=("attn_norm",), add_sliding_window=1024)
variant("olmo", "olmo", 16, 16, 128, 8192, tied=True, norms=(), vocab=50304)
variant("olmoe", "olmoe", 16, 16, 128, 1024, vocab=50304, qk=1, add_expert_count=64, add_expert_used_count=8,
        experts=dict(count=64, size=1024))
variant("starcoder2", "starcoder2", 24, 2, 128, 12288, hidden=3072, vocab=49152, tied=True, qkv_bias=True,
        out_bias=True, up_bias=True, gated=False, norm_bias=True)
variant("glm4", "glm4", 32, 2, 128, 13696, hidden=4096, vocab=151552, fused_up=True, qkv_bias=True,
        norms=("attn_norm", "ffn_norm", "post_attention_norm", "post_ffw_norm"))
variant("phimoe", "phimoe", 32, 8, 128, 6400, hidden=4096, vocab=32064, qkv_bias=True, out_bias=True, norm_bias=True,
        output_bias=True, add_expert_count=16, add_expert_used_count=2, experts=dict(count=16, size=6400))
variant("phi2", "phi2", 32, 32, 80, 10240, hidden=2560, vocab=51200, fused=True, qkv_bias=True, out_bias=True,
        up_bias=True, gated=False, norm_bias=True, norms=("attn_norm",), output_bias=True)
variant("llama4", "llama4", 40, 8, 128, 8192, hidden=5120, vocab=202048, add_expert_count=16, add_expert_used_count=1,
        experts=dict(count=16, size=8192, shared=8192))
variant("qwen3vlmoe", "qwen3vlmoe", 32, 4, 128, 6144, vocab=151936, qk=128, add_expert_count=128,
        add_expert_used_count=8, experts=dict(count=128, size=768, gate_up=True))
# Heads and widths that differ from layer to layer: OpenELM, and Llama-Nemotron with layers without attention.
variant("openelm", "openelm", [12, 12, 16], [3, 3, 4], 64, [768, 1024, 1280], layers=3, hidden=1280, tied=True,
        fused=True, qk=64)
variant("deci", "deci", [64, 0, 64], [8, 0, 16], 128, [5376, 10752, 0], layers=3, hidden=8192, vocab=128256)
# Further parts: parallel blocks, biases by distance, gates, latent attention without experts, dense parts beside
# experts, layers that predict further tokens, windows with heads of their own.
variant("gptneox", "gptneox", 16, 16, 128, 8192, vocab=50304, fused=True, qkv_bias=True, out_bias=True, up_bias=True,
        gated=False, norm_bias=True, add_parallel_residual=True)
variant("stablelm", "stablelm", 32, 8, 64, 5632, vocab=100352, qk=1, norms=("attn_norm",), norm_bias=True)
variant("bloom", "bloom", 16, 16, 128, 8192, vocab=250880, tied=True, fused=True, qkv_bias=True, out_bias=True,
        up_bias=True, gated=False, norm_bias=True, embedding_norm=True)
variant("dbrx", "dbrx", 48, 8, 128, 10752, hidden=6144, vocab=100352, fused=True, norms=("attn_norm", "attn_output_norm"),
        add_expert_count=16, add_expert_used_count=4, experts=dict(count=16, size=10752))
variant("bitnet", "bitnet", 20, 5, 128, 6912, hidden=2560, vocab=128256, tied=True, sub_norms=(2560, 6912))
variant("llada", "llada", 16, 16, 128, 6144, vocab=126464)
h = Free("afmoe", "afmoe", 1024, 4, 200192, 131072, 8, 2, 3072, add_expert_count=128, add_expert_used_count=8,
         add_key_length=128, add_value_length=128, add_sliding_window=2048)
h.ends()
for i in range(4):
    h.one(i, attn_norm=1024, post_attention_norm=1024, ffn_norm=1024, post_ffw_norm=1024, attn_q_norm=128,
          attn_k_norm=128, attn_gate=(1024, 1024))
    h.heads_of(i, 8, 2, 128)
    h.dense_of(i, 3072) if i < 2 else h.experts_of(i, 128, 256, 256, bias=True)
h.save()
h = Free("glm4moe", "glm4moe", 4096, 4, 151552, 131072, 96, 8, 10944, add_expert_count=128, add_expert_used_count=8,
         add_nextn_predict_layers=1, add_key_length=128, add_value_length=128)
h.ends()
for i in range(4):
    h.one(i, attn_norm=4096, post_attention_norm=4096, attn_q_norm=128, attn_k_norm=128, attn_q_bias=12288,
          attn_k_bias=1024, attn_v_bias=1024)
    h.heads_of(i, 96, 8, 128)
    h.dense_of(i, 10944) if i == 0 else h.experts_of(i, 128, 1408, 1408, bias=True)
h.one(3, nextn__eh_proj=(4096, 8192), nextn__enorm=4096, nextn__hnorm=4096, nextn__shared_head_norm=4096,
      nextn__embed_tokens=(151552, 4096), nextn__shared_head_head=(151552, 4096))
h.save()
h = Free("minicpm3", "minicpm3", 2560, 2, 73448, 32768, 40, 40, 6400, add_q_lora_rank=768, add_kv_lora_rank=256,
         add_key_length=96, add_rope_dimension_count=32)
h.ends(tied=True)
for i in range(2):
    h.norms(i)
    latent(h, i, 40, 256, 32, 64, 64, 768)
    h.dense_of(i, 6400)
h.save()
h = Free("arctic", "arctic", 7168, 2, 32000, 4096, 56, 8, 4864, add_expert_count=128, add_expert_used_count=2)
h.ends()
for i in range(2):
    h.one(i, attn_norm=7168, ffn_norm=7168, ffn_norm_exps=7168)
    h.heads_of(i, 56, 8, 128)
    h.dense_of(i, 7168)
    h.experts_of(i, 128, 4864)
h.save()
h = Free("granitehybrid", "granitehybrid", 1536, 4, 100352, 131072, 12, [0, 0, 4, 0], 512, **ssm(3072, 128, 48),
         add_ssm_group_count=1, add_expert_count=64, add_expert_used_count=6)
h.ends(tied=True)
for i in range(4):
    h.one(i, attn_norm=1536, ffn_norm=1536)
    h.heads_of(i, 12, 4, 128) if i == 2 else mamba2(h, i, 3072, 128, 48)
    h.experts_of(i, 64, 512, 1024)
h.save()
h = Free("nemotron_h", "nemotron_h", 4480, 4, 131072, 8192, [0, 0, 40, 0], [0, 0, 8, 0], [0, 15680, 0, 15680],
         **ssm(10240, 128, 128), add_ssm_group_count=8, add_key_length=128, add_value_length=128)
h.ends()
for i in range(4):
    h.one(i, attn_norm=4480)
    if i == 0:
        mamba2(h, i, 10240, 128, 128, 8)
    elif i == 2:
        h.heads_of(i, 40, 8, 128)
    else:
        h.one(i, ffn_up=(15680, 4480), ffn_down=(4480, 15680))
h.save()
h = Free("qwen35", "qwen35", 2048, 4, 151936, 262144, 16, 2, 6144, add_key_length=256, add_value_length=256,
         **ssm(4096, 128, 32), add_ssm_group_count=16)
h.ends()
for i in range(4):
    h.one(i, attn_norm=2048, post_attention_norm=2048)
    if i == 3:
        h.heads_of(i, 16, 2, 256, gate=2)
        h.one(i, attn_q_norm=256, attn_k_norm=256)
    else:
        h.one(i, attn_qkv=(8192, 2048), attn_gate=(4096, 2048), ssm_alpha=(32, 2048), ssm_beta=(32, 2048),
              ssm_conv1d=(8192, 4), ssm_dt_bias=32, ssm_a=32, ssm_norm=128, ssm_out=(2048, 4096))
    h.dense_of(i, 6144)
h.save()
local = [1, 1, 0]
h = Free("mimo2", "mimo2", 2048, 3, 152576, 262144, [16, 16, 16], [4, 4, 2], 8192, add_sliding_window=128,
         add_sliding_window_pattern=[bool(x) for x in local], add_key_length=192, add_value_length=128)
h.ends()
for i in range(3):
    h.norms(i)
    g = 4 if local[i] else 2
    h.one(i, attn_q=(16 * 192, 2048), attn_k=(g * 192, 2048), attn_v=(g * 128, 2048), attn_output=(2048, 16 * 128))
    if local[i]:
        h.one(i, attn_sinks=16)
    h.dense_of(i, 8192)
h.save()
h = Free("jina-bert-v2", "jina-bert-v2", 768, 2, 30528, 8192, 12, ffn=3072)
h.put("token_embd.weight", (30528, 768), Q.F16)
h.put("token_types.weight", (2, 768))
for n in ("weight", "bias"):
    h.put("token_embd_norm." + n, (768,))
for i in range(2):
    h.heads_of(i, 12, 12, 64)
    h.dense_of(i, 3072)
    h.one(i, attn_q_bias=768, attn_k_bias=768, attn_v_bias=768, attn_output_bias=768, ffn_down_bias=768)
    for n in ("attn_output_norm", "layer_output_norm"):
        h.one(i, **{n: 768, n + "_bias": 768})
h.save()
h = Free("modern-bert", "modern-bert", 768, 4, 50368, 8192, 12, ffn=1152, add_sliding_window=128,
         add_sliding_window_pattern=3)
h.put("token_embd.weight", (50368, 768), Q.F16)
h.put("token_embd_norm.weight", (768,))
h.put("output_norm.weight", (768,))
for i in range(4):
    h.one(i, attn_qkv=(2304, 768), attn_output=(768, 768), ffn_norm=768, ffn_up=(2304, 768), ffn_down=(768, 1152))
    if i:
        h.one(i, attn_norm=768)
h.save()
h = Free("gemma-embedding", "gemma-embedding", 768, 7, 262144, 2048, 3, 1, 1152, add_key_length=256,
         add_value_length=256, add_sliding_window=512)
h.put("token_embd.weight", (262144, 768), Q.Q8_0)
h.put("output_norm.weight", (768,))
h.put("dense_2.weight", (3072, 768), Q.F16)
h.put("dense_3.weight", (768, 3072), Q.F16)
for i in range(7):
    h.one(i, attn_norm=768, post_attention_norm=768, ffn_norm=768, post_ffw_norm=768, attn_q_norm=256, attn_k_norm=256)
    h.heads_of(i, 3, 1, 256)
    h.dense_of(i, 1152)
h.save()
h = Free("t5encoder", "t5encoder", 512, 2, 32128, 512, 6, ffn=1024, add_key_length=64, add_value_length=64)
h.put("token_embd.weight", (32128, 512), Q.Q6_K)
h.put("enc.output_norm.weight", (512,))
for i in range(2):
    h.one(f"enc.{i}", attn_q=(384, 512), attn_k=(384, 512), attn_v=(384, 512), attn_o=(512, 384), attn_norm=512,
          ffn_norm=512, ffn_gate=(1024, 512), ffn_up=(1024, 512), ffn_down=(512, 1024))
    if i == 0:
        h.one(f"enc.{i}", attn_rel_b=(32, 6))
h.save()
# Mixtral as files of 2023 have it: a tensor for every expert, and attention with another alignment.
h = Free("mixtral-2023", "llama", 4096, 2, 32000, 32768, 32, 8, 14336, add_expert_count=8, add_expert_used_count=2,
         add_custom_alignment=64)
h.ends()
for i in range(2):
    h.one(i, attn_norm=4096, ffn_norm=4096, ffn_gate_inp=(8, 4096))
    h.heads_of(i, 32, 8, 128)
    for e in range(8):
        for n, s in (("gate", (14336, 4096)), ("up", (14336, 4096)), ("down", (4096, 14336))):
            h.add(f"blk.{i}.ffn_{n}.{e}.weight", s, Q.Q6_K if n == "down" and e % 2 else Q.Q4_K)
h.save(64)



# Whole models of which only the sizes in each file type are kept.
def sizes(model, arch, hidden, layers, vocab, heads, kv, size, ffn, tied=False, norms=2, fused=False, fused_up=False,
          gated=True, bias=(), experts=None, learned=0, norm_bias=False, output_bias=False, qk=0, qk_full=False, sinks=False,
          seventy=False, expert_bias=0, **k):
    h = Free(model, arch, hidden, layers, vocab, 4096, heads, kv, ffn, **k)
    h.ends(tied=tied, bias=norm_bias)
    if learned:
        h.put("position_embd.weight", (learned, hidden))
    if output_bias:
        h.put("output.bias", (vocab,))
    for i in range(layers):
        for n in range(norms):
            h.put(f"blk.{i}.n{n}_norm.weight", (hidden,))
            if norm_bias:
                h.put(f"blk.{i}.n{n}_norm.bias", (hidden,))
        if fused:
            h.one(i, attn_qkv=((heads + 2 * kv) * size, hidden), attn_output=(hidden, heads * size))
        else:
            h.heads_of(i, heads, kv, size)
        for n, width in bias:
            h.put(f"blk.{i}.{n}.bias", (width,))
        if qk:
            h.one(i, attn_q_norm=qk * (heads if qk_full else 1), attn_k_norm=qk * (kv if qk_full else 1))
        if sinks:
            h.put(f"blk.{i}.attn_sinks.weight", (heads,))
        if experts:
            h.experts_of(i, **experts)
        elif fused_up:
            h.one(i, ffn_up=(2 * ffn, hidden), ffn_down=(hidden, ffn))
        else:
            h.one(i, ffn_up=(ffn, hidden), ffn_down=(hidden, ffn))
            if gated:
                h.one(i, ffn_gate=(ffn, hidden))
        if expert_bias:
            h.put(f"blk.{i}.more.bias", (expert_bias,))
    mixture(h, model, seventy=seventy)


sizes("llama-2-7b", "llama", 4096, 32, 32000, 32, 32, 128, 11008)
sizes("llama-3.1-70b", "llama", 8192, 80, 128256, 64, 8, 128, 28672, seventy=True)
sizes("tinyllama-1.1b", "llama", 2048, 22, 32000, 32, 4, 64, 5632)
sizes("mixtral-8x7b", "llama", 4096, 32, 32000, 32, 8, 128, 14336, experts=dict(count=8, size=14336), add_expert_count=8)
sizes("qwen3-30b-a3b", "qwen3moe", 2048, 48, 151936, 32, 4, 128, 6144, experts=dict(count=128, size=768), qk=128,
      add_expert_count=128)
sizes("gemma-2-2b", "gemma2", 2304, 26, 256000, 8, 4, 256, 9216, tied=True, norms=4)
sizes("gemma-3-1b", "gemma3", 1152, 26, 262144, 4, 1, 256, 6912, tied=True, norms=4, qk=256)
sizes("olmo-2-7b", "olmo2", 4096, 32, 100352, 32, 32, 128, 11008, qk=128, qk_full=True)
sizes("phi-3-mini-4k", "phi3", 3072, 32, 32064, 32, 32, 96, 8192, fused=True, fused_up=True)
sizes("phi-2", "phi2", 2560, 32, 51200, 32, 32, 80, 10240, norms=1, gated=False, norm_bias=True,
      bias=(("q", 2560), ("k", 2560), ("v", 2560), ("o", 2560), ("up", 10240), ("down", 2560)), output_bias=True)
sizes("gpt2-small", "gpt2", 768, 12, 50257, 12, 12, 64, 3072, tied=True, fused=True, gated=False, norm_bias=True,
      learned=1024, bias=(("qkv", 2304), ("o", 768), ("up", 3072), ("down", 768)))
sizes("falcon-7b", "falcon", 4544, 32, 65024, 71, 1, 64, 18176, tied=True, norms=1, fused=True, gated=False, norm_bias=True)
sizes("gpt-oss-20b", "gpt-oss", 2880, 24, 201088, 64, 8, 64, 0, experts=dict(count=32, size=2880), sinks=True,
      bias=(("q", 4096), ("k", 512), ("v", 512), ("o", 2880)), add_expert_count=32, expert_bias=32 * (3 * 2880 + 1))
# DeepSeek-V2-Lite with the split matrices of newer files.
h = Free("deepseek-v2-lite", "deepseek2", 2048, 27, 102400, 163840, 16, 1, 10944, add_expert_count=64)
h.ends()
for i in range(27):
    h.norms(i)
    latent(h, i, 16, 512, 64, 128, 128, split=True)
    h.dense_of(i, 10944) if i == 0 else h.experts_of(i, 64, 1408, 2816)
mixture(h, "deepseek-v2-lite")
with open(os.path.join(HERE, "mixtures.csv"), "w") as f:
    f.write("model,type,tensor_bytes\n")
    for row in mixtures:
        f.write(",".join(map(str, row)) + "\n")

# A whole file of a tiny model, in every format that gguf-py quantises to.
rng = np.random.default_rng(5)
path = os.path.join(HERE, "tiny.gguf")
w = gguf.GGUFWriter(path, "llama")
w.add_block_count(1)
w.add_context_length(512)
w.add_embedding_length(64)
w.add_feed_forward_length(128)
w.add_head_count(4)
w.add_head_count_kv(2)


def tensor(name, rows_, cols, kind):
    data = rng.standard_normal((rows_, cols)).astype(np.float32)
    if kind == Q.F32:
        w.add_tensor(name, data if rows_ > 1 else data[0])
    else:
        w.add_tensor(name, gguf.quants.quantize(data, kind), raw_dtype=kind)


tensor("token_embd.weight", 40, 64, Q.Q8_0)
tensor("output_norm.weight", 1, 64, Q.F32)
for n, r, c, k in (("attn_norm", 1, 64, Q.F32), ("ffn_norm", 1, 64, Q.F32), ("attn_q", 64, 64, Q.Q4_0),
                   ("attn_k", 32, 64, Q.Q4_1), ("attn_v", 32, 64, Q.Q5_0), ("attn_output", 64, 64, Q.Q5_1),
                   ("ffn_gate", 128, 64, Q.F16), ("ffn_up", 128, 64, Q.BF16), ("ffn_down", 64, 128, Q.Q8_0)):
    tensor(f"blk.0.{n}.weight", r, c, k)
w.write_header_to_file()
w.write_kv_data_to_file()
w.write_tensors_to_file()
w.close()
reader = gguf.GGUFReader(path)
rows.append(("tiny", "llama", os.path.getsize(path), reader.data_offset, len(reader.tensors),
             sum(int(t.n_elements) for t in reader.tensors), sum(int(t.n_bytes) for t in reader.tensors)))

# The same shapes in safetensors, in two formats.
one = lambda *s: rng.standard_normal(s).astype(np.float16)
tensors = {"model.embed_tokens.weight": one(40, 64), "model.norm.weight": one(64).astype(np.float32)}
p = "model.layers.0."
for n, s in (("self_attn.q_proj", (64, 64)), ("self_attn.k_proj", (32, 64)), ("self_attn.v_proj", (32, 64)),
             ("self_attn.o_proj", (64, 64)), ("mlp.gate_proj", (128, 64)), ("mlp.up_proj", (128, 64)),
             ("mlp.down_proj", (64, 128))):
    tensors[p + n + ".weight"] = one(*s)
for n in ("input_layernorm", "post_attention_layernorm"):
    tensors[p + n + ".weight"] = one(64).astype(np.float32)
save_file(tensors, os.path.join(HERE, "tiny.safetensors"), metadata={"format": "pt"})
size = os.path.getsize(os.path.join(HERE, "tiny.safetensors"))
total = sum(t.nbytes for t in tensors.values())
rows.append(("tiny-st", "llama", size, size - total, len(tensors), sum(t.size for t in tensors.values()), total))
with open(os.path.join(HERE, "tiny.config.json"), "w") as f:
    f.write('{"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4, '
            '"num_key_value_heads": 2, "intermediate_size": 128, "vocab_size": 40, "max_position_embeddings": 512, '
            '"tie_word_embeddings": true, "torch_dtype": "float16"}\n')

with open(os.path.join(HERE, "expected.csv"), "w") as f:
    f.write("name,architecture,file_bytes,header_bytes,tensors,elements,tensor_bytes\n")
    for row in rows:
        f.write(",".join(map(str, row)) + "\n")

# What the packages read of the values of the tiny files: sums that a wrong value or a wrong place changes.
with open(os.path.join(HERE, "tiny-values.csv"), "w") as f:
    f.write("file,tensor,type,values,absolute_sum,weighted_sum\n")

    def line(file, name, kind, v):
        v = v.astype(np.float64).reshape(-1)
        weights = np.arange(1, v.size + 1) % 97
        f.write(f"{file},{name},{kind},{v.size},{float(abs(v).sum())!r},{float((v * weights).sum())!r}\n")

    for t in gguf.GGUFReader(os.path.join(HERE, "tiny.gguf")).tensors:
        line("tiny.gguf", t.name, t.tensor_type.name.lower(), gguf.quants.dequantize(t.data, t.tensor_type))
    for name, t in tensors.items():
        line("tiny.safetensors", name, {"float16": "f16", "float32": "f32"}[str(t.dtype)], t)

# A model in shards as gguf-py splits it; the first has metadata alone.
w = gguf.GGUFWriter(os.path.join(HERE, "shards"), "llama", split_max_tensors=4, small_first_shard=True)
w.add_block_count(1)
w.add_context_length(512)
w.add_embedding_length(32)
w.add_feed_forward_length(64)
w.add_head_count(2)
w.add_head_count_kv(1)
tensor("token_embd.weight", 20, 32, Q.Q8_0)
tensor("output_norm.weight", 1, 32, Q.F32)
for n, r, c in (("attn_norm", 1, 32), ("ffn_norm", 1, 32), ("attn_q", 32, 32), ("attn_k", 16, 32), ("attn_v", 16, 32),
                ("attn_output", 32, 32), ("ffn_gate", 64, 32), ("ffn_up", 64, 32), ("ffn_down", 32, 64)):
    tensor(f"blk.0.{n}.weight", r, c, Q.F32 if r == 1 else Q.Q4_0)
w.write_header_to_file()
w.write_kv_data_to_file()
w.write_tensors_to_file()
w.close()
