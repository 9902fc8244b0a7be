import Quantities
import Testing

@testable import Eaves

/// The llama.cpp file types: the strongest outside check of weight bytes.
@Suite struct LlamaCppMixtureTests {
  /// Bits a weight of whole Llama-3.1-8B files: `tools/quantize/README.md` of ggml-org/llama.cpp, all rows.
  @Test(arguments: [
    ("f16", 16.0005), ("q8_0", 8.5008), ("q6_k", 6.5633), ("q5_k_m", 5.7036),
    ("q5_k_s", 5.5704), ("q4_k_m", 4.8944), ("q4_k_s", 4.6672), ("iq4_nl", 4.6818),
    ("iq4_xs", 4.4597), ("q3_k_l", 4.2979), ("q3_k_m", 3.9960), ("iq3_m", 3.7628),
    ("iq3_s", 3.6606), ("q3_k_s", 3.6429), ("iq3_xs", 3.4977), ("iq3_xxs", 3.2548),
    ("q2_k", 3.1593), ("q2_k_s", 2.9697), ("iq2_m", 2.9294), ("iq2_s", 2.7403),
    ("iq2_xs", 2.5882), ("iq2_xxs", 2.3824), ("iq1_m", 2.1460), ("iq1_s", 2.0042),
  ])
  func aWholeFileOfLlamaHasItsPublishedBits(type: String, bits: Double) throws {
    let model = try Shipped.model("llama-3.1-8b")
    let compiled = CompiledModel(
      model,
      ModelChoices(
        weights: try WeightScheme(parsing: type), kv: .f16, activations: .f16))
    #expect(abs(compiled.inventory.bitsPerWeight / bits - 1) <= 1e-4)
  }

  @Test(arguments: LlamaCppMixture.all)
  func everyNameInTheTableIsAStoredFormat(mixture: LlamaCppMixture) {
    var formats = [mixture.base, mixture.output, mixture.embedding]
    formats += mixture.exceptions.map(\.format) + mixture.besideEightExperts.values
    if let separate = mixture.separateValue { formats.append(separate) }
    for format in formats {
      #expect(GGMLFormats.named(format.name) == format, "\(format.name)")
    }
  }

  @Test func everyFileTypeIsNamedOnce() throws {
    let names = WeightScheme.mixtureNames
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(try WeightScheme(parsing: name).name == name)
      #expect(try WeightScheme(parsing: name.uppercased()) == WeightScheme(parsing: name))
    }
  }

  /// What the rules of `src/llama-quant.cpp` say of values: more bits where at least four query heads share
  /// one (n_gqa ≥ 4), in a 70B model (80 layers), and beside eight experts.
  @Test(arguments: [
    ("q2_k", "q4_k", "q3_k", "q5_k", "q8_0"), ("q2_k_s", "q4_k", "q2_k", "q5_k", "q8_0"),
    ("q3_k_s", "q3_k", "q3_k", "q5_k", "q8_0"), ("q3_k_m", "q4_k", "q4_k", "q5_k", "q8_0"),
    ("q3_k_l", "q5_k", "q5_k", "q5_k", "q8_0"), ("q4_k_s", "q4_k", "q4_k", "q5_k", "q8_0"),
    ("q4_k_m", "q4_k", "q4_k", "q5_k", "q8_0"), ("q5_k_s", "q5_k", "q5_k", "q5_k", "q8_0"),
    ("q5_k_m", "q5_k", "q5_k", "q5_k", "q8_0"), ("iq4_xs", "q5_k", "iq4_xs", "q5_k", "q8_0"),
    ("iq4_nl", "q5_k", "iq4_nl", "q5_k", "q8_0"), ("iq3_m", "q4_k", "q4_k", "q5_k", "q8_0"),
    ("iq3_s", "q4_k", "iq3_s", "q5_k", "q8_0"), ("iq3_xs", "q4_k", "iq3_s", "q5_k", "q8_0"),
    ("iq3_xxs", "q4_k", "iq3_xxs", "q5_k", "q8_0"), ("iq2_m", "q4_k", "iq3_s", "q4_k", "q4_k"),
    ("iq2_s", "q4_k", "iq3_s", "q4_k", "q4_k"), ("iq2_xs", "q4_k", "q2_k", "q4_k", "q4_k"),
    ("iq2_xxs", "q4_k", "q2_k", "q4_k", "q4_k"), ("iq1_m", "q4_k", "q2_k", "q4_k", "q4_k"),
    ("iq1_s", "q4_k", "q2_k", "q4_k", "q4_k"), ("q6_k", "q6_k", "q6_k", "q6_k", "q8_0"),
    ("q4_0", "q4_0", "q4_0", "q4_0", "q8_0"), ("q8_0", "q8_0", "q8_0", "q8_0", "q8_0"),
  ])
  func valuesGoByHeadSharingSizeAndExperts(
    type: String, shared: String, separate: String, seventy: String, eight: String
  ) throws {
    let scheme = try WeightScheme(parsing: type)
    // A layer outside the first eighth that is not one of those with more bits.
    var place = TensorPlace(role: .value, layer: 10, layers: 32, rowLength: 4096, sharing: 4)
    #expect(scheme.format(of: place).name == shared)
    place.sharing = 8
    place.experts = 8
    #expect(scheme.format(of: place).name == eight)
    place.experts = 128
    #expect(scheme.format(of: place).name == shared)
    place.experts = 0
    place.sharing = 1
    #expect(scheme.format(of: place).name == separate)
    place = TensorPlace(role: .value, layer: 23, layers: 80, rowLength: 8192, sharing: 8)
    #expect(scheme.format(of: place).name == seventy)
  }

  @Test(arguments: [
    ("q4_k_m", "q5_k", "q8_0"), ("q5_k_m", "q5_k", "q8_0"), ("q3_k_l", "q3_k", "q8_0"),
    ("iq2_xs", "q5_k", "q4_k"), ("iq4_xs", "q5_k", "q8_0"),
  ])
  func attentionGetsMoreBitsBesideEightExperts(type: String, output: String, key: String) throws {
    let scheme = try WeightScheme(parsing: type)
    let place = TensorPlace(
      role: .attentionOutput, layer: 10, layers: 32, rowLength: 4096, experts: 8)
    #expect(scheme.format(of: place).name == output)
    var other = place
    other.role = .key
    #expect(scheme.format(of: other).name == key)
    // The experts themselves do not.
    other.role = .up
    other.isExpert = true
    other.experts = 0
    let alone = scheme.format(of: other)
    other.experts = 8
    #expect(scheme.format(of: other) == alone)
  }

  /// Q4_K_S raises the values of four layers, whatever the depth, and an eighth of the down projections.
  @Test func smallFilesRaiseTheFirstFourValues() throws {
    let scheme = try WeightScheme(parsing: "q4_k_s")
    for (role, layer, name) in [
      (TensorRole.value, 3, "q5_k"), (.value, 4, "q4_k"), (.down, 9, "q5_k"), (.down, 10, "q4_k"),
    ] {
      let place = TensorPlace(role: role, layer: layer, layers: 81, rowLength: 8192)
      #expect(scheme.format(of: place).name == name)
    }
  }

  /// An output whose rows the base's blocks do not divide is Q8_0, whatever the type asks for.
  @Test func theOutputOfOddWidthIsEightBits() throws {
    for type in ["q4_k_m", "iq2_xs", "iq1_s", "q6_k"] {
      let scheme = try WeightScheme(parsing: type)
      let head = TensorPlace(role: .head, layers: 24, rowLength: 896)
      #expect(scheme.format(of: head).name == "q8_0")
      let tied = TensorPlace(role: .embedding, layers: 24, rowLength: 896, isTied: true)
      #expect(scheme.format(of: tied).name == "q8_0")
    }
  }

  /// The ternary types keep an untied embedding in Q4_K.
  @Test func ternaryFilesHaveAWiderEmbedding() throws {
    for (type, name) in [("tq1_0", "q4_k"), ("tq2_0", "q4_k"), ("q4_0", "q4_0")] {
      let place = TensorPlace(role: .embedding, layers: 32, rowLength: 4096)
      #expect(try WeightScheme(parsing: type).format(of: place).name == name)
    }
  }

  /// A model brings its own head sharing and experts along.
  @Test func aModelSaysHowItsHeadsAreShared() throws {
    func bits(_ model: Model) throws -> Double {
      let scheme = try WeightScheme(parsing: "q2_k")
      let choices = ModelChoices(weights: scheme, kv: .f16, activations: .f16)
      return CompiledModel(model, choices).inventory.weightBytes.value
    }
    let model = try Shipped.model("llama-2-7b")
    // Every value of Q2_K is Q3_K here, 110 bytes a block: Llama-2-7B shares no heads.
    let (width, inner, vocabulary) = (4096, 11_008, 32_000)
    let block = 256
    var bytes = vocabulary * width / block * (84 + 210)
    bytes += 32 * width * width / block * (84 + 84 + 110 + 110)
    bytes += 32 * width * inner / block * (84 + 84 + 110)
    bytes += 4 * (32 * 2 + 1) * width
    #expect(try bits(model) == Double(bytes))
  }

  /// Rows that 256 does not divide take the stand-in of `tensor_type_fallback` in `src/llama-quant.cpp`.
  @Test(arguments: [
    ("q2_k", "q4_0"), ("q3_k", "q4_0"), ("q4_k", "q5_0"), ("q5_k", "q5_1"), ("q6_k", "q8_0"),
    ("tq1_0", "q4_0"), ("tq2_0", "q4_0"), ("iq1_s", "iq4_nl"), ("iq1_m", "iq4_nl"),
    ("iq2_xxs", "iq4_nl"), ("iq2_xs", "iq4_nl"), ("iq2_s", "iq4_nl"), ("iq3_xxs", "iq4_nl"),
    ("iq3_s", "iq4_nl"), ("iq4_xs", "iq4_nl"),
  ])
  func rowsThatNoBlockDividesFallBack(name: String, standIn: String) throws {
    let format = try #require(GGMLFormats.named(name))
    #expect(GGMLFormats.fallback(for: format, rowLength: 4096) == format)
    // Qwen2.5-0.5B, gpt-oss and Gemma 3 1B have such widths.
    for width in [896, 2880, 1152] {
      #expect(GGMLFormats.fallback(for: format, rowLength: width).name == standIn, "\(width)")
    }
    #expect(GGMLFormats.fallback(for: format, rowLength: 100) == .f16)
  }

  /// Widths of real models: every row of these widths falls back, every multiple of 256 does not.
  @Test(arguments: [("qwen2.5-0.5b", 896), ("gpt-oss-20b", 2880), ("gemma-3-1b", 1152)])
  func modelsOfOddWidthGetNoSuperBlocks(name: String, width: Int) throws {
    let model = try Shipped.model(name)
    #expect(model.hiddenSize == width)
    let scheme = try WeightScheme(parsing: "q4_k_m")
    let wide = TensorPlace(role: .query, layer: 5, layers: model.layers.count, rowLength: width)
    #expect(scheme.format(of: wide).name == "q5_0")
    var even = wide
    even.rowLength = 4096
    #expect(scheme.format(of: even).name == "q4_k")
  }

  /// Stored bytes by hand: every tensor of Qwen2.5-0.5B as Q4_K_M, each in whole blocks of its rows.
  @Test func aFileOfOddWidthHasTheBytesOfItsBlocks() throws {
    let model = try Shipped.model("qwen2.5-0.5b")
    let compiled = CompiledModel(
      model,
      ModelChoices(
        weights: try WeightScheme(parsing: "q4_k_m"), kv: .f16, activations: .f16))
    let (width, inner, entry, vocabulary, layers) = (896, 4864, 128, 151_936, 24)
    // Values and down projections of 12 of 24 layers have more bits: the first 3, the last 3, and every
    // third between.
    let more = (0..<layers).filter { $0 < 3 || $0 >= 21 || ($0 - 3) % 3 == 2 }.count
    #expect(more == 12)
    // Rows of 896 are blocks of 32: 22 bytes in Q5_0 for Q4_K, 34 in Q8_0 for Q6_K. Rows of 4864 are 19
    // blocks of 256: 144 bytes in Q4_K, 210 in Q6_K.
    let blocks = width / 32
    let table = vocabulary * blocks * 34  // tied: it is the output head
    let queryKeyOutput = layers * (width + entry + width) * blocks * 22
    let values = more * entry * blocks * 34 + (layers - more) * entry * blocks * 22
    let gateUp = layers * 2 * inner * blocks * 22
    let down = more * width * 19 * 210 + (layers - more) * width * 19 * 144
    let normsAndBiases = 4 * (layers * (2 * width + width + 2 * entry) + width)
    let bytes = table + queryKeyOutput + values + gateUp + down + normsAndBiases
    #expect(compiled.inventory.weightBytes.value == Double(bytes))
  }
}
