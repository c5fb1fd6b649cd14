import Foundation
import NuTuneCore
import NuTuneExport
import Testing

@Suite("LHAPDF grids")
struct StructureFunctionGridTests {
  /// The round trip: above W = 1.6 GeV the interpolated functions are those of the model to 0.05 % of F₂ on this grid.
  @Test("F₂, F_L, xF₃ of both signs come back")
  func roundTrip() throws {
    let model = try ExportFixture.model([.numu, .numubar], scales: [.numu: .nearRate(1.5)])
    let files = try StructureFunctionGrid(lowX: 60, highX: 140, q2: 80).files(model, threads: 1)
    #expect(files.map(\.name) == ["test-toy/test-toy.info", "test-toy/test-toy_0000.dat"])
    let grid = try LHAPDFGrid(try ExportFixture.text(files[1]))
    #expect(grid.flavors == [1001, 1002, 1003, 2001, 2002, 2003])
    let mass = PhysicalConstants.nucleonMass
    let toy = try ExportFixture.toy()
    for (species, first, factor) in [(NeutrinoSpecies.numu, 1001, 1.5), (.numubar, 2001, 1)] {
      for step in 1..<40 {
        let share = (Double(step) * 0.6180339887).truncatingRemainder(dividingBy: 1)
        let (x, q2) = (2e-3 * pow(400, share), 0.15 * pow(5e3, Double(step) / 40))
        guard mass * mass + q2 * (1 / x - 1) > 1.6 * 1.6 else { continue }
        let omega = q2 / (2 * mass * x)
        let w = try toy.structureFunctions(
          of: try ExportFixture.reaction(species), at: InvariantPoints(omega: [omega], q2: [q2])
        ).w.map { factor * $0[0] }
        let second = omega * w[1]
        // F_L in another way: 2xM W_L with W_L = (1+ω²/Q²) W₂ − W₁.
        let longitudinal = 2 * x * mass * ((1 + omega * omega / q2) * w[1] - w[0])
        for (function, expected) in [(0, second), (1, longitudinal), (2, x * omega * w[2])] {
          let found = try grid.value(first + function, x: x, q2: q2)
          #expect(abs(found - expected) < 5e-4 * second, "\(species) \(function) at \(x), \(q2): \(found), \(expected)")
        }
      }
    }
  }

  @Test("the info file names flavours, domain, scale and members")
  func info() throws {
    let draws = try ExportedModel.draws(of: ScaledToy(try ExportFixture.toy()), 2, seed: 1)
    let model = try ExportFixture.model(scales: [.numu: .arbitrary], members: draws)
    let files = try StructureFunctionGrid(lowX: 3, highX: 4, q2: 3).files(model, threads: 2)
    let info = try ExportFixture.text(files[0])
    for line in [
      "Format: lhagrid1", "NumMembers: 3", "Flavors: [1001, 1002, 1003]", "ErrorType: replicas",
      "Particle: 1000180400", "XMax: 1.0", "MCharm: 1.273", "AlphaS_Type: ipol", "AlphaS_OrderQCD: 0",
    ] { #expect(info.contains("\(line)\n"), "\(line)") }
    #expect(info.contains("scale of numu: arbitrary"))
    #expect(files.count == 4)
    let grids = try files[1...].map { try LHAPDFGrid(try ExportFixture.text($0)) }
    for (grid, draw) in zip(grids[1...], draws) {
      let scale = try #require((draw as? ScaledToy)?.scale)
      #expect(abs(grid.values[0][4] / grids[0].values[0][4] - scale) < 1e-8)
    }
  }

  /// LHAPDF loads no set without a strong coupling. That of one flavour number is 1/α_s = β₀/4π · ln(Q²/Λ²).
  @Test("the strong coupling runs in leading order")
  func strongCoupling() throws {
    let coupling = StructureFunctionGrid.strongCoupling
    #expect(abs(coupling(91.1876) - 0.118) < 1e-15)
    for (low, high, beta) in [(5.0, 80.0, 23.0 / 3), (1.5, 4, 25.0 / 3), (0.4, 1.2, 9), (100, 300, 23.0 / 3)] {
      let growth = 1 / coupling(high) - 1 / coupling(low)
      #expect(abs(growth - beta * log(high / low) / (2 * .pi)) < 1e-12)
    }
    for mass in [1.273, 4.183] { #expect(abs(coupling(mass * 1.000_000_1) / coupling(mass) - 1) < 1e-6) }
  }

  @Test("a model without structure functions is refused")
  func noStructureFunctions() throws {
    let model = ExportedModel(
      label: "flat", run: "test", model: FlatCrossSection(), channels: [.numu], target: try Target(named: "Ar40"))
    let error = try #require(throws: NuTuneError.self) {
      try StructureFunctionGrid(lowX: 3, highX: 4, q2: 3).files(model, threads: 1)
    }
    #expect("\(error)".contains("found “flat”, a model without structure functions"))
  }
}

/// A cross section that is no structure-function model.
private struct FlatCrossSection: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "flat", summary: "", parameters: [], citations: [])
  init() {}
  init(_ configuration: PluginConfiguration) throws {}
  func check(_ reactions: [Reaction]) throws {}
  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    [Double](repeating: 1, count: points.count)
  }
}
