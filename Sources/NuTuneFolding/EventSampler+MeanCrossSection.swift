import NuTuneCore
import NuTuneNumerics

extension EventSampler {
  /// The relative change under doubling below which the mean counts as converged.
  static let meanTolerance = 1e-4

  /// Computes the cross section averaged over the flux, ∫φσ dE_ν / ∫φ dE_ν, in 10⁻³⁸ cm² per nucleon, and its error.
  ///
  /// Gauss–Legendre panels in E_ν between the edges of the cells, and in both coordinates of the lepton, where they are
  /// doubled until the mean changes by less than 10⁻⁴; the last change is the error.
  public func meanCrossSection(threads: Int = 1) throws -> (value: Double, error: Double) {
    let rule = try GaussLegendre(points: 4)
    var panels = 6
    var last = try mean(panels, rule, threads: threads)
    var change = Double.infinity
    while panels < 48 {
      panels *= 2
      let next = try mean(panels, rule, threads: threads)
      change = abs(next - last)
      last = next
      if change <= Self.meanTolerance * abs(last) { break }
    }
    guard last.isFinite, change <= 1e-2 * abs(last) else {
      throw NuTuneError(
        .runtime, key: "mean cross section", found: "an integral that does not settle (\(last) ± \(change))",
        expected: "a change below 1 % when the points are doubled")
    }
    return (last, change)
  }

  private func mean(_ panels: Int, _ rule: GaussLegendre, threads: Int) throws -> Double {
    let width = 1 / Double(panels)
    let nodes = (0..<panels).flatMap { panel in
      let (places, weights) = rule.rule(on: Double(panel) * width...Double(panel + 1) * width)
      return Array(zip(places, weights))
    }
    let slices = try Parallel.map(energyEdges.count - 1, threads: threads) { slice in
      let (energies, weights) = rule.rule(on: energyEdges[slice]...energyEdges[slice + 1])
      let fluxes = try density.flux.density(of: reaction.species, at: energies)
      var sum = 0.0
      for (energy, weight) in zip(energies, zip(weights, fluxes).map(*)) where weight > 0 && energy > mass {
        var points = EventDensity.Points()
        for x in nodes { for y in nodes { points.append(energy, x.0, y.0) } }
        let values = try density.crossSection(at: points).values
        for (i, x) in nodes.enumerated() {
          for (j, y) in nodes.enumerated() { sum += weight * x.1 * y.1 * values[i * nodes.count + j] }
        }
      }
      return sum
    }
    return slices.reduce(0, +) / fluxIntegral
  }

  private var mass: Double { reaction.species.leptonMass }
}

extension EventSampler {
  /// The flux as a histogram: edges in GeV, shape [bins + 1], and mean densities in ν/cm²/GeV/POT, shape [bins].
  public func fluxHistogram() throws -> (edges: [Double], densities: [Double]) {
    let inside = density.flux.breakpoints.filter { energies.lowerBound < $0 && $0 < energies.upperBound }
    let edges = [energies.lowerBound] + inside + [energies.upperBound]
    let rule = try GaussLegendre(points: 4)
    let densities = try zip(edges, edges.dropFirst()).map { low, high in
      let (nodes, weights) = rule.rule(on: low...high)
      return zip(weights, try density.flux.density(of: reaction.species, at: nodes)).reduce(0) { $0 + $1.0 * $1.1 }
        / (high - low)
    }
    return (edges, densities)
  }
}
