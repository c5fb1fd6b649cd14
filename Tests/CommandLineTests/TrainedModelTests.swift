import Foundation
import NuTuneCatalog
import NuTuneResults
import Testing

/// A model is trained once, and used by its name from then on.
@Suite struct TrainedModelTests {
  private static let coarse = [
    "experiment=\(CoarseBins.dune)", "fold={cell_scale: 4, nodes_w2: 40, nodes_q2: 26, accuracy: 1.0e-2}",
    "slices.energies=[2]", "oscillation.fit=[]",
  ]

  private func study(_ folder: String, _ out: String, _ sets: [String], resume: Bool = false) throws -> CommandLineRun {
    let changes = (Self.coarse + sets).map { "--set '\($0)'" }.joined(separator: " ")
    return try CommandLineRun(
      shell: "$nutune run dune-closure --no-report --out '\(folder)/\(out)' \(changes)\(resume ? " --resume" : "")")
  }

  @Test func fromTrainingToTruth() throws {
    let folder = NSTemporaryDirectory() + "nutune-trained-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let net = "models={neural: {model: neural-sf, network: {hidden: [8]}, training: {steps: 400}}}"
    let training = try study(folder, "first", [net])
    #expect([0, 2].contains(training.exitCode), "\(training.errors)")

    // The card.
    let list = try CommandLineRun("models", "list", "\(folder)/first")
    #expect(list.output.hasPrefix("\(folder)/first#neural  neural-sf  numu  Ar40  "), "\(list.output)\(list.errors)")
    let name = "\(folder)/first#neural"
    let shown = try CommandLineRun("models", "show", name, "--json")
    let card = try JSONDecoder().decode(ModelCard.self, from: Data(shown.output.utf8))
    let origin = try #require(card.origin)
    #expect(card.schema == "nutune.model/2" && origin.targets == ["Ar40"] && origin.channels == ["numu"])
    #expect(!origin.scale.isAbsolute && origin.scale.factors.keys.sorted() == ["neutrino"])
    #expect(origin.formulas.count == 2 && origin.probes.count == 1)
    #expect(try CommandLineRun("models", "show", name).output.contains("licence"))

    // With the factor of the card the cross section is the truth's, as far as a short training goes.
    let arguments = ["--channel", "numu", "--target", "Ar40", "--energies", "2:3:0.5"]
    func sigma(_ model: String) throws -> CommandLineRun {
      let words = (["cross-section", model] + arguments).map { "'\($0)'" }.joined(separator: " ")
      return try CommandLineRun(shell: "NUTUNE_CATALOGS='\(folder)/catalogs:catalogs' $nutune \(words)")
    }
    let (learned, truth) = (try sigma(name), try sigma("toy-sf"))
    #expect(learned.exitCode == 0 && learned.errors.contains("the scale of its cross section is arbitrary"))
    let factor = try #require(origin.scale.factors["neutrino"]?.value)
    for row in 1...3 { #expect(abs(try factor * learned.number(row, 1) / truth.number(row, 1) - 1) < 0.5) }

    // The catalog.
    let add = try CommandLineRun("models", "add", name, "--name", "net-v1", "--to", "\(folder)/catalogs")
    #expect(add.exitCode == 0 && add.output == "wrote \(folder)/catalogs/cross-sections/net-v1.yaml\n", "\(add.errors)")
    let installed = try sigma("net-v1")
    #expect(installed.output == learned.output && installed.exitCode == 0)
    let files = try TrainedModelFiles(of: "net-v1", in: "", catalog: Catalog(folders: ["\(folder)/catalogs"]))
    #expect(try ModelCard.read(files.card).origin?.study == "dune-closure")

    // A truth that knows no near data, and the same model, fixed: it predicts that truth.
    let sets = ["truth={trained: \(name)}", "models={same: {trained: \(name)}}"]
    let second = try study(folder, "second", sets)
    #expect(second.exitCode == 0, "\(second.errors)")
    let results = try JSONDecoder().decode(
      StudyResults.self, from: Data(contentsOf: URL(filePath: "\(folder)/second/results.json")))
    let same = try #require(results.models["same"])
    #expect(same.training == nil && same.near.tv < 1e-12 && (same.far?.tv ?? 1) < 1e-12)
    let warnings = results.warnings ?? []
    #expect(warnings.contains { $0.contains("near data are a sample that it has not seen") })
    #expect(warnings.contains { $0.hasPrefix("same is the trained model") })
    #expect(results.study.values["truth.trained_sha256"] == results.study.values["models.same.trained_sha256"])
  }

  @Test(arguments: [
    (["models", "show", "nowhere#neural"], 66, "found no folder “nowhere”"),
    (["models", "show", "nosuch"], 64, "found the unknown cross-section “nosuch”"),
    (["models", "list", "catalogs"], 64, "found “catalogs”, a folder without trained models"),
    (
      ["cross-section", "nowhere#neural", "--channel", "numu", "--target", "Ar40", "--energy", "2"], 66,
      "found no folder"
    ),
    (["models", "lst"], 64, "did you mean “list”?"),
  ])
  func mistakes(_ words: [String], _ exitCode: Int32, _ expected: String) throws {
    let run = try CommandLineRun(shell: "$nutune " + words.map { "'\($0)'" }.joined(separator: " "))
    #expect(run.exitCode == exitCode && run.errors.contains(expected), "\(run.exitCode): \(run.errors)")
  }
}
