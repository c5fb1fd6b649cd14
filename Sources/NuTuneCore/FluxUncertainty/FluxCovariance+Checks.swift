import NuTuneNumerics

extension FluxCovariance {
  /// Throws unless every bin is valid and the bins of each spectrum ascend in energy without gaps or overlaps.
  static func check(_ bins: [FluxBin], at location: SourceLocation?) throws {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: location, key: "bins", found: found, expected: expected)
    }
    guard !bins.isEmpty else { throw refuse("no bins", "at least one bin") }
    var previous: [Spectrum: FluxBin] = [:]
    for bin in bins {
      guard bin.low >= 0, bin.low < bin.high, bin.high.isFinite else {
        throw refuse("the bin \(bin)", "finite energies with 0 ≤ low < high")
      }
      let spectrum = Spectrum(site: bin.site, mode: bin.mode, species: bin.species)
      // Edges printed from sums (0.1 + 0.2) may differ in the last digits.
      if let before = previous[spectrum], abs(bin.low - before.high) > 1e-9 * before.high {
        let words = bin.low < before.high ? "overlapping or out of order" : "leaving a gap"
        throw refuse("the bin \(bin) after \(before), \(words)", "a bin that begins where the one before it ends")
      }
      previous[spectrum] = bin
    }
  }

  /// Symmetrises rounding noise; throws if the matrix is not a covariance.
  static func symmetrized(_ covariance: Matrix, of bins: [FluxBin], at location: SourceLocation?) throws -> Matrix {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: location, key: "covariance", found: found, expected: expected)
    }
    guard covariance.rows == bins.count, covariance.columns == bins.count else {
      throw refuse(
        "\(covariance.rows) × \(covariance.columns) elements", "\(bins.count) × \(bins.count), a row and a column a bin"
      )
    }
    func pair(_ i: Int, _ j: Int) -> String { i == j ? "\(bins[i])" : "\(bins[i]) with \(bins[j])" }
    for i in bins.indices {
      for j in bins.indices where !covariance[i, j].isFinite {
        throw refuse("\(covariance[i, j]) for \(pair(i, j))", "finite numbers")
      }
      guard covariance[i, i] >= 0 else {
        throw refuse("the negative variance \(covariance[i, i]) of \(bins[i])", "variances ≥ 0")
      }
    }
    var symmetric = covariance
    for i in bins.indices {
      for j in 0..<i {
        let (lower, upper) = (covariance[i, j], covariance[j, i])
        guard abs(lower - upper) <= asymmetryTolerance * (covariance[i, i] * covariance[j, j]).squareRoot() else {
          throw refuse(
            "\(lower) for \(pair(i, j)), but \(upper) the other way round",
            "a symmetric matrix (to \(asymmetryTolerance) of the standard deviations)")
        }
        // Equal elements stay the same, bit for bit.
        let mean = lower == upper ? lower : (lower + upper) / 2
        symmetric[i, j] = mean
        symmetric[j, i] = mean
      }
    }
    return symmetric
  }

  /// A species in one horn mode at one detector.
  private struct Spectrum: Hashable {
    var site: DetectorSite
    var mode: String
    var species: NeutrinoSpecies
  }
}
