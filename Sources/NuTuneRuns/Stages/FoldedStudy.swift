import NuTuneCatalog
import NuTuneCore
import NuTuneFolding

/// The linear operators of a study: everything between a cross-section model and the rates in its bins.
///
/// All samples share energy cells and nodes. Samples with the same bins and lepton share a fold table.
struct FoldedStudy: Sendable {
  /// One sample with its operators.
  struct FoldedSample: Sendable {
    /// Which sample.
    let sample: Sample
    /// Index of its fold table.
    let table: Int
    /// The detector's response.
    let response: DetectorResponse
    /// Title for figures, `DUNE near detector`.
    let title: String
    /// Protons on target × tonnes, relative to the other near samples.
    let exposure: Double
    /// Flux densities at ``FoldedStudy/averaging``'s energies, by species, before oscillation.
    let flux: [NeutrinoSpecies: [Double]]
    /// The file of its flux, or where the flux is chosen.
    var place: SourceLocation?
  }

  let cells: EnergyCells
  let grid: NodeGrid
  /// Accuracy and least numbers of points; the fluxes are those of each table.
  let plan: QuadraturePlan
  let averaging: CellAveraging
  let tables: [FoldTable]
  var near: [FoldedSample]
  var far: [FoldedSample]
  let nodes: ActiveNodes
  let baseline: Baseline
  /// Number of threads for what is computed with it.
  var threads: Int
  /// Near-detector operators on ``nodes``, detector response included, one for each near sample.
  var nearOperators: [CollapsedFold]

  /// Builds the operators of a study.
  ///
  /// - Parameters:
  ///   - range: neutrino energies in GeV; those that are folded when nil.
  ///   - coarseness: factor on the widths of the energy cells.
  ///   - withTables: without, it has fluxes and cells but can fold nothing.
  ///   - beyondTables: fluxes are what they would have beyond the ends of their tables, and nothing within.
  init(
    _ study: StudyConfiguration, _ assembly: StudyAssembly, threads: Int, over range: ClosedRange<Double>? = nil,
    coarseness: Double = 1, withTables: Bool = true, beyondTables: Bool = false
  ) throws {
    self.threads = threads
    baseline = study.baseline
    let fluxes = assembly.fluxes
    // A flux that varies does so in steps at the edges of its covariance's bins.
    let steps = (study.fluxCovariance?.covariance.bins ?? []).flatMap { [$0.low, $0.high] }
    let breakpoints = Set(fluxes.flatMap(\.breakpoints) + steps).sorted()
    let range = range ?? assembly.foldedEnergies
    cells = EnergyCells.standard(
      over: range, breakpoints: breakpoints, scale: coarseness * study.fold.number("cell_scale"))
    averaging = try cells.averaging(breakpoints: breakpoints)
    let energies = averaging.energies

    plan = QuadraturePlan(
      // A part is folded to know how large it is.
      accuracy: range == assembly.foldedEnergies ? study.fold.number("accuracy") : Self.accuracyOfParts,
      energyPoints: study.fold.integer("points_energy"),
      firstPoints: study.fold.integer("points_lepton"), secondPoints: study.fold.integer("points_angle"))

    var keys: [TableKey] = []
    func fold(
      _ configuration: DetectorConfiguration, _ assembled: AssembledDetector, at site: DetectorSite, exposure: Double
    ) throws -> [FoldedSample] {
      let detector = assembled.detector
      return try study.samples(of: configuration, at: site).map { sample in
        let key = TableKey(
          species: sample.reaction.species, binning: try detector.trueBinning(for: sample.binning))
        let table = keys.firstIndex(of: key) ?? keys.count
        if table == keys.count { keys.append(key) }
        guard let flux = assembled.fluxes[sample.mode] else {
          throw NuTuneError(
            .internalError, key: sample.name, found: "no flux", expected: "one for each horn mode")
        }
        var densities: [NeutrinoSpecies: [Double]] = [:]
        for species in flux.species where species.helicity == sample.reaction.species.helicity {
          densities[species] = try flux.density(of: species, at: energies)
        }
        return FoldedSample(
          sample: sample, table: table, response: try detector.response(for: sample.binning),
          title: configuration.title, exposure: exposure, flux: densities,
          place: configuration.flux(mode: sample.mode)?.selection.place)
      }
    }
    let exposures = study.relativeExposures
    near = try zip(study.nearDetectors, assembly.near).enumerated().flatMap { index, detector in
      try fold(detector.0, detector.1, at: .near, exposure: exposures[index])
    }
    far = try zip(study.detectors(at: .far), assembly.far.map { [$0] } ?? []).flatMap {
      try fold($0, $1, at: .far, exposure: 1)
    }

    if beyondTables {
      (near, far) = try Self.continuingFluxes(near: near, far: far, study, assembly, at: energies)
    }

    grid = NodeGrid(
      maximumEnergy: range.upperBound, minimumLeptonEnergy: keys.map { Self.minimumLeptonEnergy(of: $0) }.min() ?? 0,
      tCount: study.fold.integer("nodes_w2"), uCount: study.fold.integer("nodes_q2"))

    // The points of a table serve all samples that share it, with the oscillation of the truth.
    let weights = try Self.weights(near: near, far: far, averaging, assembly.oscillation, over: baseline)
    let (cells, grid, plan, samples) = (cells, grid, plan, near + far)
    tables = try (withTables ? Array(keys.enumerated()) : []).map { index, key in
      var ofTable = plan
      ofTable.peakWidth =
        samples.filter { $0.table == index }.map { QuadraturePlan.peakWidth(of: $0.sample.reaction.target) }.min()
        ?? ofTable.peakWidth
      ofTable.fluxes = zip(samples, weights).filter { $0.0.table == index }.map(\.1)
      return try FoldTable(
        binning: key.binning, species: key.species, cells: cells, grid: grid, plan: ofTable, threads: threads)
    }
    nodes = ActiveNodes(grid: grid, touchedBy: tables)
    nearOperators = []
    if withTables { nearOperators = try near.map { try nearOperator($0) } }
  }

  /// Relative accuracy of a fold over other neutrino energies than those of the study.
  private static let accuracyOfParts = 0.01

  private struct TableKey: Hashable {
    let species: NeutrinoSpecies
    /// The true bins.
    let binning: Binning
  }

  /// Lowest lepton energy in the true bins of a table, GeV.
  private static func minimumLeptonEnergy(of key: TableKey) -> Double {
    let mass = key.species.leptonMass
    let lowest = key.binning.first.edges[0]
    switch key.binning.first.observable {
    case .leptonEnergy: return max(lowest, mass)
    case .leptonMomentum:
      return (lowest * lowest + mass * mass).squareRoot()
    default: return mass
    }
  }

  /// Mean near flux in each cell for a near sample, shape [cells].
  func nearWeights(_ sample: FoldedSample) -> [Double] { Self.nearWeights(sample, averaging) }

  private static func nearWeights(_ sample: FoldedSample, _ averaging: CellAveraging) -> [Double] {
    averaging.weights(of: sample.flux[sample.sample.reaction.species] ?? [])
  }

  /// Probabilities at the energies where flux × oscillation is averaged, for each helicity of the far samples.
  func oscillationProbabilities(_ oscillation: any OscillationModel) throws -> [Helicity: OscillationProbabilities] {
    try Self.oscillationProbabilities(oscillation, far: far, averaging, over: baseline)
  }

  private static func oscillationProbabilities(
    _ oscillation: any OscillationModel, far: [FoldedSample], _ averaging: CellAveraging, over baseline: Baseline
  ) throws -> [Helicity: OscillationProbabilities] {
    var probabilities: [Helicity: OscillationProbabilities] = [:]
    for helicity in Set(far.map(\.sample.reaction.species.helicity)) {
      probabilities[helicity] = try oscillation.probabilities(
        at: averaging.energies, over: baseline, helicity: helicity)
    }
    return probabilities
  }

  /// Mean flux × oscillation in each cell for all near and then all far samples, shape [samples][cells].
  private static func weights(
    near: [FoldedSample], far: [FoldedSample], _ averaging: CellAveraging, _ oscillation: any OscillationModel,
    over baseline: Baseline
  ) throws -> [[Double]] {
    let probabilities = try oscillationProbabilities(oscillation, far: far, averaging, over: baseline)
    return near.map { nearWeights($0, averaging) } + far.map { farWeights($0, probabilities, averaging) }
  }

  /// Mean flux × oscillation in each cell for a far sample, all source flavours together, shape [cells].
  func farWeights(_ sample: FoldedSample, _ probabilities: [Helicity: OscillationProbabilities]) -> [Double] {
    Self.farWeights(sample, probabilities, averaging)
  }

  private static func farWeights(
    _ sample: FoldedSample, _ probabilities: [Helicity: OscillationProbabilities], _ averaging: CellAveraging
  ) -> [Double] {
    let final = sample.sample.reaction.species
    guard let probabilities = probabilities[final.helicity] else {
      preconditionFailure("no probabilities for \(final.helicity)")
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
    return averaging.weights(of: weighted)
  }

  /// Mean flux × oscillation in each cell for a far sample, shape [cells].
  func farWeights(_ sample: FoldedSample, _ oscillation: any OscillationModel) throws -> [Double] {
    farWeights(sample, try oscillationProbabilities(oscillation))
  }

  /// Mean flux × oscillation in each cell for every far sample, shape [far samples][cells].
  func farWeights(_ oscillation: any OscillationModel) throws -> [[Double]] {
    let probabilities = try oscillationProbabilities(oscillation)
    return far.map { farWeights($0, probabilities) }
  }
}

extension FoldedStudy {
  /// The same study with some of its near samples only; everything else stays, so that nodes and cells are the same.
  func keepingNear(_ isKept: (Sample) -> Bool) -> FoldedStudy {
    let kept = near.indices.filter { isKept(near[$0].sample) }
    guard kept.count < near.count else { return self }
    var study = self
    study.near = kept.map { near[$0] }
    study.nearOperators = kept.map { nearOperators[$0] }
    return study
  }
}

extension StudyConfiguration {
  /// Protons on target × tonnes of every near detector relative to the mean; ones where an experiment does not say.
  var relativeExposures: [Double] {
    let exposures = nearDetectors.compactMap { $0.exposure.map { $0.pot * $0.mass } }
    guard exposures.count == nearDetectors.count, Set(exposures).count > 1 else { return nearDetectors.map { _ in 1 } }
    let mean = exposures.reduce(0, +) / Double(exposures.count)
    return exposures.map { $0 / mean }
  }
}
