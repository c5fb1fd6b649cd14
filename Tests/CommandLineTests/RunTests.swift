import Foundation
import NuTuneResults
import NuTuneRuns
import Testing

/// `nutune run` as a user meets it, on a study small enough for a second or two.
@Suite(.serialized) struct RunTests {
  static let small = [
    "catalogs/studies/dune-closure.yaml", "--set", "fold.cell_scale=6", "--set", "fold.accuracy=1e-2", "--set",
    "fold.nodes_w2=60", "--set", "experiment=\(CoarseBins.dune)", "--set",
    "fold.nodes_q2=36", "--set", "fit.scan_points=11", "--set", "slices.energies=[2]", "--set",
    "models.neural.network.hidden=[16,16]", "--set", "models.neural.training.steps=250",
  ]

  /// A folder that is not there yet.
  private func newFolder() -> String { NSTemporaryDirectory() + "nutune-run-\(UUID().uuidString)" }

  /// `nutune run`; without a report, which takes longer than the rest, unless a test looks at it.
  private func run(
    _ arguments: [String], limit: String = "", report: Bool = false
  ) throws -> (code: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments =
      ["-c", "\(limit) exec \"$0\" \"$@\"", CommandLineRun.executable, "run"] + arguments
      + (report ? [] : ["--no-report"])
    process.currentDirectoryURL = URL(filePath: CommandLineRun.root)
    let files = (0..<2).map { _ in URL(filePath: newFolder()) }
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    for file in files { try FileManager.default.removeItem(at: file) }
    return (process.terminationStatus, texts[0], texts[1])
  }

  /// results.json without what depends on the clock.
  private func numbers(_ folder: String) throws -> NSDictionary {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/results.json"))
    var results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var provenance = try #require(results["provenance"] as? [String: Any])
    for key in ["started", "seconds"] { provenance[key] = nil }
    results["provenance"] = provenance
    var models = try #require(results["models"] as? [String: [String: Any]])
    for (label, model) in models {
      guard var training = model["training"] as? [String: Any] else { continue }
      training["seconds"] = nil
      models[label]?["training"] = training
    }
    results["models"] = models
    return results as NSDictionary
  }

  @Test func writesEverythingAndResumes() throws {
    let folder = newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try run(Self.small + ["--out", folder, "--jobs", "1"], report: true)
    #expect(first.code == 0 || first.code == 2, "\(first.errors)")
    for file in [
      "results.json", "predictions.json", "study.json", "report.html", "run.log", "models/neural.safetensors",
      "models/neural.json", "figures/oscillation-contours.svg", "figures/far-numu-fhc.pdf",
    ] {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(file)"), "\(file)")
    }
    #expect(first.output.contains("Far detector") && first.output.contains("report.html"))
    let before = try numbers(folder)

    // Another number of threads changes nothing, nor does the missing report, which has a command of its own; --resume
    // computes nothing again.
    let other = newFolder()
    defer { try? FileManager.default.removeItem(atPath: other) }
    let bare = try run(Self.small + ["--out", other, "--jobs", "3"], limit: "export PATH=/nowhere;")
    #expect(bare.code == first.code && !bare.output.contains("report.html"), "\(bare.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(other)/report.html"))
    #expect(try numbers(other) == before)
    let again = try run(Self.small + ["--out", folder, "--resume"])
    #expect(again.errors.contains("tune-neural: as before"))
    #expect(try numbers(folder) == before)

    // A changed seed is not what was computed before.
    let changed = try run(Self.small + ["--out", folder, "--resume", "--set", "seed.network=2"])
    #expect(!changed.errors.contains("tune-neural: as before"))
    #expect(changed.errors.contains("near-data: as before"))
    #expect(try numbers(folder) != before)
  }

  /// Models of one study do not know of each other: whatever is added or taken away, the others' numbers stay.
  @Test func modelsDoNotChangeEachOther() throws {
    let two = newFolder()
    let four = newFolder()
    defer { for folder in [two, four] { try? FileManager.default.removeItem(atPath: folder) } }
    let process =
      "models.process={model: gaussian-process-sf, prior: toy-detuned, kernel: {length_w2: 1.2, length_q2: 1.6}}"
    let short = Self.small + ["--set", "models.neural.training.steps=100", "--set", process]
    _ = try run(short + ["--out", two])
    _ = try run(
      short + [
        "--out", four, "--set", "models.a-flow={model: normalizing-flow, training: {steps: 20}}", "--set",
        "models.theory={model: toy-sf, dis: {scale: 0.9}}",
      ])
    let few = try #require(try numbers(two)["models"] as? NSDictionary)
    let many = try #require(try numbers(four)["models"] as? NSDictionary)
    #expect(few.count == 2 && many.count == 4)
    for label in ["neural", "process"] {
      #expect(few[label] != nil && (few[label] as? NSDictionary) == (many[label] as? NSDictionary), "\(label)")
    }
    let atMean = (many["process"] as? [String: Any])?["oscillation_at_posterior_mean"]
    #expect(atMean != nil)
  }

  /// What near data leave open makes the interval wider and the prediction uncertain, and more near data less so.
  @Test func fewNearEventsWidenTheFit() throws {
    let withoutNeural = Array(Self.small.prefix { !$0.hasPrefix("models.neural") }.dropLast())
    func look(_ events: String) throws -> (widening: Double, uncertainty: Double) {
      let folder = newFolder()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      _ = try run(
        withoutNeural + [
          "--out", folder, "--set", "near.events=\(events)", "--set",
          "models={process: {model: gaussian-process-sf, prior: toy-detuned, kernel: {length_w2: 1.2, length_q2: 1.6}}}",
        ])
      let results = try JSONDecoder().decode(
        StudyResults.self, from: try Data(contentsOf: URL(filePath: "\(folder)/results.json")))
      let model = try #require(results.models["process"])
      func width(_ fit: OscillationResults?) throws -> Double {
        let interval = try #require(fit?.intervals["dm2_32"])
        return interval.upper - interval.lower
      }
      let predictions = try JSONDecoder().decode(
        Predictions.self, from: try Data(contentsOf: URL(filePath: "\(folder)/predictions.json")))
      let far = try #require(predictions.samples.first { $0.uncertainties != nil })
      let open = try #require(far.uncertainties?["process"])
      // The error of a projection never exceeds the sum of its bins' errors.
      let (projected, all): (Double, Double) = (open.marginals[0].reduce(0, +), open.bins.reduce(0, +))
      #expect(projected > 0)
      #expect(projected <= all * 1.000001)
      let ratio: Double = try width(model.oscillation) / width(model.oscillationAtPosteriorMean)
      return (ratio, all)
    }
    let few = try look("1.0e4")
    let many = try look("3.0e8")
    #expect(few.widening > 1.1 && many.widening < 1.05 && many.widening > 0.99, "\(few), \(many)")
    // Of the coarse fold's bins many are open whatever near data say; the sum still falls.
    #expect(few.uncertainty > 3 * many.uncertainty)
  }

  /// kill −9 while training, several times, then --resume: the numbers of an undisturbed run.
  @Test func killedAndResumedGivesTheSameNumbers() throws {
    let steps = [
      "--set", "models.neural.training.steps=2500", "--set", "models.neural.training.checkpoint_interval=0.05",
    ]
    let undisturbed = newFolder()
    let killed = newFolder()
    defer { for folder in [undisturbed, killed] { try? FileManager.default.removeItem(atPath: folder) } }
    _ = try run(Self.small + steps + ["--out", undisturbed])
    var kills = 0
    while kills < 3 {
      let process = Process()
      process.executableURL = URL(filePath: CommandLineRun.executable)
      process.arguments = ["run"] + Self.small + steps + ["--out", killed, "--resume", "--no-report"]
      process.currentDirectoryURL = URL(filePath: CommandLineRun.root)
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      let known = checkpoint(in: killed)
      try process.run()
      while process.isRunning, checkpoint(in: killed) == known { usleep(2000) }
      guard process.isRunning else { break }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      kills += 1
    }
    #expect(kills == 3, "the training ended before it was killed")
    #expect(!FileManager.default.fileExists(atPath: "\(killed)/results.json"))
    let resumed = try run(Self.small + steps + ["--out", killed, "--resume"])
    #expect(resumed.code == 0 || resumed.code == 2, "\(resumed.errors)")
    #expect(try numbers(killed) == numbers(undisturbed))
    #expect(checkpoint(in: killed) == nil)
  }

  /// Name and time of the checkpoint in a run folder.
  private func checkpoint(in folder: String) -> String? {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/stages")) ?? []
    guard let file = files.first(where: { $0.hasSuffix(".checkpoint") }),
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/stages/\(file)")
    else { return nil }
    return "\(file) \(attributes[.modificationDate] ?? "")"
  }

  @Test func unwritableFolderIsExit73() throws {
    for place in ["/proc/nutune", "/dev/null/nutune"] {
      let outcome = try run(Self.small + ["--out", place])
      #expect(outcome.code == 73, "\(outcome.errors)")
      #expect(outcome.errors.contains(place) && outcome.errors.contains("expected"))
      #expect(!outcome.errors.contains("Fatal"))
    }
  }

  /// No room left (a limit of 8 kB on every file): exit 73, one sentence, no half-written file, no temporary file.
  @Test func fullDiskIsExit73() throws {
    let folder = newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try run(Self.small + ["--out", folder], limit: "trap '' XFSZ; ulimit -f 8;", report: true)
    #expect(outcome.code == 73, "\(outcome.errors)")
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    #expect(!files.contains { $0.contains(".tmp-") })
    #expect(!files.contains("results.json"))
    for file in files where file.hasSuffix(".json") {
      let data = try Data(contentsOf: URL(filePath: "\(folder)/\(file)"))
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: data) }
    }
  }

  /// A log on a full disk: exit 73 before anything is computed.
  @Test func fullLogIsExit73() throws {
    let folder = newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/run.log", withDestinationPath: "/dev/full")
    let outcome = try run(Self.small + ["--out", folder, "--resume"])
    #expect(outcome.code == 73, "\(outcome.errors)")
    #expect(outcome.errors.contains("\(folder)/run.log: found a log that cannot be written"))
    #expect(!outcome.errors.contains("near-data"))
  }

  /// What a run cannot do without is looked for before the run folder is made.
  @Test func mistakesAndMissingToolsTouchNothing() throws {
    let folder = newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let mistaken = try run(Self.small + ["--out", folder, "--set", "oscillation.fit=[dm2_31, dm2_32]"])
    #expect(mistaken.code == 65, "\(mistaken.errors)")
    let toolless = try run(Self.small + ["--out", folder], limit: "export PATH=/nowhere;", report: true)
    #expect(toolless.code == 66, "\(toolless.errors)")
    #expect(toolless.errors.contains("found no gnuplot on the PATH"))
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  /// The table of results is printed also when the report cannot be made.
  @Test func tableComesBeforeTheReport() throws {
    let folder = newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: "\(folder)/figures"))
    let outcome = try run(Self.small + ["--out", folder, "--set", "oscillation.fit=[]"], report: true)
    #expect(outcome.code == 73, "\(outcome.errors)")
    #expect(outcome.output.contains("Far detector") && !outcome.output.contains("report.html"))
  }

  @Test func twoRunsInOneFolderAreRefused() throws {
    let folder = newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let held = try RunFolder(path: folder)
    let outcome = try run(Self.small + ["--out", folder])
    #expect(outcome.code == 73)
    #expect(outcome.errors.contains("another run"))
    _ = held
  }

  /// ν and ν̄, drawn data, the far detector's own flux: every layer works on a set of samples.
  @Test func severalSamplesAndDrawnData() throws {
    let folder = newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let several =
      Self.small + [
        "--out", folder, "--set", "channels=[numu,numubar]", "--set", "near.events=1.0e6", "--set",
        "far.sample=poisson", "--set", "far.flux=own", "--set", "models.neural.training.steps=30",
      ]
    let outcome = try run(several, report: true)
    #expect(outcome.code == 0 || outcome.code == 2, "\(outcome.errors)")
    let data = try Data(contentsOf: URL(filePath: "\(folder)/predictions.json"))
    let predictions = try JSONDecoder().decode(Predictions.self, from: data)
    #expect(
      predictions.samples.map(\.name) == ["near-numu-fhc", "near-numubar-fhc", "far-numu-fhc", "far-numubar-fhc"])
    for sample in predictions.samples {
      // Drawn counts are whole numbers, and so is their sum.
      let events = try #require(sample.events)
      #expect(events == events.rounded())
      #expect(abs(sample.models["neural"]!.reduce(0, +) - 1) < 1e-9)
      for probability in sample.data {
        let count = probability * events
        #expect(abs(count - count.rounded()) < 1e-6 * max(count, 1))
      }
    }
    #expect(abs(predictions.samples[0].events! + predictions.samples[1].events! - 1e6) < 5e3)

    // The far flux enters the energy cells: what was folded with another one is not reused.
    let other = try run(several + ["--resume", "--set", "far.flux=near"])
    #expect(!other.errors.contains("near-data: as before"))

    // Nothing is left of a slice that is no longer asked for, and another study may not have the folder.
    #expect(FileManager.default.fileExists(atPath: "\(folder)/histograms/slice-2-gev.json"))
    let another = ["--out", folder, "--resume", "--set", "slices.energies=[3]", "--set", "oscillation.fit=[]"]
    _ = try run(Self.small + another, report: true)
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/histograms/slice-2-gev.json"))
    let foreign = try run(Self.small + ["--out", folder, "--set", "name=another"])
    #expect(foreign.code == 73)
    #expect(foreign.errors.contains("dune-closure") && foreign.errors.contains("--out"))
    #expect(FileManager.default.fileExists(atPath: "\(folder)/results.json"))
  }

  /// A smooth modulation of a model without resonances cannot describe data that have them: said in red, on stderr and in
  /// the results, with exit code 0, because nothing failed to converge.
  @Test(arguments: ["3.0e7", "infinite"]) func aModelWithoutRoomForTheDataIsFlagged(events: String) throws {
    let folder = newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let withoutNeural = Array(Self.small.prefix { !$0.hasPrefix("models.neural") }.dropLast())
    let outcome = try run(
      withoutNeural + [
        "--out", folder, "--set", "near.events=\(events)", "--set", "truth={model: toy-sf-resonance}", "--set",
        "fit.marginalize=false", "--set",
        "models={process: {model: gaussian-process-sf, prior: {model: toy-sf}, "
          + "kernel: {length_w2: 1.2, length_q2: 1.6, amplitude: 0.1}}}",
      ], report: events == "infinite")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("warning: process: near data are not described"))
    let results = try JSONDecoder().decode(
      StudyResults.self, from: try Data(contentsOf: URL(filePath: "\(folder)/results.json")))
    let fit = try #require(results.models["process"]?.near.goodnessOfFit)
    #expect(fit.verdict == .poor)
    if events == "infinite" {
      #expect(try #require(fit.visibleEvents) < #require(fit.assumedEvents))
      let html = try String(contentsOf: URL(filePath: "\(folder)/report.html"), encoding: .utf8)
      #expect(html.contains("<span class=\"bad\">It does NOT describe the near data"))
    } else {
      #expect(try #require(fit.pValue) < 1e-6)
    }
  }

  /// One model that diverges leaves the others their results: exit 2, and a sentence with its label.
  @Test func aDivergingModelDoesNotTakeTheOthersAlong() throws {
    let folder = newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bad =
      "models.bad={model: neural-sf, network: {hidden: [8]}, "
      + "training: {steps: 200, learning_rate: 10, final_learning_rate: 10}}"
    let outcome = try run(Self.small + ["--out", folder, "--set", bad])
    #expect(outcome.code == 2, "\(outcome.errors)")
    #expect(outcome.output.contains("FAILED: bad: ") && outcome.output.contains("models.bad"))
    let results = try JSONDecoder().decode(
      StudyResults.self, from: Data(contentsOf: URL(filePath: "\(folder)/results.json")))
    #expect(results.models.keys.sorted() == ["neural"])
    #expect(results.failures?.keys.sorted() == ["bad"])
  }

  /// Nothing oscillates on the way: the fit says that the data do not determine its parameters, and gives no bias.
  @Test func aFitThatMeasuresNothingSaysSo() throws {
    let folder = newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try run(Self.small + ["--out", folder, "--set", "experiment.baseline.length=0"])
    #expect(outcome.code == 2, "\(outcome.errors)")
    #expect(outcome.output.contains("do not determine sin2_theta23"))
    let results = try JSONDecoder().decode(
      StudyResults.self, from: Data(contentsOf: URL(filePath: "\(folder)/results.json")))
    #expect(results.truth.oscillation?.converged == false)
    #expect(results.models["neural"]?.oscillation?.biasSigma?["sin2_theta23"] == nil)
  }

  /// A folder with files of somebody else is refused, and they are still there.
  @Test func filesOfTheUserAreNotTouched() throws {
    let folder = newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: "\(folder)/data", withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(filePath: "\(folder)/data/thesis.csv"))
    let outcome = try run(Self.small + ["--out", folder])
    #expect(outcome.code == 73, "\(outcome.errors)")
    #expect(outcome.errors.contains("data/thesis.csv"))
    #expect(try String(contentsOfFile: "\(folder)/data/thesis.csv", encoding: .utf8) == "mine")
    let runs = newFolder()
    defer { try? FileManager.default.removeItem(atPath: runs) }
    let short = Self.small + ["--out", runs, "--set", "oscillation.fit=[]", "--set", "models.neural.training.steps=20"]
    _ = try run(short, report: true)
    try Data("mine".utf8).write(to: URL(filePath: "\(runs)/figures/annotated.pdf"))
    _ = try run(short, report: true)
    #expect(FileManager.default.fileExists(atPath: "\(runs)/figures/annotated.pdf"))
  }
}
