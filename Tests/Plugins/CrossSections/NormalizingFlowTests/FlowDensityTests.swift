import Foundation
import NormalizingFlow
import NuTuneCore
import NuTuneNumerics
import Testing

/// The transform itself, with random parameters, so that nothing is near the identity.
@Suite struct FlowDensityTests {
  /// A flow whose parameters are normal with a standard deviation of 0.4.
  func randomDensity() throws -> FlowDensity {
    let model = try flow(["training.steps": .integer(1), "network.hidden": .numbers([8, 8])])
    var state = try model.tuned(on: try SmallProblem().problem).state
    let stream = try RandomStream(seed: 11, purpose: "parameters")
    for i in state.tensors.indices {
      state.tensors[i].elements = state.tensors[i].elements.map { _ in Float(0.4 * stream.gaussian()) }
    }
    let restored = try #require(try model.restored(from: state) as? NormalizingFlow)
    return try restored.density(of: .numu)
  }

  /// Points all over the region, none within 10⁻³ of its edges.
  func randomPoints(_ count: Int) throws -> KinematicPoints {
    let stream = try RandomStream(seed: 12, purpose: "points")
    let mass = PhysicalConstants.muonMass
    var points = KinematicPoints()
    for _ in 0..<count {
      let energy = stream.uniform(in: 0.31...5.99)
      points.append(
        neutrinoEnergy: energy, leptonEnergy: mass + (energy - mass) * stream.uniform(in: 0.001...0.999),
        cosTheta: stream.uniform(in: -0.999...0.999))
    }
    return points
  }

  @Test func inverseUndoesTheTransform() throws {
    let density = try randomDensity()
    let points = try randomPoints(2000)
    let base = density.baseCoordinates(of: points)
    #expect(base.allSatisfy { u in (0..<3).allSatisfy { (0...1).contains(u[$0]) } })
    // The identity is far away: else this test would not see the splines.
    #expect(Set(base.map { Int($0[0] * 20) }).count > 10)
    let again = density.points(at: base)
    for i in 0..<points.count {
      // A density of ρ GeV⁻² turns 10⁻¹⁶ in u into 10⁻¹⁶/ρ: the smallest here is about 10⁻⁴.
      #expect(abs(again.neutrinoEnergy[i] - points.neutrinoEnergy[i]) < 1e-9)
      #expect(abs(again.leptonEnergy[i] - points.leptonEnergy[i]) < 1e-9)
      #expect(abs(again.cosTheta[i] - points.cosTheta[i]) < 1e-9)
    }
  }

  /// The density is the determinant of the numerical Jacobian of the transform. Second derivatives jump at knots, so a
  /// difference across one errs in first order, h·|u″| ≲ 10⁻⁴; anywhere else in second.
  @Test func densityIsTheJacobian() throws {
    let density = try randomDensity()
    let points = try randomPoints(500)
    let values = density.values(at: points)
    let h = 1e-6
    func shifted(_ axis: Int, _ by: Double) -> [SIMD3<Double>] {
      var moved = points
      for i in 0..<points.count {
        switch axis {
        case 0: moved.neutrinoEnergy[i] += by
        case 1: moved.leptonEnergy[i] += by
        default: moved.cosTheta[i] += by
        }
      }
      return density.baseCoordinates(of: moved)
    }
    let columns = (0..<3).map { axis in
      zip(shifted(axis, h), shifted(axis, -h)).map { ($0 - $1) / (2 * h) }
    }
    var close = 0
    for i in 0..<points.count {
      let (a, b, c) = (columns[0][i], columns[1][i], columns[2][i])
      let determinant =
        a[0] * (b[1] * c[2] - b[2] * c[1]) - b[0] * (a[1] * c[2] - a[2] * c[1]) + c[0] * (a[1] * b[2] - a[2] * b[1])
      let error = abs(determinant / values[i] - 1)
      #expect(error < 1e-3, "\(determinant) against \(values[i])")
      if error < 1e-6 { close += 1 }
    }
    #expect(close > 475)
  }

  /// Quadrature points over the whole region in coordinates of their own, with weights and the cell of 4 × 4 × 4 they
  /// are in.
  func region() throws -> (points: KinematicPoints, weights: [Double], cells: [Int]) {
    let rule = try GaussLegendre(points: 3)
    func panels(_ count: Int, over range: ClosedRange<Double>) -> [(node: Double, weight: Double, quarter: Int)] {
      let width = (range.upperBound - range.lowerBound) / Double(count)
      return (0..<count).flatMap { panel in
        zip(rule.nodes, rule.weights).map {
          (range.lowerBound + width * (Double(panel) + 0.5 * ($0 + 1)), 0.5 * width * $1, 4 * panel / count)
        }
      }
    }
    let mass = PhysicalConstants.muonMass
    var points = KinematicPoints()
    var weights: [Double] = []
    var cells: [Int] = []
    for logarithm in panels(96, over: log(0.3)...log(6)) {
      let energy = exp(logarithm.node)
      for share in panels(24, over: 0...1) {
        // cosθ = 1 − t²: panels are narrow in the forward direction.
        for t in panels(24, over: 0...2.0.squareRoot()) {
          points.append(
            neutrinoEnergy: energy, leptonEnergy: mass + (energy - mass) * share.node,
            cosTheta: 1 - t.node * t.node)
          weights.append(logarithm.weight * energy * share.weight * (energy - mass) * t.weight * 2 * t.node)
          cells.append(16 * logarithm.quarter + 4 * share.quarter + t.quarter)
        }
      }
    }
    return (points, weights, cells)
  }

  @Test func normalizationAndSampling() throws {
    let density = try randomDensity()
    let region = try region()
    let values = density.values(at: region.points)
    var expected = [Double](repeating: 0, count: 64)
    for i in values.indices { expected[region.cells[i]] += region.weights[i] * values[i] }
    // Where a knot cuts a panel of width w the slope of the density jumps by J: an error up to J w²/8 of either sign. Measured:
    // −1.8·10⁻³ with 24 panels along E_ν, −3·10⁻⁴ with these, −6·10⁻⁶ with 192 × 64 × 64.
    #expect(abs(expected.reduce(0, +) - 1) < 5e-4)

    let count = 20_000
    let mass = PhysicalConstants.muonMass
    let sample = density.sample(count, from: try RandomStream(seed: 13, purpose: "sampling"))
    var observed = [Double](repeating: 0, count: 64)
    for i in 0..<count {
      let energy = sample.neutrinoEnergy[i]
      let quarters = [
        log(energy / 0.3) / log(6 / 0.3), (sample.leptonEnergy[i] - mass) / (energy - mass),
        ((1 - sample.cosTheta[i]) / 2).squareRoot(),
      ].map { min(max(Int(4 * $0), 0), 3) }
      observed[16 * quarters[0] + 4 * quarters[1] + quarters[2]] += 1
    }
    let filled = (0..<64).filter { expected[$0] * Double(count) > 5 }
    #expect(filled.count > 40)
    let chi2 = filled.reduce(0.0) { sum, cell in
      let mean = expected[cell] * Double(count)
      return sum + (observed[cell] - mean) * (observed[cell] - mean) / mean
    }
    let freedom = Double(filled.count - 1)
    #expect(abs(chi2 - freedom) < 4 * (2 * freedom).squareRoot(), "χ² = \(chi2) for \(freedom)")
  }

  @Test func nothingOutsideTheRegion() throws {
    let density = try randomDensity()
    let mass = PhysicalConstants.muonMass
    let outside = KinematicPoints(
      neutrinoEnergy: [0.2, 6.1, 2, 2, 2, 2, 0.05], leptonEnergy: [0.15, 3, 2.1, 0.9 * mass, 1, 1, 0.04],
      cosTheta: [0, 0, 0, 0, 1.1, -1.1, 0])
    #expect(density.values(at: outside) == [Double](repeating: 0, count: 7))
    let edge = KinematicPoints(
      neutrinoEnergy: [0.3, 6, 2, 2, 2], leptonEnergy: [0.2, 1, 2, mass, 1], cosTheta: [0, 0, 0.5, 0.5, 1])
    #expect(density.values(at: edge).allSatisfy { $0 > 0 && $0.isFinite })
    #expect(density.values(at: KinematicPoints()).isEmpty)
  }

  /// Points in any order give what they give one by one.
  @Test func orderDoesNotMatter() throws {
    let density = try randomDensity()
    var points = try randomPoints(50)
    for i in stride(from: 1, to: 50, by: 3) { points.neutrinoEnergy[i] = points.neutrinoEnergy[i - 1] }
    for i in 2..<50 where points.neutrinoEnergy[i] > points.leptonEnergy[i - 2] {
      points.leptonEnergy[i] = points.leptonEnergy[i - 2]
    }
    let together = density.values(at: points)
    for i in 0..<50 {
      let one = KinematicPoints(
        neutrinoEnergy: [points.neutrinoEnergy[i]], leptonEnergy: [points.leptonEnergy[i]],
        cosTheta: [points.cosTheta[i]])
      #expect(abs(density.values(at: one)[0] - together[i]) <= 1e-12 * together[i])
    }
  }
}
