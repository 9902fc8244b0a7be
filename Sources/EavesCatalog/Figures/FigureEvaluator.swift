import Eaves

/// Computes expressions by the code of commands and studies, and judges figures.
public struct FigureEvaluator {
  private let resolver: Resolver
  private let columns: RowColumns

  /// An evaluator.
  /// - Parameters:
  ///   - resolver: Finds what terms name.
  ///   - columns: What terms may read from a result row.
  public init(_ resolver: Resolver, columns: RowColumns) {
    self.resolver = resolver
    self.columns = columns
  }

  /// The value of an expression.
  /// - Throws: `ExpressionError` at the first term that has none.
  public func value(of expression: FigureExpression) throws(ExpressionError) -> Double {
    let value = try expression.evaluated { term throws(ExpressionError) in try self.value(of: term)
    }
    guard value.isFinite else {
      throw ExpressionError(.noValue, at: 0, "the value is not finite")
    }
    return value
  }

  private func value(of term: FigureExpression.Term) throws(ExpressionError) -> Double {
    do {
      // A column needs a chip; the quantity of the same name does not.
      let isColumn = columns.names.contains(term.name)
      let quantity = FigureQuantity.all.first { $0.name == term.name }
      if let quantity, !isColumn || !term.options.contains(where: { $0.name == "chip" }) {
        return try quantity.evaluated(QuantityArguments(term: term, resolver: resolver))
      }
      guard isColumn else { throw unknown(term) }
      return try column(term)
    } catch let error as ExpressionError {
      throw error
    } catch let error as DataError {
      throw ExpressionError(
        error.kind == .notFound ? .notFound : .wrong, at: term.offset, error.problem,
        remedy: error.remedy)
    } catch let error as OptionError {
      let place = term.options.first { Eaves.Option(named: $0.name) == error.option }?.offset
      throw ExpressionError(
        at: place ?? term.offset, "\(error.option.rawValue): \(error.problem)",
        remedy: error.remedy)
    } catch let error as PlanError {
      throw ExpressionError(at: term.offset, "\(error)")
    } catch {
      throw ExpressionError(at: term.offset, "\(error)")
    }
  }

  /// A column of the row of a configuration.
  private func column(_ term: FigureExpression.Term) throws -> Double {
    var plan = try resolver.plan(term.configuration())
    let row = plan.row(plan.settings.step)
    switch columns.read(term.name, row) {
    case .number(let value): return value
    case .text:
      throw ExpressionError(
        at: term.offset, "\(term.name) is a text", remedy: "name a column of numbers")
    case .missing:
      let note = row.note.isEmpty ? "" : " (\(row.note))"
      throw ExpressionError(.noValue, at: term.offset, "\(term.name) has no value\(note)")
    }
  }

  private func unknown(_ term: FigureExpression.Term) -> ExpressionError {
    let names = FigureQuantity.all.map(\.name) + columns.names
    return ExpressionError(
      .wrong, at: term.offset, "there is no column or quantity \(quoted(term.name))",
      remedy: Suggestion.question(term.name, among: names)
        ?? "docs/validation.md lists the quantities; columns are those of eaves bound")
  }

  /// Judges a figure.
  /// - Throws: `DataError` where a figure that is held names what does not exist.
  public func check(_ figure: Figure) throws(DataError) -> FigureResult {
    guard let expression = figure.expression else {
      return FigureResult(figure, verdict: Self.unheld(figure))
    }
    do throws(ExpressionError) {
      let ours = try value(of: expression)
      if figure.kind != .reference { try requireDependence(expression) }
      return FigureResult(figure, ours: ours)
    } catch {
      if figure.kind == .pending { return FigureResult(figure, verdict: .notYetComputable) }
      guard error.reason == .noValue else { throw figure.error(error) }
      return FigureResult(figure, verdict: .failed, because: error.text)
    }
  }

  /// Refuses what comes out the same whatever its terms are: `7 + 0 * layers{…}` computes nothing.
  private func requireDependence(_ expression: FigureExpression) throws(ExpressionError) {
    var values: [Double] = []
    for term in expression.terms { values.append(try value(of: term)) }
    // Each term moves by a factor of its own, so that ratios of terms move too.
    let outcomes = [1.0, 3.7].map { factor in
      var index = 0
      return expression.evaluated { _ in
        defer { index += 1 }
        return values[index] * (1 + (factor - 1) * Double(index + 1)) + factor
      }
    }
    guard outcomes[0] == outcomes[1] else { return }
    throw ExpressionError(
      at: 0, "the value is the same whatever its quantities are",
      remedy: "compute it from a configuration")
  }

  private static func unheld(_ figure: Figure) -> FigureVerdict {
    figure.kind == .pending ? .notYetComputable : .referenceOnly
  }
}
