import Foundation
import Testing

/// Arguments that mean nothing: one clear line and exit code 64, or 66 for a name that nobody has.
@Suite struct BadArgumentTests {
  private static let bound = "bound llama-2-7b --on nvidia-a100-sxm-80"
  private static let compare = "compare llama-2-7b --on nvidia-a100-sxm-80"

  static let values: [(String, Int32, [String])] = [
    ("\(bound) --context 0", 64, ["--context", "\"0\"", "8k"]),
    ("\(bound) --context=-5", 64, ["--context", "\"-5\""]),
    ("\(bound) --context -5", 64, ["--context"]),
    ("\(bound) --context 8q", 64, ["--context", "\"8q\"", "8k"]),
    ("\(bound) --context 1.5k", 64, ["--context", "\"1.5k\""]),
    ("\(bound) --context 1e3", 64, ["--context", "\"1e3\""]),
    ("\(bound) --context 2000M", 64, ["--context", "\"2000M\""]),
    ("\(bound) --context 99999999999999999999", 64, ["--context"]),
    ("\(bound) --context nan", 64, ["--context", "\"nan\""]),
    ("\(bound) --context 1k,2k", 64, ["--context", "\"1k,2k\""]),
    ("\(bound) --batch 0", 64, ["--batch", "\"0\""]),
    ("\(bound) --batch 1e9", 64, ["--batch", "\"1e9\""]),
    ("\(bound) --batch 99999999999999999999", 64, ["--batch"]),
    ("\(bound) --prompt 0", 64, ["--prompt"]),
    ("\(bound) --generate none", 64, ["--generate", "\"none\""]),
    ("\(bound) --phase sideways", 64, ["--phase", "\"sideways\"", "prefill", "decode"]),
    ("\(bound) --weights nonsense", 64, ["--weights", "\"nonsense\""]),
    ("\(bound) --weights int4/0+f16", 64, ["--weights", "int4/0+f16"]),
    ("\(bound) --kv q4_k_m", 64, ["--kv", "q4_k_m", "--weights"]),
    ("\(bound) --activations q4_k_m", 64, ["--activations", "q4_k_m"]),
    ("\(bound) --power-mode nonsense", 64, ["--power-mode", "nvidia-a100-sxm-80", "nonsense"]),
    (
      "bound llama-2-7b --on nvidia-agx-orin-64 --power-mode 40W", 64,
      ["--power-mode", "40W", "30W"]
    ),
    ("\(bound) --schedule flash9", 64, ["--schedule", "\"flash9\"", "flash2"]),
    ("\(bound) --cache magic", 64, ["--cache", "\"magic\"", "sinks:SINKS+WINDOW"]),
    ("\(bound) --cache sinks:4", 64, ["--cache", "\"sinks:4\"", "write sinks:SINKS+WINDOW"]),
    ("\(bound) --cache kivi:3", 64, ["--cache", "\"kivi:3\"", "write kivi:2|4"]),
    ("\(bound) --pattern window:0", 64, ["--pattern", "\"window:0\""]),
    ("\(bound) --devices 4", 64, ["--parallel", "4 devices"]),
    ("\(bound) --devices 0", 64, ["--devices", "\"0\""]),
    ("\(bound) --experts lru:4", 64, ["--experts", "no experts"]),
    ("\(bound) --format xml", 64, ["xml", "markdown"]),
    ("formats show nonsense", 64, ["\"nonsense\""]),
    ("kv llama-2-7b --contexts 8k..1k", 64, ["\"8k..1k\""]),
    ("kv llama-2-7b --contexts 1k..", 64, ["\"1k..\""]),
    ("kv llama-2-7b --contexts 1k,,2k", 64, ["empty value"]),
    ("kv llama-2-7b --batch 0", 64, ["--batch"]),
    ("kv llama-2-7b --kv q4_k_m", 64, ["--kv"]),
    ("\(compare) --across weights", 64, ["--across", "\"weights\"", "axis=value,value"]),
    ("\(compare) --across =", 64, ["--across", "\"=\""]),
    ("\(compare) --across weights=", 64, ["--across", "\"weights=\""]),
    (
      "\(compare) --across wieghts=f16,q8_0", 64,
      ["--across", "\"wieghts\"", "did you mean weights"]
    ),
    ("\(compare) --across zzz=1", 64, ["--across", "\"zzz\"", "weights", "context"]),
    ("\(compare) --across context=8k..1k", 64, ["\"8k..1k\""]),
    ("\(compare) --across weights=f16,,q8_0", 64, ["empty value"]),
    ("\(compare) --across weights=f16,nonsense", 64, ["--weights", "\"nonsense\""]),
    ("\(compare) --across chip=rpi-5,rpi-6", 66, ["\"rpi-6\"", "rpi-5"]),
    ("validate kernels --threads 0", 64, ["--threads", "1 to 256"]),
    ("validate kernels --threads many", 64, ["--threads", "many"]),
    ("validate pruning --kind tails", 64, ["--kind", "tails", "heads, neurons, layers"]),
    ("calibrate host --threads 0", 64, ["--threads", "1 to 256"]),
    ("calibrate --threads many", 64, ["--threads", "many"]),
    ("calibrate host --budget 0", 64, ["--budget", "0.1 to 3600"]),
    ("calibrate runtime", 64, ["calibrate runtime", "calibrate host"]),
  ]

  static let usage: [(String, Int32, [String])] = [
    ("frobnicate", 64, ["\"frobnicate\"", "eaves --help"]),
    ("bond llama-2-7b", 64, ["\"bond\"", "did you mean bound?"]),
    ("chips lst", 64, ["\"chips lst\"", "did you mean list?"]),
    ("help frobnicate", 64, ["\"frobnicate\""]),
    ("bound", 64, ["<model>"]), ("bound llama-2-7b", 64, ["--on"]),
    ("bound llama-2-7b --on", 64, ["--on"]), ("\(bound) --weights", 64, ["--weights"]),
    ("\(bound) --output", 64, ["--output"]), ("\(bound) --format", 64, ["--format"]),
    ("\(bound) --context --batch 4", 64, ["--context"]), ("\(bound) --nope", 64, ["--nope"]),
    ("\(bound) --contxt 8k", 64, ["--contxt", "--context"]), ("\(bound) -x", 64, ["-x"]),
    ("\(bound) extra", 64, ["extra"]), ("compare llama-2-7b --on rpi-5", 64, ["--across"]),
    ("compare --on rpi-5 --across context=1k", 64, ["model"]),
    ("compare llama-2-7b --across context=1k", 64, ["--on"]), ("kv", 64, ["<models>"]),
    ("sweep", 64, ["<study>"]), ("sweep kv-growth kv-growth", 64, ["kv-growth"]),
    ("chips show", 64, ["<chip>"]), ("validate nonsense", 64, ["nonsense"]),
  ]

  static let unknown: [(String, Int32, [String])] = [
    ("bound llama-2-7c --on rpi-5", 66, ["\"llama-2-7c\"", "llama-2-7b", "eaves models list"]),
    ("bound xyzzyplugh --on rpi-5", 66, ["\"xyzzyplugh\"", "eaves models list"]),
    ("bound llama-2-7b --on rpi-6", 66, ["\"rpi-6\"", "rpi-5", "eaves chips list"]),
    ("bound llama-2-7b --on llama-2-7b", 66, ["\"llama-2-7b\"", "is a model"]),
    ("bound llama-2-7b --on rpi-5 --runtime lama.cpp", 66, ["llama.cpp", "eaves runtimes list"]),
    ("sweep kv-groth", 66, ["kv-growth", "eaves studies list"]),
    ("chips show rpi-6", 66, ["rpi-5"]), ("chips check rpi-6", 66, ["rpi-5"]),
    ("models show llama-2-7c", 66, ["llama-2-7b"]), ("models check llama-2-7c", 66, []),
    ("runtimes show lama.cpp", 66, ["llama.cpp"]), ("runtimes check lama.cpp", 66, []),
    ("studies show kv-groth", 66, ["kv-growth"]), ("studies check kv-groth", 66, ["kv-growth"]),
    ("kv llama-2-7b --on rpi-6", 66, ["rpi-5"]),
  ]

  @Test(arguments: [
    ("errors-values", values), ("errors-usage", usage), ("errors-unknown", unknown),
  ])
  func everyBadArgumentIsRefusedInWordsThatHelp(
    name: String, cases: [(String, Int32, [String])]
  ) throws {
    var transcript = Transcript()
    for (line, code, parts) in cases {
      try transcript.refuse(line.split(separator: " ").map(String.init), code, naming: parts)
    }
    try Snapshot.check(transcript.text, name)
  }

  /// Arguments that a line cannot show.
  @Test func emptyArgumentsLineBreaksAndControlCharactersAreRefusedOnOneLine() throws {
    let bound = Self.bound.split(separator: " ").map(String.init)
    let nasty = "a\nb\r\u{1B}[31mc\u{7}\u{202E}"
    let cases: [(String, [String], Int32)] = [
      ("an empty command", [""], 64), ("an empty subcommand", ["chips", ""], 64),
      ("an empty model", ["bound", "", "--on", "rpi-5"], 66),
      ("an empty chip", ["bound", "llama-2-7b", "--on", ""], 66),
      ("an empty study", ["sweep", ""], 66), ("an empty context", bound + ["--context", ""], 64),
      ("an empty phase", bound + ["--phase", ""], 64),
      ("an empty format", bound + ["--format", ""], 64),
      ("an empty file name", bound + ["--output", ""], 64),
      ("an empty runtime", bound + ["--runtime", ""], 66),
      ("an empty list", ["kv", "llama-2-7b", "--contexts", ""], 64),
      ("an empty axis", ["compare", "llama-2-7b", "--on", "rpi-5", "--across", ""], 64),
      ("a nasty command", [nasty], 64), ("a nasty model", ["bound", nasty, "--on", "rpi-5"], 66),
      ("a nasty chip", ["bound", "llama-2-7b", "--on", nasty], 66),
      ("a nasty option", bound + ["--\(nasty)"], 64), ("a nasty argument", bound + [nasty], 64),
      ("a nasty context", bound + ["--context", nasty], 64),
      ("a nasty format of weights", bound + ["--weights", nasty], 64),
      ("a nasty power mode", bound + ["--power-mode", nasty], 64),
      ("a nasty format", bound + ["--format=\(nasty)"], 64),
      ("a nasty folder", bound + ["--output", "\(nasty)/out.csv"], 73),
      ("a nasty axis", ["compare", "llama-2-7b", "--on", "rpi-5", "--across", "\(nasty)=1"], 64),
      ("a nasty path", ["sweep", "./\(nasty).json"], 66),
    ]
    var transcript = Transcript()
    for (title, arguments, code) in cases {
      try transcript.refuse(arguments, code, title: title)
    }
    try Snapshot.check(transcript.text, "errors-characters")
  }

  @Test(arguments: [
    ["LONG"], ["bound", "LONG", "--on", "rpi-5"], ["bound", "llama-2-7b", "--on", "LONG"],
    ["kv", "llama-2-7b", "--contexts", "LONG"], ["sweep", "./LONG"],
    ["bound", "llama-2-7b", "--on", "rpi-5", "--weights", "LONG"],
    ["bound", "llama-2-7b", "--on", "rpi-5", "--power-mode", "LONG"],
    ["bound", "llama-2-7b", "--on", "rpi-5", "--output", "LONG"],
    ["bound", "llama-2-7b", "--on", "rpi-5", "--LONG", "1"],
    ["compare", "llama-2-7b", "--on", "rpi-5", "--across", "LONG"],
    ["compare", "llama-2-7b", "--on", "rpi-5", "--across", "LONG=1"],
  ])
  func aVeryLongArgumentIsRefusedInALineThatCanBeRead(arguments: [String]) throws {
    // The parser compares an unknown option with all others in a time that grows with its square.
    let isOption = arguments.contains("--LONG")
    let long = String(repeating: "long-", count: isOption ? 400 : 20_000)
    let outcome = try eaves(arguments.map { $0.replacing("LONG", with: long) })
    #expect([64, 66, 73].contains(outcome.code))
    outcome.expectRefusal(outcome.code)
  }

  @Test func theLargestNumbersThatOptionsTakeGiveFiniteResults() throws {
    let line = "--batch 1000000 --context 1024M --phase both --format csv"
    for model in ["llama-3.1-405b", "mixtral-8x22b", "gemma-3-27b"] {
      let outcome = try eaves("bound \(model) --on nvidia-h200-sxm \(line)")
      outcome.expectSuccess()
      #expect(!outcome.output.contains("nan") && !outcome.output.contains("inf"))
    }
    try eaves("kv llama-3.1-405b --contexts 1..1024M --batch 1..512 --format csv").expectSuccess()
  }
}
