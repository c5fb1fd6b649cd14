import NuTuneCore
import NuTuneNumerics

/// A measured cross section, averaged over a flux and differential in two observables of the charged lepton, or in one or two
/// of them and the visible hadronic energy.
package struct CrossSectionMeasurement: Sendable {
  /// A bin in the observables.
  package struct Bin: Sendable, Hashable {
    /// Range in the first observable, in its unit.
    package var first: ClosedRange<Double>
    /// Range in the second observable, in its unit.
    package var second: ClosedRange<Double>
    /// Range in the visible hadronic energy, or in that of lepton and hadrons, in GeV; nil where it is not measured.
    package var third: ClosedRange<Double>?
    /// Whether the second observable is not measured: its range holds everything, and no value is divided by its width.
    package var isIntegrated = false

    /// A bin.
    package init(
      first: ClosedRange<Double>, second: ClosedRange<Double>, third: ClosedRange<Double>? = nil,
      isIntegrated: Bool = false
    ) {
      self.first = first
      self.second = second
      self.third = third
      self.isIntegrated = isIntegrated
    }

    /// Product of the widths, in the units of the measured observables.
    package var area: Double {
      let widths = [first] + (isIntegrated ? [] : [second]) + (third.map { [$0] } ?? [])
      return widths.reduce(1) { $0 * ($1.upperBound - $1.lowerBound) }
    }
  }

  /// What is measured.
  package let observables: ObservablePair
  /// The observable beside those of the lepton; nil for none.
  package let third: Observable?
  /// Bins that do not overlap, in the order of the values, shape [bins].
  package let bins: [Bin]
  /// Unit of values and errors.
  package let unit: CrossSectionUnit
  /// Mean cross section of every bin in ``unit``, shape [bins].
  package let values: [Double]
  /// One standard deviation of every value in ``unit``, shape [bins].
  package let errors: [Double]
  /// Covariance of the values in ``unit``², shape [bins × bins]; nil where none was published.
  package let covariance: Matrix?

  /// A measurement; bins that overlap or lie outside what the observables can be, numbers that are not finite, a cross
  /// section or errors of a size that nothing has, and a covariance that is none or does not belong to the errors are
  /// refused.
  package init(
    observables: ObservablePair, third: Observable? = nil, bins: [Bin], unit: CrossSectionUnit, values: [Double],
    errors: [Double],
    covariance: Matrix?, at location: SourceLocation? = nil, covarianceLocation: SourceLocation? = nil
  ) throws {
    self.observables = observables
    self.third = third
    self.bins = bins
    self.unit = unit
    self.values = values
    self.errors = errors
    self.covariance = covariance
    try checkBins(at: location)
    try checkSize(at: location)
    if let covariance { try check(covariance, at: covarianceLocation ?? location) }
    try checkErrorSize(at: covarianceLocation ?? location)
  }

  /// Sum of value times bin area, in cm² per nucleon: the cross section in the phase space that the bins cover.
  package var integral: Double { zip(values, bins).reduce(0) { $0 + $1.0 * $1.1.area } * unit.factor }

  /// One standard deviation of ``integral`` in cm² per nucleon, with the covariance; nil without one.
  package var integralError: Double? {
    guard let covariance, let product = try? covariance.multiplied(by: bins.map(\.area)) else { return nil }
    return max(zip(bins, product).reduce(0) { $0 + $1.0.area * $1.1 }, 0).squareRoot() * unit.factor
  }

  /// A bin in words, `bin 3 (cos_theta -0.25…0.25, lepton_momentum 0.4…30)`, counted from 0 as tables do.
  func name(_ index: Int) -> String {
    func range(_ observable: Observable, _ range: ClosedRange<Double>) -> String {
      "\(observable.rawValue) \(range.lowerBound)…\(range.upperBound)"
    }
    let ranges = self.ranges(of: bins[index]).map { range($0.observable, $0.range) }
    return "bin \(index) (\(ranges.joined(separator: ", ")))"
  }

  /// The ranges of a bin in the measured observables.
  func ranges(of bin: Bin) -> [(observable: Observable, range: ClosedRange<Double>)] {
    var ranges = [(observable: observables.first, range: bin.first)]
    if !bin.isIntegrated { ranges.append((observables.second, bin.second)) }
    if let third, let range = bin.third { ranges.append((third, range)) }
    return ranges
  }
}
