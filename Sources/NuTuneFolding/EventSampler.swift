import NuTuneCore
import NuTuneNumerics

/// Draws unweighted events from flux times cross section, φ(E_ν) d²σ/(dE_l dcosθ), of any model.
///
/// Space is divided into cells of (E_ν, x, y), see `LeptonCoordinates`. Each cell has an envelope, which is above the
/// density at all points that were tried there. A trial takes a cell by its envelope and a point of the cell at random,
/// which r = density/envelope accepts. Where the density is above the envelope after all, the event counts ⌊r⌋ times,
/// and once more with probability r − ⌊r⌋: every histogram has the right mean, and ``Record/surplus`` says how many
/// events came twice.
public struct EventSampler: Sendable {
  /// Numbers of cells.
  public struct Resolution: Sendable {
    /// Cells along each of the two coordinates of the lepton.
    public var cells: Int
    /// Largest width of a cell in E_ν relative to its energy, and in units of 0.5 GeV below that.
    public var energyWidth: Double

    /// Creates a resolution.
    public init(cells: Int = 20, energyWidth: Double = 0.1) {
      self.cells = cells
      self.energyWidth = energyWidth
    }
  }

  /// What came of a sampling.
  public struct Record: Sendable, Equatable {
    /// Trials of all batches, those behind the last event included.
    public var trials = 0
    /// Events of all batches.
    public var accepted = 0
    /// Events that came more than once, all but the first time.
    public var surplus = 0

    /// Creates the record of nothing.
    public init() {}
  }

  /// Trials that have a random stream of their own.
  static let batchTrials = 4096
  /// What the envelope has above the largest density that was found in a cell.
  static let margin = 1.25

  let density: EventDensity
  let resolution: Resolution
  /// Edges of the cells in E_ν in GeV, shape [cells in energy + 1].
  let energyEdges: [Double]
  /// Envelope of every cell, E_ν slowest and y fastest.
  let envelope: [Double]
  /// Envelope times volume, summed up to and with each cell.
  let cumulative: [Double]
  /// Share of trials that becomes events, roughly.
  let efficiency: Double
  /// Flux between the first and the last edge in ν/cm²/POT, neutrinos below threshold included.
  public let fluxIntegral: Double

  /// The neutrino species and the nucleus.
  public var reaction: Reaction { density.reaction }
  /// Neutrino energies in GeV that are sampled.
  public var energies: ClosedRange<Double> { energyEdges[0]...energyEdges[energyEdges.count - 1] }

  /// Prepares the sampling.
  ///
  /// - Parameters:
  ///   - model: the cross section.
  ///   - reaction: species and nucleus.
  ///   - flux: a flux that has the species.
  ///   - range: neutrino energies in GeV to which the flux is cut; nil for all.
  ///   - resolution: numbers of cells.
  ///   - threads: largest number of threads, on which nothing depends.
  /// - Throws: `NuTuneError` for energies at which the model has no cross section, and where there is no event at all.
  public init(
    model: any CrossSectionModel, reaction: Reaction, flux: any FluxProvider, range: ClosedRange<Double>? = nil,
    resolution: Resolution = Resolution(), threads: Int = 1
  ) throws {
    density = EventDensity(model: model, reaction: reaction, flux: flux)
    self.resolution = resolution
    energyEdges = try Self.edges(of: density, range: range, width: resolution.energyWidth)
    let rule = try GaussLegendre(points: 4)
    fluxIntegral = try zip(energyEdges, energyEdges.dropFirst()).reduce(0) { sum, edges in
      let (nodes, weights) = rule.rule(on: edges.0...edges.1)
      return sum + zip(weights, try flux.density(of: reaction.species, at: nodes)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let envelope = try EventEnvelope(density, energyEdges: energyEdges, cells: resolution.cells, threads: threads)
    self.envelope = envelope.values
    var sum = 0.0
    let (size, edges) = (resolution.cells * resolution.cells, energyEdges)
    cumulative = envelope.values.indices.map { cell in
      sum += envelope.values[cell] * (edges[cell / size + 1] - edges[cell / size]) / Double(size)
      return sum
    }
    guard sum > 0, sum.isFinite else {
      throw NuTuneError(
        .runtime, key: "\(reaction.species.rawValue) on \(reaction.target.name)",
        found: "no events from \(edges[0]) to \(edges[edges.count - 1]) GeV",
        expected: "a flux with neutrinos that can make the lepton")
    }
    efficiency = envelope.integral / sum
  }

  /// Edges in energy: where the flux is not smooth, and enough between them; without energies below the lepton's mass
  /// other than the first.
  private static func edges(of density: EventDensity, range: ClosedRange<Double>?, width: Double) throws -> [Double] {
    let breakpoints = density.flux.breakpoints
    let whole = (breakpoints.first ?? 0)...(breakpoints.last ?? 0)
    let kept = range.map { $0.clamped(to: whole) } ?? whole
    guard kept.lowerBound < kept.upperBound else {
      throw NuTuneError(
        .usage, key: "--range",
        found: "no energy of the flux, which reaches from \(whole.lowerBound) to "
          + "\(whole.upperBound) GeV", expected: "a range that overlaps it")
    }
    if let served = density.model.energyRange,
      served.lowerBound > max(kept.lowerBound, density.reaction.species.leptonMass)
        || served.upperBound < kept.upperBound
    {
      throw NuTuneError(
        .usage, key: "--range",
        found: "a flux from \(kept.lowerBound) to \(kept.upperBound) GeV for a model from "
          + "\(served.lowerBound) to \(served.upperBound) GeV",
        expected:
          "--range \(max(served.lowerBound, kept.lowerBound)):\(min(served.upperBound, kept.upperBound)), which "
          + "cuts the flux")
    }
    let inside = breakpoints.filter { kept.lowerBound < $0 && $0 < kept.upperBound }
    let coarse = [kept.lowerBound] + inside + [kept.upperBound]
    return zip(coarse, coarse.dropFirst()).flatMap { low, high in
      let parts = max(Int(((high - low) / (width * max(high, 0.5))).rounded(.up)), 1)
      return (0..<parts).map { low + (high - low) * Double($0) / Double(parts) }
    } + [kept.upperBound]
  }

  /// Draws events and hands them on in batches, in an order that the seed alone decides.
  ///
  /// - Parameters:
  ///   - count: number of events.
  ///   - seed: seed of the random numbers; the first events of a larger sample are those of a smaller one.
  ///   - threads: largest number of threads, on which no event depends.
  ///   - take: takes the next events.
  public func sample(
    _ count: Int, seed: UInt64, threads: Int = 1, _ take: ([LeptonEvent]) throws -> Void
  ) throws -> Record {
    var record = Record()
    var (left, next) = (count, 0)
    while left > 0 {
      let wanted = Double(left) / (efficiency * Double(Self.batchTrials))
      let batches = min(Int(wanted.rounded(.up)) + 1, 256)
      let first = next
      let results = try Parallel.map(batches, threads: threads) { try batch(first + $0, seed: seed) }
      for result in results {
        record.trials += Self.batchTrials
        record.accepted += result.events.count
        record.surplus += result.surplus
        let part = Array(result.events.prefix(left))
        left -= part.count
        if !part.isEmpty { try take(part) }
      }
      next += batches
      guard record.accepted > 0 || next < 4096 else {
        throw NuTuneError(
          .runtime, key: "events", found: "no event in \(record.trials) trials", expected: "a cross section above zero")
      }
    }
    return record
  }

  /// The mean cross section that a record says, in 10⁻³⁸ cm² per nucleon: the share of the envelope that became events.
  public func estimatedMean(_ record: Record) -> Double {
    Double(record.accepted) / Double(max(record.trials, 1)) * cumulative[cumulative.count - 1] / fluxIntegral
  }

  private func batch(_ number: Int, seed: UInt64) throws -> (events: [LeptonEvent], surplus: Int) {
    let stream = try RandomStream(seed: seed, purpose: "events", member: number)
    let side = resolution.cells
    var points = EventDensity.Points()
    var cells: [Int] = []
    var shares: [Double] = []
    var azimuths: [Double] = []
    for _ in 0..<Self.batchTrials {
      let cell = self.cell(at: stream.uniform() * cumulative[cumulative.count - 1])
      let (energy, row, column) = (cell / (side * side), cell / side % side, cell % side)
      points.append(
        stream.uniform(in: energyEdges[energy]...energyEdges[energy + 1]),
        (Double(row) + stream.uniform()) / Double(side), (Double(column) + stream.uniform()) / Double(side))
      cells.append(cell)
      shares.append(stream.uniform())
      azimuths.append(2 * Double.pi * stream.uniform())
    }
    let (rates, leptons) = try density.rate(at: points)
    var events: [LeptonEvent] = []
    var surplus = 0
    for trial in cells.indices {
      let ratio = rates[trial] / envelope[cells[trial]]
      let whole = ratio.rounded(.down)
      let copies = Int(whole) + (shares[trial] < ratio - whole ? 1 : 0)
      guard copies > 0 else { continue }
      surplus += copies - 1
      let event = LeptonEvent(
        neutrinoEnergy: leptons.neutrinoEnergy[trial], leptonEnergy: leptons.leptonEnergy[trial],
        cosTheta: leptons.cosTheta[trial], azimuth: azimuths[trial])
      for _ in 0..<copies { events.append(event) }
    }
    return (events, surplus)
  }

  /// The first cell whose sum is above a value; it has an envelope above zero.
  private func cell(at value: Double) -> Int {
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
