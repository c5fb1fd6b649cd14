import NuTuneCore
import NuTuneTables

/// Charged-current leptons of one file of events, binned.
struct EventHistogram: Sendable {
  private let reaction: Reaction
  private let binning: EventBinning
  private let neutrino: Int
  private let lepton: Int
  private let nuclei: Set<Int>
  /// Energies in GeV between which the flux is smooth.
  private let fluxEdges: [Double]

  /// Events of any kind.
  private(set) var events = 0
  /// Sum of their weights.
  private(set) var weight = 0.0
  /// Charged-current events.
  private(set) var selected = 0
  /// Sum of the weights of charged-current events that are in no bin.
  private(set) var outside = 0.0
  /// Sum of weights in each bin, shape [bins].
  private(set) var contents: [Double]
  /// Sum of squares of weights in each bin, shape [bins].
  private(set) var squares: [Double]
  /// Sum of weights of charged-current events between the edges of the flux, shape [edges − 1].
  private(set) var energies: [Double]
  /// Sum of weights of charged-current events beyond the flux.
  private(set) var beyondFlux = 0.0
  /// Smallest and largest neutrino energy in GeV.
  private(set) var energyRange: ClosedRange<Double>?

  init(_ reaction: Reaction, binning: EventBinning, fluxEdges: [Double]) {
    self.reaction = reaction
    self.binning = binning
    self.fluxEdges = fluxEdges
    neutrino = ParticleCode.neutrino(reaction.species)
    lepton = ParticleCode.lepton(reaction.species)
    nuclei = Set(ParticleCode.nuclei(of: reaction.target))
    contents = [Double](repeating: 0, count: binning.grid.count)
    squares = contents
    energies = [Double](repeating: 0, count: fluxEdges.count - 1)
  }

  /// Counts an event; throws for one of another neutrino or target, which the mean cross section of the file would
  /// count, and for a charged current without its lepton.
  mutating func add(_ event: GeneratedEvent) throws {
    guard event.neutrino == neutrino else {
      throw NuTuneError(
        .badData, found: "the neutrino \(event.neutrino)",
        expected:
          "\(neutrino) (\(reaction.species.rawValue)) in all events, because the mean cross section of a file is "
          + "that of all")
    }
    guard nuclei.contains(event.target) else {
      throw NuTuneError(
        .badData, found: "the target \(event.target)",
        expected: "\(ParticleCode.nuclei(of: reaction.target).map(String.init).joined(separator: " or ")) "
          + "(\(reaction.target.name)) in all events")
    }
    guard event.neutrinoEnergy > 0 else {
      throw NuTuneError(
        .badData, found: "a neutrino of \(event.neutrinoEnergy) GeV", expected: "an energy above zero")
    }
    events += 1
    weight += event.weight
    guard event.isChargedCurrent else { return }
    guard event.lepton == lepton, event.leptonEnergy >= reaction.species.leptonMass * (1 - 1e-3) else {
      throw NuTuneError(
        .badData,
        found: event.lepton == lepton
          ? "a lepton of \(event.leptonEnergy) GeV, less than its mass"
          : "a charged current with the lepton \(event.lepton)",
        expected: "\(lepton) with its energy in GeV")
    }
    selected += 1
    let energy = event.neutrinoEnergy
    energyRange = energyRange.map { min($0.lowerBound, energy)...max($0.upperBound, energy) } ?? energy...energy
    if let place = EventBinning.place(energy, in: fluxEdges) {
      energies[place] += event.weight
    } else {
      beyondFlux += event.weight
    }
    let bin = binning.bin(
      neutrinoEnergy: energy, leptonEnergy: max(event.leptonEnergy, reaction.species.leptonMass),
      cosTheta: event.cosTheta, species: reaction.species)
    guard let bin else {
      outside += event.weight
      return
    }
    contents[bin] += event.weight
    squares[bin] += event.weight * event.weight
  }
}
