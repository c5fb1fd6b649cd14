import NuTuneCore
import NuTuneTesting
import Testing

/// Every check of the conformance suite can fail: a subject that breaks its promise is caught, and the same subject without
/// the fault is not.
@Suite("A broken promise is caught")
struct BrokenPromiseTests {
  /// A fault and the check that has to see it.
  struct Case: Sendable, CustomTestStringConvertible {
    var type: any Plugin.Type
    var fault: String
    var check: String
    var isWarning = false

    var testDescription: String { "\(type.descriptor.name), \(fault)" }
  }

  /// The outcome of a check; nil when it was not made.
  private func outcome(_ subject: Case) -> (ConformanceReport.Outcome?, ConformanceReport) {
    let report = Conformance.report(on: subject.type, parameters: ["fault": .text(subject.fault)])
    return (report.checks.first { $0.name == subject.check }?.outcome, report)
  }

  @Test("with its sentence", arguments: cases)
  func caught(_ subject: Case) {
    let (outcome, report) = outcome(subject)
    switch outcome {
    case .failed(let sentence):
      #expect(!subject.isWarning && sentence.contains("found") && sentence.contains("expected"), "\(report)")
    case .warned(let sentence):
      #expect(subject.isWarning && sentence.contains("found") && sentence.contains("expected"), "\(report)")
    default: Issue.record("“\(subject.check)” did not see the fault:\n\(report)")
    }
  }

  @Test(
    "and none is found where none is",
    arguments: [
      BrokenModel.self, BrokenTensor.self, BrokenLearner.self, BrokenFlux.self, BrokenDetector.self,
      BrokenOscillation.self,
    ] as [any Plugin.Type])
  func sound(_ type: any Plugin.Type) {
    let report = Conformance.report(on: type)
    for check in report.checks {
      // There is no energy range to refuse, and no fault to look for.
      switch check.outcome {
      case .passed, .skipped: break
      case .warned(let sentence), .failed(let sentence): Issue.record("\(check.name): \(sentence)")
      }
    }
  }

  /// Every check that a sound subject passes is broken by one of the cases of its kind.
  @Test("no check is left out", arguments: PluginKind.allCases)
  func complete(_ kind: PluginKind) {
    let cases = Self.cases.filter { $0.type.descriptor.kind == kind }
    let broken = Set(cases.map(\.check))
    // Those of descriptors are broken in ConformanceTests, the one that all kinds share by a cross section.
    let others: Set<String> = ["name and summary", "parameters are declared well", "citations", "can be made"]
    var names: Set<String> = []
    for subject in cases where names.insert(subject.type.descriptor.name).inserted {
      for check in Conformance.report(on: subject.type).checks where !others.contains(check.name) {
        #expect(broken.contains(check.name), "nothing breaks “\(check.name)” of \(subject.type.descriptor.name)")
      }
    }
    #expect(!names.isEmpty)
  }

  @Test("a plugin that is none of the four kinds")
  func shapeless() {
    struct Shapeless: Plugin {
      static let descriptor = PluginDescriptor(
        kind: .flux, name: "shapeless", summary: "Nothing.", parameters: [], citations: [])
      init(_ configuration: PluginConfiguration) {}
    }
    #expect(Conformance.report(on: Shapeless.self).failures.contains { $0.hasPrefix("is of its kind: ") })
  }

  static let cases: [Case] = models + tensors + learners + fluxes + detectors + oscillations

  private static func list(
    _ type: any Plugin.Type, _ pairs: [(String, String)], warnings: [(String, String)] = []
  ) -> [Case] {
    pairs.map { Case(type: type, fault: $0.0, check: $0.1) }
      + warnings.map { Case(type: type, fault: $0.0, check: $0.1, isWarning: true) }
  }

  private static let models = list(
    BrokenModel.self,
    [
      ("cannotBeMade", "can be made"), ("refusesAll", "serves a reaction"),
      ("negative", "finite and never negative"), ("notANumber", "finite and never negative"),
      ("count", "finite and never negative"), ("closedRegion", "zero where no lepton can be made"),
      ("zero", "not zero everywhere"), ("dependsOnBatch", "a batch is its points"),
      ("emptyBatch", "a batch is its points"), ("dependsOnCall", "threads agree"),
      ("answersOutside", "refuses energies it does not serve"),
      ("functionsNotFinite", "structure functions are finite"),
      ("fourFunctions", "structure functions are finite"),
      ("otherCrossSection", "the cross section follows from the structure functions"),
      ("functionsDependOnBatch", "a batch of structure functions is its points"),
      ("factor", "the weights that data left open are described"),
      ("basisCount", "the weights that data left open are described"),
      ("basisDependsOnOthers", "the weights that data left open are described"),
      ("basisIsNoDerivative", "basis functions are derivatives with respect to the weights"),
      ("badEnd", "the declared ranges are served"), ("speechlessEnd", "the declared ranges are served"),
      ("failsInStudy", "runs in a study"),
    ],
    warnings: [
      ("idle", "parameters have an effect"), ("negativeTransverse", "the hadron tensor is positive"),
      ("heldAtZero", "the cross section is positive before it is held at zero"),
    ])

  private static let tensors = list(
    BrokenTensor.self,
    [
      ("negativeTransverse", "the hadron tensor is positive"),
      ("negativeLongitudinal", "the hadron tensor is positive"),
      ("largeParityViolation", "the hadron tensor is positive"),
      ("largeParityViolation", "the cross section is positive before it is held at zero"),
      ("heldAtZero", "the cross section is positive before it is held at zero"),
    ])

  private static let learners = list(
    BrokenLearner.self,
    [
      ("cannotLearn", "can be tuned"), ("loss", "the record of its tuning makes sense"),
      ("verdict", "the record of its tuning makes sense"), ("history", "the record of its tuning makes sense"),
      ("seed", "one thread and two learn the same, and so does the same seed again"),
      ("threads", "one thread and two learn the same, and so does the same seed again"),
      ("twoTensors", "comes back from its state"), ("card", "comes back from its state"),
      ("restored", "comes back from its state"), ("learnsNothing", "runs in a study"),
    ])

  private static let fluxes = list(
    BrokenFlux.self,
    [
      ("breakpoints", "breakpoints increase"), ("oneBreakpoint", "breakpoints increase"),
      ("noSpecies", "has species, each once"), ("speciesTwice", "has species, each once"),
      ("negative", "finite and never negative"), ("notANumber", "finite and never negative"),
      ("count", "finite and never negative"), ("zero", "not zero everywhere"),
      ("outside", "zero outside its breakpoints"), ("dependsOnBatch", "a batch is its energies"),
      ("emptyBatch", "a batch is its energies"), ("dependsOnCall", "threads agree"),
      ("otherSpecies", "a species that it does not have is refused"), ("badEnd", "the declared ranges are served"),
      ("failsInStudy", "runs in a study"),
    ], warnings: [("idle", "parameters have an effect")])

  private static let detectors = list(
    BrokenDetector.self,
    [
      ("refusesAll", "measures usual bins"), ("tooMuch", "no more is measured than there was"),
      ("tooMuchOfSmooth", "no more is measured than there was"), ("negativeRate", "no more is measured than there was"),
      ("notANumber", "no more is measured than there was"), ("rowCount", "no more is measured than there was"),
      ("otherBin", "no more is measured than there was"), ("identity", "no more is measured than there was"),
      ("nothing", "measures something"), ("dependsOnCall", "threads agree"),
      ("scaledBins", "true bins are kept when the energy scale changes"),
      ("scaledByOne", "true bins are kept when the energy scale changes"),
      ("badEnd", "the declared ranges are served"), ("nothing", "runs in a study"),
    ], warnings: [("idle", "parameters have an effect")])

  private static let oscillations = list(
    BrokenOscillation.self,
    [
      ("negative", "probabilities are from 0 to 1, and sum to at most one"),
      ("aboveOne", "probabilities are from 0 to 1, and sum to at most one"),
      ("sumAboveOne", "probabilities are from 0 to 1, and sum to at most one"),
      ("notANumber", "probabilities are from 0 to 1, and sum to at most one"),
      ("atSource", "nothing happens at the source"), ("dependsOnBatch", "a batch is its energies"),
      ("dependsOnCall", "threads agree"), ("unknownValue", "a parameter that it does not have is refused"),
      ("unknownChange", "a parameter that it does not have is refused"),
      ("forgets", "fittable parameters keep what they are set to"),
      ("startsOutside", "fits start inside their bounds"), ("noStarts", "fits start inside their bounds"),
      ("scaleOfZero", "fits start inside their bounds"), ("badEnd", "the declared ranges are served"),
      ("failsInStudy", "runs in a study"),
    ],
    warnings: [
      ("loses", "no neutrino is lost"), ("hasNoEffect", "fittable parameters have an effect"),
      ("idle", "parameters have an effect"),
    ])
}
