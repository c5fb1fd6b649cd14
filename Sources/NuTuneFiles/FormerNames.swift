/// A value of which older versions wrote some keys under other names. Its seal in their files is that of those names.
package protocol FormerNames {
  /// The former names of its keys and of those below it, by their names of today.
  static var formerNames: [String: String] { get }
}
