import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneNumerics
import Testing
import ToyStructureFunctions

/// toy-sf with something done to its structure functions.
private struct Spoiled: StructureFunctionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "spoiled", summary: "", parameters: [], citations: [])
  let toy: ToyStructureFunctions
  let change: @Sendable (_ w: [Double], _ omega: Double, _ q2: Double) -> [Double]

  init(_ configuration: PluginConfiguration) throws { fatalError("made by hand") }

  init(_ change: @escaping @Sendable (_ w: [Double], _ omega: Double, _ q2: Double) -> [Double]) throws {
    toy = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    self.change = change
  }

  func check(_ reactions: [Reaction]) {}

  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) -> StructureFunctions {
    var functions = toy.structureFunctions(of: reaction, at: points)
    for i in 0..<points.count {
      let changed = change(functions.w.map { $0[i] }, points.omega[i], points.q2[i])
      for k in 0..<5 { functions.w[k][i] = changed[k] }
    }
    return functions
  }
}

/// Shares of a rate in which a hadron tensor is not positive, or held so.
@Suite struct PositivityShareTests {
  private static func flux(_ energies: [Double]) -> [Double] { energies.map { $0 * exp(-$0) } }

  private func share(of model: any StructureFunctionModel) throws -> PositivityShare {
    let argon = Reaction(species: .numubar, target: try Target(named: "Ar40"))
    return try PositivityShare(of: model, reaction: argon, energies: 0.3...8) { Self.flux($0) }
  }

  /// The same shares by Monte Carlo.
  private func sampled(
    _ model: any StructureFunctionModel, _ isMarked: (_ w: [Double], _ omega: Double, _ q2: Double) -> Bool
  ) throws -> Double {
    let argon = Reaction(species: .numubar, target: try Target(named: "Ar40"))
    let stream = try RandomStream(seed: 3, purpose: "share", member: 0)
    var points = KinematicPoints()
    for _ in 0..<200_000 {
      let energy = stream.uniform(in: 0.3...8)
      points.append(
        neutrinoEnergy: energy, leptonEnergy: stream.uniform(in: argon.species.leptonMass...energy),
        cosTheta: stream.uniform(in: -1...1))
    }
    let invariants = points.invariants(leptonMass: argon.species.leptonMass)
    let w = try model.structureFunctions(of: argon, at: invariants).w
    let values = try model.crossSection(of: argon, at: points)
    var (all, marked) = (0.0, 0.0)
    for i in 0..<points.count where values[i] > 0 {
      let energy = points.neutrinoEnergy[i]
      let rate = values[i] * Self.flux([energy])[0] * (energy - argon.species.leptonMass)
      all += rate
      if isMarked(w.map { $0[i] }, invariants.omega[i], invariants.q2[i]) { marked += rate }
    }
    return marked / all
  }

  @Test func toyNeedsNoClamp() throws {
    let shares = try share(of: try Spoiled { w, _, _ in w })
    // What is held are pion poles off shell, close to the muon's threshold.
    #expect(shares.rate > 0 && shares.atBound == 0 && shares.violated == 0 && shares.held < 1e-5, "\(shares)")
  }

  /// W₃ 1.3 times as large and held at its bound.
  @Test func clampIsSeen() throws {
    let held = try Spoiled { w, omega, q2 in
      let bound = 2 * PhysicalConstants.nucleonMass * w[0] / (q2 + omega * omega).squareRoot()
      return [w[0], w[1], min(1.3 * w[2], bound), w[3], w[4]]
    }
    let shares = try share(of: held)
    let reference = try sampled(held) { w, omega, q2 in
      w[2] * (q2 + omega * omega).squareRoot() >= 2 * PhysicalConstants.nucleonMass * w[0] * (1 - 1e-12)
    }
    #expect(reference > 0.02 && reference < 0.9)
    #expect(abs(shares.atBound / reference - 1) < 0.05, "\(shares.atBound) against \(reference)")
    #expect(shares.violated == 0)
  }

  /// W₂ cut where Q² > 0.5 GeV²: W_L < 0 there, and with most of it gone the cross section, too.
  @Test func violationIsSeen() throws {
    let cut = try Spoiled { w, _, q2 in q2 > 0.5 ? [w[0], 0.7 * w[1], w[2], w[3], w[4]] : w }
    let shares = try share(of: cut)
    let reference = try sampled(cut) { w, omega, q2 in (1 + omega * omega / q2) * w[1] < w[0] * (1 - 1e-9) }
    #expect(reference > 0.02)
    #expect(abs(shares.violated - reference) < 0.1 * reference + 0.005, "\(shares.violated) against \(reference)")
    let gone = try Spoiled { w, _, q2 in q2 > 0.5 ? [w[0], 0.2 * w[1], w[2], w[3], w[4]] : w }
    #expect(try share(of: gone).held > 0.01)
  }
}
