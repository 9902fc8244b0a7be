/// Words that mean something somewhere on the command line, and values that mean nothing anywhere.
enum Vocabulary {
  static let lines = [
    "bound llama-2-7b --on nvidia-a100-sxm-80 --weights q4_k_m --context 8k --phase both",
    "bound gpt-oss-20b --on apple-m2-max-38 --kv q8_0 --batch 4 --format csv",
    "bound my-model.json --on my-chip.json --runtime my-runtime.json --prompt 512 --generate 8",
    "kv llama-2-7b gemma-3-27b --contexts 1k..8k --on rpi-5 nvidia-rtx4090 --kv f16,q8_0",
    "compare llama-3.1-8b --on rpi-5 --across weights=f16,q8_0,q4_k_m --context 2k",
    "compare llama-2-7b --on nvidia-agx-orin-64 --across power-mode=15W,30W --format json",
    "sweep my-study.json --format ndjson",
    "search my-study.json --pareto tokens_per_s,energy_j:less --threads 2",
    "chips show rpi-5 --format markdown",
    "models show gemma-3-27b", "formats show int4/128+f16+z4 --format csv",
    "studies check my-study.json",
  ]

  static let words = [
    "", " ", "-", "--", "---", "=", ",", "..", "/", ".", "\n", "\u{0301}", "é", "\u{FEFF}", "0",
    "-0", "-1", "1", "1.5", "1e9", "9223372036854775807", "9223372036854775808", "1073741825",
    "1000001", "nan", "inf", "8k", "8q", "k", "M", "1k..1M", "1..1024M", "1M..1k", "..", "1..",
    "1,2", "1,,2", "f16", "f64", "int4/128+f16", "int4/0+f16", "int4/-1+f16", "int99/1+f99",
    "q4_k_m",
    "iq1_s", "q8_0", "nf4", "mxfp4", "published", "ideal", "llama.cpp", "tensorrt-llm", "rpi-5",
    "ambiq-apollo4p", "syntiant-ndp9120", "llama-2-7b", "bert-base", "gpt-oss-120b", "my-chip.json",
    "my-model.json", "my-study.json", "/", "/dev/null", "./nowhere.json", "both", "decode",
    "prefill", "window:1", "window:1000000000", "window:-1", "causal", "bidirectional", "model",
    "rolling", "full", "materialised", "flash1", "lru:4:zipf=1.0", "weights=f16,q8_0",
    "context=1..1024M", "batch=1..512", "kv=f16,q4_0", "phase=both", "chip=rpi-5,rpi-4b",
    "model=llama-2-7b,bert-base", "=", "a=b", "MAXN", "15W", "csv", "json", "table", "xml",
    String(repeating: "9", count: 400), String(repeating: "a", count: 3000),
  ]

  static let options = [
    "--on", "--runtime", "--phase", "--batch", "--context", "--prompt", "--generate", "--weights",
    "--kv", "--activations", "--attention", "--pattern", "--schedule", "--cache", "--sparsity",
    "--decoding", "--experts", "--devices", "--parallel", "--power-mode", "--format", "--across",
    "--contexts", "--all", "--pareto", "--threads", "--nope", "-o", "-on", "--on=", "--batch=0",
  ]
}

extension Vocabulary {
  /// A valid line with one to three faults.
  static func spoiled(_ random: inout SplitMix64) -> [String] {
    let line = lines.randomElement(using: &random) ?? ""
    var arguments = line.split(separator: " ").map(String.init)
    for _ in 0..<Int.random(in: 1...3, using: &random) { spoil(&arguments, &random) }
    return arguments
  }

  private static func spoil(_ arguments: inout [String], _ random: inout SplitMix64) {
    let word = words.randomElement(using: &random) ?? ""
    let option = options.randomElement(using: &random) ?? ""
    // The command itself stays: the parser refuses all others, and that is tested elsewhere.
    guard let place = arguments.indices.dropFirst().randomElement(using: &random) else { return }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: arguments.remove(at: place)
    case 1: arguments.insert(word, at: place)
    case 2: arguments += [option, word]
    case 3: arguments.insert(option, at: place)
    case 4: arguments.swapAt(place, arguments.count - 1)
    case 5: arguments[place] = String(arguments[place].shuffled(using: &random))
    default: arguments[place] = arguments[place].hasPrefix("--") ? option : word
    }
  }
}
