import NuTuneCore

/// What a user can tell Slurm about the tasks of a job array.
///
/// ## Configuration keys
///
/// - `partition`: the partition, or several with commas between them; the cluster's own choice otherwise.
/// - `account`: the account that is charged; the user's own otherwise.
/// - `time`: the longest time of one task, see ``isTime(_:)``; that of the partition otherwise.
/// - `memory`: the memory of one task, see ``isMemory(_:)``; that of the cluster otherwise.
/// - `options`: further options of `sbatch`, each as `--name` or `--name=value`.
package struct SlurmSettings: Sendable, Equatable, Codable {
  /// The partition, or several with commas between them.
  package var partition: String?
  /// The account that is charged.
  package var account: String?
  /// The longest time of one task.
  package var time: String?
  /// The memory of one task.
  package var memory: String?
  /// Further options of `sbatch`, each as `--name` or `--name=value`.
  package var options: [String]

  /// Settings; what is not said is the cluster's choice.
  package init(
    partition: String? = nil, account: String? = nil, time: String? = nil, memory: String? = nil,
    options: [String] = []
  ) {
    self.partition = partition
    self.account = account
    self.time = time
    self.memory = memory
    self.options = options
  }

  /// What ``isTime(_:)`` takes, in words.
  package static let timeForms =
    "minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes, days-hours:minutes:seconds or UNLIMITED"
  /// What ``isMemory(_:)`` takes, in words.
  package static let memoryForms =
    "a whole number above 0 with K, M, G or T, for example 2G; without a letter it is in MB"

  /// Whether Slurm reads a text as a time: `90` (minutes), `10:00` (minutes, seconds), `2:30:00`, `1-12`, `1-12:30`,
  /// `1-12:30:00`, `UNLIMITED`.
  package static func isTime(_ text: String) -> Bool {
    if ["unlimited", "infinite"].contains(text.lowercased()) { return true }
    let days = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let clock = days[days.count - 1].split(separator: ":", omittingEmptySubsequences: false)
    let numbers = days.dropLast() + clock
    return clock.count <= 3 && numbers.allSatisfy(isNumber) && numbers.contains { $0.contains { $0 != "0" } }
  }

  /// Whether Slurm reads a text as a size of memory: `500M`, `2G`, `2048` (MB).
  package static func isMemory(_ text: String) -> Bool {
    let digits = text.last.map { "KMGTkmgt".contains($0) } == true ? text.dropLast() : text[...]
    return isNumber(digits) && digits.contains { $0 != "0" }
  }

  /// Digits that no machine's integer is too small for.
  private static func isNumber(_ text: Substring) -> Bool {
    (1...9).contains(text.count) && text.allSatisfy { $0.isASCII && $0.isNumber }
  }

  /// The options that a job array sets itself, or that would make `sbatch` do something else.
  private static let reserved = [
    "array", "error", "input", "job-name", "open-mode", "output", "parsable", "test-only", "wait", "wrap",
  ]
  /// The options that have a key of their own, by that key.
  private static let keys = ["partition": "partition", "account": "account", "time": "time", "mem": "memory"]

  /// Refuses what Slurm would not take, or would take for something else: all mistakes at once.
  package func check() throws {
    var problems = NuTuneErrors()
    for (key, name) in [("partition", partition), ("account", account)] {
      guard let name, name.isEmpty || !name.unicodeScalars.allSatisfy(Self.isPrintable) || name.contains(" ") else {
        continue
      }
      problems.add(
        NuTuneError(.badData, key: key, found: "“\(name)”", expected: "a name without spaces, as the cluster lists it"))
    }
    if let time, !Self.isTime(time) {
      problems.add(NuTuneError(.badData, key: "time", found: "“\(time)”", expected: "a time: \(Self.timeForms)"))
    }
    if let memory, !Self.isMemory(memory) {
      problems.add(NuTuneError(.badData, key: "memory", found: "“\(memory)”", expected: Self.memoryForms))
    }
    for option in options { problems.attempt { try Self.check(option: option) } }
    try problems.throwIfAny()
  }

  private static func check(option: String) throws {
    func refuse(_ expected: String) -> NuTuneError {
      NuTuneError(.badData, key: "options", found: "“\(option)”", expected: expected)
    }
    let name = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)[0].dropFirst(2)
    guard option.hasPrefix("--"), let first = name.first, first.isLetter,
      name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }),
      option.unicodeScalars.allSatisfy(isPrintable)
    else { throw refuse("an option of sbatch as --name or --name=value") }
    // sbatch also takes the beginning of a name.
    if let own = reserved.first(where: { $0.hasPrefix(name) }) { throw refuse("an option other than --\(own)") }
    if let own = keys.keys.first(where: { $0.hasPrefix(name) }), let key = keys[own] {
      throw refuse("the key “\(key)” instead of --\(own)")
    }
  }

  /// Whether a character can stand in a line.
  package static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20 && scalar.value != 0x7f && scalar.value != 0x85 && ![0x2028, 0x2029].contains(scalar.value)
  }
}
