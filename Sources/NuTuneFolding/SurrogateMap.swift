import Foundation
import NuTuneCore
import NuTuneNumerics

/// Flux-averaged rates of single leptons under the surrogate cross section, ∫dE_ν flux · d²σ/p_l, on a grid in (p_l, θ)
/// with cubic interpolation between its nodes.
///
/// Distances are 20 MeV in p_l, 1 % above 2 GeV, and 4 mrad + θ/20: less than the width of structures in flux averages.
/// The interpolated function need not be exact, only vary as fast as rates do.
struct SurrogateMap: Sendable {
  /// Number of fluxes.
  let fluxCount: Int
  private let first: Lattice
  private let second: Lattice
  /// Shape [first nodes][second nodes][fluxes] of terms.
  private let values: [SIMD8<Double>]

  /// Equidistant nodes in a function of a variable.
  private struct Lattice: Sendable {
    /// The scale s of the function asinh(variable/s) in which the nodes are equidistant.
    let scale: Double
    let start: Double
    let step: Double
    let count: Int

    /// Places nodes over a range, at most `spacing` apart below `scale` and `spacing`/`scale` times the value above.
    init(_ range: ClosedRange<Double>, spacing: Double, scale: Double) {
      self.scale = scale
      start = asinh(range.lowerBound / scale)
      let length = asinh(range.upperBound / scale) - start
      count = max(4, Int((length * scale / spacing).rounded(.up)) + 1)
      step = length / Double(count - 1)
    }

    func node(_ index: Int) -> Double { scale * sinh(start + Double(index) * step) }
    @inline(__always)
    func position(_ value: Double) -> Double { (asinh(value / scale) - start) / step }
  }

  /// Computes a map for momenta in GeV and angles in radians.
  ///
  /// - Parameters:
  ///   - energies: points in E_ν.
  ///   - fluxes: mean flux in each cell, shape [fluxes][cells].
  ///   - refinement: factor on the distances in momentum.
  init(
    _ model: SurrogateCrossSection, momenta: ClosedRange<Double>, angles: ClosedRange<Double>, energies: EnergyRule,
    fluxes: [[Double]], refinement: Double = 1, threads: Int
  ) {
    fluxCount = fluxes.count
    let first = Lattice(momenta, spacing: 0.02 * refinement, scale: 2)
    let second = Lattice(angles, spacing: 0.004, scale: 0.08)
    (self.first, self.second) = (first, second)
    let byCell = (0..<energies.cellCount).flatMap { cell in fluxes.map { $0[cell] } }
    let rows = Parallel.map(first.count, threads: threads) { i in
      var row = [SIMD8<Double>](repeating: .zero, count: second.count * fluxes.count)
      let momentum = first.node(i)
      let leptonEnergy = (momentum * momentum + model.massSquared).squareRoot()
      for j in 0..<second.count {
        let half = sin(second.node(j) / 2)
        let difference = model.massSquared / (leptonEnergy + momentum) + momentum * 2 * half * half
        for cell in 0..<energies.cellCount {
          var sum = SIMD8<Double>.zero
          energies.forEachEnergy(
            cell: cell, leptonEnergy: leptonEnergy, difference: difference, massSquared: model.massSquared
          ) { energy, weight in
            sum += weight * model.value(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, difference: difference)
          }
          for flux in 0..<fluxes.count { row[j * fluxes.count + flux] += sum * byCell[cell * fluxes.count + flux] }
        }
      }
      return row
    }
    values = rows.flatMap { $0 }
  }

  /// Adds the rate of a lepton times its weight to `sums`, shape [fluxes] of terms.
  @inline(__always)
  func add(_ lepton: LeptonPoint, angle: Double, to sums: UnsafeMutablePointer<SIMD8<Double>>) {
    let onFirst = NodeGrid.stencil(first.position(lepton.momentum), count: first.count)
    let onSecond = NodeGrid.stencil(second.position(angle), count: second.count)
    let factor = lepton.weight * lepton.momentum
    values.withUnsafeBufferPointer { values in
      for flux in 0..<fluxCount {
        var sum = SIMD8<Double>.zero
        for i in 0..<4 {
          var row = SIMD8<Double>.zero
          let base = ((onFirst.start + i) * second.count + onSecond.start) * fluxCount + flux
          for j in 0..<4 { row += onSecond.weights[j] * values[base + j * fluxCount] }
          sum += onFirst.weights[i] * row
        }
        sums[flux] += factor * sum
      }
    }
  }
}
