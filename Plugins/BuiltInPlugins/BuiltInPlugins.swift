import IdealDetector
import NeuralStructureFunctions
import NoOscillation
import NuTuneCore
import TabulatedFlux
import ThreeFlavorOscillations
import ToyStructureFunctions

/// The plugins that come with NuTune.
public enum BuiltInPlugins {
  /// A registry of all of them.
  public static func registry() throws -> Registry {
    var registry = Registry()
    let plugins: [any Plugin.Type] = [
      ToyStructureFunctions.self, NeuralStructureFunctions.self, TabulatedFluxProvider.self, IdealDetectorModel.self,
      ThreeFlavorModel.self, NoOscillationModel.self,
    ]
    for plugin in plugins { try registry.register(plugin) }
    return registry
  }
}
