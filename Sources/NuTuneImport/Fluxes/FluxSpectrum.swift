import NuTuneCore

/// The flux of one species in bins of the neutrino energy.
package struct FluxSpectrum: Sendable, Equatable {
  /// The species.
  package var species: NeutrinoSpecies
  /// Bin edges in GeV, strictly increasing, shape [bins + 1].
  package var edges: [Double]
  /// Mean density of every bin in ν/cm²/GeV/POT, shape [bins].
  package var densities: [Double]

  /// Computes the flux in ν/cm²/POT between two energies in GeV, with the mean density everywhere in a bin.
  package func integral(from lower: Double = 0, to upper: Double = .infinity) -> Double {
    densities.indices.reduce(0) { sum, bin in
      sum + densities[bin] * max(min(edges[bin + 1], upper) - max(edges[bin], lower), 0)
    }
  }

  /// Mean energy in GeV, nil without flux.
  package var meanEnergy: Double? {
    let total = integral()
    guard total > 0 else { return nil }
    return densities.indices.reduce(0) { sum, bin in
      sum + densities[bin] * (edges[bin + 1] * edges[bin + 1] - edges[bin] * edges[bin]) / 2
    } / total
  }

  /// The bin with the highest density, nil without flux.
  package var peak: ClosedRange<Double>? {
    guard let bin = densities.indices.max(by: { densities[$0] < densities[$1] }), densities[bin] > 0 else { return nil }
    return edges[bin]...edges[bin + 1]
  }

  /// Returns the same flux in other bins: each holds the flux between its edges. There is no flux outside the old
  /// edges.
  package func rebinned(to edges: [Double]) -> FluxSpectrum {
    FluxSpectrum(
      species: species, edges: edges,
      densities: zip(edges, edges.dropFirst()).map { low, high in
        // A bin inside an old one, or equal to it, keeps its density bit for bit.
        let old = densities.indices.filter {
          self.edges[$0] < high - EnergyEdges.margin(high) && self.edges[$0 + 1] > low + EnergyEdges.margin(low)
        }
        if old.count == 1, EnergyEdges.margin(high) + self.edges[old[0] + 1] >= high,
          self.edges[old[0]] <= low + EnergyEdges.margin(low)
        {
          return densities[old[0]]
        }
        return integral(from: low, to: high) / (high - low)
      })
  }
}
