import ArgumentParser
import Eaves
import EavesCatalog

/// The options of a configuration: the same on every command.
struct ConfigurationOptions: ParsableArguments {
  @ArgumentParser.Option(help: "\(Eaves.Option.runtime.help)")
  var runtime: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.phase.help)")
  var phase: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.batch.help)")
  var batch: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.context.help)")
  var context: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.prompt.help)")
  var prompt: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.generate.help)")
  var generate: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.weights.help)")
  var weights: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.kv.help)")
  var kv: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.activations.help)")
  var activations: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.attention.help)")
  var attention: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.pattern.help)")
  var pattern: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.schedule.help)")
  var schedule: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.cache.help)")
  var cache: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.sparsity.help)")
  var sparsity: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.decoding.help)")
  var decoding: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.experts.help)")
  var experts: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.devices.help)")
  var devices: String?

  @ArgumentParser.Option(help: "\(Eaves.Option.parallel.help)")
  var parallel: String?

  @ArgumentParser.Option(name: .customLong("power-mode"), help: "\(Eaves.Option.powerMode.help)")
  var powerMode: String?

  /// The options that were given, each as one axis; `--phase both` has two values.
  func axes() throws -> [Axis] {
    let given: [(Eaves.Option, String?)] = [
      (.runtime, runtime), (.phase, phase), (.batch, batch), (.context, context),
      (.prompt, prompt), (.generate, generate), (.weights, weights), (.kv, kv),
      (.activations, activations), (.attention, attention), (.pattern, pattern),
      (.schedule, schedule), (.cache, cache), (.sparsity, sparsity), (.decoding, decoding),
      (.experts, experts), (.devices, devices), (.parallel, parallel), (.powerMode, powerMode),
    ]
    return try given.compactMap { option, text in
      guard let text else { return nil }
      if option == .phase { return try Axis(option, parsing: text) }
      // One value: commas and ranges are for axes.
      return Axis(option, values: [text])
    }
  }
}
