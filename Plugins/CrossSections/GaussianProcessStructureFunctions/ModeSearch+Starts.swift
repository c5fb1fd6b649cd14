import NuTuneNumerics

extension ModeSearch {
  /// Factor of −2lnL in the search that starts with data which say little.
  private static let weakness = 0.01

  /// Searches from several places and keeps the likeliest weights: from the prior, from the fit of each dataset alone,
  /// and from a fit to data that say a hundredth.
  mutating func run(starts: Int) throws {
    let (start, places) = (self, Array(origins.prefix(max(starts, 1))))
    let searches = try Parallel.map(places.count, threads: design.threads) { try start.search(from: places[$0].design) }
    let best = searches.dropFirst().reduce(searches[0]) { $1.objective < $0.objective ? $1 : $0 }
    (weights, outcome) = (best.weights, best.outcome)
    outcome.steps = searches.reduce(0) { $0 + $1.outcome.steps }
    outcome.starts = zip(places, searches).map { SearchStart(name: $0.name, value: 2 * $1.objective) }
  }

  /// Searches from zero weights, first with easier data if there are any.
  private func search(from easier: NearDesign?) throws -> ModeSearch {
    var search = self
    search.weights = weights.map { _ in 0 }
    search.outcome.steps = 0
    if let easier { try search.descend(easier, tolerance: 1) }
    search.outcome.trouble = nil
    try search.run(stages: easier == nil ? Self.stages : [])
    return search
  }

  /// Places to start from, each with the data that lead there; nil for the prior itself.
  private var origins: [(name: String, design: NearDesign?)] {
    let single =
      design.samples.count > 1
      ? design.samples.map { (name: "\($0.name) alone", design: NearDesign?.some(design.with([$0]))) } : []
    let weak = design.with(design.samples.map { $0.weakened(by: Self.weakness) })
    return [(name: "the prior", design: nil)] + single + [(name: "weak data", design: weak)]
  }
}
