import Foundation

/// Suggests the nearest of some valid names for a mistyped one.
public enum Suggestion {
  /// Returns the name with the smallest edit distance (insert, delete, replace, swap neighbours), if it is near enough:
  /// at most a third of the longer length, and at least one edit is always allowed. Otherwise returns the shortest name
  /// that continues the typed one.
  ///
  /// - Complexity: O(names · length²).
  public static func nearest(to typed: String, among names: some Sequence<String>) -> String? {
    let letters = typed.lowercased().sorted()
    // Among equally near names prefer the one with the same letters: dm2_23 means dm2_32, not dm2_21.
    let ranked = names.filter { $0 != typed }.map { name in
      let isReordered = name.lowercased().sorted() == letters
      return (distance: distance(typed.lowercased(), name.lowercased()), order: isReordered ? 0 : 1, name: name)
    }
    guard let best = ranked.min(by: <) else { return nil }
    if best.distance <= max(1, max(typed.count, best.name.count) / 3) { return best.name }
    return completion(of: typed, among: ranked.map(\.name))
  }

  /// Returns the shortest name that begins with the typed text, if that has at least three letters: `toy` is the start
  /// of `toy-sf`.
  private static func completion(of typed: String, among names: [String]) -> String? {
    guard typed.count >= 3 else { return nil }
    let longer = names.filter { $0.lowercased().hasPrefix(typed.lowercased()) }
    return longer.min { ($0.count, $0) < ($1.count, $1) }
  }

  /// Returns the file with the nearest name in the same folder.
  public static func nearestFile(to path: String) -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: FilePath.folder(of: path))) ?? []
    return nearest(to: FilePath.name(of: path), among: names)
  }

  /// Computes the Damerau–Levenshtein distance (optimal string alignment).
  static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first)
    let b = Array(second)
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    for i in 1...a.count {
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
        }
      }
    }
    return rows[a.count][b.count]
  }
}
