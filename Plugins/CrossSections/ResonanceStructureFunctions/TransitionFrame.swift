import NuTuneCore

/// The rest frame of a state of mass W made by a current of virtuality Q² on a nucleon.
@usableFromInline
struct TransitionFrame: Sendable {
  /// W in GeV.
  @usableFromInline let mass: Double
  /// Q² in GeV².
  @usableFromInline let q2: Double
  /// Energy and momentum of q, and energy of the nucleon, GeV.
  @usableFromInline let energyTransfer, momentum, nucleonEnergy: Double
  /// √((W+M)²+Q²) and √((W−M)²+Q²): the norms of upper and lower components of the nucleon's spinor, times √(2W).
  @usableFromInline let upper, lower: Double

  @inlinable
  init(mass: Double, q2: Double) {
    let nucleon = PhysicalConstants.nucleonMass
    self.mass = mass
    self.q2 = q2
    energyTransfer = (mass * mass - nucleon * nucleon - q2) / (2 * mass)
    momentum = (energyTransfer * energyTransfer + q2).squareRoot()
    nucleonEnergy = mass - energyTransfer
    upper = ((mass + nucleon) * (mass + nucleon) + q2).squareRoot()
    lower = ((mass - nucleon) * (mass - nucleon) + q2).squareRoot()
  }
}
