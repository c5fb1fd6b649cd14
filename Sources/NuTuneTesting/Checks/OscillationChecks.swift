import NuTuneCore

extension Checklist {
  /// Largest distance of a probability from its range that rounding explains.
  private static let probabilityRounding = 1e-9

  /// Checks the promises of an oscillation model.
  mutating func checkOscillation(_ model: any OscillationModel, _ subject: Subject) {
    let energies = (0..<60).map { 0.1 + 0.02 * Double($0 * $0) / 3 }
    let way = Baseline(length: 1284.9, density: 2.848)
    let values = check("probabilities are from 0 to 1, and sum to at most one") {
      for helicity in Helicity.allCases {
        for density in [0, 2.848] {
          for length in [0.5, 295, 1284.9, 12_000] {
            _ = try Self.probabilities(
              of: model, energies, Baseline(length: length, density: density), helicity)
          }
        }
      }
      return try Self.probabilities(of: model, energies, way, .neutrino)
    }
    guard let values else { return }
    check("no neutrino is lost") {
      let sums = Self.rowSums(values, count: energies.count)
      guard let least = sums.min(), least < 1 - Self.probabilityRounding else { return }
      throw Warning(
        sentence: "found a sum of \(least) over final flavours; expected 1, unless neutrinos decay or become sterile")
    }
    check("nothing happens at the source") {
      for helicity in Helicity.allCases {
        let values = try Self.probabilities(of: model, energies, Baseline(length: 0, density: 2.848), helicity)
        for row in 0..<9 {
          for index in energies.indices {
            let value = values[row * energies.count + index]
            guard abs(value - (row % 4 == 0 ? 1 : 0)) <= Self.probabilityRounding else {
              throw broken(
                found: "\(value) for P(\(Self.name(row))) at \(energies[index]) GeV after 0 km",
                expected: row % 4 == 0 ? "1" : "0")
            }
          }
        }
      }
    }
    check("a batch is its energies") {
      for row in 0..<9 {
        let part = Array(values[row * energies.count..<(row + 1) * energies.count])
        try Batch.checkSingles(part, at: { "P(\(Self.name(row))) at \(energies[$0]) GeV" }) { index in
          let single = try model.probabilities(at: [energies[index]], over: way, helicity: .neutrino)
          return single.count == 1 ? [single.values[row]] : single.values
        }
      }
      guard try model.probabilities(at: [], over: way, helicity: .neutrino).values.isEmpty else {
        throw broken(found: "probabilities for no energies", expected: "none")
      }
    }
    check("threads agree") {
      try Batch.checkThreads(values) { try model.probabilities(at: energies, over: way, helicity: .neutrino).values }
    }
    checkFitParameters(model, energies, way)
    checkParameters(subject) { plugin in
      guard let model = plugin as? any OscillationModel else { return [] }
      return try Self.probabilities(of: model, energies, way, .neutrino)
    }
    check("runs in a study") { _ = try TinyStudy(oscillation: model).run(ConstantStructureFunctions()) }
  }

  /// Checks that a fit can vary the parameters that the model declares as fittable.
  private mutating func checkFitParameters(_ model: any OscillationModel, _ energies: [Double], _ way: Baseline) {
    let names = model.fittableParameters
    check("a parameter that it does not have is refused") {
      let unknown = "not_a_parameter"
      try checkRefused("the value of \(unknown)") { try model.value(of: unknown) }
      try checkRefused("a change of \(unknown)") { try model.setting([unknown: 0.5]) }
    }
    guard !names.isEmpty else { return }
    check("fittable parameters keep what they are set to") {
      for name in names {
        let domain = try model.fitDomain(of: name)
        for target in domain.starts + [try model.value(of: name)] {
          let changed = try model.setting([name: target])
          let value = try changed.value(of: name)
          guard abs(value - target) <= 1e-9 * max(abs(target), domain.scale) else {
            throw broken(name, found: "\(value) after it was set to \(target)", expected: "\(target)")
          }
          _ = try Self.probabilities(of: changed, energies, way, .neutrino)
        }
      }
    }
    check("fits start inside their bounds") {
      for name in names {
        let domain = try model.fitDomain(of: name)
        guard !domain.starts.isEmpty, domain.starts.allSatisfy(domain.bounds.contains) else {
          throw broken(name, found: "starts \(domain.starts)", expected: "at least one, all in \(domain.bounds)")
        }
        guard domain.scale.isFinite, domain.scale > 0 else {
          throw broken(name, found: "a scale of \(domain.scale)", expected: "a number > 0")
        }
      }
    }
    check("fittable parameters have an effect") {
      let reference = try Self.probabilities(of: model, energies, way, .neutrino)
      for name in names {
        let domain = try model.fitDomain(of: name)
        let value = try model.value(of: name)
        let other = [value + domain.scale, value - domain.scale].first(where: domain.bounds.contains)
        guard let other, try Self.probabilities(of: model.setting([name: other]), energies, way, .neutrino) == reference
        else { continue }
        throw Warning(
          sentence:
            "found the same probabilities with \(name) = \(other); expected others, unless it only matters together "
            + "with another")
      }
    }
  }

  /// Returns the probabilities, shape [9][energies] flat, after checking them.
  private static func probabilities(
    of model: any OscillationModel, _ energies: [Double], _ way: Baseline, _ helicity: Helicity
  ) throws -> [Double] {
    let result = try model.probabilities(at: energies, over: way, helicity: helicity)
    try Batch.check(
      result.values, count: 9 * energies.count, of: "a probability", in: -probabilityRounding...1 + probabilityRounding
    ) { "P(\(name($0 / energies.count))) at \(energies[$0 % energies.count]) GeV after \(way.length) km" }
    if let largest = rowSums(result.values, count: energies.count).max(), largest > 1 + probabilityRounding {
      throw broken(found: "a sum of \(largest) over final flavours after \(way.length) km", expected: "at most 1")
    }
    return result.values
  }

  /// Sums the probabilities over final flavours, shape [3 × energies].
  private static func rowSums(_ values: [Double], count: Int) -> [Double] {
    (0..<3).flatMap { from in
      (0..<count).map { index in (0..<3).reduce(0) { $0 + values[(3 * from + $1) * count + index] } }
    }
  }

  private static func name(_ row: Int) -> String {
    let flavors = ["e", "μ", "τ"]
    return "ν_\(flavors[row / 3]) → ν_\(flavors[row % 3])"
  }
}
