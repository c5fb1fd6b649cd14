import NuTuneCore
import Testing

/// Short ways to write nodes.
enum Written {
  static let place = SourceLocation(file: "study.yaml", line: 3, column: 5)

  static func scalar(_ text: String, quoted: Bool = false) -> ConfigurationNode {
    ConfigurationNode(.scalar(text, quoted: quoted), at: place)
  }

  static func list(_ texts: [String]) -> ConfigurationNode {
    ConfigurationNode(.sequence(texts.map { scalar($0) }), at: place)
  }

  static func mapping(_ entries: [(String, ConfigurationNode)]) -> ConfigurationNode {
    ConfigurationNode(
      .mapping(entries.map { ConfigurationNode.Entry(key: $0.0, location: place, value: $0.1) }), at: place)
  }
}

@Suite("Declared parameters check what a user wrote")
struct ParameterSchemaTests {
  let mass = ParameterDeclaration("mass", unit: "GeV", default: .number(1), .positive, "a mass")

  @Test(
    "numbers, with and without their unit",
    arguments: [
      ("1.5", 1.5), ("1.5 GeV", 1.5), ("1.5   GeV", 1.5), ("1.5GeV", 1.5), ("1500 MeV", 1.5), ("2e-3", 2e-3),
      ("30_000", 30000), ("1", 1),
    ])
  func numbers(_ text: String, _ value: Double) throws {
    #expect(try mass.value(from: Written.scalar(text), key: "mass") == .number(value))
  }

  @Test(
    "what is no number in the unit and range is refused",
    arguments: ["1.5 km", "1.5 %", "1.5 gev", "heavy", "", "nan", "inf", "-1", "0", "1 2 GeV", "1e400", "true"])
  func badNumbers(_ text: String) throws {
    let error = try #require(throws: NuTuneError.self) { try mass.value(from: Written.scalar(text), key: "m.mass") }
    #expect(error.description == "study.yaml:3:5: m.mass: found “\(text)”; expected a number > 0 in GeV")
  }

  @Test("a number in quotation marks is text, a list is no number")
  func wrongTypes() throws {
    let quoted = try #require(throws: NuTuneError.self) {
      try mass.value(from: Written.scalar("1.5", quoted: true), key: "mass")
    }
    #expect(quoted.found == "text “1.5”")
    let list = try #require(throws: NuTuneError.self) { try mass.value(from: Written.list(["1"]), key: "mass") }
    #expect(list.found == "a list of 1 element")
    let nothing = try #require(throws: NuTuneError.self) {
      try mass.value(from: ConfigurationNode(.null, at: Written.place), key: "mass")
    }
    #expect(nothing.found == "nothing")
  }

  @Test("whole numbers, truth values, words, choices, lists")
  func otherDomains() throws {
    func value(_ domain: ParameterDomain, _ node: ConfigurationNode) throws -> ParameterValue {
      try ParameterDeclaration("x", required: true, domain, "x").value(from: node, key: "x")
    }
    #expect(try value(.integer(1...9), Written.scalar("3")) == .integer(3))
    #expect(try value(.integer(1...9), Written.scalar("3.0")) == .integer(3))
    for bad in ["0", "10", "2.5", "1e30", "three"] {
      #expect(throws: NuTuneError.self) { try value(.integer(1...9), Written.scalar(bad)) }
    }
    #expect(try value(.boolean, Written.scalar("true")) == .boolean(true))
    #expect(throws: NuTuneError.self) { try value(.boolean, Written.scalar("yes")) }
    #expect(throws: NuTuneError.self) { try value(.boolean, Written.scalar("true", quoted: true)) }
    let events = ParameterDomain.number(1...100, orWord: ["infinite"])
    #expect(try value(events, Written.scalar("infinite")) == .text("infinite"))
    #expect(try value(events, Written.scalar("7")) == .number(7))
    let choice = try #require(throws: NuTuneError.self) {
      try value(.choice(["asimov", "poisson"]), Written.scalar("asimow"))
    }
    #expect(choice.suggestion == "asimov")
    #expect(try value(.numbers(0...9, count: 2...3), Written.list(["1", "2"])) == .numbers([1, 2]))
    for bad in [["1"], ["1", "2", "3", "4"], ["1", "10"], ["1", "x"]] {
      #expect(throws: NuTuneError.self) { try value(.numbers(0...9, count: 2...3), Written.list(bad)) }
    }
    #expect(try value(.texts(choices: []), Written.list(["a", "b"])) == .texts(["a", "b"]))
    let texts = try #require(throws: NuTuneError.self) {
      try value(.texts(choices: ["numu", "nue"]), Written.list(["numo"]))
    }
    #expect(texts.suggestion == "numu")
  }

  let schema = ParameterSchema([
    ParameterDeclaration("mass", unit: "GeV", default: .number(1), .positive, "a mass"),
    ParameterDeclaration("network.hidden", default: .numbers([8]), .numbers(1...99, count: 1...9), "layers"),
    ParameterDeclaration("network.rate", required: true, .positive, "learning rate"),
    ParameterDeclaration("dm2_31", required: false, .anyNumber, "Δm²₃₁").alternative(to: "dm2_32"),
    ParameterDeclaration("dm2_32", required: false, .anyNumber, "Δm²₃₂").alternative(to: "dm2_31"),
  ])

  @Test("nested mappings and dotted keys are the same; defaults fill the rest")
  func nested() throws {
    let nested = Written.mapping([("network", Written.mapping([("rate", Written.scalar("0.1"))]))])
    let dotted = Written.mapping([("network.rate", Written.scalar("0.1"))])
    for node in [nested, dotted] {
      let values = try schema.values(from: node, path: "models.a")
      #expect(values.number("network.rate") == 0.1)
      #expect(values.number("mass") == 1)
      #expect(values.numbers("network.hidden") == [8])
      #expect(values.optionalNumber("dm2_31") == nil)
      #expect(values.isGiven("network.rate") && !values.isGiven("mass"))
      #expect(values.location(of: "network.rate") == Written.place)
      #expect(Set(values.effective.keys) == ["mass", "network.hidden", "network.rate"])
    }
  }

  @Test("all mistakes at once: unknown, wrong, missing, twice, excluding")
  func mistakes() throws {
    let node = Written.mapping([
      ("model", Written.scalar("x")), ("mas", Written.scalar("1")),
      ("network", Written.mapping([("hidden", Written.scalar("8")), ("width", Written.scalar("8"))])),
      ("network.hidden", Written.list(["8"])), ("dm2_31", Written.scalar("1")), ("dm2_32", Written.scalar("1")),
    ])
    let errors = try #require(throws: NuTuneErrors.self) {
      try schema.values(from: node, path: "models.a", ignoring: ["model"])
    }
    #expect(
      errors.errors.map { "\($0.key ?? ""): \($0.found)" } == [
        "models.a.mas: an unknown key", "models.a.network.hidden: “8”", "models.a.network.width: an unknown key",
        "models.a.network.hidden: the key twice", "models.a.network.rate: nothing",
        "models.a.dm2_31: dm2_31 beside dm2_32", "models.a.dm2_32: dm2_32 beside dm2_31",
      ])
    #expect(errors.errors[0].suggestion == "mass")
    #expect(errors.category == .badData)
  }

  let kernels = ParameterSchema([
    ParameterDeclaration("kernel.length", required: false, .numberOrList(0.1...9, count: 1...3), "a length"),
    ParameterDeclaration("kernel.amplitude", default: .number(1), .numberOrList(0...9, count: 1...3), "an amplitude"),
    ParameterDeclaration("kernel.spacing", default: .number(0.7), .positive, "a distance"),
  ])

  private func kernel(_ entries: (String, String)...) -> ConfigurationNode {
    Written.mapping(entries.map { ($0.0, Written.scalar($0.1)) })
  }

  private func list(_ elements: ConfigurationNode...) -> ConfigurationNode {
    Written.mapping([("kernel", ConfigurationNode(.sequence(elements), at: Written.place))])
  }

  @Test("a list of mappings is a mapping of lists, a number stands for all")
  func listOfMappings() throws {
    let one = try kernels.values(from: Written.mapping([("kernel", kernel(("length", "2")))]), path: "")
    #expect(one["kernel.length"] == .number(2) && one.numbers("kernel.length") == [2])
    let rows = list(kernel(("length", "2"), ("amplitude", "3")), kernel(("amplitude", "4"), ("length", "1")))
    let columns = Written.mapping([
      ("kernel", Written.mapping([("length", Written.list(["2", "1"])), ("amplitude", Written.list(["3", "4"]))]))
    ])
    let (found, expected) = (try kernels.values(from: rows, path: ""), try kernels.values(from: columns, path: ""))
    #expect(
      found == expected && found.numbers("kernel.length") == [2, 1] && found.numbers("kernel.amplitude") == [3, 4])
    #expect(found.number("kernel.spacing") == 0.7)
  }

  @Test("lists of mappings with other keys, without keys, too long or of something else are refused")
  func wrongListsOfMappings() {
    let one = kernel(("length", "2"))
    let wrong: [(node: ConfigurationNode, found: String, expected: String)] = [
      (list(one, kernel(("amplitude", "2"))), "a mapping with key amplitude", "length, which the first element"),
      (
        list(one, kernel(("length", "2"), ("amplitude", "2"))), "a mapping with keys", "length, which the first element"
      ),
      (list(one, kernel(("spacing", "2"))), "“spacing”", "one of length, amplitude"),
      (list(one, kernel(("lenght", "2"))), "“lenght”", "one of length, amplitude"),
      (list(kernel()), "a mapping with keys", "at least one of length, amplitude"),
      (list(), "a list of 0 elements", "a mapping"),
      (list(one, one, one, one), "a list of 4 elements", "a list of at most 3"),
      (list(one, kernel(("length", "0"))), "the element “0”", "a number from 0.1 to 9"),
      (list(Written.scalar("2")), "“2”", "a mapping of keys to values"),
    ]
    for (node, found, expected) in wrong {
      let error = #expect(throws: NuTuneError.self) { try kernels.values(from: node, path: "m") }
      #expect(error?.key?.hasPrefix("m.kernel") == true && error?.location == Written.place)
      #expect(error?.found.contains(found) == true, "\(error?.description ?? "")")
      #expect(error?.expected.contains(expected) == true, "\(error?.description ?? "")")
    }
  }

  @Test("a single mistake is thrown as itself")
  func single() {
    #expect(throws: NuTuneError.self) {
      try schema.values(from: Written.mapping([("mass", Written.scalar("1"))]), path: "")
    }
    #expect(throws: NuTuneError.self) { try schema.values(from: Written.scalar("1"), path: "models.a") }
  }

  @Test("domains in words")
  func words() {
    #expect(ParameterDomain.positive.description == "a number > 0")
    #expect(ParameterDomain.number(0...1).description == "a number from 0 to 1")
    #expect(ParameterDomain.number(1...2, orWord: ["w"]).description == "a number from 1 to 2 or “w”")
    #expect(ParameterDomain.integer(1 ... .max).description == "a whole number ≥ 1")
    #expect(ParameterDomain.numbers(0...1, count: 2...2).description == "a list of 2 numbers from 0 to 1")
    #expect(
      ParameterDomain.integers(1...9, count: 1...3).description == "a list of at least 1 whole numbers from 1 to 9")
  }

  @Test("a list of whole numbers takes no others")
  func integers() throws {
    let schema = ParameterSchema([
      ParameterDeclaration("hidden", default: .numbers([8]), .integers(1...64, count: 1...3), "widths")
    ])
    func read(_ elements: String...) throws -> [Int] {
      let list = ConfigurationNode(.sequence(elements.map { Written.scalar($0) }), at: SourceLocation(file: "x"))
      return try schema.values(from: Written.mapping([("hidden", list)]), path: "").integers("hidden")
    }
    #expect(schema.defaults().integers("hidden") == [8])
    #expect(try read("16", "3.2e1") == [16, 32])
    for wrong in ["16.5", "0", "65", "many"] {
      let error = #expect(throws: NuTuneError.self) { try read("16", wrong) }
      #expect(error?.found == "the element “\(wrong)”")
    }
    #expect(throws: NuTuneError.self) { try read("1", "2", "3", "4") }
  }
}
