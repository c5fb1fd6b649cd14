import NuTuneCore
import NuTuneFiles
import NuTuneNumerics

/// Compares events with the flux that an import names.
struct FluxAgreement {
  /// What charged-current cross sections per energy are, in 10⁻³⁸ cm²/GeV per nucleon, from threshold to the highest
  /// beams.
  static let usual = 0.02...3.0
  /// Largest part of the cross section beyond the flux.
  static let mostBeyond = 1e-3
  /// Largest distance of two normalised fluxes, half the sum of their differences.
  static let mostDistance = 0.02

  private let edges: [Double]
  private let name: String
  /// Flux of each range, shape [edges − 1].
  private let contents: [Double]

  init(_ flux: any FluxProvider, species: NeutrinoSpecies, name: String) throws {
    edges = flux.breakpoints
    self.name = name
    let rule = try GaussLegendre(points: 4)
    contents = try zip(edges, edges.dropFirst()).map { low, high in
      let (nodes, weights) = rule.rule(on: low...high)
      return zip(weights, try flux.density(of: species, at: nodes)).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// Throws for events that this flux cannot make; returns doubts.
  func doubts(about sample: EventSample, beams: [(edges: [Double], contents: [Double])]) throws -> [String] {
    func digits(_ value: Double) -> String { SignificantDigits.text(value, 3) }
    guard sample.energyRange.lowerBound < sample.energyRange.upperBound || sample.events.selected == 1 else {
      throw NuTuneError(
        .badData, key: "--flux", found: "neutrinos of one energy, \(sample.energyRange.lowerBound) GeV",
        expected: "events of the flux \(name)")
    }
    guard sample.beyondFlux <= Self.mostBeyond * sample.mean else {
      throw NuTuneError(
        .badData, key: "--flux",
        found:
          "\(digits(100 * sample.beyondFlux / sample.mean)) % of the cross section at energies that \(name) does "
          + "not have, events from \(digits(sample.energyRange.lowerBound)) to "
          + "\(digits(sample.energyRange.upperBound)) GeV",
        expected: "the flux of the events, or all of it")
    }
    var doubts: [String] = []
    for (low, high, slope) in slopes(sample) where !Self.usual.contains(slope) {
      doubts.append(
        "events and flux give a cross section of \(digits(slope))e-38 cm2/GeV/nucleon from \(digits(low)) to "
          + "\(digits(high)) GeV, inclusive scattering has about 0.7e-38: look at the flux, the mean cross section "
          + "and its unit")
    }
    for beam in beams {
      let distance = distance(to: beam.edges, beam.contents)
      guard distance > Self.mostDistance else { continue }
      doubts.append("the flux in the file differs from \(name) by \(digits(100 * distance)) %")
    }
    return doubts
  }

  /// Cross section over energy in ranges that have a tenth of the events each, in 10⁻³⁸ cm²/GeV per nucleon.
  private func slopes(_ sample: EventSample) -> [(low: Double, high: Double, slope: Double)] {
    let total = contents.reduce(0, +)
    var slopes: [(low: Double, high: Double, slope: Double)] = []
    var (start, section, flux, moment) = (0, 0.0, 0.0, 0.0)
    for range in contents.indices {
      section += sample.energies[range]
      flux += contents[range]
      moment += contents[range] * (edges[range] + edges[range + 1]) / 2
      guard section >= sample.mean / 10 else { continue }
      // Σσφ/Σφ over ⟨E⟩; without flux no finite number passes.
      slopes.append((edges[start], edges[range + 1], flux > 0 ? section * total / moment : .infinity))
      (start, section, flux, moment) = (range + 1, 0, 0, 0)
    }
    return slopes
  }

  /// Half the sum of |differences| of two normalised fluxes, in the ranges of the other, of which the content is taken
  /// to be spread evenly.
  private func distance(to others: [Double], _ other: [Double]) -> Double {
    let (sum, total) = (other.reduce(0, +), contents.reduce(0, +))
    guard sum > 0, total > 0 else { return 1 }
    let cuts = Array(Set(edges + others)).sorted()
    func share(_ low: Double, _ high: Double, _ edges: [Double], _ contents: [Double], _ total: Double) -> Double {
      guard let place = EventBinning.place((low + high) / 2, in: edges) else { return 0 }
      return contents[place] * (high - low) / (edges[place + 1] - edges[place]) / total
    }
    // On the coarser of both grids: even spreading within bins is no difference.
    let coarse = others.count < edges.count ? others : edges
    var differences = [Double](repeating: 0, count: coarse.count + 1)
    for (low, high) in zip(cuts, cuts.dropFirst()) {
      let place = EventBinning.place((low + high) / 2, in: coarse) ?? coarse.count
      differences[place] += share(low, high, edges, contents, total) - share(low, high, others, other, sum)
    }
    return differences.reduce(0) { $0 + abs($1) } / 2
  }
}
