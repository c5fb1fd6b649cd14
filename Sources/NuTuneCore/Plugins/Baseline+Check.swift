extension Baseline {
  /// Throws for lengths, densities and electron fractions that no baseline has; an oscillation model calls it first.
  public func check() throws {
    func refuse(_ key: String, _ value: Double, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, key: key, found: "\(value)", expected: expected)
    }
    guard length.isFinite, length >= 0 else { throw refuse("baseline", length, "a length ≥ 0 in km") }
    // Neutron-star matter starts at 1e7 g/cm³, where a model of constant density does not apply.
    guard (0...1e6).contains(density) else {
      throw refuse("density", density, "a matter density from 0 (vacuum) to 1e6 in g/cm³")
    }
    guard (0...1).contains(electronFraction) else {
      throw refuse("electron_fraction", electronFraction, "electrons per nucleon, from 0 to 1")
    }
  }
}
