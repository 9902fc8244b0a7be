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


class Header:
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

    def save(self):
        w = self.w
        w.write_header_to_file()
        w.write_kv_data_to_file()
        w.write_ti_data_to_file()
        w.close()
        header = open(self.path, "rb").read()
        pad = lambda n: (n + 31) // 32 * 32
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
