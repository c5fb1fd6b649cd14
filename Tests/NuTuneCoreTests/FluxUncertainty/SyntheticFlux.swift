import NuTuneCore
import NuTuneNumerics

/// A flux covariance of few variations in many bins, so that its null space is known.
enum SyntheticFlux {
  /// Edges in GeV of every spectrum.
  static let edges = [0, 0.5, 1, 2, 4, 10.0]

  /// Near and far ν_μ and ν̄_μ in one horn mode: 20 bins.
  static let bins = DetectorSite.allCases.flatMap { site in
    [NeutrinoSpecies.numu, .numubar].flatMap { species in
      zip(edges, edges.dropFirst()).map { FluxBin(site: site, mode: "fhc", species: species, low: $0, high: $1) }
    }
  }

  /// Independent variations by one standard deviation, shape [3][bins]: a common scale, a slope, and one of the far
  /// detector alone.
  static let variations: [[Double]] = [
    bins.map { _ in 0.06 }, bins.map { 0.02 * ($0.center - 2) }, bins.map { $0.site == .far ? 0.01 * $0.center : 0 },
  ]

  /// Σ_k v_k v_kᵀ.
  static let matrix: Matrix = {
    var matrix = Matrix(rows: bins.count, columns: bins.count)
    for variation in variations {
      for i in bins.indices { for j in bins.indices { matrix[i, j] += variation[i] * variation[j] } }
    }
    return matrix
  }()

  static func covariance() throws -> FluxCovariance { try FluxCovariance(bins: bins, covariance: matrix) }

  /// Two near ν_μ bins, 0–1 and 1–2 GeV.
  static let pair = [
    FluxBin(site: .near, mode: "fhc", species: .numu, low: 0, high: 1),
    FluxBin(site: .near, mode: "fhc", species: .numu, low: 1, high: 2),
  ]
}
