import NuTuneCore

extension Checklist {
  /// Checks the promises of a flux.
  mutating func checkFlux(_ flux: any FluxProvider, _ subject: Subject) {
    let energies = check("breakpoints increase") { () -> [Double] in
      let breakpoints = flux.breakpoints
      guard breakpoints.count >= 2, breakpoints.allSatisfy({ $0.isFinite && $0 >= 0 }),
        zip(breakpoints, breakpoints.dropFirst()).allSatisfy({ $0 < $1 })
      else {
        throw broken(
          "breakpoints", found: "\(breakpoints.prefix(6))", expected: "two or more energies ≥ 0, strictly increasing")
      }
      return Self.energies(of: flux)
    }
    check("has species, each once") {
      let names = flux.species.map(\.rawValue)
      guard !names.isEmpty, Set(names).count == names.count else {
        throw broken("species", found: "[\(names.joined(separator: ", "))]", expected: "at least one, each once")
      }
    }
    guard let energies, let species = flux.species.first else { return }
    let values = check("finite and never negative") {
      for other in flux.species.dropFirst() { _ = try Self.density(of: flux, other, energies) }
      return try Self.density(of: flux, species, energies)
    }
    guard let values else { return }
    check("not zero everywhere") {
      guard values.contains(where: { $0 > 0 }) else {
        throw broken(found: "0 at all \(values.count) energies", expected: "a flux somewhere")
      }
    }
    checkOutside(flux)
    check("a batch is its energies") {
      try Batch.checkSingles(values, at: { "\(energies[$0]) GeV" }) { index in
        try flux.density(of: species, at: [energies[index]])
      }
      guard try flux.density(of: species, at: []).isEmpty else {
        throw broken(found: "values for no energies", expected: "none")
      }
    }
    check("threads agree") { try Batch.checkThreads(values) { try flux.density(of: species, at: energies) } }
    check("a species that it does not have is refused") {
      guard let other = NeutrinoSpecies.allCases.first(where: { !flux.species.contains($0) }) else {
        throw Skip(reason: "it has all of them")
      }
      try checkRefused(other.rawValue) { try flux.density(of: other, at: energies) }
    }
    checkParameters(subject) { plugin in
      guard let flux = plugin as? any FluxProvider else { return [] }
      return try flux.species.flatMap { try Self.density(of: flux, $0, energies) } + flux.breakpoints
    }
    check("runs in a study") {
      guard zip(energies, values).contains(where: { TinyStudy.energies.contains($0) && $1 > 0 }) else {
        throw Skip(reason: "it has no \(species.rawValue) in \(TinyStudy.energies) GeV")
      }
      let reaction = Reaction(species: species, target: try Target(named: "Ar40"))
      _ = try TinyStudy(reaction: reaction, nearFlux: flux).run(ConstantStructureFunctions())
    }
  }

  /// Checks that a flux is zero outside its breakpoints.
  private mutating func checkOutside(_ flux: any FluxProvider) {
    check("zero outside its breakpoints") {
      let (low, high) = (flux.breakpoints[0], flux.breakpoints[flux.breakpoints.count - 1])
      let outside = [low * 0.5, low - 1e-6 * (high - low), high + 1e-6 * (high - low), 2 * high, 1e3 * high]
        .filter { $0 > 0 && !(low...high).contains($0) }
      for species in flux.species {
        let values = try flux.density(of: species, at: outside)
        if let bad = values.firstIndex(where: { $0 != 0 }) {
          throw broken(
            found: "\(values[bad]) of \(species.rawValue) at \(outside[bad]) GeV",
            expected: "0 outside \(low)…\(high) GeV")
        }
      }
    }
  }

  /// Returns energies at, between and next to the breakpoints of a flux, at most a few hundred.
  private static func energies(of flux: any FluxProvider) -> [Double] {
    let breakpoints = flux.breakpoints
    let stride = max(1, breakpoints.count / 100)
    return zip(breakpoints, breakpoints.dropFirst()).enumerated().filter { $0.offset % stride == 0 }.flatMap { piece in
      let (low, high) = piece.element
      return [low, low + (high - low) * 0.01, (low + high) / 2, high - (high - low) * 0.01]
    } + [breakpoints[breakpoints.count - 1]]
  }

  private static func density(of flux: any FluxProvider, _ species: NeutrinoSpecies, _ energies: [Double]) throws
    -> [Double]
  {
    let values = try flux.density(of: species, at: energies)
    try Batch.check(
      values, count: energies.count, of: "the flux of \(species.rawValue)", in: 0 ... .greatestFiniteMagnitude
    ) { "\(energies[$0]) GeV" }
    return values
  }
}
