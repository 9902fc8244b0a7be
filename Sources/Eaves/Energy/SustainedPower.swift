public import Quantities

/// The power that a chip can go on drawing, and what happens above it: a body of one resistance and one time
/// constant (docs/method.md 7).
public struct SustainedPower: Sendable, Hashable {
  /// What it can go on drawing.
  public let limit: Watts
  /// The most it draws for a while; `nil` where unknown.
  public let burst: Watts?
  /// Whether the limit is published as such; else it is the design power or follows from temperatures.
  public let isPublished: Bool
  private let thermal: Power.Thermal?
  private let ambient: Celsius

  /// Around the chip, where nothing else is said.
  public static let usualAmbient = Celsius(25)

  /// The limit of a profile: as published, else the lesser of design power and (T_max − T_ambient)/R; `nil` where
  /// the profile has none of them.
  /// - Parameters:
  ///   - power: the power figures of a chip.
  ///   - ambient: the temperature around it.
  public init?(_ power: Power, ambient: Celsius = usualAmbient) {
    let heat = power.thermal
    var followed: Watts?
    if let most = heat?.throttleAt?.value.value, let resistance = heat?.resistance?.value.value,
      resistance > 0
    {
      followed = Watts(max(0, most - ambient.value) / resistance)
    }
    let design = [followed, power.tdp?.value].compactMap(\.self).min()
    guard let limit = power.sustained?.value ?? design else { return nil }
    self.limit = limit
    isPublished = power.sustained != nil
    burst = power.peak?.value
    thermal = heat
    self.ambient = ambient
  }

  /// Whether a chip that draws so much has to slow down some day.
  public func isExceeded(by power: Watts) -> Bool { power > limit }

  /// How long it draws so much from a start temperature until it throttles: τ·ln((T_a + P·R − T_0)/(T_a + P·R − T_max)).
  ///
  /// - Parameters:
  ///   - power: what is drawn, without a break.
  ///   - start: the chip's temperature at the start; the ambient one where not given.
  /// - Returns: infinity where it never throttles, `nil` where the profile lacks a figure.
  public func secondsToThrottle(at power: Watts, from start: Celsius? = nil) -> Seconds? {
    guard let most = thermal?.throttleAt?.value.value,
      let resistance = thermal?.resistance?.value.value, let time = thermal?.timeConstant?.value
    else { return isExceeded(by: power) ? nil : Seconds(.infinity) }
    let first = (start ?? ambient).value
    let last = ambient.value + power.value * resistance
    guard last > most else { return Seconds(.infinity) }
    guard first < most else { return .zero }
    return time * naturalLogarithm((last - first) / (last - most))
  }

  /// The share of its clock that a chip keeps which would draw so much: between the ratio of powers (voltage
  /// stays) and its cube root (voltage falls along).
  public func clockShare(at power: Watts) -> ClosedRange<Double> {
    guard isExceeded(by: power) else { return 1...1 }
    let ratio = limit / power
    return ratio...Eaves.power(ratio, 1.0 / 3)
  }

  /// One sentence about a mean power.
  public func sentence(_ power: Watts) -> String {
    let name = isPublished ? "sustained" : "of its design"
    guard isExceeded(by: power) else {
      return "\(power.display) of the \(limit.display) \(name): it can go on"
    }
    let share = clockShare(at: power)
    let low = significant(100 * share.lowerBound, digits: 2)
    let high = significant(100 * share.upperBound, digits: 2)
    var text = "\(power.display) of the \(limit.display) \(name): it throttles"
    if let time = secondsToThrottle(at: power), time.value < .infinity {
      text += " after \(time.display)"
    }
    text += ", to \(low) to \(high) % of its clock"
    if let burst, power > burst { text += "; its burst is \(burst.display)" }
    return text
  }
}
