import NuTuneNumerics

/// The flux uncertainty: the covariance of relative changes of the flux in bins of detector, horn mode, species and
/// neutrino energy, C = ⟨δ δᵀ⟩.
///
/// Published covariances are often singular, since they are estimated from fewer variations than they have bins (DUNE's
/// has 208 bins and rank 110). None is ever inverted: the matrix is diagonalised once, C = V Λ Vᵀ, and everything is
/// computed from the square root F = V √Λ of those eigenvalues that are above rounding.
public struct FluxCovariance: Sendable {
  /// The bins; the bins of each spectrum (site, horn mode, species) ascend in energy without gaps.
  public let bins: [FluxBin]
  /// Covariance of the relative changes, dimensionless, symmetric, shape [bins × bins].
  public let covariance: Matrix
  /// Eigenvalues of the covariance above rounding, dimensionless, descending, shape [rank].
  public let eigenvalues: [Double]
  /// F = V √Λ with C = F Fᵀ up to rounding, dimensionless, one column per eigenvalue, shape [bins × rank].
  public let squareRoot: Matrix

  /// Largest |C_ij − C_ji| in units of √(C_ii C_jj) that counts as rounding, of a table with six digits.
  static let asymmetryTolerance = 1e-6
  /// Most negative eigenvalue in units of the largest that counts as rounding. Rounding to a relative ε moves
  /// eigenvalues by at most ε‖C‖_F, a few ε of the largest: 10⁻¹⁰ was seen for DUNE's nine digits, and single precision
  /// (ε = 6·10⁻⁸) stays below 10⁻⁶.
  static let negativityTolerance = 1e-6
  /// Largest eigenvalue, in units of the largest of all, that counts as rounding of double precision, with a margin.
  static let rankTolerance = 1e-10

  /// Checks and diagonalises a covariance. O(bins³).
  ///
  /// Asymmetries and negative eigenvalues within rounding are removed, larger ones are an error. Rounding lifts as many
  /// null eigenvalues as it lowers, so the most negative eigenvalue measures its size: eigenvalues up to twice that
  /// size count as null.
  ///
  /// - Parameters:
  ///   - bins: the bins of each spectrum (site, horn mode, species) in ascending energy, each beginning where the one
  ///     before it ends.
  ///   - covariance: covariance of the relative changes, dimensionless, shape [bins × bins].
  ///   - location: its place in a file, for errors.
  public init(bins: [FluxBin], covariance: Matrix, at location: SourceLocation? = nil) throws {
    try Self.check(bins, at: location)
    let symmetric = try Self.symmetrized(covariance, of: bins, at: location)
    let eigen = try SymmetricEigen(symmetric)
    let (smallest, largest) = (eigen.values[0], eigen.values[bins.count - 1])
    guard smallest >= -Self.negativityTolerance * largest else {
      throw NuTuneError(
        .badData, at: location, key: "covariance",
        found: "the negative eigenvalue \(smallest) (the largest is \(largest))",
        expected: "a positive semidefinite matrix (down to \(-Self.negativityTolerance) of the largest for rounding)")
    }
    let threshold = max(Self.rankTolerance * largest, -2 * smallest)
    let kept = eigen.values.indices.reversed().filter { eigen.values[$0] > threshold }
    var root = Matrix(rows: bins.count, columns: kept.count)
    for (column, k) in kept.enumerated() {
      let scale = eigen.values[k].squareRoot()
      for i in bins.indices { root[i, column] = scale * eigen.vectors[i, k] }
    }
    self.init(bins, symmetric, eigenvalues: kept.map { eigen.values[$0] }, squareRoot: root)
  }

  private init(_ bins: [FluxBin], _ covariance: Matrix, eigenvalues: [Double], squareRoot: Matrix) {
    self.bins = bins
    self.covariance = covariance
    self.eigenvalues = eigenvalues
    self.squareRoot = squareRoot
  }

  /// Number of independent variations of the flux.
  public var rank: Int { eigenvalues.count }

  /// One standard deviation of the relative change in each bin, dimensionless, shape [bins].
  public var fractionalErrors: [Double] { covariance.diagonal.map { $0.squareRoot() } }

  /// Whether the covariance has bins for the spectrum of a species in one horn mode at one detector.
  public func covers(site: DetectorSite, mode: String, species: NeutrinoSpecies) -> Bool {
    bins.contains { $0.belongs(to: site, mode, species) }
  }
}

extension FluxCovariance {
  /// Returns the marginal covariance of some horn modes and species, at both detectors. Throws from it have the same
  /// distribution in these bins as throws from the whole, but are other numbers for the same stream. O(bins³).
  public func restricted(toModes modes: some Sequence<String>, species: some Sequence<NeutrinoSpecies>) throws
    -> FluxCovariance
  {
    let (modes, species) = (Array(modes), Array(species))
    let kept = bins.indices.filter { modes.contains(bins[$0].mode) && species.contains(bins[$0].species) }
    guard !kept.isEmpty else {
      let known = bins.map { "\($0.mode) \($0.species.rawValue)" }.reduce(into: [String]()) { names, name in
        if !names.contains(name) { names.append(name) }
      }
      throw NuTuneError(
        .badData, key: "flux covariance",
        found: "no bin of \(modes.joined(separator: ", ")) \(species.map(\.rawValue).joined(separator: ", "))",
        expected: "bins of \(known.joined(separator: ", "))")
    }
    if kept.count == bins.count { return self }
    var restricted = Matrix(rows: kept.count, columns: kept.count)
    for (i, row) in kept.enumerated() {
      for (j, column) in kept.enumerated() { restricted[i, j] = covariance[row, column] }
    }
    return try FluxCovariance(bins: kept.map { bins[$0] }, covariance: restricted)
  }

  /// Returns the covariance with every standard deviation multiplied by a factor, finite and not negative. O(bins²).
  public func scaled(by factor: Double) -> FluxCovariance {
    precondition(factor >= 0 && factor.isFinite, "a standard deviation is scaled by a finite factor ≥ 0")
    guard factor > 0 else {
      let zero = Matrix(rows: bins.count, columns: bins.count)
      return FluxCovariance(bins, zero, eigenvalues: [], squareRoot: Matrix(rows: bins.count, columns: 0))
    }
    func multiplied(_ matrix: Matrix, by factor: Double) -> Matrix {
      var copy = matrix
      for i in 0..<copy.rows { for j in 0..<copy.columns { copy[i, j] *= factor } }
      return copy
    }
    return FluxCovariance(
      bins, multiplied(covariance, by: factor * factor), eigenvalues: eigenvalues.map { $0 * factor * factor },
      squareRoot: multiplied(squareRoot, by: factor))
  }

  /// Draws a flux at random (one throw), δ = F z with z standard normal, so that ⟨δ δᵀ⟩ = C. Takes ``rank`` normal
  /// numbers from the stream. O(bins · rank).
  public func thrown(_ stream: RandomStream) -> FluxVariation { shifted(by: stream.gaussians(rank)) }

  /// Returns the flux for given values of the independent parameters, δ = F z, each in standard deviations, shape
  /// [rank].
  public func shifted(by z: [Double]) -> FluxVariation {
    precondition(z.count == rank, "one value for each independent parameter of the flux")
    let (rank, root) = (rank, squareRoot.elements)
    let changes = bins.indices.map { i in
      var sum = 0.0
      for k in 0..<rank { sum += root[i * rank + k] * z[k] }
      return sum
    }
    return FluxVariation(bins: bins, relativeChanges: changes)
  }

  /// Returns the leading independent variations, each shifted by one standard deviation, largest first; at most
  /// ``rank``. All of them together reproduce the covariance, Σ δ_k δ_kᵀ = C, for any weights.
  ///
  /// - Parameters:
  ///   - count: number of variations, at least 0.
  ///   - weights: weight of each bin, not negative, shape [bins]; a bin's share of the events, for instance. Variations
  ///     are ranked by Σ_b (weight_b δ_b)². Without weights all bins count alike, and variations with the largest
  ///     relative uncertainty, at energies where there is hardly any flux, come first.
  ///
  /// - Complexity: O(bins · rank² + rank³).
  public func principalVariations(count: Int, weights: [Double]? = nil) throws -> [PrincipalVariation] {
    precondition(count >= 0, "no negative number of variations")
    precondition(weights.map { $0.count == bins.count } ?? true, "one weight a bin")
    guard rank > 0, count > 0 else { return [] }
    var weighted = squareRoot
    if let weights {
      for i in bins.indices { for k in 0..<rank { weighted[i, k] *= weights[i] } }
    }
    let eigen = try SymmetricEigen(try weighted.gram())
    let total = eigen.values.reduce(0) { $0 + max(0, $1) }
    return (0..<min(count, rank)).map { k in
      let column = rank - 1 - k
      let variance = max(0, eigen.values[column])
      return PrincipalVariation(
        variation: shifted(by: eigen.vectors.column(column)), variance: variance,
        share: total > 0 ? variance / total : 0)
    }
  }
}
