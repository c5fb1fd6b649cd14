import Foundation
import NuTuneCore
import NuTuneFolding
import NuTuneImport
import NuTuneNumerics
import NuTuneTables
import Testing
import ToyStructureFunctions

/// Tables of d²σ from events of single energies.
@Suite("Tables of events")
struct EventTableTests {
  private let place: EventPlace
  private let reaction: Reaction

  init() throws {
    place = try EventPlace()
    reaction = Reaction(species: .numu, target: try Target(named: "C12"))
  }

  private func table(
    _ files: [String], _ shape: (leptons: Int, cosines: Int) = (6, 4), crossSection: String? = nil
  ) throws -> EventTable {
    try EventTable(
      files, format: .nuhepmc, reaction: reaction, shape: shape, crossSection: crossSection, python: RootPython.found)
  }

  private static let some = [(0.9, 0.5, 0.3, 2.0), (0.9, 0.5001, 0.3, 1.0), (0.9, 0.2, -0.4, 1.0)]

  /// The sum of the bins is the mean cross section, a bin is σ Σw/W over its area, and its error σ √Σw²/W.
  @Test("a bin is its share of the mean cross section, over its area")
  func weights() throws {
    let read = try table([try place.file("1.hepmc3", Self.some, total: "1.2")])
    #expect(read.values.count == 24 && read.errors.count == 24)
    let filled = read.values.values.indices.filter { read.values.values[$0] > 0 }
    #expect(filled.count == 2)
    let ratios = filled.map { read.errors.values[$0] / read.values.values[$0] }
    #expect(abs(ratios[0] - 1) < 1e-12 && abs(ratios[1] - 5.0.squareRoot() / 3) < 1e-12, "\(ratios)")
    #expect(read.summary.hasPrefix("0.9 GeV: 3 charged currents of 3 events in 2 of 24 bins, 1.2e-38 ± "))
  }

  @Test("two files of one energy have the mean by their weights; another energy is a row of its own")
  func files() throws {
    let one = try place.file("1.hepmc3", Self.some, total: "1")
    let two = try place.file("2.hepmc3", Self.some.map { ($0, $1, $2, 3 * $3) }, total: "2")
    let other = try place.file("3.hepmc3", [(1.8, 1.1, 0.8, 1)], total: "3")
    let (alone, both) = (try table([one]), try table([other, two, one]))
    #expect(both.values.count == 48 && both.values.energy.first == 0.9 && both.values.energy.last == 1.8)
    // A quarter of 1 and three quarters of 2.
    for (first, second) in zip(alone.values.values, both.values.values) { #expect(abs(1.75 * first - second) < 1e-12) }
  }

  /// Weighted events of toy-sf give its cross section again within their statistics.
  @Test("events of a model at one energy are its cross section")
  func model() throws {
    let toy = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    let (energy, mass) = (1.5, PhysicalConstants.muonMass)
    // Weighted events, uniform in E_l and in √(1 − cosθ): weight d²σ over their density.
    let count = 20_000
    let stream = try RandomStream(seed: 3, purpose: "event-table", member: 0)
    var points = KinematicPoints()
    var densities: [Double] = []
    for _ in 0..<count {
      let (leptonEnergy, root) = (mass + (energy - mass) * stream.uniform(), stream.uniform() * 2.0.squareRoot())
      points.append(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: 1 - root * root)
      densities.append(1 / (2 * root * 2.0.squareRoot() * (energy - mass)))
    }
    let weights = zip(try toy.crossSection(of: reaction, at: points), densities).map { $0 / $1 }
    let total = weights.reduce(0, +) / Double(count)
    let path = try place.file(
      "toy.hepmc3", (0..<count).map { (energy, points.leptonEnergy[$0], points.cosTheta[$0], weights[$0]) },
      total: "\(total)")
    let read = try table([path], (30, 20))
    var at = KinematicPoints()
    for point in 0..<read.values.count {
      at.append(
        neutrinoEnergy: energy, leptonEnergy: read.values.leptonEnergy[point], cosTheta: read.values.cosTheta[point])
    }
    let expected = try toy.crossSection(of: reaction, at: at)
    let largest = try #require(expected.max())
    let good = expected.indices.filter { expected[$0] > 0.05 * largest && read.errors.values[$0] > 0 }
    #expect(good.count > 40)
    // The median pull of a normal law is 0.67; curvature within a bin comes on top. The sum has a statistical error of 4 %.
    let pulls = good.map { abs(read.values.values[$0] - expected[$0]) / read.errors.values[$0] }.sorted()
    #expect(pulls[pulls.count / 2] < 1.4 && pulls[pulls.count / 2] > 0.3, "\(pulls[pulls.count / 2])")
    let ratio = good.reduce(0) { $0 + read.values.values[$1] } / good.reduce(0) { $0 + expected[$1] }
    #expect(abs(ratio - 1) < 0.15, "\(ratio)")
  }

  @Test("what is wrong is one sentence")
  func mistakes() throws {
    let one = try place.file("1.hepmc3", Self.some)
    let several = try place.file("2.hepmc3", [(0.9, 0.5, 0.3, 1), (1.2, 0.5, 0.3, 1)])
    let other = try place.file("3.hepmc3", [(1.8, 1.1, 0.8, 1)], total: nil)
    let none = try place.file("4.hepmc3", [(0.9, 0.5, 0.3, 0)])
    func sentence(_ files: [String], _ crossSection: String? = nil) -> String {
      place.folder.sentence { _ = try table(files, crossSection: crossSection) }
    }
    #expect(sentence([several]).contains("event 1: found a neutrino of 1.2 GeV after one of 0.9 GeV"))
    #expect(sentence([other]).contains("--cross-section: found no mean cross section in the file"))
    #expect(sentence([one, other], "1e-38 cm2/nucleon").contains("found one cross section for 2 energies"))
    #expect(sentence([none]).contains("weights: found 1 charged currents, weights whose sum is 0"))
  }
}
