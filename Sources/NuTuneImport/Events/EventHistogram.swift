import NuTuneCore

/// Charged-current leptons of one file of events, binned.
struct EventHistogram: Sendable {
  private let selection: EventSelection
  private let binning: EventBinning
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
    selection = EventSelection(reaction)
    self.binning = binning
    self.fluxEdges = fluxEdges
    contents = [Double](repeating: 0, count: binning.grid.count)
    squares = contents
    energies = [Double](repeating: 0, count: fluxEdges.count - 1)
  }

  /// Counts an event; throws for one of another neutrino or target, which the mean cross section of the file would
  /// count, and for a charged current without its lepton.
  mutating func add(_ event: GeneratedEvent) throws {
    let isChargedCurrent = try selection.isChargedCurrent(event)
    events += 1
    weight += event.weight
    guard isChargedCurrent else { return }
    selected += 1
    let energy = event.neutrinoEnergy
    energyRange = energyRange.map { min($0.lowerBound, energy)...max($0.upperBound, energy) } ?? energy...energy
    if let place = EventBinning.place(energy, in: fluxEdges) {
      energies[place] += event.weight
    } else {
      beyondFlux += event.weight
    }
    let species = selection.reaction.species
    let bin = binning.bin(
      neutrinoEnergy: energy, leptonEnergy: max(event.leptonEnergy, species.leptonMass), cosTheta: event.cosTheta,
      species: species)
    guard let bin else {
      outside += event.weight
      return
    }
    contents[bin] += event.weight
    squares[bin] += event.weight * event.weight
  }
}
