import Foundation
import NuTuneCatalog
import NuTuneCore
import Testing

@Suite("Studies that are variants of others")
struct StudyBaseTests {
  /// A study file with a base, in the folder of a catalog that has the base, too.
  private func load(_ text: String, overrides: [String] = []) throws -> StudyConfiguration {
    let files = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: files.folder) }
    try files.write(TemporaryStudy.study, to: "catalogs/studies/example.yaml")
    try files.write("schema: nutune.study/1\n\(text)", to: "study.yaml")
    return try files.load(overrides)
  }

  @Test("what a variant does not say is as in its base")
  func variant() throws {
    let study = try load(
      "name: variant\nbase: example\nfar: {events: 200}\noscillation: {sin2_theta23: 0.6}\nmodels: {first: {height: 0.7}}\n"
    )
    let files = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: files.folder) }
    let base = try files.load()
    #expect(study.name == "variant" && study.title == "variant")
    let (ours, theirs) = (study.effective.values, base.effective.values)
    let changed = Set(ours.keys).union(theirs.keys).filter { ours[$0] != theirs[$0] }
    #expect(
      changed.sorted() == [
        "far.events", "models.first.height", "name", "oscillation.sin2_theta23", "title",
      ])
    #expect(ours["far.events"] == .number(200) || ours["far.events"] == .integer(200))
    #expect(study.models.map(\.label) == ["first", "second"])
  }

  @Test("a variant does without a model of its base")
  func modelsLeftOut() throws {
    let study = try load("name: variant\nbase: example\nmodels: {second: none}\n")
    #expect(study.models.map(\.label) == ["first"])
    #expect(try load("name: v\nbase: example\n", overrides: ["models.first=none"]).models.map(\.label) == ["second"])
    #expect(throws: NuTuneError.self) { try load("name: v\nbase: example\nmodels: {first: none, second: none}\n") }
    // A label that is misspelt leaves nothing out, whoever says it.
    for change in ["models.frist=none", "models={first: {model: toy-sf}, frist: none}"] {
      #expect {
        _ = try load("name: v\nbase: example\n", overrides: [change])
      } throws: { error in
        "\(error)".contains("models.frist: found none in place of a model that is not there")
      }
    }
  }

  @Test("a variant of a variant, by file, and --set above both")
  func chain() throws {
    let files = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: files.folder) }
    try files.write(
      "schema: nutune.study/1\nname: middle\nbase: ../study.yaml\nfar: {events: 7}\n", to: "more/middle.yaml")
    try files.write("schema: nutune.study/1\nname: last\nbase: middle.yaml\nseed: {network: 3}\n", to: "more/last.yaml")
    let study = try StudyConfiguration.load(
      "\(files.folder)/more/last.yaml", overrides: ["seed.data=5"], registry: try ConfigurationPlugins.registry(),
      catalog: Catalog(folders: [files.folder + "/catalogs"]))
    #expect(study.farEvents == 7 && study.networkSeed == 3 && study.dataSeed == 5 && study.channels == [.numu])
  }

  @Test("a study as text is that of a file in the folder")
  func text() throws {
    let files = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: files.folder) }
    try files.write(TemporaryStudy.study, to: "catalogs/studies/example.yaml")
    try files.write("schema: nutune.study/1\nname: other\nbase: example\nfar: {events: 9}\n", to: "other.yaml")
    func load(_ text: String) throws -> StudyConfiguration {
      try StudyConfiguration.load(
        text: text, in: files.folder, overrides: ["seed.data=5"], registry: try ConfigurationPlugins.registry(),
        catalog: Catalog(folders: [files.folder + "/catalogs"]))
    }
    let study = try load("{\"schema\": \"nutune.study/1\", \"name\": \"text\", \"base\": \"other.yaml\"}")
    #expect(study.name == "text" && study.farEvents == 9 && study.dataSeed == 5)
    #expect(study.directory == files.folder)
    #expect {
      _ = try load("schema: nutune.study/1\nname: v\nbase: exampel\n")
    } throws: { error in
      (error as? NuTuneError)?.location == SourceLocation(file: "\(files.folder)/study-text", line: 3, column: 7)
    }
    #expect(throws: NuTuneError.self) { try load("- a list\n") }
  }

  @Test(
    "mistakes are said with their place",
    arguments: [
      ("name: v\nbase: exampel\n", "base", "“exampel”"), ("name: v\nbase: [a]\n", "base", "a list"),
      ("name: v\nbase: ./study.yaml\n", "base", "a variant of this study"), ("base: example\n", "name", "nothing"),
      ("name: v\nbase: example\nfar: {event: 3}\n", "far.event", "unknown key"),
      ("name: v\nbase: example\nmodels: {frist: none}\n", "models.frist", "a model that is not there"),
    ])
  func mistakes(text: String, key: String, found: String) throws {
    var problems = NuTuneErrors()
    do {
      _ = try load(text)
    } catch {
      problems.add(error)
    }
    #expect(problems.errors.contains { $0.key == key && $0.found.contains(found) }, "\(problems)")
  }

  @Test("a base brings no plugins")
  func plugins() throws {
    let files = try TemporaryStudy()
    defer { try? FileManager.default.removeItem(atPath: files.folder) }
    try files.write(TemporaryStudy.study + "\nplugins: [./evil]\n", to: "catalogs/studies/example.yaml")
    try files.write("schema: nutune.study/1\nname: v\nbase: example\n", to: "study.yaml")
    #expect(try StudyConfiguration.plugins(of: files.path).isEmpty)
    #expect(try files.load().plugins.isEmpty)
  }

  @Test("the exposure of far data is for people")
  func exposure() throws {
    let study = try load("name: v\nbase: example\nfar: {exposure: 336 kt MW yr}\n")
    #expect(study.effective.values["far.exposure"] == .number(336))
    var problems = NuTuneErrors()
    do {
      _ = try load("name: v\nbase: example\nfar: {exposure: 0}\n")
    } catch {
      problems.add(error)
    }
    #expect(problems.errors.map(\.key) == ["far.exposure"])
  }
}
