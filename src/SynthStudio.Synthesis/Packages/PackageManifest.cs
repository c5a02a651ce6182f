using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Packages;

/// <summary>What a model package says of itself, as <c>manifest.json</c>.</summary>
public sealed record PackageManifest
{
    /// <summary>Version of the layout; readers refuse higher ones.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>
    /// Whether the manifest's own SHA-256 goes with it, as its comment in the zip: where it says so, a package without one was changed. False in packages older
    /// than it, of which some have none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasChecksum { get; init; }

    /// <summary>The synthesizer that made the model, for example <c>autoregressive</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Schema of the rows the model draws.</summary>
    public required TableSchema Schema { get; init; }

    /// <summary>Origin: training rows, data fingerprint, code version, time, seed, options.</summary>
    public required PackageFacts Facts { get; init; }

    /// <summary>What training measured.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>What is promised about the people in the training data, for people.</summary>
    public required string Privacy { get; init; }

    /// <summary>The same for programs; null in packages older than it, which promise nothing.</summary>
    [JsonPropertyName("privacy_statement")]
    public PrivacyStatement? PrivacyStatement { get; init; }

    /// <summary>Why this method was chosen, in words; null when the user chose it.</summary>
    public string? Choice { get; init; }

    /// <summary>SHA-256 of every other entry of the package, lower-case hexadecimal, by entry name.</summary>
    public required IReadOnlyDictionary<string, string> Entries { get; init; }
}
