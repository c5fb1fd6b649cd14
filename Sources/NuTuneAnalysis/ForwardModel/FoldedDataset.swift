import NuTuneCore
import NuTuneFolding

/// A dataset with the parts of its forward model.
public struct FoldedDataset: Sendable {
  /// The dataset.
  public internal(set) var dataset: Dataset
  /// Index of its fold table.
  let table: Int
  /// The detector's response to the lepton.
  var response: DetectorResponse
  /// Flux densities at the energies of ``ForwardModel/averaging``, by species, before oscillation.
  var flux: [NeutrinoSpecies: [Double]]
  /// Probabilities of the hadronic bins at the nodes; nil where the hadronic energy is not measured.
  var hadronic: HadronicProbabilities?
  /// The detector of whose hadronic response these are; not the one of the dataset where a response was fitted or another one
  /// makes the data.
  var hadronicDetector: (any HadronicDetector)?

  /// Name, reaction, horn mode and bins.
  public var sample: Sample { dataset.sample }
  /// Title for people, `DUNE near detector`.
  public var title: String { dataset.title }
  /// Protons on target × mass, relative to the other datasets at its site.
  public var exposure: Double { dataset.exposure }
  /// Where its flux stands in a file.
  public var place: SourceLocation? { dataset.place }

  /// Whether both have the same rates of any cross section, cell by cell: the same species, nuclei, bins and detector.
  func hasSameResponse(as other: FoldedDataset) -> Bool {
    table == other.table && dataset.composition == other.dataset.composition && hadronic == other.hadronic
      && response == other.response
  }

  /// The same dataset behind matter that is `factor` times as dense.
  func behindDensity(times factor: Double) -> FoldedDataset {
    var copy = self
    copy.dataset.baseline?.density *= factor
    return copy
  }

  /// The same dataset with another exposure.
  func exposed(_ exposure: Double) -> FoldedDataset {
    var copy = self
    copy.dataset.exposure = exposure
    return copy
  }

  /// The same dataset with the errors that were published, whatever its weight.
  var asPublished: FoldedDataset {
    var copy = self
    copy.dataset.weight = 1
    return copy
  }

  /// The same dataset with other contents of its bins.
  func observing(_ observation: Observation) -> FoldedDataset {
    var copy = self
    copy.dataset.observation = observation
    return copy
  }

  /// The same dataset with other flux densities at the energies of averaging.
  func replacingFlux(by flux: [NeutrinoSpecies: [Double]]) -> FoldedDataset {
    var copy = self
    copy.flux = flux
    return copy
  }

  /// The same dataset with every flux density multiplied by factors at its energies.
  func multiplyingFlux(by factors: (Sample, NeutrinoSpecies) -> [Double]) -> FoldedDataset {
    var changed: [NeutrinoSpecies: [Double]] = [:]
    for (species, density) in flux { changed[species] = zip(density, factors(sample, species)).map { $0 * $1 } }
    return replacingFlux(by: changed)
  }
}
