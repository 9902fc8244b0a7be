import Testing

@testable import Eaves

/// Which tensor is stored in which format.
@Suite struct WeightSchemeTests {
  private static func format(
    _ scheme: WeightScheme, _ role: TensorRole, layer: Int = 4, isExpert: Bool = false,
    isTied: Bool = false
  ) -> String {
    scheme.format(
      of: TensorPlace(
        role: role, layer: layer, layers: 32, rowLength: 4096, isExpert: isExpert,
        isTied: isTied)
    ).name
  }

  @Test(arguments: TensorRole.allCases)
  func aPlainFormatHoldsEveryTensor(role: TensorRole) throws {
    #expect(Self.format(try WeightScheme(parsing: "f32"), role) == "f32")
  }

  /// Quantised formats hold the linear layers; embeddings, head, norms stay in 16 bits.
  @Test(arguments: TensorRole.allCases)
  func aGroupFormatHoldsTheLinearLayers(role: TensorRole) throws {
    let linear: Set<TensorRole> = [
      .query, .key, .value, .attentionOutput, .gate, .up, .down,
      .mixerInput, .mixerOutput, .mixerInner,
    ]
    let scheme = try WeightScheme(parsing: "awq", rest: .bf16)
    #expect(
      Self.format(scheme, role) == (linear.contains(role) ? "int4/128+f16+z4" : "bf16"))
  }

  /// Q4_K_M: half of the layers have Q6_K values and down projections, the output always, norms never.
  @Test(arguments: [
    (TensorRole.query, 4, "q4_k"), (.value, 4, "q4_k"), (.value, 0, "q6_k"),
    (.value, 6, "q6_k"), (.value, 31, "q6_k"), (.down, 6, "q6_k"), (.down, 7, "q4_k"),
    (.gate, 6, "q4_k"), (.head, 0, "q6_k"), (.embedding, 0, "q4_k"), (.norm, 6, "f32"),
    (.bias, 6, "f32"), (.router, 6, "f32"), (.positionEmbedding, 0, "f32"),
  ])
  func aMixtureGoesByTensorAndLayer(role: TensorRole, layer: Int, name: String) throws {
    #expect(Self.format(try WeightScheme(parsing: "q4_k_m"), role, layer: layer) == name)
  }

  /// A tied table is the output head as well, and gets its format.
  @Test func aTiedEmbeddingHasTheFormatOfTheHead() throws {
    let scheme = try WeightScheme(parsing: "q4_k_m")
    #expect(Self.format(scheme, .embedding, isTied: true) == "q6_k")
    #expect(Self.format(scheme, .embedding, isTied: false) == "q4_k")
  }

  /// gpt-oss is published with MXFP4 experts and everything else in bf16.
  @Test func aPublishedSchemeKeepsItsGroupsApart() throws {
    let model = try Shipped.model("gpt-oss-120b")
    let scheme = WeightScheme(published: model.publishedFormat, groups: model.publishedGroups)
    #expect(scheme.name == "bf16+mxfp4")
    #expect(Self.format(scheme, .up, isExpert: true) == "mxfp4")
    #expect(Self.format(scheme, .up) == "bf16")
    #expect(Self.format(scheme, .router) == "bf16")
    #expect(Self.format(scheme, .query) == "bf16")
  }

  @Test(arguments: ["f16", "bf16", "q8_0", "q4_k_m", "mxfp4", "int4/128+f16", "ternary"])
  func aSchemeReadsBackFromItsName(name: String) throws {
    let scheme = try WeightScheme(parsing: name)
    #expect(scheme.description == name)
    #expect(try WeightScheme(parsing: scheme.description) == scheme)
  }

  @Test func whatIsNeitherFormatNorFileTypeIsRefused() {
    #expect(throws: FormatError.self) { try WeightScheme(parsing: "q4_k_xl") }
    #expect(throws: FormatError.self) { try WeightScheme(parsing: "published") }
  }
}
