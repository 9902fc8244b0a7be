import Quantities
import Testing

@testable import Eaves

/// Formats by tensor over a scheme, and their bytes counted tensor by tensor.
@Suite struct MixedSchemeTests {
  private static func format(
    _ scheme: WeightScheme, _ role: TensorRole, isExpert: Bool = false, isTied: Bool = false,
    rowLength: Int = 4096
  ) -> String {
    scheme.format(
      of: TensorPlace(
        role: role, layer: 4, layers: 32, rowLength: rowLength, isExpert: isExpert, isTied: isTied)
    ).name
  }

  @Test(arguments: [
    "q4_k:head=q6_k", "int4/128+f16+z4:down=int8:attention=bf16", "q4_k_m:embedding=q8_0",
    "f16:experts=mxfp4", "nf4:norms=f32:router=f16",
  ])
  func aNameReadsBack(text: String) throws {
    #expect(try WeightScheme(parsing: text).name == text)
    var settings = Settings()
    try settings.set(.weights, to: text)
    #expect(settings.weights == text)
  }

  @Test(arguments: [
    "q4_k:", "q4_k:head", "q4_k:head=", "q4_k:=q6_k", "q4_k:tail=q6_k", "q4_k:head=q4_k_m",
    "q4_k:head=q6_k:head=q8_0", ":head=q6_k", "q4_k:head=q6_k=q8_0", "nonsense:head=q6_k",
  ])
  func anythingElseIsRefused(text: String) {
    #expect(throws: FormatError.self) { try WeightScheme(parsing: text) }
    var settings = Settings()
    #expect(throws: OptionError.self) { try settings.set(.weights, to: text) }
  }

  /// Each set is about its own tensors, and what it is not about follows the scheme.
  @Test(arguments: TensorSet.allCases)
  func aSetIsAboutItsTensors(set: TensorSet) throws {
    let scheme = try WeightScheme(parsing: "int4:\(set.rawValue)=f8e5m2")
    let plain = try WeightScheme(parsing: "int4")
    var changed = 0
    for role in TensorRole.allCases {
      for isExpert in [false, true] {
        let place = TensorPlace(
          role: role, layer: 1, layers: 8, rowLength: 512, isExpert: isExpert)
        let isMeant = set.contains(place)
        if isMeant { changed += 1 }
        #expect(
          scheme.format(of: place).name == (isMeant ? "f8e5m2" : plain.format(of: place).name))
      }
    }
    #expect(changed > 0)
  }

  @Test func theLaterOfTwoSetsCounts() throws {
    let scheme = try WeightScheme(parsing: "int4:attention=int8:value=f16")
    #expect(Self.format(scheme, .query) == "int8" && Self.format(scheme, .value) == "f16")
    let other = try WeightScheme(parsing: "int4:value=f16:attention=int8")
    #expect(Self.format(other, .value) == "int8")
  }

  /// A tied table is the head as well; rows that blocks do not divide fall back.
  @Test func tablesAndRowsAreThoseOfAFile() throws {
    let scheme = try WeightScheme(parsing: "int4:head=q6_k")
    #expect(Self.format(scheme, .embedding, isTied: true) == "q6_k")
    #expect(Self.format(scheme, .embedding) == "f16")
    #expect(Self.format(scheme, .head, rowLength: 896) == "q8_0")
  }

  /// Llama 3.1 8B, tensor by tensor.
  @Test func bytesAreTheSumOverTensors() throws {
    let (d, f, v, kv, layers) = (4096, 14_336, 128_256, 1024, 32)
    var settings = Settings()
    try settings.set(.weights, to: "bf16:attention=int8:down=int4:head=q8_0")
    let model = CompiledModel(try Shipped.model("llama-3.1-8b"), settings)
    let attention = layers * (2 * d * d + 2 * d * kv)
    let halves = layers * d * f
    var bytes = v * d * 2 + v * d / 32 * 34
    bytes += attention + halves / 2
    bytes += 2 * (2 * halves) + (2 * layers + 1) * d * 2
    #expect(model.inventory.weightBytes.value == Double(bytes))
  }

  /// Over what a model was published in.
  @Test func publishedFormatsMayBeOverridden() throws {
    var settings = Settings()
    try settings.set(.weights, to: "published:attention=int8")
    let choices = ModelChoices(try Shipped.model("gpt-oss-20b"), settings)
    #expect(choices.weights.name == "bf16+mxfp4:attention=int8")
    #expect(Self.format(choices.weights, .up, isExpert: true) == "mxfp4")
    #expect(Self.format(choices.weights, .query) == "int8")
  }
}
