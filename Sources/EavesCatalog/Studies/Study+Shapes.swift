import Eaves

extension Study {
  /// Axes whose models have every combination of the sizes that a study's `shape` lists.
  ///
  /// `"shape": {"layers": [8, 12, 16], "hidden_size": "512..2k"}` makes of each model as many candidates as there are
  /// combinations.
  static func reshaped(
    _ axes: [Axis], in reader: ObjectReader
  ) throws(DataError) -> [Axis] {
    guard let object = try reader.optionalObject("shape") else { return axes }
    var changes = [ShapeChange([:])]
    for size in ShapeChange.Size.allCases {
      guard let node = object.node(size.rawValue) else { continue }
      let counts = try counts(of: node, size, in: object)
      guard changes.count <= mostShapes / counts.count else {
        throw object.error(
          "the sizes make more than \(mostShapes) candidates", remedy: "shorten the lists")
      }
      changes = changes.flatMap { change in
        counts.map { ShapeChange(change.sizes.merging([size: $0]) { $1 }) }
      }
    }
    guard changes != [ShapeChange([:])] else {
      throw reader.error(
        at: "shape", "lists no size",
        remedy: "write \(ShapeChange.Size.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return axes.map { axis in
      guard axis.option == .model else { return axis }
      return Axis(
        .model, values: axis.values.flatMap { model in changes.map { "\(model):\($0.name)" } })
    }
  }

  /// Candidates of one model at most: each is compiled by itself.
  private static let mostShapes = 1_000_000

  /// A count, a list of them, or a doubling range.
  private static func counts(
    of node: JSONNode, _ size: ShapeChange.Size, in object: ObjectReader
  ) throws(DataError) -> [Int] {
    let path = object.path(of: size.rawValue)
    var counts: [Int] = []
    for (index, node) in node.members.enumerated() {
      let place = node.isMember ? "\(path)[\(index)]" : path
      let text: String
      switch node.node.value {
      case .string(let string): text = string
      case .number(let number): text = number
      default: throw object.wrong(node.node, path: place, wanted: "a count or a range")
      }
      do {
        for value in try Axis(.context, parsing: text).values {
          counts.append(try ShapeChange.count(value, of: size))
        }
      } catch {
        throw wrong(text, size, at: node.node, place, in: object)
      }
    }
    guard !counts.isEmpty else {
      throw object.error(
        at: size.rawValue, "the list is empty", remedy: "write at least one value")
    }
    return counts
  }

  private static func wrong(
    _ text: String, _ size: ShapeChange.Size, at node: JSONNode, _ path: String,
    in object: ObjectReader
  ) -> DataError {
    DataError(
      file: object.file.name, at: node.position, field: path,
      "\(quoted(text)) is no size",
      remedy:
        "write a whole number from \(size.range.lowerBound) to \(size.range.upperBound), or a doubling range"
    )
  }
}

extension JSONNode {
  /// The members of a list, or the node itself.
  fileprivate var members: [(node: JSONNode, isMember: Bool)] {
    if case .array(let nodes) = value { return nodes.map { ($0, true) } }
    return [(self, false)]
  }
}
