public import Quantities

/// One figure with where it comes from: what every number in a chip or runtime profile is.
public struct Measure<Kind: Quantity>: Sendable, Hashable {
  /// The figure.
  public var value: Kind
  /// What sort of evidence it rests on.
  public var basis: Basis
  /// Key into the profile's `sources`.
  public var source: String
  /// Whether the figure was read in its source; a figure from memory is `false` and shown as such.
  public var isVerified: Bool
  /// A remark on the figure.
  public var note: String?
  /// The spread of published values, where there is one.
  public var range: ClosedRange<Kind>?

  /// A figure with its evidence.
  public init(
    _ value: Kind, basis: Basis, source: String, isVerified: Bool, note: String? = nil,
    range: ClosedRange<Kind>? = nil
  ) {
    self.value = value
    self.basis = basis
    self.source = source
    self.isVerified = isVerified
    self.note = note
    self.range = range
  }
}

/// What sort of evidence a figure rests on, best first.
public enum Basis: String, Sendable, Hashable, CaseIterable {
  /// A document of the vendor.
  case vendor
  /// A published measurement.
  case measured
  /// A table that quotes the vendor.
  case secondary
  /// Arithmetic on other figures.
  case derived
  /// Memory: always unverified.
  case recalled
  /// A default of ours where nothing is published.
  case estimated
}

/// A source that figures of a profile name.
public struct Source: Sendable, Hashable {
  /// What and where it is.
  public var title: String
  /// How close to the vendor it is.
  public var tier: Tier

  /// How close to the vendor a source is.
  public enum Tier: String, Sendable, Hashable, CaseIterable {
    case vendor, measured, secondary, derived, recalled, estimated
  }

  /// A source by title and tier.
  public init(title: String, tier: Tier) {
    self.title = title
    self.tier = tier
  }
}
