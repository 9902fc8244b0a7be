/// Where something stands in a chip profile: by position for messages, by name for notes.
public struct FieldPath: Sendable, Hashable, CustomStringConvertible {
  /// By position, as the reader's messages write it: "memory[2].bandwidth".
  public let description: String
  /// By the ids of list members, which stays right when a level is added: "memory.l2.bandwidth".
  ///
  /// A rate's name is its operation ("exp") or its two formats ("f16-f32"); that of a power mode its
  /// name. The `about` of a profile's notes is written in this form.
  public let named: String

  /// A field at the top of a profile ("power").
  public init(_ field: String) {
    description = field
    named = field
  }

  private init(description: String, named: String) {
    self.description = description
    self.named = named
  }

  /// A field of what stands here.
  public subscript(field: String) -> FieldPath {
    FieldPath(description: "\(description).\(field)", named: "\(named).\(field)")
  }

  /// A member of the list that stands here.
  public func member(_ index: Int, _ name: String) -> FieldPath {
    FieldPath(description: "\(description)[\(index)]", named: "\(named).\(name)")
  }
}

extension Chip {
  /// Where an engine stands.
  func path(toEngine index: Int) -> FieldPath {
    FieldPath("engines").member(index, engines[index].id)
  }

  /// Where a rate of an engine stands.
  func path(toRate rate: Int, ofEngine index: Int) -> FieldPath {
    path(toEngine: index)["rates"].member(rate, engines[index].rates[rate].name)
  }

  /// Where a memory level stands.
  func path(toLevel index: Int) -> FieldPath {
    FieldPath("memory").member(index, memory[index].id)
  }
}

extension Engine.Rate {
  /// The formats, or the operation of a special engine, as paths and messages write them.
  public var name: String { operation ?? "\(input.rawValue)-\(accumulate.rawValue)" }
}
