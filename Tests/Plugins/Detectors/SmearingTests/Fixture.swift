import NuTuneCore
import Smearing

/// Detectors and bins of the tests.
enum Fixture {
  /// A detector with some parameters changed.
  static func detector(_ changes: [String: ParameterValue] = [:]) throws -> SmearingDetector {
    try SmearingDetector(
      PluginConfiguration(parameters: SmearingDetector.descriptor.parameters.defaults().setting(changes)))
  }

  /// Bins of the DUNE studies, 39 × 20.
  static func duneBinning() throws -> Binning {
    let energies: [Double] = (0...39).map { 0.2 + 0.2 * Double($0) }
    var cosines: [Double] = [-1, -0.6, -0.2, 0.2, 0.4, 0.6, 0.7, 0.8]
    for step in 0..<12 { cosines.append(0.84 + 0.16 * Double(step) / 12) }
    cosines.append(1)
    return try Binning(Axis(.leptonEnergy, edges: energies), Axis(.cosTheta, edges: cosines))
  }

  /// Bins as T2K publishes them, fine at low energies and the last one wide.
  static func lowBinning() throws -> Binning {
    try Binning(
      Axis(.leptonEnergy, edges: (0...21).map { 0.15 + 0.05 * Double($0) } + [1.3, 1.5, 1.8, 2.25, 3, 5, 30]),
      Axis(.cosTheta, edges: [-1, -0.6, -0.2, 0.1, 0.3, 0.45, 0.6, 0.7, 0.77, 0.83, 0.88, 0.92, 0.95, 0.975, 1]))
  }

  /// A few bins that leave energies and angles out on all sides.
  static func smallBinning() throws -> Binning {
    try Binning(
      Axis(.leptonEnergy, edges: [0.25, 0.4, 0.6, 0.8, 1.1, 1.5, 2, 3, 4]),
      Axis(.cosTheta, edges: [-0.5, 0, 0.5, 0.8, 0.9, 0.96]))
  }

  /// Rows in cosθ with edges in energy of their own; backward leptons above 3 GeV are left out.
  static func raggedBinning() throws -> Binning {
    try Binning([
      block([0.25, 0.6, 1, 3], [-1, 0.2]), block([0.25, 0.4, 0.6, 0.8, 1.2, 3, 6], [0.2, 0.6]),
      block([0.25, 0.5, 0.8, 1.5, 6], [0.6, 0.8, 0.9]), block([0.25, 0.8, 1.2, 2, 6], [0.9, 1]),
    ])
  }

  /// A block of bins in (E_l, cosθ).
  static func block(_ energies: [Double], _ cosines: [Double]) throws -> BinGrid {
    BinGrid(try Axis(.leptonEnergy, edges: energies), try Axis(.cosTheta, edges: cosines))
  }

  /// Sums of the probabilities of each true bin.
  static func columnSums(_ response: DetectorResponse, trueBins: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: trueBins)
    if case .rows(let rows) = response {
      for row in rows { for entry in row { sums[entry.trueBin] += entry.probability } }
    }
    return sums
  }
}
