import NuTuneCatalog
import NuTuneCore
import Testing

@Suite("What a user tells Slurm is checked before anything is submitted")
struct SlurmSettingsTests {
  @Test(arguments: ["90", "10:00", "2:30:00", "1-12", "1-12:30", "1-12:30:00", "0-00:10", "UNLIMITED", "infinite"])
  func times(_ text: String) { #expect(SlurmSettings.isTime(text)) }

  @Test(arguments: [
    "", "0", "00:00", "1h", "2 h", "-5", "1-", "1-2:3:4:5", "1:2:3:4", "1.5", "10:", ":10", "1--2", "１０", "9999999999",
    "10\n",
  ])
  func noTimes(_ text: String) { #expect(!SlurmSettings.isTime(text)) }

  @Test(arguments: ["2G", "500M", "2048", "100000K", "1T", "2g"])
  func sizes(_ text: String) { #expect(SlurmSettings.isMemory(text)) }

  @Test(arguments: ["", "G", "0", "0G", "2GB", "2 G", "1.5G", "-2G", "2P", "2G\n"])
  func noSizes(_ text: String) { #expect(!SlurmSettings.isMemory(text)) }

  @Test(arguments: [
    (
      SlurmSettings(time: "2h"),
      "time: found “2h”; expected a time: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes, "
        + "days-hours:minutes:seconds or UNLIMITED"
    ),
    (
      SlurmSettings(memory: "2GB"),
      "memory: found “2GB”; expected a whole number above 0 with K, M, G or T, for example 2G; "
        + "without a letter it is in MB"
    ),
    (
      SlurmSettings(partition: "a b"),
      "partition: found “a b”; expected a name without spaces, as the cluster lists it"
    ),
    (
      SlurmSettings(options: ["-C haswell"]),
      "options: found “-C haswell”; expected an option of sbatch as --name or --name=value"
    ),
    (
      SlurmSettings(options: ["--array=0-9"]),
      "options: found “--array=0-9”; expected an option other than --array"
    ),
    (SlurmSettings(options: ["--arr=0-9"]), "options: found “--arr=0-9”; expected an option other than --array"),
    (SlurmSettings(options: ["--mem=2G"]), "options: found “--mem=2G”; expected the key “memory” instead of --mem"),
    (
      SlurmSettings(options: ["--comment=a\nrm"]),
      "options: found “--comment=a\\nrm”; expected an option of sbatch as --name or --name=value"
    ),
  ])
  func refused(_ settings: SlurmSettings, _ sentence: String) throws {
    let error = try #require(throws: NuTuneError.self) { try settings.check() }
    #expect(error.category == .badData)
    #expect(error.description == sentence)
  }

  @Test("all mistakes at once, and none in what is right")
  func several() throws {
    let wrong = SlurmSettings(partition: "", account: "x\n", time: "soon", memory: "much", options: ["--wrap=ls"])
    let errors = try #require(throws: NuTuneErrors.self) { try wrong.check() }
    #expect(errors.errors.map(\.key) == ["partition", "account", "time", "memory", "options"])
    try SlurmSettings().check()
    try SlurmSettings(
      partition: "short,long", account: "neutrino", time: "4:00:00", memory: "2G",
      options: ["--qos=low", "--exclusive=user", "--mem-per-cpu=1G", "--constraint=\"a&b\""]
    ).check()
  }
}
