/// Was compiled for another NuTune.
@c(nutune_plugin_abi)
public func pluginABI() -> UnsafePointer<CChar>? { tag.utf8Start.withMemoryRebound(to: CChar.self, capacity: 1) { $0 } }

private let tag: StaticString = "nutune-plugin-abi 0, Clang 1.0"

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) { fatalError("called in spite of its tag") }
