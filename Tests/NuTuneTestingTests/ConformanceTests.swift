import NuTuneCore
import NuTuneTesting
import Testing

/// Says everything about itself wrongly.
private struct IllDeclared: CrossSectionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "ill declared", summary: " ",
    parameters: [
      ParameterDeclaration("twice", default: .number(1), .nonNegative, "first"),
      ParameterDeclaration("twice", default: .number(1), .nonNegative, "second"),
      ParameterDeclaration("outside", default: .number(3), .number(0...2), "outside of its range"),
      ParameterDeclaration("model", default: .number(1), .nonNegative, "what studies use themselves"),
      ParameterDeclaration("group", default: .number(1), .nonNegative, "a parameter and a group"),
      ParameterDeclaration("group.inner", default: .number(1), .nonNegative, ""),
    ], citations: [Citation(key: "Key:2020", bibtex: "@article{Other:2020}")])
  init(_ configuration: PluginConfiguration) {}
  func check(_ reactions: [Reaction]) {}
  func crossSection(of reaction: Reaction, at points: KinematicPoints) -> [Double] { points.cosTheta.map { _ in 1 } }
}

@Suite("The conformance suite")
struct ConformanceTests {
  @Test(
    "fixtures conform",
    arguments: [
      ConstantStructureFunctions.self, MonochromaticFlux.self, BellFlux.self, IdentityDetector.self,
    ] as [any Plugin.Type])
  func fixtures(_ type: any Plugin.Type) {
    let report = Conformance.report(on: type)
    #expect(report.conforms, "\(report)")
    #expect(!report.checks.contains { if case .warned = $0.outcome { true } else { false } }, "\(report)")
  }

  @Test("every mistake in a declaration has its sentence")
  func declarations() {
    let failures = Conformance.report(on: IllDeclared.self).failures.joined(separator: "\n")
    for sentence in [
      "name: found the name “ill declared”", "twice: found a second parameter of this name",
      "outside: found the default 3; expected a number from 0 to 2, as declared",
      "model: found a name that studies use for something else", "group: found a parameter and a group of parameters",
      "group.inner: found no meaning", "citations: found “@article{Other:2020}” under the key “Key:2020”",
      "zero where no lepton can be made: found 1.0",
    ] { #expect(failures.contains(sentence), "\(sentence) is not in:\n\(failures)") }
  }

  /// Loses a tenth of every lepton to the next bin, but for one entry.
  private struct Careless: Detector {
    static let descriptor = PluginDescriptor(
      kind: .detector, name: "careless", summary: "Moves leptons to the next bin.",
      parameters: [
        ParameterDeclaration("entry", default: .number(0.1), .number(0.05...0.1), "one probability of its response")
      ], citations: [])
    let entry: Double

    init(_ configuration: PluginConfiguration) throws { entry = configuration.parameters.number("entry") }

    func trueBinning(for measured: Binning) throws -> Binning { measured }

    func response(for measured: Binning) throws -> DetectorResponse {
      .rows(
        (0..<measured.count).map { bin in
          [(trueBin: bin, probability: 0.9)]
            + (bin > 0 ? [(trueBin: bin - 1, probability: bin == 1 ? entry : 0.1)] : [])
        })
    }
  }

  @Test(
    "probabilities of a detector are at least zero and sum to one at most, to the last digit",
    arguments: [(0.1, true), (-1e-18, false), (-0.01, false), (0.12, false)])
  func probabilities(entry: Double, conforms: Bool) {
    let report = Conformance.report(on: Careless.self, parameters: ["entry": .number(entry)])
    #expect(report.conforms == conforms, "\(report)")
    if !conforms {
      let sentence = entry < 0 ? "found a probability of \(entry)" : "that sum to 1.02"
      #expect(report.failures.joined().contains(sentence), "\(report.failures)")
    }
  }

  @Test("a plugin that needs a file is not examined without one")
  func missing() throws {
    struct Reader: FluxProvider {
      static let descriptor = PluginDescriptor(
        kind: .flux, name: "reader", summary: "Reads.",
        parameters: [ParameterDeclaration("file", required: true, .text, "a file")], citations: [])
      let species: [NeutrinoSpecies] = []
      let breakpoints: [Double] = []
      init(_ configuration: PluginConfiguration) {}
      func density(of species: NeutrinoSpecies, at energies: [Double]) -> [Double] { [] }
    }
    let without = Conformance.report(on: Reader.self)
    #expect(without.conforms && without.checks.last?.outcome == .skipped("needs a value for file"))
    let with = Conformance.report(on: Reader.self, parameters: ["file": .text("a.csv")])
    #expect(with.failures.contains { $0.hasPrefix("has species, each once: species: found []") }, "\(with)")
  }
}

@Suite("The tiny study")
struct TinyStudyTests {
  @Test("the truth predicts itself, at both detectors")
  func closure() throws {
    let outcome = try TinyStudy().run(ConstantStructureFunctions())
    #expect(outcome.near.tv == 0 && outcome.far.tv == 0)
    // Another normalization is the same shape and another rate.
    let doubled = try TinyStudy().run(ConstantStructureFunctions(2))
    #expect(doubled.near.tv < 1e-12)
    for (model, truth) in zip(doubled.near.model, doubled.near.truth) {
      #expect(abs(model - 2 * truth) <= 1e-9 * truth)
    }
  }

  @Test("one energy has no leptons above it, and data are probabilities")
  func parts() throws {
    let slow = try TinyStudy(nearFlux: MonochromaticFlux(energy: 0.9)).run(ConstantStructureFunctions()).near.truth
    // Bins of E_l from 1.1 GeV on are the last six of twelve.
    #expect(slow[0..<6].reduce(0, +) > 0 && slow[6...].allSatisfy { $0 == 0 }, "\(slow)")
    let problem = try TinyStudy().problem()
    #expect(problem.samples.count == 1 && problem.samples[0].probabilities.count == 12)
    #expect(abs(problem.samples[0].probabilities.reduce(0, +) - 1) < 1e-12)
  }

  @Test("its operator and its data are of one truth")
  func operators() throws {
    let problem = try TinyStudy().problem()
    let reaction = problem.samples[0].sample.reaction
    let functions = ConstantStructureFunctions().structureFunctions(of: reaction, at: problem.nodes)
    let values = LeptonTensor(reaction.species).nodeValues(of: functions, at: problem.nodes).flatMap { $0 }
    var rates = [Double](repeating: 0, count: 12)
    rates.withUnsafeMutableBufferPointer { rates in
      values.withUnsafeBufferPointer { problem.samples[0].nodeOperator.apply($0, rates: rates, threads: 1) }
    }
    let total = rates.reduce(0, +)
    // The same quadrature; cubic interpolation over steps of 0.2 in t and 0.3 in u is good to 1 %.
    for (rate, probability) in zip(rates, problem.samples[0].probabilities) {
      #expect(abs(rate / total - probability) < 0.01 * probability + 1e-6)
    }
  }

  @Test("a model for other energies is refused")
  func energies() throws {
    struct Fast: CrossSectionModel {
      static let descriptor = PluginDescriptor(
        kind: .crossSection, name: "fast", summary: "Fast only.", parameters: [], citations: [])
      let energyRange: ClosedRange<Double>? = 10...20
      init(_ configuration: PluginConfiguration) {}
      func check(_ reactions: [Reaction]) {}
      func crossSection(of reaction: Reaction, at points: KinematicPoints) -> [Double] {
        points.cosTheta.map { _ in 1 }
      }
    }
    let fast = Fast(PluginConfiguration(parameters: Fast.descriptor.parameters.defaults()))
    #expect(throws: NuTuneError.self) { try TinyStudy(truth: fast) }
  }
}
