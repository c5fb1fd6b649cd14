/// The value of `--columns`, which may begin with a dash for a column that is left out.
///
/// As an option, `-,low,high,numu` would contain an `h`, which asks for help.
enum ColumnsArgument {
  private static let option = "--columns"

  /// Joins such a value with its option, `--columns=-,low,high,numu`.
  static func joined(_ arguments: [String]) -> [String] {
    arguments.reduce(into: []) { joined, argument in
      if joined.last == option, argument == "-" || argument.hasPrefix("-,") {
        joined[joined.count - 1] = "\(option)=\(argument)"
      } else {
        joined.append(argument)
      }
    }
  }
}
