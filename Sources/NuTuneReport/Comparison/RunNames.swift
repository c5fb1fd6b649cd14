import NuTuneCore

/// Short distinct names of runs.
enum RunNames {
  /// Returns the last component of each path, with as many parents as make all names different.
  static func unique(_ folders: [String]) -> [String] {
    let paths = folders.map { FilePath.components(of: FilePath.absolute($0)) }
    let longest = paths.map(\.count).max() ?? 1
    for length in 1...max(longest, 1) {
      let names = paths.map { $0.suffix(length).joined(separator: "/") }
      if Set(names).count == names.count { return names }
    }
    // A folder occurs twice.
    return folders.indices.map { "\(paths[$0].last ?? "run")#\($0 + 1)" }
  }
}
