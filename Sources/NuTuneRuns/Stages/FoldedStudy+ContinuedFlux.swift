import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFolding

extension FoldedStudy {
  /// Samples with what their fluxes would have beyond the ends of their tables, at energies in GeV, and nothing within them:
  /// below, the density of the first bin; above, the exponential through the last two bins.
  static func continuingFluxes(
    near: [FoldedSample], far: [FoldedSample], _ study: StudyConfiguration, _ assembly: StudyAssembly,
    at energies: [Double]
  ) throws -> (near: [FoldedSample], far: [FoldedSample]) {
    func continued(_ sample: FoldedSample, _ flux: (any FluxProvider)?) throws -> FoldedSample {
      guard let flux else { return sample }
      var densities: [NeutrinoSpecies: [Double]] = [:]
      for species in sample.flux.keys {
        let beyond = try ContinuedDensity(flux, species)
        densities[species] = energies.map(beyond.value)
      }
      return sample.replacingFlux(by: densities)
    }
    let fluxes = fluxes(study, assembly)
    return (try zip(near, fluxes.near).map(continued), try zip(far, fluxes.far).map(continued))
  }

  /// The flux of every near and far sample.
  package static func fluxes(_ study: StudyConfiguration, _ assembly: StudyAssembly) -> (
    near: [(any FluxProvider)?], far: [(any FluxProvider)?]
  ) {
    func fluxes(
      _ detectors: some Sequence<(DetectorConfiguration, AssembledDetector)>, at site: DetectorSite
    ) -> [(any FluxProvider)?] {
      detectors.flatMap { detector in
        study.samples(of: detector.0, at: site).map { detector.1.fluxes[$0.mode] }
      }
    }
    return (
      fluxes(zip(study.nearDetectors, assembly.near), at: .near),
      fluxes(zip(study.detectors(at: .far), assembly.far.map { [$0] } ?? []), at: .far)
    )
  }
}

/// A flux density beyond the ends of its table.
private struct ContinuedDensity {
  /// First and last energy of the table, GeV.
  let first: Double, last: Double
  /// Density below, ν/cm²/GeV/POT.
  let below: Double
  /// Density at the upper end, ν/cm²/GeV/POT.
  let above: Double
  /// Energy in GeV over which it falls by e, infinite where it does not fall.
  let length: Double

  init(_ flux: any FluxProvider, _ species: NeutrinoSpecies) throws {
    let edges = flux.breakpoints
    guard edges.count > 1 else {
      (first, last, below, above, length) = (0, .greatestFiniteMagnitude, 0, 0, 1)
      return
    }
    (first, last) = (edges[0], edges[edges.count - 1])
    let centers = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }.suffix(2)
    let ends = try flux.density(of: species, at: [(edges[0] + edges[1]) / 2] + centers)
    below = ends[0]
    let (low, high) = (ends[1], ends[ends.count - 1])
    let distance = centers[centers.endIndex - 1] - centers[centers.startIndex]
    length = high > 0 && high < low ? distance / log(low / high) : .infinity
    above = high * exp(-(last - centers[centers.endIndex - 1]) / length)
  }

  /// Density at an energy in GeV; zero within the table.
  func value(_ energy: Double) -> Double {
    if energy < first { return below }
    return energy > last ? above * exp(-(energy - last) / length) : 0
  }
}
