import Foundation
import NuTuneCatalog
import NuTuneCore
import Testing

@Suite("Bins as a list of blocks")
struct BinningListTests {
  static let file = "catalogs/experiments/small.yaml"
  /// The bins of the near detector, from line 9 of the experiment on.
  static let grid = """
      binning:
        lepton_energy: {from: 0.2, to: 1, bins: 4}
        cos_theta: [-1, 0, {from: 0.5, to: 1, bins: 2}]
    """
  /// Two blocks: backward bins and, with the observables in the other order, more of them forward.
  static let blocks = """
      binning:
        - {lepton_energy: [0.2, 0.5, 1], cos_theta: [-1, 0]}
        - {cos_theta: [0, {from: 0.5, to: 1, bins: 2}], lepton_energy: {from: 0.25, to: 1.25, bins: 4}}
    """

  private func study(_ new: String = blocks) throws -> TemporaryStudy {
    try TemporaryStudy([(Self.file, Self.grid, new)])
  }

  @Test("a spectrum of quasi-elastic energies has all angles, and a binding energy of its own")
  func spectrum() throws {
    let files = try study(
      "  binning: {quasielastic_energy: {edges: [{from: 0.2, to: 1, bins: 2}, 3], binding_energy: 30 MeV}}")
    let grid = try #require(try files.load().experiment.near[0].binning.grid)
    #expect(zip(grid.first.edges, [0.2, 0.6, 1, 3]).allSatisfy { abs($0 - $1) < 1e-12 } && grid.first.count == 3)
    #expect(grid.first.bindingEnergy == 0.03)
    #expect(try grid.second == Axis(.theta, edges: [0, 180]))
    let pair = try study("  binning: {cos_theta: [-1, 1], quasielastic_energy: [0.2, 1]}")
    #expect(try pair.load().experiment.near[0].binning.grid?.first.bindingEnergy == 0.027)
  }

  private func block(_ energies: [Double], _ cosines: [Double]) throws -> BinGrid {
    BinGrid(try Axis(.leptonEnergy, edges: energies), try Axis(.cosTheta, edges: cosines))
  }

  private func expected() throws -> Binning {
    try Binning([block([0.2, 0.5, 1], [-1, 0]), block([0.25, 0.5, 0.75, 1, 1.25], [0, 0.5, 0.75, 1])])
  }

  @Test("the blocks follow one another, for the far detector as well")
  func blocks() throws {
    let files = try study()
    let study = try files.load()
    #expect(try study.experiment.near[0].binning == expected())
    #expect(study.experiment.far?.binning == study.experiment.near[0].binning)
    #expect(try files.errors().isEmpty)
  }

  @Test("the effective study has the edges of every block")
  func effective() throws {
    let values = try study().load().effective.values
    #expect(values["experiment.near.binning.0.lepton_energy"] == .numbers([0.2, 0.5, 1]))
    #expect(values["experiment.near.binning.0.cos_theta"] == .numbers([-1, 0]))
    #expect(values["experiment.near.binning.1.cos_theta"] == .numbers([0, 0.5, 0.75, 1]))
    #expect(values["experiment.near.binning.lepton_energy"] == nil)
  }

  @Test("a list of one block is that grid")
  func oneBlock() throws {
    let one = try study(
      """
        binning:
          - lepton_energy: {from: 0.2, to: 1, bins: 4}
            cos_theta: [-1, 0, {from: 0.5, to: 1, bins: 2}]
      """)
    #expect(try one.load().experiment.near[0].binning == TemporaryStudy().load().experiment.near[0].binning)
  }

  @Test("a list replaces the bins of the experiment, in a study and at a position")
  func replaced() throws {
    let list = "[{lepton_energy: [0.2, 0.5, 1], cos_theta: [-1, 0]}, "
    let overridden = try TemporaryStudy().load([
      "experiment.near.binning=\(list){lepton_energy: [0.25, 0.5, 0.75, 1, 1.25], cos_theta: [0, 0.5, 0.75, 1]}]"
    ])
    #expect(try overridden.experiment.near[0].binning == expected())
    #expect(overridden.experiment.far?.binning.count == 14)
    let positions = try TemporaryStudy().load([
      "experiment.near.positions={on: {}, off: {binning: \(list){lepton_energy: [0.2, 1], cos_theta: [0, 1]}]}}"
    ])
    #expect(positions.experiment.near.map(\.binning.grids.count) == [1, 2])
    #expect(positions.experiment.near.map(\.binning.count) == [16, 3])
    // And a grid replaces a list.
    let grid = try study().load(["experiment.near.binning={theta: [0, 90], lepton_momentum: [0, 1, 2]}"])
    #expect(grid.experiment.near[0].binning.observableNames == [.leptonMomentum, .theta])
  }

  /// A mistake in the second of two blocks, or of both together.
  private static func story(
    _ second: String, place: String, found: String, expected: String, suggestion: String? = nil
  ) -> Story {
    Story(
      file: file, old: grid,
      new: """
          binning:
            - {lepton_energy: [0.2, 0.5, 1], cos_theta: [-1, 0]}
            - \(second)
        """,
      place: "\(file):\(place)", found: found, expected: expected, suggestion: suggestion)
  }

  static let stories = [
    story(
      "{lepton_energy: [0.7, 2], cos_theta: [-0.5, 1]}", place: "10:5: experiment.near.binning",
      found: "bins 1 and 2 (from 0) overlap", expected: "bins that each lepton falls into at most once"),
    story(
      "{lepton_momentum: [1, 2], cos_theta: [0, 1]}", place: "10:5: experiment.near.binning",
      found: "(lepton_momentum, cos_theta) in block 2, (lepton_energy, cos_theta) in block 1",
      expected: "the same observables in all blocks"),
    story(
      "{lepton_energy: [1, 2], cos_theta: [0, 1, 0.5]}", place: "11:49: experiment.near.binning.1.cos_theta",
      found: "edge 3 (0.5) not above edge 2 (1.0)", expected: "strictly increasing bin edges"),
    story(
      "{lepton_energy: [1, 2], cos_teta: [0, 1]}", place: "11:31: experiment.near.binning.1.cos_teta",
      found: "an unknown key", expected: "cos_theta", suggestion: "cos_theta"),
    story(
      "{lepton_energy: [1, 2]}", place: "11:7: experiment.near.binning.1",
      found: "a mapping with key lepton_energy", expected: "two observables out of"),
    story(
      "{lepton_energy: [1, 2], lepton_momentum: [1, 2]}", place: "11:7: experiment.near.binning.1",
      found: "the pair (lepton_energy, lepton_momentum)", expected: "cos_theta or theta"),
    story(
      "{quasielastic_energy: {edges: [0, 1], binding_energy: 0.5}}",
      place: "11:61: experiment.near.binning.1.quasielastic_energy.binding_energy", found: "0.5", expected: "0.2"),
    story("3", place: "11:7: experiment.near.binning.1", found: "“3”", expected: "a mapping of keys to values"),
    story(
      "{lepton_energy: {from: 1, to: 2, bins: 1000}, cos_theta: {from: 0, to: 1, bins: 1000}}",
      place: "10:5: experiment.near.binning", found: "1000002 bins", expected: "at most 1000000"),
    Story(
      file: file, old: grid, new: "  binning: []", place: "\(file):9:12: experiment.near.binning",
      found: "an empty list", expected: "or a list of such blocks"),
  ]

  @Test("one mistake, one sentence", arguments: stories)
  func mistake(_ story: Story) throws {
    let errors = try TemporaryStudy([(story.file, story.old, story.new)]).errors()
    #expect(errors.count == 1)
    let error = try #require(errors.first)
    let place = [error.location?.description ?? "", error.key ?? ""].joined(separator: ": ")
    #expect(place == story.place)
    #expect(error.found.contains(story.found), "\(error)")
    #expect(error.expected.contains(story.expected), "\(error)")
    #expect(error.suggestion == story.suggestion)
    #expect(error.category == .badData)
  }

  @Test("mistakes of several blocks are reported together")
  func everyMistake() throws {
    let errors = try study(
      """
        binning:
          - {lepton_energy: [1, 0.5], cos_theta: [-1, 0]}
          - {lepton_energy: [1, 2], cos_theta: [0, 2]}
      """
    ).errors()
    #expect(errors.map(\.key) == ["experiment.near.binning.0.lepton_energy", "experiment.near.binning.1.cos_theta"])
    #expect(errors.map(\.location?.line) == [10, 11])
  }
}
