import NuTuneCatalog
import NuTuneCore
import NuTuneNumerics

/// The binned events of all files together, as cross sections.
///
/// A file with mean cross section σ and weights w gives σ Σ_bin w / Σw, files together the mean by their weights.
/// Numbers of events count as Poisson, so that a bin has the variance (σ/Σw)² Σ_bin w²; the error of σ is common to all
/// bins.
struct EventSample: Sendable {
  /// Cross section integrated over each bin in 10⁻³⁸ cm² per nucleon, shape [bins].
  private(set) var contents: [Double]
  /// Variance of ``contents`` by the number of events, shape [bins].
  private(set) var variances: [Double]
  /// Charged-current cross section of each range between edges of the flux times its share of the flux, shape [ranges].
  private(set) var energies: [Double]
  /// Charged-current cross section averaged over the flux, in and outside the bins, in 10⁻³⁸ cm² per nucleon.
  let mean: Double
  /// Error of ``mean`` that all bins share, relative.
  let commonError: Double
  /// Part of ``mean`` outside the bins.
  let outside: Double
  /// Part of ``mean`` of neutrinos that the flux does not have.
  let beyondFlux: Double
  /// Numbers of events: all, charged currents.
  let events: (all: Int, selected: Int)
  /// Smallest and largest neutrino energy in GeV.
  let energyRange: ClosedRange<Double>

  init(_ files: [(file: EventFile, histogram: EventHistogram)], normalization given: EventNormalization?) throws {
    let (weight, count) = files.reduce((0.0, 0)) { ($0.0 + $1.histogram.weight, $0.1 + $1.histogram.events) }
    contents = [Double](repeating: 0, count: files[0].histogram.contents.count)
    variances = contents
    energies = [Double](repeating: 0, count: files[0].histogram.energies.count)
    var (mean, outside, beyond, square) = (0.0, 0.0, 0.0, 0.0)
    for (file, histogram) in files {
      let factor = try Self.factor(file, histogram, given, weight: weight, count: count)
      if case .total(let total, let error)? = file.normalization {
        square += (error / total * histogram.weight / weight).squared
      }
      for bin in contents.indices {
        contents[bin] += factor * histogram.contents[bin]
        variances[bin] += factor * factor * histogram.squares[bin]
      }
      for range in energies.indices { energies[range] += factor * histogram.energies[range] }
      mean += factor * (histogram.energies.reduce(0, +) + histogram.beyondFlux)
      outside += factor * histogram.outside
      beyond += factor * histogram.beyondFlux
    }
    let ranges = files.compactMap(\.histogram.energyRange)
    guard mean > 0, let lowest = ranges.map(\.lowerBound).min(), let highest = ranges.map(\.upperBound).max() else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: files[0].file.path), found: "no charged current among \(count) events",
        expected: "some, with weights whose sum is above zero")
    }
    self.mean = mean
    self.outside = outside
    beyondFlux = beyond
    commonError = given == nil ? square.squareRoot() : 0
    events = (count, files.reduce(0) { $0 + $1.histogram.selected })
    energyRange = lowest...highest
  }

  /// What a weight of one is worth in 10⁻³⁸ cm² per nucleon, with all files together.
  private static func factor(
    _ file: EventFile, _ histogram: EventHistogram, _ given: EventNormalization?, weight: Double, count: Int
  ) throws -> Double {
    let place = SourceLocation(file: file.path)
    guard weight > 0, histogram.weight > 0, weight.isFinite else {
      throw NuTuneError(
        .badData, at: place, key: "weights", found: "weights whose sum is \(histogram.weight)",
        expected: "a sum above zero")
    }
    switch (file.normalization, given) {
    case (.total(let said, _)?, .total(let option, _)?) where abs(said / option - 1) > 0.01:
      throw NuTuneError(
        .usage, at: place, key: "--cross-section", found: "\(option)e-38 cm2/nucleon, but the file says \(said)e-38",
        expected: "the same, or no option")
    case (.perEvent?, .total?):
      throw NuTuneError(
        .usage, at: place, key: "--cross-section", found: "an option beside fScaleFactor in the file",
        expected: "one of the two")
    case (_, .total(let total, _)?), (.total(let total, _)?, _): return total / weight
    case (.perEvent(let scale)?, _): return scale * Double(histogram.events) / Double(count)
    default:
      throw NuTuneError(
        .usage, at: place, key: "--cross-section", found: "no mean cross section in the file",
        expected: "--cross-section with that of all its events, averaged over the flux, as 0.95e-38 cm2/nucleon")
    }
  }

  /// The measurement of the bins that have enough events, and how many were left out with which part of the mean.
  /// - Parameter fewest: smallest number of events, (Σw)²/Σw², with which a bin has an error that can be used.
  func measurement(
    _ binning: EventBinning, fewest: Double
  ) throws -> (measurement: CrossSectionMeasurement, leftOut: Int, lost: Double) {
    let unit = try CrossSectionUnit(
      "1e-38 \(CrossSectionUnit.dimension(of: binning.pair))", of: binning.pair, key: "unit")
    let kept = contents.indices.filter { contents[$0] > 0 && contents[$0].squared >= fewest * variances[$0] }
    guard !kept.isEmpty else {
      throw NuTuneError(
        .badData, key: "--binning", found: "no bin with \(fewest) events or more", expected: "wider bins or more events"
      )
    }
    let bins = kept.map { bin in
      let ranges = binning.grid.ranges(of: bin)
      return CrossSectionMeasurement.Bin(first: ranges.first, second: ranges.second)
    }
    let values = zip(kept, bins).map { contents[$0] / $1.area }
    let statistical = zip(kept, bins).map { variances[$0] / $1.area.squared }
    // Beside the error of the sum of all events, one of ten times as many is nothing.
    let isCommon = commonError > 0.1 / Double(events.selected).squareRoot()
    var covariance: Matrix?
    if isCommon {
      var matrix = Matrix(rows: bins.count, columns: bins.count)
      for i in bins.indices {
        for j in bins.indices {
          matrix[i, j] = (i == j ? statistical[i] : 0) + commonError * commonError * values[i] * values[j]
        }
      }
      covariance = matrix
    }
    let measurement = try CrossSectionMeasurement(
      observables: binning.pair, bins: bins, unit: unit, values: values,
      errors: (covariance?.diagonal ?? statistical).map { $0.squareRoot() }, covariance: covariance)
    let keptSum = kept.reduce(0) { $0 + contents[$1] }
    return (measurement, contents.count - kept.count, contents.reduce(0, +) - keptSum)
  }
}

extension Double {
  fileprivate var squared: Double { self * self }
}
