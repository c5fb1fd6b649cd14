/// Keys of results that older versions wrote under other names. Files with these are still read; only the names of today
/// are written.
package enum FormerKey {
  /// The former name of a key, by its name of today.
  package static let names = [
    "nearest_minimum": "compared_fit", "oscillation_at_posterior_mean": "oscillation_frozen",
  ]

  /// Returns the other name of a key, former or of today; nil for a key that was never renamed.
  package static func otherName(of key: String) -> String? {
    names[key] ?? names.first { $0.value == key }?.key
  }
}
