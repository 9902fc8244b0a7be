/// Families of number formats, described; which text names which format is `NumberFormat`'s and `WeightScheme`'s.
enum FormatTechniques {
  private static let expands =
    "where products are formed in 16 bits the weights are expanded: low bits speed up bytes, not arithmetic"

  private static func format(
    _ name: String, _ form: String, _ summary: String, equation: String, conditions: [String],
    source: String
  ) -> Technique {
    Technique(
      name: name, axis: .formats, form: form, summary: summary, equation: equation,
      conditions: conditions, source: source)
  }

  /// One a family.
  static let techniques = [
    format(
      "int8", "--weights int8", "Weights in whole numbers of 8 bits.",
      equation: "8 bits a weight; 8 + 16/g with a scale of 16 bits for g weights; Q8_0 8.5",
      conditions: [expands, "an 8-bit rate is used only with 8-bit activations"],
      source: "Dettmers et al., LLM.int8(), section 2; docs/method.md 2"),
    format(
      "fp8", "--weights fp8", "Weights in floating point of 8 bits, E4M3 or E5M2.",
      equation: "8 bits a weight; 8.002 with a scale of 32 bits for 128 x 128; MXFP8 8.25",
      conditions: [expands, "an 8-bit rate is used only with 8-bit activations"],
      source: "Micikevicius et al., FP8 Formats for Deep Learning; docs/method.md 2"),
    format(
      "4-bit", "--weights int4/GROUP+SCALE[+zBITS]",
      "Weights in 4 bits, with a scale for a group of them.",
      equation:
        "b + scale/g + zero/g: 4.125 (g 128), 4.15625 with a zero point; NF4 4.5, MXFP4 4.25, Q4_K 4.5",
      conditions: [
        expands, "a 4-bit rate is used only with 4-bit activations",
        "rows that blocks do not divide are stored in a wider format",
      ],
      source:
        "Frantar et al., GPTQ; Lin et al., AWQ; Dettmers et al., QLoRA, section 3; docs/method.md 2"
    ),
    format(
      "sub-4-bit", "--weights iq2_xs",
      "Weights in two to three bits: groups, super-blocks or codebooks.",
      equation:
        "INT3 g128 3.148 with a zero point; Q2_K 2.625, IQ2_XS 2.3125, IQ1_S 1.5625; AQLM 16/8 + codebook",
      conditions: [
        expands,
        "look-ups cost more than they save in bytes on some chips: speed stops growing below 4 bits",
      ],
      source: "ggml-common.h of llama.cpp; Egiazarian et al., AQLM; docs/method.md 2 and 3"),
    format(
      "ternary", "--weights ternary", "Weights of -1, 0 and 1.",
      equation: "log2 3 = 1.585 bits at best, 2 as packed by most kernels, 1.6 at five to a byte",
      conditions: [
        "trained in",
        "products are sums, but a chip without such units multiplies 8-bit integers, or expands",
      ],
      source: "Ma et al., The Era of 1-bit LLMs (BitNet b1.58), section 2"),
    format(
      "binary", "--weights binary", "Weights of -1 and 1.",
      equation:
        "1 bit a weight and scales; with binary activations 64 products are one XNOR and a population count",
      conditions: [
        "trained in",
        "the rate of 1-bit products is used only where the chip lists it and activations are binary",
      ],
      source: "Rastegari et al., XNOR-Net, section 3"),
    format(
      "mixed", "--weights SCHEME:TENSORS=FORMAT[:TENSORS=FORMAT]",
      "A scheme, and other formats for some of the tensors.",
      equation: "bits = sum over tensors of elements times bits",
      conditions: [
        "tensors are embedding, head, attention, query, key, value, output, feed_forward, experts, gate, up, down, router, norms, mixer",
        "mixtures of llama.cpp (q4_k_m) go by tensor and layer",
      ],
      source: "tools/quantize/README.md of llama.cpp; docs/method.md 2"),
    format(
      "activation-quantisation", "--activations int8",
      "Activations are quantised before each product, which is then formed in narrow numbers.",
      equation:
        "products at the 8-bit rate; 4 lane operations for each element that a product reads",
      conditions: [
        "the chip lists a rate for the format, else products go at the next wider rate and the note says so",
        "weights are no wider than the activations",
      ],
      source: "Xiao et al., SmoothQuant, section 3; docs/method.md 3"),
    format(
      "kv-formats", "--kv q8_0", "Keys and values in fewer bits than the activations.",
      equation: "KV bytes a token = 2·L·G·d_h·bits/8",
      conditions: [
        "entries are expanded when they are read, once a step", "recurrent states stay in 32 bits",
        "groups by channel and by token are a cache policy: kivi",
      ],
      source: "Hooper et al., KVQuant; Liu et al., KIVI; docs/method.md 2"),
  ]
}
