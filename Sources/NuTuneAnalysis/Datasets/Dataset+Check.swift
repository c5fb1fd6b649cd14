import NuTuneCore
import NuTuneNumerics

extension Dataset {
  /// Refuses what cannot be: data that nothing makes, numbers that do not fit the bins, statistics without errors.
  func check(hasTruth: Bool) throws {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: place, key: sample.name, found: found, expected: expected)
    }
    switch observation {
    case .simulated:
      guard hasTruth else { throw refuse("simulated data without a truth", "a true cross section, or measured data") }
    case .measured(let values, let covariance, let multiplicative, let smearing, _):
      guard values.count == sample.binning.count, covariance.rows == values.count else {
        throw refuse("\(values.count) values", "\(sample.binning.count), one for each bin, with their covariance")
      }
      for matrix in [multiplicative, smearing].compactMap({ $0 }) {
        guard matrix.rows == values.count, matrix.columns == values.count else {
          throw refuse(
            "a matrix of \(matrix.rows) × \(matrix.columns)", "\(values.count) × \(values.count), as the bins")
        }
      }
    case .events(let contents, let variances):
      guard contents.count == sample.binning.count, variances.map({ $0.count == contents.count }) ?? true else {
        throw refuse("\(contents.count) contents", "\(sample.binning.count), one for each bin")
      }
    }
    try checkSharedErrors()
    guard Self.weights.contains(weight) else { throw refuse("a weight of \(weight)", "a number from 1e-6 to 1e6") }
    guard weight == 1 || statistic.comparesValues && roles.contains(.learn) else {
      throw refuse(
        "a weight of \(weight) of \(statistic.comparesValues ? "values that no model learns from" : "counts")",
        "one, or measured values to learn from")
    }
    let hasCovariance = observation.covariance.rows > 0
    if hasCovariance, (try? CovarianceWhitening(observation.covariance, threshold: observation.threshold)) == nil {
      throw refuse(
        "a covariance with a variance or an eigenvalue that is not positive",
        "a positive one, which χ² inverts, or one that is singular to its digits")
    }
    guard hasCovariance == statistic.comparesValues else {
      throw refuse(
        "the statistic “\(statistic.rawValue)” for \(hasCovariance ? "values with errors" : "counts")",
        hasCovariance ? "gaussian, norm-shape, t0 or log-normal" : "shape or poisson")
    }
    guard baseline == nil || !roles.contains(.learn) else {
      throw refuse("learning behind a baseline", "learning in front of it: models are tuned before anything oscillates")
    }
    guard baseline != nil || !roles.contains(.fit) else {
      throw refuse("an oscillation fit in front of the baseline", "learn or predict there")
    }
    guard baseline != nil || (initial == nil && events == nil) else {
      throw refuse("an initial flavour or a number of events in front of the baseline", "components of far samples")
    }
    guard events.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw refuse("\(events ?? 0) events", "a positive number")
    }
    guard baseline == nil || !statistic.comparesValues else {
      throw refuse("values with errors behind a baseline", "events there, which fits compare")
    }
  }

  /// Refuses a part of a measurement or a flux uncertainty that does not fit the bins.
  private func checkSharedErrors() throws {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: place, key: sample.name, found: found, expected: expected)
    }
    if let part {
      let bins = part.whole.contents.count
      guard observation.isMeasured, part.whole.isMeasured, part.whole.smearing == nil,
        part.bins.count == sample.binning.count, part.bins.allSatisfy((0..<bins).contains)
      else {
        throw refuse("a part of \(part.measurement) that is none of its bins", "measured values of some, not smeared")
      }
    }
    if let flux = fluxUncertainty {
      let bins = part?.whole.contents.count ?? sample.binning.count
      guard observation.isMeasured, flux.count > 0, flux.relative.rows == bins, flux.relative.columns == bins else {
        throw refuse(
          "a flux uncertainty that is none of its bins", "one of measured values, \(bins) × \(bins), as the bins")
      }
    }
  }

  /// Refuses a bin of a measurement that another part of it holds, and another weight than that of the parts with which it is
  /// learned as one vector.
  func check(partsBeside others: ArraySlice<Dataset>) throws {
    guard let part else { return }
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: place, key: sample.name, found: found, expected: expected)
    }
    let (known, own) = (others.filter { $0.part?.measurement == part.measurement }, Set(part.bins))
    guard own.count == part.bins.count, known.compactMap(\.part).allSatisfy({ own.isDisjoint(with: $0.bins) }) else {
      throw refuse("a bin of \(part.measurement) twice", "every bin once, because it is one value")
    }
    let learned = (known + [self]).filter { $0.roles.contains(.learn) }
    if let other = learned.first(where: { $0.weight != learned[0].weight }) {
      throw refuse(
        "weights of \(learned[0].weight) and \(other.weight) of parts of \(part.measurement)",
        "one, because parts that are learned are one vector of data")
    }
  }

  /// Whether the same near detector measures both in one beam.
  private func isMeasured(with other: Dataset) -> Bool {
    sample.mode == other.sample.mode && sample.position == other.sample.position && exposure == other.exposure
      && composition == other.composition
  }

  /// Refuses components that make no sum: with other bins, another statistic or other roles than the first one, or data that
  /// were observed.
  func check(beside first: Dataset) throws {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: place, key: sample.name, found: found, expected: expected)
    }
    guard sample.binning == first.sample.binning else {
      throw refuse("other bins than those of \(first.sample.name)", "the same, because \(measuredAs) is their sum")
    }
    guard (baseline == nil) == (first.baseline == nil) else {
      throw refuse("a near sample and a far one", "one detector, because \(measuredAs) is a sum")
    }
    guard baseline != nil || isMeasured(with: first) else {
      throw refuse(
        "another horn mode, position, exposure or nuclei than those of \(first.sample.name)",
        "the same, because \(measuredAs) is their sum")
    }
    guard experiment == first.experiment else {
      throw refuse(
        "a sample of \(experiment) beside one of \(first.experiment)", "one experiment, because \(measuredAs) is a sum")
    }
    guard statistic == first.statistic, roles == first.roles else {
      throw refuse(
        "another statistic or other roles than those of \(first.sample.name)",
        "the same, because \(measuredAs) is their sum")
    }
    guard observation.isSimulated, first.observation.isSimulated else {
      throw refuse("observed events of a component", "simulated ones, because only the sum is observed")
    }
  }
}
