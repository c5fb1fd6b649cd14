/// The value of `--columns`, which may begin with the dash of a column that is left out.
///
/// Taken for an option, `-,low,high,numu` holds an `h`, which asks for help.
enum ColumnsArgument {
  private static let option = "--columns"

  /// Arguments in which such a value is one with its option, `--columns=-,low,high,numu`.
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
