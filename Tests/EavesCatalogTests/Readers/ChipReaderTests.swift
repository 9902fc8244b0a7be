import Eaves
import EavesCatalog
import Quantities
import Testing

@Suite struct ChipReaderTests {
  private static let evidence = "\"basis\": \"vendor\", \"source\": \"s\", \"verified\": true"
  private static let rate = "{\"value\": \"1 TFLOP/s\", \(evidence)}"
  private static let text = """
    {
      "$schema": "../docs/schema/chip.schema.json", "schema": 1,
      "id": "test-chip", "name": "Test chip", "vendor": "Nobody", "class": "gpu", "family": "test",
      "year": 2024, "process": "5 nm", "scope": "package", "aliases": ["tc"], "default_runtime": "ideal",
      "clocks": {"boost": {"value": "1.5 GHz", \(evidence)}},
      "engines": [
        {"id": "tensor", "unit": "gpu", "kind": "matrix", "name": "Tensor cores", "count": 4,
         "count_of": "SM", "clock": "boost", "tile": {"m": 16, "n": 8, "k": 16},
         "rates": [{"input": "f16", "accumulate": "f32", "peak": \(rate), "achieved": \(rate),
           "sparse": [{"pattern": "2:4", "speedup": 2.0, "source": "s", "verified": true}]}]},
        {"id": "sfu", "unit": "gpu", "kind": "special", "name": "SFU",
         "rates": [{"input": "f32", "accumulate": "f32", "operation": "exp", "peak": \(rate)}]}
      ],
      "memory": [
        {"id": "l2", "kind": "cache", "name": "L2", "managed": "hardware", "units": ["gpu"],
         "capacity": {"value": "4 MiB", \(evidence)}, "instances": 2, "instance_of": "half",
         "usable_fraction": {"value": "75 %", \(evidence)}},
        {"id": "hbm", "kind": "hbm", "name": "HBM", "bandwidth": {"value": "2039 GB/s", \(evidence)},
         "write_bandwidth": {"value": "2 TB/s", \(evidence)},
         "measured_bandwidth": {"value": "1.8 TB/s", \(evidence)},
         "unit_bandwidth": {"cpu": {"value": "200 GB/s", \(evidence)}},
         "latency": {"value": "400 ns", \(evidence)}, "granularity": {"value": "64 B", \(evidence)},
         "technology": "HBM2e", "bus_width_bits": 5120,
         "data_rate": {"value": "3200 MT/s", \(evidence)},
         "energy": {"device": {"value": "4 pJ/B", \(evidence)}, "path": {"value": "30 pJ/B", \(evidence)}}}
      ],
      "storage": [{"id": "ssd", "kind": "flash", "name": "SSD", "bandwidth": {"value": "7 GB/s", \(evidence)}}],
      "links": [{"id": "nvlink", "kind": "nvlink", "name": "NVLink", "count": 12, "topology": "ring"}],
      "power": {"tdp": {"value": "400 W", \(evidence)}, "default_mode": "MAXN",
        "modes": [{"name": "MAXN", "cap": {"value": "60 W", \(evidence)},
          "clock_scale": {"value": "1", \(evidence)}, "bandwidth_scale": {"value": "1", \(evidence)}}],
        "thermal": {"throttle_at": {"value": "105 degC", \(evidence)},
          "resistance": {"value": "0.2 K/W", \(evidence)}, "time_constant": {"value": "30 s", \(evidence)}}},
      "overheads": {"kernel_launch": {"value": "4 us", \(evidence)}, "p2p": {"value": "9 us", \(evidence)},
        "framework": {"matmul": {"value": "10 us", \(evidence)}}},
      "energy": {"operations": [{"engine": "matrix", "input": "f16", "scope": "unit",
        "value": {"value": "0.5 pJ/FLOP", \(evidence)}}]},
      "limits": {"tensor rank": "4"},
      "claims": [{"text": "fast", "source": "s", "verified": false}],
      "notes": [{"text": "a note", "about": ["memory.l2.capacity"]}],
      "sources": {"s": {"title": "Data sheet", "tier": "vendor"}}
    }
    """

  private func chip(_ text: String) throws(DataError) -> Chip {
    try Chip(parsing: Array(text.utf8), file: "c.json")
  }

  @Test func readsEveryField() throws {
    let chip = try chip(Self.text)
    #expect(chip.id == "test-chip" && chip.chipClass == "gpu" && chip.family == "test")
    #expect(chip.year == 2024 && chip.process == "5 nm" && chip.scope == "package")
    #expect(chip.aliases == ["tc"] && chip.defaultRuntime == "ideal" && chip.vendor == "Nobody")
    #expect(chip.clocks["boost"]?.value == Hertz(1.5e9))
    let tensor = chip.engines[0]
    #expect(tensor.kind == .matrix && tensor.unit == .gpu && tensor.tile?.k == 16)
    #expect(tensor.count == 4 && tensor.countOf == "SM" && tensor.clock == "boost")
    #expect(tensor.rates[0].peak.value == FLOPsPerSecond(1e12))
    #expect(tensor.rates[0].sparse[0].speedup == 2)
    #expect(chip.engines[1].rates[0].operation == "exp")
    let cache = chip.memory[0]
    #expect(cache.capacity?.value == Bytes(0x1p22) && cache.instances == 2)
    #expect(cache.usableFraction?.value == Ratio(0.75) && cache.management == .hardware)
    let hbm = chip.memory[1]
    #expect(hbm.bandwidth?.value == BytesPerSecond(2.039e12) && hbm.instances == 1)
    #expect(hbm.unitBandwidth[.cpu]?.value == BytesPerSecond(2e11))
    #expect(hbm.latency?.value == Seconds(4e-7) && hbm.granularity?.value == Bytes(64))
    #expect(hbm.dataRate?.value == TransfersPerSecond(3.2e9) && hbm.busWidthBits == 5120)
    #expect(hbm.energy?.path?.value == JoulesPerByte(3e-11))
    #expect(chip.storage[0].bandwidth?.value == BytesPerSecond(7e9))
    #expect(chip.links[0].count == 12 && chip.links[0].topology == "ring")
    #expect(chip.power.tdp?.value == Watts(400) && chip.power.defaultMode == "MAXN")
    #expect(chip.power.modes[0].cap?.value == Watts(60))
    #expect(chip.power.thermal?.throttleAt?.value == Celsius(105))
    #expect(chip.overheads.kernelLaunch?.value == Seconds(4e-6))
    #expect(chip.overheads.pointToPoint?.value == Seconds(9e-6))
    #expect(chip.overheads.framework["matmul"]?.value == Seconds(1e-5))
    #expect(chip.operationEnergies[0].value.value == JoulesPerFLOP(5e-13))
    #expect(chip.limits == ["tensor rank": "4"])
    #expect(chip.claims[0].isVerified == false && chip.notes[0].text == "a note")
    #expect(chip.notes[0].about == ["memory.l2.capacity"])
    #expect(chip.sources["s"]?.title == "Data sheet")
  }

  @Test(arguments: [
    (
      "\"schema\": 1", "\"schema\": 2",
      "2:59: schema: version 2 is not known; version 1 is read here"
    ),
    (
      "\"test-chip\"", "\"test chip\"",
      "3:9: id: \"test chip\" is no name; write at most 64 letters, digits, dots, hyphens and underscores"
    ),
    ("\"name\": \"Test chip\", ", "", "1:1: missing key \"name\"; add it with a string"),
    (
      "\"clock\": \"boost\"", "\"clock\": \"bost\"",
      "8:33: engines[0].clock: \"bost\" is not in \"clocks\"; did you mean \"boost\"?"
    ),
    (
      "\"matrix\", \"name\"", "\"matrx\", \"name\"",
      "7:45: engines[0].kind: \"matrx\" is none of matrix, vector, special, scalar; did you mean \"matrix\"?"
    ),
    (
      "\"id\": \"sfu\"", "\"id\": \"tensor\"",
      "6:14: engines: two have the id \"tensor\"; give each a name of its own"
    ),
    (
      "\"m\": 16", "\"m\": 0",
      "8:56: engines[0].tile.m: found the number 0; write a whole number from 1 to 1000000"
    ),
    (
      "\"speedup\": 2.0", "\"speedup\": 0.5",
      "10:49: engines[0].rates[0].sparse[0].speedup: found the number 0.5; write a number from 1.0 to 1000.0"
    ),
    (
      "\"2039 GB/s\"", "\"2039\"",
      "18:72: memory[1].bandwidth.value: \"2039\" has no unit; write \"1 GB/s\" or \"1 TB/s\""
    ),
    (
      "\"2039 GB/s\"", "2039",
      "18:72: memory[1].bandwidth.value: 2039 has no unit; write a string with its unit, \"1 GB/s\" or \"1 TB/s\""
    ),
    (
      "\"75 %\"", "\"75\"",
      "17:35: memory[0].usable_fraction.value: \"75\" is more than the whole; write a share such as \"0.75\" or \"75 %\""
    ),
    (
      "{\"cpu\": {", "{\"cpx\": {",
      "21:25: memory[1].unit_bandwidth: unknown key \"cpx\"; did you mean \"cpu\"?"
    ),
    (
      "\"default_mode\": \"MAXN\"", "\"default_mode\": \"MAX\"",
      "29:108: power.default_mode: \"MAX\" is not in \"modes\"; did you mean \"MAXN\"?"
    ),
    (
      "\"source\": \"s\", \"verified\": false", "\"source\": \"t\", \"verified\": false",
      "39:41: claims[0].source: \"t\" is not in \"sources\"; add it there"
    ),
    ("\"aliases\"", "\"alias\"", "4:56: unknown key \"alias\"; did you mean \"aliases\"?"),
  ])
  func refuses(good: String, bad: String, with expected: String) {
    let found = message { () throws(DataError) in
      _ = try chip(Self.text.replacing(good, with: bad))
    }
    #expect(found == "c.json:" + expected)
  }

  @Test func readsAPartialProfile() throws {
    let text = """
      {"schema": 1, "id": "c", "name": "C", "class": "gpu", "sources": {}, "engines": [], "memory": []}
      """
    let chip = try chip(text)
    #expect(chip.engines.isEmpty && chip.memory.isEmpty)
    #expect(chip.findings().contains { $0.severity == .missing && $0.field == "memory" })
    #expect(
      message { () throws(DataError) in
        _ = try self.chip(text.replacing(", \"memory\": []", with: ""))
      }
        == "c.json:1:1: missing key \"memory\"; add it with a list of objects, [ { … } ]; [] where none is known"
    )
  }

  @Test func wantsARate() {
    let text = """
      {"schema": 1, "id": "c", "name": "C", "class": "gpu", "sources": {},
       "engines": [{"id": "e", "unit": "gpu", "kind": "matrix", "name": "E", "rates": []}],
       "memory": [{"id": "m", "kind": "dram", "name": "M"}]}
      """
    #expect(
      message { () throws(DataError) in _ = try chip(text) }
        == "c.json:2:13: engines: no engine has a rate; add one to its \"rates\"")
  }
}
