extension ChipLint {
  /// Whoever doubts a figure can look it up.
  static let sources = ChipLint("source-exists", "figures, notes and claims name known sources") {
    chip, report in
    for figure in chip.figures where chip.sources[figure.source] == nil {
      report.fault(at: figure.path, "source \"\(figure.source)\" is not in `sources`")
    }
    for (list, remarks) in [("claims", chip.claims), ("notes", chip.notes)] {
      for (index, remark) in remarks.enumerated() {
        guard let source = remark.source, chip.sources[source] == nil else { continue }
        report.fault(
          at: FieldPath(list).member(index, "\(index)"), "source \"\(source)\" is not in `sources`")
      }
    }
  }

  /// What was remembered has not been read.
  static let recalled = ChipLint(
    "recalled-unverified", "a recalled figure is not marked verified"
  ) { chip, report in
    for figure in chip.figures where figure.basis == .recalled && figure.isVerified {
      report.fault(at: figure.path, "recalled, and marked verified")
    }
  }

  /// Figures that an answer may rest on although nobody has read them.
  static let verification = ChipLint("unverified-figure", "figures nobody has read are listed") {
    chip, report in
    for figure in chip.figures where !figure.isVerified {
      let basis = figure.basis.map { "\($0.rawValue), " } ?? ""
      report.unverified(figure.path, "\(basis)not read in its source (\(figure.source))")
    }
  }
}
