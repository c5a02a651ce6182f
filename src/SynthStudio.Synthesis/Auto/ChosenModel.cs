using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Auto;

/// <summary>The chosen method's model; its package says why the method was chosen.</summary>
/// <param name="inner">The model.</param>
/// <param name="choice">Why this method, and what it was expected to cost.</param>
internal sealed class ChosenModel(ITabularModel inner, MethodChoice choice) : ITabularModel
{
    /// <summary>The model itself.</summary>
    public ITabularModel Inner => inner;

    public string Method => inner.Method;

    public TableSchema Schema => inner.Schema;

    public IReadOnlyDictionary<string, double> Metrics { get; } = new Dictionary<string, double>(inner.Metrics)
    {
        ["estimated_seconds"] = choice.Cost.Time.TotalSeconds,
        ["estimated_memory_bytes"] = choice.Cost.MemoryBytes,
    };

    public PrivacyStatement Privacy => inner.Privacy;

    public IEnumerable<Table> Sample(SampleRequest request, CancellationToken cancellation) => inner.Sample(request, cancellation);

    public void Save(Stream destination, PackageFacts facts)
    {
        using var buffer = new MemoryStream();
        inner.Save(buffer, facts);
        buffer.Position = 0;
        var package = ModelPackage.Open(buffer);
        var entries = package.Manifest.Entries.Keys.ToDictionary(name => name, name => package[name]);
        ModelPackage.Write(destination, Method, Schema, facts, Metrics, entries, Privacy, choice.Reason);
    }

    public void Dispose() => inner.Dispose();
}
