using System.Text.Json;

namespace SynthStudio.Cli.Running;

/// <summary>What <c>run.json</c> says about a run. Times in seconds, memory in bytes.</summary>
internal sealed record RunRecord
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string Version { get; init; }

    /// <summary>The training table's file name.</summary>
    public required string Data { get; init; }

    /// <summary>Rows of the training table.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that were learned: fewer when the table is too large for memory and the method cannot stream.</summary>
    public required long RowsLearned { get; init; }

    public required int Columns { get; init; }

    public required long SyntheticRows { get; init; }

    public required string Method { get; init; }

    /// <summary>What the method <c>auto</c> chose and why; null when the user chose the method.</summary>
    public required RunChoice? Chosen { get; init; }

    public required long Seed { get; init; }

    /// <summary>cpu or cuda.</summary>
    public required string Device { get; init; }

    public required RunSeconds Seconds { get; init; }

    public required RunMemory PeakMemoryBytes { get; init; }

    public required double? Epochs { get; init; }

    /// <summary>In nats a row; lower is better.</summary>
    public required double? BestValidationLoss { get; init; }

    /// <summary>How declared rules fared; null when there are none.</summary>
    public required RunConstraints? Constraints { get; init; }

    /// <summary>What the model promises; null without differential privacy.</summary>
    public required RunPrivacy? Privacy { get; init; }

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Json) + "\n");
}

/// <summary>Wall-clock seconds of a run as its user waited for them.</summary>
/// <param name="Ingest">Upload and profile of the training table.</param>
/// <param name="Train">From the request to train to the model package.</param>
/// <param name="Generate">From the request for rows to the last one on disk.</param>
/// <param name="Evaluate">From the request to score to the report.</param>
/// <param name="Total">From the start of the program to now.</param>
internal sealed record RunSeconds(double Ingest, double Train, double Generate, double Evaluate, double Total);

/// <summary>Highest resident memory.</summary>
/// <param name="Worker">Of the training's worker process; null when the server does not say.</param>
/// <param name="Host">Of this process, which hosts the service; null with a remote server.</param>
internal sealed record RunMemory(long? Worker, long? Host);
