import NuTuneCore
import NuTuneFiles

extension CrossSectionMeasurement {
  /// What a sum of bins can be in cm² per nucleon. Charged-current scattering has 0.7·10⁻³⁸ cm²·E_ν/GeV: 10⁻³⁵ is more than
  /// a beam of 1000 GeV gives, 10⁻⁴⁴ is a millionth of what one of 1 GeV gives.
  static let possibleSums = 1e-44...1e-35
  /// Sums beyond which a unit may well be wrong: a thousandth of a 1 GeV beam, and a 100 GeV beam.
  static let usualSums = 1e-41...1e-36
  /// What the median of the relative errors can be.
  static let possibleErrors = 5e-4...2.0
  /// Medians of relative errors that are published.
  static let usualErrors = 1e-2...1.0

  /// Median of error over |value| of bins with a value, nil where no bin has one.
  var medianRelativeError: Double? {
    let relative = zip(values, errors).compactMap { $0 != 0 ? $1 / abs($0) : nil }.sorted()
    return relative.isEmpty ? nil : relative[relative.count / 2]
  }

  /// Refuses a sum of bins that no neutrino has.
  func checkSize(at location: SourceLocation?) throws {
    guard !Self.possibleSums.contains(integral) else { return }
    throw NuTuneError(
      .badData, at: location, key: "unit",
      found: "bins that sum up to \(SignificantDigits.text(integral, 3)) cm2/nucleon in units of \(unit)",
      expected:
        "\(Self.possibleSums.lowerBound) to \(Self.possibleSums.upperBound), about 0.7e-38 per GeV of the beam: "
        + "another unit")
  }

  /// Refuses errors that are none, as those of a covariance in another unit.
  func checkErrorSize(at location: SourceLocation?) throws {
    guard let median = medianRelativeError, median > 0, !Self.possibleErrors.contains(median) else { return }
    throw NuTuneError(
      .badData, at: location, key: covariance == nil ? "error" : "covariance",
      found: "a median error of \(SignificantDigits.text(100 * median, 3)) %",
      expected: "\(100 * Self.possibleErrors.lowerBound) to \(100 * Self.possibleErrors.upperBound) %: errors or "
        + "covariance in another unit")
  }

  /// What looks wrong but can be.
  package var doubts: [String] {
    var doubts: [String] = []
    if !Self.usualSums.contains(integral) {
      doubts.append(
        "the bins sum up to \(SignificantDigits.text(integral, 3)) cm2/nucleon, inclusive scattering has about 0.7e-38 "
          + "per GeV of the beam: look at the unit")
    }
    if let median = medianRelativeError, !Self.usualErrors.contains(median) {
      doubts.append("the median error is \(SignificantDigits.text(100 * median, 3)) %: look at the units")
    }
    return doubts
  }
}
