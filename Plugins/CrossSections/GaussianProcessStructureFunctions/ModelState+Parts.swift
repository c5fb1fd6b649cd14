import NuTuneCore

extension ModelState {
  /// The same state with names that begin with a prefix.
  func under(_ prefix: String) -> ModelState {
    ModelState(
      tensors: tensors.map { Tensor(name: prefix + $0.name, shape: $0.shape, elements: $0.elements) },
      card: Dictionary(uniqueKeysWithValues: card.map { (prefix + $0.key, $0.value) }))
  }

  /// The part whose names begin with a prefix, without it.
  func part(_ prefix: String) -> ModelState {
    ModelState(
      tensors: tensors.filter { $0.name.hasPrefix(prefix) }
        .map { Tensor(name: String($0.name.dropFirst(prefix.count)), shape: $0.shape, elements: $0.elements) },
      card: Dictionary(
        uniqueKeysWithValues: card.filter { $0.key.hasPrefix(prefix) }
          .map { (String($0.key.dropFirst(prefix.count)), $0.value) }))
  }
}
