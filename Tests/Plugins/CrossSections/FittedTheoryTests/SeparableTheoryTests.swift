import NuTuneCore
import ResonanceStructureFunctions
import Testing
import ToyStructureFunctions

/// Theories that are sums of parts: what a parameter changes is in the parts that they say.
@Suite struct SeparableTheoryTests {
  /// On and off the quasi-elastic line, at Δ(1232) and N*(1535), below and far above the deep-inelastic threshold.
  private let points = InvariantPoints(
    omega: [0.03, 0.2, 0.3, 0.5, 0.9, 1.1, 1.4, 3, 8], q2: [0.08, 0.3, 0.1, 0.3, 0.4, 0.6, 0.3, 1.5, 2])

  private func reactions() throws -> [Reaction] {
    [
      Reaction(species: .numu, target: try Target(named: "C12")),
      Reaction(species: .numubar, target: try Target(named: "Ar40")),
      Reaction(species: .numubar, target: try Target(named: "H1")),
    ]
  }

  @Test(arguments: [
    ToyStructureFunctions.self as any SeparableStructureFunctions.Type, ResonanceStructureFunctions.self,
  ])
  func everyParameterChangesItsParts(type: any SeparableStructureFunctions.Type) throws {
    let schema = type.descriptor.parameters
    let values = schema.defaults().setting(["meson_exchange.scale": .number(0.7)])
    let base = try type.init(PluginConfiguration(parameters: values))
    for declaration in schema.declarations {
      guard case .number(let range, _) = declaration.domain else { continue }
      let (name, value) = (declaration.name, values.number(declaration.name))
      let up = value + 0.03 * max(abs(value), 0.1)
      let other = range.contains(up) ? up : value - 0.03 * max(abs(value), 0.1)
      let moved = try type.init(PluginConfiguration(parameters: values.setting([name: .number(other)])))
      for reaction in try reactions() {
        let whole = (
          try base.structureFunctions(of: reaction, at: points).w,
          try moved.structureFunctions(of: reaction, at: points).w
        )
        let part = (
          try base.structureFunctions(changedBy: name, of: reaction, at: points).w,
          try moved.structureFunctions(changedBy: name, of: reaction, at: points).w
        )
        for i in 0..<5 {
          for point in 0..<points.count {
            let (expected, found) = (whole.1[i][point] - whole.0[i][point], part.1[i][point] - part.0[i][point])
            let size = max(abs(whole.0[i][point]), abs(whole.1[i][point]))
            #expect(abs(found - expected) <= 1e-12 * size, "\(name) W\(i + 1) at point \(point)")
          }
        }
      }
    }
  }

  /// At W of 3.7 GeV nothing is quasi-elastic, and below the mass of the nucleon nothing is deep-inelastic.
  @Test func partsAreLeftOut() throws {
    let toy = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    let reaction = try reactions()[0]
    let mass = try toy.structureFunctions(changedBy: "quasi_elastic.axial_mass", of: reaction, at: points).w[0]
    let sea = try toy.structureFunctions(changedBy: "dis.sea_norm", of: reaction, at: points).w[0]
    let whole = try toy.structureFunctions(of: reaction, at: points).w[0]
    #expect(mass[8] == 0 && sea[8] == whole[8] && sea[0] == 0 && mass[0] == whole[0] && whole[0] > 0 && whole[8] > 0)
  }
}
