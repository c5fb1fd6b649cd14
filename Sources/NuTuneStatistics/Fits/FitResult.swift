import NuTuneNumerics

/// The result of a fit: every distinct local minimum, lowest first, and the outcome of every start.
public struct FitResult: Sendable {
  /// The outcome of one start.
  public struct Run: Equatable, Sendable {
    /// Its position, shape [parameters].
    public let start: [Double]
    /// Index in ``FitResult/minima`` of its minimum.
    public internal(set) var minimum: Int
    /// Number of evaluations of the likelihood by the descent.
    public let evaluations: Int
    /// Whether the descent converged.
    public let status: ConvergenceStatus
  }

  /// The fitted parameters.
  public let parameters: [FitParameter]
  /// Distinct local minima, lowest first; at least one. Ends of descents that did not converge are among them, marked
  /// by their status.
  public let minima: [LocalMinimum]
  /// One entry per start, two for a start on a ridge.
  public let runs: [Run]

  /// The lowest minimum.
  public var best: LocalMinimum { minima[0] }
  /// Whether the lowest minimum is converged. Whether it has parabolic errors is another question:
  /// ``LocalMinimum/isPositiveDefinite``.
  public var isConverged: Bool { best.status.isConverged }

  /// Returns the value of a parameter at the lowest minimum; nil for an unknown name.
  public func value(_ name: String) -> Double? {
    parameters.firstIndex { $0.name == name }.map { best.position[$0] }
  }

  /// Returns the minimum closest to `position`, distances in units of the parameters' scales, angles the shorter way
  /// around.
  public func minimum(nearest position: [Double]) -> LocalMinimum {
    func distance(_ minimum: LocalMinimum) -> Double {
      zip(parameters, zip(minimum.position, position)).reduce(0) { sum, pair in
        let step = pair.0.difference(pair.1.0, pair.1.1) / pair.0.scale
        return sum + step * step
      }
    }
    return minima.min { distance($0) < distance($1) } ?? best
  }

  init(
    parameters: [FitParameter], found: [LocalMinimum], runs: [Run],
    same: (LocalMinimum, LocalMinimum) -> Bool
  ) {
    self.parameters = parameters
    let order = found.indices.sorted { (found[$0].value, $0) < (found[$1].value, $1) }
    var minima: [LocalMinimum] = []
    var place = [Int](repeating: 0, count: found.count)
    for i in order {
      if let known = minima.firstIndex(where: { same($0, found[i]) }) {
        if !minima[known].status.isConverged, found[i].status.isConverged { minima[known] = found[i] }
        place[i] = known
      } else {
        place[i] = minima.count
        minima.append(found[i])
      }
    }
    self.minima = minima
    self.runs = runs.map { run in
      var run = run
      run.minimum = place[run.minimum]
      return run
    }
  }
}
