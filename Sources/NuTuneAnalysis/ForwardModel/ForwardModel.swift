import NuTuneCore
import NuTuneFolding

/// The forward model of some datasets: the linear operators between a cross-section model and the rates in their bins.
///
/// Rates are flux × oscillation × cross section × detector response. All datasets share cells of neutrino energy and nodes
/// of (W², Q²); those with the same true bins and lepton share a fold table. The flux × oscillation of a cell is averaged
/// on a fine grid of energies, so another flux or other oscillation parameters cost a product of matrices.
public struct ForwardModel: Sendable {
  package let cells: EnergyCells
  let grid: NodeGrid
  /// Accuracy and least numbers of points; the fluxes are those of each table.
  let plan: QuadraturePlan
  let averaging: CellAveraging
  package let tables: [FoldTable]
  /// The datasets before oscillation.
  public internal(set) var near: [FoldedDataset]
  /// The datasets behind a baseline.
  public internal(set) var far: [FoldedDataset]
  package let nodes: ActiveNodes
  /// Neutrino energies that are folded, GeV.
  public let energies: ClosedRange<Double>
  /// Number of threads for what is computed with it; results do not depend on it.
  public var threads: Int
  /// Near-detector operators on ``nodes``, detector response included, one for each near dataset.
  var nearOperators: [CollapsedFold]

  /// Builds the operators of some datasets.
  ///
  /// - Parameters:
  ///   - datasets: what is measured, at least one.
  ///   - settings: how finely it folds.
  ///   - energies: neutrino energies in GeV that are folded.
  ///   - oscillation: decides where quadrature points of datasets with a baseline lie; any sensible parameters do.
  ///   - threads: number of threads.
  /// - Throws: `NuTuneError` when a flux, a detector or the oscillation model refuses.
  public init(
    _ datasets: [Dataset], _ settings: FoldSettings = FoldSettings(), over energies: ClosedRange<Double>,
    oscillation: any OscillationModel, threads: Int = 1
  ) throws {
    try self.init(datasets, settings, over: energies, oscillation: oscillation, threads: threads, withTables: true)
  }

  /// - Parameters:
  ///   - withTables: without, it has fluxes and cells but can fold nothing.
  ///   - beyondTables: fluxes are what they would have beyond the ends of their tables, and nothing within.
  init(
    _ datasets: [Dataset], _ settings: FoldSettings, over range: ClosedRange<Double>,
    oscillation: any OscillationModel, threads: Int, withTables: Bool, beyondTables: Bool = false
  ) throws {
    self.threads = threads
    energies = range
    let breakpoints = Set(datasets.flatMap(\.flux.breakpoints) + settings.breakpoints).sorted()
    let regular = EnergyCells.standard(over: range, breakpoints: breakpoints, scale: settings.cellScale)
    let cliffs = try Self.cliffs(of: datasets, in: regular, breakpoints)
    cells = EnergyCells.standard(over: range, breakpoints: breakpoints, cliffs: cliffs, scale: settings.cellScale)
    let averaging = try cells.averaging(breakpoints: breakpoints)
    self.averaging = averaging
    plan = QuadraturePlan(
      accuracy: settings.accuracy, energyPoints: settings.energyPoints, firstPoints: settings.firstPoints,
      secondPoints: settings.secondPoints)

    var keys: [TableKey] = []
    func folded(_ dataset: Dataset) throws -> FoldedDataset {
      let binning = dataset.sample.binning.folded.lepton
      let key = TableKey(species: dataset.species, binning: try dataset.detector.trueBinning(for: binning))
      let table = keys.firstIndex(of: key) ?? keys.count
      if table == keys.count { keys.append(key) }
      var densities: [NeutrinoSpecies: [Double]] = [:]
      for species in dataset.flux.species
      where species.helicity == dataset.species.helicity && dataset.initial ?? species.flavor == species.flavor {
        densities[species] =
          try beyondTables
          ? averaging.energies.map(ContinuedDensity(dataset.flux, species).value)
          : dataset.flux.density(of: species, at: averaging.energies)
      }
      return FoldedDataset(
        dataset: dataset, table: table, response: try dataset.detector.response(for: binning), flux: densities)
    }
    near = try datasets.filter { $0.baseline == nil }.map(folded)
    far = try datasets.filter { $0.baseline != nil }.map(folded)

    grid = NodeGrid(
      maximumEnergy: range.upperBound,
      minimumLeptonEnergy: keys.map { $0.binning.lowestLeptonEnergy(of: $0.species) }.min() ?? 0,
      tCount: settings.nodesW2, uCount: settings.nodesQ2)
    for index in near.indices { near[index] = try near[index].samplingHadronicResponse(on: grid, known: near) }
    for index in far.indices { far[index] = try far[index].samplingHadronicResponse(on: grid, known: near + far) }

    // The points of a table serve all datasets that share it, with the oscillation given.
    let weights = try Self.weights(near: near, far: far, averaging, oscillation)
    let (cells, grid, plan, all) = (cells, grid, plan, near + far)
    tables = try (withTables ? Array(keys.enumerated()) : []).map { index, key in
      let sharing = zip(all, weights).filter { $0.0.table == index }
      var ofTable = plan
      ofTable.peakWidth =
        sharing.flatMap { $0.0.dataset.composition }.map { QuadraturePlan.peakWidth(of: $0.target) }.min()
        ?? ofTable.peakWidth
      ofTable.fluxes = sharing.map(\.1)
      return try FoldTable(
        binning: key.binning, species: key.species, cells: cells, grid: grid, plan: ofTable, threads: threads)
    }
    nodes = ActiveNodes(grid: grid, touchedBy: tables)
    nearOperators = []
    if withTables { nearOperators = try near.map { try nearOperator($0) } }
  }

  /// Energies in GeV at which fluxes end at a height, before oscillation.
  private static func cliffs(of datasets: [Dataset], in cells: EnergyCells, _ breakpoints: [Double]) throws
    -> [Double]
  {
    let averaging = try cells.averaging(breakpoints: breakpoints)
    let ends = try datasets.flatMap { dataset in
      let highest = try dataset.detector.trueBinning(for: dataset.sample.binning.folded.lepton)
        .highestLeptonEnergy(of: dataset.species)
      return try dataset.flux.species.compactMap {
        cells.cliff(
          of: averaging.means(of: try dataset.flux.density(of: $0, at: averaging.energies)), under: highest)
      }
    }
    return Set(ends).sorted()
  }

  private struct TableKey: Hashable {
    let species: NeutrinoSpecies
    /// The true bins.
    let binning: Binning
  }

  /// Mean near flux in each cell for a near sample, shape [cells].
  func nearWeights(_ sample: FoldedDataset) -> [Double] { Self.nearWeights(sample, averaging) }

  private static func nearWeights(_ sample: FoldedDataset, _ averaging: CellAveraging) -> [Double] {
    averaging.weights(of: sample.flux[sample.sample.reaction.species] ?? [])
  }

  /// Probabilities at the energies where flux × oscillation is averaged, for each propagation to a far dataset.
  ///
  /// - Parameter others: far datasets behind other baselines.
  package func oscillationProbabilities(_ oscillation: any OscillationModel, and others: [FoldedDataset] = []) throws
    -> PropagationProbabilities
  {
    try Self.oscillationProbabilities(oscillation, far: far + others, averaging)
  }

  /// The same with derivatives with respect to some parameters.
  func oscillationGradients(
    of parameters: [String], _ oscillation: any OscillationModel, and others: [FoldedDataset]
  ) throws -> [Propagation: OscillationGradients] {
    var gradients: [Propagation: OscillationGradients] = [:]
    for way in Set((far + others).compactMap(\.propagation)) {
      gradients[way] = try oscillation.probabilityGradients(
        of: parameters, at: averaging.energies, over: way.baseline, helicity: way.helicity)
    }
    return gradients
  }

  private static func oscillationProbabilities(
    _ oscillation: any OscillationModel, far: [FoldedDataset], _ averaging: CellAveraging
  ) throws -> PropagationProbabilities {
    var probabilities: PropagationProbabilities = [:]
    for way in Set(far.compactMap(\.propagation)) {
      probabilities[way] = try oscillation.probabilities(
        at: averaging.energies, over: way.baseline, helicity: way.helicity)
    }
    return probabilities
  }

  /// Mean flux × oscillation in each cell for all near and then all far samples, shape [samples][cells].
  private static func weights(
    near: [FoldedDataset], far: [FoldedDataset], _ averaging: CellAveraging, _ oscillation: any OscillationModel
  ) throws -> [[Double]] {
    for sample in near where sample.flux[sample.sample.reaction.species] == nil {
      throw NuTuneError(
        .badData, at: sample.dataset.place, key: sample.sample.name,
        found: "a flux without \(sample.sample.reaction.species.rawValue)", expected: "one of the species of the sample"
      )
    }
    let probabilities = try oscillationProbabilities(oscillation, far: far, averaging)
    return near.map { nearWeights($0, averaging) } + far.map { farWeights($0, probabilities, averaging) }
  }

  /// Mean flux × oscillation in each cell for a far sample, all source flavours together, shape [cells].
  package func farWeights(_ sample: FoldedDataset, _ probabilities: PropagationProbabilities) -> [Double] {
    Self.farWeights(sample, probabilities, averaging)
  }

  private static func farWeights(
    _ sample: FoldedDataset, _ probabilities: PropagationProbabilities, _ averaging: CellAveraging
  ) -> [Double] { averaging.weights(of: farValues(sample, probabilities, averaging)) }

  /// Flux × oscillation for a far sample, all source flavours together, shape [energies].
  func farValues(_ sample: FoldedDataset, _ probabilities: PropagationProbabilities) -> [Double] {
    Self.farValues(sample, probabilities, averaging)
  }

  private static func farValues(
    _ sample: FoldedDataset, _ probabilities: PropagationProbabilities, _ averaging: CellAveraging
  ) -> [Double] {
    let final = sample.sample.reaction.species
    guard let way = sample.propagation, let probabilities = probabilities[way] else {
      preconditionFailure("no probabilities for \(sample.sample.name)")
    }
    var weighted = [Double](repeating: 0, count: averaging.energies.count)
    for (species, density) in sample.flux.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      probabilities[species.flavor, final.flavor].withUnsafeBufferPointer { transition in
        density.withUnsafeBufferPointer { density in
          weighted.withUnsafeMutableBufferPointer { weighted in
            for i in weighted.indices { weighted[i] += density[i] * transition[i] }
          }
        }
      }
    }
    return weighted
  }

  /// Mean flux × oscillation in each cell for a far sample, shape [cells].
  package func farWeights(_ sample: FoldedDataset, _ oscillation: any OscillationModel) throws -> [Double] {
    farWeights(sample, try oscillationProbabilities(oscillation))
  }

  /// Mean flux × oscillation in each cell for every far sample, shape [far samples][cells].
  package func farWeights(_ oscillation: any OscillationModel) throws -> [[Double]] {
    let probabilities = try oscillationProbabilities(oscillation)
    return far.map { farWeights($0, probabilities) }
  }
}

extension ForwardModel {
  /// The same model with some of its near datasets only; everything else stays, so that nodes and cells are the same.
  func keepingNear(_ isKept: (FoldedDataset) -> Bool) -> ForwardModel {
    let kept = near.indices.filter { isKept(near[$0]) }
    guard kept.count < near.count else { return self }
    var model = self
    model.near = kept.map { near[$0] }
    model.nearOperators = kept.map { nearOperators[$0] }
    return model
  }
}
