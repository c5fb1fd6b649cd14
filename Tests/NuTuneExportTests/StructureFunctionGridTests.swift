import Foundation
import NuTuneCore
import NuTuneExport
import Testing
import ToyStructureFunctions

@Suite("LHAPDF grids")
struct StructureFunctionGridTests {
  /// F₂, F_L, xF₃ of toy-sf at one Q², shape [3][x]. F_L in another way: 2xM W_L with W_L = (1+ω²/Q²) W₂ − W₁.
  private func functions(
    _ toy: ToyStructureFunctions, _ species: NeutrinoSpecies, x: [Double], q2: Double
  ) throws -> [[Double]] {
    let mass = PhysicalConstants.nucleonMass
    let omega = x.map { q2 / (2 * mass * $0) }
    let w = try toy.structureFunctions(
      of: try ExportFixture.reaction(species),
      at: InvariantPoints(omega: omega, q2: [Double](repeating: q2, count: x.count))
    ).w
    return x.indices.reduce(into: [[], [], []]) { found, i in
      found[0].append(omega[i] * w[1][i])
      found[1].append(2 * x[i] * mass * ((1 + omega[i] * omega[i] / q2) * w[1][i] - w[0][i]))
      found[2].append(x[i] * omega[i] * w[2][i])
    }
  }

  /// Largest difference between what LHAPDF makes of a grid and toy-sf, in units of F₂ or of 1/1000 of the largest F₂ at
  /// that Q². Points fill the domain: ln Q², and the odds x/(1−x), in which 1 − x goes down to 10⁻⁴.
  private func largestError(
    of grid: LHAPDFGrid, _ species: NeutrinoSpecies, factor: Double, points: Int
  ) throws -> Double {
    let toy = try ExportFixture.toy()
    let first = species.helicity == .neutrino ? 1001 : 2001
    let survey = (0..<60).map { pow(1e-3, Double($0) / 59) }
    return try (1...points).reduce(0) { largest, point in
      func share(_ step: Double) -> Double { (Double(point) * step).truncatingRemainder(dividingBy: 1) }
      let odds = 1.01e-3 * pow(1e7, share(0.7548776662))
      let (x, q2) = (odds / (1 + odds), 0.1 * pow(1e4, share(0.5698402910)))
      let expected = try functions(toy, species, x: [x] + survey, q2: q2).map { $0.map { factor * $0 } }
      let unit = max(expected[0][0], 1e-3 * (expected[0].max() ?? 0))
      return try (0..<3).reduce(largest) {
        max($0, abs(try grid.value(first + $1, x: x, q2: q2) - expected[$1][0]) / unit)
      }
    }
  }

  /// The round trip, with an interpolation of its own: knots are as close as 0.1 % of F₂ need.
  @Test("F₂, F_L, xF₃ of both signs come back")
  func roundTrip() throws {
    let model = try ExportFixture.model([.numu, .numubar], scales: [.numu: .nearRate(1.5)])
    let (knots, errors) = try StructureFunctionGrid.fitting(model, threads: 2)
    #expect(errors.sum < StructureFunctionGrid.tolerance)
    let files = try knots.files(model, errors: errors, threads: 2)
    #expect(files.map(\.name) == ["test-toy/test-toy.info", "test-toy/test-toy_0000.dat"])
    #expect(files[0].note.contains("\(knots.x.count) × \(knots.q2.count) knots, right to 0.0"), "\(files[0].note)")
    let grid = try LHAPDFGrid(try ExportFixture.text(files[1]))
    #expect(grid.flavors == [1001, 1002, 1003, 2001, 2002, 2003])
    #expect(try largestError(of: grid, .numu, factor: 1.5, points: 400) < StructureFunctionGrid.tolerance)
    #expect(try largestError(of: grid, .numubar, factor: 1, points: 400) < StructureFunctionGrid.tolerance)
  }

  /// The error that is stated, of one direction at a time, is that of both together, measured from outside.
  @Test("wide knots state a large error")
  func statedError() throws {
    let model = try ExportFixture.model()
    let knots = StructureFunctionGrid(x: 90, q2: 40, peak: 0.2)
    let errors = try knots.errors(of: model, threads: 1)
    let stated = errors.sum
    let files = try knots.files(model, errors: errors, threads: 1)
    #expect(files[0].note.contains(String(format: "right to %.2g %%", 100 * stated)), "\(files[0].note)")
    let grid = try LHAPDFGrid(try ExportFixture.text(files[1]))
    let found = try largestError(of: grid, .numu, factor: 1, points: 1500)
    #expect(stated > StructureFunctionGrid.tolerance && (0.25...1.2).contains(found / stated), "\(found), \(stated)")
  }

  /// The line of a free proton is narrower than the most knots are close, and the error says so.
  @Test("there is a limit to the number of knots")
  func mostKnots() throws {
    let model = ExportedModel(
      label: "toy", run: "test", model: try ExportFixture.toy(), channels: [.numubar],
      target: try Target(named: "H1"))
    let (knots, errors) = try StructureFunctionGrid.fitting(model, threads: 2)
    let stated = errors.sum
    #expect(knots.x.count == 600 && knots.q2.count == 300 && stated > 2 * StructureFunctionGrid.tolerance, "\(stated)")
  }

  @Test("the info file names flavours, domain, scale and members")
  func info() throws {
    let draws = try ExportedModel.draws(of: ScaledToy(try ExportFixture.toy()), 2, seed: 1)
    let model = try ExportFixture.model(scales: [.numu: .arbitrary], members: draws)
    let knots = StructureFunctionGrid(x: 6, q2: 5, peak: 0.2)
    let files = try knots.files(model, errors: try knots.errors(of: model, threads: 2), threads: 2)
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
      try StructureFunctionGrid.fitting(model, threads: 1)
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
