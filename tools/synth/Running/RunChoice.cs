using System.IO.Compression;
using System.Text.Json;

namespace SynthStudio.Cli.Running;

/// <summary>What the method <c>auto</c> chose.</summary>
/// <param name="Method">The method that was trained.</param>
/// <param name="Reason">Why, with the time and memory that were expected, in words.</param>
internal sealed record RunChoice(string Method, string Reason)
{
    /// <summary>As the model package's manifest tells; null when the user chose the method.</summary>
    public static RunChoice? Of(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        using var stream = zip.GetEntry("manifest.json")!.Open();
        using var manifest = JsonDocument.Parse(stream);
        return manifest.RootElement.TryGetProperty("Choice", out var reason) && reason.GetString() is { } words
            ? new RunChoice(manifest.RootElement.GetProperty(nameof(Method)).GetString()!, words)
            : null;
    }
}
