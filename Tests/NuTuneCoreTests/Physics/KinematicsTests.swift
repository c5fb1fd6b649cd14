import NuTuneCore
import Testing

@Suite("Kinematics")
struct KinematicsTests {
  @Test("ω and Q² are those of the four-momenta, W² that of the hadrons")
  func invariants() {
    for species in NeutrinoSpecies.allCases {
      let mass = species.leptonMass
      for energy in [0.5, 2, 10] {
        for fraction in [0.3, 0.7, 0.99] {
          let leptonEnergy = mass + fraction * (energy - mass)
          for cosTheta in [-1, -0.2, 0.5, 0.999] {
            let momentum = Kinematics.leptonMomentum(energy: leptonEnergy, mass: mass)
            let (omega, q2) = Kinematics.invariants(
              neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: cosTheta, leptonMass: mass)
            #expect(omega == energy - leptonEnergy)
            // −q² = |k − k'|² − ω²; subtracting squares costs digits of E².
            let transfer = energy * energy + momentum * momentum - 2 * energy * momentum * cosTheta - omega * omega
            #expect(abs(q2 - transfer) <= 1e-14 * energy * energy * 10)
            let nucleon = PhysicalConstants.nucleonMass
            let hadrons = (nucleon + omega) * (nucleon + omega) - (q2 + omega * omega)
            #expect(
              abs(Kinematics.hadronicMassSquared(omega: omega, q2: q2) - hadrons) <= 1e-14 * energy * energy * 10)
          }
        }
      }
    }
  }

  @Test("a forward electron keeps the digits of Q²")
  func forwardElectron() {
    // cosθ = 1: Q² = m² (E_ν (E_l − p_l)·2/m² − 1) = m² ω/E_l to order m⁴, with E_l − p_l = m²/(E_l + p_l).
    let mass = PhysicalConstants.electronMass
    let (_, q2) = Kinematics.invariants(neutrinoEnergy: 10, leptonEnergy: 8, cosTheta: 1, leptonMass: mass)
    let expected = mass * mass * 2 / 8
    #expect(abs(q2 - expected) <= 1e-7 * expected)
    #expect(q2 > 0)
  }

  @Test("the batch agrees with single points; momentum is zero below threshold")
  func batch() {
    let points = KinematicPoints(neutrinoEnergy: [1, 3], leptonEnergy: [0.6, 2], cosTheta: [0.4, 0.9])
    let batch = points.invariants(leptonMass: 0.1)
    for i in 0..<2 {
      let one = Kinematics.invariants(
        neutrinoEnergy: points.neutrinoEnergy[i], leptonEnergy: points.leptonEnergy[i], cosTheta: points.cosTheta[i],
        leptonMass: 0.1)
      #expect(batch.omega[i] == one.omega && batch.q2[i] == one.q2)
    }
    #expect(Kinematics.leptonMomentum(energy: 0.05, mass: 0.1) == 0)
  }
}

@Suite("Names of nature")
struct NamesTests {
  @Test("species and targets by name, with suggestions")
  func names() throws {
    #expect(try NeutrinoSpecies(named: "numubar").helicity == .antineutrino)
    #expect(try NeutrinoSpecies(named: "nue").leptonMass == PhysicalConstants.electronMass)
    let species = try #require(throws: NuTuneError.self) { try NeutrinoSpecies(named: "numubr", key: "channels") }
    #expect(species.suggestion == "numubar")
    let argon = try Target(named: "Ar40")
    #expect(argon.neutrons == 22 && argon.protonFraction == 0.45)
    #expect(try #require(throws: NuTuneError.self) { try Target(named: "ar40") }.suggestion == "Ar40")
  }
}
