import Foundation
import NormalizingFlow
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import ToyStructureFunctions

/// A small near-detector problem with real physics: 8 × 5 bins, a bell-shaped flux, toy-sf as the truth. The samples of
/// two modes of one species have the same points and different fluxes.
struct SmallProblem {
  let problem: TuningProblem
  let target: Target

  init(
    threads: Int = 1, seed: UInt64 = 1, samples kinds: [(NeutrinoSpecies, mode: String)] = [(.numu, "fhc")],
    checkpoint: any CheckpointStore = NoCheckpoint()
  ) throws {
    let target = try Target(named: "Ar40")
    let binning = try Binning(
      Axis(.leptonEnergy, edges: [0.3, 0.6, 0.9, 1.2, 1.6, 2, 2.5, 3, 4]),
      Axis(.cosTheta, edges: [-1, 0, 0.6, 0.8, 0.92, 1]))
    let cells = EnergyCells.standard(over: 0.3...6, scale: 2)
    let toy = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    let averaging = try cells.averaging(breakpoints: [])
    let samples = try kinds.map { species, mode in
      let peak = mode == "fhc" ? 2.0 : 3.0
      let flux = averaging.means(of: averaging.energies.map { exp(-($0 - peak) * ($0 - peak) / 2) })
      let quadrature: @Sendable (QuadratureResolution) throws -> PointFold = { resolution in
        try PointFold(
          binning: binning, species: species, cells: cells.merged(resolution.mergedCells),
          weights: cells.merged(resolution.mergedCells, means: flux),
          plan: QuadraturePlan(
            accuracy: nil, energyPoints: resolution.energyPoints, firstPoints: resolution.firstPoints,
            secondPoints: resolution.secondPoints))
      }
      let reaction = Reaction(species: species, target: target)
      let fold = try quadrature(
        QuadratureResolution(mergedCells: 1, energyPoints: 2, firstPoints: 3, secondPoints: 6, accuracy: 1e-2))
      var rates = [Double](repeating: 0, count: binning.count)
      try toy.crossSection(of: reaction, at: fold.points).withUnsafeBufferPointer { values in
        rates.withUnsafeMutableBufferPointer { fold.apply(values, rates: $0, threads: 1) }
      }
      let sum = rates.reduce(0, +)
      return TuningSample(
        sample: Sample(reaction: reaction, mode: mode, site: .near, binning: binning),
        probabilities: rates.map { $0 / sum }, events: nil, nodeOperator: NoNodes(), quadrature: quadrature)
    }
    self.target = target
    problem = TuningProblem(
      nodes: InvariantPoints(omega: [], q2: []), samples: samples, seed: seed, threads: threads,
      checkpoint: checkpoint)
  }
}

/// A model that is not linear in structure functions does not ask for nodes.
private struct NoNodes: NodeOperator {
  let nodeCount = 0
  let binCount = 0
  func apply(_ values: UnsafeBufferPointer<Float>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {}
  func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {}
  func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Float>, threads: Int
  ) {}
  func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int
  ) {}
}

/// A flow with some parameters changed from their defaults.
func flow(_ changes: [String: ParameterValue] = [:]) throws -> NormalizingFlow {
  try NormalizingFlow(
    PluginConfiguration(parameters: NormalizingFlow.descriptor.parameters.defaults().setting(changes)))
}
