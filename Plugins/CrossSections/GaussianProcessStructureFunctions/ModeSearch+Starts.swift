extension ModeSearch {
  /// Factor of −2lnL in the search that starts with data which say little.
  private static let weakness = 0.01

  /// Searches from several places and keeps the likeliest weights: from the prior, from the fit of each dataset alone,
  /// and from a fit to data that say a hundredth.
  mutating func run(starts: Int) throws {
    var (found, steps): ([SearchStart], Int) = ([], 0)
    var best: ModeSearch?
    for origin in origins.prefix(max(starts, 1)) {
      var search = self
      search.weights = weights.map { _ in 0 }
      search.outcome.steps = 0
      if let easier = origin.design { try search.descend(easier, tolerance: 1) }
      search.outcome.trouble = nil
      try search.run(stages: origin.design == nil ? Self.stages : [])
      steps += search.outcome.steps
      found.append(SearchStart(name: origin.name, value: 2 * search.objective))
      if best.map({ search.objective < $0.objective }) ?? true { best = search }
    }
    if let best { (weights, outcome) = (best.weights, best.outcome) }
    outcome.steps = steps
    outcome.starts = found
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
