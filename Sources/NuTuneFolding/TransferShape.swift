import NuTuneCore
import NuTuneNumerics

/// Bins in transfers to the nucleus: points in (ω, Q²), or in (E_l, Q²) and (E_l, q₃), for which E_ν is integrated.
///
/// At fixed ω and Q² the cross section is a polynomial in 1/E_ν, so that a few E_ν are enough, and the quasi-elastic peak is
/// where it is in the plane: panels are as narrow as the peak where it is and wider elsewhere. Beside a lepton energy the
/// integral over E_ν smooths the peak; at one neutrino energy a lepton energy is an ω.
struct TransferShape {
  private let binning: Binning
  private let observables: ObservablePair
  private let massSquared: Double
  private let mass: Double
  /// Neutrino energies in GeV.
  private let energies: ClosedRange<Double>
  private let plan: QuadraturePlan

  private static let nucleonMass = PhysicalConstants.nucleonMass

  init(binning: Binning, species: NeutrinoSpecies, energies: ClosedRange<Double>, plan: QuadraturePlan) throws {
    self.binning = binning
    observables = try binning.observables
    mass = species.leptonMass
    massSquared = species.leptonMass * species.leptonMass
    self.energies = energies
    self.plan = plan
  }

  /// Returns the points of a bin.
  func points(_ bin: Int) throws -> [TransferPoint] {
    let (first, second) = binning.ranges(of: bin)
    guard energies.upperBound > mass else { return [] }
    let isOfLepton = [.leptonEnergy, .leptonMomentum].contains(observables.first)
    guard isOfLepton else {
      let (omega, momentumTransfer, q2): (ClosedRange<Double>?, ClosedRange<Double>?, ClosedRange<Double>?)
      switch (observables.first, observables.second) {
      case (.energyTransfer, _): (omega, momentumTransfer, q2) = (first, nil, second)
      case (_, .energyTransfer): (omega, momentumTransfer, q2) = (second, first, nil)
      default: (omega, momentumTransfer, q2) = (nil, first, second)
      }
      return try transferPoints(omega: omega, momentumTransfer: momentumTransfer, q2: q2)
    }
    func energy(_ value: Double) -> Double {
      observables.first == .leptonEnergy ? max(value, mass) : (value * value + massSquared).squareRoot()
    }
    let leptons = (low: energy(first.lowerBound), high: min(energy(first.upperBound), energies.upperBound))
    guard leptons.low < leptons.high else { return [] }
    guard energies.lowerBound < energies.upperBound else {
      let omega = energies.upperBound - leptons.high...energies.upperBound - leptons.low
      return try observables.second == .q2
        ? transferPoints(omega: omega, momentumTransfer: nil, q2: second)
        : transferPoints(omega: omega, momentumTransfer: second, q2: nil)
    }
    return try leptonPoints(leptons.low...leptons.high, second)
  }

  private func rules(_ orders: (Int, Int)) throws -> (x: GaussLegendre, y: GaussLegendre) {
    (try GaussLegendre(points: orders.0), try GaussLegendre(points: orders.1))
  }

  /// Numbers of points of a panel along both variables.
  private func orders() -> (Int, Int) {
    guard let accuracy = plan.accuracy else { return (plan.firstPoints, plan.secondPoints) }
    return accuracy > 1e-3 ? (3, 3) : (4, 5)
  }
}

extension TransferShape {
  /// Standard deviation in GeV² of the quasi-elastic peak in W² − M², as of the surrogate cross section.
  private func peakWidth(_ q2: Double) -> Double {
    let motion = QuadraturePlan.fermiMotion(besides: plan.peakWidth)
    let nucleon = Self.nucleonMass * Self.nucleonMass
    // On the peak q₃² = Q² + (Q²/2M)².
    let momentumSquared = q2 + q2 * q2 / (4 * nucleon)
    let squared =
      plan.peakWidth * plan.peakWidth + motion * motion * momentumSquared / (nucleon + momentumSquared)
    return 2 * Self.nucleonMass * squared.squareRoot()
  }

  /// Points in (Q², ω), of which one or the other or q₃ has a range; W² − M² = 2Mω − Q² reaches down to the lowest of a fold.
  private func transferPoints(
    omega: ClosedRange<Double>?, momentumTransfer: ClosedRange<Double>?, q2: ClosedRange<Double>?
  ) throws -> [TransferPoint] {
    let top = 2 * energies.upperBound
    let doubleMass = 2 * Self.nucleonMass
    let massSquared = massSquared
    func root(_ momentumTransfer: Double) -> (Double) -> Double {
      { max(momentumTransfer * momentumTransfer - $0, 0).squareRoot() }
    }
    // E_ν ≥ (Q² + m²)(q₃ + ω)/2Q² is q₃ + ω ≤ s with s = 2E_ν Q²/(Q² + m²).
    var upper: [(Double) -> Double] = [
      { q2 in
        let sum = top * q2 / (q2 + massSquared)
        return sum > 0 ? (sum * sum - q2) / (2 * sum) : -1
      }
    ]
    var lower: [(Double) -> Double] = [{ _ in 0 }, { ($0 + NodeGrid.lowestHadronicExcess) / doubleMass }]
    var range = (low: q2?.lowerBound ?? 0, high: min(q2?.upperBound ?? .infinity, top * top))
    if let omega {
      lower.append { _ in omega.lowerBound }
      upper.append { _ in omega.upperBound }
    }
    if let momentumTransfer {
      lower.append(root(momentumTransfer.lowerBound))
      upper.append(root(momentumTransfer.upperBound))
      range.high = min(range.high, momentumTransfer.upperBound * momentumTransfer.upperBound)
    }
    // Where 2Mω ≥ Q² − 2.5 GeV² leaves nothing.
    let highest = min(energies.upperBound, omega?.upperBound ?? .infinity)
    range.high = min(range.high, doubleMass * highest - NodeGrid.lowestHadronicExcess)
    guard range.low < range.high else { return [] }
    let region = CurvedRegion(range: range.low...range.high, lower: lower, upper: upper)
    var points: [TransferPoint] = []
    region.forEachPoint(
      try rules(orders()),
      widths: plan.accuracy == nil
        ? nil
        : (
          { max(min(2.5 * peakWidth($0), 0.5 * ($0 + 0.02)), 0.25 * $0) },
          { q2, omega in max(2.5 * peakWidth(q2), 0.3 * abs(doubleMass * omega - q2)) / doubleMass }
        )
    ) { q2, omega, weight in
      points.append(
        TransferPoint(.transfer(omega: omega, q2: q2), massSquared: massSquared, weight: weight))
    }
    return points
  }

  /// Points in (p_l, Q²) or (p_l, q₃).
  private func leptonPoints(_ leptons: ClosedRange<Double>, _ second: ClosedRange<Double>) throws -> [TransferPoint] {
    let (mass, massSquared, energies) = (mass, massSquared, energies)
    let isQ2 = observables.second == .q2
    func energy(_ momentum: Double) -> Double { (momentum * momentum + massSquared).squareRoot() }
    // Forward with the lowest neutrino energy, and backward with the highest.
    func lowest(_ momentum: Double) -> Double {
      let energy = energy(momentum)
      let neutrino = max(energy, energies.lowerBound)
      return isQ2 ? 2 * neutrino * massSquared / (energy + momentum) - massSquared : neutrino - momentum
    }
    func highest(_ momentum: Double) -> Double {
      isQ2
        ? 2 * energies.upperBound * (energy(momentum) + momentum) - massSquared : energies.upperBound + momentum
    }
    let momenta = (leptons.lowerBound, leptons.upperBound)
    let low = Kinematics.leptonMomentum(energy: momenta.0, mass: mass)
    let high = Kinematics.leptonMomentum(energy: momenta.1, mass: mass)
    guard low < high else { return [] }
    let region = CurvedRegion(
      range: low...high, lower: [{ _ in second.lowerBound }, lowest], upper: [{ _ in second.upperBound }, highest])
    var points: [TransferPoint] = []
    region.forEachPoint(
      try rules(orders()),
      widths: plan.accuracy == nil
        ? nil
        : (
          { 0.06 + 0.1 * $0 },
          { _, value in isQ2 ? max(min(0.4 * (value + 0.02), 0.15), 0.2 * value) : 0.05 + 0.12 * value }
        )
    ) { momentum, value, weight in
      let energy = energy(momentum)
      // dE_l dQ² = (p_l/E_l) dp_l dQ², and dQ² = 2q₃ dq₃ at fixed E_l.
      let slope = momentum / energy * (isQ2 ? 1 : 2 * value)
      points.append(
        TransferPoint(
          isQ2
            ? .leptonAndQ2(energy: energy, q2: value) : .leptonAndMomentum(energy: energy, momentumTransfer: value),
          massSquared: massSquared, weight: weight * slope))
    }
    return points
  }
}
