import NuTuneCore
import Testing

@Suite struct QuasielasticEnergyTests {
  /// A neutrino of E_QE on a nucleon of M′ at rest leaves a nucleon on its mass shell.
  @Test(arguments: NeutrinoSpecies.allCases) func leavesANucleon(_ species: NeutrinoSpecies) {
    let quasielastic = QuasielasticEnergy(of: species)
    let isNeutrino = species.helicity == .neutrino
    #expect(quasielastic.finalMass == (isNeutrino ? PhysicalConstants.protonMass : PhysicalConstants.neutronMass))
    #expect(
      quasielastic.initialMass
        == (isNeutrino ? PhysicalConstants.neutronMass : PhysicalConstants.protonMass) - 0.027)
    for energy in [0.2, 0.6, 1.5] {
      for cosTheta in [-0.8, 0.1, 0.95] {
        let neutrino = quasielastic.value(leptonEnergy: energy, cosTheta: cosTheta)
        guard neutrino.isFinite else { continue }
        let momentum = Kinematics.leptonMomentum(energy: energy, mass: species.leptonMass)
        let hadronic = neutrino + quasielastic.initialMass - energy
        let transfer = neutrino * neutrino + momentum * momentum - 2 * neutrino * momentum * cosTheta
        // Relative to the squares that cancel.
        let found = hadronic * hadronic - transfer
        #expect(abs(found - quasielastic.finalMass * quasielastic.finalMass) < 1e-12 * (hadronic * hadronic + transfer))
      }
    }
  }

  @Test(arguments: NeutrinoSpecies.allCases) func inversionAndSlope(_ species: NeutrinoSpecies) throws {
    let quasielastic = QuasielasticEnergy(of: species, bindingEnergy: 0.03)
    for energy in [0.16, 0.3, 0.9, 4, 60] {
      for cosTheta in [-1, -0.4, 0, 0.5, 1] as [Double] {
        let lepton = try #require(quasielastic.lepton(at: energy, cosTheta: cosTheta))
        let back = quasielastic.value(leptonEnergy: lepton.energy, cosTheta: cosTheta)
        // Next to the pole E_QE follows rounding of the lepton energy, enlarged by the inverse slope.
        #expect(abs(back - energy) < 1e-13 * energy + 1e-14 / lepton.slope)
        let step = 1e-5 * energy
        let above = try #require(quasielastic.lepton(at: energy + step, cosTheta: cosTheta))
        let below = try #require(quasielastic.lepton(at: energy - step, cosTheta: cosTheta))
        let slope = (above.energy - below.energy) / (2 * step)
        #expect(abs(slope - lepton.slope) < 1e-6 * lepton.slope + 1e-11 / step * lepton.energy * 1e-4)
      }
    }
  }

  /// Beyond the pole there is no E_QE, and just before it any.
  @Test func leptonsBeyondThePole() throws {
    let quasielastic = QuasielasticEnergy(of: .numu)
    let pole = try #require(quasielastic.momenta(upTo: 1e9, cosTheta: 0)).upperBound
    let mass = PhysicalConstants.muonMass
    func value(_ momentum: Double) -> Double {
      quasielastic.value(leptonEnergy: (momentum * momentum + mass * mass).squareRoot(), cosTheta: 0)
    }
    // At a right angle the denominator vanishes at E_l = M′.
    #expect(abs((pole * pole + mass * mass).squareRoot() - quasielastic.initialMass) < 1e-7)
    #expect(value(pole * 1.0001) == .infinity && value(pole * 0.9999) > 1e3)
    let pair = try ObservablePair(.quasielasticEnergy, .cosTheta)
    #expect(
      pair.values(neutrinoEnergy: 3, leptonEnergy: 2, cosTheta: -0.5, species: .numu).first == .infinity)
  }

  /// Next to threshold a slow and a fast muon have one E_QE, and only those between have less.
  @Test func twoLeptonsNextToThreshold() throws {
    let quasielastic = QuasielasticEnergy(of: .numu)
    let mass = PhysicalConstants.muonMass
    func value(_ momentum: Double, _ cosTheta: Double) -> Double {
      quasielastic.value(leptonEnergy: (momentum * momentum + mass * mass).squareRoot(), cosTheta: cosTheta)
    }
    let atRest = value(0, 1)
    let energy = atRest - 1e-4
    let range = try #require(quasielastic.momenta(upTo: energy, cosTheta: 1))
    #expect(range.lowerBound > 4e-4)
    for end in [range.lowerBound, range.upperBound] { #expect(abs(value(end, 1) - energy) < 1e-12) }
    #expect(value((range.lowerBound + range.upperBound) / 2, 1) < energy)
    let edge = quasielastic.smallestCosTheta(at: energy)
    #expect(edge > 0 && edge < 1)
    #expect(quasielastic.momenta(upTo: energy, cosTheta: edge + 1e-9) != nil)
    #expect(quasielastic.momenta(upTo: energy, cosTheta: edge - 1e-9) == nil)
    #expect(quasielastic.momenta(upTo: 0.9 * atRest, cosTheta: 1) == nil)
  }
}

@Suite struct TransferPairTests {
  static let pairs: [(Observable, Observable)] = [
    (.energyTransfer, .q2), (.momentumTransfer, .energyTransfer), (.momentumTransfer, .q2), (.leptonEnergy, .q2),
    (.leptonMomentum, .q2), (.leptonEnergy, .momentumTransfer), (.leptonMomentum, .momentumTransfer),
    (.quasielasticEnergy, .cosTheta), (.quasielasticEnergy, .theta),
  ]

  @Test(arguments: pairs) func roundTripAndJacobian(_ first: Observable, _ second: Observable) throws {
    let pair = try ObservablePair(first, second)
    for energy in [0.3, 0.8] {
      for cosTheta in [-0.6, 0.2, 0.9] {
        let (u, v) = pair.values(neutrinoEnergy: 1.1, leptonEnergy: energy, cosTheta: cosTheta, species: .numubar)
        // The faster lepton at the larger angle is beyond the pole.
        guard u.isFinite else { continue }
        func lepton(_ u: Double, _ v: Double) throws -> (energy: Double, cosTheta: Double, jacobian: Double) {
          try #require(pair.lepton(first: u, second: v, neutrinoEnergy: 1.1, species: .numubar))
        }
        let here = try lepton(u, v)
        #expect(abs(here.energy - energy) < 1e-12 && abs(here.cosTheta - cosTheta) < 1e-12)
        let (du, dv) = (1e-5 * max(u, 0.1), 1e-5 * max(v, 0.1))
        let (right, left) = (try lepton(u + du, v), try lepton(u - du, v))
        let (up, down) = (try lepton(u, v + dv), try lepton(u, v - dv))
        let determinant =
          ((right.energy - left.energy) * (up.cosTheta - down.cosTheta)
            - (up.energy - down.energy) * (right.cosTheta - left.cosTheta)) / (4 * du * dv)
        #expect(abs(abs(determinant) - here.jacobian) < 1e-6 * here.jacobian)
      }
    }
  }

  @Test func otherPairsAreRefused() {
    #expect(throws: NuTuneError.self) { try ObservablePair(.leptonEnergy, .energyTransfer) }
    #expect(throws: NuTuneError.self) { try ObservablePair(.quasielasticEnergy, .q2) }
    #expect(throws: NuTuneError.self) { try Axis(.quasielasticEnergy, edges: [0, 1], bindingEnergy: 0.5) }
  }
}
