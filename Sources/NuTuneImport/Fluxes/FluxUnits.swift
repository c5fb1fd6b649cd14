import NuTuneCore

/// The unit of a flux in a file, as stated by the user.
package struct FluxUnits: Sendable, Equatable {
  /// The normalisation of a content.
  package enum Width: Sendable, Equatable {
    /// Neutrinos in the bin.
    case bin
    /// Neutrinos in an interval of this width in GeV: a density.
    case energy(Double)
  }

  /// cm² per unit of area.
  package var area: Double
  /// The normalisation: per bin, or per an interval of energy.
  package var per: Width
  /// Protons on target.
  package var pot: Double
  /// GeV per unit of energy in the file.
  package var energy: Double

  /// Creates units from their parts.
  package init(area: Double, per: Width, pot: Double, energy: Double) {
    self.area = area
    self.per = per
    self.pot = pot
    self.energy = energy
  }

  /// Computes the density in ν/cm²/GeV/POT of a content.
  /// - Parameter width: width of the bin in GeV.
  package func density(_ content: Double, width: Double) -> Double {
    switch per {
    case .bin: content / area / pot / width
    case .energy(let energy): content / area / pot / energy
    }
  }

  static let areaQuestion = Question("--area", "The flux is per which area?", choices: "cm2 or m2")
  static let perQuestion = Question(
    "--per", "The flux is per which energy, or is it the number of neutrinos in the bin?",
    choices: "GeV, 50MeV or another energy, or bin")
  static let potQuestion = Question(
    "--pot", "The flux is per how many protons on target?", choices: "1, 1e6, 1e21 or another number")
  static let energyQuestion = Question("--energy", "Energies are in which unit?", choices: "GeV or MeV")

  /// Options of the command line about units; nil where the user gave none.
  package struct Options: Sendable {
    /// `cm2` or `m2`.
    package var area: String?
    /// `GeV`, `50MeV`, `bin`.
    package var per: String?
    /// A number.
    package var pot: String?
    /// `GeV` or `MeV`.
    package var energy: String?

    /// Creates options.
    package init(area: String? = nil, per: String? = nil, pot: String? = nil, energy: String? = nil) {
      self.area = area
      self.per = per
      self.pot = pot
      self.energy = energy
    }
  }

  /// Combines options and answers to units; nil if something is missing, which the interview reports.
  /// - Parameters:
  ///   - options: options of the command line.
  ///   - stated: statements of files about their energies.
  init?(_ options: Options, stated: [UnitStatement], _ interview: inout Interview) {
    let area = interview.answer(Self.areaQuestion, given: options.area) { text in
      guard let area = ["cm2": 1.0, "m2": 1e4][text] else { throw refusal(text, Self.areaQuestion.choices) }
      return area
    }
    let per = interview.answer(Self.perQuestion, given: options.per, read: Self.width)
    let pot = interview.answer(Self.potQuestion, given: options.pot) { text in
      guard let pot = Double(text), (1e-30...1e40).contains(pot) else {
        throw refusal(text, "a number above zero")
      }
      return pot
    }
    let energy = UnitStatement.energy(options.energy, stated: stated, &interview)
    guard let area, let per, let pot, let energy else { return nil }
    self.init(area: area, per: per, pot: pot, energy: energy)
  }

  /// Parses `bin`, `GeV`, `0.5GeV` or `50MeV`.
  static func width(_ text: String) throws -> Width {
    if text == "bin" { return .bin }
    for (unit, size) in [("GeV", 1.0), ("MeV", 1e-3)] where text.hasSuffix(unit) {
      let number = text.dropLast(unit.count)
      if let value = number.isEmpty ? 1 : Double(number), (1e-9...1e9).contains(value) { return .energy(value * size) }
    }
    throw refusal(text, perQuestion.choices)
  }
}
