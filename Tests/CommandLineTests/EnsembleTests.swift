import Foundation
import Testing

/// `nutune ensemble` as a user meets it.
@Suite(.serialized) struct EnsembleTests {
  /// Contents of the members' files of the ensemble of ``EnsembleFixture/study``, computed in one go.
  private static let undisturbed = Result {
    let fixture = try EnsembleFixture()
    defer { fixture.remove() }
    _ = try fixture.ensemble("run $study --no-report --out $out")
    return try fixture.members("a")
  }

  @Test func runsOnAnyNumberOfThreadsAndGoesOnWhereItWas() throws {
    let fixture = try EnsembleFixture()
    defer { fixture.remove() }
    let first = try fixture.ensemble("run $study --out $out --jobs 3")
    #expect(first.exitCode == 0 || first.exitCode == 2, "\(first.errors)")
    #expect(first.output.contains("report.html") && first.output.contains("statistics"))
    let members = try fixture.members("a")
    #expect(members.keys.sorted() == EnsembleFixture.members.sorted())
    for file in ["plan.json", "reference.json", "ensemble.json", "report.html", "run.log"] {
      #expect(FileManager.default.fileExists(atPath: "\(fixture.folder)/a/\(file)"), "\(file)")
    }
    try FileManager.default.removeItem(atPath: "\(fixture.folder)/a/report.html")
    #expect(try CommandLineRun("report", "\(fixture.folder)/a").exitCode == 0)
    #expect(FileManager.default.fileExists(atPath: "\(fixture.folder)/a/report.html"))

    try checkModel(fixture)

    // Planned, then computed block by block on one thread: the same bytes.
    #expect(try fixture.ensemble("plan $study --out $out", out: "b").exitCode == 0)
    for block in [1, 2, 0] {
      let task = try fixture.ensemble("run $out --block \(block) --block-size 4 --jobs 1", out: "b")
      #expect(task.exitCode == 0, "\(task.errors)")
    }
    #expect(try fixture.members("b") == members)

    // What is lost is computed again, nothing else.
    let lost = "\(fixture.folder)/a/members/flux-0002.json"
    try FileManager.default.removeItem(atPath: lost)
    let status = try fixture.ensemble("status $out")
    #expect(status.exitCode == 1 && status.output.contains("flux-0002"), "\(status.output)")
    let refused = try fixture.ensemble("merge $out")
    #expect(refused.exitCode == 66 && refused.errors.contains("flux-0002") && refused.errors.contains("--incomplete"))
    let partial = try fixture.ensemble("merge $out --incomplete --no-report")
    #expect(partial.exitCode == 2 && partial.errors.contains("1 of 2 members are missing"), "\(partial.errors)")
    let again = try fixture.ensemble("run $out --no-report")
    #expect(again.errors.contains("9 members are there already") && again.errors.contains("1 members computed"))
    #expect(try fixture.members("a") == members)
    #expect(try fixture.computed("a") == EnsembleFixture.members.count + 1)
    #expect(try fixture.ensemble("status $out").exitCode == 0)
  }

  /// The members of the ensemble as one model: named, its mean and spread those of its members, exported, installed.
  private func checkModel(_ fixture: EnsembleFixture) throws {
    let model = "\(fixture.folder)/a#neural"
    func totals(_ name: String, _ more: String = "") throws -> [Double] {
      let run = try CommandLineRun(
        shell: "$nutune cross-section '\(name)' --channel numu --target Ar40 --energy 0.8 \(more)")
      #expect(run.exitCode == 0, "\(run.errors)")
      return try #require(run.rows.last).compactMap { Double($0) }
    }
    let members = try (1...4).map { member -> Double in
      let card = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(filePath: "\(fixture.folder)/a/models/members/all-000\(member).json")))
      let origin = (card as? [String: Any])?["origin"] as? [String: Any]
      let factors = (origin?["scale"] as? [String: Any])?["factors"] as? [String: [String: Double]]
      return try totals("\(fixture.folder)/a#members/all-000\(member)")[1] * #require(factors?["neutrino"]?["value"])
    }
    let mean = members.reduce(0, +) / 4
    let spread = (members.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3).squareRoot()
    let found = try totals(model, "--members 60")
    // Totals are integrated to better than 10⁻⁴ each.
    #expect(abs(found[1] / mean - 1) < 1e-4, "\(found) \(members)")
    // 60 draws know a standard deviation to 1/√120 = 9 %.
    #expect(spread > 0 && abs(found[2] / spread - 1) < 0.3, "\(found) \(members)")

    let table = try CommandLineRun(
      "export", model, "--format", "globes", "--out", "\(fixture.folder)/globes", "--energies", "0.5:1.1:0.2")
    #expect(table.exitCode == 0 && table.output.contains("globes/"), "\(table.errors)")
    let refused = try CommandLineRun("export", model, "--format", "uhi", "--out", "\(fixture.folder)/uhi")
    #expect(refused.exitCode == 64 && refused.errors.contains("a model without the data of a run"), "\(refused.errors)")
    let shown = try CommandLineRun("models", "show", model)
    #expect(shown.output.contains("4, whose mean it is") && shown.output.contains("of 4 members"), "\(shown.output)")
    let listed = try CommandLineRun("models", "list", "\(fixture.folder)/a")
    #expect(listed.output.split(separator: "\n").count == 1, "\(listed.output)")
  }

  @Test func killedAtAnyTimeItEndsTheSame() throws {
    let fixture = try EnsembleFixture()
    defer { fixture.remove() }
    let members = try Self.undisturbed.get()
    for delay in ["0.5", "1.2", "2"] {
      _ = try fixture.ensemble(
        "run $study --no-report --out $out & pid=$!; sleep \(delay); kill -9 $pid; wait $pid", out: "a")
    }
    let last = try fixture.ensemble("run $study --no-report --out $out")
    #expect(last.exitCode == 0 || last.exitCode == 2, "\(last.errors)")
    #expect(try fixture.members("a") == members)
  }

  @Test func twoRunsAtOnceShareTheWork() throws {
    let fixture = try EnsembleFixture()
    defer { fixture.remove() }
    #expect(try fixture.ensemble("plan $study --out $out").exitCode == 0)
    let both = try fixture.ensemble(
      "run $out --no-report --jobs 1 & first=$!; \"$nutune\" ensemble run \"$out\" --no-report --jobs 1; second=$?; "
        + "wait $first; [ $? -ne 1 ] && [ $second -ne 1 ]")
    #expect(both.exitCode == 0, "\(both.errors)")
    #expect(try fixture.computed("a") == EnsembleFixture.members.count)
    #expect(Set(try fixture.members("a").keys) == Set(EnsembleFixture.members))
  }

  @Test func membersAreAddedAndOtherStudiesRefused() throws {
    let fixture = try EnsembleFixture(
      EnsembleFixture.study.replacing("vary: [network, flux, statistics], breakdown: 2", with: "vary: [flux]"))
    defer { fixture.remove() }
    let set = "--set systematics.ensemble.members"
    _ = try fixture.ensemble("run $study --no-report --out $out \(set)=2")
    let two = try fixture.members("a")
    let more = try fixture.ensemble("run $study --no-report --out $out \(set)=3")
    #expect(more.errors.contains("2 members are there already"), "\(more.errors)")
    let three = try fixture.members("a")
    #expect(three.count == 3 && two.allSatisfy { three[$0.key] == $0.value })

    let other = try fixture.ensemble("plan $study --out $out --set seed.data=2")
    #expect(other.exitCode == 73 && other.errors.contains("a folder of its own"), "\(other.errors)")
    let run = try CommandLineRun("run", "\(fixture.folder)/study.yaml", "--out", "\(fixture.folder)/a")
    #expect(run.exitCode == 73 && run.errors.contains("an ensemble"), "\(run.errors)")
    let changes = try fixture.ensemble("run $out --set seed.data=2")
    #expect(changes.exitCode == 64, "\(changes.errors)")
    try EnsembleFixture.study.replacing("3.0e6", with: "2.0e6").write(
      toFile: "\(fixture.folder)/study.yaml", atomically: true, encoding: .utf8)
    try FileManager.default.removeItem(atPath: "\(fixture.folder)/a/members/all-0001.json")
    let changed = try fixture.ensemble("run $out")
    #expect(changed.exitCode == 65 && changed.errors.contains("planned"), "\(changed.errors)")
  }

  /// Each source alone moves what it should, members of a varied architecture take the models in turn.
  @Test func sourcesAreWhatTheySay() throws {
    func member(_ name: String) throws -> [String: Any] {
      let data = try #require(try Self.undisturbed.get()[name])
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    func fit(_ name: String, _ with: String) throws -> [Double]? {
      (try member(name)[with] as? [String: Any])?["fit"] as? [Double]
    }
    // The true cross section knows of the flux and of nothing else.
    #expect(try fit("network-0001", "truth") == nil && fit("statistics-0001", "truth") == nil)
    #expect(try fit("flux-0001", "truth") != nil && fit("flux-0001", "truth") != fit("flux-0002", "truth"))
    #expect(try fit("flux-0001", "truth") == fit("all-0001", "truth"))
    for source in ["network", "flux", "statistics"] {
      #expect(try fit("\(source)-0001", "model") != fit("\(source)-0002", "model"), "\(source)")
    }
    let turns = try EnsembleFixture(
      EnsembleFixture.study.replacing(
        "vary: [network, flux, statistics], breakdown: 2", with: "vary: [architecture], architectures: [neural, narrow]"
      ))
    defer { turns.remove() }
    _ = try turns.ensemble("run $study --no-report --out $out")
    let labels = try (1...4).map { number in
      let data = try #require(try turns.members("a")["all-000\(number)"])
      return (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["label"] as? String
    }
    #expect(labels == ["neural", "narrow", "neural", "narrow"])
    try checkModel(turns)
  }

  /// A throw acts where the study says: on what models believe, on what makes the data, or one on each.
  @Test func aFluxThrowActsWhereItShould() throws {
    let fixture = try EnsembleFixture(
      EnsembleFixture.study.replacing("vary: [network, flux, statistics], breakdown: 2", with: "vary: [flux]"))
    defer { fixture.remove() }
    var fits: [[[Double]]] = []
    for place in ["model", "data", "both"] {
      let run = try fixture.ensemble(
        "run $study --no-report --out $out --set systematics.flux.vary=\(place) "
          + "--set systematics.ensemble.members=2", out: place)
      #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
      let set = try #require((try fixture.results(place)["sets"] as? [[String: Any]])?.first)
      fits.append(try #require((set["truth"] as? [String: Any])?["fits"] as? [[Double]]))
    }
    // Three different things, none of them nothing.
    #expect(Set(fits.map { $0[0][1] }).count == 3 && Set(fits.map { $0[1][1] }).count == 3, "\(fits)")
  }

  @Test(arguments: [
    ("near.events=infinite", "near.events"), ("systematics.flux={}", "flux.covariance"),
    ("systematics.flux.covariance=dune-lik", "dune-like"),
    ("systematics.ensemble.vary=[architecture]", "architectures"),
    ("systematics.ensemble.vary=[luck]", "network"), ("systematics.ensemble.model=neura", "neural"),
    ("systematics.slurm.time=soon", "hours:minutes:seconds"), ("systematics.slurm.memory=much", "2G"),
    ("systematics.ensemble.members=0", "from 1"), ("oscillation.fit=[dm2_32]", "two parameters"),
    ("fit.feldman_cousins=100000000", "from 0"),
  ])
  func mistakesAreSaidBeforeAnythingIsComputed(_ change: String, _ words: String) throws {
    let fixture = try EnsembleFixture()
    defer { fixture.remove() }
    let run = try fixture.ensemble("plan $study --out $out --set '\(change)'")
    #expect(run.exitCode == 65 && run.errors.contains(words), "\(run.errors)")
  }
}
