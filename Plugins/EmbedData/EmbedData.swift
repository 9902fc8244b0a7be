import Foundation
import PackagePlugin

/// Embeds what is shipped (chips, runtimes, models, studies, presets, evidence) in the target that names this
/// plugin.
///
/// Every file is an input of the command, so that the next build sees an edit. New and removed files are
/// seen because the links in `Inputs/` make the data folders part of this plugin's own: SwiftPM asks a plugin
/// again only when the folder of a target changes.
///
/// The text is compiled in, not put into a resource bundle: the executable can be copied anywhere and
/// starts in milliseconds.
@main
struct EmbedData: BuildToolPlugin {
  /// What is embedded: the name of the table, the folder that fills it, and the ending of its files.
  private static let tables = [
    ("chips", "HardwareProfiles", "json"),
    ("runtimes", "HardwareProfiles/runtimes", "json"),
    ("models", "Scenarios/models", "json"),
    ("studies", "Scenarios/studies", "json"),
    ("presets", "Scenarios/presets", "json"),
    ("evidence", "Scenarios/evidence", "csv"),
  ]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let root = context.package.directoryURL
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedData.swift")
    var arguments = [output.path, root.path]
    var inputs: [URL] = []
    for (table, folder, ending) in Self.tables {
      let files = files(in: root.appending(path: folder), ending: ending)
      arguments.append("--\(table)")
      arguments += files.map { "\(folder)/\($0.lastPathComponent)" }
      inputs += files
    }
    return [
      .buildCommand(
        displayName: "Embedding \(inputs.count) data files",
        executable: try context.tool(named: "EmbedDataGenerator").url,
        arguments: arguments, inputFiles: inputs, outputFiles: [output])
    ]
  }

  /// The files of a folder with an ending, by name; none where there is no such folder.
  private func files(in folder: URL, ending: String) -> [URL] {
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder.resolvingSymlinksInPath(), includingPropertiesForKeys: nil,
      options: .skipsHiddenFiles)
    return (files ?? []).filter { $0.pathExtension == ending }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }
}
