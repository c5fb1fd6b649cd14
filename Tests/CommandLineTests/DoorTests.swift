import Foundation
import Testing

/// What comes from files and from the command line is checked, whoever wrote it.
@Suite(.serialized) struct DoorTests {
  /// A folder of its own with a study in files of short names.
  private struct Folder {
    let path = NSTemporaryDirectory() + "nutune-doors-\(UUID().uuidString)"

    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try EnsembleFixture.study.write(toFile: "\(path)/s", atomically: true, encoding: .utf8)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// A line of bash in the folder, with `$nutune` and the catalogs.
    func bash(_ line: String) throws -> CommandLineRun {
      try CommandLineRun(shell: "export NUTUNE_CATALOGS='\(CommandLineRun.root)/catalogs'; \(line)", in: path)
    }
  }

  @Test(arguments: [
    ("check s", 0, "ok"), ("check ./s", 0, "ok"), ("check .//s", 0, "ok"), ("check x", 66, "x: found neither"),
    ("check s/", 66, "s/: found no such file"), ("check .", 66, ".: found a folder"),
    ("check /", 66, "/: found a folder"),
    ("check ''", 64, "found an empty word after “check”"), ("check -- -x", 0, "-x: ok"),
    ("check $'a b\\nc'", 0, "ok"), ("present x --runs r --out z", 66, "x: found neither"),
    ("present s --runs r --out z", 65, "s:1:9: schema"), ("compare a b", 66, "a/results.json"),
    ("report x", 66, "x/results.json"), ("cite x", 66, "x: found no study.json"),
    ("ensemble status x", 66, "x: found no plan"), ("list --plugin x", 66, "no libx.so"),
    ("list --plugin ./x", 66, "no such file"), ("run s --out ''", 64, "an empty word after “--out”"),
    ("import csv x --as flux --cite x", 66, "x: found no such file"),
  ])
  func shortAndStrangePaths(_ arguments: String, _ code: Int, _ words: String) throws {
    let folder = try Folder()
    defer { folder.remove() }
    let run = try folder.bash("cp s -- -x; cp s $'a b\\nc'; \"$nutune\" \(arguments)")
    #expect(run.exitCode == code && (run.output + run.errors).contains(words), "\(run.exitCode) \(run.errors)")
  }

  @Test func aFolderOfOneCharacterIsMade() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let run = try folder.bash("\"$nutune\" ensemble plan s --out z && \"$nutune\" ensemble status z/")
    #expect(run.exitCode == 1 && run.output.contains("ensemble run z/"), "\(run.errors)")
  }

  /// A copied, edited or renamed member is none; what a plan says is checked like a study.
  @Test func filesOfAnEnsembleAreBoundToTheirNames() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let first = try folder.bash("\"$nutune\" ensemble run s --out e --no-report")
    try #require(first.exitCode == 0 || first.exitCode == 2, "\(first.errors)")
    #expect((first.exitCode == 2) == (first.output + first.errors).contains("NOT CONVERGED"))
    func merge(_ change: String) throws -> CommandLineRun {
      try folder.bash("rm -rf f; cp -r e f; \(change); \"$nutune\" ensemble merge f --no-report")
    }
    #expect(try merge("true").exitCode == first.exitCode)
    let copied = try merge("cp f/members/all-0001.json f/members/all-0002.json")
    #expect(copied.exitCode == 65 && copied.errors.contains("f/members/all-0002.json: member: found member 1"))
    let other = try merge("cp f/members/flux-0001.json f/members/network-0001.json")
    #expect(other.exitCode == 65 && other.errors.contains("set: found a member of the set “flux”"), "\(other.errors)")
    let edited = try merge("sed -i 's/\"set\":\"flux\"/\"set\":\"all\"/' f/members/flux-0001.json")
    #expect(edited.exitCode == 65 && edited.errors.contains("was changed after it was written"), "\(edited.errors)")
    let again = try folder.bash("\"$nutune\" ensemble run f --no-report")
    #expect(again.exitCode == first.exitCode && again.errors.contains("flux-0001 is computed anew"), "\(again.errors)")
    #expect(try folder.bash("diff -r e/members f/members").exitCode == 0)

    for (change, words) in [
      ("s/\"members\" : 4/\"members\" : 0/", "sets.0.members: found 0; expected a number from 1 to 100000"),
      ("s/\"members\" : 4/\"members\" : 1000000000/", "sets.0.members: found 1000000000"),
      ("s/\"name\" : \"flux\"/\"name\" : \"..\\/..\\/x\"/", "name: found “../../x”"),
      ("s/\"members\" : 4/\"members\" : 3/", "was changed after it was written"),
    ] {
      let run = try merge("sed -i '\(change)' f/plan.json")
      #expect(run.exitCode == 65 && run.errors.contains(words), "\(change): \(run.errors)")
    }
    let block = try folder.bash(
      "\"$nutune\" ensemble run e --block 9223372036854775807 --block-size 9223372036854775807")
    #expect(block.exitCode == 0 && block.errors.contains("0 members computed"), "\(block.errors)")
  }

  /// A finished stage whose file is not as it was left is done again, and says so.
  @Test func aChangedFileOfAStageIsComputedAnew() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let study = "'models={neural: {model: neural-sf, network: {hidden: [16, 16]}, training: {steps: 150}}}'"
    func run(_ change: String, _ option: String) throws -> CommandLineRun {
      try folder.bash("\(change); \"$nutune\" run s --out r --no-report --set \(study) \(option)")
    }
    _ = try run("true", "")
    let results = try folder.bash("cp -r r first; ls r/models r/fits r/data")
    #expect(results.exitCode == 0)
    for (file, stage) in [
      ("models/neural.safetensors", "tune-neural"), ("data/near.json", "near-data"), ("fits/neural.json", "fit-neural"),
    ] {
      let changed = try run("printf X | dd of=r/\(file) bs=1 seek=200 conv=notrunc 2>/dev/null", "--resume")
      #expect(changed.errors.contains("\(stage): r/\(file) is not as it was left"), "\(changed.errors)")
      #expect(try folder.bash("cmp r/\(file) first/\(file)").exitCode == 0, "\(file)")
    }
    let same = try run("true", "--resume")
    #expect(!same.errors.contains("not as it was left") && same.errors.contains("tune-neural: as before"))
  }

  @Test func shortFilesThatNeverEnd() throws {
    let folder = try Folder()
    defer { folder.remove() }
    var bomb = "a0: &a0 [x, x]\n"
    for level in 1..<40 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    try (bomb + "? *a39\n: 1\n").write(toFile: "\(folder.path)/bomb", atomically: true, encoding: .utf8)
    let key = try folder.bash("timeout 20 \"$nutune\" check bomb")
    #expect(key.exitCode == 65 && key.errors.contains("found more than 1000000 values"), "\(key.errors)")
    try "a: &a [x, x]\n? *a\n: 1\n".write(toFile: "\(folder.path)/bomb", atomically: true, encoding: .utf8)
    let list = try folder.bash("\"$nutune\" check bomb")
    #expect(list.exitCode == 65 && list.errors.contains("bomb:2:3: found a key that is not a word"), "\(list.errors)")
    let many = (0..<40_000).map { "k\($0): 1\n" }.joined()
    try (EnsembleFixture.study + "\n" + many).write(toFile: "\(folder.path)/many", atomically: true, encoding: .utf8)
    let unknown = try folder.bash("timeout 20 \"$nutune\" check many")
    #expect(unknown.exitCode == 65 && unknown.errors.utf8.count < 20_000, "\(unknown.errors.prefix(300))")
    #expect(unknown.errors.contains("found 39980 more unknown keys from here on"))
  }

  @Test(arguments: [
    ("title=inf", "title: found “inf”; expected text"), ("title=2024", "title: found “2024”"),
    ("citations=[x]", "citations: found “x”; expected a mapping"),
    ("experiment={base: dune, citations: [x]}", "citations: found “x”"),
    (
      "far.events=1e16 --set fit.feldman_cousins=100",
      "fit.feldman_cousins: found pseudo-experiments of 1e+16 far events"
    ),
    ("systematics.slurm.options=[--account=mine]", "the key “account” instead of --account"),
  ])
  func whatCheckDidNotSee(_ change: String, _ words: String) throws {
    let folder = try Folder()
    defer { folder.remove() }
    let change = change.replacing(" --set ", with: "' --set '")
    let run = try folder.bash("\"$nutune\" check s --set '\(change)'")
    #expect(run.exitCode == 65 && run.errors.contains(words), "\(run.errors)")
    #expect(
      try folder.bash("\"$nutune\" check s --set systematics.slurm.account=mine --set 'title=\"inf\"'").exitCode == 0)
  }

  /// An entry may build on another, which has to be there and not build on itself.
  @Test func aBaseOfABase() throws {
    let folder = try Folder()
    defer { folder.remove() }
    func check(_ base: String) throws -> CommandLineRun {
      try folder.bash(
        "mkdir -p c/experiments; printf 'schema: nutune.experiment/1\\nname: mine\\ntitle: Mine\\nbase: \(base)\\ntarget: C12\\n' "
          + "> c/experiments/mine.yaml; NUTUNE_CATALOGS=c:$NUTUNE_CATALOGS \"$nutune\" check s --set experiment=mine")
    }
    #expect(try check("dune").output.contains("Mine, numu"))
    let missing = try check("nosuch")
    #expect(missing.exitCode == 65 && missing.errors.contains("the unknown experiment “nosuch”"), "\(missing.errors)")
    let itself = try check("mine")
    #expect(itself.exitCode == 65 && itself.errors.contains("“mine”, which builds on itself"), "\(itself.errors)")
  }

  /// A broken table is bad data, whichever command reads it.
  @Test func aBrokenTableHasOneExitCode() throws {
    let folder = try Folder()
    defer { folder.remove() }
    for content in ["energy,lepton_energy\\n1,2\\n", "\\211HDF\\r\\n\\032\\n", ""] {
      let table = "printf '\(content)' > t.h5; cp t.h5 t.csv;"
      for file in ["t.h5", "t.csv"] {
        let check = try folder.bash("\(table) \"$nutune\" check s --set 'models.t={model: tabulated, file: \(file)}'")
        let print = try folder.bash(
          "\(table) \"$nutune\" cross-section tabulated --channel numu --target Ar40 --energies 1:2:1 --set file=\(file)"
        )
        #expect(check.exitCode == 65 && print.exitCode == 65, "\(content) \(check.errors) \(print.errors)")
      }
    }
  }

  @Test func aSignalSaysHowToGoOn() throws {
    let folder = try Folder()
    defer { folder.remove() }
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
      // In all bins, because a net of few converges before the signal.
      // A shell without job control ignores SIGINT for what it starts in the background, and whoever runs the tests may.
      let run = try folder.bash(
        "set -m; env --default-signal=INT,TERM \"$nutune\" run s --out \(signal) --set models.neural.training.steps=100000"
          + " --set experiment=dune & "
          + "for wait in {1..600}; do grep -qs 'tune-neural .*/100000' \(signal)/run.log && break; sleep 0.1; done; "
          + "kill -\(signal) $!; wait $!; code=$?; ls -a \(signal) \(signal)/* | grep -c tmp-; exit $code")
      #expect(run.exitCode == code, "\(run.exitCode) \(run.errors)")
      #expect(run.errors.contains("SIG\(signal)") && run.errors.contains("--resume goes on"), "\(run.errors)")
      #expect(run.output == "0\n")
    }
  }

  @Test func aFolderThatIsRemovedMeanwhileIsNoSuccess() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let run = try folder.bash(
      "mkdir bin; printf '#!/bin/sh\\nrm -rf \"$FOLDER/r\"\\nexec /usr/bin/gnuplot \"$@\"\\n' > bin/gnuplot; "
        + "chmod +x bin/gnuplot; FOLDER=$PWD PATH=$PWD/bin:$PATH \"$nutune\" run s --out r "
        + "--set 'models={theory: {model: toy-sf}}' --set 'oscillation.fit=[]'")
    #expect(run.exitCode == 73 && run.errors.contains("r: found a folder that was removed"), "\(run.errors)")
  }

  /// Temporary files of a process that was killed go with the next run.
  @Test func leftoversAreSweptAway() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let run = try folder.bash(
      "\"$nutune\" ensemble plan s --out e >/dev/null; touch e/plan.json.tmp-77 e/members/all-0001.json.tmp-78 e/mine.tmp-x; "
        + "\"$nutune\" ensemble plan s --out e >/dev/null; ls e e/members | grep tmp")
    #expect(run.output == "mine.tmp-x\n", "\(run.output)")
  }

  @Test func littleIsSaidAsLittle() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let files = try folder.bash("ulimit -n 9; timeout 30 \"$nutune\" check s")
    #expect(files.exitCode == 1 && files.errors.contains("ulimit -n: found 9 files"), "\(files.errors)")
    for memory in [250_000, 400_000, 500_000] {
      let run = try folder.bash("ulimit -v \(memory); timeout 60 \"$nutune\" run s --out r")
      #expect([0, 1, 2, 73].contains(run.exitCode), "\(memory): \(run.exitCode) \(run.errors)")
    }
  }
}
