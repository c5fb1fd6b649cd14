import NuTuneCore

/// A point in a plane of transfers to the nucleus, for which E_ν is integrated: (ω, Q²), (E_l, Q²) or (E_l, q₃). The lepton
/// at the point depends on E_ν.
struct TransferPoint: Sendable {
  /// What stays the same for all E_ν.
  enum Plane: Sendable {
    /// ω in GeV and Q² in GeV².
    case transfer(omega: Double, q2: Double)
    /// E_l in GeV and Q² in GeV².
    case leptonAndQ2(energy: Double, q2: Double)
    /// E_l and q₃ in GeV.
    case leptonAndMomentum(energy: Double, momentumTransfer: Double)
  }

  let plane: Plane
  /// Squared mass of the lepton, GeV².
  let massSquared: Double
  /// Weight of dω dQ² or dE_l dQ².
  let weight: Double
  /// Neutrino energies in GeV that can make the point, between −1 and 1 of cosθ.
  let energies: ClosedRange<Double>

  init(_ plane: Plane, massSquared: Double, weight: Double) {
    self.plane = plane
    self.massSquared = massSquared
    self.weight = weight
    switch plane {
    case .transfer(let omega, let q2):
      // k·q is fixed by the mass of the lepton; the neutrino has the least energy along q.
      let momentumTransfer = (q2 + omega * omega).squareRoot()
      energies = (q2 + massSquared) * (momentumTransfer + omega) / (2 * q2)...Double.infinity
    case .leptonAndQ2(let energy, let q2):
      let momentum = max(energy * energy - massSquared, 0).squareRoot()
      let low = max((q2 + massSquared) / (2 * (energy + momentum)), energy)
      energies = low...max((q2 + massSquared) * (energy + momentum) / (2 * massSquared), low)
    case .leptonAndMomentum(let energy, let momentumTransfer):
      let momentum = max(energy * energy - massSquared, 0).squareRoot()
      let low = max(abs(momentumTransfer - momentum), energy)
      energies = low...max(momentumTransfer + momentum, low)
    }
  }

  /// Whether ω and Q² are those of the point for all E_ν.
  @inline(__always)
  var fixesTransfer: Bool { if case .transfer = plane { true } else { false } }

  /// Computes ω in GeV and Q² in GeV² at a neutrino energy.
  @inline(__always)
  func transfer(_ neutrinoEnergy: Double) -> (omega: Double, q2: Double) {
    switch plane {
    case .transfer(let omega, let q2): return (omega, q2)
    case .leptonAndQ2(let energy, let q2): return (neutrinoEnergy - energy, q2)
    case .leptonAndMomentum(let energy, let momentumTransfer):
      let omega = neutrinoEnergy - energy
      return (omega, momentumTransfer * momentumTransfer - omega * omega)
    }
  }

  /// Computes the lepton at a neutrino energy, with the weight of dE_l dcosθ.
  @inline(__always)
  func lepton(at neutrinoEnergy: Double) -> LeptonPoint {
    let (omega, q2) = transfer(neutrinoEnergy)
    let energy = neutrinoEnergy - omega
    let momentum = max(energy * energy - massSquared, 0).squareRoot()
    // dQ² = 2E_ν p_l dcosθ
    let difference = (q2 + massSquared) / (2 * neutrinoEnergy)
    return LeptonPoint(
      energy: energy, momentum: momentum, cosTheta: min(max((energy - difference) / momentum, -1), 1),
      difference: difference, weight: momentum > 0 ? weight / (2 * neutrinoEnergy * momentum) : 0)
  }
}
