import Foundation
import NuTuneStatistics
import NuTuneNumerics
import Testing

@Suite struct MarginalizedCountLikelihoodTests {
  private let counts = [[120.0, 310, 255, 88], [40.0, 61, 17]]
  private let rates = [[118.0, 300, 270, 80], [4.1, 6.0, 1.9]]

  /// Two parts of every bin, which share its rate, with slopes of two directions.
  private func slopes(_ scale: Double) -> [ModeSlopes] {
    let first = [0.9, -0.4, 0.2, 0.7, -0.5, 0.3, 0.8, -0.2, -0.6, 0.1, 0.4, -0.8, 0.3, 0.5, -0.1, 0.9]
    let second = [0.4, 0.6, -0.9, 0.2, 0.3, -0.7, 0.5, 0.8, -0.3, 0.1, 0.6, -0.4]
    return [
      ModeSlopes(binCount: 4, bins: [0, 0, 1, 1, 2, 2, 3, 3], slopes: first.map { scale * $0 }),
      ModeSlopes(binCount: 3, bins: [0, 0, 1, 1, 2, 2], slopes: second.map { scale * $0 }),
    ]
  }

  private func openRates(_ shift: Double = 0) -> [ModeRates] {
    rates.map { sample in
      ModeRates(
        parts: sample.enumerated().flatMap { [0.3 * $1 * exp(shift * Double($0)), 0.6 * $1] },
        fixed: sample.map { 0.1 * $0 })
    }
  }

  private func marginalized(_ scale: Double) throws -> MarginalizedCountLikelihood {
    try MarginalizedCountLikelihood(counts: counts, slopes: slopes(scale), directionCount: 2) {
      self.openRates($0.first ?? 0)
    }
  }

  /// −2 ln L(z), written out: 2 Σ n ln(n/ν) with ν = N f/Σf and f = Σ parts · e^{r·z}.
  private func deviance(_ scale: Double, _ z: [Double], shift: Double = 0) -> Double {
    var sum = 0.0
    for (sample, observed) in counts.enumerated() {
      let (open, slopes) = (openRates(shift)[sample], slopes(scale)[sample])
      var moved = open.fixed
      for part in slopes.bins.indices {
        moved[slopes.bins[part]] +=
          open.parts[part] * exp(z[0] * slopes.slopes[2 * part] + z[1] * slopes.slopes[2 * part + 1])
      }
      let (total, events) = (moved.reduce(0, +), observed.reduce(0, +))
      for (count, rate) in zip(observed, moved) { sum += 2 * count * log(count * total / (events * rate)) }
    }
    return sum
  }

  /// −2 ln ∫ L N(z) dz by the midpoint rule on ±7 in both directions.
  private func integral(_ scale: Double, shift: Double = 0) -> Double {
    let (count, width) = (350, 7.0)
    let step = 2 * width / Double(count)
    let reference = deviance(scale, [0, 0], shift: shift)
    var sum = 0.0
    for i in 0..<count {
      for j in 0..<count {
        let z = [-width + (Double(i) + 0.5) * step, -width + (Double(j) + 0.5) * step]
        sum += exp(-0.5 * (deviance(scale, z, shift: shift) - reference + z[0] * z[0] + z[1] * z[1]))
      }
    }
    return reference - 2 * log(sum * step * step / (2 * Double.pi))
  }

  @Test func withoutDirectionsItIsTheShapeLikelihood() throws {
    let none = rates.map { ModeSlopes(binCount: $0.count, bins: [], slopes: []) }
    let marginalized = try MarginalizedCountLikelihood(counts: counts, slopes: none, directionCount: 0) { _ in
      self.rates.map { ModeRates(parts: [], fixed: $0) }
    }
    let single = try zip(counts, rates).reduce(0) { sum, sample in
      try sum + ShapeLikelihood(counts: sample.0) { _ in sample.1 }.minusTwoLogLikelihood(at: [])
    }
    #expect(abs(try marginalized.minusTwoLogLikelihood(at: []) - single) < 1e-12)
  }

  /// Two directions against the integral by brute force. Laplace's method leaves the cubic and quartic terms of ln L and
  /// takes the expected for the observed information, both of relative order 1/n of the events in a bin: 0.02 of −2 ln L for
  /// each direction with bins of some 50.
  @Test(arguments: [0.02, 0.1, 0.4]) func agreesWithTheIntegral(_ scale: Double) throws {
    let found = try marginalized(scale).minusTwoLogLikelihood(at: [])
    let expected = integral(scale)
    #expect(abs(found - expected) < 0.04, "\(found), \(expected)")
    #expect(abs(expected - deviance(scale, [0, 0])) > 0.01)
  }

  /// −2 ln L(z) of the first sample with other counts, written out.
  private func firstDeviance(_ observed: [Double], _ z: [Double], shift: Double) -> Double {
    let (open, slopes) = (openRates(shift)[0], slopes(0.3)[0])
    var moved = open.fixed
    for part in slopes.bins.indices {
      moved[slopes.bins[part]] +=
        open.parts[part] * exp(z[0] * slopes.slopes[2 * part] + z[1] * slopes.slopes[2 * part + 1])
    }
    let (total, events) = (moved.reduce(0, +), observed.reduce(0, +))
    return zip(observed, moved).reduce(0) { $0 + 2 * $1.0 * log($1.0 * total / (events * $1.1)) }
  }

  /// Differences between two points, which a fit is made of. Laplace's method with the expected in place of the observed
  /// information misses terms of order 1/√n where data scatter by √n: a hundred times the events leave a tenth. An
  /// independent calculation has 0.0036, 0.0069, 0.0024 and 0.00024 for 1, 10, 100 and 10⁴ times these counts.
  @Test func differencesAgreeWithTheIntegral() throws {
    func error(_ factor: Double) throws -> Double {
      let expected = rates[0].map { factor * $0 * 773 / 768 }
      let observed = zip(expected, counts[0]).map { $0 + factor.squareRoot() * ($1 - $0 / factor) }
      let likelihood = try MarginalizedCountLikelihood(
        counts: [observed], slopes: [slopes(0.3)[0]], directionCount: 2
      ) { [self.openRates($0[0])[0]] }
      // −2 ln ∫ L N(z) dz by the midpoint rule on a lattice of ±8 standard deviations around the best directions.
      func integral(_ shift: Double) throws -> Double {
        let best = try likelihood.best(at: [shift])
        let axes = try best.information.inverseTransposedLower()
        func exponent(_ z: [Double]) -> Double {
          firstDeviance(observed, z, shift: shift) + z[0] * z[0] + z[1] * z[1]
        }
        let (count, width, reference) = (160, 8.0, exponent(best.directions))
        let step = 2 * width / Double(count)
        var sum = 0.0
        for i in 0..<count {
          for j in 0..<count {
            let g = [i, j].map { -width + (Double($0) + 0.5) * step }
            let z = zip(best.directions, try axes.multiplied(by: g)).map { $0 + $1 }
            sum += exp(-0.5 * (exponent(z) - reference))
          }
        }
        return reference - 2 * log(sum * step * step * axes[0, 0] * axes[1, 1] / (2 * Double.pi))
      }
      let shift = 0.1 / factor.squareRoot()
      let found = try likelihood.minusTwoLogLikelihood(at: [shift]) - likelihood.minusTwoLogLikelihood(at: [0])
      let wanted = try integral(shift) - integral(0)
      #expect(abs(wanted) > 0.1, "\(wanted)")
      return abs(found - wanted)
    }
    #expect(try error(1) < 0.01)
    let (some, many) = (try error(100), try error(1e4))
    #expect(many < some / 7, "\(some), \(many)")
    #expect(some < 3e-3, "\(some)")
  }

  /// The best directions make the gradient of −2 ln L + |z|² vanish, by differences of the formula written out here.
  @Test(arguments: [0.05, 0.5, 3]) func theBestDirectionsAreAMinimum(_ scale: Double) throws {
    let best = try marginalized(scale).best(at: [])
    func objective(_ z: [Double]) -> Double { deviance(scale, z) + z[0] * z[0] + z[1] * z[1] }
    let step = 1e-5
    for k in 0..<2 {
      var (up, down) = (best.directions, best.directions)
      up[k] += step
      down[k] -= step
      #expect(abs(objective(up) - objective(down)) / (2 * step) < 1e-3)
    }
    #expect(abs(best.deviance + best.penalty - objective(best.directions)) < 1e-8)
    for z in [[0.0, 0], [1, 0], [0, -1], [-1, 1]] { #expect(objective(best.directions) <= objective(z) + 1e-9) }
    #expect(best.steps < 15)
  }

  /// Without the integral's ln det it is the profile likelihood, and between both lies ln det(1+F), not negative.
  @Test func theProfileLikelihoodIsBelow() throws {
    var profile = try marginalized(0.3)
    let both = try profile.minusTwoLogLikelihood(at: [])
    let best = try profile.best(at: [])
    profile.isIntegrated = false
    #expect(abs(both - (try profile.minusTwoLogLikelihood(at: [])) - best.logDeterminant) < 1e-12)
    #expect(best.logDeterminant > 0)
  }

  /// Rates stay positive wherever the directions go.
  @Test func ratesArePositiveForAnyDirections() {
    let slopes = slopes(3)
    for i in -5...5 {
      for j in -5...5 {
        for sample in 0..<2 {
          let moved = slopes[sample].moved(openRates()[sample], along: [Double(i), Double(j)])
          #expect(moved.allSatisfy { $0 > 0 && $0.isFinite })
        }
      }
    }
  }

  /// Not knowing the model makes no error smaller: the curvature in a parameter is at most that with directions held at
  /// their best values.
  @Test(arguments: [0.02, 0.2, 1]) func errorsAreNeverBelowTheConditionalOnes(_ scale: Double) throws {
    let likelihood = try marginalized(scale)
    let best = try likelihood.best(at: [0]).directions
    func curvature(_ function: (Double) throws -> Double) rethrows -> Double {
      let step = 0.01
      return (try function(step) - 2 * function(0) + function(-step)) / (step * step)
    }
    let marginal = try curvature { try likelihood.minusTwoLogLikelihood(at: [$0]) }
    let conditional = curvature { deviance(scale, best, shift: $0) }
    #expect(marginal < conditional * 1.001, "\(marginal), \(conditional)")
  }

  /// A direction that only changes the scale of a sample changes nothing.
  @Test func aChangeOfScaleIsNoChange() throws {
    func value(_ slope: Double) throws -> Double {
      let slopes = rates.map {
        ModeSlopes(binCount: $0.count, bins: Array($0.indices), slopes: $0.map { _ in slope })
      }
      return try MarginalizedCountLikelihood(counts: counts, slopes: slopes, directionCount: 1) { _ in
        self.rates.map { ModeRates(parts: $0, fixed: $0.map { _ in 0 }) }
      }.minusTwoLogLikelihood(at: [])
    }
    #expect(abs(try value(0.3) - value(0)) < 1e-9)
  }

  /// Data that a direction explains cost no more than its prior allows, and a fit of what is left does not see it.
  @Test func aDirectionAbsorbsWhatItExplains() throws {
    let probabilities = [0.1, 0.2, 0.3, 0.4]
    let direction = [1e-5, -2e-5, 2e-5, -1e-5]
    let events = 1e11
    let observed = zip(probabilities, direction).map { events * ($0 + $1) }
    let slopes = ModeSlopes(
      binCount: 4, bins: [0, 1, 2, 3], slopes: zip(probabilities, direction).map { $1 / $0 })
    let value = try MarginalizedCountLikelihood(counts: [observed], slopes: [slopes], directionCount: 1) { _ in
      [ModeRates(parts: probabilities, fixed: [0, 0, 0, 0])]
    }.minusTwoLogLikelihood(at: [])
    // With F = N Σ d²/p and data at z = 1 exactly: F/(1+F) + ln(1+F), up to cubic terms of F · 10⁻⁴.
    let information = zip(probabilities, direction).reduce(0) { $0 + events * $1.1 * $1.1 / $1.0 }
    #expect(abs(value - (information / (1 + information) + log(1 + information))) < 0.1)
  }

  /// Pulls are minimised over and not integrated.
  @Test func pullsAreProfiled() throws {
    let pulls = [[0.05, -0.02, 0.03, 0.01], [0.04, 0.01, -0.05]]
    func likelihood(_ directions: Int) throws -> MarginalizedCountLikelihood {
      let slopes = rates.map {
        ModeSlopes(
          binCount: $0.count, bins: Array($0.indices), slopes: [Double](repeating: 0, count: directions * $0.count))
      }
      return try MarginalizedCountLikelihood(
        counts: counts, slopes: slopes, directionCount: directions, pullCount: 1
      ) { _ in zip(self.rates, pulls).map { ModeRates(parts: $0, fixed: $0.map { _ in 0 }, pulls: $1) } }
    }
    let found = try likelihood(0)
    func objective(_ pull: Double) throws -> Double {
      try zip(zip(counts, rates), pulls).reduce(pull * pull) { sum, sample in
        let moved = zip(sample.0.1, sample.1).map { $0 * exp(pull * $1) }
        return try sum + ShapeLikelihood(counts: sample.0.0) { _ in moved }.minusTwoLogLikelihood(at: [])
      }
    }
    let brute = try (0...4000).map { try objective(-2 + 1e-3 * Double($0)) }.min() ?? .nan
    #expect(abs(try found.minusTwoLogLikelihood(at: []) - brute) < 1e-5)
    // A direction without effect changes nothing.
    #expect(abs(try likelihood(2).minusTwoLogLikelihood(at: []) - found.minusTwoLogLikelihood(at: [])) < 1e-9)
  }

  /// Rates that bend with two parameters: a shape and a number of events, with fixed parts, a scale and two pulls beside the
  /// directions.
  private static func bentRates(_ x: Double, _ y: Double) -> [ModeRates] {
    let bins = [[35.0, 90, 75, 25], [12.0, 18, 5]]
    return bins.enumerated().map { sample, bins in
      ModeRates(
        parts: bins.enumerated().flatMap { bin, rate in
          let place = Double(bin + 3 * sample)
          return [rate * exp(0.2 * x * cos(place)), rate * (1.5 + 0.3 * sin(place + y) + 0.1 * x * y)]
        },
        fixed: bins.enumerated().map { bin, rate in 0.3 * rate * (1 + 0.2 * y * sin(2 * Double(bin))) },
        pulls: (0..<2 * bins.count).map { 0.05 * sin(3 * Double($0)) + 0.02 * x + 0.01 * y * Double($0) })
    }
  }

  /// A part of a bin that is just about to begin: its derivative is that of larger rates, not zero.
  @Test func aPartWithoutARateHasADerivative() throws {
    @Sendable func rates(_ x: Double) -> [ModeRates] {
      [ModeRates(parts: [30, x, 25, 50, 2 * x], fixed: [4, 5, 6])]
    }
    let likelihood = try MarginalizedCountLikelihood(
      terms: [try CountTerm(counts: [50, 28, 61], normalization: 1)],
      slopes: [ModeSlopes(binCount: 3, bins: [0, 0, 1, 2, 2], slopes: [0.5, -0.8, 0.4, -0.2, 0.9])], directionCount: 1,
      differentiable: { place in
        DifferentiablePrediction(rates(place[0])) { slopes in [slopes[0].parts[1] + 2 * slopes[0].parts[4]] }
      }, prediction: { rates($0[0]) })
    let step = 1e-3
    let values = try (0..<3).map { try likelihood.minusTwoLogLikelihood(at: [Double($0) * step]) }
    let difference = (4 * values[1] - 3 * values[0] - values[2]) / (2 * step)
    let slope = try #require(try likelihood.slope(at: [0]))
    #expect(abs(slope.gradient[0] - difference) < 1e-5, "\(slope.gradient[0]) and \(difference)")
  }

  /// Derivatives with respect to the parameters against differences of −2lnL, with and without the determinant, which the
  /// differences see: directions, a scale and pulls move with the parameters.
  @Test(arguments: [(0.3, true), (0.3, false), (1.5, true)])
  func slopesAreDifferences(_ scale: Double, isIntegrated: Bool) throws {
    @Sendable func partial(_ slopes: [ModeRates], _ place: [Double], _ index: Int) -> Double {
      let step = 1e-5
      func rates(_ sign: Double) -> [ModeRates] {
        var place = place
        place[index] += sign * step
        return Self.bentRates(place[0], place[1])
      }
      func flat(_ rates: [ModeRates]) -> [Double] { rates.flatMap { $0.parts + $0.fixed + $0.pulls } }
      return zip(flat(slopes), zip(flat(rates(1)), flat(rates(-1)))).reduce(0) {
        $0 + $1.0 * ($1.1.0 - $1.1.1) / (2 * step)
      }
    }
    var likelihood = try MarginalizedCountLikelihood(
      terms: [try CountTerm(counts: counts[0]), try CountTerm(counts: counts[1], normalization: 1.2)],
      slopes: zip(slopes(scale), [1, -1]).map { $0.appending([$1]) }, directionCount: 2, scaleCount: 1, pullCount: 2,
      differentiable: { place in
        DifferentiablePrediction(Self.bentRates(place[0], place[1])) { slopes in
          [0, 1].map { partial(slopes, place, $0) }
        }
      }, prediction: { Self.bentRates($0[0], $0[1]) })
    likelihood.isIntegrated = isIntegrated
    for place in [[0.0, 0.0], [0.4, -0.7], [-0.5, 0.9]] {
      let slope = try #require(try likelihood.slope(at: place))
      #expect(abs(slope.value - (try likelihood.minusTwoLogLikelihood(at: place))) < 1e-12 * slope.value)
      for index in 0..<2 {
        func moved(_ steps: Double) throws -> Double {
          var place = place
          place[index] += 0.02 * steps
          return try likelihood.minusTwoLogLikelihood(at: place)
        }
        let difference = try (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / 0.24
        #expect(abs(slope.gradient[index] - difference) < 1e-5 * (1 + abs(difference)), "\(slope) and \(difference)")
      }
    }
    // The determinant is seen.
    let best = try (0..<2).map { try likelihood.best(at: [0.3 * Double($0), 0]).logDeterminant }
    #expect(abs(best[1] - best[0]) > 1e-3, "\(best)")
  }

  @Test func impossibleShapesAreErrors() throws {
    let slopes = rates.map { ModeSlopes(binCount: $0.count, bins: [0], slopes: [1, 2]) }
    #expect(throws: InferenceError.self) {
      try MarginalizedCountLikelihood(counts: self.counts, slopes: slopes, directionCount: 1) { _ in [] }
    }
    let likelihood = try MarginalizedCountLikelihood(counts: counts, slopes: slopes, directionCount: 2) { _ in
      [ModeRates(parts: [1, 2], fixed: [1]), ModeRates(parts: [1], fixed: [1])]
    }
    #expect(throws: InferenceError.self) { try likelihood.minusTwoLogLikelihood(at: []) }
  }

  /// Δ at the true values is that of the parabola for Gaussian data: ν = (10⁶, 10⁶ + a, 10⁶ + b).
  @Test func trueValuesAgainstAParabola() throws {
    let parameters = try ["a", "b"].map { try FitParameter(name: $0, starts: [0], bounds: -9000...9000, scale: 1000) }
    let likelihood = try PoissonLikelihood(counts: [1e6, 1e6 + 700, 1e6 - 300]) { [1e6, 1e6 + $0[0], 1e6 + $0[1]] }
    let test = try TrueValueTest(likelihood, parameters, truth: [200, -300])
    #expect(test.isConverged)
    #expect(abs(test.best[0] - 700) < 1 && abs(test.best[1] + 300) < 1)
    // (500)²/10⁶, with third-order terms of 10⁻³ of it.
    #expect(abs(test.joint - 0.25) < 1e-3 && abs(test.each[0] - 0.25) < 1e-3 && test.each[1] < 1e-6)
  }
}
