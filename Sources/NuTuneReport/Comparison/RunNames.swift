import NuTuneCore

/// Short names of runs that tell them apart.
enum RunNames {
  /// The last component of each path, with as many above it as make all names different.
  static func unique(_ folders: [String]) -> [String] {
    let paths = folders.map { FilePath.components(of: FilePath.absolute($0)) }
    let longest = paths.map(\.count).max() ?? 1
    for length in 1...max(longest, 1) {
      let names = paths.map { $0.suffix(length).joined(separator: "/") }
      if Set(names).count == names.count { return names }
    }
    // The same folder twice.
    return folders.indices.map { "\(paths[$0].last ?? "run")#\($0 + 1)" }
  }
}
