import Foundation
import NuTuneCatalog
import NuTuneCore
import Testing

/// Plugins made of others, as a study says it.
@Suite struct ComponentTests {
  private static let tall = """
    schema: nutune.prior/1
    name: tall
    title: A tall prior
    model: flat
    height: 10
    network: {hidden: [2]}
    citations:
      - key: Tall:2020
        bibtex: "@article{Tall:2020}"
    """

  private func study(_ prior: String) throws -> TemporaryStudy {
    let study = try TemporaryStudy([("study.yaml", "height: 0.5", "height: 0.5, prior: \(prior)")])
    try study.write(Self.tall, to: "catalogs/priors/tall.yaml")
    return study
  }

  private func height(_ study: TemporaryStudy, _ overrides: [String] = []) throws -> Double? {
    defer { try? FileManager.default.removeItem(atPath: study.folder) }
    let assembly = try study.load(overrides).assemble(try ConfigurationPlugins.registry())
    return (assembly.models[0] as? FlatModel)?.height
  }

  @Test func aPriorByNameWrittenOutWithChangesOrNone() throws {
    #expect(try height(study("tall")) == 10.5)
    #expect(try height(study("{model: flat, height: 3}")) == 3.5)
    #expect(try height(study("{base: tall, height: 7}")) == 7.5)
    #expect(try height(study("{model: flat, height: 3, prior: tall}")) == 13.5)
    #expect(try height(study("none")) == 0.5)
  }

  /// A plugin can make its component again with another value of a parameter, whatever that one is made of.
  @Test func whatItIsMadeFromComesAlong() throws {
    let study = try study("{model: flat, height: 3, prior: tall}")
    defer { try? FileManager.default.removeItem(atPath: study.folder) }
    let model = try #require(
      try study.load([]).assemble(try ConfigurationPlugins.registry()).models[0] as? FlatModel)
    var configuration = try #require(model.priorConfiguration)
    #expect(configuration.parameters.number("height") == 3)
    #expect(configuration.componentConfigurations["prior"]?.parameters.number("height") == 10)
    #expect(try FlatModel(configuration).height == 13)
    configuration.parameters = configuration.parameters.setting(["height": .number(4)])
    #expect(try FlatModel(configuration).height == 14)
  }

  @Test func theCommandLineReachesIt() throws {
    #expect(try height(study("tall"), ["models.first.prior.height=2"]) == 2.5)
    #expect(try height(study("tall"), ["models.first.prior=none"]) == 0.5)
    #expect(try height(study("none"), ["models.first.prior=tall"]) == 10.5)
  }

  @Test func itIsPartOfTheEffectiveStudyAndOfWhatIsCited() throws {
    let study = try study("{base: tall, height: 7}")
    defer { try? FileManager.default.removeItem(atPath: study.folder) }
    let effective = try study.load().effective
    #expect(effective.values["models.first.prior.model"] == .text("flat"))
    #expect(effective.values["models.first.prior.height"] == .number(7))
    #expect(effective.values["models.first.prior.network.hidden"] == .numbers([2]))
    #expect(effective.values["models.first.prior.base"] == .text("tall"))
    let citations = try StudyCitations.citations(
      of: effective, registry: try ConfigurationPlugins.registry(),
      catalog: Catalog(folders: [study.folder + "/catalogs"]))
    #expect(citations.map(\.key).contains("Tall:2020"))
  }

  @Test(arguments: [
    ("tal", "models.first.prior", "tall"), ("{model: flt}", "models.first.prior.model", "flat"),
    ("{base: tall, heigt: 1}", "models.first.prior.heigt", "height"), ("[1]", "models.first.prior", nil),
    ("", "models.first.prior", nil),
    ("flat", "models.first.prior", "{model: flat}"),
  ])
  func mistakesAreNamed(prior: String, key: String, suggestion: String?) throws {
    let errors = try study(prior).errors()
    #expect(errors.count == 1)
    #expect(errors.first?.key == key, "\(errors)")
    #expect(errors.first?.suggestion == suggestion)
    #expect(errors.first?.location?.file == "study.yaml")
  }
}
