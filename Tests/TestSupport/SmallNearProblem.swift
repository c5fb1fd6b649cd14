import Foundation
import NuTuneCore
import NuTuneFolding
import ToyStructureFunctions

/// A small near-detector problem with real physics: 8 × 5 bins, a bell-shaped flux, toy-sf as the truth.
package struct SmallNearProblem {
  /// What models learn from.
  package var problem: TuningProblem
  /// The reaction of the first sample.
  package let reaction: Reaction

  /// One sample for each species and beam; `events` is their number behind each sample, nil for infinite statistics.
  ///
  /// - Parameters:
  ///   - beams: energies in GeV at which the fluxes peak.
  ///   - hadronic: edges in GeV of bins of hadronic energy, measured as by ``GaussianHadrons``; none for the lepton alone.
  package init(
    threads: Int = 1, seed: UInt64 = 1, species: [NeutrinoSpecies] = [.numu], beams: [Double] = [2],
    events: Double? = nil, hadronic edges: [Double] = []
  ) throws {
    let target = try Target(named: "Ar40")
    reaction = Reaction(species: species[0], target: target)
    let binning = try Binning(
      Axis(.leptonEnergy, edges: [0.3, 0.6, 0.9, 1.2, 1.6, 2, 2.5, 3, 4]),
      Axis(.cosTheta, edges: [-1, 0, 0.6, 0.8, 0.92, 1]),
      hadronic: edges.isEmpty ? nil : Axis(.hadronicEnergy, edges: edges))
    let cells = EnergyCells.standard(over: 0.3...6, scale: 4)
    let grid = NodeGrid(maximumEnergy: 6, tCount: 50, uCount: 30)
    let hadronic =
      edges.isEmpty
      ? nil : try HadronicProbabilities(GaussianHadrons(edges: edges), binCount: edges.count - 1, grid: grid)
    let averaging = try cells.averaging(breakpoints: [])
    let toy = try Self.toy()
    var runs: [NodeRuns] = []
    var data: [[Double]] = []
    let kinds = species.flatMap { species in beams.map { (species: species, beam: $0) } }
    for (species, beam) in kinds {
      let weights = averaging.means(of: averaging.energies.map { exp(-($0 - beam) * ($0 - beam) / 2) })
      // Data and models are folded by the same table, whose accuracy is therefore no matter.
      let table = try FoldTable(
        binning: binning, species: species, cells: cells, grid: grid, plan: QuadraturePlan(accuracy: nil), threads: 2)
      let invariants = grid.invariants()
      let values = LeptonTensor(species).nodeValues(
        of: toy.structureFunctions(of: Reaction(species: species, target: target), at: invariants), at: invariants)
      let rates = table.cellResponse(nodeValues: values, hadronic: hadronic, threads: 2).rates(weights: weights)
        .map { max($0, 0) }
      runs.append(table.collapsed(weights: weights, threads: 2))
      data.append(rates.map { $0 / rates.reduce(0, +) })
    }
    let active = ActiveNodes(grid: grid, touchedBy: runs)
    let samples = try zip(kinds, zip(runs, data)).map { kind, pair in
      TuningSample(
        sample: Sample(
          reaction: Reaction(species: kind.species, target: target), mode: "beam\(kind.beam)", site: .near,
          binning: binning),
        probabilities: pair.1, events: events,
        nodeOperator: try CollapsedFold(pair.0, nodes: active, hadronic: hadronic))
    }
    problem = TuningProblem(
      nodes: active.invariants(),
      samples: samples, seed: seed, threads: threads)
  }

  /// toy-sf with some parameters changed.
  package static func toy(_ changes: [String: ParameterValue] = [:]) throws -> ToyStructureFunctions {
    try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults().setting(changes)))
  }

  /// toy-sf as wrong as the prior of the closure tests.
  package static func detunedToy() throws -> ToyStructureFunctions {
    try toy([
      "quasi_elastic.axial_mass": .number(1.25), "quasi_elastic.width_scale": .number(1.25),
      "quasi_elastic.width_floor": .number(0.04), "quasi_elastic.energy_shift": .number(0.015),
      "dis.scale": .number(0.8),
    ])
  }

  /// Bin probabilities of a structure-function model for each sample.
  package func probabilities(of model: any StructureFunctionModel) throws -> [[Double]] {
    try problem.samples.map { sample in
      let rates = try rates(of: model, sample)
      return rates.map { $0 / rates.reduce(0, +) }
    }
  }

  /// Rates of a structure-function model in the bins of a sample.
  package func rates(of model: any StructureFunctionModel, _ sample: TuningSample) throws -> [Double] {
    Self.rates(
      of: try model.structureFunctions(of: sample.sample.reaction, at: problem.nodes), sample, at: problem.nodes)
  }

  /// Rates in the bins of a sample of structure functions at the nodes.
  package static func rates(of functions: StructureFunctions, _ sample: TuningSample, at nodes: InvariantPoints)
    -> [Double]
  {
    let values = LeptonTensor(sample.sample.reaction.species).nodeValues(of: functions, at: nodes).flatMap { $0 }
    var rates = [Double](repeating: 0, count: sample.nodeOperator.binCount)
    rates.withUnsafeMutableBufferPointer { rates in
      values.withUnsafeBufferPointer { sample.nodeOperator.apply($0, rates: rates, threads: 1) }
    }
    return rates
  }
}
