import NuTuneCore
import Testing

@Suite("Configuration nodes are changed without losing places")
struct ConfigurationNodeTests {
  @Test("setting replaces, adds, and refuses to go through a scalar")
  func setting() throws {
    let node = Written.mapping([("a", Written.mapping([("b", Written.scalar("1"))])), ("c", Written.scalar("2"))])
    let there = SourceLocation(file: "--set")
    let value = ConfigurationNode(.scalar("9", quoted: false), at: there)
    #expect(try node.setting(["a", "b"], to: value)["a"]?["b"]?.text == "9")
    #expect(try node.setting(["a", "b"], to: value)["c"]?.text == "2")
    #expect(try node.setting(["x", "y"], to: value)["x"]?["y"]?.location == there)
    let error = try #require(throws: NuTuneError.self) { try node.setting(["c", "d"], to: value) }
    #expect(error.description == "--set: c.d: found “2” at c; expected a mapping above “d”")
  }

  @Test("keys written as one, training.steps, are those in mappings")
  func spellings() throws {
    let joined = Written.mapping([("training.steps", Written.scalar("60")), ("training.rate", Written.scalar("1"))])
    let value = ConfigurationNode(.scalar("9", quoted: false), at: SourceLocation(file: "--set"))
    let changed = try joined.setting(["training", "steps"], to: value)
    #expect(changed["training.steps"]?.text == "9" && changed["training.rate"]?.text == "1")
    #expect(changed["training"] == nil)
    let whole = try joined.setting(["training"], to: Written.mapping([("steps", Written.scalar("2"))]))
    #expect(whole["training.steps"] == nil && whole["training"]?["steps"]?.text == "2")

    let apart = Written.mapping([("training", Written.mapping([("steps", Written.scalar("2"))]))])
    for merged in [apart.merged(over: joined), joined.merged(over: apart)] {
      #expect(merged["training.steps"] == nil && merged["training"]?["rate"]?.text == "1")
    }
    #expect(apart.merged(over: joined)["training"]?["steps"]?.text == "2")
    #expect(joined.merged(over: apart)["training"]?["steps"]?.text == "60")
  }

  @Test("merging: upper keys win, lower ones stay, other models replace")
  func merging() {
    let base = Written.mapping([
      ("detector", Written.mapping([("model", Written.scalar("smeared")), ("width", Written.scalar("1"))])),
      ("target", Written.scalar("C12")), ("bins", Written.mapping([("from", Written.scalar("0"))])),
    ])
    let upper = Written.mapping([
      ("detector", Written.mapping([("model", Written.scalar("ideal"))])),
      ("bins", Written.mapping([("to", Written.scalar("1"))])),
    ])
    let merged = upper.merged(over: base)
    #expect(merged["detector"]?["width"] == nil)
    #expect(merged["target"]?.text == "C12")
    #expect(merged["bins"]?["from"]?.text == "0")
    #expect(merged["bins"]?["to"]?.text == "1")
    #expect(merged.removing(["bins"])["bins"] == nil)
  }

  @Test("a value said again keeps its first place")
  func samePlace() {
    let elsewhere = ConfigurationNode(.scalar("C12", quoted: false), at: SourceLocation(file: "other.yaml"))
    let upper = Written.mapping([("target", elsewhere)])
    #expect(
      upper.merged(over: Written.mapping([("target", Written.scalar("C12"))]))["target"]?.location == Written.place)
    #expect(
      upper.merged(over: Written.mapping([("target", Written.scalar("CH"))]))["target"]?.location.file == "other.yaml")
  }
}
