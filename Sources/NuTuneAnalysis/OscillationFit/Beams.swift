import NuTuneCore
import NuTuneFolding

/// Flux × oscillation of all far components at one point of the oscillation parameters, and what nuisance parameters add to
/// it.
package struct Beams: Sendable {
  /// One of them.
  struct Beam: Sendable {
    /// The flux of the component, or another flux, or behind another baseline.
    let source: BeamSource
    /// Mean of flux × oscillation in the cells.
    let means: [Double]
    /// Its weights of the cells for rates.
    let weights: [Double]
  }

  /// That of each component.
  let main: [Beam]
  /// What every nuisance parameter adds, as a sum of beams with factors; empty for one that leaves the beam as it is. Shape
  /// [parameters][components][parts].
  let further: [[[(beam: Beam, factor: Double)]]]

  init(_ sources: BeamSources, _ averaging: CellAveraging, _ probabilities: PropagationProbabilities) {
    func beam(_ source: BeamSource) -> Beam {
      guard let probabilities = probabilities[source.way] else { preconditionFailure("no probabilities of a beam") }
      let found = averaging.meansAndWeights(of: source.values(probabilities))
      return Beam(source: source, means: found.means, weights: found.weights)
    }
    main = sources.main.map(beam)
    further = sources.further.map { $0.map { $0.map { (beam($0.source), $0.factor) } } }
  }

  /// Adds the weights of the cells of a component, and those of what each nuisance parameter adds, where it does, to a list;
  /// shape [1 + parameters that do][cells].
  func appendWeights(of component: Int, to weights: inout [Double]) {
    weights += main[component].weights
    for parts in further where !parts.isEmpty {
      let parts = parts[component]
      if parts.count == 1 {
        weights += parts[0].beam.weights
      } else {
        weights += main[component].weights.indices.map { cell in
          parts.reduce(0) { $0 + $1.factor * $1.beam.weights[cell] }
        }
      }
    }
  }
}
