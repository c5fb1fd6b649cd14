import Foundation
import NuTuneCore

/// The cross section of a trained model at a few points, as it was when it was trained. A program that finds others
/// from the same weights evaluates them by other formulas, so that it may not use them.
package struct ModelProbe: Codable, Sendable {
  /// Relative difference that is allowed: single precision on another processor changes the sixth digit.
  static let tolerance = 1e-4
  /// Lepton energies over the neutrino energy, and cosines, at which a model is looked at.
  private static let places = [(share: 0.35, cosine: 0.8), (share: 0.6, cosine: 0.9), (share: 0.85, cosine: 0.97)]

  /// Channel, `numu`.
  package var channel: String
  /// Target, `Ar40`.
  package var target: String
  /// Neutrino energy in GeV.
  package var energy: Double
  /// Lepton energies in GeV.
  package var leptonEnergies: [Double]
  /// Cosines of the lepton angle.
  package var cosines: [Double]
  /// d²σ/(dE_l dcosθ) in 10⁻³⁸ cm²/GeV per nucleon times the scale of the model.
  package var values: [Double]

  enum CodingKeys: String, CodingKey {
    case channel, target, energy, cosines, values
    case leptonEnergies = "lepton_energies"
  }

  /// Looks at a model in the middle (on a logarithmic scale) of some neutrino energies.
  package init(of model: any CrossSectionModel, _ reaction: Reaction, within energies: ClosedRange<Double>) throws {
    channel = reaction.species.rawValue
    target = reaction.target.name
    let middle = (energies.lowerBound * energies.upperBound).squareRoot()
    energy = max(middle, min(2 * reaction.species.leptonMass, energies.upperBound))
    let (energy, mass) = (energy, reaction.species.leptonMass)
    leptonEnergies = Self.places.map { mass + $0.share * (energy - mass) }
    cosines = Self.places.map(\.cosine)
    values = []
    values = try model.crossSection(of: reaction, at: points)
  }

  private var points: KinematicPoints {
    var points = KinematicPoints()
    for (leptonEnergy, cosine) in zip(leptonEnergies, cosines) {
      points.append(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: cosine)
    }
    return points
  }

  /// Throws when a model has other values; `path` is the file of its weights.
  func check(_ model: any CrossSectionModel, path: String) throws {
    guard let species = NeutrinoSpecies(rawValue: channel), leptonEnergies.count == values.count,
      cosines.count == values.count, energy.isFinite, energy > 0
    else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: path), key: "origin.probes", found: "values without their points",
        expected: "a card as nutune wrote it")
    }
    let reaction = Reaction(species: species, target: try Target(named: target, key: "origin.probes"))
    let found = try model.crossSection(of: reaction, at: points)
    let scale = values.reduce(0) { max($0, abs($1)) }
    for (now, then) in zip(found, values) where !(abs(now - then) <= Self.tolerance * scale) {
      throw NuTuneError(
        .badData, at: SourceLocation(file: path), key: channel,
        found: "weights that give a cross section of \(now) at \(energy) GeV in place of \(then)",
        expected: "a version of the model's plugin that evaluates them as the one that trained it")
    }
  }
}
