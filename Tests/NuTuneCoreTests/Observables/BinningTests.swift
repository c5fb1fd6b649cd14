import NuTuneCore
import Testing

private let observablePairs: [(Observable, Observable)] = [
  (.leptonEnergy, .cosTheta), (.leptonEnergy, .theta), (.leptonMomentum, .cosTheta), (.leptonMomentum, .theta),
  (.transverseMomentum, .longitudinalMomentum),
]

@Suite("Binnings")
struct BinningTests {
  @Test("flat index, widths, projections")
  func projections() throws {
    let binning = try Binning(
      Axis(.leptonEnergy, edges: [0, 1, 3]), Axis(.cosTheta, edges: [-1, 0, 0.5, 1]))
    #expect(binning.count == 6)
    #expect(binning.grids[0].first.width(1) == 2)
    #expect(binning.grids[0].second.center(2) == 0.75)
    let (first, second) = binning.grids[0].projections([1, 2, 3, 10, 20, 30])
    #expect(first == [6, 60])
    #expect(second == [11, 22, 33])
  }

  @Test(
    "edges that make no sense are refused",
    arguments: [
      ([1], "1 edges"), ([0, 1, 1], "edge 3 (1.0) not above edge 2 (1.0)"), ([0, 2, 1], "edge 3 (1.0) not above"),
      ([0, .nan, 1], "edge 2 (nan) not above edge 1 (0.0)"), ([-2, 1], "edges from -2.0 to 1.0"),
      ([0, .infinity], "edges from 0.0 to inf"),
    ] as [([Double], String)])
  func refused(_ edges: [Double], _ found: String) throws {
    let error = try #require(throws: NuTuneError.self) { try Axis(.cosTheta, edges: edges) }
    #expect(error.found.hasPrefix(found))
    #expect(error.key == "binning.cos_theta")
  }

  @Test("two observables have to fix the lepton")
  func pairs() throws {
    #expect(throws: NuTuneError.self) { try ObservablePair(.leptonEnergy, .leptonMomentum) }
    #expect(throws: NuTuneError.self) { try ObservablePair(.cosTheta, .leptonEnergy) }
    #expect(throws: NuTuneError.self) { try ObservablePair(.transverseMomentum, .cosTheta) }
    for (first, second) in observablePairs { _ = try ObservablePair(first, second) }
  }

  @Test("to a pair of observables and back; the Jacobian is the finite difference", arguments: observablePairs)
  func roundTrip(_ first: Observable, _ second: Observable) throws {
    let pair = try ObservablePair(first, second)
    let mass = PhysicalConstants.muonMass
    for energy in [0.2, 0.7, 3, 20] {
      for cosTheta in [-0.95, -0.3, 0.01, 0.6, 0.99] {
        let (u, v) = pair.values(leptonEnergy: energy, cosTheta: cosTheta, leptonMass: mass)
        let lepton = pair.lepton(first: u, second: v, leptonMass: mass)
        // acos loses digits next to ±1, where its slope is 1/sinθ ≤ 7.1.
        #expect(abs(lepton.energy - energy) <= 1e-14 * energy * 10)
        #expect(abs(lepton.cosTheta - cosTheta) <= 1e-14)

        // Central differences: error h²f‴/6 + ε f/h, about 1e-9 relative with h = 1e-5.
        let (du, dv) = (1e-5 * max(abs(u), 0.1), 1e-5 * max(abs(v), 0.1))
        let right = pair.lepton(first: u + du, second: v, leptonMass: mass)
        let left = pair.lepton(first: u - du, second: v, leptonMass: mass)
        let up = pair.lepton(first: u, second: v + dv, leptonMass: mass)
        let down = pair.lepton(first: u, second: v - dv, leptonMass: mass)
        let determinant =
          ((right.energy - left.energy) * (up.cosTheta - down.cosTheta)
            - (up.energy - down.energy) * (right.cosTheta - left.cosTheta)) / (4 * du * dv)
        #expect(abs(abs(determinant) - lepton.jacobian) <= 1e-7 * lepton.jacobian)
      }
    }
  }
}
