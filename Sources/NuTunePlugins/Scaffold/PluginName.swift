import NuTuneCore

/// The names of a new plugin: the name of its package and module, `MyModel`, and the resulting name in studies,
/// `my-model`.
package struct PluginName: Sendable, Hashable {
  /// Name of package, module and type.
  package let module: String
  /// Name in studies.
  package let plugin: String

  /// Checks a name for a package; a bad one is an exit-64 error.
  ///
  /// - Parameter taken: names of plugins of this kind, which the new one must not have.
  package init(_ name: String, taken: [String]) throws {
    func refuse(_ found: String, expected: String, suggestion: String? = nil) -> NuTuneError {
      NuTuneError(.usage, key: "name", found: found, expected: expected, suggestion: suggestion)
    }
    let isWord = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    guard let first = name.first, first.isASCII, first.isUppercase, isWord, (2...60).contains(name.count) else {
      throw refuse(
        "“\(name)”",
        expected: "the name of a Swift module: letters and digits, beginning with a capital, as in Superscaling",
        suggestion: Self.module(like: name))
    }
    guard !name.hasPrefix("NuTune"), !Self.reserved.contains(name) else {
      throw refuse("“\(name)”, which Swift or NuTune has", expected: "another name")
    }
    module = name
    plugin = Self.words(of: name).map { $0.lowercased() }.joined(separator: "-")
    guard !taken.contains(plugin) else {
      throw refuse("“\(name)”, a plugin that would be called \(plugin) like a built-in one", expected: "another name")
    }
  }

  /// Returns a text with the names in place of `__MODULE__` and `__PLUGIN__`.
  func filled(into template: String) -> String {
    template.replacing("__MODULE__", with: module).replacing("__PLUGIN__", with: plugin)
  }

  /// Modules with which a plugin links, and words that cannot be the name of a type.
  private static let reserved: Set<String> = [
    "Swift", "Foundation", "Testing", "Glibc", "Any", "Self", "Type", "Protocol",
  ]

  /// Makes a module name of the letters of a mistyped one: `my-model` is MyModel.
  private static func module(like name: String) -> String? {
    let parts = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let joined = parts.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    guard joined != name, joined.count >= 2, joined.first?.isLetter == true else { return nil }
    return joined
  }

  /// Returns the words of a name in capitals: MyRPAModel is My, RPA, Model.
  private static func words(of name: String) -> [String] {
    let letters = Array(name)
    var words: [String] = []
    for (index, letter) in letters.enumerated() {
      let follows = index > 0 && (letters[index - 1].isLowercase || letters[index - 1].isNumber)
      let begins = index > 0 && index + 1 < letters.count && letters[index + 1].isLowercase
      if letter.isUppercase, follows || begins || index == 0 {
        words.append(String(letter))
      } else {
        words[words.count - 1].append(letter)
      }
    }
    return words
  }
}
