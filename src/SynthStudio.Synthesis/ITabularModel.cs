using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis;

/// <summary>A learned table: draws rows, and goes into and comes out of a model package. Not safe for concurrent use.</summary>
public interface ITabularModel : IDisposable
{
    string Method { get; }

    /// <summary>The schema of the rows it draws.</summary>
    TableSchema Schema { get; }

    /// <summary>What training measured: best validation loss, epochs, steps, device; names in snake_case.</summary>
    IReadOnlyDictionary<string, double> Metrics { get; }

    /// <summary>What it promises about the people in its training data.</summary>
    PrivacyStatement Privacy => PrivacyStatement.None;

    /// <summary>Draws rows in chunks; the same request draws the same rows.</summary>
    /// <exception cref="SynthesisException">A condition names an unknown column, or a value the model cannot produce.</exception>
    IEnumerable<Table> Sample(SampleRequest request, CancellationToken cancellation);

    /// <summary>Writes the model as one package file.</summary>
    void Save(Stream destination, PackageFacts facts);
}
