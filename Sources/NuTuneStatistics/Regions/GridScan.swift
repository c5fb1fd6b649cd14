import NuTuneNumerics

/// Δ(−2 ln L) on a grid of two parameters.
public struct GridScan: Sendable {
  /// The treatment of the parameters that are not on the axes.
  public enum Others: Equatable, Sendable {
    /// They stay at these values; shape [parameters], entries of the two axes are ignored.
    case fixed([Double])
    /// They are minimised over at each point, starting from these values at the first point of each row and where the
    /// points before lead after that.
    case profiled(from: [Double])
  }

  /// Name of the parameter on the x axis.
  public let xName: String
  /// Name of the parameter on the y axis.
  public let yName: String
  /// Δ(−2 ln L), shape [ys × xs].
  public let field: ScalarField
  /// −2 ln L that was subtracted.
  public let reference: Double
  /// Number of grid points where the minimisation over the others did not converge.
  public let notConverged: Int

  /// Scans a grid. Rows are independent of each other and computed by `jobs` threads; the result does not depend on
  /// their number.
  ///
  /// Complexity: xs × ys evaluations when the others are fixed; when profiled two or three times that for a likelihood with
  /// derivatives and some 20 to 50 times that for one without.
  /// - Parameters:
  ///   - likelihood: the likelihood that is scanned.
  ///   - parameters: all parameters of the likelihood, in its order.
  ///   - x: index of the parameter on the x axis, with its positions.
  ///   - y: index of the parameter on the y axis, with its positions.
  ///   - others: treatment of the other parameters.
  ///   - reference: −2 ln L to subtract, normally at the fit's lowest minimum.
  ///   - jobs: number of threads.
  ///   - settings: tolerances of the minimisations of profiled scans.
  public init(
    _ likelihood: some Likelihood, _ parameters: [FitParameter], x: (index: Int, positions: [Double]),
    y: (index: Int, positions: [Double]), others: Others, reference: Double, jobs: Int = 1,
    settings: FitSettings = FitSettings()
  ) throws {
    for index in [x.index, y.index] where !parameters.indices.contains(index) || x.index == y.index {
      throw InferenceError.badGrid("axes \(x.index) and \(y.index) of \(parameters.count) parameters")
    }
    let start =
      switch others {
      case .fixed(let values), .profiled(from: let values): values
      }
    guard start.count == parameters.count else {
      throw InferenceError.badGrid("\(start.count) values for \(parameters.count) parameters")
    }
    // Axes are checked before anything is computed.
    _ = try ScalarField(
      xs: x.positions, ys: y.positions,
      values: [Double](repeating: 0, count: x.positions.count * y.positions.count))

    let isProfiled = if case .profiled = others { parameters.count > 2 } else { false }
    let profile = ProfileLikelihood(likelihood: likelihood, parameters: parameters, settings: settings)
    let rows = try Parallel.map(y.positions.count, threads: jobs) { iy in
      var row = Row()
      var point = start
      var walk = ProfileWalk(profile, holding: [x.index, y.index], from: start)
      for value in x.positions {
        point[x.index] = value
        point[y.index] = y.positions[iy]
        if isProfiled {
          let found = try walk.minimum(holding: [x.index: value, y.index: y.positions[iy]], at: value)
          if !found.status.isConverged { row.notConverged += 1 }
          row.values.append(found.value - reference)
        } else {
          row.values.append(try likelihood.minusTwoLogLikelihood(at: point) - reference)
        }
      }
      return row
    }
    xName = parameters[x.index].name
    yName = parameters[y.index].name
    self.reference = reference
    notConverged = rows.reduce(0) { $0 + $1.notConverged }
    field = try ScalarField(xs: x.positions, ys: y.positions, values: rows.flatMap(\.values))
  }

  private struct Row {
    var values: [Double] = []
    var notConverged = 0
  }
}
