import Foundation
import NuTuneCore

/// The binning and reaction of the DUNE studies, for tests that need a realistic size.
package enum DuneFixture {
  /// 39 × 20 bins in (E_l, cosθ).
  package static func binning() throws -> Binning {
    let energies: [Double] = (0...39).map { 0.2 + 0.2 * Double($0) }
    var cosines: [Double] = [-1, -0.6, -0.2, 0.2, 0.4, 0.6, 0.7, 0.8]
    for step in 0..<12 { cosines.append(0.84 + 0.16 * Double(step) / 12) }
    cosines.append(1)
    return try Binning(Axis(.leptonEnergy, edges: energies), Axis(.cosTheta, edges: cosines))
  }

  /// The folder of flux tables that come with NuTune.
  package static let fluxFolder =
    URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path + "/catalogs/fluxes"

  /// ν_μ on argon.
  package static func reaction() throws -> Reaction {
    Reaction(species: .numu, target: try Target(named: "Ar40"))
  }
}

/// How two binned distributions differ in shape.
package struct ShapeDifference {
  /// ½Σ|p−q|.
  package var totalVariation: Double
  /// Largest |p/q − 1| among bins with more than a share `floor` of the rate, and its bin.
  package var worstRatio: Double
  /// The bin of ``worstRatio``.
  package var worstBin: Int
  /// Ratio of the totals.
  package var totalRatio: Double

  /// Compares rates with reference rates.
  package init(of rates: [Double], to reference: [Double], floor: Double = 1e-4) {
    let sum = rates.reduce(0, +)
    let referenceSum = reference.reduce(0, +)
    totalRatio = sum / referenceSum
    totalVariation = 0
    worstRatio = 0
    worstBin = 0
    for bin in rates.indices {
      let p = rates[bin] / sum
      let q = reference[bin] / referenceSum
      totalVariation += abs(p - q) / 2
      guard q > floor else { continue }
      let gap = abs(rates[bin] / reference[bin] - 1)
      if gap > worstRatio { (worstRatio, worstBin) = (gap, bin) }
    }
  }
}
