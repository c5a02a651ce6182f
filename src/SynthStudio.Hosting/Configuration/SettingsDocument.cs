using System.Text;

namespace SynthStudio.Hosting;

/// <summary>Writes all settings down, from the options classes alone.</summary>
public static class SettingsDocument
{
    /// <summary>A Markdown document with a table for each section.</summary>
    public static string Write()
    {
        var text = new StringBuilder("""
            # Settings

            Made from the options classes by `synth config list --markdown`; a test fails when they differ. A host reads `appsettings.json`, then the environment
            (`SynthStudio__Api__MaxRows=1000`), then the command line (`--SynthStudio:Api:MaxRows=1000`). A setting that does not exist, or a value that is not
            allowed, stops the start with its name; `synth config check` says so beforehand. A *secret* is also taken from a file: `…:SecretKeyFile` names the file
            that holds `…:SecretKey`.

            """.ReplaceLineEndings("\n"));
        foreach (var section in Setting.All.GroupBy(setting => setting.Name[..setting.Name.LastIndexOf(':')]))
        {
            text.Append("\n## ").Append(section.Key).Append("\n\n| setting | default | allowed | meaning |\n|---|---|---|---|\n");
            foreach (var setting in section)
            {
                text.Append("| `").Append(setting.Name[(section.Key.Length + 1)..]).Append("` | ")
                    .Append(setting.Default.Length > 0 ? $"`{setting.Default}`" : "empty").Append(" | ")
                    .Append(setting.IsSecret ? "*secret* " : "").Append(Cell(setting.Allowed)).Append(" | ").Append(Cell(setting.Description)).Append(" |\n");
            }
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
