import NuTuneCore

/// The sources of the beams that a far prediction needs, made once for a fit.
package struct BeamSources: Sendable {
  /// That of each component.
  let main: [BeamSource]
  /// What every nuisance parameter adds, as a sum of beams with factors; empty for one that leaves the beam as it is. Shape
  /// [parameters][components][parts].
  let further: [[[(source: BeamSource, factor: Double)]]]

  init(_ components: [FoldedDataset], _ nuisances: NuisanceParameters?) {
    main = components.map(BeamSource.init)
    further = (nuisances?.parameters ?? []).map { parameter in
      if let density = parameter.density {
        return zip(density.more, density.less).map { [(BeamSource($0), 0.5), (BeamSource($1), -0.5)] }
      }
      return parameter.fluxChange?.map { [(BeamSource($0), 1)] } ?? []
    }
  }
}
