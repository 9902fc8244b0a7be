import EavesCatalog
import Quantities
import Testing

@testable import Eaves

/// A mixer alone, read from the fields of a model file, in 16 bits.
struct MixerFixture {
  let shape: any MixerShape
  let mixer: any TokenMixer
  let place: MixerPlace

  /// - Parameters:
  ///   - kind: the mixer's word.
  ///   - fields: its fields as JSON, without braces.
  ///   - hidden: width of the model (d).
  ///   - model: what the model is.
  ///   - layers: how many layers it has.
  /// - Throws: what reading the fields throws.
  init(
    _ kind: String, _ fields: String = "", hidden: Int, model: Model.Kind = .decoder,
    layers: Int = 1
  ) throws {
    let reader = try ObjectReader(parsing: Array("{\(fields)}".utf8), file: "mixer.json")
    shape = try #require(try MixerList.read(kind, from: reader)).shape
    try reader.finish()
    let choices = ModelChoices(
      weights: try WeightScheme(parsing: "bf16"), kv: .bf16, activations: .bf16)
    let weights = TensorRole.allCases.map { ($0, NumberFormat.bf16) }
    place = MixerPlace(
      hidden: hidden, kind: model, norm: .rmsnorm, rotatesQueries: false, layer: 0, layers: layers,
      formats: LayerFormats(
        weights: Dictionary(uniqueKeysWithValues: weights), activations: .bf16, kv: .bf16,
        precision: PrecisionRule()),
      choices: choices)
    mixer = shape.mixer(place)
  }

  /// The operations of a step.
  func operations(_ step: Step) -> [Operation] {
    var buffer = OperationBuffer()
    mixer.emit(step, into: &buffer)
    return buffer.operations
  }

  /// FLOPs of matrix work of operations with some ids, or of all.
  func matrix(_ step: Step, _ ids: Set<Operation.ID> = Set(Operation.ID.allCases)) -> Double {
    operations(step).sum(ids) { $0.work.matrix.value }
  }

  func executed(_ step: Step, _ ids: Set<Operation.ID> = Set(Operation.ID.allCases)) -> Double {
    operations(step).sum(ids) { $0.work.executedMatrix.value }
  }

  func lanes(_ step: Step, _ ids: Set<Operation.ID>) -> Double {
    operations(step).sum(ids) { $0.work.vector.value }
  }

  func functions(_ step: Step, _ ids: Set<Operation.ID>) -> Double {
    operations(step).sum(ids) { $0.work.special.value }
  }

  /// Parameters of one layer: the resident elements of its weights.
  var parameters: Double {
    let step: Step = mixer.patternName == "bidirectional" ? .encode(1) : .prefill(1)
    return operations(step).reduce(0) { sum, operation in
      sum
        + operation.usedOperands.filter { $0.role == .weights }
        .reduce(0) { $0 + $1.residentElements * operation.weightShare }
    }
  }

  /// Every mixer with small fields: each word once.
  static let samples: [(kind: String, fields: String)] = [
    ("linear_attention", "\"heads\": 4, \"head_size\": 16"),
    ("performer", "\"heads\": 4, \"head_size\": 16, \"features\": 24"),
    ("retention", "\"heads\": 4, \"head_size\": 16, \"gated\": true"),
    ("linformer", "\"heads\": 4, \"head_size\": 16, \"rank\": 8, \"n_max\": 96"),
    ("synthesizer", "\"heads\": 4, \"head_size\": 16, \"n_max\": 96"),
    ("rwkv4", ""),
    ("rwkv6", "\"head_size\": 16, \"mix_rank\": 4, \"decay_rank\": 8"),
    (
      "rwkv7",
      "\"head_size\": 16, \"decay_rank\": 4, \"rate_rank\": 4, \"value_rank\": 4, \"gate_rank\": 8"
    ),
    ("rwkv_channel_mix", "\"size\": 128"),
    ("rg_lru", "\"size\": 96, \"heads\": 4"),
    (
      "gated_delta",
      "\"key_heads\": 2, \"value_heads\": 4, \"key_head_size\": 16, \"value_head_size\": 8"
    ),
    ("kda", "\"heads\": 4, \"head_size\": 16"),
    ("mlstm", "\"heads\": 4, \"key_head_size\": 8, \"value_head_size\": 16"),
    ("lstm", ""), ("gru", ""), ("short_conv", "\"kernel\": 3"),
  ]
}
