import Foundation
import Testing

/// Studies that cannot be run: refused before the first row, by `sweep` and by `studies check`.
@Suite struct BadStudyTests {
  static let faults: [(key: String, code: Int32, parts: [String])] = [
    ("\"contxt\": \"1k\"", 65, ["\"contxt\""]), ("\"batch\": 0", 65, ["batch", "\"0\""]),
    ("\"batch\": -1", 65, ["batch"]), ("\"batch\": 1.5", 65, ["batch", "1.5"]),
    ("\"batch\": []", 65, ["batch", "empty"]),
    ("\"batch\": [1, \"x\"]", 65, ["batch[1]", "\"x\""]),
    ("\"batch\": {}", 65, ["batch"]), ("\"batch\": true", 65, ["batch"]),
    ("\"prompt\": \"8k..1k\"", 65, ["prompt", "8k..1k"]), ("\"kv\": 16", 65, ["kv"]),
    ("\"kv\": \"q4_k_m\"", 65, ["kv", "q4_k_m"]), ("\"kv\": null", 65, ["kv", "null"]),
    ("\"devices\": 0", 65, ["devices", "\"0\""]), ("\"runtime\": \"nobody\"", 66, ["\"nobody\""]),
    ("\"runtime\": \"lama.cpp\"", 66, ["llama.cpp"]),
    ("\"power-mode\": \"nonsense\"", 65, ["study.json", "power-mode", "nonsense"]),
    ("\"columns\": [\"latencys\"]", 65, ["columns", "\"latencys\"", "latency_s"]),
    ("\"columns\": \"latency_s\"", 65, ["columns"]),
    ("\"budgets\": { \"latency\": \"50\" }", 65, ["budgets.latency", "unit"]),
    ("\"budgets\": { \"latency\": \"-50 ms\" }", 65, ["budgets.latency", "negative"]),
    ("\"budgets\": { \"memory\": \"8 ms\" }", 65, ["budgets.memory", "ms"]),
    ("\"budgets\": { \"speed\": \"8 ms\" }", 65, ["budgets", "\"speed\""]),
    ("\"question\": \"again\"", 65, ["\"question\"", "again"]),
  ]

  @Test func aFaultInAStudyIsNamedBeforeAnythingIsWritten() throws {
    let place = try Sample.workplace()
    var transcript = Transcript()
    for fault in Self.faults {
      let study = Sample.study.replacing("\"weights\": [", with: "\(fault.key),\n  \"weights\": [")
      try place.write(study, to: "study.json")
      let names = place.names
      try transcript.refuse(
        ["sweep", "study.json", "--output", "out.csv"], fault.code, naming: fault.parts,
        title: fault.key, in: place)
      #expect(place.names == names)
      let check = try eaves("studies check study.json", in: place)
      check.expectRefusal(fault.code, naming: fault.parts, fault.key)
    }
    try Snapshot.check(transcript.text, "errors-study")
  }

  static let replaced: [(old: String, new: String, code: Int32, parts: [String])] = [
    ("my-chip.json", "nvidia-a100", 66, ["\"nvidia-a100\"", "nvidia-a100-sxm-80"]),
    ("my-chip.json", "gone.json", 66, ["gone.json"]),
    ("my-chip.json", "my-model.json", 65, ["my-model.json"]),
    ("my-model.json", "llama-2-7c", 66, ["llama-2-7b"]),
    ("\"chip\": [\"my-chip.json\"],", "", 65, ["\"chip\""]),
    ("\"schema\": 1", "\"schema\": 2", 65, ["schema", "2"]),
    ("{ \"weights\": \"f16\" }", "{ \"weights\": \"zz\" }", 65, ["weights", "\"zz\""]),
    ("{ \"weights\": \"f16\" }", "{ \"wights\": \"f16\" }", 65, ["\"wights\""]),
    ("{ \"weights\": \"f16\" }", "{ \"context\": \"1k..2k\" }", 65, ["baseline.context"]),
    ("\"q8_0\"", "\"q8\\n_0\"", 65, ["weights[1]"]),
    ("\"q8_0\"]", "\"q8_0\",]", 65, ["comma"]),
  ]

  @Test func unknownNamesAndValuesInAStudyAreNamed() throws {
    let place = try Sample.workplace()
    var transcript = Transcript()
    for fault in Self.replaced {
      try #require(Sample.study.contains(fault.old))
      try place.write(Sample.study.replacing(fault.old, with: fault.new), to: "study.json")
      try transcript.refuse(
        ["sweep", "study.json"], fault.code, naming: fault.parts,
        title: "\(fault.old) -> \(fault.new)", in: place)
    }
    try Snapshot.check(transcript.text, "errors-study-values")
  }
}
