import NuTuneCore
import NuTuneTables

/// The binned charged-current leptons of one file whose neutrinos have one energy.
struct EventSlab: Sendable {
  /// A bin: its middle and its area.
  struct Bin: Sendable {
    /// E_ν in GeV.
    var energy: Double
    /// Middle in E_l, GeV.
    var leptonEnergy: Double
    /// Middle in cosθ.
    var cosTheta: Double
    /// ΔE_l Δcosθ in GeV.
    var area: Double
  }

  private let selection: EventSelection
  private let shape: (leptons: Int, cosines: Int)
  /// E_ν in GeV; zero before the first event.
  private(set) var energy = 0.0
  /// All events.
  private(set) var events = 0
  /// Charged currents.
  private(set) var selected = 0
  /// The bins, cosines fastest, shape [leptons · cosines].
  private(set) var points: [Bin] = []
  /// Edges of the lepton energies, shape [leptons + 1], and of the cosines of each, shape [leptons][cosines + 1].
  private var (leptonEdges, cosineEdges): ([Double], [[Double]]) = ([], [])
  private var weight = 0.0
  /// Sums of weights and of their squares, shape [bins].
  private var (contents, squares): ([Double], [Double]) = ([], [])
  private var normalization: EventNormalization?

  init(_ reaction: Reaction, shape: (leptons: Int, cosines: Int)) {
    selection = EventSelection(reaction)
    self.shape = shape
  }

  /// Counts an event; throws for one of another energy than the first.
  mutating func add(_ event: GeneratedEvent) throws {
    let isChargedCurrent = try selection.isChargedCurrent(event)
    if events == 0 { begin(event.neutrinoEnergy) }
    guard abs(event.neutrinoEnergy - energy) <= 1e-6 * energy else {
      throw NuTuneError(
        .badData, found: "a neutrino of \(event.neutrinoEnergy) GeV after one of \(energy) GeV",
        expected: "one energy in a file; events of a flux make a measurement, without --table")
    }
    events += 1
    weight += event.weight
    guard isChargedCurrent else { return }
    guard let lowest = leptonEdges.first, let highest = leptonEdges.last else {
      throw NuTuneError(
        .badData, found: "a charged current at \(energy) GeV", expected: "an energy above the mass of the lepton")
    }
    selected += 1
    let leptonEnergy = min(max(event.leptonEnergy, lowest), highest)
    let cosine = min(max(event.cosTheta, -1), 1)
    guard let row = EventBinning.place(leptonEnergy, in: leptonEdges),
      let column = EventBinning.place(cosine, in: cosineEdges[row])
    else { return }
    contents[row * shape.cosines + column] += event.weight
    squares[row * shape.cosines + column] += event.weight * event.weight
  }

  /// Makes the bins of an energy.
  private mutating func begin(_ energy: Double) {
    self.energy = energy
    let mass = selection.reaction.species.leptonMass
    guard energy > mass else { return }
    leptonEdges = NuTuneTables.CrossSectionTable.leptonEnergies(energy, mass: mass, count: shape.leptons + 1)
    for (low, high) in zip(leptonEdges, leptonEdges.dropFirst()) {
      let middle = (low + high) / 2
      let cosines = NuTuneTables.CrossSectionTable.cosines(energy, middle, mass: mass, count: shape.cosines + 1)
      cosineEdges.append(cosines)
      for (left, right) in zip(cosines, cosines.dropFirst()) {
        points.append(
          Bin(
            energy: energy, leptonEnergy: middle, cosTheta: (left + right) / 2, area: (high - low) * (right - left)))
      }
    }
    contents = [Double](repeating: 0, count: points.count)
    squares = contents
  }

  /// Takes what the file says of its cross section; throws for one without any, and for weights that make none.
  mutating func close(_ file: EventFile, _ given: EventNormalization?) throws {
    let place = SourceLocation(file: file.path)
    guard selected > 0, weight > 0, weight.isFinite else {
      throw NuTuneError(
        .badData, at: place, key: "weights", found: "\(selected) charged currents, weights whose sum is \(weight)",
        expected: "some, and a sum above zero")
    }
    guard let normalization = file.normalization ?? given else {
      throw NuTuneError(
        .usage, at: place, key: "--cross-section", found: "no mean cross section in the file",
        expected: "--cross-section with that of all its events, as 0.95e-38 cm2/nucleon")
    }
    self.normalization = normalization
  }

  /// The cross section in each bin in 10⁻³⁸ cm² per nucleon and its error, of files of one energy: the mean by their
  /// weights, or by their numbers of events where an event has a cross section.
  static func sum(of slabs: [EventSlab]) -> (values: [Double], errors: [Double]) {
    let weight = slabs.reduce(0) { $0 + $1.weight }
    let events = slabs.reduce(0) { $0 + $1.events }
    var values = [Double](repeating: 0, count: slabs[0].points.count)
    var variances = values
    for slab in slabs {
      let factor =
        switch slab.normalization {
        case .total(let total, _): total / weight
        case .perEvent(let scale): scale * Double(slab.events) / Double(events)
        case nil: 0.0
        }
      for bin in values.indices {
        values[bin] += factor * slab.contents[bin]
        variances[bin] += factor * factor * slab.squares[bin]
      }
    }
    return (values, variances.map { $0.squareRoot() })
  }
}
