import NuTuneNumerics

/// The interval of one parameter in which the profiled −2 ln L stays within `level` of a given minimum.
public struct ProfileInterval: Equatable, Sendable {
  /// One end of the interval.
  public struct End: Equatable, Sendable {
    /// Its position, in the parameter's unit.
    public let position: Double
    /// True when −2 ln L has not risen by the level up to the parameter's bound, which is then the position: the
    /// interval is open on this side.
    public let isOpen: Bool
  }

  /// Name of the parameter.
  public let parameter: String
  /// Value of the parameter at the minimum.
  public let center: Double
  /// The lower end.
  public let lower: End
  /// The upper end.
  public let upper: End
  /// Rise of −2 ln L at the ends; 1 for 68.27 %.
  public let level: Double
  /// Other minima of the fit inside the interval, less than the level above the given one.
  public let otherMinima: [LocalMinimum]
  /// Whether all minimisations over the other parameters converged.
  public let isConverged: Bool

  /// Whether the interval contains more than the one minimum, e.g. both octants.
  public var spansSeveralMinima: Bool { !otherMinima.isEmpty }
  /// Half the length of the interval.
  public var halfWidth: Double { 0.5 * (upper.position - lower.position) }

  /// Walks outward from `minimum` in quarters of the parabolic error, with the other parameters where the points before lead
  /// (`ProfileWalk`), until −2 ln L is `level` above the minimum's, then finds the crossing by Brent's method.
  ///
  /// The ends of a periodic parameter lie within a period of each other, not necessarily within the parameter's bounds;
  /// if −2 ln L rises by the level nowhere, both are open and half a period away.
  ///
  /// A barrier between two minima that is thinner than a quarter of an error is not detected.
  /// - Parameters:
  ///   - fit: the fit; its other minima determine ``spansSeveralMinima``.
  ///   - minimum: the minimum inside the interval; the best by default.
  ///   - index: index of the parameter.
  ///   - likelihood: the likelihood of the fit.
  ///   - level: rise of −2 ln L at the ends, 1 for 68.27 %.
  ///   - settings: tolerances of the minimisations.
  public init(
    of index: Int, in fit: FitResult, around minimum: LocalMinimum? = nil, likelihood: some Likelihood,
    level: Double = 1, settings: FitSettings = FitSettings()
  ) throws {
    guard fit.parameters.indices.contains(index) else {
      throw InferenceError.badParameter(name: "#\(index)", reason: "the fit has \(fit.parameters.count) parameters")
    }
    let minimum = minimum ?? fit.best
    let parameter = fit.parameters[index]
    let profile = ProfileLikelihood(likelihood: likelihood, parameters: fit.parameters, settings: settings)
    var search = Search(profile: profile, index: index, minimum: minimum, level: level)
    var lower = try search.end(direction: -1)
    var upper = lower.isOpen && parameter.period != nil ? lower : try search.end(direction: 1)
    if let period = parameter.period, lower.isOpen || upper.isOpen {
      lower = End(position: minimum.position[index] - 0.5 * period, isOpen: true)
      upper = End(position: minimum.position[index] + 0.5 * period, isOpen: true)
    }
    self.parameter = parameter.name
    self.level = level
    center = minimum.position[index]
    (self.lower, self.upper) = (lower, upper)
    isConverged = search.isConverged
    let ends = lower.position...upper.position
    otherMinima = try fit.minima.filter { other in
      let place = minimum.position[index] + parameter.difference(other.position[index], minimum.position[index])
      guard other != minimum, other.value - minimum.value < level, ends.contains(place) else { return false }
      // The projection of another minimum may lie inside although the profile never left this minimum.
      return try search.leads(to: other)
    }
  }

  /// Returns −2 ln L at one value of a parameter, the others minimised from every minimum of a fit.
  public static func profile(
    of index: Int, at value: Double, in fit: FitResult, likelihood: some Likelihood,
    settings: FitSettings = FitSettings()
  ) throws -> Double {
    let profile = ProfileLikelihood(likelihood: likelihood, parameters: fit.parameters, settings: settings)
    let found = try fit.minima.map { try profile.minimum(holding: [index: value], from: $0.position).value }
    return found.min() ?? .infinity
  }

  private struct Search {
    let profile: ProfileLikelihood
    let index: Int
    let minimum: LocalMinimum
    let level: Double
    var isConverged = true

    init(profile: ProfileLikelihood, index: Int, minimum: LocalMinimum, level: Double) {
      (self.profile, self.index, self.minimum, self.level) = (profile, index, minimum, level)
    }

    mutating func end(direction: Double) throws -> End {
      let parameter = profile.parameters[index]
      let center = minimum.position[index]
      let bound =
        if let period = parameter.period { center + direction * period } else {
          direction < 0 ? parameter.bounds.lowerBound : parameter.bounds.upperBound
        }
      let width = (minimum.errors[index] ?? parameter.scale) * level.squareRoot()
      var step = 0.25 * min(width, 100 * parameter.scale)
      var inside = center
      var walk = ProfileWalk(profile, along: index, from: minimum)
      // 0.25 · (16 + 1.25 + … ) errors; without a bound the walk must end somewhere.
      for count in 0..<200 {
        guard inside != bound else { return End(position: bound, isOpen: true) }
        let next = direction < 0 ? max(bound, inside - step) : min(bound, inside + step)
        if try rise(at: next, &walk) >= 0 {
          let root = try Brent.root(
            in: min(inside, next)...max(inside, next), absoluteTolerance: 1e-7 * width, relativeTolerance: 1e-12
          ) { try self.rise(at: $0, &walk) }
          return End(position: root.position, isOpen: false)
        }
        inside = next
        if count > 16 { step *= 1.25 }
      }
      return End(position: inside, isOpen: true)
    }

    /// Whether the profile from this minimum to the parameter of another one ends in the other one.
    func leads(to other: LocalMinimum) throws -> Bool {
      let found = try profile.minimum(holding: [index: other.position[index]], from: minimum.position).position
      let distance = zip(profile.parameters, zip(found, other.position)).reduce(0) { sum, item in
        let pull = item.0.difference(item.1.0, item.1.1) / item.0.scale
        return sum + pull * pull
      }
      return distance < 0.25
    }

    /// Computes −2 ln L profiled at `x`, relative to the level; the first part of the walk starts below it.
    private mutating func rise(at x: Double, _ walk: inout ProfileWalk) throws -> Double {
      // At the centre the rise is known; a descent there could only differ by rounding.
      guard x != minimum.position[index] else { return -level }
      let found = try walk.minimum(holding: [index: x], at: x)
      if !found.status.isConverged { isConverged = false }
      return found.value - minimum.value - level
    }
  }
}
