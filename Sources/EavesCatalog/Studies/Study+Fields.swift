import Eaves
import Quantities

extension Study {
  /// The values of one option: text, a number, or a list of them; `nil` where the key is left out.
  static func axis(_ option: Option, in reader: ObjectReader) throws(DataError) -> Axis? {
    guard let (key, node) = member(option, in: reader) else { return nil }
    let path = reader.path(of: key)
    var values: [String] = []
    switch node.value {
    case .array(let nodes):
      for (index, node) in nodes.enumerated() {
        values += try self.values(of: node, option, path: "\(path)[\(index)]", in: reader)
      }
    default: values = try self.values(of: node, option, path: path, in: reader)
    }
    guard !values.isEmpty else {
      throw reader.error(at: key, "the list is empty", remedy: "write at least one value")
    }
    return Axis(option, values: values)
  }

  /// The value of an option, under its name with dashes or with underscores.
  private static func member(
    _ option: Option, in reader: ObjectReader
  ) -> (key: String, node: JSONNode)? {
    let underscored = option.rawValue.split(separator: "-").joined(separator: "_")
    for key in Set([option.rawValue, underscored]).sorted() {
      if let node = reader.node(key) { return (key, node) }
    }
    return nil
  }

  private static func values(
    of node: JSONNode, _ option: Option, path: String, in reader: ObjectReader
  ) throws(DataError) -> [String] {
    let text: String
    switch node.value {
    case .string(let string): text = string
    case .number(let number) where option.isCount || option == .devices: text = number
    default:
      throw reader.wrong(node, path: path, wanted: option.isCount ? "a count or a range" : "a text")
    }
    do {
      let axis = try Axis(option, parsing: text)
      // Names are looked up when the study runs; everything else is read here, so that a slip is found
      // before the first row.
      for value in axis.values {
        var settings = Settings()
        try settings.set(option, to: value)
      }
      return axis.values
    } catch {
      throw DataError(
        file: reader.file.name, at: node.position, field: path, error.problem,
        remedy: error.remedy)
    }
  }

  static func baseline(in reader: ObjectReader) throws(DataError) -> [Option: String] {
    guard let object = try reader.optionalObject("baseline") else { return [:] }
    return try baseline(of: object)
  }

  /// One value of each option that an object names.
  static func baseline(of object: ObjectReader) throws(DataError) -> [Option: String] {
    var values: [Option: String] = [:]
    for option in Option.allCases {
      guard let axis = try axis(option, in: object) else { continue }
      guard axis.values.count == 1 else {
        throw object.error(
          at: option.rawValue, "an option has one value here", remedy: "write one")
      }
      values[option] = axis.values[0]
    }
    return values
  }

  /// What a search makes small or large.
  static func objectives(in reader: ObjectReader) throws(DataError) -> [Objective] {
    try reader.strings("objectives").map { text throws(DataError) in
      guard let objective = Objective(parsing: text) else {
        let known = Objective.names
        throw reader.error(
          at: "objectives", "\(quoted(text)) is nothing to search by",
          remedy: Suggestion.question(text, among: known)
            ?? "write \(known.joined(separator: ", "))")
      }
      return objective
    }
  }

  /// A share as people write it: 5% or 0.05.
  private static func share(
    _ text: String, of key: String, in object: ObjectReader
  ) throws(DataError) -> Double {
    guard let value = ShareText.parse(text) else {
      throw object.error(
        at: key, "\(quoted(text)) is no share", remedy: "write the quality that may be lost: \"5%\""
      )
    }
    return value
  }

  static func budgets(in reader: ObjectReader) throws(DataError) -> Budgets {
    var budgets = Budgets()
    guard let object = try reader.optionalObject("budgets") else { return budgets }
    if object.node("latency") != nil {
      budgets.latency = try object.amount("latency", as: Seconds.self)
    }
    if object.node("memory") != nil { budgets.memory = try object.amount("memory", as: Bytes.self) }
    if object.node("power") != nil { budgets.power = try object.amount("power", as: Watts.self) }
    if object.node("energy") != nil {
      budgets.energy = try object.amount("energy", as: Joules.self)
    }
    if object.node("ttft") != nil { budgets.ttft = try object.amount("ttft", as: Seconds.self) }
    if object.node("tpot") != nil { budgets.tpot = try object.amount("tpot", as: Seconds.self) }
    if let text = try object.optionalString("quality") {
      budgets.quality = try share(text, of: "quality", in: object)
    }
    budgets.isSustained = try object.boolean("sustained", default: false)
    if let name = try object.optionalString("mlperf") {
      let known = try LatencyLimits.shipped()
      guard let limits = known.first(where: { $0.id == name }) else {
        let names = known.map(\.id)
        throw object.error(
          at: "mlperf", "there are no limits \(quoted(name))",
          remedy: Suggestion.question(name, among: names)
            ?? "write one of \(names.joined(separator: ", "))")
      }
      guard budgets.ttft == nil, budgets.tpot == nil else {
        throw object.error(
          at: "mlperf", "sets ttft and tpot, which are there as well", remedy: "remove one of them")
      }
      budgets.ttft = Seconds(limits.ttft)
      budgets.tpot = Seconds(limits.tpot)
    }
    return budgets
  }
}
