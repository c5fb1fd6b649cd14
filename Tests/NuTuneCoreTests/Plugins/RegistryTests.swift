import NuTuneCore
import Testing

private struct Constant: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "constant", summary: "Constant.",
    parameters: [ParameterDeclaration("height", default: .number(1), .nonNegative, "height")], citations: [])
  let height: Double
  init(_ configuration: PluginConfiguration) throws {
    height = configuration.parameters.number("height")
    guard height < 10 else { throw NuTuneError(.badData, key: "height", found: "\(height)", expected: "less than 10") }
  }
  func check(_ reactions: [Reaction]) throws {}
  func crossSection(of reaction: Reaction, at points: KinematicPoints) throws -> [Double] {
    [Double](repeating: height, count: points.count)
  }
}

/// Claims to be a detector and is none.
private struct Impostor: Plugin {
  static let descriptor = PluginDescriptor(
    kind: .detector, name: "impostor", summary: "", parameters: [], citations: [])
  init(_ configuration: PluginConfiguration) throws {}
}

@Suite("The registry finds plugins by kind and name")
struct RegistryTests {
  private func registry() throws -> Registry {
    var registry = Registry()
    try registry.register(Constant.self)
    return registry
  }

  @Test("registered, described, made")
  func make() throws {
    let registry = try registry()
    #expect(registry.descriptors(of: .crossSection).map(\.name) == ["constant"])
    #expect(registry.descriptors(of: .flux).isEmpty)
    let node = Written.mapping([("model", Written.scalar("constant")), ("height", Written.scalar("2"))])
    let made = try registry.make(.crossSection, named: "constant", from: node, path: "truth", directory: ".")
    #expect((made as? Constant)?.height == 2)
    let values = Constant.descriptor.parameters.defaults()
    let model: any CrossSectionModel = try registry.make(
      .crossSection, named: "constant", PluginConfiguration(parameters: values))
    let reaction = Reaction(species: .numu, target: try Target(named: "C12"))
    let points = KinematicPoints(neutrinoEnergy: [1, 1], leptonEnergy: [0.5, 0.6], cosTheta: [0, 0])
    #expect(try model.crossSection(of: reaction, at: points) == [1, 1])
  }

  @Test("taken names, false kinds, unknown names, wrong types")
  func refusals() throws {
    var registry = try registry()
    #expect(throws: NuTuneError.self) { try registry.register(Constant.self) }
    #expect(throws: NuTuneError.self) { try registry.register(Impostor.self) }
    let error = try #require(throws: NuTuneError.self) {
      try registry.descriptor(.crossSection, named: "constnat", at: Written.place, key: "truth.model")
    }
    #expect(
      error.description
        == "study.yaml:3:5: truth.model: found the unknown cross-section “constnat”; expected one of constant; "
        + "did you mean “constant”?")
    let configuration = PluginConfiguration(parameters: Constant.descriptor.parameters.defaults())
    #expect(throws: NuTuneError.self) {
      let _: any FluxProvider = try registry.make(.crossSection, named: "constant", configuration)
    }
  }

  @Test("what comes from a library is known, and only what was registered")
  func libraries() throws {
    var registry = try registry()
    let library = PluginLibrary(path: "/tmp/libMine.so", sha256: "ab")
    #expect(throws: NuTuneError.self) { try registry.register(Constant.self, from: library) }
    #expect(registry.libraries.isEmpty && registry.library(of: .crossSection, named: "constant") == nil)
    var other = Registry()
    let registrar = PluginRegistrar()
    registrar.hand { PluginRegistrar.at($0).add(Constant.self) }
    for type in registrar.types {
      try other.register(try #require(type as? any Plugin.Type), from: library)
    }
    #expect(other.libraries == [library] && other.library(of: .crossSection, named: "constant") == library)
    #expect(other.types(of: .crossSection).count == 1)
  }

  @Test("an error of a plugin gets the place it was chosen at")
  func located() throws {
    let node = Written.mapping([("model", Written.scalar("constant")), ("height", Written.scalar("20"))])
    let error = try #require(throws: NuTuneError.self) {
      try registry().make(.crossSection, named: "constant", from: node, path: "truth", directory: ".")
    }
    #expect(error.location == Written.place)
  }

  @Test("file names are relative to the folder of the file that names them")
  func paths() {
    let configuration = PluginConfiguration(parameters: ParameterSchema([]).defaults(), directory: "catalogs/fluxes")
    #expect(configuration.path(of: "a.csv") == "catalogs/fluxes/a.csv")
    #expect(configuration.path(of: "/data/a.csv") == "/data/a.csv")
    let schema = ParameterSchema([
      ParameterDeclaration("here", default: .text("a.csv"), .text, "a file"),
      ParameterDeclaration("there", default: .text("a.csv"), .text, "another"),
      ParameterDeclaration("nowhere", required: false, .text, "none"),
    ])
    let placed = PluginConfiguration(
      parameters: schema.defaults(), directory: "catalogs/fluxes", directories: ["there": "studies"])
    #expect(placed.path(named: "here") == "catalogs/fluxes/a.csv")
    #expect(placed.path(named: "there") == "studies/a.csv")
    #expect(placed.path(named: "nowhere") == nil)
  }
}
