import CKernels

/// A few energies whose oscillation probabilities give those at all others of a beam,
///
///     P(E) = Σ_j C_j(E) P(E_j)
///
/// Probabilities are smooth in L/E. While the oscillation parameters of a fit move in their ranges, all transitions over one baseline
/// stay in a space of few dimensions: 36 behind 1285 km from 0.25 to 15 GeV, with splittings up to half of their value away and any
/// mixing. The pivots are chosen from samples of these functions by a QR decomposition with column pivoting (Businger and
/// Golub, Numer. Math. 7 (1965) 269), each the energy at which the others know least, so that no |C| is much above one.
///
/// Nothing of that is proven for other functions: ``determines(_:)`` looks at every one.
package struct PivotEnergies: Sendable {
  /// Number of pivots.
  package let count: Int
  /// Positions of the pivots among the energies, followed by those of an energy between each two that are next to each other;
  /// shape [pivots + checks].
  package let places: [Int]
  /// C at all energies, shape [pivots][energies].
  package let coefficients: [[Double]]
  /// C at the energies between pivots, shape [checks][pivots].
  private let checks: [[Double]]

  /// Largest error of a function at an energy between pivots, relative to its largest value.
  package static let accuracy = 1e-12
  /// Norm of what pivots do not know of the samples at any energy, relative to the largest at the start, at which there are
  /// enough of them.
  private static let smallestRest = 1e-14
  /// Smallest distance in 1/E of energies that are tried as pivots, relative to the whole range.
  private static let smallestDistance = 1e-3
  /// Largest number of pivots that is of use.
  private static let most = 64

  /// Chooses pivots; nil where so few do not suffice, or a sample is not finite.
  ///
  /// - Complexity: O(pivots · energies · samples).
  /// - Parameters:
  ///   - energies: in GeV, ascending.
  ///   - samples: functions of the space, shape [samples][energies]; their sizes do not matter.
  package init?(at energies: [Double], samples: [[Double]]) {
    precondition(samples.allSatisfy { $0.count == energies.count })
    guard samples.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
    let scales = samples.map { sample in sample.reduce(0) { max($0, abs($1)) } }.map { $0 > 0 ? 1 / $0 : 0 }
    func row(_ energy: Int) -> [Double] { zip(samples, scales).map { $0[energy] * $1 } }
    guard let (pivots, directions) = Self.pivots(Self.tried(energies).map { ($0, row($0)) }) else { return nil }
    var shares = directions.map { _ in [Double](repeating: 0, count: energies.count) }
    for energy in energies.indices {
      var row = row(energy)
      // What is left of a pivot after its own direction is rounding.
      let last = pivots.firstIndex(of: energy) ?? directions.count - 1
      for index in 0...last { shares[index][energy] = Self.project(&row, along: directions[index]) }
    }
    let coefficients = Self.coefficients(shares, pivots)
    self.coefficients = coefficients
    count = pivots.count
    let ends = [-1] + pivots.sorted() + [energies.count]
    let between = zip(ends, ends.dropFirst()).filter { $1 - $0 > 1 }.map { ($0 + $1) / 2 }
    places = pivots + between
    checks = between.map { energy in coefficients.map { $0[energy] } }
  }

  /// Positions of the energies that are tried as pivots, both ends among them: close neighbours are not all needed.
  private static func tried(_ energies: [Double]) -> [Int] {
    guard let first = energies.first, let last = energies.last else { return [] }
    let distance = smallestDistance * (1 / first - 1 / last)
    var tried: [Int] = []
    for energy in energies.indices where tried.last.map({ 1 / energies[$0] - 1 / energies[energy] >= distance }) ?? true
    {
      tried.append(energy)
    }
    return tried.last == energies.count - 1 ? tried : tried + [energies.count - 1]
  }

  /// Chooses pivots among rows, each the one of which most is left by those before; nil without any, and where too many are needed.
  ///
  /// - Returns: the pivots with the direction of what was left of each, shape [pivots][samples].
  private static func pivots(_ rows: [(energy: Int, values: [Double])]) -> (pivots: [Int], directions: [[Double]])? {
    var rest = rows.map(\.values)
    func squares() -> [Double] { rest.map { nutune_beam_dot($0, $0, $0.count) } }
    var norms = squares()
    let least = smallestRest * smallestRest * (norms.max() ?? 0)
    var (pivots, directions): ([Int], [[Double]]) = ([], [])
    while let next = norms.indices.max(by: { norms[$0] < norms[$1] }), norms[next] > least {
      guard pivots.count < most else { return nil }
      let norm = norms[next].squareRoot()
      let direction = rest[next].map { $0 / norm }
      for index in rest.indices { _ = project(&rest[index], along: direction) }
      // Its own row is done with; what is left of it is rounding.
      rest[next] = rest[next].map { _ in 0 }
      norms = squares()
      pivots.append(rows[next].energy)
      directions.append(direction)
    }
    return pivots.isEmpty ? nil : (pivots, directions)
  }

  /// Takes out of a row what it has along a direction, and returns how much that was.
  private static func project(_ row: inout [Double], along direction: [Double]) -> Double {
    let share = nutune_beam_dot(direction, row, direction.count)
    nutune_beam_add_scaled(-share, direction, direction.count, &row)
    return share
  }

  /// Solves U C = R, where U has the columns of R at the pivots and is triangular; shape [pivots][energies].
  private static func coefficients(_ shares: [[Double]], _ pivots: [Int]) -> [[Double]] {
    var solved = shares
    for row in pivots.indices.reversed() {
      for later in pivots.indices.dropFirst(row + 1) {
        let known = solved[later]
        nutune_beam_add_scaled(-shares[row][pivots[later]], known, known.count, &solved[row])
      }
      solved[row] = solved[row].map { $0 / shares[row][pivots[row]] }
    }
    return solved
  }

  /// Whether a function is known by its values at the pivots: it is where it is known between them, to ``accuracy``.
  ///
  /// - Parameter values: at ``places``, shape [pivots + checks].
  package func determines(_ values: UnsafePointer<Double>) -> Bool {
    let largest = places.indices.reduce(0) { max($0, abs(values[$1])) }
    return checks.enumerated().allSatisfy { check, coefficients in
      abs(nutune_beam_dot(coefficients, values, count) - values[count + check]) <= Self.accuracy * largest
    }
  }
}
