import NuTuneCore

/// The quadrature points of all bins of a binning.
///
/// Leptons are fixed points in each bin, the same for every neutrino energy; E_ν is integrated at each of them, from
/// the lepton's energy upwards. The sum over E_ν then smooths peaks, and the integrand over a bin is the flux-averaged
/// rate of a lepton, which varies slowly. Lepton points that moved with E_ν would meet the quasi-elastic peak in step
/// with the points in E_ν.
///
/// The number of leptons in a bin follows from a surrogate cross section under the fluxes of the plan: product rules,
/// and panels that are halved until one is accurate enough. The remaining error is in ``estimate``.
///
/// In bins of transfers to the nucleus (ω, q₃, Q²) fixed points are those of `TransferShape` in place of leptons.
public struct BinQuadrature: Sendable {
  /// The bins.
  public let binning: Binning
  /// The plan for which the points were chosen.
  public let plan: QuadraturePlan
  /// Errors of the surrogate's rates; nil for a plan of given numbers of points and for bins of transfers.
  public let estimate: QuadratureEstimate?

  let leptons: [[LeptonPoint]]
  /// Points of bins of transfers to the nucleus, shape [bins][]; nil for other bins.
  let transfers: [[TransferPoint]]?
  let energies: EnergyRule
  private let massSquared: Double

  /// Chooses the points for integrals over bins and cells.
  ///
  /// - Complexity: some 10⁴ leptons · energies evaluations of the surrogate whatever the bins, and O(bins) interpolations.
  /// - Parameters:
  ///   - binning: the bins.
  ///   - species: the neutrino.
  ///   - cells: the E_ν cells.
  ///   - plan: accuracy of the integrals; its fluxes have one number for each cell.
  ///   - threads: number of threads; the result does not depend on it.
  public init(binning: Binning, species: NeutrinoSpecies, cells: EnergyCells, plan: QuadraturePlan, threads: Int = 1)
    throws
  {
    let isFixed = plan.accuracy == nil || plan.hasFixedEnergyPoints
    let narrowness = plan.peakWidth / QuadraturePlan.nuclearPeakWidth
    try self.init(
      binning: binning, species: species,
      energies: EnergyRule(.cells(cells), least: plan.energyPoints, isFixed: isFixed, spacing: 0.02 * narrowness),
      surrogateEnergies: EnergyRule(
        .cells(cells), least: 1, isFixed: false, spacing: 0.03 * narrowness, isSafe: false, smooth: (1, 2)),
      range: cells.edges[0]...cells.edges[cells.count], plan: plan, threads: threads)
  }

  /// Chooses the points for integrals over bins at one neutrino energy.
  ///
  /// - Parameters:
  ///   - binning: the bins; of their observables those of the lepton count.
  ///   - species: neutrino species.
  ///   - energy: neutrino energy in GeV.
  ///   - plan: how well is integrated; its fluxes are left out.
  ///   - threads: number of threads; the result does not depend on it.
  public init(
    binning: Binning, species: NeutrinoSpecies, energy: Double, plan: QuadraturePlan = .init(), threads: Int = 1
  ) throws {
    var plan = plan
    plan.fluxes = []
    let rule = try EnergyRule(.single(energy), least: 1, isFixed: true)
    try self.init(
      binning: binning, species: species, energies: rule, surrogateEnergies: rule, range: energy...energy,
      plan: plan, threads: threads)
  }

  private init(
    binning: Binning, species: NeutrinoSpecies, energies: EnergyRule, surrogateEnergies: EnergyRule,
    range: ClosedRange<Double>, plan: QuadraturePlan, threads: Int
  ) throws {
    let binning = binning.lepton
    self.binning = binning
    self.plan = plan
    self.energies = energies
    let leptonMass = species.leptonMass
    massSquared = leptonMass * leptonMass
    guard try !binning.observables.needsNeutrinoEnergy else {
      let shape = try TransferShape(binning: binning, species: species, energies: range, plan: plan)
      transfers = try (0..<binning.count).map(shape.points)
      (leptons, estimate) = ([], nil)
      return
    }
    transfers = nil
    let shape = try BinShape(binning: binning, species: species, energies: range)
    guard let accuracy = plan.accuracy else {
      let rule = try PanelRule(first: plan.firstPoints, second: plan.secondPoints)
      leptons = (0..<binning.count).map { bin in
        shape.parts(bin).flatMap { shape.points(of: $0, rule) }
      }
      estimate = nil
      return
    }
    let fluxes =
      plan.fluxes.isEmpty ? [[Double](repeating: 1, count: surrogateEnergies.cellCount)] : plan.fluxes
    precondition(fluxes.allSatisfy { $0.count == surrogateEnergies.cellCount })
    guard let (momenta, angles) = shape.extent else {
      (leptons, estimate) = (
        [[LeptonPoint]](repeating: [], count: binning.count), QuadratureEstimate(worstBin: 0, totalVariation: 0)
      )
      return
    }
    let map = SurrogateMap(
      SurrogateCrossSection(species, peakWidth: plan.peakWidth), momenta: momenta, angles: angles,
      energies: surrogateEnergies, fluxes: fluxes,
      refinement: plan.peakWidth / QuadraturePlan.nuclearPeakWidth
        * surrogateEnergies.sharpness(
          of: fluxes, under: binning.highestLeptonEnergy(of: species)),
      threads: threads)
    let refinement = try BinRefinement(shape: shape, map: map, least: (plan.firstPoints, plan.secondPoints))
    (leptons, estimate) = refinement.points(accuracy: accuracy, threads: threads)
  }

  /// Calls `body` for every point of a bin and an E_ν cell, with the weight of dE_ν dE_l dcosθ.
  @inline(__always)
  func forEachPoint(
    bin: Int, cell: Int,
    _ body: (_ neutrinoEnergy: Double, _ lepton: LeptonPoint, _ weight: Double) throws -> Void
  ) rethrows {
    if let transfers {
      for point in transfers[bin] {
        try energies.forEachEnergy(cell: cell, of: point) { energy, weight in
          let lepton = point.lepton(at: energy)
          try body(energy, lepton, weight * lepton.weight)
        }
      }
      return
    }
    for lepton in leptons[bin] {
      try energies.forEachEnergy(
        cell: cell, leptonEnergy: lepton.energy, difference: lepton.difference, massSquared: massSquared
      ) { energy, weight in
        try body(energy, lepton, weight * lepton.weight)
      }
    }
  }

  /// Number of leptons, or of points in transfers to the nucleus, in all bins.
  public var leptonCount: Int {
    leptons.reduce(0) { $0 + $1.count } + (transfers ?? []).reduce(0) { $0 + $1.count }
  }
}
