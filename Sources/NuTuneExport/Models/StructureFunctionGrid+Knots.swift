import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics

/// Knots as close as a model's functions need them, which is measured.
extension StructureFunctionGrid {
  /// Largest errors of interpolated functions, in units of F₂ or of 1/1000 of the largest F₂ at that Q².
  package struct Errors: Sendable {
    /// Between knots in x.
    package var x = 0.0
    /// Between knots in Q².
    package var q2 = 0.0
    /// A bound on the error between both.
    package var sum: Double { x + q2 }
  }

  /// The largest error that a grid should have.
  package static let tolerance = 1e-3
  /// The most knots: 7 MB of text for each neutrino sign and member.
  private static let most = (x: 600, q2: 300)
  /// Parts of the tolerance for each direction; the rest is for points that were not looked at.
  private static let share = 0.4
  /// Below this part of the largest F₂ at a Q² there is no rate.
  private static let negligible = 1e-3
  /// Values of Q² at which errors are measured, and of x at each.
  private static let (lines, places) = (64, 96)

  /// Returns a grid with as many knots as it takes for ``tolerance``, or the most, and the errors of a model between them.
  ///
  /// The knots are chosen for the central member; draws from a posterior differ from it by smoother functions.
  package static func fitting(_ model: ExportedModel, threads: Int) throws -> (
    grid: StructureFunctionGrid, errors: Errors
  ) {
    // The peak at W = M: 2M times its width in ω.
    let width = QuadraturePlan.peakWidth(of: model.target)
    let peak = 2 * PhysicalConstants.nucleonMass * hypot(width, QuadraturePlan.fermiMotion(besides: width))
    var grid = StructureFunctionGrid(x: 160, q2: 80, peak: peak)
    while true {
      let errors = try grid.errors(of: model, threads: threads)
      let (x, q2) = (
        knots(grid.x.count, error: errors.x, most: most.x), knots(grid.q2.count, error: errors.q2, most: most.q2)
      )
      if (x, q2) == (grid.x.count, grid.q2.count) { return (grid, errors) }
      grid = StructureFunctionGrid(x: x, q2: q2, peak: peak)
    }
  }

  /// The number of knots with which an error, that falls as the third power, should be small enough.
  private static func knots(_ count: Int, error: Double, most: Int) -> Int {
    let excess = error / (share * tolerance)
    guard excess > 1 else { return count }
    return min(most, Int(Double(count) * min(max(cbrt(excess), 1.05), 2)) + 1)
  }

  /// Measures how far interpolated functions of a model are from its own, at random points of the domain, dense where the
  /// knots are.
  package func errors(of model: ExportedModel, threads: Int) throws -> Errors {
    let functions = try model.structureFunctionModel(for: .lhapdf)
    let reactions = Self.species(of: model).map { model.reaction($0) }
    let found = try Parallel.map(Self.lines, threads: threads) { line -> [Errors] in
      let stream = try RandomStream(seed: 1, purpose: "export-lhapdf", member: line)
      func random(_ part: Int, of parts: Int, in knots: ArraySlice<Double>) -> Double {
        Self.value(at: (Double(part) + stream.uniform()) / Double(parts), between: knots)
      }
      // The first knots, and the last one in Q², lie outside of the domain.
      let scale = random(line, of: Self.lines, in: q2.dropFirst().dropLast())
      let places = (0..<Self.places).map { random($0, of: Self.places, in: x.dropFirst()) }
      return try reactions.map { try errors(of: functions, $0, at: places, q2: scale) }
    }
    return found.joined().reduce(into: Errors()) { largest, errors in
      largest = Errors(x: max(largest.x, errors.x), q2: max(largest.q2, errors.q2))
    }
  }

  /// The value a share of the way through knots, whose distances count alike.
  private static func value(at share: Double, between knots: ArraySlice<Double>) -> Double {
    let position = share * Double(knots.count - 1)
    let cell = min(Int(position), knots.count - 2)
    let (low, high) = (knots[knots.startIndex + cell], knots[knots.startIndex + cell + 1])
    return low * pow(high / low, position - Double(cell))
  }

  /// Largest errors at some x of one Q².
  private func errors(
    of model: any StructureFunctionModel, _ reaction: Reaction, at places: [Double], q2 scale: Double
  ) throws -> Errors {
    let alongX = LogCubicInterpolation(knots: x)
    let stencils = places.map { alongX.weights(at: $0) }
    let upward = LogCubicInterpolation(knots: q2).weights(at: scale)
    // At each place the point itself, the knots in x beside it, and those in Q².
    var points: [(x: Double, q2: Double)] = []
    for (place, stencil) in zip(places, stencils) {
      points.append((place, scale))
      points += stencil.knots.map { (x[$0], scale) } + upward.knots.map { (place, q2[$0]) }
    }
    let values = try Self.functions(
      model, reaction,
      at: InvariantPoints(
        omega: points.map { $0.q2 / (2 * PhysicalConstants.nucleonMass * $0.x) }, q2: points.map(\.q2)))
    let own = stencils.indices.reduce(into: [0]) {
      $0.append(($0.last ?? 0) + 1 + stencils[$1].knots.count + upward.knots.count)
    }
    let largest = zip(places, own).map { values[0][$1] }.max() ?? 0
    guard largest > 0 else { return Errors() }
    var errors = Errors()
    for (stencil, own) in zip(stencils, own) {
      let unit = max(values[0][own], Self.negligible * largest)
      for function in values {
        func error(_ weights: [Double], from first: Int) -> Double {
          abs(weights.indices.reduce(-function[own]) { $0 + weights[$1] * function[first + $1] }) / unit
        }
        errors.x = max(errors.x, error(stencil.weights, from: own + 1))
        errors.q2 = max(errors.q2, error(upward.weights, from: own + 1 + stencil.weights.count))
      }
    }
    return errors
  }
}
