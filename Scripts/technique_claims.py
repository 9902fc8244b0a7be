"""Widely repeated claims, each with its verdict and what checks it: for write_technique_pages.py."""

A100 = "--on nvidia-a100-sxm-80"

CLAIMS = [
    {
        "claim": "Latent attention cuts the KV cache by 93.3 % against multi-head attention, and beats even MQA",
        "verdict":
            "The baseline is another one. 93.3 % is DeepSeek-V2 with 6 bits for an element of its latents against "
            "DeepSeek 67B, which has eight KV heads, in 16 bits. In the same precision it is 82.2 %, as the two "
            "caches below say. A latent of 512 + 64 takes 2.25 times as much as an MQA cache with heads of 128.",
        "commands": ["kv deepseek-v2 deepseek-67b --contexts 1k,128k"],
        "figures": ["mla-93.3", "mla-2.25-groups"],
    },
    {
        "claim": "MobileViT is three times as fast as comparable convolutional networks",
        "verdict":
            "False. On an iPhone 12 its authors measured 7.28 ms, against 0.92 ms for MobileNetv2: 7.9 times as slow. "
            "3.2 times is what MobileViTv2 gains over MobileViT.",
        "figures": ["mobilevit-table3.mobilenet-v2", "mobilevit-table3.mobilevit", "mobilevit2"],
    },
    {
        "claim": "Mistral and Mixtral interleave sliding and full attention",
        "verdict":
            "False. Mistral 7B v0.1 has a window in every layer, Mixtral in none. Gemma 2 and 3 and gpt-oss "
            "interleave: their cache has both kinds.",
        "commands": [
            "kv mistral-7b-v0.1 mixtral-8x7b gemma-2-9b gemma-3-27b gpt-oss-20b --contexts 128k"],
    },
    {
        "claim": "Mixtral 8x7B costs what a model of 13 billion parameters costs",
        "verdict":
            "At batch 1 only, where a step reads two experts of eight. Eight sequences touch 7.2 of them: the bytes of "
            "weights grow 3.3-fold, and the dense model is the faster one. What must be resident is 46.7 billion "
            "parameters at any batch.",
        "commands": [
            "compare --on nvidia-h200-sxm --context 4k --across model=llama-2-13b,mixtral-8x7b",
            "compare --on nvidia-h200-sxm --context 4k --batch 8 --across model=llama-2-13b,mixtral-8x7b"],
        "figures": ["moe-distinct.8-2-batch-1", "moe-distinct.8-2-batch-8"],
    },
    {
        "claim": "2:4 sparsity doubles the speed",
        "verdict":
            "That is the peak of the matrix units. Weights in 16 bits take 0.5625 of their bytes with the indices, so "
            "a decode step gains at most 1.78 times; published products gain 1.5 to 1.8 times.",
        "figures": ["2to4-peak", "2to4-bytes.fp16", "2to4-bert"],
    },
    {
        "claim": "Ring attention hides its communication almost entirely",
        "verdict":
            "Where a device has at least c = F·kb·G/(2·B·H) tokens: 1,040 for multi-head attention on an A100 over "
            "NVLink, about 25,000 over InfiniBand. With 256 tokens a device the gain of eight devices is well short "
            "of 8.",
        "commands": [
            f"compare llama-2-7b {A100} --phase prefill --context 2k --parallel ring --across devices=1,8",
            f"compare llama-2-7b {A100} --phase prefill --context 32k --parallel ring --across devices=1,8"],
        "figures": ["ring-c-a100-nvlink", "ring-c-a100-ib"],
    },
    {
        "claim": "FlashAttention is two to four times as fast, exact, and takes memory linear in the tokens",
        "verdict":
            "True, exact up to rounding. The factor is that of attention; a whole model gains what attention's share "
            "of its time allows, and more the longer the context.",
        "commands": [
            f"compare llama-3.1-8b {A100} --phase prefill --context 2k --across schedule=materialised,flash2",
            f"compare llama-3.1-8b {A100} --phase prefill --context 16k --across schedule=materialised,flash2"],
        "figures": ["fa-fig2-hbm-std", "fa-fig2-hbm-fa"],
    },
    {
        "claim": "The Synthesizer is linear attention",
        "verdict":
            "It is not: its weights times values are n² products, and its learned rows are as long as the longest "
            "context.",
        "commands": ["techniques show synthesizer"],
    },
    {
        "claim": "8-bit quantisation is a quarter of FP32 and two to three times as fast",
        "verdict":
            "A quarter and the scales: Q8_0 has 8.5 bits a weight, 3.76 times fewer than 32. Published decode of "
            "Llama 3.1 8B gains 1.75 times over 16 bits, where 1.88 times fewer bytes are read.",
        "commands": [
            "formats show q8_0",
            "compare llama-3.1-8b --on apple-m2-max-38 --context 512 --across weights=f16,q8_0"],
        "figures": ["bpw-llama31-8b-q8_0", "speed-llama31-8b-f16.tg128", "speed-llama31-8b-q8_0.tg128"],
    },
    {
        "claim": "Pruning saves 2 to 10 times the memory and gives 1.5 to 4 times the speed",
        "verdict":
            "Only where whole heads, neurons or layers go, or two weights of four. Weights that are zero here and there "
            "are multiplied all the same on dense units, and an index of 32 bits a weight pays off in bytes below a "
            "density of 1/3 for 16-bit weights.",
        "figures": ["unstructured", "2to4-bytes.fp16"],
    },
    {
        "claim": "Sparse attention takes 10 to 100 times less memory and is 5 to 20 times as fast",
        "verdict":
            "n/w for the cache: 32 times at 128k tokens and a window of 4096. The linear layers stay, so that the whole "
            "step gains about twice.",
        "commands": [
            "kv llama-3.1-8b --contexts 128k",
            "kv llama-3.1-8b --contexts 128k --pattern window:4096",
            f"compare llama-3.1-8b {A100} --context 128k --across pattern=model,window:4096"],
    },
    {
        "claim": "Four bits are the floor before heroic methods",
        "verdict":
            "The published perplexities support it: 0.9 % over 16 bits at Q4_K_M, 9.3 % at Q3_K_S, 14.7 % at Q2_K. "
            "Speed flattens there too: fixed times and expanding the weights remain.",
        "commands": [
            "compare llama-3.1-8b --on apple-m2-max-38 --context 512 "
            "--across weights=f16,q8_0,q4_k_m,q3_k_s,q2_k"],
        "figures": ["ppl-kq-f16.7b", "ppl-kq-q4_k_m.7b", "ppl-kq-q3_k_s.7b", "ppl-kq-q2_k.7b"],
    },
    {
        "claim": "Inference is almost always bandwidth-bound",
        "verdict":
            "Decode at a small batch is. Prefill is not, diffusion decoding is not, and absorbed latent attention with "
            "128 heads has 241.8 FLOP a byte, above the ridge point of an A100 (153).",
        "commands": [
            f"bound llama-2-7b {A100} --context 2k --phase decode | head -n 4",
            f"bound llama-2-7b {A100} --context 2k --phase prefill | head -n 4",
            f"bound llada-8b {A100} --context 1k | head -n 4"],
        "figures": ["mla-ai-decode.128-heads", "mla-ai-decode.16-heads"],
    },
    {
        "claim": "Grouped-query attention loses next to nothing",
        "verdict": "As published: an average of 47.1 against 47.2. Quality is looked up, not simulated.",
        "commands": [
            f"compare llama-2-7b {A100} --context 4k --batch 8 --across attention=model,gqa:8"],
        "figures": ["gqa-quality.mha", "gqa-quality.gqa-8", "gqa-quality.mqa"],
    },
    {
        "claim": "The loss of distillation is α·KL + (1 − α)·CE",
        "verdict":
            "With temperature T the first term needs a factor T², or its gradients shrink with it: "
            "α·T²·KL + (1 − α)·CE. Eaves costs the student's inference, which the loss does not change, so no command "
            "checks it: a student is a model file like any other.",
        "commands": [
            "compare --on nvidia-a100-sxm-80 --context 128 --weights f16 --activations f16 "
            "--across model=bert-base,distilbert"],
    },
    {
        "claim": "The scores of 128K tokens are 16 billion",
        "verdict": "1.72·10¹⁰ for 131,072 tokens, 1.64·10¹⁰ for 128,000.",
        "figures": ["seed-128k"],
    },
]
