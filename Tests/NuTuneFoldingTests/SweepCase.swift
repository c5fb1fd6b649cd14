import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import TestSupport

/// A random binning of a random pair of observables for one neutrino, in a beam with a step, near or far.
struct SweepCase {
  let reaction: Reaction
  let binning: Binning
  /// Whether the flux is multiplied by a survival probability.
  let isFar: Bool

  /// Energies in GeV between which the flux is smooth; fine enough for its oscillation.
  static let knots = [0.4, 0.5, 0.7, 1.0, 1.5, 2.5, 4, 6]

  /// Flux × oscillation at an energy in GeV.
  func weight(_ energy: Double) -> Double {
    let flux = energy * energy * exp(-energy / 0.9) * (energy < 1.5 ? 1 : 0.7)
    let phase = 1.267 * 2.5e-3 * 300 / energy
    return isFar ? flux * (1 - 0.97 * sin(phase) * sin(phase)) : flux
  }

  /// The case of a seed.
  ///
  /// - Parameter most: bins of an axis.
  init(seed: UInt64, most: Int = 40) throws {
    let stream = try RandomStream(seed: seed, purpose: "fold-sweep")
    let species: [NeutrinoSpecies] = [.numu, .numubar, .nue, .nuebar]
    reaction = Reaction(
      species: species[Int(4 * stream.uniform())],
      target: try Target(named: stream.uniform() < 0.5 ? "Ar40" : "C12"))
    isFar = stream.uniform() < 0.5
    func axis(_ observable: Observable, _ low: Double, _ high: Double) throws -> Axis {
      // From one bin to many, of widths that differ by factors.
      let count = Int(exp(log(Double(most) + 0.99) * stream.uniform()))
      let widths = (0..<count).map { _ in exp(1.5 * stream.uniform()) }
      let sum = widths.reduce(0, +)
      var edges = [low]
      for width in widths.dropLast() { edges.append(edges[edges.count - 1] + width / sum * (high - low)) }
      return try Axis(observable, edges: edges + [high])
    }
    let low = 0.3 * stream.uniform()
    let high = 1.5 + 10 * stream.uniform()
    let forward = stream.uniform() < 0.5
    switch Int(5 * stream.uniform()) {
    case 0: binning = try Binning(axis(.leptonEnergy, low, high), axis(.cosTheta, forward ? 0.3 : -1, 1))
    case 1: binning = try Binning(axis(.leptonEnergy, low, high), axis(.theta, 0, forward ? 60 : 180))
    case 2: binning = try Binning(axis(.leptonMomentum, low, high), axis(.cosTheta, forward ? 0.3 : -1, 1))
    case 3: binning = try Binning(axis(.leptonMomentum, low, high), axis(.theta, 0, forward ? 60 : 180))
    default: binning = try Binning(axis(.transverseMomentum, 0, 1.5), axis(.longitudinalMomentum, -1, high))
    }
  }

  /// Rates of toy-sf through a fold table with a study's defaults.
  func rates(of model: any StructureFunctionModel, in binning: Binning? = nil, response: DetectorResponse = .identity)
    throws -> [Double]
  {
    let (cells, weights) = try cellWeights()
    let grid = NodeGrid(maximumEnergy: 6)
    let table = try FoldTable(
      binning: binning ?? self.binning, species: reaction.species, cells: cells, grid: grid,
      plan: QuadraturePlan(fluxes: [weights]), threads: 2)
    let points = grid.invariants()
    let values = LeptonTensor(reaction.species).nodeValues(
      of: try model.structureFunctions(of: reaction, at: points), at: points)
    return table.cellResponse(nodeValues: values, response: response, threads: 2).rates(weights: weights)
  }

  /// The cells of the beam and the weights for rates.
  func cellWeights() throws -> (cells: EnergyCells, weights: [Double]) {
    let cells = EnergyCells.standard(over: 0.4...6, breakpoints: [1.5], cliffs: [6])
    let averaging = try cells.averaging(breakpoints: [])
    return (cells, averaging.weights(of: averaging.energies.map(weight)))
  }

  /// Rate of a bin by GSL's adaptive quadrature.
  func referee(_ model: any CrossSectionModel, bin: Int, tolerance: Double = 5e-5) throws -> Double {
    try AdaptiveFold(model: model, reaction: reaction, binning: binning).rate(
      bin: bin, knots: Self.knots, relativeTolerance: tolerance
    ) { $0.map(weight) }
  }
}
