import Foundation
import NuTuneCore
import NuTuneFiles

/// A new plugin package: one small working model, its entry, and a test that runs the conformance suite.
package struct PluginScaffold: Sendable {
  /// Kind of the plugin.
  package let kind: PluginKind
  /// Names of the plugin.
  package let name: PluginName
  private let nutune: NuTuneDependency

  /// Creates the description of a package.
  package init(kind: PluginKind, name: PluginName, nutune: NuTuneDependency) {
    self.kind = kind
    self.name = name
    self.nutune = nutune
  }

  /// Writes the package into a new folder, completely or not at all; an existing folder is an exit-73 error.
  package func write(to folder: String) throws {
    guard !FileManager.default.fileExists(atPath: folder) else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: folder), found: "something that is there already",
        expected: "a folder that does not exist (--out)")
    }
    let temporary = "\(folder).tmp-\(getpid())"
    do {
      for (path, text) in files {
        let file = FilePath.join(temporary, path)
        try AtomicFile.makeFolder(FilePath.folder(of: file))
        try AtomicFile.write(text, to: file)
      }
      guard rename(temporary, folder) == 0 else {
        throw NuTuneError(
          .cannotWrite, at: SourceLocation(file: folder), found: "rename failed (\(String(cString: strerror(errno))))",
          expected: "a writable folder")
      }
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw error
    }
  }

  /// The files by path.
  var files: [String: String] {
    let template: any PluginTemplate.Type =
      switch kind {
      case .crossSection: CrossSectionTemplate.self
      case .flux: FluxTemplate.self
      case .detector: DetectorTemplate.self
      case .oscillation: OscillationTemplate.self
      }
    let module = name.module
    return [
      "Package.swift": manifest,
      ".gitignore": ".build\nPackage.resolved\n",
      "README.md": readme(template),
      "Sources/\(module)/\(module).swift": template.source(name),
      "Sources/\(module)/Plugin.swift": entry,
      "Tests/\(module)Tests/\(module)Tests.swift": test(template),
    ]
  }

  private var manifest: String {
    """
    // swift-tools-version: 6.3
    import PackageDescription

    let package = Package(
      name: "\(name.module)",
      products: [
        // What nutune loads: lib\(name.module).so.
        .library(name: "\(name.module)", type: .dynamic, targets: ["\(name.module)"])
      ],
      dependencies: [
        \(nutune.declaration)
      ],
      targets: [
        // NuTuneCore is a dynamic library, so that the plugin has no core of its own: nutune's is used.
        .target(
          name: "\(name.module)", dependencies: [.product(name: "NuTuneCore", package: "\(nutune.package)")]),
        .testTarget(
          name: "\(name.module)Tests",
          dependencies: ["\(name.module)", .product(name: "NuTuneTesting", package: "\(nutune.package)")]),
      ],
      swiftLanguageModes: [.v6]
    )

    """
  }

  private var entry: String {
    """
    import NuTuneCore
    import NuTunePluginABI

    /// What this library was compiled for; nutune refuses it when that is not what nutune was.
    @c(nutune_plugin_abi)
    package func pluginABI() -> UnsafePointer<CChar> { nutune_abi_tag() }

    /// Says which plugins this library has; add more types here.
    @c(nutune_plugin_register)
    package func registerPlugins(_ host: UnsafeMutableRawPointer) {
      PluginRegistrar.at(host).add(\(name.module).self)
    }

    """
  }

  private func test(_ template: any PluginTemplate.Type) -> String {
    """
    import NuTuneCore
    import NuTuneTesting
    import Testing

    @testable import \(name.module)

    @Suite("\(name.plugin)")
    struct \(name.module)Tests {
      @Test("keeps the promises of its protocol")
      func conforms() {
        let report = Conformance.report(on: \(name.module).self)
        #expect(report.conforms, "\\(report)")
      }

    \(template.test(name))
    }

    """
  }

  private func readme(_ template: any PluginTemplate.Type) -> String {
    """
    # \(name.module)

    A \(kind.rawValue) plugin for NuTune, called `\(name.plugin)` in studies. \(template.summary)

    ```sh
    swift test                          # its own tests, the conformance suite among them
    swift build -c release              # makes .build/release/lib\(name.module).so
    nutune plugin check .               # the suite on the library as nutune loads it
    nutune show \(name.plugin) --plugin .
    ```

    It is built with the Swift compiler (6.3 or newer) and the NuTune that `nutune` was built with; after either changes,
    build it again. Any verb of nutune takes `--plugin PATH`; \(template.use(name))

    A library that is moved needs `libNuTuneCore.so` from the same folder beside it. A plugin runs with the rights of
    whoever runs nutune: load only what you trust.

    """
  }
}
