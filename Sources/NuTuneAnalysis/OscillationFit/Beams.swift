import NuTuneCore
import NuTuneFolding

/// Flux × oscillation of all far components at one point of the oscillation parameters, and what nuisance parameters add to
/// it.
package struct Beams: Sendable {
  /// One of them.
  struct Beam: Sendable {
    /// The component with its flux, or another flux, or behind another baseline.
    let dataset: FoldedDataset
    /// Flux × oscillation at the energies of averaging.
    let values: [Double]
    /// Its mean in the cells.
    let weights: [Double]
  }

  /// That of each component.
  let main: [Beam]
  /// What every nuisance parameter adds, as a sum of beams with factors; empty for one that leaves the beam as it is. Shape
  /// [parameters][components][parts].
  let further: [[[(beam: Beam, factor: Double)]]]

  init(_ folded: ForwardModel, _ nuisances: NuisanceParameters?, _ probabilities: PropagationProbabilities) {
    func beam(_ dataset: FoldedDataset) -> Beam {
      let values = folded.farValues(dataset, probabilities)
      return Beam(dataset: dataset, values: values, weights: folded.averaging.weights(of: values))
    }
    main = folded.far.map(beam)
    further = (nuisances?.parameters ?? []).map { parameter in
      if let density = parameter.density {
        return zip(density.more, density.less).map { [(beam($0), 0.5), (beam($1), -0.5)] }
      }
      return parameter.fluxChange?.map { [(beam($0), 1)] } ?? []
    }
  }

  /// Weights of the cells of a component, and those of what each nuisance parameter adds, where it does; shape
  /// [1 + parameters that do][cells].
  func weights(of component: Int) -> [[Double]] {
    [main[component].weights]
      + further.filter { !$0.isEmpty }.map { parts in
        guard parts[component].count > 1 else { return parts[component][0].beam.weights }
        return main[component].weights.indices.map { cell in
          parts[component].reduce(0) { $0 + $1.factor * $1.beam.weights[cell] }
        }
      }
  }
}
