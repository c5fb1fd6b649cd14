import NuTuneCore
import NuTuneTables

extension TableGrid {
  static func unsorted(
    _ column: String, _ value: Double, _ last: Double, _ table: CrossSectionTable, _ point: Int
  ) -> NuTuneError {
    NuTuneError(
      .badData, at: table.location(of: point), key: column,
      found: value == last
        ? "the \(column) \(value) a second time\(table.name(of: point))"
        : "the \(column) \(value) after \(last)\(table.name(of: point))",
      expected: "rows sorted by rising energy, lepton_energy and cos_theta, each point once")
  }

  func check(
    _ energy: Double, after last: Double?, _ table: CrossSectionTable, _ point: Int, _ leptonMass: Double
  ) throws {
    if let last, energy <= last { throw Self.unsorted("energy", energy, last, table, point) }
    guard energy > leptonMass else {
      throw NuTuneError(
        .badData, at: table.location(of: point), key: "energy", found: "\(energy)\(table.name(of: point))",
        expected: "a neutrino energy above the mass of the lepton, \(leptonMass) GeV")
    }
  }

  /// Checks the cosines and values of one row: ascending, allowed, and reaching ±1 within one step.
  func check(cosinesFrom first: Int, to end: Int, _ table: CrossSectionTable) throws {
    for i in first..<end {
      let cosine = table.cosTheta[i]
      guard abs(cosine) <= 1 else {
        throw NuTuneError(
          .badData, at: table.location(of: i), key: "cos_theta", found: "\(cosine)\(table.name(of: i))",
          expected: "a cosine from −1 to 1")
      }
      if i > first, cosine <= table.cosTheta[i - 1] {
        throw Self.unsorted("cos_theta", cosine, table.cosTheta[i - 1], table, i)
      }
      guard table.values[i] >= 0 else {
        throw NuTuneError(
          .badData, at: table.location(of: i), key: "d2sigma",
          found: "the negative cross section "
            + "\(table.values[i])\(table.name(of: i))", expected: "zero or more")
      }
    }
    guard end - first > 2 else {
      throw NuTuneError(
        .badData, at: table.location(of: first), key: "cos_theta",
        found: "\(end - first) cosines at one lepton energy\(table.name(of: first))", expected: "three or more")
    }
    let low = table.cosTheta[first]
    let high = table.cosTheta[end - 1]
    guard low + 1 <= table.cosTheta[first + 1] - low + 1e-9, 1 - high <= high - table.cosTheta[end - 2] + 1e-9 else {
      throw NuTuneError(
        .badData, at: table.location(of: first), key: "cos_theta",
        found: "cosines from \(low) to \(high)\(table.name(of: first))",
        expected: "cosines that reach −1 and 1, or as far as one step from them")
    }
  }

  /// Checks that the rows of one energy reach from the lepton's mass to E_ν, within one step.
  func check(
    _ rows: [(leptonEnergy: Double, location: Int)], _ energy: Double, _ table: CrossSectionTable, _ leptonMass: Double
  ) throws {
    guard rows.count > 2 else {
      let first = rows.first?.location ?? max(0, table.energy.firstIndex(of: energy) ?? 0)
      throw NuTuneError(
        .badData, at: table.location(of: first), key: "lepton_energy",
        found: "\(rows.count) allowed lepton energies for E_ν = \(energy) GeV", expected: "three or more")
    }
    let (low, high) = (rows[0].leptonEnergy, rows[rows.count - 1].leptonEnergy)
    let lowGap = rows[1].leptonEnergy - low
    let highGap = high - rows[rows.count - 2].leptonEnergy
    guard low - leptonMass <= lowGap * (1 + 1e-9), energy - high <= highGap * (1 + 1e-9) else {
      throw NuTuneError(
        .badData, at: table.location(of: rows[0].location), key: "lepton_energy",
        found: "lepton energies from \(low) to \(high) GeV for E_ν = \(energy) GeV",
        expected: "some that reach \(leptonMass) and \(energy) GeV, or as far as one step from them")
    }
  }
}
